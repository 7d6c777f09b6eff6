/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "still.h"

/* ------------------------------------------------- the frequency axis ---- */

/* Where a place on the frequency axis is in the frame. */
static gint
frequency_px (const GstTfrOverlay *o, const GstTfrPicture *p, gdouble place)
{
  const GstTfrRect *plot = &o->layout.plot;

  return gst_tfr_overlay_is_vertical (p) ? plot->x + (gint) place
                                         : plot->y + plot->h - 1 - (gint) place;
}

/* Labels of a lane must not touch those of the next: all lie inside. */
GArray *
gst_tfr_still_frequencies (const GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrLane *lane, gboolean notes)
{
  gdouble spacing = gst_tfr_overlay_is_vertical (p)
                        ? 5.0 * gst_tfr_text_digit (o->text)
                        : 1.3 * o->layout.em;

  return notes
             ? gst_tfr_ticks_notes (&lane->axis, p->look.tuning, spacing, TRUE)
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

  if (gst_tfr_overlay_is_vertical (p)) {
    edge = before ? strip->y : strip->y + strip->h - size;
    gst_tfr_canvas_fill (
        canvas, &(GstTfrRect){ at, edge, o->layout.line, size }, color);
    gst_tfr_canvas_write (canvas, o->text, tick->text, at,
        before ? strip->y + em / 3 + 1 : strip->y, 0.5, color);
  } else {
    edge = before ? strip->x + strip->w - size : strip->x;
    gst_tfr_canvas_fill (
        canvas, &(GstTfrRect){ edge, at, size, o->layout.line }, color);
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
  GArray *ticks = gst_tfr_still_frequencies (o, p, lane, notes);

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
  if (l->frequency.w > 0 && l->time.w > 0 && !notes &&
      !gst_tfr_overlay_is_vertical (p))
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
  gint n = p->kind == GST_TFR_LAYERS_HUES ? (gint) p->lanes[0].n_layers : 1;

  for (gint y = 0; y < bar->h; y++) {
    guint step =
        (guint) ((bar->h - 1 - y) * (GST_TFR_COLOUR_STEPS - 1) / (bar->h - 1));

    for (gint i = 0; i < n; i++) {
      gint from = bar->w * i / n, to = bar->w * (i + 1) / n;

      gst_tfr_canvas_fill (&o->still,
          &(GstTfrRect){ bar->x + from, bar->y + y, to - from, 1 },
          0xff000000 | gst_tfr_shades_legend (&im->shades, p, (guint) i, step));
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
  ticks = gst_tfr_ticks_linear (im->shades.min_level, im->shades.max_level,
      height, MAX (1.3 * em, height / 9.0), TRUE);
  for (guint i = 0; i < ticks->len; i++) {
    const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);
    gint y = top + height - 1 - (gint) tick->place;

    gst_tfr_canvas_fill (
        &o->still, &(GstTfrRect){ x + em, y, em / 3, l->line }, color);
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
  const gchar *family = families[0];
  gchar *parts[6] = { NULL };
  GString *line = g_string_new (NULL);

  if (h->window_family < G_N_ELEMENTS (families))
    family = families[h->window_family];
  parts[0] = g_strdup_printf ("%s %u", family, h->window_size);
  parts[1] = g_strdup_printf (" (%.1f ms)", 1e3 * h->window_size / h->rate);
  parts[2] = g_strdup_printf (", hop %u", h->hop_size);
  parts[3] = g_strdup_printf (", fft %u", h->fft_size);
  parts[4] = g_strdup_printf (", %u Hz", h->rate);
  parts[5] = g_strdup_printf (
      ", %u channel%s", h->channels, h->channels == 1 ? "" : "s");
  /* as much as there is room for */
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    gsize before = line->len;

    g_string_append (line, parts[i]);
    g_free (parts[i]);
    if (gst_tfr_text_width (o->text, line->str) > l->width - l->info.x)
      g_string_truncate (line, before);
  }
  if (l->info.w > 0 && h->rate > 0)
    gst_tfr_canvas_write (&o->still, o->text, line->str, l->info.x,
        l->info.y + 2, 0, p->look.foreground_color);
  g_string_free (line, TRUE);
}

void
gst_tfr_still_draw (
    GstTfrOverlay *o, const GstTfrImage *im, const GstTfrPicture *p)
{
  const GstTfrFrameLayout *l = &o->layout;

  gst_tfr_canvas_fill (&o->still, &(GstTfrRect){ 0, 0, l->width, l->height },
      p->look.background_color | 0xff000000);
  draw_frequency_axis (o, p);
  draw_bar (o, im, p);
  draw_info (o, p);
}
