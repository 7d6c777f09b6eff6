/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "picture.h"

#include <math.h>
#include <string.h>

/* For the points that can be drawn again. */
#define HISTORY_BUDGET (16 << 20)

/* How small a part of a window the time span may be.  Narrower ones would need
 * a grid of little but margins. */
#define SPANS_PER_WINDOW 16

/* Mixed derivatives up to here from 0 are tones, from 1 clicks (Fulop and Fitz
 * 2007). */
#define KIND_TOLERANCE 0.25f

#define SPOT(p, value) ((p)->spots.values[GST_TFR_SPOT_##value])

/* -------------------------------------------------------------- lanes ---- */

void
gst_tfr_picture_init (GstTfrPicture *p)
{
  memset (p, 0, sizeof *p);
  gst_tfr_look_init (&p->look);
  gst_tfr_history_init (&p->history, HISTORY_BUDGET);
  p->frozen = G_MAXINT64;
}

static void
clear_lane (GstTfrLane *lane)
{
  for (guint i = 0; i < lane->n_layers; i++)
    reassign_grid_free (lane->layers[i]);
  reassign_grid_free (lane->underlay);
  lane->n_layers = 0;
  lane->underlay = NULL;
}

static void
clear_lanes (GstTfrPicture *p)
{
  for (guint i = 0; i < p->n_lanes; i++)
    clear_lane (&p->lanes[i]);
  g_clear_pointer (&p->lanes, g_free);
  p->n_lanes = 0;
}

void
gst_tfr_picture_clear (GstTfrPicture *p)
{
  clear_lanes (p);
  gst_tfr_look_clear (&p->look);
  gst_tfr_history_clear (&p->history);
  gst_tfr_spots_clear (&p->spots);
  g_clear_pointer (&p->times, g_free);
  g_clear_pointer (&p->frequencies, g_free);
  g_clear_pointer (&p->energies, g_free);
}

void
gst_tfr_picture_get_range (
    const GstTfrPicture *p, gdouble *min_hz, gdouble *max_hz)
{
  gdouble nyquist = p->header.rate / 2.0;

  *min_hz = p->look.min_frequency;
  *max_hz = p->look.max_frequency;
  if (*max_hz == 0)
    *max_hz = MIN (nyquist, 16000);
  if (*min_hz == 0 && p->look.frequency_scale == REASSIGN_SCALE_LOG)
    *min_hz = MIN (20, *max_hz / 1000);
  /* An empty range becomes one below the maximum. */
  if (*min_hz >= *max_hz * 0.9999)
    *min_hz =
        p->look.frequency_scale == REASSIGN_SCALE_LOG ? *max_hz / 1000 : 0;
}

static void
choose_axis (const GstTfrPicture *p, guint n_rows, ReassignAxis *axis)
{
  *axis = (ReassignAxis){
    .scale = p->look.frequency_scale,
    .n_rows = n_rows,
  };
  gst_tfr_picture_get_range (p, &axis->min_hz, &axis->max_hz);
  reassign_axis_init (axis);
}

static gdouble
choose_columns_per_second (const GstTfrPicture *p)
{
  const GstTfrHeader *h = &p->header;
  gdouble window = ((gdouble) h->window_size + h->hop_size) / h->rate;
  gdouble span = (gdouble) p->look.time_span / GST_SECOND;

  /* the whole: begin with columns that are narrow even for a click */
  if (gst_tfr_look_is_whole (&p->look))
    return p->length / (8.0 * h->hop_size / h->rate);
  if (span == 0)
    span = 8;
  return p->length / MAX (span, window / SPANS_PER_WINDOW);
}

/* What the grid holds beside the length: points come in up to half a window
 * ahead of their frame, and columns wait for as much again. */
static guint
choose_columns (const GstTfrPicture *p)
{
  const GstTfrHeader *h = &p->header;
  gdouble seconds = ((gdouble) h->window_size + 2.0 * h->hop_size) / h->rate;
  gdouble margin = 2 * seconds * p->columns_per_second + 32;

  if (gst_tfr_look_is_whole (&p->look))
    return 2 * p->length;
  return p->length + (guint) MIN (margin, 64.0 * p->length + 64);
}

static ReassignGrid *
make_grid (const GstTfrPicture *p, const ReassignAxis *axis)
{
  const ReassignGridConfig config = {
    .axis = *axis,
    .columns_per_second = p->columns_per_second,
    .n_columns = choose_columns (p),
    .splat = p->look.splat,
    .splat_radius = p->look.splat_radius,
    .lines = p->look.follow_chirps,
    .sample_rate = p->header.rate,
    .hop = p->header.hop_size,
  };

  return reassign_grid_new (&config, NULL);
}

static GstTfrColorBy
color_by (const GstTfrPicture *p)
{
  if (p->look.channel_mode == GST_TFR_CHANNEL_MODE_OVERLAY)
    return GST_TFR_COLOR_BY_CHANNEL;
  return p->look.color_by;
}

static guint
count_layers (const GstTfrPicture *p)
{
  switch (color_by (p)) {
    case GST_TFR_COLOR_BY_LEVEL:
      return 1;
    case GST_TFR_COLOR_BY_CHANNEL:
      return MIN (p->header.channels, GST_TFR_MAX_LAYERS);
    case GST_TFR_COLOR_BY_KIND:
    case GST_TFR_COLOR_BY_PHASE:
      return 3;
    case GST_TFR_COLOR_BY_CHANNEL_DIFFERENCE:
      return 2;
  }
  return 1;
}

static gboolean
make_lane (GstTfrPicture *p, guint index, guint n)
{
  GstTfrLane *lane = &p->lanes[index];
  guint n_layers = count_layers (p), place;

  /* the first channel on top, or at the left */
  place = p->look.orientation == GST_TFR_ORIENTATION_VERTICAL ? index
                                                              : n - 1 - index;
  lane->from = place * p->breadth / n;
  lane->n_rows = (place + 1) * p->breadth / n - lane->from;
  choose_axis (p, lane->n_rows, &lane->axis);
  while (lane->n_layers < n_layers) {
    lane->layers[lane->n_layers] = make_grid (p, &lane->axis);
    if (lane->layers[lane->n_layers] == NULL)
      return FALSE;
    lane->n_layers++;
  }
  if (p->look.underlay > 0)
    lane->underlay = make_grid (p, &lane->axis);
  return TRUE;
}

static void draw_spots (GstTfrPicture *p, gint64 centre, guint channel);

/* Makes the lanes anew and draws the history into them. */
static void
rebuild (GstTfrPicture *p)
{
  gboolean separate = p->look.channel_mode == GST_TFR_CHANNEL_MODE_SEPARATE;
  guint n;

  clear_lanes (p);
  p->stale = FALSE;
  p->dirty = G_MININT64;
  if (p->length == 0 || p->breadth == 0 || p->header.rate == 0)
    return;
  p->columns_per_second = choose_columns_per_second (p);
  p->kind = color_by (p) == GST_TFR_COLOR_BY_LEVEL   ? GST_TFR_LAYERS_LEVEL
            : color_by (p) == GST_TFR_COLOR_BY_PHASE ? GST_TFR_LAYERS_PHASE
                                                     : GST_TFR_LAYERS_HUES;
  n = separate ? MIN (p->header.channels, p->breadth) : 1;
  p->lanes = g_new0 (GstTfrLane, n);
  for (; p->n_lanes < n; p->n_lanes++) {
    if (!make_lane (p, p->n_lanes, n)) {
      clear_lane (&p->lanes[p->n_lanes]);
      GST_ERROR ("no memory for a picture of %u x %u", p->length, p->breadth);
      break;
    }
  }

  n = gst_tfr_history_length (&p->history);
  for (guint i = 0; i < n; i++) {
    const GstTfrHistoryFrame *frame = gst_tfr_history_peek (&p->history, i);

    if (frame->centre > p->frozen)
      break;
    gst_tfr_history_read (&p->history, i, &p->spots);
    draw_spots (p, frame->centre, frame->channel);
  }
}

void
gst_tfr_picture_settle (GstTfrPicture *p)
{
  if (p->stale)
    rebuild (p);
}

void
gst_tfr_picture_set_look (GstTfrPicture *p, const GstTfrLook *look)
{
  if (gst_tfr_look_compare (&p->look, look) == GST_TFR_LOOK_SHAPE)
    p->stale = TRUE;
  gst_tfr_look_copy (&p->look, look);
}

void
gst_tfr_picture_set_size (GstTfrPicture *p, guint length, guint breadth)
{
  if (p->length != length || p->breadth != breadth)
    p->stale = TRUE;
  p->length = length;
  p->breadth = breadth;
}

/* What is kept of the points, by what they carry. */
static guint
spot_values (const GstTfrHeader *h)
{
  guint values = 1 << GST_TFR_SPOT_SHIFT | 1 << GST_TFR_SPOT_FREQUENCY |
                 1 << GST_TFR_SPOT_BIN | 1 << GST_TFR_SPOT_ENERGY;

  if (h->fields & GST_TFR_FIELD_MIXED)
    values |= 1 << GST_TFR_SPOT_MIXED;
  if (h->fields & GST_TFR_FIELD_CHIRP_RATE)
    values |= 1 << GST_TFR_SPOT_CHIRP_RATE;
  if (h->fields & GST_TFR_FIELD_PHASE)
    values |= 1 << GST_TFR_SPOT_PHASE;
  return values;
}

void
gst_tfr_picture_set_stream (GstTfrPicture *p, const GstTfrHeader *header)
{
  const GstTfrHeader *h = &p->header;

  if (h->rate != header->rate || h->channels != header->channels ||
      h->hop_size != header->hop_size || h->window_size != header->window_size)
    p->stale = TRUE;
  p->header = *header;
  gst_tfr_history_want (&p->history, spot_values (header));
}

void
gst_tfr_picture_start (
    GstTfrPicture *p, const GstTfrHeader *header, gint64 base, gboolean reverse)
{
  gst_tfr_history_empty (&p->history);
  gst_tfr_picture_set_stream (p, header);
  p->base = base;
  p->reverse = reverse;
  p->frozen = G_MAXINT64;
  p->stale = TRUE;
}

void
gst_tfr_picture_freeze (GstTfrPicture *p, gint64 position)
{
  /* Points that waited are drawn, others are taken away, with all the rest. */
  if (p->frozen != G_MAXINT64 && position != p->frozen)
    p->stale = TRUE;
  p->frozen = position;
}

/* ------------------------------------------------------------- points ---- */

static void
reserve (GstTfrPicture *p, guint n)
{
  gst_tfr_spots_reserve (&p->spots, spot_values (&p->header), n);
  if (p->spots.reserved == p->reserved)
    return;
  p->reserved = p->spots.reserved;
  p->times = g_renew (gdouble, p->times, p->reserved);
  p->frequencies = g_renew (gdouble, p->frequencies, p->reserved);
  p->energies = g_renew (gfloat, p->energies, p->reserved);
}

/* Takes over the sound ones among the points, relative to their frame. */
static void
take_points (GstTfrPicture *p, const GstTfrBatch *batch, guint first, guint n,
    gint64 centre)
{
  const GstTfrHeader *h = &batch->header;
  gdouble energy_of_one = gst_tfr_header_point_energy (h);
  gdouble bin_hz = (gdouble) h->rate / h->fft_size;
  guint to = 0;

  for (guint i = first; i < first + n; i++) {
    gdouble shift = batch->time[i] * h->rate - (gdouble) centre;
    gdouble frequency = batch->frequency[i];
    gdouble energy =
        energy_of_one * batch->magnitude[i] * (gdouble) batch->magnitude[i];

    /* all false for NaN */
    if (!(fabs (shift) <= h->window_size) || !(fabs (frequency) < G_MAXINT) ||
        !(energy < 1e24)) {
      p->ignored++;
      continue;
    }
    SPOT (p, SHIFT)[to] = (gfloat) (p->reverse ? -shift : shift);
    SPOT (p, FREQUENCY)[to] = (gfloat) frequency;
    SPOT (p, BIN)
    [to] = (gfloat) (batch->bin != NULL ? batch->bin[i] * bin_hz : frequency);
    SPOT (p, ENERGY)[to] = (gfloat) energy;
    if (SPOT (p, MIXED) != NULL)
      SPOT (p, MIXED)[to] = batch->mixed[i];
    if (SPOT (p, CHIRP_RATE) != NULL)
      SPOT (p, CHIRP_RATE)
      [to] = p->reverse ? -batch->chirp_rate[i] : batch->chirp_rate[i];
    if (SPOT (p, PHASE) != NULL)
      SPOT (p, PHASE)[to] = batch->phase[i];
    to++;
  }
  p->spots.n = to;
}

static gint64
column_at (const GstTfrPicture *p, gint64 position)
{
  return (gint64) floor (
      (gdouble) (position - p->base) / p->header.rate * p->columns_per_second);
}

/* The columns that points of this frame can touch are made part of the grid. */
static void
make_room (GstTfrPicture *p, GstTfrLane *lane, gint64 centre)
{
  gint64 reach = (gint64) reassign_grid_reach (lane->layers[0]);
  gint64 half = p->header.window_size / 2 + 1;
  gint64 right = column_at (p, centre + half) + reach + 1;
  gint64 n = choose_columns (p);

  while (gst_tfr_look_is_whole (&p->look) && right >= n) {
    for (guint l = 0; l < p->n_lanes; l++) {
      for (guint i = 0; i < p->lanes[l].n_layers; i++)
        reassign_grid_halve (p->lanes[l].layers[i]);
      if (p->lanes[l].underlay != NULL)
        reassign_grid_halve (p->lanes[l].underlay);
    }
    p->columns_per_second /= 2;
    reach = (gint64) reassign_grid_reach (lane->layers[0]);
    right = column_at (p, centre + half) + reach + 1;
  }
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

static void
weigh (GstTfrPicture *p, gfloat scale)
{
  const gfloat *energy = SPOT (p, ENERGY), *mixed = SPOT (p, MIXED);
  gboolean all = p->look.prune == GST_TFR_PRUNE_NONE &&
                 p->look.components == GST_TFR_COMPONENTS_ALL;

  for (guint i = 0; i < p->spots.n; i++) {
    p->energies[i] = energy[i] * scale;
    if (mixed != NULL && !all)
      p->energies[i] *= weight_of (&p->look, mixed[i]);
  }
}

static void
place (GstTfrPicture *p, gint64 centre, gdouble sharpness)
{
  gdouble rate = p->header.rate, at = (gdouble) (centre - p->base);
  const gfloat *shift = SPOT (p, SHIFT), *bin = SPOT (p, BIN);
  const gfloat *frequency = SPOT (p, FREQUENCY);

  for (guint i = 0; i < p->spots.n; i++) {
    p->times[i] = (at + sharpness * shift[i]) / rate;
    p->frequencies[i] = bin[i] + sharpness * ((gdouble) frequency[i] - bin[i]);
  }
}

/* The spots [from, to) to one layer. */
static void
push_layer (
    GstTfrPicture *p, GstTfrLane *lane, guint layer, guint from, guint to)
{
  const gfloat *slope = SPOT (p, CHIRP_RATE);

  if (p->look.sharpness < 1) /* at its bin a point follows no chirp */
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

/* Draws the spots at hand. */
static void
draw_spots (GstTfrPicture *p, gint64 centre, guint channel)
{
  gboolean separate = p->look.channel_mode == GST_TFR_CHANNEL_MODE_SEPARATE;
  GstTfrColorBy by = color_by (p);
  GstTfrLane *lane;
  gboolean shared = !separate && by != GST_TFR_COLOR_BY_CHANNEL;

  if (p->n_lanes == 0 || (separate && channel >= p->n_lanes))
    return;
  lane = &p->lanes[separate ? channel : 0];
  make_room (p, lane, centre);
  weigh (p, shared ? 1.0f / p->header.channels : 1);
  place (p, centre, p->look.sharpness);
  switch (by) {
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

/* The share of the history that a frame may have. */
static guint
quota (const GstTfrPicture *p)
{
  gdouble frames =
      p->length / p->columns_per_second * p->header.rate / p->header.hop_size;
  gdouble share = p->history.capacity / (MAX (1, frames) * p->header.channels);

  return (guint) CLAMP (share, 1, G_MAXINT);
}

void
gst_tfr_picture_add (GstTfrPicture *p, const GstTfrBatch *batch, guint first,
    guint n, gint64 centre, guint channel)
{
  gint64 position = p->reverse ? -centre : centre;

  reserve (p, n);
  gst_tfr_picture_settle (p);
  if (p->n_lanes == 0)
    return;
  take_points (p, batch, first, n, centre);
  if (position <= p->frozen)
    draw_spots (p, position, channel);
  if (!gst_tfr_look_is_whole (&p->look))
    gst_tfr_history_push (&p->history, position, channel, &p->spots, quota (p));
}

/* ------------------------------------------------------------ looking ---- */

gint64
gst_tfr_picture_reach (GstTfrPicture *p)
{
  gst_tfr_picture_settle (p);
  if (p->n_lanes == 0)
    return 0;
  return (gint64) ceil (
      (gdouble) (reassign_grid_reach (p->lanes[0].layers[0]) + 1) /
      p->columns_per_second * p->header.rate);
}

gint64
gst_tfr_picture_take_dirty (GstTfrPicture *p)
{
  gint64 dirty = p->dirty;

  p->dirty = G_MAXINT64;
  return dirty;
}

gboolean
gst_tfr_picture_read (GstTfrPicture *p, gdouble time, gdouble seconds,
    guint lane, gdouble row, gdouble rows, GstTfrReading *reading)
{
  gboolean separate = p->look.channel_mode == GST_TFR_CHANNEL_MODE_SEPARATE;
  guint n = gst_tfr_history_length (&p->history);
  gdouble rate = p->header.rate, half = p->header.window_size / 2.0 / rate;
  gfloat best = 0;

  for (guint i = 0; i < n; i++) {
    const GstTfrHistoryFrame *frame = gst_tfr_history_peek (&p->history, i);
    gdouble centre = (gdouble) (frame->centre - p->base) / rate;

    if (fabs (centre - time) > seconds + half ||
        (separate && frame->channel != lane))
      continue;
    gst_tfr_history_read (&p->history, i, &p->spots);
    for (guint s = 0; s < p->spots.n; s++) {
      gdouble t = centre + SPOT (p, SHIFT)[s] / rate;
      gfloat f = SPOT (p, FREQUENCY)[s], energy = SPOT (p, ENERGY)[s];

      if (energy <= best || fabs (t - time) > seconds ||
          fabs (reassign_axis_row (&p->lanes[lane].axis, f) - row) > rows)
        continue;
      best = energy;
      *reading = (GstTfrReading){
        .time = t,
        .frequency = f,
        .mixed = SPOT (p, MIXED) != NULL ? SPOT (p, MIXED)[s] : NAN,
        .chirp_rate =
            SPOT (p, CHIRP_RATE) != NULL ? SPOT (p, CHIRP_RATE)[s] : NAN,
        .channel = frame->channel,
      };
    }
  }
  return best > 0;
}
