/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "drawing.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <math.h>
#include <string.h>

static GstBuffer *
interleave (const gdouble *const *x, guint channels, gsize n)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * channels * 8, NULL);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i < n; i++)
    for (guint c = 0; c < channels; c++)
      ((gdouble *) map.data)[i * channels + c] = x[c][i];
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = 0;
  return buffer;
}

GPtrArray *
drawing_analyse (
    const gchar *properties, const gdouble *const *x, guint channels, gsize n)
{
  gchar *launch = g_strdup_printf (
      "tfrreassign fields=phase+mixed+chirp-rate+bin %s", properties);
  gchar *caps = g_strdup_printf (
      "audio/x-raw, format=F64LE, layout=interleaved, rate=%u, channels=%u",
      DRAWING_RATE, channels);
  GstHarness *h = gst_harness_new_parse (launch);
  GPtrArray *batches =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  GstBuffer *buffer;

  gst_harness_set_src_caps_str (h, caps);
  fail_unless_equals_int (
      gst_harness_push (h, interleave (x, channels, n)), GST_FLOW_OK);
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL)
    g_ptr_array_add (batches, buffer);
  fail_unless (batches->len > 0);
  gst_harness_teardown (h);
  g_free (launch);
  g_free (caps);
  return batches;
}

void
drawing_init (
    GstTfrScene *scene, const GstTfrLook *look, guint width, guint height)
{
  GstTfrPixel pixel;

  gst_tfr_pixel_init (&pixel, GST_VIDEO_FORMAT_BGRx);
  gst_tfr_scene_init (scene);
  gst_tfr_scene_set_look (scene, look);
  gst_tfr_scene_set_size (scene, width, height, &pixel);
}

static void
push_frame (GstTfrScene *scene, const GstTfrBatch *batch, guint frame)
{
  const GstTfrHeader *h = &batch->header;
  const guint32 *counts = batch->counts + (gsize) frame * h->channels;
  guint first = 0;

  for (const guint32 *count = batch->counts; count < counts; count++)
    first += *count;
  for (guint c = 0; c < h->channels; c++) {
    fail_unless (gst_tfr_picture_add (&scene->picture, batch, first, counts[c],
                     h->first + (gint64) frame * h->hop_size, c) == NULL);
    first += counts[c];
  }
}

DrawingPlace
drawing_push (GstTfrScene *scene, const GPtrArray *batches, DrawingPlace from,
    gint64 until)
{
  for (; from.batch < batches->len; from.batch++, from.frame = 0) {
    GstTfrBatch batch;
    const GstTfrHeader *h = &batch.header;
    gboolean done = FALSE;

    fail_unless (gst_tfr_batch_map (
        &batch, g_ptr_array_index (batches, from.batch), NULL));
    if (from.batch == 0 && from.frame == 0)
      gst_tfr_scene_start (scene, h, h->first, FALSE);
    for (; from.frame < h->n_frames && !done; from.frame++) {
      done = h->first + (gint64) from.frame * h->hop_size >= until;
      if (done)
        break;
      push_frame (scene, &batch, from.frame);
    }
    gst_tfr_batch_unmap (&batch);
    if (done)
      break;
  }
  return from;
}

guint32 *
drawing_frame (GstTfrScene *scene, gdouble edge)
{
  gsize n = (gsize) scene->width * scene->height;
  guint32 *pixels = g_new0 (guint32, n);
  GstTfrFrameState state = { 0 };
  GstTfrFrame frame = { pixels, scene->width, &state };
  const GstTfrMoment moment = { edge, 0, 1 };

  gst_tfr_scene_draw (scene, &moment, &frame, &frame);
  for (gsize i = 0; i < n; i++) /* BGRx, as this machine reads it */
    pixels[i] = GUINT32_FROM_LE (pixels[i]) & 0xffffff;
  return pixels;
}

gdouble
drawing_column_level (const GstTfrScene *scene, guint lane, gint64 column)
{
  const GstTfrLane *l = &scene->picture.lanes[lane];
  const gfloat *cells = reassign_grid_column (l->layers[0], column);
  gdouble sum = 0;

  fail_unless (cells != NULL);
  for (guint r = 0; r < l->n_rows; r++)
    sum += cells[r];
  return 10 *
         log10 (MAX (sum, 1e-30) * reassign_grid_column_scale (l->layers[0]));
}

gdouble
drawing_peak_level (
    const GstTfrScene *scene, guint lane, gint64 column, guint *row)
{
  const GstTfrLane *l = &scene->picture.lanes[lane];
  const gfloat *cells = reassign_grid_column (l->layers[0], column);

  fail_unless (cells != NULL);
  *row = 0;
  for (guint r = 1; r < l->n_rows; r++)
    if (cells[r] > cells[*row])
      *row = r;
  return 10 * log10 (MAX (cells[*row], 1e-30) *
                     reassign_grid_cell_scale (l->layers[0]));
}

gdouble
drawing_length (const GPtrArray *batches)
{
  GstTfrBatch batch;
  gint64 end;

  fail_unless (gst_tfr_batch_map (
      &batch, g_ptr_array_index (batches, batches->len - 1), NULL));
  end = batch.header.end;
  gst_tfr_batch_unmap (&batch);
  return (gdouble) end / DRAWING_RATE;
}
