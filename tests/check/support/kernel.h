/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The kernel's first stage on complex signals: the spectra of the real part
 * plus j times those of the imaginary part are, as the transform is linear,
 * those of the signal, without the negative image of a real one.  The ratios
 * are formed here, in double and independently of lib/points.c. */

#ifndef TFR_TEST_KERNEL_H
#define TFR_TEST_KERNEL_H

#include "reassign.h"
#include "taps.h"

#include <complex.h>

typedef struct {
  const ReassignWindow *window;
  size_t n, fft_size, n_bins;
  double sigma, sum; /* as in ReassignShape */
  size_t before, after;
  struct KernelSpectra *spectra;
  double complex *x[REASSIGN_N_TAPS]; /* [n_bins] */
  double peak;                        /* the largest |X| */
} Kernel;

/* A signal around a frame's centre: its value `tau` samples from there. */
typedef double complex (*KernelSignal) (double tau, const void *data);

/* Parameter 0: the family's default. */
Kernel *kernel_new (
    const ReassignWindow *window, double parameter, size_t n, size_t fft_size);
void kernel_free (Kernel *k);

void kernel_run (Kernel *k, KernelSignal signal, const void *data);

/* Of a bin, after a run: whether it is within so many dB of the peak, and its
 * point: time in samples from the centre, frequency in rad per sample, the
 * mixed derivative, det J, the chirp rate in rad per sample^2, the phase. */
bool kernel_is_loud (const Kernel *k, size_t bin, double db);
double kernel_bin_frequency (const Kernel *k, size_t bin);
double kernel_time (const Kernel *k, size_t bin);
double kernel_frequency (const Kernel *k, size_t bin);
double kernel_mixed (const Kernel *k, size_t bin);
double kernel_rank_defect (const Kernel *k, size_t bin);
double kernel_chirp_rate (const Kernel *k, size_t bin);
double kernel_phase (const Kernel *k, size_t bin);

/* a exp (j (phase + frequency tau + rate tau^2 / 2)) */
typedef struct {
  double a, phase, frequency, rate;
} KernelChirp;

double complex kernel_chirp (double tau, const void *chirp);

/* Of unit height, at the offset that the int points to. */
double complex kernel_impulse (double tau, const void *offset);

#endif
