/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Frames -> spectra -> points -> votes, behind push and pull. */

#include "analytic.h"
#include "config.h"
#include "floor.h"
#include "frames.h"
#include "points.h"
#include "votes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ReassignAnalyzer {
  ReassignConfig config;
  ReassignShape shape;
  ReassignStats stats;
  ReassignFrames frames;
  ReassignAnalytic analytic; /* used where the config says so */
  ReassignSpectra spectra;
  ReassignFloorState floor;
  ReassignPoints points;
  ReassignPlanes planes; /* for callers without their own */
  ReassignVotes votes;   /* used where `voting` */
  bool voting;
  bool retired; /* frames no longer wait for votes */
};

static void
describe (ReassignShape *shape, const ReassignConfig *config, const double *h)
{
  size_t n = config->window_size;
  double spread = 0;

  *shape = (ReassignShape){
    .window_size = n,
    .hop = config->hop,
    .fft_size = config->fft_size,
    .n_bins = config->fft_size / 2 + 1,
    .window =
        config->window_table != NULL ? REASSIGN_WINDOW_DEFAULT : config->window,
    .window_parameter =
        config->window_table != NULL ? 0 : config->window_parameter,
  };
  for (size_t i = 0; i < n; i++) {
    double tau = (double) i - (double) (n / 2);

    shape->sum += h[i];
    shape->sum_sq += h[i] * h[i];
    spread += tau * tau * h[i] * h[i];
  }
  shape->sigma = sqrt (2 * spread / shape->sum_sq);
  /* A bin of power P = magnitude^2 / 2 came from 2 |X|^2 / (sum h)^2, and the
   * sum of |X|^2 hop / (fft_size sum h^2) over both sides of the spectrum and
   * all frames is sum x^2 (Parseval, and windows that overlap to a constant).
   */
  shape->energy = (double) config->hop * shape->sum * shape->sum /
                  (2 * (double) config->fft_size * shape->sum_sq);
}

/* Everything that is made from the window.  NULL or what went wrong. */
static const char *
build (ReassignAnalyzer *a, double *h)
{
  const ReassignConfig *c = &a->config;
  size_t margin = 0;

  if (c->window_table != NULL)
    memcpy (h, c->window_table, c->window_size * sizeof *h);
  else if (!reassign_window_by_id (c->window)->generate (
               h, c->window_size, c->window_parameter))
    return "out of memory";

  describe (&a->shape, c, h);
  if (!(a->shape.sum > 0))
    return "window_table must have a positive sum";
  if (!reassign_spectra_init (&a->spectra, h, c->window_size, c->fft_size,
          reassign_points_wanted (c), c->analytic))
    return "out of memory";
  if (c->analytic) {
    if (!reassign_analytic_init (
            &a->analytic, c->sample_rate, a->spectra.before + a->spectra.after))
      return "out of memory for the analytic signal at this sample_rate";
    margin = reassign_analytic_margin (&a->analytic);
  }
  a->voting = reassign_config_votes (c);
  if (!reassign_frames_init (
          &a->frames, a->spectra.before, a->spectra.after, margin, c->hop) ||
      !reassign_floor_init (&a->floor, c, a->shape.n_bins) ||
      !reassign_points_init (&a->points, c, &a->shape) ||
      !reassign_planes_init (&a->planes, c->fields, a->shape.n_bins) ||
      (a->voting && !reassign_votes_init (&a->votes, c, &a->shape)))
    return "out of memory";
  return NULL;
}

ReassignAnalyzer *
reassign_analyzer_new (const ReassignConfig *config, const char **error)
{
  ReassignConfig complete = *config;
  const char *wrong = reassign_config_complete (&complete);
  ReassignAnalyzer *a = NULL;
  double *h = NULL;

  if (wrong == NULL) {
    a = calloc (1, sizeof *a);
    h = calloc (complete.window_size, sizeof *h);
    wrong = "out of memory";
  }
  if (a != NULL && h != NULL) {
    a->config = complete;
    wrong = build (a, h);
    a->config.window_table = NULL; /* the caller's, not kept */
  }
  free (h);
  if (wrong != NULL) {
    reassign_analyzer_free (a);
    a = NULL;
  }
  if (error != NULL)
    *error = wrong;
  return a;
}

void
reassign_analyzer_free (ReassignAnalyzer *a)
{
  if (a == NULL)
    return;
  reassign_votes_clear (&a->votes);
  reassign_planes_clear (&a->planes);
  reassign_points_clear (&a->points);
  reassign_analytic_clear (&a->analytic);
  reassign_floor_clear (&a->floor);
  reassign_frames_clear (&a->frames);
  reassign_spectra_clear (&a->spectra);
  free (a);
}

void
reassign_analyzer_reset (ReassignAnalyzer *a, int64_t position)
{
  reassign_frames_reset (&a->frames, position);
  reassign_analytic_reset (&a->analytic);
  reassign_floor_reset (&a->floor);
  reassign_votes_reset (&a->votes);
  a->retired = false;
  memset (&a->stats, 0, sizeof a->stats);
}

void
reassign_analyzer_skip (ReassignAnalyzer *a, int64_t position)
{
  reassign_frames_skip (&a->frames, position);
}

size_t
reassign_analyzer_push (ReassignAnalyzer *a, const double *samples, size_t n)
{
  return reassign_frames_push (
      &a->frames, samples, n, &a->stats.non_finite_samples);
}

int64_t
reassign_analyzer_held (const ReassignAnalyzer *a)
{
  return reassign_frames_held (&a->frames);
}

/* Pushes the mean of up to 256 of the n samples at a's position. */
static size_t
push_mean (ReassignAnalyzer *a, const ReassignAnalyzer *const *from,
    size_t n_from, size_t n)
{
  double mean[256] = { 0 };
  uint8_t all[256] = { 0 };

  if (n > 256)
    n = 256;
  for (size_t c = 0; c < n_from; c++) {
    const double *samples;
    const uint8_t *marks;

    reassign_frames_stored (
        &from[c]->frames, a->frames.position, &samples, &marks);
    for (size_t i = 0; i < n; i++) {
      mean[i] += samples[i] / (double) n_from;
      all[i] |= marks[i];
    }
  }
  return reassign_frames_push_marked (&a->frames, mean, all, n);
}

size_t
reassign_analyzer_replay (
    ReassignAnalyzer *a, const ReassignAnalyzer *const *from, size_t n_from)
{
  int64_t end = from[0]->frames.position;
  size_t taken = 0;

  while (a->frames.position < end) {
    const double *samples;
    const uint8_t *marks;
    size_t n, n_taken;

    n = reassign_frames_stored (
        &from[0]->frames, a->frames.position, &samples, &marks);
    n_taken = samples == NULL || n_from == 1
                  ? reassign_frames_push_marked (&a->frames, samples, marks, n)
                  : push_mean (a, from, n_from, n);
    taken += n_taken;
    if (n_taken == 0)
      break;
  }
  return taken;
}

void
reassign_analyzer_drain (ReassignAnalyzer *a)
{
  reassign_frames_drain (&a->frames);
}

void
reassign_analyzer_retire (ReassignAnalyzer *a)
{
  a->retired = true;
}

/* Frames that have been analysed and wait for votes. */
static size_t
waiting (const ReassignAnalyzer *a)
{
  return a->voting ? a->votes.n_ahead : 0;
}

/* Frames that must have been analysed after one before that one may leave. */
static size_t
votes_ahead (const ReassignAnalyzer *a)
{
  return a->voting ? a->votes.frames : 0;
}

/* Analyses the next frame into the planes; its points' number. */
static size_t
analyse (ReassignAnalyzer *a, const double *x, unsigned marks,
    const ReassignPlanes *to)
{
  const double *under_window = x + a->frames.margin;
  const double *quadrature = NULL;
  int64_t start = a->frames.next - (int64_t) a->spectra.before;

  a->stats.frames++;
  if (marks & REASSIGN_MARK_NON_FINITE)
    return 0;
  if (!(marks & REASSIGN_MARK_NONZERO)) {
    reassign_floor_next (&a->floor, NULL, 0, 0);
    return 0;
  }
  if (a->config.analytic)
    quadrature = reassign_analytic_run (&a->analytic, under_window, start,
        a->spectra.before + a->spectra.after);
  reassign_spectra_run (&a->spectra, under_window, quadrature);
  return reassign_points_run (
      &a->points, &a->spectra, &a->floor, a->frames.next, to, &a->stats);
}

static void
analyse_to_votes (ReassignAnalyzer *a, const double *x, unsigned marks)
{
  const ReassignPoints *p = &a->points;
  ReassignVoters *slot = reassign_votes_slot (&a->votes);
  bool heard =
      marks & REASSIGN_MARK_NONZERO && !(marks & REASSIGN_MARK_NON_FINITE);

  slot->sample = a->frames.next;
  slot->gap = !(marks & REASSIGN_MARK_SOUND);
  slot->n_points = analyse (a, x, marks, &slot->points);
  memcpy (slot->bins, p->index, slot->n_points * sizeof *slot->bins);
  reassign_votes_add (
      &a->votes, p->power, p->dt, p->bin_hz, p->df, heard ? p->kept : NULL);
}

bool
reassign_analyzer_ready (const ReassignAnalyzer *a)
{
  size_t ahead = votes_ahead (a), more;

  if (a->retired)
    return waiting (a) > 0;
  if (a->frames.drained)
    return waiting (a) > 0 || reassign_frames_ready (&a->frames);
  more = ahead - waiting (a);
  return waiting (a) > ahead || a->frames.position - a->frames.next -
                                        (int64_t) (more * a->frames.hop) >=
                                    (int64_t) a->frames.patience;
}

bool
reassign_analyzer_pull_into (
    ReassignAnalyzer *a, const ReassignPlanes *planes, ReassignFrame *frame)
{
  const ReassignPlanes *to = planes != NULL ? planes : &a->planes;
  unsigned marks;
  const double *x;

  if (!reassign_analyzer_ready (a))
    return false;
  if (!a->voting) {
    int64_t sample = a->frames.next;

    x = reassign_frames_peek (&a->frames, &marks);
    reassign_planes_view (to, frame, sample, analyse (a, x, marks, to));
    frame->gap = !(marks & REASSIGN_MARK_SOUND);
    reassign_frames_step (&a->frames);
    return true;
  }
  while (!a->retired && waiting (a) <= votes_ahead (a) &&
         (x = reassign_frames_peek (&a->frames, &marks)) != NULL) {
    analyse_to_votes (a, x, marks);
    reassign_frames_step (&a->frames);
  }
  reassign_votes_pull (&a->votes, to, a->config.fields, frame, &a->stats);
  return true;
}

bool
reassign_analyzer_pull (ReassignAnalyzer *a, ReassignFrame *frame)
{
  return reassign_analyzer_pull_into (a, NULL, frame);
}

int64_t
reassign_analyzer_position (const ReassignAnalyzer *a)
{
  return a->frames.position;
}

int64_t
reassign_analyzer_next (const ReassignAnalyzer *a)
{
  return a->frames.next - (int64_t) (waiting (a) * a->frames.hop);
}

size_t
reassign_analyzer_latency (const ReassignAnalyzer *a)
{
  return a->frames.patience + votes_ahead (a) * a->frames.hop;
}

size_t
reassign_analyzer_lookback (const ReassignAnalyzer *a)
{
  return a->frames.before + votes_ahead (a) * a->frames.hop;
}

const ReassignShape *
reassign_analyzer_shape (const ReassignAnalyzer *a)
{
  return &a->shape;
}

const ReassignStats *
reassign_analyzer_stats (const ReassignAnalyzer *a)
{
  return &a->stats;
}
