/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "near.h"
#include "reassign.h"
#include "taps.h"

#define MOST 4096

static const size_t sizes[] = { 32, 33, 255, 256, 1000, 2048 };

GST_START_TEST (every_window_is_one_at_its_centre_and_symmetric_about_it)
{
  static double h[MOST];

  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      size_t n = sizes[s], centre = n / 2;

      fail_unless (w->generate (h, n, w->parameter));
      assert_near (h[centre], 1, 1e-15, "%s %zu at its centre", w->name, n);
      for (size_t i = 1; i < n - centre; i++)
        assert_near (h[centre + i], h[centre - i], 1e-13, "%s %zu at %zu",
            w->name, n, i);
    }
  }
}
GST_END_TEST;

GST_START_TEST (smooth_windows_end_at_zero)
{
  static double h[MOST];
  static const char *const names[] = { "kaiser-smooth", "hann", "blackman",
    "nuttall" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const ReassignWindow *w = reassign_window_by_name (names[i]);

    fail_unless (w->generate (h, 2048, w->parameter));
    assert_near (h[0], 0, 1e-15, "%s at its end", names[i]);
  }
}
GST_END_TEST;

GST_START_TEST (window_names_and_ids_agree)
{
  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++) {
    fail_unless (reassign_window_by_name (w->name) == w);
    fail_unless (reassign_window_by_id (w->id) == w);
  }
  fail_unless_equals_string (
      reassign_window_by_id (REASSIGN_WINDOW_DEFAULT)->name, "kaiser-smooth");
  fail_unless (reassign_window_by_name ("kazoo") == NULL);
  fail_unless (reassign_window_by_id ((ReassignWindowId) 10) == NULL);
}
GST_END_TEST;

/* With h zero outside, sum dh e = -sum h de/dn must hold for e = exp (j w n).
 */
GST_START_TEST (derivative_window_integrates_by_parts)
{
  static double h[MOST], dh[MOST + 2 * REASSIGN_OVERHANG];

  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++) {
    size_t n = 256;

    fail_unless (w->generate (h, n, w->parameter));
    reassign_taps (dh, REASSIGN_TAP_DH, h, n);
    for (double v = 0; v < 0.2; v += 0.013) {
      double re = 0, im = 0, hre = 0, him = 0;

      for (size_t i = 0; i < n + 2 * REASSIGN_OVERHANG; i++) {
        double at = (double) i - REASSIGN_OVERHANG - 128;

        re += dh[i] * cos (v * at);
        im += dh[i] * sin (v * at);
      }
      for (size_t i = 0; i < n; i++) {
        hre += h[i] * cos (v * ((double) i - 128));
        him += h[i] * sin (v * ((double) i - 128));
      }
      /* -de/dn = -j v e */
      assert_near (re, v * him, 1e-12, "%s real part at %g", w->name, v);
      assert_near (im, -v * hre, 1e-12, "%s imaginary part at %g", w->name, v);
    }
  }
}
GST_END_TEST;

/* ---------------------------------------------------------- figures ---- */

/* |H| at this many bins from the middle, 1 there. */
static double
response (const double *h, size_t n, double bins)
{
  double re = 0, sum = 0;

  for (size_t i = 0; i < n; i++) {
    re += h[i] *
          cos (2 * M_PI * bins / (double) n * ((double) i - (double) (n / 2)));
    sum += h[i];
  }
  return fabs (re / sum);
}

/* Where the main lobe ends: the first minimum, or zero. */
static double
half_main_lobe (const double *h, size_t n)
{
  double bins = 0.5;

  while (response (h, n, bins + 0.005) < response (h, n, bins))
    bins += 0.005;
  return bins;
}

static double
peak_side_lobe_db (const double *h, size_t n, double from)
{
  double peak = 0;

  for (double bins = from; bins < from + 12; bins += 0.02)
    peak = fmax (peak, response (h, n, bins));
  return 20 * log10 (peak);
}

/* Measured when the families were chosen, of 1024 samples, with sigma, sums and
 * the noise bandwidth in units of N or bins. */
GST_START_TEST (windows_have_the_figures_that_they_are_chosen_for)
{
  static const struct {
    const char *name;
    double parameter, lobe, side_lobe_db, sigma, enbw, sum;
  } figures[] = {
    { "hann", 0, 2.0, -31.5, .2000, 1.500, .5000 },
    { "hamming", 0, 2.0, -42.7, .2162, 1.363, .5400 },
    { "blackman", 0, 3.0, -58.1, .1680, 1.727, .4200 },
    { "blackman-harris", 0, 4.0, -92.0, .1432, 2.004, .3588 },
    { "nuttall", 0, 4.0, -82.6, .1354, 2.125, .3389 },
    { "kaiser", 9, 3.0, -66.3, .1643, 1.759, .4112 },
    { "kaiser", 12, 3.95, -89.9, .1427, 2.011, .3575 },
    { "kaiser-smooth", 9, 2.92, -58.6, NAN, 1.786, NAN },
    { "kaiser-smooth", 10, NAN, -67.5, NAN, NAN, NAN },
  };
  static double h[MOST];
  const size_t n = 1024;

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++) {
    const ReassignWindow *w = reassign_window_by_name (figures[i].name);
    double sum = 0, square = 0, spread = 0, lobe, size = (double) n;

    fail_unless (w->generate (h, n, figures[i].parameter));
    for (size_t j = 0; j < n; j++) {
      double tau = (double) j - (double) (n / 2);

      sum += h[j];
      square += h[j] * h[j];
      spread += tau * tau * h[j] * h[j];
    }
    lobe = half_main_lobe (h, n);
    if (!isnan (figures[i].lobe))
      assert_near (lobe, figures[i].lobe, 0.06, "%s %g: half main lobe, bins",
          w->name, figures[i].parameter);
    assert_near (peak_side_lobe_db (h, n, lobe + 0.02), figures[i].side_lobe_db,
        0.15, "%s %g: peak side lobe, dB", w->name, figures[i].parameter);
    if (!isnan (figures[i].enbw))
      assert_near (size * square / (sum * sum), figures[i].enbw, 2e-3,
          "%s %g: noise bandwidth, bins", w->name, figures[i].parameter);
    if (isnan (figures[i].sigma))
      continue;
    assert_near (sqrt (2 * spread / square) / size, figures[i].sigma, 3e-4,
        "%s %g: sigma / N", w->name, figures[i].parameter);
    assert_near (sum / size, figures[i].sum, 6e-4, "%s %g: sum / N", w->name,
        figures[i].parameter);
  }
}
GST_END_TEST;

/* The periodic form of n samples is the symmetric one of n + 1 without the
 * last; a Gaussian's sigma goes with n and a sequence's W with n + 1. */
GST_START_TEST (even_windows_begin_as_the_next_odd_one)
{
  static double even[MOST], odd[MOST];

  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++) {
    double parameter = w->parameter;

    fail_unless (w->generate (even, 512, parameter));
    if (w->id == REASSIGN_WINDOW_GAUSSIAN)
      parameter *= 513 / 512.0;
    fail_unless (w->generate (odd, 513, parameter));
    for (size_t i = 0; i < 512; i++)
      assert_near (even[i], odd[i], 1e-13, "%s at %zu", w->name, i);
  }
}
GST_END_TEST;

static Suite *
window_suite (void)
{
  Suite *s = suite_create ("window");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, every_window_is_one_at_its_centre_and_symmetric_about_it);
  tcase_add_test (tc, smooth_windows_end_at_zero);
  tcase_add_test (tc, window_names_and_ids_agree);
  tcase_add_test (tc, derivative_window_integrates_by_parts);
  tcase_add_test (tc, windows_have_the_figures_that_they_are_chosen_for);
  tcase_add_test (tc, even_windows_begin_as_the_next_odd_one);
  return s;
}

GST_CHECK_MAIN (window);
