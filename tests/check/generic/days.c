/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A month of stream time, by sources that leap through it: output has its time
 * to the nanosecond, memory stays as it is, and nothing is made for the time that
 * was leapt over. */

#include "chain.h"
#include "gsttfr.h"
#include "heap.h"
#include "near.h"
#include "tally.h"

#include <float.h>
#include <gst/check/gstcheck.h>
#include <math.h>

#define RATE 8000
#define DAY ((gint64) 86400)
#define DAYS 30
#define CHIRP (1e-7 / M_PI) /* of the sound, in cycles per sample^2 */

static const struct {
  const gchar *launch, *caps;
} chains[] = {
  { "tfrreassign window-size=256", NULL },
  { "tfrreassign window-size=256 ! tfrpartials", NULL },
  { "tfrreassign window-size=256 window-parameter=12 ! tfrpartials ! tfrsynth",
      "audio/x-raw,format=F64LE" },
  { "tfrreassign window-size=256 ! tfrrender axes=0",
      "video/x-raw,format=BGRx,width=32,height=24,framerate=30000/1001" },
};

enum { POINTS, PARTIALS, SOUND, VIDEO, N_CHAINS };

static gdouble x[DAY]; /* of a sample a second, or ten seconds and more */

static void
make_sound (gint rate)
{
  for (guint i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = 0.3 * sin (2 * M_PI * (0.1 * i + CHIRP / 2 * i * i));
  fail_unless (rate > 0);
}

static GstHarness *
begin (guint chain, gint rate)
{
  GstHarness *h = chain_new (chains[chain].launch, rate, 1);

  if (chains[chain].caps != NULL)
    gst_harness_set_sink_caps_str (h, chains[chain].caps);
  return h;
}

/* What came out: as many bytes, between these times; each buffer ends where the
 * next begins, unless that is a discontinuity. */
typedef struct {
  gsize size;
  guint buffers;
  GstClockTime from, to;
} Came;

static Came
take (GstHarness *h)
{
  Came came = { 0, 0, GST_CLOCK_TIME_NONE, 0 };
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstClockTime pts = GST_BUFFER_PTS (buffer);

    fail_unless (GST_CLOCK_TIME_IS_VALID (pts));
    if (came.buffers > 0 && !GST_BUFFER_IS_DISCONT (buffer))
      fail_unless (came.to == pts,
          "a buffer at %" GST_TIME_FORMAT " after one up to %" GST_TIME_FORMAT,
          GST_TIME_ARGS (pts), GST_TIME_ARGS (came.to));
    if (came.buffers == 0)
      came.from = pts;
    came.to = pts + GST_BUFFER_DURATION (buffer);
    came.size += gst_buffer_get_size (buffer);
    came.buffers++;
    gst_buffer_unref (buffer);
  }
  return came;
}

static GstClockTime
frame_time (guint64 k)
{
  return gst_util_uint64_scale (k, 1001 * GST_SECOND, 30000);
}

/* The frames are those of one clock, which goes on from 0 through all gaps. */
static void
assert_frames_of_second (const Came *came, guint64 at)
{
  guint64 from = gst_util_uint64_scale (at, 30000, 1001);
  guint64 to = gst_util_uint64_scale_ceil (at + 1, 30000, 1001);

  fail_unless_equals_uint64 (came->from, frame_time (from));
  fail_unless_equals_uint64 (came->to, frame_time (to));
  fail_unless_equals_uint64 (came->buffers, to - from);
}

/* A second at the beginning of each day. */
GST_START_TEST (a_source_that_leaps_through_thirty_days_is_followed)
{
  guint chain = (guint) __i__;
  GstHarness *h = begin (chain, RATE);
  gsize used = 0, size = 0;

  make_sound (RATE);
  for (gint64 day = 0; day < DAYS; day++) {
    guint64 at = (guint64) (day * DAY);
    Came came;

    chain_push (h, x, RATE, day * DAY * RATE);
    gst_harness_push_event (
        h, gst_event_new_gap ((at + 1) * GST_SECOND, (DAY - 1) * GST_SECOND));
    came = take (h);
    if (day == 0)
      size = came.size;
    if (chain == VIDEO) {
      assert_frames_of_second (&came, at);
    } else {
      fail_unless_equals_uint64 (came.from, at * GST_SECOND);
      fail_unless_equals_uint64 (came.to, (at + 1) * GST_SECOND);
      fail_unless_equals_uint64 (came.size, size);
    }
    if (day == 4)
      used = heap_in_use ();
  }
  assert_at_most ((gdouble) heap_in_use (), (gdouble) used + 1e6,
      "bytes in use on the last day");
  gst_harness_teardown (h);
  tally (DAYS, "days leapt through, thirty by each chain of elements");
}
GST_END_TEST;

/* ------------------------------------------------------ far from 0 ---- */

/* 29 days on; past 2^32 and near 2^53 samples. */
static const struct {
  gint rate;
  gint64 position;
} far[] = {
  { RATE, 29 * DAY * RATE },
  { 48000, 29 * DAY * 48000 },
  { 192000, 30 * DAY * 192000 },
  { 44100, ((G_GINT64_CONSTANT (1) << 32) / 64) * 64 - 44032 },
  { 10000000, (G_GINT64_CONSTANT (1) << 53) - 40000 },
  { 10000000, (G_GINT64_CONSTANT (1) << 56) },
};

/* Times are doubles: near 2^53 samples they tell half samples apart, from which
 * there is no phase. */
static gboolean
tells_samples_apart (guint at)
{
  return far[at].position <= G_GINT64_CONSTANT (1) << 50;
}

static GstBufferList *
play_from (guint chain, gint rate, gint64 position)
{
  GstHarness *h = begin (chain, rate);
  GstBufferList *played = gst_buffer_list_new ();
  GstBuffer *buffer;

  for (guint i = 0; i < 10; i++)
    chain_push (h, x + i * RATE, RATE, position + i * RATE);
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL)
    gst_buffer_list_add (played, buffer);
  gst_harness_teardown (h);
  return played;
}

/* A point or a partial's row. */
typedef struct {
  gint64 sample; /* from the position on */
  gdouble time, frequency;
  gfloat phase, values[2];
  guint32 numbers[2];
} Row;

static void
append_points (GArray *rows, GstBuffer *buffer, gint64 position)
{
  GstTfrBatch b;
  guint i = 0;

  fail_unless (gst_tfr_batch_map (&b, buffer, NULL));
  for (guint f = 0; f < b.header.n_frames; f++)
    for (guint end = i + b.counts[f]; i < end; i++) {
      Row row = { .sample = b.header.first + (gint64) f * b.header.hop_size -
                            position,
        .time = b.time[i],
        .frequency = b.frequency[i],
        .values = { b.magnitude[i], b.mixed[i] },
        .numbers = { b.bin[i] } };

      g_array_append_val (rows, row);
    }
  gst_tfr_batch_unmap (&b);
}

static void
append_partials (GArray *rows, GstBuffer *buffer, gint64 position)
{
  GstTfrPartials p;
  guint i = 0;

  fail_unless (gst_tfr_partials_map (&p, buffer, NULL));
  for (guint f = 0; f < p.header.n_frames; f++)
    for (guint end = i + p.counts[f]; i < end; i++) {
      Row row = { .sample = p.header.first + (gint64) f * p.header.hop_size -
                            position,
        .time = p.time[i],
        .frequency = p.frequency[i],
        .phase = p.phase[i],
        .values = { p.amplitude[i], p.bandwidth[i] },
        .numbers = { p.id[i], p.flags[i] } };

      g_array_append_val (rows, row);
    }
  gst_tfr_partials_unmap (&p);
}

static GArray *
rows_of (guint chain, GstBufferList *played, gint64 position)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  for (guint i = 0; i < gst_buffer_list_length (played); i++)
    (chain == POINTS ? append_points : append_partials) (
        rows, gst_buffer_list_get (played, i), position);
  return rows;
}

static GByteArray *
bytes_of (GstBufferList *played)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < gst_buffer_list_length (played); i++) {
    GstMapInfo map;

    gst_buffer_map (gst_buffer_list_get (played, i), &map, GST_MAP_READ);
    g_byte_array_append (bytes, map.data, (guint) map.size);
    gst_buffer_unmap (gst_buffer_list_get (played, i), &map);
  }
  return bytes;
}

/* What stands for a time so far away is wrong by this much, in s, at most. */
static gdouble
time_error (guint at)
{
  return (gdouble) far[at].position / far[at].rate * DBL_EPSILON;
}

/* Times that are wrong move a partial's phase, and along its chirp its
 * frequency; if they are wrong by samples, what is within a window of its ends is
 * not as true, and there is no phase. */
static void
assert_same_partial (const Row *a, const Row *b, guint at)
{
  gdouble slope = CHIRP * far[at].rate * far[at].rate; /* Hz/s */
  gboolean is_fine = tells_samples_apart (at);
  gboolean is_inside = a->sample >= 256 && a->sample < 10 * RATE - 256;

  if (is_fine || is_inside)
    assert_near (b->frequency, a->frequency, 4 * slope * time_error (at),
        "frequency at %" G_GINT64_FORMAT, a->sample);
  if (is_fine)
    assert_near (remainder (b->phase - a->phase, 2 * M_PI), 0,
        2 * M_PI * a->frequency * time_error (at) + 4 * FLT_EPSILON,
        "change of phase at %" G_GINT64_FORMAT, a->sample);
  if (is_fine || is_inside)
    assert_near (b->values[0], a->values[0], is_fine ? FLT_EPSILON : 1e-4,
        "amplitude at %" G_GINT64_FORMAT, a->sample);
  assert_near (b->values[1], a->values[1], 1e-6,
      "bandwidth at %" G_GINT64_FORMAT, a->sample);
}

/* What does not depend on where it is. */
static gboolean
is_same (guint chain, const Row *a, const Row *b)
{
  return a->sample == b->sample &&
         memcmp (a->numbers, b->numbers, sizeof a->numbers) == 0 &&
         (chain == PARTIALS ||
             (a->frequency == b->frequency &&
                 memcmp (a->values, b->values, sizeof a->values) == 0));
}

static void
assert_same_rows (
    guint chain, GstBufferList *near_0, GstBufferList *there, guint at)
{
  GArray *rows = rows_of (chain, near_0, 0);
  GArray *others = rows_of (chain, there, far[at].position);
  gdouble base = (gdouble) far[at].position / far[at].rate;

  fail_unless_equals_int (others->len, rows->len);
  for (guint i = 0; i < rows->len; i++) {
    const Row *a = &g_array_index (rows, Row, i);
    const Row *b = &g_array_index (others, Row, i);

    if (!is_same (chain, a, b))
      fail ("row %u of frame %" G_GINT64_FORMAT ", %.17g Hz, should be that of "
            "frame %" G_GINT64_FORMAT ", %.17g Hz, to the bit",
          i, b->sample, b->frequency, a->sample, a->frequency);
    assert_near (b->time - base, a->time, time_error (at), "time of row %u", i);
    if (chain == PARTIALS)
      assert_same_partial (a, b, at);
  }
  g_array_unref (rows);
  g_array_unref (others);
}

/* Of all but its ends. */
static gdouble
rms (const gdouble *y, guint n)
{
  gdouble sum = 0;

  for (guint i = n / 10; i < n - n / 10; i++)
    sum += y[i] * y[i];
  return sqrt (sum / (n - n / 10 * 2));
}

static void
assert_same_sound (GstBufferList *near_0, GstBufferList *there, guint at)
{
  GByteArray *a = bytes_of (near_0), *b = bytes_of (there);
  const gdouble *y = (const gdouble *) (gconstpointer) b->data;
  const gdouble *reference = (const gdouble *) (gconstpointer) a->data;
  guint n = a->len / sizeof *y;

  fail_unless_equals_int (b->len, a->len);
  for (guint i = 0; i < n && tells_samples_apart (at); i++)
    assert_near (y[i], reference[i], 1e-4, "sample %u", i);
  assert_near (rms (reference, n), 0.3 * M_SQRT1_2, 1e-3, "level");
  assert_near (rms (y, n), rms (reference, n), 1e-3, "level at the %u. place", at);
  g_byte_array_unref (a);
  g_byte_array_unref (b);
}

static void
assert_same_pictures (GstBufferList *near_0, GstBufferList *there)
{
  GByteArray *a = bytes_of (near_0), *b = bytes_of (there);

  fail_unless_equals_int (b->len, a->len);
  for (guint i = 0; i < a->len; i++)
    if (b->data[i] != a->data[i])
      fail ("byte %u is %u, should be %u", i, b->data[i], a->data[i]);
  g_byte_array_unref (a);
  g_byte_array_unref (b);
}

GST_START_TEST (far_positions_give_what_position_0_gives)
{
  guint at = (guint) __i__;
  gint rate = far[at].rate;

  make_sound (rate);
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    GstBufferList *near_0 = play_from (chain, rate, 0);
    GstBufferList *there = play_from (chain, rate, far[at].position);

    fail_unless_equals_uint64 (
        GST_BUFFER_PTS (gst_buffer_list_get (near_0, 0)), 0);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (gst_buffer_list_get (there, 0)),
        gst_util_uint64_scale (
            (guint64) far[at].position, GST_SECOND, (guint64) rate));
    if (chain == SOUND)
      assert_same_sound (near_0, there, at);
    else if (chain == VIDEO)
      assert_same_pictures (near_0, there);
    else
      assert_same_rows (chain, near_0, there, at);
    gst_buffer_list_unref (near_0);
    gst_buffer_list_unref (there);
  }
}
GST_END_TEST;

/* ------------------------------------------------------------ frames ---- */

static const gint fps[][2] = { { 30000, 1001 }, { 24000, 1001 }, { 25, 1 },
  { 1, 3 } };
static const gint64 days[] = { 0, 1, 7, 29, 365 };

static GstHarness *
begin_video (const gchar *launch, gint rate, gint n, gint d)
{
  GstHarness *h = gst_harness_new_parse (launch);
  gchar *video = g_strdup_printf (
      "video/x-raw,format=BGRx,width=16,height=16,framerate=%d/%d", n, d);
  gchar *audio = g_strdup_printf ("audio/x-raw,format=F64LE,rate=%d,channels=1,"
                                  "layout=interleaved",
      rate);

  gst_harness_set_sink_caps_str (h, video);
  gst_harness_set_src_caps_str (h, audio);
  g_free (audio);
  g_free (video);
  return h;
}

/* From frame k on: the k-th begins where k says.  How many there were in all.
 */
static guint64
assert_frames (GstHarness *h, GstClockTime start, guint64 k, gint n, gint d)
{
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstClockTime due = start + gst_util_uint64_scale (
                                   k++, (guint64) d * GST_SECOND, (guint64) n);

    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), due);
    gst_buffer_unref (buffer);
  }
  return k;
}

GST_START_TEST (frames_are_where_their_number_says_on_any_day)
{
  gint n = fps[__i__ % G_N_ELEMENTS (fps)][0];
  gint d = fps[__i__ % G_N_ELEMENTS (fps)][1];
  gint64 start = days[__i__ / G_N_ELEMENTS (fps)] * DAY;
  GstHarness *h = begin_video (
      "tfrreassign window-size=256 hop-size=64 ! tfrrender", RATE, n, d);

  make_sound (RATE);
  for (guint i = 0; i < 10; i++)
    chain_push (h, x + i * RATE, RATE, (start + i) * RATE);
  gst_harness_push_event (h, gst_event_new_eos ());
  fail_unless_equals_uint64 (
      assert_frames (h, (guint64) start * GST_SECOND, 0, n, d),
      gst_util_uint64_scale_ceil (10, (guint64) n, (guint64) d));
  gst_harness_teardown (h);
}
GST_END_TEST;

/* A whole month without a leap, of a sample a second and frames of just under
 * two minutes. */
GST_START_TEST (frames_of_a_month_do_not_drift)
{
  GstHarness *h = begin_video (
      "tfrreassign window-size=32 hop-size=64 ! tfrrender", 1, 1001, 120000);
  guint64 k = 0;

  make_sound (1);
  for (gint64 day = 0; day < DAYS; day++) {
    chain_push (h, x, DAY, day * DAY);
    k = assert_frames (h, 0, k, 1001, 120000);
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  k = assert_frames (h, 0, k, 1001, 120000);
  fail_unless_equals_uint64 (
      k, gst_util_uint64_scale_ceil (DAYS * DAY, 1001, 120000));
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (time_stamps_that_go_backwards_lose_nothing)
{
  make_sound (RATE);
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    GstHarness *one = begin (chain, RATE), *many = begin (chain, RATE);
    Came alone, all;

    chain_push (one, x, RATE, 0);
    gst_harness_push_event (one, gst_event_new_eos ());
    alone = take (one);
    for (gint64 day = DAYS - 1; day >= 0; day--)
      chain_push (many, x, RATE, day * DAY * RATE);
    gst_harness_push_event (many, gst_event_new_eos ());
    all = take (many);
    fail_unless_equals_uint64 (all.size, DAYS * alone.size);
    gst_harness_teardown (one);
    gst_harness_teardown (many);
  }
}
GST_END_TEST;

GST_START_TEST (streams_without_any_time_stamp_are_counted)
{
  make_sound (RATE);
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    GstHarness *h = begin (chain, RATE);
    Came came;

    for (guint i = 0; i < 100; i++) {
      GstBuffer *buffer = gst_buffer_new_memdup (x, RATE * sizeof *x);

      fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
    }
    gst_harness_push_event (h, gst_event_new_eos ());
    came = take (h);
    fail_unless_equals_uint64 (came.from, 0);
    assert_near ((gdouble) came.to / GST_SECOND, 100, 0.05, "end of %s",
        chains[chain].launch);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* Time stamps to the end of time: as much comes out as of any other second. */
static const GstClockTime leaps[] = { 3600 * GST_SECOND,
  366 * 86400 * GST_SECOND, G_MAXINT64 - 10 * GST_SECOND, G_MAXINT64,
  G_MAXUINT64 - 1 };

GST_START_TEST (a_leap_to_a_far_time_stamp_makes_no_frames_in_between)
{
  make_sound (RATE);
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    GstHarness *one = begin (chain, RATE), *h = begin (chain, RATE);
    GstBuffer *buffer = gst_buffer_new_memdup (x, RATE * sizeof *x);
    GstBuffer *out;
    gsize alone, size = 0;

    chain_push (one, x, RATE, 0);
    gst_harness_push_event (one, gst_event_new_eos ());
    alone = take (one).size;
    gst_harness_teardown (one);

    chain_push (h, x, RATE, 0);
    GST_BUFFER_PTS (buffer) = leaps[__i__];
    fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
    chain_push (h, x, RATE, 0);
    gst_harness_push_event (h, gst_event_new_eos ());
    while ((out = gst_harness_try_pull (h)) != NULL) {
      size += gst_buffer_get_size (out);
      gst_buffer_unref (out);
    }
    fail_unless (size >= 2 * alone && size <= 3 * alone + alone / 20,
        "%s: %zu bytes, of a second %zu", chains[chain].launch, size, alone);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* Points at the ends of what positions may be, a year or a second apart. */
GST_START_TEST (batches_anywhere_in_time_make_few_frames)
{
  static const gint64 firsts[] = { 0, G_GINT64_CONSTANT (1) << 33,
    G_GINT64_CONSTANT (1) << 53, (G_GINT64_CONSTANT (1) << 62) - (1u << 31),
    -(G_GINT64_CONSTANT (1) << 62) };
  static const guint hops[] = { 1, 256, 1u << 30 };
  guint hop = hops[__i__ % 3];
  guint rate = __i__ / 3 == 0 ? 1 : 48000;
  GstHarness *h = gst_harness_new ("tfrrender");
  GstBuffer *out;
  guint frames = 0;

  gst_harness_set_sink_caps_str (
      h, "video/x-raw,format=BGRx,width=32,height=24,framerate=25/1");
  gst_harness_set_src_caps_str (h, GST_TFR_POINTS_TEMPLATE_CAPS);
  for (guint i = 0; i < G_N_ELEMENTS (firsts) * 2; i++) {
    GstTfrHeader header = { .rate = rate,
      .window_size = 256,
      .hop_size = hop,
      .fft_size = 256,
      .channels = 1,
      .first = firsts[(i * 3) % G_N_ELEMENTS (firsts)],
      .n_frames = 1,
      .fields = GST_TFR_FIELDS_ALWAYS,
      .sum_h = 1,
      .sum_h2 = 1,
      .sigma = 30 };
    GstTfrWriter writer;
    GstBuffer *batch;

    fail_unless (gst_tfr_writer_begin (&writer, &header, NULL, NULL));
    gst_tfr_writer_add (&writer, 0);
    batch = gst_tfr_writer_finish (&writer, 0, header.first + hop);
    if (i % 2 == 1)
      GST_BUFFER_PTS (batch) = (GstClockTime) i << 60;
    fail_unless_equals_int (gst_harness_push (h, batch), GST_FLOW_OK);
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((out = gst_harness_try_pull (h)) != NULL) {
    frames++;
    gst_buffer_unref (out);
  }
  /* 256 s at 25 frames a second is the longest that is drawn */
  fail_unless (frames >= 1 && frames <= 10 * 256 * 25, "%u frames", frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
days_suite (void)
{
  Suite *s = suite_create ("days");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (
      tc, a_source_that_leaps_through_thirty_days_is_followed, 0, N_CHAINS);
  tcase_add_loop_test (
      tc, far_positions_give_what_position_0_gives, 0, G_N_ELEMENTS (far));
  tcase_add_loop_test (tc, frames_are_where_their_number_says_on_any_day, 0,
      G_N_ELEMENTS (fps) * G_N_ELEMENTS (days));
  tcase_add_test (tc, frames_of_a_month_do_not_drift);
  tcase_add_test (tc, time_stamps_that_go_backwards_lose_nothing);
  tcase_add_test (tc, streams_without_any_time_stamp_are_counted);
  tcase_add_loop_test (tc,
      a_leap_to_a_far_time_stamp_makes_no_frames_in_between, 0,
      G_N_ELEMENTS (leaps));
  tcase_add_loop_test (tc, batches_anywhere_in_time_make_few_frames, 0, 6);
  return s;
}

GST_CHECK_MAIN (days);
