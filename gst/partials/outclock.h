/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The time stamps of sound whose tempo is not that of its source: from each
 * change of tempo on its samples are counted, in a segment whose applied rate
 * is the tempo, so that stream time goes on as in the source. */

#ifndef GST_TFR_OUTCLOCK_H
#define GST_TFR_OUTCLOCK_H

#include <gst/gst.h>

typedef struct {
  GstSegment in, out;
  gdouble tempo;
  gboolean stretched; /* since the last flush there was another tempo than 1 */
  guint rate;
  GstClockTime anchor_in, anchor_out; /* the same instant in both */
  guint64 count;                      /* samples since then */
} GstTfrOutClock;

/* As after a flush. */
void gst_tfr_out_clock_reset (GstTfrOutClock *c);

/* A segment (of time, rate > 0) begins; `out` is the one to send on. */
void gst_tfr_out_clock_begin (GstTfrOutClock *c, const GstSegment *in);

/* The next sample is of this time in the source. */
void gst_tfr_out_clock_place (GstTfrOutClock *c, GstClockTime pts, guint rate);

/* The tempo from the next sample on; TRUE with a new `out` to send first. */
gboolean gst_tfr_out_clock_set_tempo (GstTfrOutClock *c, gdouble tempo);

/* Time stamp and duration of the next n samples. */
void gst_tfr_out_clock_tick (
    GstTfrOutClock *c, guint64 n, GstClockTime *pts, GstClockTime *duration);

/* A time of the source. */
GstClockTime gst_tfr_out_clock_map (const GstTfrOutClock *c, GstClockTime time);

#endif
