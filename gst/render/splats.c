/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "splats.h"

#include "lanes.h"
#include "wide.h"

#include <math.h>
#include <string.h>

/* Mixed derivatives up to here from 0 are tones, from 1 clicks (Fulop and Fitz
 * 2007). */
#define KIND_TOLERANCE 0.25f

#define SPOT(p, value) ((p)->spots.values[GST_TFR_SPOT_##value])

static gint64
column_at (const GstTfrPicture *p, gint64 position)
{
  return gst_tfr_lanes_column (floor (
      (gdouble) (position - p->base) / p->header.rate * p->columns_per_second));
}

/* The columns that points of this frame can touch are made part of the grid. */
static void
make_room (GstTfrPicture *p, GstTfrLane *lane, gint64 centre)
{
  gint64 reach, half = p->header.window_size / 2 + 1;
  gint64 n = gst_tfr_lanes_n_columns (p), right;

  while (gst_tfr_look_is_whole (&p->look) &&
         column_at (p, centre + half) >= 2 * (gint64) p->length)
    gst_tfr_lanes_halve (p);
  reach = (gint64) reassign_grid_reach (lane->layers[0]);
  right = column_at (p, centre + half) + reach + 1;
  for (guint i = 0; i < lane->n_layers; i++)
    reassign_grid_advance (lane->layers[i], right - n + 1);
  if (lane->underlay != NULL)
    reassign_grid_advance (lane->underlay, right - n + 1);
  p->dirty = MIN (p->dirty, column_at (p, centre - half) - reach);
}

/* 0 a tone, 1 a click, 2 neither. */
static guint
kind_of (gfloat mixed)
{
  if (fabsf (mixed) < KIND_TOLERANCE)
    return 0;
  return fabsf (mixed - 1) < KIND_TOLERANCE ? 1 : 2;
}

/* The share of its energy that a point keeps.  Unknown kinds keep all. */
static gfloat
weight_of (const GstTfrLook *look, gfloat mixed)
{
  gfloat distance = fminf (fabsf (mixed), fabsf (mixed - 1));
  gfloat ratio = distance / (gfloat) look->prune_tolerance;

  if (isnan (mixed))
    return 1;
  if (!(look->components >> kind_of (mixed) & 1))
    return 0;
  switch (look->prune) {
    case GST_TFR_PRUNE_NONE:
      break;
    case GST_TFR_PRUNE_SOFT:
      return expf (-ratio * ratio);
    case GST_TFR_PRUNE_HARD:
      return ratio <= 1;
  }
  return 1;
}

/* 2^x of x from -126 to 0, to 1e-6 of it: 2^n times the series of 2^f, |f| up
 * to a half. */
static inline gfloat
quick_exp2 (gfloat x)
{
  gint32 n = (gint32) (x - 0.5f), bits = (n + 127) << 23;
  gfloat f = x - (gfloat) n, power, series;

  memcpy (&power, &bits, sizeof power);
  series = 0.0013333558f;
  series = series * f + 0.0096181291f;
  series = series * f + 0.055504109f;
  series = series * f + 0.24022651f;
  series = series * f + 0.69314718f;
  return power * (series * f + 1);
}

/* As weight_of, for the usual case.  (In one loop it would not be compiled to
 * wide instructions.) */
GST_TFR_WIDE_BODY void
weigh_each_softly (gfloat *restrict to, const gfloat *restrict energy,
    const gfloat *restrict mixed, guint n, gfloat scale, gfloat tolerance)
{
  gfloat factor = -1.442695f / (tolerance * tolerance); /* log2 e */

  for (guint i = 0; i < n; i++) {
    gfloat m = mixed[i] == mixed[i] ? mixed[i] : 0;
    gfloat tone = fabsf (m), click = fabsf (m - 1);
    gfloat distance = tone < click ? tone : click;
    gfloat exponent = distance * distance * factor;

    to[i] = exponent > -126 ? exponent : -126;
  }
  for (guint i = 0; i < n; i++)
    to[i] = energy[i] * scale * quick_exp2 (to[i]);
}

GST_TFR_WIDE (weigh_softly,
    (gfloat * to, const gfloat *energy, const gfloat *mixed, guint n,
        gfloat scale, gfloat tolerance),
    weigh_each_softly, (to, energy, mixed, n, scale, tolerance))

static void
weigh (GstTfrPicture *p, gfloat scale)
{
  const gfloat *energy = SPOT (p, ENERGY), *mixed = SPOT (p, MIXED);
  gboolean all = p->look.components == GST_TFR_COMPONENTS_ALL;

  if (mixed != NULL && all && p->look.prune == GST_TFR_PRUNE_SOFT) {
    weigh_softly (p->energies, energy, mixed, p->spots.n, scale,
        (gfloat) p->look.prune_tolerance);
    return;
  }
  for (guint i = 0; i < p->spots.n; i++) {
    p->energies[i] = energy[i] * scale;
    if (mixed != NULL && !(all && p->look.prune == GST_TFR_PRUNE_NONE))
      p->energies[i] *= weight_of (&p->look, mixed[i]);
  }
}

/* Partials have no bin to be at. */
static gdouble
sharpness (const GstTfrPicture *p)
{
  return p->header.kind == GST_TFR_KIND_PARTIALS ? 1 : p->look.sharpness;
}

static void
place (GstTfrPicture *p, gint64 centre, gdouble sharp)
{
  gdouble rate = p->header.rate, at = (gdouble) (centre - p->base);
  const gfloat *shift = SPOT (p, SHIFT), *bin = SPOT (p, BIN);
  const gfloat *frequency = SPOT (p, FREQUENCY);

  for (guint i = 0; i < p->spots.n; i++) {
    p->times[i] = (at + sharp * shift[i]) / rate;
    p->frequencies[i] = bin[i] + sharp * ((gdouble) frequency[i] - bin[i]);
  }
}

/* The spots [from, to) to one layer. */
static void
push_layer (
    GstTfrPicture *p, GstTfrLane *lane, guint layer, guint from, guint to)
{
  const gfloat *slope = SPOT (p, CHIRP_RATE);

  if (from == to) /* there may be no arrays yet */
    return;
  if (sharpness (p) < 1) /* at its bin a point follows no chirp */
    slope = NULL;
  reassign_grid_push (lane->layers[layer], p->times + from,
      p->frequencies + from, p->energies + from,
      slope != NULL ? slope + from : NULL, to - from);
}

/* Each spot to the layer of its kind, in runs. */
static void
push_by_kind (GstTfrPicture *p, GstTfrLane *lane)
{
  const gfloat *mixed = SPOT (p, MIXED);

  for (guint i = 0, from = 0; i < p->spots.n; from = i) {
    guint kind = mixed != NULL ? kind_of (mixed[i]) : 2;

    while (i < p->spots.n && (mixed != NULL ? kind_of (mixed[i]) : 2) == kind)
      i++;
    push_layer (p, lane, kind, from, i);
  }
}

static void
push_phase (GstTfrPicture *p, GstTfrLane *lane)
{
  const gfloat *phase = SPOT (p, PHASE);
  guint n = p->spots.n;

  push_layer (p, lane, 0, 0, n);
  if (phase == NULL)
    return;
  for (guint i = 0; i < n; i++)
    p->energies[i] *= cosf (phase[i]);
  push_layer (p, lane, 1, 0, n);
  weigh (p, 1);
  for (guint i = 0; i < n; i++)
    p->energies[i] *= sinf (phase[i]);
  push_layer (p, lane, 2, 0, n);
}

/* Spots above the axis cannot be seen, and in a frame they stand last: how many
 * are left. */
static guint
count_visible (const GstTfrPicture *p, const GstTfrLane *lane)
{
  gdouble highest = reassign_grid_highest (lane->layers[0]);
  const gfloat *bin = SPOT (p, BIN), *frequency = SPOT (p, FREQUENCY);
  guint n = p->spots.n;

  while (n > 0 && bin[n - 1] > highest && frequency[n - 1] > highest)
    n--;
  return n;
}

static void
draw (GstTfrPicture *p, GstTfrLane *lane, gint64 centre, guint channel,
    gboolean shared)
{
  weigh (p, shared ? 1.0f / p->header.channels : 1);
  place (p, centre, sharpness (p));
  switch (gst_tfr_lanes_color_by (p)) {
    case GST_TFR_COLOR_BY_LEVEL:
      push_layer (p, lane, 0, 0, p->spots.n);
      break;
    case GST_TFR_COLOR_BY_CHANNEL:
      push_layer (p, lane, channel % lane->n_layers, 0, p->spots.n);
      break;
    case GST_TFR_COLOR_BY_KIND:
      push_by_kind (p, lane);
      break;
    case GST_TFR_COLOR_BY_PHASE:
      push_phase (p, lane);
      break;
    case GST_TFR_COLOR_BY_CHANNEL_DIFFERENCE:
      push_layer (p, lane, channel % 2, 0, p->spots.n);
      break;
  }
  if (lane->underlay != NULL) {
    place (p, centre, 0);
    for (guint i = 0; i < p->spots.n; i++)
      p->energies[i] =
          SPOT (p, ENERGY)[i] / (shared ? (gfloat) p->header.channels : 1);
    reassign_grid_push (lane->underlay, p->times, p->frequencies, p->energies,
        NULL, p->spots.n);
  }
}

void
gst_tfr_splats_draw (GstTfrPicture *p, gint64 centre, guint channel)
{
  gboolean separate = p->look.channel_mode == GST_TFR_CHANNEL_MODE_SEPARATE;
  gboolean by_channel = gst_tfr_lanes_color_by (p) == GST_TFR_COLOR_BY_CHANNEL;
  guint n = p->spots.n;
  GstTfrLane *lane;

  if (p->n_lanes == 0 || (separate && channel >= p->n_lanes))
    return;
  lane = &p->lanes[separate ? channel : 0];
  make_room (p, lane, centre);
  p->spots.n = count_visible (p, lane);
  draw (p, lane, centre, channel, !separate && !by_channel);
  p->spots.n = n;
}
