/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Points of neighbouring bins that a grid joins. */

#include "near.h"
#include "reassign.h"

#include <string.h>

#define RATE 48000.0
#define BIN (RATE / 2048)
#define ROWS 600
#define COLUMNS 100
#define N 64

static ReassignGrid *
make_grid (ReassignSplat splat, double join)
{
  ReassignGridConfig config = {
    .axis = { REASSIGN_SCALE_LOG, 20, 20000, ROWS, 0, 0 },
    .columns_per_second = 100,
    .n_columns = COLUMNS,
    .splat = splat,
    .join = join,
    .sample_rate = RATE,
    .hop = 512,
  };
  ReassignGrid *g;

  fail_unless (reassign_axis_init (&config.axis) == NULL);
  g = reassign_grid_new (&config, NULL);
  fail_unless (g != NULL);
  return g;
}

static double
sum (const ReassignGrid *g)
{
  double all = 0;

  for (gint64 c = 0; c < COLUMNS; c++)
    for (guint r = 0; r < ROWS; r++)
      all += reassign_grid_column (g, c)[r];
  return all;
}

/* Rows without energy between the first that has some and the last. */
static guint
count_holes (const ReassignGrid *g, gint64 column)
{
  const float *cells = reassign_grid_column (g, column);
  guint holes = 0, first = 0, last = ROWS - 1;

  while (first < ROWS && !(cells[first] > 0))
    first++;
  while (last > first && !(cells[last] > 0))
    last--;
  for (guint r = first; r < last; r++)
    holes += !(cells[r] > 0);
  return holes;
}

static double
random_between (GRand *r, double low, double high)
{
  return g_rand_double_range (r, low, high);
}

GST_START_TEST (joined_points_keep_their_energy)
{
  GRand *r = g_rand_new_with_seed (7);

  for (guint i = 0; i < 300; i++) {
    ReassignGrid *g = make_grid (i % 3, i % 2 ? 2 * BIN : 5 * BIN);
    double time[N], frequency[N], pushed = 0;
    float energy[N];

    for (guint k = 0; k < N; k++) {
      time[k] = random_between (r, -0.1, 1.1);
      frequency[k] = random_between (r, k, k + 1.5) * BIN;
      energy[k] = (float) pow (10, random_between (r, -9, 0));
      if (k % 7 == 0)
        energy[k] = 0;
      pushed += energy[k];
    }
    reassign_grid_push (g, time, frequency, energy, NULL, N);
    assert_near (sum (g) + reassign_grid_lost (g), pushed, 1e-5 * pushed,
        "energy of %u points, run %u", N, i);
    reassign_grid_free (g);
  }
  g_rand_free (r);
}
GST_END_TEST;

GST_START_TEST (click_is_a_line_on_a_logarithmic_axis)
{
  double time[N], frequency[N];
  float energy[N];

  for (guint k = 0; k < N; k++) {
    time[k] = 0.505;
    frequency[k] = (k + 1) * BIN;
    energy[k] = 1;
  }
  for (ReassignSplat splat = 0; splat <= REASSIGN_SPLAT_NEAREST; splat++) {
    ReassignGrid *joined = make_grid (splat, 2 * BIN);
    ReassignGrid *alone = make_grid (splat, 0);

    reassign_grid_push (joined, time, frequency, energy, NULL, N);
    reassign_grid_push (alone, time, frequency, energy, NULL, N);
    fail_unless_equals_int (count_holes (joined, 50), 0);
    fail_unless (count_holes (alone, 50) > 100, "%u holes in splat %u",
        count_holes (alone, 50), splat);
    reassign_grid_free (joined);
    reassign_grid_free (alone);
  }
}
GST_END_TEST;

GST_START_TEST (points_of_a_tone_stay_where_they_are)
{
  ReassignGrid *joined = make_grid (REASSIGN_SPLAT_GAUSSIAN, 2 * BIN);
  ReassignGrid *alone = make_grid (REASSIGN_SPLAT_GAUSSIAN, 0);
  const double time[] = { 0.5, 0.5, 0.5, 0.5, 0.5 };
  /* three bins of one tone, and two tones beyond */
  const double frequency[] = { 50, 50.01, 49.99, 50 + 3 * BIN, 50 + 6 * BIN };
  const float energy[] = { 0.3f, 1, 0.2f, 0.5f, 0.7f };

  reassign_grid_push (joined, time, frequency, energy, NULL, 5);
  reassign_grid_push (alone, time, frequency, energy, NULL, 5);
  for (gint64 c = 0; c < COLUMNS; c++)
    fail_unless (memcmp (reassign_grid_column (joined, c),
                     reassign_grid_column (alone, c),
                     ROWS * sizeof (float)) == 0,
        "column %d", (int) c);
  reassign_grid_free (joined);
  reassign_grid_free (alone);
}
GST_END_TEST;

static Suite *
joined_suite (void)
{
  Suite *s = suite_create ("joined points");
  TCase *tc = tcase_create ("grid");

  tcase_add_test (tc, joined_points_keep_their_energy);
  tcase_add_test (tc, click_is_a_line_on_a_logarithmic_axis);
  tcase_add_test (tc, points_of_a_tone_stay_where_they_are);
  suite_add_tcase (s, tc);
  return s;
}

GST_CHECK_MAIN (joined);
