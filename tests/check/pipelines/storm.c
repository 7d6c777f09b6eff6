/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Pipelines that are sought, flushed, switched and rebuilt while they run.
 * TFR_TEST_FULL=1 goes on for longer. */

#include "tally.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>

#define SECONDS 20

static guint
rounds (guint few)
{
  return g_getenv ("TFR_TEST_FULL") != NULL ? 20 * few : few;
}

static GstElement *
launch (const gchar *description)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);

  fail_unless (error == NULL, "%s", error != NULL ? error->message : "");
  return pipeline;
}

/* Waits for one of these messages; an error fails the test. */
static void
await (GstElement *pipeline, GstMessageType types, const gchar *what)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (
      bus, 20 * GST_SECOND, types | GST_MESSAGE_ERROR);

  fail_unless (message != NULL, "%s: nothing in 20 s", what);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    GError *error = NULL;
    gchar *debug = NULL;

    gst_message_parse_error (message, &error, &debug);
    fail ("%s: %s (%s)", what, error->message, debug);
  }
  gst_message_unref (message);
  gst_object_unref (bus);
}

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

static void
stop (GstElement *pipeline)
{
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (pipeline);
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
  GstElement *pipeline = launch (description);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  await (pipeline, GST_MESSAGE_EOS, "writing a file");
  stop (pipeline);
  g_free (description);
  return path;
}

#define DRAW_WITH(n_threads) \
  "tfrreassign window-size=512 n-threads=" n_threads " ! tfrrender ! " \
  "video/x-raw,width=160,height=120,framerate=30/1 ! "
#define DRAW DRAW_WITH ("1")
#define THREADED_DRAW DRAW_WITH ("%d")
#define N_THREADS(i) (1 + 2 * (i))

static void
seek (GstElement *pipeline, gdouble rate, GstSeekFlags flags, gdouble seconds)
{
  gint64 at = (gint64) (seconds * GST_SECOND);

  fail_unless (gst_element_seek (pipeline, rate, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | flags, GST_SEEK_TYPE_SET, rate > 0 ? at : 0,
      rate > 0 ? GST_SEEK_TYPE_NONE : GST_SEEK_TYPE_SET,
      rate > 0 ? -1 : at));
}

GST_START_TEST (a_storm_of_seeks_ends_where_it_should)
{
  static const gdouble rates[] = { 1, 2, 0.5, 1 };
  gchar *path = make_wav ();
  gchar *description = g_strdup_printf (
      "filesrc location=%s ! wavparse ! " THREADED_DRAW
      "fakesink sync=true", path, N_THREADS (__i__));
  GstElement *pipeline = launch (description);
  GRand *rand = g_rand_new_with_seed (4);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  await (pipeline, GST_MESSAGE_ASYNC_DONE, "preroll");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < rounds (100); i++) {
    seek (pipeline, rates[i % G_N_ELEMENTS (rates)],
        i % 2 == 0 ? GST_SEEK_FLAG_ACCURATE : GST_SEEK_FLAG_KEY_UNIT,
        g_rand_double_range (rand, 0, SECONDS - 1));
    if (i % 10 == 9)
      await (pipeline, GST_MESSAGE_ASYNC_DONE, "a seek");
    else
      g_usleep ((gulong) g_rand_int_range (rand, 0, 3000));
  }
  seek (pipeline, 1, GST_SEEK_FLAG_ACCURATE, SECONDS - 0.5);
  await (pipeline, GST_MESSAGE_EOS, "the end");
  stop (pipeline);
  tally (rounds (100), "seeks");
  g_rand_free (rand);
  g_unlink (path);
  g_free (path);
  g_free (description);
}
GST_END_TEST;

/* In PAUSED the sink holds the streaming thread inside a push. */
GST_START_TEST (a_flush_frees_a_blocked_stream)
{
  gchar *path = make_wav ();
  gchar *description = g_strdup_printf (
      "filesrc location=%s ! wavparse ! " THREADED_DRAW
      "fakesink sync=true", path, N_THREADS (__i__));
  GstElement *pipeline = launch (description);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  await (pipeline, GST_MESSAGE_ASYNC_DONE, "preroll");
  for (guint i = 0; i < rounds (50); i++) {
    seek (pipeline, 1, GST_SEEK_FLAG_ACCURATE, (i * 7) % SECONDS);
    await (pipeline, GST_MESSAGE_ASYNC_DONE, "a seek of a blocked stream");
  }
  /* and it can be stopped while it is blocked */
  stop (pipeline);
  tally (rounds (50), "seeks");
  g_unlink (path);
  g_free (path);
  g_free (description);
}
GST_END_TEST;

GST_START_TEST (sources_may_be_switched)
{
  GstElement *pipeline = launch (
      "input-selector name=s sync-streams=false ! " DRAW "fakesink name=sink "
      "audiotestsrc is-live=true samplesperbuffer=160 ! "
      "audio/x-raw,format=S16LE,rate=16000,channels=1 ! s.sink_0 "
      "audiotestsrc is-live=true freq=2000 samplesperbuffer=441 ! "
      "audio/x-raw,format=F32LE,rate=44100,channels=2 ! s.sink_1");
  GstElement *selector = gst_bin_get_by_name (GST_BIN (pipeline), "s");

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  await (pipeline, GST_MESSAGE_ASYNC_DONE, "the first frame");
  for (guint i = 0; i < rounds (40); i++) {
    gchar *name = g_strdup_printf ("sink_%u", i % 2);
    GstPad *pad = gst_element_get_static_pad (selector, name);

    g_object_set (selector, "active-pad", pad, NULL);
    gst_object_unref (pad);
    g_free (name);
    g_usleep (20000);
  }
  await_more_frames (pipeline);
  tally (rounds (40), "sources switched");
  gst_object_unref (selector);
  stop (pipeline);
}
GST_END_TEST;

/* ------------------------------------------ taken out and put in again ---- */

typedef struct {
  GstElement *pipeline;
  gint done;
} Swap;

/* With the pad in front of it blocked, another one takes its place. */
static GstPadProbeReturn
replace (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  Swap *swap = user;
  GstElement *old = gst_bin_get_by_name (GST_BIN (swap->pipeline), "a");
  GstElement *next = gst_element_factory_make ("tfrreassign", NULL);
  GstElement *render = gst_bin_get_by_name (GST_BIN (swap->pipeline), "r");
  GstElement *source = gst_pad_get_parent_element (pad);

  if (g_atomic_int_get (&swap->done))
    return GST_PAD_PROBE_REMOVE;
  gst_element_unlink (source, old);
  gst_element_unlink (old, render);
  gst_bin_remove (GST_BIN (swap->pipeline), old);
  gst_element_set_state (old, GST_STATE_NULL);
  gst_object_unref (old);
  g_object_set (next, "name", "a", "window-size", 512u, NULL);
  gst_bin_add (GST_BIN (swap->pipeline), next);
  fail_unless (gst_element_link_many (source, next, render, NULL));
  fail_unless (gst_element_sync_state_with_parent (next));
  gst_object_unref (render);
  gst_object_unref (source);
  g_atomic_int_set (&swap->done, 1);
  return GST_PAD_PROBE_REMOVE;
}

GST_START_TEST (an_element_may_be_replaced_while_it_plays)
{
  Swap swap = { launch ("audiotestsrc is-live=true samplesperbuffer=160 ! "
                        "audio/x-raw,format=S16LE,rate=16000,channels=1 ! "
                        "identity name=source ! "
                        "tfrreassign name=a window-size=512 ! "
                        "tfrrender name=r ! video/x-raw,width=160,height=120,"
                        "framerate=30/1 ! fakesink name=sink"),
    0 };
  GstElement *source =
      gst_bin_get_by_name (GST_BIN (swap.pipeline), "source");
  GstPad *pad = gst_element_get_static_pad (source, "src");

  gst_element_set_state (swap.pipeline, GST_STATE_PLAYING);
  await (swap.pipeline, GST_MESSAGE_ASYNC_DONE, "the first frame");
  for (guint i = 0; i < rounds (20); i++) {
    g_atomic_int_set (&swap.done, 0);
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, replace,
        &swap, NULL);
    for (guint ms = 0; ms < 5000 && !g_atomic_int_get (&swap.done); ms++)
      g_usleep (1000);
    fail_unless (g_atomic_int_get (&swap.done), "round %u hangs", i);
    g_usleep (20000);
  }
  await_more_frames (swap.pipeline);
  tally (rounds (20), "elements replaced");
  gst_object_unref (pad);
  gst_object_unref (source);
  stop (swap.pipeline);
}
GST_END_TEST;

static Suite *
storm_suite (void)
{
  Suite *s = suite_create ("storm");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, g_getenv ("TFR_TEST_FULL") != NULL ? 600 : 120);
  tcase_add_loop_test (tc, a_storm_of_seeks_ends_where_it_should, 0, 2);
  tcase_add_loop_test (tc, a_flush_frees_a_blocked_stream, 0, 2);
  tcase_add_test (tc, sources_may_be_switched);
  tcase_add_test (tc, an_element_may_be_replaced_while_it_plays);
  return s;
}

GST_CHECK_MAIN (storm);
