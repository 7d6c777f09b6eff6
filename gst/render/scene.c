/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "scene.h"

#include "lanes.h"

#include <math.h>

/* How near the pointer must be to a point, px. */
#define NEAR 8

void
gst_tfr_scene_init (GstTfrScene *s)
{
  memset (s, 0, sizeof *s);
  gst_tfr_look_init (&s->look);
  gst_tfr_picture_init (&s->picture);
  gst_tfr_image_init (&s->image);
  gst_tfr_overlay_init (&s->overlay);
}

void
gst_tfr_scene_clear (GstTfrScene *s)
{
  gst_tfr_look_clear (&s->look);
  gst_tfr_picture_clear (&s->picture);
  gst_tfr_image_clear (&s->image);
  gst_tfr_overlay_clear (&s->overlay);
  memset (s, 0, sizeof *s);
}

/* Layout, grid and ring for the look and the size. */
static void
shape (GstTfrScene *s)
{
  gboolean vertical = s->look.orientation == GST_TFR_ORIENTATION_VERTICAL;
  const GstTfrRect *plot = &s->overlay.layout.plot;
  guint length, breadth;

  if (s->width == 0)
    return;
  gst_tfr_overlay_set_size (
      &s->overlay, &s->look, (gint) s->width, (gint) s->height, &s->pixel);
  length = (guint) (vertical ? plot->h : plot->w);
  breadth = (guint) (vertical ? plot->w : plot->h);
  gst_tfr_picture_set_size (&s->picture, length, breadth);
  gst_tfr_image_set_size (
      &s->image, length, breadth, s->look.orientation, &s->pixel);
}

void
gst_tfr_scene_set_look (GstTfrScene *s, const GstTfrLook *look)
{
  GstTfrLookChange change = gst_tfr_look_compare (&s->look, look);

  gst_tfr_look_copy (&s->look, look);
  gst_tfr_picture_set_look (&s->picture, look);
  if (change == GST_TFR_LOOK_SHAPE)
    shape (s);
  if (change >= GST_TFR_LOOK_COLOURS)
    gst_tfr_image_set_colours (&s->image, &s->picture);
  if (change >= GST_TFR_LOOK_LABELS)
    gst_tfr_overlay_touch (&s->overlay);
}

void
gst_tfr_scene_set_size (
    GstTfrScene *s, guint width, guint height, const GstTfrPixel *pixel)
{
  s->width = width;
  s->height = height;
  s->pixel = *pixel;
  shape (s);
  gst_tfr_image_set_colours (&s->image, &s->picture);
}

void
gst_tfr_scene_start (
    GstTfrScene *s, const GstTfrHeader *header, gint64 base, gboolean reverse)
{
  s->held = FALSE;
  gst_tfr_picture_start (&s->picture, header, base, reverse);
}

gdouble
gst_tfr_scene_hold (GstTfrScene *s, gdouble edge, gint64 end, gdouble back)
{
  GstTfrPicture *p = &s->picture;
  gdouble rate = p->header.rate, half = p->header.window_size / 2.0;
  gboolean was_held = s->held;

  s->held = s->look.freeze;
  if (!s->held) {
    if (was_held)
      gst_tfr_picture_freeze (p, G_MAXINT64);
    return edge;
  }
  if (!was_held) {
    s->held_edge = edge;
    s->held_end = end;
  }
  edge = s->held_edge - back;
  if (back > 0)
    end = p->base + (gint64) (edge * rate + half);
  gst_tfr_picture_freeze (p, MIN (end, s->held_end));
  return edge;
}

static GstTfrPlot
plot_of (const GstTfrScene *s, const GstTfrFrame *frame)
{
  const GstTfrRect *plot = &s->overlay.layout.plot;

  return (
      GstTfrPlot){ frame->pixels + (gsize) plot->y * frame->stride + plot->x,
    frame->stride, &frame->state->plot };
}

gssize
gst_tfr_scene_slide (const GstTfrScene *s, const GstTfrMoment *moment,
    gsize stride, GstTfrFrameState *state)
{
  gboolean vertical = s->look.orientation == GST_TFR_ORIENTATION_VERTICAL;
  gboolean backward = s->look.scroll_mode == GST_TFR_SCROLL_MODE_SCROLL_REVERSE;
  guint columns = gst_tfr_image_advance (
      &s->image, &s->picture, moment->edge, &state->plot);
  gssize pixels = (gssize) columns * (vertical ? (gssize) stride : 1);

  if (columns == 0)
    return 0;
  if (vertical != backward)
    pixels = -pixels;
  gst_tfr_shown_slide (&state->plot, columns);
  if (vertical) /* nowhere right */
    state->beside.serial = 0;
  else
    state->beside.slid += (gint) pixels;
  return pixels;
}

void
gst_tfr_scene_draw (GstTfrScene *s, const GstTfrMoment *moment,
    const GstTfrFrame *from, const GstTfrFrame *to)
{
  GstTfrPlot source = plot_of (s, from), target = plot_of (s, to);
  GstTfrCanvas canvas = { to->pixels, to->stride, (gint) s->width,
    (gint) s->height, s->pixel };

  gst_tfr_picture_settle (&s->picture);
  if (s->lanes != s->picture.serial) {
    s->lanes = s->picture.serial;
    /* other lanes have other gains, and other frequencies beside them */
    gst_tfr_image_set_colours (&s->image, &s->picture);
    gst_tfr_overlay_touch (&s->overlay);
  }
  gst_tfr_overlay_prepare (&s->overlay, &s->image, &s->picture, moment);
  gst_tfr_image_draw (&s->image, &s->picture, moment->edge, &source, &target);
  if (s->image.shades.min_level != s->shown_min ||
      s->image.shades.max_level != s->shown_max) {
    gst_tfr_overlay_touch (&s->overlay);
    gst_tfr_overlay_prepare (&s->overlay, &s->image, &s->picture, moment);
  }
  s->shown_min = s->image.shades.min_level;
  s->shown_max = s->image.shades.max_level;
  gst_tfr_overlay_draw (&s->overlay, &s->image, &s->picture, moment,
      &to->state->plot, &to->state->beside, &canvas);
}

/* The lane that holds a row of the picture. */
static guint
lane_at (const GstTfrPicture *p, gdouble row)
{
  guint at = 0;

  for (guint l = 0; l < p->n_lanes; l++)
    if (row >= p->lanes[l].from &&
        row < p->lanes[l].from + (gdouble) p->lanes[l].n_rows)
      at = l;
  return at;
}

/* The level of a tone: the energy of a column in the rows about it, which is
 * exact wherever the tone lies within its row. */
static gdouble
level_at (const GstTfrPicture *p, guint lane, gdouble time, gdouble frequency)
{
  const GstTfrLane *l = &p->lanes[lane];
  gint64 column = gst_tfr_lanes_column (floor (time * p->columns_per_second));
  gint middle = (gint) reassign_axis_row (&l->axis, frequency);
  gdouble sum = 0;
  guint layers = p->kind == GST_TFR_LAYERS_PHASE ? 1 : l->n_layers;

  for (guint i = 0; i < layers; i++) {
    const gfloat *cells = reassign_grid_column (l->layers[i], column);

    for (gint r = MAX (middle - NEAR / 2, 0);
         cells != NULL && r <= MIN (middle + NEAR / 2, (gint) l->n_rows - 1);
         r++)
      sum += cells[r];
  }
  sum *= reassign_grid_column_scale (l->layers[0]);
  return 10 * log10 (MAX (sum, 1e-30));
}

gboolean
gst_tfr_scene_read (GstTfrScene *s, const GstTfrMoment *moment, gdouble x,
    gdouble y, GstTfrReading *reading)
{
  GstTfrPicture *p = &s->picture;
  gdouble time, row;
  guint lane;

  if (!gst_tfr_overlay_locate (&s->overlay, p, moment, x, y, &time, &row))
    return FALSE;
  lane = lane_at (p, row);
  if (!gst_tfr_picture_read (p, time, NEAR / p->columns_per_second, lane,
          row - p->lanes[lane].from, NEAR, reading))
    return FALSE;
  reading->level = level_at (p, lane, reading->time, reading->frequency);
  return TRUE;
}
