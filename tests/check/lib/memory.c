/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Memory runs out only in _new: there is a sentence and nothing is left behind.
 * After _new nothing is allocated. */

#include "failing.h"
#include "reassign.h"
#include "signals.h"
#include "tally.h"

#include <gst/check/gstcheck.h>
#include <math.h>

#define RATE 48000.0

/* One way to make an object, and to use it. */
typedef struct {
  const char *name;
  void *(*make) (const char **error);
  void (*use) (void *object);
  void (*free) (void *object);
} Maker;

static ReassignConfig
small_config (void)
{
  return (ReassignConfig){ .sample_rate = RATE, .window_size = 256 };
}

static void *
make_plain (const char **error)
{
  ReassignConfig c = small_config ();

  return reassign_analyzer_new (&c, error);
}

static void *
make_all_fields (const char **error)
{
  ReassignConfig c = small_config ();

  c.fields = 0xff;
  c.window = REASSIGN_WINDOW_DPSS;
  c.floor_reference = REASSIGN_FLOOR_NOISE;
  c.magnitude_floor = 3;
  return reassign_analyzer_new (&c, error);
}

static void *
make_consensus (const char **error)
{
  ReassignConfig c = small_config ();

  c.consensus = REASSIGN_CONSENSUS_LINE;
  c.consensus_frames = 3;
  return reassign_analyzer_new (&c, error);
}

static void *
make_rank1 (const char **error)
{
  ReassignConfig c = small_config ();

  c.consensus = REASSIGN_CONSENSUS_RANK1;
  return reassign_analyzer_new (&c, error);
}

static void *
make_analytic (const char **error)
{
  ReassignConfig c = small_config ();

  c.analytic = true;
  return reassign_analyzer_new (&c, error);
}

static void *
make_single (const char **error)
{
  ReassignConfig c = small_config ();

  c.precision = REASSIGN_PRECISION_SINGLE;
  return reassign_analyzer_new (&c, error);
}

static void
use_analyzer (void *object)
{
  static double x[9600];
  ReassignAnalyzer *a = object;
  ReassignFrame frame;
  size_t taken = 0;

  signal_add_noise (x, 9600, 0.1, 1);
  while (taken < 9600) {
    taken += reassign_analyzer_push (a, x + taken, 9600 - taken);
    while (reassign_analyzer_pull (a, &frame))
      ;
  }
  reassign_analyzer_drain (a);
  while (reassign_analyzer_pull (a, &frame))
    ;
  reassign_analyzer_reset (a, 7);
}

static void
free_analyzer (void *object)
{
  reassign_analyzer_free (object);
}

/* What excerpts are cut out of, and who computes them. */
static ReassignAnalyzer *source, *helper;

static void
setup (void)
{
  source = make_plain (NULL);
  helper = make_plain (NULL);
}

static void
teardown (void)
{
  reassign_analyzer_free (helper);
  reassign_analyzer_free (source);
}

/* Only memory can be lacking, so there is no sentence. */
static void *
make_excerpt (const char **error)
{
  return reassign_excerpt_new (source, 4);
}

static void
use_excerpt (void *object)
{
  static double x[2048];
  ReassignFrame frame;
  size_t n = 0;

  signal_add_noise (x, 2048, 0.1, 1);
  reassign_analyzer_push (source, x, 2048);
  while (reassign_analyzer_ready (source))
    if (reassign_analyzer_cut (source, object, 4) > 0) {
      reassign_analyzer_paste (helper, object);
      while (reassign_analyzer_pull (helper, &frame))
        n++;
    } else {
      reassign_analyzer_pull (source, &frame);
    }
  fail_unless (n > 0);
}

static void
free_excerpt (void *object)
{
  reassign_excerpt_free (object);
}

static void *
make_grid (const char **error)
{
  ReassignGridConfig c = {
    .axis = { .scale = REASSIGN_SCALE_LOG, .max_hz = 20000, .n_rows = 64 },
    .columns_per_second = 100,
    .n_columns = 50,
    .lines = true,
    .sample_rate = RATE,
    .hop = 512,
  };

  reassign_axis_init (&c.axis);
  return reassign_grid_new (&c, error);
}

static void
use_grid (void *object)
{
  const double time[] = { 0.1, 0.2 }, frequency[] = { 440, 1e4 };
  const float energy[] = { 1, 2 }, slope[] = { 1e5f, NAN };

  reassign_grid_push (object, time, frequency, energy, slope, 2);
  reassign_grid_halve (object);
  reassign_grid_advance (object, 10);
  reassign_grid_reset (object, 3);
}

static void
free_grid (void *object)
{
  reassign_grid_free (object);
}

static void *
make_tracker (const char **error)
{
  ReassignTrackerConfig c = {
    .sample_rate = RATE, .window_size = 256, .hop = 64, .fft_size = 256
  };

  return reassign_tracker_new (&c, error);
}

/* Bins 10, 20, ... 60 are peaks, and some noise is between them. */
static void
use_tracker (void *object)
{
  double time[64], frequency[64];
  float magnitude[64], phase[64] = { 0 };
  uint32_t bin[64];
  ReassignFrame frame = { .n_points = 64,
    .time = time,
    .frequency = frequency,
    .magnitude = magnitude,
    .phase = phase,
    .bin = bin };
  ReassignRows rows;

  for (uint32_t k = 0; k < 64; k++) {
    bin[k] = 20 + k;
    frequency[k] = (20 + (k + 5) / 10 * 10) * RATE / 256;
    magnitude[k] = k % 10 == 0 ? 1 : 0.1f;
  }
  for (frame.sample = 0; frame.sample < 64 * 50; frame.sample += 64) {
    for (int k = 0; k < 64; k++)
      time[k] = (double) frame.sample / RATE;
    reassign_tracker_push (object, &frame);
    while (reassign_tracker_pull (object, &rows))
      ;
  }
  reassign_tracker_drain (object, frame.sample);
  while (reassign_tracker_pull (object, &rows))
    fail_unless (rows.n_rows > 0);
  reassign_tracker_reset (object);
}

static void
free_tracker (void *object)
{
  reassign_tracker_free (object);
}

static void *
make_synth (const char **error)
{
  ReassignSynthConfig c = { .sample_rate = RATE, .hop = 64 };

  return reassign_synth_new (&c, error);
}

static void
use_synth (void *object)
{
  double samples[100], time = 0, frequency = 440;
  float amplitude = 1, phase = 0, bandwidth = 0.5f;
  uint32_t id = 1, flags = REASSIGN_PARTIAL_BIRTH;

  for (int64_t at = 0; at < 640; at += 64) {
    ReassignRows rows = { .sample = at,
      .n_rows = 1,
      .time = &time,
      .frequency = &frequency,
      .amplitude = &amplitude,
      .phase = &phase,
      .bandwidth = &bandwidth,
      .id = &id,
      .flags = &flags };

    time = (double) at / RATE;
    if (reassign_synth_push (object, &rows))
      while (reassign_synth_pull (object, samples, 100) > 0)
        ;
  }
  reassign_synth_drain (object, 640);
  while (reassign_synth_pull (object, samples, 100) > 0)
    ;
  reassign_synth_reset (object);
}

static void
free_synth (void *object)
{
  reassign_synth_free (object);
}

static const ReassignSdifInfo sdif_info = { .sample_rate = RATE };

static void *
make_sdif_writer (const char **error)
{
  return reassign_sdif_writer_new (REASSIGN_SDIF_RBEP, &sdif_info, 100, error);
}

/* A frame in which every partial has two rows. */
static void
use_sdif_writer (void *object)
{
  double number[8] = { 0, 0, 1, 1, 2, 2, 3, 3 };
  float zero[8] = { 0 };
  uint32_t id[8] = { 1, 1, 2, 2, 3, 3, 4, 4 };
  ReassignRows rows = { .n_rows = 8,
    .time = number,
    .frequency = number,
    .amplitude = zero,
    .phase = zero,
    .bandwidth = zero,
    .id = id,
    .flags = id };
  const uint8_t *bytes;

  reassign_sdif_writer_push (object, 0, &rows);
  fail_unless (reassign_sdif_writer_pull (object, &bytes) > 0);
  reassign_sdif_writer_reset (object);
}

static void
free_sdif_writer (void *object)
{
  reassign_sdif_writer_free (object);
}

static void *
make_sdif_reader (const char **error)
{
  return reassign_sdif_reader_new (error);
}

/* A head, a frame of 1TRC with two rows of two columns, and the end of another.
 */
static void
use_sdif_reader (void *object)
{
  static const uint8_t bytes[] = "SDIF\0\0\0\10\0\0\0\3\0\0\0\1"
                                 "1TRC\0\0\0\60\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1"
                                 "1TRC\0\0\0\4\0\0\0\2\0\0\0\2"
                                 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                 "1TRC";
  ReassignSdifFrame frame;

  for (size_t at = 0; at < sizeof bytes;)
    at += reassign_sdif_reader_push (object, bytes + at, sizeof bytes - at),
        reassign_sdif_reader_pull (object, &frame);
  reassign_sdif_reader_drain (object);
  fail_unless (reassign_sdif_reader_fault (object) != NULL);
  fail_unless_equals_uint64 (frame.rows.n_rows, 2);
  reassign_sdif_reader_reset (object);
}

static void
free_sdif_reader (void *object)
{
  reassign_sdif_reader_free (object);
}

static void *
make_framer (const char **error)
{
  ReassignFramerConfig c = { .sample_rate = RATE, .hop = 512, .max_rows = 100 };

  return reassign_framer_new (&c, error);
}

/* A partial with gaps. */
static void
use_framer (void *object)
{
  double time = 0, frequency = 440;
  float amplitude = 1, zero = 0;
  uint32_t id = 1;
  ReassignSdifFrame frame = { .ends = true,
    .rows = { .n_rows = 1,
        .time = &time,
        .frequency = &frequency,
        .amplitude = &amplitude,
        .phase = &zero,
        .bandwidth = &zero,
        .id = &id,
        .flags = &id } };
  ReassignRows rows;
  size_t channel, n = 0;

  for (int k = 0; k < 50; k++) {
    time = frame.time = 0.1 * k;
    while (reassign_framer_push (object, 0, &frame, 0) == 0)
      while (reassign_framer_pull (object, &channel, &rows))
        n += rows.n_rows;
  }
  reassign_framer_drain (object);
  while (reassign_framer_pull (object, &channel, &rows))
    n += rows.n_rows;
  fail_unless (n > 400);
  reassign_framer_reset (object);
}

static void
free_framer (void *object)
{
  reassign_framer_free (object);
}

static const Maker makers[] = {
  { "analyzer", make_plain, use_analyzer, free_analyzer },
  { "analyzer with all fields", make_all_fields, use_analyzer, free_analyzer },
  { "analyzer with line consensus", make_consensus, use_analyzer,
      free_analyzer },
  { "analyzer with rank1", make_rank1, use_analyzer, free_analyzer },
  { "analytic analyzer", make_analytic, use_analyzer, free_analyzer },
  { "analyzer of single precision", make_single, use_analyzer, free_analyzer },
  { "excerpt", make_excerpt, use_excerpt, free_excerpt },
  { "grid", make_grid, use_grid, free_grid },
  { "tracker", make_tracker, use_tracker, free_tracker },
  { "synthesiser", make_synth, use_synth, free_synth },
  { "SDIF writer", make_sdif_writer, use_sdif_writer, free_sdif_writer },
  { "SDIF reader", make_sdif_reader, use_sdif_reader, free_sdif_reader },
  { "framer", make_framer, use_framer, free_framer },
};

GST_START_TEST (no_memory_in_new_is_a_sentence_and_leaves_nothing)
{
  const Maker *m = &makers[__i__];
  size_t n;

  failing_start (0);
  m->free (m->make (NULL));
  n = failing_count ();
  fail_unless (n > 0);
  fail_unless_equals_uint64 (failing_live (), 0);
  for (size_t k = 1; k <= n; k++) {
    const char *error = NULL;
    void *object;

    failing_start (k);
    object = m->make (&error);
    fail_unless (object == NULL, "%s: made without allocation %zu of %zu",
        m->name, k, n);
    fail_unless (m->make == make_excerpt || (error != NULL && error[0] != '\0'),
        "%s: says nothing of allocation %zu", m->name, k);
    fail_unless (failing_live () == 0, "%s: %zu blocks left of allocation %zu",
        m->name, failing_live (), k);
  }
  failing_start (0);
  tally ((gdouble) n, "allocations refused");
}
GST_END_TEST;

GST_START_TEST (nothing_is_allocated_after_new)
{
  const Maker *m = &makers[__i__];
  void *object = m->make (NULL);

  fail_unless (object != NULL);
  failing_start (0);
  m->use (object);
  fail_unless (
      failing_count () == 0, "%s: %zu allocations", m->name, failing_count ());
  m->free (object);
}
GST_END_TEST;

/* Room is made for a frame as large as any later one. */
GST_START_TEST (no_memory_in_reserve_leaves_all_as_it_was)
{
  ReassignTrackerConfig c = { .sample_rate = RATE,
    .window_size = 256,
    .hop = 64,
    .fft_size = 256,
    .most_points = 8 };
  ReassignTracker *t = reassign_tracker_new (&c, NULL);
  size_t n;

  fail_unless (t != NULL);
  for (n = 1; n < 100; n++) {
    bool enough;

    failing_start (n);
    enough = reassign_tracker_reserve (t, 64);
    failing_start (0);
    if (enough)
      break;
    use_tracker (t); /* of the room that there is */
  }
  fail_unless (n > 5 && n < 100, "%zu allocations", n);
  use_tracker (t);
  reassign_tracker_free (t);
}
GST_END_TEST;

GST_START_TEST (no_memory_for_voices_leaves_those_that_sound)
{
  ReassignSynthConfig c = { .sample_rate = RATE, .hop = 64, .partials = 1 };
  ReassignSynth *s = reassign_synth_new (&c, NULL);

  fail_unless (s != NULL);
  for (size_t k = 1; k <= 2; k++) {
    failing_start (k);
    fail_unless (!reassign_synth_reserve (s, 100));
    failing_start (0);
    use_synth (s);
  }
  fail_unless (reassign_synth_reserve (s, 100));
  use_synth (s);
  reassign_synth_free (s);
}
GST_END_TEST;

GST_START_TEST (free_takes_null)
{
  makers[__i__].free (NULL);
}
GST_END_TEST;

static Suite *
memory_suite (void)
{
  Suite *s = suite_create ("memory");
  TCase *tc = tcase_create ("general");
  int n = G_N_ELEMENTS (makers);

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, no_memory_in_new_is_a_sentence_and_leaves_nothing, 0, n);
  tcase_add_loop_test (tc, nothing_is_allocated_after_new, 0, n);
  tcase_add_test (tc, no_memory_in_reserve_leaves_all_as_it_was);
  tcase_add_test (tc, no_memory_for_voices_leaves_those_that_sound);
  tcase_add_loop_test (tc, free_takes_null, 0, n);
  return s;
}

GST_CHECK_MAIN (memory);
