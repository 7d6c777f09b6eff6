/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "layout.h"

#include <math.h>
#include <string.h>

/* In digits: "12.5k", "C#10", "-100", "1:02:03". */
#define FREQUENCY_DIGITS 5
#define NOTE_DIGITS 4
#define LEVEL_DIGITS 4
#define TIME_DIGITS 7

/* A picture smaller than this share of the frame is worse than no labels. */
#define LEAST_SHARE 0.6

gint
gst_tfr_frame_layout_font_size (gint width, gint height)
{
  return MAX (10, MIN (height / 45, width / 60));
}

/* Cuts a strip off one side of the plot, unless too little of it were left. */
typedef enum { LEFT, RIGHT, TOP, BOTTOM } Side;

static void
cut (GstTfrFrameLayout *l, GstTfrRect *strip, Side side, gint size)
{
  gint *x = &l->plot.x, *y = &l->plot.y, *w = &l->plot.w, *h = &l->plot.h;

  if ((side == LEFT || side == RIGHT) && *w - size >= LEAST_SHARE * l->width) {
    *strip = (GstTfrRect){ side == LEFT ? *x : *x + *w - size, *y, size, *h };
    *w -= size;
    *x += side == LEFT ? size : 0;
  }
  if ((side == TOP || side == BOTTOM) && *h - size >= LEAST_SHARE * l->height) {
    *strip = (GstTfrRect){ *x, side == TOP ? *y : *y + *h - size, *w, size };
    *h -= size;
    *y += side == TOP ? size : 0;
  }
}

/* Labels of a narrow range have more digits: "1.0005k". */
static gint
count_frequency_digits (const GstTfrLook *look)
{
  gdouble range = look->max_frequency - look->min_frequency;

  if (!(range > 0))
    return FREQUENCY_DIGITS;
  return FREQUENCY_DIGITS +
         (gint) CLAMP (log10 (look->max_frequency / range) + 0.5, 0, 6);
}

/* Strips that were cut early are longer than the plot came out. */
static void
align (const GstTfrRect *plot, GstTfrRect *strip, gboolean beside)
{
  if (strip->w == 0)
    return;
  if (beside) {
    strip->y = plot->y;
    strip->h = plot->h;
  } else {
    strip->x = plot->x;
    strip->w = plot->w;
  }
}

void
gst_tfr_frame_layout_init (GstTfrFrameLayout *l, const GstTfrLook *look,
    gint width, gint height, gint digit, gint line)
{
  gboolean vertical = look->orientation == GST_TFR_ORIENTATION_VERTICAL;
  gboolean hz = look->frequency_labels != GST_TFR_FREQUENCY_LABELS_NOTES;
  gboolean both = look->frequency_labels == GST_TFR_FREQUENCY_LABELS_BOTH ||
                  look->axes & GST_TFR_AXES_NOTES;
  gint tick = line / 3, below = line + tick + 2;

  memset (l, 0, sizeof *l);
  l->width = width;
  l->height = height;
  l->em = line;
  l->line = MAX (1, line / 20);
  l->plot = (GstTfrRect){ 0, 0, width, height };

  if (look->axes & GST_TFR_AXES_TIME)
    cut (l, &l->time, vertical ? LEFT : BOTTOM,
        vertical ? TIME_DIGITS * digit + tick : below);
  if (look->axes & GST_TFR_AXES_FREQUENCY)
    cut (l, &l->frequency, vertical ? BOTTOM : LEFT,
        vertical ? below
                 : (hz ? count_frequency_digits (look) : NOTE_DIGITS) * digit +
                       tick + 2);
  if (look->axes & GST_TFR_AXES_INFO)
    cut (l, &l->info, TOP, line + 4);
  if (look->axes & GST_TFR_AXES_COLOR_BAR)
    cut (l, &l->bar, RIGHT,
        line / 2 + line + LEVEL_DIGITS * digit + 2 * tick + 2);
  if (look->axes & GST_TFR_AXES_FREQUENCY && both)
    cut (l, &l->notes, vertical ? TOP : RIGHT,
        vertical ? below : NOTE_DIGITS * digit + tick + 2);
  if (look->peak_hold > 0)
    cut (l, &l->panel, vertical ? TOP : RIGHT,
        vertical ? height / 7 : width / 9);

  align (&l->plot, &l->time, vertical);
  align (&l->plot, &l->frequency, !vertical);
  align (&l->plot, &l->notes, !vertical);
  align (&l->plot, &l->panel, !vertical);
  align (&l->plot, &l->bar, TRUE);
  align (&l->plot, &l->info, FALSE);
}
