/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "times.h"

#include "ticks.h"

#include <math.h>

gdouble
gst_tfr_times_spacing (const GstTfrOverlay *o, const GstTfrPicture *p)
{
  return gst_tfr_overlay_is_vertical (p) ? 2.0 * o->layout.em
                                         : 9.0 * gst_tfr_text_digit (o->text);
}

guint
gst_tfr_times_find_stretches (const GstTfrPicture *p,
    const GstTfrMoment *moment, GstTfrStretch *stretches)
{
  gdouble n = p->length, cps = p->columns_per_second;
  gdouble end = (gdouble) gst_tfr_image_end (p, moment->edge);
  gdouble cursor = fmod (end, n);

  if (gst_tfr_look_is_whole (&p->look)) {
    stretches[0] = (GstTfrStretch){ 0, n, 0, moment->edge };
    return 1;
  }
  switch (p->look.scroll_mode) {
    case GST_TFR_SCROLL_MODE_SCROLL_REVERSE:
      stretches[0] = (GstTfrStretch){ 0, n, end / cps, (end - n) / cps };
      return 1;
    case GST_TFR_SCROLL_MODE_SWEEP:
      if (cursor == 0)
        break;
      stretches[0] =
          (GstTfrStretch){ 0, cursor, (end - cursor) / cps, end / cps };
      stretches[1] =
          (GstTfrStretch){ cursor, n, (end - n) / cps, (end - cursor) / cps };
      return 2;
    case GST_TFR_SCROLL_MODE_SCROLL:
    case GST_TFR_SCROLL_MODE_PAGE:
      break;
  }
  stretches[0] = (GstTfrStretch){ 0, n, (end - n) / cps, end / cps };
  return 1;
}

static void
draw_time_tick (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrTick *tick, gdouble px, GstTfrCanvas *canvas)
{
  const GstTfrFrameLayout *l = &o->layout;
  const GstTfrRect *plot = &l->plot;
  guint32 color = p->look.foreground_color;
  gint em = l->em, digit = gst_tfr_text_digit (o->text);
  gint x = plot->x + (gint) floor (px);
  gint y = plot->y + plot->h - 1 - (gint) floor (px);
  gint half = gst_tfr_text_width (o->text, tick->text) / 2 + digit / 2;

  if (gst_tfr_overlay_is_vertical (p)) {
    if (l->time.w == 0 || y - em / 2 < 0 || y + em / 2 > l->height)
      return;
    gst_tfr_canvas_fill (canvas,
        &(GstTfrRect){ l->time.x + l->time.w - em / 3, y, em / 3, 1 }, color);
    gst_tfr_canvas_write (canvas, o->text, tick->text,
        l->time.x + l->time.w - em / 3 - 2, y - em / 2, 1, color);
    return;
  }
  if (l->time.w == 0)
    return;
  gst_tfr_canvas_fill (canvas, &(GstTfrRect){ x, l->time.y, 1, em / 3 }, color);
  /* neither out of the frame nor into the corner where the unit stands */
  if (x + half <= l->width && x - half >= plot->x - digit)
    gst_tfr_canvas_write (
        canvas, o->text, tick->text, x, l->time.y + em / 3 + 1, 0.5, color);
}

static void
draw_stretch (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, const GstTfrStretch *s, GstTfrCanvas *canvas)
{
  gboolean ago = p->look.time_labels == GST_TFR_TIME_LABELS_AGO;
  gdouble direction = ago ? 1 : moment->direction;
  gdouble origin = ago ? -moment->edge : moment->origin;
  gdouble first = origin + direction * s->from_time;
  gdouble last = origin + direction * s->to_time;
  gdouble length = s->to_px - s->from_px;
  gdouble spacing = gst_tfr_times_spacing (o, p);
  GArray *ticks = gst_tfr_ticks_time (
      MIN (first, last), MAX (first, last), length, spacing, FALSE);

  for (guint i = 0; i < ticks->len; i++) {
    GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);
    gdouble px = last > first ? tick->place : length - tick->place;

    /* what lies before the beginning has no time */
    if (tick->value < 0 && !ago)
      continue;
    if (px >= 0 && px < length)
      draw_time_tick (o, p, tick, s->from_px + px, canvas);
  }
  g_array_unref (ticks);
}

void
gst_tfr_times_draw (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, GstTfrCanvas *canvas)
{
  GstTfrStretch stretches[2];
  guint n = gst_tfr_times_find_stretches (p, moment, stretches);

  for (guint i = 0; o->layout.time.w > 0 && i < n; i++)
    draw_stretch (o, p, moment, &stretches[i], canvas);
}
