/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Second stage of the kernel: the spectra of one frame to its points. */

#ifndef REASSIGN_POINTS_H
#define REASSIGN_POINTS_H

#include "floor.h"
#include "spectra.h"

typedef struct {
  ReassignRules rules;
  size_t fft_size;
  double power_energy; /* energy of a bin with |X|^2 = 1 */
  double edge_weight;  /* of the spectra at DC and Nyquist */
  double *bin_hz;      /* [padded n_bins] */

  /* [padded n_bins], as in the rules; where there are votes. */
  double *dt, *df, *kept;
  double *power; /* there too, and where the floor asks for it */
} ReassignPoints;

/* The spectra that the config's points need. */
unsigned reassign_points_wanted (const ReassignConfig *config);

/* From a complete config.  False when memory runs out; _clear is due either
 * way. */
bool reassign_points_init (ReassignPoints *p, const ReassignConfig *config,
    const ReassignShape *shape, const ReassignSpectra *s);
void reassign_points_clear (ReassignPoints *p);

/* Writes the points of the frame centred on `sample`, whose spectra are the
 * `frame`-th of those in s, and says how many. */
size_t reassign_points_run (ReassignPoints *p, ReassignSpectra *s, int frame,
    ReassignFloorState *floor, int64_t sample, const ReassignPlanes *planes,
    ReassignStats *stats);

#endif
