/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Latency, quality of service, and what changes while tfrrender plays. */

#include "near.h"
#include "video.h"

#include <gst/controller/controller.h>

#define RATE 8000
#define HOP 64
#define SPAN "tfrrender time-span=1000000000 frequency-scale=mel "
#define VIDEO "video/x-raw, format=BGRx, width=160, height=120, framerate=25/1"

static guint
fill_scribble (gint64 centre, guint channel, gdouble *time, gdouble *frequency,
    gfloat *magnitude, gconstpointer data)
{
  for (guint i = 0; i < 12; i++) {
    time[i] =
        ((gdouble) centre + 20 * sin (0.01 * (gdouble) centre + i)) / RATE;
    frequency[i] = 2000 + 160 * (i + 1) * sin (0.0007 * (gdouble) centre + i);
    magnitude[i] = (gfloat) (0.5 / (i + 1));
  }
  return 12;
}

static const TestStream scribble = { RATE, 256, HOP, 1, fill_scribble, NULL };

static GstElement *
render_of (GstHarness *h)
{
  GstElement *render = gst_harness_find_element (h, "tfrrender");

  gst_object_unref (render); /* the harness has it */
  return render;
}

/* ------------------------------------------------------------- latency ---- */

/* How much later than its time stamp the latest frame comes, when a batch comes
 * at its own: upstream's latency is 0 then. */
static GstClockTime
measure_delay (GstHarness *h, guint frames_per_batch, GstClockTime *told)
{
  GPtrArray *batches = test_batches (&scribble, 0, 2 * RATE, frames_per_batch);
  GstClockTime delay = 0;
  GstBuffer *frame;

  for (guint i = 0; i < batches->len; i++) {
    GstClockTime now = GST_BUFFER_PTS ((GstBuffer *) batches->pdata[i]);

    fail_unless_equals_int (
        gst_harness_push (h, batches->pdata[i]), GST_FLOW_OK);
    while ((frame = gst_harness_try_pull (h)) != NULL) {
      delay = MAX (delay, now - MIN (now, GST_BUFFER_PTS (frame)));
      gst_buffer_unref (frame);
    }
  }
  *told = gst_harness_query_latency (h);
  g_ptr_array_unref (batches);
  return delay;
}

GST_START_TEST (the_latency_is_what_is_told)
{
  static const gchar *const launches[] = { SPAN, SPAN "splat-radius=5",
    SPAN "now-policy=progressive", SPAN "scroll-mode=page time-span=300000000",
    "tfrrender time-span=60000000000", "tfrrender splat=nearest" };
  static const guint per_batch[] = { 1, 3 };

  for (guint i = 0; i < G_N_ELEMENTS (launches); i++) {
    for (guint b = 0; b < G_N_ELEMENTS (per_batch); b++) {
      GstHarness *h = test_harness (launches[i], VIDEO);
      GstClockTime told, delay = measure_delay (h, per_batch[b], &told);
      /* a batch comes at once, not hop by hop */
      GstClockTime grain = per_batch[b] * HOP * GST_SECOND / RATE;

      fail_unless (delay <= told && delay + grain >= told,
          "%s: a frame came %" G_GUINT64_FORMAT
          " ns late, told %" G_GUINT64_FORMAT,
          launches[i], delay, told);
      gst_harness_teardown (h);
    }
  }
}
GST_END_TEST;

GST_START_TEST (latency_adds_to_that_of_upstream)
{
  GstHarness *h = test_harness (SPAN, VIDEO);
  GstClockTime told, min, max;
  GstQuery *query = gst_query_new_latency ();
  gboolean live;

  measure_delay (h, 1, &told);
  gst_harness_set_upstream_latency (h, GST_SECOND);
  fail_unless (gst_pad_peer_query (h->sinkpad, query));
  gst_query_parse_latency (query, &live, &min, &max);
  fail_unless (live);
  fail_unless_equals_uint64 (min, told + GST_SECOND);
  gst_query_unref (query);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* ----------------------------------------------------------------- QoS ---- */

/* Frames while the sink says, in the middle, that it is late. */
static GPtrArray *
render_late (guint *n_messages, guint64 *n_skipped)
{
  GPtrArray *batches = test_batches (&scribble, 0, 2 * RATE, 1);
  GstHarness *h = test_harness (SPAN, VIDEO);
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GPtrArray *frames;

  gst_element_set_bus (h->element, bus);
  for (guint i = 0; i < batches->len; i++) {
    if (i == batches->len / 2) /* at 1 s */
      gst_harness_push_upstream_event (
          h, gst_event_new_qos (
                 GST_QOS_TYPE_UNDERFLOW, 1.5, 150 * GST_MSECOND, GST_SECOND));
    fail_unless_equals_int (
        gst_harness_push (h, batches->pdata[i]), GST_FLOW_OK);
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  frames = test_pull (h);

  *n_messages = 0;
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_QOS)) != NULL) {
    GstFormat format;
    guint64 processed;

    gst_message_parse_qos_stats (message, &format, &processed, n_skipped);
    fail_unless_equals_int (format, GST_FORMAT_BUFFERS);
    ++*n_messages;
    fail_unless_equals_uint64 (*n_skipped, *n_messages);
    gst_message_unref (message);
  }
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  g_ptr_array_unref (batches);
  gst_harness_teardown (h);
  return frames;
}

/* A late frame is not drawn, but what its points were is in the next. */
GST_START_TEST (late_frames_are_skipped_and_nothing_else)
{
  GPtrArray *all =
      test_render (SPAN, VIDEO, test_batches (&scribble, 0, 2 * RATE, 1));
  guint n_messages;
  guint64 n_skipped;
  GPtrArray *frames = render_late (&n_messages, &n_skipped);

  /* those up to 1 s + 2 * 150 ms + D that had not gone out by then */
  fail_unless_equals_int (all->len, 50);
  fail_unless (n_messages >= 8 && n_messages <= 11, "%u", n_messages);
  fail_unless_equals_int (frames->len + n_messages, all->len);
  for (guint i = 0, k = 0; i < frames->len; i++, k++) {
    GstBuffer *frame = frames->pdata[i];
    gboolean after = k > 0;

    while (
        GST_BUFFER_PTS ((GstBuffer *) all->pdata[k]) != GST_BUFFER_PTS (frame))
      k++;
    after = after && k != i && i > 0 &&
            GST_BUFFER_PTS (frame) !=
                GST_BUFFER_PTS ((GstBuffer *) frames->pdata[i - 1]) +
                    40 * GST_MSECOND;
    fail_unless_equals_int (GST_BUFFER_IS_DISCONT (frame), after || i == 0);
    fail_unless (test_hash (frame) == test_hash (all->pdata[k]),
        "frame %u is another", k);
  }
  g_ptr_array_unref (frames);
  g_ptr_array_unref (all);
}
GST_END_TEST;

/* ---------------------------------------------------------- properties ---- */

typedef struct {
  const gchar *before, *after; /* property=value */
} Change;

static void
set_from_string (GstElement *element, const gchar *assignment)
{
  gchar **parts = g_strsplit (assignment, "=", 2);

  gst_util_set_object_arg (G_OBJECT (element), parts[0], parts[1]);
  g_strfreev (parts);
}

/* A property that is set while playing gives the picture that it would have
 * given from the start. */
GST_START_TEST (properties_that_change_redraw_what_is_there)
{
  static const gchar *const changes[] = { "time-span=500000000",
    "time-span=3000000000", "frequency-scale=linear", "frequency-scale=erb",
    "min-frequency=500", "max-frequency=3000", "min-level=-40", "max-level=0",
    "splat=nearest", "splat=bilinear", "splat-radius=2", "prune=none",
    "sharpness=0", "sharpness=0.5", "color-map=viridis", "invert=true",
    "gamma=2", "tilt=3", "level-reference=density",
    "scroll-mode=scroll-reverse", "scroll-mode=sweep", "orientation=vertical",
    "axes=0", "axes=grid+notes+info", "frequency-labels=notes",
    "time-labels=ago", "tuning=415", "font-desc=Serif 8", "underlay=0.5",
    "background-color=4286578688", "foreground-color=4294901760",
    "now-policy=progressive", "color-by=channel",
    "custom-color-map=0:#000000 1:#ff00ff" };

  for (guint c = 0; c < G_N_ELEMENTS (changes); c++) {
    GstHarness *h = test_harness (SPAN, VIDEO);
    GstHarness *reference = test_harness (SPAN, VIDEO);
    GPtrArray *frames, *expected;

    set_from_string (render_of (reference), changes[c]);
    test_push (h, test_batches (&scribble, 0, RATE, 3));
    set_from_string (render_of (h), changes[c]);
    test_push (h, test_batches (&scribble, RATE, 2 * RATE, 3));
    test_push (reference, test_batches (&scribble, 0, RATE, 3));
    test_push (reference, test_batches (&scribble, RATE, 2 * RATE, 3));
    gst_harness_push_event (h, gst_event_new_eos ());
    gst_harness_push_event (reference, gst_event_new_eos ());
    frames = test_pull (h);
    expected = test_pull (reference);
    fail_unless_equals_int (frames->len, expected->len);
    for (guint k = frames->len / 2 + 1; k < frames->len; k++)
      fail_unless (
          test_hash (frames->pdata[k]) == test_hash (expected->pdata[k]),
          "%s: frame %u of %u", changes[c], k, frames->len);
    g_ptr_array_unref (frames);
    g_ptr_array_unref (expected);
    gst_harness_teardown (h);
    gst_harness_teardown (reference);
  }
}
GST_END_TEST;

/* Any mode after any other, back and forth: frames keep their times. */
GST_START_TEST (modes_change_while_playing)
{
  static const gchar *const modes[] = { "scroll-mode=scroll",
    "scroll-mode=page", "time-span=0", "scroll-mode=sweep",
    "time-span=200000000", "scroll-mode=page", "orientation=vertical",
    "channel-mode=separate", "scroll-mode=scroll-reverse", "freeze=true",
    "scroll-mode=scroll", "freeze=false" };
  GstHarness *h = test_harness (SPAN, VIDEO);
  GstClockTime end = 0;
  GPtrArray *frames;

  for (guint i = 0; i < 3 * G_N_ELEMENTS (modes); i++) {
    set_from_string (render_of (h), modes[i % G_N_ELEMENTS (modes)]);
    test_push (h,
        test_batches (&scribble, i * RATE / 2, (i + 1) * (gint64) RATE / 2, 3));
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  frames = test_pull (h);
  fail_unless (frames->len > 100);
  for (guint k = 0; k < frames->len; k++) {
    GstBuffer *frame = frames->pdata[k];

    assert_near ((gdouble) GST_BUFFER_PTS (frame), (gdouble) end, 1,
        "time of frame %u", k);
    end = GST_BUFFER_PTS (frame) + GST_BUFFER_DURATION (frame);
  }
  fail_unless (end >= 18 * GST_SECOND && end < 18.3 * GST_SECOND);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* What is not asked for is not sent; wishes follow the look. */
GST_START_TEST (the_caps_ask_for_what_the_look_needs)
{
  GstHarness *h = gst_harness_new ("tfrrender");
  GstPad *pad = gst_element_get_static_pad (h->element, "sink");
  GstCaps *caps = gst_pad_query_caps (pad, NULL);
  gboolean mixed, chirp_rate;

  fail_unless (gst_structure_get_boolean (
      gst_caps_get_structure (caps, 0), "mixed", &mixed));
  fail_unless (mixed);
  fail_if (
      gst_structure_has_field (gst_caps_get_structure (caps, 0), "chirp-rate"));
  gst_caps_unref (caps);

  g_object_set (h->element, "follow-chirps", TRUE, "prune", 0, NULL);
  caps = gst_pad_query_caps (pad, NULL);
  fail_unless (gst_structure_get_boolean (
      gst_caps_get_structure (caps, 0), "chirp-rate", &chirp_rate));
  fail_unless (chirp_rate);
  fail_if (gst_structure_has_field (gst_caps_get_structure (caps, 0), "mixed"));
  fail_unless (gst_caps_get_size (caps) >= 2);
  fail_if (
      gst_structure_has_field (gst_caps_get_structure (caps, 1), "chirp-rate"));
  gst_caps_unref (caps);
  gst_object_unref (pad);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_controller_sets_properties_at_their_time)
{
  GstHarness *h = test_harness (SPAN, VIDEO);
  GstControlSource *source = gst_interpolation_control_source_new ();
  GstElement *render = render_of (h);
  GPtrArray *frames, *low, *high;

  g_object_set (source, "mode", GST_INTERPOLATION_MODE_NONE, NULL);
  gst_timed_value_control_source_set (
      GST_TIMED_VALUE_CONTROL_SOURCE (source), 0, -90);
  gst_timed_value_control_source_set (
      GST_TIMED_VALUE_CONTROL_SOURCE (source), GST_SECOND, -40);
  fail_unless (gst_object_add_control_binding (
      GST_OBJECT (render), gst_direct_control_binding_new_absolute (
                               GST_OBJECT (render), "min-level", source)));
  gst_object_unref (source);
  test_push (h, test_batches (&scribble, 0, 2 * RATE, 5));
  gst_harness_push_event (h, gst_event_new_eos ());
  frames = test_pull (h);
  low = test_render (
      SPAN "min-level=-90", VIDEO, test_batches (&scribble, 0, 2 * RATE, 5));
  high = test_render (
      SPAN "min-level=-40", VIDEO, test_batches (&scribble, 0, 2 * RATE, 5));
  fail_unless_equals_int (frames->len, 50);
  for (guint k = 0; k < 50; k++)
    fail_unless (test_hash (frames->pdata[k]) ==
                 test_hash (k < 25 ? low->pdata[k] : high->pdata[k]));
  g_ptr_array_unref (frames);
  g_ptr_array_unref (low);
  g_ptr_array_unref (high);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* ------------------------------------------------------------ snapshots ----
 */

GST_START_TEST (a_snapshot_is_the_frame_before)
{
  GstHarness *h = test_harness (SPAN, VIDEO);
  GstElement *render = render_of (h);
  GstSample *sample = NULL, *kept;
  guint64 hash;
  GstBuffer *frame, *last = NULL;

  g_signal_emit_by_name (render, "snapshot", &sample);
  fail_unless (sample == NULL);
  test_push (h, test_batches (&scribble, 0, RATE, 3));
  while ((frame = gst_harness_try_pull (h)) != NULL) {
    gst_clear_buffer (&last);
    last = frame;
  }
  g_signal_emit_by_name (render, "snapshot", &kept);
  fail_unless (kept != NULL);
  hash = test_hash (last);
  fail_unless (test_hash (gst_sample_get_buffer (kept)) == hash);
  fail_unless (gst_caps_is_fixed (gst_sample_get_caps (kept)));
  gst_buffer_unref (last);

  /* and stays what it is */
  test_push (h, test_batches (&scribble, RATE, 2 * RATE, 3));
  fail_unless (test_hash (gst_sample_get_buffer (kept)) == hash);
  g_signal_emit_by_name (render, "snapshot", &sample);
  fail_unless (test_hash (gst_sample_get_buffer (sample)) != hash);
  gst_sample_unref (kept);
  gst_sample_unref (sample);
  gst_harness_teardown (h);
}
GST_END_TEST;

typedef struct {
  GstElement *render;
  gint stop; /* atomic */
  guint taken, missing;
} Photographer;

static gpointer
photograph (gpointer data)
{
  Photographer *p = data;

  while (!g_atomic_int_get (&p->stop)) {
    GstSample *sample = NULL;

    g_signal_emit_by_name (p->render, "snapshot", &sample);
    p->taken++;
    p->missing += sample == NULL;
    if (sample != NULL)
      gst_sample_unref (sample);
  }
  return NULL;
}

/* One that comes while a frame is being drawn waits for it. */
GST_START_TEST (snapshots_are_taken_while_frames_are_drawn)
{
  GstHarness *h = test_harness (
      SPAN, "video/x-raw, format=BGRx, width=640, height=480, framerate=25/1");
  Photographer p = { render_of (h), 0, 0, 0 };
  GThread *thread;

  test_push (h, test_batches (&scribble, 0, RATE, 3));
  g_ptr_array_unref (test_pull (h));
  thread = g_thread_new ("photographer", photograph, &p);
  for (gint64 at = RATE; at < 8 * RATE; at += 3 * HOP) {
    gst_harness_push (h, test_batch (&scribble, at, 3, at + 3 * HOP));
    g_ptr_array_unref (
        test_pull (h)); /* so that its buffer is drawn on again */
  }
  g_atomic_int_set (&p.stop, 1);
  g_thread_join (thread);
  fail_unless (p.taken > 0);
  fail_unless (p.missing == 0, "%u of %u are missing", p.missing, p.taken);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (an_element_is_used_again)
{
  GstHarness *h = test_harness (SPAN, VIDEO);
  GPtrArray *once, *again;
  GstCaps *caps = gst_caps_from_string (POINTS_CAPS);
  GstSegment segment;
  GstStructure *stats;
  guint64 drawn, points;

  test_push (h, test_batches (&scribble, 0, RATE, 3));
  gst_harness_push_event (h, gst_event_new_eos ());
  once = test_pull (h);
  gst_element_set_state (h->element, GST_STATE_NULL);
  gst_element_set_state (h->element, GST_STATE_PLAYING);
  gst_harness_push_event (h, gst_event_new_stream_start ("again"));
  gst_harness_push_event (h, gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  test_push (h, test_batches (&scribble, 0, RATE, 3));
  gst_harness_push_event (h, gst_event_new_eos ());
  again = test_pull (h);
  fail_unless_equals_int (once->len, 25);
  fail_unless_equals_int (again->len, 25);
  for (guint k = 0; k < 25; k++)
    fail_unless (test_hash (once->pdata[k]) == test_hash (again->pdata[k]));
  g_object_get (render_of (h), "stats", &stats, NULL);
  fail_unless (gst_structure_get (stats, "frames-drawn", G_TYPE_UINT64, &drawn,
      "points", G_TYPE_UINT64, &points, NULL));
  fail_unless_equals_uint64 (drawn, 25);
  fail_unless_equals_uint64 (points, 125 * 12);
  gst_structure_free (stats);
  gst_caps_unref (caps);
  g_ptr_array_unref (once);
  g_ptr_array_unref (again);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrrender_live_suite (void)
{
  Suite *s = suite_create ("tfrrender_live");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, the_latency_is_what_is_told);
  tcase_add_test (tc, latency_adds_to_that_of_upstream);
  tcase_add_test (tc, late_frames_are_skipped_and_nothing_else);
  tcase_add_test (tc, properties_that_change_redraw_what_is_there);
  tcase_add_test (tc, modes_change_while_playing);
  tcase_add_test (tc, the_caps_ask_for_what_the_look_needs);
  tcase_add_test (tc, a_controller_sets_properties_at_their_time);
  tcase_add_test (tc, a_snapshot_is_the_frame_before);
  tcase_add_test (tc, snapshots_are_taken_while_frames_are_drawn);
  tcase_add_test (tc, an_element_is_used_again);
  return s;
}

GST_CHECK_MAIN (tfrrender_live);
