/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which sample position an input buffer has. */

#ifndef GST_TFR_TIMELINE_H
#define GST_TFR_TIMELINE_H

#include <gst/gst.h>

typedef struct {
  guint rate;     /* Hz */
  gboolean known; /* whether `next` means anything */
  gint64 next;    /* position after the samples so far; in reverse: of the first
                     of them */
} GstTfrTimeline;

typedef enum {
  GST_TFR_TIMELINE_START,     /* the first samples */
  GST_TFR_TIMELINE_CONTINUES, /* they follow those before */
  GST_TFR_TIMELINE_JUMPS,     /* something lies between */
} GstTfrTimelineStep;

/* The sample that sounds at this time.  PTS are rounded down to ns and cut to
 * segment starts by those who made them, hence the tolerance. */
gint64 gst_tfr_timeline_position (GstClockTime pts, guint rate);

/* Places n samples: *position is that of the first.  `start` is used where no
 * PTS was ever seen. */
GstTfrTimelineStep gst_tfr_timeline_place (GstTfrTimeline *t, GstClockTime pts,
    gboolean discont, gsize n, gboolean reverse, GstClockTime start,
    gint64 *position);

void gst_tfr_timeline_forget (GstTfrTimeline *t);

#endif
