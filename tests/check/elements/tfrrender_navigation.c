/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Pointer, wheel and keys: what they change, that it can be taken back, and
 * what is told of the place under the pointer. */

#include "near.h"
#include "video.h"

#include <gst/video/navigation.h>

#define RATE 8000
#define HOP 64
#define BATCH (RATE / 4)
#define WIDTH 160
#define HEIGHT 120
#define VIDEO "video/x-raw, format=BGRx, width=160, height=120, framerate=8/1"
#define RENDER                                                                 \
  "tfrrender frequency-scale=linear min-frequency=1000 max-frequency=3000 "    \
  "time-span=2000000000 "

static guint
fill_tones (gint64 centre, guint channel, gdouble *time, gdouble *frequency,
    gfloat *magnitude, gconstpointer data)
{
  for (guint i = 0; i < 40; i++) {
    time[i] = (gdouble) centre / RATE;
    frequency[i] = 100 * i;
    magnitude[i] = 0.1f;
  }
  return 40;
}

static const TestStream tones = { RATE, 256, HOP, 1, fill_tones, NULL };

typedef struct {
  gdouble min_hz, max_hz, sharpness;
  guint64 span;
  gint map;
  gboolean freeze;
} Look;

typedef struct {
  GstHarness *h;
  GstElement *render;
  GstBus *bus;
  gint64 at;      /* samples that were pushed */
  guint notified; /* times that a property was said to have changed */
} Window;

static void
count_notify (GObject *object, GParamSpec *spec, guint *n)
{
  (*n)++;
}

/* The geometry that events refer to is that of the last frame. */
static void
draw (Window *w)
{
  GstBuffer *frame;

  gst_harness_push (
      w->h, test_batch (&tones, w->at, BATCH / HOP, w->at + BATCH / HOP * HOP));
  w->at += BATCH / HOP * HOP;
  while ((frame = gst_harness_try_pull (w->h)) != NULL)
    gst_buffer_unref (frame);
}

static Window *
window_new (const gchar *launch)
{
  Window *w = g_new0 (Window, 1);

  w->h = test_harness (launch, VIDEO);
  w->render = gst_harness_find_element (w->h, "tfrrender");
  w->bus = gst_bus_new ();
  gst_element_set_bus (w->render, w->bus);
  g_signal_connect (
      w->render, "notify", G_CALLBACK (count_notify), &w->notified);
  for (guint i = 0; i < 12; i++)
    draw (w);
  return w;
}

static void
window_free (Window *w)
{
  gst_element_set_bus (w->render, NULL);
  gst_object_unref (w->bus);
  gst_object_unref (w->render);
  gst_harness_teardown (w->h);
  g_free (w);
}

static Look
look_of (const Window *w)
{
  Look l;

  g_object_get (w->render, "min-frequency", &l.min_hz, "max-frequency",
      &l.max_hz, "sharpness", &l.sharpness, "time-span", &l.span, "color-map",
      &l.map, "freeze", &l.freeze, NULL);
  return l;
}

static Look
after (Window *w, GstEvent *event)
{
  gst_harness_push_upstream_event (w->h, event);
  draw (w);
  return look_of (w);
}

static void
assert_same (Look a, Look b, const gchar *what)
{
  assert_near (a.min_hz, b.min_hz, 1e-6, "%s: lowest Hz", what);
  assert_near (a.max_hz, b.max_hz, 1e-6, "%s: highest Hz", what);
  assert_near ((gdouble) a.span, (gdouble) b.span, 2, "%s: ns", what);
  assert_near (a.sharpness, b.sharpness, 0, "%s: sharpness", what);
  fail_unless (a.freeze == b.freeze && a.map == b.map, "%s", what);
}

static GstEvent *
wheel (gdouble dy, GstNavigationModifierType state)
{
  return gst_navigation_event_new_mouse_scroll (70, 50, 0, dy, state);
}

static GstEvent *
move (gdouble x, gdouble y)
{
  return gst_navigation_event_new_mouse_move (x, y, 0);
}

static GstEvent *
button (gint which, GstNavigationModifierType state)
{
  return gst_navigation_event_new_mouse_button_press (which, 70, 50, state);
}

/* -------------------------------------------------------------- claims ---- */

GST_START_TEST (the_wheel_zooms_and_back_again)
{
  Window *w = window_new (RENDER);
  const Look first = look_of (w);
  Look l = after (w, wheel (1, 0));

  assert_near (l.max_hz - l.min_hz, 2000 / 1.25, 1e-6, "Hz that are seen");
  fail_unless (l.min_hz > 1000 && l.max_hz < 3000, "not about the pointer");
  assert_same (after (w, button (5, 0)), first, "button 5 after the wheel");
  l = after (w, wheel (-1, 0));
  fail_unless (l.min_hz < 1000 && l.max_hz > 3000, "out");
  assert_same (after (w, button (4, 0)), first, "button 4 after the wheel");

  l = after (w, wheel (1, GST_NAVIGATION_MODIFIER_SHIFT_MASK));
  assert_near ((gdouble) l.span, 2e9 / 1.25, 1, "ns that are seen");
  assert_same (after (w, button (5, GST_NAVIGATION_MODIFIER_SHIFT_MASK)), first,
      "with shift");
  assert_same (after (w, wheel (0, 0)), first, "a wheel to the side");
  assert_same (after (w, button (2, 0)), first, "a button of no use");
  for (guint i = 0; i < 60; i++)
    l = after (w, wheel (1, GST_NAVIGATION_MODIFIER_SHIFT_MASK));
  assert_near ((gdouble) l.span, 1e7, 0, "shortest span, ns");
  window_free (w);
}
GST_END_TEST;

GST_START_TEST (dragging_pans_and_a_double_click_goes_home)
{
  static const gchar *const ways[] = { RENDER, RENDER "orientation=vertical " };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    gboolean vertical = i == 1;
    Window *w = window_new (ways[i]);
    const Look first = look_of (w);
    Look l = after (w, button (1, 0));

    assert_same (l, first, "a press");
    l = after (w, vertical ? move (60, 50) : move (70, 60));
    assert_near (l.max_hz - l.min_hz, 2000, 1e-6, "Hz that are seen");
    fail_unless (l.min_hz > 1000, "what is dragged does not come along");
    fail_unless (!l.freeze, "across time is not along it");
    l = after (w, vertical ? move (60, 40) : move (80, 60));
    fail_unless (l.freeze, "the past goes on moving");
    gst_harness_push_upstream_event (
        w->h, gst_navigation_event_new_mouse_button_release (1, 80, 60, 0));
    assert_same (after (w, move (20, 20)), l, "a move without a button");
    after (w, wheel (1, GST_NAVIGATION_MODIFIER_SHIFT_MASK));
    gst_harness_push_upstream_event (w->h, button (1, 0));
    assert_same (after (w, button (1, 0)), first, "a double click");
    gst_harness_push_upstream_event (w->h, button (1, 0));
    assert_same (after (w, button (1, 0)), first, "another");
    window_free (w);
  }
}
GST_END_TEST;

GST_START_TEST (keys_turn_over_what_they_name)
{
  static const gchar *const twice[] = { "space", "f", "F", "s" };
  Window *w = window_new (RENDER);
  const Look first = look_of (w);
  guint n_maps = 0;
  Look l;

  for (guint i = 0; i < G_N_ELEMENTS (twice); i++) {
    GstEvent *key = gst_navigation_event_new_key_press (twice[i], 0);

    l = after (w, gst_event_ref (key));
    fail_unless (l.freeze != first.freeze || l.sharpness != first.sharpness,
        "%s does nothing", twice[i]);
    assert_same (after (w, key), first, twice[i]);
  }
  do {
    l = after (w, gst_navigation_event_new_key_press ("m", 0));
    n_maps++;
  } while (l.map != first.map && n_maps < 100);
  fail_unless (n_maps > 5 && n_maps < 100, "%u maps", n_maps);
  assert_same (
      after (w, gst_navigation_event_new_key_press ("q", 0)), first, "q");
  window_free (w);
}
GST_END_TEST;

GST_START_TEST (changes_are_notified_and_none_is_made_where_it_is_off)
{
  Window *w = window_new (RENDER);
  const Look first = look_of (w);
  guint n;

  after (w, wheel (1, 0));
  fail_unless (w->notified > 0);
  n = w->notified;
  after (w, move (70, 50));
  fail_unless (w->notified == n);
  window_free (w);

  w = window_new (RENDER "navigation=false ");
  assert_same (after (w, wheel (1, 0)), first, "off");
  fail_unless (w->notified == 0);
  window_free (w);
}
GST_END_TEST;

/* Hz that the element says are at this place; NAN: it says nothing. */
static gdouble
told_at (Window *w, gdouble x, gdouble y)
{
  gdouble hz = NAN;
  GstMessage *message;

  after (w, move (x, y));
  while ((message = gst_bus_pop_filtered (w->bus, GST_MESSAGE_ELEMENT))) {
    fail_unless (gst_message_has_name (message, "tfr-cursor"));
    fail_unless (gst_structure_get (gst_message_get_structure (message),
        "frequency", G_TYPE_DOUBLE, &hz, NULL));
    gst_message_unref (message);
  }
  return hz;
}

/* All tones are multiples of 100 Hz, by their own frequency, not the row's. */
GST_START_TEST (what_is_under_the_pointer_is_told)
{
  Window *w = window_new (RENDER);
  gdouble low = told_at (w, 80, 80), high = told_at (w, 80, 40);

  fail_unless (
      low > 1000 && high > low && high < 3000, "%g and %g Hz", low, high);
  assert_near (remainder (low, 100), 0, 30, "%g Hz beside a tone", low);
  fail_unless (isnan (told_at (w, -5, -5)), "told of what is outside");
  window_free (w);
}
GST_END_TEST;

static Suite *
tfrrender_navigation_suite (void)
{
  Suite *s = suite_create ("tfrrender_navigation");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, the_wheel_zooms_and_back_again);
  tcase_add_test (tc, dragging_pans_and_a_double_click_goes_home);
  tcase_add_test (tc, keys_turn_over_what_they_name);
  tcase_add_test (tc, changes_are_notified_and_none_is_made_where_it_is_off);
  tcase_add_test (tc, what_is_under_the_pointer_is_told);
  return s;
}

GST_CHECK_MAIN (tfrrender_navigation);
