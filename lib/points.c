/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The mathematics of reassignment, bin by bin ([FF] section 6.2, [AF]).
 *
 * With phases referred to the window's centre and frames x[c + tau] h[tau]:
 *
 *     t_hat = t + Re (X_th / X)        w_hat = w - Im (X_dh / X)
 *
 * Ratios are taken as A conj (B) / |B|^2: C99's complex division costs more
 * than the transforms.  At DC and Nyquist all spectra are weighted first:
 * ratios do not notice, and magnitude^2 / 2 is then the power of every bin. */

#include "points.h"

#include "config.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A chirp rate whose denominator cancels to less than this share of its terms
 * cannot be told. */
#define UNDETERMINED 1e-9

/* A point on a line has |det J| below this. */
#define RANK1_TOLERANCE 0.1

/* A tone of 0 Hz or of half the rate is rounded to either side of it, by less
 * than this share of the rate: it is within the range none the less. */
#define RANGE_SLACK 1e-9

/* Sums run in this many lanes, so that they come out alike however wide the
 * machine's vectors are. */
#define LANES 8

unsigned
reassign_points_wanted (const ReassignConfig *c)
{
  bool votes = reassign_config_votes (c);
  bool rank = c->consensus == REASSIGN_CONSENSUS_RANK1;
  bool rate = c->fields & REASSIGN_FIELD_CHIRP_RATE;
  bool second = rate || rank || c->consensus == REASSIGN_CONSENSUS_MIXED ||
                c->fields & REASSIGN_FIELD_MIXED;
  unsigned wanted = 1u << REASSIGN_TAP_H;

  if (second || votes || !c->keep_time)
    wanted |= 1u << REASSIGN_TAP_TH;
  if (second || votes || !c->keep_frequency)
    wanted |= 1u << REASSIGN_TAP_DH;
  if (second)
    wanted |= 1u << REASSIGN_TAP_TDH;
  if (rate || rank)
    wanted |= 1u << REASSIGN_TAP_T2H;
  if (rank)
    wanted |= 1u << REASSIGN_TAP_D2H;
  return wanted;
}

bool
reassign_points_init (
    ReassignPoints *p, const ReassignConfig *config, const ReassignShape *shape)
{
  size_t n = shape->n_bins;

  memset (p, 0, sizeof *p);
  p->n_bins = n;
  p->fft_size = shape->fft_size;
  p->rate = config->sample_rate;
  p->magnitude_scale = 2 / shape->sum;
  p->power_energy = shape->energy * p->magnitude_scale * p->magnitude_scale;
  /* DC and Nyquist are there once, other frequencies on both sides of the
   * spectrum; but an analytic signal has half of them, as of any. */
  p->edge_weight = config->analytic ? M_SQRT2 : M_SQRT1_2;
  p->keep_time = config->keep_time;
  p->keep_frequency = config->keep_frequency;
  p->max_time_shift = config->max_time_shift;
  p->max_frequency_shift = config->max_frequency_shift;
  p->fields = config->fields;
  p->consensus = config->consensus;
  p->tone_tolerance = config->tone_tolerance;
  p->click_tolerance = config->click_tolerance;

  p->bin_hz = calloc (n, sizeof *p->bin_hz);
  p->power = calloc (n, sizeof *p->power);
  p->inverse = calloc (n, sizeof *p->inverse);
  p->dt = calloc (n, sizeof *p->dt);
  p->df = calloc (n, sizeof *p->df);
  p->zeros = calloc (n, sizeof *p->zeros);
  p->kept = calloc (n, sizeof *p->kept);
  p->index = calloc (n, sizeof *p->index);
  if (p->bin_hz == NULL || p->power == NULL || p->inverse == NULL ||
      p->dt == NULL || p->df == NULL || p->zeros == NULL || p->kept == NULL ||
      p->index == NULL)
    return false;
  for (size_t k = 0; k < n; k++)
    p->bin_hz[k] = (double) k * p->rate / (double) p->fft_size;
  return true;
}

void
reassign_points_clear (ReassignPoints *p)
{
  free (p->bin_hz);
  free (p->power);
  free (p->inverse);
  free (p->dt);
  free (p->df);
  free (p->zeros);
  free (p->kept);
  free (p->index);
  memset (p, 0, sizeof *p);
}

static void
weigh_bin (ReassignSpectra *s, size_t bin, double weight)
{
  for (int g = 0; g < REASSIGN_N_TAPS; g++) {
    if (s->spectrum[g] == NULL)
      continue;
    s->spectrum[g][2 * bin] *= weight;
    s->spectrum[g][2 * bin + 1] *= weight;
  }
}

/* The corrections as they are made. */
static const double *
time_shifts (const ReassignPoints *p)
{
  return p->keep_time ? p->zeros : p->dt;
}

static const double *
frequency_shifts (const ReassignPoints *p)
{
  return p->keep_frequency ? p->zeros : p->df;
}

static void
measure_power (ReassignPoints *p, const ReassignSpectra *s)
{
  const double *restrict x = s->spectrum[REASSIGN_TAP_H];
  double *restrict power = p->power, *restrict inverse = p->inverse;

  for (size_t k = 0; k < p->n_bins; k++) {
    double square = x[2 * k] * x[2 * k] + x[2 * k + 1] * x[2 * k + 1];

    power[k] = square;
    inverse[k] = 1 / square;
  }
}

/* Re (X_th / X), samples */
static void
correct_time (ReassignPoints *p, const ReassignSpectra *s)
{
  const double *restrict x = s->spectrum[REASSIGN_TAP_H];
  const double *restrict th = s->spectrum[REASSIGN_TAP_TH];
  const double *restrict inverse = p->inverse;
  double *restrict dt = p->dt;

  for (size_t k = 0; k < p->n_bins; k++)
    dt[k] = (th[2 * k] * x[2 * k] + th[2 * k + 1] * x[2 * k + 1]) * inverse[k];
}

/* -Im (X_dh / X), Hz */
static void
correct_frequency (ReassignPoints *p, const ReassignSpectra *s)
{
  const double *restrict x = s->spectrum[REASSIGN_TAP_H];
  const double *restrict dh = s->spectrum[REASSIGN_TAP_DH];
  const double *restrict inverse = p->inverse;
  double *restrict df = p->df;
  double hz = p->rate / (2 * M_PI); /* of a radian per sample */

  for (size_t k = 0; k < p->n_bins; k++)
    df[k] =
        (dh[2 * k] * x[2 * k + 1] - dh[2 * k + 1] * x[2 * k]) * inverse[k] * hz;
}

static double
lane_sum (const double *lane)
{
  double sum = 0;

  for (int l = 0; l < LANES; l++)
    sum += lane[l];
  return sum;
}

/* Tests every bin against floor, time shift, frequency shift and range, in this
 * order; marks those that pass all and counts those that fail each. */
static void
sift (ReassignPoints *p, double floor_power, ReassignStats *stats)
{
  double n[4][LANES] = { { 0 } }, power[5][LANES] = { { 0 } }, left[5];
  const double *dt = time_shifts (p), *df = frequency_shifts (p);
  double slack = RANGE_SLACK * p->rate, top = p->rate / 2;

  for (size_t block = 0; block < p->n_bins; block += LANES) {
    size_t count = p->n_bins - block < LANES ? p->n_bins - block : LANES;

    for (size_t l = 0; l < count; l++) {
      size_t k = block + l;
      double square = p->power[k], f = p->bin_hz[k] + df[k];
      double loud = square > floor_power ? 1 : 0;
      double timely = fabs (dt[k]) <= p->max_time_shift ? loud : 0;
      double near = fabs (df[k]) <= p->max_frequency_shift ? timely : 0;
      double inside = f >= -slack && f <= top + slack ? near : 0;

      p->kept[k] = inside;
      n[0][l] += loud;
      n[1][l] += timely;
      n[2][l] += near;
      n[3][l] += inside;
      power[0][l] += square;
      power[1][l] += loud * square;
      power[2][l] += timely * square;
      power[3][l] += near * square;
      power[4][l] += inside * square;
    }
  }

  uint64_t heard = (uint64_t) lane_sum (n[0]);
  uint64_t timely = (uint64_t) lane_sum (n[1]);
  uint64_t near = (uint64_t) lane_sum (n[2]);
  uint64_t inside = (uint64_t) lane_sum (n[3]);
  for (int i = 0; i < 5; i++)
    left[i] = lane_sum (power[i]) * p->power_energy;

  stats->below_floor += p->n_bins - heard;
  stats->beyond_time += heard - timely;
  stats->beyond_frequency += timely - near;
  stats->outside_range += near - inside;
  stats->points += inside;
  stats->energy_below_floor += left[0] - left[1];
  stats->energy_beyond_time += left[1] - left[2];
  stats->energy_beyond_frequency += left[2] - left[3];
  stats->energy_outside_range += left[3] - left[4];
  stats->energy += left[4];
}

/* The bins of the points, ascending.  Written without a branch: which bins pass
 * is as good as random. */
static size_t
gather (ReassignPoints *p)
{
  size_t n = 0;

  for (size_t k = 0; k < p->n_bins; k++) {
    p->index[n] = (uint32_t) k;
    n += p->kept[k] > 0;
  }
  return n;
}

/* arg X at the centre of frame and bin, carried to the point along a straight
 * path by the trapezoid rule on the phase's gradient: exact for a linear chirp
 * under a Gaussian but for a constant (derived). */
static float
phase_at (const ReassignPoints *p, const ReassignSpectra *s, size_t k)
{
  const double *x = s->spectrum[REASSIGN_TAP_H];
  double middle = p->bin_hz[k] + frequency_shifts (p)[k] / 2;
  double phase = atan2 (x[2 * k + 1], x[2 * k]) +
                 2 * M_PI * middle / p->rate * time_shifts (p)[k];

  return (float) remainder (phase, 2 * M_PI);
}

typedef struct {
  double re, im;
} Complex;

/* X_g / X */
static Complex
ratio (
    const ReassignPoints *p, const ReassignSpectra *s, ReassignTap g, size_t k)
{
  const double *x = s->spectrum[REASSIGN_TAP_H] + 2 * k;
  const double *a = s->spectrum[g] + 2 * k;

  return (Complex){ (a[0] * x[0] + a[1] * x[1]) * p->inverse[k],
    (a[1] * x[0] - a[0] * x[1]) * p->inverse[k] };
}

/* d2 phi / dt dw = 1 + Re (X_tdh / X - X_th X_dh / X^2), [FF] section 7 */
static double
mixed_at (const ReassignPoints *p, const ReassignSpectra *s, size_t k)
{
  Complex t = ratio (p, s, REASSIGN_TAP_TH, k);
  Complex d = ratio (p, s, REASSIGN_TAP_DH, k);
  Complex td = ratio (p, s, REASSIGN_TAP_TDH, k);

  return 1 + td.re - (t.re * d.re - t.im * d.im);
}

/* |det J| for J = d (t_hat, w_hat) / d (t, w) = [1 - M, A; B, M], with
 * A = Im (X_t2h / X - (X_th / X)^2) and B = Im (X_d2h / X - (X_dh / X)^2): 0
 * where there is one linear component, whose points all lie on a line
 * (derived). */
static double
rank_defect_at (const ReassignPoints *p, const ReassignSpectra *s, size_t k)
{
  Complex t = ratio (p, s, REASSIGN_TAP_TH, k);
  Complex d = ratio (p, s, REASSIGN_TAP_DH, k);
  double m = mixed_at (p, s, k);
  double a = ratio (p, s, REASSIGN_TAP_T2H, k).im - 2 * t.re * t.im;
  double b = ratio (p, s, REASSIGN_TAP_D2H, k).im - 2 * d.re * d.im;

  return fabs (m * (1 - m) - a * b);
}

/* Whether the point is what the consensus asks for. */
static bool
is_accepted (const ReassignPoints *p, const ReassignSpectra *s, size_t k)
{
  if (p->consensus == REASSIGN_CONSENSUS_RANK1)
    return rank_defect_at (p, s, k) < RANK1_TOLERANCE;
  if (p->consensus == REASSIGN_CONSENSUS_MIXED) {
    double m = mixed_at (p, s, k);

    return fabs (m) <= p->tone_tolerance || fabs (m - 1) <= p->click_tolerance;
  }
  return true;
}

/* Takes the points that are not accepted out of the n in the index. */
static size_t
judge (
    ReassignPoints *p, const ReassignSpectra *s, size_t n, ReassignStats *stats)
{
  size_t left = 0;

  if (p->consensus != REASSIGN_CONSENSUS_MIXED &&
      p->consensus != REASSIGN_CONSENSUS_RANK1)
    return n;
  for (size_t i = 0; i < n; i++) {
    uint32_t k = p->index[i];

    if (is_accepted (p, s, k))
      p->index[left++] = k;
    else
      reassign_stats_reject (stats, p->power[k] * p->power_energy);
  }
  return left;
}

/* [DDM] with the log-amplitude and the phase taken as quadratic: with g = h and
 * g = tau h the distribution derivative gives two equations, and from them
 * a2 = (T D - X (X + TD)) / (X T2 - T^2); Im a2 is the chirp rate. */
static float
chirp_rate_at (const ReassignPoints *p, const ReassignSpectra *s, size_t k)
{
  Complex t = ratio (p, s, REASSIGN_TAP_TH, k);
  Complex d = ratio (p, s, REASSIGN_TAP_DH, k);
  Complex td = ratio (p, s, REASSIGN_TAP_TDH, k);
  Complex t2 = ratio (p, s, REASSIGN_TAP_T2H, k);
  Complex tt = { t.re * t.re - t.im * t.im, 2 * t.re * t.im };
  Complex above = { t.re * d.re - t.im * d.im - 1 - td.re,
    t.re * d.im + t.im * d.re - td.im };
  Complex below = { t2.re - tt.re, t2.im - tt.im };
  double square = below.re * below.re + below.im * below.im;
  double terms = hypot (t2.re, t2.im) + hypot (tt.re, tt.im);

  if (!(sqrt (square) >= UNDETERMINED * terms) || square == 0)
    return NAN;
  return (float) ((above.im * below.re - above.re * below.im) / square *
                  p->rate * p->rate / (2 * M_PI));
}

/* Without the slack. */
static double
within (double f, double top)
{
  return f < 0 ? 0 : f > top ? top : f;
}

static void
emit (const ReassignPoints *p, const ReassignSpectra *s, int64_t sample,
    const ReassignPlanes *to, size_t n)
{
  const double *dt = time_shifts (p), *df = frequency_shifts (p);
  double centre = (double) sample;

  for (size_t i = 0; i < n; i++)
    to->time[i] = (centre + dt[p->index[i]]) / p->rate;
  for (size_t i = 0; i < n; i++)
    to->frequency[i] =
        within (p->bin_hz[p->index[i]] + df[p->index[i]], p->rate / 2);
  for (size_t i = 0; i < n; i++)
    to->magnitude[i] =
        (float) (p->magnitude_scale * sqrt (p->power[p->index[i]]));
  if (p->fields & REASSIGN_FIELD_PHASE)
    for (size_t i = 0; i < n; i++)
      to->phase[i] = phase_at (p, s, p->index[i]);
  if (p->fields & REASSIGN_FIELD_MIXED)
    for (size_t i = 0; i < n; i++)
      to->mixed[i] = (float) mixed_at (p, s, p->index[i]);
  if (p->fields & REASSIGN_FIELD_CHIRP_RATE)
    for (size_t i = 0; i < n; i++)
      to->chirp_rate[i] = chirp_rate_at (p, s, p->index[i]);
  if (p->fields & REASSIGN_FIELD_AGREEMENT)
    memset (to->agreement, 0, n * sizeof *to->agreement);
  if (p->fields & REASSIGN_FIELD_BIN)
    memcpy (to->bin, p->index, n * sizeof *to->bin);
}

size_t
reassign_points_run (ReassignPoints *p, ReassignSpectra *s,
    ReassignFloorState *floor, int64_t sample, const ReassignPlanes *planes,
    ReassignStats *stats)
{
  double least;
  size_t n;

  weigh_bin (s, 0, p->edge_weight);
  if (p->fft_size % 2 == 0)
    weigh_bin (s, p->fft_size / 2, p->edge_weight);
  measure_power (p, s);
  if (s->spectrum[REASSIGN_TAP_TH] != NULL)
    correct_time (p, s);
  if (s->spectrum[REASSIGN_TAP_DH] != NULL)
    correct_frequency (p, s);

  least = reassign_floor_next (floor, p->power, p->n_bins, p->magnitude_scale) /
          p->magnitude_scale;
  sift (p, least * least, stats);
  n = judge (p, s, gather (p), stats);
  emit (p, s, sample, planes, n);
  return n;
}
