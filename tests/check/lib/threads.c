/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Objects of several threads at once: each does what it does alone.  The
 * threads come first and the lone one after them, so that whatever is set up
 * once for all is asked for by several at the same time. */

#include "analysis.h"
#include "signals.h"

#include <gst/check/gstcheck.h>

#define RATE 48000
#define LENGTH 12000
#define ROUNDS 3    /* in which each thread makes and frees its objects */
#define N_THREADS 8 /* two of each kind */
#define FIELDS (0xff & ~REASSIGN_FIELD_AGREEMENT) /* frames that vote stay */

static double x[LENGTH];

static const ReassignConfig kinds[] = {
  { .sample_rate = RATE, .window_size = 256, .fields = FIELDS },
  { .sample_rate = RATE,
      .window_size = 300,
      .fields = FIELDS,
      .precision = REASSIGN_PRECISION_SINGLE },
  { .sample_rate = RATE,
      .window_size = 777,
      .fields = FIELDS,
      .analytic = true },
  { .sample_rate = RATE,
      .window_size = 512,
      .fft_size = 1000,
      .window = REASSIGN_WINDOW_DPSS,
      .fields = 0xff,
      .consensus = REASSIGN_CONSENSUS_LINE },
};

/* ---------------------------------------------------- the whole road ---- */

typedef struct {
  ReassignAnalyzer *analyzer, *helper;
  ReassignExcerpt *excerpt;
  ReassignGrid *grid;
  ReassignTracker *tracker;
  ReassignSynth *synth;
  GByteArray *out; /* all that comes out of any */
  size_t n_cut;    /* frames in excerpts */
} Road;

static void
append (Road *r, const void *values, size_t n, size_t size)
{
  g_byte_array_append (r->out, values, (guint) (n * size));
}

static void
make_analyzers (Road *r, const ReassignConfig *config)
{
  r->analyzer = analysis_analyzer (config);
  r->helper = analysis_analyzer (config);
  r->excerpt = reassign_excerpt_new (r->analyzer, 4);
}

static void
make_others (Road *r, const ReassignConfig *config)
{
  const ReassignShape *shape = reassign_analyzer_shape (r->analyzer);
  ReassignTrackerConfig tracker = { .sample_rate = RATE,
    .window = config->window,
    .window_size = shape->window_size,
    .hop = shape->hop,
    .fft_size = shape->fft_size };
  ReassignSynthConfig synth = { .sample_rate = RATE, .hop = shape->hop };
  ReassignGridConfig grid = { .axis = { .max_hz = RATE / 2, .n_rows = 32 },
    .columns_per_second = 200,
    .n_columns = 50,
    .lines = true,
    .sample_rate = RATE,
    .hop = shape->hop };

  reassign_axis_init (&grid.axis);
  r->tracker = reassign_tracker_new (&tracker, NULL);
  r->synth = reassign_synth_new (&synth, NULL);
  r->grid = reassign_grid_new (&grid, NULL);
}

static void
free_all (Road *r)
{
  reassign_grid_free (r->grid);
  reassign_synth_free (r->synth);
  reassign_tracker_free (r->tracker);
  reassign_excerpt_free (r->excerpt);
  reassign_analyzer_free (r->helper);
  reassign_analyzer_free (r->analyzer);
}

static void
take_samples (Road *r)
{
  double y[256];
  size_t n;

  while ((n = reassign_synth_pull (r->synth, y, G_N_ELEMENTS (y))) > 0)
    append (r, y, n, sizeof *y);
}

static void
take_rows (Road *r)
{
  ReassignRows rows;

  while (reassign_tracker_pull (r->tracker, &rows)) {
    append (r, rows.frequency, rows.n_rows, sizeof *rows.frequency);
    append (r, rows.bandwidth, rows.n_rows, sizeof *rows.bandwidth);
    append (r, rows.id, rows.n_rows, sizeof *rows.id);
    reassign_synth_push (r->synth, &rows);
    take_samples (r);
  }
}

/* Whether there was another frame. */
static bool
take_frame (Road *r, ReassignAnalyzer *from)
{
  ReassignFrame f;

  if (!reassign_analyzer_pull (from, &f))
    return false;
  append (r, f.time, f.n_points, sizeof *f.time);
  append (r, f.frequency, f.n_points, sizeof *f.frequency);
  append (r, f.magnitude, f.n_points, sizeof *f.magnitude);
  append (r, f.mixed, f.n_points, sizeof *f.mixed);
  reassign_grid_push (
      r->grid, f.time, f.frequency, f.magnitude, f.chirp_rate, f.n_points);
  reassign_tracker_push (r->tracker, &f);
  take_rows (r);
  return true;
}

/* By the helper, where they can be cut out. */
static void
take_frames (Road *r)
{
  size_t n;

  do {
    while ((n = reassign_analyzer_cut (r->analyzer, r->excerpt, 4)) > 0) {
      r->n_cut += n;
      reassign_analyzer_paste (r->helper, r->excerpt);
      while (take_frame (r, r->helper))
        ;
    }
  } while (take_frame (r, r->analyzer));
}

static void
push_all (Road *r)
{
  for (size_t at = 0; at < LENGTH;) {
    at += reassign_analyzer_push (r->analyzer, x + at, LENGTH - at);
    take_frames (r);
  }
}

static void
end_all (Road *r)
{
  reassign_analyzer_drain (r->analyzer);
  take_frames (r);
  reassign_tracker_drain (r->tracker, LENGTH);
  take_rows (r);
  reassign_synth_drain (r->synth, LENGTH);
  take_samples (r);
  for (int64_t column = 0; column < 50; column++)
    append (r, reassign_grid_column (r->grid, column), 32, sizeof (float));
}

static GByteArray *
go (const ReassignConfig *config)
{
  Road r = { .out = g_byte_array_new () };

  make_analyzers (&r, config);
  make_others (&r, config);
  push_all (&r);
  end_all (&r);
  fail_unless (r.n_cut > 0 || config->analytic || config->consensus);
  free_all (&r);
  return r.out;
}

static gpointer
go_often (gpointer config)
{
  GPtrArray *rounds = g_ptr_array_new ();

  for (guint round = 0; round < ROUNDS; round++)
    g_ptr_array_add (rounds, go (config));
  return rounds;
}

static void
assert_same (GByteArray *alone, GByteArray *bytes, guint kind)
{
  guint same = 0;

  fail_unless (alone->len > LENGTH * sizeof *x);
  fail_unless_equals_int (bytes->len, alone->len);
  while (same < alone->len && bytes->data[same] == alone->data[same])
    same++;
  fail_unless (same == alone->len, "kind %u: %u bytes of %u as alone", kind,
      same, alone->len);
}

GST_START_TEST (threads_with_objects_of_their_own_are_as_one_alone)
{
  GThread *threads[N_THREADS];
  GPtrArray *rounds[N_THREADS];

  signal_add_noise (x, LENGTH, 0.01, 4);
  signal_add_chirp (x, LENGTH, RATE, 0.5, 3000, 8000, 0);
  for (guint t = 0; t < N_THREADS; t++)
    threads[t] = g_thread_new (
        NULL, go_often, (gpointer) &kinds[t % G_N_ELEMENTS (kinds)]);
  for (guint t = 0; t < N_THREADS; t++)
    rounds[t] = g_thread_join (threads[t]);
  for (guint t = 0; t < N_THREADS; t++) {
    guint kind = t % G_N_ELEMENTS (kinds);
    GByteArray *alone = go (&kinds[kind]);

    for (guint round = 0; round < ROUNDS; round++) {
      GByteArray *bytes = g_ptr_array_index (rounds[t], round);

      assert_same (alone, bytes, kind);
      g_byte_array_unref (bytes);
    }
    g_byte_array_unref (alone);
    g_ptr_array_unref (rounds[t]);
  }
}
GST_END_TEST;

/* Windows and transforms of many sizes. */
static gpointer
analyse_all (gpointer samples)
{
  static const size_t sizes[] = { 255, 256, 300, 512, 777, 1024 };
  Analysis **all = g_new (Analysis *, 2 * G_N_ELEMENTS (sizes));

  for (guint i = 0; i < 2 * G_N_ELEMENTS (sizes); i++) {
    ReassignConfig config = { .sample_rate = RATE,
      .window_size = sizes[i / 2],
      .analytic = i % 2,
      .fields = 0xff };

    all[i] = analysis_new (&config, samples, 20000, 0);
  }
  return all;
}

GST_START_TEST (analyzers_of_many_sizes_do_not_disturb_each_other)
{
  static double y[20000];
  Analysis **alone, **together;
  GThread *threads[8];

  signal_add_tone (y, 20000, 5, 0.5, 1, 0.3);
  signal_add_noise (y, 20000, 0.1, 4);
  alone = analyse_all (y);
  for (guint t = 0; t < G_N_ELEMENTS (threads); t++)
    threads[t] = g_thread_new (NULL, analyse_all, y);
  for (guint t = 0; t < G_N_ELEMENTS (threads); t++) {
    together = g_thread_join (threads[t]);
    for (guint i = 0; i < 12; i++) {
      fail_unless (analysis_difference (alone[i], together[i]) == NULL);
      analysis_free (together[i]);
    }
    g_free (together);
  }
  for (guint i = 0; i < 12; i++)
    analysis_free (alone[i]);
  g_free (alone);
}
GST_END_TEST;

static Suite *
threads_suite (void)
{
  Suite *s = suite_create ("threads");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, threads_with_objects_of_their_own_are_as_one_alone);
  tcase_add_test (tc, analyzers_of_many_sizes_do_not_disturb_each_other);
  return s;
}

GST_CHECK_MAIN (threads);
