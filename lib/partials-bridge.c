/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Where a tone begins or ends under the window, its spectrum falls off only as
 * 1 / distance, and the other partials of the frame are measured with some of
 * it: by amplitude times h at the edge over the distance in frequency (by
 * parts, the first term).  For those rows a partial is taken from the row
 * before and the next one whose window is free of that, as over missing frames,
 * unless it was seen to move further than the edge can have made it seem. */

#include "partials.h"

#include <math.h>

/* Of a partial's amplitude: less does not matter. */
#define LEAST_SPILL 2e-4

/* Seen by neighbours too, the slopes carry it into a row a second time, and
 * where they bend it more often. */
#define MOST_SEEN 10.0

/* Edges of the frames held, seen from the i-th; those more than two windows
 * ahead, which only long minima hold, are no matter yet. */
static size_t
find_edges (const ReassignPartialsShape *s, const ReassignPeakFrames *f,
    size_t i, ReassignEdge *edges, size_t room)
{
  size_t n = 0, end = i + 2 * s->window_size / s->hop + 2;

  if (end > f->n_past + f->n_ahead)
    end = f->n_past + f->n_ahead;
  for (size_t j = 0; j < end; j++) {
    const ReassignPeakFrame *from = reassign_peak_frame (f, j);
    double away = ((double) j - (double) i) * (double) s->hop;

    for (size_t k = 0; k < from->n_peaks && n < room; k++)
      if (from->peaks[k].is_step)
        edges[n++] = (ReassignEdge){ .at = away + from->peaks[k].edge,
          .omega = from->peaks[k].frequency,
          .amplitude = exp (from->peaks[k].level) };
  }
  return n;
}

/* How much of the edges the peak has, `from` samples from where they are seen,
 * in shares of its own amplitude. */
static double
find_spill (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignEdge *edges, size_t n, double from, const ReassignPeak *p)
{
  double most = 0;

  for (size_t e = 0; e < n; e++) {
    double away = fabs (edges[e].omega - p->frequency), spill;

    if (away < s->separation) /* its own, which reaches it by its image */
      away = edges[e].omega + p->frequency;
    spill = edges[e].amplitude / away *
            reassign_response_height (r, edges[e].at - from);
    if (spill > most)
      most = spill;
  }
  return most / exp (p->level);
}

/* The next peak of the partial that is free of edges. */
static bool
find_free (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignPeakFrames *f, const ReassignEdge *edges, size_t n, size_t *i,
    uint32_t *k)
{
  size_t from = *i;

  while (reassign_peaks_walk (f, i, k, 1)) {
    const ReassignPeak *p = &reassign_peak_frame (f, *i)->peaks[*k];
    double away = (double) (*i - from) * (double) s->hop;

    if (p->settled)
      return false;
    if (find_spill (s, r, edges, n, away, p) < LEAST_SPILL)
      return true;
  }
  return false;
}

void
reassign_peaks_bridge (const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t i,
    ReassignEdge *edges, size_t room)
{
  ReassignPeakFrame *now = reassign_peak_frame (f, i);
  size_t n = find_edges (s, f, i, edges, room);

  for (uint32_t k = 0; k < now->n_peaks && n > 0; k++) {
    ReassignPeak *p = &now->peaks[k], seen = *p;
    double spill;
    size_t to = i;
    uint32_t peak = k;

    if (p->id == 0 || p->missing > 0 || p->settled || p->rumble ||
        p->prev == REASSIGN_NO_PEAK)
      continue;
    spill = find_spill (s, r, edges, n, 0, p);
    if (spill < LEAST_SPILL || !find_free (s, r, f, edges, n, &to, &peak))
      continue;
    reassign_peak_interpolate (s, r, f, i, k, to, peak);
    if (cabs (p->amplitude * cexp (I * p->phase) -
              seen.amplitude * cexp (I * seen.phase)) >
        MOST_SEEN * spill * p->amplitude)
      *p = seen;
  }
}
