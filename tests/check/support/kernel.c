/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "kernel.h"

#include "spectra.h"

#include <glib.h>
#include <math.h>

struct KernelSpectra {
  ReassignSpectra s;
};

static void
measure_window (Kernel *k, const double *h)
{
  double square = 0, spread = 0;

  for (size_t i = 0; i < k->n; i++) {
    double tau = (double) i - (double) (k->n / 2);

    k->sum += h[i];
    square += h[i] * h[i];
    spread += tau * tau * h[i] * h[i];
  }
  k->sigma = sqrt (2 * spread / square);
}

Kernel *
kernel_new (
    const ReassignWindow *window, double parameter, size_t n, size_t fft_size)
{
  const unsigned all = (1u << REASSIGN_N_TAPS) - 1;
  Kernel *k = g_new0 (Kernel, 1);
  double *h = g_new0 (double, n);

  k->window = window;
  k->n = n;
  k->fft_size = fft_size;
  k->n_bins = fft_size / 2 + 1;
  if (parameter == 0)
    parameter = window->parameter;
  g_assert_true (window->generate (h, n, parameter));
  measure_window (k, h);
  k->spectra = g_new0 (struct KernelSpectra, 1);
  g_assert_true (
      reassign_spectra_init (&k->spectra->s,
          reassign_kernel (REASSIGN_PRECISION_DOUBLE, 0), h, n, fft_size, all,
          false));
  k->before = k->spectra->s.before;
  k->after = k->spectra->s.after;
  for (int g = 0; g < REASSIGN_N_TAPS; g++)
    k->x[g] = g_new0 (double complex, k->n_bins);
  g_free (h);
  return k;
}

void
kernel_free (Kernel *k)
{
  for (int g = 0; g < REASSIGN_N_TAPS; g++)
    g_free (k->x[g]);
  reassign_spectra_clear (&k->spectra->s);
  g_free (k->spectra);
  g_free (k);
}

/* Adds `unit` times the spectra of a real signal. */
static void
add_spectra (Kernel *k, const double *x, double complex unit)
{
  reassign_spectra_run (&k->spectra->s, x, NULL);
  for (int g = 0; g < REASSIGN_N_TAPS; g++) {
    const double *s = k->spectra->s.spectrum[0][g];

    for (size_t i = 0; i < k->n_bins; i++)
      k->x[g][i] += unit * (s[2 * i] + I * s[2 * i + 1]);
  }
}

void
kernel_run (Kernel *k, KernelSignal signal, const void *data)
{
  size_t length = k->before + k->after;
  double *re = g_new (double, length), *im = g_new (double, length);

  for (size_t i = 0; i < length; i++) {
    double complex v = signal ((double) i - (double) k->before, data);

    re[i] = creal (v);
    im[i] = cimag (v);
  }
  for (int g = 0; g < REASSIGN_N_TAPS; g++)
    for (size_t i = 0; i < k->n_bins; i++)
      k->x[g][i] = 0;
  add_spectra (k, re, 1);
  add_spectra (k, im, I);
  k->peak = 0;
  for (size_t i = 0; i < k->n_bins; i++)
    k->peak = fmax (k->peak, cabs (k->x[REASSIGN_TAP_H][i]));
  g_free (re);
  g_free (im);
}

bool
kernel_is_loud (const Kernel *k, size_t bin, double db)
{
  return cabs (k->x[REASSIGN_TAP_H][bin]) > k->peak * pow (10, -db / 20);
}

/* X_g / X */
static double complex
ratio (const Kernel *k, ReassignTap g, size_t bin)
{
  return k->x[g][bin] / k->x[REASSIGN_TAP_H][bin];
}

double
kernel_bin_frequency (const Kernel *k, size_t bin)
{
  return 2 * M_PI * (double) bin / (double) k->fft_size;
}

double
kernel_time (const Kernel *k, size_t bin)
{
  return creal (ratio (k, REASSIGN_TAP_TH, bin));
}

double
kernel_frequency (const Kernel *k, size_t bin)
{
  return kernel_bin_frequency (k, bin) -
         cimag (ratio (k, REASSIGN_TAP_DH, bin));
}

double
kernel_mixed (const Kernel *k, size_t bin)
{
  return 1 + creal (ratio (k, REASSIGN_TAP_TDH, bin) -
                    ratio (k, REASSIGN_TAP_TH, bin) *
                        ratio (k, REASSIGN_TAP_DH, bin));
}

/* M (1 - M) - A B, of J = d (t_hat, w_hat) / d (t, w) */
double
kernel_rank_defect (const Kernel *k, size_t bin)
{
  double complex t = ratio (k, REASSIGN_TAP_TH, bin);
  double complex d = ratio (k, REASSIGN_TAP_DH, bin);
  double m = kernel_mixed (k, bin);
  double a = cimag (ratio (k, REASSIGN_TAP_T2H, bin) - t * t);
  double b = cimag (ratio (k, REASSIGN_TAP_D2H, bin) - d * d);

  return m * (1 - m) - a * b;
}

/* a2 = (T D - X (X + TD)) / (X T2 - T^2), rate = Im a2 */
double
kernel_chirp_rate (const Kernel *k, size_t bin)
{
  double complex x = k->x[REASSIGN_TAP_H][bin], t = k->x[REASSIGN_TAP_TH][bin];
  double complex d = k->x[REASSIGN_TAP_DH][bin];
  double complex td = k->x[REASSIGN_TAP_TDH][bin];
  double complex t2 = k->x[REASSIGN_TAP_T2H][bin];

  return cimag ((t * d - x * (x + td)) / (x * t2 - t * t));
}

double
kernel_phase (const Kernel *k, size_t bin)
{
  double middle =
      (kernel_bin_frequency (k, bin) + kernel_frequency (k, bin)) / 2;

  return carg (k->x[REASSIGN_TAP_H][bin]) + middle * kernel_time (k, bin);
}

double complex
kernel_chirp (double tau, const void *chirp)
{
  const KernelChirp *c = chirp;

  return c->a *
         cexp (I * (c->phase + c->frequency * tau + c->rate * tau * tau / 2));
}

double complex
kernel_impulse (double tau, const void *offset)
{
  return tau == *(const int *) offset ? 1 : 0;
}
