/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Bass: a real tone near 0 Hz meets its own negative image, unless that is
 * removed first. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

#include <stdio.h>

#define RATE 48000.0
#define LENGTH 24000
#define PHASES 16

/* Hz, over frames whose windows and filters lie within the signal and bins
 * within 20 dB of the frame's peak. */
static double
worst_error (double hz, double phase, bool analytic)
{
  double *x = g_new0 (double, LENGTH), worst = 0;
  ReassignConfig config = { .sample_rate = RATE, .analytic = analytic };
  Analysis *a;
  size_t n = 0;

  signal_add_tone (x, LENGTH, RATE, 0.5, hz, phase);
  a = analysis_new (&config, x, LENGTH, 0);
  for (size_t i = 0; i < a->n_points; i++) {
    const AnalysisFrame *f = analysis_frame_of (a, i);

    if (f->sample < 5000 || f->sample > LENGTH - 5000 ||
        a->magnitude[i] < f->peak / 10)
      continue;
    worst = fmax (worst, fabs (a->frequency[i] - hz));
    n++;
  }
  fail_unless (n >= 20);
  analysis_free (a);
  g_free (x);
  return worst;
}

GST_START_TEST (a_tone_of_32_hz_is_right_at_every_phase)
{
  double worst = 0, least_without = INFINITY;

  for (int i = 0; i < PHASES; i++) {
    double phase = 2 * M_PI * i / PHASES;

    worst = fmax (worst, worst_error (32, phase, true));
    least_without = fmin (least_without, worst_error (32, phase, false));
  }
  printf ("32 Hz, N 2048, worst error of bins within 20 dB: %.3f Hz with "
          "analytic, at best %.1f Hz without\n",
      worst, least_without);
  fflush (stdout);
  assert_at_most (worst, 0.1, "Hz with analytic");
  /* less than half a bin of 23 Hz it is never without: lost */
  fail_unless (least_without > 5, "%g Hz without", least_without);
}
GST_END_TEST;

GST_START_TEST (all_bass_from_24_hz_up_is_right)
{
  static const double tones[] = { 24, 26, 27.5, 30, 36, 41.2, 50, 55, 82.41,
    110, 220 };

  for (guint t = 0; t < G_N_ELEMENTS (tones); t++) {
    double with = 0, without = 0;

    for (int i = 0; i < 8; i++) {
      with = fmax (with, worst_error (tones[t], 0.8 * i, true));
      without = fmax (without, worst_error (tones[t], 0.8 * i, false));
    }
    printf ("%6.2f Hz: worst error %.2g Hz with analytic, %.2g without\n",
        tones[t], with, without);
    assert_at_most (with, 0.1, "%g Hz with analytic", tones[t]);
  }
  fflush (stdout);
}
GST_END_TEST;

/* At any rate, the lowest too: the delay keeps to its 64 ms and samples. */
GST_START_TEST (delay_is_about_64_ms_at_any_rate)
{
  static const double rates[] = { 8000, 11025, 44100, 48000, 96000, 192000 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    ReassignConfig config = { .sample_rate = rates[i], .window_size = 256 };
    ReassignAnalyzer *without = analysis_analyzer (&config), *with;
    double delay;

    config.analytic = true;
    with = analysis_analyzer (&config);
    delay = (double) (reassign_analyzer_latency (with) -
                      reassign_analyzer_latency (without));
    assert_near (delay / rates[i], 0.064, 0.001, "s at %g Hz", rates[i]);
    reassign_analyzer_free (with);
    reassign_analyzer_free (without);
  }
}
GST_END_TEST;

GST_START_TEST (a_rate_that_is_too_high_for_it_is_refused_by_name)
{
  ReassignConfig config = { .sample_rate = 1e12, .window_size = 256 };
  const char *error = NULL;

  reassign_analyzer_free (analysis_analyzer (&config));
  config.analytic = true;
  fail_unless (reassign_analyzer_new (&config, &error) == NULL);
  fail_unless (strstr (error, "sample_rate") != NULL, "%s", error);
}
GST_END_TEST;

static Suite *
analytic_suite (void)
{
  Suite *s = suite_create ("analytic");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_tone_of_32_hz_is_right_at_every_phase);
  tcase_add_test (tc, all_bass_from_24_hz_up_is_right);
  tcase_add_test (tc, delay_is_about_64_ms_at_any_rate);
  tcase_add_test (tc, a_rate_that_is_too_high_for_it_is_refused_by_name);
  return s;
}

GST_CHECK_MAIN (analytic);
