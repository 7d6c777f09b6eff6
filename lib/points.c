/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What the kernel is told about a frame, and what is counted afterwards. */

#include "points.h"

#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

unsigned
reassign_points_wanted (const ReassignConfig *c)
{
  bool votes = reassign_config_votes (c);
  bool rank = c->consensus == REASSIGN_CONSENSUS_RANK1;
  bool rate = c->fields & REASSIGN_FIELD_CHIRP_RATE;
  bool second = rate || rank || c->consensus == REASSIGN_CONSENSUS_MIXED ||
                c->fields & REASSIGN_FIELD_MIXED;
  unsigned wanted = 1u << REASSIGN_TAP_H;

  if (second || votes || !c->keep_time)
    wanted |= 1u << REASSIGN_TAP_TH;
  if (second || votes || !c->keep_frequency)
    wanted |= 1u << REASSIGN_TAP_DH;
  if (second)
    wanted |= 1u << REASSIGN_TAP_TDH;
  if (rate || rank)
    wanted |= 1u << REASSIGN_TAP_T2H;
  if (rank)
    wanted |= 1u << REASSIGN_TAP_D2H;
  return wanted;
}

static void
make_rules (ReassignPoints *p, const ReassignConfig *config,
    const ReassignShape *shape, const ReassignSpectra *s)
{
  double unit = s->unit[REASSIGN_TAP_H];

  p->rules = (ReassignRules){
    .n_bins = shape->n_bins,
    .rate = config->sample_rate,
    .bin_hz = p->bin_hz,
    .magnitude_scale = 2 / shape->sum * unit,
    .max_time_shift = config->max_time_shift,
    .max_frequency_shift = config->max_frequency_shift,
    .keep_time = config->keep_time,
    .keep_frequency = config->keep_frequency,
    .fields = config->fields | (p->kept != NULL ? REASSIGN_FIELD_BIN : 0),
    .consensus = config->consensus,
    .tone_tolerance = config->tone_tolerance,
    .click_tolerance = config->click_tolerance,
    .dt = p->dt,
    .df = p->df,
    .kept = p->kept,
    .power = p->kept != NULL ? p->power : NULL,
  };
  for (int g = 0; g < REASSIGN_N_TAPS; g++)
    p->rules.unit[g] = s->unit[g] / unit;
}

static double *
bins_new (size_t n_bins)
{
  return reassign_fft_alloc (reassign_padded (n_bins), sizeof (double));
}

bool
reassign_points_init (ReassignPoints *p, const ReassignConfig *config,
    const ReassignShape *shape, const ReassignSpectra *s)
{
  bool votes = reassign_config_votes (config);
  bool powers = votes || reassign_floor_asks (config->floor_reference);

  memset (p, 0, sizeof *p);
  p->fft_size = shape->fft_size;
  /* DC and Nyquist are there once, other frequencies on both sides of the
   * spectrum; but an analytic signal has half of them, as of any. */
  p->edge_weight = config->analytic ? M_SQRT2 : M_SQRT1_2;

  p->bin_hz = bins_new (shape->n_bins);
  p->power = powers ? bins_new (shape->n_bins) : NULL;
  p->dt = votes ? bins_new (shape->n_bins) : NULL;
  p->df = votes ? bins_new (shape->n_bins) : NULL;
  p->kept = votes ? bins_new (shape->n_bins) : NULL;
  if (p->bin_hz == NULL || (powers && p->power == NULL) ||
      (votes && (p->dt == NULL || p->df == NULL || p->kept == NULL)))
    return false;

  for (size_t k = 0; k < shape->n_bins; k++)
    p->bin_hz[k] = (double) k * config->sample_rate / (double) shape->fft_size;
  make_rules (p, config, shape, s);
  p->power_energy =
      shape->energy * p->rules.magnitude_scale * p->rules.magnitude_scale;
  return true;
}

void
reassign_points_clear (ReassignPoints *p)
{
  reassign_fft_dealloc (p->bin_hz);
  reassign_fft_dealloc (p->power);
  reassign_fft_dealloc (p->dt);
  reassign_fft_dealloc (p->df);
  reassign_fft_dealloc (p->kept);
  memset (p, 0, sizeof *p);
}

/* At DC and Nyquist all spectra are weighted: ratios do not notice, and
 * magnitude^2 / 2 is then the power of every bin. */
static void
weigh_edges (
    const ReassignPoints *p, const ReassignSpectra *s, void *const *spectra)
{
  for (int g = 0; g < REASSIGN_N_TAPS; g++) {
    if (spectra[g] == NULL)
      continue;
    s->kernel->weigh (spectra[g], 0, p->edge_weight);
    if (p->fft_size % 2 == 0)
      s->kernel->weigh (spectra[g], p->fft_size / 2, p->edge_weight);
  }
}

/* Bins that passed one stage and failed the next, and their energy. */
static void
count_failed (const ReassignPoints *p, const ReassignSieve *sieve,
    ReassignStage stage, uint64_t *n, double *energy)
{
  *n += sieve->n[stage - 1] - sieve->n[stage];
  *energy += sieve->power[stage - 1] * p->power_energy -
             sieve->power[stage] * p->power_energy;
}

static void
count (
    const ReassignPoints *p, const ReassignSieve *sieve, ReassignStats *stats)
{
  count_failed (p, sieve, REASSIGN_STAGE_LOUD, &stats->below_floor,
      &stats->energy_below_floor);
  count_failed (p, sieve, REASSIGN_STAGE_TIMELY, &stats->beyond_time,
      &stats->energy_beyond_time);
  count_failed (p, sieve, REASSIGN_STAGE_NEAR, &stats->beyond_frequency,
      &stats->energy_beyond_frequency);
  count_failed (p, sieve, REASSIGN_STAGE_INSIDE, &stats->outside_range,
      &stats->energy_outside_range);
  count_failed (p, sieve, REASSIGN_STAGE_ACCEPTED, &stats->rejected,
      &stats->energy_rejected);
  stats->points += sieve->n[REASSIGN_STAGE_ACCEPTED];
  stats->energy += sieve->power[REASSIGN_STAGE_ACCEPTED] * p->power_energy;
}

size_t
reassign_points_run (ReassignPoints *p, ReassignSpectra *s, int frame,
    ReassignFloorState *floor, int64_t sample, const ReassignPlanes *planes,
    ReassignStats *stats)
{
  void *const *spectra = s->spectrum[frame];
  double scale = p->rules.magnitude_scale, least;
  ReassignSieve sieve;
  size_t n;

  weigh_edges (p, s, spectra);
  if (reassign_floor_asks (floor->reference))
    s->kernel->measure (p->power, spectra[REASSIGN_TAP_H], p->rules.n_bins);
  least = reassign_floor_next (floor, p->power, p->rules.n_bins, scale) / scale;

  p->rules.floor_power = least * least;
  p->rules.centre = (double) sample;
  n = s->kernel->points (
      &p->rules, (const void *const *) spectra, planes, &sieve);
  count (p, &sieve, stats);
  return n;
}
