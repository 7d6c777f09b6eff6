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
write_rows (gpointer planes[32], const TestRow *rows, guint n)
{
  for (guint i = 0; i < n; i++) {
    ((gdouble *) planes[0])[i] = rows[i].time;
    ((gdouble *) planes[1])[i] = rows[i].frequency;
    ((gfloat *) planes[2])[i] = rows[i].amplitude;
    ((gfloat *) planes[3])[i] = rows[i].phase;
    ((gfloat *) planes[4])[i] = rows[i].bandwidth;
    ((guint32 *) planes[5])[i] = rows[i].id;
    ((guint32 *) planes[6])[i] = rows[i].flags;
  }
}

GstBuffer *
rows_make_filled (gint64 first, guint n_frames, guint channels, guint32 flags,
    RowsFill fill, gconstpointer data)
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
    .n_points = n_frames * channels * TEST_MOST_ROWS,
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
      TestRow rows[TEST_MOST_ROWS];
      guint n = fill (first + (gint64) f * ROWS_HOP, c, rows, data);
      gpointer planes[32];

      gst_tfr_writer_get_planes (&writer, planes);
      write_rows (planes, rows, n);
      gst_tfr_writer_add (&writer, n);
    }
  return gst_tfr_writer_finish (
      &writer, flags, first + (gint64) n_frames * ROWS_HOP);
}

/* data: how many partials there are. */
static guint
fill_batch (gint64 centre, guint channel, TestRow *rows, gconstpointer data)
{
  guint n = *(const guint *) data;
  gint64 k = centre / ROWS_HOP;

  for (guint p = 0; p < n; p++)
    rows[p] = (TestRow){ rows_time (k, p), rows_frequency (k, p),
      rows_amplitude (k, p), rows_phase (k, p), rows_bandwidth (k, p),
      channel * n + p + 1, k == 0 ? GST_TFR_ROW_BIRTH : 0 };
  return n;
}

GstBuffer *
rows_make_batch (gint64 first, guint n_frames, guint channels, guint n_partials,
    guint32 flags)
{
  return rows_make_filled (
      first, n_frames, channels, flags, fill_batch, &n_partials);
}
