/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Low-pass noise of unit power, from any sample on. */

#ifndef REASSIGN_SYNTH_NOISE_H
#define REASSIGN_SYNTH_NOISE_H

#include <stdint.h>

/* The filter, for all that share rate and width: a pole and a pair of them. */
typedef struct {
  double gain;       /* for uniform noise in [-1, 1) */
  double pole;       /* y = x + pole y' */
  double a1, a2;     /* y = x - a1 y' - a2 y'' */
  int settling_time; /* samples */
} ReassignNoiseFilter;

typedef struct {
  uint64_t random;
  double x1; /* of the filter's zeros, at half the rate: the last inputs */
  double y;  /* of the pole */
  double u1; /* likewise of the pair */
  double u2;
  double v1, v2;
} ReassignNoise;

/* Width in shares of the rate. */
void reassign_noise_filter_init (ReassignNoiseFilter *f, double width);

/* Another seed, other noise; it has settled. */
void reassign_noise_start (
    ReassignNoise *n, const ReassignNoiseFilter *f, uint64_t seed);
double reassign_noise_next (ReassignNoise *n, const ReassignNoiseFilter *f);

#endif
