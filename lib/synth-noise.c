/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A Chebyshev low-pass of the third order with a ripple of half a decibel, as
 * Loris has for 44.1 kHz, here for any rate: its poles on an ellipse, by the
 * bilinear transform (Oppenheim and Schafer, "Discrete-time signal processing",
 * section 7.1).  The gain makes the power of what comes out 1. */

#include "synth-noise.h"

#include <math.h>
#include <string.h>

#define RIPPLE 0.5 /* dB */

/* Above this share of the rate the noise is nearly white. */
#define WIDEST 0.4

/* Narrower noise would take seconds to begin, and by a hostile width for ever. */
#define NARROWEST 1e-4

/* Time constants after which the filter counts as settled. */
#define SETTLED 4.0

/* In [-1, 1), splitmix64. */
static double
uniform (uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15u;

  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  return (double) (int64_t) z / 9223372036854775808.0;
}

static double
filter (ReassignNoise *n, const ReassignNoiseFilter *f, double x)
{
  double u, v;

  n->y = x + n->x1 + f->pole * n->y;
  n->x1 = x;
  u = n->y;
  v = u + 2 * n->u1 + n->u2 - f->a1 * n->v1 - f->a2 * n->v2;
  n->u2 = n->u1;
  n->u1 = u;
  n->v2 = n->v1;
  n->v1 = v;
  return v;
}

/* Power of the answer to one sample of 1. */
static double
measure_power (const ReassignNoiseFilter *f)
{
  ReassignNoise n;
  double power = 0;

  memset (&n, 0, sizeof n);
  for (int i = 0; i < 2 * f->settling_time; i++) {
    double y = filter (&n, f, i == 0 ? 1 : 0);

    power += y * y;
  }
  return power;
}

void
reassign_noise_filter_init (ReassignNoiseFilter *f, double width)
{
  double held = fmax (NARROWEST, fmin (width, WIDEST));
  double warped = tan (M_PI * held); /* edge / 2 */
  double ripple = sqrt (pow (10, RIPPLE / 10) - 1);
  double spread = asinh (1 / ripple) / 3;
  double real = warped * sinh (spread); /* the lone pole, -real */
  double pair_real = real / 2;          /* at 60 degrees */
  double pair_imaginary = warped * cosh (spread) * sqrt (0.75);
  double square = pair_real * pair_real + pair_imaginary * pair_imaginary;
  double below = 1 + 2 * pair_real + square;

  f->pole = (1 - real) / (1 + real);
  f->a1 = 2 * (square - 1) / below;
  f->a2 = (1 - 2 * pair_real + square) / below;
  f->settling_time = (int) ceil (SETTLED / pair_real);
  f->gain = sqrt (3 / measure_power (f)); /* uniform noise has a power of 1/3 */
}

void
reassign_noise_start (
    ReassignNoise *n, const ReassignNoiseFilter *f, uint64_t seed)
{
  memset (n, 0, sizeof *n);
  n->random = seed;
  for (int i = 0; i < f->settling_time; i++)
    filter (n, f, uniform (&n->random));
}

double
reassign_noise_next (ReassignNoise *n, const ReassignNoiseFilter *f)
{
  return f->gain * filter (n, f, uniform (&n->random));
}
