/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "gsttfrsegment.h"

GstEvent *
gst_tfr_segment_in_time (GstEvent *event)
{
  const GstSegment *segment;
  GstSegment timed;
  GstEvent *replacement;

  gst_event_parse_segment (event, &segment);
  if (segment->format == GST_FORMAT_TIME)
    return event;
  gst_segment_init (&timed, GST_FORMAT_TIME);
  replacement = gst_event_new_segment (&timed);
  gst_event_set_seqnum (replacement, gst_event_get_seqnum (event));
  gst_event_unref (event);
  return replacement;
}

gboolean
gst_tfr_segment_is_same (const GstSegment *a, const GstSegment *b)
{
  GstSegment copy = *b;

  copy.position = a->position;
  return gst_segment_is_equal (a, &copy);
}
