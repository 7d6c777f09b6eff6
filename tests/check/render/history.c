/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The points that are kept for drawing again. */

#include "history.h"
#include "near.h"

#define VALUES                                                                 \
  (1 << GST_TFR_SPOT_SHIFT | 1 << GST_TFR_SPOT_FREQUENCY |                     \
      1 << GST_TFR_SPOT_BIN | 1 << GST_TFR_SPOT_ENERGY)
#define N 100

/* Random energies, some of them alike; the frequency is the place in the order.
 */
static void
fill (GstTfrSpots *spots, GRand *r, guint n)
{
  gst_tfr_spots_reserve (spots, VALUES, n);
  spots->n = n;
  for (guint i = 0; i < n; i++) {
    spots->values[GST_TFR_SPOT_SHIFT][i] = 0;
    spots->values[GST_TFR_SPOT_FREQUENCY][i] = (gfloat) i;
    spots->values[GST_TFR_SPOT_BIN][i] = (gfloat) i;
    spots->values[GST_TFR_SPOT_ENERGY][i] =
        (gfloat) g_rand_int_range (r, 0, 50);
  }
}

static gint
descending (gconstpointer a, gconstpointer b)
{
  gfloat x = *(const gfloat *) a, y = *(const gfloat *) b;

  return (x < y) - (x > y);
}

GST_START_TEST (weakest_points_are_dropped_and_the_order_stays)
{
  GRand *r = g_rand_new_with_seed (1);

  for (guint run = 0; run < 500; run++) {
    guint n = (guint) g_rand_int_range (r, 1, N);
    guint most = (guint) g_rand_int_range (r, 1, N);
    GstTfrSpots spots = { 0 }, kept = { 0 };
    GstTfrHistory h;
    gfloat sorted[N];
    gdouble best = 0, sum = 0;

    gst_tfr_history_init (&h, 1 << 16);
    gst_tfr_history_want (&h, VALUES);
    fill (&spots, r, n);
    memcpy (sorted, spots.values[GST_TFR_SPOT_ENERGY], n * sizeof *sorted);
    qsort (sorted, n, sizeof *sorted, descending);
    for (guint i = 0; i < MIN (n, most); i++)
      best += sorted[i];

    gst_tfr_history_push (&h, 0, 0, &spots, most);
    fail_unless_equals_int (gst_tfr_history_length (&h), 1);
    gst_tfr_spots_reserve (&kept, VALUES, N);
    gst_tfr_history_read (&h, 0, &kept);
    fail_unless_equals_int (kept.n, MIN (n, most));
    for (guint i = 0; i < kept.n; i++) {
      sum += kept.values[GST_TFR_SPOT_ENERGY][i];
      fail_unless (i == 0 || kept.values[GST_TFR_SPOT_FREQUENCY][i] >
                                 kept.values[GST_TFR_SPOT_FREQUENCY][i - 1]);
    }
    assert_near (sum, best, 1e-3, "energy of the %u strongest of %u", most, n);
    gst_tfr_spots_clear (&spots);
    gst_tfr_spots_clear (&kept);
    gst_tfr_history_clear (&h);
  }
  g_rand_free (r);
}
GST_END_TEST;

GST_START_TEST (budget_holds_and_the_oldest_frames_go_first)
{
  GRand *r = g_rand_new_with_seed (2);
  GstTfrSpots spots = { 0 };
  GstTfrHistory h;
  guint dropped, n, all = 0;

  gst_tfr_history_init (&h, 4096); /* 256 spots of 4 values */
  gst_tfr_history_want (&h, VALUES);
  fail_unless (h.capacity * 4 * sizeof (gfloat) <= 4096);
  for (gint64 i = 0; i < 5000; i++) {
    fill (&spots, r, 1 + (guint) i % 40);
    gst_tfr_history_push (&h, i, 0, &spots, 1000);
  }
  n = gst_tfr_history_length (&h);
  for (guint i = 0; i < n; i++) {
    const GstTfrHistoryFrame *frame = gst_tfr_history_peek (&h, i);

    fail_unless_equals_int64 (frame->centre, 5000 - n + i);
    fail_unless_equals_int64 (frame->n, 1 + frame->centre % 40);
    all += frame->n;
  }
  dropped = 1 + (5000 - n - 1) % 40;
  fail_unless (all <= h.capacity && all + dropped > h.capacity,
      "%u spots in %u frames, room for %u", all, n, h.capacity);
  gst_tfr_spots_clear (&spots);
  gst_tfr_history_clear (&h);
  g_rand_free (r);
}
GST_END_TEST;

GST_START_TEST (points_outlive_a_change_of_what_is_kept)
{
  GRand *r = g_rand_new_with_seed (3);
  GstTfrSpots spots = { 0 };
  GstTfrHistory h;

  gst_tfr_history_init (&h, 1 << 16);
  gst_tfr_history_want (&h, VALUES);
  fill (&spots, r, N);
  gst_tfr_history_push (&h, 5, 1, &spots, N);
  gst_tfr_history_want (&h, VALUES | 1 << GST_TFR_SPOT_MIXED);
  gst_tfr_spots_reserve (&spots, VALUES | 1 << GST_TFR_SPOT_MIXED, N);
  spots.n = 0;
  gst_tfr_history_read (&h, 0, &spots);
  fail_unless_equals_int (spots.n, N);
  for (guint i = 0; i < N; i++) {
    fail_unless (spots.values[GST_TFR_SPOT_FREQUENCY][i] == (gfloat) i);
    fail_unless (isnan (spots.values[GST_TFR_SPOT_MIXED][i]));
  }
  gst_tfr_spots_clear (&spots);
  gst_tfr_history_clear (&h);
  g_rand_free (r);
}
GST_END_TEST;

/* Of more values fewer points fit: the oldest frames go. */
GST_START_TEST (newest_points_outlive_a_change_of_what_is_kept)
{
  GRand *r = g_rand_new_with_seed (5);
  GstTfrSpots spots = { 0 };
  GstTfrHistory h;

  gst_tfr_history_init (&h, 4096); /* 256 spots of 4 values, 204 of 5 */
  gst_tfr_history_want (&h, VALUES);
  for (gint64 i = 0; i < 32; i++) {
    fill (&spots, r, 8);
    gst_tfr_history_push (&h, i, 0, &spots, 8);
  }
  fail_unless_equals_int (gst_tfr_history_length (&h), 32);
  gst_tfr_history_want (&h, VALUES | 1 << GST_TFR_SPOT_MIXED);
  fail_unless_equals_int (gst_tfr_history_length (&h), 204 / 8);
  for (guint i = 0; i < 204 / 8; i++) {
    const GstTfrHistoryFrame *frame = gst_tfr_history_peek (&h, i);

    fail_unless_equals_int64 (frame->centre, 32 - 204 / 8 + i);
    fail_unless_equals_int (frame->n, 8);
  }
  gst_tfr_spots_clear (&spots);
  gst_tfr_history_clear (&h);
  g_rand_free (r);
}
GST_END_TEST;

GST_START_TEST (thinned_frames_keep_their_strongest_points)
{
  GRand *r = g_rand_new_with_seed (4);
  GstTfrSpots spots = { 0 };
  GstTfrHistory h;
  gdouble best[60] = { 0 };
  guint n = 0;

  gst_tfr_history_init (&h, 4096); /* 256 spots of 4 values */
  gst_tfr_history_want (&h, VALUES);
  /* the ring has gone round */
  for (gint64 i = -100; i < 60; i++) {
    gfloat sorted[8];

    fill (&spots, r, 8);
    memcpy (sorted, spots.values[GST_TFR_SPOT_ENERGY], sizeof sorted);
    qsort (sorted, 8, sizeof *sorted, descending);
    for (guint k = 0; i >= 0 && k < 3; k++)
      best[i] += sorted[k];
    gst_tfr_history_push (&h, i, 0, &spots, 8);
  }
  fail_unless_equals_int (gst_tfr_history_length (&h), 32); /* 28 to 59 */
  fail_unless (gst_tfr_history_is_full (&h, 1));
  gst_tfr_history_thin (&h, 30, 40, 50, 3);
  fail_if (gst_tfr_history_is_full (&h, 256 - 21 * 3));
  fail_unless (gst_tfr_history_is_full (&h, 256 - 21 * 3 + 1));
  for (gint64 i = 30; i < 60; i++) {
    gdouble sum = 0;

    if (i > 40 && i < 50)
      continue;
    fail_unless_equals_int64 (gst_tfr_history_peek (&h, n)->centre, i);
    gst_tfr_history_read (&h, n++, &spots);
    fail_unless_equals_int (spots.n, 3);
    for (guint k = 0; k < 3; k++)
      sum += spots.values[GST_TFR_SPOT_ENERGY][k];
    assert_near (sum, best[i], 1e-3, "energy of frame %d", (int) i);
  }
  fail_unless_equals_int (gst_tfr_history_length (&h), n);
  gst_tfr_spots_clear (&spots);
  gst_tfr_history_clear (&h);
  g_rand_free (r);
}
GST_END_TEST;

static Suite *
history_suite (void)
{
  Suite *s = suite_create ("history");
  TCase *tc = tcase_create ("spots");

  tcase_add_test (tc, weakest_points_are_dropped_and_the_order_stays);
  tcase_add_test (tc, budget_holds_and_the_oldest_frames_go_first);
  tcase_add_test (tc, thinned_frames_keep_their_strongest_points);
  tcase_add_test (tc, points_outlive_a_change_of_what_is_kept);
  tcase_add_test (tc, newest_points_outlive_a_change_of_what_is_kept);
  suite_add_tcase (s, tc);
  return s;
}

GST_CHECK_MAIN (history);
