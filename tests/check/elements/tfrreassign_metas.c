/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What audio buffers carry besides samples: the stamps of other clocks are true
 * of the points as well, all else is not. */

#include "points.h"

static GstHarness *
push_with_reference (const gchar *launch, GstCaps *clock, gboolean reverse)
{
  GstHarness *h = audio_harness (launch);

  if (reverse) {
    GstSegment segment;

    gst_segment_init (&segment, GST_FORMAT_TIME);
    segment.rate = -1;
    segment.stop = audio_time (30000);
    gst_harness_push_event (h, gst_event_new_segment (&segment));
  }
  for (gint64 i = 0; i < 30; i++) {
    gint64 position = reverse ? 29000 - i * 1000 : i * 1000;
    GstBuffer *buffer = audio_buffer (position, 1000);

    gst_buffer_add_reference_timestamp_meta (buffer, clock,
        100 * GST_SECOND + audio_time (position), GST_CLOCK_TIME_NONE);
    gst_buffer_add_protection_meta (buffer, gst_structure_new_empty ("x"));
    gst_harness_push (h, buffer);
  }
  audio_push_eos (h);
  return h;
}

GST_START_TEST (stamps_of_other_clocks_move_with_the_points)
{
  GstCaps *clock = gst_caps_from_string ("timestamp/x-ntp");

  for (gint reverse = 0; reverse < 2; reverse++) {
    GstHarness *h = push_with_reference ("tfrreassign", clock, reverse);
    GstBuffer *batch;
    guint n = 0;

    while ((batch = gst_harness_try_pull (h)) != NULL) {
      GstReferenceTimestampMeta *meta =
          gst_buffer_get_reference_timestamp_meta (batch, clock);
      gint64 off;

      fail_unless (meta != NULL);
      off = GST_CLOCK_DIFF (
          100 * GST_SECOND + GST_BUFFER_PTS (batch), meta->timestamp);
      fail_unless (ABS (off) <= 2, "off by %" G_GINT64_FORMAT " ns", off);
      fail_unless (gst_buffer_get_protection_meta (batch) == NULL);
      gst_buffer_unref (batch);
      n++;
    }
    fail_unless_equals_int (n, (30000 + 511) / 512);
    gst_harness_teardown (h);
  }
  gst_caps_unref (clock);
}
GST_END_TEST;

/* They end with the stream that they were of. */
GST_START_TEST (no_stamp_outlives_its_stream)
{
  GstCaps *clock = gst_caps_from_string ("timestamp/x-ntp");
  GstHarness *h = push_with_reference ("tfrreassign", clock, FALSE);
  GstBuffer *batch;
  GstSegment segment;

  g_ptr_array_unref (frames_pull (h));
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  audio_push (h, 90000, 10000, 1000);
  batch = gst_harness_pull (h);
  fail_unless (gst_buffer_get_reference_timestamp_meta (batch, NULL) == NULL);
  gst_buffer_unref (batch);
  gst_caps_unref (clock);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrreassign_metas_suite (void)
{
  Suite *s = suite_create ("tfrreassign metas");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, stamps_of_other_clocks_move_with_the_points);
  tcase_add_test (tc, no_stamp_outlives_its_stream);
  return s;
}

GST_CHECK_MAIN (tfrreassign_metas);
