/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The element as an object: its properties in every state, its counts, its
 * complaints. */

#include "points.h"

#include <math.h>
#include <string.h>

/* Another value of the property's type, within its range. */
static void
choose_value (GParamSpec *spec, GRand *random, GValue *value)
{
  g_value_init (value, spec->value_type);
  if (G_IS_PARAM_SPEC_UINT (spec)) {
    GParamSpecUInt *s = G_PARAM_SPEC_UINT (spec);

    g_value_set_uint (value,
        (guint) g_rand_double_range (random, s->minimum, s->maximum));
  } else if (G_IS_PARAM_SPEC_UINT64 (spec)) {
    g_value_set_uint64 (value, g_rand_int (random));
  } else if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
    GParamSpecDouble *s = G_PARAM_SPEC_DOUBLE (spec);

    g_value_set_double (
        value, g_rand_double_range (random, s->minimum, s->maximum));
  } else if (G_IS_PARAM_SPEC_BOOLEAN (spec)) {
    g_value_set_boolean (value, g_rand_boolean (random));
  } else if (G_IS_PARAM_SPEC_ENUM (spec)) {
    GEnumClass *values = G_PARAM_SPEC_ENUM (spec)->enum_class;

    g_value_set_enum (value,
        values->values[g_rand_int_range (random, 0, (gint) values->n_values)]
            .value);
  } else if (G_IS_PARAM_SPEC_FLAGS (spec)) {
    g_value_set_flags (value,
        G_PARAM_SPEC_FLAGS (spec)->flags_class->mask & g_rand_int (random));
  } else {
    fail ("%s is of a type that this test does not know", spec->name);
  }
}

static gboolean
is_own (GParamSpec *spec)
{
  return g_str_has_prefix (g_type_name (spec->owner_type), "GstTfr") &&
         spec->flags & G_PARAM_WRITABLE;
}

/* Every property is read back as it was set. */
static void
walk_properties (GstElement *element, guint seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  guint n, n_own = 0;
  GParamSpec **specs = g_object_class_list_properties (
      G_OBJECT_GET_CLASS (element), &n);

  for (guint i = 0; i < n; i++) {
    GValue set = G_VALUE_INIT, got = G_VALUE_INIT;

    if (!is_own (specs[i]))
      continue;
    n_own++;
    fail_unless (specs[i]->flags & GST_PARAM_MUTABLE_PLAYING, "%s",
        specs[i]->name);
    choose_value (specs[i], random, &set);
    g_value_init (&got, specs[i]->value_type);
    g_object_set_property (G_OBJECT (element), specs[i]->name, &set);
    g_object_get_property (G_OBJECT (element), specs[i]->name, &got);
    fail_unless (g_param_values_cmp (specs[i], &set, &got) == 0, "%s",
        specs[i]->name);
    g_object_set_property (G_OBJECT (element), specs[i]->name,
        g_param_spec_get_default_value (specs[i]));
    g_value_unset (&set);
    g_value_unset (&got);
  }
  fail_unless (n_own >= 24);
  g_free (specs);
  g_rand_free (random);
}

GST_START_TEST (properties_are_set_and_read_in_every_state)
{
  GstElement *pipeline = gst_parse_launch (
      "audiotestsrc is-live=true ! tfrreassign name=r ! fakesink async=false",
      NULL);
  GstElement *element = gst_bin_get_by_name (GST_BIN (pipeline), "r");
  static const GstState states[] = { GST_STATE_NULL, GST_STATE_READY,
    GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_READY,
    GST_STATE_NULL };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    GstStructure *stats;

    gst_element_set_state (pipeline, states[i]);
    gst_element_get_state (pipeline, NULL, NULL, 5 * GST_SECOND);
    walk_properties (element, i);
    g_object_get (element, "stats", &stats, NULL);
    fail_unless (gst_structure_has_field (stats, "frames"));
    gst_structure_free (stats);
  }
  gst_object_unref (element);
  gst_object_unref (pipeline);
}
GST_END_TEST;

/* While another thread feeds it. */
GST_START_TEST (properties_may_be_set_from_another_thread)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GstHarnessThread *thread;
  GstSegment segment;
  GstBuffer *buffer = audio_buffer (0, 480);
  GstCaps *caps = gst_caps_from_string (AUDIO_CAPS);

  gst_harness_set_drop_buffers (h, TRUE);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  thread = gst_harness_stress_push_buffer_start (h, caps, &segment, buffer);
  for (guint i = 0; i < 300; i++) {
    g_object_set (h->element, "window-size", 64 + i % 7 * 100, "hop-size",
        i % 5 * 77, "consensus", i % 4, "analytic", i % 11 == 0,
        "channel-mode", i % 2, "fields", i % 3 * 8, NULL);
    g_usleep (1000);
  }
  fail_unless (gst_harness_stress_thread_stop (thread) > 0);
  gst_buffer_unref (buffer);
  gst_caps_unref (caps);
  gst_harness_teardown (h);
}
GST_END_TEST;

static GstPadProbeReturn
meddle (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstElement *element = data;
  GstQuery *query = gst_query_new_latency ();
  GstStructure *stats;
  guint hop;

  g_object_get (element, "stats", &stats, "hop-size", &hop, NULL);
  g_object_set (element, "hop-size", hop % 700 + 77, NULL);
  fail_unless (gst_pad_query (pad, query));
  gst_query_unref (query);
  gst_structure_free (stats);
  return GST_PAD_PROBE_OK;
}

static GstBusSyncReply
meddle_on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  guint size;

  g_object_get (data, "window-size", &size, NULL);
  g_object_set (data, "window-size", size, NULL);
  return GST_BUS_PASS;
}

/* No lock is held while a batch, an event or a message leaves. */
GST_START_TEST (whoever_receives_may_ask_and_set)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstPad *pad = gst_element_get_static_pad (h->element, "src");
  GstBus *bus = gst_bus_new ();
  GPtrArray *frames;

  gst_bus_set_sync_handler (bus, meddle_on_message, h->element, NULL);
  gst_element_set_bus (h->element, bus);
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, meddle,
      h->element, NULL);
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  audio_push (h, 0, 30000, 1000);
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless (frames->len > 40);
  g_ptr_array_unref (frames);
  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_object_unref (pad);
  gst_harness_teardown (h);
}
GST_END_TEST;

static guint64
count (GstElement *element, const gchar *name)
{
  GstStructure *stats;
  guint64 value = 0;

  g_object_get (element, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint64 (stats, name, &value), "%s", name);
  gst_structure_free (stats);
  return value;
}

GST_START_TEST (stats_count_all_that_left_and_all_that_did_not)
{
  static const struct {
    const gchar *launch, *reason;
  } cases[] = { { "tfrreassign magnitude-floor=-20", "below-floor" },
    { "tfrreassign max-time-shift=1", "beyond-time-shift" },
    { "tfrreassign max-frequency-shift=1", "beyond-frequency-shift" },
    { "tfrreassign consensus=line", "rejected" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstHarness *h = audio_harness (cases[i].launch);
    GPtrArray *frames;
    guint64 points = 0, dropped = 0;
    static const gchar *const reasons[] = { "below-floor",
      "beyond-time-shift", "beyond-frequency-shift", "outside-range",
      "rejected" };

    audio_push (h, 0, 20000, 1000);
    audio_push_eos (h);
    frames = frames_pull (h);
    for (guint k = 0; k < frames->len; k++)
      points += ((Frame *) g_ptr_array_index (frames, k))->n_points;
    for (guint k = 0; k < G_N_ELEMENTS (reasons); k++)
      dropped += count (h->element, reasons[k]);
    fail_unless_equals_uint64 (count (h->element, "frames"), frames->len);
    fail_unless_equals_uint64 (count (h->element, "points"), points);
    fail_unless_equals_uint64 (points + dropped, frames->len * 1025);
    fail_unless (count (h->element, cases[i].reason) > 1000);
    g_ptr_array_unref (frames);

    /* they begin anew with the next run */
    gst_element_set_state (h->element, GST_STATE_READY);
    fail_unless_equals_uint64 (count (h->element, "points"), 0);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* A change of config or a seam does not set them back. */
GST_START_TEST (stats_go_on_over_changes_and_seams)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GPtrArray *frames;

  audio_push (h, 0, 10000, 1000);
  g_object_set (h->element, "window-size", 1000, NULL);
  audio_push (h, 10000, 10000, 1000);
  audio_push (h, 90000, 10000, 1000);
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_uint64 (count (h->element, "frames"), frames->len);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* ---------------------------------------------------------- complaints ---- */

GST_START_TEST (samples_that_are_not_finite_are_counted_and_told_once)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GPtrArray *whole = frames_analyse ("tfrreassign", 0, 20000), *frames;
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  static const gint64 bad[] = { 5000, 5001, 15000 };
  GError *error;

  gst_element_set_bus (h->element, bus);
  for (gint64 i = 0; i < 20000; i += 1000) {
    GstBuffer *buffer = audio_buffer (i, 1000);

    for (guint k = 0; k < G_N_ELEMENTS (bad); k++) {
      gdouble value = k % 2 == 0 ? NAN : INFINITY;

      if (bad[k] >= i && bad[k] < i + 1000)
        gst_buffer_fill (buffer, (gsize) (bad[k] - i) * 8, &value, 8);
    }
    gst_harness_push (h, buffer);
  }
  audio_push_eos (h);
  frames = frames_pull (h);
  for (guint i = 0; i < frames->len; i++) {
    gint64 centre = ((Frame *) g_ptr_array_index (frames, i))->sample;
    gboolean sees = FALSE;

    for (guint k = 0; k < G_N_ELEMENTS (bad); k++)
      sees = sees || ABS (centre - bad[k]) <= 1024 + 8;
    if (!sees)
      assert_frames_equal (frames, i, whole, i, 1, "far from the bad ones");
  }
  fail_unless_equals_uint64 (count (h->element, "non-finite-samples"), 3);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  fail_unless (message != NULL);
  gst_message_parse_warning (message, &error, NULL);
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE));
  g_error_free (error);
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING) == NULL);
  g_ptr_array_unref (frames);
  g_ptr_array_unref (whole);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

static GstBuffer *
half_a_sample (void)
{
  return gst_buffer_new_allocate (NULL, 8 * 100 + 3, NULL);
}

static GstBuffer *
planes_without_meta (void)
{
  return gst_buffer_new_allocate (NULL, 800, NULL);
}

/* Planes of 2 channels of 100 doubles, as said by a meta of its own mind. */
static GstBuffer *
with_meta (GstAudioFormat format, gint channels, GstAudioLayout layout,
    gsize samples)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 1600, NULL);
  GstAudioInfo info;
  GstAudioMeta *meta;

  gst_buffer_memset (buffer, 0, 0, 1600);
  gst_audio_info_set_format (&info, format, 44100, channels, NULL);
  info.layout = layout;
  meta = gst_buffer_add_audio_meta (buffer, &info, 0, NULL);
  meta->samples = samples;
  for (gint c = 0; layout != GST_AUDIO_LAYOUT_INTERLEAVED && c < channels; c++)
    meta->offsets[c] = (gsize) c * samples * info.finfo->width / 8;
  return buffer;
}

static GstBuffer *
planes_beyond_the_buffer (void)
{
  GstBuffer *buffer = with_meta (
      GST_AUDIO_FORMAT_F64LE, 2, GST_AUDIO_LAYOUT_NON_INTERLEAVED, 100);

  gst_buffer_get_audio_meta (buffer)->offsets[1] = 100000;
  return buffer;
}

static GstBuffer *
planes_too_few (void)
{
  return with_meta (
      GST_AUDIO_FORMAT_F64LE, 1, GST_AUDIO_LAYOUT_NON_INTERLEAVED, 100);
}

static GstBuffer *
planes_too_narrow (void)
{
  return with_meta (
      GST_AUDIO_FORMAT_S8, 2, GST_AUDIO_LAYOUT_NON_INTERLEAVED, 800);
}

static GstBuffer *
planes_too_long (void)
{
  return with_meta (
      GST_AUDIO_FORMAT_F64LE, 2, GST_AUDIO_LAYOUT_NON_INTERLEAVED, 101);
}

static GstBuffer *
planes_at_no_rate (void)
{
  GstBuffer *buffer = with_meta (
      GST_AUDIO_FORMAT_F64LE, 2, GST_AUDIO_LAYOUT_NON_INTERLEAVED, 100);

  gst_buffer_get_audio_meta (buffer)->info.rate = 0;
  return buffer;
}

static GstBuffer *
no_planes (void)
{
  return with_meta (
      GST_AUDIO_FORMAT_F64LE, 2, GST_AUDIO_LAYOUT_INTERLEAVED, 100);
}

static GstBuffer *
planes_of_one (void)
{
  return with_meta (
      GST_AUDIO_FORMAT_F64LE, 1, GST_AUDIO_LAYOUT_NON_INTERLEAVED, 200);
}

#define PLANAR \
  "audio/x-raw, format=F64LE, layout=non-interleaved, rate=48000, " \
  "channels=2, channel-mask=(bitmask)3"

GST_START_TEST (unsound_buffers_are_errors_of_the_streams_format)
{
  static const struct {
    const gchar *caps;
    GstBuffer *(*make) (void);
  } cases[] = { { AUDIO_CAPS, half_a_sample }, { AUDIO_CAPS, planes_of_one },
    { PLANAR, planes_without_meta }, { PLANAR, planes_beyond_the_buffer },
    { PLANAR, planes_too_few }, { PLANAR, planes_too_narrow },
    { PLANAR, planes_too_long }, { PLANAR, planes_at_no_rate },
    { PLANAR, no_planes } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstHarness *h = gst_harness_new ("tfrreassign");
    GstBus *bus = gst_bus_new ();
    GstMessage *message;
    GError *error;

    gst_element_set_bus (h->element, bus);
    gst_harness_set_src_caps_str (h, cases[i].caps);
    fail_unless_equals_int (
        gst_harness_push (h, cases[i].make ()), GST_FLOW_ERROR);
    message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    fail_unless (message != NULL);
    gst_message_parse_error (message, &error, NULL);
    fail_unless (
        g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT));
    fail_unless (strlen (error->message) > 20, "%s", error->message);
    g_error_free (error);
    gst_message_unref (message);
    gst_element_set_bus (h->element, NULL);
    gst_object_unref (bus);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* Of the meta's info only what says where the samples lie counts: a rate that
 * upstream forgot to keep up with is no critical warning. */
GST_START_TEST (a_meta_of_another_rate_is_read_by_the_caps)
{
  GstHarness *h = gst_harness_new ("tfrreassign");

  gst_harness_set_src_caps_str (h, PLANAR);
  fail_unless_equals_int (
      gst_harness_push (h, with_meta (GST_AUDIO_FORMAT_F64LE, 2,
                               GST_AUDIO_LAYOUT_NON_INTERLEAVED, 100)),
      GST_FLOW_OK);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (empty_buffers_change_nothing)
{
  GPtrArray *whole = frames_analyse ("tfrreassign", 0, 10000), *frames;
  GstHarness *h = audio_harness ("tfrreassign");

  for (gint64 i = 0; i < 10000; i += 1000) {
    GstBuffer *empty = gst_buffer_new ();

    gst_harness_push (h, audio_buffer (i, 0));
    gst_harness_push (h, empty);
    audio_push (h, i, 1000, 1000);
  }
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_int (frames->len, whole->len);
  assert_frames_equal (frames, 0, whole, 0, whole->len, "with empty buffers");
  g_ptr_array_unref (frames);
  g_ptr_array_unref (whole);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrreassign_properties_suite (void)
{
  Suite *s = suite_create ("tfrreassign properties");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, properties_are_set_and_read_in_every_state);
  tcase_add_test (tc, properties_may_be_set_from_another_thread);
  tcase_add_test (tc, whoever_receives_may_ask_and_set);
  tcase_add_test (tc, stats_count_all_that_left_and_all_that_did_not);
  tcase_add_test (tc, stats_go_on_over_changes_and_seams);
  tcase_add_test (tc, samples_that_are_not_finite_are_counted_and_told_once);
  tcase_add_test (tc, unsound_buffers_are_errors_of_the_streams_format);
  tcase_add_test (tc, a_meta_of_another_rate_is_read_by_the_caps);
  tcase_add_test (tc, empty_buffers_change_nothing);
  return s;
}

GST_CHECK_MAIN (tfrreassign_properties);
