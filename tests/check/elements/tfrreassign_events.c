/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Events in a stream of audio: which of them end what came before, in which order
 * they leave, and which leave no trace in the points. */

#include "points.h"

#define N 10000

static GstEvent *
other_segment (void)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.base = 5 * GST_SECOND;
  return gst_event_new_segment (&segment);
}

static GstEvent *
other_caps (void)
{
  GstCaps *caps = gst_caps_from_string (
      "audio/x-raw, format=S16LE, layout=interleaved, rate=8000, channels=2");
  GstEvent *event = gst_event_new_caps (caps);

  gst_caps_unref (caps);
  return event;
}

GST_START_TEST (what_ends_a_stretch_leaves_after_all_its_frames)
{
  GstEvent *events[] = { gst_event_new_eos (),
    gst_event_new_segment_done (GST_FORMAT_TIME, GST_SECOND),
    gst_event_new_stream_group_done (1), gst_event_new_stream_start ("other"),
    other_segment (), other_caps (),
    gst_event_new_gap (audio_time (N), 2 * GST_SECOND),
    gst_event_new_gap (audio_time (N), GST_CLOCK_TIME_NONE) };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    GstHarness *h = audio_harness ("tfrreassign");
    GString *log = log_events (h);
    gchar *expected = g_strdup_printf (
        "%s@%d ", GST_EVENT_TYPE_NAME (events[i]), N);

    audio_push (h, 0, N, 1000);
    gst_harness_push_event (h, events[i]);
    fail_unless_equals_string (log->str, expected);
    g_free (expected);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

GST_START_TEST (what_ends_nothing_leaves_no_seam)
{
  GstSegment same;
  GstCaps *caps = gst_caps_from_string (AUDIO_CAPS);
  GPtrArray *whole = frames_analyse ("tfrreassign", 0, N);
  GstTagList *tags = gst_tag_list_new (GST_TAG_TITLE, "tune", NULL);
  GstToc *toc = gst_toc_new (GST_TOC_SCOPE_GLOBAL);
  GstBuffer *box = gst_buffer_new ();
  GstMessage *message = gst_message_new_application (
      NULL, gst_structure_new_empty ("custom"));

  gst_segment_init (&same, GST_FORMAT_TIME);
  same.position = 77;
  GstEvent *events[] = { gst_event_new_tag (tags), gst_event_new_caps (caps),
    gst_event_new_segment (&same), gst_event_new_toc (toc, FALSE),
    gst_event_new_custom (
        GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty ("custom")),
    gst_event_new_custom (
        GST_EVENT_CUSTOM_DOWNSTREAM_OOB, gst_structure_new_empty ("custom")),
    gst_event_new_sink_message ("message", message),
    gst_event_new_instant_rate_change (2, 0),
    gst_event_new_protection ("id", box, "x") };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    GstHarness *h = audio_harness ("tfrreassign");
    gchar *name = g_strdup (GST_EVENT_TYPE_NAME (events[i]));
    GPtrArray *frames;

    audio_push (h, 0, N / 2, 1000);
    fail_unless (gst_harness_push_event (h, events[i]));
    audio_push (h, N / 2, N / 2, 1000);
    audio_push_eos (h);
    frames = frames_pull (h);
    fail_unless_equals_int (frames->len, whole->len);
    assert_frames_equal (frames, 0, whole, 0, whole->len, name);
    g_ptr_array_unref (frames);
    g_free (name);
    gst_harness_teardown (h);
  }
  gst_message_unref (message);
  gst_buffer_unref (box);
  gst_toc_unref (toc);
  gst_caps_unref (caps);
  g_ptr_array_unref (whole);
}
GST_END_TEST;

GST_START_TEST (equal_caps_are_announced_once)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GString *log = log_events (h);

  audio_push (h, 0, N, 1000);
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  fail_unless (strstr (log->str, "caps") == NULL, "%s", log->str);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Waits for no buffer: downstream learns the segment of an empty stream. */
GST_START_TEST (a_stream_without_buffers_has_all_its_events)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GString *log = log_events (h);

  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  audio_push_eos (h);
  fail_unless_equals_string (
      log->str, "stream-start@0 caps@0 segment@0 eos@0 ");
  fail_unless_equals_int (gst_harness_buffers_received (h), 0);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Untimestamped audio is drained as well. */
GST_START_TEST (the_first_batch_comes_after_stream_start_caps_segment)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GString *log = log_events (h);
  GstBuffer *buffer = audio_buffer (0, N);

  GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  gst_harness_push (h, buffer);
  audio_push_eos (h);
  fail_unless_equals_string (
      log->str, "stream-start@0 caps@0 segment@0 eos@10000 ");
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_segment_keeps_its_number_and_values)
{
  GstHarness *h = audio_harness ("tfrreassign");
  const GstSegment *segment;
  GstSegment sent;
  GstEvent *event;

  gst_segment_init (&sent, GST_FORMAT_TIME);
  sent.rate = 2;
  sent.start = sent.time = GST_SECOND;
  sent.stop = 3 * GST_SECOND;
  event = gst_event_new_segment (&sent);
  gst_event_set_seqnum (event, 4321);
  gst_harness_push_event (h, event);
  while ((event = gst_harness_try_pull_event (h)) != NULL) {
    if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT &&
        gst_event_get_seqnum (event) == 4321)
      break;
    gst_event_unref (event);
  }
  fail_unless (event != NULL);
  gst_event_parse_segment (event, &segment);
  fail_unless (gst_segment_is_equal (segment, &sent));
  gst_event_unref (event);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (tags_of_the_coding_are_left_out)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GstTagList *tags = gst_tag_list_new (GST_TAG_TITLE, "tune",
      GST_TAG_AUDIO_CODEC, "MPEG", GST_TAG_BITRATE, 128000, NULL);
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (h)) != NULL)
    gst_event_unref (event);
  gst_harness_push_event (h, gst_event_new_tag (tags));
  event = gst_harness_try_pull_event (h);
  fail_unless (event != NULL);
  gst_event_parse_tag (event, &tags);
  fail_unless_equals_int (gst_tag_list_n_tags (tags), 1);
  fail_unless_equals_int (gst_tag_list_get_tag_size (tags, GST_TAG_TITLE), 1);
  gst_event_unref (event);

  tags = gst_tag_list_new (GST_TAG_CONTAINER_FORMAT, "ID3", NULL);
  gst_harness_push_event (h, gst_event_new_tag (tags));
  fail_unless (gst_harness_try_pull_event (h) == NULL);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_flush_forgets_all_that_came_before)
{
  GPtrArray *whole = frames_analyse ("tfrreassign", 512 * 100, N), *frames;
  GstHarness *h = audio_harness ("tfrreassign");
  GString *log;
  GstSegment segment;

  audio_push (h, 0, N, 1000);
  g_ptr_array_unref (frames_pull (h));
  log = log_events (h);
  gst_harness_push_event (h, gst_event_new_flush_start ());
  fail_unless_equals_string (log->str, "flush-start@0 ");
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  audio_push (h, 512 * 100, N, 1000);
  audio_push_eos (h);

  frames = frames_pull (h);
  fail_unless_equals_int (frames->len, whole->len);
  assert_frames_equal (frames, 0, whole, 0, whole->len, "after the flush");
  for (guint i = 0; i < frames->len; i++)
    fail_if (((Frame *) g_ptr_array_index (frames, i))->flags &
             GST_TFR_FLAG_DISCONT);
  g_ptr_array_unref (frames);
  g_ptr_array_unref (whole);
  gst_harness_teardown (h);
}
GST_END_TEST;

static void
assert_flagged (GPtrArray *frames, gboolean discont)
{
  for (guint i = 0; i < frames->len; i++) {
    Frame *frame = g_ptr_array_index (frames, i);

    if (frame->first)
      fail_unless_equals_int (
          frame->flags & GST_TFR_FLAG_DISCONT,
          discont && frame->sample == 0 ? GST_TFR_FLAG_DISCONT : 0);
  }
  g_ptr_array_unref (frames);
}

/* A dump has no events: its headers must tell that something else follows. */
GST_START_TEST (what_follows_another_stretch_is_a_discontinuity)
{
  GstEvent *events[] = { other_segment (), other_caps (),
    gst_event_new_segment_done (GST_FORMAT_TIME, GST_SECOND) };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    GstHarness *h = audio_harness ("tfrreassign");
    GstSegment segment;

    gst_segment_init (&segment, GST_FORMAT_TIME);
    segment.base = 1;
    gst_harness_push_event (h, gst_event_new_segment (&segment));
    audio_push (h, 0, N, 1000);
    gst_harness_push_event (h, events[i]);
    assert_flagged (frames_pull (h), FALSE);
    gst_harness_push (h, audio_buffer (0, N));
    audio_push_eos (h);
    assert_flagged (frames_pull (h), TRUE);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

GST_START_TEST (events_from_downstream_go_upstream)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GstEvent *events[] = {
    gst_event_new_seek (1, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
        GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, 0),
    gst_event_new_navigation (gst_structure_new_empty ("nav")),
    gst_event_new_latency (GST_SECOND),
    gst_event_new_step (GST_FORMAT_BUFFERS, 1, 1, TRUE, FALSE),
    gst_event_new_qos (GST_QOS_TYPE_UNDERFLOW, 1, 0, 0),
    gst_event_new_reconfigure (), /* other audio may be wanted too */
  };
  GstEvent *event;

  while ((event = gst_harness_try_pull_upstream_event (h)) != NULL)
    gst_event_unref (event);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    GstEventType type = GST_EVENT_TYPE (events[i]);

    fail_unless (gst_harness_push_upstream_event (h, events[i]));
    event = gst_harness_try_pull_upstream_event (h);
    fail_unless (event != NULL, "%s", gst_event_type_get_name (type));
    fail_unless_equals_int (GST_EVENT_TYPE (event), type);
    gst_event_unref (event);
  }
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrreassign_events_suite (void)
{
  Suite *s = suite_create ("tfrreassign events");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, what_ends_a_stretch_leaves_after_all_its_frames);
  tcase_add_test (tc, what_ends_nothing_leaves_no_seam);
  tcase_add_test (tc, equal_caps_are_announced_once);
  tcase_add_test (tc, a_stream_without_buffers_has_all_its_events);
  tcase_add_test (tc, the_first_batch_comes_after_stream_start_caps_segment);
  tcase_add_test (tc, a_segment_keeps_its_number_and_values);
  tcase_add_test (tc, tags_of_the_coding_are_left_out);
  tcase_add_test (tc, a_flush_forgets_all_that_came_before);
  tcase_add_test (tc, what_follows_another_stretch_is_a_discontinuity);
  tcase_add_test (tc, events_from_downstream_go_upstream);
  return s;
}

GST_CHECK_MAIN (tfrreassign_events);
