/* SPDX-License-Identifier: GPL-2.0-or-later */

/* First stage of the kernel: one frame of samples to its short-time spectra. */

#ifndef REASSIGN_SPECTRA_H
#define REASSIGN_SPECTRA_H

#include "fft.h"
#include "taps.h"

typedef struct {
  size_t before, after; /* taps before the centre, and from the centre on */
  size_t fft_size, n_bins;
  unsigned wanted; /* bits 1 << ReassignTap */

  double *taps[REASSIGN_N_TAPS];     /* [before + after] */
  double *spectrum[REASSIGN_N_TAPS]; /* [2 * n_bins], re and im in turn */
  double *products;                  /* [fft_size], input of the transform */
  double *imaginary; /* [2 * n_bins], spectrum of the quadrature, or NULL */
  ReassignFft *fft;
} ReassignSpectra;

/* From the window h[window_size].  False when memory runs out; _clear is due
 * either way. */
bool reassign_spectra_init (ReassignSpectra *s, const double *h,
    size_t window_size, size_t fft_size, unsigned wanted, bool analytic);
void reassign_spectra_clear (ReassignSpectra *s);

/* Transforms x[before + after].  Phases refer to the centre, x[before].  With
 * the quadrature of the same samples (else NULL): half the spectra of the
 * analytic signal, which are as large as those of x. */
void reassign_spectra_run (
    ReassignSpectra *s, const double *x, const double *quadrature);

#endif
