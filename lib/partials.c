/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tracker: a run of frames, whose newest is searched for peaks and tied to
 * the one before, and whose oldest that waits leaves as rows.  It waits until
 * all is known that its rows need: whether a partial that begins there lasts,
 * whether one that is missing comes back, and the neighbours for slopes. */

#include "partials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------- memory ---- */

static bool
init_frame (ReassignPeakFrame *f, const ReassignPartialsShape *s)
{
  f->peaks = calloc (s->most_peaks, sizeof *f->peaks);
  if (s->noise_width < 0)
    return f->peaks != NULL;
  f->bin = calloc (s->n_bins, sizeof *f->bin);
  f->magnitude = calloc (s->n_bins, sizeof *f->magnitude);
  f->arg = calloc (s->n_bins, sizeof *f->arg);
  return f->peaks != NULL && f->bin != NULL && f->magnitude != NULL &&
         f->arg != NULL;
}

static bool
init_frames (ReassignPeakFrames *f, const ReassignPartialsShape *s)
{
  size_t length = s->span + 1 + s->delay + 1;

  f->ring = calloc (length, sizeof *f->ring);
  if (f->ring == NULL)
    return false;
  f->length = length;
  for (size_t i = 0; i < length; i++)
    if (!init_frame (&f->ring[i], s))
      return false;
  return true;
}

static void
clear_frames (ReassignPeakFrames *f)
{
  for (size_t i = 0; i < f->length; i++) {
    free (f->ring[i].peaks);
    free (f->ring[i].bin);
    free (f->ring[i].magnitude);
    free (f->ring[i].arg);
  }
  free (f->ring);
}

static bool
init_rows (ReassignRowPlanes *p, size_t n)
{
  p->time = calloc (n, sizeof *p->time);
  p->frequency = calloc (n, sizeof *p->frequency);
  p->amplitude = calloc (n, sizeof *p->amplitude);
  p->phase = calloc (n, sizeof *p->phase);
  p->bandwidth = calloc (n, sizeof *p->bandwidth);
  p->id = calloc (n, sizeof *p->id);
  p->flags = calloc (n, sizeof *p->flags);
  return p->time != NULL && p->frequency != NULL && p->amplitude != NULL &&
         p->phase != NULL && p->bandwidth != NULL && p->id != NULL &&
         p->flags != NULL;
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

/* All that follows from the complete config. */
static bool
init (ReassignTracker *t)
{
  if (!reassign_response_init (&t->response, &t->config))
    return false;
  reassign_partials_shape (&t->shape, &t->config, &t->response);
  t->found = calloc (t->shape.most_peaks, sizeof *t->found);
  t->spare = calloc (t->shape.most_peaks, sizeof *t->spare);
  t->match = calloc (t->shape.most_peaks, sizeof *t->match);
  t->edges = calloc (t->shape.most_peaks, sizeof *t->edges);
  return t->found != NULL && t->spare != NULL && t->match != NULL &&
         t->edges != NULL && init_frames (&t->frames, &t->shape) &&
         init_rows (&t->rows, reassign_tracker_max_rows (t)) &&
         (t->shape.noise_width < 0 ||
             reassign_residue_init (&t->residue, t->shape.n_bins));
}

ReassignTracker *
reassign_tracker_new (const ReassignTrackerConfig *config, const char **error)
{
  ReassignTracker *t = calloc (1, sizeof *t);
  const char *wrong = "out of memory";

  if (t != NULL) {
    t->config = *config;
    wrong = reassign_partials_complete (&t->config);
    if (wrong == NULL && !init (t))
      wrong = "out of memory";
  }
  if (error != NULL)
    *error = wrong;
  if (wrong != NULL) {
    reassign_tracker_free (t);
    return NULL;
  }
  reassign_tracker_reset (t);
  return t;
}

void
reassign_tracker_free (ReassignTracker *t)
{
  if (t == NULL)
    return;
  clear_frames (&t->frames);
  clear_rows (&t->rows);
  reassign_residue_clear (&t->residue);
  free (t->found);
  free (t->spare);
  free (t->match);
  free (t->edges);
  free (t);
}

static void
forget_frames (ReassignTracker *t)
{
  t->frames.start = t->frames.n_past = t->frames.n_ahead = 0;
  t->lead = 0;
  t->draining = false;
}

void
reassign_tracker_reset (ReassignTracker *t)
{
  forget_frames (t);
  t->next_id = t->config.first_id;
}

size_t
reassign_tracker_latency (const ReassignTracker *t)
{
  return t->shape.delay * t->shape.hop;
}

/* One for each peak, and one for each that was in the frame before or, at a
 * drain, in this one. */
size_t
reassign_tracker_max_rows (const ReassignTracker *t)
{
  return 3 * t->shape.most_peaks;
}

/* ------------------------------------------------------------- frames ---- */

/* Those that belong here: what lies further away is in other frames too, and
 * nearer. */
static void
keep_points (
    const ReassignTracker *t, ReassignPeakFrame *to, const ReassignFrame *from)
{
  const ReassignPartialsShape *s = &t->shape;
  double per_bin = 2 * M_PI / (double) s->fft_size;

  to->n_points = 0;
  if (s->noise_width < 0)
    return;
  for (size_t i = 0; i < from->n_points && to->n_points < s->n_bins; i++) {
    double shift = from->time[i] * s->rate - (double) from->sample;
    double bin = (double) from->bin[i] * per_bin;
    double point = 2 * M_PI * from->frequency[i] / s->rate;
    double arg = (double) from->phase[i] - (bin + point) / 2 * shift;

    if (from->bin[i] >= s->n_bins || !(fabs (shift) <= s->crop) ||
        !isfinite (arg) || !isfinite (from->magnitude[i]))
      continue;
    to->bin[to->n_points] = from->bin[i];
    to->magnitude[to->n_points] = from->magnitude[i];
    to->arg[to->n_points++] = (float) remainder (arg, 2 * M_PI);
  }
}

/* A partial that ends: the newest frame's peaks go on no further. */
static void
settle_ends (ReassignTracker *t, size_t newest, bool all)
{
  const ReassignPeakFrame *f = reassign_peak_frame (&t->frames, newest);

  for (uint32_t k = 0; k < f->n_peaks; k++) {
    const ReassignPeak *p = &f->peaks[k];
    size_t i = newest;
    uint32_t last = k;

    if (p->next != REASSIGN_NO_PEAK || (!all && p->missing < t->shape.survival))
      continue;
    if (p->missing == 0 || reassign_peaks_walk (&t->frames, &i, &last, -1))
      reassign_peaks_settle (&t->shape, &t->response, &t->frames, i, last, -1);
  }
}

/* Those that begin in this frame. */
static void
settle_beginnings (ReassignTracker *t, size_t i)
{
  const ReassignPeakFrame *f = reassign_peak_frame (&t->frames, i);

  for (uint32_t k = 0; k < f->n_peaks; k++)
    if (f->peaks[k].prev == REASSIGN_NO_PEAK)
      reassign_peaks_settle (&t->shape, &t->response, &t->frames, i, k, 1);
}

bool
reassign_tracker_push (ReassignTracker *t, const ReassignFrame *frame)
{
  ReassignPeakFrames *f = &t->frames;
  size_t held = f->n_past + f->n_ahead, n_found;
  ReassignPeakFrame *now, *before;

  if (t->draining && f->n_ahead == 0)
    forget_frames (t), held = 0;
  if (t->draining || f->n_ahead > t->shape.delay)
    return false;
  now = reassign_peak_frame (f, held);
  before = held > 0 ? reassign_peak_frame (f, held - 1) : NULL;
  now->sample = frame->sample;
  keep_points (t, now, frame);
  n_found =
      reassign_peaks_find (&t->shape, &t->response, frame, t->found, t->spare);
  reassign_peaks_link (
      &t->shape, before, now, t->found, n_found, t->match, &t->lead);
  f->n_ahead++;
  if (before != NULL)
    settle_ends (t, held - 1, false);
  if (held >= t->shape.settling)
    settle_beginnings (t, held - t->shape.settling);
  return true;
}

void
reassign_tracker_drain (ReassignTracker *t, int64_t end)
{
  size_t held = t->frames.n_past + t->frames.n_ahead;

  if (t->frames.n_ahead > 0)
    settle_ends (t, held - 1, true);
  for (size_t i = 0; i < t->shape.settling && i < t->frames.n_ahead; i++)
    settle_beginnings (t, held - 1 - i);
  t->draining = true;
  t->end = end;
}

/* The frame that leaves next has been written. */
static void
advance (ReassignPeakFrames *f, size_t most_past)
{
  f->n_ahead--;
  if (f->n_past < most_past)
    f->n_past++;
  else
    f->start = (f->start + 1) % f->length;
}

bool
reassign_tracker_pull (ReassignTracker *t, ReassignRows *rows)
{
  ReassignPeakFrames *f = &t->frames;
  size_t i = f->n_past;
  ReassignPeakFrame *now;

  if (f->n_ahead == 0 || (!t->draining && f->n_ahead <= t->shape.delay))
    return false;
  now = reassign_peak_frame (f, i);
  reassign_tracker_name_peaks (t, i);
  for (uint32_t k = 0; k < now->n_peaks; k++)
    if (now->peaks[k].id != 0)
      reassign_peak_refine (&t->shape, &t->response, f, i, k);
  reassign_peaks_bridge (&t->shape, &t->response, f, i, t->edges);
  if (t->shape.noise_width >= 0)
    reassign_residue_share (&t->residue, &t->shape, &t->response, f, i);
  reassign_tracker_write_rows (t, i);
  *rows = (ReassignRows){ .sample = now->sample,
    .n_rows = t->n_rows,
    .time = t->rows.time,
    .frequency = t->rows.frequency,
    .amplitude = t->rows.amplitude,
    .phase = t->rows.phase,
    .bandwidth = t->rows.bandwidth,
    .id = t->rows.id,
    .flags = t->rows.flags };
  advance (f, t->shape.span + 1);
  return true;
}
