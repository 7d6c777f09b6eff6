/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <math.h>

#define MAX_WINDOW ((size_t) 1 << 20)
#define MAX_FFT ((size_t) 1 << 24)

/* Of a vote, in bins and in frames. */
#define MAX_REACH 64

static size_t
next_power_of_two (size_t n)
{
  size_t p = 1;

  while (p < n)
    p *= 2;
  return p;
}

ReassignConfig
reassign_config_default (double sample_rate)
{
  ReassignConfig config = { .sample_rate = sample_rate };

  reassign_config_complete (&config);
  return config;
}

static const char *
complete_window (ReassignConfig *c)
{
  const ReassignWindow *family = reassign_window_by_id (c->window);

  if (c->window_size == 0)
    c->window_size = 2048;
  if (c->window_size < 32 || c->window_size > MAX_WINDOW)
    return "window_size must be 32 to 1048576 samples";
  if (c->window_table != NULL) {
    for (size_t i = 0; i < c->window_size; i++)
      if (!isfinite (c->window_table[i]))
        return "window_table must hold finite values";
    return NULL;
  }
  if (family == NULL)
    return "window must be one of the families in reassign_windows";
  c->window = family->id;
  if (c->window_parameter == 0 || family->parameter == 0)
    c->window_parameter = family->parameter;
  if (!(c->window_parameter >= family->parameter_min &&
          c->window_parameter <= family->parameter_max))
    return "window_parameter must be 0 or in the family's range: beta 0.01 to "
           "500, N/sigma 0.01 to 50, NW 0.01 to 15";
  return NULL;
}

static const char *
complete_grid (ReassignConfig *c)
{
  if (c->hop == 0)
    c->hop = c->window_size / 4;
  if (c->hop > INT32_MAX)
    return "hop must be 1 to 2147483647 samples";
  if (c->fft_size == 0)
    c->fft_size = next_power_of_two (c->window_size);
  if (c->fft_size < c->window_size || c->fft_size > MAX_FFT)
    return "fft_size must be window_size to 16777216";
  return NULL;
}

static const char *
complete_limits (ReassignConfig *c)
{
  double half_window = (double) c->window_size / 2;

  if (c->magnitude_floor == 0)
    c->magnitude_floor = -120;
  if (isnan (c->magnitude_floor) || c->magnitude_floor == INFINITY)
    return "magnitude_floor must be a level in dB or -INFINITY";
  if (c->floor_reference < REASSIGN_FLOOR_FULL_SCALE ||
      c->floor_reference > REASSIGN_FLOOR_NOISE)
    return "floor_reference must be one of ReassignFloor";
  if (c->max_time_shift == 0)
    c->max_time_shift = half_window;
  if (!(c->max_time_shift > 0 && c->max_time_shift <= half_window))
    return "max_time_shift must be above 0 and at most window_size / 2 samples";
  if (c->max_frequency_shift == 0)
    c->max_frequency_shift = c->sample_rate / 8;
  if (!(c->max_frequency_shift > 0 && isfinite (c->max_frequency_shift)))
    return "max_frequency_shift must be above 0 Hz and finite";
  return NULL;
}

bool
reassign_config_votes (const ReassignConfig *c)
{
  return c->consensus == REASSIGN_CONSENSUS_LINE ||
         (c->fields & REASSIGN_FIELD_AGREEMENT) != 0;
}

static size_t
rounded_quotient (size_t a, size_t b)
{
  return (2 * a + b) / (2 * b);
}

static const char *
complete_consensus (ReassignConfig *c)
{
  if (c->consensus < REASSIGN_CONSENSUS_NONE ||
      c->consensus > REASSIGN_CONSENSUS_RANK1)
    return "consensus must be one of ReassignConsensus";
  if (c->consensus_radius == 0) {
    c->consensus_radius = rounded_quotient (c->fft_size, c->window_size);
    if (c->consensus_radius > MAX_REACH)
      c->consensus_radius = MAX_REACH;
  }
  if (c->consensus_frames == 0) {
    c->consensus_frames = rounded_quotient (c->window_size, 8 * c->hop);
    if (c->consensus_frames < 1)
      c->consensus_frames = 1;
    if (c->consensus_frames > 8)
      c->consensus_frames = 8;
  }
  if (c->consensus_radius > MAX_REACH || c->consensus_frames > MAX_REACH)
    return "consensus_radius and consensus_frames must be at most 64";
  if (c->consensus_threshold == 0)
    c->consensus_threshold = 0.8;
  if (!(c->consensus_threshold > 0 && c->consensus_threshold <= 1))
    return "consensus_threshold must be above 0 and at most 1";
  if (c->consensus_epsilon == 0)
    c->consensus_epsilon = 0.2;
  if (!(c->consensus_epsilon > 0 && c->consensus_epsilon <= 10))
    return "consensus_epsilon must be above 0 and at most 10";
  if (c->tone_tolerance == 0)
    c->tone_tolerance = 0.25;
  if (c->click_tolerance == 0)
    c->click_tolerance = 0.25;
  if (!(c->tone_tolerance > 0) || !(c->click_tolerance > 0))
    return "tone_tolerance and click_tolerance must be above 0";
  if (c->consensus == REASSIGN_CONSENSUS_RANK1 && c->window_table == NULL &&
      (c->window == REASSIGN_WINDOW_HAMMING ||
          c->window == REASSIGN_WINDOW_KAISER))
    return "consensus rank1 needs a window that ends smoothly: not hamming, "
           "not "
           "kaiser";
  return NULL;
}

const char *
reassign_config_complete (ReassignConfig *c)
{
  const char *wrong = NULL;

  if (!(c->sample_rate > 0 && isfinite (c->sample_rate)))
    return "sample_rate must be above 0 Hz and finite";
  wrong = complete_window (c);
  if (wrong == NULL)
    wrong = complete_grid (c);
  if (wrong == NULL)
    wrong = complete_limits (c);
  if (wrong == NULL)
    wrong = complete_consensus (c);
  if (wrong == NULL && (c->precision < REASSIGN_PRECISION_DOUBLE ||
                           c->precision > REASSIGN_PRECISION_SINGLE))
    wrong = "precision must be one of ReassignPrecision";
  if (wrong == NULL && c->fields > 0xff)
    wrong = "fields must be bits of ReassignField";
  c->fields |=
      REASSIGN_FIELD_TIME | REASSIGN_FIELD_FREQUENCY | REASSIGN_FIELD_MAGNITUDE;
  return wrong;
}
