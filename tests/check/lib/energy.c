/* SPDX-License-Identifier: GPL-2.0-or-later */

/* No energy is lost without a word: where the squared windows of all frames add
 * up to a constant, energy * magnitude^2 over all bins sums to the signal's own
 * (Parseval), and what is dropped is counted. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

#define RATE 48000.0
#define LENGTH 24000

static const char *const cosines[] = { "hann", "hamming", "blackman",
  "blackman-harris", "nuttall" };

/* A chirp, a tone, noise and a click, silent in the first and last n samples.
 */
static double *
make_programme (size_t n)
{
  double *x = g_new0 (double, LENGTH);

  signal_add_noise (x + n, LENGTH - 2 * n, 0.02, 5);
  signal_add_tone (x + n, LENGTH - 2 * n, RATE, 0.4, 997, 0.3);
  signal_add_chirp (x + n, LENGTH - 2 * n, RATE, 0.3, 3000, 9000, 0);
  x[LENGTH / 2] += 5;
  return x;
}

static double
energy_of (const double *x)
{
  double sum = 0;

  for (size_t i = 0; i < LENGTH; i++)
    sum += x[i] * x[i];
  return sum;
}

static double
energy_counted (const ReassignStats *s)
{
  return s->energy + s->energy_below_floor + s->energy_beyond_time +
         s->energy_beyond_frequency + s->energy_outside_range +
         s->energy_rejected;
}

static double
energy_of_points (const Analysis *a)
{
  double sum = 0;

  for (size_t i = 0; i < a->n_points; i++)
    sum += a->shape.energy * a->magnitude[i] * a->magnitude[i];
  return sum;
}

static ReassignConfig
config_for (const char *window, size_t n)
{
  ReassignConfig config = { .sample_rate = RATE };

  config.window = reassign_window_by_name (window)->id;
  config.window_size = n;
  config.hop = n / 8;
  return config;
}

GST_START_TEST (spectra_hold_the_energy_of_the_signal)
{
  static const size_t sizes[] = { 64, 256, 1000, 2048 };

  for (guint w = 0; w < G_N_ELEMENTS (cosines); w++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      for (size_t padding = 0; padding < 3; padding++) {
        ReassignConfig config = config_for (cosines[w], sizes[s]);
        double *x = make_programme (sizes[s]), energy = energy_of (x);
        Analysis *a;

        config.fft_size = padding == 0 ? 0 : padding * sizes[s] + padding % 2;
        a = analysis_new (&config, x, LENGTH, 0);
        assert_near (energy_counted (&a->stats) / energy, 1, 1e-10,
            "%s %zu fft %zu", cosines[w], sizes[s], a->shape.fft_size);
        analysis_free (a);
        g_free (x);
      }
    }
  }
}
GST_END_TEST;

GST_START_TEST (points_hold_the_energy_that_was_not_dropped)
{
  for (guint w = 0; w < G_N_ELEMENTS (cosines); w++) {
    ReassignConfig config = config_for (cosines[w], 1024);
    double *x = make_programme (1024);
    Analysis *a = analysis_new (&config, x, LENGTH, 0);

    assert_near (
        energy_of_points (a) / a->stats.energy, 1, 1e-6, "%s", cosines[w]);
    fail_unless_equals_uint64 (a->stats.points, a->n_points);
    analysis_free (a);
    g_free (x);
  }
}
GST_END_TEST;

/* Unmoved points are never dropped, so they hold everything. */
GST_START_TEST (points_that_are_not_moved_hold_all_energy)
{
  double *x = make_programme (1024), energy = energy_of (x);
  ReassignConfig config = config_for ("nuttall", 1024);
  Analysis *a;

  config.keep_time = config.keep_frequency = true;
  config.magnitude_floor = -INFINITY;
  a = analysis_new (&config, x, LENGTH, 0);
  assert_near (energy_of_points (a) / energy, 1, 1e-6, "points");
  analysis_free (a);
  g_free (x);
}
GST_END_TEST;

GST_START_TEST (all_that_is_dropped_is_counted)
{
  static const ReassignConsensus consensus[] = { REASSIGN_CONSENSUS_NONE,
    REASSIGN_CONSENSUS_LINE, REASSIGN_CONSENSUS_MIXED,
    REASSIGN_CONSENSUS_RANK1 };
  double *x = make_programme (512), energy = energy_of (x);

  for (guint i = 0; i < G_N_ELEMENTS (consensus); i++) {
    ReassignConfig config = config_for ("hann", 512);
    const ReassignStats *s;
    uint64_t frames_heard = 0;
    Analysis *a;

    config.hop = 64;
    config.magnitude_floor = -60;
    config.max_time_shift = 100;
    config.max_frequency_shift = 500;
    config.consensus = consensus[i];
    a = analysis_new (&config, x, LENGTH, 0);
    s = &a->stats;
    assert_near (energy_counted (s) / energy, 1, 1e-6, "consensus %u", i);
    assert_near (energy_of_points (a) / s->energy, 1, 1e-5, "points, %u", i);

    fail_unless (s->below_floor > 0 && s->beyond_time > 0 &&
                 s->beyond_frequency > 0 && s->outside_range > 0);
    fail_unless ((s->rejected > 0) == (i > 0));
    fail_unless_equals_uint64 (s->points, a->n_points);
    frames_heard = (s->points + s->below_floor + s->beyond_time +
                       s->beyond_frequency + s->outside_range + s->rejected) /
                   a->shape.n_bins;
    fail_unless_equals_uint64 (frames_heard * a->shape.n_bins,
        s->points + s->below_floor + s->beyond_time + s->beyond_frequency +
            s->outside_range + s->rejected);
    fail_unless (frames_heard > 0 && frames_heard < s->frames);
    analysis_free (a);
  }
  g_free (x);
}
GST_END_TEST;

/* The negative frequencies' energy goes to the positive ones: what lies above
 * the filter's edge of some 30 Hz sums up as before. */
GST_START_TEST (analytic_points_hold_the_energy_above_the_bass)
{
  ReassignConfig config = config_for ("nuttall", 1024);
  double *x = g_new0 (double, LENGTH), energy;
  Analysis *a;

  for (size_t i = 4096; i < LENGTH - 4096; i++) {
    double u = (double) (i - 4096) / (LENGTH - 8192);

    x[i] = sin (M_PI * u) * sin (M_PI * u) * sin (0.3 * (double) i);
  }
  energy = energy_of (x);
  config.analytic = true;
  a = analysis_new (&config, x, LENGTH, 0);
  assert_near (energy_counted (&a->stats) / energy, 1, 2e-3, "all bins");
  analysis_free (a);
  g_free (x);
}
GST_END_TEST;

static Suite *
energy_suite (void)
{
  Suite *s = suite_create ("energy");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, spectra_hold_the_energy_of_the_signal);
  tcase_add_test (tc, points_hold_the_energy_that_was_not_dropped);
  tcase_add_test (tc, points_that_are_not_moved_hold_all_energy);
  tcase_add_test (tc, all_that_is_dropped_is_counted);
  tcase_add_test (tc, analytic_points_hold_the_energy_above_the_bass);
  return s;
}

GST_CHECK_MAIN (energy);
