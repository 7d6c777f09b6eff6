/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What an element that holds data back says of it. */

#ifndef GST_TFR_LATENCY_H
#define GST_TFR_LATENCY_H

#include <gst/gst.h>

/* Keeps the element's own latency in a field under its object lock, and posts
 * that it is another.  GST_CLOCK_TIME_NONE there: not known yet. */
void gst_tfr_latency_tell (
    GstElement *element, GstClockTime *field, GstClockTime latency);

/* Answers what is asked at the source pad of the latency, upstream's and the
 * element's own, and of scheduling: such an element cannot be pulled from.
 * FALSE where something else is asked. */
gboolean gst_tfr_latency_answer (GstElement *element, const GstClockTime *field,
    GstPad *sinkpad, GstQuery *query);

#endif
