/* SPDX-License-Identifier: GPL-2.0-or-later */

/* From the peaks of a frame to its rows: which are partials, and where these
 * begin and end. */

#include "partials.h"

#include <math.h>

static ReassignPeak *
peak_at (const ReassignTracker *t, size_t i, uint32_t k)
{
  return &reassign_peak_frame (&t->frames, i)->peaks[k];
}

/* Whether the partial that begins here lasts long enough. */
static bool
is_lasting (const ReassignTracker *t, size_t i, uint32_t k)
{
  size_t last = i;
  uint32_t peak = k;

  while (last - i + 1 < t->shape.minimum_length &&
         reassign_peaks_walk (&t->frames, &last, &peak, 1))
    ;
  return last - i + 1 >= t->shape.minimum_length;
}

/* Whether a peak that was missed is one between two true ones. */
static bool
comes_back (const ReassignTracker *t, size_t i, uint32_t k)
{
  return reassign_peaks_walk (&t->frames, &i, &k, 1);
}

/* A partial has its number from its first peak; this frame's others have it
 * from the frame before. */
static void
name_peak (ReassignTracker *t, size_t i, uint32_t k)
{
  ReassignPeak *p = peak_at (t, i, k);

  p->noise = 0;
  p->id = 0;
  if (p->prev != REASSIGN_NO_PEAK) {
    if (p->missing == 0 || comes_back (t, i, k))
      p->id = peak_at (t, i - 1, p->prev)->id;
  } else if (is_lasting (t, i, k)) {
    p->id = t->next_id;
    t->next_id += t->config.id_step;
  }
}

/* A row of amplitude 0 would be a death. */
#define LEAST_NOISE 1e-20

/* The power of the tone, and of the noise. */
static void
find_powers (const ReassignPeak *p, double *tone, double *noise)
{
  *tone = p->rumble ? 0 : p->amplitude * p->amplitude / 2;
  *noise = p->rumble && p->noise < LEAST_NOISE ? LEAST_NOISE : p->noise;
}

/* Near 0 Hz all phases are 0 or pi, where a cosine has twice its mean power and
 * so would noise: at pi / 4 it has its own. */
static double
phase_at (const ReassignPeak *p, double away)
{
  return p->phase + p->omega * away + (p->rumble ? M_PI / 4 : 0);
}

static void
write_row (ReassignTracker *t, double sample, const ReassignPeak *p,
    double away, double amplitude, uint32_t flags)
{
  double tone, noise;
  size_t n = t->n_rows++;

  find_powers (p, &tone, &noise);
  t->rows.time[n] = (sample + away) / t->shape.rate;
  t->rows.frequency[n] = p->omega * t->shape.rate / (2 * M_PI);
  t->rows.amplitude[n] = (float) (amplitude * sqrt (2 * (tone + noise)));
  t->rows.phase[n] = (float) remainder (phase_at (p, away), 2 * M_PI);
  t->rows.bandwidth[n] = (float) (noise > 0 ? noise / (tone + noise) : 0);
  t->rows.id[n] = p->id;
  t->rows.flags[n] = flags;
}

static bool
is_first (const ReassignPeak *p)
{
  return p->prev == REASSIGN_NO_PEAK;
}

/* Whether no later peak of its partial will leave. */
static bool
is_last (const ReassignTracker *t, size_t i, uint32_t k)
{
  const ReassignPeak *p = peak_at (t, i, k);

  return p->next == REASSIGN_NO_PEAK ||
         (peak_at (t, i + 1, p->next)->missing > 0 &&
             !comes_back (t, i + 1, p->next));
}

/* Samples from its first peak's frame to where the partial has begun. */
static double
beginning_of (const ReassignTracker *t, const ReassignPeak *p)
{
  double hop = (double) t->shape.hop;
  double edge = p->edge < -hop ? -hop : p->edge > hop / 2 ? hop / 2 : p->edge;

  return edge + t->shape.fade / 2;
}

/* Samples from its last peak's frame to where the partial has ended: not before
 * that frame, since the row belongs to the next, nor after the end of all. */
static double
end_of (const ReassignTracker *t, const ReassignPeak *p, int64_t sample)
{
  double fade = t->shape.fade, most = (double) t->shape.hop;
  double end = p->edge + fade / 2;

  if (t->draining && (double) (t->end - sample) < most)
    most = (double) (t->end - sample);
  if (end > most)
    end = most;
  if (is_first (p) && end < beginning_of (t, p) + fade)
    end = beginning_of (t, p) + fade;
  return end > fade / 2 ? end : fade / 2;
}

static void
write_frame (ReassignTracker *t, size_t i)
{
  const ReassignPeakFrame *f = reassign_peak_frame (&t->frames, i);

  for (uint32_t k = 0; k < f->n_peaks; k++) {
    const ReassignPeak *p = &f->peaks[k];
    double away = 0;

    if (p->id == 0)
      continue;
    if (is_first (p))
      away = beginning_of (t, p);
    else if (is_last (t, i, k))
      away = end_of (t, p, f->sample) - t->shape.fade;
    write_row (t, (double) f->sample, p, away, 1,
        is_first (p) ? REASSIGN_PARTIAL_BIRTH : 0);
  }
}

/* Rows of amplitude 0 for the partials that ended in the i-th frame. */
static void
write_deaths (ReassignTracker *t, size_t i)
{
  const ReassignPeakFrame *f = reassign_peak_frame (&t->frames, i);

  for (uint32_t k = 0; k < f->n_peaks; k++)
    if (f->peaks[k].id != 0 && is_last (t, i, k))
      write_row (t, (double) f->sample, &f->peaks[k],
          end_of (t, &f->peaks[k], f->sample), 0, REASSIGN_PARTIAL_DEATH);
}

void
reassign_tracker_name_peaks (ReassignTracker *t, size_t i)
{
  const ReassignPeakFrame *f = reassign_peak_frame (&t->frames, i);

  for (uint32_t k = 0; k < f->n_peaks; k++)
    name_peak (t, i, k);
}

void
reassign_tracker_write_rows (ReassignTracker *t, size_t i)
{
  t->n_rows = 0;
  write_frame (t, i);
  if (i > 0)
    write_deaths (t, i - 1);
  if (t->draining && t->frames.n_ahead == 1)
    write_deaths (t, i);
}
