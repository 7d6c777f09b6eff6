/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A tone's level in the picture: what the readout adds up, and the brightest
 * pixel. */

#include "drawing.h"
#include "near.h"
#include "signals.h"

#define RATE DRAWING_RATE
#define SECONDS 2
#define N (SECONDS * RATE)
#define LEVEL (-6.0206) /* of amplitude 0.5 */

typedef struct {
  gdouble least, most, mean; /* dBFS, over 100 columns */
  gdouble brightest;         /* the brightest pixel of any, dBFS */
} Levels;

/* The 100 columns about the middle. */
static Levels
measure (const GstTfrScene *s)
{
  Levels levels = { INFINITY, -INFINITY, 0, -INFINITY };
  gint64 middle = (gint64) (SECONDS / 2.0 * s->picture.columns_per_second);
  gdouble sum = 0;

  for (gint64 c = middle - 50; c < middle + 50; c++) {
    gdouble level = drawing_column_level (s, 0, c);
    guint row;

    levels.least = MIN (levels.least, level);
    levels.most = MAX (levels.most, level);
    levels.brightest =
        MAX (levels.brightest, drawing_peak_level (s, 0, c, &row));
    sum += pow (10, level / 10);
  }
  levels.mean = 10 * log10 (sum / 100);
  return levels;
}

static Levels
draw_and_measure (const GPtrArray *batches, ReassignSplat splat, guint width,
    guint height, guint64 span)
{
  GstTfrLook look = { 0 };
  GstTfrScene s;
  Levels levels;

  gst_tfr_look_init (&look);
  look.splat = splat;
  look.time_span = span;
  look.axes = 0;
  drawing_init (&s, &look, width, height);
  drawing_push (&s, batches, (DrawingPlace){ 0, 0 }, G_MAXINT64);
  levels = measure (&s);
  gst_tfr_scene_clear (&s);
  gst_tfr_look_clear (&look);
  return levels;
}

static const struct {
  guint width, height;
  guint64 span;
} sizes[] = {
  { 320, 180, 2 * GST_SECOND },
  { 1280, 720, 2 * GST_SECOND },
  { 1280, 720, 8 * GST_SECOND },
  { 3840, 500, 4 * GST_SECOND },
};

static const gchar *const analyses[] = {
  "hop-size=64 window-size=1024",
  "hop-size=100 window-size=1000",
  "",
  "hop-size=1024",
  "hop-size=2048",
  "hop-size=700 padding=4",
  "window-size=4096 window=hann",
  "window-size=255 hop-size=31 window=gaussian",
};

static GPtrArray *
analyse_tone (const gchar *properties, gdouble hz)
{
  static gdouble x[N];
  const gdouble *const channels[] = { x };

  memset (x, 0, sizeof x);
  signal_add_tone (x, N, RATE, 0.5, hz, 0.3);
  return drawing_analyse (properties, channels, 1, N);
}

GST_START_TEST (gaussian_columns_sum_to_the_level_of_a_tone)
{
  for (guint a = 0; a < G_N_ELEMENTS (analyses); a++) {
    GPtrArray *batches = analyse_tone (analyses[a], 3000.3);

    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      Levels l = draw_and_measure (batches, REASSIGN_SPLAT_GAUSSIAN,
          sizes[i].width, sizes[i].height, sizes[i].span);

      assert_near (l.least, LEVEL, 0.1, "least of a column, '%s', size %u",
          analyses[a], i);
      assert_near (l.most, LEVEL, 0.1, "most of a column, '%s', size %u",
          analyses[a], i);
      assert_near (l.brightest, LEVEL, 1, "brightest pixel, '%s', size %u",
          analyses[a], i);
    }
    g_ptr_array_unref (batches);
  }
}
GST_END_TEST;

GST_START_TEST (other_splats_do_so_on_the_average)
{
  for (guint a = 0; a < G_N_ELEMENTS (analyses); a++) {
    GPtrArray *batches = analyse_tone (analyses[a], 3000.3);

    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      Levels bilinear = draw_and_measure (batches, REASSIGN_SPLAT_BILINEAR,
          sizes[i].width, sizes[i].height, sizes[i].span);
      Levels nearest = draw_and_measure (batches, REASSIGN_SPLAT_NEAREST,
          sizes[i].width, sizes[i].height, sizes[i].span);

      assert_near (bilinear.mean, LEVEL, 0.1, "bilinear mean, '%s', size %u",
          analyses[a], i);
      assert_near (nearest.mean, LEVEL, 0.1, "nearest mean, '%s', size %u",
          analyses[a], i);
      assert_near (bilinear.brightest, LEVEL, 2,
          "brightest bilinear pixel, '%s', size %u", analyses[a], i);
    }
    g_ptr_array_unref (batches);
  }
}
GST_END_TEST;

GST_START_TEST (sub_pixel_place_does_not_matter_to_gaussian_columns)
{
  for (guint i = 0; i < 8; i++) {
    GPtrArray *batches = analyse_tone ("", 1000 + 3.7 * i);
    Levels l = draw_and_measure (
        batches, REASSIGN_SPLAT_GAUSSIAN, 1280, 720, 8 * GST_SECOND);

    assert_near (l.least, LEVEL, 0.1, "least of a column, tone %u", i);
    assert_near (l.most, LEVEL, 0.1, "most of a column, tone %u", i);
    assert_near (l.brightest, LEVEL, 1, "brightest pixel, tone %u", i);
    g_ptr_array_unref (batches);
  }
}
GST_END_TEST;

static Suite *
levels_suite (void)
{
  Suite *s = suite_create ("levels");
  TCase *tc = tcase_create ("tone");

  tcase_add_test (tc, gaussian_columns_sum_to_the_level_of_a_tone);
  tcase_add_test (tc, other_splats_do_so_on_the_average);
  tcase_add_test (tc, sub_pixel_place_does_not_matter_to_gaussian_columns);
  suite_add_tcase (s, tc);
  return s;
}

GST_CHECK_MAIN (levels);
