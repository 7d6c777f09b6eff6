/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Silence that is announced, jumps, and audio without time stamps. */

#include "near.h"
#include "points.h"

#define N 10240

/* The samples [0, N) whose part [from, from + n) is zeros. */
static GPtrArray *
analyse_with_silence (gsize from, gsize n)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GstBuffer *buffer = audio_buffer (0, N);
  GPtrArray *frames;

  gst_buffer_memset (buffer, from * 8, 0, n * 8);
  gst_harness_push (h, buffer);
  audio_push_eos (h);
  frames = frames_pull (h);
  gst_harness_teardown (h);
  return frames;
}

GST_START_TEST (a_short_gap_is_silence)
{
  static const gint64 from = 3001, n = 4711;
  GPtrArray *silence = analyse_with_silence ((gsize) from, (gsize) n), *frames;

  for (guint as_buffer = 0; as_buffer < 2; as_buffer++) {
    GstHarness *h = audio_harness ("tfrreassign");
    GstBuffer *buffer = audio_buffer (from, (gsize) n);

    audio_push (h, 0, (gsize) from, 1000);
    if (as_buffer) {
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
      gst_harness_push (h, buffer);
    } else {
      gst_harness_push_event (h, gst_event_new_gap (GST_BUFFER_PTS (buffer),
                                     GST_BUFFER_DURATION (buffer)));
      gst_buffer_unref (buffer);
    }
    audio_push (h, from + n, (gsize) (N - from - n), 1000);
    audio_push_eos (h);
    frames = frames_pull (h);
    fail_unless_equals_int (frames->len, silence->len);
    assert_frames_equal (frames, 0, silence, 0, silence->len,
        as_buffer ? "gap buffer" : "gap event");
    g_ptr_array_unref (frames);
    gst_harness_teardown (h);
  }
  g_ptr_array_unref (silence);
}
GST_END_TEST;

/* Not a zero of the signal, but silence by flag, under every window. */
GST_START_TEST (batches_of_flagged_silence_are_flagged_and_empty)
{
  GstHarness *h = audio_harness ("tfrreassign window-size=512 hop-size=128");
  GPtrArray *frames;
  guint n_gaps = 0;

  audio_push (h, 0, 4800, 480);
  gst_harness_push_event (
      h, gst_event_new_gap (audio_time (4800), audio_time (9600)));
  audio_push (h, 14400, 4800, 480);
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_int (frames->len, 19200 / 128);
  for (guint i = 0; i < frames->len; i++) {
    Frame *frame = g_ptr_array_index (frames, i);

    if (!(frame->flags & GST_TFR_FLAG_GAP))
      continue;
    n_gaps++;
    fail_unless_equals_int (frame->n_points, 0);
    assert_at_most ((gdouble) (4800 + 256 - 8), (gdouble) frame->sample,
        "start of the gap");
    assert_at_most ((gdouble) frame->sample, 14400 - 256, "end of the gap");
  }
  /* at most a batch of 7 frames is lost at either end */
  assert_at_most ((9600 - 512) / 128 - 14, n_gaps, "frames of the gap");
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* After this much the audio goes on where its time stamp says, even if that is
 * within the tolerance for jitter. */
GST_START_TEST (a_long_gap_ends_the_stretch)
{
  static const struct {
    gint64 lasts;
    GstClockTime duration;
  } gaps[] = { { 100000, 100000 * GST_SECOND / AUDIO_RATE },
    { 1000, GST_CLOCK_TIME_NONE } };

  for (guint i = 0; i < G_N_ELEMENTS (gaps); i++) {
    GstHarness *h = audio_harness ("tfrreassign");
    gint64 resumed = N + gaps[i].lasts;
    GPtrArray *before = frames_analyse ("tfrreassign", 0, N);
    GPtrArray *after = frames_analyse ("tfrreassign", resumed, N), *frames;
    Frame *border;

    audio_push (h, 0, N, 1000);
    gst_harness_push_event (
        h, gst_event_new_gap (audio_time (N), gaps[i].duration));
    audio_push (h, resumed, N, 1000);
    audio_push_eos (h);
    frames = frames_pull (h);
    fail_unless_equals_int (frames->len, before->len + after->len);
    assert_frames_equal (frames, 0, before, 0, before->len, "before");
    assert_frames_equal (
        frames, before->len, after, 0, after->len, "after");
    border = g_ptr_array_index (frames, before->len);
    fail_unless (border->flags & GST_TFR_FLAG_DISCONT);
    g_ptr_array_unref (frames);
    g_ptr_array_unref (before);
    g_ptr_array_unref (after);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

GST_START_TEST (a_gap_before_all_audio_is_passed_on)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GString *log = log_events (h);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_stream_start ("x"));
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  gst_harness_push_event (h, gst_event_new_gap (0, GST_SECOND / 2));
  fail_unless_equals_string (log->str, "stream-start@0 segment@0 gap@0 ");
  gst_harness_teardown (h);
}
GST_END_TEST;

/* As when the caps that follow a flush are refused: the segment waits behind them,
 * and a buffer without one is a fault of the program. */
GST_START_TEST (a_gap_without_a_segment_makes_no_frames)
{
  GstHarness *h = audio_harness ("tfrreassign");

  audio_push (h, 0, N, 1000);
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  g_ptr_array_unref (frames_pull (h));
  gst_harness_push_event (h, gst_event_new_gap (0, audio_time (N)));
  fail_unless_equals_int (gst_harness_buffers_in_queue (h), 0);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* --------------------------------------------------------------- jumps ---- */

/* The second half comes `later` samples after its due time. */
static GPtrArray *
analyse_with_jump (gint64 later, GstBufferFlags flags, gint64 *border)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GstBuffer *buffer;
  GPtrArray *frames;

  audio_push (h, 0, N, 1000);
  buffer = audio_buffer (N, N);
  GST_BUFFER_PTS (buffer) = audio_time (N + later);
  GST_BUFFER_FLAG_SET (buffer, flags);
  gst_harness_push (h, buffer);
  audio_push_eos (h);
  frames = frames_pull (h);
  *border = -1;
  for (guint i = 0; i < frames->len; i++) {
    Frame *frame = g_ptr_array_index (frames, i);

    if (frame->flags & GST_TFR_FLAG_DISCONT && *border < 0)
      *border = frame->sample;
  }
  gst_harness_teardown (h);
  return frames;
}

GST_START_TEST (time_stamps_may_be_off_by_40_ms_or_a_sample_with_discont)
{
  static const struct {
    gint64 later;
    GstBufferFlags flags;
    gboolean goes_on;
  } cases[] = { { 0, 0, TRUE }, { 1919, 0, TRUE }, { -1919, 0, TRUE },
    { 1922, 0, FALSE }, { -1922, 0, FALSE },
    { 0, GST_BUFFER_FLAG_DISCONT, TRUE }, { 1, GST_BUFFER_FLAG_DISCONT, TRUE },
    { -1, GST_BUFFER_FLAG_DISCONT, TRUE },
    { 2, GST_BUFFER_FLAG_DISCONT, FALSE }, { 2, GST_BUFFER_FLAG_RESYNC, FALSE },
    { -2, GST_BUFFER_FLAG_DISCONT, FALSE }, { 500, 0, TRUE } };
  GPtrArray *whole = frames_analyse ("tfrreassign", 0, 2 * N);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 border, grid;
    GPtrArray *frames =
        analyse_with_jump (cases[i].later, cases[i].flags, &border);
    gchar *what = g_strdup_printf (
        "%" G_GINT64_FORMAT " later, flags %x", cases[i].later, cases[i].flags);

    if (cases[i].goes_on) {
      fail_unless_equals_int64 (border, -1);
      fail_unless_equals_int (frames->len, whole->len);
      assert_frames_equal (frames, 0, whole, 0, whole->len, what);
    } else {
      grid = (N + cases[i].later + 511) / 512 * 512;
      fail_unless (border == grid, "%s: discontinuity at %" G_GINT64_FORMAT
          ", should be at %" G_GINT64_FORMAT, what, border, grid);
    }
    g_free (what);
    g_ptr_array_unref (frames);
  }
  g_ptr_array_unref (whole);
}
GST_END_TEST;

GST_START_TEST (the_first_batch_is_never_a_discontinuity)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GstBuffer *buffer = audio_buffer (96000, N);
  GPtrArray *frames;

  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push (h, buffer);
  audio_push_eos (h);
  frames = frames_pull (h);
  for (guint i = 0; i < frames->len; i++)
    fail_if (((Frame *) g_ptr_array_index (frames, i))->flags &
             GST_TFR_FLAG_DISCONT);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Downstream refuses for a while, as a tee's unlinked branch does: what comes
 * after is still in its place. */
GST_START_TEST (what_follows_a_refused_batch_is_where_it_belongs)
{
  GstHarness *h = gst_harness_new_with_padnames ("tfrreassign", "sink", NULL);
  GPtrArray *frames, *after = frames_analyse ("tfrreassign", 5 * N, N);
  GstPad *pad;

  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  for (gint64 i = 0; i < 3; i++)
    fail_unless_equals_int (
        gst_harness_push (h, audio_buffer (i * N, N)), GST_FLOW_NOT_LINKED);
  pad = gst_element_get_static_pad (h->element, "src");
  gst_harness_add_element_src_pad (h, pad);
  gst_object_unref (pad);
  gst_harness_push (h, audio_buffer (3 * N, N));
  gst_harness_push (h, audio_buffer (4 * N, N));
  gst_harness_push (h, audio_buffer (5 * N, N));
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless (frames->len >= after->len);
  /* the last ten see nothing of what was refused */
  assert_frames_equal (
      frames, frames->len - 10, after, after->len - 10, 10, "after");
  fail_unless_equals_int64 (
      ((Frame *) g_ptr_array_index (frames, 0))->sample, 3 * N);
  g_ptr_array_unref (frames);
  g_ptr_array_unref (after);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* -------------------------------------------------- without time stamps ---- */

GST_START_TEST (audio_without_time_stamps_counts_from_the_segment_start)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GPtrArray *stamped = frames_analyse ("tfrreassign", 48000, 5000), *frames;
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = GST_SECOND;
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  for (gint64 i = 0; i < 5000; i += 500) {
    GstBuffer *buffer = audio_buffer (48000 + i, 500);

    GST_BUFFER_PTS (buffer) = GST_BUFFER_DURATION (buffer) =
        GST_CLOCK_TIME_NONE;
    gst_harness_push (h, buffer);
  }
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_int (frames->len, stamped->len);
  assert_frames_equal (frames, 0, stamped, 0, stamped->len, "unstamped");
  g_ptr_array_unref (frames);
  g_ptr_array_unref (stamped);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* As a file of raw samples sends it. */
GST_START_TEST (a_segment_of_bytes_becomes_one_of_time)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GPtrArray *whole = frames_analyse ("tfrreassign", 0, N), *frames;
  GstEvent *event, *last = NULL;
  const GstSegment *timed;
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  for (gint64 i = 0; i < N; i += 512) {
    GstBuffer *buffer = audio_buffer (i, 512);

    GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
    gst_harness_push (h, buffer);
  }
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_int (frames->len, whole->len);
  assert_frames_equal (frames, 0, whole, 0, whole->len, "from bytes");
  while ((event = gst_harness_try_pull_event (h)) != NULL)
    if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT)
      gst_event_take (&last, event);
    else
      gst_event_unref (event);
  gst_event_parse_segment (last, &timed);
  fail_unless_equals_int (timed->format, GST_FORMAT_TIME);
  gst_event_unref (last);
  g_ptr_array_unref (frames);
  g_ptr_array_unref (whole);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrreassign_gaps_suite (void)
{
  Suite *s = suite_create ("tfrreassign gaps");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_short_gap_is_silence);
  tcase_add_test (tc, batches_of_flagged_silence_are_flagged_and_empty);
  tcase_add_test (tc, a_long_gap_ends_the_stretch);
  tcase_add_test (tc, a_gap_before_all_audio_is_passed_on);
  tcase_add_test (tc, a_gap_without_a_segment_makes_no_frames);
  tcase_add_test (
      tc, time_stamps_may_be_off_by_40_ms_or_a_sample_with_discont);
  tcase_add_test (tc, the_first_batch_is_never_a_discontinuity);
  tcase_add_test (tc, what_follows_a_refused_batch_is_where_it_belongs);
  tcase_add_test (
      tc, audio_without_time_stamps_counts_from_the_segment_start);
  tcase_add_test (tc, a_segment_of_bytes_becomes_one_of_time);
  return s;
}

GST_CHECK_MAIN (tfrreassign_gaps);
