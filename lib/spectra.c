/* SPDX-License-Identifier: GPL-2.0-or-later */

/* X_g (w_k) = sum over tau of x[c + tau] g[tau] exp (-j w_k tau), for each
 * wanted g.  tau = 0 is put at the transform's first place and negative tau at
 * its end, so phases refer to the frame's centre c without any multiplication.
 * Taps that reach beyond the transform's size are added in modulo that size,
 * which is exact at every bin.
 *
 * In double precision these are real transforms.  In single precision a complex
 * one costs less than two real ones, and so two real signals go into it: a
 * frame by two taps or, where their number is odd, two frames by the last one.
 * The taps are divided by their norms then, since each signal gets the other's
 * rounding errors. */

#include "spectra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
is_packed (const ReassignSpectra *s)
{
  return s->kernel->real == sizeof (float) && !s->analytic;
}

static bool
is_complex (const ReassignSpectra *s)
{
  return s->kernel->real == sizeof (float) || s->analytic;
}

/* One of `wanted` in each. */
static void
pack_singly (ReassignSpectra *s, unsigned wanted)
{
  for (int g = 0; g < REASSIGN_N_TAPS; g++)
    if (wanted >> g & 1)
      s->packs[s->n_packs++] =
          (ReassignPack){ { 0, 1 }, { (ReassignTap) g, (ReassignTap) g } };
}

static void
pack_doubly (ReassignSpectra *s, unsigned wanted)
{
  int held = -1;

  for (int g = 0; g < REASSIGN_N_TAPS; g++) {
    ReassignTap pair[2] = { (ReassignTap) held, (ReassignTap) g };

    if (!(wanted >> g & 1))
      continue;
    if (held < 0) {
      held = g;
      continue;
    }
    for (int frame = 0; frame < 2; frame++)
      s->packs[s->n_packs++] =
          (ReassignPack){ { frame, frame }, { pair[0], pair[1] } };
    held = -1;
  }
  if (held >= 0)
    s->packs[s->n_packs++] =
        (ReassignPack){ { 0, 1 }, { (ReassignTap) held, (ReassignTap) held } };
}

static double
norm (const double *x, size_t n)
{
  double square = 0;

  for (size_t i = 0; i < n; i++)
    square += x[i] * x[i];
  return sqrt (square);
}

static bool
make_taps (ReassignSpectra *s, const double *h, size_t window_size, int g)
{
  size_t n = s->before + s->after;
  double *exact = reassign_fft_alloc (n, sizeof *exact);

  s->taps[g] = reassign_fft_alloc (n, s->kernel->real);
  if (exact != NULL && s->taps[g] != NULL) {
    reassign_taps (exact, (ReassignTap) g, h, window_size);
    s->unit[g] = s->kernel->real == sizeof (float) ? norm (exact, n) : 1;
    s->kernel->scale (
        s->taps[g], exact, (is_complex (s) ? 0.5 : 1) / s->unit[g], n);
  }
  reassign_fft_dealloc (exact);
  return exact != NULL && s->taps[g] != NULL;
}

/* Bins, each of two values, that a spectrum has room for: an analytic signal's
 * are all written. */
static size_t
spectrum_room (const ReassignSpectra *s)
{
  return s->analytic ? s->fft_size + REASSIGN_BLOCK
                     : reassign_padded (s->n_bins);
}

bool
reassign_spectra_init (ReassignSpectra *s, const ReassignKernel *kernel,
    const double *h, size_t window_size, size_t fft_size, unsigned wanted,
    bool analytic)
{
  size_t value = 2 * kernel->real;

  memset (s, 0, sizeof *s);
  s->kernel = kernel;
  s->before = window_size / 2 + REASSIGN_OVERHANG;
  s->after = window_size - window_size / 2 + REASSIGN_OVERHANG;
  s->fft_size = fft_size;
  s->n_bins = fft_size / 2 + 1;
  s->analytic = analytic;
  s->n_frames = is_packed (s) ? 2 : 1;
  s->place = is_complex (s) ? value : kernel->real;
  if (is_packed (s))
    pack_doubly (s, wanted);
  else
    pack_singly (s, wanted);

  for (int g = 0; g < REASSIGN_N_TAPS; g++) {
    if (!(wanted >> g & 1))
      continue;
    if (!make_taps (s, h, window_size, g))
      return false;
    for (size_t frame = 0; frame < s->n_frames; frame++) {
      s->spectrum[frame][g] = reassign_fft_alloc (spectrum_room (s), value);
      if (s->spectrum[frame][g] == NULL)
        return false;
    }
  }
  for (size_t i = 0; i < s->n_packs; i++) {
    s->products[i] = reassign_fft_alloc (fft_size, value);
    if (s->products[i] == NULL)
      return false;
  }
  s->transformed = reassign_fft_alloc (fft_size + 1, value);
  s->silence = reassign_fft_alloc (s->before + s->after, sizeof *s->silence);
  s->fft = reassign_fft_new (!is_complex (s) ? REASSIGN_FFT_REAL
                             : kernel->real == sizeof (float)
                                 ? REASSIGN_FFT_COMPLEX_SINGLE
                                 : REASSIGN_FFT_COMPLEX,
      fft_size);
  return s->transformed != NULL && s->silence != NULL && s->fft != NULL;
}

void
reassign_spectra_clear (ReassignSpectra *s)
{
  for (int g = 0; g < REASSIGN_N_TAPS; g++) {
    reassign_fft_dealloc (s->taps[g]);
    reassign_fft_dealloc (s->spectrum[0][g]);
    reassign_fft_dealloc (s->spectrum[1][g]);
    reassign_fft_dealloc (s->products[g]);
  }
  reassign_fft_dealloc (s->transformed);
  reassign_fft_dealloc (s->silence);
  reassign_fft_free (s->fft);
  memset (s, 0, sizeof *s);
}

/* n taps from `from` on, to the products' places from `to` on. */
static void
multiply (const ReassignSpectra *s, const double *const *x, size_t from,
    size_t to, size_t n)
{
  size_t real = s->kernel->real;
  void *products[REASSIGN_N_TAPS];
  const void *taps[REASSIGN_N_TAPS];

  for (size_t i = 0; i < s->n_packs; i++) {
    const ReassignPack *p = &s->packs[i];

    products[i] = (char *) s->products[i] + to * s->place;
    taps[i] = (char *) s->taps[p->tap[0]] + from * real;
    if (is_complex (s))
      s->kernel->multiply_pair (products[i], x[p->source[0]] + from, taps[i],
          x[p->source[1]] + from, (char *) s->taps[p->tap[1]] + from * real, n);
  }
  if (!is_complex (s))
    s->kernel->multiply (products, x[0] + from, taps, s->n_packs, n);
}

static void
multiply_all (const ReassignSpectra *s, const double *const *x)
{
  size_t n = s->before + s->after;
  size_t folded = n > s->fft_size ? n - s->fft_size : 0;
  size_t tail = s->fft_size - s->before, bytes = folded * s->place;
  double twice[REASSIGN_N_TAPS][4 * REASSIGN_OVERHANG];

  if (folded > 0)
    multiply (s, x, 0, tail, folded);
  for (size_t i = 0; i < s->n_packs; i++)
    memcpy (twice[i], (char *) s->products[i] + tail * s->place, bytes);
  multiply (s, x, s->before, 0, s->after);
  for (size_t i = 0; i < s->n_packs; i++)
    s->kernel->add ((char *) s->products[i] + tail * s->place, twice[i],
        bytes / s->kernel->real);
  multiply (s, x, folded, tail + folded, s->before - folded);
}

static void
transform (const ReassignSpectra *s, const ReassignPack *p, void *products)
{
  void *first = s->spectrum[s->n_frames == 2 ? p->source[0] : 0][p->tap[0]];

  if (s->n_frames == 1) {
    reassign_fft_run (s->fft, products, first);
    if (s->analytic) /* bins that points know nothing of */
      memset ((char *) first + s->n_bins * 2 * s->kernel->real, 0,
          (reassign_padded (s->n_bins) - s->n_bins) * 2 * s->kernel->real);
    return;
  }
  reassign_fft_run (s->fft, products, s->transformed);
  memcpy ((char *) s->transformed + s->fft_size * s->place, s->transformed,
      s->place);
  s->kernel->unpack (
      first, s->spectrum[p->source[1]][p->tap[1]], s->transformed, s->fft_size);
}

void
reassign_spectra_run (
    ReassignSpectra *s, const double *first, const double *second)
{
  const double *x[2] = { first != NULL ? first : s->silence,
    second != NULL ? second : s->silence };

  multiply_all (s, x);
  for (size_t i = 0; i < s->n_packs; i++)
    transform (s, &s->packs[i], s->products[i]);
}
