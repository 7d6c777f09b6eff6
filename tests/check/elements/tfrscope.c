/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <gst/check/gstcheck.h>
#include <stdio.h>
#include <unistd.h>

static void
run_to_eos (GstElement *pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "neither the end nor an error");
  fail_unless (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_object_unref (bus);
}

static guint
count_frames (GstElement *sink)
{
  guint64 rendered;
  GstStructure *stats;

  g_object_get (sink, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint64 (stats, "rendered", &rendered));
  gst_structure_free (stats);
  return (guint) rendered;
}

GST_START_TEST (one_second_of_audio_is_thirty_frames)
{
  GstElement *pipeline = gst_parse_launch (
      "audiotestsrc num-buffers=48 samplesperbuffer=1000 ! "
      "audio/x-raw,rate=48000 ! tfrscope ! fakesink sync=false name=sink",
      NULL);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");

  run_to_eos (pipeline);
  fail_unless_equals_int (count_frames (sink), 30);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
}
GST_END_TEST;

GST_START_TEST (properties_are_reached_through_the_children)
{
  GstElement *scope = gst_element_factory_make ("tfrscope", NULL);
  gint size = 0;
  GValue map = G_VALUE_INIT;
  GObject *child;

  /* gst_parse_launch of 1.22 would keep the children */
  gst_child_proxy_set (
      GST_CHILD_PROXY (scope), "tfrreassign::window-size", 4096u, NULL);
  child = gst_child_proxy_get_child_by_name (
      GST_CHILD_PROXY (scope), "tfrrender");
  gst_util_set_object_arg (child, "color-map", "viridis");
  g_object_unref (child);
  gst_child_proxy_get (
      GST_CHILD_PROXY (scope), "tfrreassign::window-size", &size, NULL);
  fail_unless_equals_int (size, 4096);
  gst_child_proxy_get_property (
      GST_CHILD_PROXY (scope), "tfrrender::color-map", &map);
  fail_unless_equals_string (
      g_enum_get_value (
          g_type_class_peek (G_VALUE_TYPE (&map)), g_value_get_enum (&map))
          ->value_nick,
      "viridis");
  g_value_unset (&map);
  gst_object_unref (scope);
}
GST_END_TEST;

GST_START_TEST (players_find_it_among_their_visualisations)
{
  GstElementFactory *factory = gst_element_factory_find ("tfrscope");

  fail_unless (factory != NULL);
  fail_unless_equals_string (
      gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS),
      "Visualization");
  gst_object_unref (factory);
}
GST_END_TEST;

static gchar *
record_wav (void)
{
  gchar *path, *launch;
  GstElement *pipeline;

  close (g_file_open_tmp ("tfrscope-XXXXXX.wav", &path, NULL));
  launch = g_strdup_printf (
      "audiotestsrc num-buffers=100 samplesperbuffer=480 ! "
      "audio/x-raw,rate=48000,channels=2 ! wavenc ! filesink location=%s",
      path);
  pipeline = gst_parse_launch (launch, NULL);
  run_to_eos (pipeline);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  g_free (launch);
  return path;
}

GST_START_TEST (playbin_shows_it_beside_the_sound)
{
  gchar *path = record_wav ();
  gchar *uri = g_strconcat ("file://", path, NULL);
  GstElement *player = gst_element_factory_make ("playbin", NULL);
  GstElement *sound = gst_element_factory_make ("fakesink", NULL);
  GstElement *sink = gst_element_factory_make ("fakesink", NULL);

  g_object_set (sound, "sync", TRUE, NULL);
  g_object_set (sink, "sync", TRUE, NULL);
  gst_util_set_object_arg (G_OBJECT (player), "flags", "audio+vis");
  g_object_set (player, "uri", uri, "audio-sink", sound, "vis-plugin",
      gst_element_factory_make ("tfrscope", NULL), "video-sink",
      gst_object_ref (sink), NULL);
  run_to_eos (player);
  fail_unless (count_frames (sink) >= 10, "%u frames of a second of sound",
      count_frames (sink));
  gst_element_set_state (player, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (player);
  remove (path);
  g_free (uri);
  g_free (path);
}
GST_END_TEST;

static Suite *
tfrscope_suite (void)
{
  Suite *s = suite_create ("tfrscope");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, one_second_of_audio_is_thirty_frames);
  tcase_add_test (tc, properties_are_reached_through_the_children);
  tcase_add_test (tc, players_find_it_among_their_visualisations);
  /* playsink of 1.22 keeps the pads of any visualisation */
  if (g_getenv ("TFR_TEST_LEAKS") == NULL)
    tcase_add_test (tc, playbin_shows_it_beside_the_sound);
  return s;
}

GST_CHECK_MAIN (tfrscope);
