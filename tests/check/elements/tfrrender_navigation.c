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

/* Those, and in the other channel what lies between them. */
static guint
fill_channels (gint64 centre, guint channel, gdouble *time, gdouble *frequency,
    gfloat *magnitude, gconstpointer data)
{
  guint n = fill_tones (centre, channel, time, frequency, magnitude, data);

  for (guint i = 0; i < n; i++)
    frequency[i] += 50 * channel;
  return n;
}

static const TestStream channels = { RATE, 256, HOP, 2, fill_channels, NULL };

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
  const TestStream *stream;
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

  gst_harness_push (w->h,
      test_batch (w->stream, w->at, BATCH / HOP, w->at + BATCH / HOP * HOP));
  w->at += BATCH / HOP * HOP;
  while ((frame = gst_harness_try_pull (w->h)) != NULL)
    gst_buffer_unref (frame);
}

static Window *
window_new_for (const gchar *launch, const TestStream *stream)
{
  Window *w = g_new0 (Window, 1);

  w->stream = stream;
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

static Window *
window_new (const gchar *launch)
{
  return window_new_for (launch, &tones);
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

/* Until two edges of the axis could not be told apart. */
GST_START_TEST (the_wheel_stops_where_nothing_more_is_to_be_seen)
{
  Window *w = window_new (RENDER);
  Look l = { 0 }, before;
  guint n = 0;

  do {
    before = l;
    l = after (w, wheel (1, 0));
    fail_unless (l.max_hz > l.min_hz, "%g to %g Hz", l.min_hz, l.max_hz);
  } while (before.min_hz != l.min_hz && ++n < 200);
  fail_unless (n > 10 && n < 200, "%u turns", n);
  assert_at_most (
      l.max_hz - l.min_hz, l.max_hz * 0.002 + 0.02, "Hz at the end");
  assert_same (after (w, wheel (1, 0)), l, "one more");
  window_free (w);
}
GST_END_TEST;

/* The whole stream is shown once, at its end. */
GST_START_TEST (the_wheel_does_not_zoom_in_the_time_of_a_whole_stream)
{
  Window *w = window_new ("tfrrender time-span=0 ");
  const Look first = look_of (w);
  GstBuffer *frame;

  gst_harness_push_event (w->h, gst_event_new_eos ());
  frame = gst_harness_try_pull (w->h);
  fail_unless (frame != NULL);
  gst_buffer_unref (frame);
  gst_harness_push_upstream_event (
      w->h, wheel (1, GST_NAVIGATION_MODIFIER_SHIFT_MASK));
  assert_same (look_of (w), first, "with shift");
  gst_harness_push_upstream_event (w->h, wheel (1, 0));
  fail_unless (look_of (w).max_hz != first.max_hz, "the window is deaf");
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
  assert_same (after (w, gst_navigation_event_new_key_release ("m", 0)), first,
      "a key that is let go");
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

/* Hz that the element says are at this place, and of which channel; NAN: it
 * says nothing. */
static gdouble
told_at (Window *w, gdouble x, gdouble y, guint *channel)
{
  gdouble hz = NAN;
  GstMessage *message;

  after (w, move (x, y));
  while ((message = gst_bus_pop_filtered (w->bus, GST_MESSAGE_ELEMENT))) {
    fail_unless (gst_message_has_name (message, "tfr-cursor"));
    fail_unless (
        gst_structure_get (gst_message_get_structure (message), "frequency",
            G_TYPE_DOUBLE, &hz, "channel", G_TYPE_UINT, channel, NULL));
    gst_message_unref (message);
  }
  return hz;
}

/* All tones are multiples of 100 Hz, by their own frequency, not the row's. */
GST_START_TEST (what_is_under_the_pointer_is_told)
{
  Window *w = window_new (RENDER);
  guint channel = 9;
  gdouble low = told_at (w, 80, 80, &channel);
  gdouble high = told_at (w, 80, 40, &channel);

  fail_unless (
      low > 1000 && high > low && high < 3000, "%g and %g Hz", low, high);
  assert_near (remainder (low, 100), 0, 30, "%g Hz beside a tone", low);
  fail_unless_equals_int (channel, 0);
  fail_unless (
      isnan (told_at (w, -5, -5, &channel)), "told of what is outside");
  window_free (w);
}
GST_END_TEST;

GST_START_TEST (under_the_pointer_is_the_channel_that_is_drawn_there)
{
  Window *w = window_new_for (RENDER "channel-mode=separate ", &channels);
  guint told[2] = { 0 }, before = 0;

  for (gint y = 6; y < HEIGHT; y += 4) {
    guint channel = before;
    gdouble hz = told_at (w, 80, y, &channel);

    if (isnan (hz)) /* a margin */
      continue;
    fail_unless (channel < 2);
    assert_near (remainder (hz - 50 * channel, 100), 0, 1e-3,
        "%g Hz at %d of channel %u", hz, y, channel);
    fail_unless (channel >= before, "channel %u is below %u", channel, before);
    told[before = channel]++;
  }
  fail_unless (
      told[0] > 5 && told[1] > 5, "%u and %u places", told[0], told[1]);
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
  tcase_add_test (tc, the_wheel_stops_where_nothing_more_is_to_be_seen);
  tcase_add_test (tc, the_wheel_does_not_zoom_in_the_time_of_a_whole_stream);
  tcase_add_test (tc, dragging_pans_and_a_double_click_goes_home);
  tcase_add_test (tc, keys_turn_over_what_they_name);
  tcase_add_test (tc, changes_are_notified_and_none_is_made_where_it_is_off);
  tcase_add_test (tc, what_is_under_the_pointer_is_told);
  tcase_add_test (tc, under_the_pointer_is_the_channel_that_is_drawn_there);
  return s;
}

GST_CHECK_MAIN (tfrrender_navigation);
