/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which part of the video frame is what. */

#ifndef GST_TFR_LAYOUT_H
#define GST_TFR_LAYOUT_H

#include "look.h"

typedef struct {
  gint x, y, w, h; /* px; w or h 0: is not there */
} GstTfrRect;

typedef struct {
  gint width, height;
  gint em;              /* height of a line of text */
  gint line;            /* thickness of ticks */
  GstTfrRect plot;      /* the picture */
  GstTfrRect frequency; /* Hz labels, left of it, or below when vertical */
  GstTfrRect notes;     /* at the other side */
  GstTfrRect time;      /* below it, or left when vertical */
  GstTfrRect panel;     /* present spectrum, right, or above */
  GstTfrRect bar;       /* colour bar with its labels, right */
  GstTfrRect info;      /* above */
} GstTfrFrameLayout;

/* `digit` and `line`: width of a digit, height of a line, px. */
void gst_tfr_frame_layout_init (GstTfrFrameLayout *layout,
    const GstTfrLook *look, gint width, gint height, gint digit, gint line);

/* Height of letters for a frame of this size. */
gint gst_tfr_frame_layout_font_size (gint width, gint height);

#endif
