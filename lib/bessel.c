/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "bessel.h"

/* All terms are positive, so no digit is lost. */
double
reassign_bessel_i0_tail (double z, int skip)
{
  double q = z * z / 4, term = 1, sum = 0;

  for (int k = 0; k < skip || term > 1e-17 * sum; k++) {
    if (k >= skip)
      sum += term;
    term *= q / ((k + 1.0) * (k + 1.0));
  }
  return sum;
}
