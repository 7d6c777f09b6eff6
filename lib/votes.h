/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Line consensus: each point's neighbours vote on whether they lie on one line
 * with it.  Frames wait here until those after them have come. */

#ifndef REASSIGN_VOTES_H
#define REASSIGN_VOTES_H

#include "planes.h"

/* One frame: its points, with their bins, and all bins that may vote. */
typedef struct {
  int64_t sample;
  bool gap;
  ReassignPlanes points;
  size_t n_points;
  double *t;      /* [n_bins], time shift / sigma */
  double *w;      /* [n_bins], frequency * sigma, rad */
  double *weight; /* [n_bins], |X|; 0 for bins without a point */
} ReassignVoters;

typedef struct {
  size_t n_bins, radius, frames;
  double epsilon, threshold; /* 0: no point is rejected */
  double sigma, rate;
  double hop;    /* in units of sigma */
  double energy; /* of a point of magnitude 1 */

  ReassignVoters *ring; /* [length] */
  size_t length;
  size_t n_past;  /* frames at the ring's start that have left */
  size_t n_ahead; /* frames after those, which wait */
  size_t start;
} ReassignVotes;

/* False when memory runs out; _clear is due either way. */
bool reassign_votes_init (
    ReassignVotes *v, const ReassignConfig *config, const ReassignShape *shape);
void reassign_votes_clear (ReassignVotes *v);
void reassign_votes_reset (ReassignVotes *v);

/* Where to write the next frame, all but t, w and weight; then what its bins
 * are (kept NULL: none) and that it is there.  There is room while n_ahead <=
 * frames. */
ReassignVoters *reassign_votes_slot (ReassignVotes *v);
void reassign_votes_add (ReassignVotes *v, const double *power,
    const double *dt, const double *bin_hz, const double *df,
    const double *kept);

/* The oldest frame that waits goes without a vote on it; it still votes. */
void reassign_votes_pass (ReassignVotes *v);

/* The oldest frame that waits: votes on its points, copies those that are
 * accepted and lets it go. */
void reassign_votes_pull (ReassignVotes *v, const ReassignPlanes *to,
    unsigned fields, ReassignFrame *frame, ReassignStats *stats);

#endif
