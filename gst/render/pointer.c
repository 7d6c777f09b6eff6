/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "pointer.h"

#include "ticks.h"

#include <math.h>
#include <string.h>

#define ZOOM 1.25
#define DOUBLE_CLICK 400000 /* us */
#define DOUBLE_CLICK_DISTANCE 5

#define SHORTEST_SPAN (10 * GST_MSECOND)
#define LONGEST_SPAN (24 * 3600 * GST_SECOND)

void
gst_tfr_pointer_clear (GstTfrPointer *pointer)
{
  gst_tfr_look_clear (&pointer->before);
  memset (pointer, 0, sizeof *pointer);
}

/* The look as it was set is remembered before the first change. */
static void
keep (GstTfrPointer *p, const GstTfrLook *look)
{
  if (p->changed)
    return;
  gst_tfr_look_copy (&p->before, look);
  p->changed = TRUE;
}

static gboolean
reset (GstTfrPointer *p, GstTfrLook *look)
{
  p->back = 0;
  if (!p->changed)
    return FALSE;
  look->min_frequency = p->before.min_frequency;
  look->max_frequency = p->before.max_frequency;
  look->time_span = p->before.time_span;
  look->freeze = FALSE;
  p->changed = FALSE;
  return TRUE;
}

/* Place along the frequency axis, rows. */
static gdouble
row_at (const GstTfrView *v, gdouble x, gdouble y)
{
  return v->vertical ? x - v->plot.x : v->plot.y + v->plot.h - y;
}

/* Shows the rows [low, high] of what is shown now over the whole breadth. */
static gboolean
show_rows (GstTfrPointer *p, const GstTfrView *v, GstTfrLook *look, gdouble low,
    gdouble high)
{
  gdouble min_hz = reassign_axis_hz (&v->axis, low);
  gdouble max_hz = reassign_axis_hz (&v->axis, high);
  gdouble least = v->axis.scale == REASSIGN_SCALE_LOG ? 1 : 0;

  min_hz = MAX (min_hz, least);
  if (!(max_hz > min_hz * 1.001 + 0.01) || !(max_hz < 1e9))
    return FALSE;
  keep (p, look);
  look->min_frequency = min_hz;
  look->max_frequency = max_hz;
  return TRUE;
}

static gboolean
zoom_frequency (
    GstTfrPointer *p, const GstTfrView *v, GstTfrLook *look, gdouble factor)
{
  gdouble at = row_at (v, p->x, p->y), n = (gdouble) v->axis.n_rows;

  return show_rows (p, v, look, at - at * factor, at + (n - at) * factor);
}

static gboolean
zoom_time (GstTfrPointer *p, GstTfrLook *look, gdouble factor)
{
  gdouble span = (gdouble) look->time_span * factor;

  if (look->time_span == 0)
    return FALSE;
  keep (p, look);
  look->time_span =
      (guint64) CLAMP (span, (gdouble) SHORTEST_SPAN, (gdouble) LONGEST_SPAN);
  return TRUE;
}

static gboolean
drag (GstTfrPointer *p, const GstTfrView *v, GstTfrLook *look, gdouble x,
    gdouble y)
{
  gdouble n = (gdouble) v->axis.n_rows;
  gdouble rows = row_at (v, p->x, p->y) - row_at (v, x, y);
  gdouble columns = v->vertical ? p->y - y : x - p->x;
  gboolean changed = FALSE;

  if (rows != 0)
    changed = show_rows (p, v, look, rows, n + rows);
  if (columns != 0 && v->columns_per_second > 0) {
    keep (p, look);
    p->back = MAX (0, p->back + columns / v->columns_per_second);
    changed |= !look->freeze;
    look->freeze = TRUE;
  }
  return changed;
}

static gboolean
press (GstTfrPointer *p, gint button, gboolean shift, const GstTfrView *v,
    GstTfrLook *look)
{
  gint64 now = g_get_monotonic_time ();
  gboolean again =
      now - p->press_time < DOUBLE_CLICK &&
      hypot (p->x - p->press_x, p->y - p->press_y) < DOUBLE_CLICK_DISTANCE;

  switch (button) {
    case 1:
      p->press_time = again ? 0 : now;
      p->press_x = p->x;
      p->press_y = p->y;
      p->dragging = !again;
      return again && reset (p, look);
    case 4: /* the wheel, where a sink has no event of its own for it */
    case 5:
      return shift ? zoom_time (p, look, button == 4 ? 1 / ZOOM : ZOOM)
                   : zoom_frequency (p, v, look, button == 4 ? 1 / ZOOM : ZOOM);
    default:
      return FALSE;
  }
}

static gboolean
type_key (GstTfrPointer *p, const gchar *key, GstTfrLook *look)
{
  if (g_str_equal (key, "space") || g_ascii_strcasecmp (key, "f") == 0) {
    look->freeze = !look->freeze;
    p->back = 0;
  } else if (g_ascii_strcasecmp (key, "m") == 0) {
    look->color_map = (look->color_map + 1) % (GST_TFR_COLOR_MAP_CUBEHELIX + 1);
  } else if (g_ascii_strcasecmp (key, "s") == 0) {
    look->sharpness = look->sharpness > 0.5 ? 0 : 1;
  } else {
    return FALSE;
  }
  return TRUE;
}

static gboolean
has_shift (GstEvent *event)
{
  GstNavigationModifierType state = 0;

  gst_navigation_event_parse_modifier_state (event, &state);
  return (state & GST_NAVIGATION_MODIFIER_SHIFT_MASK) != 0;
}

gboolean
gst_tfr_pointer_take (
    GstTfrPointer *p, GstEvent *event, const GstTfrView *v, GstTfrLook *look)
{
  gdouble x, y, dx, dy;
  const gchar *key;
  gint button;
  gboolean changed = FALSE;

  switch (gst_navigation_event_get_type (event)) {
    case GST_NAVIGATION_EVENT_MOUSE_MOVE:
      gst_navigation_event_parse_mouse_move_event (event, &x, &y);
      if (p->dragging)
        changed = drag (p, v, look, x, y);
      p->x = x;
      p->y = y;
      p->inside = p->moved = TRUE;
      return changed;
    case GST_NAVIGATION_EVENT_MOUSE_BUTTON_PRESS:
      gst_navigation_event_parse_mouse_button_event (
          event, &button, &p->x, &p->y);
      return press (p, button, has_shift (event), v, look);
    case GST_NAVIGATION_EVENT_MOUSE_BUTTON_RELEASE:
      p->dragging = FALSE;
      return FALSE;
    case GST_NAVIGATION_EVENT_MOUSE_SCROLL:
      gst_navigation_event_parse_mouse_scroll_event (
          event, &p->x, &p->y, &dx, &dy);
      if (dy == 0)
        return FALSE;
      return has_shift (event)
                 ? zoom_time (p, look, dy > 0 ? 1 / ZOOM : ZOOM)
                 : zoom_frequency (p, v, look, dy > 0 ? 1 / ZOOM : ZOOM);
    case GST_NAVIGATION_EVENT_KEY_PRESS:
      return gst_navigation_event_parse_key_event (event, &key) &&
             type_key (p, key, look);
    default:
      return FALSE;
  }
}

gchar **
gst_tfr_pointer_describe (const GstTfrReading *r, gdouble label, gdouble tuning)
{
  GPtrArray *lines = g_ptr_array_new ();
  const gchar *kind = fabs (r->mixed) < 0.25       ? "tone"
                      : fabs (r->mixed - 1) < 0.25 ? "click"
                                                   : "neither tone nor click";
  gchar note[24];

  gst_tfr_note_name (r->frequency, tuning, note, sizeof note);
  g_ptr_array_add (lines, g_strdup_printf ("%.2f Hz  %s", r->frequency, note));
  g_ptr_array_add (lines, g_strdup_printf ("%.4f s", label));
  g_ptr_array_add (lines, g_strdup_printf ("%.1f dBFS", r->level));
  if (!isnan (r->mixed))
    g_ptr_array_add (lines, g_strdup (kind));
  if (!isnan (r->chirp_rate))
    g_ptr_array_add (lines, g_strdup_printf ("%+.0f Hz/s", r->chirp_rate));
  g_ptr_array_add (lines, NULL);
  return (gchar **) g_ptr_array_free (lines, FALSE);
}
