/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which frames tfrrender makes, when, and which part of the signal each shows.
 */

#include "video.h"

#include <gst/check/gstcheck.h>

typedef struct {
  gint n, d;
} Framerate;

static gchar *
small_video (Framerate fps)
{
  return g_strdup_printf ("video/x-raw, format=BGRx, width=16, height=16, "
                          "framerate=%d/%d",
      fps.n, fps.d);
}

/* max (1, ceil ((end - first) fps / rate)), without a double */
static guint64
expected_frames (gint64 length, guint rate, Framerate fps)
{
  unsigned __int128 n = (unsigned __int128) length * (guint) fps.n;
  unsigned __int128 d = (unsigned __int128) rate * (guint) fps.d;

  return MAX (1, (guint64) ((n + d - 1) / d));
}

/* Time stamps and durations are those of k D, without rounding errors that add
 * up. */
static void
check_times (GPtrArray *frames, GstClockTime base, Framerate fps)
{
  for (guint k = 0; k < frames->len; k++) {
    GstBuffer *frame = frames->pdata[k];
    GstClockTime from =
        gst_util_uint64_scale (k, GST_SECOND * (guint) fps.d, (guint) fps.n);
    GstClockTime to = gst_util_uint64_scale (
        k + 1, GST_SECOND * (guint) fps.d, (guint) fps.n);

    fail_unless_equals_uint64 (GST_BUFFER_PTS (frame), base + from);
    fail_unless_equals_uint64 (GST_BUFFER_DURATION (frame), to - from);
    fail_unless_equals_int (GST_BUFFER_IS_DISCONT (frame), k == 0);
  }
}

GST_START_TEST (n_samples_give_so_many_frames_however_they_are_cut)
{
  static const guint rates[] = { 1, 7, 8000, 44100, 48000, 10000000 };
  static const Framerate fps[] = { { 30000, 1001 }, { 25, 1 }, { 60, 1 },
    { 1, 1 }, { 7, 3 } };
  static const guint per_batch[] = { 1, 5, 0 };

  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    for (guint f = 0; f < G_N_ELEMENTS (fps); f++) {
      guint rate = rates[r], hop = MAX (1, rate / 50);
      const TestStream s = { rate, 4 * hop, hop, 1, NULL, NULL };
      gint64 length = (gint64) (rate * (guint64) (r + 1) / 3) + 1;
      gint64 start = (gint64) hop * 3;
      gchar *caps = small_video (fps[f]);

      for (guint b = 0; b < G_N_ELEMENTS (per_batch); b++) {
        GPtrArray *frames = test_render ("tfrrender", caps,
            test_batches (&s, start, start + length, per_batch[b]));

        fail_unless_equals_uint64 (
            frames->len, expected_frames (length, rate, fps[f]));
        check_times (frames,
            gst_util_uint64_scale ((guint64) start, GST_SECOND, rate), fps[f]);
        g_ptr_array_unref (frames);
      }
      g_free (caps);
    }
  }
}
GST_END_TEST;

/* -------------------------------------------------- what a frame shows ---- */

/* 1000 Hz, 50 columns a second, 25 frames a second: 2 columns a frame. */
#define RATE 1000
#define WIDTH 100
#define PICTURE                                                                \
  "tfrrender axes=0 time-span=2000000000 splat=nearest prune=none "            \
  "frequency-scale=linear min-frequency=0 max-frequency=500 min-level=-60 "    \
  "max-level=0 "
#define VIDEO "video/x-raw, format=BGRx, width=100, height=50, framerate=25/1"

typedef struct {
  gint64 at, carrier; /* sample of the click, centre of the frame that has it */
} Click;

static guint
fill_click (gint64 centre, guint channel, gdouble *time, gdouble *frequency,
    gfloat *magnitude, gconstpointer data)
{
  const Click *click = data;

  if (centre != click->carrier)
    return 0;
  time[0] = (gdouble) click->at / RATE;
  frequency[0] = 245; /* in the row that ends 25 px from the low end */
  magnitude[0] = 1;
  return 1;
}

/* Column of the frame that is lit, -1 none; there is at most one. */
static gint
find_click (GstBuffer *frame)
{
  guint dark = test_pixel (frame, WIDTH, 0, 0);

  gint found = -1;

  for (guint x = 0; x < WIDTH; x++) {
    for (guint y = 0; y < 50; y++) {
      if (test_pixel (frame, WIDTH, x, y) == dark)
        continue;
      fail_unless (found < 0, "lit at %d and at %u", found, x);
      fail_unless_equals_int (y, 25);
      found = (gint) x;
    }
  }
  return found;
}

/* The click is in column c of the signal; the frame that ends at column `end`
 * shows it at WIDTH - (end - c). */
static void
check_click (const Click *click, gboolean progressive)
{
  const TestStream s = { RATE, 64, 10, 1, fill_click, click };
  GPtrArray *frames =
      test_render (progressive ? PICTURE "now-policy=progressive" : PICTURE,
          VIDEO, test_batches (&s, 0, 1600, 0));
  gint column = (gint) click->at * 50 / RATE;

  fail_unless_equals_int (frames->len, 40);
  for (gint k = 0; k < 40; k++) {
    gint end = 2 * (k + 1), at = column < end ? WIDTH - end + column : -1;
    gint64 known = k == 39 ? 1600 : 40 * (k + 1); /* points that had come */

    if (progressive && click->carrier >= known)
      at = -1;
    fail_unless (find_click (frames->pdata[k]) == at,
        "sample %" G_GINT64_FORMAT " in frame %d: at %d, should be at %d",
        click->at, k, find_click (frames->pdata[k]), at);
  }
  g_ptr_array_unref (frames);
}

GST_START_TEST (a_frame_shows_the_signal_up_to_its_end)
{
  static const Click clicks[] = { { 0, 0 }, { 19, 20 }, { 20, 20 }, { 39, 40 },
    { 40, 40 }, { 159, 150 }, { 160, 160 }, { 777, 800 }, { 1185, 1160 },
    { 1590, 1590 }, { 1599, 1590 } };

  for (guint i = 0; i < G_N_ELEMENTS (clicks); i++)
    check_click (&clicks[i], FALSE);
}
GST_END_TEST;

GST_START_TEST (progressive_frames_show_what_is_known_by_their_end)
{
  static const Click clicks[] = { { 20, 20 }, { 777, 790 }, { 777, 800 },
    { 777, 760 }, { 800, 800 } };

  for (guint i = 0; i < G_N_ELEMENTS (clicks); i++)
    check_click (&clicks[i], TRUE);
}
GST_END_TEST;

GST_START_TEST (ten_samples_give_one_frame_that_shows_them)
{
  static const Click click = { 4, 0 };
  const TestStream s = { RATE, 64, 16, 1, fill_click, &click };
  GPtrArray *frames = test_render (PICTURE, VIDEO, test_batches (&s, 0, 10, 1));

  fail_unless_equals_int (frames->len, 1);
  fail_unless_equals_int (find_click (frames->pdata[0]), WIDTH - 2);
  g_ptr_array_unref (frames);
}
GST_END_TEST;

static Suite *
tfrrender_times_suite (void)
{
  Suite *s = suite_create ("tfrrender_times");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, n_samples_give_so_many_frames_however_they_are_cut);
  tcase_add_test (tc, a_frame_shows_the_signal_up_to_its_end);
  tcase_add_test (tc, progressive_frames_show_what_is_known_by_their_end);
  tcase_add_test (tc, ten_samples_give_one_frame_that_shows_them);
  return s;
}

GST_CHECK_MAIN (tfrrender_times);
