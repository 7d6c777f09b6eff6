/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Several threads at the frames and channels of a batch: they show in no byte.
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

/* Threads come and go between two buffers, with flushes and drains among them.
 */
GST_START_TEST (threads_change_while_audio_flows)
{
  GstHarness *one = stereo_harness ("tfrreassign hop-size=64", 1);
  GstHarness *many = stereo_harness ("tfrreassign hop-size=64", 1);
  static const guint counts[] = { 4, 1, 2, 0, 3 };

  for (guint i = 0; i < 20; i++) {
    GPtrArray *expected, *frames;
    GstHarness *both[] = { one, many };

    set_threads (many, counts[i % G_N_ELEMENTS (counts)]);
    for (guint k = 0; k < 2; k++) {
      push_stereo (both[k], (gint64) i * 3000, 3000, 700);
      if (i % 7 == 5)
        gst_harness_push_event (both[k], gst_event_new_flush_start ());
      if (i % 7 == 5) {
        GstSegment segment;

        gst_harness_push_event (both[k], gst_event_new_flush_stop (TRUE));
        gst_segment_init (&segment, GST_FORMAT_TIME);
        gst_harness_push_event (both[k], gst_event_new_segment (&segment));
      }
    }
    expected = frames_pull (one);
    frames = frames_pull (many);
    assert_frames_equal (frames, 0, expected, 0,
        MIN (frames->len, expected->len), "after a change");
    g_ptr_array_unref (expected);
    g_ptr_array_unref (frames);
  }
  gst_harness_teardown (one);
  gst_harness_teardown (many);
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
  tcase_add_test (tc, threads_change_while_audio_flows);
  tcase_add_test (tc, threads_end_with_the_element);
  return s;
}

GST_CHECK_MAIN (threads);
