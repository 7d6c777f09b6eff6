/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tracker: a run of frames, whose newest is searched for peaks and tied to
 * the one before, and whose oldest that waits leaves as rows.  It waits until
 * all is known that its rows need: whether a partial that begins there lasts,
 * whether one that is missing comes back, and the neighbours for slopes. */

#include "partials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --------------------------------------------------------------- life ---- */

/* All that follows from the complete config. */
static bool
init (ReassignTracker *t)
{
  if (!reassign_response_init (&t->response, &t->config))
    return false;
  reassign_partials_shape (&t->shape, &t->config, &t->response);
  return reassign_tracker_init_room (
      t, t->config.most_points == 0 ? t->shape.n_bins : t->config.most_points);
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
  reassign_tracker_clear_room (t);
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

size_t
reassign_tracker_max_rows (const ReassignTracker *t)
{
  return REASSIGN_ROWS_PER_PEAK * t->shape.most_peaks;
}

/* ------------------------------------------------------------- frames ---- */

/* Those that belong here: what lies further away is in other frames too, and
 * nearer.  Bins ascend, or are passed over. */
static void
keep_points (
    const ReassignTracker *t, ReassignPeakFrame *to, const ReassignFrame *from)
{
  const ReassignPartialsShape *s = &t->shape;
  double per_bin = 2 * M_PI / (double) s->fft_size;

  to->n_points = 0;
  if (s->noise_width < 0)
    return;
  for (size_t i = 0; i < from->n_points && to->n_points < to->point_room; i++) {
    double shift = from->time[i] * s->rate - (double) from->sample;
    double bin = (double) from->bin[i] * per_bin;
    double point = 2 * M_PI * from->frequency[i] / s->rate;
    double arg = (double) from->phase[i] - (bin + point) / 2 * shift;

    if (from->bin[i] >= s->n_bins || !(fabs (shift) <= s->crop) ||
        !isfinite (arg) || !isfinite (from->magnitude[i]) ||
        (to->n_points > 0 && from->bin[i] <= to->bin[to->n_points - 1]))
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

/* False while rows wait. */
static bool
takes_a_frame (ReassignTracker *t)
{
  if (t->draining && t->frames.n_ahead == 0)
    forget_frames (t);
  return !t->draining && t->frames.n_ahead <= t->shape.delay;
}

bool
reassign_tracker_reserve (ReassignTracker *t, size_t n_points)
{
  return !takes_a_frame (t) ||
         reassign_tracker_make_room (
             t, t->frames.n_past + t->frames.n_ahead, n_points);
}

bool
reassign_tracker_push (ReassignTracker *t, const ReassignFrame *frame)
{
  bool takes = takes_a_frame (t);
  ReassignPeakFrames *f = &t->frames;
  size_t held = f->n_past + f->n_ahead, n_found, most;
  ReassignPeakFrame *now, *before;

  if (!takes)
    return false;
  now = reassign_peak_frame (f, held);
  before = held > 0 ? reassign_peak_frame (f, held - 1) : NULL;
  now->sample = frame->sample;
  keep_points (t, now, frame);
  most = now->peak_room < t->room.found ? now->peak_room : t->room.found;
  if (most > t->shape.most_found)
    most = t->shape.most_found;
  n_found = reassign_peaks_find (
      &t->shape, &t->response, frame, t->found, most, t->spare, t->room.found);
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
  reassign_peaks_bridge (
      &t->shape, &t->response, f, i, t->edges, t->room.edges);
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
  advance (f, t->shape.past);
  return true;
}
