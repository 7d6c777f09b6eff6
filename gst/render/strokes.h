/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Partials as the picture draws them: each stretch from a row to the partial's
 * next is a point half-way, with the stretch's slope and energy.  Points with a
 * slope are drawn as lines, so a partial becomes one line. */

#ifndef GST_TFR_STROKES_H
#define GST_TFR_STROKES_H

#include "gsttfr.h"

typedef struct {
  GHashTable *last; /* Row of a partial, by channel and id */
  gboolean reverse;

  /* of the batch that was drawn last */
  GArray *counts;
  GArray *times, *frequencies, *magnitudes, *phases, *slopes;
} GstTfrStrokes;

void gst_tfr_strokes_init (GstTfrStrokes *s);
void gst_tfr_strokes_clear (GstTfrStrokes *s);

/* What comes has nothing to do with what came; frames go this way. */
void gst_tfr_strokes_restart (GstTfrStrokes *s, gboolean reverse);

/* What a stream of partials looks like as one of points. */
void gst_tfr_strokes_get_header (
    const GstTfrHeader *partials, GstTfrHeader *points);

/* The batch's frames as points: a view until the next call.  A stretch belongs
 * to the frame of the row that completes it. */
void gst_tfr_strokes_draw (
    GstTfrStrokes *s, const GstTfrPartials *partials, GstTfrBatch *points);

#endif
