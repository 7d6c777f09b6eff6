/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "signals.h"

#include <math.h>

void
signal_add_tone (
    double *x, size_t n, double rate, double a, double f, double phase)
{
  signal_add_chirp (x, n, rate, a, f, 0, phase);
}

void
signal_add_chirp (double *x, size_t n, double rate, double a, double f,
    double c, double phase)
{
  for (size_t i = 0; i < n; i++) {
    double t = (double) i / rate;

    x[i] += a * cos (2 * M_PI * (f * t + c * t * t / 2) + phase);
  }
}

/* splitmix64 */
static double
uniform (uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15u;

  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  return ((double) (z >> 11) + 0.5) / 9007199254740992.0;
}

void
signal_add_noise (double *x, size_t n, double sigma, uint64_t seed)
{
  for (size_t i = 0; i < n; i++) {
    double u = uniform (&seed), v = uniform (&seed);

    x[i] += sigma * sqrt (-2 * log (u)) * cos (2 * M_PI * v);
  }
}
