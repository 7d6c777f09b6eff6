/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The auxiliary windows of reassignment: tau h, dh/dtau and their products.
 *
 * dh must stand in for integration by parts on the sampling grid:
 * sum dh e = -sum h de/dn for the smooth e = x exp (-j w n).  With h taken as 0
 * outside its n points, the centred difference of h does just that, to the
 * stencil's order, for any window at all, also one that ends in a step: the
 * formula is exact for a lone component and bounded for all others (derived,
 * see test_kernel). */

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

void
reassign_taps (double *taps, ReassignTap which, const double *h, size_t n)
{
  const ptrdiff_t p = REASSIGN_OVERHANG, size = (ptrdiff_t) n;
  const ptrdiff_t centre = size / 2;
  double weight[REASSIGN_OVERHANG + 1];

  for (int k = 1; k <= p; k++)
    weight[k] = difference_weight (k);

  for (ptrdiff_t i = -p; i < size + p; i++) {
    double tau = (double) (i - centre), value;

    if (which == REASSIGN_TAP_DH || which == REASSIGN_TAP_TDH) {
      value = 0;
      for (ptrdiff_t k = 1; k <= p; k++) {
        double right = i + k >= 0 && i + k < size ? h[i + k] : 0;
        double left = i - k >= 0 && i - k < size ? h[i - k] : 0;

        value += weight[k] * (right - left);
      }
    } else {
      value = i >= 0 && i < size ? h[i] : 0;
    }

    if (which == REASSIGN_TAP_TH || which == REASSIGN_TAP_TDH)
      value *= tau;
    else if (which == REASSIGN_TAP_T2H)
      value *= tau * tau;
    taps[i + p] = value;
  }
}
