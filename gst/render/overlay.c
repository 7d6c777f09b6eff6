/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "overlay.h"

#include "panel.h"
#include "still.h"
#include "times.h"

#include <math.h>
#include <string.h>

#define GRID_ALPHA 0x40000000u
#define BOX_COLOR 0xd0101010u

void
gst_tfr_overlay_init (GstTfrOverlay *o)
{
  memset (o, 0, sizeof *o);
  gst_tfr_margins_init (&o->margins);
}

void
gst_tfr_overlay_clear (GstTfrOverlay *o)
{
  gst_tfr_text_free (o->text);
  g_free (o->still.pixels);
  gst_tfr_margins_clear (&o->margins);
  g_free (o->held);
  g_free (o->when);
  g_strfreev (o->readout);
  memset (o, 0, sizeof *o);
}

void
gst_tfr_overlay_touch (GstTfrOverlay *o)
{
  o->stale = TRUE;
}

void
gst_tfr_overlay_set_size (GstTfrOverlay *o, const GstTfrLook *look, gint width,
    gint height, const GstTfrPixel *pixel)
{
  gst_tfr_text_free (o->text);
  o->text = gst_tfr_text_new (
      look->font_desc, gst_tfr_frame_layout_font_size (width, height));
  gst_tfr_frame_layout_init (&o->layout, look, width, height,
      gst_tfr_text_digit (o->text), gst_tfr_text_line (o->text));
  o->still.width = width;
  o->still.height = height;
  o->still.stride = (gsize) width;
  o->still.pixel = *pixel;
  o->still.pixels =
      g_renew (guint32, o->still.pixels, (gsize) width * (gsize) height);
  o->stale = TRUE;
}

gboolean
gst_tfr_overlay_is_vertical (const GstTfrPicture *p)
{
  return p->look.orientation == GST_TFR_ORIENTATION_VERTICAL;
}

/* ---------------------------------------------------------- the grid ---- */

/* The image draws these itself, so that they move with it. */
static void
find_lines (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, GstTfrLines *lines)
{
  gboolean ago = p->look.time_labels == GST_TFR_TIME_LABELS_AGO;
  gdouble seconds = gst_tfr_look_is_whole (&p->look)
                        ? moment->edge
                        : p->length / p->columns_per_second;

  *lines = (GstTfrLines){ .origin = moment->origin,
    .direction = moment->direction,
    .color = (p->look.foreground_color & 0xffffff) | GRID_ALPHA };
  if (!(p->look.axes & GST_TFR_AXES_GRID))
    return;
  if (!ago)
    lines->step = gst_tfr_ticks_time_step (seconds * fabs (moment->direction),
        p->length, gst_tfr_times_spacing (o, p));
  lines->rows = g_new0 (guint8, p->breadth);
  for (guint l = 0; l < p->n_lanes; l++) {
    const GstTfrLane *lane = &p->lanes[l];
    GArray *ticks = gst_tfr_still_frequencies (
        o, p, lane, p->look.frequency_labels == GST_TFR_FREQUENCY_LABELS_NOTES);

    for (guint i = 0; i < ticks->len; i++) {
      const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);
      guint row = lane->from + (guint) tick->place;

      if (tick->text[0] != '\0' && row < p->breadth)
        lines->rows[row] = TRUE;
    }
    g_array_unref (ticks);
  }
}

/* -------------------------------------------------------- the readout ---- */

void
gst_tfr_overlay_set_readout (
    GstTfrOverlay *o, gchar **lines, gdouble x, gdouble y)
{
  g_strfreev (o->readout);
  o->readout = lines;
  o->pointer_x = x;
  o->pointer_y = y;
}

/* A box beside the pointer, on the side where there is room. */
static void
draw_readout (GstTfrOverlay *o, const GstTfrImage *im, const GstTfrPicture *p,
    GstTfrShown *shown, GstTfrCanvas *canvas)
{
  gint64 from, to;
  gint n = (gint) g_strv_length (o->readout);
  gint em = o->layout.em, pad = em / 3, width = 0;
  gint height = n * em + 2 * pad;
  gint x = (gint) o->pointer_x + em, y = (gint) o->pointer_y + em / 2;

  for (gint i = 0; i < n; i++)
    width = MAX (width, gst_tfr_text_width (o->text, o->readout[i]));
  width += 2 * pad;
  if (x + width > canvas->width)
    x = (gint) o->pointer_x - em - width;
  if (y + height > canvas->height)
    y = (gint) o->pointer_y - em / 2 - height;
  x = MAX (x, 0);
  y = MAX (y, 0);
  gst_tfr_canvas_fill (canvas, &(GstTfrRect){ x, y, width, height }, BOX_COLOR);
  gst_tfr_image_columns (im, p, shown, x - o->layout.plot.x, width, &from, &to);
  gst_tfr_shown_spoil (shown, from, to);
  for (gint i = 0; i < n; i++)
    gst_tfr_canvas_write (canvas, o->text, o->readout[i], x + pad,
        y + pad + i * em, 0, 0xffffffff);
}

/* -------------------------------------------------------------- frame ---- */

static void
copy_margins (const GstTfrOverlay *o, GstTfrCanvas *canvas)
{
  const GstTfrFrameLayout *l = &o->layout;
  const GstTfrRect *p = &l->plot;
  gint width = l->width, height = l->height;
  const GstTfrRect margins[] = {
    { 0, 0, width, p->y },
    { 0, p->y + p->h, width, height - p->y - p->h },
    { 0, p->y, p->x, p->h },
    { p->x + p->w, p->y, width - p->x - p->w, p->h },
  };

  for (guint i = 0; i < G_N_ELEMENTS (margins); i++)
    gst_tfr_canvas_copy (canvas, &o->still, &margins[i]);
}

/* What is not right of the still parts; the marks of times stand there as
 * before, moved with all the rest. */
static void
draw_margins (
    const GstTfrOverlay *o, GstTfrBeside *beside, GstTfrCanvas *canvas)
{
  gboolean in_rows = canvas->stride == (gsize) canvas->width;

  if (beside->serial != o->serial || (beside->slid != 0 && !in_rows) ||
      ABS (beside->slid) > o->layout.plot.w) {
    copy_margins (o, canvas);
    beside->serial = o->serial;
    beside->slid = 0;
    beside->n_marks = 0;
  } else if (beside->slid != 0) {
    gst_tfr_margins_restore (&o->margins, beside->slid, canvas);
  }
}

void
gst_tfr_overlay_prepare (GstTfrOverlay *o, GstTfrImage *im,
    const GstTfrPicture *p, const GstTfrMoment *moment)
{
  GstTfrRect changing = o->layout.plot;
  GstTfrLines lines;

  if (!o->stale)
    return;
  gst_tfr_still_draw (o, im, p);
  changing.w += o->layout.panel.w; /* it stands at the plot's right */
  gst_tfr_margins_find (&o->margins, &o->still, &changing);
  o->stale = FALSE;
  o->serial++;
  find_lines (o, p, moment, &lines);
  gst_tfr_image_set_lines (im, &lines);
}

void
gst_tfr_overlay_draw (GstTfrOverlay *o, const GstTfrImage *im,
    const GstTfrPicture *p, const GstTfrMoment *moment, GstTfrShown *shown,
    GstTfrBeside *beside, GstTfrCanvas *canvas)
{
  draw_margins (o, beside, canvas);
  gst_tfr_times_draw (o, p, moment, beside, canvas);
  beside->slid = 0;
  if (o->layout.panel.w > 0) {
    gst_tfr_canvas_copy (canvas, &o->still, &o->layout.panel);
    gst_tfr_panel_draw (o, im, p, moment, canvas);
  }
  if (o->readout != NULL) {
    draw_readout (o, im, p, shown, canvas);
    beside->serial = 0; /* it may hang over a margin */
  }
}

gboolean
gst_tfr_overlay_locate (const GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, gdouble x, gdouble y, gdouble *time,
    gdouble *row)
{
  const GstTfrRect *plot = &o->layout.plot;
  gdouble along =
      gst_tfr_overlay_is_vertical (p) ? plot->y + plot->h - y : x - plot->x;
  gdouble up =
      gst_tfr_overlay_is_vertical (p) ? x - plot->x : plot->y + plot->h - y;
  GstTfrStretch stretches[2];
  guint n;

  if (p->n_lanes == 0 || x < plot->x || y < plot->y || x >= plot->x + plot->w ||
      y >= plot->y + plot->h)
    return FALSE;
  n = gst_tfr_times_find_stretches (p, moment, stretches);
  for (guint i = 0; i < n; i++) {
    const GstTfrStretch *s = &stretches[i];
    gdouble part = (along - s->from_px) / (s->to_px - s->from_px);

    if (part >= 0 && part <= 1)
      *time = s->from_time + part * (s->to_time - s->from_time);
  }
  *row = up;
  return TRUE;
}
