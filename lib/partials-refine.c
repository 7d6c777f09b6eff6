/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The window's response to a peak depends on how its frequency and level move
 * during the window.  Both are told by the partial's own neighbours:
 * differences to the left and right give chirp rate and the log amplitude's
 * slope and curvature, and with these frequency, amplitude and phase at the
 * frame's centre follow (derived, see tests/check/elements/resynthesis.c).  The
 * points of a chirp lie on its line, so the chirp rate is their slope even
 * where they are moved in time. */

#include "partials.h"

#include "partials-phase.h"

#include <math.h>

static void refine_found (const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t i,
    uint32_t k);

/* Bins of rate / N, and of the amplitude. */
#define MOST_CARRIED .25
#define MOST_MISSED .3

/* A neighbour, seen from the peak. */
typedef struct {
  bool there;
  double distance; /* samples, to the frame */
  double way;      /* samples, to the point */
  double frequency, level;
} Neighbour;

/* Whether it was seen to begin or end at once, under the window. */
static bool
is_cut (const ReassignPeak *p)
{
  return p->settled && (isfinite (p->begin) || isfinite (p->end));
}

static Neighbour
find_neighbour (const ReassignPartialsShape *s, const ReassignPeakFrames *f,
    size_t i, uint32_t k, int frames)
{
  const ReassignPeak *p = &reassign_peak_frame (f, i)->peaks[k], *q;
  size_t from = i;
  Neighbour n = { .there = reassign_peaks_walk (f, &i, &k, frames) };

  q = &reassign_peak_frame (f, i)->peaks[k];
  n.there = n.there && !is_cut (q);
  if (!n.there)
    return n;
  n.distance = ((double) i - (double) from) * (double) s->hop;
  n.way = n.distance + q->shift - p->shift;
  n.frequency = q->frequency - p->frequency;
  n.level = q->level - p->level;
  return n;
}

/* Over points that stand in the wrong order no slope is taken. */
static double
slope_between (const Neighbour *a, const Neighbour *b)
{
  double frames = b->distance - a->distance, way = b->way - a->way;

  return (b->frequency - a->frequency) / (way > frames / 2 ? way : frames);
}

/* By the neighbours so many frames away. */
static ReassignDeviation
measure_deviation (const ReassignPartialsShape *s, const ReassignPeakFrames *f,
    size_t i, uint32_t k, int span)
{
  ReassignDeviation d = { 0 };
  Neighbour a = find_neighbour (s, f, i, k, -span);
  Neighbour b = find_neighbour (s, f, i, k, span);

  if (a.there || b.there) {
    d.chirp = slope_between (&a, &b);
    d.slope = (b.level - a.level) / (b.distance - a.distance);
  }
  if (a.there && b.there) {
    double left = a.level / a.distance, right = b.level / b.distance;
    double length = b.distance - a.distance;

    d.slope = (left * b.distance - right * a.distance) / length;
    d.curvature = 2 * (right - left) / length;
  }
  return d;
}

/* What a shorter span tells differently is noise, of which the two, a frame
 * apart, share about half.  Smooth sound loses nothing: its measures differ by
 * the square of a frame's share of its period. */
static double
believe (double measured, double shorter)
{
  double square = measured * measured, miss = 2 * (measured - shorter);

  return square > 0 ? measured * square / (square + miss * miss) : 0;
}

static ReassignDeviation
find_deviation (const ReassignPartialsShape *s, const ReassignPeakFrames *f,
    size_t i, uint32_t k)
{
  const ReassignPeak *p = &reassign_peak_frame (f, i)->peaks[k];
  ReassignDeviation d = { 0 }, shorter;
  int span = (int) s->span;

  if (p->settled) {
    d.cut = true;
    d.begin = p->begin;
    d.end = p->end;
    return d;
  }
  d = measure_deviation (s, f, i, k, span);
  if (span > 1) {
    shorter = measure_deviation (s, f, i, k, span - 1);
    d.chirp = believe (d.chirp, shorter.chirp);
    d.slope = believe (d.slope, shorter.slope);
    d.curvature = believe (d.curvature, shorter.curvature);
  }
  return d;
}

/* The nearest peak whose window no edge cuts, as seen from the i-th frame. */
static bool
find_whole (const ReassignPartialsShape *s, const ReassignPeakFrames *f,
    size_t *i, uint32_t *k)
{
  const ReassignPeak *p = &reassign_peak_frame (f, *i)->peaks[*k];
  int direction = isfinite (p->begin) ? 1 : -1;

  while (reassign_peaks_walk (f, i, k, direction))
    if (!reassign_peak_frame (f, *i)->peaks[*k].settled)
      return true;
  return false;
}

/* Part of a window tells less than the rows inside: the partial goes on from
 * those in a straight line, unless it was seen far from that. */
static void
carry_on (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignPeakFrames *f, size_t i, uint32_t k)
{
  ReassignPeak *p = &reassign_peak_frame (f, i)->peaks[k];
  double limit = MOST_CARRIED * 2 * M_PI / (double) s->window_size;
  double away, omega, amplitude, phase;
  const ReassignPeak *q;
  size_t to = i;

  if (!find_whole (s, f, &to, &k))
    return;
  refine_found (s, r, f, to, k);
  q = &reassign_peak_frame (f, to)->peaks[k];
  away = ((double) i - (double) to) * (double) s->hop;
  omega = q->omega + q->deviation.chirp * away;
  amplitude = q->amplitude * exp (q->deviation.slope * away);
  phase = q->phase + (q->omega + q->deviation.chirp / 2 * away) * away;
  if (fabs (omega - p->omega) > limit)
    return;
  p->omega = omega;
  p->deviation.chirp = q->deviation.chirp;
  if (cabs (p->amplitude * cexp (I * (p->phase - phase)) - amplitude) >
      MOST_MISSED * amplitude)
    return;
  p->amplitude = amplitude;
  p->phase = phase;
  p->deviation.slope = q->deviation.slope;
}

/* The frequency of a peak that moves so, and what its bin sees of it:
 * w_hat = w0 + c (t_hat - t) + k Im (G_t / G), where the curvature's share
 * needs the frequency itself, but hardly. */
static double complex
see_moving (const ReassignResponse *r, ReassignPeak *p, double bin,
    const ReassignDeviation *d)
{
  double centroid;

  p->omega = p->frequency - d->chirp * p->shift;
  reassign_response_at (r, p->omega - bin, d, &centroid);
  p->omega -= d->curvature * centroid;
  return reassign_response_at (r, p->omega - bin, d, NULL);
}

static void
refine_found (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignPeakFrames *f, size_t i, uint32_t k)
{
  ReassignPeak *p = &reassign_peak_frame (f, i)->peaks[k];
  ReassignDeviation d = find_deviation (s, f, i, k);
  double bin = 2 * M_PI * (double) p->bin / (double) s->fft_size;
  double complex seen;

  p->deviation = d;
  d.cut = false; /* settling has made up for it */
  seen = see_moving (r, p, bin, &d);
  /* Slopes by which hardly anything could be seen come of components that
   * beat. */
  if (!(cabs (seen) >= REASSIGN_LEAST_SEEN)) {
    d.chirp = d.slope = d.curvature = 0;
    p->deviation.chirp = p->deviation.slope = p->deviation.curvature = 0;
    seen = see_moving (r, p, bin, &d);
  }
  p->amplitude = p->magnitude / fmax (cabs (seen), REASSIGN_LEAST_SEEN);
  p->phase = p->arg - carg (seen);
  if (is_cut (p))
    carry_on (s, r, f, i, k);
}

/* Where it is decides whether it is a tone at all. */
static void
place (const ReassignPartialsShape *s, ReassignPeak *p)
{
  p->omega = fmin (fmax (p->omega, 0), M_PI);
  p->rumble = s->noise_width >= 0 && p->omega < s->floor;
}

void
reassign_peak_interpolate (const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t i,
    uint32_t k, size_t to, uint32_t peak)
{
  ReassignPeak *p = &reassign_peak_frame (f, i)->peaks[k];
  const ReassignPeak *a = &reassign_peak_frame (f, i - 1)->peaks[p->prev], *b;
  double length, at = (double) s->hop, growth;
  ReassignPhase phase;

  refine_found (s, r, f, to, peak);
  b = &reassign_peak_frame (f, to)->peaks[peak];
  length = (double) (to - i + 1) * at;
  growth = log (b->amplitude / a->amplitude) / length;
  reassign_phase_between (
      &phase, a->phase, a->omega, b->phase, b->omega, length);
  p->omega = reassign_phase_rate (&phase, at);
  p->phase = reassign_phase_at (&phase, at);
  p->amplitude = a->amplitude * exp (growth * at);
  p->deviation = (ReassignDeviation){ .chirp = (b->omega - a->omega) / length,
    .slope = growth };
  place (s, p);
}

static void
fill_in (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignPeakFrames *f, size_t i, uint32_t k)
{
  size_t to = i;
  uint32_t peak = k;

  reassign_peaks_walk (f, &to, &peak, 1);
  reassign_peak_interpolate (s, r, f, i, k, to, peak);
}

void
reassign_peak_refine (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignPeakFrames *f, size_t i, uint32_t k)
{
  ReassignPeak *p = &reassign_peak_frame (f, i)->peaks[k];

  if (p->missing > 0) {
    fill_in (s, r, f, i, k);
    return;
  }
  refine_found (s, r, f, i, k);
  place (s, p);
}
