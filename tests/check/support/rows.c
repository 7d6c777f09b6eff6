/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "rows.h"

#include <math.h>

/* A few ms beside the frame, never twice the same. */
gdouble
rows_time (gint64 k, guint partial)
{
  return (gdouble) (k * ROWS_HOP) / ROWS_RATE +
         0.001 * sin (1.0 + partial + (gdouble) k);
}

gdouble
rows_frequency (gint64 k, guint partial)
{
  return 110.0 * (partial + 1) + 0.25 * (gdouble) (k % 16);
}

gfloat
rows_amplitude (gint64 k, guint partial)
{
  return 0.5f / (gfloat) (partial + 1) + 0.001f * (gfloat) (k % 8);
}

gfloat
rows_phase (gint64 k, guint partial)
{
  return (gfloat) remainder (0.7 * (gdouble) k + partial, 2 * G_PI);
}

gfloat
rows_bandwidth (gint64 k, guint partial)
{
  return (gfloat) ((k + partial) % 5) / 8;
}

static void
write_row (gpointer planes[32], guint row, gint64 k, guint partial, guint32 id)
{
  ((gdouble *) planes[0])[row] = rows_time (k, partial);
  ((gdouble *) planes[1])[row] = rows_frequency (k, partial);
  ((gfloat *) planes[2])[row] = rows_amplitude (k, partial);
  ((gfloat *) planes[3])[row] = rows_phase (k, partial);
  ((gfloat *) planes[4])[row] = rows_bandwidth (k, partial);
  ((guint32 *) planes[5])[row] = id;
  ((guint32 *) planes[6])[row] = k == 0 ? GST_TFR_ROW_BIRTH : 0;
}

GstBuffer *
rows_make_batch (gint64 first, guint n_frames, guint channels, guint n_partials,
    guint32 flags)
{
  GstTfrHeader header = {
    .kind = GST_TFR_KIND_PARTIALS,
    .rate = ROWS_RATE,
    .window_size = 2048,
    .hop_size = ROWS_HOP,
    .fft_size = 2048,
    .channels = (guint16) channels,
    .window_family = 1,
    .first = first,
    .n_frames = n_frames,
    .n_points = n_frames * channels * n_partials,
    .fields = GST_TFR_ROW_FIELDS_ALL,
    .window_parameter = 9,
    .sum_h = 840,
    .sum_h2 = 606,
    .sigma = 334,
  };
  GstTfrWriter writer;

  g_assert (gst_tfr_writer_begin (&writer, &header, NULL, NULL));
  for (guint f = 0; f < n_frames; f++)
    for (guint c = 0; c < channels; c++) {
      gpointer planes[32];

      gst_tfr_writer_get_planes (&writer, planes);
      for (guint p = 0; p < n_partials; p++)
        write_row (planes, p, first / ROWS_HOP + f, p, c * n_partials + p + 1);
      gst_tfr_writer_add (&writer, n_partials);
    }
  return gst_tfr_writer_finish (
      &writer, flags, first + (gint64) n_frames * ROWS_HOP);
}
