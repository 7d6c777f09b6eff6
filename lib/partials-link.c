/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which peak of a frame goes on with which partial of the frame before: the two
 * must be each other's nearest, and no further than the drift (Loris takes the
 * nearest one way). */

#include "partials.h"

#include <math.h>

/* Nearest of n ascending frequencies, each times `scale`. */
static uint32_t
nearest (const ReassignPeak *p, size_t n, double scale, double frequency)
{
  size_t low = 0, high = n;

  while (low < high) {
    size_t middle = (low + high) / 2;

    if (p[middle].frequency * scale < frequency)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == n || (low > 0 && frequency - p[low - 1].frequency * scale <
                                  p[low].frequency * scale - frequency))
    low--;
  return (uint32_t) low;
}

/* How much higher the leading partial is than it was, and where it is now. */
static double
follow_lead (const ReassignPartialsShape *s, const ReassignPeak *before,
    size_t n_before, const ReassignPeak *found, size_t n_found, double *lead)
{
  const ReassignPeak *was, *is;

  if (s->reference == 0)
    return 1;
  if (*lead == 0)
    *lead = s->reference;
  if (n_before == 0 || n_found == 0)
    return 1;
  was = &before[nearest (before, n_before, 1, *lead)];
  is = &found[nearest (found, n_found, 1, was->frequency)];
  if (fabs (was->frequency - *lead) >= s->drift) {
    *lead = s->reference; /* lost */
    return 1;
  }
  if (fabs (is->frequency - was->frequency) >= s->drift)
    return 1;
  *lead = is->frequency;
  return is->frequency / was->frequency;
}

/* The partial goes on without a peak of its own. */
static ReassignPeak
missed (const ReassignPeak *before, double scale)
{
  ReassignPeak p = {
    .bin = before->bin,
    .frequency = before->frequency * scale,
    .rumble = before->rumble,
    .missing = before->missing + 1,
    .next = REASSIGN_NO_PEAK,
  };

  return p;
}

static void
append (ReassignPeakFrame *now, const ReassignPeak *peak,
    ReassignPeakFrame *before, uint32_t prev)
{
  uint32_t index = (uint32_t) now->n_peaks++;

  now->peaks[index] = *peak;
  now->peaks[index].prev = prev;
  if (prev != REASSIGN_NO_PEAK)
    before->peaks[prev].next = index;
}

/* Pairs each peak found with the one before that it goes on, both ways nearest;
 * match: [n_found]. */
static void
pair (const ReassignPartialsShape *s, ReassignPeakFrame *before, double scale,
    const ReassignPeak *found, size_t n_found, uint32_t *match)
{
  for (size_t i = 0; i < n_found; i++) {
    double f = found[i].frequency;
    uint32_t k = nearest (before->peaks, before->n_peaks, scale, f);
    double expected = before->peaks[k].frequency * scale;

    if (fabs (f - expected) < s->drift &&
        nearest (found, n_found, 1, expected) == i) {
      before->peaks[k].next = (uint32_t) i; /* taken; its place is not known */
      match[i] = k;
    }
  }
}

void
reassign_peaks_link (const ReassignPartialsShape *s, ReassignPeakFrame *before,
    ReassignPeakFrame *now, const ReassignPeak *found, size_t n_found,
    uint32_t *match, double *lead)
{
  const ReassignPeak *from = before != NULL ? before->peaks : NULL;
  size_t n_from = before != NULL ? before->n_peaks : 0, k = 0;
  double scale = follow_lead (s, from, n_from, found, n_found, lead);

  for (size_t i = 0; i < n_found; i++)
    match[i] = REASSIGN_NO_PEAK;
  if (n_from > 0)
    pair (s, before, scale, found, n_found, match);

  now->n_peaks = 0;
  for (size_t i = 0; i <= n_found; i++) {
    size_t room = now->peak_room - (n_found - i);

    for (; k < n_from &&
           (i == n_found || from[k].frequency * scale < found[i].frequency);
         k++) {
      ReassignPeak gap = missed (&from[k], scale);

      if (from[k].next == REASSIGN_NO_PEAK && gap.missing <= s->survival &&
          now->n_peaks < room)
        append (now, &gap, before, (uint32_t) k);
    }
    if (i < n_found)
      append (now, &found[i], before, match[i]);
  }
}
