/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "element.h"

#include "timing.h"

#include <gst/gst.h>

#define BUFFER 1024 /* samples */
#define N_BUFFERS 600

typedef struct {
  GstElement *pipeline;
  GstPad *source;
  GstBuffer *buffers[N_BUFFERS];
} Bench;

static void
make_buffers (Bench *b, gboolean sound)
{
  gdouble *x = g_new0 (gdouble, N_BUFFERS * BUFFER);

  if (sound)
    make_sound (x, N_BUFFERS * BUFFER);
  for (guint i = 0; i < N_BUFFERS; i++) {
    gfloat *samples = g_new (gfloat, BUFFER);

    for (guint k = 0; k < BUFFER; k++)
      samples[k] = (gfloat) x[i * BUFFER + k];
    b->buffers[i] = gst_buffer_new_wrapped (samples, BUFFER * sizeof *samples);
    GST_BUFFER_PTS (b->buffers[i]) =
        gst_util_uint64_scale (i * BUFFER, GST_SECOND, RATE);
    GST_BUFFER_DURATION (b->buffers[i]) =
        gst_util_uint64_scale (BUFFER, GST_SECOND, RATE);
  }
  g_free (x);
}

/* Up to where buffers can be pushed. */
static void
bench_begin (Bench *b, const gchar *launch, gboolean sound)
{
  gchar *line =
      g_strdup_printf ("%s name=a ! fakesink async=false sync=false", launch);
  GstElement *a;
  GstPad *sink;
  GstSegment segment;
  GstCaps *caps = gst_caps_from_string (
      "audio/x-raw, format=F32LE, layout=interleaved, rate=48000, channels=1");

  make_buffers (b, sound);
  b->pipeline = gst_parse_launch (line, NULL);
  a = gst_bin_get_by_name (GST_BIN (b->pipeline), "a");
  sink = gst_element_get_static_pad (a, "sink");
  b->source = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_link (b->source, sink);
  gst_pad_set_active (b->source, TRUE);
  gst_element_set_state (b->pipeline, GST_STATE_PLAYING);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (b->source, gst_event_new_stream_start ("bench"));
  gst_pad_push_event (b->source, gst_event_new_caps (caps));
  gst_pad_push_event (b->source, gst_event_new_segment (&segment));
  gst_caps_unref (caps);
  gst_object_unref (sink);
  gst_object_unref (a);
  g_free (line);
}

static void
bench_push (Bench *b)
{
  for (guint i = 0; i < N_BUFFERS; i++)
    gst_pad_push (b->source, gst_buffer_ref (b->buffers[i]));
}

static guint64
bench_frames (const Bench *b)
{
  GstElement *a = gst_bin_get_by_name (GST_BIN (b->pipeline), "a");
  GstStructure *stats;
  guint64 frames = 0;

  g_object_get (a, "stats", &stats, NULL);
  gst_structure_get_uint64 (stats, "frames", &frames);
  gst_structure_free (stats);
  gst_object_unref (a);
  return frames;
}

static void
bench_end (Bench *b)
{
  gst_element_set_state (b->pipeline, GST_STATE_NULL);
  gst_pad_set_active (b->source, FALSE);
  gst_object_unref (b->source);
  gst_object_unref (b->pipeline);
  for (guint i = 0; i < N_BUFFERS; i++)
    gst_buffer_unref (b->buffers[i]);
}

double
time_element (const char *launch, bool sound)
{
  double times[RUNS];

  for (int run = 0; run < RUNS; run++) {
    Bench b;
    double start;

    bench_begin (&b, launch, sound);
    start = cpu_seconds ();
    bench_push (&b);
    times[run] = (cpu_seconds () - start) * 1e6 / (double) bench_frames (&b);
    bench_end (&b);
  }
  return median (times);
}

double
count_in_element (const char *launch)
{
  Bench b;
  size_t before, after;
  double frames;

  bench_begin (&b, launch, TRUE);
  before = count_allocations ();
  bench_push (&b);
  after = count_allocations ();
  frames = (double) bench_frames (&b);
  bench_end (&b);
  return (double) (after - before) / frames;
}

static double
time_on_the_wall (const char *launch)
{
  Bench b;
  double start, time;

  bench_begin (&b, launch, TRUE);
  start = wall_seconds ();
  bench_push (&b);
  time = wall_seconds () - start;
  bench_end (&b);
  return time;
}

double
compare_elements (const char *slow, const char *fast)
{
  double ratios[RUNS];

  for (int run = 0; run < RUNS; run++) {
    double time = time_on_the_wall (slow);

    ratios[run] = time / time_on_the_wall (fast);
  }
  return median (ratios);
}

static void
note_time (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer data)
{
  double *time = data;

  if (*time == 0)
    *time = wall_seconds ();
}

double
time_first_frame (const char *file)
{
  double times[RUNS];

  for (int run = -1; run < RUNS; run++) { /* the first one loads plug-ins */
    gchar *line = g_strdup_printf (
        "filesrc location=\"%s\" ! decodebin ! tfrreassign ! tfrrender ! "
        "fakesink name=sink signal-handoffs=true sync=false",
        file);
    GstElement *pipeline = gst_parse_launch (line, NULL);
    GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
    double first = 0, start = wall_seconds ();

    g_signal_connect (sink, "preroll-handoff", G_CALLBACK (note_time), &first);
    g_signal_connect (sink, "handoff", G_CALLBACK (note_time), &first);
    gst_element_set_state (pipeline, GST_STATE_PLAYING);
    gst_element_get_state (pipeline, NULL, NULL, 5 * GST_SECOND);
    gst_element_set_state (pipeline, GST_STATE_NULL);
    if (run >= 0)
      times[run] = (first - start) * 1e3;
    gst_object_unref (sink);
    gst_object_unref (pipeline);
    g_free (line);
  }
  return median (times);
}
