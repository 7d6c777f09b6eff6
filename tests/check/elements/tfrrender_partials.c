/* SPDX-License-Identifier: GPL-2.0-or-later */

/* tfrrender draws partials as lines. */

#include "near.h"
#include "rows.h"
#include "video.h"

#include <gst/check/gstcheck.h>

#define WIDTH 200
#define HEIGHT 100
#define LOOK                                                                   \
  "frequency-scale=linear min-level=-60 max-level=0 axes=0 color-map=gray "
#define PAGE "tfrrender scroll-mode=page time-span=0 max-frequency=10000 " LOOK
#define VIDEO "video/x-raw, format=BGRx, width=200, height=100, framerate=10/1"
#define FRAMES 100 /* 1 s */

/* Up from 1 to 9 kHz in a second, at this amplitude; for ever. */
static guint
fill_sweep (gint64 centre, guint channel, TestRow *rows, gconstpointer data)
{
  gdouble t = (gdouble) centre / ROWS_RATE;

  rows[0] = (TestRow){ .time = t,
    .frequency = 1000 + 8000 * t,
    .amplitude = *(const gfloat *) data,
    .id = 1,
    .flags = centre == 0 ? GST_TFR_ROW_BIRTH : 0 };
  return 1;
}

static guint
fill_tone (gint64 centre, guint channel, TestRow *rows, gconstpointer data)
{
  fill_sweep (centre, channel, rows, data);
  rows[0].frequency = 5050;
  return 1;
}

static GstHarness *
new_renderer (const gchar *launch)
{
  GstHarness *h = gst_harness_new_parse (launch);

  gst_harness_set_sink_caps_str (h, VIDEO);
  gst_harness_set_src_caps_str (h, GST_TFR_PARTIALS_TEMPLATE_CAPS);
  return h;
}

/* All frames of FRAMES frames in batches of 10, in the direction of play. */
static GPtrArray *
render (const gchar *launch, RowsFill fill, gfloat amplitude)
{
  GstHarness *h = new_renderer (launch);
  GPtrArray *frames;

  for (guint b = 0; b < FRAMES / 10; b++)
    fail_unless_equals_int (
        gst_harness_push (h, rows_make_filled ((gint64) b * 10 * ROWS_HOP, 10,
                                 1, 0, fill, &amplitude)),
        GST_FLOW_OK);
  gst_harness_push_event (h, gst_event_new_eos ());
  frames = test_pull (h);
  gst_harness_teardown (h);
  return frames;
}

static guint
brightness (GstBuffer *frame, guint x, guint y)
{
  return test_pixel (frame, WIDTH, x, y) & 0xff;
}

/* The brightest row of a column, from the top. */
static guint
brightest_row (GstBuffer *frame, guint x)
{
  guint best = 0;

  for (guint y = 1; y < HEIGHT; y++)
    if (brightness (frame, x, y) > brightness (frame, x, best))
      best = y;
  return best;
}

GST_START_TEST (a_sweep_is_one_line_without_a_gap)
{
  GPtrArray *frames = render (PAGE, fill_sweep, 0.5f);
  GstBuffer *page;
  guint least = 255, most = 0;

  fail_unless_equals_int (frames->len, 1);
  page = g_ptr_array_index (frames, 0);
  /* Two hops from its ends. */
  for (guint x = 4; x < WIDTH - 6; x++) {
    guint row = brightest_row (page, x);
    gdouble t = (x + 0.5) / WIDTH;

    assert_near (HEIGHT - (row + 0.5), (1000 + 8000 * t) / 100, 1.5,
        "row of column %u", x);
    least = MIN (least, brightness (page, x, row));
    most = MAX (most, brightness (page, x, row));
    fail_unless (abs ((gint) row - (gint) brightest_row (page, x + 1)) <= 1);
  }
  /* An even one: 2 dB of the 60 that grey has. */
  fail_unless (least > 150, "least %u", least);
  fail_unless (most - least <= 255 * 2 / 60, "%u to %u", least, most);
  g_ptr_array_unref (frames);
}
GST_END_TEST;

/* A tone of -20 dBFS is so bright, one of -40 dBFS is 20 dB darker. */
GST_START_TEST (brightness_is_the_level)
{
  GPtrArray *loud = render (PAGE, fill_tone, 0.1f);
  GPtrArray *soft = render (PAGE, fill_tone, 0.01f);
  GstBuffer *one = g_ptr_array_index (loud, 0);
  GstBuffer *other = g_ptr_array_index (soft, 0);
  guint row = brightest_row (one, WIDTH / 2);

  assert_near (row, HEIGHT - 1 - 50, 0, "row");
  assert_near (brightness (one, WIDTH / 2, row) / 255.0, 40.0 / 60, 0.03,
      "brightness of -20 dBFS");
  assert_near (brightness (other, WIDTH / 2, row) / 255.0, 20.0 / 60, 0.03,
      "brightness of -40 dBFS");
  g_ptr_array_unref (loud);
  g_ptr_array_unref (soft);
}
GST_END_TEST;

/* With another range in the middle of the stream the lines that have come are
 * drawn again: the last frame is as if the range had always been so. */
GST_START_TEST (lines_are_drawn_again_with_another_range)
{
  const gchar *launch = "tfrrender time-span=2000000000 " LOOK "max-frequency=";
  gchar *before = g_strconcat (launch, "20000", NULL);
  gchar *after = g_strconcat (launch, "10000", NULL);
  GPtrArray *always = render (after, fill_sweep, 0.5f), *changed;
  GstHarness *h = new_renderer (before);
  gfloat amplitude = 0.5f;

  for (guint b = 0; b < FRAMES / 10; b++) {
    if (b == 5)
      gst_harness_set (h, "tfrrender", "max-frequency", 10000.0, NULL);
    gst_harness_push (h, rows_make_filled ((gint64) b * 10 * ROWS_HOP, 10, 1, 0,
                             fill_sweep, &amplitude));
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  changed = test_pull (h);
  fail_unless_equals_int (changed->len, always->len);
  fail_unless_equals_uint64 (
      test_hash (g_ptr_array_index (changed, changed->len - 1)),
      test_hash (g_ptr_array_index (always, always->len - 1)));
  fail_unless (test_hash (g_ptr_array_index (changed, 1)) !=
               test_hash (g_ptr_array_index (always, 1)));
  g_ptr_array_unref (changed);
  g_ptr_array_unref (always);
  gst_harness_teardown (h);
  g_free (before);
  g_free (after);
}
GST_END_TEST;

GST_START_TEST (frames_do_not_depend_on_the_batches)
{
  GPtrArray *tens = render ("tfrrender", fill_sweep, 0.5f);
  GstHarness *h = new_renderer ("tfrrender");
  gfloat amplitude = 0.5f;
  GPtrArray *ones;

  for (guint b = 0; b < FRAMES; b++)
    gst_harness_push (h, rows_make_filled ((gint64) b * ROWS_HOP, 1, 1, 0,
                             fill_sweep, &amplitude));
  gst_harness_push_event (h, gst_event_new_eos ());
  ones = test_pull (h);
  fail_unless_equals_int (ones->len, tens->len);
  for (guint i = 0; i < ones->len; i++)
    fail_unless_equals_uint64 (test_hash (g_ptr_array_index (ones, i)),
        test_hash (g_ptr_array_index (tens, i)));
  g_ptr_array_unref (ones);
  g_ptr_array_unref (tens);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Sizes that the caps tell beforehand are those of the batches. */
GST_START_TEST (caps_that_say_more_show_the_same)
{
  static const gchar *const more[] = { "",
    ", rate=48000, channels=1, hop-size=480, window-size=2048, fft-size=2048" };
  const gfloat amplitude = 0.5f;
  guint64 hashes[2];

  for (guint i = 0; i < 2; i++) {
    GstHarness *h = gst_harness_new_parse (PAGE);
    gchar *caps = g_strconcat (
        "application/x-tfr-partials, version=1, framed=true", more[i], NULL);
    GPtrArray *frames;

    gst_harness_set_sink_caps_str (h, VIDEO);
    gst_harness_set_src_caps_str (h, caps);
    gst_harness_push (
        h, rows_make_filled (0, FRAMES, 1, 0, fill_sweep, &amplitude));
    gst_harness_push_event (h, gst_event_new_eos ());
    frames = test_pull (h);
    fail_unless_equals_int (frames->len, 1);
    hashes[i] = test_hash (g_ptr_array_index (frames, 0));
    g_ptr_array_unref (frames);
    gst_harness_teardown (h);
    g_free (caps);
  }
  fail_unless_equals_uint64 (hashes[1], hashes[0]);
}
GST_END_TEST;

static Suite *
tfrrender_partials_suite (void)
{
  Suite *s = suite_create ("tfrrender_partials");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_sweep_is_one_line_without_a_gap);
  tcase_add_test (tc, brightness_is_the_level);
  tcase_add_test (tc, lines_are_drawn_again_with_another_range);
  tcase_add_test (tc, frames_do_not_depend_on_the_batches);
  tcase_add_test (tc, caps_that_say_more_show_the_same);
  return s;
}

GST_CHECK_MAIN (tfrrender_partials);
