/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What tfrrender makes of input that is foreign, damaged or extreme. */

#include "video.h"

#include <gst/check/gstcheck.h>
#include <math.h>

#define VIDEO "video/x-raw, format=BGRx, width=64, height=48, framerate=10/1"

static guint
fill_tone (gint64 centre, guint channel, gdouble *time, gdouble *frequency,
    gfloat *magnitude, gconstpointer data)
{
  const guint *rate = data;

  time[0] = (gdouble) centre / *rate;
  frequency[0] = *rate / 5.0 + channel * (*rate / 400.0);
  magnitude[0] = 0.5f;
  return 1;
}

static const guint slow = 1000;
static const TestStream tone = { 1000, 64, 10, 1, fill_tone, &slow };

/* ------------------------------------------------------------- damage ---- */

/* Errors that were posted while the buffer was pushed; the last in `error`. */
static guint
push_and_count_errors (GstBuffer *buffer, GError **error)
{
  GstHarness *h = test_harness ("tfrrender", VIDEO);
  GstBus *bus = gst_bus_new ();
  GstFlowReturn flow;
  GstMessage *message;
  guint n = 0;

  gst_element_set_bus (h->element, bus);
  fail_unless_equals_int (
      gst_harness_push (h, test_batch (&tone, 0, 10, 100)), GST_FLOW_OK);
  flow = gst_harness_push (h, buffer);
  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR)) != NULL) {
    g_clear_error (error);
    gst_message_parse_error (message, error, NULL);
    gst_message_unref (message);
    n++;
  }
  fail_unless_equals_int (flow, n > 0 ? GST_FLOW_ERROR : GST_FLOW_OK);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
  return n;
}

/* A batch with some bytes of it changed. */
static GstBuffer *
damaged (gsize offset, gconstpointer bytes, gsize n)
{
  GstBuffer *buffer = test_batch (&tone, 100, 10, 200);

  gst_buffer_fill (buffer, offset, bytes, n);
  return buffer;
}

static void
expect_stream_error (GstBuffer *buffer, gint code, const gchar *what)
{
  GError *error = NULL;
  guint n = push_and_count_errors (buffer, &error);

  fail_unless (n == 1, "%s: %u errors", what, n);
  fail_unless (g_error_matches (error, GST_STREAM_ERROR, code), "%s: %s", what,
      error->message);
  g_clear_error (&error);
}

GST_START_TEST (foreign_and_damaged_batches_are_one_error)
{
  static const guint8 zeros[8] = { 0 },
                      ones[8] = { 255, 255, 255, 255, 255, 255, 255, 127 };
  GstBuffer *cut = test_batch (&tone, 100, 10, 200);

  expect_stream_error (
      damaged (0, "RIFFWAVE", 8), GST_STREAM_ERROR_FORMAT, "foreign");
  expect_stream_error (gst_buffer_new_allocate (NULL, 0, NULL),
      GST_STREAM_ERROR_FORMAT, "empty");
  expect_stream_error (
      damaged (8, "\x07", 1), GST_STREAM_ERROR_WRONG_TYPE, "version");
  expect_stream_error (
      damaged (20, zeros, 4), GST_STREAM_ERROR_DECODE, "no rate");
  expect_stream_error (
      damaged (28, zeros, 4), GST_STREAM_ERROR_DECODE, "no hop");
  expect_stream_error (
      damaged (36, zeros, 2), GST_STREAM_ERROR_DECODE, "no channels");
  expect_stream_error (
      damaged (40, ones, 8), GST_STREAM_ERROR_DECODE, "position");
  expect_stream_error (
      damaged (48, ones, 4), GST_STREAM_ERROR_DECODE, "frames");
  expect_stream_error (
      damaged (52, ones, 4), GST_STREAM_ERROR_DECODE, "points");
  expect_stream_error (
      damaged (128, ones, 4), GST_STREAM_ERROR_DECODE, "counts");
  gst_buffer_set_size (cut, 256);
  expect_stream_error (cut, GST_STREAM_ERROR_DECODE, "cut");
}
GST_END_TEST;

/* An end that no batch can have would be frames without end. */
GST_START_TEST (an_end_that_does_not_follow_from_the_frames_is_refused)
{
  static const gint64 ends[] = { 0, 100, 190, G_GINT64_CONSTANT (1) << 40 };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    gint64 end = GINT64_TO_LE (ends[i]);

    expect_stream_error (damaged (64, &end, 8), GST_STREAM_ERROR_DECODE, "end");
  }
}
GST_END_TEST;

/* -------------------------------------------------------------- points ---- */

typedef struct {
  gdouble time, frequency;
  gfloat magnitude;
} Point;

static guint
fill_point (gint64 centre, guint channel, gdouble *time, gdouble *frequency,
    gfloat *magnitude, gconstpointer data)
{
  const Point *point = data;

  time[0] = (gdouble) centre / 1000;
  frequency[0] = 200;
  magnitude[0] = 0.5f;
  time[1] = (gdouble) centre / 1000 + point->time;
  frequency[1] = point->frequency;
  magnitude[1] = point->magnitude;
  return 2;
}

static void
check_ignored (const Point *point, guint64 expected)
{
  const TestStream s = { 1000, 64, 10, 1, fill_point, point };
  GstHarness *h = test_harness ("tfrrender", VIDEO);
  GPtrArray *reference = test_render ("tfrrender", VIDEO,
      test_batches (
          &(TestStream){ 1000, 64, 10, 1, fill_tone, &slow }, 0, 1000, 10));
  GstElement *render = gst_harness_find_element (h, "tfrrender");
  GstStructure *stats;
  GPtrArray *frames;
  guint64 points, ignored;

  test_push (h, test_batches (&s, 0, 1000, 10));
  gst_harness_push_event (h, gst_event_new_eos ());
  g_object_get (render, "stats", &stats, NULL);
  fail_unless (gst_structure_get (stats, "points", G_TYPE_UINT64, &points,
      "ignored-points", G_TYPE_UINT64, &ignored, NULL));
  fail_unless_equals_uint64 (points, 200);
  fail_unless_equals_uint64 (ignored, expected);
  frames = test_pull (h);
  fail_unless_equals_int (frames->len, reference->len);
  for (guint i = 0; i < frames->len; i++)
    fail_unless (
        test_hash (frames->pdata[i]) == test_hash (reference->pdata[i]));
  gst_structure_free (stats);
  gst_object_unref (render);
  g_ptr_array_unref (frames);
  g_ptr_array_unref (reference);
  gst_harness_teardown (h);
}

GST_START_TEST (unsound_points_are_counted_and_change_nothing)
{
  const Point unsound[] = { { NAN, 200, 1 }, { INFINITY, 200, 1 },
    { 0, NAN, 1 }, { 0, -INFINITY, 1 }, { 0, 200, NAN }, { 0, 200, INFINITY },
    { 0.066, 200, 1 }, { -1e300, 200, 1 }, { 0, 1e300, 1 }, { 0, 200, 1e30f } };
  /* sound, but nowhere in the picture, or nothing */
  const Point unseen[] = { { 0, -5, 1 }, { 0, 1e6, 1 }, { 0, 0, 1 },
    { 0, 200, 0 }, { 0, 200, 1e-38f } };

  for (guint i = 0; i < G_N_ELEMENTS (unsound); i++)
    check_ignored (&unsound[i], 100);
  for (guint i = 0; i < G_N_ELEMENTS (unseen); i++)
    check_ignored (&unseen[i], 0);
}
GST_END_TEST;

/* ------------------------------------------------------------ extremes ---- */

GST_START_TEST (nothing_in_gives_nothing_out)
{
  static const gchar *const launches[] = { "tfrrender",
    "tfrrender scroll-mode=page", "tfrrender scroll-mode=page time-span=0" };

  for (guint i = 0; i < G_N_ELEMENTS (launches); i++) {
    GPtrArray *empty = g_ptr_array_new (), *frames;

    frames = test_render (launches[i], VIDEO, empty);
    fail_unless_equals_int (frames->len, 0);
    g_ptr_array_unref (frames);

    /* batches without a single frame */
    empty = g_ptr_array_new ();
    g_ptr_array_add (empty, test_batch (&tone, 100, 0, 100));
    g_ptr_array_add (empty, test_batch (&tone, 100, 0, 100));
    frames = test_render (launches[i], VIDEO, empty);
    fail_unless_equals_int (frames->len, 0);
    g_ptr_array_unref (frames);
  }
}
GST_END_TEST;

GST_START_TEST (any_rate_has_its_picture)
{
  static const guint rates[] = { 1, 3, 100, 10000000, G_MAXINT };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    guint rate = rates[i], hop = MAX (1, rate / 100);
    const TestStream s = { rate, 4 * hop, hop, 1, fill_tone, &rates[i] };
    GPtrArray *frames = test_render (
        "tfrrender axes=0 frequency-scale=linear max-frequency=1000000000",
        VIDEO, test_batches (&s, 0, (gint64) rate * 2, 16));

    fail_unless_equals_int (frames->len, 20);
    g_ptr_array_unref (frames);
  }
}
GST_END_TEST;

/* Each channel has its own row of pixels, and its own tone in it. */
GST_START_TEST (a_hundred_channels_stand_apart)
{
  static const guint rate = 1000;
  const TestStream s = { rate, 64, 10, 100, fill_tone, &rate };
  GPtrArray *frames = test_render (
      "tfrrender axes=0 channel-mode=separate splat=nearest prune=none "
      "frequency-scale=linear min-frequency=0 max-frequency=500 "
      "time-span=2000000000 min-level=-60",
      "video/x-raw, format=BGRx, width=64, height=1000, framerate=10/1",
      test_batches (&s, 0, 2000, 10));
  GstBuffer *last = frames->pdata[frames->len - 1];
  guint dark = test_pixel (last, 64, 32, 0);

  fail_unless_equals_int (frames->len, 20);
  for (guint c = 0; c < 100; c++) {
    gdouble hz = 200 + c * 2.5;
    guint row = 10 * c + 9 - (guint) (hz / 50);

    for (guint y = 10 * c; y < 10 * c + 10; y++)
      fail_unless ((test_pixel (last, 64, 32, y) != dark) == (y == row),
          "channel %u, row %u of %u", c, y, row);
  }
  g_ptr_array_unref (frames);
}
GST_END_TEST;

/* More channels than rows, and far more points than are remembered. */
GST_START_TEST (too_much_of_everything_is_still_a_picture)
{
  static const guint rate = 1000;
  const TestStream s = { rate, 64, 1, 1000, fill_tone, &rate };
  static const gchar *const modes[] = { "mix", "separate", "overlay" };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++) {
    gchar *launch = g_strdup_printf (
        "tfrrender channel-mode=%s color-by=channel", modes[i]);
    GPtrArray *frames =
        test_render (launch, VIDEO, test_batches (&s, 0, 500, 10));

    fail_unless_equals_int (frames->len, 5);
    g_ptr_array_unref (frames);
    g_free (launch);
  }
}
GST_END_TEST;

/* Another stream in the middle: rate and channels. */
GST_START_TEST (another_stream_begins_another_picture)
{
  static const guint rate = 4000;
  const TestStream other = { rate, 128, 40, 2, fill_tone, &rate };
  GstHarness *h = test_harness ("tfrrender", VIDEO);
  GPtrArray *frames;

  test_push (h, test_batches (&tone, 0, 1000, 3));
  test_push (h, test_batches (&other, 4000, 8000, 3));
  gst_harness_push_event (h, gst_event_new_eos ());
  frames = test_pull (h);
  fail_unless_equals_int (frames->len, 20);
  for (guint k = 0; k < 20; k++)
    fail_unless_equals_uint64 (
        GST_BUFFER_PTS ((GstBuffer *) frames->pdata[k]), k * 100 * GST_MSECOND);
  g_ptr_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrrender_input_suite (void)
{
  Suite *s = suite_create ("tfrrender_input");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, foreign_and_damaged_batches_are_one_error);
  tcase_add_test (tc, an_end_that_does_not_follow_from_the_frames_is_refused);
  tcase_add_test (tc, unsound_points_are_counted_and_change_nothing);
  tcase_add_test (tc, nothing_in_gives_nothing_out);
  tcase_add_test (tc, any_rate_has_its_picture);
  tcase_add_test (tc, a_hundred_channels_stand_apart);
  tcase_add_test (tc, too_much_of_everything_is_still_a_picture);
  tcase_add_test (tc, another_stream_begins_another_picture);
  return s;
}

GST_CHECK_MAIN (tfrrender_input);
