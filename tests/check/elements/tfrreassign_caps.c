/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which fields leave, which audio is accepted, and what is refused. */

#include "points.h"

#include <string.h>

#define POINTS "application/x-tfr-points, version=(int)1, framed=(boolean)true"

static guint
fields_of (GstBuffer *buffer)
{
  GstTfrBatch batch;
  guint fields;

  fail_unless (gst_tfr_batch_map (&batch, buffer, NULL));
  fields = batch.header.fields & GST_TFR_FIELDS_OPTIONAL;
  gst_tfr_batch_unmap (&batch);
  gst_buffer_unref (buffer);
  return fields;
}

static guint
fields_that_leave (GstHarness *h)
{
  GstCaps *caps = gst_pad_get_current_caps (h->sinkpad);
  GstBuffer *buffer, *last = NULL;
  GstTfrInfo info;

  while ((buffer = gst_harness_try_pull (h)) != NULL)
    gst_clear_buffer (&last), last = buffer;
  fail_unless (last != NULL);
  fail_unless (gst_tfr_info_from_caps (&info, caps));
  gst_caps_unref (caps);
  buffer = last;
  guint fields = fields_of (buffer);
  fail_unless_equals_int (fields, info.fields & GST_TFR_FIELDS_OPTIONAL);
  return fields;
}

GST_START_TEST (the_fields_that_downstream_names_leave)
{
  static const struct {
    const gchar *caps;
    guint fields;
  } cases[] = { { POINTS, GST_TFR_FIELD_MIXED | GST_TFR_FIELD_BIN },
    { "ANY", GST_TFR_FIELD_MIXED | GST_TFR_FIELD_BIN },
    { POINTS ", phase=true", GST_TFR_FIELD_PHASE },
    { POINTS ", phase=true, chirp-rate=true; " POINTS,
        GST_TFR_FIELD_PHASE | GST_TFR_FIELD_CHIRP_RATE },
    { POINTS ", bin=false, mixed=true", GST_TFR_FIELD_MIXED },
    { POINTS ", bin=false, mixed=false, phase=false, agreement=false, "
             "chirp-rate=false",
        0 },
    { POINTS ", phase=true, mixed=true, chirp-rate=true, agreement=true, "
             "bin=true",
        GST_TFR_FIELDS_OPTIONAL } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstHarness *h = gst_harness_new ("tfrreassign");

    gst_harness_set_sink_caps_str (h, cases[i].caps);
    gst_harness_set_src_caps_str (h, AUDIO_CAPS);
    audio_push (h, 0, 10000, 1000);
    fail_unless_equals_int_hex (fields_that_leave (h), cases[i].fields);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* A change of wishes while playing takes effect at the next frame and moves no
 * point. */
GST_START_TEST (wishes_may_change_while_playing)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GPtrArray *whole = frames_analyse ("tfrreassign", 0, 20000), *frames;

  gst_harness_set_sink_caps_str (h, POINTS ", phase=true; " POINTS);
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  audio_push (h, 0, 10000, 1000);
  fail_unless_equals_int_hex (fields_that_leave (h), GST_TFR_FIELD_PHASE);
  gst_harness_set_sink_caps_str (
      h, POINTS ", mixed=true, bin=true; " POINTS);
  gst_harness_push_upstream_event (h, gst_event_new_reconfigure ());
  audio_push (h, 10000, 10000, 1000);
  audio_push_eos (h);
  frames = frames_pull (h);
  assert_frames_equal (frames, 0, whole, whole->len - frames->len,
      frames->len, "after the change");
  fail_unless (frames->len >= 20);
  g_ptr_array_unref (frames);
  g_ptr_array_unref (whole);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (wishes_unite_through_tee)
{
  GstElement *pipeline = gst_parse_launch (
      "audiotestsrc num-buffers=20 ! tfrreassign name=r ! tee name=t "
      "t. ! queue ! capsfilter caps=\"" POINTS ", phase=true; " POINTS
      "\" ! fakesink name=a async=false "
      "t. ! queue ! capsfilter caps=\"" POINTS ", bin=true; " POINTS
      "\" ! fakesink name=b async=false",
      NULL);
  GstElement *r = gst_bin_get_by_name (GST_BIN (pipeline), "r");
  GstPad *pad = gst_element_get_static_pad (r, "src");
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  GstTfrInfo info;
  GstCaps *caps;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 20 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  caps = gst_pad_get_current_caps (pad);
  fail_unless (gst_tfr_info_from_caps (&info, caps));
  fail_unless_equals_int_hex (info.fields & GST_TFR_FIELDS_OPTIONAL,
      GST_TFR_FIELD_PHASE | GST_TFR_FIELD_BIN);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_caps_unref (caps);
  gst_message_unref (message);
  gst_object_unref (bus);
  gst_object_unref (pad);
  gst_object_unref (r);
  gst_object_unref (pipeline);
}
GST_END_TEST;

GST_START_TEST (the_property_overrides_silent_consumers)
{
  GstHarness *h = audio_harness ("tfrreassign fields=phase");

  audio_push (h, 0, 10000, 1000);
  fail_unless_equals_int_hex (fields_that_leave (h), GST_TFR_FIELD_PHASE);
  g_object_set (h->element, "fields",
      GST_TFR_FIELD_CHIRP_RATE | GST_TFR_FIELD_BIN, NULL);
  audio_push (h, 10000, 10000, 1000);
  fail_unless_equals_int_hex (fields_that_leave (h),
      GST_TFR_FIELD_CHIRP_RATE | GST_TFR_FIELD_BIN);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* --------------------------------------------------------------- audio ---- */

static gboolean
accepts (GstHarness *h, const gchar *description)
{
  GstCaps *caps = gst_caps_from_string (description);
  GstQuery *query = gst_query_new_accept_caps (caps);
  gboolean result = FALSE;

  fail_unless (gst_pad_peer_query (h->srcpad, query));
  gst_query_parse_accept_caps_result (query, &result);
  gst_query_unref (query);
  gst_caps_unref (caps);
  return result;
}

GST_START_TEST (raw_audio_is_accepted_with_or_without_a_mask)
{
  GstHarness *h = gst_harness_new ("tfrreassign");

  fail_unless (accepts (h, AUDIO_CAPS));
  fail_unless (accepts (h, "audio/x-raw, format=S24_32LE, rate=1, channels=6, "
                           "layout=non-interleaved"));
  fail_unless (accepts (h, "audio/x-raw, format=U8, rate=10000000, "
                           "channels=100, layout=interleaved, "
                           "channel-mask=(bitmask)0, odd=(int)3"));
  fail_if (accepts (h, "audio/mpeg, mpegversion=1"));
  fail_if (accepts (h, "audio/x-raw, format=S16LE, rate=0, channels=1, "
                       "layout=interleaved"));
  gst_harness_teardown (h);
}
GST_END_TEST;

static gchar *
query_caps (GstPad *pad, const gchar *filter)
{
  GstCaps *by = filter != NULL ? gst_caps_from_string (filter) : NULL;
  GstCaps *caps = gst_pad_peer_query_caps (pad, by);
  gchar *text = gst_caps_to_string (caps);

  gst_caps_unref (caps);
  gst_clear_caps (&by);
  return text;
}

GST_START_TEST (downstreams_rate_and_channels_reach_upstream)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstCaps *caps;
  const GstStructure *s;
  gint rate, channels;

  gst_harness_set_sink_caps_str (h, POINTS ", rate=16000, channels=2");
  caps = gst_pad_peer_query_caps (h->srcpad, NULL);
  s = gst_caps_get_structure (caps, 0);
  fail_unless (gst_structure_get_int (s, "rate", &rate) && rate == 16000);
  fail_unless (gst_structure_get_int (s, "channels", &channels));
  fail_unless_equals_int (channels, 2);
  fail_unless (gst_structure_has_field (s, "format"));
  gst_caps_unref (caps);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Downstream is asked for its caps when half of a query has been answered. */
static gboolean
answer_late (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstHarness *h = g_object_get_data (G_OBJECT (pad), "harness");

  if (GST_QUERY_TYPE (query) == GST_QUERY_CAPS)
    gst_util_set_object_arg (
        G_OBJECT (h->element), "channel-mode", "separate");
  return gst_pad_query_default (pad, parent, query);
}

GST_START_TEST (channel_mode_may_change_amid_a_query)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstCaps *stereo = gst_caps_from_string ("audio/x-raw, channels=2"), *answer;

  g_object_set_data (G_OBJECT (h->sinkpad), "harness", h);
  gst_pad_set_query_function (h->sinkpad, answer_late);
  gst_util_set_object_arg (G_OBJECT (h->element), "channel-mode", "mix");
  answer = gst_pad_peer_query_caps (h->srcpad, stereo);
  fail_if (gst_caps_is_empty (answer));
  gst_caps_unref (answer);
  gst_caps_unref (stereo);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_filter_comes_first)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  gchar *text = query_caps (h->srcpad,
      "audio/x-raw, format=U8; audio/x-raw, format=F32LE; audio/mpeg");

  fail_unless (g_str_has_prefix (text, "audio/x-raw, format=(string)U8"), "%s",
      text);
  fail_unless (strstr (text, "F32LE") != NULL, "%s", text);
  fail_unless (strstr (text, "mpeg") == NULL, "%s", text);
  g_free (text);
  text = query_caps (h->sinkpad, NULL);
  fail_unless (strstr (text, POINTS) == text ||
                   strstr (text, "application/x-tfr-points") == text,
      "%s", text);
  g_free (text);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* ------------------------------------------------------------- refusals ---- */

static gchar *
pop_sentence (GstBus *bus, GstMessageType type)
{
  GstMessage *message = gst_bus_pop_filtered (bus, type);
  gchar *text;
  GError *error;

  fail_unless (message != NULL, "no message");
  if (type == GST_MESSAGE_WARNING)
    gst_message_parse_warning (message, &error, NULL);
  else
    gst_message_parse_error (message, &error, NULL);
  text = g_strdup (error->message);
  g_error_free (error);
  gst_message_unref (message);
  return text;
}

static GPtrArray *
analyse_64_channels (const gchar *mask)
{
  GstHarness *h = gst_harness_new_parse ("tfrreassign window-size=64");
  gchar *caps = g_strdup_printf ("audio/x-raw, format=U8, layout=interleaved, "
                                 "rate=48000, channels=64, channel-mask=%s",
      mask);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 64 * 200, NULL);
  GstMapInfo map;
  GPtrArray *frames;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i < map.size; i++)
    map.data[i] = (guint8) (i * i % 251);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = 0;
  gst_harness_set_src_caps_str (h, caps);
  gst_harness_push (h, buffer);
  audio_push_eos (h);
  frames = frames_pull (h);
  gst_harness_teardown (h);
  g_free (caps);
  return frames;
}

/* GStreamer warns of one, as of a fault of the program. */
GST_START_TEST (a_mask_that_does_not_fit_the_channels_changes_nothing)
{
  GPtrArray *none = analyse_64_channels ("(bitmask)0");
  GPtrArray *odd = analyse_64_channels ("(bitmask)0xca4232c9a0cbcd09");

  fail_unless (none->len > 0);
  fail_unless_equals_int (odd->len, none->len);
  assert_frames_equal (odd, 0, none, 0, none->len, "32 positions");
  g_ptr_array_unref (none);
  g_ptr_array_unref (odd);
}
GST_END_TEST;

/* Sticky events are always taken; what comes of it shows later. */
static void
push_caps (GstHarness *h, const gchar *description)
{
  GstCaps *caps = gst_caps_from_string (description);

  gst_harness_push_event (h, gst_event_new_caps (caps));
  gst_caps_unref (caps);
}

#define WIDE \
  "audio/x-raw, format=U8, layout=interleaved, rate=48000, channels=65535, " \
  "channel-mask=(bitmask)0"

/* By its size alone: nothing of it is allocated first. */
GST_START_TEST (an_analysis_too_large_for_a_batch_is_refused_in_a_sentence)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstBus *bus = gst_bus_new ();
  GstFlowReturn flow;
  GstSegment segment;
  gchar *sentence;

  gst_element_set_bus (h->element, bus);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_stream_start ("x"));
  push_caps (h, WIDE);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  sentence = pop_sentence (bus, GST_MESSAGE_WARNING);
  fail_unless (strstr (sentence, "2^28 bytes") != NULL, "%s", sentence);
  g_free (sentence);
  fail_unless (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR) == NULL);
  flow = gst_harness_push (h, gst_buffer_new_allocate (NULL, 65535, NULL));
  fail_unless_equals_int (flow, GST_FLOW_NOT_NEGOTIATED);

  /* other caps make all well */
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  audio_push (h, 0, 10000, 1000);
  fail_unless (gst_harness_buffers_in_queue (h) > 0);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (refused_caps_after_good_ones_analyse_nothing)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GPtrArray *frames;

  audio_push (h, 0, 10000, 1000);
  push_caps (h, WIDE);
  frames = frames_pull (h); /* what there was has come out */
  fail_unless_equals_int (frames->len, 20);
  g_ptr_array_unref (frames);
  fail_unless_equals_int (
      gst_harness_push (h, gst_buffer_new_allocate (NULL, 65535, NULL)),
      GST_FLOW_NOT_NEGOTIATED);
  fail_unless_equals_int (gst_harness_buffers_in_queue (h), 0);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Layout and mask have values that go without saying; the rest has none. */
GST_START_TEST (caps_may_leave_out_layout_and_mask_only)
{
  static const gchar *const good[] = {
    "audio/x-raw, format=F64LE, rate=48000, channels=1",
    "audio/x-raw, format=F64LE, rate=48000, channels=6, layout=interleaved",
    "audio/x-raw, format=S16LE, rate=48000, channels=100"
  };
  static const gchar *const bad[] = {
    "audio/x-raw, rate=48000, channels=1, layout=interleaved",
    "audio/x-raw, format=F64LE, channels=1, layout=interleaved",
    "audio/x-raw, format=F64LE, rate=48000, layout=interleaved",
    "audio/x-raw, format=F64LE, rate=-5, channels=1, layout=interleaved"
  };

  for (guint i = 0; i < G_N_ELEMENTS (good) + G_N_ELEMENTS (bad); i++) {
    gboolean is_good = i < G_N_ELEMENTS (good);
    const gchar *caps = is_good ? good[i] : bad[i - G_N_ELEMENTS (good)];
    GstHarness *h = gst_harness_new ("tfrreassign");
    GstSegment segment;
    GstFlowReturn flow;

    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_harness_push_event (h, gst_event_new_stream_start ("x"));
    push_caps (h, caps);
    gst_harness_push_event (h, gst_event_new_segment (&segment));
    flow = gst_harness_push (h, gst_buffer_new ());
    fail_unless (
        flow == (is_good ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED), "%s: %s",
        caps, gst_flow_get_name (flow));
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

GST_START_TEST (audio_before_its_caps_is_refused)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_stream_start ("x"));
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  fail_unless_equals_int (gst_harness_push (h, audio_buffer (0, 1000)),
      GST_FLOW_NOT_NEGOTIATED);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrreassign_caps_suite (void)
{
  Suite *s = suite_create ("tfrreassign caps");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, the_fields_that_downstream_names_leave);
  tcase_add_test (tc, wishes_may_change_while_playing);
  tcase_add_test (tc, wishes_unite_through_tee);
  tcase_add_test (tc, the_property_overrides_silent_consumers);
  tcase_add_test (tc, raw_audio_is_accepted_with_or_without_a_mask);
  tcase_add_test (
      tc, a_mask_that_does_not_fit_the_channels_changes_nothing);
  tcase_add_test (tc, downstreams_rate_and_channels_reach_upstream);
  tcase_add_test (tc, channel_mode_may_change_amid_a_query);
  tcase_add_test (tc, a_filter_comes_first);
  tcase_add_test (
      tc, an_analysis_too_large_for_a_batch_is_refused_in_a_sentence);
  tcase_add_test (tc, refused_caps_after_good_ones_analyse_nothing);
  tcase_add_test (tc, caps_may_leave_out_layout_and_mask_only);
  tcase_add_test (tc, audio_before_its_caps_is_refused);
  return s;
}

GST_CHECK_MAIN (tfrreassign_caps);
