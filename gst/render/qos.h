/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Whether a video frame would still be in time, as the sink reports it. */

#ifndef GST_TFR_QOS_H
#define GST_TFR_QOS_H

#include <gst/gst.h>

typedef struct {
  GstClockTime earliest; /* running time that is not yet too late, or NONE */
  gdouble proportion;
  GstClockTime frame_duration;
  guint64 n_drawn, n_skipped;
} GstTfrQos;

/* Forgets what was reported; all else stays. */
void gst_tfr_qos_reset (GstTfrQos *qos);

/* Takes a QOS event. */
void gst_tfr_qos_take (GstTfrQos *qos, GstEvent *event);

/* Whether a frame at this running time would come too late. */
gboolean gst_tfr_qos_is_late (const GstTfrQos *qos, GstClockTime running);

/* Counts a frame of the segment that is skipped, and says so in a message. */
GstMessage *gst_tfr_qos_skip (GstTfrQos *qos, GstObject *source,
    const GstSegment *segment, GstClockTime pts, GstClockTime duration);

#endif
