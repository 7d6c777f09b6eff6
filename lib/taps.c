/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The auxiliary windows of reassignment: tau h, dh/dtau and their products.
 *
 * dh must stand in for integration by parts on the sampling grid:
 * sum dh e = -sum h de/dn for the smooth e = x exp (-j w n).  With h taken as 0
 * outside its n points, the centred difference of h does just that, to the
 * stencil's order, for any window at all, also one that ends in a step: the
 * formula is exact for a lone component and bounded for all others (derived,
 * see tests/check/lib/kernel.c). */

#include "taps.h"

/* f'(0) = sum over k of weight (k) (f (k) - f (-k)), exact for polynomials of
 * degree 2 p: (-1)^(k+1) p!^2 / (k (p - k)! (p + k)!), the closed form of
 * Fornberg's weights for the centred first derivative. */
static double
difference_weight (int k)
{
  const int p = REASSIGN_OVERHANG;
  double w = 1.0 / k;

  for (int i = 1; i <= k; i++)
    w *= (double) (p - k + i) / (p + i);
  return k % 2 == 1 ? w : -w;
}

/* h[i], 0 outside its n points */
static double
at (const double *h, ptrdiff_t n, ptrdiff_t i)
{
  return i >= 0 && i < n ? h[i] : 0;
}

static double
first_difference (
    const double *h, ptrdiff_t n, ptrdiff_t i, const double *weight)
{
  double sum = 0;

  for (int k = 1; k <= REASSIGN_OVERHANG; k++)
    sum += weight[k] * (at (h, n, i + k) - at (h, n, i - k));
  return sum;
}

/* The weights of the same order for the second derivative are 2 / k times those
 * for the first. */
static double
second_difference (
    const double *h, ptrdiff_t n, ptrdiff_t i, const double *weight)
{
  double sum = 0, middle = at (h, n, i);

  for (int k = 1; k <= REASSIGN_OVERHANG; k++)
    sum += 2 / (double) k * weight[k] *
           (at (h, n, i + k) - 2 * middle + at (h, n, i - k));
  return sum;
}

void
reassign_taps (double *taps, ReassignTap which, const double *h, size_t n)
{
  const ptrdiff_t p = REASSIGN_OVERHANG, size = (ptrdiff_t) n;
  double weight[REASSIGN_OVERHANG + 1];

  for (int k = 1; k <= p; k++)
    weight[k] = difference_weight (k);
  for (ptrdiff_t i = -p; i < size + p; i++) {
    double tau = (double) (i - size / 2), value = 0;

    switch (which) {
      case REASSIGN_TAP_H:
        value = at (h, size, i);
        break;
      case REASSIGN_TAP_TH:
        value = tau * at (h, size, i);
        break;
      case REASSIGN_TAP_T2H:
        value = tau * tau * at (h, size, i);
        break;
      case REASSIGN_TAP_DH:
        value = first_difference (h, size, i, weight);
        break;
      case REASSIGN_TAP_TDH:
        value = tau * first_difference (h, size, i, weight);
        break;
      case REASSIGN_TAP_D2H:
        value = second_difference (h, size, i, weight);
        break;
      case REASSIGN_N_TAPS:
        break;
    }
    taps[i + p] = value;
  }
}
