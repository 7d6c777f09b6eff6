/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Where labels stand, and what they say: against the functions of the axes. */

#include "near.h"
#include "scene.h"
#include "still.h"
#include "times.h"

#include <math.h>
#include <string.h>

#define RUNS 400

static gdouble
random_log (GRand *r, gdouble low, gdouble high)
{
  return low * pow (high / low, g_rand_double (r));
}

/* What "12.5k" says, Hz. */
static gdouble
parse_hz (const gchar *text)
{
  gchar *end;
  gdouble value = g_ascii_strtod (text, &end);

  fail_unless (end > text && (*end == '\0' || g_str_equal (end, "k")),
      "label '%s'", text);
  return *end == 'k' ? value * 1000 : value;
}

/* What "1.5 s", "0:05" or "1:02:03" says, s. */
static gdouble
parse_time (const gchar *text)
{
  gboolean negative = text[0] == '-';
  gchar **parts = g_strsplit (text + negative, ":", -1);
  gdouble value = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    value = 60 * value + g_ascii_strtod (parts[i], NULL);
  g_strfreev (parts);
  return negative ? -value : value;
}

/* "C#4" by name, in equal temperament. */
static gdouble
parse_note (const gchar *text, gdouble tuning)
{
  static const gint semitones[] = { 9, 11, 0, 2, 4, 5, 7 };
  gint note = semitones[text[0] - 'A'] + (text[1] == '#');
  gint octave = atoi (text + (text[1] == '#' ? 2 : 1));

  return tuning * exp2 ((note - 9) / 12.0 + octave - 4);
}

static void
check_spacing (const GArray *ticks, gdouble length, gdouble spacing)
{
  gdouble before = -INFINITY;

  for (guint i = 0; i < ticks->len; i++) {
    const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);

    if (i > 0)
      fail_unless (
          tick->place >= g_array_index (ticks, GstTfrTick, i - 1).place);
    if (tick->text[0] == '\0')
      continue;
    assert_at_most (
        spacing, tick->place - before + 1e-9, "px to label '%s'", tick->text);
    assert_at_most (spacing / 2, tick->place, "px before '%s'", tick->text);
    assert_at_most (
        spacing / 2, length - tick->place, "px after '%s'", tick->text);
    before = tick->place;
  }
}

static gboolean
make_axis (GRand *r, ReassignAxis *axis)
{
  gdouble top = random_log (r, 50, 5e6);

  *axis = (ReassignAxis){
    .scale = (ReassignScale) g_rand_int_range (r, 0, 5),
    .min_hz = top * g_rand_double_range (r, 0, 0.999),
    .max_hz = top,
    .n_rows = (gsize) random_log (r, 20, 4000),
  };
  if (g_rand_boolean (r))
    axis->min_hz /= 1000;
  if (axis->scale != REASSIGN_SCALE_LOG && g_rand_boolean (r))
    axis->min_hz = 0;
  return reassign_axis_init (axis) == NULL;
}

GST_START_TEST (frequency_labels_stand_where_the_axis_says)
{
  GRand *r = g_rand_new_with_seed (1);

  for (guint run = 0; run < RUNS; run++) {
    ReassignAxis axis;
    gdouble spacing = random_log (r, 8, 60);
    guint labelled = 0;
    GArray *ticks;

    fail_unless (make_axis (r, &axis));
    ticks = gst_tfr_ticks_frequency (&axis, spacing, TRUE);
    check_spacing (ticks, (gdouble) axis.n_rows, spacing);
    for (guint i = 0; i < ticks->len; i++) {
      const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);

      assert_near (tick->place, reassign_axis_row (&axis, tick->value), 1e-9,
          "place of %g Hz", tick->value);
      if (tick->text[0] == '\0')
        continue;
      labelled++;
      assert_near (parse_hz (tick->text), tick->value, 1e-9 * tick->value,
          "'%s', scale %d, %g to %g Hz", tick->text, axis.scale, axis.min_hz,
          axis.max_hz);
    }
    if ((gdouble) axis.n_rows > 12 * spacing)
      fail_unless (labelled >= 2, "%u labels on %u rows, %g to %g Hz, scale %d",
          labelled, (guint) axis.n_rows, axis.min_hz, axis.max_hz, axis.scale);
    g_array_unref (ticks);
  }
  g_rand_free (r);
}
GST_END_TEST;

GST_START_TEST (logarithmic_decades_have_1_2_and_5)
{
  ReassignAxis axis = { REASSIGN_SCALE_LOG, 20, 20000, 600, 0, 0 };
  static const gchar *const texts[] = { "50", "100", "200", "500", "1k", "2k",
    "5k", "10k" };
  guint n = 0;
  GArray *ticks;

  fail_unless (reassign_axis_init (&axis) == NULL);
  ticks = gst_tfr_ticks_frequency (&axis, 20, TRUE);
  for (guint i = 0; i < ticks->len; i++) {
    const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);

    if (tick->text[0] == '\0')
      continue;
    fail_unless (n < G_N_ELEMENTS (texts));
    fail_unless_equals_string (tick->text, texts[n++]);
  }
  fail_unless_equals_int (n, G_N_ELEMENTS (texts));
  g_array_unref (ticks);
}
GST_END_TEST;

GST_START_TEST (notes_stand_at_their_frequencies)
{
  GRand *r = g_rand_new_with_seed (2);

  for (guint run = 0; run < RUNS; run++) {
    gdouble tuning = g_rand_double_range (r, 400, 480);
    gdouble spacing = random_log (r, 8, 60);
    ReassignAxis axis;
    GArray *ticks;

    fail_unless (make_axis (r, &axis));
    ticks = gst_tfr_ticks_notes (&axis, tuning, spacing, TRUE);
    check_spacing (ticks, (gdouble) axis.n_rows, spacing);
    for (guint i = 0; i < ticks->len; i++) {
      const GstTfrTick *tick = &g_array_index (ticks, GstTfrTick, i);
      gdouble hz = parse_note (tick->text, tuning);

      assert_near (tick->value, hz, 1e-9 * hz, "note %s", tick->text);
      assert_near (tick->place, reassign_axis_row (&axis, hz), 1e-6,
          "place of %s", tick->text);
    }
    g_array_unref (ticks);
  }
  g_rand_free (r);
}
GST_END_TEST;

GST_START_TEST (nearest_note_is_named_with_its_cents)
{
  static const struct {
    gdouble hz, tuning;
    const gchar *text;
  } notes[] = { { 440, 440, "A4 +0.0 c" }, { 439.9999, 440, "A4 +0.0 c" },
    { 261.6255653, 440, "C4 +0.0 c" }, { 442, 440, "A4 +7.9 c" },
    { 435, 435, "A4 +0.0 c" }, { 27.5, 440, "A0 +0.0 c" },
    { 458.1553471, 440, "A#4 -30.0 c" }, { 0, 440, "" }, { 1e-9, 440, "" },
    { 1e12, 440, "" } };

  for (guint i = 0; i < G_N_ELEMENTS (notes); i++) {
    gchar text[24];

    gst_tfr_note_name (notes[i].hz, notes[i].tuning, text, sizeof text);
    fail_unless_equals_string (text, notes[i].text);
  }
}
GST_END_TEST;

GST_START_TEST (times_and_levels_say_where_they_stand)
{
  GRand *r = g_rand_new_with_seed (3);

  for (guint run = 0; run < RUNS; run++) {
    gdouble length = random_log (r, 50, 4000), spacing = random_log (r, 8, 60);
    gdouble from = random_log (r, 1e-3, 2e5) - 10;
    gdouble to = from + random_log (r, 1e-3, 1e5);
    GArray *levels = gst_tfr_ticks_linear (from, to, length, spacing, TRUE);
    GArray *times = gst_tfr_ticks_time (from, to, length, spacing, TRUE);

    check_spacing (levels, length, spacing);
    check_spacing (times, length, spacing);
    for (guint i = 0; i < times->len; i++) {
      const GstTfrTick *tick = &g_array_index (times, GstTfrTick, i);

      assert_near (
          parse_time (tick->text), tick->value, 1e-7, "'%s'", tick->text);
      assert_near (tick->place, (tick->value - from) / (to - from) * length,
          1e-6, "place of '%s'", tick->text);
    }
    for (guint i = 0; i < levels->len; i++) {
      const GstTfrTick *tick = &g_array_index (levels, GstTfrTick, i);

      assert_near (g_ascii_strtod (tick->text, NULL), tick->value, 1e-6, "'%s'",
          tick->text);
      assert_near (tick->place, (tick->value - from) / (to - from) * length,
          1e-6, "place of '%s'", tick->text);
    }
    g_array_unref (levels);
    g_array_unref (times);
  }
  g_rand_free (r);
}
GST_END_TEST;

/* ------------------------------------------------------------- frames ---- */

static void
choose_look (GRand *r, GstTfrLook *look)
{
  gdouble top = random_log (r, 100, 24000);

  look->frequency_scale = (ReassignScale) g_rand_int_range (r, 0, 5);
  look->orientation = (GstTfrOrientation) g_rand_int_range (r, 0, 2);
  look->scroll_mode = (GstTfrScrollMode) g_rand_int_range (r, 0, 4);
  look->max_frequency = g_rand_boolean (r) ? 0 : top;
  look->min_frequency = top * (1 - random_log (r, 1e-3, 1));
  look->time_span = (guint64) (random_log (r, 0.02, 5000) * GST_SECOND);
  look->axes = (guint) g_rand_int_range (r, 0, 64);
  look->frequency_labels = (GstTfrFrequencyLabels) g_rand_int_range (r, 0, 3);
  look->time_labels = (GstTfrTimeLabels) g_rand_int_range (r, 0, 3);
  look->channel_mode = (GstTfrChannelMode) g_rand_int_range (r, 0, 3);
  look->peak_hold = g_rand_boolean (r) ? GST_SECOND : 0;
}

static void
check_rect (
    const GstTfrRect *rect, const GstTfrFrameLayout *l, const gchar *what)
{
  if (rect->w == 0 || rect->h == 0)
    return;
  fail_unless (rect->x >= 0 && rect->y >= 0 && rect->x + rect->w <= l->width &&
                   rect->y + rect->h <= l->height,
      "%s at %d,%d of %d x %d leaves a frame of %d x %d", what, rect->x,
      rect->y, rect->w, rect->h, l->width, l->height);
}

static gboolean
overlap (const GstTfrRect *a, const GstTfrRect *b)
{
  return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h &&
         b->y < a->y + a->h;
}

static void
check_times (GstTfrScene *s, const GstTfrMoment *moment)
{
  const GstTfrOverlay *o = &s->overlay;
  gboolean ago = s->look.time_labels == GST_TFR_TIME_LABELS_AGO;
  GArray *labels = gst_tfr_times_find_labels (o, &s->picture, moment);
  const GstTfrRect *plot = &o->layout.plot;
  gboolean vertical = s->look.orientation == GST_TFR_ORIENTATION_VERTICAL;

  for (guint i = 0; i < labels->len; i++) {
    const GstTfrTimeLabel *label = &g_array_index (labels, GstTfrTimeLabel, i);
    gdouble x = plot->x + 1, y = plot->y + 1, time, row, says;
    gdouble pixel = 1 / s->picture.columns_per_second;

    if (vertical)
      y = plot->y + plot->h - label->px - 0.01;
    else
      x = plot->x + label->px + 0.01;
    if (gst_tfr_overlay_locate (o, &s->picture, moment, x, y, &time, &row)) {
      says =
          ago ? time - moment->edge : moment->origin + moment->direction * time;
      assert_near (label->tick.value, says,
          1.01 * pixel * fmax (1, fabs (moment->direction)),
          "time at the tick of '%s'", label->tick.text);
    }
    if (label->at.w == 0)
      continue;
    check_rect (&label->at, &o->layout, label->tick.text);
    for (guint k = 0; k < i; k++) {
      const GstTfrTimeLabel *other =
          &g_array_index (labels, GstTfrTimeLabel, k);

      fail_if (other->at.w > 0 && overlap (&other->at, &label->at),
          "'%s' on '%s'", label->tick.text, other->tick.text);
    }
  }
  g_array_unref (labels);
}

static void
check_frequencies (GstTfrScene *s)
{
  const GstTfrOverlay *o = &s->overlay;
  const GstTfrFrameLayout *l = &o->layout;
  gboolean vertical = s->look.orientation == GST_TFR_ORIENTATION_VERTICAL;
  gboolean notes = s->look.frequency_labels == GST_TFR_FREQUENCY_LABELS_NOTES;

  for (guint i = 0; i < s->picture.n_lanes && l->frequency.w > 0; i++) {
    GArray *ticks =
        gst_tfr_still_frequencies (o, &s->picture, &s->picture.lanes[i], notes);

    for (guint t = 0; t < ticks->len; t++) {
      const gchar *text = g_array_index (ticks, GstTfrTick, t).text;

      if (!vertical)
        assert_at_most (gst_tfr_text_width (o->text, text),
            l->frequency.w - l->em / 3 - 2, "width of '%s'", text);
    }
    g_array_unref (ticks);
  }
}

GST_START_TEST (no_label_leaves_the_frame_or_meets_another)
{
  GRand *r = g_rand_new_with_seed (4);
  GstTfrPixel pixel;

  gst_tfr_pixel_init (&pixel, GST_VIDEO_FORMAT_BGRx);
  for (guint run = 0; run < 1000; run++) {
    GstTfrHeader header = { .rate = 48000,
      .channels = 2,
      .window_size = 2048,
      .hop_size = 512,
      .fft_size = 2048 };
    GstTfrMoment moment = { .edge = random_log (r, 0.05, 1000),
      .origin = g_rand_boolean (r) ? 0 : random_log (r, 1, 1e5),
      .direction = g_rand_boolean (r) ? 1 : -1 };
    GstTfrLook look = { 0 };
    GstTfrScene s;

    gst_tfr_scene_init (&s);
    gst_tfr_look_init (&look);
    choose_look (r, &look);
    gst_tfr_scene_set_look (&s, &look);
    gst_tfr_picture_start (&s.picture, &header, 0, FALSE);
    gst_tfr_scene_set_size (&s, (guint) random_log (r, 16, 1600),
        (guint) random_log (r, 16, 1000), &pixel);
    gst_tfr_picture_settle (&s.picture);
    gst_tfr_overlay_prepare (&s.overlay, &s.image, &s.picture, &moment);

    check_rect (&s.overlay.layout.plot, &s.overlay.layout, "plot");
    check_rect (&s.overlay.layout.bar, &s.overlay.layout, "bar");
    check_rect (&s.overlay.layout.panel, &s.overlay.layout, "panel");
    check_rect (&s.overlay.layout.notes, &s.overlay.layout, "notes");
    check_times (&s, &moment);
    check_frequencies (&s);
    gst_tfr_look_clear (&look);
    gst_tfr_scene_clear (&s);
  }
  g_rand_free (r);
}
GST_END_TEST;

#define LINE_WIDTH 160
#define LINE_HEIGHT 40

static void
write_line (GstTfrText *text, const gchar *line, guint32 *pixels)
{
  GstTfrCanvas canvas = { pixels, LINE_WIDTH, LINE_WIDTH, LINE_HEIGHT, { 0 } };

  gst_tfr_pixel_init (&canvas.pixel, GST_VIDEO_FORMAT_BGRx);
  memset (pixels, 0, LINE_WIDTH * LINE_HEIGHT * sizeof *pixels);
  gst_tfr_canvas_write (&canvas, text, line, 80, 4, 0.5, 0xffffffff);
}

GST_START_TEST (a_line_looks_the_same_however_many_came_before)
{
  const gsize size = LINE_WIDTH * LINE_HEIGHT * sizeof (guint32);
  guint32 *kept = g_malloc (size), *fresh = g_malloc (size);
  GstTfrText *text = gst_tfr_text_new (NULL, 12);

  for (guint i = 0; i < 2000; i++) {
    /* each number comes again, at once and long after */
    gchar *line = g_strdup_printf ("%u Hz", i / 2 % 700);
    guint ink = 0;

    write_line (text, line, kept);
    if (i % 40 < 2) {
      GstTfrText *other = gst_tfr_text_new (NULL, 12);

      write_line (other, line, fresh);
      for (gsize p = 0; p < LINE_WIDTH * LINE_HEIGHT; p++)
        ink += fresh[p] != 0;
      fail_unless (ink > 20, "%u pixels of '%s'", ink, line);
      fail_unless (memcmp (kept, fresh, size) == 0, "line %u, '%s'", i, line);
      gst_tfr_text_free (other);
    }
    g_free (line);
  }
  gst_tfr_text_free (text);
  g_free (kept);
  g_free (fresh);
}
GST_END_TEST;

static Suite *
labels_suite (void)
{
  Suite *s = suite_create ("labels");
  TCase *tc = tcase_create ("ticks");

  tcase_add_test (tc, frequency_labels_stand_where_the_axis_says);
  tcase_add_test (tc, logarithmic_decades_have_1_2_and_5);
  tcase_add_test (tc, notes_stand_at_their_frequencies);
  tcase_add_test (tc, nearest_note_is_named_with_its_cents);
  tcase_add_test (tc, times_and_levels_say_where_they_stand);
  tcase_add_test (tc, no_label_leaves_the_frame_or_meets_another);
  tcase_add_test (tc, a_line_looks_the_same_however_many_came_before);
  suite_add_tcase (s, tc);
  return s;
}

GST_CHECK_MAIN (labels);
