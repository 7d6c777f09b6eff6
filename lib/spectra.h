/* SPDX-License-Identifier: GPL-2.0-or-later */

/* First stage of the kernel: frames of samples to their short-time spectra. */

#ifndef REASSIGN_SPECTRA_H
#define REASSIGN_SPECTRA_H

#include "fft.h"
#include "kernel.h"

/* The two real signals in one complex transform: a source of samples by some
 * taps each. */
typedef struct {
  int source[2];
  ReassignTap tap[2];
} ReassignPack;

typedef struct {
  const ReassignKernel *kernel;
  size_t before, after; /* taps before the centre, and from the centre on */
  size_t fft_size, n_bins;
  bool analytic;
  size_t n_frames; /* that are transformed together: 1 or 2 */

  void *taps[REASSIGN_N_TAPS];        /* [before + after]; NULL: not wanted */
  double unit[REASSIGN_N_TAPS];       /* what taps were divided by */
  void *spectrum[2][REASSIGN_N_TAPS]; /* [2 * padded n_bins], of each frame */

  ReassignPack packs[REASSIGN_N_TAPS];
  size_t n_packs;
  void *products[REASSIGN_N_TAPS]; /* [n_packs], inputs of the transforms */
  size_t place;                    /* bytes of one value there */
  void *transformed;               /* [2 * (fft_size + 1)], of packed ones */
  double *silence;                 /* [before + after], for a missing frame */
  ReassignFft *fft;
} ReassignSpectra;

/* From the window h[window_size]; wanted: bits 1 << ReassignTap.  False when
 * memory runs out; _clear is due either way. */
bool reassign_spectra_init (ReassignSpectra *s, const ReassignKernel *kernel,
    const double *h, size_t window_size, size_t fft_size, unsigned wanted,
    bool analytic);
void reassign_spectra_clear (ReassignSpectra *s);

/* Transforms x[before + after].  Phases refer to the centre, x[before].
 *
 * For an analytic signal `second` is the quadrature of the same samples, and
 * the spectra are half of those of both, as large as those of x.  Where
 * n_frames is 2 it is another frame; either may be NULL.  Else it is ignored.
 */
void reassign_spectra_run (
    ReassignSpectra *s, const double *first, const double *second);

#endif
