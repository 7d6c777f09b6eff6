/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The window families, as a table: one entry and one generator each.
 *
 * Every generator writes a window that is symmetric about sample n / 2.  Even n
 * is the periodic form (its unpaired first sample is where a symmetric window
 * of n + 1 samples begins), so the centre is a sample in either case. */

#include "bessel.h"
#include "reassign.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Samples between the two ends of the full symmetric window. */
static double
span (size_t n)
{
  return n % 2 == 0 ? (double) n : (double) (n - 1);
}

/* Position in the window, -1 at its start, 0 at its centre. */
static double
place (size_t i, size_t n)
{
  return 2.0 * (double) i / span (n) - 1.0;
}

static bool
generate_kaiser_tail (double *h, size_t n, double beta, int skip)
{
  double top = reassign_bessel_i0_tail (beta, skip);

  for (size_t i = 0; i < n; i++) {
    double u = place (i, n), r = 1 - u * u;

    h[i] = reassign_bessel_i0_tail (beta * sqrt (r > 0 ? r : 0), skip) / top;
  }
  return true;
}

/* I0's series less its first two terms, so that value and slope end at zero. */
static bool
generate_kaiser_smooth (double *h, size_t n, double beta)
{
  return generate_kaiser_tail (h, n, beta, 2);
}

static bool
generate_kaiser (double *h, size_t n, double beta)
{
  return generate_kaiser_tail (h, n, beta, 0);
}

/* sum_i a[i] cos (pi i u): the usual (-1)^i a_i cos (2 pi i n / T), seen from
 * the centre, where it is 1. */
static bool
generate_cosines (double *h, size_t n, const double *a, size_t n_a)
{
  for (size_t i = 0; i < n; i++) {
    double u = place (i, n);

    h[i] = 0;
    for (size_t k = 0; k < n_a; k++)
      h[i] += a[k] * cos (M_PI * (double) k * u);
  }
  return true;
}

static bool
generate_hann (double *h, size_t n, double unused)
{
  static const double a[] = { .5, .5 };

  (void) unused;
  return generate_cosines (h, n, a, 2);
}

static bool
generate_hamming (double *h, size_t n, double unused)
{
  static const double a[] = { .54, .46 };

  (void) unused;
  return generate_cosines (h, n, a, 2);
}

static bool
generate_blackman (double *h, size_t n, double unused)
{
  static const double a[] = { .42, .5, .08 };

  (void) unused;
  return generate_cosines (h, n, a, 3);
}

static bool
generate_blackman_harris (double *h, size_t n, double unused)
{
  static const double a[] = { .35875, .48829, .14128, .01168 };

  (void) unused;
  return generate_cosines (h, n, a, 4);
}

/* Nuttall 1981, four terms with a continuous third derivative. */
static bool
generate_nuttall (double *h, size_t n, double unused)
{
  static const double a[] = { .338946, .481973, .161054, .018027 };

  (void) unused;
  return generate_cosines (h, n, a, 4);
}

static bool
generate_gaussian (double *h, size_t n, double n_over_sigma)
{
  for (size_t i = 0; i < n; i++) {
    double u = place (i, n) * span (n) / 2 * n_over_sigma / (double) n;

    h[i] = exp (-u * u / 2);
  }
  return true;
}

/* The zeroth discrete prolate spheroidal sequence (Slepian 1978, section 2.2):
 * the eigenvector of a symmetric tridiagonal matrix.  Less a constant, that
 * matrix is -(L + D) with L the Laplacian of a chain with links
 * b_i = i (n - i) / 2 and D_i = (1 - cos 2 pi W) ((n - 1) / 2 - i)^2 >= 0, and
 * the vector belongs to the smallest eigenvalue of L + D.  Inverse iteration by
 * an elimination that never subtracts (it carries the row sums instead of the
 * diagonal) keeps full relative precision even in the tails. */
static bool
generate_dpss (double *h, size_t n, double nw)
{
  size_t m = n % 2 == 0 ? n + 1 : n; /* even: the first n of n + 1 */
  double mid = ((double) m - 1) / 2, w = nw / (double) m, change = 1;
  double *pivot = malloc (2 * m * sizeof *pivot), *y;

  if (pivot == NULL)
    return false;
  y = pivot + m;

  /* 1 - cos 2 pi W without cancellation; a Gaussian is near the answer */
  double d = 2 * sin (M_PI * w) * sin (M_PI * w);
  for (size_t i = 0; i < m; i++) {
    double u = ((double) i - mid) / (mid + 1);
    y[i] = exp (-M_PI * nw * u * u / 2);
  }

  double excess = 0; /* the row's sum after the rows above were eliminated */
  for (size_t i = 0; i < m; i++) {
    double t = mid - (double) i;
    double above = (double) i * (double) (m - i) / 2;
    double below = (double) (i + 1) * (double) (m - 1 - i) / 2;

    excess = d * t * t + (i > 0 ? above * excess / pivot[i - 1] : 0);
    pivot[i] = excess + below;
  }

  for (int round = 0; round < 100 && change > 1e-15; round++) {
    double centre_before = y[m / 2], end_before = y[0], centre;

    for (size_t i = 1; i < m; i++) {
      double above = (double) i * (double) (m - i) / 2;
      y[i] += y[i - 1] * above / pivot[i - 1];
    }
    y[m - 1] /= pivot[m - 1];
    for (size_t i = m - 1; i-- > 0;) {
      double below = (double) (i + 1) * (double) (m - 1 - i) / 2;
      y[i] = (y[i] + below * y[i + 1]) / pivot[i];
    }

    centre = y[m / 2];
    for (size_t i = 0; i < m; i++)
      y[i] /= centre;
    change = fabs (y[0] - end_before / centre_before) / y[0];
  }

  memcpy (h, y, n * sizeof *h);
  free (pivot);
  return true;
}

const ReassignWindow reassign_windows[] = {
  { REASSIGN_WINDOW_KAISER_SMOOTH, "kaiser-smooth",
      "Kaiser, value and slope ending at zero (parameter: beta)", 9, 0.01, 500,
      generate_kaiser_smooth },
  { REASSIGN_WINDOW_KAISER, "kaiser",
      "Kaiser as in the textbooks, ends in a step (parameter: beta)", 9, 0.01,
      500, generate_kaiser },
  { REASSIGN_WINDOW_HANN, "hann", "Hann", 0, 0, 0, generate_hann },
  { REASSIGN_WINDOW_HAMMING, "hamming", "Hamming, ends in a step", 0, 0, 0,
      generate_hamming },
  { REASSIGN_WINDOW_BLACKMAN, "blackman", "Blackman", 0, 0, 0,
      generate_blackman },
  { REASSIGN_WINDOW_BLACKMAN_HARRIS, "blackman-harris",
      "Blackman-Harris, four terms", 0, 0, 0, generate_blackman_harris },
  { REASSIGN_WINDOW_NUTTALL, "nuttall",
      "Nuttall, four terms, smoothest ends: for weak components", 0, 0, 0,
      generate_nuttall },
  { REASSIGN_WINDOW_GAUSSIAN, "gaussian",
      "Gaussian (parameter: window size / sigma)", 10, 0.01, 50,
      generate_gaussian },
  { REASSIGN_WINDOW_DPSS, "dpss",
      "Discrete prolate spheroidal sequence (parameter: NW)", 4, 0.01, 15,
      generate_dpss },
  { REASSIGN_WINDOW_DEFAULT, NULL, NULL, 0, 0, 0, NULL },
};

const ReassignWindow *
reassign_window_by_id (ReassignWindowId id)
{
  if (id == REASSIGN_WINDOW_DEFAULT)
    return reassign_windows;
  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++)
    if (w->id == id)
      return w;
  return NULL;
}

const ReassignWindow *
reassign_window_by_name (const char *name)
{
  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++)
    if (strcmp (w->name, name) == 0)
      return w;
  return NULL;
}
