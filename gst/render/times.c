/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "times.h"

#include <math.h>
#include <string.h>

/* More are no help. */
#define MOST_LABELS 12

gdouble
gst_tfr_times_spacing (const GstTfrOverlay *o, const GstTfrPicture *p)
{
  gdouble least = gst_tfr_overlay_is_vertical (p)
                      ? 2.0 * o->layout.em
                      : 7.0 * gst_tfr_text_digit (o->text);

  return MAX (least, p->length / (gdouble) MOST_LABELS);
}

guint
gst_tfr_times_find_stretches (const GstTfrPicture *p,
    const GstTfrMoment *moment, GstTfrStretch *stretches)
{
  gdouble n = p->length, cps = p->columns_per_second;
  gdouble end = (gdouble) gst_tfr_image_end (p, moment->edge);
  gdouble cursor = fmod (end, n);

  if (gst_tfr_look_is_whole (&p->look)) {
    stretches[0] = (GstTfrStretch){ 0, n, 0, moment->edge };
    return 1;
  }
  switch (p->look.scroll_mode) {
    case GST_TFR_SCROLL_MODE_SCROLL_REVERSE:
      stretches[0] = (GstTfrStretch){ 0, n, end / cps, (end - n) / cps };
      return 1;
    case GST_TFR_SCROLL_MODE_SWEEP:
      if (cursor == 0)
        break;
      stretches[0] =
          (GstTfrStretch){ 0, cursor, (end - cursor) / cps, end / cps };
      stretches[1] =
          (GstTfrStretch){ cursor, n, (end - n) / cps, (end - cursor) / cps };
      return 2;
    case GST_TFR_SCROLL_MODE_SCROLL:
    case GST_TFR_SCROLL_MODE_PAGE:
      break;
  }
  stretches[0] = (GstTfrStretch){ 0, n, (end - n) / cps, end / cps };
  return 1;
}

/* Where the label of a tick is written, whose tick is at so many px along the
 * image. */
static GstTfrRect
place_label (const GstTfrOverlay *o, const GstTfrPicture *p, const gchar *text,
    gdouble px)
{
  const GstTfrRect *plot = &o->layout.plot, *strip = &o->layout.time;
  gint em = o->layout.em, width = gst_tfr_text_width (o->text, text);
  gint x = plot->x + (gint) floor (px) - width / 2;
  gint y = plot->y + plot->h - 1 - (gint) floor (px) - em / 2;

  if (gst_tfr_overlay_is_vertical (p))
    return (
        GstTfrRect){ strip->x + strip->w - em / 3 - 2 - width, y, width, em };
  /* in a picture that stands still those at the ends are moved inward */
  if (p->look.scroll_mode == GST_TFR_SCROLL_MODE_PAGE)
    x = CLAMP (x, plot->x, MAX (plot->x, plot->x + plot->w + em / 6 - width));
  return (GstTfrRect){ x, strip->y + em / 3 + 1, width, em };
}

/* Whether a label stands within the frame, out of the corner where the unit is,
 * and clear of the others. */
static gboolean
is_clear (const GstTfrOverlay *o, const GstTfrPicture *p, const GArray *labels,
    const GstTfrRect *at)
{
  const GstTfrFrameLayout *l = &o->layout;
  gint gap = gst_tfr_text_digit (o->text) / 2;

  if (at->x < 0 || at->x + at->w > l->width || at->y < 0 ||
      at->y + at->h > l->height)
    return FALSE;
  if (!gst_tfr_overlay_is_vertical (p) && at->x < l->plot.x - l->em / 3)
    return FALSE;
  for (guint i = 0; i < labels->len; i++) {
    const GstTfrRect *other = &g_array_index (labels, GstTfrTimeLabel, i).at;

    if (other->w > 0 && at->x < other->x + other->w + gap &&
        other->x < at->x + at->w + gap && at->y < other->y + other->h &&
        other->y < at->y + at->h)
      return FALSE;
  }
  return TRUE;
}

/* How many ticks to the next label, where they are wider than was thought. */
static guint
find_stride (
    const GstTfrOverlay *o, const GstTfrPicture *p, const GArray *ticks)
{
  gint widest = 0;
  gdouble step;

  if (ticks->len < 2 || gst_tfr_overlay_is_vertical (p))
    return 1;
  step = g_array_index (ticks, GstTfrTick, 1).place -
         g_array_index (ticks, GstTfrTick, 0).place;
  for (guint i = 0; i < ticks->len; i += ticks->len - 1)
    widest = MAX (widest, gst_tfr_text_width (o->text,
                              g_array_index (ticks, GstTfrTick, i).text));
  return widest + gst_tfr_text_digit (o->text) > step ? 2 : 1;
}

static void
find_labels (const GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, const GstTfrStretch *s, GArray *labels)
{
  gboolean ago = p->look.time_labels == GST_TFR_TIME_LABELS_AGO;
  gdouble direction = ago ? 1 : moment->direction;
  gdouble origin = ago ? -moment->edge : moment->origin;
  gdouble first = origin + direction * s->from_time;
  gdouble last = origin + direction * s->to_time;
  gdouble length = s->to_px - s->from_px;
  gdouble spacing = gst_tfr_times_spacing (o, p);
  gdouble step = gst_tfr_ticks_time_step (fabs (last - first), length, spacing);
  GArray *ticks = gst_tfr_ticks_time (
      MIN (first, last), MAX (first, last), length, spacing, FALSE);
  guint stride = find_stride (o, p, ticks);

  for (guint i = 0; i < ticks->len; i++) {
    const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);
    gdouble px = last > first ? tick->place : length - tick->place;
    GstTfrTimeLabel label = { .tick = *tick, .px = s->from_px + px };

    /* what lies before the beginning has no time */
    if ((tick->value < 0 && !ago) || px < 0 || px >= length)
      continue;
    if (llround (tick->value / step) % stride == 0) {
      label.at = place_label (o, p, tick->text, label.px);
      if (!is_clear (o, p, labels, &label.at))
        label.at.w = 0;
    }
    g_array_append_val (labels, label);
  }
  g_array_unref (ticks);
}

GArray *
gst_tfr_times_find_labels (
    const GstTfrOverlay *o, const GstTfrPicture *p, const GstTfrMoment *moment)
{
  GArray *labels =
      g_array_sized_new (FALSE, FALSE, sizeof (GstTfrTimeLabel), 32);
  GstTfrStretch stretches[2];
  guint n = gst_tfr_times_find_stretches (p, moment, stretches);

  for (guint i = 0; o->layout.time.w > 0 && i < n; i++)
    find_labels (o, p, moment, &stretches[i], labels);
  return labels;
}

/* ------------------------------------------------------------- marks ---- */

static GstTfrRect
place_tick (const GstTfrOverlay *o, const GstTfrPicture *p, gdouble px)
{
  const GstTfrFrameLayout *l = &o->layout;
  gint at = (gint) floor (px), size = l->em / 3;

  if (gst_tfr_overlay_is_vertical (p))
    return (GstTfrRect){ l->time.x + l->time.w - size,
      l->plot.y + l->plot.h - 1 - at, size, l->line };
  return (GstTfrRect){ l->plot.x + at, l->time.y, l->line, size };
}

static guint
find_marks (const GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, GstTfrTimeMark *marks)
{
  GArray *labels = gst_tfr_times_find_labels (o, p, moment);
  guint n = MIN (labels->len, GST_TFR_TIME_MARKS);

  for (guint i = 0; i < n; i++) {
    const GstTfrTimeLabel *label = &g_array_index (labels, GstTfrTimeLabel, i);

    marks[i].tick = place_tick (o, p, label->px);
    marks[i].label = label->at;
    g_strlcpy (marks[i].text, label->tick.text, sizeof marks[i].text);
  }
  g_array_unref (labels);
  return n;
}

/* Whether a label stands as another does. */
static gboolean
is_same (const GstTfrTimeMark *a, const GstTfrTimeMark *b)
{
  return a->label.x == b->label.x && a->label.y == b->label.y &&
         g_str_equal (a->text, b->text);
}

static gboolean
is_among (const GstTfrTimeMark *mark, const GstTfrTimeMark *marks, guint n)
{
  for (guint i = 0; i < n; i++)
    if (marks[i].label.w > 0 && is_same (mark, &marks[i]))
      return TRUE;
  return FALSE;
}

/* Below the plot nothing else of the margins had to be made right again. */
static gboolean
is_whole (const GstTfrOverlay *o, const GstTfrTimeMark *mark, gint slid)
{
  const GstTfrRect *plot = &o->layout.plot, *r = &mark->label;

  return slid == 0 || (r->x >= plot->x + ABS (slid) &&
                          r->x + r->w <= plot->x + plot->w - ABS (slid));
}

/* What the still parts have there.  Moved beyond an end of its row, a mark goes
 * on in the one before or after, where that may be beside the plot's last. */
static void
erase (const GstTfrOverlay *o, const GstTfrPicture *p, const GstTfrRect *r,
    GstTfrCanvas *canvas)
{
  const GstTfrCanvas *still = &o->still;
  const GstTfrRect *plot = &o->layout.plot;
  gssize width = still->width, end = width * still->height;
  gssize first = gst_tfr_overlay_is_vertical (p)
                     ? 0
                     : (plot->y + plot->h - 1) * width + plot->x + plot->w +
                           o->layout.panel.w;

  for (gint y = r->y; y < r->y + r->h; y++) {
    gssize from = MAX (y * width + r->x, first);
    gssize to = MIN (y * width + r->x + r->w, end);
    gssize padding = y * ((gssize) canvas->stride - width);

    if (from < to)
      memcpy (canvas->pixels + padding + from, still->pixels + from,
          (gsize) (to - from) * sizeof *still->pixels);
  }
}

void
gst_tfr_times_draw (GstTfrOverlay *o, const GstTfrPicture *p,
    const GstTfrMoment *moment, GstTfrBeside *beside, GstTfrCanvas *canvas)
{
  guint32 color = p->look.foreground_color;
  GstTfrTimeMark marks[GST_TFR_TIME_MARKS], *kept = beside->marks;
  guint n = find_marks (o, p, moment, marks), n_kept = 0;

  for (guint i = 0; i < beside->n_marks; i++) {
    GstTfrTimeMark mark = beside->marks[i];

    mark.tick.x -= beside->slid;
    mark.label.x -= beside->slid;
    erase (o, p, &mark.tick, canvas);
    if (is_among (&mark, marks, n) && is_whole (o, &mark, beside->slid))
      kept[n_kept++] = mark;
    else
      erase (o, p, &mark.label, canvas);
  }
  for (guint i = 0; i < n; i++) {
    const GstTfrRect *at = &marks[i].label;

    gst_tfr_canvas_fill (canvas, &marks[i].tick, color);
    if (at->w > 0 && !is_among (&marks[i], kept, n_kept))
      gst_tfr_canvas_write (
          canvas, o->text, marks[i].text, at->x, at->y, 0, color);
  }
  memcpy (beside->marks, marks, n * sizeof *marks);
  beside->n_marks = n;
}
