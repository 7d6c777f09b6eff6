/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The ends of every range: the shortest and longest windows, hops and
 * transforms, rates from a millihertz up, positions far from 0. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

/* A tone at a fifth of the rate, wherever the signal lies. */
static double *
make_tone (size_t n)
{
  double *x = g_new0 (double, n);

  signal_add_tone (x, n, 5, 0.5, 1, 0.3);
  return x;
}

/* Of the loudest point of the frame in the middle. */
static double
frequency_in_the_middle (const Analysis *a)
{
  const AnalysisFrame *f = &a->frames[a->n_frames / 2];

  fail_unless (f->n > 0);
  for (size_t i = f->first; i < f->first + f->n; i++)
    if (a->magnitude[i] >= f->peak)
      return a->frequency[i];
  return NAN;
}

GST_START_TEST (any_size_of_window_hop_and_transform_will_do)
{
  static const struct {
    size_t n, hop, fft, length;
  } sizes[] = { { 32, 1, 0, 500 }, { 33, 1, 33, 500 }, { 32, 31, 1 << 20, 200 },
    { 1 << 20, 1 << 18, 0, 3 << 19 }, { 1000, INT32_MAX, 0, 3000 },
    { 2048, 3, 2048, 5000 }, { 1009, 101, 1009, 5000 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    ReassignConfig config = { .sample_rate = 48000,
      .window_size = sizes[i].n,
      .hop = sizes[i].hop,
      .fft_size = sizes[i].fft };
    double *x = make_tone (sizes[i].length);
    Analysis *a = analysis_new (&config, x, sizes[i].length, 0);

    fail_unless_equals_uint64 (
        a->n_frames, (sizes[i].length + sizes[i].hop - 1) / sizes[i].hop);
    if (a->n_frames > 1)
      assert_near (frequency_in_the_middle (a), 9600,
          0.001 * 48000 / (double) sizes[i].n, "Hz, case %u", i);
    analysis_free (a);
    g_free (x);
  }
}
GST_END_TEST;

GST_START_TEST (any_rate_only_scales_times_and_frequencies)
{
  static const double rates[] = { 1e-3, 1, 44100.5, 1e7, 1e12 };
  double *x = make_tone (20000);

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    ReassignConfig config = { .sample_rate = rates[i], .window_size = 512 };
    Analysis *a = analysis_new (&config, x, 20000, 0);

    assert_near (frequency_in_the_middle (a) / rates[i], 0.2, 1e-6,
        "of the rate %g", rates[i]);
    for (size_t j = 0; j < a->n_points; j++)
      fail_unless (
          a->time[j] * rates[i] >= -256 && a->time[j] * rates[i] <= 20256);
    analysis_free (a);
  }
  g_free (x);
}
GST_END_TEST;

/* Years away a double still holds a sample, and the frames are the same. */
GST_START_TEST (positions_may_be_far_from_zero)
{
  static const int64_t starts[] = { INT64_C (1) << 40, -(INT64_C (1) << 40),
    INT64_C (1) << 62, -(INT64_C (1) << 62) };
  double *x = make_tone (10000);
  ReassignConfig config = { .sample_rate = 48000,
    .window_size = 512,
    .hop = 128,
    .fields = REASSIGN_FIELD_PHASE | REASSIGN_FIELD_AGREEMENT };
  Analysis *here = analysis_new (&config, x, 10000, 0);

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
    Analysis *there = analysis_new (&config, x, 10000, starts[i]);

    fail_unless_equals_uint64 (here->n_frames, there->n_frames);
    fail_unless_equals_uint64 (here->n_points, there->n_points);
    for (size_t f = 0; f < here->n_frames; f++)
      fail_unless_equals_int64 (
          here->frames[f].sample, there->frames[f].sample - starts[i]);
    fail_unless (
        memcmp (here->frequency, there->frequency, here->n_points * 8) == 0);
    fail_unless (memcmp (here->phase, there->phase, here->n_points * 4) == 0);
    fail_unless (
        memcmp (here->agreement, there->agreement, here->n_points * 4) == 0);
    analysis_free (there);
  }
  analysis_free (here);
  g_free (x);
}
GST_END_TEST;

static Suite *
extremes_suite (void)
{
  Suite *s = suite_create ("extremes");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, any_size_of_window_hop_and_transform_will_do);
  tcase_add_test (tc, any_rate_only_scales_times_and_frequencies);
  tcase_add_test (tc, positions_may_be_far_from_zero);
  return s;
}

GST_CHECK_MAIN (extremes);
