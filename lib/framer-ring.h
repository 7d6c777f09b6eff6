/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Rows by the frame and the channel that they are in, for a number of frames in
 * a row. */

#ifndef REASSIGN_FRAMER_RING_H
#define REASSIGN_FRAMER_RING_H

#include "reassign.h"

typedef struct {
  double time, frequency;
  float amplitude, phase, bandwidth;
  uint32_t id, flags;
} ReassignRow;

/* Rows are chained by number: in a frame of a channel, or those that are free.
 */
typedef struct {
  ReassignRow row;
  uint32_t next;
} ReassignHeldRow;

typedef struct {
  uint32_t first, last; /* rows, or REASSIGN_RING_NONE */
} ReassignRowChain;

#define REASSIGN_RING_NONE UINT32_MAX

typedef struct {
  size_t length, channels;
  ReassignRowChain *frames; /* [length][channels], by the frame's number */
  ReassignHeldRow *rows;    /* [n_rows] */
  size_t n_rows, n_free;
  uint32_t free_row;

  struct {
    double *time, *frequency;
    float *amplitude, *phase, *bandwidth;
    uint32_t *id, *flags;
  } out; /* [n_rows] */
} ReassignRing;

/* False when memory runs out. */
bool reassign_ring_init (
    ReassignRing *r, size_t length, size_t channels, size_t n_rows);
void reassign_ring_clear (ReassignRing *r);
void reassign_ring_reset (ReassignRing *r);

/* There must be a free row, and the frame's number within `length` of those
 * that have rows. */
void reassign_ring_add (
    ReassignRing *r, int64_t frame, size_t channel, const ReassignRow *row);

/* The rows of a channel of a frame, which are free then: a view until the next
 * call. */
void reassign_ring_take (
    ReassignRing *r, int64_t frame, size_t channel, ReassignRows *rows);

#endif
