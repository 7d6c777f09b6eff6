/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Partials as strokes: their energy, their place, whatever way they come. */

#include "near.h"
#include "rows.h"
#include "strokes.h"

#include <gst/check/gstcheck.h>

#define FRAMES 100

/* One partial that climbs and swells evenly. */
static gdouble
frequency_at (gdouble t)
{
  return 300 + 200 * t;
}

static gdouble
amplitude_at (gdouble t)
{
  return 0.1 + 0.3 * t;
}

/* It lives from frame 10 to frame 80; both ends lie beside their frame. */
static guint
fill_one (gint64 centre, guint channel, TestRow *rows, gconstpointer data)
{
  gint64 k = centre / ROWS_HOP;
  gdouble t = (gdouble) centre / ROWS_RATE;

  if (k < 10 || k > 80)
    return 0;
  if (k == 10)
    t += 0.004;
  if (k == 80)
    t -= 0.003;
  rows[0] = (TestRow){ .time = t,
    .frequency = frequency_at (t),
    .amplitude = (gfloat) amplitude_at (t),
    .id = 7,
    .flags = k == 10   ? GST_TFR_ROW_BIRTH
             : k == 80 ? GST_TFR_ROW_DEATH
                       : 0 };
  return 1;
}

typedef struct {
  gdouble energy, centre; /* squared samples; energy-weighted mean, s */
  guint n;
  gdouble times[FRAMES * 4];
} Sum;

/* Every stretch is where the partial is, in the frame that follows it. */
static void
add_batch (Sum *sum, GstTfrStrokes *s, GstBuffer *buffer, gboolean reverse)
{
  GstTfrPartials partials;
  GstTfrBatch points;
  gdouble energy_of_one;
  guint at = 0;

  fail_unless (gst_tfr_partials_map (&partials, buffer, NULL));
  gst_tfr_strokes_draw (s, &partials, &points);
  energy_of_one = gst_tfr_header_point_energy (&points.header);
  for (guint f = 0; f < points.header.n_frames; f++) {
    gdouble centre =
        (gdouble) (points.header.first + (gint64) f * ROWS_HOP) / ROWS_RATE;

    for (guint i = 0; i < points.counts[f]; i++, at++) {
      gdouble energy =
          energy_of_one * points.magnitude[at] * (gdouble) points.magnitude[at];

      assert_near (points.frequency[at], frequency_at (points.time[at]), 1e-9,
          "frequency at %g s", points.time[at]);
      assert_near (points.chirp_rate[at], 200, 1e-3, "slope");
      fail_unless (fabs (points.time[at] - centre) <
                   (gdouble) points.header.window_size / ROWS_RATE);
      sum->energy += energy;
      sum->centre += energy * points.time[at];
      sum->times[sum->n++] = points.time[at];
    }
  }
  fail_unless_equals_int (at, points.header.n_points);
  gst_tfr_partials_unmap (&partials);
  gst_buffer_unref (buffer);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const gdouble *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* The whole partial in batches of so many frames. */
static Sum
draw_all (guint frames_per_batch, gboolean reverse)
{
  guint n = FRAMES / frames_per_batch;
  GstTfrStrokes s;
  Sum sum = { 0 };

  gst_tfr_strokes_init (&s);
  gst_tfr_strokes_restart (&s, reverse);
  for (guint b = 0; b < n; b++)
    add_batch (&sum, &s,
        rows_make_filled (
            (gint64) (reverse ? n - 1 - b : b) * frames_per_batch * ROWS_HOP,
            frames_per_batch, 1, 0, fill_one, NULL),
        reverse);
  gst_tfr_strokes_clear (&s);
  sum.centre /= sum.energy;
  qsort (sum.times, sum.n, sizeof (gdouble), compare);
  return sum;
}

GST_START_TEST (energy_is_that_of_the_sine)
{
  Sum sum = draw_all (1, FALSE);
  gdouble from = 0.104, to = 0.797, energy = 0;

  /* The integral of a^2 / 2, in samples; a^3 / 3 over its slope. */
  energy = (pow (amplitude_at (to), 3) - pow (amplitude_at (from), 3)) /
           (3 * 0.3) / 2 * ROWS_RATE;
  assert_near (sum.energy / energy, 1, 1e-6, "energy");
  fail_unless_equals_int (sum.n, 70);
}
GST_END_TEST;

GST_START_TEST (batches_of_any_size_and_both_ways_are_the_same_strokes)
{
  static const guint sizes[] = { 1, 2, 10, 50 };
  Sum reference = draw_all (1, FALSE);

  for (guint reverse = 0; reverse < 2; reverse++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      Sum sum = draw_all (sizes[i], reverse);

      fail_unless_equals_int (sum.n, reference.n);
      assert_near (sum.energy / reference.energy, 1, 1e-9, "energy");
      assert_near (sum.centre, reference.centre, 1e-9, "centre of energy");
      for (guint k = 0; k < sum.n; k++)
        assert_near (sum.times[k], reference.times[k], 1e-9, "stretch %u", k);
    }
}
GST_END_TEST;

GST_START_TEST (nothing_is_drawn_across_a_restart)
{
  GstTfrStrokes s;
  Sum sum = { 0 };

  gst_tfr_strokes_init (&s);
  gst_tfr_strokes_restart (&s, FALSE);
  add_batch (&sum, &s,
      rows_make_filled (20 * ROWS_HOP, 2, 1, 0, fill_one, NULL), FALSE);
  fail_unless_equals_int (sum.n, 1);
  gst_tfr_strokes_restart (&s, FALSE);
  add_batch (&sum, &s,
      rows_make_filled (22 * ROWS_HOP, 2, 1, 0, fill_one, NULL), FALSE);
  fail_unless_equals_int (sum.n, 2);
  gst_tfr_strokes_clear (&s);
}
GST_END_TEST;

/* data: 0 no sound numbers, 1 the same id born again elsewhere. */
static guint
fill_wrong (gint64 centre, guint channel, TestRow *rows, gconstpointer data)
{
  static const TestRow wrong[] = {
    { .time = NAN, .frequency = 1, .amplitude = 1, .id = 1 },
    { .time = 0, .frequency = NAN, .amplitude = 1, .id = 1 },
    { .time = 0, .frequency = 1, .amplitude = NAN, .id = 1 },
    { .time = 0, .frequency = 1, .amplitude = INFINITY, .id = 1 },
    { .time = 0, .frequency = 1, .amplitude = -1, .id = 1 },
    { .time = 1e300, .frequency = 1, .amplitude = 1, .id = 2 },
    { .time = -1e300, .frequency = 1, .amplitude = 1, .id = 2 },
  };

  if (*(const guint *) data == 0) {
    memcpy (rows, wrong, sizeof wrong);
    return G_N_ELEMENTS (wrong);
  }
  rows[0] = (TestRow){ .time = (gdouble) centre / ROWS_RATE,
    .frequency = (gdouble) (centre % 1000),
    .amplitude = 1,
    .id = 1,
    .flags = GST_TFR_ROW_BIRTH };
  return 1;
}

GST_START_TEST (unsound_rows_and_lone_births_are_no_strokes)
{
  for (guint kind = 0; kind < 2; kind++) {
    GstBuffer *buffer = rows_make_filled (0, 20, 3, 0, fill_wrong, &kind);
    GstTfrPartials partials;
    GstTfrBatch points;
    GstTfrStrokes s;

    gst_tfr_strokes_init (&s);
    gst_tfr_strokes_restart (&s, FALSE);
    fail_unless (gst_tfr_partials_map (&partials, buffer, NULL));
    gst_tfr_strokes_draw (&s, &partials, &points);
    fail_unless_equals_int (points.header.n_points, 0);
    gst_tfr_partials_unmap (&partials);
    gst_buffer_unref (buffer);
    gst_tfr_strokes_clear (&s);
  }
}
GST_END_TEST;

static Suite *
strokes_suite (void)
{
  Suite *s = suite_create ("strokes");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, energy_is_that_of_the_sine);
  tcase_add_test (tc, batches_of_any_size_and_both_ways_are_the_same_strokes);
  tcase_add_test (tc, nothing_is_drawn_across_a_restart);
  tcase_add_test (tc, unsound_rows_and_lone_births_are_no_strokes);
  return s;
}

GST_CHECK_MAIN (strokes);
