/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A type III FIR Hilbert transformer, 2 / (pi n) at odd n under a Kaiser window
 * (Oppenheim and Schafer, Discrete-Time Signal Processing, section 11.4), by
 * overlap-save.  Its length puts the edge of the pass band below 30 Hz. */

#include "analytic.h"

#include "bessel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Half the filter's length in seconds; half of this makes 32 Hz wrong by 1 Hz.
 */
#define HALF_LENGTH 0.0427

/* Of the Kaiser window.  The ripple of a lower one happens to be small at 32 Hz
 * and is .3 Hz at 26 and 50; a higher one gives up what lies below 25 Hz. */
#define BETA 6.0

#define MAX_SIZE ((size_t) 1 << 26)

static double
tap (ptrdiff_t n, size_t half)
{
  double u = (double) n / ((double) half + 1);

  if (n % 2 == 0)
    return 0;
  return 2 / (M_PI * (double) n) *
         reassign_bessel_i0_tail (BETA * sqrt (1 - u * u), 0) /
         reassign_bessel_i0_tail (BETA, 0);
}

bool
reassign_analytic_init (
    ReassignAnalytic *a, double sample_rate, size_t frame_length)
{
  double half = ceil (HALF_LENGTH * sample_rate);

  memset (a, 0, sizeof *a);
  if (half > (double) (MAX_SIZE / 8))
    return false;
  a->half = (size_t) half;
  /* Short blocks keep the delay low; the transforms are cheap beside a frame's.
   */
  a->block = a->half / 2 + 1;
  for (a->size = 2; a->size < 2 * a->half + a->block;)
    a->size *= 2;
  a->capacity = frame_length + 2 * a->block;

  a->forward = reassign_fft_new (REASSIGN_FFT_REAL, a->size);
  a->backward = reassign_fft_new (REASSIGN_FFT_REAL_INVERSE, a->size);
  a->time = reassign_fft_alloc (a->size, sizeof (double));
  a->spectrum = reassign_fft_alloc (a->size / 2 + 1, 2 * sizeof (double));
  a->response = reassign_fft_alloc (a->size / 2 + 1, 2 * sizeof (double));
  a->quadrature = calloc (a->capacity, sizeof *a->quadrature);
  if (a->forward == NULL || a->backward == NULL || a->time == NULL ||
      a->spectrum == NULL || a->response == NULL || a->quadrature == NULL)
    return false;

  for (size_t i = 0; i <= 2 * a->half; i++)
    a->time[i] =
        tap ((ptrdiff_t) i - (ptrdiff_t) a->half, a->half) / (double) a->size;
  reassign_fft_run (a->forward, a->time, a->response);
  return true;
}

void
reassign_analytic_clear (ReassignAnalytic *a)
{
  reassign_fft_free (a->forward);
  reassign_fft_free (a->backward);
  reassign_fft_dealloc (a->time);
  reassign_fft_dealloc (a->spectrum);
  reassign_fft_dealloc (a->response);
  free (a->quadrature);
  memset (a, 0, sizeof *a);
}

void
reassign_analytic_reset (ReassignAnalytic *a)
{
  a->n = 0;
}

size_t
reassign_analytic_margin (const ReassignAnalytic *a)
{
  return a->half + a->block - 1;
}

static int64_t
floor_multiple (int64_t position, size_t step)
{
  int64_t rest = position % (int64_t) step;

  return position - rest - (rest < 0 ? (int64_t) step : 0);
}

/* One block to to[block]; x is its first sample. */
static void
filter (ReassignAnalytic *a, const double *x, double *to)
{
  size_t length = 2 * a->half + a->block, bins = a->size / 2 + 1;

  memcpy (a->time, x - a->half, length * sizeof *x);
  memset (a->time + length, 0, (a->size - length) * sizeof *x);
  reassign_fft_run (a->forward, a->time, a->spectrum);
  for (size_t k = 0; k < bins; k++) {
    double *s = a->spectrum + 2 * k;
    const double *r = a->response + 2 * k;
    double re = s[0] * r[0] - s[1] * r[1];

    s[1] = s[0] * r[1] + s[1] * r[0];
    s[0] = re;
  }
  reassign_fft_run (a->backward, a->spectrum, a->time);
  memcpy (to, a->time + 2 * a->half, a->block * sizeof *to);
}

const double *
reassign_analytic_run (
    ReassignAnalytic *a, const double *x, int64_t position, size_t n)
{
  int64_t from = floor_multiple (position, a->block), next;
  size_t gone;

  /* drop the blocks before the frame, or all */
  gone = a->n > 0 && from < a->first + (int64_t) a->n
             ? (size_t) (from - a->first)
             : a->n;
  a->n -= gone;
  memmove (a->quadrature, a->quadrature + gone, a->n * sizeof *a->quadrature);
  a->first = from;

  while ((next = a->first + (int64_t) a->n) < position + (int64_t) n) {
    filter (a, x + (next - position), a->quadrature + a->n);
    a->n += a->block;
  }
  return a->quadrature + (position - a->first);
}
