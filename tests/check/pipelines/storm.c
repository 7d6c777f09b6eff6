/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Pipelines that are flushed, switched and rebuilt while they run.
 * TFR_TEST_FULL=1 goes on for longer. */

#include "playing.h"
#include "tally.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>

#define SECONDS 20

#define DRAW_WITH(n_threads) \
  "tfrreassign window-size=512 n-threads=" n_threads " ! tfrrender ! " \
  "video/x-raw,width=160,height=120,framerate=30/1 ! "
#define DRAW DRAW_WITH ("1")
#define THREADED_DRAW DRAW_WITH ("%d")
#define N_THREADS(i) (1 + 2 * (i))

static guint64
frames_shown (GstElement *pipeline)
{
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstStructure *stats = NULL;
  guint64 rendered = 0;

  g_object_get (sink, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint64 (stats, "rendered", &rendered));
  gst_structure_free (stats);
  gst_object_unref (sink);
  return rendered;
}

/* More frames than what was on its way already, however slow the machine. */
static void
await_more_frames (GstElement *pipeline)
{
  guint64 before = frames_shown (pipeline), after = before;

  for (guint ms = 0; ms < 20000 && after < before + 5; ms++) {
    g_usleep (1000);
    after = frames_shown (pipeline);
  }
  fail_unless (after >= before + 5, "%" G_GUINT64_FORMAT " frames in 20 s, "
      "should be 5", after - before);
}

static gchar *
make_wav (void)
{
  gchar *path = g_strdup_printf ("%s/tfr-storm-%d.wav", g_get_tmp_dir (),
      (gint) g_random_int_range (0, G_MAXINT));
  gchar *description = g_strdup_printf (
      "audiotestsrc wave=ticks num-buffers=%d samplesperbuffer=800 ! "
      "audio/x-raw,format=S16LE,rate=16000,channels=2 ! wavenc ! "
      "filesink location=%s",
      20 * SECONDS, path);
  GstElement *pipeline = playing_launch (description);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  playing_await (pipeline, GST_MESSAGE_EOS, "writing a file");
  playing_stop (pipeline);
  g_free (description);
  return path;
}

/* In PAUSED the sink holds the streaming thread inside a push. */
GST_START_TEST (a_flush_frees_a_blocked_stream)
{
  gchar *path = make_wav ();
  gchar *description = g_strdup_printf (
      "filesrc location=%s ! wavparse ! " THREADED_DRAW
      "fakesink sync=true", path, N_THREADS (__i__));
  GstElement *pipeline = playing_launch (description);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  playing_await (pipeline, GST_MESSAGE_ASYNC_DONE, "preroll");
  for (guint i = 0; i < playing_rounds (50); i++) {
    fail_unless (gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
        (i * 7) % SECONDS * (gint64) GST_SECOND));
    playing_await (pipeline, GST_MESSAGE_ASYNC_DONE, "a seek of a blocked stream");
  }
  /* and it can be stopped while it is blocked */
  playing_stop (pipeline);
  tally (playing_rounds (50), "seeks");
  g_unlink (path);
  g_free (path);
  g_free (description);
}
GST_END_TEST;

GST_START_TEST (sources_may_be_switched)
{
  GstElement *pipeline = playing_launch (
      "input-selector name=s sync-streams=false ! " DRAW "fakesink name=sink "
      "audiotestsrc is-live=true samplesperbuffer=160 ! "
      "audio/x-raw,format=S16LE,rate=16000,channels=1 ! s.sink_0 "
      "audiotestsrc is-live=true freq=2000 samplesperbuffer=441 ! "
      "audio/x-raw,format=F32LE,rate=44100,channels=2 ! s.sink_1");
  GstElement *selector = gst_bin_get_by_name (GST_BIN (pipeline), "s");

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  playing_await (pipeline, GST_MESSAGE_ASYNC_DONE, "the first frame");
  for (guint i = 0; i < playing_rounds (40); i++) {
    gchar *name = g_strdup_printf ("sink_%u", i % 2);
    GstPad *pad = gst_element_get_static_pad (selector, name);

    g_object_set (selector, "active-pad", pad, NULL);
    gst_object_unref (pad);
    g_free (name);
    g_usleep (20000);
  }
  await_more_frames (pipeline);
  tally (playing_rounds (40), "sources switched");
  gst_object_unref (selector);
  playing_stop (pipeline);
}
GST_END_TEST;

/* ------------------------------------------ taken out and put in again ---- */

typedef struct {
  GstElement *pipeline;
  const gchar *name;   /* of the element that is taken out */
  const gchar *launch; /* what comes in its place; NULL: itself again */
  gint done;
} Swap;

static void
unlink_from_peer (GstElement *element, const gchar *name, GstPad **peer)
{
  GstPad *pad = gst_element_get_static_pad (element, name);

  *peer = gst_pad_get_peer (pad);
  if (GST_PAD_IS_SRC (pad))
    gst_pad_unlink (pad, *peer);
  else
    gst_pad_unlink (*peer, pad);
  gst_object_unref (pad);
}

static void
link_to_peer (GstElement *element, const gchar *name, GstPad *peer)
{
  GstPad *pad = gst_element_get_static_pad (element, name);

  fail_unless_equals_int (GST_PAD_IS_SRC (pad) ? gst_pad_link (pad, peer)
                                               : gst_pad_link (peer, pad),
      GST_PAD_LINK_OK);
  gst_object_unref (pad);
  gst_object_unref (peer);
}

/* With the pad in front of it blocked, an element goes and another comes. */
static GstPadProbeReturn
replace (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  Swap *swap = user;
  GstBin *bin = GST_BIN (swap->pipeline);
  GstElement *old, *next;
  GstPad *before, *after;

  if (g_atomic_int_get (&swap->done))
    return GST_PAD_PROBE_REMOVE;
  old = gst_bin_get_by_name (bin, swap->name);
  unlink_from_peer (old, "sink", &before);
  unlink_from_peer (old, "src", &after);
  gst_bin_remove (bin, old);
  gst_element_set_state (old, GST_STATE_NULL);
  next = swap->launch != NULL ? playing_launch (swap->launch) : gst_object_ref (old);
  gst_bin_add (bin, next);
  link_to_peer (next, "sink", before);
  link_to_peer (next, "src", after);
  fail_unless (gst_element_sync_state_with_parent (next));
  if (swap->launch == NULL)
    gst_object_unref (next);
  gst_object_unref (old);
  g_atomic_int_set (&swap->done, 1);
  return GST_PAD_PROBE_REMOVE;
}

static void
swap_elements (Swap *swap)
{
  GstElement *element =
      gst_bin_get_by_name (GST_BIN (swap->pipeline), swap->name);
  GstPad *sink = gst_element_get_static_pad (element, "sink");
  GstPad *before = gst_pad_get_peer (sink);

  g_atomic_int_set (&swap->done, 0);
  gst_pad_add_probe (
      before, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, replace, swap, NULL);
  for (guint ms = 0; ms < 60000 && !g_atomic_int_get (&swap->done); ms++)
    g_usleep (1000);
  fail_unless (g_atomic_int_get (&swap->done), "%s is not replaced within a minute",
      swap->name);
  gst_object_unref (before);
  gst_object_unref (sink);
  gst_object_unref (element);
}

/* What a new element draws is of later than what the old one drew. */
static GstPadProbeReturn
expect_later (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  GstClockTime *last = user, pts = GST_BUFFER_PTS (info->data);

  fail_unless (!GST_CLOCK_TIME_IS_VALID (*last) || pts > *last,
      "a frame at %" GST_TIME_FORMAT ", should be after %" GST_TIME_FORMAT,
      GST_TIME_ARGS (pts), GST_TIME_ARGS (*last));
  *last = pts;
  return GST_PAD_PROBE_OK;
}

#define ANALYSIS "tfrreassign name=a window-size=512 n-threads=%d"

GST_START_TEST (an_element_may_be_replaced_while_it_plays)
{
  gchar *analysis = g_strdup_printf (ANALYSIS, N_THREADS (__i__));
  gchar *description = g_strdup_printf (
      "audiotestsrc is-live=true samplesperbuffer=160 ! "
      "audio/x-raw,format=S16LE,rate=16000,channels=1 ! %s ! "
      "tfrrender name=r ! video/x-raw,width=160,height=120,framerate=30/1 ! "
      "fakesink name=sink",
      analysis);
  GstElement *pipeline = playing_launch (description);
  Swap swaps[] = {
    { pipeline, "a", analysis, 0 },
    { pipeline, "r", "tfrrender name=r", 0 },
    { pipeline, "a", NULL, 0 },
    { pipeline, "r", NULL, 0 },
  };
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstPad *pad = gst_element_get_static_pad (sink, "sink");
  GstClockTime last = GST_CLOCK_TIME_NONE;

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, expect_later, &last, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  playing_await (pipeline, GST_MESSAGE_ASYNC_DONE, "the first frame");
  for (guint i = 0; i < playing_rounds (40); i++) {
    swap_elements (&swaps[i % G_N_ELEMENTS (swaps)]);
    if (i % 5 == 4)
      await_more_frames (pipeline);
    else
      g_usleep (20000);
  }
  tally (playing_rounds (40), "elements replaced");
  gst_object_unref (pad);
  gst_object_unref (sink);
  playing_stop (pipeline);
  g_free (description);
  g_free (analysis);
}
GST_END_TEST;

static Suite *
storm_suite (void)
{
  Suite *s = suite_create ("storm");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, g_getenv ("TFR_TEST_FULL") != NULL ? 600 : 120);
  tcase_add_loop_test (tc, a_flush_frees_a_blocked_stream, 0, 2);
  tcase_add_test (tc, sources_may_be_switched);
  tcase_add_loop_test (tc, an_element_may_be_replaced_while_it_plays, 0, 2);
  return s;
}

GST_CHECK_MAIN (storm);
