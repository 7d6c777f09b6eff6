/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The loops in which a frame's time is spent, compiled for several targets and
 * for both precisions from one source, kernel.c. */

#ifndef REASSIGN_KERNEL_H
#define REASSIGN_KERNEL_H

#include "reassign.h"
#include "taps.h"

/* Arrays of bins are this much longer than needed, rounded up: kernels work on
 * whole blocks.  What lies beyond n_bins is 0 in spectra. */
#define REASSIGN_BLOCK 16

static inline size_t
reassign_padded (size_t n_bins)
{
  return (n_bins + REASSIGN_BLOCK - 1) / REASSIGN_BLOCK * REASSIGN_BLOCK;
}

/* What is known of a sample, or of all samples of a frame together. */
typedef enum {
  REASSIGN_MARK_SOUND = 1,     /* was not pushed as known silence */
  REASSIGN_MARK_NONZERO = 2,   /* is not 0 */
  REASSIGN_MARK_NON_FINITE = 4 /* was NaN or infinite, is 0 now */
} ReassignMark;

/* Each bin is tested in this order until it fails. */
typedef enum {
  REASSIGN_STAGE_ALL,
  REASSIGN_STAGE_LOUD,     /* above the floor */
  REASSIGN_STAGE_TIMELY,   /* time shift within its limit */
  REASSIGN_STAGE_NEAR,     /* frequency shift within its limit */
  REASSIGN_STAGE_INSIDE,   /* frequency in [0, rate / 2] */
  REASSIGN_STAGE_ACCEPTED, /* what the consensus asks for: these are points */
  REASSIGN_N_STAGES
} ReassignStage;

/* Bins that came so far, and the sum of their powers. */
typedef struct {
  uint64_t n[REASSIGN_N_STAGES];
  double power[REASSIGN_N_STAGES];
} ReassignSieve;

/* What the bins of a frame become and by which limits. */
typedef struct {
  size_t n_bins;
  double rate;                  /* Hz */
  const double *bin_hz;         /* [padded n_bins] */
  double unit[REASSIGN_N_TAPS]; /* of X_g in units of X: 1, or in single
                                   precision what its taps were divided by */
  double magnitude_scale;       /* of |X| */
  double max_time_shift;        /* samples */
  double max_frequency_shift;   /* Hz */
  double floor_power;           /* |X|^2 must be above it */
  double centre;                /* of the frame, samples */
  bool keep_time, keep_frequency;
  unsigned fields;
  ReassignConsensus consensus;
  double tone_tolerance, click_tolerance;

  /* All bins, for neighbours' votes; NULL where nobody votes. */
  double *power;
  double *dt, *df; /* full corrections, samples and Hz */
  double *kept;    /* 1 where a bin passes floor and limits, else 0 */
} ReassignRules;

/* Spectra are of the kernel's precision, real and imaginary parts in turn. */
typedef struct {
  const char *name;
  size_t real; /* bytes of a value */

  /* Stores n samples with what is known of each, ReassignMark; those that are
   * below `least` in size are 0, as are those that are not at most `most`: how
   * many of these. */
  size_t (*take) (double *to, uint8_t *marks, const double *from, double least,
      double most, size_t n);

  /* to[g][i] = x[i] taps[g][i] for every g < n_taps */
  void (*multiply) (void *const *to, const double *x, const void *const *taps,
      size_t n_taps, size_t n);

  /* to[i] = a[i] taps_a[i] + j b[i] taps_b[i] */
  void (*multiply_pair) (void *to, const double *a, const void *taps_a,
      const double *b, const void *taps_b, size_t n);

  /* to[i] = scale from[i] */
  void (*scale) (void *to, const double *from, double scale, size_t n);

  /* to[i] += from[i] */
  void (*add) (void *to, const void *from, size_t n);

  /* spectrum[bin] *= weight */
  void (*weigh) (void *spectrum, size_t bin, double weight);

  /* From the transform z[n + 1] of a real signal plus j times another, to both
   * spectra; z[n] is the same as z[0].  Twice as large as they are. */
  void (*unpack) (void *first, void *second, const void *z, size_t n);

  /* |X|^2 [n_bins] */
  void (*measure) (double *power, const void *spectrum, size_t n_bins);

  /* The points of a frame, and how many. */
  size_t (*points) (const ReassignRules *rules, const void *const *spectra,
      const ReassignPlanes *planes, ReassignSieve *sieve);
} ReassignKernel;

/* All versions that this machine can run, the fastest first; NULL after the
 * last. */
const ReassignKernel *reassign_kernel (ReassignPrecision precision, size_t i);

#endif
