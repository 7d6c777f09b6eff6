/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "lanes.h"

#include <math.h>

/* How small a part of a window the time span may be.  Narrower ones would need
 * a grid of little but margins. */
#define SPANS_PER_WINDOW 4

/* A click's points are one bin apart, those of noise seldom more than two. */
#define JOINED_BINS 2.0

/* Columns for the widest footprint, both ways.  (Of points that are far from
 * each other it is a quarter of the whole's length at most.) */
#define DOTS_MARGIN 64

static void
clear_lane (GstTfrLane *lane)
{
  for (guint i = 0; i < lane->n_layers; i++)
    reassign_grid_free (lane->layers[i]);
  reassign_grid_free (lane->underlay);
  lane->n_layers = 0;
  lane->underlay = NULL;
}

void
gst_tfr_lanes_clear (GstTfrPicture *p)
{
  for (guint i = 0; i < p->n_lanes; i++)
    clear_lane (&p->lanes[i]);
  g_clear_pointer (&p->lanes, g_free);
  p->n_lanes = 0;
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
 * ahead of their frame, and their dots reach further; columns wait for as much
 * again. */
guint
gst_tfr_lanes_n_columns (const GstTfrPicture *p)
{
  const GstTfrHeader *h = &p->header;
  gdouble seconds = ((gdouble) h->window_size + 2.0 * h->hop_size) / h->rate;
  guint dots = DOTS_MARGIN + 16; /* and what is rounded up */
  gdouble margin = 2 * seconds * p->columns_per_second;

  if (gst_tfr_look_is_whole (&p->look))
    return 2 * p->length + p->length / 4 + DOTS_MARGIN;
  return p->length + (guint) MIN (margin, 4.0 * SPANS_PER_WINDOW * p->length) +
         dots;
}

static ReassignGrid *
make_grid (
    const GstTfrPicture *p, const ReassignAxis *axis, const gchar **wrong)
{
  gboolean partials = p->header.kind == GST_TFR_KIND_PARTIALS;
  const ReassignGridConfig config = {
    .axis = *axis,
    .columns_per_second = p->columns_per_second,
    .n_columns = gst_tfr_lanes_n_columns (p),
    .splat = p->look.splat,
    .splat_radius = p->look.splat_radius,
    .lines = p->look.follow_chirps || partials,
    .join = p->header.fft_size > 0 && !partials
                ? JOINED_BINS * p->header.rate / p->header.fft_size
                : 0,
    .sample_rate = p->header.rate,
    .hop = p->header.hop_size,
  };

  return reassign_grid_new (&config, wrong);
}

GstTfrColorBy
gst_tfr_lanes_color_by (const GstTfrPicture *p)
{
  if (p->look.channel_mode == GST_TFR_CHANNEL_MODE_OVERLAY)
    return GST_TFR_COLOR_BY_CHANNEL;
  return p->look.color_by;
}

static guint
count_layers (const GstTfrPicture *p)
{
  switch (gst_tfr_lanes_color_by (p)) {
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

static const gchar *
make_lane (GstTfrPicture *p, guint index, guint n)
{
  const gchar *wrong = NULL;
  GstTfrLane *lane = &p->lanes[index];
  guint n_layers = count_layers (p), place;

  /* the first channel on top, or at the left */
  place = p->look.orientation == GST_TFR_ORIENTATION_VERTICAL ? index
                                                              : n - 1 - index;
  lane->from = place * p->breadth / n;
  lane->n_rows = (place + 1) * p->breadth / n - lane->from;
  choose_axis (p, lane->n_rows, &lane->axis);
  while (lane->n_layers < n_layers && wrong == NULL)
    lane->layers[lane->n_layers++] = make_grid (p, &lane->axis, &wrong);
  if (p->look.underlay > 0 && wrong == NULL)
    lane->underlay = make_grid (p, &lane->axis, &wrong);
  return wrong;
}

const gchar *
gst_tfr_lanes_make (GstTfrPicture *p)
{
  gboolean separate = p->look.channel_mode == GST_TFR_CHANNEL_MODE_SEPARATE;
  GstTfrColorBy by = gst_tfr_lanes_color_by (p);
  const gchar *wrong = NULL;
  guint n;

  gst_tfr_lanes_clear (p);
  if (p->length == 0 || p->breadth == 0 || p->header.rate == 0)
    return NULL;
  p->columns_per_second = choose_columns_per_second (p);
  p->kind = by == GST_TFR_COLOR_BY_LEVEL   ? GST_TFR_LAYERS_LEVEL
            : by == GST_TFR_COLOR_BY_PHASE ? GST_TFR_LAYERS_PHASE
                                           : GST_TFR_LAYERS_HUES;
  n = separate ? MIN (p->header.channels, p->breadth) : 1;
  p->lanes = g_new0 (GstTfrLane, n);
  while (p->n_lanes < n && wrong == NULL)
    wrong = make_lane (p, p->n_lanes++, n);
  if (wrong != NULL)
    gst_tfr_lanes_clear (p);
  return wrong;
}

void
gst_tfr_lanes_halve (GstTfrPicture *p)
{
  for (guint l = 0; l < p->n_lanes; l++) {
    for (guint i = 0; i < p->lanes[l].n_layers; i++)
      reassign_grid_halve (p->lanes[l].layers[i]);
    if (p->lanes[l].underlay != NULL)
      reassign_grid_halve (p->lanes[l].underlay);
  }
  p->columns_per_second /= 2;
}
