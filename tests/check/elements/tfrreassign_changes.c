/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Properties that change while audio flows. */

#include "points.h"

#include <string.h>

#define N 12000 /* samples before the change and after it */

/* Sets a property in the middle; the frames before it are left in *before. */
static GPtrArray *
change (const gchar *launch, const gchar *property, const gchar *value,
    GPtrArray **before, gchar **caps)
{
  GstHarness *h = audio_harness (launch);
  GstCaps *after;
  GPtrArray *frames;

  audio_push (h, 0, N, 1000);
  *before = frames_pull (h);
  gst_util_set_object_arg (G_OBJECT (h->element), property, value);
  audio_push (h, N, N, 1000);
  audio_push_eos (h);
  frames = frames_pull (h);
  after = gst_pad_get_current_caps (h->sinkpad);
  *caps = gst_caps_to_string (after);
  gst_caps_unref (after);
  gst_harness_teardown (h);
  return frames;
}

static gint64
sample_of (const GPtrArray *frames, guint i)
{
  return ((Frame *) g_ptr_array_index (frames, i))->sample;
}

/* Up to the change the frames are those of before; from the next one on they
 * are those of an element that had the new value from the start, except that
 * samples which were no longer held are zeros. */
GST_START_TEST (a_change_takes_effect_at_the_next_frame)
{
  static const struct {
    const gchar *property, *value;
    gint64 unsure; /* samples in which a frame may lack older ones, or one more
                      old frame fills up to the new grid */
    const gchar *in_caps;
  } cases[] = { { "window", "hann", 0, "" }, { "window-parameter", "6", 0, "" },
    { "window-size", "1024", 0, "window-size=(int)1024" },
    { "window-size", "8192", 4096, "window-size=(int)8192" },
    { "hop-size", "300", 512, "hop-size=(int)300" },
    { "hop-size", "1024", 512, "hop-size=(int)1024" },
    { "hop-size", "2500", 512, "hop-size=(int)2500" },
    { "fft-size", "3000", 0, "fft-size=(int)3000" },
    { "padding", "2", 0, "fft-size=(int)4096" },
    { "magnitude-floor", "-40", 0, "" },
    { "floor-reference", "frame-peak", 0, "" }, { "reassign", "time", 0, "" },
    { "max-time-shift", "100", 0, "" }, { "max-frequency-shift", "5", 0, "" },
    { "fields", "phase+chirp-rate", 0, "phase=(boolean)true" },
    { "frames-per-buffer", "3", 0, "" },
    { "window-duration", "20000000", 512, "window-size=(int)960" },
    { "hop-duration", "5000000", 512, "hop-size=(int)240" },
    { "consensus", "mixed", 0, "" }, { "consensus", "line", 512, "" },
    { "precision", "single", 512, "" }, { "n-threads", "3", 0, "" },
    { "analytic", "true", 3 * 1024, "" }, { "n-threads", "2", 0, "" },
    { "precision", "single", 0, "" }, { "channel-mode", "mix", 0, "" } };

  for (guint c = 0; c < G_N_ELEMENTS (cases); c++) {
    const gchar *property = cases[c].property, *value = cases[c].value;
    GPtrArray *old = frames_analyse ("tfrreassign", 0, 2 * N);
    gchar *launch = g_strdup_printf ("tfrreassign %s=%s", property, value);
    GPtrArray *new = frames_analyse (launch, 0, 2 * N), *before, *after;
    gchar *caps;
    guint k = 0, skip = 0;

    after = change ("tfrreassign", property, value, &before, &caps);
    assert_frames_equal (before, 0, old, 0, before->len, launch);
    fail_unless (
        strstr (caps, cases[c].in_caps) != NULL, "%s: %s", launch, caps);
    /* frames of the batch that was in the making have the old value */
    while (sample_of (after, skip) <
           sample_of (before, before->len - 1) + 512 + cases[c].unsure)
      skip++;
    while (sample_of (new, k) < sample_of (after, skip))
      k++;
    fail_unless_equals_int (after->len - skip, new->len - k);
    assert_frames_equal (after, skip, new, k, new->len - k, launch);
    fail_unless (new->len - k >= 4);
    g_ptr_array_unref (old);
    g_ptr_array_unref (new);
    g_ptr_array_unref (before);
    g_ptr_array_unref (after);
    g_free (launch);
    g_free (caps);
  }
}
GST_END_TEST;

static const struct {
  const gchar *property;
  const gchar *values[3];
} changes[] = { { "hop-size", { "100", "700", "5000" } },
  { "window-size", { "64", "2048", "4095" } },
  { "frames-per-buffer", { "0", "1", "13" } },
  { "precision", { "single", "double", "single" } },
  { "consensus", { "none", "line", "rank1" } },
  { "analytic", { "true", "false", "false" } },
  { "fields", { "0", "phase", "agreement+bin" } },
  { "window", { "hann", "dpss", "gaussian" } },
  { "floor-reference", { "noise", "running-peak", "full-scale" } },
  { "channel-mode", { "mix", "separate", "separate" } },
  { "padding", { "1", "2", "3" } },
  { "precision", { "single", "double", "double" } },
  { "n-threads", { "1", "2", "0" } } };

/* Sets properties at random; says how many batches begin later than the one
 * before ended, of which each must say so.  A batch that left so that frames of
 * another hop could follow may find that the signal ends before them. */
static guint
walk (guint seed, guint channels)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GRand *random = g_rand_new_with_seed (seed);
  gint64 end = 0;
  guint jumps = 0;
  GstBuffer *buffer;
  gchar *caps = g_strdup_printf (
      "audio/x-raw, format=F64LE, layout=interleaved, rate=48000, channels=%u, "
      "channel-mask=(bitmask)%u",
      channels, channels > 1 ? 3 : 0);

  gst_harness_set_src_caps_str (h, caps);
  g_free (caps);
  for (gint64 i = 0; i < 60000;) {
    guint c = (guint) g_rand_int_range (random, 0, G_N_ELEMENTS (changes));
    gsize n = (gsize) g_rand_int_range (random, 1, 3000);

    gst_util_set_object_arg (G_OBJECT (h->element), changes[c].property,
        changes[c].values[g_rand_int_range (random, 0, 3)]);
    buffer = audio_buffer (i * channels, n * channels);
    GST_BUFFER_PTS (buffer) = audio_time (i);
    gst_harness_push (h, buffer);
    i += (gint64) n;
    if (i >= 60000)
      audio_push_eos (h);
    while ((buffer = gst_harness_try_pull (h)) != NULL) {
      gint64 first = (gint64) GST_BUFFER_OFFSET (buffer);
      gboolean jump = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT);

      fail_unless (jump ? first > end : first == end,
          "seed %u: a batch from %" G_GINT64_FORMAT
          " after one to %" G_GINT64_FORMAT,
          seed, first, end);
      jumps += jump;
      end = (gint64) GST_BUFFER_OFFSET_END (buffer);
      gst_buffer_unref (buffer);
    }
    if (i >= 60000)
      fail_unless (end >= i && end < i + 5000,
          "seed %u: the last batch ends "
          "at %" G_GINT64_FORMAT ", the signal at %" G_GINT64_FORMAT,
          seed, end, i);
  }
  g_rand_free (random);
  gst_harness_teardown (h);
  return jumps;
}

static guint
walks (void)
{
  return g_getenv ("TFR_TEST_FULL") != NULL ? 200 : 8;
}

/* Each batch ends where the next begins, whatever changes and however often. */
GST_START_TEST (no_frame_is_lost_or_doubled_by_changes)
{
  for (guint seed = 0; seed < walks (); seed++)
    fail_unless_equals_int (walk (seed, 1), 0);
}
GST_END_TEST;

/* Other channels cannot wait for a frame that begins both on the old grid and
 * on the new one. */
GST_START_TEST (a_gap_where_channels_change_is_said)
{
  guint jumps = 0;

  for (guint seed = 0; seed < walks (); seed++)
    jumps += walk (seed + 16, 2);
  fail_unless (jumps > 0);
}
GST_END_TEST;

/* A hop that waits for a frame on both grids, and fields that cannot wait. */
GST_START_TEST (a_change_that_waits_outlasts_new_fields)
{
  GstHarness *h = audio_harness (
      "tfrreassign window-size=64 hop-size=512 frames-per-buffer=1");
  GPtrArray *frames;

  audio_push (h, 0, 2000, 1000);
  g_object_set (h->element, "hop-size", 2000, NULL);
  audio_push (h, 2000, 8, 8);
  gst_harness_set_sink_caps_str (h, "application/x-tfr-points, phase=true");
  audio_push (h, 2008, N, 1000);
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_int64 (
      sample_of (frames, frames->len - 1) - sample_of (frames, frames->len - 2),
      2000);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (values_that_do_not_go_together_change_nothing)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GPtrArray *whole = frames_analyse ("tfrreassign", 0, 2 * N), *frames;
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GError *error;

  gst_element_set_bus (h->element, bus);
  audio_push (h, 0, N, 1000);
  g_object_set (h->element, "fft-size", 1000, NULL); /* below the window's */
  audio_push (h, N, N, 1000);
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_int (frames->len, whole->len);
  assert_frames_equal (frames, 0, whole, 0, whole->len, "as before");

  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  fail_unless (message != NULL);
  gst_message_parse_warning (message, &error, NULL);
  fail_unless (
      g_error_matches (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS));
  fail_unless (
      strstr (error->message, "fft_size") != NULL, "%s", error->message);
  g_error_free (error);
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING) == NULL);
  g_ptr_array_unref (frames);
  g_ptr_array_unref (whole);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* A channel more or less in the middle of a stream: one becomes all of several,
 * several become their mean. */
GST_START_TEST (channels_may_be_mixed_and_parted_while_playing)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GPtrArray *frames;
  guint stereo = 0, mono = 0;

  gst_harness_set_src_caps_str (h,
      "audio/x-raw, format=F64LE, layout=interleaved, rate=48000, channels=2, "
      "channel-mask=(bitmask)3");
  for (gint64 i = 0; i < 20; i++) {
    GstBuffer *buffer = audio_buffer (i * 1000, 2000);

    GST_BUFFER_PTS (buffer) = audio_time (i * 1000);
    gst_util_set_object_arg (
        G_OBJECT (h->element), "channel-mode", i % 4 < 2 ? "separate" : "mix");
    gst_harness_push (h, buffer);
  }
  audio_push_eos (h);
  frames = frames_pull (h);
  for (guint i = 0; i < frames->len; i++) {
    const Frame *frame = g_ptr_array_index (frames, i);

    fail_unless (frame->n_points > 100);
    if (frame->channel == 1)
      stereo++;
    else
      mono++;
  }
  fail_unless_equals_int (mono, 40); /* ceil (20000 / 512) */
  fail_unless (stereo > 10 && stereo < 30);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrreassign_changes_suite (void)
{
  Suite *s = suite_create ("tfrreassign changes");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_change_takes_effect_at_the_next_frame);
  tcase_add_test (tc, no_frame_is_lost_or_doubled_by_changes);
  tcase_add_test (tc, a_gap_where_channels_change_is_said);
  tcase_add_test (tc, a_change_that_waits_outlasts_new_fields);
  tcase_add_test (tc, values_that_do_not_go_together_change_nothing);
  tcase_add_test (tc, channels_may_be_mixed_and_parted_while_playing);
  return s;
}

GST_CHECK_MAIN (tfrreassign_changes);
