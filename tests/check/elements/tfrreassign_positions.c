/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Where samples lie on the clock, what of them the segment lets through, and how
 * batches are cut. */

#include "points.h"

static GstHarness *
harness_at (gint rate, const gchar *properties)
{
  gchar *launch = g_strdup_printf ("tfrreassign %s", properties);
  gchar *caps = g_strdup_printf (
      "audio/x-raw, format=F64LE, layout=interleaved, rate=%d, channels=1",
      rate);
  GstElement *element = gst_parse_launch (launch, NULL);
  GstHarness *h = gst_harness_new_with_element (element, "sink", "src");

  gst_object_unref (element);
  gst_harness_set_src_caps_str (h, caps);
  g_free (launch);
  g_free (caps);
  return h;
}

/* One sample, so that the only batch ends one past its position. */
static gint64
position_of (gint rate, GstClockTime pts)
{
  GstHarness *h = harness_at (
      rate, "hop-size=1 window-size=32 frames-per-buffer=1");
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 8, NULL);
  GPtrArray *frames;
  gint64 position;

  gst_buffer_memset (buffer, 0, 0, 8);
  GST_BUFFER_PTS (buffer) = pts;
  gst_harness_push (h, buffer);
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_int (frames->len, 1);
  position = ((Frame *) g_ptr_array_index (frames, 0))->sample;
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
  return position;
}

/* floor (PTS rate / 1e9 + max (0.01, 1.5e-9 rate)), for a PTS that was rounded
 * down to ns, to the nearest or up. */
GST_START_TEST (a_time_stamp_names_its_sample_however_it_was_rounded)
{
  static const gint rates[] = { 1, 8000, 11025, 44100, 48000, 192000, 10000000,
    300000000 };
  static const gint64 hours[] = { 0, 1, 24, 24 * 366 };

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    for (guint i = 0; i < G_N_ELEMENTS (hours); i++)
      for (gint64 k = 0; k < 3; k++) {
        gint rate = rates[r];
        gint64 n = hours[i] * 3600 * rate + k * 7919 + k;
        GstClockTime down = gst_util_uint64_scale (n, GST_SECOND, rate);
        GstClockTime up = gst_util_uint64_scale_ceil (n, GST_SECOND, rate);

        fail_unless_equals_int64 (position_of (rate, down), n);
        fail_unless_equals_int64 (position_of (rate, up), n);
      }
}
GST_END_TEST;

GST_START_TEST (between_two_samples_the_earlier_one_sounds)
{
  GstClockTime sample = GST_SECOND / 48000;

  fail_unless_equals_int64 (position_of (48000, sample / 2), 0);
  fail_unless_equals_int64 (position_of (48000, sample * 98 / 100), 0);
  fail_unless_equals_int64 (position_of (48000, sample * 995 / 1000), 1);
  fail_unless_equals_int64 (position_of (1, GST_SECOND * 5 - 1), 5);
  fail_unless_equals_int64 (position_of (1, GST_SECOND * 49 / 10), 4);
  /* where a ns is more than a sample the rule still is what it is */
  fail_unless_equals_int64 (position_of (G_MAXINT, 1000), 2150);
}
GST_END_TEST;

/* PTS and duration of each batch are checked in frames_pull: they are scaled from
 * positions, so that nothing adds up over a year. */
GST_START_TEST (far_batches_follow_each_other_to_the_ns)
{
  gint64 year = (gint64) 366 * 24 * 3600 * AUDIO_RATE;
  GstHarness *h = audio_harness ("tfrreassign hop-size=100 window-size=256");
  GPtrArray *near = frames_analyse (
      "tfrreassign hop-size=100 window-size=256", 0, 20000);
  GPtrArray *far;

  audio_push (h, year, 20000, 1000);
  audio_push_eos (h);
  far = frames_pull (h);
  fail_unless_equals_int (far->len, near->len);
  for (guint i = 0; i < far->len; i++)
    fail_unless_equals_int64 (
        ((Frame *) g_ptr_array_index (far, i))->sample, year + i * 100);
  g_ptr_array_unref (near);
  g_ptr_array_unref (far);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (batches_begin_at_multiples_of_their_length)
{
  static const struct {
    const gchar *properties;
    gint64 hop, b;
  } cases[] = { { "", 512, 1 }, { "hop-size=100", 100, 9 },
    { "hop-size=100 frames-per-buffer=4", 100, 4 },
    { "hop-size=1 window-size=32", 1, 960 }, { "hop-size=3000", 3000, 1 } };

  for (guint c = 0; c < G_N_ELEMENTS (cases); c++) {
    GstHarness *h = harness_at (AUDIO_RATE, cases[c].properties);
    gint64 start = 12345, next = -1, step = cases[c].hop * cases[c].b;
    GstBuffer *buffer;

    audio_push (h, start, 20000, 777);
    audio_push_eos (h);
    while ((buffer = gst_harness_try_pull (h)) != NULL) {
      gint64 begin = (gint64) GST_BUFFER_OFFSET (buffer);
      gint64 end = (gint64) GST_BUFFER_OFFSET_END (buffer);

      if (next < 0)
        next = (start + cases[c].hop - 1) / cases[c].hop * cases[c].hop;
      fail_unless_equals_int64 (begin, next);
      next = gst_harness_buffers_in_queue (h) == 0 ? start + 20000
                                                   : (begin / step + 1) * step;
      fail_unless_equals_int64 (end, next);
      gst_buffer_unref (buffer);
    }
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* -------------------------------------------------------------- segment ---- */

static void
set_segment (GstHarness *h, GstClockTime start, GstClockTime stop)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = segment.time = start;
  segment.stop = stop;
  gst_harness_push_event (h, gst_event_new_segment (&segment));
}

/* Segments that begin and end at any sample, rounded either way: the frames are
 * those of exactly these samples. */
GST_START_TEST (audio_is_cut_to_the_segment_to_the_sample)
{
  const gchar *launch = "tfrreassign window-size=64 hop-size=16";

  for (gint64 from = 1000; from < 1050; from += 7)
    for (gint rounding = 0; rounding < 2; rounding++) {
      GPtrArray *piece = frames_analyse (launch, from, 3001), *frames;
      GstHarness *h = audio_harness (launch);

      set_segment (h, audio_time (from) + rounding,
          audio_time (from + 3001) + rounding);
      audio_push (h, 0, 6000, 813);
      audio_push_eos (h);
      frames = frames_pull (h);
      fail_unless_equals_int (frames->len, piece->len);
      assert_frames_equal (frames, 0, piece, 0, piece->len, "cut");
      g_ptr_array_unref (frames);
      g_ptr_array_unref (piece);
      gst_harness_teardown (h);
    }
}
GST_END_TEST;

/* Nor does it matter what a buffer says of its duration. */
GST_START_TEST (a_false_duration_cuts_nothing)
{
  static const GstClockTime durations[] = { 0, 1, 3600 * GST_SECOND,
    GST_CLOCK_TIME_NONE };
  GPtrArray *piece = frames_analyse ("tfrreassign", 500, 9000);

  for (guint i = 0; i < G_N_ELEMENTS (durations); i++) {
    GstHarness *h = audio_harness ("tfrreassign");
    GstBuffer *buffer = audio_buffer (0, 10000);
    GPtrArray *frames;

    set_segment (h, audio_time (500), audio_time (9500));
    GST_BUFFER_DURATION (buffer) = durations[i];
    gst_harness_push (h, buffer);
    audio_push_eos (h);
    frames = frames_pull (h);
    fail_unless_equals_int (frames->len, piece->len);
    assert_frames_equal (frames, 0, piece, 0, piece->len, "false duration");
    g_ptr_array_unref (frames);
    gst_harness_teardown (h);
  }
  g_ptr_array_unref (piece);
}
GST_END_TEST;

GST_START_TEST (audio_outside_the_segment_leaves_no_trace)
{
  GPtrArray *piece = frames_analyse ("tfrreassign", 24000, 9000), *frames;
  GstHarness *h = audio_harness ("tfrreassign");
  GstBuffer *buffer = audio_buffer (200000, 1000);

  set_segment (h, audio_time (24000), audio_time (33000));
  audio_push (h, 0, 1000, 1000);
  gst_harness_push_event (
      h, gst_event_new_gap (audio_time (1000), audio_time (1000)));
  audio_push (h, 24000, 9000, 1000);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push (h, buffer);
  audio_push_eos (h);
  frames = frames_pull (h);
  fail_unless_equals_int (frames->len, piece->len);
  assert_frames_equal (frames, 0, piece, 0, piece->len, "inside");
  g_ptr_array_unref (frames);
  g_ptr_array_unref (piece);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Pieces that overlap by N + 16 samples fit together. */
GST_START_TEST (a_piece_gives_the_frames_of_the_whole)
{
  static const struct {
    const gchar *launch;
    gint64 reach; /* samples either side of a centre that matter */
  } cases[] = { { "tfrreassign", 1024 + 8 },
    { "tfrreassign window-size=255 hop-size=77 window=nuttall", 127 + 8 + 1 },
    { "tfrreassign hop-size=300 consensus=line floor-reference=frame-peak",
        1024 + 8 + 300 },
    { "tfrreassign analytic=true window-size=512", 256 + 8 + 3 * 1024 },
    { "tfrreassign precision=single", 1024 + 8 + 512 } };
  gint64 from = 20011, n = 30000;

  for (guint c = 0; c < G_N_ELEMENTS (cases); c++) {
    GPtrArray *whole = frames_analyse (cases[c].launch, 0, 60000);
    GPtrArray *piece = frames_analyse (cases[c].launch, from, (gsize) n);
    guint n_inside = 0;

    for (guint i = 0; i < piece->len; i++) {
      const Frame *frame = g_ptr_array_index (piece, i);
      guint k = 0;

      if (frame->sample < from + cases[c].reach ||
          frame->sample > from + n - cases[c].reach)
        continue;
      while (((Frame *) g_ptr_array_index (whole, k))->sample < frame->sample)
        k++;
      assert_frames_equal (piece, i, whole, k, 1, cases[c].launch);
      n_inside++;
    }
    fail_unless (n_inside > 40, "%s: %u frames", cases[c].launch, n_inside);
    g_ptr_array_unref (piece);
    g_ptr_array_unref (whole);
  }
}
GST_END_TEST;

static Suite *
tfrreassign_positions_suite (void)
{
  Suite *s = suite_create ("tfrreassign positions");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (
      tc, a_time_stamp_names_its_sample_however_it_was_rounded);
  tcase_add_test (tc, between_two_samples_the_earlier_one_sounds);
  tcase_add_test (tc, far_batches_follow_each_other_to_the_ns);
  tcase_add_test (tc, batches_begin_at_multiples_of_their_length);
  tcase_add_test (tc, audio_is_cut_to_the_segment_to_the_sample);
  tcase_add_test (tc, a_false_duration_cuts_nothing);
  tcase_add_test (tc, audio_outside_the_segment_leaves_no_trace);
  tcase_add_test (tc, a_piece_gives_the_frames_of_the_whole);
  return s;
}

GST_CHECK_MAIN (tfrreassign_positions);
