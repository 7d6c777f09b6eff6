/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which sample positions an input buffer has, and which of them lie inside the
 * segment. */

#ifndef GST_TFR_TIMELINE_H
#define GST_TFR_TIMELINE_H

#include <gst/gst.h>

typedef struct {
  guint rate; /* Hz */
  gboolean reverse;
  GstClockTime start, stop; /* of the segment; NONE: unbounded */

  gboolean known; /* whether `next` means anything */
  gint64 next;    /* position after the samples so far; in reverse: of the first
                     of them */
} GstTfrTimeline;

typedef enum {
  GST_TFR_TIMELINE_START,     /* the first samples */
  GST_TFR_TIMELINE_CONTINUES, /* they follow those before */
  GST_TFR_TIMELINE_JUMPS,     /* something lies between */
  GST_TFR_TIMELINE_OUTSIDE,   /* no sample lies inside the segment */
} GstTfrTimelineStep;

/* Those of n samples that lie inside the segment. */
typedef struct {
  gint64 position; /* of the first */
  gsize skip;      /* samples before that one */
  gsize n;
} GstTfrStretch;

/* The sample that sounds at this time.  PTS are rounded down to ns and cut to
 * segment starts by those who made them, hence the tolerance. */
gint64 gst_tfr_timeline_position (GstClockTime pts, guint rate);

/* A new segment, which also forgets the count. */
void gst_tfr_timeline_set_segment (
    GstTfrTimeline *t, const GstSegment *segment);

/* Places n samples. */
GstTfrTimelineStep gst_tfr_timeline_place (GstTfrTimeline *t, GstClockTime pts,
    gboolean discont, gsize n, GstTfrStretch *stretch);

/* Samples of the silence between two times; one that is off by rounding from the
 * samples so far follows them. */
gsize gst_tfr_timeline_silence (
    const GstTfrTimeline *t, GstClockTime start, GstClockTime stop);

void gst_tfr_timeline_forget (GstTfrTimeline *t);

#endif
