/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Frames -> spectra -> points -> votes, behind push and pull. */

#include "analyzer.h"

#include "config.h"
#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In single precision samples must fit a float, and the squares of sums of as
 * many as there can be. */
#define QUIETEST_SINGLE 1e-18
#define LOUDEST_SINGLE 1e14

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
build (ReassignAnalyzer *a, const ReassignKernel *kernel, double *h)
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
  if (!reassign_spectra_init (&a->spectra, kernel, h, c->window_size,
          c->fft_size, reassign_points_wanted (c), c->analytic))
    return "out of memory";
  if (c->analytic) {
    if (!reassign_analytic_init (
            &a->analytic, c->sample_rate, a->spectra.before + a->spectra.after))
      return "out of memory for the analytic signal at this sample_rate";
    margin = reassign_analytic_margin (&a->analytic);
  }
  a->voting = reassign_config_votes (c);
  a->end = INT64_MAX;
  /* those that wait for votes, and as many before them that only vote */
  if (!reassign_frames_init (&a->frames, kernel, a->spectra.before,
          a->spectra.after, margin, c->hop,
          a->voting ? 2 * c->consensus_frames : 0) ||
      !reassign_floor_init (&a->floor, c, a->shape.n_bins) ||
      !reassign_points_init (&a->points, c, &a->shape, &a->spectra) ||
      !reassign_planes_init (&a->planes, c->fields, a->shape.n_bins) ||
      (a->voting && !reassign_votes_init (&a->votes, c, &a->shape)))
    return "out of memory";
  if (c->precision == REASSIGN_PRECISION_SINGLE) {
    a->frames.quietest = QUIETEST_SINGLE;
    a->frames.loudest = LOUDEST_SINGLE;
  }
  return NULL;
}

ReassignAnalyzer *
reassign_analyzer_new_with (const ReassignConfig *config,
    const ReassignKernel *kernel, const char **error)
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
    if (kernel == NULL)
      kernel = reassign_kernel (complete.precision, 0);
    wrong = build (a, kernel, h);
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

ReassignAnalyzer *
reassign_analyzer_new (const ReassignConfig *config, const char **error)
{
  return reassign_analyzer_new_with (config, NULL, error);
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
  a->n_lead = 0;
  a->retired = false;
  a->paired = false;
  a->lead = false;
  a->end = INT64_MAX;
  memset (&a->stats, 0, sizeof a->stats);
}

/* Frames that must have been analysed after one before that one may leave, and
 * before it where there are samples for them. */
static size_t
votes_ahead (const ReassignAnalyzer *a)
{
  return a->voting ? a->votes.frames : 0;
}

void
reassign_analyzer_skip (ReassignAnalyzer *a, int64_t position)
{
  int64_t before = a->frames.next, hop = (int64_t) a->frames.hop, left;
  bool second;

  reassign_frames_skip (&a->frames, position - (int64_t) votes_ahead (a) * hop);
  left = position - a->frames.next;
  a->n_lead = left > 0 ? (size_t) ((left + hop - 1) / hop) : 0;
  if (a->frames.next == before)
    return;
  second = a->spectra.n_frames == 2 && !reassign_analyzer_is_first (a, 0);
  a->frames.next -= second ? hop : 0;
  a->lead = second;
  a->paired = false;
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

/* Whether all is there that the frame so many after the next one needs. */
static bool
is_complete (const ReassignAnalyzer *a, size_t ahead)
{
  size_t last = !a->frames.drained && reassign_analyzer_is_first (a, ahead)
                    ? ahead + 1
                    : ahead;
  int64_t centre = a->frames.next + (int64_t) (ahead * a->frames.hop);

  return centre < a->end && reassign_frames_ready (&a->frames, last);
}

static bool
is_heard (unsigned marks)
{
  return marks & REASSIGN_MARK_NONZERO && !(marks & REASSIGN_MARK_NON_FINITE);
}

/* The spectra of the next frame, and of its other where it has one; where in
 * a->spectra they are. */
static int
transform (ReassignAnalyzer *a, const double *x, const double *other)
{
  const double *under_window = x + a->frames.margin;
  int64_t start = a->frames.next - (int64_t) a->spectra.before;

  if (a->config.analytic)
    other = reassign_analytic_run (&a->analytic, under_window, start,
        a->spectra.before + a->spectra.after);
  if (a->spectra.n_frames == 1 || reassign_analyzer_is_first (a, 0)) {
    reassign_spectra_run (&a->spectra, under_window, other);
    return 0;
  }
  if (!a->paired)
    reassign_spectra_run (&a->spectra, NULL, x);
  return 1;
}

/* The samples of the next frame, and of the one that is transformed with it if
 * that comes later. */
static const double *
peek (ReassignAnalyzer *a, const double **other, unsigned *marks)
{
  unsigned ignored;

  /* This one first: it may move what is stored. */
  *other = reassign_analyzer_is_first (a, 0)
               ? reassign_frames_peek (&a->frames, 1, &ignored)
               : NULL;
  return reassign_frames_peek (&a->frames, 0, marks);
}

static void
pass_lead (ReassignAnalyzer *a)
{
  const double *x, *other;
  unsigned marks;

  if (!a->lead)
    return;
  if (!a->paired) {
    x = peek (a, &other, &marks);
    a->paired = is_heard (marks);
    if (a->paired)
      transform (a, x, other);
  }
  a->lead = false;
  reassign_frames_step (&a->frames);
}

/* Analyses the next frame into the planes, and steps on, unless it is the lead
 * of another.  Its points' number. */
static size_t
analyse (ReassignAnalyzer *a, const ReassignPlanes *to, unsigned *marks)
{
  const double *x, *other;
  int64_t centre;
  size_t n = 0;
  bool heard;

  pass_lead (a);
  x = peek (a, &other, marks);
  centre = a->frames.next;
  heard = is_heard (*marks);
  a->stats.frames++;
  if (heard) {
    int frame = transform (a, x, other);

    n = reassign_points_run (
        &a->points, &a->spectra, frame, &a->floor, centre, to, &a->stats);
  } else if (!(*marks & REASSIGN_MARK_NON_FINITE)) {
    reassign_floor_next (&a->floor, NULL, 0, 0);
  }
  a->lead = other != NULL;
  a->paired = a->lead && heard;
  if (!a->lead)
    reassign_frames_step (&a->frames);
  return n;
}

static void
analyse_to_votes (ReassignAnalyzer *a)
{
  const ReassignPoints *p = &a->points;
  ReassignVoters *slot = reassign_votes_slot (&a->votes);
  unsigned marks;

  slot->sample = a->frames.next + (a->lead ? (int64_t) a->frames.hop : 0);
  slot->n_points = analyse (a, &slot->points, &marks);
  slot->gap = !(marks & REASSIGN_MARK_SOUND);
  reassign_votes_add (&a->votes, p->power, p->dt, p->bin_hz, p->df,
      is_heard (marks) ? p->kept : NULL);
}

/* What only votes is not counted either. */
static void
analyse_lead (ReassignAnalyzer *a)
{
  ReassignStats stats = a->stats;

  analyse_to_votes (a);
  reassign_votes_pass (&a->votes);
  a->stats = stats;
  a->n_lead--;
}

bool
reassign_analyzer_ready_ahead (const ReassignAnalyzer *a, size_t ahead)
{
  bool last_ones = a->retired || a->frames.drained;
  size_t last = ahead + (last_ones ? 0 : votes_ahead (a));

  if (waiting (a) > last)
    return true;
  return !a->retired &&
         is_complete (a, a->lead + a->n_lead + last - waiting (a));
}

bool
reassign_analyzer_ready (const ReassignAnalyzer *a)
{
  return reassign_analyzer_ready_ahead (a, 0);
}

bool
reassign_analyzer_pull_into (
    ReassignAnalyzer *a, const ReassignPlanes *planes, ReassignFrame *frame)
{
  const ReassignPlanes *to = planes != NULL ? planes : &a->planes;

  if (!reassign_analyzer_ready (a))
    return false;
  if (!a->voting) {
    unsigned marks;
    size_t n = analyse (a, to, &marks);

    reassign_planes_view (
        to, frame, reassign_analyzer_upcoming (a) - (int64_t) a->frames.hop, n);
    frame->gap = !(marks & REASSIGN_MARK_SOUND);
    return true;
  }
  while (
      !a->retired && waiting (a) <= votes_ahead (a) && is_complete (a, a->lead))
    if (a->n_lead > 0)
      analyse_lead (a);
    else
      analyse_to_votes (a);
  reassign_votes_pull (&a->votes, to, a->config.fields, frame, &a->stats);
  return true;
}

void
reassign_analyzer_take_stats (ReassignAnalyzer *a, ReassignStats *stats)
{
  *stats = a->stats;
  memset (&a->stats, 0, sizeof a->stats);
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
  return reassign_analyzer_upcoming (a) -
         (int64_t) (waiting (a) * a->frames.hop);
}

/* Frames to either side of one that it is transformed with or voted on by. */
static size_t
reach (const ReassignAnalyzer *a)
{
  return votes_ahead (a) + a->spectra.n_frames - 1;
}

size_t
reassign_analyzer_latency (const ReassignAnalyzer *a)
{
  return a->frames.patience + reach (a) * a->frames.hop;
}

size_t
reassign_analyzer_lookback (const ReassignAnalyzer *a)
{
  return a->frames.before + reach (a) * a->frames.hop;
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
