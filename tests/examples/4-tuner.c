/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A tuner.  You will see the note that is loudest in FILE, or at the
 * microphone, each time that it or its distance in cents from the tempered
 * scale changes.
 *
 *     cc 4-tuner.c $(pkg-config --cflags --libs \
 *       gsttfr-1.0 gstreamer-app-1.0) -lm
 *     ./a.out [FILE]
 */

#include <gst/app/gstappsink.h>
#include <gsttfr.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The window holds two periods of the lowest string of a bass; what is weaker
 * than -60 dBFS is not played. */
#define ANALYSIS                                                               \
  "tfrreassign channel-mode=mix window-duration=120000000 "                    \
  "hop-duration=20000000 magnitude-floor=-60"

static void
print_note (double seconds, double hz)
{
  static const char *const names[] = { "C", "C#", "D", "D#", "E", "F", "F#",
    "G", "G#", "A", "A#", "B" };
  static long last_cents = -1;
  char name[32];
  long cents = lround (6900 + 1200 * log2 (hz / 440));
  long note = (cents + 50) / 100;

  if (cents == last_cents || note < 0)
    return;
  last_cents = cents;
  snprintf (name, sizeof name, "%s%ld", names[note % 12], note / 12 - 1);
  printf ("%7.2f s  %-4s %+3ld cents  %8.2f Hz\n", seconds, name,
      cents - note * 100, hz);
  fflush (stdout);
}

static void
use_frame (const GstTfrBatch *batch, guint begin, guint end)
{
  guint top = begin;

  for (guint i = begin + 1; i < end; i++)
    if (batch->magnitude[i] > batch->magnitude[top])
      top = i;
  if (begin < end && batch->frequency[top] > 0)
    print_note (batch->time[top], batch->frequency[top]);
}

static void
use_batch (GstBuffer *buffer)
{
  GstTfrBatch batch;
  GError *error = NULL;
  guint begin = 0;

  if (!gst_tfr_batch_map (&batch, buffer, &error)) {
    fprintf (stderr, "%s\n", error->message);
    g_clear_error (&error);
    return;
  }
  for (guint frame = 0; frame < batch.header.n_frames; frame++) {
    use_frame (&batch, begin, begin + batch.counts[frame]);
    begin += batch.counts[frame];
  }
  gst_tfr_batch_unmap (&batch);
}

/* In the streaming thread. */
static GstFlowReturn
take_sample (GstAppSink *sink, gpointer unused)
{
  GstSample *sample = gst_app_sink_pull_sample (sink);

  if (sample == NULL)
    return GST_FLOW_EOS;
  use_batch (gst_sample_get_buffer (sample));
  gst_sample_unref (sample);
  return GST_FLOW_OK;
}

static GstElement *
build_pipeline (const gchar *path)
{
  GstAppSinkCallbacks callbacks = { .new_sample = take_sample };
  GError *error = NULL;
  GstElement *pipeline, *source, *points;

  pipeline = gst_parse_launch (path != NULL
                                   ? "filesrc name=file ! decodebin ! " ANALYSIS
                                     " ! appsink name=points sync=false"
                                   : "autoaudiosrc ! " ANALYSIS
                                     " ! appsink name=points sync=false",
      &error);
  if (error != NULL) {
    fprintf (stderr, "%s\n", error->message);
    exit (1);
  }
  source = gst_bin_get_by_name (GST_BIN (pipeline), "file");
  if (source != NULL)
    g_object_set (source, "location", path, NULL);
  g_clear_object (&source);
  points = gst_bin_get_by_name (GST_BIN (pipeline), "points");
  gst_app_sink_set_callbacks (GST_APP_SINK (points), &callbacks, NULL, NULL);
  gst_object_unref (points);
  return pipeline;
}

/* Until the end of the file, or an error. */
static int
run (GstElement *pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;
  GError *error;
  int status = 0;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, NULL);
    fprintf (stderr, "%s\n", error->message);
    g_error_free (error);
    status = 1;
  }
  gst_message_unref (message);
  gst_object_unref (bus);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return status;
}

int
main (int argc, char **argv)
{
  GstElement *pipeline;
  int status;

  gst_init (&argc, &argv);
  pipeline = build_pipeline (argc > 1 ? argv[1] : NULL);
  status = run (pipeline);
  gst_object_unref (pipeline);
  return status;
}
