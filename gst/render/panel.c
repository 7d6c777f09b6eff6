/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "panel.h"

#include <math.h>

/* What is taken for the present, s. */
#define PRESENT 0.05

/* How fast a peak falls once it is no longer held, dB/s. */
#define FALL 30

static void
reserve (GstTfrOverlay *o, guint n)
{
  if (o->n_held == n)
    return;
  o->held = g_renew (gfloat, o->held, n);
  o->when = g_renew (gdouble, o->when, n);
  for (guint i = 0; i < n; i++) {
    o->held[i] = -INFINITY;
    o->when[i] = 0;
  }
  o->n_held = n;
}

/* The peak of a row: held, then falling, or the level itself. */
static gdouble
follow_peak (
    GstTfrOverlay *o, guint row, gdouble level, gdouble now, gdouble hold)
{
  gdouble since = now - o->when[row];
  gdouble fallen = o->held[row] - (since > hold ? (since - hold) * FALL : 0);

  if (level >= fallen || since < 0) {
    o->held[row] = (gfloat) level;
    o->when[row] = now;
    return level;
  }
  return fallen;
}

void
gst_tfr_panel_draw (GstTfrOverlay *o, const GstTfrImage *im,
    const GstTfrPicture *p, const GstTfrMoment *moment, GstTfrCanvas *canvas)
{
  const GstTfrRect *panel = &o->layout.panel;
  gboolean vertical = p->look.orientation == GST_TFR_ORIENTATION_VERTICAL;
  gint64 end = gst_tfr_image_end (p, moment->edge);
  gint64 from = end - 1 - (gint64) (PRESENT * p->columns_per_second);
  gdouble hold = (gdouble) p->look.peak_hold / GST_SECOND;
  gdouble range = im->shades.max_level - im->shades.min_level;
  gint gap = o->layout.em / 4, size = (vertical ? panel->h : panel->w) - gap;

  reserve (o, im->breadth);
  for (guint row = 0; row < im->breadth; row++) {
    gdouble level = gst_tfr_shades_row_level (&im->shades, p, row, from, end);
    gdouble peak = follow_peak (o, row, level, moment->edge, hold);
    gdouble part = CLAMP ((level - im->shades.min_level) / range, 0, 1);
    gdouble top = CLAMP ((peak - im->shades.min_level) / range, 0, 1);
    guint32 color =
        0xff000000 |
        im->shades.colors[(guint) (part * (GST_TFR_COLOUR_STEPS - 1))];
    gint bar = (gint) (part * (size - 2)), mark = (gint) (top * (size - 2));

    if (vertical) {
      gint x = panel->x + (gint) row, base = panel->y + panel->h - gap;

      gst_tfr_canvas_fill (
          canvas, &(GstTfrRect){ x, base - bar, 1, bar }, color);
      if (mark > 0)
        gst_tfr_canvas_fill (canvas, &(GstTfrRect){ x, base - mark, 1, 1 },
            p->look.foreground_color);
    } else {
      gint x = panel->x + gap, y = panel->y + panel->h - 1 - (gint) row;

      gst_tfr_canvas_fill (canvas, &(GstTfrRect){ x, y, bar, 1 }, color);
      if (mark > 0)
        gst_tfr_canvas_fill (canvas, &(GstTfrRect){ x + mark, y, 1, 1 },
            p->look.foreground_color);
    }
  }
}
