/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What stands beside the image, on a frame that has been moved in memory. */

#ifndef GST_TFR_MARGINS_H
#define GST_TFR_MARGINS_H

#include "canvas.h"

/* Pixels [from, to) beside the plot, counted through the frame row by row, that
 * begin and end with a change of colour; up to these from `least` on there is
 * one colour, and after them up to `most` another. */
typedef struct {
  guint32 least, from, to, most;
  guint32 before, after;
} GstTfrEdges;

typedef struct {
  GArray *edges;  /* GstTfrEdges */
  GArray *pixels; /* guint32, between theirs, one after the other */
} GstTfrMargins;

void gst_tfr_margins_init (GstTfrMargins *margins);
void gst_tfr_margins_clear (GstTfrMargins *margins);

/* Of a whole frame of which all but this is still. */
void gst_tfr_margins_find (GstTfrMargins *margins, const GstTfrCanvas *still,
    const GstTfrRect *changing);

/* Makes the margins right again where all pixels have moved so far towards the
 * beginning of memory (or away from it): what has one colour needs nothing.
 * Both canvases are as wide as a row in memory. */
void gst_tfr_margins_restore (
    const GstTfrMargins *margins, gint slid, GstTfrCanvas *canvas);

#endif
