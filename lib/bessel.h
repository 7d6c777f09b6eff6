/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef REASSIGN_BESSEL_H
#define REASSIGN_BESSEL_H

/* I0 (z), the modified Bessel function of Kaiser's windows, without its first
 * `skip` terms: sum over k >= skip of (z^2 / 4)^k / k!^2. */
double reassign_bessel_i0_tail (double z, int skip);

#endif
