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

/* With h zero outside, sum dh e = -sum h de/dn must hold for e = exp (j w n). */
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

static Suite *
window_suite (void)
{
  Suite *s = suite_create ("window");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (
      tc, every_window_is_one_at_its_centre_and_symmetric_about_it);
  tcase_add_test (tc, smooth_windows_end_at_zero);
  tcase_add_test (tc, window_names_and_ids_agree);
  tcase_add_test (tc, derivative_window_integrates_by_parts);
  return s;
}

GST_CHECK_MAIN (window);
