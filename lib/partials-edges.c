/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Where a tone begins or ends under the window, the frame sees only its part.
 * The point's time is then the centroid of that part, and tells where the edge
 * lies: the window's tail from `at` on has one centroid and one mass (derived,
 * see tests/check/lib/partials.c).
 * The amplitude is what was seen over the mass, the frequency the one that is
 * not corrected, and the phase lags by the bin's distance times the centroid.
 *
 * Whether there was an edge, and not a slow rise, the next frame says: its part
 * must be longer by just a hop. */

#include "partials.h"

#include <math.h>

/* Shifts below this share of the largest say nothing about an edge. */
#define LEAST_SHIFT 0.02

/* Of the next frame's shift, from that expected, in shares of that and of this
 * frame's. */
#define TOLERANCE 0.25
#define TOLERANCE_HERE 0.025

/* An edge that is none is still no place for slopes when the shift exceeds this
 * share of the largest. */
#define LARGE_SHIFT 0.125

/* Where the sound begins (direction 1) or ends as this peak tells, in samples
 * against the direction: negative is before. */
static double
edge_distance (const ReassignResponse *r, const ReassignPeak *p, int direction)
{
  double shift = direction * p->shift;

  return reassign_response_step (r, shift > 0 ? shift : 0);
}

static bool
is_step (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignPeak *p, const ReassignPeak *inner, double distance,
    int direction, double frames)
{
  double expected =
      reassign_response_step_centroid (r, distance - frames * (double) s->hop);

  return fabs (direction * inner->shift - expected) <
         TOLERANCE * expected + TOLERANCE_HERE * direction * p->shift;
}

/* Takes the shift out of the peak, and makes up for what was cut off by an edge
 * at this distance. */
static void
settle (const ReassignPartialsShape *s, const ReassignResponse *r,
    ReassignPeak *p, double distance, int direction)
{
  double bin = 2 * M_PI * (double) p->bin / (double) s->fft_size;
  double seen = reassign_response_steady (r, p->crossing - bin);

  p->magnitude /= reassign_response_step_mass (r, distance);
  p->level = log (p->magnitude / seen);
  p->frequency = p->crossing;
  p->arg -= (p->crossing - bin) * p->shift;
  p->shift = 0;
  p->settled = true;
  p->begin = direction > 0 ? distance : -INFINITY;
  p->end = direction > 0 ? INFINITY : -distance;
}

/* By its own point and the next one further in; whether there is an edge. */
static bool
settle_seen (const ReassignPartialsShape *s, const ReassignResponse *r,
    ReassignPeak *p, const ReassignPeak *inner, int direction, double frames)
{
  double distance = edge_distance (r, p, direction);
  bool is_edge = is_step (s, r, p, inner, distance, direction, frames);

  if (is_edge)
    settle (s, r, p, distance, direction);
  else if (direction * p->shift > LARGE_SHIFT * s->crop)
    settle (s, r, p, -INFINITY, direction);
  return is_edge;
}

/* Where the point hardly moves the outer peaks have told where the edge is. */
void
reassign_peaks_settle (const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t i,
    uint32_t k, int direction)
{
  ReassignPeak *outer = &reassign_peak_frame (f, i)->peaks[k], *p = outer;
  double distance = edge_distance (r, outer, direction);
  bool is_edge = true;

  outer->edge = direction * distance;
  while (is_edge && !p->settled && -distance <= (double) s->window_size / 2) {
    bool is_seen = direction * p->shift >= LEAST_SHIFT * s->crop;
    size_t here = i;
    double frames;

    if (!is_seen && outer->is_step)
      settle (s, r, p, distance, direction);
    if ((!is_seen && !outer->is_step) ||
        !reassign_peaks_walk (f, &i, &k, direction))
      break;
    frames = fabs ((double) i - (double) here);
    if (is_seen) {
      const ReassignPeak *inner = &reassign_peak_frame (f, i)->peaks[k];

      is_edge = settle_seen (s, r, p, inner, direction, frames);
      if (p == outer && is_edge)
        outer->is_step = true;
    }
    p = &reassign_peak_frame (f, i)->peaks[k];
    distance -= frames * (double) s->hop;
  }
}
