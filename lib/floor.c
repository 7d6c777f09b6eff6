/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "floor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool
reassign_floor_init (
    ReassignFloorState *f, const ReassignConfig *config, size_t n_bins)
{
  double frame = (double) config->hop / config->sample_rate; /* s */

  memset (f, 0, sizeof *f);
  f->reference = config->floor_reference;
  f->ratio = pow (10, config->magnitude_floor / 20);
  f->decay = pow (10, -frame);
  f->smoothing = -expm1 (-frame);
  reassign_floor_reset (f);
  if (f->reference == REASSIGN_FLOOR_NOISE) {
    f->sorted = calloc (n_bins, sizeof *f->sorted);
    return f->sorted != NULL;
  }
  return true;
}

void
reassign_floor_clear (ReassignFloorState *f)
{
  free (f->sorted);
  f->sorted = NULL;
}

void
reassign_floor_reset (ReassignFloorState *f)
{
  f->memory = f->reference == REASSIGN_FLOOR_NOISE ? NAN : 0;
}

static double
largest (const double *x, size_t n)
{
  double m = 0;

  for (size_t i = 0; i < n; i++)
    m = x[i] > m ? x[i] : m;
  return m;
}

/* The k-th smallest of x[n], with none larger before it (Wirth's selection). */
static double
select_kth (double *x, size_t n, size_t k)
{
  ptrdiff_t low = 0, high = (ptrdiff_t) n - 1, at = (ptrdiff_t) k;

  while (low < high) {
    ptrdiff_t i = low, j = high;
    double pivot = x[at];

    do {
      while (x[i] < pivot)
        i++;
      while (pivot < x[j])
        j--;
      if (i <= j) {
        double t = x[i];

        x[i++] = x[j];
        x[j--] = t;
      }
    } while (i <= j);
    if (j < at)
      low = i;
    if (at < i)
      high = j;
  }
  return x[at];
}

/* Of the magnitudes; their squares sort alike. */
static double
median_magnitude (ReassignFloorState *f, const double *powers, size_t n)
{
  double upper, lower;

  memcpy (f->sorted, powers, n * sizeof *powers);
  upper = select_kth (f->sorted, n, n / 2);
  lower = n % 2 == 0 ? largest (f->sorted, n / 2) : upper;
  return (sqrt (lower) + sqrt (upper)) / 2;
}

double
reassign_floor_next (
    ReassignFloorState *f, const double *powers, size_t n, double scale)
{
  double reference = 1;

  switch (f->reference) {
    case REASSIGN_FLOOR_FULL_SCALE:
      break;
    case REASSIGN_FLOOR_FRAME_PEAK:
      reference = powers != NULL ? scale * sqrt (largest (powers, n)) : 0;
      break;
    case REASSIGN_FLOOR_RUNNING_PEAK: {
      double peak = powers != NULL ? scale * sqrt (largest (powers, n)) : 0;

      f->memory *= f->decay;
      if (peak > f->memory)
        f->memory = peak;
      reference = f->memory;
      break;
    }
    case REASSIGN_FLOOR_NOISE: {
      double median =
          powers != NULL ? scale * median_magnitude (f, powers, n) : 0;

      /* A silent frame tells nothing of the noise. */
      if (median > 0) {
        double db = 20 * log10 (median);

        f->memory = isnan (f->memory)
                        ? db
                        : f->memory + f->smoothing * (db - f->memory);
      }
      reference = isnan (f->memory) ? 0 : pow (10, f->memory / 20);
      break;
    }
  }
  return reference * f->ratio;
}
