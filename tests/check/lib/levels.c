/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What a point's time and magnitude mean: seconds on the sample clock, and
 * amplitudes with a full-scale sine at 1. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

#define RATE 48000.0

/* The loudest point of the frame nearest to the middle. */
static size_t
loudest_of_middle (const Analysis *a)
{
  const AnalysisFrame *f = &a->frames[a->n_frames / 2];
  size_t best = f->first;

  fail_unless (f->n > 0);
  for (size_t i = f->first; i < f->first + f->n; i++)
    if (a->magnitude[i] > a->magnitude[best])
      best = i;
  return best;
}

static double
decibels (double magnitude)
{
  return 20 * log10 (magnitude);
}

GST_START_TEST (full_scale_sine_on_a_bin_reads_0_dbfs_for_every_window)
{
  static double x[16384];
  static const size_t sizes[] = { 256, 255, 1000, 2048 };

  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      ReassignConfig config = { .sample_rate = RATE,
        .window = w->id,
        .window_size = sizes[s],
        .fields = REASSIGN_FIELD_BIN };
      Analysis *a;
      size_t loudest, bin = sizes[s] / 5;

      config.fft_size = sizes[s];
      memset (x, 0, sizeof x);
      signal_add_tone (
          x, 16384, RATE, 1, (double) bin * RATE / (double) sizes[s], 0.7);
      a = analysis_new (&config, x, 16384, 0);
      loudest = loudest_of_middle (a);
      fail_unless_equals_uint64 (a->bin[loudest], bin);
      assert_near (decibels (a->magnitude[loudest]), 0, 0.01, "%s %zu, dBFS",
          w->name, sizes[s]);
      analysis_free (a);
    }
  }
}
GST_END_TEST;

/* magnitude^2 / 2 is the power of the bin: also of a constant and of the
 * highest frequency, which have no negative partner. */
GST_START_TEST (power_is_right_at_dc_and_nyquist)
{
  static double x[16384];

  for (int analytic = 0; analytic < 2; analytic++) {
    for (int nyquist = 0; nyquist < 2; nyquist++) {
      ReassignConfig config = { .sample_rate = RATE,
        .window_size = 1024,
        .keep_frequency = true,
        .analytic = analytic == 1,
        .fields = REASSIGN_FIELD_BIN };
      Analysis *a;
      size_t loudest;

      for (size_t i = 0; i < 16384; i++)
        x[i] = nyquist == 1 && i % 2 == 1 ? -0.3 : 0.3;
      a = analysis_new (&config, x, 16384, 0);
      loudest = loudest_of_middle (a);
      fail_unless_equals_uint64 (a->bin[loudest], nyquist == 1 ? 512 : 0);
      assert_near (a->magnitude[loudest] * a->magnitude[loudest] / 2, 0.09,
          1e-6, "power, analytic %d, nyquist %d", analytic, nyquist);
      analysis_free (a);
    }
  }
}
GST_END_TEST;

GST_START_TEST (analytic_tone_reads_the_same)
{
  static double x[16384];
  ReassignConfig config = { .sample_rate = RATE };

  signal_add_tone (x, 16384, RATE, 0.5, 3000, 0.7);
  for (int analytic = 0; analytic < 2; analytic++) {
    Analysis *a;

    config.analytic = analytic == 1;
    a = analysis_new (&config, x, 16384, 0);
    assert_near (decibels (a->magnitude[loudest_of_middle (a)] / 0.5), 0, 0.01,
        "dB, analytic %d", analytic);
    analysis_free (a);
  }
}
GST_END_TEST;

/* Wherever the stream begins and whatever the window, hop and padding are. */
GST_START_TEST (an_impulse_at_sample_k_has_time_k_over_rate)
{
  static double x[6000];
  static const int64_t starts[] = { 0, -4321, 1, 123456789 };
  static const size_t sizes[] = { 64, 255, 256, 1000 };
  size_t n_seen = 0;

  x[2222] = 0.9;
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      for (size_t hop = 1; hop <= sizes[s]; hop = hop * 3 + 4) {
        ReassignConfig config = {
          .sample_rate = RATE, .window_size = sizes[s], .hop = hop
        };
        Analysis *a = analysis_new (&config, x, 6000, starts[i]);
        double k = (double) (starts[i] + 2222);

        for (size_t j = 0; j < a->n_points; j++)
          if (a->magnitude[j] > 1e-5)
            assert_near (a->time[j], k / RATE, 1e-9 / RATE + k * 4e-16 / RATE,
                "s, start %" G_GINT64_FORMAT " N %zu hop %zu", starts[i],
                sizes[s], hop);
        n_seen += a->n_points;
        analysis_free (a);
      }
    }
  }
  fail_unless (n_seen > 10000);
}
GST_END_TEST;

GST_START_TEST (silence_and_nothing_have_no_points)
{
  static double x[10000];
  ReassignConfig config = { .sample_rate = RATE };

  config.magnitude_floor = -INFINITY;
  for (size_t n = 0; n <= 10000; n += 5000) {
    Analysis *a = analysis_new (&config, x, n, 0);

    fail_unless_equals_uint64 (a->n_frames, (n + 511) / 512);
    fail_unless_equals_uint64 (a->n_points, 0);
    analysis_free (a);
  }
}
GST_END_TEST;

/* A constant and the highest frequency are tones at the ends of the range, and
 * rounding to beyond them loses nothing: all bins that hold them stay. */
GST_START_TEST (tones_at_the_ends_of_the_range_stay)
{
  static double x[16384];
  ReassignConfig config = { .sample_rate = RATE };

  for (int kind = 0; kind < 4; kind++) {
    bool nyquist = kind % 2 == 1;
    size_t n_frames = 0;
    Analysis *a, *unmoved;

    for (size_t i = 0; i < 16384; i++)
      x[i] = nyquist && i % 2 == 1 ? -0.5 : 0.5;
    config.analytic = kind >= 2;
    config.keep_frequency = false;
    a = analysis_new (&config, x, 16384, 0);
    config.keep_frequency = true;
    unmoved = analysis_new (&config, x, 16384, 0);
    for (size_t j = 0; j < a->n_frames; j++) {
      const AnalysisFrame *f = &a->frames[j];
      double power = 0, whole = 0;

      if (f->sample < 4096 || f->sample > 16384 - 4096)
        continue;
      for (size_t i = f->first; i < f->first + f->n; i++) {
        if (a->magnitude[i] > f->peak / 100)
          assert_near (a->frequency[i], nyquist ? RATE / 2 : 0, 1e-6,
              "Hz, kind %d", kind);
        fail_unless (a->frequency[i] >= 0 && a->frequency[i] <= RATE / 2);
        power += a->magnitude[i] * a->magnitude[i];
      }
      for (size_t i = 0; i < unmoved->frames[j].n; i++)
        whole += pow (unmoved->magnitude[unmoved->frames[j].first + i], 2);
      assert_near (power / whole, 1, 1e-6, "share kept, kind %d", kind);
      n_frames++;
    }
    fail_unless (n_frames > 10);
    analysis_free (unmoved);
    analysis_free (a);
  }
}
GST_END_TEST;

static Suite *
levels_suite (void)
{
  Suite *s = suite_create ("levels");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, full_scale_sine_on_a_bin_reads_0_dbfs_for_every_window);
  tcase_add_test (tc, power_is_right_at_dc_and_nyquist);
  tcase_add_test (tc, analytic_tone_reads_the_same);
  tcase_add_test (tc, an_impulse_at_sample_k_has_time_k_over_rate);
  tcase_add_test (tc, silence_and_nothing_have_no_points);
  tcase_add_test (tc, tones_at_the_ends_of_the_range_stay);
  return s;
}

GST_CHECK_MAIN (levels);
