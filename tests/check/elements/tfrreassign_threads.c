/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Several threads at the frames and channels: they show in no byte.
 */

#include "points.h"

#include <string.h>

#define N 24000

/* Both channels loud, quiet and silent in turn; the second is the first, later
 * and softer. */
static GstBuffer *
stereo_buffer (gint64 position, gsize n)
{
  gdouble *x = g_new (gdouble, 2 * n);
  GstBuffer *buffer;

  for (gsize i = 0; i < n; i++) {
    gint64 at = position + (gint64) i;
    gdouble level = at / 3000 % 4 == 3 ? 0 : 1;

    x[2 * i] = level * audio_sample (at);
    x[2 * i + 1] = at < 1500 ? 0 : 0.01 * audio_sample (at - 1500);
  }
  buffer = gst_buffer_new_wrapped (x, 2 * n * sizeof *x);
  GST_BUFFER_PTS (buffer) = audio_time (position);
  GST_BUFFER_DURATION (buffer) =
      audio_time (position + (gint64) n) - audio_time (position);
  return buffer;
}

static void
set_threads (GstHarness *h, guint n)
{
  GstElement *e = gst_harness_find_element (h, "tfrreassign");

  g_object_set (e, "n-threads", n, NULL);
  gst_object_unref (e);
}

static GstHarness *
stereo_harness (const gchar *launch, guint n_threads)
{
  GstHarness *h = gst_harness_new_parse (launch);

  set_threads (h, n_threads);
  gst_harness_set_src_caps_str (h,
      "audio/x-raw, format=F64LE, layout=interleaved, rate=48000, channels=2, "
      "channel-mask=(bitmask)3");
  return h;
}

static void
push_stereo (GstHarness *h, gint64 position, gsize n, gsize piece)
{
  for (gsize i = 0; i < n; i += piece)
    fail_unless_equals_int (
        gst_harness_push (
            h, stereo_buffer (position + (gint64) i, MIN (piece, n - i))),
        GST_FLOW_OK);
}

static gchar *
stats_of (GstHarness *h)
{
  GstElement *e = gst_harness_find_element (h, "tfrreassign");
  GstStructure *stats;
  gchar *text;

  g_object_get (e, "stats", &stats, NULL);
  text = gst_structure_to_string (stats);
  gst_structure_free (stats);
  gst_object_unref (e);
  return text;
}

static GByteArray *
run (const gchar *launch, guint n_threads, gsize piece, gchar **stats)
{
  GstHarness *h = stereo_harness (launch, n_threads);
  GByteArray *bytes;

  push_stereo (h, 0, N, piece);
  audio_push_eos (h);
  bytes = bytes_pull (h);
  *stats = stats_of (h);
  gst_harness_teardown (h);
  return bytes;
}

static const gchar *const launches[] = {
  "tfrreassign",
  "tfrreassign hop-size=64",
  "tfrreassign hop-size=100 frames-per-buffer=7 window-size=255",
  "tfrreassign hop-size=64 channel-mode=mix",
  "tfrreassign hop-size=64 floor-reference=frame-peak magnitude-floor=-40",
  "tfrreassign hop-size=64 floor-reference=running-peak magnitude-floor=-40",
  "tfrreassign hop-size=200 consensus=line fields=agreement",
  "tfrreassign hop-size=200 consensus=mixed",
  "tfrreassign hop-size=300 analytic=true",
  "tfrreassign hop-size=64 fields=phase+mixed+chirp-rate+bin",
  "tfrreassign hop-size=64 precision=single",
  "tfrreassign hop-size=100 frames-per-buffer=5 precision=single",
  "tfrreassign hop-size=3000 window-size=512 frames-per-buffer=3",
  "tfrreassign hop-size=16 window-size=64 frames-per-buffer=1000",
  "tfrreassign hop-size=32 window-size=128 frames-per-buffer=2000 "
  "floor-reference=noise magnitude-floor=6",
  "tfrreassign hop-size=64 floor-reference=noise magnitude-floor=6 "
  "channel-mode=mix",
};

GST_START_TEST (any_number_of_threads_gives_the_same_bytes)
{
  const gchar *launch = launches[__i__];
  static const guint counts[] = { 2, 3, 8, 0 };
  static const gsize pieces[] = { 1024, 5000, N };
  gchar *reference_stats;
  GByteArray *reference = run (launch, 1, 1000, &reference_stats);

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    gsize piece = pieces[i % G_N_ELEMENTS (pieces)];
    gchar *stats, *what = g_strdup_printf ("%s n-threads=%u, pieces of %u",
                      launch, counts[i], (guint) piece);
    GByteArray *bytes = run (launch, counts[i], piece, &stats);

    assert_bytes_equal (bytes, reference, what);
    fail_unless_equals_string (stats, reference_stats);
    g_byte_array_unref (bytes);
    g_free (stats);
    g_free (what);
  }
  g_byte_array_unref (reference);
  g_free (reference_stats);
}
GST_END_TEST;

/* Returns when all that was pushed is through. */
static void
push_and_wait (GstHarness *h, gint64 position, gsize n)
{
  push_stereo (h, position, n, 700);
  gst_harness_push_event (h, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
                                 gst_structure_new_empty ("through")));
}

static void
flush (GstHarness *h)
{
  GstSegment segment;

  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
}

static const gchar *const precisions[] = {
  "tfrreassign hop-size=64",
  "tfrreassign hop-size=64 precision=single",
  "tfrreassign hop-size=64 precision=single frames-per-buffer=16",
};

/* Threads come and go between two buffers, with flushes and drains among them.
 */
GST_START_TEST (threads_change_while_audio_flows)
{
  GstHarness *one = stereo_harness (precisions[__i__], 1);
  GstHarness *many = stereo_harness (precisions[__i__], 1);
  static const guint counts[] = { 4, 1, 2, 0, 3 };

  for (guint i = 0; i < 20; i++) {
    GPtrArray *expected, *frames;
    GstHarness *both[] = { one, many };

    set_threads (many, counts[i % G_N_ELEMENTS (counts)]);
    for (guint k = 0; k < 2; k++) {
      push_and_wait (both[k], (gint64) i * 3000, 3000);
      if (i % 7 == 5)
        flush (both[k]);
    }
    expected = frames_pull (one);
    frames = frames_pull (many);
    fail_unless_equals_int (frames->len, expected->len);
    assert_frames_equal (frames, 0, expected, 0, expected->len, "a change");
    g_ptr_array_unref (expected);
    g_ptr_array_unref (frames);
  }
  gst_harness_teardown (one);
  gst_harness_teardown (many);
}
GST_END_TEST;

/* What is under way when a flush comes is let go of: what has left is the
 * beginning, and nothing of it comes later. */
GST_START_TEST (a_flush_ends_what_threads_are_at)
{
  for (guint i = 0; i < 20; i++) {
    GstHarness *one = stereo_harness ("tfrreassign hop-size=64", 1);
    GstHarness *many = stereo_harness ("tfrreassign hop-size=64", 2 + i % 3);
    GPtrArray *expected, *frames;

    push_stereo (one, 0, 9000, 3000);
    push_stereo (many, 0, 9000, 3000);
    if (i % 2 == 1)
      g_usleep (i * 100);
    flush (one);
    flush (many);
    expected = frames_pull (one);
    frames = frames_pull (many);
    fail_unless (frames->len <= expected->len);
    assert_frames_equal (frames, 0, expected, 0, frames->len, "before");
    g_ptr_array_unref (expected);
    g_ptr_array_unref (frames);

    push_and_wait (one, 480000, 9000);
    push_and_wait (many, 480000, 9000);
    expected = frames_pull (one);
    frames = frames_pull (many);
    fail_unless_equals_int (frames->len, expected->len);
    assert_frames_equal (frames, 0, expected, 0, frames->len, "after");
    g_ptr_array_unref (expected);
    g_ptr_array_unref (frames);
    gst_harness_teardown (one);
    gst_harness_teardown (many);
  }
}
GST_END_TEST;

/* A batch leaves once its samples are there, whatever comes next, or does not.
 */
GST_START_TEST (nothing_waits_for_the_next_buffer)
{
  GstHarness *one = stereo_harness (precisions[__i__], 1);
  GstHarness *many = stereo_harness (precisions[__i__], 2);
  GstBuffer *batch;
  guint n = 0;

  for (gint64 at = 0; at < N; at += 50) {
    push_stereo (one, at, 50, 50);
    push_stereo (many, at, 50, 50);
    while ((batch = gst_harness_try_pull (one)) != NULL) {
      GstBuffer *same = gst_harness_pull (many); /* waits for a minute */

      fail_unless (same != NULL);
      fail_unless_equals_uint64 (GST_BUFFER_PTS (same), GST_BUFFER_PTS (batch));
      gst_buffer_unref (same);
      gst_buffer_unref (batch);
      n++;
    }
  }
  fail_unless (n > 20);
  gst_harness_teardown (one);
  gst_harness_teardown (many);
}
GST_END_TEST;

/* Frames that could not leave before it do not leave after it, whatever changes
 * in between. */
GST_START_TEST (nothing_of_before_a_flush_comes_after_it)
{
  for (guint n = 1; n < 4; n++) {
    GstHarness *h = stereo_harness ("tfrreassign hop-size=64", n);
    GstElement *e = gst_harness_find_element (h, "tfrreassign");
    GstBuffer *batch;

    push_and_wait (h, 0, 3000);
    gst_pad_set_active (h->sinkpad, FALSE);
    for (gint64 at = 3000; at < 15000; at += 3000)
      gst_harness_push (h, stereo_buffer (at, 3000));
    gst_pad_set_active (h->sinkpad, TRUE);
    flush (h);
    /* a slow thread may have found the pad active again before that */
    while ((batch = gst_harness_try_pull (h)) != NULL)
      gst_buffer_unref (batch);
    g_object_set (e, "hop-size", 96, NULL);
    push_and_wait (h, 480000, 9000);
    batch = gst_harness_pull (h);
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET (batch), 480000);
    gst_buffer_unref (batch);
    gst_object_unref (e);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* The next buffer says what became of those before. */
GST_START_TEST (a_flow_comes_back)
{
  GstHarness *h = stereo_harness ("tfrreassign hop-size=64", 2);
  GstFlowReturn flow = GST_FLOW_OK;

  push_and_wait (h, 0, 9000);
  gst_pad_set_active (h->sinkpad, FALSE);
  for (gint64 at = 9000; at < 18000 && flow == GST_FLOW_OK; at += 1000)
    flow = gst_harness_push (h, stereo_buffer (at, 1000));
  fail_unless_equals_int (flow, GST_FLOW_FLUSHING);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Audio from a thread of its own, until it is refused, or ends. */
static gpointer
push_much (gpointer data)
{
  GstHarness *h = data;
  GstFlowReturn flow = GST_FLOW_OK;

  for (gint64 at = 0; at < 3 * N && flow == GST_FLOW_OK; at += 1000)
    flow = gst_harness_push (h, stereo_buffer (at, 1000));
  if (flow == GST_FLOW_OK)
    gst_harness_push_event (h, gst_event_new_eos ());
  return GINT_TO_POINTER (flow);
}

static GstPadProbeReturn
block (GstPad *pad, GstPadProbeInfo *info, gpointer blocked)
{
  g_atomic_int_set ((gint *) blocked, TRUE);
  return GST_PAD_PROBE_OK;
}

/* While a thread stands downstream with a batch, and another one waits for it
 * with more audio or the end of it, a flush, and a stop, let go of both. */
GST_START_TEST (a_block_downstream_is_left)
{
  const guint n_threads = 1 + (guint) __i__ % 3;
  const gboolean stops = __i__ / 3 % 2, long_wait = __i__ / 6 % 2;
  GstHarness *h = stereo_harness (precisions[0], n_threads);
  GstPad *pad = gst_element_get_static_pad (h->element, "src");
  gint blocked = FALSE;
  GThread *thread;
  gulong probe;

  push_and_wait (h, 0, 100);
  probe = gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, block, &blocked,
      NULL);
  thread = g_thread_new ("audio", push_much, h);
  while (!g_atomic_int_get (&blocked))
    g_usleep (1000);
  g_usleep (long_wait ? 20000 : 0);
  if (stops)
    gst_element_set_state (h->element, GST_STATE_NULL);
  else
    gst_harness_push_event (h, gst_event_new_flush_start ());
  fail_unless_equals_int (
      GPOINTER_TO_INT (g_thread_join (thread)), GST_FLOW_FLUSHING);
  gst_pad_remove_probe (pad, probe);
  fail_unless (gst_harness_try_pull (h) == NULL);
  if (!stops) {
    GstHarness *one = stereo_harness (precisions[0], 1);
    GPtrArray *expected, *frames;

    flush (h);
    push_and_wait (h, 48000, N);
    push_and_wait (one, 48000, N);
    expected = frames_pull (one);
    frames = frames_pull (h);
    fail_unless_equals_int (frames->len, expected->len);
    assert_frames_equal (frames, 0, expected, 0, expected->len, "after");
    g_ptr_array_unref (expected);
    g_ptr_array_unref (frames);
    gst_harness_teardown (one);
  }
  gst_object_unref (pad);
  gst_harness_teardown (h);
}
GST_END_TEST;

static gpointer
unblock_soon (gpointer pad)
{
  gpointer probe = g_object_get_data (pad, "probe");

  g_usleep (20000);
  gst_pad_remove_probe (pad, GPOINTER_TO_SIZE (probe));
  return NULL;
}

/* A flush of which only the end comes waits for what is on its way, which is
 * not changed by it. */
GST_START_TEST (what_leaves_during_a_flush_is_sound)
{
  for (guint n_threads = 2; n_threads <= 3; n_threads++) {
    GstHarness *h = stereo_harness (
        "tfrreassign hop-size=64 frames-per-buffer=1", n_threads);
    GstPad *pad = gst_element_get_static_pad (h->element, "src");
    gint blocked = FALSE;
    GPtrArray *frames;
    GThread *thread;

    g_object_set_data (G_OBJECT (pad), "probe",
        GSIZE_TO_POINTER (gst_pad_add_probe (pad,
            GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, block,
            &blocked, NULL)));
    push_stereo (h, 0, 6000, 6000);
    while (!g_atomic_int_get (&blocked))
      g_usleep (1000);
    thread = g_thread_new ("unblock", unblock_soon, pad);
    gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
    g_thread_join (thread);
    frames = frames_pull (h); /* and looks at each batch */
    fail_unless (frames->len > 0);
    g_ptr_array_unref (frames);
    gst_object_unref (pad);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* Takes its time, so that others have some to come in. */
static GstPadProbeReturn
leave_alone (GstPad *pad, GstPadProbeInfo *info, gpointer inside)
{
  if ((info->type & GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM) != 0 &&
      !GST_QUERY_IS_SERIALIZED (GST_PAD_PROBE_INFO_QUERY (info)))
    return GST_PAD_PROBE_OK;
  fail_unless_equals_int (g_atomic_int_add ((gint *) inside, 1), 0);
  g_usleep (1000);
  g_atomic_int_add ((gint *) inside, -1);
  return GST_PAD_PROBE_OK;
}

/* Whoever blocks the pad to link it anew relies on that, while linking makes it
 * ask downstream. */
GST_START_TEST (what_is_serialized_leaves_one_at_a_time)
{
  GstHarness *h = stereo_harness (precisions[0], 1 + (guint) __i__);
  GstElement *e = gst_harness_find_element (h, "tfrreassign");
  GstPad *pad = gst_element_get_static_pad (e, "src");
  gint inside = 0;

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_DATA_DOWNSTREAM | GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
      leave_alone, &inside, NULL);
  for (gint64 at = 0; at < N; at += 500) {
    gst_pad_mark_reconfigure (pad);
    fail_unless_equals_int (
        gst_harness_push (h, stereo_buffer (at, 500)), GST_FLOW_OK);
  }
  audio_push_eos (h);
  gst_object_unref (pad);
  gst_object_unref (e);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Stopping in the middle joins all threads; nothing waits for ever. */
GST_START_TEST (threads_end_with_the_element)
{
  for (guint i = 0; i < 50; i++) {
    GstHarness *h = stereo_harness ("tfrreassign hop-size=64", 1 + i % 5);

    push_stereo (h, 0, 4000, 1000);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

static Suite *
threads_suite (void)
{
  Suite *s = suite_create ("threads");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, any_number_of_threads_gives_the_same_bytes, 0,
      (int) G_N_ELEMENTS (launches));
  tcase_add_loop_test (
      tc, threads_change_while_audio_flows, 0, (int) G_N_ELEMENTS (precisions));
  tcase_add_test (tc, a_flush_ends_what_threads_are_at);
  tcase_add_loop_test (tc, nothing_waits_for_the_next_buffer, 0,
      (int) G_N_ELEMENTS (precisions));
  tcase_add_test (tc, nothing_of_before_a_flush_comes_after_it);
  tcase_add_test (tc, a_flow_comes_back);
  tcase_add_loop_test (tc, a_block_downstream_is_left, 0, 12);
  tcase_add_test (tc, what_leaves_during_a_flush_is_sound);
  tcase_add_loop_test (tc, what_is_serialized_leaves_one_at_a_time, 0, 3);
  tcase_add_test (tc, threads_end_with_the_element);
  return s;
}

GST_CHECK_MAIN (threads);
