/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What an analyzer is made of, for the files that do its work. */

#ifndef REASSIGN_ANALYZER_H
#define REASSIGN_ANALYZER_H

#include "analytic.h"
#include "floor.h"
#include "frames.h"
#include "points.h"
#include "votes.h"

struct ReassignAnalyzer {
  ReassignConfig config;
  ReassignShape shape;
  ReassignStats stats;
  ReassignFrames frames;
  ReassignAnalytic analytic; /* used where the config says so */
  ReassignSpectra spectra;
  ReassignFloorState floor;
  ReassignPoints points;
  ReassignPlanes planes; /* for callers without their own */
  ReassignVotes votes;   /* used where `voting` */
  size_t n_lead;         /* frames to come that only vote */
  bool voting;
  bool retired; /* frames no longer wait for votes */

  /* Where two frames are transformed together, 2 j and 2 j + 1 by their number
   * on the grid: */
  bool lead;   /* the next frame is before the first to come out, which needs
                  it as its other */
  bool paired; /* and the spectra of both are there */
  int64_t end; /* of the frames that come out; further ones are others */
};

/* Whether the frame so many after the next one is the first of two that are
 * transformed together. */
static inline bool
reassign_analyzer_is_first (const ReassignAnalyzer *a, size_t ahead)
{
  int64_t number = a->frames.next / (int64_t) a->frames.hop + (int64_t) ahead;

  return a->spectra.n_frames == 2 && number % 2 == 0;
}

/* Centre of the first frame that will leave of those not analysed yet. */
static inline int64_t
reassign_analyzer_upcoming (const ReassignAnalyzer *a)
{
  return a->frames.next + (int64_t) ((a->lead + a->n_lead) * a->frames.hop);
}

/* With this version of the kernel; NULL: the fastest.  For tests. */
ReassignAnalyzer *reassign_analyzer_new_with (const ReassignConfig *config,
    const ReassignKernel *kernel, const char **error);

#endif
