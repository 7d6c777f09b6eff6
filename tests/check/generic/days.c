/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A month of stream time, by sources that leap through it: output has its time
 * to the nanosecond, memory stays as it is, and nothing is made for the time
 * that was leapt over. */

#include "chain.h"
#include "gsttfr.h"
#include "heap.h"
#include "near.h"
#include "tally.h"

#include <gst/check/gstcheck.h>
#include <math.h>

#define RATE 8000
#define DAY ((gint64) 86400)
#define DAYS 30

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

static gdouble x[10 * RATE];

static void
make_sound (gint rate)
{
  for (guint i = 0; i < G_N_ELEMENTS (x); i++)
    x[i] = 0.3 * sin (2 * M_PI * 0.1 * i + 1e-7 * i * i);
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
      fail_unless (ABS (GST_CLOCK_DIFF (came.to, pts)) <= 1,
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

/* When the frame that shows this second begins. */
static GstClockTime
frame_of (gint64 second)
{
  return gst_util_uint64_scale (
      gst_util_uint64_scale ((guint64) second, 30000, 1001), 1001 * GST_SECOND,
      30000);
}

/* A second at the beginning of each day. */
GST_START_TEST (a_source_that_leaps_through_thirty_days_is_followed)
{
  guint chain = (guint) __i__;
  GstHarness *h = begin (chain, RATE);
  gsize used = 0, size = 0;

  make_sound (RATE);
  for (gint64 day = 0; day < DAYS; day++) {
    Came came;

    chain_push (h, x, RATE, day * DAY * RATE);
    gst_harness_push_event (
        h, gst_event_new_gap (
               day * DAY * GST_SECOND + GST_SECOND, (DAY - 1) * GST_SECOND));
    came = take (h);
    fail_unless_equals_uint64 (
        came.from, chain == VIDEO ? frame_of (day * DAY)
                                  : (guint64) (day * DAY) * GST_SECOND);
    assert_near ((gdouble) came.to / GST_SECOND, (gdouble) (day * DAY) + 1,
        0.05, "end of day %" G_GINT64_FORMAT, day);
    if (day == 0)
      size = came.size;
    if (chain == VIDEO) /* a second is no whole number of frames */
      assert_near ((gdouble) came.buffers, 30.5, 0.5, "frames");
    else
      fail_unless_equals_uint64 (came.size, size);
    if (day == 4)
      used = heap_in_use ();
  }
  assert_at_most ((gdouble) heap_in_use (), (gdouble) used + 1e6,
      "bytes in use on the last day");
  gst_harness_teardown (h);
  tally (24 * DAYS, "hours leapt through");
}
GST_END_TEST;

static GByteArray *
play_from (guint chain, gint rate, gint64 position, GstClockTime *pts)
{
  GstHarness *h = begin (chain, rate);
  GByteArray *bytes = g_byte_array_new ();
  GstBuffer *buffer;

  for (guint i = 0; i < 10; i++)
    chain_push (h, x + i * RATE, RATE, position + i * RATE);
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstMapInfo map;

    if (bytes->len == 0)
      *pts = GST_BUFFER_PTS (buffer);
    gst_buffer_map (buffer, &map, GST_MAP_READ);
    g_byte_array_append (bytes, map.data, (guint) map.size);
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (h);
  return bytes;
}

/* 29 days on; past 2^32 and near 2^53 samples. */
static const struct {
  gint rate;
  gint64 position;
} far[] = {
  { RATE, 29 * DAY *RATE },
  { 48000, 29 * DAY * 48000 },
  { 192000, 30 * DAY * 192000 },
  { 44100, ((G_GINT64_CONSTANT (1) << 32) / 64) * 64 - 44032 },
  { 10000000, (G_GINT64_CONSTANT (1) << 53) - 40000 },
  { 10000000, (G_GINT64_CONSTANT (1) << 56) },
};

/* Times are doubles: near 2^53 samples they tell half samples apart. */
static void
assert_same_sound (const GByteArray *a, const GByteArray *b, gint64 position)
{
  gdouble bound = position > G_GINT64_CONSTANT (1) << 50 ? 0.5 : 1e-3;

  fail_unless_equals_int (a->len, b->len);
  for (guint i = 0; i < a->len / 8; i++)
    assert_near (((const gdouble *) (gconstpointer) b->data)[i],
        ((const gdouble *) (gconstpointer) a->data)[i], bound, "sample %u", i);
}

GST_START_TEST (far_positions_give_what_position_0_gives)
{
  gint rate = far[__i__].rate;
  gint64 position = far[__i__].position;

  make_sound (rate);
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    GstClockTime pts = 0, first = 0;
    GByteArray *near_0 = play_from (chain, rate, 0, &first);
    GByteArray *there = play_from (chain, rate, position, &pts);

    assert_near ((gdouble) (pts - first),
        (gdouble) gst_util_uint64_scale (
            (guint64) position, GST_SECOND, (guint64) rate),
        1e9 * 64 / rate + 1, "first PTS of %s", chains[chain].launch);
    if (chain == SOUND)
      assert_same_sound (near_0, there, position);
    else if (chain == VIDEO)
      fail_unless (near_0->len == there->len);
    else
      assert_near (there->len, near_0->len, 0.01 * near_0->len, "bytes of %s",
          chains[chain].launch);
    g_byte_array_unref (near_0);
    g_byte_array_unref (there);
  }
}
GST_END_TEST;

/* On any day of a month, at 30000/1001 and other rates: the k-th frame is where
 * k says. */
static const gint fps[][2] = { { 30000, 1001 }, { 24000, 1001 }, { 25, 1 },
  { 1, 3 } };
static const gint64 days[] = { 0, 1, 7, 29 };

GST_START_TEST (frames_of_a_month_do_not_drift)
{
  gint n = fps[__i__ % 4][0], d = fps[__i__ % 4][1];
  gint64 day = days[__i__ / 4];
  GstHarness *h = gst_harness_new_parse ("tfrreassign window-size=256 "
                                         "hop-size=64 ! tfrrender");
  gchar *caps = g_strdup_printf (
      "video/x-raw,format=BGRx,width=16,height=16,framerate=%d/%d", n, d);
  gint64 start = day * DAY * RATE;
  GstBuffer *buffer;
  guint64 k = 0;

  gst_harness_set_sink_caps_str (h, caps);
  gst_harness_set_src_caps_str (h, "audio/x-raw, format=F64LE, rate=8000, "
                                   "channels=1, layout=interleaved");
  for (guint i = 0; i < 10; i++)
    chain_push (h, x + i * RATE, RATE, start + i * RATE);
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstClockTime due =
        day * DAY * GST_SECOND +
        gst_util_uint64_scale (k++, (guint64) d * GST_SECOND, (guint64) n);

    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), due);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_uint64 (
      k, gst_util_uint64_scale_ceil (10, (guint64) n, (guint64) d));
  g_free (caps);
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

  gst_harness_set_sink_caps_str (h, chains[VIDEO].caps);
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
  /* 256 s at 30 frames a second is the longest that is drawn */
  fail_unless (frames >= 1 && frames <= 10 * 256 * 30, "%u frames", frames);
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
  tcase_add_loop_test (tc, frames_of_a_month_do_not_drift, 0,
      G_N_ELEMENTS (fps) * G_N_ELEMENTS (days));
  tcase_add_test (tc, time_stamps_that_go_backwards_lose_nothing);
  tcase_add_test (tc, streams_without_any_time_stamp_are_counted);
  tcase_add_loop_test (tc,
      a_leap_to_a_far_time_stamp_makes_no_frames_in_between, 0,
      G_N_ELEMENTS (leaps));
  tcase_add_loop_test (tc, batches_anywhere_in_time_make_few_frames, 0, 6);
  return s;
}

GST_CHECK_MAIN (days);
