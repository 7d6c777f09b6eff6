/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "playing.h"

#include <gst/check/gstcheck.h>

guint
playing_rounds (guint few)
{
  return g_getenv ("TFR_TEST_FULL") != NULL ? 20 * few : few;
}

GstElement *
playing_launch (const gchar *description)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);

  fail_unless (error == NULL, "%s", error != NULL ? error->message : "");
  return pipeline;
}

guint32
playing_await (GstElement *pipeline, GstMessageType types, const gchar *what)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (
      bus, 20 * GST_SECOND, types | GST_MESSAGE_ERROR);
  guint32 seqnum;

  fail_unless (message != NULL, "%s: nothing in 20 s", what);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    GError *error = NULL;
    gchar *debug = NULL;

    gst_message_parse_error (message, &error, &debug);
    fail ("%s: %s (%s)", what, error->message, debug);
  }
  seqnum = gst_message_get_seqnum (message);
  gst_message_unref (message);
  gst_object_unref (bus);
  return seqnum;
}

void
playing_stop (GstElement *pipeline)
{
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (pipeline);
}
