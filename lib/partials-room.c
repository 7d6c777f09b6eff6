/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tracker's memory.  A frame has room for the points that it has had, not
 * for all bins of the transform, of which a hostile stream may claim millions.
 * Nothing in the arrays outlives the frame, so none is moved when it grows. */

#include "partials.h"

#include <stdlib.h>

/* What n points can come to. */
typedef struct {
  size_t points; /* that are kept for the noise */
  size_t found;  /* peaks: between two points each */
  size_t peaks;  /* with those that go on from the frame before */
} Need;

static size_t
least (size_t a, size_t b)
{
  return a < b ? a : b;
}

static Need
needed_for (const ReassignPartialsShape *s, size_t n_points, size_t n_before)
{
  size_t crossings = n_points / 2;

  return (Need){
    .points = s->noise_width < 0 ? 0 : least (n_points, s->n_bins),
    .found = least (crossings, s->most_peaks),
    .peaks = least (least (crossings, s->most_found) + n_before, s->most_peaks),
  };
}

/* What there is, or where n are needed and are more, a half more than before,
 * so that it happens seldom. */
static size_t
enlarge (size_t room, size_t n, size_t most)
{
  size_t more = room + room / 2;

  return n <= room ? room : least (n > more ? n : more, most);
}

/* Another array in place of one; that stays where memory runs out. */
static void *
renew (void *array, size_t n, size_t size, bool *enough)
{
  void *other = calloc (n, size);

  if (other == NULL) {
    *enough = false;
    return array;
  }
  free (array);
  return other;
}

#define RENEW(array, n, enough)                                                \
  ((array) = renew ((array), (n), sizeof *(array), &(enough)))

static bool
grow_peaks (ReassignPeakFrame *f, size_t n)
{
  bool enough = true;

  if (n == f->peak_room)
    return true;
  RENEW (f->peaks, n, enough);
  if (enough)
    f->peak_room = n;
  return enough;
}

static bool
grow_points (ReassignPeakFrame *f, size_t n)
{
  bool enough = true;

  if (n == f->point_room)
    return true;
  RENEW (f->bin, n, enough);
  RENEW (f->magnitude, n, enough);
  RENEW (f->arg, n, enough);
  if (enough)
    f->point_room = n;
  return enough;
}

static bool
grow_residue (ReassignTracker *t, size_t n)
{
  bool enough = true;

  if (n <= t->room.points)
    return true;
  RENEW (t->residue.model, 2 * n, enough);
  RENEW (t->residue.reach, n, enough);
  if (enough)
    t->room.points = n;
  return enough;
}

static bool
grow_found (ReassignTracker *t, size_t n)
{
  bool enough = true;

  n = enlarge (t->room.found, n, t->shape.most_peaks);
  if (n == t->room.found)
    return true;
  RENEW (t->found, n, enough);
  RENEW (t->spare, n, enough);
  RENEW (t->match, n, enough);
  if (enough)
    t->room.found = n;
  return enough;
}

static bool
grow_edges (ReassignTracker *t, size_t n)
{
  bool enough = true;

  n = enlarge (
      t->room.edges, least (n, t->shape.most_peaks), t->shape.most_peaks);
  if (n == t->room.edges)
    return true;
  RENEW (t->edges, n, enough);
  if (enough)
    t->room.edges = n;
  return enough;
}

static bool
grow_rows (ReassignTracker *t, size_t n)
{
  ReassignRowPlanes *p = &t->rows;
  bool enough = true;

  if (n <= t->room.rows)
    return true;
  RENEW (p->time, n, enough);
  RENEW (p->frequency, n, enough);
  RENEW (p->amplitude, n, enough);
  RENEW (p->phase, n, enough);
  RENEW (p->bandwidth, n, enough);
  RENEW (p->id, n, enough);
  RENEW (p->flags, n, enough);
  if (enough)
    t->room.rows = n;
  return enough;
}

/* What frames share first: it has to do for every place. */
static bool
give_room (ReassignTracker *t, size_t i, const Need *need)
{
  const ReassignPartialsShape *s = &t->shape;
  ReassignPeakFrame *f = reassign_peak_frame (&t->frames, i);
  size_t peaks = enlarge (f->peak_room, need->peaks, s->most_peaks);
  size_t points = enlarge (f->point_room, need->points, s->n_bins);

  return grow_found (t, need->found) && grow_residue (t, points) &&
         grow_rows (t, REASSIGN_ROWS_PER_PEAK * peaks) &&
         grow_peaks (f, peaks) && grow_points (f, points);
}

bool
reassign_tracker_make_room (ReassignTracker *t, size_t i, size_t n_points)
{
  size_t n_before =
      i > 0 ? reassign_peak_frame (&t->frames, i - 1)->n_peaks : 0;
  Need need = needed_for (&t->shape, n_points, n_before);
  size_t held = need.peaks;

  for (size_t k = 0; k < i; k++)
    held += reassign_peak_frame (&t->frames, k)->n_peaks;
  return give_room (t, i, &need) && grow_edges (t, held);
}

/* As if the frame before had as many. */
bool
reassign_tracker_init_room (ReassignTracker *t, size_t n_points)
{
  const ReassignPartialsShape *s = &t->shape;
  Need need = needed_for (s, n_points, least (n_points / 2, s->most_found));
  size_t length = s->past + s->delay + 1;

  t->frames.ring = calloc (length, sizeof *t->frames.ring);
  if (t->frames.ring == NULL)
    return false;
  t->frames.length = length;
  for (size_t i = 0; n_points > 1 && i < length; i++) /* of one, no peaks */
    if (!give_room (t, i, &need))
      return false;
  return grow_edges (t, length * need.peaks);
}

static void
clear_rows (ReassignRowPlanes *p)
{
  free (p->time);
  free (p->frequency);
  free (p->amplitude);
  free (p->phase);
  free (p->bandwidth);
  free (p->id);
  free (p->flags);
}

void
reassign_tracker_clear_room (ReassignTracker *t)
{
  for (size_t i = 0; i < t->frames.length; i++) {
    free (t->frames.ring[i].peaks);
    free (t->frames.ring[i].bin);
    free (t->frames.ring[i].magnitude);
    free (t->frames.ring[i].arg);
  }
  free (t->frames.ring);
  clear_rows (&t->rows);
  free (t->residue.model);
  free (t->residue.reach);
  free (t->found);
  free (t->spare);
  free (t->match);
  free (t->edges);
}
