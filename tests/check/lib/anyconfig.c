/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Configs, signals and cuttings drawn at random: whatever they are, the bits do
 * not depend on the cutting, frames and counts add up, and every point is sound
 * and within its limits. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

#define LENGTH 6000
#define RATE 8000.0

static size_t
draw (GRand *r, size_t from, size_t to)
{
  return (size_t) g_rand_int_range (r, (gint32) from, (gint32) to + 1);
}

static ReassignConfig
draw_config (GRand *r)
{
  static const double floors[] = { 0, -40, -90, -INFINITY, 6 };
  ReassignConfig c = { .sample_rate = RATE };

  c.window = draw (r, 0, 9);
  c.window_size = draw (r, 32, draw (r, 33, 700));
  c.hop = draw (r, 1 + c.window_size / 20, draw (r, c.window_size, 1500));
  if (draw (r, 0, 1))
    c.fft_size = draw (r, c.window_size, 3 * c.window_size);
  c.magnitude_floor = floors[draw (r, 0, 4)];
  c.floor_reference = draw (r, 0, 3);
  c.keep_time = draw (r, 0, 4) == 0;
  c.keep_frequency = draw (r, 0, 4) == 0;
  if (draw (r, 0, 1))
    c.max_time_shift = g_rand_double_range (r, 0.5, (double) c.window_size / 2);
  if (draw (r, 0, 1))
    c.max_frequency_shift = g_rand_double_range (r, 1, RATE);
  c.consensus = draw (r, 0, 3);
  if (c.window == REASSIGN_WINDOW_HAMMING || c.window == REASSIGN_WINDOW_KAISER)
    c.consensus = draw (r, 0, 2);
  c.consensus_radius = draw (r, 0, 4);
  c.consensus_frames = draw (r, 0, 4);
  c.analytic = draw (r, 0, 3) == 0;
  c.precision = draw (r, 0, 2) == 0 ? REASSIGN_PRECISION_SINGLE
                                    : REASSIGN_PRECISION_DOUBLE;
  c.fields = (unsigned) draw (r, 0, 255) | REASSIGN_FIELD_BIN;
  return c;
}

/* Noise, a tone, clicks, a stretch of zeros, sometimes what is not finite. */
static size_t
draw_signal (GRand *r, double *x)
{
  size_t n = draw (r, 0, LENGTH), silence = draw (r, 0, LENGTH);

  memset (x, 0, LENGTH * sizeof *x);
  signal_add_noise (
      x, LENGTH, pow (10, g_rand_double_range (r, -5, 0)), g_rand_int (r));
  signal_add_tone (x, LENGTH, RATE, 0.3, g_rand_double_range (r, 0, 4000), 0);
  x[draw (r, 0, LENGTH - 1)] += 3;
  memset (x + silence, 0, (LENGTH - silence) / 2 * sizeof *x);
  if (draw (r, 0, 4) == 0)
    x[draw (r, 0, LENGTH - 1)] = draw (r, 0, 1) ? NAN : -INFINITY;
  return n;
}

static uint64_t
bins_counted (const ReassignStats *s)
{
  return s->points + s->below_floor + s->beyond_time + s->beyond_frequency +
         s->outside_range + s->rejected;
}

static void
check_counts (const Analysis *a, int64_t start, size_t n)
{
  int64_t hop = (int64_t) a->shape.hop, end = start + (int64_t) n, frames = 0;

  for (int64_t c = start - start % hop - hop; c < end; c += hop)
    frames += c >= start;
  fail_unless_equals_int64 ((int64_t) a->n_frames, frames);
  fail_unless_equals_uint64 (a->stats.frames, a->n_frames);
  fail_unless_equals_uint64 (a->stats.points, a->n_points);
  fail_unless_equals_uint64 (bins_counted (&a->stats) % a->shape.n_bins, 0);
  fail_unless (bins_counted (&a->stats) <= a->n_frames * a->shape.n_bins);
}

static bool
is_within_limits (const Analysis *a, const ReassignConfig *c,
    const AnalysisFrame *f, size_t i)
{
  double shift = a->time[i] * RATE - (double) f->sample;
  double bin_hz = RATE / (double) a->shape.fft_size * a->bin[i];
  double most = c->max_time_shift > 0 ? c->max_time_shift
                                      : (double) a->shape.window_size / 2;
  double most_hz =
      c->max_frequency_shift > 0 ? c->max_frequency_shift : RATE / 8;

  return fabs (shift) <= most + 1e-6 && a->frequency[i] >= 0 &&
         a->frequency[i] <= RATE / 2 &&
         fabs (a->frequency[i] - bin_hz) <= most_hz + 1e-6 * RATE &&
         isfinite (a->magnitude[i]) && a->magnitude[i] > 0 &&
         isfinite (a->phase[i]) && isfinite (a->mixed[i]) &&
         a->agreement[i] >= 0 && a->agreement[i] <= 1 &&
         a->bin[i] < a->shape.n_bins &&
         (i == f->first || a->bin[i] > a->bin[i - 1]);
}

static void
check_points (const Analysis *a, const ReassignConfig *c, int round)
{
  for (size_t j = 0; j < a->n_frames; j++) {
    const AnalysisFrame *f = &a->frames[j];

    for (size_t i = f->first; i < f->first + f->n; i++)
      if (!is_within_limits (a, c, f, i))
        fail ("round %d: frame %zu bin %u at %g s (%g samples), %g Hz, "
              "magnitude %g, phase %g, mixed %g, agreement %g",
            round, j, a->bin[i], a->time[i],
            a->time[i] * RATE - (double) f->sample, a->frequency[i],
            a->magnitude[i], a->phase[i], a->mixed[i], a->agreement[i]);
  }
}

GST_START_TEST (the_contract_holds_for_any_config)
{
  int rounds = g_getenv ("TFR_TEST_FULL") != NULL ? 5000 : 150;
  GRand *r = g_rand_new_with_seed (2);
  double *x = g_new (double, LENGTH);
  size_t n_points = 0;

  for (int round = 0; round < rounds; round++) {
    ReassignConfig config = draw_config (r);
    size_t n = draw_signal (r, x);
    int64_t start = (int64_t) draw (r, 0, 4000) - 2000;
    Analysis *whole = analysis_new (&config, x, n, start);
    Analysis *cut = analysis_new_in_pieces (&config, x, n, start, 0);
    const char *what = analysis_difference (whole, cut);

    fail_unless (what == NULL, "round %d: %s differs", round, what);
    check_counts (whole, start, n);
    check_points (whole, &config, round);
    n_points += whole->n_points;
    analysis_free (whole);
    analysis_free (cut);
  }
  fail_unless (n_points > 1000);
  g_free (x);
  g_rand_free (r);
}
GST_END_TEST;

/* From a change on the frames are the new hop's multiples, up to the end;
 * before it the old one's, from 0 on; and each is there once. */
GST_START_TEST (any_config_follows_any_other_without_a_frame_lost)
{
  int rounds = g_getenv ("TFR_TEST_FULL") != NULL ? 5000 : 150;
  GRand *r = g_rand_new_with_seed (3);
  double *x = g_new (double, LENGTH);

  for (int round = 0; round < rounds; round++) {
    ReassignConfig from = draw_config (r), to = draw_config (r);
    size_t n = draw_signal (r, x), change = draw (r, 0, n), i = 0;
    int64_t at, old = (int64_t) from.hop, new = (int64_t) to.hop, c;
    Analysis *a = analysis_new_with_change (&from, &to, x, n, change, &at);

    fail_unless (at % old == 0 && at >= 0);
    for (c = 0; c < at && i < a->n_frames; c += old, i++)
      fail_unless_equals_int64 (a->frames[i].sample, c);
    fail_unless_equals_int64 (c, at);
    for (c = (at + new - 1) / new *new; c < (int64_t) n; c += new, i++)
      fail_unless (i < a->n_frames && a->frames[i].sample == c,
          "round %d: no frame at %d", round, (int) c);
    fail_unless_equals_uint64 (i, a->n_frames);
    analysis_free (a);
  }
  g_free (x);
  g_rand_free (r);
}
GST_END_TEST;

static Suite *
anyconfig_suite (void)
{
  Suite *s = suite_create ("anyconfig");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, the_contract_holds_for_any_config);
  tcase_add_test (tc, any_config_follows_any_other_without_a_frame_lost);
  return s;
}

GST_CHECK_MAIN (anyconfig);
