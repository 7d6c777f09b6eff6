/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Second stage of the kernel: the spectra of one frame to its points. */

#ifndef REASSIGN_POINTS_H
#define REASSIGN_POINTS_H

#include "floor.h"
#include "spectra.h"

typedef struct {
  size_t n_bins, fft_size;
  double rate;
  double magnitude_scale;     /* 2 / sum h */
  double power_energy;        /* energy of a bin with |X|^2 = 1 */
  double edge_weight;         /* of the spectra at DC and Nyquist */
  double max_time_shift;      /* samples */
  double max_frequency_shift; /* Hz */
  bool keep_time, keep_frequency;
  unsigned fields;
  ReassignConsensus consensus;
  double tone_tolerance, click_tolerance;

  double *bin_hz;  /* [n_bins] */
  double *power;   /* [n_bins], |X|^2, weighted at DC and Nyquist */
  double *inverse; /* [n_bins], 1 / power */
  double *dt;      /* [n_bins], samples; full corrections, where they are */
  double *df;      /* [n_bins], Hz;      needed, else zeros */
  double *zeros;   /* [n_bins], the corrections along an axis that is kept */
  double *kept;    /* [n_bins], 1 where a bin passes floor and limits, else 0 */
  uint32_t *index; /* [n_bins], bins of the points that are emitted */
} ReassignPoints;

/* The spectra that the config's points need. */
unsigned reassign_points_wanted (const ReassignConfig *config);

/* From a complete config.  False when memory runs out; _clear is due either
 * way. */
bool reassign_points_init (ReassignPoints *p, const ReassignConfig *config,
    const ReassignShape *shape);
void reassign_points_clear (ReassignPoints *p);

/* Writes the points of the frame centred on `sample` and says how many; their
 * bins are in p->index. */
size_t reassign_points_run (ReassignPoints *p, ReassignSpectra *s,
    ReassignFloorState *floor, int64_t sample, const ReassignPlanes *planes,
    ReassignStats *stats);

#endif
