/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What the parts of the tracker share: peaks, in the order of frames, each tied
 * to the one before it and the one after it. */

#ifndef REASSIGN_PARTIALS_H
#define REASSIGN_PARTIALS_H

#include "partials-window.h"
#include "reassign.h"

#define REASSIGN_NO_PEAK UINT32_MAX

/* One partial in one frame.  Frequencies are rad per sample, times samples from
 * the frame's centre. */
typedef struct {
  /* as found, until an edge of the partial settles it (partials-edges.c) */
  uint32_t bin;
  double frequency; /* where its point lies */
  double crossing;  /* where the frequency correction is 0 */
  double shift;     /* of its point's time */
  double magnitude;
  double arg;        /* of the spectrum at the bin, from the frame's centre */
  double level;      /* log of the amplitude, of a steady tone */
  bool rumble;       /* below the frequency floor: it carries noise alone */
  bool settled;      /* the sound begins or ends under the window, */
  double begin, end; /* samples, at these */
  double edge;       /* where it does: of the first and the last peak only, */
  bool is_step;      /* where this says that it does so at once */

  /* A frame that the partial missed has a peak too, so that partials are chains
   * without holes; these count the frames since a true one. */
  unsigned missing;
  uint32_t prev, next; /* in the frames before and after, or REASSIGN_NO_PEAK */

  /* as refined (partials-refine.c), at the frame's centre */
  uint32_t id; /* 0: not a partial, or not yet known */
  double omega, amplitude, phase;
  ReassignDeviation deviation;
  double noise; /* power */
} ReassignPeak;

/* A frame that waits: its peaks in ascending order of frequency, and all its
 * points where noise is sought. */
typedef struct {
  int64_t sample;
  ReassignPeak *peaks; /* [peak_room] */
  size_t n_peaks, peak_room;
  uint32_t *bin; /* [point_room] each, of points that belong to this frame, */
  float *magnitude; /* ascending */
  float *arg;
  size_t n_points, point_room;
} ReassignPeakFrame;

/* A run of frames around those that leave: n_past that have left, then n_ahead
 * that wait. */
typedef struct {
  ReassignPeakFrame *ring; /* [length] */
  size_t length, start;
  size_t n_past, n_ahead;
} ReassignPeakFrames;

/* partials-chain.c: the i-th frame from the oldest that is held. */
ReassignPeakFrame *reassign_peak_frame (const ReassignPeakFrames *f, size_t i);

/* Along the chain, by this many frames from the peak at (i, k): as far as it
 * goes, over true peaks only.  *i and *k are moved; says whether they were. */
bool reassign_peaks_walk (
    const ReassignPeakFrames *f, size_t *i, uint32_t *k, int frames);

/* The config in samples and rad per sample, linear. */
typedef struct {
  double rate;
  size_t hop, window_size, fft_size, n_bins;
  double separation, drift, floor; /* rad per sample */
  double least;                    /* amplitude */
  double reference;                /* rad per sample, 0: none */
  double crop;                     /* samples: the largest time shift */
  double fade;                     /* samples */
  unsigned survival;
  size_t minimum_length, span; /* frames; span: from which slopes are taken */
  size_t delay;                /* frames */
  size_t settling;             /* frames after which beginnings are known */
  size_t past;                 /* frames that are held after they left */
  double noise_width;          /* rad per sample, to one side; < 0: none */
  double
      bin_power; /* of a bin of magnitude 1, so that a signal's is their sum */
  size_t most_found, most_peaks; /* of a frame, whatever its points */
} ReassignPartialsShape;

/* partials-config.c: NULL, or what is wrong with the config; then it is
 * complete but for frequency_resolution, which stays 0 where it was. */
const char *reassign_partials_complete (ReassignTrackerConfig *config);
void reassign_partials_shape (ReassignPartialsShape *s,
    const ReassignTrackerConfig *config, const ReassignResponse *r);

/* partials-peaks.c: the peaks of a frame, ascending, `most` of them at most;
 * `spare` is [room]. */
size_t reassign_peaks_find (const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignFrame *frame, ReassignPeak *peaks,
    size_t most, ReassignPeak *spare, size_t room);

/* partials-link.c: ties the n_found peaks to those of the frame before (NULL:
 * there is none) and adds those that it missed.  *lead is the expected
 * frequency of the partial that leads. */
void reassign_peaks_link (const ReassignPartialsShape *s,
    ReassignPeakFrame *before, ReassignPeakFrame *now,
    const ReassignPeak *found, size_t n_found, uint32_t *match, double *lead);

/* partials-edges.c: settles the peaks at a chain's beginning (direction 1, from
 * its first peak) or end (-1, from its last). */
void reassign_peaks_settle (const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t i,
    uint32_t k, int direction);

/* partials-bridge.c: takes named peaks whose frame sees an edge of another
 * partial from their neighbours; edges is [room]. */
typedef struct {
  double at; /* samples from a frame's centre */
  double omega, amplitude;
} ReassignEdge;

void reassign_peaks_bridge (const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t i,
    ReassignEdge *edges, size_t room);

/* partials-refine.c: omega, amplitude, phase, slopes of the peak at (i, k). */
void reassign_peak_refine (const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t i,
    uint32_t k);

/* The same of a peak between that of the frame before, which has been refined,
 * and a later true one. */
void reassign_peak_interpolate (const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t i,
    uint32_t k, size_t to, uint32_t peak);

/* partials-noise.c: what is left of a frame's points when its partials are
 * taken away, shared among them. */
typedef struct {
  double *model; /* [the frame's points], complex */
  double *reach; /* [the frame's points], power of the partials that reach it */
} ReassignResidue;

void reassign_residue_share (ReassignResidue *w, const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t at);

/* One for each peak, and one for each that was in the frame before or, at a
 * drain, in this one. */
#define REASSIGN_ROWS_PER_PEAK 3

/* How much the arrays hold that frames share. */
typedef struct {
  size_t points, found, edges, rows;
} ReassignTrackerRoom;

/* partials.c */
struct ReassignTracker {
  ReassignTrackerConfig config;
  ReassignPartialsShape shape;
  ReassignResponse response;
  ReassignPeakFrames frames;
  ReassignTrackerRoom room;
  ReassignResidue residue;     /* [room.points] */
  ReassignPeak *found, *spare; /* [room.found] */
  uint32_t *match;             /* [room.found] */
  ReassignEdge *edges;         /* [room.edges] */
  ReassignRowPlanes rows;      /* [room.rows] */
  size_t n_rows;
  double lead; /* rad per sample; 0: not yet found */
  uint32_t next_id;
  bool draining;
  int64_t end; /* while draining */
};

/* partials-room.c: the frames' places, with room for so many points each, and
 * what they share.  False when memory runs out. */
bool reassign_tracker_init_room (ReassignTracker *t, size_t n_points);
void reassign_tracker_clear_room (ReassignTracker *t);

/* Room for a frame of so many points at the i-th place. */
bool reassign_tracker_make_room (ReassignTracker *t, size_t i, size_t n_points);

/* partials-rows.c: which peaks of the i-th frame are partials, by their ids;
 * and the rows of these, once they are refined, with the ends of those before.
 */
void reassign_tracker_name_peaks (ReassignTracker *t, size_t i);
void reassign_tracker_write_rows (ReassignTracker *t, size_t i);

#endif
