/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "shades.h"

#include <math.h>
#include <string.h>

void
gst_tfr_shades_init (GstTfrShades *s)
{
  memset (s, 0, sizeof *s);
  gst_tfr_auto_range_reset (&s->range);
}

void
gst_tfr_shades_clear (GstTfrShades *s)
{
  g_clear_pointer (&s->gains, g_free);
  g_clear_pointer (&s->steps, g_free);
  g_clear_pointer (&s->below, g_free);
}

void
gst_tfr_shades_set_size (
    GstTfrShades *s, guint breadth, const GstTfrPixel *pixel)
{
  s->pixel = *pixel;
  if (s->breadth == breadth)
    return;
  s->breadth = breadth;
  s->gains = g_renew (gfloat, s->gains, breadth);
  s->steps = g_renew (guint16, s->steps, breadth);
  s->below = g_renew (guint16, s->below, breadth);
}

/* From cells to squared amplitudes, row by row. */
void
gst_tfr_shades_set_gains (GstTfrShades *s, const GstTfrPicture *p)
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
      s->gains[lane->from + r] = (gfloat) gain;
    }
  }
}

static void
set_map (GstTfrShades *s, const GstTfrLook *look)
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

    s->colors[i] = (look->invert ? ~rgb : rgb) & 0xffffff;
    s->pixels[i] = gst_tfr_pixel_pack (&s->pixel, s->colors[i]);
  }
}

static void
set_hues (GstTfrShades *s, const GstTfrPicture *p)
{
  guint n = p->n_lanes > 0 ? p->lanes[0].n_layers : 1;

  for (guint i = 0; i < n; i++)
    s->hues[i] = gst_tfr_palette_hue (i, n);
  gst_tfr_palette_fill (GST_TFR_COLOR_MAP_TWILIGHT, s->cycle, 256);
}

void
gst_tfr_shades_set_levels (GstTfrShades *s, const GstTfrLook *look)
{
  gdouble span = look->max_level - look->min_level;

  s->mode = look->auto_level;
  s->max_level = look->max_level;
  if (look->auto_level != GST_TFR_AUTO_LEVEL_OFF && !isnan (s->range.top))
    s->max_level = s->range.top;
  s->min_level = s->max_level - MAX (span, 0.1);
  gst_tfr_levels_init (&s->levels, s->min_level, s->max_level);
}

void
gst_tfr_shades_set (GstTfrShades *s, const GstTfrPicture *p)
{
  set_map (s, &p->look);
  set_hues (s, p);
  gst_tfr_shades_set_levels (s, &p->look);
  if (s->gains != NULL)
    gst_tfr_shades_set_gains (s, p);
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
mix_hues (const GstTfrShades *s, const gfloat *const *cells, guint n, guint r,
    gfloat *total)
{
  gfloat red = 0, green = 0, blue = 0, sum = 0;

  for (guint i = 0; i < n; i++) {
    gfloat e = cells[i][r];

    red += e * (gfloat) (s->hues[i] >> 16 & 0xff);
    green += e * (gfloat) (s->hues[i] >> 8 & 0xff);
    blue += e * (gfloat) (s->hues[i] & 0xff);
    sum += e;
  }
  *total = sum;
  if (!(sum > 0))
    return 0;
  return (guint32) (red / sum + 0.5f) << 16 |
         (guint32) (green / sum + 0.5f) << 8 | (guint32) (blue / sum + 0.5f);
}

static guint32
phase_hue (const GstTfrShades *s, const gfloat *const *cells, guint r)
{
  /* of the three layers of this kind NOLINTNEXTLINE(*-core.NullDereference) */
  gdouble turn = atan2 (cells[2][r], cells[1][r]) / (2 * G_PI);

  return s->cycle[(guint) ((turn + 1) * 255 + 0.5) & 0xff];
}

guint32
gst_tfr_shades_legend (
    const GstTfrShades *s, const GstTfrPicture *p, guint layer, guint step)
{
  guint32 hue = p->kind == GST_TFR_LAYERS_HUES ? s->hues[layer] : 0xa0a0a0;
  guint32 rgb;

  if (p->kind == GST_TFR_LAYERS_LEVEL)
    return s->colors[step];
  rgb = shade (hue, pow (step / (GST_TFR_COLOUR_STEPS - 1.0), p->look.gamma));
  return (p->look.invert ? ~rgb : rgb) & 0xffffff;
}

void
gst_tfr_shades_blend (GstTfrShades *s, const GstTfrPicture *p,
    const GstTfrLane *lane, const gfloat *const *cells, const gfloat *underlay,
    guint32 *to)
{
  const gfloat *gains = s->gains + lane->from;
  gdouble top = GST_TFR_COLOUR_STEPS - 1;
  gfloat faint = (gfloat) p->look.underlay;

  if (underlay != NULL)
    gst_tfr_levels_find (&s->levels, underlay, gains, lane->n_rows, s->below);
  if (p->kind == GST_TFR_LAYERS_LEVEL) {
    gst_tfr_levels_find (&s->levels, cells[0], gains, lane->n_rows, s->steps);
    for (guint r = 0; r < lane->n_rows; r++) {
      guint step = s->steps[r];

      if (underlay != NULL)
        step = MAX (step, (guint) (faint * s->below[r]));
      to[r] = s->pixels[step];
    }
    return;
  }
  for (guint r = 0; r < lane->n_rows; r++) {
    gfloat total = cells[0][r];
    guint32 hue = p->kind == GST_TFR_LAYERS_PHASE
                      ? phase_hue (s, cells, r)
                      : mix_hues (s, cells, lane->n_layers, r, &total);
    gfloat step = gst_tfr_levels_find_one (&s->levels, total * gains[r]);
    guint32 rgb;

    if (underlay != NULL && faint * s->below[r] > step) {
      step = faint * s->below[r];
      hue = 0xa0a0a0;
    }
    rgb = shade (hue, pow (step / top, p->look.gamma));
    to[r] = gst_tfr_pixel_pack (&s->pixel, p->look.invert ? ~rgb : rgb);
  }
}

void
gst_tfr_shades_column (
    GstTfrShades *s, const GstTfrPicture *p, gint64 column, guint32 *to)
{
  for (guint l = 0; l < p->n_lanes; l++) {
    const GstTfrLane *lane = &p->lanes[l];
    const gfloat *cells[GST_TFR_MAX_LAYERS] = { NULL };

    for (guint i = 0; i < lane->n_layers; i++)
      cells[i] = reassign_grid_column (lane->layers[i], column);
    if (cells[0] == NULL) {
      guint32 silence =
          p->kind == GST_TFR_LAYERS_LEVEL
              ? s->pixels[0]
              : gst_tfr_pixel_pack (&s->pixel, p->look.invert ? 0xffffff : 0);

      for (guint r = 0; r < lane->n_rows; r++)
        to[lane->from + r] = silence;
      continue;
    }
    gst_tfr_shades_blend (s, p, lane, cells,
        lane->underlay != NULL ? reassign_grid_column (lane->underlay, column)
                               : NULL,
        to + lane->from);
  }
}

void
gst_tfr_shades_measure (GstTfrShades *s, const GstTfrPicture *p,
    const GstTfrLane *lane, const gfloat *const *cells, gdouble seconds)
{
  guint n = p->kind == GST_TFR_LAYERS_HUES ? lane->n_layers : 1;

  for (guint i = 0; i < n; i++)
    gst_tfr_auto_range_add (
        &s->range, cells[i], s->gains + lane->from, lane->n_rows, seconds / n);
}

void
gst_tfr_shades_measure_column (
    GstTfrShades *s, const GstTfrPicture *p, gint64 column)
{
  for (guint l = 0; l < p->n_lanes; l++) {
    const GstTfrLane *lane = &p->lanes[l];
    const gfloat *cells[GST_TFR_MAX_LAYERS] = { NULL };

    for (guint i = 0; i < lane->n_layers; i++)
      cells[i] = reassign_grid_column (lane->layers[i], column);
    if (cells[0] != NULL)
      gst_tfr_shades_measure (s, p, lane, cells, 1 / p->columns_per_second);
  }
}

gdouble
gst_tfr_shades_row_level (const GstTfrShades *s, const GstTfrPicture *p,
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
                  sum * s->gains[row] / (gdouble) MAX (to - from, 1), 1e-30));
}
