/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "gsttfr.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <math.h>

#define HOP 16

/* A batch of one frame and two channels with a point in each, of this time. */
static GstBuffer *
make_batch (gint64 first, GstTfrFields optional, gdouble time, gfloat chirp)
{
  const GstTfrHeader header = {
    .rate = 48000,
    .window_size = 64,
    .hop_size = HOP,
    .fft_size = 64,
    .channels = 2,
    .first = first,
    .n_frames = 1,
    .n_points = 2,
    .fields = GST_TFR_FIELDS_ALWAYS | optional,
    .sum_h = 1,
    .sum_h2 = 1,
  };
  GstTfrWriter writer;
  gpointer planes[32];

  fail_unless (gst_tfr_writer_begin (&writer, &header, NULL, NULL));
  for (guint channel = 0; channel < 2; channel++) {
    gst_tfr_writer_get_planes (&writer, planes);
    *(gdouble *) planes[0] = time;
    *(gdouble *) planes[1] = 0.1 + channel;
    *(gfloat *) planes[2] = 0.1f;
    if (planes[5] != NULL)
      *(gfloat *) planes[5] = chirp;
    if (planes[7] != NULL)
      *(guint32 *) planes[7] = G_MAXUINT32;
    gst_tfr_writer_add (&writer, 1);
  }
  return gst_tfr_writer_finish (&writer, 0, first + HOP);
}

static GstHarness *
new_encoder (const gchar *fields)
{
  GstHarness *h = gst_harness_new ("tfrcsvenc");
  gchar *caps = g_strconcat (GST_TFR_POINTS_TEMPLATE_CAPS, fields, NULL);

  gst_harness_set_src_caps_str (h, caps);
  g_free (caps);
  return h;
}

static void
assert_text (GstHarness *h, const gchar *reference)
{
  GstBuffer *buffer = gst_harness_try_pull (h);
  gsize size;
  gchar *text;

  fail_unless (buffer != NULL, "nothing, should be %s", reference);
  size = gst_buffer_get_size (buffer);
  text = g_malloc0 (size + 1);
  gst_buffer_extract (buffer, 0, text, size);
  fail_unless_equals_string (text, reference);
  g_free (text);
  gst_buffer_unref (buffer);
}

GST_START_TEST (numbers_come_back_as_they_were_and_nan_is_empty)
{
  GstHarness *h = new_encoder ("");
  GstTfrFields fields = GST_TFR_FIELD_CHIRP_RATE | GST_TFR_FIELD_BIN;

  gst_harness_push (h, make_batch (-HOP, fields, 1.0 / 3, NAN));
  assert_text (h,
      "channel,frame_sample,time,frequency,magnitude,chirp_rate,bin\r\n"
      "0,-16,0.33333333333333331,0.10000000000000001,0.100000001,,"
      "4294967295\r\n"
      "1,-16,0.33333333333333331,1.1000000000000001,0.100000001,,"
      "4294967295\r\n");
  gst_harness_push (h, make_batch (0, fields, 0, -2.5f));
  assert_text (h, "0,0,0,0.10000000000000001,0.100000001,-2.5,4294967295\r\n"
                  "1,0,0,1.1000000000000001,0.100000001,-2.5,4294967295\r\n");
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (points_that_are_not_finite_are_left_out)
{
  GstHarness *h = new_encoder ("");

  gst_harness_push (h, make_batch (0, 0, INFINITY, 0));
  assert_text (h, "channel,frame_sample,time,frequency,magnitude\r\n");
  gst_harness_push (h, make_batch (HOP, 0, NAN, 0));
  fail_unless (gst_harness_try_pull (h) == NULL);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (columns_stay_when_the_fields_change)
{
  GstHarness *h = new_encoder ("");
  GstBus *bus = gst_bus_new ();
  GstMessage *warning;

  gst_element_set_bus (h->element, bus);
  gst_harness_push (h, make_batch (0, GST_TFR_FIELD_CHIRP_RATE, 0, 1));
  gst_buffer_unref (gst_harness_pull (h));
  for (gint64 i = 1; i < 3; i++) {
    gst_harness_push (h, make_batch (i * HOP, GST_TFR_FIELD_BIN, 0, 0));
    gst_buffer_unref (gst_harness_pull (h));
  }
  gst_harness_push (h, make_batch (0, GST_TFR_FIELD_BIN, 0, 0));
  assert_text (h, "0,0,0,0.10000000000000001,0.100000001,\r\n"
                  "1,0,0,1.1000000000000001,0.100000001,\r\n");

  warning = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  fail_unless (warning != NULL);
  gst_message_unref (warning);
  fail_unless (gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING) == NULL);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_stream_without_batches_is_a_table_without_rows)
{
  GstHarness *h = new_encoder (", phase = (boolean) true");

  gst_harness_push_event (h, gst_event_new_eos ());
  assert_text (h, "channel,frame_sample,time,frequency,magnitude,phase\r\n");
  fail_unless (gst_harness_try_pull (h) == NULL);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_flush_begins_a_new_table)
{
  GstHarness *h = new_encoder ("");
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  for (guint i = 0; i < 2; i++) {
    gst_harness_push (h, make_batch (0, 0, 0.5, 0));
    assert_text (h, "channel,frame_sample,time,frequency,magnitude\r\n"
                    "0,0,0.5,0.10000000000000001,0.100000001\r\n"
                    "1,0,0.5,1.1000000000000001,0.100000001\r\n");
    gst_harness_push_event (h, gst_event_new_flush_start ());
    gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
    gst_harness_push_event (h, gst_event_new_segment (&segment));
  }
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_table_after_a_flush_has_its_own_columns_and_warning)
{
  GstHarness *h = new_encoder (", chirp-rate = (boolean) true");
  GstBus *bus = gst_bus_new ();
  GstSegment segment;
  GstMessage *warning;

  gst_element_set_bus (h->element, bus);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  for (guint i = 0; i < 2; i++) {
    gst_harness_push (h, make_batch (0, GST_TFR_FIELD_CHIRP_RATE, 0.5, 0));
    gst_harness_push (h, make_batch (HOP, 0, 0.5, 0));
    warning = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
    fail_unless (warning != NULL, "no warning of table %u", i);
    gst_message_unref (warning);
    gst_buffer_unref (gst_harness_pull (h));
    gst_buffer_unref (gst_harness_pull (h));
    gst_harness_push_event (h, gst_event_new_flush_start ());
    gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
    if (i == 1)
      gst_harness_set_src_caps_str (h, GST_TFR_POINTS_TEMPLATE_CAPS);
    gst_harness_push_event (h, gst_event_new_segment (&segment));
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  assert_text (h, "channel,frame_sample,time,frequency,magnitude\r\n");
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

static void
flush (GstHarness *h)
{
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
}

/* A buffer without a segment would be a fault of the program. */
GST_START_TEST (at_the_end_after_a_flush_there_is_a_table_where_there_is_a_segment)
{
  for (guint batches = 0; batches < 2; batches++)
    for (guint segments = 0; segments < 2; segments++) {
      GstHarness *h = new_encoder ("");
      GstSegment segment;

      if (batches > 0) {
        gst_harness_push (h, make_batch (0, 0, 0.5, 0));
        gst_buffer_unref (gst_harness_pull (h));
      }
      flush (h);
      gst_segment_init (&segment, GST_FORMAT_TIME);
      if (segments > 0)
        gst_harness_push_event (h, gst_event_new_segment (&segment));
      gst_harness_push_event (h, gst_event_new_eos ());
      fail_unless_equals_int (gst_harness_buffers_in_queue (h), segments);
      if (segments > 0)
        assert_text (h, "channel,frame_sample,time,frequency,magnitude\r\n");
      gst_harness_teardown (h);
    }
}
GST_END_TEST;

GST_START_TEST (what_is_not_a_batch_is_an_error)
{
  GstHarness *h = new_encoder ("");
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GError *error;

  gst_element_set_bus (h->element, bus);
  fail_unless_equals_int (
      gst_harness_push (h, gst_buffer_new_memdup ("not a batch", 11)),
      GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE));
  g_error_free (error);
  gst_message_unref (message);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrcsvenc_suite (void)
{
  Suite *s = suite_create ("tfrcsvenc");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, numbers_come_back_as_they_were_and_nan_is_empty);
  tcase_add_test (tc, points_that_are_not_finite_are_left_out);
  tcase_add_test (tc, columns_stay_when_the_fields_change);
  tcase_add_test (tc, a_stream_without_batches_is_a_table_without_rows);
  tcase_add_test (tc, a_flush_begins_a_new_table);
  tcase_add_test (tc, a_table_after_a_flush_has_its_own_columns_and_warning);
  tcase_add_test (tc,
      at_the_end_after_a_flush_there_is_a_table_where_there_is_a_segment);
  tcase_add_test (tc, what_is_not_a_batch_is_an_error);
  return s;
}

GST_CHECK_MAIN (tfrcsvenc);
