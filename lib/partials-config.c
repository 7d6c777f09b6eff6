/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tracker's config: defaults, ranges, and the same in samples and radians.
 */

#include "partials.h"

#include <math.h>
#include <string.h>

/* 7.9 rate / N is the main lobe of a Kaiser window with side lobes at -90 dB,
 * twice the resolution (Loris). */
#define LOBE 7.9

/* Bins of rate / N within which two components are not told apart. */
#define BINS_APART 1.5

/* A step is at most this much ahead of its point, in centroids of half a
 * window: those of frames whose centre is silent lie beyond. */
#define CROP 1.1

#define FADE 0.001 /* s */
#define MOST_FOUND 4096
#define MOST_SPAN 16
#define LONGEST_MINIMUM 1000
#define LONGEST_SURVIVAL 16

static const char *
complete_frames (ReassignTrackerConfig *c)
{
  const ReassignWindow *family = reassign_window_by_id (c->window);

  if (!(c->sample_rate > 0 && isfinite (c->sample_rate)))
    return "sample_rate must be above 0 Hz and finite";
  if (c->window_size < 32 || c->window_size > (size_t) 1 << 20)
    return "window_size must be 32 to 1048576 samples";
  if (c->hop < 1 || c->hop > INT32_MAX)
    return "hop must be 1 to 2147483647 samples";
  if (c->fft_size < c->window_size || c->fft_size > (size_t) 1 << 24)
    return "fft_size must be window_size to 16777216";
  if (!(c->window_sigma >= 0 && isfinite (c->window_sigma)))
    return "window_sigma must be 0 or above, and finite";
  if (family == NULL)
    return "window must be one of the families in reassign_windows";
  if (c->window_parameter == 0 || family->parameter == 0)
    c->window_parameter = family->parameter;
  if (!(c->window_parameter >= family->parameter_min &&
          c->window_parameter <= family->parameter_max))
    return "window_parameter must be 0 or in the family's range";
  return NULL;
}

static const char *
complete_partials (ReassignTrackerConfig *c)
{
  double resolution = c->frequency_resolution;

  if (!(resolution >= 0 && isfinite (resolution)))
    return "frequency_resolution must be 0 or above, Hz";
  if (resolution == 0)
    resolution = LOBE * c->sample_rate / (2 * (double) c->window_size);
  if (c->frequency_drift == 0)
    c->frequency_drift = resolution / 2;
  if (!(c->frequency_drift > 0 && isfinite (c->frequency_drift)))
    return "frequency_drift must be 0 or above, Hz";
  if (c->frequency_floor == 0)
    c->frequency_floor = resolution;
  if (!(c->frequency_floor >= 0 && isfinite (c->frequency_floor)))
    return "frequency_floor must be 0 or above, Hz";
  if (c->amplitude_floor == 0)
    c->amplitude_floor = -90;
  if (!isfinite (c->amplitude_floor))
    return "amplitude_floor must be a level in dB";
  if (c->minimum_length == 0)
    c->minimum_length = 8;
  if (c->minimum_length > LONGEST_MINIMUM)
    return "minimum_length must be 1 to 1000 frames";
  if (c->survival == 0)
    c->survival = 2;
  if (c->survival < -1 || c->survival > LONGEST_SURVIVAL)
    return "survival must be -1 to 16 frames";
  if (c->noise_width == 0)
    c->noise_width = 2000;
  if (!isfinite (c->noise_width))
    return "noise_width must be finite, Hz";
  if (!(c->reference_frequency >= 0 && isfinite (c->reference_frequency)))
    return "reference_frequency must be 0 or above, Hz";
  if (c->first_id == 0)
    c->first_id = 1;
  if (c->id_step == 0)
    c->id_step = 1;
  return NULL;
}

const char *
reassign_partials_complete (ReassignTrackerConfig *config)
{
  const char *wrong = complete_frames (config);

  return wrong != NULL ? wrong : complete_partials (config);
}

static size_t
frames_of_span (const ReassignTrackerConfig *c)
{
  size_t span = (2 * c->window_size + 3 * c->hop) / (6 * c->hop);

  return span < 1 ? 1 : span > MOST_SPAN ? MOST_SPAN : span;
}

static void
shape_delays (ReassignPartialsShape *s, const ReassignTrackerConfig *c)
{
  size_t longest;

  s->survival = c->survival < 0 ? 0 : (unsigned) c->survival;
  s->minimum_length = c->minimum_length;
  s->span = frames_of_span (c);
  longest = s->minimum_length - 1 > s->span ? s->minimum_length - 1 : s->span;
  s->delay = s->survival + longest;
  s->settling = c->window_size / (2 * c->hop) + 1;
  if (s->settling > s->delay)
    s->settling = s->delay;
  s->past = s->span + s->settling + 1;
}

void
reassign_partials_shape (ReassignPartialsShape *s,
    const ReassignTrackerConfig *c, const ReassignResponse *r)
{
  double hz = 2 * M_PI / c->sample_rate; /* rad per sample */
  double bin = 2 * M_PI / (double) c->window_size;

  memset (s, 0, sizeof *s);
  s->rate = c->sample_rate;
  s->hop = c->hop;
  s->window_size = c->window_size;
  s->fft_size = c->fft_size;
  s->n_bins = c->fft_size / 2 + 1;
  s->separation = c->frequency_resolution > 0 ? c->frequency_resolution * hz
                                              : BINS_APART * bin;
  s->drift = c->frequency_drift * hz;
  s->floor = c->frequency_floor * hz;
  s->least = pow (10, c->amplitude_floor / 20);
  s->reference = c->reference_frequency * hz;
  s->crop = CROP * reassign_response_step_centroid (r, 0);
  s->fade = FADE * s->rate < (double) s->hop / 2 ? FADE * s->rate
                                                 : (double) s->hop / 2;
  s->noise_width = c->noise_width < 0 ? -1 : c->noise_width / 2 * hz;
  s->bin_power = 1 / (2 * (double) s->fft_size * r->energy);
  s->most_found = s->n_bins / 2 < MOST_FOUND ? s->n_bins / 2 : MOST_FOUND;
  s->most_peaks = 2 * s->most_found;
  shape_delays (s, c);
}
