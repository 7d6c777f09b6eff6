/* SPDX-License-Identifier: GPL-2.0-or-later */

/* tfrrender among other elements: dumps, a tee, a live source. */

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#define VIDEO "video/x-raw, format=BGRx, width=160, height=120, framerate=25/1"

/* Runs to the end. */
static void
run (const gchar *description)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);
  GstMessage *message;
  GstBus *bus;

  fail_unless (error == NULL, "%s", error ? error->message : "");
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "%s hangs", description);
  fail_unless (
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS, "%s", description);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
}

static void
assert_same_files (const gchar *a, const gchar *b)
{
  gchar *x, *y;
  gsize n, m;

  fail_unless (g_file_get_contents (a, &x, &n, NULL));
  fail_unless (g_file_get_contents (b, &y, &m, NULL));
  fail_unless (n > 1000000);
  fail_unless_equals_uint64 (n, m);
  fail_unless (memcmp (x, y, n) == 0);
  g_free (x);
  g_free (y);
}

GST_START_TEST (a_dump_replays_the_same_video)
{
  static const gchar *const looks[] = { "", "scroll-mode=sweep",
    "sharpness=0.5 prune=none", "scroll-mode=page time-span=0" };
  gchar *dir = g_dir_make_tmp ("tfrXXXXXX", NULL);
  gchar *dump = g_build_filename (dir, "x.tfr", NULL);
  gchar *live = g_build_filename (dir, "live.raw", NULL);
  gchar *again = g_build_filename (dir, "again.raw", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    gboolean whole = strstr (looks[i], "page") != NULL;
    const gchar *video =
        whole ? "video/x-raw, format=BGRx, width=800, height=400" : VIDEO;
    gchar *first_run = g_strdup_printf (
        "audiotestsrc wave=ticks num-buffers=120 ! tfrreassign ! tee name=t "
        "t. ! queue ! filesink location=%s "
        "t. ! queue ! tfrrender %s ! %s ! filesink location=%s",
        dump, looks[i], video, live);
    gchar *second_run =
        g_strdup_printf ("filesrc location=%s ! tfrparse ! tfrrender %s ! %s ! "
                         "filesink location=%s",
            dump, looks[i], video, again);

    run (first_run);
    run (second_run);
    assert_same_files (live, again);
    g_free (first_run);
    g_free (second_run);
  }
  g_unlink (dump);
  g_unlink (live);
  g_unlink (again);
  g_rmdir (dir);
  g_free (dump);
  g_free (live);
  g_free (again);
  g_free (dir);
}
GST_END_TEST;

/* The sink beside needs the page's sink to preroll before it plays on, and the
 * page needs what that would play. */
GST_START_TEST (pages_beside_a_tee_do_not_hang)
{
  static const gchar *const looks[] = { "", "time-span=0" };

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++) {
    gchar *description = g_strdup_printf (
        "audiotestsrc num-buffers=500 ! tee name=t "
        "t. ! queue ! fakesink sync=false "
        "t. ! queue ! tfrreassign ! tfrrender scroll-mode=page %s ! %s ! "
        "fakesink sync=false",
        looks[i], VIDEO);

    run (description);
    g_free (description);
  }
}
GST_END_TEST;

static void
count_frame (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer n)
{
  g_atomic_int_inc ((gint *) n);
}

/* 24 buffers of 1000 samples at 48 kHz are half a second. */
GST_START_TEST (a_live_source_gives_the_same_number_of_frames)
{
  GstElement *pipeline = gst_parse_launch (
      "audiotestsrc is-live=true num-buffers=24 samplesperbuffer=1000 ! "
      "audio/x-raw, rate=48000 ! tfrreassign ! tfrrender qos=false ! " VIDEO
      " ! fakesink name=sink sync=true signal-handoffs=true",
      NULL);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  gint n = 0;

  g_signal_connect (sink, "handoff", G_CALLBACK (count_frame), &n);
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_PAUSED),
      GST_STATE_CHANGE_NO_PREROLL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 30 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (
      message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  /* the source's first sample may come some time after 0 */
  fail_unless (n == 13 || n == 14, "%d frames", n);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
}
GST_END_TEST;

static Suite *
tfrrender_suite (void)
{
  Suite *s = suite_create ("tfrrender");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_dump_replays_the_same_video);
  tcase_add_test (tc, pages_beside_a_tee_do_not_hang);
  tcase_add_test (tc, a_live_source_gives_the_same_number_of_frames);
  return s;
}

GST_CHECK_MAIN (tfrrender);
