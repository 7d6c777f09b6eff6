/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A config that is wrong is refused with a sentence that names the field, one
 * that says nothing means the defaults. */

#include "analysis.h"
#include "near.h"

#include <string.h>

#define RATE 48000.0

static const double bad_table[64] = { [10] = NAN };
static const double negative_table[64] = { [32] = -1 };

static const struct {
  const char *field;
  ReassignConfig config;
} wrong[] = {
  { "sample_rate", { .sample_rate = 0 } },
  { "sample_rate", { .sample_rate = -1 } },
  { "sample_rate", { .sample_rate = NAN } },
  { "sample_rate", { .sample_rate = INFINITY } },
  { "window", { .sample_rate = RATE, .window = (ReassignWindowId) 10 } },
  { "window", { .sample_rate = RATE, .window = (ReassignWindowId) -1 } },
  { "window_parameter", { .sample_rate = RATE, .window_parameter = -1 } },
  { "window_parameter", { .sample_rate = RATE, .window_parameter = 501 } },
  { "window_parameter", { .sample_rate = RATE, .window_parameter = NAN } },
  { "window_parameter", { .sample_rate = RATE,
                            .window_parameter = 16,
                            .window = REASSIGN_WINDOW_DPSS } },
  { "window_size", { .sample_rate = RATE, .window_size = 31 } },
  { "window_size", { .sample_rate = RATE, .window_size = (1 << 20) + 1 } },
  { "window_size", { .sample_rate = RATE, .window_size = SIZE_MAX } },
  { "window_table",
      { .sample_rate = RATE, .window_size = 64, .window_table = bad_table } },
  { "window_table", { .sample_rate = RATE,
                        .window_size = 64,
                        .window_table = negative_table } },
  { "hop", { .sample_rate = RATE, .hop = SIZE_MAX } },
  { "fft_size", { .sample_rate = RATE, .fft_size = 2047 } },
  { "fft_size", { .sample_rate = RATE, .fft_size = (1 << 24) + 1 } },
  { "magnitude_floor", { .sample_rate = RATE, .magnitude_floor = NAN } },
  { "magnitude_floor", { .sample_rate = RATE, .magnitude_floor = INFINITY } },
  { "floor_reference",
      { .sample_rate = RATE, .floor_reference = (ReassignFloor) 4 } },
  { "max_time_shift", { .sample_rate = RATE, .max_time_shift = 1025 } },
  { "max_time_shift", { .sample_rate = RATE, .max_time_shift = -1 } },
  { "max_time_shift", { .sample_rate = RATE, .max_time_shift = NAN } },
  { "max_frequency_shift", { .sample_rate = RATE, .max_frequency_shift = -1 } },
  { "max_frequency_shift",
      { .sample_rate = RATE, .max_frequency_shift = INFINITY } },
  { "consensus", { .sample_rate = RATE, .consensus = (ReassignConsensus) 4 } },
  { "consensus_radius", { .sample_rate = RATE, .consensus_radius = 65 } },
  { "consensus_frames", { .sample_rate = RATE, .consensus_frames = 65 } },
  { "consensus_threshold",
      { .sample_rate = RATE, .consensus_threshold = 1.1 } },
  { "consensus_threshold",
      { .sample_rate = RATE, .consensus_threshold = NAN } },
  { "consensus_epsilon", { .sample_rate = RATE, .consensus_epsilon = 11 } },
  { "tone_tolerance", { .sample_rate = RATE, .tone_tolerance = -1 } },
  { "click_tolerance", { .sample_rate = RATE, .click_tolerance = NAN } },
  { "fields", { .sample_rate = RATE, .fields = 256 } },
  { "precision", { .sample_rate = RATE, .precision = (ReassignPrecision) 2 } },
};

GST_START_TEST (a_wrong_config_is_refused_by_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    const char *error = NULL;

    fail_unless (reassign_analyzer_new (&wrong[i].config, &error) == NULL,
        "%u: a wrong %s was taken", i, wrong[i].field);
    fail_unless (error != NULL && strstr (error, wrong[i].field) != NULL,
        "%u: a wrong %s is called: %s", i, wrong[i].field, error);
    fail_unless (reassign_analyzer_new (&wrong[i].config, NULL) == NULL);
  }
  reassign_analyzer_free (NULL);
}
GST_END_TEST;

GST_START_TEST (zeros_mean_the_defaults)
{
  ReassignConfig zeros = { .sample_rate = RATE };
  ReassignConfig full = reassign_config_default (RATE);
  double x[9000];
  Analysis *a, *b;

  for (int i = 0; i < 9000; i++)
    x[i] = sin (0.3 * i) * sin (0.001 * i);
  a = analysis_new (&zeros, x, 9000, 0);
  b = analysis_new (&full, x, 9000, 0);
  fail_unless (analysis_difference (a, b) == NULL);
  fail_unless_equals_uint64 (a->shape.window_size, 2048);
  fail_unless_equals_uint64 (a->shape.hop, 512);
  fail_unless_equals_uint64 (a->shape.fft_size, 2048);
  fail_unless_equals_int (a->shape.window, REASSIGN_WINDOW_KAISER_SMOOTH);
  assert_near (a->shape.window_parameter, 9, 0, "beta");
  assert_near (full.magnitude_floor, -120, 0, "floor");
  assert_near (full.max_time_shift, 1024, 0, "samples");
  assert_near (full.max_frequency_shift, 6000, 0, "Hz");
  analysis_free (a);
  analysis_free (b);
}
GST_END_TEST;

/* fft_size the next power of two, V = round (N / 8 H) within 1 and 8, radius
 * round (fft_size / N). */
GST_START_TEST (automatic_sizes_follow_the_window)
{
  static const struct {
    size_t n, hop, fft, frames, radius;
  } cases[] = { { 1000, 0, 1024, 1, 1 }, { 512, 32, 512, 2, 1 },
    { 2048, 16, 4096, 8, 2 }, { 255, 500, 1024, 1, 4 }, { 33, 1, 64, 4, 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    ReassignConfig config = { .sample_rate = RATE,
      .window_size = cases[i].n,
      .hop = cases[i].hop,
      .fields = REASSIGN_FIELD_AGREEMENT };
    ReassignAnalyzer *a;
    const ReassignShape *shape;
    size_t patience;

    config.fft_size = i >= 2 && i < 4 ? cases[i].fft : 0;
    a = analysis_analyzer (&config);
    shape = reassign_analyzer_shape (a);
    patience = MAX ((cases[i].n + 1) / 2 + 8, shape->hop);
    fail_unless_equals_uint64 (shape->fft_size, cases[i].fft);
    fail_unless_equals_uint64 (
        reassign_analyzer_latency (a), patience + cases[i].frames * shape->hop);
    reassign_analyzer_free (a);
  }
}
GST_END_TEST;

/* A window of the user's is used as it is, and not kept. */
GST_START_TEST (a_table_of_the_users_is_the_window)
{
  const ReassignWindow *w = reassign_window_by_name ("blackman");
  ReassignConfig by_name = {
    .sample_rate = RATE, .window_size = 500, .window = w->id, .fields = 0xff
  };
  ReassignConfig by_table = by_name;
  double *table = g_new (double, 500), x[5000];
  ReassignAnalyzer *analyzer;
  Analysis *a, *b;

  for (int i = 0; i < 5000; i++)
    x[i] = sin (0.3 * i) * sin (0.001 * i);
  fail_unless (w->generate (table, 500, 0));
  by_table.window = REASSIGN_WINDOW_DEFAULT;
  by_table.window_table = table;
  a = analysis_new (&by_name, x, 5000, 0);
  analyzer = analysis_analyzer (&by_table);
  g_free (table);
  b = analysis_of (analyzer, x, 5000, 0, SIZE_MAX);
  fail_unless (analysis_difference (a, b) == NULL);
  fail_unless_equals_int (b->shape.window, REASSIGN_WINDOW_DEFAULT);
  reassign_analyzer_free (analyzer);
  analysis_free (a);
  analysis_free (b);
}
GST_END_TEST;

static Suite *
config_suite (void)
{
  Suite *s = suite_create ("config");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_wrong_config_is_refused_by_name);
  tcase_add_test (tc, zeros_mean_the_defaults);
  tcase_add_test (tc, automatic_sizes_follow_the_window);
  tcase_add_test (tc, a_table_of_the_users_is_the_window);
  return s;
}

GST_CHECK_MAIN (config);
