/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "gsttfrlatency.h"

void
gst_tfr_latency_tell (
    GstElement *element, GstClockTime *field, GstClockTime latency)
{
  gboolean news;

  GST_OBJECT_LOCK (element);
  news = *field != latency;
  *field = latency;
  GST_OBJECT_UNLOCK (element);
  if (!news)
    return;
  GST_DEBUG_OBJECT (
      element, "latency %" GST_TIME_FORMAT, GST_TIME_ARGS (latency));
  gst_element_post_message (
      element, gst_message_new_latency (GST_OBJECT (element)));
}

static void
answer_latency (GstElement *element, const GstClockTime *field, GstPad *sinkpad,
    GstQuery *query)
{
  GstClockTime min = 0, max = GST_CLOCK_TIME_NONE, own;
  gboolean live = FALSE;

  if (gst_pad_peer_query (sinkpad, query))
    gst_query_parse_latency (query, &live, &min, &max);
  GST_OBJECT_LOCK (element);
  own = GST_CLOCK_TIME_IS_VALID (*field) ? *field : 0;
  GST_OBJECT_UNLOCK (element);
  if (GST_CLOCK_TIME_IS_VALID (max))
    max += own;
  gst_query_set_latency (query, live, min + own, max);
}

gboolean
gst_tfr_latency_answer (GstElement *element, const GstClockTime *field,
    GstPad *sinkpad, GstQuery *query)
{
  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_LATENCY:
      answer_latency (element, field, sinkpad, query);
      return TRUE;
    case GST_QUERY_SCHEDULING:
      gst_query_set_scheduling (
          query, GST_SCHEDULING_FLAG_SEQUENTIAL, 1, -1, 0);
      gst_query_add_scheduling_mode (query, GST_PAD_MODE_PUSH);
      return TRUE;
    default:
      return FALSE;
  }
}
