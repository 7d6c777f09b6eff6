/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which frames a stream has, when they leave, and that neither how it was cut
 * nor what the analyzer did before changes a bit of them. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

#define RATE 8000.0
#define LENGTH 30000
#define ALL_FIELDS 0xff

static double *
make_programme (void)
{
  double *x = g_new0 (double, LENGTH);

  signal_add_noise (x, LENGTH, 0.05, 21);
  signal_add_chirp (x, LENGTH, RATE, 0.5, 300, 800, 0);
  x[7777] = 3;
  return x;
}

static const struct {
  const char *what;
  ReassignConfig config;
} kinds[] = {
  { "plain", { .sample_rate = RATE, .window_size = 256 } },
  { "odd", { .sample_rate = RATE, .window_size = 255, .hop = 37 } },
  { "hop beyond the window",
      { .sample_rate = RATE, .window_size = 64, .hop = 1000 } },
  { "votes", { .sample_rate = RATE,
                 .window_size = 256,
                 .hop = 32,
                 .consensus = REASSIGN_CONSENSUS_LINE,
                 .fields = ALL_FIELDS } },
  { "votes, hop beyond the window", { .sample_rate = RATE,
                                        .window_size = 64,
                                        .hop = 300,
                                        .fields = ALL_FIELDS } },
  { "votes of many frames", { .sample_rate = RATE,
                                .window_size = 64,
                                .hop = 60,
                                .consensus = REASSIGN_CONSENSUS_LINE,
                                .consensus_threshold = 0.01,
                                .consensus_frames = 64 } },
  { "analytic", { .sample_rate = RATE,
                    .window_size = 256,
                    .analytic = true,
                    .fields = ALL_FIELDS } },
  { "analytic votes", { .sample_rate = RATE,
                          .window_size = 128,
                          .hop = 700,
                          .analytic = true,
                          .consensus = REASSIGN_CONSENSUS_LINE,
                          .consensus_threshold = 0.01,
                          .consensus_frames = 3 } },
  { "single", { .sample_rate = RATE,
                  .window_size = 256,
                  .hop = 60,
                  .precision = REASSIGN_PRECISION_SINGLE } },
  { "single votes", { .sample_rate = RATE,
                        .window_size = 256,
                        .hop = 32,
                        .consensus = REASSIGN_CONSENSUS_LINE,
                        .fields = ALL_FIELDS,
                        .precision = REASSIGN_PRECISION_SINGLE } },
  { "single, hop beyond the window",
      { .sample_rate = RATE,
          .window_size = 64,
          .hop = 300,
          .precision = REASSIGN_PRECISION_SINGLE } },
  { "single analytic", { .sample_rate = RATE,
                           .window_size = 256,
                           .analytic = true,
                           .precision = REASSIGN_PRECISION_SINGLE } },
  { "memory", { .sample_rate = RATE,
                  .window_size = 256,
                  .floor_reference = REASSIGN_FLOOR_RUNNING_PEAK,
                  .magnitude_floor = -30 } },
  { "noise", { .sample_rate = RATE,
                 .window_size = 256,
                 .floor_reference = REASSIGN_FLOOR_NOISE,
                 .magnitude_floor = 6 } },
};

static int64_t
ceil_quotient (int64_t a, int64_t b)
{
  int64_t q = a / b;

  return a % b > 0 ? q + 1 : q;
}

GST_START_TEST (frames_are_the_multiples_of_the_hop_from_start_to_end)
{
  static const int64_t starts[] = { 0, 1, -1, -10000, 31, -33, 123456789012 };
  static const size_t lengths[] = { 0, 1, 10, 63, 64, 255, 1000, 5000 };
  double *x = make_programme ();

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    ReassignAnalyzer *analyzer = analysis_analyzer (&kinds[k].config);
    int64_t hop = (int64_t) reassign_analyzer_shape (analyzer)->hop;

    for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
      for (guint j = 0; j < G_N_ELEMENTS (lengths); j++) {
        int64_t start = starts[i], end = start + (int64_t) lengths[j];
        int64_t lowest = ceil_quotient (start, hop) * hop;
        Analysis *a = analysis_of (analyzer, x, lengths[j], start, 0);

        fail_unless_equals_int64 ((int64_t) a->n_frames,
            ceil_quotient (end, hop) - ceil_quotient (start, hop));
        fail_unless_equals_uint64 (a->stats.frames, a->n_frames);
        for (size_t f = 0; f < a->n_frames; f++)
          fail_unless_equals_int64 (
              a->frames[f].sample, lowest + (int64_t) f * hop);
        fail_unless_equals_int64 (reassign_analyzer_position (analyzer), end);
        analysis_free (a);
      }
    }
    reassign_analyzer_free (analyzer);
  }
  g_free (x);
}
GST_END_TEST;

GST_START_TEST (any_cutting_gives_the_same_bits)
{
  static const size_t pieces[] = { 1, 7, 1000, 0 };
  double *x = make_programme ();

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    Analysis *whole = analysis_new (&kinds[k].config, x, LENGTH, -5000);

    fail_unless (whole->n_points > 100, "%s: %zu points", kinds[k].what,
        whole->n_points);
    for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
      Analysis *cut = analysis_new_in_pieces (
          &kinds[k].config, x, LENGTH, -5000, pieces[i]);
      const char *what = analysis_difference (whole, cut);

      fail_unless (what == NULL, "%s in pieces of %zu: %s differs",
          kinds[k].what, pieces[i], what);
      fail_unless (memcmp (&whole->stats, &cut->stats, sizeof cut->stats) == 0);
      analysis_free (cut);
    }
    analysis_free (whole);
  }
  g_free (x);
}
GST_END_TEST;

/* Also in the middle of a stream, with frames waiting. */
GST_START_TEST (reset_equals_new)
{
  double *x = make_programme ();

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    ReassignAnalyzer *analyzer = analysis_analyzer (&kinds[k].config);
    Analysis *fresh = analysis_new (&kinds[k].config, x, LENGTH, 99);
    Analysis *again;
    ReassignFrame frame;
    const char *what;

    for (size_t n = 0, taken = 1; n < 9000 && taken > 0; n += taken)
      taken = reassign_analyzer_push (analyzer, x + n, 9000 - n);
    reassign_analyzer_pull (analyzer, &frame);
    again = analysis_of (analyzer, x, LENGTH, 99, SIZE_MAX);
    what = analysis_difference (fresh, again);
    fail_unless (what == NULL, "%s: %s differs", kinds[k].what, what);
    fail_unless (
        memcmp (&fresh->stats, &again->stats, sizeof again->stats) == 0);

    /* drained, then retired */
    reassign_analyzer_retire (analyzer);
    analysis_free (again);
    again = analysis_of (analyzer, x, LENGTH, 99, 500);
    what = analysis_difference (fresh, again);
    fail_unless (what == NULL, "%s: %s differs", kinds[k].what, what);
    analysis_free (again);
    analysis_free (fresh);
    reassign_analyzer_free (analyzer);
  }
  g_free (x);
}
GST_END_TEST;

/* max (ceil (N / 2) + 8, H) + V H, and with `analytic` A more, which the
 * analyzer says. */
GST_START_TEST (a_frame_leaves_as_soon_as_the_latency_says)
{
  double *x = make_programme ();

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    const ReassignConfig *c = &kinds[k].config;
    ReassignAnalyzer *a = analysis_analyzer (c);
    const ReassignShape *shape = reassign_analyzer_shape (a);
    size_t latency = reassign_analyzer_latency (a), frames = 0;
    bool votes = c->consensus == REASSIGN_CONSENSUS_LINE ||
                 c->fields & REASSIGN_FIELD_AGREEMENT;
    size_t eighths = (shape->window_size + 4 * shape->hop) / (8 * shape->hop);
    size_t v = !votes                    ? 0
               : c->consensus_frames > 0 ? c->consensus_frames
                                         : CLAMP (eighths, 1, 8);
    size_t least =
        MAX ((shape->window_size + 1) / 2 + 8, shape->hop) + v * shape->hop;

    if (c->precision == REASSIGN_PRECISION_SINGLE && !c->analytic)
      least += shape->hop;
    if (c->analytic)
      fail_unless (latency > least && latency < least + (size_t) (RATE * .07));
    else
      fail_unless_equals_uint64 (latency, least);
    for (size_t n = 0; n < LENGTH; n++) {
      ReassignFrame frame;

      fail_unless_equals_uint64 (reassign_analyzer_push (a, x + n, 1), 1);
      while (reassign_analyzer_pull (a, &frame)) {
        int64_t early = (int64_t) latency - ((int64_t) n + 1 - frame.sample);

        /* in single precision frames leave in pairs, the first at the latest */
        fail_unless (
            early == 0 || (early == (int64_t) shape->hop &&
                              c->precision == REASSIGN_PRECISION_SINGLE),
            "%s: a frame leaves %d samples early", kinds[k].what, (int) early);
        frames++;
      }
    }
    fail_unless (frames > 10, "%s", kinds[k].what);
    fail_unless (frames >= (LENGTH - latency) / shape->hop + 1);
    reassign_analyzer_free (a);
  }
  g_free (x);
}
GST_END_TEST;

/* Floors without memory: beyond latency and lookback nothing matters. */
GST_START_TEST (a_frame_depends_only_on_what_lies_around_it)
{
  double *x = make_programme ();

  for (guint k = 0; k + 2 < G_N_ELEMENTS (kinds); k++) {
    ReassignAnalyzer *a = analysis_analyzer (&kinds[k].config);
    int64_t back = (int64_t) reassign_analyzer_lookback (a);
    int64_t ahead = (int64_t) reassign_analyzer_latency (a);
    Analysis *whole = analysis_of (a, x, LENGTH, 0, SIZE_MAX), *part;
    int64_t from = 9000, to = 22000;
    size_t seen = 0;

    part = analysis_of (a, x + from, (size_t) (to - from), from, SIZE_MAX);
    for (size_t i = 0; i < part->n_frames; i++) {
      const AnalysisFrame *f = &part->frames[i];
      const AnalysisFrame *g =
          &whole->frames[(size_t) f->sample / whole->shape.hop];

      if (f->sample - back < from || f->sample + ahead > to)
        continue;
      fail_unless_equals_int64 (f->sample, g->sample);
      fail_unless_equals_uint64 (f->n, g->n);
      fail_unless (memcmp (part->frequency + f->first,
                       whole->frequency + g->first, f->n * 8) == 0);
      fail_unless (memcmp (part->agreement + f->first,
                       whole->agreement + g->first, f->n * 4) == 0);
      seen++;
    }
    fail_unless (seen > 1, "%s", kinds[k].what);
    analysis_free (part);
    analysis_free (whole);
    reassign_analyzer_free (a);
  }
  g_free (x);
}
GST_END_TEST;

/* Pulled or not: push says when it has no more room, and loses nothing. */
GST_START_TEST (push_takes_what_there_is_room_for)
{
  double *x = make_programme ();
  ReassignAnalyzer *a = analysis_analyzer (&kinds[0].config);
  Analysis *whole = analysis_new (&kinds[0].config, x, LENGTH, 0);
  Analysis *lazy = analysis_new_empty ();
  size_t n = 0;

  while (n < LENGTH) {
    size_t taken = reassign_analyzer_push (a, x + n, LENGTH - n);

    n += taken;
    if (taken == 0) {
      fail_unless (reassign_analyzer_ready (a));
      analysis_pull (lazy, a);
    }
  }
  reassign_analyzer_drain (a);
  analysis_pull (lazy, a);
  fail_unless (analysis_difference (whole, lazy) == NULL);
  fail_unless_equals_uint64 (reassign_analyzer_push (a, x, 1), 0);
  analysis_free (lazy);
  analysis_free (whole);
  reassign_analyzer_free (a);
  g_free (x);
}
GST_END_TEST;

static Suite *
stream_suite (void)
{
  Suite *s = suite_create ("stream");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, frames_are_the_multiples_of_the_hop_from_start_to_end);
  tcase_add_test (tc, any_cutting_gives_the_same_bits);
  tcase_add_test (tc, reset_equals_new);
  tcase_add_test (tc, a_frame_leaves_as_soon_as_the_latency_says);
  tcase_add_test (tc, a_frame_depends_only_on_what_lies_around_it);
  tcase_add_test (tc, push_takes_what_there_is_room_for);
  return s;
}

GST_CHECK_MAIN (stream);
