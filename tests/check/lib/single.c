/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What single precision loses against double: the same points, further off the
 * further they lie below their frame's loudest bin.  A frame is not lost beside
 * a louder one that shares a transform with it. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

#define RATE 48000.0
#define LENGTH 24000
#define N_LEVELS 4

/* dB below the frame's peak, and the largest differences down to there. */
typedef struct {
  double level, hz, samples, mixed;
} Loss;

typedef struct {
  const char *name;
  void (*make) (double *x);
  unsigned fields; /* with `mixed` there are four spectra, which is even */
  Loss bars[N_LEVELS];
} Signal;

static void
make_tone (double *x)
{
  signal_add_tone (x, LENGTH, RATE, 0.5, 1003.7, 0);
}

static void
make_chirp (double *x)
{
  signal_add_chirp (x, LENGTH, RATE, 0.5, 3000, 8000, 0);
}

static void
make_impulse (double *x)
{
  x[12000] = 1;
}

static void
make_noise (double *x)
{
  signal_add_noise (x, LENGTH, 0.1, 3);
}

/* Frames 4 and 5 share a transform, the one 80 dB above the other. */
static void
make_quiet_beside_loud (double *x)
{
  signal_add_tone (x, 4 * 2100 + 1050, RATE, 1e-4, 1003.7, 0);
  signal_add_tone (x + 5 * 2100 - 1050, 2100, RATE, 1, 5000, 0);
}

/* Three times what was measured. */
static const Signal signals[] = {
  { "tone", make_tone, REASSIGN_FIELD_MIXED,
      { { 6, 2e-5, 6e-5, 1e-6 }, { 40, 1e-4, 1.5e-3, 2e-5 },
          { 60, 1e-3, 5e-3, 5e-5 }, { 80, 5e-3, 0.12, 2e-3 } } },
  { "chirp", make_chirp, REASSIGN_FIELD_MIXED,
      { { 6, 2e-5, 2e-4, 1e-6 }, { 40, 3e-4, 2.5e-3, 4e-5 },
          { 60, 6e-3, 4e-2, 7e-4 }, { 80, 2e-2, 0.2, 3e-3 } } },
  { "impulse", make_impulse, REASSIGN_FIELD_MIXED,
      { { 6, 5e-5, 4e-4, 5e-6 }, { 40, 5e-5, 4e-4, 5e-6 },
          { 60, 5e-5, 4e-4, 5e-6 }, { 80, 5e-5, 4e-4, 5e-6 } } },
  { "noise", make_noise, REASSIGN_FIELD_MIXED,
      { { 6, 3e-5, 3e-4, 2e-6 }, { 40, 1.5e-3, 2e-2, 1e-3 },
          { 60, 1.5e-3, 2e-2, 1e-3 }, { 80, 1.5e-3, 2e-2, 1e-3 } } },
  { "quiet beside loud", make_quiet_beside_loud, 0,
      { { 6, 6e-3, 1e-4, 0 }, { 40, 2e-2, 1.5e-3, 0 }, { 60, 2e-2, 8e-3, 0 },
          { 80, 0.15, 6e-2, 0 } } },
};

static Analysis *
analyse (const Signal *s, ReassignPrecision precision, const double *x)
{
  ReassignConfig config = { .sample_rate = RATE,
    .window = REASSIGN_WINDOW_NUTTALL,
    .window_size = 2048,
    .hop = 2100,
    .magnitude_floor = -INFINITY,
    .precision = precision,
    .fields = s->fields | REASSIGN_FIELD_BIN };

  return analysis_new (&config, x, LENGTH, 0);
}

/* The point of that bin in frame f, or the last that may be it. */
static size_t
find_bin (const Analysis *a, size_t f, uint32_t bin, size_t from)
{
  while (from + 1 < a->frames[f].first + a->frames[f].n && a->bin[from] < bin)
    from++;
  return from;
}

static void
compare (
    const Analysis *exact, const Analysis *single, double level, Loss *worst)
{
  *worst = (Loss){ .level = level };
  for (size_t f = 0; f < exact->n_frames; f++) {
    const AnalysisFrame *frame = &exact->frames[f];
    size_t j = single->frames[f].first;

    for (size_t i = frame->first; i < frame->first + frame->n; i++) {
      if (exact->magnitude[i] <= frame->peak * pow (10, -level / 20))
        continue;
      j = find_bin (single, f, exact->bin[i], j);
      fail_unless_equals_uint64 (single->bin[j], exact->bin[i]);
      assert_near (single->magnitude[j] / exact->magnitude[i], 1,
          1e-5 * pow (10, level / 20), "magnitude of bin %u", exact->bin[i]);
      worst->hz =
          fmax (worst->hz, fabs (single->frequency[j] - exact->frequency[i]));
      worst->samples =
          fmax (worst->samples, RATE * fabs (single->time[j] - exact->time[i]));
      worst->mixed =
          fmax (worst->mixed, fabs (single->mixed[j] - exact->mixed[i]));
    }
  }
}

GST_START_TEST (points_are_right_to_the_precision_of_floats)
{
  const Signal *s = &signals[__i__];
  static double x[LENGTH];
  Analysis *exact, *single;

  memset (x, 0, sizeof x);
  s->make (x);
  exact = analyse (s, REASSIGN_PRECISION_DOUBLE, x);
  single = analyse (s, REASSIGN_PRECISION_SINGLE, x);
  fail_unless_equals_uint64 (single->n_frames, exact->n_frames);
  for (int l = 0; l < N_LEVELS; l++) {
    const Loss *bar = &s->bars[l];
    Loss worst;

    compare (exact, single, bar->level, &worst);
    g_print ("%-18s within %3.0f dB: %.1e Hz (%.0e), %.1e samples (%.0e), "
             "M %.1e (%.0e)\n",
        s->name, bar->level, worst.hz, bar->hz, worst.samples, bar->samples,
        worst.mixed, bar->mixed);
    assert_at_most (worst.hz, bar->hz, "Hz within %g dB", bar->level);
    assert_at_most (
        worst.samples, bar->samples, "samples within %g dB", bar->level);
    assert_at_most (worst.mixed, bar->mixed, "M within %g dB", bar->level);
  }
  analysis_free (exact);
  analysis_free (single);
}
GST_END_TEST;

static ReassignConfig
single_config (void)
{
  return (ReassignConfig){ .sample_rate = RATE,
    .window_size = 256,
    .hop = 100,
    .precision = REASSIGN_PRECISION_SINGLE,
    .fields = REASSIGN_FIELD_PHASE | REASSIGN_FIELD_BIN };
}

GST_START_TEST (any_cutting_gives_the_same_bits)
{
  ReassignConfig config = single_config ();
  const int64_t positions[] = { 0, 100, 37, -550 };
  static double x[LENGTH];

  memset (x, 0, sizeof x);
  make_noise (x);
  for (guint i = 0; i < G_N_ELEMENTS (positions); i++) {
    Analysis *whole = analysis_new (&config, x, 5000, positions[i]);

    for (size_t piece = 0; piece < 1000; piece += 333) {
      Analysis *pieces =
          analysis_new_in_pieces (&config, x, 5000, positions[i], piece);
      const char *difference = analysis_difference (whole, pieces);

      fail_unless (difference == NULL, "position %d, pieces of %zu: %s",
          (int) positions[i], piece, difference);
      analysis_free (pieces);
    }
    analysis_free (whole);
  }
}
GST_END_TEST;

/* After a skip frames are those of the whole, also one whose other frame lies
 * before it. */
GST_START_TEST (frames_after_a_skip_are_those_of_the_whole)
{
  ReassignConfig config = single_config ();
  ReassignAnalyzer *a = analysis_analyzer (&config);
  const int64_t to = 1000 + 100 * __i__;
  static double x[LENGTH];
  Analysis *whole, *part = analysis_new_empty ();
  size_t taken = 0, f = 0;

  memset (x, 0, sizeof x);
  make_noise (x);
  whole = analysis_new (&config, x, 3000, 0);
  reassign_analyzer_reset (a, 0);
  reassign_analyzer_skip (a, to);
  fail_unless_equals_int64 (reassign_analyzer_next (a), to);
  while (taken < 3000) {
    taken += reassign_analyzer_push (a, x + taken, 3000 - taken);
    analysis_pull (part, a);
  }
  reassign_analyzer_drain (a);
  analysis_pull (part, a);

  while (whole->frames[f].sample < to)
    f++;
  fail_unless_equals_uint64 (part->n_frames, whole->n_frames - f);
  for (size_t i = 0; i < part->n_points; i++)
    fail_unless (
        part->frequency[i] == whole->frequency[whole->frames[f].first + i],
        "point %zu: %.17g, should be %.17g", i, part->frequency[i],
        whole->frequency[whole->frames[f].first + i]);
  analysis_free (whole);
  analysis_free (part);
  reassign_analyzer_free (a);
}
GST_END_TEST;

static void
push_noise (ReassignAnalyzer *a, guint32 seed)
{
  static double x[1000];

  memset (x, 0, sizeof x);
  signal_add_noise (x, G_N_ELEMENTS (x), 0.1, seed);
  fail_unless_equals_uint64 (
      reassign_analyzer_push (a, x, G_N_ELEMENTS (x)), G_N_ELEMENTS (x));
}

/* Elsewhere, by a helper that has been at another signal before; what is not
 * cut out goes on where it was.  Only the ends are: an odd number parts two that
 * are transformed together, and both go all the same. */
GST_START_TEST (frames_of_an_excerpt_are_those_that_are_pulled)
{
  ReassignConfig config = single_config ();
  ReassignAnalyzer *whole = analysis_analyzer (&config);
  ReassignAnalyzer *a = analysis_analyzer (&config);
  ReassignAnalyzer *helper = analysis_analyzer (&config);
  ReassignExcerpt *excerpt = reassign_excerpt_new (a, 4);
  ReassignFrame right, frame;
  guint n_here = 0;

  for (guint32 seed = 1; seed < 5; seed++) {
    reassign_analyzer_reset (whole, 37);
    reassign_analyzer_reset (a, 37);
    push_noise (whole, seed);
    push_noise (a, seed);
    while (reassign_analyzer_pull (whole, &right)) {
      if (!reassign_analyzer_ready (helper) &&
          reassign_analyzer_cut (a, excerpt, seed) > 0)
        reassign_analyzer_paste (helper, excerpt);
      n_here += !reassign_analyzer_ready (helper);
      fail_unless (reassign_analyzer_pull (
          reassign_analyzer_ready (helper) ? helper : a, &frame));
      fail_unless_equals_int64 (frame.sample, right.sample);
      fail_unless_equals_uint64 (frame.n_points, right.n_points);
      for (size_t i = 0; i < right.n_points; i++) {
        assert_near (frame.frequency[i], right.frequency[i], 0, "point %zu", i);
        assert_near (frame.magnitude[i], right.magnitude[i], 0, "point %zu", i);
      }
    }
    fail_if (reassign_analyzer_ready (helper));
    fail_if (reassign_analyzer_pull (a, &frame));
  }
  fail_unless_equals_int (n_here, 4); /* what is before it was never there */
  reassign_excerpt_free (excerpt);
  reassign_analyzer_free (helper);
  reassign_analyzer_free (a);
  reassign_analyzer_free (whole);
}
GST_END_TEST;

GST_START_TEST (an_excerpt_takes_no_more_than_it_has_room_for)
{
  ReassignConfig config = single_config ();
  ReassignAnalyzer *whole = analysis_analyzer (&config);
  ReassignAnalyzer *a = analysis_analyzer (&config);
  ReassignAnalyzer *helper = analysis_analyzer (&config);
  ReassignExcerpt *excerpt = reassign_excerpt_new (a, 2);
  ReassignFrame right, frame;
  size_t n, most = 0;

  reassign_analyzer_reset (whole, 37);
  reassign_analyzer_reset (a, 37);
  push_noise (whole, 1);
  push_noise (a, 1);
  while (reassign_analyzer_pull (whole, &right)) {
    if (!reassign_analyzer_ready (helper)) {
      n = reassign_analyzer_cut (a, excerpt, 1000);
      most = n > most ? n : most;
      if (n > 0)
        reassign_analyzer_paste (helper, excerpt);
    }
    fail_unless (reassign_analyzer_pull (
        reassign_analyzer_ready (helper) ? helper : a, &frame));
    fail_unless_equals_int64 (frame.sample, right.sample);
    fail_unless_equals_uint64 (frame.n_points, right.n_points);
  }
  fail_unless_equals_uint64 (most, 2);
  reassign_excerpt_free (excerpt);
  reassign_analyzer_free (helper);
  reassign_analyzer_free (a);
  reassign_analyzer_free (whole);
}
GST_END_TEST;

/* The first of two frames waits for the second's samples. */
GST_START_TEST (frames_leave_after_the_latency_at_the_latest)
{
  ReassignConfig config = single_config ();
  ReassignAnalyzer *a = analysis_analyzer (&config);
  int64_t latency = (int64_t) reassign_analyzer_latency (a), most = 0;
  static double x[LENGTH];

  memset (x, 0, sizeof x);
  make_noise (x);
  fail_unless_equals_int64 (latency, 128 + 8 + 100);
  reassign_analyzer_reset (a, 0);
  for (int64_t i = 1; i <= 2000; i++) {
    ReassignFrame frame;

    reassign_analyzer_push (a, x + i - 1, 1);
    while (reassign_analyzer_pull (a, &frame))
      most = MAX (most, i - frame.sample);
  }
  fail_unless_equals_int64 (most, latency);
  reassign_analyzer_free (a);
}
GST_END_TEST;

static Suite *
single_suite (void)
{
  Suite *s = suite_create ("single");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, points_are_right_to_the_precision_of_floats, 0,
      (int) G_N_ELEMENTS (signals));
  tcase_add_test (tc, any_cutting_gives_the_same_bits);
  tcase_add_loop_test (tc, frames_after_a_skip_are_those_of_the_whole, 0, 2);
  tcase_add_test (tc, frames_of_an_excerpt_are_those_that_are_pulled);
  tcase_add_test (tc, an_excerpt_takes_no_more_than_it_has_room_for);
  tcase_add_test (tc, frames_leave_after_the_latency_at_the_latest);
  return s;
}

GST_CHECK_MAIN (single);
