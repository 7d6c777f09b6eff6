/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Live analysis in front of sinks that are slow or stall, and behind sources
 * that drop out: frames come when they should, as late as is told; what would
 * be later is skipped and counted; afterwards all is as before, and nothing
 * grows.  The machine's own delays are those of a chain of two elements that
 * plays beside it. Seconds each; ten minutes with TFR_TEST_FULL=1. */

#include "heap.h"
#include "near.h"
#include "tally.h"

#include <gst/base/gstbasesink.h>
#include <malloc.h>

#define RATE 48000
#define BLOCK 480 /* samples in a buffer of the source */
#define HOP 512
#define FPS 30
#define MOST_LATE 20 /* ms, beyond which the sink leaves a frame out */
#define GROWTH 262144 /* bytes: of frames of 20 kB each, and little else */

#define SOUND(block) \
  "audiotestsrc is-live=true wave=pink-noise samplesperbuffer=" block " ! " \
  "audio/x-raw,format=F32LE,rate=" G_STRINGIFY (RATE) ",channels=1 ! "
#define SINK "fakesink name=sink sync=true signal-handoffs=true "
#define ROAD \
  SOUND (G_STRINGIFY (BLOCK)) "valve name=valve ! " \
  "tfrreassign name=analysis hop-size=" G_STRINGIFY (HOP) " ! " \
  "tfrrender name=render ! " \
  "video/x-raw,width=96,height=54,framerate=" G_STRINGIFY (FPS) "/1 ! " \
  "queue max-size-buffers=2 max-size-time=0 max-size-bytes=0 ! " \
  SINK "qos=true max-lateness=" G_STRINGIFY (MOST_LATE) "000000"
#define MACHINE SOUND ("1600") SINK /* a buffer for each frame */

/* Running times. */
typedef struct {
  GstClockTime pts;
  GstClockTime heard; /* end of the sound that had come then */
  GstClockTime drawn;
  GstClockTime shown; /* NONE: the sink has left it out */
  guint64 skipped;    /* frames so far */
} Frame;

typedef struct {
  GstElement *pipeline, *machine, *render, *valve;
  GstClock *clock;
  GstClockTime told;       /* latency */
  GstClockTime told_drawn; /* that of what leaves tfrrender */
  GMutex lock;             /* of what follows */
  GArray *frames;          /* Frame */
  GArray *delays;          /* gdouble: the machine's, ms */
  GstClockTime heard;
  gint sleep;    /* atomic: us that the sink takes for a frame */
  gsize settled; /* bytes in use after the first seconds */
  gint64 begun;  /* us */
} Live;

static guint
seconds (guint few)
{
  return g_getenv ("TFR_TEST_FULL") != NULL ? 600 : few;
}

static gdouble
to_ms (GstClockTime to, GstClockTime from)
{
  return (gdouble) GST_CLOCK_DIFF (from, to) / GST_MSECOND;
}

/* ------------------------------------------------------------ records ---- */

static GstClockTime
now (Live *l, GstElement *pipeline)
{
  return gst_clock_get_time (l->clock) - gst_element_get_base_time (pipeline);
}

static GstPadProbeReturn
hear (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  Live *l = data;

  g_mutex_lock (&l->lock);
  l->heard = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  g_mutex_unlock (&l->lock);
  return GST_PAD_PROBE_OK;
}

static guint64
count_skipped (Live *l)
{
  GstStructure *stats = NULL;
  guint64 n = 0;

  g_object_get (l->render, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint64 (stats, "frames-skipped", &n));
  gst_structure_free (stats);
  return n;
}

static GstPadProbeReturn
draw (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Live *l = data;
  Frame frame = { .pts = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info)),
    .drawn = now (l, l->pipeline),
    .shown = GST_CLOCK_TIME_NONE,
    .skipped = count_skipped (l) };

  g_mutex_lock (&l->lock);
  frame.heard = l->heard;
  g_array_append_val (l->frames, frame);
  g_mutex_unlock (&l->lock);
  return GST_PAD_PROBE_OK;
}

/* One of the last few drawn. */
static void
show (GstElement *sink, GstBuffer *buffer, GstPad *pad, Live *l)
{
  guint i;

  g_mutex_lock (&l->lock);
  for (i = l->frames->len; i > 0; i--)
    if (g_array_index (l->frames, Frame, i - 1).pts == GST_BUFFER_PTS (buffer))
      break;
  if (i > 0)
    g_array_index (l->frames, Frame, i - 1).shown = now (l, l->pipeline);
  g_mutex_unlock (&l->lock);
  g_usleep ((gulong) g_atomic_int_get (&l->sleep));
}

static void
delay (GstElement *sink, GstBuffer *buffer, GstPad *pad, Live *l)
{
  gdouble ms = to_ms (now (l, l->machine),
      GST_BUFFER_PTS (buffer) +
          gst_base_sink_get_latency (GST_BASE_SINK (sink)));

  g_mutex_lock (&l->lock);
  g_array_append_val (l->delays, ms);
  g_mutex_unlock (&l->lock);
}

/* ----------------------------------------------------------- to watch ---- */

static void
heed (Live *l)
{
  GstBus *bus = gst_element_get_bus (l->pipeline);
  GstMessage *message;

  while ((message = gst_bus_pop (bus)) != NULL) {
    GError *error = NULL;

    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
      gst_message_parse_error (message, &error, NULL);
      fail ("%s", error->message);
    }
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
      gst_bin_recalculate_latency (GST_BIN (l->pipeline));
    gst_message_unref (message);
  }
  gst_object_unref (bus);
}

static void
watch (Live *l, gdouble s)
{
  gint64 end = g_get_monotonic_time () + (gint64) (s * G_USEC_PER_SEC);

  while (g_get_monotonic_time () < end) {
    g_usleep (20000);
    heed (l);
  }
}

/* ------------------------------------------------------------- figures ---- */

static gint
compare (gconstpointer a, gconstpointer b)
{
  const gdouble *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static gdouble
quantile (GArray *values, gdouble share)
{
  g_array_sort (values, compare);
  return values->len == 0 ? NAN
                          : g_array_index (values, gdouble,
                                (guint) (share * (values->len - 1)));
}

typedef struct {
  guint n, n_shown;
  gint64 n_due; /* by the time stamps of the first and the last */
  guint64 skipped;
  gdouble off_grid; /* ns, of a time stamp, at most */
  gdouble drawn;    /* ms after its time, the median of them */
  gdouble
      heard; /* ms of sound after it had come before it was drawn, at most */
  gdouble shown, late; /* ms after it was due, the median and nine of ten */
  gdouble machine;      /* the median of the chain beside, so far */
  gdouble machine_late; /* its nine of ten */
} Stretch;

static void
take_frame (const Live *l, const Frame *f, const Frame *first, Stretch *s,
    GArray *drawn, GArray *shown)
{
  guint64 since = f->pts - first->pts;
  gint64 k = (gint64) gst_util_uint64_scale_round (since, FPS, GST_SECOND);
  gdouble ms = to_ms (f->drawn, f->pts);

  s->n++;
  s->n_due = k + 1;
  s->skipped = f->skipped - first->skipped;
  s->off_grid = MAX (
      s->off_grid, fabs ((gdouble) since - (gdouble) k * GST_SECOND / FPS));
  s->heard = MAX (s->heard, to_ms (f->heard, f->pts));
  g_array_append_val (drawn, ms);
  if (f->shown != GST_CLOCK_TIME_NONE) {
    ms = to_ms (f->shown, f->pts + l->told);
    s->n_shown++;
    g_array_append_val (shown, ms);
  }
}

/* From these on. */
typedef struct {
  guint frame, delay;
} Mark;

static Mark
mark (Live *l)
{
  Mark m;

  g_mutex_lock (&l->lock);
  m = (Mark){ l->frames->len, l->delays->len };
  g_mutex_unlock (&l->lock);
  return m;
}

/* The frames from there to the last, which is not yet shown perhaps. */
static Stretch
measure (Live *l, Mark from)
{
  GArray *drawn = g_array_new (FALSE, FALSE, sizeof (gdouble));
  GArray *shown = g_array_new (FALSE, FALSE, sizeof (gdouble));
  GArray *delays = g_array_new (FALSE, FALSE, sizeof (gdouble));
  GArray *recent = g_array_new (FALSE, FALSE, sizeof (gdouble));
  Stretch s = { .heard = -INFINITY };

  g_mutex_lock (&l->lock);
  for (guint i = from.frame; i + 1 < l->frames->len; i++)
    take_frame (l, &g_array_index (l->frames, Frame, i),
        &g_array_index (l->frames, Frame, from.frame), &s, drawn, shown);
  g_array_append_vals (delays, l->delays->data, l->delays->len);
  g_array_append_vals (recent,
      &g_array_index (l->delays, gdouble, from.delay),
      l->delays->len - from.delay);
  g_mutex_unlock (&l->lock);
  s.drawn = quantile (drawn, 0.5);
  s.shown = quantile (shown, 0.5);
  s.late = quantile (shown, 0.9);
  s.machine = quantile (delays, 0.5);
  s.machine_late = quantile (recent, 0.9);
  g_array_unref (drawn);
  g_array_unref (shown);
  g_array_unref (delays);
  g_array_unref (recent);
  return s;
}

static guint
n_frames (Live *l)
{
  guint n;

  g_mutex_lock (&l->lock);
  n = l->frames->len;
  g_mutex_unlock (&l->lock);
  return n;
}

/* ------------------------------------------------------------- the road ----
 */

static GstElement *
play (Live *l, const gchar *description, GCallback handoff)
{
  GstElement *pipeline = gst_parse_launch (description, NULL);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");

  gst_pipeline_use_clock (GST_PIPELINE (pipeline), l->clock);
  g_signal_connect (sink, "handoff", handoff, l);
  gst_object_unref (sink);
  return pipeline;
}

static void
probe (
    Live *l, const gchar *name, const gchar *pad_name, GstPadProbeCallback call)
{
  GstElement *element = gst_bin_get_by_name (GST_BIN (l->pipeline), name);
  GstPad *pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, call, l, NULL);
  gst_object_unref (pad);
  gst_object_unref (element);
}

static GstClockTime
latency_of (GstElement *element, const gchar *pad_name)
{
  GstPad *pad =
      pad_name != NULL ? gst_element_get_static_pad (element, pad_name) : NULL;
  GstQuery *query = gst_query_new_latency ();
  GstClockTime least;
  gboolean live;

  fail_unless (pad != NULL ? gst_pad_query (pad, query)
                           : gst_element_query (element, query));
  gst_query_parse_latency (query, &live, &least, NULL);
  fail_unless (live);
  gst_query_unref (query);
  g_clear_object (&pad);
  return least;
}

static void
begin (Live *l)
{
  *l = (Live){ .begun = g_get_monotonic_time () };
  g_mutex_init (&l->lock);
  l->clock = gst_system_clock_obtain ();
  /* of all that comes, so that they do not grow */
  l->frames = g_array_sized_new (FALSE, FALSE, sizeof (Frame), 40000);
  l->delays = g_array_sized_new (FALSE, FALSE, sizeof (gdouble), 40000);
  l->pipeline = play (l, ROAD, G_CALLBACK (show));
  l->machine = play (l, MACHINE, G_CALLBACK (delay));
  l->render = gst_bin_get_by_name (GST_BIN (l->pipeline), "render");
  l->valve = gst_bin_get_by_name (GST_BIN (l->pipeline), "valve");
  probe (l, "analysis", "sink", hear);
  probe (l, "render", "src", draw);
  gst_element_set_state (l->machine, GST_STATE_PLAYING);
  gst_element_set_state (l->pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 200 && n_frames (l) < 2 * FPS; i++)
    watch (l, 0.1);
  fail_unless (n_frames (l) >= 2 * FPS, "%u frames after 20 s", n_frames (l));
  /* the queue full once, and all frames in use that may be */
  g_atomic_int_set (&l->sleep, 100000);
  watch (l, 1);
  g_atomic_int_set (&l->sleep, 0);
  watch (l, 1);
  l->told = latency_of (l->pipeline, NULL);
  l->told_drawn = latency_of (l->render, "src");
  malloc_trim (0);
  l->settled = heap_in_use ();
}

static void
finish (Live *l)
{
  tally ((gdouble) (g_get_monotonic_time () - l->begun) / 3.6e9, "hours live");
  fail_unless_equals_int (gst_element_set_state (l->pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (l->machine, GST_STATE_NULL);
  gst_object_unref (l->render);
  gst_object_unref (l->valve);
  gst_object_unref (l->pipeline);
  gst_object_unref (l->machine);
  gst_object_unref (l->clock);
  g_array_unref (l->frames);
  g_array_unref (l->delays);
  g_mutex_clear (&l->lock);
}

/* ------------------------------------------------------- what should be ----
 */

/* The latency is what the sound needs, and at most the source's buffer and a
 * hop more; not by the clock, so the machine has no part in it. */
static void
assert_latency (const Live *l, const Stretch *s)
{
  gdouble told = to_ms (l->told_drawn, 0);

  assert_at_most (s->heard, told, "ms of sound that a frame waits for");
  assert_at_most (
      told, s->heard + (BLOCK + HOP) * 1000.0 / RATE, "ms of latency told");
}

/* Frames follow each other at their rate: of those that are due each was drawn,
 * or skipped and counted, at the nanosecond of its number. */
static void
assert_all_accounted (const Stretch *s)
{
  assert_at_most (s->off_grid, 1, "ns between a time stamp and its number");
  assert_near ((gdouble) (s->n + s->skipped), (gdouble) s->n_due, 0,
      "%u frames drawn and %" G_GUINT64_FORMAT " skipped", s->n, s->skipped);
}

/* Seconds in which each frame was in time, drawn and shown; the machine may be
 * too busy for some. */
static gboolean
is_on_time (const Live *l, const Stretch *s)
{
  return s->n_due >= 2 * FPS && s->n >= s->n_due - 2 &&
         s->n_shown >= s->n - 3 &&
         s->drawn <= to_ms (l->told_drawn, 0) + s->machine + 5 &&
         fabs (s->shown - s->machine) <= MOST_LATE / 2 && s->late <= MOST_LATE;
}

/* On time again, within seconds in which the machine is not late itself, and no
 * larger than it was. */
static Stretch
expect_recovery (Live *l)
{
  gboolean done = FALSE;
  Stretch s;

  for (guint i = 0, n_fit = 0; i < 10 && n_fit < 4 && !done; i++) {
    Mark from;

    watch (l, 0.5);
    from = mark (l);
    watch (l, 3);
    s = measure (l, from);
    done = is_on_time (l, &s);
    n_fit += s.machine_late <= MOST_LATE / 4;
  }
  fail_unless (done,
      "of %" G_GINT64_FORMAT
      " frames due in 3 s %u were drawn, %g ms after their "
      "time, and %u shown, %g ms late, nine of ten %g; told %g, the machine %g",
      s.n_due, s.n, s.drawn, s.n_shown, s.shown, s.late,
      to_ms (l->told_drawn, 0), s.machine);
  assert_all_accounted (&s);
  assert_latency (l, &s);
  assert_at_most ((gdouble) heap_in_use (), (gdouble) l->settled + GROWTH,
      "bytes in use");
  return s;
}

GST_START_TEST (a_paced_source_is_followed)
{
  Stretch before, whole, after;
  Mark from;
  Live l;

  begin (&l);
  before = expect_recovery (&l);
  from = mark (&l);
  watch (&l, seconds (4));
  whole = measure (&l, from);
  assert_all_accounted (&whole);
  assert_latency (&l, &whole);
  assert_at_most ((gdouble) whole.skipped, 0.05 * (gdouble) whole.n_due + 5,
      "frames skipped while nothing was in the way");
  after = expect_recovery (&l);
  assert_near (
      after.drawn, before.drawn, 10, "ms, at the end and at the start");
  assert_near (after.heard, before.heard, 10, "ms of sound, by then");
  finish (&l);
}
GST_END_TEST;

GST_START_TEST (an_overloaded_sink_costs_frames_and_no_time)
{
  static const gint sleep = 60000; /* us, of 33 ms */
  Mark from;
  Stretch s;
  Live l;

  begin (&l);
  g_atomic_int_set (&l.sleep, sleep);
  watch (&l, 1);
  from = mark (&l);
  watch (&l, seconds (4));
  s = measure (&l, from);
  assert_all_accounted (&s);
  assert_latency (&l, &s);
  /* as many as it can take, half of them on a busy machine, and no late ones */
  assert_at_most ((gdouble) s.n_due * 1e6 / FPS / sleep / 2, s.n_shown,
      "frames that the sink could have shown in the time of %" G_GINT64_FORMAT,
      s.n_due);
  assert_at_most (s.late, MOST_LATE + sleep / 1000.0 + s.machine,
      "ms late, nine of ten, under load");
  g_atomic_int_set (&l.sleep, 0);
  expect_recovery (&l);
  finish (&l);
}
GST_END_TEST;

/* Of 1.5 s.  Whether it was on time again 1 s after its end, or the machine was
 * late too. */
static gboolean
stall (Live *l)
{
  guint64 skipped = count_skipped (l);
  Stretch after;
  Mark from;

  g_atomic_int_set (&l->sleep, 1500000);
  watch (l, 1);
  g_atomic_int_set (&l->sleep, 0);
  watch (l, 1.6);
  skipped = count_skipped (l) - skipped;
  assert_at_most (
      FPS, (gdouble) skipped, "frames to skip in a stall of 1.5 s");
  from = mark (l);
  watch (l, 2.4);
  after = measure (l, from);
  return is_on_time (l, &after) || after.machine_late > MOST_LATE / 4;
}

GST_START_TEST (a_stalled_sink_is_caught_up_with)
{
  guint n = seconds (4) / 4, n_good = 0;
  Stretch whole;
  Mark from;
  Live l;

  begin (&l);
  from = mark (&l);
  for (guint i = 0; i < n; i++)
    n_good += stall (&l);
  assert_at_most (0.75 * (n - 1), n_good, "stalls of %u caught up with", n);
  whole = measure (&l, from);
  assert_all_accounted (&whole);
  expect_recovery (&l);
  finish (&l);
}
GST_END_TEST;

/* Whether a frame is shown that has waited for sound of after this moment. */
static gboolean
is_shown_after (Live *l, GstClockTime moment)
{
  gboolean found = FALSE;

  g_mutex_lock (&l->lock);
  for (guint i = l->frames->len; i > 0 && !found; i--) {
    const Frame *f = &g_array_index (l->frames, Frame, i - 1);

    if (f->heard < moment)
      break;
    found = f->shown != GST_CLOCK_TIME_NONE;
  }
  g_mutex_unlock (&l->lock);
  return found;
}

/* ms from the return of the sound until it is seen. */
static gdouble
drop_out (Live *l, gdouble s)
{
  GstClockTime back, seen;

  g_object_set (l->valve, "drop", TRUE, NULL);
  watch (l, s);
  g_object_set (l->valve, "drop", FALSE, NULL);
  back = now (l, l->pipeline);
  for (seen = back; seen < back + 20 * GST_SECOND && !is_shown_after (l, back);
       seen = now (l, l->pipeline))
    watch (l, 0.01);
  return to_ms (seen, back);
}

GST_START_TEST (drop_outs_of_the_source_are_bridged)
{
  GRand *rand = g_rand_new_with_seed (3);
  GArray *waits = g_array_new (FALSE, FALSE, sizeof (gdouble));
  Stretch whole;
  Mark from;
  Live l;

  begin (&l);
  from = mark (&l);
  for (guint i = 0; i < 2 * seconds (4); i++) {
    gdouble wait = drop_out (&l, g_rand_double_range (rand, 0.02, 0.25));

    assert_at_most (wait, 15000, "ms until sound is seen after drop-out %u", i);
    g_array_append_val (waits, wait);
    watch (&l, 0.25);
  }
  assert_at_most (
      quantile (waits, 0.5), 250, "ms until sound is seen, the median");
  whole = measure (&l, from);
  assert_all_accounted (&whole);
  expect_recovery (&l);
  finish (&l);
  g_array_unref (waits);
  g_rand_free (rand);
}
GST_END_TEST;

static Suite *
live_suite (void)
{
  Suite *s = suite_create ("live");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, seconds (100) + 300);
  tcase_add_test (tc, a_paced_source_is_followed);
  tcase_add_test (tc, an_overloaded_sink_costs_frames_and_no_time);
  tcase_add_test (tc, a_stalled_sink_is_caught_up_with);
  tcase_add_test (tc, drop_outs_of_the_source_are_bridged);
  return s;
}

GST_CHECK_MAIN (live);
