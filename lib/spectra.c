/* SPDX-License-Identifier: GPL-2.0-or-later */

/* X_g (w_k) = sum over tau of x[c + tau] g[tau] exp (-j w_k tau), for each
 * wanted g.  tau = 0 is put at the transform's first place and negative tau at
 * its end, so phases refer to the frame's centre c without any multiplication.
 * Taps that reach beyond the transform's size are added in modulo that size,
 * which is exact at every bin. */

#include "spectra.h"

#include <stdlib.h>
#include <string.h>

bool
reassign_spectra_init (ReassignSpectra *s, const double *h, size_t window_size,
    size_t fft_size, unsigned wanted, bool analytic)
{
  memset (s, 0, sizeof *s);
  s->before = window_size / 2 + REASSIGN_OVERHANG;
  s->after = window_size - window_size / 2 + REASSIGN_OVERHANG;
  s->fft_size = fft_size;
  s->n_bins = fft_size / 2 + 1;
  s->wanted = wanted;

  for (int g = 0; g < REASSIGN_N_TAPS; g++) {
    if (!(wanted >> g & 1))
      continue;
    s->taps[g] = reassign_fft_alloc (s->before + s->after);
    s->spectrum[g] = reassign_fft_alloc (2 * s->n_bins);
    if (s->taps[g] == NULL || s->spectrum[g] == NULL)
      return false;
    reassign_taps (s->taps[g], (ReassignTap) g, h, window_size);
  }
  s->products = reassign_fft_alloc (fft_size);
  if (analytic)
    s->imaginary = reassign_fft_alloc (2 * s->n_bins);
  s->fft = reassign_fft_new (fft_size);
  return s->products != NULL && s->fft != NULL &&
         (s->imaginary != NULL || !analytic);
}

void
reassign_spectra_clear (ReassignSpectra *s)
{
  for (int g = 0; g < REASSIGN_N_TAPS; g++) {
    reassign_fft_dealloc (s->taps[g]);
    reassign_fft_dealloc (s->spectrum[g]);
  }
  reassign_fft_dealloc (s->products);
  reassign_fft_dealloc (s->imaginary);
  reassign_fft_free (s->fft);
  memset (s, 0, sizeof *s);
}

static void
multiply (double *restrict to, const double *restrict x,
    const double *restrict taps, size_t n)
{
  for (size_t i = 0; i < n; i++)
    to[i] = x[i] * taps[i];
}

static void
multiply_add (double *restrict to, const double *restrict x,
    const double *restrict taps, size_t n)
{
  for (size_t i = 0; i < n; i++)
    to[i] += x[i] * taps[i];
}

static void
transform (
    ReassignSpectra *s, const double *x, const double *taps, double *spectrum)
{
  size_t n = s->before + s->after;
  size_t folded = n > s->fft_size ? n - s->fft_size : 0;
  double *tail = s->products + s->fft_size - s->before;

  multiply (s->products, x + s->before, taps + s->before, s->after);
  multiply_add (tail, x, taps, folded);
  multiply (tail + folded, x + folded, taps + folded, s->before - folded);
  reassign_fft_run (s->fft, s->products, spectrum);
}

/* (re + j im) / 2, for two spectra of real signals */
static void
combine (double *restrict re, const double *restrict im, size_t n_bins)
{
  for (size_t k = 0; k < n_bins; k++) {
    re[2 * k] = (re[2 * k] - im[2 * k + 1]) / 2;
    re[2 * k + 1] = (re[2 * k + 1] + im[2 * k]) / 2;
  }
}

void
reassign_spectra_run (
    ReassignSpectra *s, const double *x, const double *quadrature)
{
  for (int g = 0; g < REASSIGN_N_TAPS; g++) {
    if (s->taps[g] == NULL)
      continue;
    transform (s, x, s->taps[g], s->spectrum[g]);
    if (quadrature != NULL) {
      transform (s, quadrature, s->taps[g], s->imaginary);
      combine (s->spectrum[g], s->imaginary, s->n_bins);
    }
  }
}
