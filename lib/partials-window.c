/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Spectra are referred to the window's centre, h sums to 1:
 *
 *     G (d; c, l, k) = sum h exp (l tau + k tau^2 / 2 + j (d tau + c tau^2 /
 * 2))
 *
 * is what bin w sees of a component of frequency w + d, chirp rate c and log
 * amplitude l tau + k tau^2 / 2 (derived; [DDM] has the same model).  The
 * window and what it is multiplied by are far from changing within N / 64
 * samples, so a sum over every N / 64th is as good as the whole. */

#include "partials-window.h"

#include <math.h>
#include <stdlib.h>

/* Deviations beyond these, in units of sigma, are no longer seen as one
 * component: they come of two that beat. */
#define MOST_CHIRP 3.0
#define MOST_SLOPE 2.0
#define MOST_GROWTH 0.5
#define MOST_DECAY 2.0

/* Samples: a window that sees no more than its centre tells no frequencies. */
#define LEAST_SIGMA 1.0

static void
make_gaussian (double *h, size_t n, double sigma)
{
  for (size_t i = 0; i < n; i++) {
    double tau = (double) i - (double) (n / 2);

    h[i] = exp (-tau * tau / (2 * sigma * sigma));
  }
}

static void
measure (ReassignResponse *r, const double *h, size_t n)
{
  double sum = 0, squares = 0, moments = 0;

  for (size_t i = 0; i < n; i++) {
    double tau = (double) i - (double) (n / 2);

    sum += h[i];
    squares += h[i] * h[i];
    moments += tau * tau * h[i] * h[i];
  }
  r->sigma = sqrt (2 * moments / squares);
  r->energy = squares / (sum * sum);
}

static void
thin_out (ReassignResponse *r, const double *h, size_t n, size_t fft_size)
{
  size_t stride = n / REASSIGN_RESPONSE_SAMPLES, centre = n / 2;
  double sum = 0;

  if (stride == 0)
    stride = 1;
  r->stride = (double) stride;
  r->bin = 2 * M_PI / (double) fft_size;
  r->n = 0;
  for (size_t i = centre % stride; i < n; i += stride) {
    r->tau[r->n] = (double) i - (double) centre;
    r->turn[r->n] = cexp (-I * r->bin * r->tau[r->n]);
    r->h[r->n++] = h[i];
    sum += h[i];
  }
  for (size_t i = 0; i < r->n; i++)
    r->h[i] /= sum;
}

/* A tone from `at` on: the window's part after it. */
static void
make_steps (ReassignResponse *r, const double *h, size_t n)
{
  double mass = 0, moment = 0, all = 0;
  size_t i = n;

  for (size_t k = 0; k < n; k++)
    all += h[k];
  for (size_t s = REASSIGN_STEPS; s-- > 0;) {
    /* from 3/4 of the window, where little is left, down to its start */
    size_t from = n * 3 / 4 * s / (REASSIGN_STEPS - 1);

    while (i > from) {
      i--;
      mass += h[i];
      moment += h[i] * ((double) i - (double) (n / 2));
    }
    r->step_at[s] = (double) from - (double) (n / 2);
    r->step_mass[s] = mass / all;
    r->step_centroid[s] = mass > 0 ? moment / mass : r->step_at[s];
  }
}

bool
reassign_response_init (
    ReassignResponse *r, const ReassignTrackerConfig *config)
{
  size_t n = config->window_size;
  double *h = malloc (n * sizeof *h);
  bool done = h != NULL;

  if (done && config->window_sigma > 0)
    make_gaussian (h, n, fmax (config->window_sigma, LEAST_SIGMA));
  else if (done)
    done = reassign_window_by_id (config->window)
               ->generate (h, n, config->window_parameter);
  if (done) {
    measure (r, h, n);
    thin_out (r, h, n, config->fft_size);
    make_steps (r, h, n);
  }
  free (h);
  return done;
}

static double
clamp (double x, double low, double high)
{
  return x < low ? low : x > high ? high : x;
}

/* h exp (...) at the thinned out samples: two products each, since the
 * exponent's second difference is constant. */
static void
modulate (const ReassignResponse *r, double complex amplitude, double away,
    const ReassignDeviation *d, double complex *to)
{
  double sigma = r->sigma, square = sigma * sigma;
  double chirp = clamp (d->chirp, -MOST_CHIRP / square, MOST_CHIRP / square);
  double slope = clamp (d->slope, -MOST_SLOPE / sigma, MOST_SLOPE / sigma);
  double curvature =
      clamp (d->curvature, -MOST_DECAY / square, MOST_GROWTH / square);
  double complex second = curvature + I * chirp, first = slope + I * away;
  double t = r->tau[0], step = r->stride;
  double complex z = amplitude * cexp (first * t + second * t * t / 2);
  double complex ratio = cexp (first * step + second * step * (t + step / 2));
  double complex growth = cexp (second * step * step);

  for (size_t i = 0; i < r->n; i++) {
    to[i] = r->h[i] * z;
    if (d->cut)
      to[i] *= clamp ((r->tau[i] - d->begin) / step + 0.5, 0, 1) *
               clamp ((d->end - r->tau[i]) / step + 0.5, 0, 1);
    z *= ratio;
    ratio *= growth;
  }
}

double complex
reassign_response_at (const ReassignResponse *r, double away,
    const ReassignDeviation *d, double *centroid)
{
  double complex seen[2 * REASSIGN_RESPONSE_SAMPLES], sum = 0, moment = 0;

  modulate (r, 1, away, d, seen);
  for (size_t i = 0; i < r->n; i++) {
    sum += seen[i];
    moment += seen[i] * r->tau[i];
  }
  if (centroid != NULL)
    *centroid = cimag (moment / sum);
  return sum;
}

double
reassign_response_steady (const ReassignResponse *r, double away)
{
  static const ReassignDeviation none = { 0 };

  return fmax (
      cabs (reassign_response_at (r, away, &none, NULL)), REASSIGN_LEAST_SEEN);
}

void
reassign_response_add (const ReassignResponse *r, double complex amplitude,
    double omega, const ReassignDeviation *d, size_t first, size_t n,
    double complex *bins)
{
  double complex seen[2 * REASSIGN_RESPONSE_SAMPLES];

  modulate (r, amplitude, omega - (double) first * r->bin, d, seen);
  for (size_t k = 0; k < n; k++) {
    double complex sum = 0;

    for (size_t i = 0; i < r->n; i++) {
      sum += seen[i];
      seen[i] *= r->turn[i];
    }
    bins[k] += sum;
  }
}

/* y at x, where xs ascends in equal steps or not. */
static double
look_up (const double *xs, const double *ys, double x)
{
  size_t low = 0, high = REASSIGN_STEPS - 1;

  if (x <= xs[low])
    return ys[low];
  if (x >= xs[high])
    return ys[high];
  while (high - low > 1) {
    size_t middle = (low + high) / 2;

    if (xs[middle] <= x)
      low = middle;
    else
      high = middle;
  }
  return ys[low] + (ys[high] - ys[low]) * (x - xs[low]) / (xs[high] - xs[low]);
}

double
reassign_response_step (const ReassignResponse *r, double centroid)
{
  return look_up (r->step_centroid, r->step_at, centroid);
}

double
reassign_response_step_mass (const ReassignResponse *r, double at)
{
  return look_up (r->step_at, r->step_mass, at);
}

double
reassign_response_step_centroid (const ReassignResponse *r, double at)
{
  return look_up (r->step_at, r->step_centroid, at);
}

double
reassign_response_height (const ReassignResponse *r, double at)
{
  double x = (at - r->tau[0]) / r->stride;
  size_t i;

  if (!(x >= 0 && x < (double) (r->n - 1)))
    return 0;
  i = (size_t) x;
  return (r->h[i] + (r->h[i + 1] - r->h[i]) * (x - (double) i)) / r->stride;
}
