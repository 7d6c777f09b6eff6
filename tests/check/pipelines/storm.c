/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Pipelines that are flushed, switched and rebuilt while they run.
 * TFR_TEST_FULL=1 goes on for longer. */

#include "gsttfr.h"
#include "near.h"
#include "playing.h"
#include "tally.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>

#define SECONDS 20

/* What sound may become; with the names of those that are replaced. */
#define ANALYSIS "tfrreassign name=a window-size=512"
#define THREADED ANALYSIS " n-threads=3"
#define DRAW \
  " ! tfrrender name=r ! video/x-raw,width=160,height=120,framerate=30/1 ! "
#define RESYNTHESIS " ! tfrpartials name=p ! tfrsynth name=s ! "

static const gchar *const roads[] = { ANALYSIS DRAW, THREADED DRAW,
  ANALYSIS RESYNTHESIS };

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
      "filesrc location=%s ! wavparse ! %s fakesink sync=true", path,
      roads[__i__]);
  GstElement *pipeline = playing_launch (description);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  playing_await (pipeline, GST_MESSAGE_ASYNC_DONE, "preroll");
  for (guint i = 0; i < playing_rounds (50); i++) {
    fail_unless (gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
        (i * 7) % SECONDS * (gint64) GST_SECOND));
    playing_await (
        pipeline, GST_MESSAGE_ASYNC_DONE, "a seek of a blocked stream");
  }
  /* and it can be stopped while it is blocked */
  playing_stop (pipeline);
  tally (playing_rounds (50), "seeks");
  g_unlink (path);
  g_free (path);
  g_free (description);
}
GST_END_TEST;

/* What comes is of later than what came before, or at most so much earlier. */
typedef struct {
  GstClockTime last, slack;
} Order;

static GstPadProbeReturn
expect_later (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  GstClockTime pts = GST_BUFFER_PTS (info->data);
  Order *order = user;

  fail_unless (!GST_CLOCK_TIME_IS_VALID (order->last) ||
                   pts + order->slack > order->last,
      "a buffer at %" GST_TIME_FORMAT ", should be after %" GST_TIME_FORMAT,
      GST_TIME_ARGS (pts), GST_TIME_ARGS (order->last));
  order->last = pts;
  return GST_PAD_PROBE_OK;
}

static void
probe (GstElement *pipeline, const gchar *name, const gchar *pad_name,
    GstPadProbeCallback call, gpointer data)
{
  GstElement *element = gst_bin_get_by_name (GST_BIN (pipeline), name);
  GstPad *pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, call, data, NULL);
  gst_object_unref (pad);
  gst_object_unref (element);
}

static const struct {
  gint rate;
  gdouble hz;
} tones[] = { { 16000, 440 }, { 44100, 2000 } };

/* Batches of each tone; the strongest point of each is at its frequency, or
 * near it where the tone is cut. */
typedef struct {
  gint n[G_N_ELEMENTS (tones)]; /* atomic */
} Heard;

static GstPadProbeReturn
hear_tone (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  Heard *heard = user;
  GstTfrBatch b;
  guint best = 0, at = 0;

  fail_unless (gst_tfr_batch_map (&b, info->data, NULL));
  while (at < G_N_ELEMENTS (tones) && b.header.rate != (guint) tones[at].rate)
    at++;
  fail_unless (at < G_N_ELEMENTS (tones), "a rate of %u", b.header.rate);
  for (guint i = 1; i < b.header.n_points; i++)
    if (b.magnitude[i] > b.magnitude[best])
      best = i;
  if (b.header.n_points > 0 && b.magnitude[best] > 0.5)
    assert_near (b.frequency[best], tones[at].hz, 30, "Hz of tone %u", at);
  gst_tfr_batch_unmap (&b);
  g_atomic_int_inc (&heard->n[at]);
  return GST_PAD_PROBE_OK;
}

static void
switch_to (GstElement *selector, guint at, Heard *heard)
{
  gchar *name = g_strdup_printf ("sink_%u", at);
  GstPad *pad = gst_element_get_static_pad (selector, name);
  gint before = g_atomic_int_get (&heard->n[at]);

  g_object_set (selector, "active-pad", pad, NULL);
  for (guint ms = 0; ms < 20000 && g_atomic_int_get (&heard->n[at]) == before;
       ms++)
    g_usleep (1000);
  fail_unless (g_atomic_int_get (&heard->n[at]) > before,
      "no batch of tone %u within 20 s", at);
  gst_object_unref (pad);
  g_free (name);
}

GST_START_TEST (sources_may_be_switched)
{
  GstElement *pipeline = playing_launch (
      "input-selector name=s sync-streams=false ! " ANALYSIS DRAW
      "fakesink name=sink "
      "audiotestsrc is-live=true samplesperbuffer=160 ! "
      "audio/x-raw,format=S16LE,rate=16000,channels=1 ! s.sink_0 "
      "audiotestsrc is-live=true freq=2000 samplesperbuffer=441 ! "
      "audio/x-raw,format=F32LE,rate=44100,channels=2 ! s.sink_1");
  GstElement *selector = gst_bin_get_by_name (GST_BIN (pipeline), "s");
  /* buffers of the sources begin when they like, and may be late */
  Order order = { GST_CLOCK_TIME_NONE, 200 * GST_MSECOND };
  Heard heard = { { 0 } };

  probe (pipeline, "a", "src", hear_tone, &heard);
  probe (pipeline, "sink", "sink", expect_later, &order);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  playing_await (pipeline, GST_MESSAGE_ASYNC_DONE, "the first frame");
  for (guint i = 0; i < playing_rounds (40); i++) {
    switch_to (selector, (i + 1) % 2, &heard);
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
  next = swap->launch != NULL ? playing_launch (swap->launch)
                              : gst_object_ref (old);
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
  fail_unless (g_atomic_int_get (&swap->done),
      "%s is not replaced within a minute", swap->name);
  gst_object_unref (before);
  gst_object_unref (sink);
  gst_object_unref (element);
}

/* For each road, which elements go and what comes. */
static const struct {
  const gchar *name, *launch;
} swaps[][4] = {
  { { "a", ANALYSIS }, { "r", "tfrrender name=r" }, { "a", NULL },
      { "r", NULL } },
  { { "a", THREADED }, { "r", "tfrrender name=r" }, { "a", NULL },
      { "r", NULL } },
  { { "p", "tfrpartials name=p" }, { "s", "tfrsynth name=s" }, { "p", NULL },
      { "s", NULL } },
};

/* What a new element makes is of later than what the old one made. */
GST_START_TEST (an_element_may_be_replaced_while_it_plays)
{
  gchar *description = g_strdup_printf (
      "audiotestsrc is-live=true samplesperbuffer=160 ! "
      "audio/x-raw,format=S16LE,rate=16000,channels=1 ! %s fakesink name=sink",
      roads[__i__]);
  GstElement *pipeline = playing_launch (description);
  Order order = { GST_CLOCK_TIME_NONE, 0 };
  Swap swap = { .pipeline = pipeline };

  probe (pipeline, "sink", "sink", expect_later, &order);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  playing_await (pipeline, GST_MESSAGE_ASYNC_DONE, "the first buffer");
  for (guint i = 0; i < playing_rounds (40); i++) {
    guint k = i % G_N_ELEMENTS (swaps[__i__]);

    swap.name = swaps[__i__][k].name;
    swap.launch = swaps[__i__][k].launch;
    swap_elements (&swap);
    if (i % 5 == 4)
      await_more_frames (pipeline);
    else
      g_usleep (20000);
  }
  tally (playing_rounds (40), "elements replaced");
  playing_stop (pipeline);
  g_free (description);
}
GST_END_TEST;

static Suite *
storm_suite (void)
{
  Suite *s = suite_create ("storm");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, g_getenv ("TFR_TEST_FULL") != NULL ? 600 : 120);
  tcase_add_loop_test (
      tc, a_flush_frees_a_blocked_stream, 0, G_N_ELEMENTS (roads));
  tcase_add_test (tc, sources_may_be_switched);
  tcase_add_loop_test (
      tc, an_element_may_be_replaced_while_it_plays, 0, G_N_ELEMENTS (roads));
  return s;
}

GST_CHECK_MAIN (storm);
