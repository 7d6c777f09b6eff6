/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A dump in a file: recognised, replayed, sought. */

#include <glib/gstdio.h>
#include <gst/base/gsttypefindhelper.h>
#include <gst/check/gstcheck.h>

#define SECONDS 5

static gchar *dump; /* its name */
static GArray *seen; /* PTS of the batches at the sink */

static void
on_batch (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer unused)
{
  GstClockTime pts = GST_BUFFER_PTS (buffer);

  g_array_append_val (seen, pts);
}

static GstElement *
launch (const gchar *description)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");

  fail_unless (error == NULL, "%s", error != NULL ? error->message : "");
  if (sink != NULL) {
    g_signal_connect (sink, "handoff", G_CALLBACK (on_batch), NULL);
    gst_object_unref (sink);
  }
  return pipeline;
}

static void
play (GstElement *pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 30 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_object_unref (bus);
}

static void
stop (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

static void
setup (void)
{
  gchar *text;
  GstElement *pipeline;

  g_close (g_file_open_tmp ("tfr-XXXXXX.tfr", &dump, NULL), NULL);
  seen = g_array_new (FALSE, FALSE, sizeof (GstClockTime));
  /* 48000 Hz, one frame of 512 samples a batch */
  text = g_strdup_printf ("audiotestsrc num-buffers=%d samplesperbuffer=480 ! "
      "audio/x-raw,rate=48000 ! tfrreassign ! filesink location=%s",
      SECONDS * 100, dump);
  pipeline = launch (text);
  play (pipeline);
  stop (pipeline);
  g_free (text);
}

static void
teardown (void)
{
  g_unlink (dump);
  g_free (dump);
  g_array_unref (seen);
}

static GstElement *
replay (const gchar *middle)
{
  gchar *text = g_strdup_printf ("filesrc location=%s ! %s ! "
      "fakesink name=sink signal-handoffs=true", dump, middle);
  GstElement *pipeline = launch (text);

  g_free (text);
  return pipeline;
}

static GstClockTime
batch_time (guint64 number)
{
  return gst_util_uint64_scale (number * 512, GST_SECOND, 48000);
}

static void
assert_seen (guint from, guint to)
{
  fail_unless_equals_int (seen->len, to - from);
  for (guint i = 0; i < seen->len; i++)
    fail_unless_equals_uint64 (
        g_array_index (seen, GstClockTime, i), batch_time (from + i));
}

#define N_BATCHES ((SECONDS * 48000 + 511) / 512)

GST_START_TEST (a_file_replays_batch_by_batch)
{
  GstElement *pipeline = replay ("tfrparse");
  gint64 duration;

  play (pipeline);
  assert_seen (0, N_BATCHES);
  fail_unless (
      gst_element_query_duration (pipeline, GST_FORMAT_TIME, &duration));
  fail_unless (ABS (duration - SECONDS * (gint64) GST_SECOND) <
                   (gint64) GST_SECOND / 10,
      "duration %" GST_TIME_FORMAT, GST_TIME_ARGS (duration));
  stop (pipeline);
}
GST_END_TEST;

/* By its bytes alone. */
GST_START_TEST (a_file_is_recognised)
{
  gchar *bytes, *text;
  gsize size;
  GstTypeFindProbability probability;
  GstCaps *caps;

  fail_unless (g_file_get_contents (dump, &bytes, &size, NULL));
  caps = gst_type_find_helper_for_data (
      NULL, (const guint8 *) bytes, size, &probability);
  text = gst_caps_to_string (caps);
  fail_unless_equals_string (
      text, "application/x-tfr-points, framed=(boolean)false");
  fail_unless_equals_int (probability, GST_TYPE_FIND_MAXIMUM);
  gst_caps_unref (caps);
  g_free (text);
  g_free (bytes);
}
GST_END_TEST;

GST_START_TEST (a_file_becomes_video)
{
  GstElement *pipeline = replay ("tfrparse ! tfrrender ! "
                                 "video/x-raw,width=64,height=48,framerate=30/1");

  play (pipeline);
  fail_unless_equals_int (seen->len, SECONDS * 30);
  stop (pipeline);
}
GST_END_TEST;

GST_START_TEST (a_file_can_be_sought)
{
  static const GstSeekFlags flags[] = { 0, GST_SEEK_FLAG_ACCURATE,
    GST_SEEK_FLAG_KEY_UNIT };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++) {
    GstElement *pipeline = replay ("tfrparse");
    guint from = 200, to = 300;
    GstClockTime first;

    gst_element_set_state (pipeline, GST_STATE_PAUSED);
    gst_element_get_state (pipeline, NULL, NULL, 5 * GST_SECOND);
    g_array_set_size (seen, 0);
    fail_unless (gst_element_seek (pipeline, 1, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH | flags[i], GST_SEEK_TYPE_SET, batch_time (from),
        GST_SEEK_TYPE_SET, batch_time (to)));
    play (pipeline);
    fail_unless (seen->len > 0);
    first = g_array_index (seen, GstClockTime, 0);
    if (flags[i] & GST_SEEK_FLAG_ACCURATE)
      assert_seen (from, to);
    else /* batches are of about the same size */
      fail_unless (first + GST_SECOND / 4 > batch_time (from) &&
                       first < batch_time (from) + GST_SECOND / 4,
          "begins at %" GST_TIME_FORMAT, GST_TIME_ARGS (first));
    stop (pipeline);
  }
}
GST_END_TEST;

/* Each batch would have to be turned round; the audio can be played backwards
 * instead. */
GST_START_TEST (a_file_refuses_to_be_played_backwards)
{
  GstElement *pipeline = replay ("tfrparse");

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  gst_element_get_state (pipeline, NULL, NULL, 5 * GST_SECOND);
  fail_if (gst_element_seek (pipeline, -1, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET,
      batch_time (300)));
  g_array_set_size (seen, 0);
  play (pipeline);
  assert_seen (0, N_BATCHES);
  stop (pipeline);
}
GST_END_TEST;

static Suite *
replay_suite (void)
{
  Suite *s = suite_create ("replay");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, a_file_replays_batch_by_batch);
  tcase_add_test (tc, a_file_is_recognised);
  tcase_add_test (tc, a_file_becomes_video);
  tcase_add_test (tc, a_file_can_be_sought);
  tcase_add_test (tc, a_file_refuses_to_be_played_backwards);
  return s;
}

GST_CHECK_MAIN (replay);
