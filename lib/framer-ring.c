/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "framer-ring.h"

#include <stdlib.h>
#include <string.h>

bool
reassign_ring_init (
    ReassignRing *r, size_t length, size_t channels, size_t n_rows)
{
  *r = (ReassignRing){ .length = length,
    .channels = channels,
    .frames = calloc (length * channels, sizeof *r->frames),
    .rows = calloc (n_rows, sizeof *r->rows),
    .n_rows = n_rows };
  r->out.time = calloc (n_rows, sizeof (double));
  r->out.frequency = calloc (n_rows, sizeof (double));
  r->out.amplitude = calloc (n_rows, sizeof (float));
  r->out.phase = calloc (n_rows, sizeof (float));
  r->out.bandwidth = calloc (n_rows, sizeof (float));
  r->out.id = calloc (n_rows, sizeof (uint32_t));
  r->out.flags = calloc (n_rows, sizeof (uint32_t));
  return r->frames != NULL && r->rows != NULL && r->out.time != NULL &&
         r->out.frequency != NULL && r->out.amplitude != NULL &&
         r->out.phase != NULL && r->out.bandwidth != NULL &&
         r->out.id != NULL && r->out.flags != NULL;
}

void
reassign_ring_clear (ReassignRing *r)
{
  free (r->frames);
  free (r->rows);
  free (r->out.time);
  free (r->out.frequency);
  free (r->out.amplitude);
  free (r->out.phase);
  free (r->out.bandwidth);
  free (r->out.id);
  free (r->out.flags);
  memset (r, 0, sizeof *r);
}

void
reassign_ring_reset (ReassignRing *r)
{
  for (size_t i = 0; i < r->length * r->channels; i++)
    r->frames[i] = (ReassignRowChain){ REASSIGN_RING_NONE, REASSIGN_RING_NONE };
  for (size_t i = 0; i < r->n_rows; i++)
    r->rows[i].next = i + 1 < r->n_rows ? (uint32_t) i + 1 : REASSIGN_RING_NONE;
  r->free_row = 0;
  r->n_free = r->n_rows;
}

static ReassignRowChain *
chain_of (const ReassignRing *r, int64_t frame, size_t channel)
{
  int64_t n = (int64_t) r->length;
  size_t slot = (size_t) ((frame % n + n) % n);

  return &r->frames[slot * r->channels + channel];
}

void
reassign_ring_add (
    ReassignRing *r, int64_t frame, size_t channel, const ReassignRow *row)
{
  ReassignRowChain *chain = chain_of (r, frame, channel);
  uint32_t at = r->free_row;

  r->free_row = r->rows[at].next;
  r->n_free--;
  r->rows[at].row = *row;
  r->rows[at].next = REASSIGN_RING_NONE;
  if (chain->last == REASSIGN_RING_NONE)
    chain->first = at;
  else
    r->rows[chain->last].next = at;
  chain->last = at;
}

/* The rows of a chain to the arrays, and back to those that are free. */
static size_t
empty (ReassignRing *r, ReassignRowChain *chain)
{
  size_t n = 0;

  for (uint32_t at = chain->first, next; at != REASSIGN_RING_NONE;
       at = next, n++) {
    const ReassignRow *row = &r->rows[at].row;

    r->out.time[n] = row->time;
    r->out.frequency[n] = row->frequency;
    r->out.amplitude[n] = row->amplitude;
    r->out.phase[n] = row->phase;
    r->out.bandwidth[n] = row->bandwidth;
    r->out.id[n] = row->id;
    r->out.flags[n] = row->flags;
    next = r->rows[at].next;
    r->rows[at].next = r->free_row;
    r->free_row = at;
  }
  r->n_free += n;
  *chain = (ReassignRowChain){ REASSIGN_RING_NONE, REASSIGN_RING_NONE };
  return n;
}

void
reassign_ring_take (
    ReassignRing *r, int64_t frame, size_t channel, ReassignRows *rows)
{
  *rows = (ReassignRows){
    .n_rows = empty (r, chain_of (r, frame, channel)),
    .time = r->out.time,
    .frequency = r->out.frequency,
    .amplitude = r->out.amplitude,
    .phase = r->out.phase,
    .bandwidth = r->out.bandwidth,
    .id = r->out.id,
    .flags = r->out.flags,
  };
}
