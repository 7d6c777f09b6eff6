/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Presets: they exist in pairs, load, run at any rate, and look as they say. */

#include <gst/check/gstcheck.h>
#include <gst/video/video.h>
#include <string.h>

static const gchar *const names[] = { "music", "speech", "speech-formants",
  "birds", "ultrasound", "print", "color-blind" };

static GKeyFile *
open_file (const gchar *type)
{
  gchar *name = g_strdup_printf ("%s.prs", type);
  gchar *path = g_build_filename (g_getenv ("GST_PRESET_PATH"), name, NULL);
  GKeyFile *file = g_key_file_new ();

  fail_unless (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  g_free (name);
  g_free (path);
  return file;
}

/* Whether a property has the value that a text stands for. */
static void
check_property (GstElement *element, const gchar *name, const gchar *text)
{
  GParamSpec *spec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), name);
  GValue wanted = G_VALUE_INIT, value = G_VALUE_INIT;

  fail_unless (spec != NULL, "no property '%s'", name);
  g_value_init (&wanted, spec->value_type);
  g_value_init (&value, spec->value_type);
  fail_unless (gst_value_deserialize (&wanted, text), "%s=%s", name, text);
  g_object_get_property (G_OBJECT (element), name, &value);
  fail_unless (gst_value_compare (&wanted, &value) == GST_VALUE_EQUAL,
      "%s is not %s", name, text);
  g_value_unset (&wanted);
  g_value_unset (&value);
}

/* Or something of the preset before would stay.  Free are the range of "print",
 * which goes with that of another, and all others' scroll-mode: gst-launch has
 * presets win over properties, and a page of each is worth having. */
static void
check_keys (GKeyFile *file, const gchar *name)
{
  gchar **keys = g_key_file_get_keys (file, names[0], NULL, NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    if (!g_str_equal (name, "print") || strstr (keys[i], "frequency") == NULL)
      fail_unless (g_key_file_has_key (file, name, keys[i], NULL),
          "%s does not set %s", name, keys[i]);
  fail_if (!g_str_equal (name, "print") &&
           g_key_file_has_key (file, name, "scroll-mode", NULL));
  g_strfreev (keys);
}

GST_START_TEST (presets_come_in_pairs_and_set_what_they_name)
{
  static const gchar *const factories[] = { "tfrreassign", "tfrrender" };
  static const gchar *const types[] = { "GstTfrReassign", "GstTfrRender" };

  for (guint f = 0; f < G_N_ELEMENTS (factories); f++) {
    GstElement *element = gst_element_factory_make (factories[f], NULL);
    gchar **all = gst_preset_get_preset_names (GST_PRESET (element));
    GKeyFile *file = open_file (types[f]);

    fail_unless_equals_int (g_strv_length (all), G_N_ELEMENTS (names));
    g_strfreev (all);
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
      gchar **keys = g_key_file_get_keys (file, names[i], NULL, NULL);

      fail_unless (gst_preset_load_preset (GST_PRESET (element), names[i]),
          "%s has no %s", factories[f], names[i]);
      fail_unless (keys != NULL);
      check_keys (file, names[i]);
      for (guint k = 0; keys[k] != NULL; k++) {
        gchar *text = g_key_file_get_value (file, names[i], keys[k], NULL);

        if (!g_str_has_prefix (keys[k], "_meta/"))
          check_property (element, keys[k], text);
        g_free (text);
      }
      g_strfreev (keys);
    }
    g_key_file_unref (file);
    gst_object_unref (element);
  }
}
GST_END_TEST;

/* The last frame of a pipeline that ends in "appsink"-like `sink`. */
static GstSample *
run (const gchar *launch, guint *n_warnings)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (launch, &error), *sink;
  GstBus *bus;
  GstMessage *message;
  GstSample *sample = NULL;

  fail_unless (pipeline != NULL && error == NULL, "%s: %s", launch,
      error != NULL ? error->message : "");
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  do {
    message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND,
        GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
    fail_unless (message != NULL, "%s does not end", launch);
    fail_if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR, "%s", launch);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING && n_warnings != NULL)
      (*n_warnings)++;
    else
      fail_if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING, "%s", launch);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
      break;
    gst_message_unref (message);
  } while (TRUE);
  gst_message_unref (message);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_get (sink, "last-sample", &sample, NULL);
  gst_object_unref (sink);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
  return sample;
}

GST_START_TEST (presets_draw_at_any_rate)
{
  static const guint rates[] = { 8000, 48000, 256000 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
      gchar *launch = g_strdup_printf (
          "audiotestsrc wave=white-noise volume=0.1 samplesperbuffer=%u "
          "num-buffers=3 ! audio/x-raw,rate=%u ! tfrreassign @preset=%s ! "
          "tfrrender @preset=%s ! video/x-raw,width=320,height=180 ! "
          "fakesink name=sink sync=false",
          rates[r] / 10, rates[r], names[i], names[i]);
      GstSample *sample = run (launch, NULL);

      fail_unless (
          sample != NULL, "%s at %u Hz draws nothing", names[i], rates[r]);
      gst_sample_unref (sample);
      g_free (launch);
    }
  }
}
GST_END_TEST;

GST_START_TEST (print_is_black_on_white)
{
  GstSample *sample =
      run ("audiotestsrc num-buffers=40 ! audio/x-raw,rate=48000 ! "
           "tfrreassign @preset=print ! tfrrender @preset=print ! "
           "video/x-raw,format=BGRx,width=320,height=180 ! "
           "fakesink name=sink sync=false",
          NULL);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  guint dark = 0, light = 0;
  GstMapInfo map;

  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  fail_unless_equals_uint64 (map.size, 320 * 180 * 4);
  for (gsize i = 0; i < map.size; i += 4) {
    const guint8 *p = map.data + i;

    fail_unless (p[0] == p[1] && p[1] == p[2], "pixel %u,%u is %02x%02x%02x",
        (guint) (i / 4 % 320), (guint) (i / 4 / 320), p[2], p[1], p[0]);
    dark += p[0] < 64;
    light += p[0] == 255;
  }
  fail_unless (light > 320 * 180 / 2, "%u white pixels", light);
  fail_unless (dark > 200, "%u dark pixels", dark);
  gst_buffer_unmap (buffer, &map);
  gst_sample_unref (sample);
}
GST_END_TEST;

GST_START_TEST (whole_stream_is_one_picture_of_its_length)
{
  GstSample *sample =
      run ("audiotestsrc samplesperbuffer=4800 num-buffers=35 ! "
           "audio/x-raw,rate=48000 ! tfrreassign ! "
           "tfrrender scroll-mode=page time-span=0 ! "
           "video/x-raw,width=320,height=180 ! fakesink name=sink sync=false",
          NULL);
  GstBuffer *buffer = gst_sample_get_buffer (sample);

  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), 0);
  fail_unless_equals_uint64 (
      GST_BUFFER_DURATION (buffer), 35 * GST_SECOND / 10);
  gst_sample_unref (sample);
}
GST_END_TEST;

GST_START_TEST (map_that_cannot_be_read_is_a_warning)
{
  guint n_warnings = 0;
  GstSample *sample =
      run ("audiotestsrc num-buffers=20 ! tfrreassign ! "
           "tfrrender custom-color-map=/nonexistent ! "
           "video/x-raw,width=320,height=180 ! fakesink name=sink sync=false",
          &n_warnings);

  /* it is set before there is a bus; setting it again says so */
  fail_unless (sample != NULL);
  gst_sample_unref (sample);
  {
    GstElement *render = gst_element_factory_make ("tfrrender", NULL);
    GstBus *bus = gst_bus_new ();
    GstMessage *message;
    GError *error = NULL;

    gst_element_set_bus (render, bus);
    g_object_set (render, "custom-color-map", "0:#000000 1:#ffffff", NULL);
    fail_if (gst_bus_have_pending (bus));
    g_object_set (render, "custom-color-map", "/nonexistent", NULL);
    message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
    fail_unless (message != NULL);
    gst_message_parse_warning (message, &error, NULL);
    fail_unless (g_error_matches (
        error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS));
    g_clear_error (&error);
    gst_message_unref (message);
    /* neither a name nor a file has to be text */
    g_object_set (render, "custom-color-map", "/nonexistent/\xff", NULL);
    g_object_set (render, "custom-color-map", "0:#\xff", NULL);
    for (guint i = 0; i < 2; i++) {
      message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
      fail_unless (message != NULL);
      gst_message_unref (message);
    }
    gst_element_set_bus (render, NULL);
    gst_object_unref (bus);
    gst_object_unref (render);
  }
}
GST_END_TEST;

GST_START_TEST (snapshot_is_the_last_frame_and_becomes_a_png)
{
  GstElement *pipeline = gst_parse_launch (
      "audiotestsrc num-buffers=60 ! tfrreassign ! tfrrender name=render ! "
      "video/x-raw,width=320,height=180 ! fakesink name=sink sync=false",
      NULL);
  GstElement *render = gst_bin_get_by_name (GST_BIN (pipeline), "render");
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstCaps *png = gst_caps_new_empty_simple ("image/png");
  GstBus *bus = gst_element_get_bus (pipeline);
  GstSample *snapshot = NULL, *last = NULL, *file;
  GstMessage *message;
  GError *error = NULL;
  GstMapInfo a, b;

  g_signal_emit_by_name (render, "snapshot", &snapshot);
  fail_unless (snapshot == NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (
      message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  gst_message_unref (message);

  g_signal_emit_by_name (render, "snapshot", &snapshot);
  g_object_get (sink, "last-sample", &last, NULL);
  fail_unless (snapshot != NULL && last != NULL);
  gst_buffer_map (gst_sample_get_buffer (snapshot), &a, GST_MAP_READ);
  gst_buffer_map (gst_sample_get_buffer (last), &b, GST_MAP_READ);
  fail_unless (a.size == b.size && memcmp (a.data, b.data, a.size) == 0);
  gst_buffer_unmap (gst_sample_get_buffer (snapshot), &a);
  gst_buffer_unmap (gst_sample_get_buffer (last), &b);

  file = gst_video_convert_sample (snapshot, png, 30 * GST_SECOND, &error);
  fail_unless (file != NULL, "%s", error != NULL ? error->message : "");
  gst_buffer_map (gst_sample_get_buffer (file), &a, GST_MAP_READ);
  fail_unless (a.size > 100 && memcmp (a.data, "\x89PNG", 4) == 0);
  gst_buffer_unmap (gst_sample_get_buffer (file), &a);

  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_sample_unref (file);
  gst_sample_unref (snapshot);
  gst_sample_unref (last);
  gst_caps_unref (png);
  gst_object_unref (bus);
  gst_object_unref (sink);
  gst_object_unref (render);
  gst_object_unref (pipeline);
}
GST_END_TEST;

static Suite *
presets_suite (void)
{
  Suite *s = suite_create ("presets");
  TCase *tc = tcase_create ("looks");

  tcase_add_test (tc, presets_come_in_pairs_and_set_what_they_name);
  tcase_add_test (tc, presets_draw_at_any_rate);
  tcase_add_test (tc, print_is_black_on_white);
  tcase_add_test (tc, whole_stream_is_one_picture_of_its_length);
  tcase_add_test (tc, map_that_cannot_be_read_is_a_warning);
  tcase_add_test (tc, snapshot_is_the_last_frame_and_becomes_a_png);
  suite_add_tcase (s, tc);
  return s;
}

GST_CHECK_MAIN (presets);
