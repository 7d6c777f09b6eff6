/* SPDX-License-Identifier: GPL-2.0-or-later */

/* When video frames are due and which time stamps they have: in integers on
 * sample positions, never by adding up durations.
 *
 * Frame k lasts from base + k D to base + (k + 1) D and shows the signal up to
 * its end.  Positions count in the direction of play: in reverse they are
 * negated sample positions. */

#ifndef GST_TFR_FRAMECLOCK_H
#define GST_TFR_FRAMECLOCK_H

#include <gst/gst.h>

typedef struct {
  guint rate;                 /* positions per second */
  guint64 length_n, length_d; /* D = length_n / length_d seconds */
  gint64 base;                /* position */
  GstClockTime base_pts;
  gboolean reverse;
  guint64 next; /* k of the next frame */
} GstTfrFrameClock;

/* Frame 0 begins at this position, which has this time. */
void gst_tfr_frame_clock_start (
    GstTfrFrameClock *clock, gint64 base, GstClockTime pts);

/* Another length of frames, from the next one on. */
void gst_tfr_frame_clock_set_length (
    GstTfrFrameClock *clock, guint64 length_n, guint64 length_d);

/* Whether the next frame ends at or before the position. */
gboolean gst_tfr_frame_clock_due (
    const GstTfrFrameClock *clock, gint64 position);

/* Frames that it takes to show everything up to the position: at least one. */
guint64 gst_tfr_frame_clock_count (
    const GstTfrFrameClock *clock, gint64 position);

/* Frames that end at or before the position. */
guint64 gst_tfr_frame_clock_passed (
    const GstTfrFrameClock *clock, gint64 position);

/* Passes over frames that end at or before the position. */
void gst_tfr_frame_clock_skip (GstTfrFrameClock *clock, gint64 position);

/* Seconds from base to the end of the next frame. */
gdouble gst_tfr_frame_clock_edge (const GstTfrFrameClock *clock);

/* Time stamp and duration of the next frame; then on to the one after it. */
void gst_tfr_frame_clock_tick (
    GstTfrFrameClock *clock, GstClockTime *pts, GstClockTime *duration);

#endif
