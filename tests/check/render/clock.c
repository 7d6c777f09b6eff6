/* SPDX-License-Identifier: GPL-2.0-or-later */

/* When frames are, which of them come too late, and what times are written
 * beside them. */

#include "near.h"
#include "frameclock.h"
#include "placement.h"
#include "qos.h"

/* Frames follow each other without a hole, in both directions of play. */
GST_START_TEST (another_length_goes_on_where_the_last_frame_was)
{
  for (guint reverse = 0; reverse < 2; reverse++) {
    GstTfrFrameClock clock = {
      .rate = 48000, .base_pts = 20 * GST_SECOND, .reverse = reverse
    };
    GstClockTime at = clock.base_pts, pts, duration;

    gst_tfr_frame_clock_set_length (&clock, 1, 25);
    for (guint k = 0; k < 300; k++) {
      if (k % 100 == 99)
        gst_tfr_frame_clock_set_length (&clock, 1, 25 + k % 7);
      gst_tfr_frame_clock_tick (&clock, &pts, &duration);
      fail_unless (duration > 0);
      assert_near ((gdouble) (reverse ? pts + duration : pts), (gdouble) at, 2,
          "edge of frame %u, reverse %u", k, reverse);
      at = reverse ? pts : pts + duration;
    }
  }
}
GST_END_TEST;

GST_START_TEST (what_is_late_follows_from_the_last_report)
{
  static const struct {
    GstClockTimeDiff diff;
    GstClockTime timestamp, late, in_time;
  } reports[] = {
    { 0, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, 0 },
    { 30 * GST_MSECOND, 5 * GST_SECOND, 5100 * GST_MSECOND,
        5101 * GST_MSECOND },
    { 0, GST_CLOCK_TIME_NONE, 5100 * GST_MSECOND, 5101 * GST_MSECOND },
    { -30 * GST_MSECOND, 5 * GST_SECOND, 4970 * GST_MSECOND,
        4971 * GST_MSECOND },
    { -5 * GST_SECOND, 5 * GST_SECOND, 0, 1 },
  };
  GstTfrQos qos = { .frame_duration = 40 * GST_MSECOND };

  gst_tfr_qos_reset (&qos);
  for (guint i = 0; i < G_N_ELEMENTS (reports); i++) {
    GstEvent *event = gst_event_new_qos (
        GST_QOS_TYPE_UNDERFLOW, 1, reports[i].diff, reports[i].timestamp);

    gst_tfr_qos_take (&qos, event);
    gst_event_unref (event);
    fail_unless (!gst_tfr_qos_is_late (&qos, reports[i].in_time), "%u", i);
    fail_unless (reports[i].late == GST_CLOCK_TIME_NONE ||
                     gst_tfr_qos_is_late (&qos, reports[i].late),
        "%u", i);
  }
}
GST_END_TEST;

/* Stream time is that of the recording, running time that of its playing. */
GST_START_TEST (labels_are_of_the_time_that_was_asked_for)
{
  GstTfrPlacement p = { .base_pts = 14 * GST_SECOND };
  gdouble origin, direction;

  gst_segment_init (&p.segment, GST_FORMAT_TIME);
  p.segment.start = 10 * GST_SECOND;
  p.segment.time = 3 * GST_SECOND;
  p.segment.base = 5 * GST_SECOND;
  p.segment.rate = 2;
  gst_tfr_placement_label (&p, FALSE, &origin, &direction);
  assert_near (origin, 3 + 4, 1e-9, "stream time, s");
  assert_near (direction, 1, 0, "stream time in a second");
  gst_tfr_placement_label (&p, TRUE, &origin, &direction);
  assert_near (origin, 5 + 4 / 2.0, 1e-9, "running time, s");
  assert_near (direction, 0.5, 0, "running time in a second");

  p.base_pts = 9 * GST_SECOND; /* before the segment there is neither */
  for (guint running = 0; running < 2; running++) {
    gst_tfr_placement_label (&p, running, &origin, &direction);
    assert_near (origin, 9, 1e-9, "the time stamp, s");
  }
}
GST_END_TEST;

static Suite *
clock_suite (void)
{
  Suite *s = suite_create ("clock");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, another_length_goes_on_where_the_last_frame_was);
  tcase_add_test (tc, what_is_late_follows_from_the_last_report);
  tcase_add_test (tc, labels_are_of_the_time_that_was_asked_for);
  return s;
}

GST_CHECK_MAIN (clock);
