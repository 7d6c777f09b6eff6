/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What an analyzer emits is what the formulas say of its spectra, and only what
 * its limits let through. */

#include "analysis.h"
#include "kernel.h"
#include "near.h"
#include "signals.h"

#define RATE 48000.0
#define HZ (RATE / (2 * M_PI)) /* of a radian per sample */
#define LENGTH 12000
#define ALL_FIELDS 0xff

static double *
make_noise (void)
{
  double *x = g_new0 (double, LENGTH);

  signal_add_noise (x, LENGTH, 0.1, 11);
  signal_add_chirp (x, LENGTH, RATE, 0.5, 2000, 30000, 0);
  return x;
}

typedef struct {
  const double *x;
  int64_t centre;
} Samples;

static double complex
sample_at (double tau, const void *data)
{
  const Samples *s = data;
  int64_t i = s->centre + (int64_t) tau;

  return i >= 0 && i < LENGTH ? s->x[i] : 0;
}

/* Relative to the size of the terms that cancel. */
static void
check_point (const Kernel *k, const Analysis *a, size_t i, int64_t centre)
{
  size_t bin = a->bin[i];
  double t = ((double) centre + kernel_time (k, bin)) / RATE;
  double f = kernel_frequency (k, bin) * HZ, m = kernel_mixed (k, bin);
  double x = cabs (k->x[REASSIGN_TAP_H][bin]);
  double rate = kernel_chirp_rate (k, bin) * HZ * RATE;
  double edge = bin == 0 || 2 * bin == k->fft_size ? M_SQRT1_2 : 1;
  double phase = kernel_phase (k, bin);

  assert_near (a->time[i], t, 1e-12, "s, bin %zu", bin);
  assert_near (a->frequency[i], f, 1e-7, "Hz, bin %zu", bin);
  assert_near (a->magnitude[i] / (2 * x * edge / k->sum), 1, 1e-6,
      "magnitude, bin %zu", bin);
  assert_near (
      remainder (a->phase[i] - phase, 2 * M_PI), 0, 1e-6, "rad, bin %zu", bin);
  assert_near (a->mixed[i], m, 1e-6 * (1 + fabs (m)), "mixed, bin %zu", bin);
  assert_near (
      a->chirp_rate[i], rate, 1e-5 * (1 + fabs (rate)), "Hz/s, bin %zu", bin);
  fail_unless (a->phase[i] > -M_PI - 1e-6 && a->phase[i] <= M_PI + 1e-6);
  fail_unless (a->agreement[i] >= 0 && a->agreement[i] <= 1);
}

GST_START_TEST (points_are_what_the_formulas_say)
{
  static const size_t sizes[] = { 64, 255, 512 };
  double *x = make_noise ();

  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      ReassignConfig config = { .sample_rate = RATE,
        .window = w->id,
        .window_size = sizes[s],
        .hop = 500,
        .fft_size = sizes[s] + 1,
        .magnitude_floor = -60,
        .fields = ALL_FIELDS };
      Analysis *a = analysis_new (&config, x, LENGTH, 0);
      Kernel *k = kernel_new (w, 0, sizes[s], sizes[s] + 1);

      for (size_t f = 0; f < a->n_frames; f++) {
        Samples around = { x, a->frames[f].sample };

        kernel_run (k, sample_at, &around);
        for (size_t i = 0; i < a->frames[f].n; i++)
          check_point (k, a, a->frames[f].first + i, around.centre);
      }
      fail_unless (a->n_points > 10 * a->n_frames);
      kernel_free (k);
      analysis_free (a);
    }
  }
  g_free (x);
}
GST_END_TEST;

/* A field that is asked for changes no other. */
GST_START_TEST (fields_do_not_change_each_other)
{
  double *x = make_noise ();
  ReassignConfig config = {
    .sample_rate = RATE, .window_size = 512, .fields = ALL_FIELDS
  };
  Analysis *all = analysis_new (&config, x, LENGTH, 0);

  for (unsigned bit = 0; bit < 8; bit++) {
    Analysis *one;

    config.fields = 1u << bit;
    one = analysis_new (&config, x, LENGTH, 0);
    fail_unless_equals_uint64 (one->n_points, all->n_points);
    fail_unless (memcmp (one->time, all->time, one->n_points * 8) == 0);
    fail_unless (
        memcmp (one->frequency, all->frequency, one->n_points * 8) == 0);
    fail_unless (
        memcmp (one->magnitude, all->magnitude, one->n_points * 4) == 0);
    fail_unless (
        bit != 3 || memcmp (one->phase, all->phase, one->n_points * 4) == 0);
    fail_unless (
        bit != 4 || memcmp (one->mixed, all->mixed, one->n_points * 4) == 0);
    fail_unless (bit != 5 || memcmp (one->chirp_rate, all->chirp_rate,
                                 one->n_points * 4) == 0);
    fail_unless (bit != 6 || memcmp (one->agreement, all->agreement,
                                 one->n_points * 4) == 0);
    fail_unless (
        bit != 7 || memcmp (one->bin, all->bin, one->n_points * 4) == 0);
    analysis_free (one);
  }
  analysis_free (all);
  g_free (x);
}
GST_END_TEST;

GST_START_TEST (no_point_is_beyond_the_limits)
{
  double *x = make_noise ();
  ReassignConfig config = { .sample_rate = RATE,
    .window_size = 512,
    .max_time_shift = 30,
    .max_frequency_shift = 60,
    .fields = REASSIGN_FIELD_BIN };
  Analysis *a = analysis_new (&config, x, LENGTH, 777);
  double bin_width = RATE / 512;

  fail_unless (a->n_points > 1000);
  for (size_t i = 0; i < a->n_points; i++) {
    double centre = (double) analysis_frame_of (a, i)->sample;

    assert_near (a->time[i] * RATE, centre, 30 + 1e-6, "samples");
    assert_near (a->frequency[i], a->bin[i] * bin_width, 60 + 1e-6, "Hz");
    fail_unless (a->frequency[i] >= 0 && a->frequency[i] <= RATE / 2);
  }
  analysis_free (a);
  g_free (x);
}
GST_END_TEST;

/* An axis that is kept is neither moved nor cropped, and the other not touched
 * by it. */
GST_START_TEST (an_axis_that_is_kept_stays_at_the_grid)
{
  double *x = make_noise ();

  for (int kept = 1; kept < 4; kept++) {
    ReassignConfig config = { .sample_rate = RATE,
      .window_size = 512,
      .keep_time = kept & 1,
      .keep_frequency = kept & 2,
      .magnitude_floor = -INFINITY,
      .max_time_shift = kept & 1 ? 1e-6 : 0,
      .max_frequency_shift = kept & 2 ? 1e-6 : 0,
      .fields = ALL_FIELDS };
    Analysis *a = analysis_new (&config, x, LENGTH, 0);

    fail_unless (a->n_points > 1000);
    for (size_t i = 0; i < a->n_points; i++) {
      double centre = (double) analysis_frame_of (a, i)->sample / RATE;

      fail_unless (!(kept & 1) || a->time[i] == centre);
      fail_unless (!(kept & 2) || a->frequency[i] == a->bin[i] * RATE / 512);
    }
    if (kept == 3)
      fail_unless_equals_uint64 (a->n_points, a->n_frames * a->shape.n_bins);
    analysis_free (a);
  }
  g_free (x);
}
GST_END_TEST;

/* An impulse has no rate: every term cancels. */
GST_START_TEST (chirp_rate_of_an_impulse_is_undetermined)
{
  double *x = g_new0 (double, LENGTH);
  ReassignConfig config = { .sample_rate = RATE,
    .window_size = 512,
    .fields = REASSIGN_FIELD_CHIRP_RATE | REASSIGN_FIELD_MIXED };
  Analysis *a;

  x[5000] = 1;
  a = analysis_new (&config, x, LENGTH, 0);
  fail_unless (a->n_points > 100);
  for (size_t i = 0; i < a->n_points; i++) {
    fail_unless (isnan (a->chirp_rate[i]));
    assert_near (a->mixed[i], 1, 1e-6, "mixed");
  }
  analysis_free (a);
  g_free (x);
}
GST_END_TEST;

static Suite *
points_suite (void)
{
  Suite *s = suite_create ("points");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, points_are_what_the_formulas_say);
  tcase_add_test (tc, fields_do_not_change_each_other);
  tcase_add_test (tc, no_point_is_beyond_the_limits);
  tcase_add_test (tc, an_axis_that_is_kept_stays_at_the_grid);
  tcase_add_test (tc, chirp_rate_of_an_impulse_is_undetermined);
  return s;
}

GST_CHECK_MAIN (points);
