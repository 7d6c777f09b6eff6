/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Frequencies to rows and back, on every scale. */

#include "axis.h"
#include "near.h"

static const double ranges[][2] = { { 0, 24000 }, { 20, 20000 }, { 50, 51 },
  { 1e-3, 0.5 }, { 100, 5e6 } };

static ReassignAxis
make_axis (ReassignScale scale, double min_hz, double max_hz, size_t n_rows)
{
  ReassignAxis axis = { scale, min_hz, max_hz, n_rows, 0, 0 };
  const char *error = reassign_axis_init (&axis);

  fail_unless (error == NULL, "scale %d from %g to %g: %s", scale, min_hz,
      max_hz, error);
  return axis;
}

GST_START_TEST (every_scale_has_its_ends_at_the_outer_edges)
{
  for (int scale = REASSIGN_SCALE_LINEAR; scale <= REASSIGN_SCALE_ERB;
       scale++) {
    for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
      ReassignAxis axis = make_axis (scale, ranges[i][0], ranges[i][1], 480);

      assert_near (
          reassign_axis_row (&axis, axis.min_hz), 0, 1e-9, "scale %d", scale);
      assert_near (
          reassign_axis_row (&axis, axis.max_hz), 480, 1e-9, "scale %d", scale);
    }
  }
}
GST_END_TEST;

GST_START_TEST (every_scale_climbs_and_is_its_own_inverse)
{
  for (int scale = REASSIGN_SCALE_LINEAR; scale <= REASSIGN_SCALE_ERB;
       scale++) {
    for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
      ReassignAxis axis = make_axis (scale, ranges[i][0], ranges[i][1], 1000);
      double before = -INFINITY;

      for (double row = 0; row <= 1000; row += 0.25) {
        double hz = reassign_axis_hz (&axis, row);

        fail_unless (hz > before, "scale %d falls at row %g", scale, row);
        before = hz;
        if (hz >= 0)
          assert_near (reassign_axis_row (&axis, hz), row, 1e-6,
              "scale %d at row %g", scale, row);
      }
    }
  }
}
GST_END_TEST;

GST_START_TEST (many_rows_at_once_are_those_one_by_one)
{
  for (int scale = REASSIGN_SCALE_LINEAR; scale <= REASSIGN_SCALE_ERB;
       scale++) {
    for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
      ReassignAxis axis = make_axis (scale, ranges[i][0], ranges[i][1], 1000);
      double hz[1300];
      float rows[1300];

      for (guint k = 0; k < 1300; k++)
        hz[k] = reassign_axis_hz (&axis, k - 150.0);
      reassign_axis_rows (&axis, hz, rows, 1300);
      /* frequencies as floats are what a narrow range is made of */
      for (guint k = 0; k < 1300; k++)
        assert_near (rows[k], reassign_axis_row (&axis, hz[k]),
            1e-3 + 1e-7 * axis.factor, "scale %d, %g to %g Hz, at %g Hz", scale,
            axis.min_hz, axis.max_hz, hz[k]);
    }
  }
}
GST_END_TEST;

GST_START_TEST (rows_of_what_a_scale_does_not_reach_are_far_away)
{
  for (int scale = REASSIGN_SCALE_LINEAR; scale <= REASSIGN_SCALE_ERB;
       scale++) {
    ReassignAxis axis = make_axis (scale, 20, 20000, 100);
    const double hz[] = { -1e6, 1e9 };
    float rows[2];

    reassign_axis_rows (&axis, hz, rows, 2);
    if (scale != REASSIGN_SCALE_BARK) /* which turns round at its pole */
      assert_at_most (rows[0], -500, "row of %g Hz, scale %d", hz[0], scale);
    fail_unless (
        rows[1] > 100, "row %g of %g Hz, scale %d", rows[1], hz[1], scale);
  }
}
GST_END_TEST;

/* The scales as they were published, which rows follow but for a factor. */
static double
published (ReassignScale scale, double f)
{
  switch (scale) {
    case REASSIGN_SCALE_LOG:
      return log (f);
    case REASSIGN_SCALE_MEL:
      return 2595 * log10 (1 + f / 700);
    case REASSIGN_SCALE_BARK:
      return 26.81 * f / (1960 + f) - 0.53;
    case REASSIGN_SCALE_ERB:
      return 21.4 * log10 (1 + 0.00437 * f);
    case REASSIGN_SCALE_LINEAR:
      break;
  }
  return f;
}

GST_START_TEST (rows_follow_the_published_scales)
{
  for (int scale = REASSIGN_SCALE_LINEAR; scale <= REASSIGN_SCALE_ERB;
       scale++) {
    ReassignAxis axis = make_axis (scale, 30, 16000, 700);
    double low = published (scale, 30), high = published (scale, 16000);

    for (double f = 30; f < 16000; f *= 1.07)
      assert_near (reassign_axis_row (&axis, f),
          700 * (published (scale, f) - low) / (high - low), 1e-8,
          "scale %d at %g Hz", scale, f);
  }
}
GST_END_TEST;

GST_START_TEST (log_scale_begins_at_20_hz_by_itself)
{
  ReassignAxis axis = make_axis (REASSIGN_SCALE_LOG, 0, 20000, 300);

  assert_near (reassign_axis_hz (&axis, 0), 20, 1e-9, "Hz at row 0");
  assert_near (reassign_axis_hz (&axis, 100), 200, 1e-7, "Hz at a third");
  fail_unless (!(reassign_axis_row (&axis, 0) >= 0)); /* 0 Hz is below it */
}
GST_END_TEST;

GST_START_TEST (wrong_axes_are_named)
{
  ReassignAxis wrong[] = {
    { REASSIGN_SCALE_LINEAR, 100, 100, 10, 0, 0 },
    { REASSIGN_SCALE_LINEAR, 100, 10, 10, 0, 0 },
    { REASSIGN_SCALE_MEL, -1, 10, 10, 0, 0 },
    { REASSIGN_SCALE_MEL, NAN, 10, 10, 0, 0 },
    { REASSIGN_SCALE_MEL, 0, INFINITY, 10, 0, 0 },
    { REASSIGN_SCALE_LINEAR, 0, 100, 0, 0, 0 },
    { REASSIGN_SCALE_LINEAR, 0, 100, 1 << 21, 0, 0 },
    { (ReassignScale) 5, 0, 100, 10, 0, 0 },
    { REASSIGN_SCALE_LOG, 1000, nextafter (1000, 2000), 10, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    fail_unless (reassign_axis_init (&wrong[i]) != NULL, "axis %u", i);
}
GST_END_TEST;

static Suite *
axis_suite (void)
{
  Suite *s = suite_create ("axis");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, every_scale_has_its_ends_at_the_outer_edges);
  tcase_add_test (tc, every_scale_climbs_and_is_its_own_inverse);
  tcase_add_test (tc, many_rows_at_once_are_those_one_by_one);
  tcase_add_test (tc, rows_of_what_a_scale_does_not_reach_are_far_away);
  tcase_add_test (tc, rows_follow_the_published_scales);
  tcase_add_test (tc, log_scale_begins_at_20_hz_by_itself);
  tcase_add_test (tc, wrong_axes_are_named);
  return s;
}

GST_CHECK_MAIN (axis);
