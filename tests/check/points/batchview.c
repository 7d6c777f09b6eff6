/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "gsttfr.h"

#include <gst/check/gstcheck.h>

/* A batch of 2 frames with 3 points in all. */
static GstBuffer *
make_batch (void)
{
  static const GstTfrHeader room = {
    .rate = 48000,
    .window_size = 64,
    .hop_size = 16,
    .fft_size = 64,
    .channels = 1,
    .n_frames = 2,
    .n_points = 10,
    .fields = GST_TFR_FIELDS_ALWAYS | GST_TFR_FIELD_BIN,
    .sum_h = 1,
    .sum_h2 = 1,
  };
  GstTfrWriter writer;
  gpointer planes[32];

  fail_unless (gst_tfr_writer_begin (&writer, &room, NULL, NULL));
  for (gint frame = 0; frame < 2; frame++) {
    gst_tfr_writer_get_planes (&writer, planes);
    for (gint i = 0; i <= frame; i++) {
      ((gdouble *) planes[0])[i] = frame / 3000.0;
      ((gdouble *) planes[1])[i] = 100.0 * frame + i;
      ((gfloat *) planes[2])[i] = 0.5f;
      ((guint32 *) planes[7])[i] = (guint32) i;
    }
    gst_tfr_writer_add (&writer, (guint) frame + 1);
  }
  return gst_tfr_writer_finish (&writer, 0, 32);
}

GST_START_TEST (planes_are_the_buffers_memory_and_outlive_the_view)
{
  GstBuffer *buffer = make_batch ();
  GstTfrBatchView *view = gst_tfr_batch_view_new (buffer, NULL);
  GBytes *counts, *hz;
  GstTfrHeader header;
  GstMapInfo map;
  gsize size;
  const gdouble *f;

  fail_unless (view != NULL);
  gst_tfr_batch_view_get_header (view, &header);
  fail_unless_equals_int (header.n_points, 3);
  hz = gst_tfr_batch_view_get_plane (view, GST_TFR_FIELD_FREQUENCY);
  counts = gst_tfr_batch_view_get_counts (view);

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  f = g_bytes_get_data (hz, &size);
  fail_unless_equals_uint64 (size, 3 * sizeof *f);
  fail_unless (
      (const guint8 *) f == map.data + gst_tfr_batch_view_get_plane_offset (
                                           view, GST_TFR_FIELD_FREQUENCY));
  fail_unless (g_bytes_get_data (counts, &size) ==
               map.data + gst_tfr_batch_view_get_counts_offset (view));
  fail_unless_equals_uint64 (size, 2 * sizeof (guint32));
  gst_buffer_unmap (buffer, &map);

  gst_tfr_batch_view_unref (view);
  fail_unless_equals_int (GST_MINI_OBJECT_REFCOUNT_VALUE (buffer), 2);
  fail_unless_equals_float (f[2], 101);
  g_bytes_unref (counts);
  g_bytes_unref (hz);
  fail_unless_equals_int (GST_MINI_OBJECT_REFCOUNT_VALUE (buffer), 1);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

GST_START_TEST (planes_that_points_do_not_carry_are_null)
{
  GstBuffer *buffer = make_batch ();
  GstTfrBatchView *view = gst_tfr_batch_view_new (buffer, NULL);
  static const guint32 absent[] = { GST_TFR_FIELD_PHASE, 0,
    GST_TFR_FIELD_TIME | GST_TFR_FIELD_FREQUENCY, 1u << 31 };

  for (guint i = 0; i < G_N_ELEMENTS (absent); i++) {
    fail_unless (gst_tfr_batch_view_get_plane (view, absent[i]) == NULL);
    fail_unless_equals_uint64 (
        gst_tfr_batch_view_get_plane_offset (view, absent[i]), 0);
  }
  gst_tfr_batch_view_unref (view);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

GST_START_TEST (memory_that_is_not_aligned_reads_the_same)
{
  GstBuffer *buffer = make_batch (), *shifted;
  gsize size = gst_buffer_get_size (buffer);
  guint8 *data = g_malloc (size + 1);
  GstTfrBatchView *view, *straight;
  GBytes *hz;

  gst_buffer_extract (buffer, 0, data + 1, size);
  shifted = gst_buffer_new_wrapped_full (
      GST_MEMORY_FLAG_READONLY, data, size + 1, 1, size, data, g_free);
  view = gst_tfr_batch_view_new (shifted, NULL);
  straight = gst_tfr_batch_view_new (buffer, NULL);
  fail_unless (view != NULL && straight != NULL);
  hz = gst_tfr_batch_view_get_plane (view, GST_TFR_FIELD_FREQUENCY);
  fail_unless_equals_float (
      ((const gdouble *) g_bytes_get_data (hz, NULL))[2], 101);
  fail_unless_equals_uint64 (
      gst_tfr_batch_view_get_plane_offset (view, GST_TFR_FIELD_FREQUENCY),
      gst_tfr_batch_view_get_plane_offset (straight, GST_TFR_FIELD_FREQUENCY));
  gst_tfr_batch_view_unref (straight);
  g_bytes_unref (hz);
  gst_tfr_batch_view_unref (view);
  gst_buffer_unref (shifted);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

GST_START_TEST (bindings_hold_views_as_boxes)
{
  GstBuffer *buffer = make_batch ();
  GstTfrBatchView *view = gst_tfr_batch_view_new (buffer, NULL), *copy;

  copy = g_boxed_copy (GST_TYPE_TFR_BATCH_VIEW, view);
  fail_unless (copy == view);
  gst_tfr_batch_view_unref (view);
  fail_unless (
      gst_tfr_batch_view_get_plane_offset (copy, GST_TFR_FIELD_FREQUENCY) > 0);
  g_boxed_free (GST_TYPE_TFR_BATCH_VIEW, copy);
  fail_unless_equals_int (GST_MINI_OBJECT_REFCOUNT_VALUE (buffer), 1);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

GST_START_TEST (what_is_not_a_batch_is_an_error_and_is_not_kept)
{
  GstBuffer *buffer = make_batch ();
  GError *error = NULL;

  gst_buffer_set_size (buffer, 200);
  fail_unless (gst_tfr_batch_view_new (buffer, &error) == NULL);
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE));
  g_clear_error (&error);
  fail_unless_equals_int (GST_MINI_OBJECT_REFCOUNT_VALUE (buffer), 1);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

/* By its planes, and by the counts of frames that have no points. */
GST_START_TEST (a_batch_larger_than_any_may_be_is_not_begun)
{
  static const struct {
    guint32 n_frames, n_points;
    guint16 channels;
  } rooms[] = {
    { 1, G_MAXUINT32, 1 },
    { 1, GST_TFR_MAX_BATCH_SIZE / 20, 1 }, /* it is as large without a header */
    { G_MAXUINT32, 0, G_MAXUINT16 },
    { GST_TFR_MAX_BATCH_SIZE / 4, 0, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++) {
    const GstTfrHeader header = { .rate = 48000,
      .window_size = 64,
      .hop_size = 16,
      .fft_size = 64,
      .channels = rooms[i].channels,
      .n_frames = rooms[i].n_frames,
      .n_points = rooms[i].n_points,
      .fields = GST_TFR_FIELDS_ALWAYS };
    GstTfrWriter writer;

    fail_if (gst_tfr_writer_begin (&writer, &header, NULL, NULL), "room %u", i);
  }
}
GST_END_TEST;

static Suite *
batchview_suite (void)
{
  Suite *s = suite_create ("batchview");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, planes_are_the_buffers_memory_and_outlive_the_view);
  tcase_add_test (tc, planes_that_points_do_not_carry_are_null);
  tcase_add_test (tc, memory_that_is_not_aligned_reads_the_same);
  tcase_add_test (tc, bindings_hold_views_as_boxes);
  tcase_add_test (tc, a_batch_larger_than_any_may_be_is_not_begun);
  tcase_add_test (tc, what_is_not_a_batch_is_an_error_and_is_not_kept);
  return s;
}

GST_CHECK_MAIN (batchview);
