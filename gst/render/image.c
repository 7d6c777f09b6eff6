/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "image.h"

#include "lanes.h"
#include "whole.h"

#include <math.h>
#include <string.h>

/* Columns that are coloured together, so that rows are written in runs. */
#define STRIP 16

/* How many rows ahead memory is fetched: each is in another page, where the
 * processor does not look by itself. */
#define AHEAD 12

#define CURSOR_COLOR 0xe0e0e0
void
gst_tfr_image_init (GstTfrImage *im)
{
  memset (im, 0, sizeof *im);
  im->epoch = 1;
  gst_tfr_shades_init (&im->shades);
}

void
gst_tfr_image_clear (GstTfrImage *im)
{
  gst_tfr_shades_clear (&im->shades);
  g_clear_pointer (&im->lines.rows, g_free);
  g_clear_pointer (&im->strip, g_free);
  g_clear_pointer (&im->sums, g_free);
}

void
gst_tfr_image_set_size (GstTfrImage *im, guint length, guint breadth,
    GstTfrOrientation orientation, const GstTfrPixel *pixel)
{
  gsize n = breadth;

  im->epoch++;
  im->orientation = orientation;
  gst_tfr_shades_set_size (&im->shades, breadth, pixel);
  if (im->length == length && im->breadth == breadth)
    return;
  im->length = length;
  im->breadth = breadth;
  im->strip = g_renew (guint32, im->strip, n * GST_TFR_PAINTED);
  im->sums = g_renew (gfloat, im->sums, n * (GST_TFR_MAX_LAYERS + 1));
}

void
gst_tfr_image_set_colours (GstTfrImage *im, GstTfrPicture *p)
{
  gst_tfr_picture_settle (p);
  gst_tfr_shades_set (&im->shades, p);
  im->epoch++;
}

void
gst_tfr_image_set_lines (GstTfrImage *im, const GstTfrLines *lines)
{
  gboolean same = lines->rows == NULL && im->lines.rows == NULL;

  g_free (im->lines.rows);
  im->lines = *lines;
  if (!same)
    im->epoch++;
}

void
gst_tfr_image_rule (
    const GstTfrImage *im, const GstTfrPicture *p, gint64 column, guint32 *to)
{
  const GstTfrLines *l = &im->lines;
  gdouble per_column = l->direction / p->columns_per_second;
  gdouble from = l->origin + per_column * (gdouble) column;
  gdouble end = l->origin + per_column * (gdouble) (column + 1);
  gboolean whole =
      l->step > 0 && floor (from / l->step) != floor (end / l->step);

  for (guint r = 0; r < im->breadth; r++)
    if (whole || l->rows[r])
      to[r] = gst_tfr_pixel_over (&im->shades.pixel, to[r], l->color, 255);
}

/* --------------------------------------------------------------- plot ---- */

/* For columns that follow each other from place `at` on, in the direction of
 * time or against it. */
GstTfrSteps
gst_tfr_image_lay_out (const GstTfrImage *im, guint32 *plot, gsize stride,
    gsize at, gboolean backward)
{
  gssize s = (gssize) stride;

  if (im->orientation == GST_TFR_ORIENTATION_VERTICAL)
    return (GstTfrSteps){ plot + (gssize) (im->length - 1 - at) * s,
      backward ? s : -s, 1 };
  return (GstTfrSteps){ plot + (gssize) (im->breadth - 1) * s + (gssize) at,
    backward ? -1 : 1, -s };
}

/* First column that has changed since a frame with this serial was drawn. */
static gint64
changed_since (const GstTfrImage *im, guint64 serial)
{
  gint64 first = G_MAXINT64;

  if (im->serial - serial >= GST_TFR_CHANGES)
    return G_MININT64;
  for (guint64 s = serial + 1; s <= im->serial; s++)
    first = MIN (first, im->changes[s % GST_TFR_CHANGES]);
  return first;
}

/* A column as pixels. */
static const guint32 *
find_column (GstTfrImage *im, const GstTfrPicture *p, gint64 column)
{
  guint slot = (guint) ((guint64) column % GST_TFR_PAINTED);
  GstTfrPainted *painted = &im->painted[slot];
  guint32 *pixels = im->strip + (gsize) slot * im->breadth;

  if (painted->epoch == im->epoch && painted->column == column &&
      column < changed_since (im, painted->serial))
    return pixels;
  gst_tfr_shades_column (&im->shades, p, column, pixels);
  if (im->lines.rows != NULL)
    gst_tfr_image_rule (im, p, column, pixels);
  *painted = (GstTfrPainted){ im->epoch, im->serial, column };
  return pixels;
}

/* Columns [from, from + count), the first at the grid's origin. */
static void
paint_strip (GstTfrImage *im, const GstTfrPicture *p, gint64 from, guint count,
    const GstTfrSteps *grid)
{
  const guint32 *columns[STRIP];

  for (guint i = 0; i < count; i++)
    columns[i] = find_column (im, p, from + i);
  for (gsize r = 0; r < im->breadth; r++) {
    guint32 *to = grid->origin + (gssize) r * grid->row;

    __builtin_prefetch (to + AHEAD * grid->row, 1);
    for (guint i = 0; i < count; i++)
      to[(gssize) i * grid->column] = columns[i][r];
  }
}

static gsize
slot_of (const GstTfrImage *im, gint64 column)
{
  gint64 n = im->length, slot = column % n;

  return (gsize) (slot < 0 ? slot + n : slot);
}

/* Columns stand where they are written; in all other modes the newest is at the
 * end, of a page too. */
static gboolean
is_sweep (const GstTfrPicture *p)
{
  return p->look.scroll_mode == GST_TFR_SCROLL_MODE_SWEEP;
}

/* Columns [from, to) of an image whose newest is end - 1. */
static void
paint (GstTfrImage *im, const GstTfrPicture *p, gint64 from, gint64 to,
    gint64 end, guint32 *plot, gsize stride)
{
  gboolean backward = p->look.scroll_mode == GST_TFR_SCROLL_MODE_SCROLL_REVERSE;

  while (from < to) {
    gsize at =
        is_sweep (p) ? slot_of (im, from) : (gsize) (from - (end - im->length));
    gint64 count = MIN (MIN (to - from, STRIP), (gint64) (im->length - at));
    GstTfrSteps grid = gst_tfr_image_lay_out (
        im, plot, stride, backward ? im->length - 1 - at : at, backward);

    paint_strip (im, p, from, (guint) count, &grid);
    from += count;
  }
}

/* What one plot shows to another, or to itself, moved by so many columns
 * towards the past. */
static void
scroll (const GstTfrImage *im, gboolean backward, gsize columns,
    const GstTfrPlot *source, const GstTfrPlot *target)
{
  gsize kept = im->length - columns;

  if (im->orientation == GST_TFR_ORIENTATION_VERTICAL) {
    /* the past is below, or above when backward */
    for (gsize i = 0; i < kept; i++) {
      gsize to = backward ? i : im->length - 1 - i;
      gsize from = backward ? to + columns : to - columns;

      memmove (target->pixels + to * target->stride,
          source->pixels + from * source->stride,
          im->breadth * sizeof (guint32));
    }
    return;
  }
  for (gsize y = 0; y < im->breadth; y++)
    memmove (target->pixels + y * target->stride + (backward ? columns : 0),
        source->pixels + y * source->stride + (backward ? 0 : columns),
        kept * sizeof (guint32));
}

gint64
gst_tfr_image_end (const GstTfrPicture *p, gdouble edge)
{
  return gst_tfr_lanes_column (ceil (edge * p->columns_per_second - 1e-6));
}

/* The range of levels follows what is about to be shown. */
static void
follow_level (GstTfrImage *im, const GstTfrPicture *p, gint64 end)
{
  gdouble before = im->shades.max_level;

  if (im->shades.mode == GST_TFR_AUTO_LEVEL_OFF)
    return;
  for (gint64 c = MAX (im->measured, end - im->length); c < end; c++)
    gst_tfr_shades_measure_column (&im->shades, p, c);
  im->measured = end;
  gst_tfr_auto_range_find (&im->shades.range, im->shades.mode);
  gst_tfr_shades_set_levels (&im->shades, &p->look);
  if (im->shades.max_level != before)
    im->epoch++;
}

/* The column that will be written next. */
static void
draw_cursor (GstTfrImage *im, gint64 end, guint32 *plot, gsize stride)
{
  GstTfrSteps grid =
      gst_tfr_image_lay_out (im, plot, stride, slot_of (im, end), FALSE);

  for (gsize r = 0; r < im->breadth; r++)
    grid.origin[(gssize) r * grid.row] =
        gst_tfr_pixel_pack (&im->shades.pixel, CURSOR_COLOR);
}

/* Whether some of what is shown belongs in the image that has this end. */
static gboolean
is_of_use (const GstTfrImage *im, const GstTfrShown *shown, gint64 end)
{
  return shown->epoch == im->epoch && shown->end <= end &&
         shown->end > end - im->length;
}

guint
gst_tfr_image_advance (const GstTfrImage *im, const GstTfrPicture *p,
    gdouble edge, const GstTfrShown *shown)
{
  gint64 end = gst_tfr_image_end (p, edge);

  if (p->stale || is_sweep (p) || !is_of_use (im, shown, end))
    return 0;
  return (guint) (end - shown->end);
}

void
gst_tfr_shown_slide (GstTfrShown *shown, guint columns)
{
  gst_tfr_shown_spoil (shown, shown->end, shown->end + columns);
  shown->end += columns;
}

void
gst_tfr_image_draw (GstTfrImage *im, GstTfrPicture *p, gdouble edge,
    const GstTfrPlot *source, const GstTfrPlot *to)
{
  gboolean backward = p->look.scroll_mode == GST_TFR_SCROLL_MODE_SCROLL_REVERSE;
  GstTfrShown before = *source->shown;
  gint64 end, from, oldest;

  if (gst_tfr_look_is_whole (&p->look)) {
    gst_tfr_whole_paint (im, p, edge, to->pixels, to->stride);
    return;
  }
  end = gst_tfr_image_end (p, edge);
  from = oldest = end - im->length;
  im->serial++;
  im->changes[im->serial % GST_TFR_CHANGES] = gst_tfr_picture_take_dirty (p);
  follow_level (im, p, end);

  if (is_of_use (im, &before, end))
    from = MAX (MIN (changed_since (im, before.serial), before.end), oldest);
  if (from > oldest) {
    gsize columns = is_sweep (p) ? 0 : (gsize) (end - before.end);

    if (columns > 0 || source->pixels != to->pixels)
      scroll (im, backward, columns, source, to);
    paint (im, p, MAX (before.spoiled_from, oldest),
        MIN (before.spoiled_to, from), end, to->pixels, to->stride);
  }
  paint (im, p, from, end, end, to->pixels, to->stride);
  *to->shown = (GstTfrShown){ im->epoch, im->serial, end, 0, 0 };

  if (is_sweep (p)) {
    draw_cursor (im, end, to->pixels, to->stride);
    gst_tfr_shown_spoil (to->shown, oldest, oldest + 1);
  }
}

void
gst_tfr_image_columns (const GstTfrImage *im, const GstTfrPicture *p,
    const GstTfrShown *shown, gint x, gint w, gint64 *from, gint64 *to)
{
  *from = shown->end - im->length;
  *to = shown->end;
  if (im->orientation == GST_TFR_ORIENTATION_HORIZONTAL &&
      p->look.scroll_mode == GST_TFR_SCROLL_MODE_SCROLL) {
    *to = *from + CLAMP (x + w, 0, (gint) im->length);
    *from += CLAMP (x, 0, (gint) im->length);
  }
}
