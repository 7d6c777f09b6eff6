/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Gaps, jumps, segments, flushes and the direction of play in tfrrender. */

#include "video.h"

#include <gst/check/gstcheck.h>

/* 1000 Hz, a frame for 10 samples; 50 columns and 25 frames a second. */
#define RATE 1000
#define HOP 10
#define WIDTH 100
#define D (40 * GST_MSECOND)
#define PICTURE                                                                \
  "tfrrender axes=0 time-span=2000000000 splat=nearest prune=none "            \
  "frequency-scale=linear min-frequency=0 max-frequency=500 min-level=-60 "    \
  "max-level=0 "
#define VIDEO "video/x-raw, format=BGRx, width=100, height=50, framerate=25/1"

static guint
fill_click (gint64 centre, guint channel, gdouble *time, gdouble *frequency,
    gfloat *magnitude, gconstpointer data)
{
  const gint64 *at = data;

  if (centre != *at)
    return 0;
  time[0] = (gdouble) centre / RATE;
  frequency[0] = 245;
  magnitude[0] = 1;
  return 1;
}

static const TestStream silence = { RATE, 64, HOP, 1, NULL, NULL };

static TestStream
click_at (const gint64 *at)
{
  return (TestStream){ RATE, 64, HOP, 1, fill_click, at };
}

/* Pushes the stretch [from, to) in one batch. */
static void
push_stretch (GstHarness *h, const TestStream *s, gint64 from, gint64 to)
{
  guint n = (guint) ((to - from + HOP - 1) / HOP);

  fail_unless_equals_int (
      gst_harness_push (h, test_batch (s, from, n, to)), GST_FLOW_OK);
}

/* The same, in time `shift` later than its samples say; DISCONT when asked. */
static void
push_shifted (GstHarness *h, gint64 from, gint64 to, GstClockTimeDiff shift,
    gboolean discont)
{
  GstBuffer *buffer =
      test_batch (&silence, from, (guint) ((to - from) / HOP), to);

  GST_BUFFER_PTS (buffer) += (GstClockTime) shift;
  if (discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
}

static void
drain (GstHarness *h)
{
  fail_unless (gst_harness_push_event (h, gst_event_new_eos ()));
}

/* Checks and drops frames: so many, the first at this time, D apart. */
static void
expect_frames (GstHarness *h, guint n, GstClockTime from, gboolean discont)
{
  for (guint k = 0; k < n; k++) {
    GstBuffer *frame = gst_harness_try_pull (h);

    fail_unless (frame != NULL, "frame %u of %u is missing", k, n);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (frame), from + k * D);
    fail_unless_equals_uint64 (GST_BUFFER_DURATION (frame), D);
    fail_unless_equals_int (GST_BUFFER_IS_DISCONT (frame), k == 0 && discont);
    gst_buffer_unref (frame);
  }
}

static void
expect_no_more (GstHarness *h)
{
  fail_unless (gst_harness_try_pull (h) == NULL);
}

/* Column that is lit, -1 none, in the row of the click. */
static gint
lit_column (GstBuffer *frame)
{
  guint dark = test_pixel (frame, WIDTH, 0, 0);

  for (guint x = 0; x < WIDTH; x++)
    if (test_pixel (frame, WIDTH, x, 25) != dark)
      return (gint) x;
  return -1;
}

/* ---------------------------------------------------------------- gaps ---- */

GST_START_TEST (a_short_gap_has_frames)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);

  push_stretch (h, &silence, 0, 400);
  push_stretch (h, &silence, 1300, 2000);
  drain (h);
  expect_frames (h, 50, 0, TRUE);
  expect_no_more (h);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Frames that the gap cuts short come at once, and those after it keep the same
 * grid in time. */
GST_START_TEST (a_long_gap_has_none)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);

  push_stretch (h, &silence, 0, 410);
  push_stretch (h, &silence, 3050, 4000);
  drain (h);
  expect_frames (h, 11, 0, TRUE);
  expect_frames (h, 24, 76 * D, TRUE);
  expect_no_more (h);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_long_gap_event_waits_for_the_frames_before_it)
{
  static const GstClockTime durations[] = { 2 * GST_SECOND,
    GST_CLOCK_TIME_NONE };

  for (guint i = 0; i < G_N_ELEMENTS (durations); i++) {
    GstHarness *h = test_harness (PICTURE, VIDEO);

    push_stretch (h, &silence, 0, 410);
    gst_harness_push_event (
        h, gst_event_new_gap (410 * GST_MSECOND, durations[i]));
    expect_frames (h, 11, 0, TRUE);
    expect_no_more (h);
    push_stretch (h, &silence, 3050, 4000);
    drain (h);
    expect_frames (h, 24, 76 * D, TRUE);
    expect_no_more (h);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

GST_START_TEST (a_short_gap_event_changes_nothing)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);

  push_stretch (h, &silence, 0, 410);
  gst_harness_push_event (
      h, gst_event_new_gap (410 * GST_MSECOND, 100 * GST_MSECOND));
  push_stretch (h, &silence, 410, 2000);
  drain (h);
  expect_frames (h, 50, 0, TRUE);
  expect_no_more (h);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* --------------------------------------------------------- time stamps ---- */

GST_START_TEST (jitter_of_time_stamps_is_not_followed)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);

  push_shifted (h, 0, 400, GST_SECOND, FALSE);
  push_shifted (h, 400, 800, GST_SECOND + 39 * GST_MSECOND, FALSE);
  push_shifted (h, 800, 1200, GST_SECOND - 39 * GST_MSECOND, FALSE);
  drain (h);
  expect_frames (h, 30, GST_SECOND, TRUE);
  expect_no_more (h);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (restamped_batches_begin_anew)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);

  push_shifted (h, 0, 390, 0, FALSE);
  push_shifted (h, 390, 790, 41 * GST_MSECOND, FALSE);
  push_shifted (h, 790, 990, 51 * GST_MSECOND, TRUE);
  push_shifted (h, 990, 1190, 51 * GST_MSECOND, TRUE);
  drain (h);
  expect_frames (h, 10, 0, TRUE);
  expect_frames (h, 10, 431 * GST_MSECOND, TRUE);
  expect_frames (h, 10, 841 * GST_MSECOND, TRUE);
  expect_no_more (h);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (without_time_stamps_samples_are_counted)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);
  GstBuffer *buffer = test_batch (&silence, 400, 40, 800);

  GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
  gst_harness_push (h, buffer);
  push_shifted (h, 800, 1200, 0, FALSE);
  drain (h);
  expect_frames (h, 20, 10 * D, TRUE);
  expect_no_more (h);
  gst_harness_teardown (h);

  /* and go on from those that there were */
  h = test_harness (PICTURE, VIDEO);
  push_shifted (h, 400, 800, GST_SECOND, FALSE);
  buffer = test_batch (&silence, 800, 40, 1200);
  GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
  gst_harness_push (h, buffer);
  drain (h);
  expect_frames (h, 20, GST_SECOND + 10 * D, TRUE);
  expect_no_more (h);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_jump_back_begins_anew)
{
  static const gint64 at = 500;
  const TestStream s = click_at (&at);
  GstHarness *h = test_harness (PICTURE, VIDEO);
  GPtrArray *frames;

  push_stretch (h, &s, 0, 1000);
  push_stretch (h, &s, 600, 1000);
  drain (h);
  frames = test_pull (h);
  fail_unless_equals_int (frames->len, 35);
  fail_unless_equals_int (lit_column (frames->pdata[24]), 75);
  /* nothing of the first picture is in the second */
  fail_unless_equals_int (lit_column (frames->pdata[25]), -1);
  fail_unless_equals_int (lit_column (frames->pdata[34]), -1);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* ------------------------------------------------------------ segments ---- */

static GstEvent *
segment_of (gdouble rate, GstClockTime start, GstClockTime stop)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = rate;
  segment.start = segment.time = start;
  segment.stop = stop;
  return gst_event_new_segment (&segment);
}

GST_START_TEST (another_segment_drains_and_the_same_does_not)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);

  gst_harness_push_event (h, segment_of (1, 0, 10 * GST_SECOND));
  push_stretch (h, &silence, 0, 410);
  gst_harness_push_event (h, segment_of (1, 0, 10 * GST_SECOND));
  expect_frames (h, 8, 0, TRUE); /* 410 - 32 - 20 - 10 */
  expect_no_more (h);
  gst_harness_push_event (h, segment_of (1, 2 * GST_SECOND, 10 * GST_SECOND));
  expect_frames (h, 3, 8 * D, FALSE);
  push_stretch (h, &silence, 2000, 2400);
  drain (h);
  expect_frames (h, 10, 2 * GST_SECOND, TRUE);
  expect_no_more (h);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (the_end_of_a_segment_drains)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);

  push_stretch (h, &silence, 0, 410);
  gst_harness_push_event (
      h, gst_event_new_segment_done (GST_FORMAT_TIME, 410 * GST_MSECOND));
  expect_frames (h, 11, 0, TRUE);
  gst_harness_push_event (h, gst_event_new_tag (gst_tag_list_new_empty ()));
  drain (h);
  expect_no_more (h);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (tags_do_not_drain)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);

  push_stretch (h, &silence, 0, 400);
  gst_harness_push_event (h, gst_event_new_tag (gst_tag_list_new_empty ()));
  push_stretch (h, &silence, 400, 800);
  drain (h);
  expect_frames (h, 20, 0, TRUE);
  expect_no_more (h);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_flush_forgets)
{
  static const gint64 at = 300;
  const TestStream s = click_at (&at);
  GstHarness *h = test_harness (PICTURE, VIDEO);
  GPtrArray *frames;

  push_stretch (h, &s, 0, 410);
  expect_frames (h, 8, 0, TRUE);
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  gst_harness_push_event (h, segment_of (1, 0, 10 * GST_SECOND));
  push_stretch (h, &silence, 410, 810);
  drain (h);
  frames = test_pull (h);
  fail_unless_equals_int (frames->len, 10);
  fail_unless_equals_uint64 (
      GST_BUFFER_PTS ((GstBuffer *) frames->pdata[0]), 410 * GST_MSECOND);
  for (guint i = 0; i < frames->len; i++)
    fail_unless_equals_int (lit_column (frames->pdata[i]), -1);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_dump_in_a_segment_of_bytes_gets_one_of_time)
{
  GstHarness *h = test_harness (PICTURE, VIDEO);
  GstSegment bytes;
  const GstSegment *segment;
  GstEvent *event;

  gst_segment_init (&bytes, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&bytes));
  push_stretch (h, &silence, 0, 400);
  drain (h);
  expect_frames (h, 10, 0, TRUE);
  event = gst_pad_get_sticky_event (h->sinkpad, GST_EVENT_SEGMENT, 0);
  gst_event_parse_segment (event, &segment);
  fail_unless_equals_int (segment->format, GST_FORMAT_TIME);
  gst_event_unref (event);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* ------------------------------------------------------------- reverse ---- */

/* Batches in descending order: frames come in descending order too, none is
 * lost, and the newest in the direction of play, which is the earliest, stands
 * at the right edge. */
GST_START_TEST (in_reverse_the_picture_runs_back)
{
  static const gint64 at = 700;
  const TestStream s = click_at (&at);
  static const guint per_batch[] = { 1, 7, 100 };

  for (guint b = 0; b < G_N_ELEMENTS (per_batch); b++) {
    GPtrArray *batches = test_batches (&s, 0, 1000, per_batch[b]);
    GstHarness *h = test_harness (PICTURE, VIDEO);
    GPtrArray *frames;

    gst_harness_push_event (h, segment_of (-1, 0, 1000 * GST_MSECOND));
    for (guint i = batches->len; i-- > 0;)
      fail_unless_equals_int (
          gst_harness_push (h, batches->pdata[i]), GST_FLOW_OK);
    drain (h);
    frames = test_pull (h);
    fail_unless_equals_int (frames->len, 25);
    for (guint k = 0; k < frames->len; k++) {
      GstBuffer *frame = frames->pdata[k];
      gint column = 15, end = 2 * ((gint) k + 1); /* 300 ms back */

      fail_unless_equals_uint64 (GST_BUFFER_PTS (frame), (24 - k) * D);
      fail_unless_equals_uint64 (GST_BUFFER_DURATION (frame), D);
      fail_unless_equals_int (
          lit_column (frame), column < end ? WIDTH - end + column : -1);
    }
    g_ptr_array_unref (batches);
    g_ptr_array_unref (frames);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* --------------------------------------------------------------- pages ---- */

static gboolean
first_is_a_gap (GstHarness *h)
{
  gboolean gap = FALSE;
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (h)) != NULL) {
    gap = gap || GST_EVENT_TYPE (event) == GST_EVENT_GAP;
    gst_event_unref (event);
  }
  return gap;
}

GST_START_TEST (a_page_is_a_frame_for_every_span)
{
  static const gint64 at = 2500;
  const TestStream s = click_at (&at);
  GstHarness *h = test_harness (PICTURE "scroll-mode=page", VIDEO);
  GPtrArray *frames;

  push_stretch (h, &s, 0, 200);
  fail_unless (first_is_a_gap (h));
  push_stretch (h, &s, 200, 4500);
  drain (h);
  frames = test_pull (h);
  fail_unless_equals_int (frames->len, 3);
  for (guint k = 0; k < 3; k++) {
    GstBuffer *frame = frames->pdata[k];

    fail_unless_equals_uint64 (GST_BUFFER_PTS (frame), 2 * k * GST_SECOND);
    fail_unless_equals_uint64 (GST_BUFFER_DURATION (frame), 2 * GST_SECOND);
    fail_unless_equals_int (lit_column (frame), k == 1 ? 25 : -1);
  }
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* A gap within a page is a part of it. */
GST_START_TEST (a_gap_does_not_end_a_page)
{
  static const gint64 at = 1800;
  const TestStream s = click_at (&at);
  GstHarness *h = test_harness (PICTURE "scroll-mode=page", VIDEO);
  GPtrArray *frames;

  push_stretch (h, &s, 0, 200);
  gst_harness_push_event (
      h, gst_event_new_gap (200 * GST_MSECOND, 1400 * GST_MSECOND));
  push_stretch (h, &s, 1600, 1900);
  push_stretch (h, &s, 9000, 9500);
  drain (h);
  frames = test_pull (h);
  fail_unless_equals_int (frames->len, 2);
  fail_unless_equals_int (lit_column (frames->pdata[0]), 90);
  fail_unless_equals_uint64 (
      GST_BUFFER_PTS ((GstBuffer *) frames->pdata[1]), 8 * GST_SECOND);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (the_whole_is_one_frame_at_the_end)
{
  static const gint64 lengths[] = { 10, 1000, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    gint64 n = lengths[i], at = n * 3 / 4 / HOP * HOP;
    const TestStream s = click_at (&at);
    GstHarness *h =
        test_harness (PICTURE "scroll-mode=page time-span=0", VIDEO);
    GPtrArray *frames;
    gint column;

    push_stretch (h, &s, 0, n);
    fail_unless (first_is_a_gap (h));
    expect_no_more (h);
    drain (h);
    frames = test_pull (h);
    fail_unless_equals_int (frames->len, 1);
    fail_unless_equals_uint64 (
        GST_BUFFER_PTS ((GstBuffer *) frames->pdata[0]), 0);
    fail_unless_equals_uint64 (
        GST_BUFFER_DURATION ((GstBuffer *) frames->pdata[0]),
        (GstClockTime) n * GST_MSECOND);
    column = lit_column (frames->pdata[0]);
    if (n > 10)
      fail_unless (column >= 73 && column <= 75, "%d", column);
    g_ptr_array_unref (frames);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

GST_START_TEST (the_whole_has_its_gaps_in_it)
{
  static const gint64 at = 9000;
  const TestStream s = click_at (&at);
  GstHarness *h = test_harness (PICTURE "scroll-mode=page time-span=0", VIDEO);
  GPtrArray *frames;
  gint column;

  push_stretch (h, &s, 0, 500);
  gst_harness_push_event (
      h, gst_event_new_gap (500 * GST_MSECOND, 7 * GST_SECOND));
  push_stretch (h, &s, 7500, 10000);
  drain (h);
  frames = test_pull (h);
  fail_unless_equals_int (frames->len, 1);
  fail_unless_equals_uint64 (
      GST_BUFFER_DURATION ((GstBuffer *) frames->pdata[0]), 10 * GST_SECOND);
  column = lit_column (frames->pdata[0]);
  fail_unless (column >= 88 && column <= 90, "%d", column);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* -------------------------------------------------------------- motion ---- */

/* Columns of a sweep stay where they are. */
GST_START_TEST (a_sweep_stands_still)
{
  static const gint64 at = 500;
  const TestStream s = click_at (&at);
  GPtrArray *frames = test_render (
      PICTURE "scroll-mode=sweep", VIDEO, test_batches (&s, 0, 3000, 3));

  fail_unless_equals_int (frames->len, 75);
  for (guint k = 0; k < frames->len; k++) {
    GstBuffer *frame = frames->pdata[k];
    guint end = 2 * (k + 1), dark;

    dark = test_pixel (frame, WIDTH, (end + 1) % WIDTH, 0);
    fail_unless_equals_int (
        test_pixel (frame, WIDTH, 25, 25) != dark, end >= 26 - 1 && end < 125);
  }
  g_ptr_array_unref (frames);
}
GST_END_TEST;

static void
assert_mirrored (GstBuffer *a, GstBuffer *b)
{
  for (guint y = 0; y < 50; y++)
    for (guint x = 0; x < WIDTH; x++)
      fail_unless_equals_int_hex (
          test_pixel (a, WIDTH, x, y), test_pixel (b, WIDTH, WIDTH - 1 - x, y));
}

/* To the right, then up, for to the left. */
static void
assert_turned (GstBuffer *a, GstBuffer *b)
{
  for (guint y = 0; y < 50; y++)
    for (guint x = 0; x < WIDTH; x++)
      fail_unless_equals_int_hex (test_pixel (a, WIDTH, x, y),
          test_pixel (b, 50, 49 - y, WIDTH - 1 - x));
}

GST_START_TEST (other_directions_show_the_same_turned)
{
  static const gint64 at = 500;
  const TestStream s = click_at (&at);
  GPtrArray *frames =
      test_render (PICTURE, VIDEO, test_batches (&s, 0, 3000, 3));
  GPtrArray *mirrored = test_render (PICTURE "scroll-mode=scroll-reverse",
      VIDEO, test_batches (&s, 0, 3000, 3));
  GPtrArray *turned = test_render (PICTURE "orientation=vertical",
      "video/x-raw, format=BGRx, width=50, height=100, framerate=25/1",
      test_batches (&s, 0, 3000, 3));

  for (guint k = 0; k < frames->len; k += 6) {
    assert_mirrored (frames->pdata[k], mirrored->pdata[k]);
    assert_turned (frames->pdata[k], turned->pdata[k]);
  }
  g_ptr_array_unref (frames);
  g_ptr_array_unref (mirrored);
  g_ptr_array_unref (turned);
}
GST_END_TEST;

static Suite *
tfrrender_events_suite (void)
{
  Suite *s = suite_create ("tfrrender_events");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_short_gap_has_frames);
  tcase_add_test (tc, a_long_gap_has_none);
  tcase_add_test (tc, a_long_gap_event_waits_for_the_frames_before_it);
  tcase_add_test (tc, a_short_gap_event_changes_nothing);
  tcase_add_test (tc, jitter_of_time_stamps_is_not_followed);
  tcase_add_test (tc, restamped_batches_begin_anew);
  tcase_add_test (tc, without_time_stamps_samples_are_counted);
  tcase_add_test (tc, a_jump_back_begins_anew);
  tcase_add_test (tc, another_segment_drains_and_the_same_does_not);
  tcase_add_test (tc, the_end_of_a_segment_drains);
  tcase_add_test (tc, tags_do_not_drain);
  tcase_add_test (tc, a_flush_forgets);
  tcase_add_test (tc, a_dump_in_a_segment_of_bytes_gets_one_of_time);
  tcase_add_test (tc, in_reverse_the_picture_runs_back);
  tcase_add_test (tc, a_page_is_a_frame_for_every_span);
  tcase_add_test (tc, a_gap_does_not_end_a_page);
  tcase_add_test (tc, the_whole_is_one_frame_at_the_end);
  tcase_add_test (tc, the_whole_has_its_gaps_in_it);
  tcase_add_test (tc, a_sweep_stands_still);
  tcase_add_test (tc, other_directions_show_the_same_turned);
  return s;
}

GST_CHECK_MAIN (tfrrender_events);
