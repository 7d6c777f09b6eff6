/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The weights by which a point's energy is spread over cells, along one axis.
 */

#ifndef REASSIGN_SPLAT_H
#define REASSIGN_SPLAT_H

#include "reassign.h"

#define REASSIGN_SPLAT_LANES 4

typedef struct {
  size_t reach;    /* cells to either side of the point's own */
  size_t width;    /* 2 * reach + 1 */
  size_t stride;   /* the same as whole vectors of REASSIGN_SPLAT_LANES */
  size_t n_phases; /* places within the cell that are told apart */
  float *weights;  /* [n_phases][stride], each row of them sums to 1 and ends in
                      zeros */
  double peak;     /* the largest weight, on the (geometric) average */
} ReassignFootprint;

/* `radius`: sigma of a gaussian, ignored by the others; `spacing`: cells
 * between one point and the next, which the footprint must cover; `max_reach`
 * cuts it. False when memory runs out; _clear is due either way. */
bool reassign_footprint_init (ReassignFootprint *f, ReassignSplat splat,
    double radius, double spacing, size_t max_reach);

/* Instead, a footprint that is no wider than the one it was made for. */
void reassign_footprint_set (ReassignFootprint *f, ReassignSplat splat,
    double radius, double spacing, size_t max_reach);

void reassign_footprint_clear (ReassignFootprint *f);

#endif
