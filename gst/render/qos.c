/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "qos.h"

/* Quality in a message is out of so many; skipping frames does not lower it. */
#define FULL_QUALITY 1000000

void
gst_tfr_qos_reset (GstTfrQos *qos)
{
  qos->earliest = GST_CLOCK_TIME_NONE;
  qos->proportion = 1;
}

/* As basesink reports it: what is later than this has a chance. */
void
gst_tfr_qos_take (GstTfrQos *qos, GstEvent *event)
{
  GstClockTime timestamp;
  GstClockTimeDiff diff;
  gdouble proportion;

  gst_event_parse_qos (event, NULL, &proportion, &diff, &timestamp);
  if (!GST_CLOCK_TIME_IS_VALID (timestamp))
    return;
  qos->proportion = proportion;
  if (diff > 0)
    qos->earliest = timestamp + MIN ((GstClockTime) (2 * diff), GST_SECOND) +
                    qos->frame_duration;
  else
    qos->earliest = timestamp + (GstClockTime) MAX (diff, -(gint64) timestamp);
}

gboolean
gst_tfr_qos_is_late (const GstTfrQos *qos, GstClockTime running)
{
  return GST_CLOCK_TIME_IS_VALID (running) &&
         GST_CLOCK_TIME_IS_VALID (qos->earliest) && running <= qos->earliest;
}

GstMessage *
gst_tfr_qos_skip (GstTfrQos *qos, GstObject *source, const GstSegment *segment,
    GstClockTime pts, GstClockTime duration)
{
  GstClockTime running =
      gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts);
  GstClockTime stream =
      gst_segment_to_stream_time (segment, GST_FORMAT_TIME, pts);
  GstMessage *message =
      gst_message_new_qos (source, FALSE, running, stream, pts, duration);

  qos->n_skipped++;
  gst_message_set_qos_values (message, GST_CLOCK_DIFF (running, qos->earliest),
      qos->proportion, FULL_QUALITY);
  gst_message_set_qos_stats (
      message, GST_FORMAT_BUFFERS, qos->n_drawn, qos->n_skipped);
  return message;
}
