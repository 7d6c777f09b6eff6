/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Recordings that are sought: what comes after a seek are the frames of the whole,
 * none lost and none doubled. */

#include "points.h"

#include <glib/gstdio.h>

#define RATE 44100
#define SECONDS 6
#define HOP 512
#define REACH 1032 /* samples either side of a frame's centre that it sees */

static gchar *folder;
static GPtrArray *frames; /* that have reached the sink */

static void
on_batch (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer unused)
{
  frames_of_batch (frames, buffer);
}

static gint n_segments_done; /* at the sink; the message may come before */

static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer unused)
{
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) ==
      GST_EVENT_SEGMENT_DONE)
    g_atomic_int_inc (&n_segments_done);
  return GST_PAD_PROBE_OK;
}

static void
watch (GstElement *sink)
{
  GstPad *pad = gst_element_get_static_pad (sink, "sink");

  g_signal_connect (sink, "handoff", G_CALLBACK (on_batch), NULL);
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, NULL, NULL);
  gst_object_unref (pad);
}

static GstElement *
launch (const gchar *description)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");

  fail_unless (error == NULL, "%s", error != NULL ? error->message : "");
  if (sink != NULL) {
    watch (sink);
    gst_object_unref (sink);
  }
  return pipeline;
}

static void
play_to (GstElement *pipeline, GstMessageType end)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (
      bus, 30 * GST_SECOND, end | GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "no end");
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), end);
  gst_message_unref (message);
  gst_object_unref (bus);
}

static void
stop (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

static void
record (const gchar *elements, const gchar *name)
{
  gchar *text = g_strdup_printf (
      "audiotestsrc num-buffers=%d samplesperbuffer=441 wave=white-noise "
      "volume=0.3 ! audio/x-raw,format=S16LE,rate=44100 ! %s ! "
      "filesink location=%s/%s", SECONDS * 100, elements, folder, name);
  GstElement *pipeline = launch (text);

  play_to (pipeline, GST_MESSAGE_EOS);
  stop (pipeline);
  g_free (text);
}

static const gchar *const files[] = { "a.wav", "a.flac", "a.mp3" };
static guint n_files; /* of these, that can be made and read here */

static gboolean
is_here (const gchar *element)
{
  GstPluginFeature *feature =
      gst_registry_lookup_feature (gst_registry_get (), element);

  if (feature != NULL)
    gst_object_unref (feature);
  return feature != NULL;
}

/* Of libav's decoders of mp3 that of fixed point dithers: it gives other samples
 * each time.  That of floats starts early enough for the first sample to be
 * right already. */
static void
choose_decoder (void)
{
  static const gchar *const others[] = { "avdec_mp3", "mpg123audiodec" };

  n_files = G_N_ELEMENTS (files);
  if (!is_here ("avdec_mp3float") || !is_here ("lamemp3enc"))
    n_files--;
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    GstPluginFeature *other = gst_registry_lookup_feature (
        gst_registry_get (), others[i]);

    if (other != NULL) {
      gst_plugin_feature_set_rank (other, GST_RANK_NONE);
      gst_object_unref (other);
    }
  }
}

static void
setup (void)
{
  choose_decoder ();
  folder = g_dir_make_tmp ("tfr-XXXXXX", NULL);
  record ("wavenc", "a.wav");
  record ("flacenc", "a.flac");
  if (n_files == G_N_ELEMENTS (files))
    record ("lamemp3enc", "a.mp3");
  frames = frames_new ();
}

static void
teardown (void)
{
  for (guint i = 0; i < n_files; i++) {
    gchar *path = g_build_filename (folder, files[i], NULL);

    g_unlink (path);
    g_free (path);
  }
  g_rmdir (folder);
  g_free (folder);
  g_ptr_array_unref (frames);
}

static GstElement *
load (const gchar *name)
{
  gchar *text = g_strdup_printf ("filesrc location=%s/%s ! decodebin ! "
      "tfrreassign ! fakesink name=sink signal-handoffs=true", folder, name);
  GstElement *pipeline = launch (text);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  fail_unless_equals_int (
      gst_element_get_state (pipeline, NULL, NULL, 10 * GST_SECOND),
      GST_STATE_CHANGE_SUCCESS);
  g_ptr_array_set_size (frames, 0);
  g_free (text);
  return pipeline;
}

static GPtrArray *
take_frames (void)
{
  GPtrArray *taken = frames;

  frames = frames_new ();
  return taken;
}

static GPtrArray *
play_whole (const gchar *name)
{
  GstElement *pipeline = load (name);

  play_to (pipeline, GST_MESSAGE_EOS);
  stop (pipeline);
  return take_frames ();
}

/* NULL where the file cannot be sought so. */
static GPtrArray *
play_piece (const gchar *name, gdouble rate, GstSeekFlags flags,
    GstClockTime from, GstClockTime to)
{
  GstElement *pipeline = load (name);
  gboolean sought = gst_element_seek (pipeline, rate, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | flags, GST_SEEK_TYPE_SET, from, GST_SEEK_TYPE_SET,
      to);

  if (sought)
    play_to (pipeline, GST_MESSAGE_EOS);
  stop (pipeline);
  return sought ? take_frames () : NULL;
}

/* Up, so that what decoders cut off is whole samples. */
static GstClockTime
time_of (gint64 sample)
{
  return gst_util_uint64_scale_ceil (sample, GST_SECOND, RATE);
}

static gint64
sample_of (const GPtrArray *in, guint i)
{
  return ((Frame *) g_ptr_array_index (in, i))->sample;
}

static void
assert_contiguous (const GPtrArray *piece, gint step, const gchar *what)
{
  for (guint i = 1; i < piece->len; i++)
    fail_unless (sample_of (piece, i) == sample_of (piece, i - 1) + step,
        "%s: after the frame at %" G_GINT64_FORMAT " comes that at %"
        G_GINT64_FORMAT, what, sample_of (piece, i - 1), sample_of (piece, i));
}

/* Frames whose windows lie inside [from, to) are those of the whole. */
static void
assert_inside_equal (const GPtrArray *piece, const GPtrArray *whole,
    gint64 from, gint64 to, const gchar *what)
{
  guint n = 0;

  for (guint i = 0; i < piece->len; i++) {
    gint64 sample = sample_of (piece, i);

    if (sample < from + REACH || sample > to - REACH)
      continue;
    assert_frames_equal (piece, i, whole, (guint) (sample / HOP), 1, what);
    n++;
  }
  fail_unless (n >= (to - from - 2 * REACH) / HOP, "%s: %u frames", what, n);
}

/* -------------------------------------------------------------- tests ---- */

GST_START_TEST (an_accurate_seek_gives_the_frames_of_the_whole)
{
  static const gint64 pieces[][2] = { { 512 * 100, 512 * 200 },
    { 44100, 88200 }, { 100003, 150001 }, { 17, 30001 } };

  for (guint f = 0; f < n_files; f++) {
    GPtrArray *whole = play_whole (files[f]);

    assert_contiguous (whole, HOP, files[f]);
    for (guint p = 0; p < G_N_ELEMENTS (pieces); p++) {
      gint64 from = pieces[p][0], to = pieces[p][1];
      GPtrArray *piece = play_piece (files[f], 1, GST_SEEK_FLAG_ACCURATE,
          time_of (from), time_of (to));

      fail_unless_equals_int64 (
          sample_of (piece, 0), (from + HOP - 1) / HOP * HOP);
      fail_unless_equals_int64 (
          sample_of (piece, piece->len - 1), (to - 1) / HOP * HOP);
      assert_contiguous (piece, HOP, files[f]);
      assert_inside_equal (piece, whole, from, to, files[f]);
      g_ptr_array_unref (piece);
    }
    g_ptr_array_unref (whole);
  }
}
GST_END_TEST;

GST_START_TEST (a_seek_to_a_key_unit_gives_frames_of_the_whole)
{
  for (guint f = 0; f < n_files; f++) {
    GPtrArray *whole = play_whole (files[f]);
    GPtrArray *piece = play_piece (files[f], 1, GST_SEEK_FLAG_KEY_UNIT,
        2 * GST_SECOND, 4 * GST_SECOND);
    gint64 from = sample_of (piece, 0);

    assert_contiguous (piece, HOP, files[f]);
    fail_unless (ABS (from - 2 * RATE) < RATE / 2);
    if (f < 2) /* the place of an mp3 frame is a guess */
      assert_inside_equal (piece, whole, from, 4 * RATE, files[f]);
    g_ptr_array_unref (piece);
    g_ptr_array_unref (whole);
  }
}
GST_END_TEST;

GST_START_TEST (the_rate_of_play_changes_no_frame)
{
  static const gdouble rates[] = { 2, 0.5 };

  for (guint f = 0; f < n_files; f++) {
    GPtrArray *whole = play_whole (files[f]);

    for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
      GPtrArray *piece =
          play_piece (files[f], rates[r], 0, 0, 2 * GST_SECOND);

      fail_unless_equals_int64 (sample_of (piece, 0), 0);
      assert_contiguous (piece, HOP, files[f]);
      assert_inside_equal (piece, whole, 0, 2 * RATE, files[f]);
      g_ptr_array_unref (piece);
    }
    g_ptr_array_unref (whole);
  }
}
GST_END_TEST;

static gint
by_sample (gconstpointer a, gconstpointer b)
{
  gint64 first_one = (*(Frame *const *) a)->sample;
  gint64 other = (*(Frame *const *) b)->sample;

  return (first_one > other) - (first_one < other);
}

/* A wav cannot be played backwards (wavparse), and mp3 decoders start anew with
 * every stretch. */
GST_START_TEST (backwards_come_the_frames_of_the_whole)
{
  gint64 from = 20003, to = 100001;
  GPtrArray *whole = play_whole ("a.flac");
  GPtrArray *piece = play_piece (
      "a.flac", -1, GST_SEEK_FLAG_ACCURATE, time_of (from), time_of (to));

  fail_unless (piece != NULL);
  assert_contiguous (piece, -HOP, "backwards");
  g_ptr_array_sort (piece, by_sample);
  fail_unless_equals_int64 (
      sample_of (piece, 0), (from + HOP - 1) / HOP * HOP);
  fail_unless_equals_int64 (
      sample_of (piece, piece->len - 1), (to - 1) / HOP * HOP);
  assert_inside_equal (piece, whole, from, to, "backwards");
  g_ptr_array_unref (piece);

  if (n_files == G_N_ELEMENTS (files)) {
    piece = play_piece ("a.mp3", -1, 0, 0, 2 * GST_SECOND);
    fail_unless (piece != NULL && piece->len > 100);
    g_ptr_array_unref (piece);
  }
  fail_unless (play_piece ("a.wav", -1, 0, 0, 2 * GST_SECOND) == NULL);
  g_ptr_array_unref (whole);
}
GST_END_TEST;

/* Segments that follow each other without a flush, as loops do. */
GST_START_TEST (segments_that_are_looped_give_their_frames_each_time)
{
  gint64 from = 30000, to = 90000;

  for (guint f = 0; f < 2; f++) {
    GPtrArray *whole = play_whole (files[f]);
    GstElement *pipeline = load (files[f]);

    for (guint loop = 0; loop < 3; loop++) {
      gint before = g_atomic_int_get (&n_segments_done);
      GPtrArray *piece;

      fail_unless (gst_element_seek (pipeline, 1, GST_FORMAT_TIME,
          GST_SEEK_FLAG_SEGMENT | GST_SEEK_FLAG_ACCURATE |
              (loop == 0 ? GST_SEEK_FLAG_FLUSH : 0),
          GST_SEEK_TYPE_SET, time_of (from), GST_SEEK_TYPE_SET, time_of (to)));
      play_to (pipeline, GST_MESSAGE_SEGMENT_DONE);
      while (g_atomic_int_get (&n_segments_done) == before)
        g_usleep (1000);
      piece = take_frames ();
      fail_unless_equals_int64 (
          sample_of (piece, 0), (from + HOP - 1) / HOP * HOP);
      fail_unless_equals_int64 (
          sample_of (piece, piece->len - 1), (to - 1) / HOP * HOP);
      assert_contiguous (piece, HOP, files[f]);
      assert_inside_equal (piece, whole, from, to, files[f]);
      g_ptr_array_unref (piece);
    }
    stop (pipeline);
    g_ptr_array_unref (whole);
  }
}
GST_END_TEST;

static Suite *
seeks_suite (void)
{
  Suite *s = suite_create ("seeks");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, an_accurate_seek_gives_the_frames_of_the_whole);
  tcase_add_test (tc, a_seek_to_a_key_unit_gives_frames_of_the_whole);
  tcase_add_test (tc, the_rate_of_play_changes_no_frame);
  tcase_add_test (tc, backwards_come_the_frames_of_the_whole);
  tcase_add_test (tc, segments_that_are_looped_give_their_frames_each_time);
  return s;
}

GST_CHECK_MAIN (seeks);
