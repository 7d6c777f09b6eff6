/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "image.h"

#include <math.h>
#include <string.h>

/* Columns that are coloured together, so that rows are written in runs. */
#define STRIP 16

#define CURSOR_COLOR 0xe0e0e0

void
gst_tfr_image_init (GstTfrImage *im)
{
  memset (im, 0, sizeof *im);
  im->epoch = 1;
  gst_tfr_auto_range_reset (&im->range);
}

void
gst_tfr_image_clear (GstTfrImage *im)
{
  g_clear_pointer (&im->lines.rows, g_free);
  g_clear_pointer (&im->strip, g_free);
  g_clear_pointer (&im->steps, g_free);
  g_clear_pointer (&im->below, g_free);
  g_clear_pointer (&im->sums, g_free);
  g_clear_pointer (&im->gains, g_free);
}

void
gst_tfr_image_set_size (GstTfrImage *im, guint length, guint breadth,
    GstTfrOrientation orientation, const GstTfrPixel *pixel)
{
  gsize n = breadth;

  im->epoch++;
  im->pixel = *pixel;
  im->orientation = orientation;
  if (im->length == length && im->breadth == breadth)
    return;
  im->length = length;
  im->breadth = breadth;
  im->strip = g_renew (guint32, im->strip, n * STRIP);
  im->steps = g_renew (guint16, im->steps, n);
  im->below = g_renew (guint16, im->below, n);
  im->sums = g_renew (gfloat, im->sums, n * (GST_TFR_MAX_LAYERS + 1));
  im->gains = g_renew (gfloat, im->gains, n);
}

/* ------------------------------------------------------------ colours ---- */

/* From cells to squared amplitudes, row by row. */
static void
set_gains (GstTfrImage *im, const GstTfrPicture *p)
{
  const GstTfrLook *look = &p->look;

  for (guint l = 0; l < p->n_lanes; l++) {
    const GstTfrLane *lane = &p->lanes[l];
    const ReassignAxis *axis = &lane->axis;
    gdouble scale = reassign_grid_cell_scale (lane->layers[0]);
    gdouble row = reassign_axis_row (axis, 1000);
    gdouble reference =
        reassign_axis_hz (axis, row + 0.5) - reassign_axis_hz (axis, row - 0.5);

    for (guint r = 0; r < lane->n_rows; r++) {
      gdouble hz = reassign_axis_hz (axis, r + 0.5), gain = scale;
      gdouble width = reassign_axis_hz (axis, r + 1.0) -
                      reassign_axis_hz (axis, (gdouble) r);

      gain *= pow (10, look->tilt * log2 (MAX (hz, 1) / 1000) / 10);
      if (look->level_reference == GST_TFR_LEVEL_REFERENCE_DENSITY)
        gain *= reference / width;
      im->gains[lane->from + r] = (gfloat) gain;
    }
  }
}

static void
set_map (GstTfrImage *im, const GstTfrLook *look)
{
  guint32 map[GST_TFR_COLOUR_STEPS];
  GError *error = NULL;

  gst_tfr_palette_fill (look->color_map, map, GST_TFR_COLOUR_STEPS);
  if (look->custom_color_map != NULL && look->custom_color_map[0] != '\0' &&
      !gst_tfr_palette_parse (
          look->custom_color_map, map, GST_TFR_COLOUR_STEPS, &error)) {
    GST_WARNING ("custom-color-map: %s", error->message);
    g_clear_error (&error);
  }
  for (guint i = 0; i < GST_TFR_COLOUR_STEPS; i++) {
    gdouble t = pow (i / (GST_TFR_COLOUR_STEPS - 1.0), look->gamma);
    guint32 rgb = map[(guint) (t * (GST_TFR_COLOUR_STEPS - 1) + 0.5)];

    im->colors[i] = (look->invert ? ~rgb : rgb) & 0xffffff;
    im->pixels[i] = gst_tfr_pixel_pack (&im->pixel, im->colors[i]);
  }
}

static void
set_hues (GstTfrImage *im, const GstTfrPicture *p)
{
  guint n = p->n_lanes > 0 ? p->lanes[0].n_layers : 1;

  for (guint i = 0; i < n; i++)
    im->hues[i] = gst_tfr_palette_hue (i, n);
  gst_tfr_palette_fill (GST_TFR_COLOR_MAP_TWILIGHT, im->cycle, 256);
}

static void
set_levels (GstTfrImage *im, const GstTfrLook *look)
{
  gdouble span = look->max_level - look->min_level;

  im->mode = look->auto_level;
  im->max_level = look->max_level;
  if (look->auto_level != GST_TFR_AUTO_LEVEL_OFF && !isnan (im->range.top))
    im->max_level = im->range.top;
  im->min_level = im->max_level - MAX (span, 0.1);
  gst_tfr_levels_init (&im->levels, im->min_level, im->max_level);
}

void
gst_tfr_image_set_colours (GstTfrImage *im, GstTfrPicture *p)
{
  gst_tfr_picture_settle (p);
  set_map (im, &p->look);
  set_hues (im, p);
  set_levels (im, &p->look);
  if (im->gains != NULL)
    set_gains (im, p);
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

/* ------------------------------------------------- a column of a lane ---- */

/* Black at no level, the hue at three quarters, white at the top. */
static guint32
shade (guint32 hue, gdouble t)
{
  return t < 0.75 ? gst_tfr_palette_blend (0, hue, t / 0.75)
                  : gst_tfr_palette_blend (hue, 0xffffff, (t - 0.75) * 2);
}

/* The mean of the layers' hues by energy. */
static guint32
mix_hues (const GstTfrImage *im, const gfloat *const *cells, guint n, guint r,
    gfloat *total)
{
  gfloat red = 0, green = 0, blue = 0, sum = 0;

  for (guint i = 0; i < n; i++) {
    gfloat e = cells[i][r];

    red += e * (gfloat) (im->hues[i] >> 16 & 0xff);
    green += e * (gfloat) (im->hues[i] >> 8 & 0xff);
    blue += e * (gfloat) (im->hues[i] & 0xff);
    sum += e;
  }
  *total = sum;
  if (!(sum > 0))
    return 0;
  return (guint32) (red / sum + 0.5f) << 16 |
         (guint32) (green / sum + 0.5f) << 8 | (guint32) (blue / sum + 0.5f);
}

static guint32
phase_hue (const GstTfrImage *im, const gfloat *const *cells, guint r)
{
  gdouble turn = atan2 (cells[2][r], cells[1][r]) / (2 * G_PI);

  return im->cycle[(guint) ((turn + 1) * 255 + 0.5) & 0xff];
}

guint32
gst_tfr_image_legend (
    const GstTfrImage *im, const GstTfrPicture *p, guint layer, guint step)
{
  guint32 hue = p->kind == GST_TFR_LAYERS_HUES ? im->hues[layer] : 0xa0a0a0;
  guint32 rgb;

  if (p->kind == GST_TFR_LAYERS_LEVEL)
    return im->colors[step];
  rgb = shade (hue, pow (step / (GST_TFR_COLOUR_STEPS - 1.0), p->look.gamma));
  return (p->look.invert ? ~rgb : rgb) & 0xffffff;
}

/* Pixels of one column of a lane from the cells of its layers; the underlay's
 * last, or NULL. */
static void
blend (GstTfrImage *im, const GstTfrPicture *p, const GstTfrLane *lane,
    const gfloat *const *cells, const gfloat *underlay, guint32 *to)
{
  const gfloat *gains = im->gains + lane->from;
  gdouble top = GST_TFR_COLOUR_STEPS - 1;
  gfloat faint = (gfloat) p->look.underlay;

  if (underlay != NULL)
    gst_tfr_levels_find (&im->levels, underlay, gains, lane->n_rows, im->below);
  if (p->kind == GST_TFR_LAYERS_LEVEL) {
    gst_tfr_levels_find (&im->levels, cells[0], gains, lane->n_rows, im->steps);
    for (guint r = 0; r < lane->n_rows; r++) {
      guint step = im->steps[r];

      if (underlay != NULL)
        step = MAX (step, (guint) (faint * im->below[r]));
      to[r] = im->pixels[step];
    }
    return;
  }
  for (guint r = 0; r < lane->n_rows; r++) {
    gfloat total = cells[0][r];
    guint32 hue = p->kind == GST_TFR_LAYERS_PHASE
                      ? phase_hue (im, cells, r)
                      : mix_hues (im, cells, lane->n_layers, r, &total);
    gfloat step = gst_tfr_levels_find_one (&im->levels, total * gains[r]);
    guint32 rgb;

    if (underlay != NULL && faint * im->below[r] > step) {
      step = faint * im->below[r];
      hue = 0xa0a0a0;
    }
    rgb = shade (hue, pow (step / top, p->look.gamma));
    to[r] = gst_tfr_pixel_pack (&im->pixel, p->look.invert ? ~rgb : rgb);
  }
}

/* One column of all lanes, [breadth]. */
static void
colour_column (
    GstTfrImage *im, const GstTfrPicture *p, gint64 column, guint32 *to)
{
  for (guint l = 0; l < p->n_lanes; l++) {
    const GstTfrLane *lane = &p->lanes[l];
    const gfloat *cells[GST_TFR_MAX_LAYERS];

    for (guint i = 0; i < lane->n_layers; i++)
      cells[i] = reassign_grid_column (lane->layers[i], column);
    if (cells[0] == NULL) {
      guint32 silence =
          p->kind == GST_TFR_LAYERS_LEVEL
              ? im->pixels[0]
              : gst_tfr_pixel_pack (&im->pixel, p->look.invert ? 0xffffff : 0);

      for (guint r = 0; r < lane->n_rows; r++)
        to[lane->from + r] = silence;
      continue;
    }
    blend (im, p, lane, cells,
        lane->underlay != NULL ? reassign_grid_column (lane->underlay, column)
                               : NULL,
        to + lane->from);
    if (im->mode != GST_TFR_AUTO_LEVEL_OFF && column >= im->measured)
      gst_tfr_auto_range_add (&im->range, cells[0], im->gains + lane->from,
          lane->n_rows, 1 / p->columns_per_second);
  }
}

/* Lines over a column. */
static void
rule_column (
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
      to[r] = gst_tfr_pixel_over (&im->pixel, to[r], l->color, 255);
}

/* --------------------------------------------------------------- plot ---- */

/* Where columns are in the plot. */
typedef struct {
  guint32 *origin;    /* of a column's row 0 */
  gssize column, row; /* steps to the next, pixels */
} Grid;

/* For columns that follow each other from place `at` on, in the direction of time
 * or against it. */
static Grid
lay_out (const GstTfrImage *im, guint32 *plot, gsize stride, gsize at,
    gboolean backward)
{
  gssize s = (gssize) stride;

  if (im->orientation == GST_TFR_ORIENTATION_VERTICAL)
    return (Grid) { plot + (gssize) (im->length - 1 - at) * s,
      backward ? s : -s, 1 };
  return (Grid) { plot + (gssize) (im->breadth - 1) * s + (gssize) at,
    backward ? -1 : 1, -s };
}

/* Columns [from, from + count), the first at the grid's origin. */
static void
paint_strip (GstTfrImage *im, const GstTfrPicture *p, gint64 from, guint count,
    const Grid *grid)
{
  gsize breadth = im->breadth;

  for (guint i = 0; i < count; i++) {
    guint32 *column = im->strip + i * breadth;

    colour_column (im, p, from + i, column);
    if (im->lines.rows != NULL)
      rule_column (im, p, from + i, column);
  }
  for (gsize r = 0; r < breadth; r++) {
    guint32 *to = grid->origin + (gssize) r * grid->row;

    for (guint i = 0; i < count; i++)
      to[(gssize) i * grid->column] = im->strip[i * breadth + r];
  }
}

static gsize
slot_of (const GstTfrImage *im, gint64 column)
{
  gint64 n = im->length, slot = column % n;

  return (gsize) (slot < 0 ? slot + n : slot);
}

/* Columns [from, to) of an image whose newest is end - 1. */
static void
paint (GstTfrImage *im, const GstTfrPicture *p, gint64 from, gint64 to,
    gint64 end, guint32 *plot, gsize stride)
{
  gboolean backward =
      p->look.scroll_mode == GST_TFR_SCROLL_MODE_SCROLL_REVERSE;
  gboolean scrolls =
      backward || p->look.scroll_mode == GST_TFR_SCROLL_MODE_SCROLL;

  while (from < to) {
    gsize at = scrolls ? (gsize) (from - (end - im->length))
                       : slot_of (im, from);
    gint64 count = MIN (MIN (to - from, STRIP), (gint64) (im->length - at));
    Grid grid = lay_out (
        im, plot, stride, backward ? im->length - 1 - at : at, backward);

    paint_strip (im, p, from, (guint) count, &grid);
    from += count;
  }
}

/* What one plot shows to another, or to itself, moved by so many columns towards
 * the past. */
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
  return (gint64) ceil (edge * p->columns_per_second - 1e-6);
}

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

  gst_tfr_auto_range_reset (&im->range);
  for (guint x = 0; x < im->length; x++) {
    for (guint l = 0; l < p->n_lanes; l++) {
      const GstTfrLane *lane = &p->lanes[l];

      gather_whole (im, lane, x, width, cells);
      /* all columns count alike */
      gst_tfr_auto_range_add (
          &im->range, cells[0], im->gains + lane->from, lane->n_rows, 1e-6);
    }
  }
  gst_tfr_auto_range_find (&im->range, im->mode);
  set_levels (im, &p->look);
}

/* All that has been drawn so far, over the whole length. */
static void
paint_whole (GstTfrImage *im, const GstTfrPicture *p, gdouble seconds,
    guint32 *plot, gsize stride)
{
  gdouble width = seconds * p->columns_per_second / im->length;
  const gfloat *cells[GST_TFR_MAX_LAYERS + 1];

  set_gains (im, p); /* columns have become longer */
  if (im->mode != GST_TFR_AUTO_LEVEL_OFF)
    measure_whole (im, p, width);
  for (guint x = 0; x < im->length; x++) {
    Grid grid = lay_out (im, plot, stride, x, FALSE);

    for (guint l = 0; l < p->n_lanes; l++) {
      const GstTfrLane *lane = &p->lanes[l];

      gather_whole (im, lane, x, width, cells);
      blend (
          im, p, lane, cells, cells[lane->n_layers], im->strip + lane->from);
    }
    if (im->lines.rows != NULL)
      rule_column (im, p, (gint64) (x * width), im->strip);
    for (gsize r = 0; r < im->breadth; r++)
      grid.origin[(gssize) r * grid.row] = im->strip[r];
  }
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

/* The range of levels follows what is about to be shown. */
static void
follow_level (GstTfrImage *im, const GstTfrPicture *p, gint64 end)
{
  gdouble before = im->max_level;

  if (im->mode == GST_TFR_AUTO_LEVEL_OFF)
    return;
  for (gint64 c = MAX (im->measured, end - im->length); c < end; c++)
    colour_column (im, p, c, im->strip);
  im->measured = end;
  gst_tfr_auto_range_find (&im->range, im->mode);
  set_levels (im, &p->look);
  if (im->max_level != before)
    im->epoch++;
}

/* The column that will be written next. */
static void
draw_cursor (GstTfrImage *im, gint64 end, guint32 *plot, gsize stride)
{
  Grid grid = lay_out (im, plot, stride, slot_of (im, end), FALSE);

  for (gsize r = 0; r < im->breadth; r++)
    grid.origin[(gssize) r * grid.row] =
        gst_tfr_pixel_pack (&im->pixel, CURSOR_COLOR);
}

void
gst_tfr_image_draw (GstTfrImage *im, GstTfrPicture *p, gdouble edge,
    const GstTfrPlot *source, const GstTfrPlot *to)
{
  GstTfrScrollMode mode = p->look.scroll_mode;
  gboolean backward = mode == GST_TFR_SCROLL_MODE_SCROLL_REVERSE;
  gboolean scrolls = backward || mode == GST_TFR_SCROLL_MODE_SCROLL;
  GstTfrShown before = *source->shown;
  gint64 end, from, oldest;

  if (p->n_lanes == 0)
    return;
  if (gst_tfr_look_is_whole (&p->look)) {
    paint_whole (im, p, edge, to->pixels, to->stride);
    return;
  }
  end = gst_tfr_image_end (p, edge);
  from = oldest = end - im->length;
  im->serial++;
  im->changes[im->serial % GST_TFR_CHANGES] = gst_tfr_picture_take_dirty (p);
  follow_level (im, p, end);

  if (before.epoch == im->epoch && before.end <= end && before.end > oldest)
    from = MAX (MIN (changed_since (im, before.serial), before.end), oldest);
  if (from > oldest) {
    gsize columns = scrolls ? (gsize) (end - before.end) : 0;

    if (columns > 0 || source->pixels != to->pixels)
      scroll (im, backward, columns, source, to);
    paint (im, p, MAX (before.spoiled_from, oldest),
        MIN (before.spoiled_to, from), end, to->pixels, to->stride);
  }
  paint (im, p, from, end, end, to->pixels, to->stride);
  *to->shown = (GstTfrShown) { im->epoch, im->serial, end, 0, 0 };

  if (mode == GST_TFR_SCROLL_MODE_SWEEP) {
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

gdouble
gst_tfr_image_row_level (const GstTfrImage *im, const GstTfrPicture *p,
    guint row, gint64 from, gint64 to)
{
  gdouble sum = 0;

  for (guint l = 0; l < p->n_lanes; l++) {
    const GstTfrLane *lane = &p->lanes[l];
    guint layers = p->kind == GST_TFR_LAYERS_PHASE ? 1 : lane->n_layers;

    if (row < lane->from || row >= lane->from + lane->n_rows)
      continue;
    for (guint i = 0; i < layers; i++) {
      for (gint64 c = from; c < to; c++) {
        const gfloat *cells = reassign_grid_column (lane->layers[i], c);

        if (cells != NULL)
          sum += cells[row - lane->from];
      }
    }
  }
  return 10 * log10 (MAX (
                  sum * im->gains[row] / (gdouble) MAX (to - from, 1), 1e-30));
}
