/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Second stage of the kernel: the spectra of one frame to its points. */

#ifndef REASSIGN_POINTS_H
#define REASSIGN_POINTS_H

#include "floor.h"
#include "spectra.h"

typedef struct {
  size_t n_bins, fft_size;
  double rate;
  double magnitude_scale; /* 2 / sum h */
  double power_energy;    /* energy of a bin with |X|^2 = 1 */
  double max_time_shift;  /* samples; infinite where time is kept */
  double max_frequency_shift; /* Hz; infinite where frequency is kept */
  bool keep_time, keep_frequency;
  unsigned fields;

  double *bin_hz; /* [n_bins] */
  double *power;  /* [n_bins], |X|^2, halved at DC and Nyquist */
  double *dt;     /* [n_bins], samples; zeros where time is kept */
  double *df;     /* [n_bins], Hz; zeros where frequency is kept */
  double *inverse; /* [n_bins], 1 / power */
  double *kept;   /* [n_bins], 1 where a point is emitted, else 0 */
  uint32_t *index; /* [n_bins], bins of the points */

  ReassignPlanes own; /* used when the caller gives no planes */
} ReassignPoints;

/* The spectra that the config's points need. */
unsigned reassign_points_wanted (const ReassignConfig *config);

/* From a complete config.  False when memory runs out; _clear is due either
 * way. */
bool reassign_points_init (ReassignPoints *p, const ReassignConfig *config,
    const ReassignShape *shape);
void reassign_points_clear (ReassignPoints *p);

/* Writes the points of the frame centred on `sample` and fills in all of frame
 * but its gap.  planes NULL: the object's own. */
void reassign_points_run (ReassignPoints *p, ReassignSpectra *s,
    ReassignFloorState *floor, int64_t sample, const ReassignPlanes *planes,
    ReassignFrame *frame, ReassignStats *stats);

/* A frame without points. */
void reassign_points_none (const ReassignPoints *p, int64_t sample,
    const ReassignPlanes *planes, ReassignFrame *frame);

#endif
