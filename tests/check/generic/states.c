/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What every element of the plugin bears: any walk through its states, no states
 * at all, other elements of its kind beside it, and description. */

#include <gst/check/gstcheck.h>
#include <string.h>

static GList *
our_features (void)
{
  GList *all = gst_registry_get_feature_list_by_plugin (
      gst_registry_get (), "tfr");

  fail_unless (all != NULL);
  return all;
}

/* Each of our factories in turn. */
static void
for_each_factory (void (*check) (GstElementFactory *factory))
{
  GList *features = our_features ();
  guint n = 0;

  for (GList *l = features; l != NULL; l = l->next)
    if (GST_IS_ELEMENT_FACTORY (l->data)) {
      check (l->data);
      n++;
    }
  fail_unless (n >= 3);
  gst_plugin_feature_list_free (features);
}

static void
walk (GstElementFactory *factory)
{
  static const GstState walks[][8] = {
    { GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_PAUSED,
        GST_STATE_READY, GST_STATE_NULL },
    { GST_STATE_PAUSED, GST_STATE_NULL, GST_STATE_PLAYING, GST_STATE_READY,
        GST_STATE_PLAYING, GST_STATE_NULL },
    { GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_READY,
        GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_NULL },
  };

  for (guint w = 0; w < G_N_ELEMENTS (walks); w++) {
    GstElement *element = gst_element_factory_create (factory, NULL);

    for (guint i = 0; i < G_N_ELEMENTS (walks[w]) && walks[w][i] != 0; i++) {
      GstStateChangeReturn change =
          gst_element_set_state (element, walks[w][i]);

      fail_unless (change == GST_STATE_CHANGE_SUCCESS, "%s to %s",
          GST_OBJECT_NAME (factory), gst_element_state_get_name (walks[w][i]));
    }
    gst_object_unref (element);
  }
}

GST_START_TEST (every_walk_through_the_states_succeeds)
{
  for_each_factory (walk);
}
GST_END_TEST;

static void
create (GstElementFactory *factory)
{
  for (guint i = 0; i < 3; i++) {
    GstElement *element = gst_element_factory_create (factory, NULL);

    ASSERT_OBJECT_REFCOUNT (element, "element", 1);
    gst_object_unref (element);
  }
}

GST_START_TEST (elements_live_and_die_without_states)
{
  for_each_factory (create);
}
GST_END_TEST;

static void
describe (GstElementFactory *factory)
{
  static const gchar *const keys[] = { GST_ELEMENT_METADATA_LONGNAME,
    GST_ELEMENT_METADATA_KLASS, GST_ELEMENT_METADATA_DESCRIPTION,
    GST_ELEMENT_METADATA_AUTHOR };
  GstElement *element = gst_element_factory_create (factory, NULL);
  GParamSpec **specs;
  guint n;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    const gchar *text = gst_element_factory_get_metadata (factory, keys[i]);

    fail_unless (text != NULL && strlen (text) > 4, "%s of %s", keys[i],
        GST_OBJECT_NAME (factory));
  }
  fail_unless_equals_int (
      gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory)), GST_RANK_NONE);
  fail_unless (gst_element_factory_get_num_pad_templates (factory) >= 2);

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);
  for (guint i = 0; i < n; i++) {
    if (!g_str_has_prefix (g_type_name (specs[i]->owner_type), "GstTfr"))
      continue;
    fail_unless (strlen (g_param_spec_get_blurb (specs[i])) > 10,
        "%s of %s says too little", specs[i]->name, GST_OBJECT_NAME (factory));
  }
  g_free (specs);
  gst_object_unref (element);
}

GST_START_TEST (elements_and_properties_describe_themselves)
{
  for_each_factory (describe);
}
GST_END_TEST;

/* ----------------------------------------------------------- pipelines ---- */

static GstElement *
start (const gchar *launch)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (launch, &error);

  fail_unless (error == NULL, "%s", error != NULL ? error->message : "");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

static void
wait_for_eos (GstElement *pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (
      bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);

  fail_unless (message != NULL);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_object_unref (bus);
}

static guint64
count (GstElement *pipeline, const gchar *what)
{
  GstElement *element = gst_bin_get_by_name (GST_BIN (pipeline), "r");
  GstStructure *stats;
  guint64 value = 0;

  g_object_get (element, "stats", &stats, NULL);
  gst_structure_get_uint64 (stats, what, &value);
  gst_structure_free (stats);
  gst_object_unref (element);
  return value;
}

#define ROAD \
  "audiotestsrc num-buffers=50 wave=pink-noise ! tfrreassign name=r ! " \
  "tfrrender ! fakesink"

/* In several threads, transforms being planned in each. */
GST_START_TEST (several_run_beside_each_other)
{
  GstElement *pipelines[4];

  for (guint i = 0; i < G_N_ELEMENTS (pipelines); i++) {
    gchar *launch = g_strdup_printf ("audiotestsrc num-buffers=50 ! "
        "tfrreassign name=r window-size=%u ! tfrrender ! fakesink",
        1000 + 100 * i);

    pipelines[i] = start (launch);
    g_free (launch);
  }
  for (guint i = 0; i < G_N_ELEMENTS (pipelines); i++) {
    guint64 hop = (1000 + 100 * i) / 4;

    wait_for_eos (pipelines[i]);
    fail_unless_equals_uint64 (
        count (pipelines[i], "frames"), (50 * 1024 + hop - 1) / hop);
    gst_element_set_state (pipelines[i], GST_STATE_NULL);
    gst_object_unref (pipelines[i]);
  }
}
GST_END_TEST;

GST_START_TEST (an_element_is_as_new_after_ready)
{
  GstElement *pipeline = start (ROAD);
  guint64 points;

  wait_for_eos (pipeline);
  points = count (pipeline, "points");
  fail_unless (points > 1000);
  for (guint i = 0; i < 2; i++) {
    gst_element_set_state (pipeline, i == 0 ? GST_STATE_READY : GST_STATE_NULL);
    fail_unless_equals_uint64 (count (pipeline, "points"), 0);
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    wait_for_eos (pipeline);
    fail_unless_equals_uint64 (count (pipeline, "frames"), 100);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}
GST_END_TEST;

GST_START_TEST (a_running_pipeline_stops_at_any_moment)
{
  for (guint i = 0; i < 20; i++) {
    GstElement *pipeline = start ("audiotestsrc ! tfrreassign name=r ! "
                                  "tfrrender ! fakesink");

    g_usleep (i * i * 100);
    fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
        GST_STATE_CHANGE_SUCCESS);
    gst_object_unref (pipeline);
  }
}
GST_END_TEST;

static Suite *
states_suite (void)
{
  Suite *s = suite_create ("states");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, every_walk_through_the_states_succeeds);
  tcase_add_test (tc, elements_live_and_die_without_states);
  tcase_add_test (tc, elements_and_properties_describe_themselves);
  tcase_add_test (tc, several_run_beside_each_other);
  tcase_add_test (tc, an_element_is_as_new_after_ready);
  tcase_add_test (tc, a_running_pipeline_stops_at_any_moment);
  return s;
}

GST_CHECK_MAIN (states);
