/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What a long recording costs in memory: no more than a short one.  A minute of
 * audio always, an hour with TFR_TEST_FULL=1. */

#include "near.h"
#include "tally.h"

#include <stdio.h>
#include <unistd.h>

/* kB of memory that the process uses */
static gdouble
memory_in_use (void)
{
  FILE *file = fopen ("/proc/self/statm", "r");
  long size, resident;

  fail_unless (file != NULL && fscanf (file, "%ld %ld", &size, &resident) == 2);
  fclose (file);
  return (gdouble) resident * (gdouble) sysconf (_SC_PAGESIZE) / 1024;
}

static gint n_buffers; /* that have come to the sink, of 0.1 s each */

static GstPadProbeReturn
count_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer unused)
{
  g_atomic_int_inc (&n_buffers);
  return GST_PAD_PROBE_OK;
}

static void
wait_for_buffers (gint n)
{
  while (g_atomic_int_get (&n_buffers) < n)
    g_usleep (1000);
}

static void
assert_flat (const gchar *road)
{
  gint tenths = g_getenv ("TFR_TEST_FULL") != NULL ? 36000 : 600;
  gchar *launch = g_strdup_printf ("audiotestsrc num-buffers=%d "
      "samplesperbuffer=4410 wave=pink-noise ! audio/x-raw,rate=44100 ! "
      "identity name=i ! %s ! fakesink", tenths, road);
  GstElement *pipeline = gst_parse_launch (launch, NULL);
  GstElement *identity = gst_bin_get_by_name (GST_BIN (pipeline), "i");
  GstPad *pad = gst_element_get_static_pad (identity, "src");
  GstBus *bus = gst_element_get_bus (pipeline);
  gdouble before;
  GstMessage *message;

  n_buffers = 0;
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, count_buffer, NULL, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for_buffers (tenths / 5);
  before = memory_in_use ();
  wait_for_buffers (tenths);
  assert_at_most (memory_in_use () - before, 4096, "kB more, %s", road);
  message = gst_bus_timed_pop_filtered (
      bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  if (g_getenv ("TFR_TEST_FULL") != NULL)
    g_print ("%s: %.0f kB after 12 minutes, %+.0f kB after an hour\n", road,
        before, memory_in_use () - before);
  tally (tenths / 36000.0, "hours of audio in flat memory");
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (pad);
  gst_object_unref (identity);
  gst_object_unref (pipeline);
  g_free (launch);
}

GST_START_TEST (points_of_long_audio_take_no_more_memory)
{
  assert_flat ("tfrreassign");
}
GST_END_TEST;

GST_START_TEST (votes_and_noise_floors_take_no_more_memory)
{
  assert_flat ("tfrreassign consensus=line floor-reference=noise "
               "magnitude-floor=6 window-size=512");
}
GST_END_TEST;

GST_START_TEST (video_of_long_audio_takes_no_more_memory)
{
  assert_flat ("tfrreassign ! tfrrender ! video/x-raw,width=160,height=90");
}
GST_END_TEST;

static Suite *
memory_suite (void)
{
  Suite *s = suite_create ("memory");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, g_getenv ("TFR_TEST_FULL") != NULL ? 1500 : 100);
  tcase_add_test (tc, points_of_long_audio_take_no_more_memory);
  tcase_add_test (tc, votes_and_noise_floors_take_no_more_memory);
  tcase_add_test (tc, video_of_long_audio_takes_no_more_memory);
  return s;
}

GST_CHECK_MAIN (memory);
