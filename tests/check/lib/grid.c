/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A raster keeps the energy that it is given, where it belongs, and shows a
 * tone at its level whatever the hop and the column's length. */

#include "analysis.h"
#include "grid-cells.h"
#include "near.h"
#include "signals.h"

#define RATE 48000.0
#define ROWS 200
#define N 2000

static const ReassignSplat splats[] = { REASSIGN_SPLAT_GAUSSIAN,
  REASSIGN_SPLAT_BILINEAR, REASSIGN_SPLAT_NEAREST };

static ReassignGrid *
make_grid (ReassignSplat splat, double columns_per_second, size_t n_columns,
    size_t hop, bool lines)
{
  const char *error;
  ReassignGridConfig config = { .axis = { REASSIGN_SCALE_LINEAR, 0, RATE / 2,
                                    ROWS, 0, 0 },
    .columns_per_second = columns_per_second,
    .n_columns = n_columns,
    .splat = splat,
    .lines = lines,
    .sample_rate = RATE,
    .hop = hop };
  ReassignGrid *g;

  fail_unless (reassign_axis_init (&config.axis) == NULL);
  g = reassign_grid_new (&config, &error);
  fail_unless (g != NULL, "%s", error);
  return g;
}

static double
column_sum (const ReassignGrid *g, int64_t column)
{
  const float *cells = reassign_grid_column (g, column);
  double sum = 0;

  for (size_t r = 0; r < ROWS; r++)
    sum += cells[r];
  return sum;
}

static double
grid_sum (const ReassignGrid *g, size_t n_columns)
{
  double sum = 0;

  for (size_t c = 0; c < n_columns; c++)
    sum += column_sum (g, reassign_grid_first (g) + (int64_t) c);
  return sum;
}

typedef struct {
  double time[N], frequency[N];
  float energy[N], slope[N];
  double sum;
} Points;

/* Anywhere on the raster of a second, and around it; positive ones. */
static Points *
make_points (guint seed)
{
  GRand *r = g_rand_new_with_seed (seed);
  Points *p = g_new0 (Points, 1);

  for (int i = 0; i < N; i++) {
    p->time[i] = g_rand_double_range (r, -0.2, 1.2);
    p->frequency[i] = g_rand_double_range (r, -1000, 25000);
    p->energy[i] = (float) g_rand_double_range (r, 0, 1);
    p->slope[i] =
        i % 5 == 0 ? (float) NAN : (float) g_rand_double_range (r, -5e5, 5e5);
    p->sum += p->energy[i];
  }
  g_rand_free (r);
  return p;
}

static void
push (ReassignGrid *g, const Points *p)
{
  reassign_grid_push (g, p->time, p->frequency, p->energy, p->slope, N);
}

GST_START_TEST (energy_is_in_the_cells_or_counted_as_lost)
{
  static const size_t hops[] = { 1, 64, 512, 5000 };
  Points *p = make_points (1);

  for (guint s = 0; s < G_N_ELEMENTS (splats); s++) {
    for (guint h = 0; h < G_N_ELEMENTS (hops); h++) {
      for (int lines = 0; lines < 2; lines++) {
        ReassignGrid *g = make_grid (splats[s], 300, 300, hops[h], lines);
        double inside, lost;

        push (g, p);
        inside = grid_sum (g, 300);
        lost = reassign_grid_lost (g);
        assert_near ((inside + lost) / p->sum, 1, 1e-5,
            "splat %u hop %zu lines %d", s, hops[h], lines);
        fail_unless (inside > 0.5 * p->sum && lost > 0.1 * p->sum);
        reassign_grid_free (g);
      }
    }
  }
  g_free (p);
}
GST_END_TEST;

GST_START_TEST (energy_is_kept_however_narrow_the_dots_are)
{
  static const double radii[] = { 1e-300, 1e-3, 0.01, 0.1, 0.13, 8 };
  Points *p = make_points (1);

  for (guint i = 0; i < G_N_ELEMENTS (radii); i++) {
    ReassignGridConfig config = { .axis = { REASSIGN_SCALE_LINEAR, 0, RATE / 2,
                                      ROWS, 0, 0 },
      .columns_per_second = 300,
      .n_columns = 300,
      .splat_radius = radii[i],
      .sample_rate = RATE,
      .hop = 1 };
    ReassignGrid *g;

    fail_unless (reassign_axis_init (&config.axis) == NULL);
    g = reassign_grid_new (&config, NULL);
    push (g, p);
    assert_near ((grid_sum (g, 300) + reassign_grid_lost (g)) / p->sum, 1, 1e-5,
        "radius %g", radii[i]);
    reassign_grid_free (g);
  }
  g_free (p);
}
GST_END_TEST;

/* Columns that leave take their energy with them. */
GST_START_TEST (columns_stay_as_they_are_while_the_window_moves)
{
  for (guint s = 0; s < G_N_ELEMENTS (splats); s++) {
    Points *p = make_points (2);
    ReassignGrid *g = make_grid (splats[s], 300, 300, 512, false);
    float *before = g_new (float, 300 * ROWS);

    push (g, p);
    for (int64_t c = 0; c < 300; c++)
      memcpy (before + c * ROWS, reassign_grid_column (g, c),
          ROWS * sizeof *before);
    reassign_grid_advance (g, 71);
    reassign_grid_advance (g, 30); /* not back */
    fail_unless_equals_int64 (reassign_grid_first (g), 71);
    fail_unless (reassign_grid_column (g, 70) == NULL);
    fail_unless (reassign_grid_column (g, 371) == NULL);
    for (int64_t c = 71; c < 300; c++)
      fail_unless (memcmp (before + c * ROWS, reassign_grid_column (g, c),
                       ROWS * sizeof *before) == 0);
    for (int64_t c = 300; c < 371; c++)
      assert_near (column_sum (g, c), 0, 0, "column %d", (int) c);

    reassign_grid_advance (g, INT64_C (1) << 60);
    assert_near (grid_sum (g, 300), 0, 0, "after a leap");
    reassign_grid_reset (g, 3.5);
    fail_unless_equals_int64 (reassign_grid_first (g), 0);
    assert_near (reassign_grid_lost (g), 0, 0, "lost");
    g_free (before);
    reassign_grid_free (g);
    g_free (p);
  }
}
GST_END_TEST;

/* Whatever column the ring of columns begins with, and at its edges. */
GST_START_TEST (a_moved_window_shows_what_one_that_stays_does)
{
  static const size_t hops[] = { 64, 512, 4000 };
  Points *p = make_points (4);

  /* in the middle of a phase, or rounding would choose between two */
  for (int i = 0; i < N; i++)
    p->time[i] = (floor (p->time[i] * 300 * 64) + 0.5) / 64 / 300;
  for (guint s = 0; s < G_N_ELEMENTS (splats); s++) {
    for (guint h = 0; h < G_N_ELEMENTS (hops); h++) {
      ReassignGrid *still = make_grid (splats[s], 300, 400, hops[h], true);
      ReassignGrid *moved = make_grid (splats[s], 300, 150, hops[h], true);
      double inside = 0;

      reassign_grid_advance (moved, 71);
      push (still, p);
      push (moved, p);
      for (int64_t c = 71; c < 221; c++) {
        for (int r = 0; r < ROWS; r++)
          assert_near (reassign_grid_column (moved, c)[r],
              reassign_grid_column (still, c)[r], 1e-5,
              "splat %u hop %zu column %d row %d", s, hops[h], (int) c, r);
        inside += column_sum (still, c);
      }
      assert_near ((inside + reassign_grid_lost (moved)) / p->sum, 1, 1e-5,
          "all energy, splat %u hop %zu", s, hops[h]);
      reassign_grid_free (still);
      reassign_grid_free (moved);
    }
  }
  g_free (p);
}
GST_END_TEST;

/* Cells after dots from all places, inside and out, by one version. */
static ReassignCells
splat_dots (const ReassignFootprint *f, ReassignSplatter splatter)
{
  static ReassignDots dots;
  GRand *r = g_rand_new_with_seed (5);
  ReassignCells cells;

  fail_unless (reassign_cells_init (&cells, 50, 60, f));
  reassign_cells_advance (&cells, 17);
  dots.across = dots.up = f;
  for (dots.n = 0; dots.n < REASSIGN_DOTS; dots.n++) {
    dots.x[dots.n] = (float) g_rand_double_range (r, -10, 60);
    dots.y[dots.n] = (float) g_rand_double_range (r, -10, 70);
    dots.energy[dots.n] = (float) g_rand_double_range (r, -1, 1);
  }
  splatter (&cells, &dots);
  g_rand_free (r);
  return cells;
}

GST_START_TEST (every_version_gives_the_same_bits)
{
  for (double radius = 0.3; radius < 2; radius += 0.2) {
    ReassignFootprint f;
    ReassignCells first;

    fail_unless (
        reassign_footprint_init (&f, REASSIGN_SPLAT_GAUSSIAN, radius, 0, 50));
    first = splat_dots (&f, reassign_cells_splatter (0));
    for (size_t i = 1; reassign_cells_splatter (i) != NULL; i++) {
      ReassignCells other = splat_dots (&f, reassign_cells_splatter (i));

      fail_unless (memcmp (first.cells, other.cells,
                       50 * first.pitch * sizeof (float)) == 0,
          "version %zu, radius %g", i, radius);
      fail_unless (first.lost == other.lost);
      reassign_cells_clear (&other);
    }
    reassign_cells_clear (&first);
    reassign_footprint_clear (&f);
  }
}
GST_END_TEST;

GST_START_TEST (halving_adds_pairs_and_goes_on_at_half_the_pace)
{
  static const size_t counts[] = { 300, 301, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    Points *p = make_points (3);
    ReassignGrid *g =
        make_grid (REASSIGN_SPLAT_NEAREST, 300, counts[i], 64, false);
    double sums[302] = { 0 }, all;
    double time = 0.6, frequency = 5000;
    float energy = 2;

    push (g, p);
    all = grid_sum (g, counts[i]);
    for (size_t c = 0; c < counts[i]; c++)
      sums[c] = column_sum (g, (int64_t) c);
    reassign_grid_halve (g);
    assert_near (grid_sum (g, counts[i]) / all, 1, 1e-6, "energy");
    for (size_t c = 0; c < counts[i]; c++) {
      double pair = 2 * c < counts[i] ? sums[2 * c] + sums[2 * c + 1] : 0;

      assert_near (column_sum (g, (int64_t) c), pair, 1e-4, "column %zu", c);
    }

    if (counts[i] > 1) {
      double before = column_sum (g, 90);

      reassign_grid_push (g, &time, &frequency, &energy, NULL, 1);
      assert_near (column_sum (g, 90), before + 2, 1e-4, "0.6 s at 150 / s");
      reassign_grid_advance (g, 1);
      reassign_grid_halve (g); /* not from here on */
      assert_near (column_sum (g, 90), before + 2, 1e-4, "0.6 s, moved");
    }
    reassign_grid_free (g);
    g_free (p);
  }
}
GST_END_TEST;

/* The middle of what a point puts down is the point. */
GST_START_TEST (footprints_are_centred_on_their_point)
{
  static const size_t hops[] = { 64, 512, 2000 };

  for (guint s = 0; s < G_N_ELEMENTS (splats); s++) {
    for (guint h = 0; h < G_N_ELEMENTS (hops); h++) {
      ReassignGrid *g = make_grid (splats[s], 300, 300, hops[h], false);

      for (double x = 100; x < 101; x += 0.13) {
        double time = x / 300, frequency = (70 + 3 * (x - 100)) * 120;
        double sum = 0, columns = 0, rows = 0, strays = 0;
        double slack = splats[s] == REASSIGN_SPLAT_NEAREST ? 0.51 : 0.1;
        int64_t reach = (int64_t) reassign_grid_reach (g);
        float energy = 1;

        reassign_grid_reset (g, 0);
        reassign_grid_push (g, &time, &frequency, &energy, NULL, 1);
        for (int64_t c = 0; c < 300; c++) {
          const float *cells = reassign_grid_column (g, c);

          for (int r = 0; r < ROWS; r++) {
            sum += cells[r];
            columns += cells[r] * ((double) c + 0.5);
            rows += cells[r] * (r + 0.5);
            strays += cells[r] != 0 && (c < 100 - reach || c > 100 + reach);
          }
        }
        assert_near (sum, 1, 1e-5, "energy");
        assert_near (strays, 0, 0, "cells beyond the reach");
        assert_near (
            columns / sum, x, slack, "columns, splat %u hop %zu", s, hops[h]);
        assert_near (
            rows / sum, 70 + 3 * (x - 100), slack, "rows, splat %u", s);
      }
      reassign_grid_free (g);
    }
  }
}
GST_END_TEST;

GST_START_TEST (points_that_are_not_finite_are_passed_over)
{
  static const double bad[] = { NAN, INFINITY, -INFINITY };

  for (guint s = 0; s < G_N_ELEMENTS (splats); s++) {
    ReassignGrid *g = make_grid (splats[s], 300, 300, 512, true);

    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
      double time[] = { bad[i], 0.5, 0.5, 0.5 };
      double frequency[] = { 1000, bad[i], 1000, 1000 };
      float energy[] = { 1, 1, (float) bad[i], 1 };
      float slope[] = { 0, 0, 0, (float) bad[i] };

      reassign_grid_push (g, time, frequency, energy, slope, 4);
    }
    assert_near (grid_sum (g, 300), 3, 1e-5, "only those with odd slopes");
    assert_near (reassign_grid_lost (g), 0, 1e-5, "lost");
    reassign_grid_free (g);
  }
}
GST_END_TEST;

/* 0 Hz is infinitely far below a log scale. */
GST_START_TEST (a_constant_is_lost_on_a_log_scale)
{
  ReassignGridConfig config = { .axis = { REASSIGN_SCALE_LOG, 20, 20000, ROWS,
                                    0, 0 },
    .columns_per_second = 100,
    .n_columns = 100,
    .sample_rate = RATE,
    .hop = 512 };
  double time = 0.5, frequency = 0;
  float energy = 3;
  ReassignGrid *g;

  fail_unless (reassign_axis_init (&config.axis) == NULL);
  g = reassign_grid_new (&config, NULL);
  reassign_grid_push (g, &time, &frequency, &energy, NULL, 1);
  assert_near (reassign_grid_lost (g), 3, 1e-6, "lost");
  reassign_grid_free (g);
}
GST_END_TEST;

/* Three points, the last of which are above what the grid calls its highest, or
 * just below it. */
static double
sum_of_three (ReassignScale scale, double join, double factor)
{
  ReassignGridConfig config = { .axis = { scale, 20, 16000, ROWS, 0, 0 },
    .columns_per_second = 100,
    .n_columns = 100,
    .join = join,
    .sample_rate = RATE,
    .hop = 512 };
  double time[3] = { 0.5, 0.5, 0.5 }, frequency[3], sum;
  float energy[3] = { 1, 1, 1 };
  ReassignGrid *g;

  fail_unless (reassign_axis_init (&config.axis) == NULL);
  g = reassign_grid_new (&config, NULL);
  frequency[0] = 12000;
  frequency[1] = reassign_grid_highest (g) * factor;
  frequency[2] = frequency[1] + 100;
  fail_unless (isfinite (frequency[1]), "scale %d ends nowhere", scale);
  reassign_grid_push (g, time, frequency, energy, NULL, 3);
  sum = grid_sum (g, config.n_columns);
  reassign_grid_free (g);
  return sum;
}

GST_START_TEST (points_above_the_highest_change_nothing)
{
  static const ReassignScale scales[] = { REASSIGN_SCALE_LINEAR,
    REASSIGN_SCALE_LOG, REASSIGN_SCALE_MEL, REASSIGN_SCALE_ERB };

  for (size_t i = 0; i < G_N_ELEMENTS (scales); i++)
    for (double join = 0; join < 200; join += 50)
      assert_near (sum_of_three (scales[i], join, 1 + 1e-9), 1, 1e-5,
          "energy on scale %d, joined up to %g Hz", scales[i], join);
  /* and it is no higher than it must be */
  for (size_t i = 0; i < G_N_ELEMENTS (scales); i++)
    fail_unless (sum_of_three (scales[i], 0, 0.93) > 1 + 1e-4);
}
GST_END_TEST;

/* ------------------------------------------------------------ levels ---- */

/* dBFS of each column of a sine of -6.02 dBFS that goes on for ever. */
static void
check_level (ReassignSplat splat, size_t n, size_t hop, double columns_per_hop)
{
  const size_t length = (size_t) (40 + 12 / columns_per_hop) * hop + 8 * n,
               n_columns =
                   (size_t) ((double) length / (double) hop * columns_per_hop) +
                   1;
  double *x = g_new0 (double, length), margin, mean = 0;
  double per_second = RATE / (double) hop * columns_per_hop;
  ReassignConfig config = { .sample_rate = RATE, .window_size = n, .hop = hop };
  ReassignGrid *g = make_grid (splat, per_second, n_columns, hop, false);
  float *energy;
  Analysis *a;
  int64_t from, to;

  signal_add_tone (x, length, RATE, 0.5, 5000.3, 0.3);
  a = analysis_new (&config, x, length, 0);
  energy = g_new (float, a->n_points);
  for (size_t i = 0; i < a->n_points; i++)
    energy[i] = (float) a->shape.energy * a->magnitude[i] * a->magnitude[i];
  reassign_grid_push (g, a->time, a->frequency, energy, NULL, a->n_points);

  margin = (double) n / (double) hop * columns_per_hop +
           (double) reassign_grid_reach (g) + 1;
  from = (int64_t) margin;
  to = (int64_t) ((double) n_columns - 1 - margin);
  fail_unless (
      to - from >= 4, "hop %zu, %g columns a hop", hop, columns_per_hop);
  for (int64_t c = from; c < to; c++) {
    double square = column_sum (g, c) * reassign_grid_column_scale (g);

    if (splat == REASSIGN_SPLAT_GAUSSIAN)
      assert_near (10 * log10 (square), -6.0206, 0.1,
          "dBFS, N %zu hop %zu, %g columns a hop, column %d", n, hop,
          columns_per_hop, (int) c);
    mean += square / (double) (to - from);
  }
  if (splat == REASSIGN_SPLAT_GAUSSIAN || to - from >= 100)
    assert_near (10 * log10 (mean), -6.0206, 0.1,
        "dBFS on the average, splat %d N %zu hop %zu, %g columns a hop", splat,
        n, hop, columns_per_hop);
  analysis_free (a);
  reassign_grid_free (g);
  g_free (energy);
  g_free (x);
}

static const size_t sizes[] = { 255, 512, 2048 };

GST_START_TEST (a_sine_reads_its_level_in_every_gaussian_column)
{
  static const double paces[] = { 0.21, 0.5, 1, 1.37, 3, 9.1, 40 };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (size_t hop = sizes[s] / 16; hop <= sizes[s]; hop = hop * 2 + 1)
      for (guint p = 0; p < G_N_ELEMENTS (paces); p++)
        check_level (REASSIGN_SPLAT_GAUSSIAN, sizes[s], hop, paces[p]);
}
GST_END_TEST;

GST_START_TEST (a_sine_reads_its_level_on_the_average_of_100_columns)
{
  static const double paces[] = { 3, 3.7, 10 };

  for (guint s = 1; s < G_N_ELEMENTS (splats); s++)
    for (guint p = 0; p < G_N_ELEMENTS (paces); p++)
      check_level (splats[s], 512, 128, paces[p]);
}
GST_END_TEST;

/* Where its line may lie anywhere within a row. */
GST_START_TEST (brightest_cell_of_a_sine_reads_its_level_on_the_average)
{
  for (guint s = 0; s < G_N_ELEMENTS (splats); s++) {
    ReassignGrid *g = make_grid (splats[s], 375, 300, 128, false);
    double db = 0;

    for (int i = 0; i < 64; i++) {
      double frequency = (50 + (i + 0.5) / 64) * 120, brightest = 0;

      reassign_grid_reset (g, 0);
      for (int64_t c = 0; c < 300; c++) {
        /* 128 samples of a sine of 1/8 power, at every frame */
        double time = ((double) c + 0.5) / 375;
        float energy = 128 / 8.0f;

        reassign_grid_push (g, &time, &frequency, &energy, NULL, 1);
      }
      for (int r = 0; r < ROWS; r++)
        brightest = fmax (brightest, reassign_grid_column (g, 150)[r]);
      db += 10 * log10 (brightest * reassign_grid_cell_scale (g)) / 64;
    }
    assert_near (db, -6.0206, 0.7, "dBFS, splat %u", s);
    reassign_grid_free (g);
  }
}
GST_END_TEST;

GST_START_TEST (a_config_that_cannot_be_is_refused_by_name)
{
#define WRONG(field, value)                                                    \
  for (const char *error = NULL; error == NULL;) {                             \
    ReassignGridConfig c = { .axis = { .max_hz = 1000, .n_rows = ROWS },       \
      .columns_per_second = 100,                                               \
      .n_columns = 10,                                                         \
      .sample_rate = RATE,                                                     \
      .hop = 1 };                                                              \
                                                                               \
    fail_unless (reassign_axis_init (&c.axis) == NULL);                        \
    c.field = value;                                                           \
    fail_unless (reassign_grid_new (&c, &error) == NULL, #field);              \
    fail_unless (error != NULL && strstr (error, #field) != NULL,              \
        "a wrong " #field " is called: %s", error);                            \
  }
  WRONG (axis, (ReassignAxis){ 0 })
  WRONG (columns_per_second, 0)
  WRONG (columns_per_second, NAN)
  WRONG (n_columns, 0)
  WRONG (n_columns, (1 << 20) + 1)
  WRONG (splat, (ReassignSplat) 7)
  WRONG (splat_radius, 9)
  WRONG (join, -1)
  WRONG (sample_rate, INFINITY)
  WRONG (hop, 0)
#undef WRONG
}
GST_END_TEST;

static Suite *
grid_suite (void)
{
  Suite *s = suite_create ("grid");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, energy_is_in_the_cells_or_counted_as_lost);
  tcase_add_test (tc, energy_is_kept_however_narrow_the_dots_are);
  tcase_add_test (tc, columns_stay_as_they_are_while_the_window_moves);
  tcase_add_test (tc, a_moved_window_shows_what_one_that_stays_does);
  tcase_add_test (tc, every_version_gives_the_same_bits);
  tcase_add_test (tc, halving_adds_pairs_and_goes_on_at_half_the_pace);
  tcase_add_test (tc, footprints_are_centred_on_their_point);
  tcase_add_test (tc, points_that_are_not_finite_are_passed_over);
  tcase_add_test (tc, a_constant_is_lost_on_a_log_scale);
  tcase_add_test (tc, points_above_the_highest_change_nothing);
  tcase_add_test (tc, a_sine_reads_its_level_in_every_gaussian_column);
  tcase_add_test (tc, a_sine_reads_its_level_on_the_average_of_100_columns);
  tcase_add_test (tc, a_config_that_cannot_be_is_refused_by_name);
  tcase_add_test (tc, brightest_cell_of_a_sine_reads_its_level_on_the_average);
  return s;
}

GST_CHECK_MAIN (grid);
