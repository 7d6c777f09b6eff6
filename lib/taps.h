/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What the samples are multiplied by before each transform. */

#ifndef REASSIGN_TAPS_H
#define REASSIGN_TAPS_H

#include "reassign.h"

/* Half-width of the difference stencil.  Every window is seen with this many
 * zeros at each end. */
#define REASSIGN_OVERHANG 8

/* One spectrum each: of x h, x tau h, x dh/dtau, x tau dh/dtau, x tau^2 h,
 * x d2h/dtau2. */
typedef enum {
  REASSIGN_TAP_H,
  REASSIGN_TAP_TH,
  REASSIGN_TAP_DH,
  REASSIGN_TAP_TDH,
  REASSIGN_TAP_T2H,
  REASSIGN_TAP_D2H,
  REASSIGN_N_TAPS
} ReassignTap;

/* Writes taps[n + 2 * REASSIGN_OVERHANG] made from the window h[n]; the centre
 * n / 2 of the window is at n / 2 + REASSIGN_OVERHANG. */
void reassign_taps (double *taps, ReassignTap which, const double *h, size_t n);

#endif
