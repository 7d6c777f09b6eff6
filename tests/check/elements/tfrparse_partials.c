/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Dumps of partials replay like the live stream. */

#include "rows.h"

#include <gst/base/gsttypefindhelper.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define BATCHES 4
#define FRAMES 3

static GByteArray *
make_dump (void)
{
  GByteArray *dump = g_byte_array_new ();

  for (guint b = 0; b < BATCHES; b++) {
    GstBuffer *buffer =
        rows_make_batch ((gint64) b * FRAMES * ROWS_HOP, FRAMES, 2, 3, 0);
    GstMapInfo map;

    gst_buffer_map (buffer, &map, GST_MAP_READ);
    g_byte_array_append (dump, map.data, (guint) map.size);
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  return dump;
}

/* As behind a file: bytes without time stamps. */
static GstHarness *
new_parser (const gchar *caps)
{
  GstHarness *h = gst_harness_new ("tfrparse");
  GstSegment segment;

  gst_harness_set_src_caps_str (h, caps);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  return h;
}

static void
push_bytes (GstHarness *h, const guint8 *bytes, gsize size)
{
  GstBuffer *buffer = gst_buffer_new_memdup (bytes, size);

  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
}

static void
assert_same (GstBuffer *buffer, GstBuffer *other)
{
  gsize size = gst_buffer_get_size (other);
  GstMapInfo map;

  fail_unless_equals_uint64 (gst_buffer_get_size (buffer), size);
  gst_buffer_map (other, &map, GST_MAP_READ);
  fail_unless_equals_int (gst_buffer_memcmp (buffer, 0, map.data, size), 0);
  gst_buffer_unmap (other, &map);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), GST_BUFFER_PTS (other));
  fail_unless_equals_uint64 (
      GST_BUFFER_DURATION (buffer), GST_BUFFER_DURATION (other));
}

GST_START_TEST (a_dump_in_pieces_of_any_size_is_the_stream_again)
{
  static const gsize pieces[] = { 1, 100, 1000, 100000 };
  GByteArray *dump = make_dump ();

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    GstHarness *h = new_parser (GST_TFR_PARTIALS_MEDIA_TYPE);

    for (gsize at = 0; at < dump->len; at += pieces[i])
      push_bytes (h, dump->data + at, MIN (pieces[i], dump->len - at));
    gst_harness_push_event (h, gst_event_new_eos ());
    fail_unless_equals_int (gst_harness_buffers_received (h), BATCHES);
    for (gint64 b = 0; b < BATCHES; b++) {
      GstBuffer *out = gst_harness_pull (h);
      GstBuffer *in = rows_make_batch (b * FRAMES * ROWS_HOP, FRAMES, 2, 3, 0);

      assert_same (out, in);
      gst_buffer_unref (in);
      gst_buffer_unref (out);
    }
    gst_harness_teardown (h);
  }
  g_byte_array_unref (dump);
}
GST_END_TEST;

GST_START_TEST (the_caps_say_partials)
{
  GByteArray *dump = make_dump ();
  GstHarness *h = new_parser (GST_TFR_PARTIALS_MEDIA_TYPE);
  GstTfrInfo info;
  GstCaps *caps;

  push_bytes (h, dump->data, dump->len);
  caps = gst_pad_get_current_caps (h->sinkpad);
  fail_unless (gst_tfr_info_from_caps (&info, caps));
  fail_unless_equals_int (info.kind, GST_TFR_KIND_PARTIALS);
  fail_unless_equals_int (info.rate, ROWS_RATE);
  fail_unless_equals_int (info.channels, 2);
  fail_unless_equals_int (info.hop_size, ROWS_HOP);
  gst_caps_unref (caps);
  gst_harness_teardown (h);
  g_byte_array_unref (dump);
}
GST_END_TEST;

GST_START_TEST (damage_costs_only_the_batch_that_has_it)
{
  GByteArray *dump = make_dump ();
  GstHarness *h = new_parser (GST_TFR_PARTIALS_MEDIA_TYPE);
  GstBuffer *buffer;

  dump->data[dump->len / BATCHES + 52] ^= 1; /* rows of the second batch */
  push_bytes (h, dump->data, dump->len);
  gst_harness_push_event (h, gst_event_new_eos ());
  fail_unless_equals_int (gst_harness_buffers_received (h), BATCHES - 1);
  gst_buffer_unref (gst_harness_pull (h));
  buffer = gst_harness_pull (h);
  fail_unless_equals_uint64 (GST_BUFFER_OFFSET (buffer), 2 * FRAMES * ROWS_HOP);
  fail_unless (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT));
  gst_buffer_unref (buffer);
  gst_harness_teardown (h);
  g_byte_array_unref (dump);
}
GST_END_TEST;

GST_START_TEST (a_dump_is_recognised)
{
  GByteArray *dump = make_dump ();
  GstTypeFindProbability sure;
  GstCaps *caps =
      gst_type_find_helper_for_data (NULL, dump->data, dump->len, &sure);

  fail_unless (caps != NULL);
  fail_unless (gst_structure_has_name (
      gst_caps_get_structure (caps, 0), GST_TFR_PARTIALS_MEDIA_TYPE));
  fail_unless_equals_int (sure, GST_TYPE_FIND_MAXIMUM);
  gst_caps_unref (caps);
  g_byte_array_unref (dump);
}
GST_END_TEST;

static Suite *
tfrparse_partials_suite (void)
{
  Suite *s = suite_create ("tfrparse_partials");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_dump_in_pieces_of_any_size_is_the_stream_again);
  tcase_add_test (tc, the_caps_say_partials);
  tcase_add_test (tc, damage_costs_only_the_batch_that_has_it);
  tcase_add_test (tc, a_dump_is_recognised);
  return s;
}

GST_CHECK_MAIN (tfrparse_partials);
