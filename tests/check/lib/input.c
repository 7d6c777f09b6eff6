/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Samples that are not plain sound: known silence, NaN, the infinite, the
 * denormal; and those that one analyzer hands to the next. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

#include <float.h>

#define RATE 8000.0
#define LENGTH 20000
#define ALL_FIELDS 0xff

static const ReassignConfig kinds[] = {
  { .sample_rate = RATE, .window_size = 256, .fields = ALL_FIELDS },
  { .sample_rate = RATE, .window_size = 64, .hop = 500 },
  { .sample_rate = RATE, .window_size = 255, .hop = 64, .analytic = true },
  { .sample_rate = RATE,
      .window_size = 256,
      .hop = 60,
      .precision = REASSIGN_PRECISION_SINGLE },
  { .sample_rate = RATE,
      .window_size = 256,
      .hop = 32,
      .consensus = REASSIGN_CONSENSUS_LINE },
};

static double *
make_programme (void)
{
  double *x = g_new0 (double, LENGTH);

  signal_add_noise (x, LENGTH, 0.05, 21);
  signal_add_chirp (x, LENGTH, RATE, 0.5, 300, 800, 0);
  return x;
}

/* Whether any of [from, to) lies under the frame's window and its overhang. */
static bool
touches (const Analysis *a, const AnalysisFrame *f, int64_t from, int64_t to)
{
  int64_t n = (int64_t) a->shape.window_size;

  return f->sample - n / 2 - 8 < to && f->sample + n - n / 2 + 8 > from;
}

GST_START_TEST (known_silence_is_zeros_and_says_so)
{
  const int64_t from = 6001, to = 13007; /* the silence */
  double *x = make_programme ();

  memset (x + from, 0, (size_t) (to - from) * sizeof *x);
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    ReassignAnalyzer *a = analysis_analyzer (&kinds[k]);
    Analysis *zeros = analysis_of (a, x, LENGTH, 0, SIZE_MAX);
    Analysis *gap = analysis_new_empty ();
    size_t n_gaps = 0;

    reassign_analyzer_reset (a, 0);
    analysis_push (gap, a, x, (size_t) from);
    analysis_push (gap, a, NULL, (size_t) (to - from));
    analysis_push (gap, a, x + to, (size_t) (LENGTH - to));
    reassign_analyzer_drain (a);
    analysis_pull (gap, a);
    gap->shape = zeros->shape;
    for (size_t i = 0; i < gap->n_frames; i++) {
      AnalysisFrame *f = &gap->frames[i];
      bool silent = !touches (gap, f, 0, from) && !touches (gap, f, to, LENGTH);

      fail_unless (f->gap == silent, "kind %u frame %zu", k, i);
      fail_unless (!zeros->frames[i].gap);
      n_gaps += f->gap ? 1 : 0;
      f->gap = false;
    }
    fail_unless (n_gaps > 5);
    fail_unless (analysis_difference (zeros, gap) == NULL);
    analysis_free (gap);
    analysis_free (zeros);
    reassign_analyzer_free (a);
  }
  g_free (x);
}
GST_END_TEST;

/* Taken as 0, counted, and no more than the frames that see them lost.  Votes
 * miss the points of those frames, and in single precision the other of a pair
 * is rounded otherwise, so these are not compared. */
GST_START_TEST (what_is_not_finite_stays_within_its_windows)
{
  static const double bad[] = { NAN, INFINITY, -INFINITY, 1e200 };
  double *x = make_programme ();

  for (guint k = 0; k < 3; k++) {
    for (guint b = 0; b < G_N_ELEMENTS (bad); b++) {
      Analysis *zero, *spoilt;
      double good = x[9000];
      size_t lost = 0;

      x[9000] = x[9001] = 0;
      zero = analysis_new (&kinds[k], x, LENGTH, 0);
      x[9000] = x[9001] = bad[b];
      spoilt = analysis_new (&kinds[k], x, LENGTH, 0);
      x[9000] = x[9001] = good;

      fail_unless_equals_uint64 (spoilt->stats.non_finite_samples, 2);
      fail_unless_equals_uint64 (zero->stats.non_finite_samples, 0);
      for (size_t i = 0; i < zero->n_frames; i++) {
        const AnalysisFrame *f = &zero->frames[i], *g = &spoilt->frames[i];

        if (touches (zero, f, 9000, 9002)) {
          fail_unless_equals_uint64 (g->n, 0);
          lost++;
          continue;
        }
        fail_unless_equals_uint64 (f->n, g->n);
        fail_unless (memcmp (zero->frequency + f->first,
                         spoilt->frequency + g->first, f->n * 8) == 0);
        fail_unless (memcmp (zero->magnitude + f->first,
                         spoilt->magnitude + g->first, f->n * 4) == 0);
      }
      fail_unless (lost > 0);
      for (size_t i = 0; i < spoilt->n_points; i++)
        fail_unless (isfinite (spoilt->time[i]) &&
                     isfinite (spoilt->frequency[i]) &&
                     isfinite (spoilt->magnitude[i]));
      analysis_free (zero);
      analysis_free (spoilt);
    }
  }
  g_free (x);
}
GST_END_TEST;

static void
make_denormal_tone (double *x, double amplitude)
{
  for (size_t i = 0; i < LENGTH; i++)
    x[i] = amplitude * sin (0.1 * (double) (i + 1));
}

/* Below every floor there is, and below what a sample can be. */
GST_START_TEST (denormal_samples_are_silence)
{
  double *x = g_new0 (double, LENGTH);

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    ReassignConfig config = kinds[k];
    bool single = config.precision == REASSIGN_PRECISION_SINGLE;

    config.magnitude_floor = -INFINITY;
    for (guint of_float = 0; of_float <= single; of_float++) {
      Analysis *a;

      make_denormal_tone (x, of_float ? FLT_MIN / 4 : DBL_MIN / 4);
      fail_unless (of_float || fpclassify (x[0]) == FP_SUBNORMAL);
      a = analysis_new (&config, x, LENGTH, 0);
      fail_unless (a->n_frames > 0);
      fail_unless_equals_uint64 (a->n_points, 0);
      fail_unless_equals_uint64 (a->stats.non_finite_samples, 0);
      analysis_free (a);
    }
  }
  g_free (x);
}
GST_END_TEST;

/* In double precision it is sound as any other, although its magnitudes are
 * denormal floats. */
GST_START_TEST (a_tone_of_denormal_floats_is_where_a_loud_one_is)
{
  double *x = g_new0 (double, LENGTH), *scaled = g_new0 (double, LENGTH);

  make_denormal_tone (x, 1);
  make_denormal_tone (scaled, FLT_MIN / 4); /* a power of 2, so bit for bit */
  fail_unless (fpclassify ((float) scaled[0]) == FP_SUBNORMAL);
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    ReassignConfig config = kinds[k];
    Analysis *a, *b;

    if (config.precision == REASSIGN_PRECISION_SINGLE)
      continue;
    config.magnitude_floor = -INFINITY;
    a = analysis_new (&config, x, LENGTH, 0);
    b = analysis_new (&config, scaled, LENGTH, 0);
    fail_unless (a->n_points > a->n_frames);
    fail_unless_equals_uint64 (b->n_points, a->n_points);
    for (size_t i = 0; i < a->n_points; i++) {
      assert_near (b->time[i], a->time[i], 0, "time %zu, kind %u", i, k);
      assert_near (
          b->frequency[i], a->frequency[i], 0, "frequency %zu, kind %u", i, k);
      assert_near (b->magnitude[i], ldexp (a->magnitude[i], -128), 0x1p-150,
          "magnitude %zu, kind %u", i, k); /* half of the least float */
    }
    analysis_free (b);
    analysis_free (a);
  }
  g_free (scaled);
  g_free (x);
}
GST_END_TEST;

/* Scaled, a signal's points differ in magnitude only. */
GST_START_TEST (very_soft_and_very_loud_signals_have_the_same_points)
{
  double *x = make_programme (), *scaled = g_new0 (double, LENGTH);
  ReassignConfig config = kinds[0];
  Analysis *a, *b;

  config.floor_reference = REASSIGN_FLOOR_FRAME_PEAK;
  config.magnitude_floor = -40;
  a = analysis_new (&config, x, LENGTH, 0);
  for (int power = -100; power <= 100; power += 200) {
    for (size_t i = 0; i < LENGTH; i++)
      scaled[i] = ldexp (x[i], power);
    b = analysis_new (&config, scaled, LENGTH, 0);
    fail_unless_equals_uint64 (a->n_points, b->n_points);
    fail_unless (memcmp (a->time, b->time, a->n_points * 8) == 0);
    fail_unless (memcmp (a->frequency, b->frequency, a->n_points * 8) == 0);
    fail_unless (memcmp (a->mixed, b->mixed, a->n_points * 4) == 0);
    analysis_free (b);
  }
  analysis_free (a);
  g_free (scaled);
  g_free (x);
}
GST_END_TEST;

/* A skip leaves out frames, and those that follow see all samples. */
GST_START_TEST (skipped_frames_are_those_before_the_position)
{
  double *x = make_programme ();

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    ReassignAnalyzer *a = analysis_analyzer (&kinds[k]);
    Analysis *whole = analysis_of (a, x, LENGTH, 0, SIZE_MAX);
    Analysis *part = analysis_new_empty ();
    size_t offset;

    reassign_analyzer_reset (a, 0);
    reassign_analyzer_skip (a, 8100);
    analysis_push (part, a, x, LENGTH);
    reassign_analyzer_drain (a);
    analysis_pull (part, a);

    offset = whole->n_frames - part->n_frames;
    fail_unless (part->frames[0].sample >= 8100);
    fail_unless (whole->frames[offset - 1].sample < 8100);
    for (size_t i = 0; i < part->n_frames; i++) {
      const AnalysisFrame *f = &part->frames[i],
                          *g = &whole->frames[offset + i];

      fail_unless_equals_int64 (f->sample, g->sample);
      fail_unless_equals_uint64 (f->n, g->n);
      fail_unless (memcmp (part->time + f->first, whole->time + g->first,
                       f->n * 8) == 0);
    }
    analysis_free (whole);
    analysis_free (part);
    reassign_analyzer_free (a);
  }
  g_free (x);
}
GST_END_TEST;

/* ------------------------------------------------------ change of config ----
 */

/* Frames of the old grid before the change, of the new from there on, and from
 * where all samples are still held the same as if it had always been so. */
GST_START_TEST (a_change_of_config_takes_effect_at_the_next_frame)
{
  double *x = make_programme ();

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    for (guint l = 0; l < G_N_ELEMENTS (kinds); l++) {
      int64_t at;
      Analysis *old = analysis_new (&kinds[k], x, LENGTH, 0);
      Analysis *new = analysis_new (&kinds[l], x, LENGTH, 0);
      Analysis *a =
          analysis_new_with_change (&kinds[k], &kinds[l], x, LENGTH, 9876, &at);
      size_t n_old = 0, hop = new->shape.hop, first_new;

      while (n_old < a->n_frames && a->frames[n_old].sample < at) {
        const AnalysisFrame *f = &a->frames[n_old], *g = &old->frames[n_old];

        fail_unless_equals_int64 (f->sample, g->sample);
        n_old++;
      }
      fail_unless (n_old > 0 && at <= 9876 && at > 9876 - 1500, "%u %u", k, l);
      first_new = (size_t) ((at + (int64_t) hop - 1) / (int64_t) hop);
      fail_unless_equals_uint64 (
          a->n_frames - n_old, new->n_frames - first_new);
      for (size_t i = n_old; i < a->n_frames; i++) {
        const AnalysisFrame *f = &a->frames[i];
        const AnalysisFrame *g = &new->frames[first_new + i - n_old];

        fail_unless_equals_int64 (f->sample, g->sample);
        if (f->sample < 9876 + 2000)
          continue;
        fail_unless_equals_uint64 (f->n, g->n);
        fail_unless (
            memcmp (a->time + f->first, new->time + g->first, f->n * 8) == 0);
      }
      analysis_free (old);
      analysis_free (new);
      analysis_free (a);
    }
  }
  g_free (x);
}
GST_END_TEST;

/* The old one held enough for the new one's first window. */
GST_START_TEST (a_change_to_a_shorter_window_has_no_seam)
{
  double *x = make_programme ();
  ReassignConfig from = { .sample_rate = RATE, .window_size = 512 };
  ReassignConfig to = { .sample_rate = RATE, .window_size = 128, .hop = 64 };
  int64_t at;
  Analysis *a = analysis_new_with_change (&from, &to, x, LENGTH, 9876, &at);
  Analysis *new = analysis_new (&to, x, LENGTH, 0);
  size_t compared = 0;

  for (size_t i = 0; i < a->n_frames; i++) {
    const AnalysisFrame *f = &a->frames[i], *g;

    if (f->sample < at)
      continue;
    g = &new->frames[f->sample / 64];
    fail_unless_equals_int64 (f->sample, g->sample);
    fail_unless_equals_uint64 (f->n, g->n);
    fail_unless (memcmp (a->frequency + f->first, new->frequency + g->first,
                     f->n * 8) == 0);
    compared++;
  }
  fail_unless (compared > 100);
  analysis_free (a);
  analysis_free (new);
  g_free (x);
}
GST_END_TEST;

/* Several channels become their mean. */
GST_START_TEST (replay_of_several_is_their_mean)
{
  double *x = make_programme (), *y = g_new0 (double, LENGTH);
  ReassignConfig config = kinds[0];
  ReassignAnalyzer *from[2], *mixed = analysis_analyzer (&config);
  Analysis *ignored = analysis_new_empty (), *a = analysis_new_empty ();
  Analysis *truth;
  int64_t at;

  signal_add_noise (y, LENGTH, 0.1, 5);
  for (int c = 0; c < 2; c++) {
    from[c] = analysis_analyzer (&config);
    analysis_push (ignored, from[c], c == 0 ? x : y, 9876);
    reassign_analyzer_retire (from[c]);
    analysis_pull (ignored, from[c]);
  }
  at = reassign_analyzer_next (from[0]);
  reassign_analyzer_reset (mixed, reassign_analyzer_held (from[0]));
  reassign_analyzer_skip (mixed, at);
  do
    analysis_pull (a, mixed);
  while (reassign_analyzer_replay (
             mixed, (const ReassignAnalyzer *const *) from, 2) > 0);

  for (size_t i = 0; i < LENGTH; i++)
    x[i] = x[i] / 2 + y[i] / 2;
  analysis_push (a, mixed, x + 9876, LENGTH - 9876);
  reassign_analyzer_drain (mixed);
  analysis_pull (a, mixed);
  truth = analysis_new (&config, x, LENGTH, 0);
  fail_unless (a->frames[0].sample == at && at < 9876);
  for (size_t i = 0; i < a->n_frames; i++) {
    const AnalysisFrame *f = &a->frames[i];
    const AnalysisFrame *g = &truth->frames[f->sample / 64];

    fail_unless_equals_uint64 (f->n, g->n);
    fail_unless (
        memcmp (a->time + f->first, truth->time + g->first, f->n * 8) == 0);
  }
  analysis_free (truth);
  analysis_free (a);
  analysis_free (ignored);
  reassign_analyzer_free (mixed);
  reassign_analyzer_free (from[0]);
  reassign_analyzer_free (from[1]);
  g_free (x);
  g_free (y);
}
GST_END_TEST;

static Suite *
input_suite (void)
{
  Suite *s = suite_create ("input");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, known_silence_is_zeros_and_says_so);
  tcase_add_test (tc, what_is_not_finite_stays_within_its_windows);
  tcase_add_test (tc, denormal_samples_are_silence);
  tcase_add_test (tc, a_tone_of_denormal_floats_is_where_a_loud_one_is);
  tcase_add_test (tc, very_soft_and_very_loud_signals_have_the_same_points);
  tcase_add_test (tc, skipped_frames_are_those_before_the_position);
  tcase_add_test (tc, a_change_of_config_takes_effect_at_the_next_frame);
  tcase_add_test (tc, a_change_to_a_shorter_window_has_no_seam);
  tcase_add_test (tc, replay_of_several_is_their_mean);
  return s;
}

GST_CHECK_MAIN (input);
