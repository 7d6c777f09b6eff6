/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Assertions that print value, reference and tolerance. */

#ifndef TFR_TEST_NEAR_H
#define TFR_TEST_NEAR_H

#include <gst/check/gstcheck.h>
#include <math.h>

/* |value - reference| <= tolerance; the message says of what. */
#define assert_near(value, reference, tolerance, ...) \
  G_STMT_START \
  { \
    double near_value = (value), near_reference = (reference); \
    double near_tolerance = (tolerance); \
\
    if (!(fabs (near_value - near_reference) <= near_tolerance)) { \
      gchar *near_what = g_strdup_printf (__VA_ARGS__); \
      fail ("%s: %.17g, should be %.17g within %g (off by %g)", near_what, \
          near_value, near_reference, near_tolerance, \
          near_value - near_reference); \
    } \
  } \
  G_STMT_END

/* value <= bound */
#define assert_at_most(value, bound, ...) \
  G_STMT_START \
  { \
    double most_value = (value), most_bound = (bound); \
\
    if (!(most_value <= most_bound)) { \
      gchar *most_what = g_strdup_printf (__VA_ARGS__); \
      fail ("%s: %.6g, should be at most %.6g", most_what, most_value, \
          most_bound); \
    } \
  } \
  G_STMT_END

#endif
