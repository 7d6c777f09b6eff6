/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Coordinates are normalised by the window's sigma, in which a lone component's
 * points lie on a line: flat for a tone, upright for a click, sloping for a
 * chirp. The line's direction comes from the second moments of the nearest
 * neighbours about the point, the vote from a larger box (derived; counted
 * again in tests/check/lib/votes.c, and how well it tells sound from noise
 * measured in tests/check/oracle/consensus.py). */

#include "votes.h"

#include "stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Neighbours further away do not count for the direction. */
#define FARTHEST 3.0

bool
reassign_votes_init (
    ReassignVotes *v, const ReassignConfig *config, const ReassignShape *shape)
{
  size_t n = shape->n_bins;

  memset (v, 0, sizeof *v);
  v->n_bins = n;
  v->radius = config->consensus_radius;
  v->frames = config->consensus_frames;
  v->epsilon = config->consensus_epsilon;
  v->threshold = config->consensus == REASSIGN_CONSENSUS_LINE
                     ? config->consensus_threshold
                     : 0;
  v->sigma = shape->sigma;
  v->rate = config->sample_rate;
  v->hop = (double) shape->hop / shape->sigma;
  v->energy = shape->energy;

  v->ring = calloc (2 * v->frames + 1, sizeof *v->ring);
  if (v->ring == NULL)
    return false;
  for (; v->length < 2 * v->frames + 1; v->length++) {
    ReassignVoters *r = &v->ring[v->length];
    bool there = reassign_planes_init (
        &r->points, config->fields | REASSIGN_FIELD_BIN, n);

    r->t = calloc (n, sizeof *r->t);
    r->w = calloc (n, sizeof *r->w);
    r->weight = calloc (n, sizeof *r->weight);
    if (!there || r->t == NULL || r->w == NULL || r->weight == NULL) {
      v->length++;
      return false;
    }
  }
  return true;
}

void
reassign_votes_clear (ReassignVotes *v)
{
  for (size_t i = 0; i < v->length; i++) {
    ReassignVoters *r = &v->ring[i];

    reassign_planes_clear (&r->points);
    free (r->t);
    free (r->w);
    free (r->weight);
  }
  free (v->ring);
  memset (v, 0, sizeof *v);
}

void
reassign_votes_reset (ReassignVotes *v)
{
  v->n_past = 0;
  v->n_ahead = 0;
  v->start = 0;
}

/* The i-th frame of those held. */
static ReassignVoters *
held (const ReassignVotes *v, size_t i)
{
  return &v->ring[(v->start + i) % v->length];
}

ReassignVoters *
reassign_votes_slot (ReassignVotes *v)
{
  return held (v, v->n_past + v->n_ahead);
}

void
reassign_votes_add (ReassignVotes *v, const double *power, const double *dt,
    const double *bin_hz, const double *df, const double *kept)
{
  ReassignVoters *r = reassign_votes_slot (v);
  double to_angle = 2 * M_PI / v->rate * v->sigma;

  for (size_t k = 0; k < v->n_bins; k++) {
    bool there =
        kept != NULL && kept[k] > 0 && isfinite (dt[k]) && isfinite (df[k]);

    r->t[k] = there ? dt[k] / v->sigma : 0;
    r->w[k] = there ? (bin_hz[k] + df[k]) * to_angle : 0;
    r->weight[k] = there ? sqrt (power[k]) : 0;
  }
  v->n_ahead++;
}

typedef struct {
  double cos, sin;
} Direction;

/* Of the bin at frame `at` of those held, from its 3 x 3 neighbourhood: the
 * axis of the second moments, theta = atan2 (2 S_tw, S_tt - S_ww) / 2. */
static Direction
find_direction (const ReassignVotes *v, size_t at, size_t k)
{
  const ReassignVoters *own = held (v, at);
  size_t first = at > 0 ? at - 1 : at;
  size_t last = at + 1 < v->n_past + v->n_ahead ? at + 1 : at;
  size_t low = k > 0 ? k - 1 : k, high = k + 1 < v->n_bins ? k + 1 : k;
  double tt = 0, ww = 0, tw = 0;

  for (size_t m = first; m <= last; m++) {
    const ReassignVoters *r = held (v, m);
    double hops = ((double) m - (double) at) * v->hop;

    for (size_t i = low; i <= high; i++) {
      double t = hops + r->t[i] - own->t[k], w = r->w[i] - own->w[k];

      if (t * t + w * w >= FARTHEST * FARTHEST)
        continue;
      tt += r->weight[i] * t * t;
      ww += r->weight[i] * w * w;
      tw += r->weight[i] * t * w;
    }
  }

  double radius = hypot (tt - ww, 2 * tw);
  double twice = radius > 0 ? (tt - ww) / radius : 1; /* cos 2 theta */

  return (Direction){ sqrt (fmax (0, (1 + twice) / 2)),
    copysign (sqrt (fmax (0, (1 - twice) / 2)), tw) };
}

/* The share of the neighbours, by weight, that lie within epsilon of the line.
 */
static double
vote (const ReassignVotes *v, size_t at, size_t k)
{
  const ReassignVoters *own = held (v, at);
  Direction d = find_direction (v, at, k);
  size_t held_frames = v->n_past + v->n_ahead;
  size_t first = at > v->frames ? at - v->frames : 0;
  size_t last = at + v->frames < held_frames ? at + v->frames : held_frames - 1;
  size_t low = k > v->radius ? k - v->radius : 0;
  size_t high = k + v->radius < v->n_bins ? k + v->radius : v->n_bins - 1;
  double all = 0, agreeing = 0;

  for (size_t m = first; m <= last; m++) {
    const ReassignVoters *r = held (v, m);
    double hops = ((double) m - (double) at) * v->hop;

    for (size_t i = low; i <= high; i++) {
      double t = hops + r->t[i] - own->t[k], w = r->w[i] - own->w[k];
      double weight = m == at && i == k ? 0 : r->weight[i];

      all += weight;
      if (fabs (d.cos * w - d.sin * t) <= v->epsilon)
        agreeing += weight;
    }
  }
  return all > 0 ? agreeing / all : 0;
}

static void
copy_point (const ReassignPlanes *to, size_t j, const ReassignPlanes *from,
    size_t i, unsigned fields, double agreement)
{
  to->time[j] = from->time[i];
  to->frequency[j] = from->frequency[i];
  to->magnitude[j] = from->magnitude[i];
  if (fields & REASSIGN_FIELD_PHASE)
    to->phase[j] = from->phase[i];
  if (fields & REASSIGN_FIELD_MIXED)
    to->mixed[j] = from->mixed[i];
  if (fields & REASSIGN_FIELD_CHIRP_RATE)
    to->chirp_rate[j] = from->chirp_rate[i];
  if (fields & REASSIGN_FIELD_AGREEMENT)
    to->agreement[j] = (float) agreement;
  if (fields & REASSIGN_FIELD_BIN)
    to->bin[j] = from->bin[i];
}

void
reassign_votes_pass (ReassignVotes *v)
{
  v->n_ahead--;
  if (v->n_past < v->frames)
    v->n_past++;
  else
    v->start = (v->start + 1) % v->length;
}

void
reassign_votes_pull (ReassignVotes *v, const ReassignPlanes *to,
    unsigned fields, ReassignFrame *frame, ReassignStats *stats)
{
  const ReassignVoters *r = held (v, v->n_past);
  size_t n = 0;

  for (size_t i = 0; i < r->n_points; i++) {
    double agreement = vote (v, v->n_past, r->points.bin[i]);

    if (agreement >= v->threshold)
      copy_point (to, n++, &r->points, i, fields, agreement);
    else
      reassign_stats_reject (
          stats, v->energy * r->points.magnitude[i] * r->points.magnitude[i]);
  }
  reassign_planes_view (to, frame, r->sample, n);
  frame->gap = r->gap;
  reassign_votes_pass (v);
}
