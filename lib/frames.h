/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Chunks of samples in, overlapping frames with absolute positions out. */

#ifndef REASSIGN_FRAMES_H
#define REASSIGN_FRAMES_H

#include "kernel.h"

/* The samples are stored as the frames need them: a frame's `length` samples
 * start at c - before, the next frame's `stride` further on.  With a hop longer
 * than a frame the stride is the length, and what lies between two frames is
 * never stored. */
typedef struct {
  const ReassignKernel *kernel;
  size_t before, length; /* a frame is [c - before, c - before + length) */
  size_t margin;         /* of that, at either end not under the window */
  size_t hop, stride;
  size_t patience; /* samples from c on that must be there, see latency */

  double quietest, loudest; /* sizes of samples that are neither 0 nor infinite;
                               the caller's to change */

  int64_t position; /* of the next sample to come */
  int64_t next;     /* centre of the next frame */
  bool drained;     /* `position` is where the signal ends */

  double *samples; /* [capacity] */
  uint8_t *marks;  /* [capacity] */
  size_t capacity;
  size_t start; /* of the next frame in the arrays */
  size_t fill;  /* stored from there on */
} ReassignFrames;

/* A frame's window sees before + after samples; the frame holds `margin` more
 * at either end.  Up to n_waiting frames more than the next one can be held.
 * False when memory runs out; _clear is due either way. */
bool reassign_frames_init (ReassignFrames *f, const ReassignKernel *kernel,
    size_t before, size_t after, size_t margin, size_t hop, size_t n_waiting);
void reassign_frames_clear (ReassignFrames *f);

void reassign_frames_reset (ReassignFrames *f, int64_t position);
void reassign_frames_skip (ReassignFrames *f, int64_t position);

/* Samples NULL: known silence.  Adds the non-finite ones to *non_finite. */
size_t reassign_frames_push (
    ReassignFrames *f, const double *samples, size_t n, uint64_t *non_finite);

/* The oldest position that is still stored. */
int64_t reassign_frames_held (const ReassignFrames *f);

/* Samples that lie together from `position` on, which must not be older; where
 * they are, or NULL for a stretch that is not stored. */
size_t reassign_frames_stored (const ReassignFrames *f, int64_t position,
    const double **samples, const uint8_t **marks);

/* A push of samples that were stored elsewhere. */
size_t reassign_frames_push_marked (
    ReassignFrames *f, const double *samples, const uint8_t *marks, size_t n);

void reassign_frames_drain (ReassignFrames *f);

/* Whether there is the frame so many after the next one. */
bool reassign_frames_ready (const ReassignFrames *f, size_t ahead);

/* Its samples [length], or NULL, until the next call; the marks of those under
 * the window, all together, and NONZERO also for the margins'. */
const double *reassign_frames_peek (
    ReassignFrames *f, size_t ahead, unsigned *marks);

/* Whether all its samples are stored, also where the signal has ended. */
bool reassign_frames_holds (const ReassignFrames *f, size_t ahead);

/* For up to `most` frames of another's.  False when memory runs out; _clear is
 * due either way. */
bool reassign_frames_init_like (
    ReassignFrames *f, const ReassignFrames *other, size_t most);

/* Forgets its own and gets ready for the next n of another's, which that one
 * holds and there must be room for. */
void reassign_frames_copy (
    ReassignFrames *f, const ReassignFrames *from, size_t n);

/* Done with the next frame. */
void reassign_frames_step (ReassignFrames *f);

#endif
