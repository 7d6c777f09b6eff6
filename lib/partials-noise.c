/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What no partial explains is noise of the partials around it.  The partials'
 * spectra are taken from the frame's, bin by bin with their phases, so that
 * what is left is exact to second order; its power goes to the nearest partial
 * on either side, by distance (Loris shares the power of discarded peaks
 * between regions of fixed width, and misses what lies between peaks).
 *
 * Below the frequency floor the window tells no partials apart, but there too
 * noise is where it is: its peaks take part, and all their power is noise. */

#include "partials.h"

#include <math.h>
#include <string.h>

/* Bins of rate / N to either side at which a partial is taken away: where the
 * windows worth using have side lobes. */
#define REACH 5.0

/* The same where an edge of the partial has spread its spectrum. */
#define EDGE_REACH 40.0

/* Of the power of the partials that reach a bin: less than this is their own
 * inaccuracy, and masked. */
#define INACCURACY 1e-6

/* The first point from this bin on. */
static size_t
find_point (const ReassignPeakFrame *f, double bin)
{
  size_t low = 0, high = f->n_points;

  while (low < high) {
    size_t middle = (low + high) / 2;

    if ((double) f->bin[middle] < bin)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* To the points in its reach: neighbouring bins are cheap one after the other,
 * and those between points cost nothing, however many a transform has. */
static void
add_partial (ReassignResidue *w, const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrame *f,
    const ReassignPeak *p)
{
  double per_bin = 2 * M_PI / (double) s->fft_size;
  double reach = (p->deviation.cut ? EDGE_REACH : REACH) * 2 * M_PI /
                 (double) s->window_size;
  double complex amplitude = p->amplitude * cexp (I * p->phase);
  size_t i = find_point (f, (p->omega - reach) / per_bin);
  double high = (p->omega + reach) / per_bin;

  while (i < f->n_points && (double) f->bin[i] <= high) {
    size_t first = i;

    do
      w->reach[i++] += p->amplitude * p->amplitude;
    while (i < f->n_points && (double) f->bin[i] <= high &&
           f->bin[i] == f->bin[i - 1] + 1);
    reassign_response_add (r, amplitude, p->omega, &p->deviation, f->bin[first],
        i - first, (double complex *) w->model + first);
  }
}

/* The windows of a frame also see partials that have just ended or are about to
 * begin. */
static void
add_those_beside (ReassignResidue *w, const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t i)
{
  const ReassignPeakFrame *frame = reassign_peak_frame (f, i);
  double half = (double) s->window_size / 2;
  size_t end = i + s->window_size / s->hop + 2; /* what windows reach */

  if (end > f->n_past + f->n_ahead)
    end = f->n_past + f->n_ahead;
  for (size_t j = 0; j < end; j++) {
    const ReassignPeakFrame *other = reassign_peak_frame (f, j);
    double away = ((double) i - (double) j) * (double) s->hop;

    for (uint32_t k = 0; k < other->n_peaks; k++) {
      ReassignPeak p = other->peaks[k];

      bool ended =
          j < i && p.id != 0 && isfinite (p.end) && p.end - away > -half;
      bool begins = j > i && isfinite (p.begin) && p.begin - away < half;

      if (!p.is_step || !(ended || begins))
        continue;
      if (begins) {
        reassign_peak_refine (s, r, f, j, k);
        p = other->peaks[k];
      }
      p.phase += p.omega * away;
      p.deviation.begin -= away;
      p.deviation.end -= away;
      add_partial (w, s, r, frame, &p);
    }
  }
}

/* Power of what is left at the i-th point. */
static double
left_at (const ReassignResidue *w, const ReassignPartialsShape *s,
    const ReassignPeakFrame *f, size_t i)
{
  double magnitude = (double) f->magnitude[i];
  double re = magnitude * cos ((double) f->arg[i]) - w->model[2 * i];
  double im = magnitude * sin ((double) f->arg[i]) - w->model[2 * i + 1];
  double square = re * re + im * im;

  if (!(magnitude > s->least) || square <= INACCURACY * w->reach[i])
    return 0;
  return square * s->bin_power;
}

/* The next peak from k on that is a partial; n_peaks: none. */
static size_t
next_partial (const ReassignPeakFrame *f, size_t k)
{
  while (k < f->n_peaks && f->peaks[k].id == 0)
    k++;
  return k;
}

static void
share (const ReassignPartialsShape *s, double power, double omega,
    ReassignPeak *left, ReassignPeak *right)
{
  double to_left = left != NULL ? omega - left->omega : 0;
  double to_right = right != NULL ? right->omega - omega : 0;
  bool left_counts = left != NULL && to_left <= s->noise_width;
  bool right_counts = right != NULL && to_right <= s->noise_width;

  if (left_counts && right_counts) {
    double part = to_left + to_right > 0 ? to_right / (to_left + to_right) : 1;

    part = part < 0 ? 0 : part > 1 ? 1 : part;
    left->noise += power * part;
    right->noise += power * (1 - part);
  } else if (left_counts) {
    left->noise += power;
  } else if (right_counts) {
    right->noise += power;
  }
}

void
reassign_residue_share (ReassignResidue *w, const ReassignPartialsShape *s,
    const ReassignResponse *r, const ReassignPeakFrames *f, size_t at)
{
  ReassignPeakFrame *frame = reassign_peak_frame (f, at);
  ReassignPeak *left = NULL;
  size_t right = next_partial (frame, 0);

  if (right == frame->n_peaks || frame->n_points == 0)
    return;
  memset (w->model, 0, 2 * frame->n_points * sizeof *w->model);
  memset (w->reach, 0, frame->n_points * sizeof *w->reach);
  for (size_t k = right; k < frame->n_peaks; k = next_partial (frame, k + 1))
    if (!frame->peaks[k].rumble)
      add_partial (w, s, r, frame, &frame->peaks[k]);

  add_those_beside (w, s, r, f, at);

  for (size_t i = 0; i < frame->n_points; i++) {
    double omega = 2 * M_PI * (double) frame->bin[i] / (double) s->fft_size;

    while (right < frame->n_peaks && frame->peaks[right].omega <= omega) {
      left = &frame->peaks[right];
      right = next_partial (frame, right + 1);
    }
    share (s, left_at (w, s, frame, i), omega, left,
        right < frame->n_peaks ? &frame->peaks[right] : NULL);
  }
}
