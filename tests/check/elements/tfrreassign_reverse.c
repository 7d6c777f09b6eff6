/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Audio that is played backwards: buffers in descending order, samples forward
 * inside. */

#include "points.h"

#define N 30000

static GstHarness *
harness_in_reverse (const gchar *launch, GstClockTime start, GstClockTime stop)
{
  GstHarness *h = audio_harness (launch);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = -1;
  segment.start = segment.time = start;
  segment.stop = stop;
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  return h;
}

/* The samples [from, to) from the end on. */
static void
push_backwards (GstHarness *h, gint64 from, gint64 to, gint64 piece)
{
  gboolean begin = TRUE;

  while (to > from) {
    gint64 n = MIN (piece, to - from);
    GstBuffer *buffer = audio_buffer (to - n, (gsize) n);

    if (begin)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    begin = FALSE;
    fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
    to -= n;
  }
}

/* Ascending frames; that batches descend is checked. */
static GPtrArray *
pull_in_order (GstHarness *h)
{
  GPtrArray *frames = frames_new ();
  GstBuffer *buffer, *last = NULL;
  GQueue batches = G_QUEUE_INIT;

  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    if (last != NULL)
      fail_unless_equals_uint64 (
          GST_BUFFER_OFFSET_END (buffer), GST_BUFFER_OFFSET (last));
    last = buffer;
    g_queue_push_head (&batches, buffer);
  }
  while ((buffer = g_queue_pop_head (&batches)) != NULL) {
    frames_of_batch (frames, buffer);
    gst_buffer_unref (buffer);
  }
  for (guint i = 0; i < frames->len; i++)
    fail_unless (((Frame *) g_ptr_array_index (frames, i))->flags &
                 GST_TFR_FLAG_REVERSED);
  return frames;
}

GST_START_TEST (frames_equal_those_of_forward_play)
{
  static const gchar *const launches[] = { "tfrreassign",
    "tfrreassign hop-size=100 window-size=255",
    "tfrreassign hop-size=3000 window-size=64",
    "tfrreassign frames-per-buffer=7 floor-reference=frame-peak",
    "tfrreassign consensus=line hop-size=300",
    "tfrreassign precision=single hop-size=100 frames-per-buffer=3",
    "tfrreassign precision=single consensus=line hop-size=300",
    "tfrreassign n-threads=2 hop-size=100",
    "tfrreassign analytic=true hop-size=300",
    "tfrreassign precision=single hop-size=300",
    "tfrreassign precision=single consensus=line hop-size=100",
    "tfrreassign n-threads=2" };
  static const gint64 pieces[] = { 1000, 4096, 333, N };
  static const gint64 starts[] = { 0, 12345 };

  for (guint l = 0; l < G_N_ELEMENTS (launches); l++)
    for (guint s = 0; s < G_N_ELEMENTS (starts); s++) {
      gint64 start = starts[s];
      GPtrArray *forward = frames_analyse (launches[l], start, N);

      for (guint p = 0; p < G_N_ELEMENTS (pieces); p++) {
        GstHarness *h = harness_in_reverse (
            launches[l], audio_time (start), audio_time (start + N));
        GPtrArray *frames;

        push_backwards (h, start, start + N, pieces[p]);
        audio_push_eos (h);
        frames = pull_in_order (h);
        fail_unless_equals_int (frames->len, forward->len);
        assert_frames_equal (
            frames, 0, forward, 0, forward->len, launches[l]);
        g_ptr_array_unref (frames);
        gst_harness_teardown (h);
      }
      g_ptr_array_unref (forward);
    }
}
GST_END_TEST;

GST_START_TEST (unstamped_audio_counts_down_from_the_segment_stop)
{
  GstHarness *h =
      harness_in_reverse ("tfrreassign", audio_time (0), audio_time (N));
  GPtrArray *forward = frames_analyse ("tfrreassign", 0, N), *frames;

  for (gint64 to = N; to > 0; to -= 1000) {
    GstBuffer *buffer = audio_buffer (to - 1000, 1000);

    GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
    gst_harness_push (h, buffer);
  }
  audio_push_eos (h);
  frames = pull_in_order (h);
  fail_unless_equals_int (frames->len, forward->len);
  assert_frames_equal (frames, 0, forward, 0, forward->len, "unstamped");
  g_ptr_array_unref (frames);
  g_ptr_array_unref (forward);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (gaps_are_silence_backwards_as_well)
{
  GstHarness *h =
      harness_in_reverse ("tfrreassign", audio_time (0), audio_time (N));
  GstHarness *f = audio_harness ("tfrreassign");
  GPtrArray *forward, *frames;

  audio_push (f, 0, 10001, 1000);
  gst_harness_push_event (
      f, gst_event_new_gap (audio_time (10001), audio_time (5555)));
  audio_push (f, 15556, N - 15556, 1000);
  audio_push_eos (f);
  forward = frames_pull (f);
  gst_harness_teardown (f);

  push_backwards (h, 15556, N, 1000);
  gst_harness_push_event (
      h, gst_event_new_gap (audio_time (10001), audio_time (5555)));
  push_backwards (h, 0, 10001, 1000);
  audio_push_eos (h);
  frames = pull_in_order (h);
  fail_unless_equals_int (frames->len, forward->len);
  assert_frames_equal (frames, 0, forward, 0, forward->len, "gap");
  g_ptr_array_unref (frames);
  g_ptr_array_unref (forward);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Also where a property changes: batches stay without gap and overlap. */
GST_START_TEST (no_frame_is_lost_or_doubled_by_changes)
{
  GstHarness *h =
      harness_in_reverse ("tfrreassign", audio_time (0), audio_time (N));
  static const guint hops[] = { 512, 300, 2000, 512 };
  static const guint windows[] = { 2048, 256, 4096, 2048 };
  GPtrArray *frames;

  for (guint i = 0; i < G_N_ELEMENTS (hops); i++) {
    g_object_set (h->element, "hop-size", hops[i], "window-size", windows[i],
        NULL);
    push_backwards (
        h, N - (gint64) (i + 1) * 7500, N - (gint64) i * 7500, 500);
  }
  audio_push_eos (h);
  frames = pull_in_order (h);
  fail_unless_equals_int64 (
      ((Frame *) g_ptr_array_index (frames, 0))->sample, 0);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_jump_backwards_is_a_discontinuity)
{
  GstHarness *h =
      harness_in_reverse ("tfrreassign", 0, audio_time (200000));
  GPtrArray *upper = frames_analyse ("tfrreassign", 100000, 10000);
  GPtrArray *lower = frames_analyse ("tfrreassign", 20000, 10000), *frames;
  guint n_discont = 0;

  push_backwards (h, 100000, 110000, 1000);
  push_backwards (h, 20000, 30000, 1000);
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_int (frames->len, upper->len + lower->len);
  for (guint i = 0; i < frames->len; i++) {
    const Frame *frame = g_ptr_array_index (frames, i);
    const Frame *same = frames_find (
        frame->sample < 50000 ? lower : upper, frame->sample, 0);

    fail_unless (same != NULL);
    fail_unless_equals_int (same->n_points, frame->n_points);
    n_discont += frame->first && frame->flags & GST_TFR_FLAG_DISCONT;
  }
  fail_unless_equals_int (n_discont, 1);
  g_ptr_array_unref (frames);
  g_ptr_array_unref (upper);
  g_ptr_array_unref (lower);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (short_pieces_give_their_frames_backwards)
{
  static const gint64 lengths[] = { 1, 10, 2047 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    GstHarness *h = harness_in_reverse (
        "tfrreassign", 0, audio_time (lengths[i]));
    GPtrArray *frames;

    push_backwards (h, 0, lengths[i], 1000);
    audio_push_eos (h);
    frames = pull_in_order (h);
    fail_unless_equals_int (frames->len, (gint) (lengths[i] + 511) / 512);
    g_ptr_array_unref (frames);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

static GstBuffer *
stereo_buffer (gint64 position, gsize n)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * 16, NULL);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i < 2 * n; i++)
    ((gdouble *) map.data)[i] = audio_sample (position + (gint64) i / 2);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = audio_time (position);
  return buffer;
}

/* What came before is of its own channels to its last frame. */
GST_START_TEST (channels_are_mixed_from_the_next_buffer_on)
{
  const gint64 piece = 512, change = 30 * piece, end = 60 * piece;
  GstHarness *h = gst_harness_new ("tfrreassign");
  GPtrArray *frames;
  GstSegment segment;
  gint64 expected = 0;

  gst_harness_set_src_caps_str (h,
      "audio/x-raw, format=F64LE, "
      "layout=interleaved, rate=48000, channels=2, channel-mask=(bitmask)3");
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = -1;
  segment.stop = audio_time (end);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  for (gint64 at = end - piece; at >= 0; at -= piece) {
    if (at == change - piece)
      gst_util_set_object_arg (G_OBJECT (h->element), "channel-mode", "mix");
    fail_unless_equals_int (
        gst_harness_push (h, stereo_buffer (at, (gsize) piece)), GST_FLOW_OK);
  }
  audio_push_eos (h);
  frames = pull_in_order (h);
  for (guint i = 0; i < frames->len; expected += piece) {
    guint n = expected < change ? 1 : 2;

    for (guint c = 0; c < n; c++, i++) {
      const Frame *frame = g_ptr_array_index (frames, i);

      fail_unless_equals_int64 (frame->sample, expected);
      fail_unless_equals_int (frame->channel, c);
    }
  }
  fail_unless_equals_int64 (expected, end);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrreassign_reverse_suite (void)
{
  Suite *s = suite_create ("tfrreassign reverse");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, frames_equal_those_of_forward_play);
  tcase_add_test (tc, unstamped_audio_counts_down_from_the_segment_stop);
  tcase_add_test (tc, gaps_are_silence_backwards_as_well);
  tcase_add_test (tc, no_frame_is_lost_or_doubled_by_changes);
  tcase_add_test (tc, a_jump_backwards_is_a_discontinuity);
  tcase_add_test (tc, channels_are_mixed_from_the_next_buffer_on);
  tcase_add_test (tc, short_pieces_give_their_frames_backwards);
  return s;
}

GST_CHECK_MAIN (tfrreassign_reverse);
