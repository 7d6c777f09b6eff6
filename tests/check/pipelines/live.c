/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Live analysis in front of sinks that are slow or stall, and behind sources that
 * drop out: it keeps up with the clock, skips what would be late and does not grow.
 * Seconds each; ten minutes with TFR_TEST_FULL=1. */

#include "tally.h"

#include <gst/check/gstcheck.h>
#include <malloc.h>

#define ROAD \
  "audiotestsrc is-live=true samplesperbuffer=480 wave=pink-noise ! " \
  "audio/x-raw,format=F32LE,rate=48000,channels=1 ! valve name=valve ! " \
  "tfrreassign ! tfrrender name=render ! " \
  "video/x-raw,width=320,height=180,framerate=30/1 ! " \
  "identity name=brake ! fakesink name=sink sync=true qos=true " \
  "max-lateness=20000000"

typedef struct {
  GstElement *pipeline, *render, *brake, *valve, *sink;
  gsize settled; /* bytes in use after the first seconds */
  gint64 begun;  /* us */
} Live;

static guint
seconds (guint few)
{
  return g_getenv ("TFR_TEST_FULL") != NULL ? 600 : few;
}

static void
expect_no_error (Live *l)
{
  GstBus *bus = gst_element_get_bus (l->pipeline);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  if (message != NULL) {
    GError *error = NULL;

    gst_message_parse_error (message, &error, NULL);
    fail ("%s", error->message);
  }
  /* messages would pile up and look like growth */
  gst_bus_set_flushing (bus, TRUE);
  gst_bus_set_flushing (bus, FALSE);
  gst_object_unref (bus);
}

static GstStructure *
stats_of (Live *l)
{
  GstStructure *stats = NULL;

  g_object_get (l->render, "stats", &stats, NULL);
  return stats;
}

static guint64
count (Live *l, const gchar *name)
{
  GstStructure *stats = stats_of (l);
  guint64 value = 0;

  fail_unless (gst_structure_get_uint64 (stats, name, &value));
  gst_structure_free (stats);
  return value;
}

/* Until the figure has grown by so much; the machine may be busy. */
static void
await_growth (Live *l, const gchar *name, guint64 from, guint64 by)
{
  guint64 now = count (l, name);

  for (guint i = 0; i < 2000 && now < from + by; i++) {
    g_usleep (10000);
    expect_no_error (l);
    now = count (l, name);
  }
  fail_unless (now >= from + by, "%s: %" G_GUINT64_FORMAT " after 20 s, "
      "should be %" G_GUINT64_FORMAT, name, now, from + by);
}

/* Waits, looking on. */
static void
watch (Live *l, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_usleep (G_USEC_PER_SEC);
    expect_no_error (l);
  }
}

static void
begin (Live *l)
{
  l->begun = g_get_monotonic_time ();
  l->pipeline = gst_parse_launch (ROAD, NULL);
  l->render = gst_bin_get_by_name (GST_BIN (l->pipeline), "render");
  l->brake = gst_bin_get_by_name (GST_BIN (l->pipeline), "brake");
  l->valve = gst_bin_get_by_name (GST_BIN (l->pipeline), "valve");
  l->sink = gst_bin_get_by_name (GST_BIN (l->pipeline), "sink");
  gst_element_set_state (l->pipeline, GST_STATE_PLAYING);
  await_growth (l, "frames-drawn", 0, 60);
  malloc_trim (0);
  l->settled = mallinfo2 ().uordblks;
}

/* Of the frame that the sink has, behind the clock. */
static gdouble
seconds_behind (Live *l)
{
  GstClock *clock = gst_element_get_clock (l->pipeline);
  GstClockTime now =
      gst_clock_get_time (clock) - gst_element_get_base_time (l->pipeline);
  GstSample *sample = NULL;
  gdouble behind;

  g_object_get (l->sink, "last-sample", &sample, NULL);
  fail_unless (sample != NULL);
  behind = (gdouble) GST_CLOCK_DIFF (
               gst_segment_to_running_time (gst_sample_get_segment (sample),
                   GST_FORMAT_TIME,
                   GST_BUFFER_PTS (gst_sample_get_buffer (sample))),
               now) /
           GST_SECOND;
  gst_sample_unref (sample);
  gst_object_unref (clock);
  return behind;
}

/* On time again, and no larger than it was. */
static void
expect_recovery (Live *l)
{
  gdouble behind = 0;

  for (guint i = 0; i < 20; i++) { /* the machine may be busy */
    watch (l, 1);
    if ((behind = seconds_behind (l)) < 1)
      break;
  }
  fail_unless (behind < 1, "%g s behind the clock, should be below 1", behind);
  await_growth (l, "frames-drawn", count (l, "frames-drawn"), 1);
  fail_unless (mallinfo2 ().uordblks < l->settled + (2 << 20),
      "%zu bytes in use, should be below %zu and 2 MiB", mallinfo2 ().uordblks,
      l->settled);
}

static void
finish (Live *l)
{
  tally ((gdouble) (g_get_monotonic_time () - l->begun) / 3.6e9, "hours live");
  fail_unless_equals_int (gst_element_set_state (l->pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (l->render);
  gst_object_unref (l->brake);
  gst_object_unref (l->valve);
  gst_object_unref (l->sink);
  gst_object_unref (l->pipeline);
}

GST_START_TEST (a_paced_source_is_followed)
{
  Live l;

  begin (&l);
  watch (&l, seconds (4));
  expect_recovery (&l);
  finish (&l);
}
GST_END_TEST;

GST_START_TEST (an_overloaded_sink_costs_frames_and_no_time)
{
  guint64 points, skipped;
  Live l;

  begin (&l);
  skipped = count (&l, "frames-skipped");
  points = count (&l, "points");
  g_object_set (l.brake, "sleep-time", 60000u, NULL); /* of 33 ms */
  watch (&l, seconds (4));
  await_growth (&l, "frames-skipped", skipped, 1);
  await_growth (&l, "points", points, 1);
  g_object_set (l.brake, "sleep-time", 0u, NULL);
  expect_recovery (&l);
  finish (&l);
}
GST_END_TEST;

GST_START_TEST (a_stalled_sink_is_caught_up_with)
{
  Live l;

  begin (&l);
  for (guint i = 0; i < seconds (4) / 4; i++) {
    g_object_set (l.brake, "sleep-time", 1500000u, NULL);
    watch (&l, 1);
    g_object_set (l.brake, "sleep-time", 0u, NULL);
    watch (&l, 3);
  }
  expect_recovery (&l);
  finish (&l);
}
GST_END_TEST;

GST_START_TEST (drop_outs_of_the_source_are_bridged)
{
  GRand *rand = g_rand_new_with_seed (3);
  Live l;

  begin (&l);
  for (guint i = 0; i < 2 * seconds (4); i++) {
    g_object_set (l.valve, "drop", TRUE, NULL);
    g_usleep ((gulong) g_rand_int_range (rand, 20000, 250000));
    g_object_set (l.valve, "drop", FALSE, NULL);
    g_usleep (250000);
    expect_no_error (&l);
  }
  expect_recovery (&l);
  finish (&l);
  g_rand_free (rand);
}
GST_END_TEST;

static Suite *
live_suite (void)
{
  Suite *s = suite_create ("live");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, seconds (100) + 300);
  tcase_add_test (tc, a_paced_source_is_followed);
  tcase_add_test (tc, an_overloaded_sink_costs_frames_and_no_time);
  tcase_add_test (tc, a_stalled_sink_is_caught_up_with);
  tcase_add_test (tc, drop_outs_of_the_source_are_bridged);
  return s;
}

GST_CHECK_MAIN (live);
