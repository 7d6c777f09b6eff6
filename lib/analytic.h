/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The Hilbert transform of a stream: what an analytic signal has beside the
 * signal itself. */

#ifndef REASSIGN_ANALYTIC_H
#define REASSIGN_ANALYTIC_H

#include "fft.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  size_t half;  /* L: the filter has 2 L + 1 taps */
  size_t block; /* samples that are transformed at a time */
  size_t size;  /* of the transforms */
  ReassignFft *forward, *backward;
  double *response; /* [2 * (size / 2 + 1)] */
  double *time, *spectrum;

  double *quadrature; /* [capacity], of blocks in a row */
  size_t capacity;
  int64_t first; /* position of the first value */
  size_t n;      /* values there */
} ReassignAnalytic;

/* For frames of this many samples.  False when memory runs out or the rate is
 * too high; _clear is due either way. */
bool reassign_analytic_init (
    ReassignAnalytic *a, double sample_rate, size_t frame_length);
void reassign_analytic_clear (ReassignAnalytic *a);
void reassign_analytic_reset (ReassignAnalytic *a);

/* Samples to either side of a frame that it takes, for any frame: L + block -
 * 1; ahead of it they are the delay. */
size_t reassign_analytic_margin (const ReassignAnalytic *a);

/* The transform of the samples at [position, position + frame_length), x being
 * the one at `position`, with a margin to either side.  Positions may only grow
 * between resets.  Blocks start at multiples of their length, so that the same
 * samples give the same bits wherever a stream began. */
const double *reassign_analytic_run (
    ReassignAnalytic *a, const double *x, int64_t position, size_t n);

#endif
