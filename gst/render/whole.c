/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "whole.h"

#include <string.h>

/* Cells of the columns between two places, added up, with parts of columns. */
static void
add_columns (const ReassignGrid *grid, gdouble from, gdouble to, gfloat *sum,
    guint n_rows)
{
  gfloat per_width = (gfloat) (1 / (to - from));

  memset (sum, 0, n_rows * sizeof *sum);
  for (gint64 c = (gint64) from; (gdouble) c < to; c++) {
    const gfloat *column = reassign_grid_column (grid, c);
    gdouble left = (gdouble) c;
    gfloat share = (gfloat) (MIN (to, left + 1) - MAX (from, left)) * per_width;

    for (guint r = 0; column != NULL && r < n_rows; r++)
      sum[r] += column[r] * share;
  }
}

/* The cells that pixel x of the whole shows, for each layer of a lane; the
 * underlay's stand after them. */
static void
gather_whole (GstTfrImage *im, const GstTfrLane *lane, guint x, gdouble width,
    const gfloat **cells)
{
  gdouble from = x * width;
  gfloat *sum = im->sums;

  for (guint i = 0; i < lane->n_layers; i++, sum += lane->n_rows) {
    add_columns (lane->layers[i], from, from + width, sum, lane->n_rows);
    cells[i] = sum;
  }
  cells[lane->n_layers] = NULL;
  if (lane->underlay != NULL) {
    add_columns (lane->underlay, from, from + width, sum, lane->n_rows);
    cells[lane->n_layers] = sum;
  }
}

static void
measure_whole (GstTfrImage *im, const GstTfrPicture *p, gdouble width)
{
  const gfloat *cells[GST_TFR_MAX_LAYERS + 1];

  gst_tfr_auto_range_reset (&im->shades.range);
  for (guint x = 0; x < im->length; x++) {
    for (guint l = 0; l < p->n_lanes; l++) {
      const GstTfrLane *lane = &p->lanes[l];

      gather_whole (im, lane, x, width, cells);
      /* all columns count alike */
      gst_tfr_shades_measure (&im->shades, p, lane, cells, 1e-6);
    }
  }
  gst_tfr_auto_range_find (&im->shades.range, im->shades.mode);
  gst_tfr_shades_set_levels (&im->shades, &p->look);
}

void
gst_tfr_whole_paint (GstTfrImage *im, const GstTfrPicture *p, gdouble seconds,
    guint32 *plot, gsize stride)
{
  gdouble width = seconds * p->columns_per_second / im->length;
  const gfloat *cells[GST_TFR_MAX_LAYERS + 1];

  gst_tfr_shades_set_gains (&im->shades, p); /* columns have become longer */
  if (im->shades.mode != GST_TFR_AUTO_LEVEL_OFF)
    measure_whole (im, p, width);
  for (guint x = 0; x < im->length; x++) {
    GstTfrSteps grid = gst_tfr_image_lay_out (im, plot, stride, x, FALSE);

    for (guint l = 0; l < p->n_lanes; l++) {
      const GstTfrLane *lane = &p->lanes[l];

      gather_whole (im, lane, x, width, cells);
      gst_tfr_shades_blend (&im->shades, p, lane, cells, cells[lane->n_layers],
          im->strip + lane->from);
    }
    if (im->lines.rows != NULL)
      gst_tfr_image_rule (im, p, (gint64) (x * width), im->strip);
    for (gsize r = 0; r < im->breadth; r++)
      grid.origin[(gssize) r * grid.row] = im->strip[r];
  }
}
