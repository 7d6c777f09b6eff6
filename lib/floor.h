/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The magnitude below which a frame's points are dropped. */

#ifndef REASSIGN_FLOOR_H
#define REASSIGN_FLOOR_H

#include "reassign.h"

typedef struct {
  ReassignFloor reference;
  double ratio;     /* 10^(dB / 20) */
  double decay;     /* of the running peak, per frame */
  double smoothing; /* of the noise, per frame */
  double memory;    /* the running peak, or the noise in dB; NAN: none yet */
  double *sorted;   /* [n_bins], noise only */
} ReassignFloorState;

/* Whether it depends on the frame's powers. */
static inline bool
reassign_floor_asks (ReassignFloor reference)
{
  return reference != REASSIGN_FLOOR_FULL_SCALE;
}

/* Whether it depends on the frames before. */
static inline bool
reassign_floor_remembers (ReassignFloor reference)
{
  return reference == REASSIGN_FLOOR_RUNNING_PEAK ||
         reference == REASSIGN_FLOOR_NOISE;
}

/* False when memory runs out; _clear is due either way. */
bool reassign_floor_init (
    ReassignFloorState *f, const ReassignConfig *config, size_t n_bins);
void reassign_floor_clear (ReassignFloorState *f);
void reassign_floor_reset (ReassignFloorState *f);

/* The floor for a frame with these powers |X|^2 [n], scale * |X| being their
 * magnitudes.  Powers NULL: a silent frame. */
double reassign_floor_next (
    ReassignFloorState *f, const double *powers, size_t n, double scale);

#endif
