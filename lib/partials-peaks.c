/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Peaks of a frame: where neighbouring bins are moved towards each other, a
 * component lies between them, the fixed point of reassignment in frequency. */

#include "partials.h"

#include <math.h>
#include <string.h>

/* A peak with a larger correction, in rate / N, is a zero of the spectrum. */
#define MOST_BINS 1.0

static double
bin_frequency (const ReassignPartialsShape *s, uint32_t bin)
{
  return 2 * M_PI * (double) bin / (double) s->fft_size;
}

static double
point_frequency (
    const ReassignPartialsShape *s, const ReassignFrame *f, size_t i)
{
  return 2 * M_PI * f->frequency[i] / s->rate;
}

/* The phase at the point is that of the spectrum, carried along a straight
 * path; ReassignFrame says how. */
static double
spectrum_phase (double phase, double bin, double point, double shift)
{
  return remainder (phase - (bin + point) / 2 * shift, 2 * M_PI);
}

/* The peak between the points i and i + 1, whose corrections are these. */
static ReassignPeak
make_peak (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignFrame *f, size_t i, double above, double below)
{
  size_t k = fabs (above) <= fabs (below) ? i : i + 1;
  double bin = bin_frequency (s, f->bin[k]);
  double step = bin_frequency (s, 1);
  ReassignPeak p = {
    .bin = f->bin[k],
    .frequency = point_frequency (s, f, k),
    .crossing = bin_frequency (s, f->bin[i]) + step * above / (above - below),
    .shift = f->time[k] * s->rate - (double) f->sample,
    .magnitude = (double) f->magnitude[k],
    .rumble = point_frequency (s, f, k) < s->floor,
    .prev = REASSIGN_NO_PEAK,
    .next = REASSIGN_NO_PEAK,
  };

  p.arg = spectrum_phase ((double) f->phase[k], bin, p.frequency, p.shift);
  p.level = log (p.magnitude / reassign_response_steady (r, p.frequency - bin));
  return p;
}

static bool
is_sound (const ReassignPartialsShape *s, const ReassignPeak *p)
{
  double most = MOST_BINS * 2 * M_PI / (double) s->window_size;

  return fabs (p->frequency - bin_frequency (s, p->bin)) < most &&
         fabs (p->shift) <= s->crop && p->frequency >= 0 &&
         (!p->rumble || s->noise_width >= 0) && p->level >= log (s->least) &&
         isfinite (p->level) && isfinite (p->crossing) && isfinite (p->arg);
}

static size_t
find_crossings (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignFrame *f, ReassignPeak *to, size_t room)
{
  size_t n = 0;

  for (size_t i = 0; i + 1 < f->n_points && n < room; i++) {
    double above, below;

    if (f->bin[i + 1] != f->bin[i] + 1)
      continue;
    above = point_frequency (s, f, i) - bin_frequency (s, f->bin[i]);
    below = point_frequency (s, f, i + 1) - bin_frequency (s, f->bin[i + 1]);
    if (!(above >= 0 && below < 0)) /* NaN is neither */
      continue;
    to[n] = make_peak (s, r, f, i, above, below);
    n += is_sound (s, &to[n]);
  }
  return n;
}

/* Rumble cannot beat a partial. */
static bool
can_beat (const ReassignPeak *p, const ReassignPeak *other)
{
  return !p->rumble || other->rumble;
}

/* Whether a peak that still counts is louder and near. */
static bool
is_beaten (
    const ReassignPartialsShape *s, const ReassignPeak *p, size_t n, size_t i)
{
  for (size_t k = i; k-- > 0;) {
    if (p[i].frequency - p[k].frequency >= s->separation)
      break;
    if (p[k].magnitude > p[i].magnitude && can_beat (&p[k], &p[i]))
      return true;
  }
  for (size_t k = i + 1; k < n; k++) {
    if (p[k].frequency - p[i].frequency >= s->separation)
      break;
    if (p[k].magnitude >= p[i].magnitude && can_beat (&p[k], &p[i]))
      return true;
  }
  return false;
}

size_t
reassign_peaks_find (const ReassignPartialsShape *s, const ReassignResponse *r,
    const ReassignFrame *frame, ReassignPeak *peaks, size_t most,
    ReassignPeak *spare, size_t room)
{
  size_t n_spare = find_crossings (s, r, frame, spare, room), n = 0;

  for (size_t i = 0; i < n_spare && n < most; i++)
    if (!is_beaten (s, spare, n_spare, i))
      peaks[n++] = spare[i];
  return n;
}
