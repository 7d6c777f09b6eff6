/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A picture that changes while it runs is the picture that it would have been.
 */

#include "drawing.h"
#include "near.h"
#include "pointer.h"
#include "signals.h"

#define RATE DRAWING_RATE
#define SECONDS 2
#define N (SECONDS * RATE)
#define WIDTH 320
#define HEIGHT 240

static GPtrArray *batches;

/* Tones, a chirp, clicks and noise in two channels. */
static void
setup (void)
{
  static gdouble left[N], right[N];
  const gdouble *const x[] = { left, right };

  signal_add_tone (left, N, RATE, 0.25, 1000.3, 0.3);
  signal_add_chirp (left, N, RATE, 0.1, 200, 3000, 0);
  signal_add_tone (right, N, RATE, 0.25, 3000.7, 1);
  signal_add_noise (right, N, 0.01, 5);
  for (guint i = 0; i < N; i += 20000)
    left[i] += 1;
  batches = drawing_analyse ("", x, 2, N);
}

static void
teardown (void)
{
  g_clear_pointer (&batches, g_ptr_array_unref);
}

static void
look_init (GstTfrLook *look)
{
  memset (look, 0, sizeof *look);
  gst_tfr_look_init (look);
  look->time_span = 2 * GST_SECOND;
}

/* Every change that a user can make, one after the other; FALSE after the last.
 */
static gboolean
change (GstTfrLook *look, guint index)
{
  switch (index) {
    case 0:
      look->min_level = -60;
      look->max_level = -5;
      return TRUE;
    case 1:
      look->color_map = GST_TFR_COLOR_MAP_VIRIDIS;
      return TRUE;
    case 2:
      look->tilt = 6;
      return TRUE;
    case 3:
      look->frequency_scale = REASSIGN_SCALE_MEL;
      return TRUE;
    case 4:
      look->sharpness = 0;
      return TRUE;
    case 5:
      look->sharpness = 0.5;
      return TRUE;
    case 6:
      look->min_frequency = 700;
      look->max_frequency = 4000;
      return TRUE;
    case 7:
      look->time_span = GST_SECOND;
      return TRUE;
    case 8:
      look->prune = GST_TFR_PRUNE_NONE;
      return TRUE;
    case 9:
      look->prune = GST_TFR_PRUNE_HARD;
      look->prune_tolerance = 0.2;
      return TRUE;
    case 10:
      look->components = GST_TFR_COMPONENT_IMPULSES;
      return TRUE;
    case 11:
      look->color_by = GST_TFR_COLOR_BY_KIND;
      return TRUE;
    case 12:
      look->color_by = GST_TFR_COLOR_BY_PHASE;
      return TRUE;
    case 13:
      look->channel_mode = GST_TFR_CHANNEL_MODE_SEPARATE;
      return TRUE;
    case 14:
      look->channel_mode = GST_TFR_CHANNEL_MODE_OVERLAY;
      return TRUE;
    case 15:
      look->underlay = 0.3;
      return TRUE;
    case 16:
      look->splat = REASSIGN_SPLAT_BILINEAR;
      return TRUE;
    case 17:
      look->splat_radius = 1.5;
      return TRUE;
    case 18:
      look->follow_chirps = !look->follow_chirps;
      return TRUE;
    case 19:
      look->orientation = GST_TFR_ORIENTATION_VERTICAL;
      return TRUE;
    case 20:
      look->gamma = 0.5;
      look->invert = TRUE;
      return TRUE;
    case 21:
      look->level_reference = GST_TFR_LEVEL_REFERENCE_DENSITY;
      return TRUE;
    case 22:
      look->axes = 63;
      return TRUE;
    case 23:
      look->frequency_labels = GST_TFR_FREQUENCY_LABELS_BOTH;
      return TRUE;
    case 24:
      look->scroll_mode = GST_TFR_SCROLL_MODE_SWEEP;
      return TRUE;
    case 25:
      look->background_color = 0xff203040;
      look->foreground_color = 0xff80ff80;
      return TRUE;
    case 26:
      look->scroll_mode = GST_TFR_SCROLL_MODE_SCROLL_REVERSE;
      return TRUE;
    default:
      return FALSE;
  }
}

static guint
count_different (const guint32 *a, const guint32 *b)
{
  guint n = 0;

  for (guint i = 0; i < WIDTH * HEIGHT; i++)
    n += a[i] != b[i];
  return n;
}

GST_START_TEST (change_redraws_what_has_been_drawn)
{
  for (guint i = 0;; i++) {
    GstTfrLook look;
    GstTfrScene changed, always;
    guint32 *before, *after, *expected;
    DrawingPlace place;
    gboolean more;

    look_init (&look);
    drawing_init (&changed, &look, WIDTH, HEIGHT);
    place =
        drawing_push (&changed, batches, (DrawingPlace){ 0, 0 }, 3 * RATE / 2);
    before = drawing_frame (&changed, 1.4);
    more = change (&look, i);
    gst_tfr_scene_set_look (&changed, &look);
    after = drawing_frame (&changed, 1.4);

    drawing_init (&always, &look, WIDTH, HEIGHT);
    drawing_push (&always, batches, (DrawingPlace){ 0, 0 }, 3 * RATE / 2);
    expected = drawing_frame (&always, 1.4);
    fail_unless_equals_int (count_different (after, expected), 0);
    if (more)
      fail_unless (count_different (before, after) > 0, "change %u", i);
    g_free (after);
    g_free (expected);

    /* and what comes then */
    drawing_push (&changed, batches, place, G_MAXINT64);
    drawing_push (&always, batches, place, G_MAXINT64);
    after = drawing_frame (&changed, SECONDS);
    expected = drawing_frame (&always, SECONDS);
    fail_unless (count_different (after, expected) == 0,
        "%u pixels after change %u", count_different (after, expected), i);
    g_free (before);
    g_free (after);
    g_free (expected);
    gst_tfr_scene_clear (&changed);
    gst_tfr_scene_clear (&always);
    gst_tfr_look_clear (&look);
    if (!more)
      break;
  }
}
GST_END_TEST;

/* A frame made from the one before. */
typedef struct {
  guint32 pixels[WIDTH * HEIGHT];
  GstTfrFrameState state;
} Kept;

GST_START_TEST (frames_in_a_row_are_those_drawn_alone)
{
  for (GstTfrScrollMode mode = 0; mode <= GST_TFR_SCROLL_MODE_SWEEP; mode++) {
    for (GstTfrOrientation o = 0; o <= GST_TFR_ORIENTATION_VERTICAL; o++) {
      GstTfrLook look;
      GstTfrScene s;
      DrawingPlace place = { 0, 0 };
      Kept *kept = g_new0 (Kept, 1);

      look_init (&look);
      look.scroll_mode = mode;
      look.orientation = o;
      look.axes |= GST_TFR_AXES_GRID;
      drawing_init (&s, &look, WIDTH, HEIGHT);
      for (guint f = 1; f <= 30 * SECONDS; f++) {
        GstTfrFrame frame = { kept->pixels, WIDTH, &kept->state };
        GstTfrMoment moment = { f / 30.0, 0, 1 };
        guint32 *alone;
        guint different = 0;

        /* progressive: columns change after they were first shown */
        place = drawing_push (&s, batches, place, f * RATE / 30);
        gst_tfr_scene_draw (&s, &moment, &frame, &frame);
        alone = drawing_frame (&s, f / 30.0);
        for (guint i = 0; i < WIDTH * HEIGHT; i++)
          different +=
              (GUINT32_FROM_LE (kept->pixels[i]) & 0xffffff) != alone[i];
        fail_unless (different == 0, "%u pixels of frame %u, mode %d",
            different, f, mode);
        g_free (alone);
      }
      g_free (kept);
      gst_tfr_scene_clear (&s);
      gst_tfr_look_clear (&look);
    }
  }
}
GST_END_TEST;

/* A sink may hold a buffer back for any number of frames. */
GST_START_TEST (frame_that_waited_long_is_that_drawn_alone)
{
  for (guint waits = 1; waits < 40; waits += 3) {
    GstTfrLook look;
    GstTfrScene s;
    DrawingPlace place = { 0, 0 };
    Kept *held = g_new0 (Kept, 1), *other = g_new0 (Kept, 1);

    look_init (&look);
    drawing_init (&s, &look, WIDTH, HEIGHT);
    for (guint f = 10; f <= 10 + waits; f++) {
      Kept *kept = f == 10 || f == 10 + waits ? held : other;
      GstTfrFrame frame = { kept->pixels, WIDTH, &kept->state };
      GstTfrMoment moment = { f / 30.0, 0, 1 };

      place = drawing_push (&s, batches, place, f * RATE / 30);
      gst_tfr_scene_draw (&s, &moment, &frame, &frame);
      if (f == 10 + waits) {
        guint32 *alone = drawing_frame (&s, f / 30.0);
        guint different = 0;

        for (guint i = 0; i < WIDTH * HEIGHT; i++)
          different +=
              (GUINT32_FROM_LE (kept->pixels[i]) & 0xffffff) != alone[i];
        fail_unless (
            different == 0, "%u pixels after %u frames", different, waits);
        g_free (alone);
      }
    }
    g_free (held);
    g_free (other);
    gst_tfr_scene_clear (&s);
    gst_tfr_look_clear (&look);
  }
}
GST_END_TEST;

/* Its beginning goes on from frame to frame, amid rubbish; now and then by more
 * than a frame, or with a readout that hangs over a margin. */
static void
check_moving (const GstTfrLook *look, guint width, guint height)
{
  gsize size = (gsize) width * height, room = 8 * size;
  guint32 *memory = g_new (guint32, room),
          *pixels = memory + room / 2 - size / 2;
  GstTfrFrameState state = { 0 };
  DrawingPlace place = { 0, 0 };
  GstTfrScene s;

  memset (memory, 0x5a, room * sizeof *memory);
  drawing_init (&s, look, width, height);
  for (guint f = 1; f <= 30; f += 1 + f % 3) {
    GstTfrMoment moment = { f / 20.0, 0, 1 };
    gchar *lines[] = { (gchar *) "440.00 Hz", (gchar *) "tone", NULL };
    guint32 *alone;

    place = drawing_push (&s, batches, place, f * RATE / 20);
    gst_tfr_overlay_set_readout (&s.overlay,
        f % 4 == 0 ? g_strdupv (lines) : NULL, width * 0.9, height * 0.9);
    pixels += gst_tfr_scene_slide (&s, &moment, width, &state);
    gst_tfr_scene_draw (&s, &moment, &(GstTfrFrame){ pixels, width, &state },
        &(GstTfrFrame){ pixels, width, &state });
    alone = drawing_frame (&s, f / 20.0);
    for (gsize i = 0; i < size; i++)
      fail_unless ((GUINT32_FROM_LE (pixels[i]) & 0xffffff) == alone[i],
          "pixel %u, %u of frame %u, %u x %u, mode %d, axes %u, labels %d",
          (guint) (i % width), (guint) (i / width), f, width, height,
          look->scroll_mode, look->axes, look->time_labels);
    g_free (alone);
  }
  g_free (memory);
  gst_tfr_scene_clear (&s);
}

GST_START_TEST (frame_that_moves_in_memory_is_that_drawn_alone)
{
  static const guint axes[] = { 0, GST_TFR_AXES_TIME,
    GST_TFR_AXES_TIME | GST_TFR_AXES_FREQUENCY,
    GST_TFR_AXES_TIME | GST_TFR_AXES_COLOR_BAR, 63 };

  for (GstTfrScrollMode mode = 0; mode <= GST_TFR_SCROLL_MODE_SWEEP; mode++) {
    for (GstTfrOrientation o = 0; o <= GST_TFR_ORIENTATION_VERTICAL; o++) {
      for (guint i = 0; i < G_N_ELEMENTS (axes); i++) {
        GstTfrLook look;

        look_init (&look);
        look.scroll_mode = mode;
        look.orientation = o;
        look.axes = axes[i];
        look.time_labels = (i + mode) % (GST_TFR_TIME_LABELS_AGO + 1);
        look.peak_hold = i == 2 ? GST_SECOND : 0;
        check_moving (&look, 200, 120);
        look.time_span = GST_SECOND / 2; /* marks leave, too */
        if (i == 3 && o == GST_TFR_ORIENTATION_HORIZONTAL)
          check_moving (&look, 200, 120);
        gst_tfr_look_clear (&look);
      }
    }
  }
}
GST_END_TEST;

GST_START_TEST (frozen_picture_stays_and_thaws_whole)
{
  GstTfrLook look;
  GstTfrScene s, always;
  DrawingPlace place;
  guint32 *frozen, *later, *thawed, *expected;

  look_init (&look);
  drawing_init (&s, &look, WIDTH, HEIGHT);
  place = drawing_push (&s, batches, (DrawingPlace){ 0, 0 }, RATE);
  frozen = drawing_frame (&s, 1);
  look.freeze = TRUE;
  gst_tfr_scene_set_look (&s, &look);
  fail_unless (gst_tfr_scene_hold (&s, 1, RATE, 0) == 1);
  drawing_push (&s, batches, place, G_MAXINT64);
  later = drawing_frame (&s, gst_tfr_scene_hold (&s, 2, 2 * RATE, 0));
  fail_unless_equals_int (count_different (frozen, later), 0);
  look.freeze = FALSE;
  gst_tfr_scene_set_look (&s, &look);
  thawed = drawing_frame (&s, gst_tfr_scene_hold (&s, 2, 2 * RATE, 0));

  drawing_init (&always, &look, WIDTH, HEIGHT);
  drawing_push (&always, batches, (DrawingPlace){ 0, 0 }, G_MAXINT64);
  expected = drawing_frame (&always, 2);
  fail_unless_equals_int (count_different (thawed, expected), 0);
  g_free (frozen);
  g_free (later);
  g_free (thawed);
  g_free (expected);
  gst_tfr_scene_clear (&s);
  gst_tfr_scene_clear (&always);
  gst_tfr_look_clear (&look);
}
GST_END_TEST;

GST_START_TEST (point_under_the_pointer_is_read_exactly)
{
  static gdouble tone[N];
  const gdouble *const x[] = { tone };
  GPtrArray *made;
  GstTfrMoment moment = { 1.5, 0, 1 };

  memset (tone, 0, sizeof tone);
  signal_add_tone (tone, N, RATE, 0.5, 440, 0.2);
  made = drawing_analyse ("", x, 1, N);
  for (ReassignScale scale = 0; scale <= REASSIGN_SCALE_ERB; scale++) {
    GstTfrLook look;
    GstTfrReading reading;
    const GstTfrRect *plot;
    GstTfrScene s;
    gchar **lines;
    gdouble y;

    look_init (&look);
    look.frequency_scale = scale;
    drawing_init (&s, &look, 1280, 720);
    drawing_push (&s, made, (DrawingPlace){ 0, 0 }, G_MAXINT64);
    g_free (drawing_frame (&s, 1.5));
    plot = &s.overlay.layout.plot;
    y = plot->y + plot->h - reassign_axis_row (&s.picture.lanes[0].axis, 440);
    /* some pixels beside it */
    fail_unless (gst_tfr_scene_read (
        &s, &moment, plot->x + plot->w / 2, y + 5, &reading));
    assert_near (reading.frequency, 440, 0.005, "frequency, scale %d", scale);
    assert_near (reading.level, -6.0206, 0.1, "level, scale %d", scale);
    assert_near (reading.mixed, 0, 0.01, "mixed derivative");
    lines = gst_tfr_pointer_describe (&reading, reading.time, 440);
    fail_unless_equals_string (lines[0], "440.00 Hz  A4 +0.0 c");
    fail_unless_equals_string (lines[3], "tone");
    g_strfreev (lines);
    fail_if (gst_tfr_scene_read (&s, &moment, 1, 1, &reading));
    fail_if (gst_tfr_scene_read (
        &s, &moment, plot->x + plot->w / 2, plot->y + 20, &reading));
    gst_tfr_scene_clear (&s);
    gst_tfr_look_clear (&look);
  }
  g_ptr_array_unref (made);
}
GST_END_TEST;

/* Energy of a column in the rows about a tone, dBFS. */
static gdouble
level_at (const GstTfrScene *s, gdouble time, gdouble hz)
{
  const GstTfrLane *l = &s->picture.lanes[0];
  const gfloat *cells = reassign_grid_column (
      l->layers[0], (gint64) (time * s->picture.columns_per_second));
  gint row = (gint) reassign_axis_row (&l->axis, hz);
  gdouble sum = 0;

  for (gint r = row - 12; cells != NULL && r <= row + 12; r++)
    sum += cells[r];
  return 10 *
         log10 (MAX (sum, 1e-30) * reassign_grid_column_scale (l->layers[0]));
}

/* Bytes of points that a history holds room for. */
static gsize
history_size (const GstTfrHistory *h)
{
  gsize values = 0;

  for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
    values += h->ring.values[v] != NULL;
  return values * h->ring.reserved * sizeof (gfloat);
}

GST_START_TEST (a_dense_stream_keeps_its_budget_and_its_strongest_points)
{
  static gdouble x[N];
  const gdouble *const channels[] = { x };
  GPtrArray *made;
  GstTfrLook look;
  GstTfrScene s;
  guint all = 0, weak = 0, row;

  memset (x, 0, sizeof x);
  signal_add_tone (x, N, RATE, 0.1, 1000, 0);
  signal_add_noise (x, N, 1e-4, 2);
  made = drawing_analyse ("hop-size=32 padding=2", channels, 1, N);
  look_init (&look);
  drawing_init (&s, &look, WIDTH, HEIGHT);
  drawing_push (&s, made, (DrawingPlace){ 0, 0 }, G_MAXINT64);
  assert_at_most (
      (gdouble) history_size (&s.picture.history), 16 << 20, "bytes kept");
  for (guint i = 0; i < gst_tfr_history_length (&s.picture.history); i++) {
    GstTfrSpots *spots = &s.picture.spots;

    gst_tfr_history_read (&s.picture.history, i, spots);
    all += spots->n;
  }
  weak = N / 32 * 2048; /* points that came */
  fail_unless (all < weak / 2, "%u of %u points are kept", all, weak);

  look.min_frequency = 500;
  look.max_frequency = 2000;
  gst_tfr_scene_set_look (&s, &look);
  g_free (drawing_frame (&s, SECONDS));
  for (gdouble t = 0.2; t < 1.8; t += 0.1) {
    gint64 column = (gint64) (t * s.picture.columns_per_second);

    assert_near (drawing_peak_level (&s, 0, column, &row), -20, 1,
        "tone after zooming, %g s", t);
    assert_near (row + 0.5, reassign_axis_row (&s.picture.lanes[0].axis, 1000),
        1, "its row");
  }
  gst_tfr_scene_clear (&s);
  g_ptr_array_unref (made);
}
GST_END_TEST;

GST_START_TEST (frozen_picture_can_be_redrawn_whatever_comes_meanwhile)
{
  static gdouble x[4 * N];
  const gdouble *const channels[] = { x };
  GPtrArray *made;
  DrawingPlace place;
  GstTfrLook look;
  GstTfrScene s;

  memset (x, 0, sizeof x);
  signal_add_tone (x, 4 * N, RATE, 0.1, 1000, 0);
  signal_add_noise (x, 4 * N, 0.01, 2);
  made = drawing_analyse ("hop-size=64", channels, 1, 4 * N);
  look_init (&look);
  drawing_init (&s, &look, WIDTH, HEIGHT);
  place = drawing_push (&s, made, (DrawingPlace){ 0, 0 }, 2 * RATE);
  look.freeze = TRUE;
  gst_tfr_scene_set_look (&s, &look);
  gst_tfr_scene_hold (&s, 2, 2 * RATE, 0);
  drawing_push (&s, made, place, G_MAXINT64); /* three times as long */
  for (guint i = 0; i < 2; i++) {
    look.sharpness = 1 - look.sharpness;
    look.freeze = i == 0; /* what came meanwhile is there after the thaw */
    gst_tfr_scene_set_look (&s, &look);
    g_free (drawing_frame (&s, gst_tfr_scene_hold (&s, 8, 8 * RATE, 0)));
    for (gdouble t = 0.1; t < 1.9; t += 0.05) {
      gdouble at = i == 0 ? t : 6 + t;

      assert_near (
          level_at (&s, at, 1000), -20, 1, "tone at %g s, turn %u", at, i);
    }
  }
  assert_at_most (
      (gdouble) history_size (&s.picture.history), 16 << 20, "bytes kept");
  gst_tfr_scene_clear (&s);
  gst_tfr_look_clear (&look);
  g_ptr_array_unref (made);
}
GST_END_TEST;

GST_START_TEST (longer_span_keeps_what_was_shown)
{
  static gdouble x[2 * N];
  const gdouble *const channels[] = { x };
  GPtrArray *made;
  DrawingPlace place;
  GstTfrLook look;
  GstTfrScene s;

  memset (x, 0, sizeof x);
  signal_add_tone (x, 2 * N, RATE, 0.1, 1000, 0);
  signal_add_noise (x, 2 * N, 0.01, 2);
  made = drawing_analyse ("hop-size=64", channels, 1, 2 * N);
  look_init (&look);
  look.time_span = GST_SECOND;
  drawing_init (&s, &look, WIDTH, HEIGHT);
  place = drawing_push (&s, made, (DrawingPlace){ 0, 0 }, RATE);
  look.time_span = 4 * GST_SECOND;
  gst_tfr_scene_set_look (&s, &look);
  g_free (drawing_frame (&s, 1));
  drawing_push (&s, made, place, G_MAXINT64);
  look.min_frequency = 500;
  gst_tfr_scene_set_look (&s, &look);
  g_free (drawing_frame (&s, 4));
  for (gdouble t = 0.1; t < 3.9; t += 0.1)
    assert_near (level_at (&s, t, 1000), -20, 1, "tone at %g s", t);
  gst_tfr_scene_clear (&s);
  gst_tfr_look_clear (&look);
  g_ptr_array_unref (made);
}
GST_END_TEST;

GST_START_TEST (batches_leave_no_seams)
{
  static gdouble x[N];
  const gdouble *const channels[] = { x };
  static const gchar *const properties[] = { "", "frames-per-buffer=1",
    "frames-per-buffer=7" };
  guint32 *whole = NULL;

  memset (x, 0, sizeof x);
  signal_add_chirp (x, N, RATE, 0.3, 300, 2000, 0);
  signal_add_noise (x, N, 1e-3, 3);
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++) {
    GPtrArray *made = drawing_analyse (properties[i], channels, 1, N);
    GstTfrLook look;
    GstTfrScene s;
    guint32 *pixels;

    look_init (&look);
    drawing_init (&s, &look, WIDTH, HEIGHT);
    drawing_push (&s, made, (DrawingPlace){ 0, 0 }, G_MAXINT64);
    pixels = drawing_frame (&s, SECONDS);
    if (whole == NULL)
      whole = g_memdup2 (pixels, WIDTH * HEIGHT * sizeof *pixels);
    fail_unless_equals_int (count_different (pixels, whole), 0);
    g_free (pixels);
    gst_tfr_scene_clear (&s);
    gst_tfr_look_clear (&look);
    g_ptr_array_unref (made);
  }
  g_free (whole);
}
GST_END_TEST;

GST_START_TEST (stream_is_there_from_its_first_column_to_its_last)
{
  static gdouble x[N];
  const gdouble *const channels[] = { x };
  GPtrArray *made;
  GstTfrLook look;
  GstTfrScene s;

  memset (x, 0, sizeof x);
  signal_add_tone (x, N, RATE, 0.5, 1000.3, 0.2);
  made = drawing_analyse ("", channels, 1, N);
  look_init (&look);
  look.time_span = 3 * GST_SECOND;
  drawing_init (&s, &look, WIDTH, HEIGHT);
  drawing_push (&s, made, (DrawingPlace){ 0, 0 }, G_MAXINT64);
  for (gint64 c = 0; c < SECONDS * s.picture.columns_per_second - 1; c++) {
    gdouble level = drawing_column_level (&s, 0, c);

    fail_unless (level > -6 - 3 && level < -6 + 3, "%g dBFS in column %d",
        level, (gint) c);
  }
  /* nothing rings on but a splat, no line is wrapped to the other side */
  for (gint64 c = (gint64) (SECONDS * s.picture.columns_per_second) + 8;
       c < s.picture.length; c++)
    assert_at_most (
        drawing_column_level (&s, 0, c), -60, "column %d", (gint) c);
  gst_tfr_scene_clear (&s);
  gst_tfr_look_clear (&look);
  g_ptr_array_unref (made);
}
GST_END_TEST;

static Suite *
changes_suite (void)
{
  Suite *s = suite_create ("changes");
  TCase *tc = tcase_create ("frames");

  tcase_add_unchecked_fixture (tc, setup, teardown);
  tcase_add_test (tc, change_redraws_what_has_been_drawn);
  tcase_add_test (tc, frames_in_a_row_are_those_drawn_alone);
  tcase_add_test (tc, frame_that_waited_long_is_that_drawn_alone);
  tcase_add_test (tc, frame_that_moves_in_memory_is_that_drawn_alone);
  tcase_add_test (tc, frozen_picture_stays_and_thaws_whole);
  tcase_add_test (tc, point_under_the_pointer_is_read_exactly);
  tcase_add_test (tc, frozen_picture_can_be_redrawn_whatever_comes_meanwhile);
  tcase_add_test (tc, longer_span_keeps_what_was_shown);
  tcase_add_test (tc, batches_leave_no_seams);
  tcase_add_test (tc, stream_is_there_from_its_first_column_to_its_last);
  tcase_add_test (tc, a_dense_stream_keeps_its_budget_and_its_strongest_points);
  suite_add_tcase (s, tc);
  return s;
}

GST_CHECK_MAIN (changes);
