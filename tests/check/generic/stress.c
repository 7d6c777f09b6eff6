/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Elements that play while everything about them changes, and very many at once.
 * TFR_TEST_FULL=1 goes on for longer. */

#include "tally.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <stdlib.h>

#define RATE 48000
#define N_INSTANCES 200

static gboolean
is_full (void)
{
  return g_getenv ("TFR_TEST_FULL") != NULL;
}

/* ------------------------------------------------- random properties ---- */

/* Sizes beyond these are slow, not wrong. */
static gdouble
largest (const GParamSpec *spec, gdouble most)
{
  static const struct {
    const gchar *name;
    gdouble most;
  } slow[] = { { "window-size", 8192 }, { "fft-size", 32768 }, { "padding", 4 },
    { "window-duration", 1e8 }, { "hop-size", 1e5 }, { "consensus-radius", 8 },
    { "consensus-frames", 4 }, { "n-threads", 3 }, { "rate", 1e5 } };

  for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
    if (g_str_equal (spec->name, slow[i].name))
      return MIN (most, slow[i].most);
  return most;
}

/* Mostly ordinary values, now and then any that the range allows. */
static gdouble
pick_number (GRand *rand, const GParamSpec *spec, gdouble least, gdouble most)
{
  gdouble top = largest (spec, most);

  if (g_rand_int_range (rand, 0, 4) > 0)
    top = MIN (top, MAX (least, 2000));
  return g_rand_double_range (rand, least, MAX (top, least + 1e-9));
}

static gint
pick_enum (GRand *rand, GParamSpec *spec)
{
  GEnumClass *values = G_PARAM_SPEC_ENUM (spec)->enum_class;

  return values->values[g_rand_int_range (rand, 0, (gint) values->n_values)]
      .value;
}

/* Some is sound for one property, some for another, some for none. */
static const gchar *
pick_string (GRand *rand)
{
  static const gchar *const strings[] = { NULL, "",
    "0:#000000 0.5:#ff0000 1:#ffffff", "0:#00ff00 1:#0000ff",
    "1:#000000 0:", "0:#12345", "/nonexistent", "Sans 7", "Serif Bold 20",
    "Sans 0", "Sans 3000", "no such font -1", "%s%n", "\xff\xfe",
    "0:#\xff\xfe" };

  return strings[g_rand_int_range (rand, 0, G_N_ELEMENTS (strings))];
}

static void
set_randomly (GRand *rand, GstElement *element, GParamSpec *spec)
{
  GObject *object = G_OBJECT (element);
  const gchar *name = spec->name;

  if (G_IS_PARAM_SPEC_BOOLEAN (spec)) {
    g_object_set (object, name, g_rand_boolean (rand), NULL);
  } else if (G_IS_PARAM_SPEC_UINT (spec)) {
    GParamSpecUInt *s = G_PARAM_SPEC_UINT (spec);

    g_object_set (object, name,
        (guint) pick_number (rand, spec, s->minimum, s->maximum), NULL);
  } else if (G_IS_PARAM_SPEC_UINT64 (spec)) {
    guint64 least = G_PARAM_SPEC_UINT64 (spec)->minimum;

    g_object_set (object, name,
        MAX (least, (guint64) (pick_number (rand, spec, 0, 1e4) * 1e6)), NULL);
  } else if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
    GParamSpecDouble *s = G_PARAM_SPEC_DOUBLE (spec);

    g_object_set (object, name,
        pick_number (rand, spec, MAX (s->minimum, -1e9), s->maximum), NULL);
  } else if (G_IS_PARAM_SPEC_ENUM (spec)) {
    g_object_set (object, name, pick_enum (rand, spec), NULL);
  } else if (G_IS_PARAM_SPEC_FLAGS (spec)) {
    g_object_set (object, name,
        g_rand_int (rand) & G_PARAM_SPEC_FLAGS (spec)->flags_class->mask, NULL);
  } else if (G_IS_PARAM_SPEC_STRING (spec)) {
    g_object_set (object, name, pick_string (rand), NULL);
  } else {
    fail ("%s is of a type that this test does not know", name);
  }
}

/* A property of one of our elements. */
typedef struct {
  GstElement *element;
  GParamSpec *spec;
} Property;

static gboolean
is_ours_to_set (const GParamSpec *spec)
{
  return g_str_has_prefix (g_type_name (spec->owner_type), "GstTfr") &&
         spec->flags & G_PARAM_WRITABLE;
}

static void
add_properties (const GValue *value, gpointer user)
{
  GstElement *element = g_value_get_object (value);
  GArray *properties = user;
  guint n;
  GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);

  for (guint i = 0; i < n; i++)
    if (is_ours_to_set (specs[i]))
      g_array_append_vals (properties, &(Property){ element, specs[i] }, 1);
  g_free (specs);
}

/* Of all elements, those within others too. */
static GArray *
list_properties (GstElement *pipeline)
{
  GArray *properties = g_array_new (FALSE, FALSE, sizeof (Property));
  GstIterator *elements = gst_bin_iterate_recurse (GST_BIN (pipeline));

  fail_unless_equals_int (
      gst_iterator_foreach (elements, add_properties, properties),
      GST_ITERATOR_DONE);
  gst_iterator_free (elements);
  return properties;
}

static void
set_default (const Property *property)
{
  g_object_set_property (G_OBJECT (property->element), property->spec->name,
      g_param_spec_get_default_value (property->spec));
}

/* Errors are failures; warnings (settings that do not go together) are not. */
static void
expect_no_error (GstElement *pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  if (message != NULL) {
    GError *error = NULL;
    gchar *debug = NULL;

    gst_message_parse_error (message, &error, &debug);
    fail ("%s (%s)", error->message, debug);
  }
  gst_object_unref (bus);
}

static guint64
buffers_at_the_end (GstElement *pipeline)
{
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstStructure *stats;
  guint64 n = 0;

  g_object_get (sink, "stats", &stats, NULL);
  gst_structure_get_uint64 (stats, "rendered", &n);
  gst_structure_free (stats);
  gst_object_unref (sink);
  return n;
}

/* It still plays, once the last samples have passed at whatever was set. */
static void
expect_play (GstElement *pipeline, const GArray *properties)
{
  guint64 before;

  for (guint i = 0; i < properties->len; i++)
    set_default (&g_array_index (properties, Property, i));
  before = buffers_at_the_end (pipeline);
  for (guint i = 0; i < 60000 && buffers_at_the_end (pipeline) < before + 5;
       i++)
    g_usleep (1000);
  fail_unless (buffers_at_the_end (pipeline) >= before + 5,
      "%" G_GUINT64_FORMAT " buffers in 60 s, should be 5",
      buffers_at_the_end (pipeline) - before);
  expect_no_error (pipeline);
}

#define SOUND                                                                  \
  "audiotestsrc wave=pink-noise samplesperbuffer=600 ! "                       \
  "audio/x-raw,format=F32LE,rate=8000,channels=2 ! "
#define VIDEO "! video/x-raw,width=160,height=120,framerate=10/1 "
#define SINK "! fakesink name=sink"

/* Partials need certain fields, and say so where others are asked for. */
static const struct {
  const gchar *launch, *fixed; /* a property that stays, or NULL */
} roads[] = {
  { SOUND "tfrreassign ! tfrrender " VIDEO SINK, NULL },
  { SOUND "tfrscope " VIDEO SINK, NULL },
  { SOUND "tfrreassign ! tfrpartials ! tfrsynth " SINK, "fields" },
  { SOUND
      "tfrreassign ! tfrpartials ! tfrsdifenc ! tfrsdifdec ! tfrsynth " SINK,
      "fields" },
};

/* A flush is where some elements take in what has changed. */
GST_START_TEST (any_property_may_change_at_any_time)
{
  GstElement *pipeline = gst_parse_launch (roads[__i__].launch, NULL);
  GArray *properties = list_properties (pipeline);
  const gchar *fixed = roads[__i__].fixed;
  GRand *rand = g_rand_new_with_seed (20);
  guint rounds = is_full () ? 10000 : 500, n = 0;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < rounds; i++) {
    const Property *property = &g_array_index (properties, Property,
        g_rand_int_range (rand, 0, (gint) properties->len));

    if (g_strcmp0 (property->spec->name, fixed) != 0) {
      set_randomly (rand, property->element, property->spec);
      n++;
    }
    g_usleep (1000);
    expect_no_error (pipeline);
    if (i % 25 == 24)
      gst_element_seek_simple (
          pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0);
  }
  expect_play (pipeline, properties);
  tally (n, "properties changed in play");

  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_rand_free (rand);
  g_array_unref (properties);
  gst_object_unref (pipeline);
}
GST_END_TEST;

/* ---------------------------------------------------- many instances ---- */

/* Where threads wait for each other. */
typedef struct {
  GMutex lock;
  GCond all_are_here;
  guint n_here;
} Gate;

static void
gate_pass (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  if (++gate->n_here == N_INSTANCES)
    g_cond_broadcast (&gate->all_are_here);
  while (gate->n_here < N_INSTANCES)
    g_cond_wait (&gate->all_are_here, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

static GstHarness *
new_instance (guint window_size)
{
  gchar *launch = g_strdup_printf (
      "tfrreassign window-size=%u ! tfrrender axes=0 time-span=100000000",
      window_size);
  GstHarness *h = gst_harness_new_parse (launch);

  gst_harness_set_sink_caps_str (
      h, "video/x-raw,format=BGRx,width=64,height=48,framerate=30/1");
  g_free (launch);
  return h;
}

/* A sum over all bytes of the frames that a short sound is drawn as. */
static guint64
draw_a_sound (GstHarness *h)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 4 * RATE / 10, NULL);
  GstMapInfo map;
  guint64 sum = 0;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (guint i = 0; i < RATE / 10; i++)
    ((gfloat *) map.data)[i] =
        0.3f * (gfloat) ((gint) (i * i / 64 % 100) - 50) / 50;
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = 0;

  gst_harness_set_src_caps_str (h,
      "audio/x-raw,format=F32LE,layout=interleaved,rate=48000,channels=1");
  gst_harness_push (h, buffer);
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    gst_buffer_map (buffer, &map, GST_MAP_READ);
    for (gsize i = 0; i < map.size; i++)
      sum = sum * 31 + map.data[i];
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  return sum;
}

static const guint window_sizes[] = { 64, 256, 300, 1023, 4096 };

typedef struct {
  guint window_size;
  guint64 sum;
} Instance;

static Gate begin, end;

/* None begins before all are there, and none goes before all have ended. */
static gpointer
run_instance (gpointer user)
{
  Instance *instance = user;
  GstHarness *h = new_instance (instance->window_size);

  gate_pass (&begin);
  instance->sum = draw_a_sound (h);
  gate_pass (&end);
  gst_harness_teardown (h);
  return NULL;
}

GST_START_TEST (two_hundred_instances_at_once_draw_the_same)
{
  static Instance instances[N_INSTANCES];
  GThread *threads[N_INSTANCES];
  guint64 alone[G_N_ELEMENTS (window_sizes)];

  for (guint i = 0; i < G_N_ELEMENTS (window_sizes); i++) {
    GstHarness *h = new_instance (window_sizes[i]);

    alone[i] = draw_a_sound (h);
    fail_unless (i == 0 || alone[i] != alone[i - 1],
        "windows of %u and %u samples draw the same", window_sizes[i - 1],
        window_sizes[i]);
    gst_harness_teardown (h);
  }
  for (guint i = 0; i < N_INSTANCES; i++) {
    instances[i].window_size = window_sizes[i % G_N_ELEMENTS (window_sizes)];
    threads[i] = g_thread_new (NULL, run_instance, &instances[i]);
  }
  for (guint i = 0; i < N_INSTANCES; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < N_INSTANCES; i++) {
    guint64 should = alone[i % G_N_ELEMENTS (window_sizes)];

    fail_unless (instances[i].sum == should,
        "instance %u, window of %u samples: %" G_GUINT64_FORMAT
        ", should be %" G_GUINT64_FORMAT,
        i, instances[i].window_size, instances[i].sum, should);
  }
  tally (N_INSTANCES, "instances at once");
}
GST_END_TEST;

static Suite *
stress_suite (void)
{
  Suite *s = suite_create ("stress");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, is_full () ? 600 : 120);
  tcase_add_loop_test (
      tc, any_property_may_change_at_any_time, 0, G_N_ELEMENTS (roads));
  tcase_add_test (tc, two_hundred_instances_at_once_draw_the_same);
  return s;
}

GST_CHECK_MAIN (stress);
