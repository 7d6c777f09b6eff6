/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "picture.h"

#include <math.h>
#include <string.h>

/* For the points that can be drawn again. */
#define HISTORY_BUDGET (16 << 20)

/* Columns that are coloured together, so that the image is written in runs. */
#define STRIP 16

/* How many windows the width must at least be worth: 1 / this.  Narrower spans
 * would need a grid of little but margins. */
#define SPANS_PER_WINDOW 16

#define EVERYTHING G_MININT64

void
gst_tfr_picture_init (GstTfrPicture *p)
{
  memset (p, 0, sizeof *p);
  gst_tfr_look_init (&p->look);
  gst_tfr_history_init (&p->history, HISTORY_BUDGET);
}

static void
clear_lanes (GstTfrPicture *p)
{
  for (guint i = 0; i < p->n_lanes; i++)
    reassign_grid_free (p->lanes[i].grid);
  g_clear_pointer (&p->lanes, g_free);
  p->n_lanes = 0;
}

void
gst_tfr_picture_clear (GstTfrPicture *p)
{
  clear_lanes (p);
  gst_tfr_history_clear (&p->history);
  gst_tfr_spots_clear (&p->spots);
  g_clear_pointer (&p->times, g_free);
  g_clear_pointer (&p->frequencies, g_free);
  g_clear_pointer (&p->image, g_free);
  g_clear_pointer (&p->steps, g_free);
}

/* The whole stream in one picture: its length is not known before its end. */
static gboolean
shows_whole (const GstTfrPicture *p)
{
  return p->look.scroll_mode == GST_TFR_SCROLL_MODE_PAGE &&
         p->look.time_span == 0;
}

/* ---------------------------------------------------------------- lanes ---- */

static void
choose_axis (const GstTfrPicture *p, guint height, ReassignAxis *axis)
{
  gdouble nyquist = p->header.rate / 2.0;

  *axis = (ReassignAxis) {
    .scale = p->look.frequency_scale,
    .min_hz = p->look.min_frequency,
    .max_hz = p->look.max_frequency,
    .n_rows = height,
  };
  if (axis->max_hz == 0)
    axis->max_hz = MIN (nyquist, 16000);
  /* A range that is empty, or makes no axis, becomes one below the maximum. */
  if (axis->min_hz >= axis->max_hz || reassign_axis_init (axis) != NULL) {
    axis->min_hz =
        axis->scale == REASSIGN_SCALE_LOG ? axis->max_hz / 1000 : 0;
    reassign_axis_init (axis);
  }
}

static gdouble
choose_columns_per_second (const GstTfrPicture *p)
{
  const GstTfrHeader *h = &p->header;
  gdouble window = ((gdouble) h->window_size + h->hop_size) / h->rate;
  gdouble span = (gdouble) p->look.time_span / GST_SECOND;

  /* the whole: begin with columns that are narrow even for a click */
  if (shows_whole (p))
    return p->width / (8.0 * h->hop_size / h->rate);
  if (span == 0)
    span = 8;
  return p->width / MAX (span, window / SPANS_PER_WINDOW);
}

/* What the grid holds beside the width: points come in up to half a window ahead
 * of their frame, and columns wait for as much again. */
static guint
choose_columns (const GstTfrPicture *p)
{
  const GstTfrHeader *h = &p->header;
  gdouble seconds = ((gdouble) h->window_size + 2.0 * h->hop_size) / h->rate;
  gdouble margin = 2 * seconds * p->columns_per_second + 32;

  if (shows_whole (p))
    return 2 * p->width;
  return p->width + (guint) MIN (margin, 64.0 * p->width + 64);
}

static void
make_colours (GstTfrPicture *p)
{
  const GstTfrLook *look = &p->look;

  for (guint i = 0; i < p->n_lanes; i++) {
    GstTfrColours *c = &p->lanes[i].colours;

    if (look->channel_mode == GST_TFR_CHANNEL_MODE_OVERLAY)
      gst_tfr_colours_init_hue (
          c, i, p->n_lanes, look->min_level, look->max_level);
    else
      gst_tfr_colours_init (c, look->color_map, look->invert, look->min_level,
          look->max_level, &p->pixel);
  }
  p->dirty = EVERYTHING;
}

static guint
count_lanes (const GstTfrPicture *p)
{
  if (p->look.channel_mode == GST_TFR_CHANNEL_MODE_MIX)
    return 1;
  return MIN (p->header.channels, p->height);
}

static gboolean
make_lane (GstTfrPicture *p, guint index, guint n)
{
  gboolean separate = p->look.channel_mode == GST_TFR_CHANNEL_MODE_SEPARATE;
  gboolean mix = p->look.channel_mode == GST_TFR_CHANNEL_MODE_MIX;
  GstTfrLane *lane = &p->lanes[index];
  ReassignGridConfig config = {
    .columns_per_second = p->columns_per_second,
    .n_columns = choose_columns (p),
    .splat = p->look.splat,
    .splat_radius = p->look.splat_radius,
    .sample_rate = p->header.rate,
    .hop = p->header.hop_size,
    .energy = mix ? 1.0 / p->header.channels : 1.0,
  };
  const char *error;

  lane->top = separate ? index * p->height / n : 0;
  lane->height =
      separate ? (index + 1) * p->height / n - lane->top : p->height;
  choose_axis (p, lane->height, &config.axis);
  lane->grid = reassign_grid_new (&config, &error);
  if (lane->grid == NULL)
    GST_ERROR ("no grid: %s", error);
  return lane->grid != NULL;
}

static void draw_spots (GstTfrPicture *p, gint64 centre, guint channel);

/* Makes the lanes anew and draws the history into them. */
static void
rebuild (GstTfrPicture *p)
{
  guint n;

  clear_lanes (p);
  p->stale = FALSE;
  if (p->width == 0 || p->header.rate == 0)
    return;
  p->columns_per_second = choose_columns_per_second (p);
  n = count_lanes (p);
  p->lanes = g_new0 (GstTfrLane, n);
  while (p->n_lanes < n && make_lane (p, p->n_lanes, n))
    p->n_lanes++;
  make_colours (p);
  p->painted = 0;

  n = gst_tfr_history_length (&p->history);
  for (guint i = 0; i < n; i++) {
    const GstTfrHistoryFrame *frame =
        gst_tfr_history_get (&p->history, i, &p->spots);

    draw_spots (p, frame->centre, frame->channel);
  }
}

static void
settle (GstTfrPicture *p)
{
  if (p->stale)
    rebuild (p);
}

void
gst_tfr_picture_set_look (GstTfrPicture *p, const GstTfrLook *look)
{
  GstTfrLookChange change = gst_tfr_look_compare (&p->look, look);

  p->look = *look;
  if (change == GST_TFR_LOOK_SHAPE)
    p->stale = TRUE;
  else if (change == GST_TFR_LOOK_COLOURS)
    make_colours (p);
}

void
gst_tfr_picture_set_size (
    GstTfrPicture *p, guint width, guint height, const GstTfrPixel *pixel)
{
  if (p->width != width || p->height != height) {
    p->width = width;
    p->height = height;
    p->image = g_renew (guint32, p->image, (gsize) width * height);
    p->steps = g_renew (guint16, p->steps, (gsize) STRIP * height);
    p->stale = TRUE;
  }
  p->pixel = *pixel;
  make_colours (p);
}

void
gst_tfr_picture_set_stream (GstTfrPicture *p, const GstTfrHeader *header)
{
  const GstTfrHeader *h = &p->header;

  if (h->rate != header->rate || h->channels != header->channels ||
      h->hop_size != header->hop_size ||
      h->window_size != header->window_size)
    p->stale = TRUE;
  p->header = *header;
}

void
gst_tfr_picture_start (
    GstTfrPicture *p, const GstTfrHeader *header, gint64 base, gboolean reverse)
{
  gst_tfr_history_empty (&p->history);
  p->header = *header;
  p->base = base;
  p->reverse = reverse;
  p->stale = TRUE;
}

/* --------------------------------------------------------------- points ---- */

static void
reserve (GstTfrPicture *p, guint n)
{
  guint before = p->reserved;

  gst_tfr_spots_reserve (&p->spots, &p->reserved, n);
  if (p->reserved == before)
    return;
  p->times = g_renew (gdouble, p->times, p->reserved);
  p->frequencies = g_renew (gdouble, p->frequencies, p->reserved);
}

/* Takes over the sound ones among the points, relative to their frame. */
static void
take_points (GstTfrPicture *p, const GstTfrBatch *batch, guint first, guint n,
    gint64 centre)
{
  const GstTfrHeader *h = &batch->header;
  gdouble root_energy = sqrt (gst_tfr_header_point_energy (h));
  gdouble bin_hz = (gdouble) h->rate / h->fft_size;
  GstTfrSpots *s = &p->spots;

  s->n = 0;
  for (guint i = first; i < first + n; i++) {
    gdouble shift = batch->time[i] * h->rate - (gdouble) centre;
    gdouble frequency = batch->frequency[i];
    gdouble amplitude = batch->magnitude[i] * root_energy;

    /* all false for NaN */
    if (!(fabs (shift) <= h->window_size) || !(fabs (frequency) < G_MAXINT) ||
        !(fabs (amplitude) < 1e12)) {
      p->ignored++;
      continue;
    }
    s->shift[s->n] = (gfloat) (p->reverse ? -shift : shift);
    s->frequency[s->n] = (gfloat) frequency;
    s->bin[s->n] =
        (gfloat) (batch->bin != NULL ? batch->bin[i] * bin_hz : frequency);
    s->amplitude[s->n] = (gfloat) amplitude;
    s->n++;
  }
}

static gint64
column_at (const GstTfrPicture *p, gint64 position)
{
  return (gint64) floor ((gdouble) (position - p->base) / p->header.rate *
                         p->columns_per_second);
}

/* The columns that points of this frame can touch are made part of the grid. */
static void
make_room (GstTfrPicture *p, GstTfrLane *lane, gint64 centre)
{
  gint64 reach = (gint64) reassign_grid_reach (lane->grid);
  gint64 half = p->header.window_size / 2 + 1;
  gint64 right = column_at (p, centre + half) + reach + 1;
  gint64 n = choose_columns (p);

  while (shows_whole (p) && right >= n) {
    for (guint i = 0; i < p->n_lanes; i++)
      reassign_grid_halve (p->lanes[i].grid);
    p->columns_per_second /= 2;
    right = column_at (p, centre + half) +
            (gint64) reassign_grid_reach (lane->grid) + 1;
  }
  reassign_grid_advance (lane->grid, right - n + 1);
  p->dirty = MIN (p->dirty, column_at (p, centre - half) - reach);
}

/* Draws the spots at hand. */
static void
draw_spots (GstTfrPicture *p, gint64 centre, guint channel)
{
  gboolean mix = p->look.channel_mode == GST_TFR_CHANNEL_MODE_MIX;
  GstTfrLane *lane = &p->lanes[mix ? 0 : channel];
  gdouble rate = p->header.rate, sharp = p->look.sharpness;
  gdouble at = (gdouble) (centre - p->base);
  GstTfrSpots *s = &p->spots;

  if (!mix && channel >= p->n_lanes)
    return;
  make_room (p, lane, centre);
  for (guint i = 0; i < s->n; i++) {
    p->times[i] = (at + sharp * s->shift[i]) / rate;
    p->frequencies[i] =
        s->bin[i] + sharp * ((gdouble) s->frequency[i] - s->bin[i]);
  }
  reassign_grid_push (
      lane->grid, p->times, p->frequencies, s->amplitude, s->n);
}

/* The share of the history that a frame may have. */
static guint
quota (const GstTfrPicture *p)
{
  gdouble frames = p->width / p->columns_per_second * p->header.rate /
                   p->header.hop_size;
  gdouble share = p->history.capacity /
                  (MAX (1, frames) * p->header.channels);

  return (guint) CLAMP (share, 1, G_MAXINT);
}

void
gst_tfr_picture_add (GstTfrPicture *p, const GstTfrBatch *batch, guint first,
    guint n, gint64 centre, guint channel)
{
  gint64 position = p->reverse ? -centre : centre;

  reserve (p, n);
  settle (p);
  if (p->n_lanes == 0)
    return;
  take_points (p, batch, first, n, centre);
  draw_spots (p, position, channel);
  if (!shows_whole (p))
    gst_tfr_history_push (&p->history, position, channel, &p->spots, quota (p));
}

gint64
gst_tfr_picture_reach (GstTfrPicture *p)
{
  settle (p);
  if (p->n_lanes == 0)
    return 0;
  return (gint64) ceil ((gdouble) (reassign_grid_reach (p->lanes[0].grid) + 1) /
                        p->columns_per_second * p->header.rate);
}

/* --------------------------------------------------------------- pixels ---- */

/* A channel of 0xrrggbb added to another, each byte up to 255. */
static guint32
add_saturated (guint32 a, guint32 b)
{
  guint32 sum = 0;

  for (guint shift = 0; shift < 24; shift += 8)
    sum |= MIN ((a >> shift & 0xff) + (b >> shift & 0xff), 255) << shift;
  return sum;
}

/* Steps of a strip's columns, [count][lane height]. */
static void
find_steps (GstTfrPicture *p, const GstTfrLane *lane, gint64 from, guint count)
{
  gfloat scale = (gfloat) reassign_grid_cell_scale (lane->grid);

  for (guint i = 0; i < count; i++) {
    const gfloat *cells = reassign_grid_column (lane->grid, from + i);
    guint16 *steps = p->steps + (gsize) i * lane->height;

    if (cells == NULL)
      memset (steps, 0, lane->height * sizeof *steps);
    else
      gst_tfr_colours_steps (
          &lane->colours, cells, scale, lane->height, steps);
  }
}

/* Columns [from, from + count), which do not wrap in the image. */
static void
paint_strip (GstTfrPicture *p, gint64 from, guint count)
{
  gboolean overlay = p->look.channel_mode == GST_TFR_CHANNEL_MODE_OVERLAY;
  gint64 x = from % p->width;

  x += x < 0 ? p->width : 0;
  for (guint l = 0; l < p->n_lanes; l++) {
    const GstTfrLane *lane = &p->lanes[l];
    const guint32 *pixels = lane->colours.pixels;

    find_steps (p, lane, from, count);
    for (guint row = 0; row < lane->height; row++) {
      gsize y = lane->top + lane->height - 1 - row;
      guint32 *to = p->image + y * p->width + x;
      const guint16 *steps = p->steps + row;

      for (guint i = 0; i < count; i++) {
        guint32 pixel = pixels[steps[(gsize) i * lane->height]];

        to[i] = overlay && l > 0 ? add_saturated (to[i], pixel) : pixel;
      }
    }
  }
  for (guint y = 0; overlay && y < p->height; y++) {
    guint32 *to = p->image + (gsize) y * p->width + x;

    for (guint i = 0; i < count; i++)
      to[i] = gst_tfr_pixel_pack (&p->pixel, p->look.invert ? ~to[i] : to[i]);
  }
}

static void
paint (GstTfrPicture *p, gint64 from, gint64 end)
{
  while (from < end) {
    gint64 x = from % p->width;
    gint64 count;

    x += x < 0 ? p->width : 0;
    count = MIN (MIN (end - from, STRIP), p->width - x);
    paint_strip (p, from, (guint) count);
    from += count;
  }
}

/* First column after the one that holds the moment. */
static gint64
column_end (const GstTfrPicture *p, gdouble edge)
{
  return (gint64) ceil (edge * p->columns_per_second - 1e-6);
}

static void
copy_row (guint32 *to, const guint32 *ring, gsize start, gsize n)
{
  memcpy (to, ring + start, (n - start) * sizeof *to);
  memcpy (to + n - start, ring, start * sizeof *to);
}

static void
copy_row_reversed (guint32 *to, const guint32 *ring, gsize start, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[n - 1 - i] = ring[start + i < n ? start + i : start + i - n];
}

/* The image with the column after the newest, which is also the oldest, first. */
static void
copy_image (const GstTfrPicture *p, gint64 end, guint32 *to, gsize stride)
{
  gsize n = p->width;
  gsize start = (gsize) (((end % (gint64) n) + (gint64) n) % (gint64) n);

  for (guint y = 0; y < p->height; y++) {
    const guint32 *ring = p->image + (gsize) y * n;

    switch (p->look.scroll_mode) {
      case GST_TFR_SCROLL_MODE_SCROLL:
        copy_row (to + y * stride, ring, start, n);
        break;
      case GST_TFR_SCROLL_MODE_SCROLL_REVERSE:
        copy_row_reversed (to + y * stride, ring, start, n);
        break;
      case GST_TFR_SCROLL_MODE_SWEEP:
        memcpy (to + y * stride, ring, n * sizeof *to);
        /* the cursor */
        to[y * stride + start] = gst_tfr_pixel_pack (&p->pixel, 0xe0e0e0);
        break;
      case GST_TFR_SCROLL_MODE_PAGE:
        memcpy (to + y * stride, ring, n * sizeof *to);
        break;
    }
  }
}

/* All that has been drawn so far, over the whole width. */
static void
draw_whole (GstTfrPicture *p, gdouble length, guint32 *to, gsize stride)
{
  gdouble used = length * p->columns_per_second, width = used / p->width;

  for (guint l = 0; l < p->n_lanes; l++) {
    const GstTfrLane *lane = &p->lanes[l];
    gfloat scale = (gfloat) (reassign_grid_cell_scale (lane->grid) / width);
    gfloat *cells = g_new (gfloat, lane->height);

    for (guint x = 0; x < p->width; x++) {
      gdouble from = x * width, end = from + width;

      memset (cells, 0, lane->height * sizeof *cells);
      for (gint64 c = (gint64) from; c < end; c++) {
        const gfloat *column = reassign_grid_column (lane->grid, c);
        gdouble left = (gdouble) c;
        gfloat share = (gfloat) (MIN (end, left + 1) - MAX (from, left));

        for (guint r = 0; column != NULL && r < lane->height; r++)
          cells[r] += column[r] * share;
      }
      gst_tfr_colours_steps (
          &lane->colours, cells, scale, lane->height, p->steps);
      for (guint r = 0; r < lane->height; r++) {
        gsize y = lane->top + lane->height - 1 - r;
        guint32 pixel = lane->colours.pixels[p->steps[r]];
        guint32 *at = to + y * stride + x;

        *at = l > 0 && lane->top == 0 ? add_saturated (*at, pixel) : pixel;
      }
    }
    g_free (cells);
  }
  if (p->look.channel_mode == GST_TFR_CHANNEL_MODE_OVERLAY)
    for (guint y = 0; y < p->height; y++)
      for (guint x = 0; x < p->width; x++) {
        guint32 *at = to + y * stride + x;

        *at = gst_tfr_pixel_pack (&p->pixel, p->look.invert ? ~*at : *at);
      }
}

void
gst_tfr_picture_draw (
    GstTfrPicture *p, gdouble edge, guint32 *to, gsize stride)
{
  gint64 end;

  settle (p);
  if (p->n_lanes == 0) {
    for (guint y = 0; y < p->height; y++)
      memset (to + y * stride, 0, p->width * sizeof *to);
    return;
  }
  if (shows_whole (p)) {
    draw_whole (p, edge, to, stride);
    return;
  }
  end = column_end (p, edge);
  paint (p, MAX (MIN (p->dirty, p->painted), end - p->width), end);
  p->painted = end;
  p->dirty = end;
  copy_image (p, end, to, stride);
}
