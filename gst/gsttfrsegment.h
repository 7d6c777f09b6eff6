/* SPDX-License-Identifier: GPL-2.0-or-later */

/* SEGMENT events as the elements take them in. */

#ifndef GST_TFR_SEGMENT_H
#define GST_TFR_SEGMENT_H

#include <gst/gst.h>

/* Takes a SEGMENT event; one that is not of time, as a file of raw bytes sends,
 * becomes one of all time. */
GstEvent *gst_tfr_segment_in_time (GstEvent *event);

/* Whether nothing but the position in it differs. */
gboolean gst_tfr_segment_is_same (const GstSegment *a, const GstSegment *b);

#endif
