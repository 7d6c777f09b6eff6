/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Many frequencies to rows at once. */

#ifndef REASSIGN_AXIS_H
#define REASSIGN_AXIS_H

#include "reassign.h"

/* As reassign_axis_row, to as much as a float can tell; what the scale does not
 * reach (below 0 Hz on a logarithmic one) is very far away. */
void reassign_axis_rows (
    const ReassignAxis *axis, const double *hz, float *rows, size_t n);

#endif
