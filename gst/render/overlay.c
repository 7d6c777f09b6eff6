/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "overlay.h"

#include "panel.h"
#include "ticks.h"

#include <math.h>
#include <string.h>

#define GRID_ALPHA 0x40000000u
#define BOX_COLOR 0xd0101010u

void
gst_tfr_overlay_init (GstTfrOverlay *o)
{
  memset (o, 0, sizeof *o);
}

void
gst_tfr_overlay_clear (GstTfrOverlay *o)
{
  gst_tfr_text_free (o->text);
  g_free (o->still.pixels);
  g_free (o->held);
  g_free (o->when);
  g_strfreev (o->readout);
  memset (o, 0, sizeof *o);
}

void
gst_tfr_overlay_touch (GstTfrOverlay *o)
{
  o->stale = TRUE;
}

void
gst_tfr_overlay_set_size (GstTfrOverlay *o, const GstTfrLook *look, gint width,
    gint height, const GstTfrPixel *pixel)
{
  gst_tfr_text_free (o->text);
  o->text = gst_tfr_text_new (
      look->font_desc, gst_tfr_frame_layout_font_size (width, height));
  gst_tfr_frame_layout_init (&o->layout, look, width, height,
      gst_tfr_text_digit (o->text), gst_tfr_text_line (o->text));
  o->still.width = width;
  o->still.height = height;
  o->still.stride = (gsize) width;
  o->still.pixel = *pixel;
  o->still.pixels =
      g_renew (guint32, o->still.pixels, (gsize) width * (gsize) height);
  o->stale = TRUE;
}

/* Along which way of the frame time runs. */
static gboolean
is_vertical (const GstTfrPicture *p)
{
  return p->look.orientation == GST_TFR_ORIENTATION_VERTICAL;
}

/* ------------------------------------------------- the frequency axis ---- */

/* Where a place on the frequency axis is in the frame. */
static gint
frequency_px (const GstTfrOverlay *o, const GstTfrPicture *p, gdouble place)
{
  const GstTfrRect *plot = &o->layout.plot;

  return is_vertical (p) ? plot->x + (gint) place
                         : plot->y + plot->h - 1 - (gint) place;
}

/* Labels of a lane must not touch those of the next: all lie inside. */
static GArray *
find_frequencies (const GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrLane *lane, gboolean notes)
{
  gdouble spacing = is_vertical (p) ? 5.0 * gst_tfr_text_digit (o->text)
                                    : 1.2 * o->layout.em;

  return notes ? gst_tfr_ticks_notes (
                     &lane->axis, p->look.tuning, spacing, TRUE)
               : gst_tfr_ticks_frequency (&lane->axis, spacing, TRUE);
}

/* A tick of `size` px in a strip at one side of the plot (before: left or
 * below). */
static void
draw_frequency_tick (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrTick *tick, gint at, gboolean before, const GstTfrRect *strip)
{
  GstTfrCanvas *canvas = &o->still;
  guint32 color = p->look.foreground_color;
  gint em = o->layout.em, size = tick->text[0] != '\0' ? em / 3 : em / 6;
  gint edge;

  if (is_vertical (p)) {
    edge = before ? strip->y : strip->y + strip->h - size;
    gst_tfr_canvas_fill (canvas, &(GstTfrRect){ at, edge, 1, size }, color);
    gst_tfr_canvas_write (canvas, o->text, tick->text, at,
        before ? strip->y + em / 3 + 1 : strip->y, 0.5, color);
  } else {
    edge = before ? strip->x + strip->w - size : strip->x;
    gst_tfr_canvas_fill (canvas, &(GstTfrRect){ edge, at, size, 1 }, color);
    gst_tfr_canvas_write (canvas, o->text, tick->text,
        before ? strip->x + strip->w - em / 3 - 2 : strip->x + em / 3 + 2,
        at - em / 2, before ? 1 : 0, color);
  }
}

/* The labels of one lane in one strip. */
static void
draw_frequencies (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrLane *lane, gboolean notes, gboolean before,
    const GstTfrRect *strip)
{
  GArray *ticks = find_frequencies (o, p, lane, notes);

  for (guint i = 0; i < ticks->len; i++) {
    const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);

    draw_frequency_tick (o, p, tick,
        frequency_px (o, p, lane->from + tick->place), before, strip);
  }
  g_array_unref (ticks);
}

static void
draw_frequency_axis (GstTfrOverlay *o, const GstTfrPicture *p)
{
  const GstTfrFrameLayout *l = &o->layout;
  gboolean notes = p->look.frequency_labels == GST_TFR_FREQUENCY_LABELS_NOTES;

  for (guint i = 0; i < p->n_lanes && l->frequency.w > 0; i++) {
    draw_frequencies (o, p, &p->lanes[i], notes, TRUE, &l->frequency);
    if (l->notes.w > 0)
      draw_frequencies (o, p, &p->lanes[i], TRUE, FALSE, &l->notes);
  }
  if (l->frequency.w > 0 && l->time.w > 0 && !notes && !is_vertical (p))
    gst_tfr_canvas_write (&o->still, o->text, "Hz",
        l->frequency.x + l->frequency.w - l->em / 3 - 2,
        l->time.y + l->em / 3 + 1, 1, p->look.foreground_color);
}

/* ----------------------------------------------------- the colour bar ---- */

/* Where hues tell layers apart, each has a part of the bar's width. */
static void
draw_bar_colours (GstTfrOverlay *o, const GstTfrImage *im,
    const GstTfrPicture *p, const GstTfrRect *bar)
{
  gint n = p->kind == GST_TFR_LAYERS_HUES && p->n_lanes > 0
               ? (gint) p->lanes[0].n_layers
               : 1;

  for (gint y = 0; y < bar->h; y++) {
    guint step =
        (guint) ((bar->h - 1 - y) * (GST_TFR_COLOUR_STEPS - 1) / (bar->h - 1));

    for (gint i = 0; i < n; i++) {
      gint from = bar->w * i / n, to = bar->w * (i + 1) / n;

      gst_tfr_canvas_fill (&o->still,
          &(GstTfrRect){ bar->x + from, bar->y + y, to - from, 1 },
          0xff000000 | gst_tfr_image_legend (im, p, (guint) i, step));
    }
  }
}

static void
draw_bar (GstTfrOverlay *o, const GstTfrImage *im, const GstTfrPicture *p)
{
  const GstTfrFrameLayout *l = &o->layout;
  gint em = l->em, x = l->bar.x + em / 2, top = l->bar.y + em + em / 2;
  gint height = l->bar.y + l->bar.h - top;
  guint32 color = p->look.foreground_color;
  GArray *ticks;

  if (l->bar.w == 0 || height < 2 * em)
    return;
  gst_tfr_canvas_write (
      &o->still, o->text, "dBFS", l->bar.x + em / 2, l->bar.y, 0, color);
  draw_bar_colours (o, im, p, &(GstTfrRect){ x, top, em, height });
  ticks = gst_tfr_ticks_linear (
      im->min_level, im->max_level, height, MAX (1.3 * em, height / 9.0), TRUE);
  for (guint i = 0; i < ticks->len; i++) {
    const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);
    gint y = top + height - 1 - (gint) tick->place;

    gst_tfr_canvas_fill (
        &o->still, &(GstTfrRect){ x + em, y, em / 3, 1 }, color);
    gst_tfr_canvas_write (&o->still, o->text, tick->text,
        x + em + em / 3 + 2 + 4 * gst_tfr_text_digit (o->text), y - em / 2, 1,
        color);
  }
  g_array_unref (ticks);
}

static void
draw_info (GstTfrOverlay *o, const GstTfrPicture *p)
{
  static const gchar *const families[] = { "window", "kaiser-smooth", "kaiser",
    "hann", "hamming", "blackman", "blackman-harris", "nuttall", "gaussian",
    "dpss" };
  const GstTfrHeader *h = &p->header;
  const GstTfrFrameLayout *l = &o->layout;
  gchar *line;

  if (l->info.w == 0)
    return;
  line = g_strdup_printf (
      "%s %u (%.1f ms), hop %u, fft %u, %u Hz, %u channel%s",
      h->window_family < G_N_ELEMENTS (families) ? families[h->window_family]
                                                 : families[0],
      h->window_size, 1e3 * h->window_size / h->rate, h->hop_size, h->fft_size,
      h->rate, h->channels, h->channels == 1 ? "" : "s");
  gst_tfr_canvas_write (&o->still, o->text, line, l->info.x, l->info.y + 2, 0,
      p->look.foreground_color);
  g_free (line);
}

static void
draw_still (GstTfrOverlay *o, const GstTfrImage *im, const GstTfrPicture *p)
{
  const GstTfrFrameLayout *l = &o->layout;

  gst_tfr_canvas_fill (&o->still, &(GstTfrRect){ 0, 0, l->width, l->height },
      p->look.background_color | 0xff000000);
  draw_frequency_axis (o, p);
  draw_bar (o, im, p);
  draw_info (o, p);
  o->stale = FALSE;
  o->serial++;
}

/* ------------------------------------------------------ the time axis ---- */

/* px between time labels at least. */
static gdouble
time_spacing (const GstTfrOverlay *o, const GstTfrPicture *p)
{
  return is_vertical (p) ? 2.0 * o->layout.em
                         : 9.0 * gst_tfr_text_digit (o->text);
}

/* A stretch of the image and the times that it shows. */
typedef struct {
  gdouble from_px, to_px;     /* along the image's length */
  gdouble from_time, to_time; /* s after the base; may run backward */
} Stretch;

/* One, or two in a sweep: this one and what is left of the one before. */
static guint
find_stretches (
    const GstTfrPicture *p, const GstTfrMoment *moment, Stretch *stretches)
{
  gdouble n = p->length, cps = p->columns_per_second;
  gdouble end = (gdouble) gst_tfr_image_end (p, moment->edge);
  gdouble cursor = fmod (end, n);

  if (gst_tfr_look_is_whole (&p->look)) {
    stretches[0] = (Stretch){ 0, n, 0, moment->edge };
    return 1;
  }
  switch (p->look.scroll_mode) {
    case GST_TFR_SCROLL_MODE_SCROLL_REVERSE:
      stretches[0] = (Stretch){ 0, n, end / cps, (end - n) / cps };
      return 1;
    case GST_TFR_SCROLL_MODE_SWEEP:
      if (cursor == 0)
        break;
      stretches[0] = (Stretch){ 0, cursor, (end - cursor) / cps, end / cps };
      stretches[1] =
          (Stretch){ cursor, n, (end - n) / cps, (end - cursor) / cps };
      return 2;
    case GST_TFR_SCROLL_MODE_SCROLL:
    case GST_TFR_SCROLL_MODE_PAGE:
      break;
  }
  stretches[0] = (Stretch){ 0, n, (end - n) / cps, end / cps };
  return 1;
}

static void
draw_time_tick (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrTick *tick, gdouble px, GstTfrCanvas *canvas)
{
  const GstTfrFrameLayout *l = &o->layout;
  const GstTfrRect *plot = &l->plot;
  guint32 color = p->look.foreground_color;
  gint em = l->em, digit = gst_tfr_text_digit (o->text);
  gint x = plot->x + (gint) floor (px);
  gint y = plot->y + plot->h - 1 - (gint) floor (px);
  gint half = gst_tfr_text_width (o->text, tick->text) / 2 + digit / 2;

  if (is_vertical (p)) {
    if (l->time.w == 0 || y - em / 2 < 0 || y + em / 2 > l->height)
      return;
    gst_tfr_canvas_fill (canvas,
        &(GstTfrRect){ l->time.x + l->time.w - em / 3, y, em / 3, 1 }, color);
    gst_tfr_canvas_write (canvas, o->text, tick->text,
        l->time.x + l->time.w - em / 3 - 2, y - em / 2, 1, color);
    return;
  }
  if (l->time.w == 0)
    return;
  gst_tfr_canvas_fill (canvas, &(GstTfrRect){ x, l->time.y, 1, em / 3 }, color);
  /* neither out of the frame nor into the corner where the unit stands */
  if (x + half <= l->width && x - half >= plot->x - digit)
    gst_tfr_canvas_write (
        canvas, o->text, tick->text, x, l->time.y + em / 3 + 1, 0.5, color);
}

static void
draw_times (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, const Stretch *s, GstTfrCanvas *canvas)
{
  gboolean ago = p->look.time_labels == GST_TFR_TIME_LABELS_AGO;
  gdouble direction = ago ? 1 : moment->direction;
  gdouble origin = ago ? -moment->edge : moment->origin;
  gdouble first = origin + direction * s->from_time;
  gdouble last = origin + direction * s->to_time;
  gdouble length = s->to_px - s->from_px;
  gdouble spacing =
      is_vertical (p) ? 2.0 * o->layout.em : 9.0 * gst_tfr_text_digit (o->text);
  GArray *ticks = gst_tfr_ticks_time (
      MIN (first, last), MAX (first, last), length, spacing, FALSE);

  for (guint i = 0; i < ticks->len; i++) {
    GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);
    gdouble px = last > first ? tick->place : length - tick->place;

    /* what lies before the beginning has no time */
    if (tick->value < 0 && !ago)
      continue;
    if (px >= 0 && px < length)
      draw_time_tick (o, p, tick, s->from_px + px, canvas);
  }
  g_array_unref (ticks);
}

/* The image draws these itself, so that they move with it. */
static void
find_lines (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, GstTfrLines *lines)
{
  gboolean ago = p->look.time_labels == GST_TFR_TIME_LABELS_AGO;
  gdouble seconds = gst_tfr_look_is_whole (&p->look)
                        ? moment->edge
                        : p->length / p->columns_per_second;

  *lines = (GstTfrLines) { .origin = moment->origin,
    .direction = moment->direction,
    .color = (p->look.foreground_color & 0xffffff) | GRID_ALPHA };
  if (!(p->look.axes & GST_TFR_AXES_GRID) || p->n_lanes == 0)
    return;
  if (!ago)
    lines->step = gst_tfr_ticks_time_step (
        seconds * fabs (moment->direction), p->length, time_spacing (o, p));
  lines->rows = g_new0 (guint8, p->breadth);
  for (guint l = 0; l < p->n_lanes; l++) {
    const GstTfrLane *lane = &p->lanes[l];
    GArray *ticks = find_frequencies (o, p, lane,
        p->look.frequency_labels == GST_TFR_FREQUENCY_LABELS_NOTES);

    for (guint i = 0; i < ticks->len; i++) {
      const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);
      guint row = lane->from + (guint) tick->place;

      if (tick->text[0] != '\0' && row < p->breadth)
        lines->rows[row] = TRUE;
    }
    g_array_unref (ticks);
  }
}

/* -------------------------------------------------------- the readout ---- */

void
gst_tfr_overlay_set_readout (
    GstTfrOverlay *o, gchar **lines, gdouble x, gdouble y)
{
  g_strfreev (o->readout);
  o->readout = lines;
  o->pointer_x = x;
  o->pointer_y = y;
}

/* A box beside the pointer, on the side where there is room. */
static void
draw_readout (GstTfrOverlay *o, const GstTfrImage *im, const GstTfrPicture *p,
    GstTfrShown *shown, GstTfrCanvas *canvas)
{
  gint64 from, to;
  gint n = o->readout != NULL ? (gint) g_strv_length (o->readout) : 0;
  gint em = o->layout.em, pad = em / 3, width = 0;
  gint height = n * em + 2 * pad;
  gint x = (gint) o->pointer_x + em, y = (gint) o->pointer_y + em / 2;

  if (n == 0)
    return;
  for (gint i = 0; i < n; i++)
    width = MAX (width, gst_tfr_text_width (o->text, o->readout[i]));
  width += 2 * pad;
  if (x + width > canvas->width)
    x = (gint) o->pointer_x - em - width;
  if (y + height > canvas->height)
    y = (gint) o->pointer_y - em / 2 - height;
  x = MAX (x, 0);
  y = MAX (y, 0);
  gst_tfr_canvas_fill (
      canvas, &(GstTfrRect) { x, y, width, height }, BOX_COLOR);
  gst_tfr_image_columns (
      im, p, shown, x - o->layout.plot.x, width, &from, &to);
  gst_tfr_shown_spoil (shown, from, to);
  for (gint i = 0; i < n; i++)
    gst_tfr_canvas_write (canvas, o->text, o->readout[i], x + pad,
        y + pad + i * em, 0, 0xffffffff);
}

/* -------------------------------------------------------------- frame ---- */

/* Of the margins those that change from frame to frame, or all. */
static void
copy_margins (const GstTfrOverlay *o, gboolean all, GstTfrCanvas *canvas)
{
  const GstTfrFrameLayout *l = &o->layout;
  const GstTfrRect *p = &l->plot;
  gint width = l->width, height = l->height;
  const GstTfrRect margins[] = {
    { 0, 0, width, p->y },
    { 0, p->y + p->h, width, height - p->y - p->h },
    { 0, p->y, p->x, p->h },
    { p->x + p->w, p->y, width - p->x - p->w, p->h },
  };
  /* labels of times may stand beyond the ends of their strip */
  const GstTfrRect below = { 0, l->time.y, width, l->time.h };
  const GstTfrRect beside = { 0, 0, l->time.w, height };

  for (guint i = 0; all && i < G_N_ELEMENTS (margins); i++)
    gst_tfr_canvas_copy (canvas, &o->still, &margins[i]);
  if (all)
    return;
  if (l->time.w > 0)
    gst_tfr_canvas_copy (
        canvas, &o->still, l->time.x < p->x ? &beside : &below);
  if (l->panel.w > 0)
    gst_tfr_canvas_copy (canvas, &o->still, &l->panel);
}

void
gst_tfr_overlay_prepare (GstTfrOverlay *o, GstTfrImage *im,
    const GstTfrPicture *p, const GstTfrMoment *moment)
{
  GstTfrLines lines;

  if (!o->stale)
    return;
  draw_still (o, im, p);
  find_lines (o, p, moment, &lines);
  gst_tfr_image_set_lines (im, &lines);
}

void
gst_tfr_overlay_draw (GstTfrOverlay *o, const GstTfrImage *im,
    const GstTfrPicture *p, const GstTfrMoment *moment, GstTfrShown *shown,
    guint64 *serial, GstTfrCanvas *canvas)
{
  Stretch stretches[2];
  guint n;

  copy_margins (o, *serial != o->serial, canvas);
  *serial = o->serial;
  if (p->n_lanes == 0)
    return;
  n = o->layout.time.w > 0 ? find_stretches (p, moment, stretches) : 0;
  for (guint i = 0; i < n; i++)
    draw_times (o, p, moment, &stretches[i], canvas);
  if (o->layout.panel.w > 0)
    gst_tfr_panel_draw (o, im, p, moment, canvas);
  draw_readout (o, im, p, shown, canvas);
}

gboolean
gst_tfr_overlay_locate (const GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, gdouble x, gdouble y, gdouble *time,
    gdouble *row)
{
  const GstTfrRect *plot = &o->layout.plot;
  gdouble along = is_vertical (p) ? plot->y + plot->h - y : x - plot->x;
  gdouble up = is_vertical (p) ? x - plot->x : plot->y + plot->h - y;
  Stretch stretches[2];
  guint n;

  if (p->n_lanes == 0 || x < plot->x || y < plot->y || x >= plot->x + plot->w ||
      y >= plot->y + plot->h)
    return FALSE;
  n = find_stretches (p, moment, stretches);
  for (guint i = 0; i < n; i++) {
    const Stretch *s = &stretches[i];
    gdouble part = (along - s->from_px) / (s->to_px - s->from_px);

    if (part >= 0 && part <= 1)
      *time = s->from_time + part * (s->to_time - s->from_time);
  }
  *row = up;
  return TRUE;
}
