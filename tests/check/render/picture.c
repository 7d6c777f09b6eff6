/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What stands where in a frame, in every mode, scale, splat and arrangement of
 * channels, and in what colour. */

#include "drawing.h"
#include "near.h"
#include "signals.h"

#define RATE DRAWING_RATE
#define SECONDS 2
#define N (SECONDS * RATE)
#define CLICK 60000 /* sample */
#define WIDTH 400
#define HEIGHT 300
#define LEFT_HZ 1000.3
#define RIGHT_HZ 3000.7

/* A tone and a click; in the other channel another tone. */
static GPtrArray *
analyse (const gchar *properties, guint channels)
{
  static gdouble left[N], right[N];
  const gdouble *const x[] = { left, right };

  memset (left, 0, sizeof left);
  memset (right, 0, sizeof right);
  signal_add_tone (left, N, RATE, 0.25, LEFT_HZ, 0.3);
  signal_add_tone (right, N, RATE, 0.25, RIGHT_HZ, 1);
  left[CLICK] += 1;
  return drawing_analyse (properties, x, channels, N);
}

static GPtrArray *batches[3]; /* by channels */

static void
setup (void)
{
  batches[1] = analyse ("", 1);
  batches[2] = analyse ("", 2);
}

static void
teardown (void)
{
  g_clear_pointer (&batches[1], g_ptr_array_unref);
  g_clear_pointer (&batches[2], g_ptr_array_unref);
}

static void
look_init (GstTfrLook *look)
{
  memset (look, 0, sizeof *look);
  gst_tfr_look_init (look);
  look->time_span = 2 * GST_SECOND;
  look->axes = 0;
}

static void
draw_all (GstTfrScene *s, const GstTfrLook *look, guint channels)
{
  drawing_init (s, look, WIDTH, HEIGHT);
  drawing_push (s, batches[channels], (DrawingPlace){ 0, 0 }, G_MAXINT64);
}

static guint
brightness (guint32 rgb)
{
  return (rgb >> 16 & 0xff) + (rgb >> 8 & 0xff) + (rgb & 0xff);
}

/* The brightest pixel of a row or column of a frame. */
static guint
find_brightest (const guint32 *from, gsize step, guint n)
{
  guint best = 0;

  for (guint i = 1; i < n; i++)
    if (brightness (from[i * step]) > brightness (from[best * step]))
      best = i;
  return best;
}

GST_START_TEST (tone_stands_in_its_row_on_every_scale)
{
  for (ReassignScale scale = 0; scale <= REASSIGN_SCALE_ERB; scale++) {
    for (ReassignSplat splat = 0; splat <= REASSIGN_SPLAT_NEAREST; splat++) {
      for (GstTfrOrientation o = 0; o <= GST_TFR_ORIENTATION_VERTICAL; o++) {
        GstTfrLook look;
        GstTfrScene s;
        guint32 *pixels;
        gdouble row;
        guint at;

        look_init (&look);
        look.frequency_scale = scale;
        look.min_frequency = 100;
        look.max_frequency = 8000;
        look.max_level = 0; /* no two pixels are too bright */
        look.splat = splat;
        look.orientation = o;
        draw_all (&s, &look, 1);
        pixels = drawing_frame (&s, SECONDS);
        row = reassign_axis_row (&s.picture.lanes[0].axis, LEFT_HZ);
        at = o == GST_TFR_ORIENTATION_VERTICAL
                 ? find_brightest (pixels + WIDTH * (HEIGHT / 2), 1, WIDTH)
                 : HEIGHT - 1 -
                       find_brightest (pixels + WIDTH / 2, WIDTH, HEIGHT);
        /* a splat's weights fall on both rows beside an edge alike */
        assert_near (at + 0.5, row, 0.75, "row of %g Hz, scale %d, splat %d",
            LEFT_HZ, scale, splat);
        g_free (pixels);
        gst_tfr_scene_clear (&s);
      }
    }
  }
}
GST_END_TEST;

GST_START_TEST (automatic_range_is_what_is_heard_or_what_there_is)
{
  static const struct {
    guint rate;
    gdouble top;
  } ranges[] = { { 8000, 4000 }, { 44100, 16000 }, { 96000, 16000 },
    { 256000, 128000 } };

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
    GstTfrPicture p;
    gdouble low, high;

    gst_tfr_picture_init (&p);
    p.header.rate = ranges[i].rate;
    gst_tfr_picture_get_range (&p, &low, &high);
    assert_near (low, 30, 0, "lowest at a rate of %u", ranges[i].rate);
    assert_near (
        high, ranges[i].top, 0, "highest at a rate of %u", ranges[i].rate);
    p.look.min_frequency = 0;
    p.look.frequency_scale = REASSIGN_SCALE_LOG; /* which has no 0 */
    gst_tfr_picture_get_range (&p, &low, &high);
    assert_near (low, MIN (20, high / 1000), 0, "lowest of a log scale at %u",
        ranges[i].rate);
    gst_tfr_picture_clear (&p);
  }
}
GST_END_TEST;

/* Where in the image's length the column of a moment is. */
static guint
expect_column (
    GstTfrScrollMode mode, gdouble seconds, gdouble edge, guint length)
{
  gint64 column = (gint64) floor (seconds / SECONDS * length);
  gint64 end = (gint64) ceil (edge / SECONDS * length);

  switch (mode) {
    case GST_TFR_SCROLL_MODE_SCROLL_REVERSE:
      return (guint) (end - 1 - column);
    case GST_TFR_SCROLL_MODE_SWEEP:
      return (guint) (column % length);
    default:
      return (guint) (column - (end - length));
  }
}

GST_START_TEST (click_stands_in_its_column_in_every_mode)
{
  static const gdouble edges[] = { 1.5, 1.77, 2 };

  for (GstTfrScrollMode mode = 0; mode <= GST_TFR_SCROLL_MODE_PAGE; mode++) {
    for (GstTfrOrientation o = 0; o <= GST_TFR_ORIENTATION_VERTICAL; o++) {
      for (guint e = 0; e < G_N_ELEMENTS (edges); e++) {
        gboolean vertical = o == GST_TFR_ORIENTATION_VERTICAL;
        guint length = vertical ? HEIGHT : WIDTH, at, expected;
        GstTfrLook look;
        GstTfrScene s;
        guint32 *pixels;

        look_init (&look);
        look.scroll_mode = mode;
        look.orientation = o;
        look.frequency_scale = REASSIGN_SCALE_LINEAR;
        look.min_frequency = 4000; /* the tone is below */
        look.max_frequency = 12000;
        look.min_level = -100;
        look.max_level = -40;
        draw_all (&s, &look, 1);
        pixels = drawing_frame (&s, edges[e]);
        /* the cursor of a sweep is brighter than a click */
        if (mode == GST_TFR_SCROLL_MODE_SWEEP) {
          guint cursor = (guint) ceil (edges[e] / SECONDS * length) % length;

          for (guint i = 0; i < (vertical ? WIDTH : HEIGHT); i++)
            pixels[vertical ? (length - 1 - cursor) * WIDTH + i
                            : i * WIDTH + cursor] = 0;
        }
        at = vertical
                 ? HEIGHT - 1 -
                       find_brightest (pixels + WIDTH / 2, WIDTH, HEIGHT)
                 : find_brightest (pixels + WIDTH * (HEIGHT / 2), 1, WIDTH);
        expected =
            expect_column (mode, (gdouble) CLICK / RATE, edges[e], length);
        assert_near (at, expected, 1,
            "column of the click, mode %d, %g s, "
            "orientation %d",
            mode, edges[e], o);
        g_free (pixels);
        gst_tfr_scene_clear (&s);
      }
    }
  }
}
GST_END_TEST;

static gdouble
level_of (const GstTfrScene *s, guint lane, gdouble hz)
{
  const GstTfrLane *l = &s->picture.lanes[lane];
  gint64 column = (gint64) (0.5 * s->picture.columns_per_second);
  gint at = (gint) reassign_axis_row (&l->axis, hz);
  gdouble sum = 0;

  for (gint r = at - 4; r <= at + 4; r++)
    for (guint i = 0; i < l->n_layers; i++)
      sum += reassign_grid_column (l->layers[i], column)[r];
  return 10 *
         log10 (MAX (sum, 1e-30) * reassign_grid_column_scale (l->layers[0]));
}

GST_START_TEST (channels_are_mixed_or_apart_or_overlaid)
{
  const gdouble level = 20 * log10 (0.25);

  for (GstTfrChannelMode mode = 0; mode <= GST_TFR_CHANNEL_MODE_OVERLAY;
       mode++) {
    gdouble gain = mode == GST_TFR_CHANNEL_MODE_MIX ? 10 * log10 (0.5) : 0;
    guint right = mode == GST_TFR_CHANNEL_MODE_SEPARATE ? 1 : 0;
    GstTfrLook look;
    GstTfrScene s;

    look_init (&look);
    look.channel_mode = mode;
    draw_all (&s, &look, 2);
    assert_near (level_of (&s, 0, LEFT_HZ), level + gain, 0.1,
        "left tone in mode %d, dBFS", mode);
    assert_near (level_of (&s, right, RIGHT_HZ), level + gain, 0.1,
        "right tone in mode %d, dBFS", mode);
    if (mode == GST_TFR_CHANNEL_MODE_SEPARATE) {
      fail_unless_equals_int (s.picture.n_lanes, 2);
      fail_unless (s.picture.lanes[0].from > s.picture.lanes[1].from,
          "the first channel is on top");
      assert_at_most (level_of (&s, 0, RIGHT_HZ), -100, "right tone at left");
      assert_at_most (level_of (&s, 1, LEFT_HZ), -100, "left tone at right");
    }
    gst_tfr_scene_clear (&s);
  }
}
GST_END_TEST;

/* ------------------------------------------------------------- colour ---- */

/* The colour of the frame where a tone stands, half a second after its start.
 */
static guint32
colour_at (GstTfrScene *s, gdouble seconds, gdouble hz)
{
  guint32 *pixels = drawing_frame (s, SECONDS), rgb = 0;
  guint x = (guint) (seconds / SECONDS * WIDTH);
  gint row = (gint) reassign_axis_row (&s->picture.lanes[0].axis, hz);

  for (gint r = row - 1; r <= row + 1; r++) {
    guint32 here = pixels[(guint) (HEIGHT - 1 - r) * WIDTH + x];

    if (brightness (here) > brightness (rgb))
      rgb = here;
  }
  g_free (pixels);
  return rgb;
}

static gdouble
hue_of (guint32 rgb)
{
  gdouble r = rgb >> 16 & 0xff, g = rgb >> 8 & 0xff, b = rgb & 0xff;
  gdouble hue = atan2 (sqrt (3) * (g - b), 2 * r - g - b) * 180 / G_PI;

  return hue < 0 ? hue + 360 : hue;
}

static gdouble
hue_distance (gdouble a, gdouble b)
{
  gdouble d = fmod (fabs (a - b), 360);

  return MIN (d, 360 - d);
}

GST_START_TEST (hue_tells_channels_and_kinds_apart)
{
  const gdouble cyan = hue_of (0x28c8ff), orange = hue_of (0xff9020);
  GstTfrLook look;
  GstTfrScene s;

  for (guint i = 0; i < 3; i++) {
    look_init (&look);
    look.max_level = 0;
    if (i == 0)
      look.channel_mode = GST_TFR_CHANNEL_MODE_OVERLAY;
    else
      look.color_by = i == 1 ? GST_TFR_COLOR_BY_CHANNEL
                             : GST_TFR_COLOR_BY_CHANNEL_DIFFERENCE;
    draw_all (&s, &look, 2);
    assert_near (hue_distance (hue_of (colour_at (&s, 0.5, LEFT_HZ)), cyan), 0,
        5, "hue of the left channel from cyan, way %u", i);
    assert_near (hue_distance (hue_of (colour_at (&s, 0.5, RIGHT_HZ)), orange),
        0, 5, "hue of the right channel from orange, way %u", i);
    gst_tfr_scene_clear (&s);
  }

  look_init (&look);
  look.color_by = GST_TFR_COLOR_BY_KIND;
  look.min_level = -100;
  look.max_level = -30;
  draw_all (&s, &look, 1);
  look.max_level = 0;
  gst_tfr_scene_set_look (&s, &look);
  assert_near (hue_distance (hue_of (colour_at (&s, 0.5, LEFT_HZ)), cyan), 0, 5,
      "hue of a tone from cyan");
  assert_near (hue_distance (
                   hue_of (colour_at (&s, (CLICK + 0.5) / RATE, 8000)), orange),
      0, 8, "hue of a click from orange");
  gst_tfr_scene_clear (&s);
}
GST_END_TEST;

GST_START_TEST (phase_is_a_hue_of_the_cycle)
{
  static gdouble tone[N];
  const gdouble *const x[] = { tone };
  guint32 cycle[256];

  gst_tfr_palette_fill (GST_TFR_COLOR_MAP_TWILIGHT, cycle, 256);
  /* hop 480 is ten periods of 1000 Hz: every frame sees the same phase */
  for (gint turn = 0; turn < 8; turn++) {
    gdouble phase = turn * G_PI / 4;
    GPtrArray *made;
    GstTfrLook look;
    GstTfrScene s;
    gdouble best = INFINITY, expected;
    guint32 rgb;

    memset (tone, 0, sizeof tone);
    signal_add_tone (tone, N, RATE, 0.25, 1000, phase);
    made = drawing_analyse ("hop-size=480", x, 1, N);
    look_init (&look);
    look.color_by = GST_TFR_COLOR_BY_PHASE;
    look.max_level = 0;
    drawing_init (&s, &look, WIDTH, HEIGHT);
    drawing_push (&s, made, (DrawingPlace){ 0, 0 }, G_MAXINT64);
    rgb = colour_at (&s, 1, 1000);
    /* the grey ends of the cycle have no hue worth the name */
    expected = fmod (phase / (2 * G_PI) + 1, 1) * 255;
    for (gint i = -12; i <= 12; i++)
      best = MIN (best, hue_distance (hue_of (rgb),
                            hue_of (cycle[((gint) expected + i) & 0xff])));
    if (turn != 0 && turn != 4)
      assert_at_most (best, 10, "hue of phase %g", phase);
    gst_tfr_scene_clear (&s);
    g_ptr_array_unref (made);
  }
}
GST_END_TEST;

GST_START_TEST (components_take_apart_tones_and_clicks)
{
  static const guint shown[] = { GST_TFR_COMPONENTS_ALL,
    GST_TFR_COMPONENT_SINUSOIDS, GST_TFR_COMPONENT_IMPULSES };

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    gboolean tones = shown[i] & GST_TFR_COMPONENT_SINUSOIDS;
    gboolean clicks = shown[i] & GST_TFR_COMPONENT_IMPULSES;
    GstTfrLook look;
    GstTfrScene s;
    gint64 column;
    gdouble click = 0;

    look_init (&look);
    look.components = shown[i];
    if (i == 2)
      look.prune = GST_TFR_PRUNE_NONE; /* apart they are without it, too */
    draw_all (&s, &look, 1);
    if (tones)
      assert_near (level_of (&s, 0, LEFT_HZ), 20 * log10 (0.25), 0.1,
          "tone with components %u", shown[i]);
    else
      assert_at_most (
          level_of (&s, 0, LEFT_HZ), -60, "tone with components %u", shown[i]);
    column = (gint64) ((gdouble) CLICK / RATE * s.picture.columns_per_second);
    for (gint64 c = column - 1; c <= column + 1; c++)
      for (guint r = HEIGHT * 8 / 10; r < HEIGHT; r++)
        click += reassign_grid_column (s.picture.lanes[0].layers[0], c)[r];
    if (clicks)
      fail_unless (click > 0.05, "energy %g of the click is there", click);
    else
      assert_at_most (click, 1e-4, "energy of the click");
    gst_tfr_scene_clear (&s);
  }
}
GST_END_TEST;

/* NAN as mixed derivative: neither tone nor click, so never left out. */
GST_START_TEST (points_of_unknown_kind_are_all_shown)
{
  static const GstTfrPrune prunes[] = { GST_TFR_PRUNE_NONE, GST_TFR_PRUNE_SOFT,
    GST_TFR_PRUNE_HARD };
  GPtrArray *unknown = analyse ("", 1);
  GstTfrLook look;
  GstTfrScene s;
  guint32 *whole = NULL;

  for (guint b = 0; b < unknown->len; b++) {
    GstBuffer *buffer = unknown->pdata[b];
    GstTfrBatch batch;

    fail_unless (gst_buffer_is_writable (buffer));
    fail_unless (gst_tfr_batch_map (&batch, buffer, NULL));
    for (guint i = 0; i < batch.header.n_points; i++)
      ((gfloat *) batch.mixed)[i] = NAN;
    gst_tfr_batch_unmap (&batch);
  }
  for (guint components = 0; components < 2; components++)
    for (guint i = 0; i < G_N_ELEMENTS (prunes); i++) {
      guint32 *pixels;

      look_init (&look);
      look.prune = prunes[i];
      if (components > 0)
        look.components = GST_TFR_COMPONENT_IMPULSES;
      drawing_init (&s, &look, WIDTH, HEIGHT);
      drawing_push (&s, unknown, (DrawingPlace){ 0, 0 }, G_MAXINT64);
      pixels = drawing_frame (&s, SECONDS);
      if (whole == NULL)
        whole = pixels;
      for (guint p = 0; p < WIDTH * HEIGHT; p++)
        fail_unless (pixels[p] == whole[p],
            "pixel %u is %06x, not %06x, with prune %d, components %u", p,
            pixels[p], whole[p], look.prune, look.components);
      if (pixels != whole)
        g_free (pixels);
      gst_tfr_scene_clear (&s);
    }
  g_free (whole);
  g_ptr_array_unref (unknown);
}
GST_END_TEST;

GST_START_TEST (underlay_shows_the_plain_transform_faintly)
{
  guint32 *pixels[2];
  guint brighter = 0;

  for (guint i = 0; i < 2; i++) {
    GstTfrLook look;
    GstTfrScene s;

    look_init (&look);
    look.underlay = i * 0.5;
    draw_all (&s, &look, 1);
    pixels[i] = drawing_frame (&s, SECONDS);
    gst_tfr_scene_clear (&s);
  }
  for (guint i = 0; i < WIDTH * HEIGHT; i++) {
    fail_unless (brightness (pixels[1][i]) >= brightness (pixels[0][i]));
    brighter += pixels[1][i] != pixels[0][i];
  }
  fail_unless (brighter > WIDTH * 4, "%u pixels", brighter);
  g_free (pixels[0]);
  g_free (pixels[1]);
}
GST_END_TEST;

GST_START_TEST (silence_changes_no_range_of_levels)
{
  GstTfrAutoRange range;
  const gfloat silence[4] = { 0 }, tone[4] = { 1, 1, 1, 1 };
  const gfloat gains[4] = { 1, 1, 1, 1 };
  gdouble top;

  gst_tfr_auto_range_reset (&range);
  gst_tfr_auto_range_add (&range, silence, gains, 4, 1);
  fail_unless (
      isnan (gst_tfr_auto_range_find (&range, GST_TFR_AUTO_LEVEL_PEAK)));
  gst_tfr_auto_range_add (&range, tone, gains, 4, 1);
  top = gst_tfr_auto_range_find (&range, GST_TFR_AUTO_LEVEL_PEAK);
  gst_tfr_auto_range_add (&range, silence, gains, 4, 0.1);
  assert_near (gst_tfr_auto_range_find (&range, GST_TFR_AUTO_LEVEL_PEAK), top,
      0, "top of the range");
}
GST_END_TEST;

GST_START_TEST (range_of_levels_follows_the_peak)
{
  for (GstTfrAutoLevel mode = GST_TFR_AUTO_LEVEL_PEAK;
       mode <= GST_TFR_AUTO_LEVEL_PERCENTILE; mode++) {
    GstTfrLook look;
    GstTfrScene s;

    look_init (&look);
    look.auto_level = mode;
    look.min_level = -70;
    look.max_level = 0;
    draw_all (&s, &look, 1);
    g_free (drawing_frame (&s, 1));
    g_free (drawing_frame (&s, SECONDS));
    /* a pixel's peak is within 1 dB, steps are 1 dB, and 2 dB are slack */
    assert_near (s.image.shades.max_level, 20 * log10 (0.25), 4,
        "top of the range, mode %d", mode);
    assert_near (s.image.shades.max_level - s.image.shades.min_level, 70, 1e-9,
        "width of the range");
    gst_tfr_scene_clear (&s);

    /* of whatever layer */
    look.color_by = GST_TFR_COLOR_BY_CHANNEL;
    look.min_frequency = 2000; /* the left tone is below, the click faint */
    look.max_frequency = 6000;
    draw_all (&s, &look, 2);
    g_free (drawing_frame (&s, 1));
    assert_near (s.image.shades.max_level, 20 * log10 (0.25), 4,
        "top of the range from the right channel, mode %d", mode);
    gst_tfr_scene_clear (&s);
  }
}
GST_END_TEST;

/* The highest peak in the panel about a frequency of a lane. */
static gdouble
held_at (const GstTfrScene *s, guint lane, gdouble hz)
{
  const GstTfrLane *l = &s->picture.lanes[lane];
  gint row = (gint) reassign_axis_row (&l->axis, hz);
  gdouble held = -INFINITY;

  for (gint r = row - 1; r <= row + 1; r++)
    held = MAX (held, s->overlay.held[(gint) l->from + r]);
  return held;
}

GST_START_TEST (panel_holds_peaks_and_lets_them_fall)
{
  static gdouble tone[N];
  const gdouble *const x[] = { tone };
  static const struct {
    gdouble edge, level; /* s; dB, of a tone that ended at 0.5 s */
  } moments[] = { { 0.4, -12 }, { 0.9, -12 }, { 1.3, -12 } };
  GPtrArray *made;
  GstTfrLook look;
  GstTfrScene s;

  memset (tone, 0, sizeof tone);
  signal_add_tone (tone, RATE / 2, RATE, 0.25, 1000.3, 0);
  made = drawing_analyse ("", x, 1, N);
  look_init (&look);
  look.peak_hold = GST_SECOND;
  drawing_init (&s, &look, WIDTH, HEIGHT);
  drawing_push (&s, made, (DrawingPlace){ 0, 0 }, G_MAXINT64);
  for (guint i = 0; i < G_N_ELEMENTS (moments); i++) {
    g_free (drawing_frame (&s, moments[i].edge));
    assert_near (held_at (&s, 0, 1000.3), moments[i].level, 1.5,
        "held at %g s", moments[i].edge);
  }
  gst_tfr_scene_clear (&s);
  g_ptr_array_unref (made);
}
GST_END_TEST;

GST_START_TEST (panel_shows_every_channel_in_its_rows)
{
  static const gdouble hz[] = { LEFT_HZ, RIGHT_HZ };
  GstTfrLook look;
  GstTfrScene s;

  look_init (&look);
  look.channel_mode = GST_TFR_CHANNEL_MODE_SEPARATE;
  look.peak_hold = GST_SECOND;
  draw_all (&s, &look, 2);
  g_free (drawing_frame (&s, 1));
  for (guint lane = 0; lane < 2; lane++) {
    assert_near (held_at (&s, lane, hz[lane]), 20 * log10 (0.25), 1.5,
        "tone of channel %u in its panel, dBFS", lane);
    assert_at_most (held_at (&s, lane, hz[1 - lane]), -100,
        "the other tone in the panel of channel %u, dBFS", lane);
  }
  gst_tfr_scene_clear (&s);
}
GST_END_TEST;

/* When a picture is drawn anew, its oldest column is still there.  Columns are
 * shown once the windows and dots that touch them have come. */
GST_START_TEST (columns_are_held_as_long_as_they_are_shown)
{
  static const gdouble radii[] = { 0.1, 0.7, 3, 8 };

  for (guint i = 0; i < G_N_ELEMENTS (radii); i++) {
    for (guint64 span = GST_SECOND / 4; span <= 2 * GST_SECOND; span *= 2) {
      GstTfrPicture *p;
      GstTfrScene s;
      GstTfrLook look;
      gint64 shown, oldest;

      look_init (&look);
      look.splat_radius = radii[i];
      look.time_span = span;
      draw_all (&s, &look, 1);
      p = &s.picture;
      shown =
          N - RATE / 50 - p->header.window_size / 2 - gst_tfr_picture_reach (p);
      oldest = gst_tfr_image_end (p, (gdouble) shown / RATE) - p->length;
      fail_unless (
          reassign_grid_first (p->lanes[0].layers[0]) <= MAX (oldest, 0),
          "radius %g, span %g s: shown from %d, held from %d", radii[i],
          (gdouble) span / 1e9, (gint) oldest,
          (gint) reassign_grid_first (p->lanes[0].layers[0]));
      gst_tfr_scene_clear (&s);
      gst_tfr_look_clear (&look);
    }
  }
}
GST_END_TEST;

/* Were all frames gone through for each that is added, this would take hours.
 */
GST_START_TEST (more_frames_than_can_be_kept_cost_no_more)
{
  const guint n_more = 100000;
  gdouble time = 0, frequency = 1000;
  gfloat magnitude = 0.1f;
  GstTfrBatch batch = { .header = { .rate = RATE,
                            .window_size = 64,
                            .hop_size = 1,
                            .fft_size = 64,
                            .channels = 1,
                            .sum_h = 1,
                            .sum_h2 = 1 },
    .time = &time,
    .frequency = &frequency,
    .magnitude = &magnitude };
  GstTfrPicture p;
  GstTfrLook look;
  guint n = 0;

  look_init (&look);
  look.time_span = 3600 * GST_SECOND;
  gst_tfr_picture_init (&p);
  gst_tfr_picture_set_look (&p, &look);
  gst_tfr_picture_set_size (&p, 32, 16);
  gst_tfr_picture_start (&p, &batch.header, 0, FALSE);
  for (; n < p.history.capacity + n_more; n++) {
    time = (gdouble) n / RATE;
    gst_tfr_picture_add (&p, &batch, 0, 1, n, 0);
  }
  fail_unless (p.history.capacity < 3600.0 * RATE);
  fail_unless_equals_int (
      gst_tfr_history_length (&p.history), p.history.capacity);
  fail_unless_equals_int64 (
      gst_tfr_history_peek (&p.history, 0)->centre, n_more);
  gst_tfr_picture_clear (&p);
  gst_tfr_look_clear (&look);
}
GST_END_TEST;

static Suite *
picture_suite (void)
{
  Suite *s = suite_create ("picture");
  TCase *tc = tcase_create ("frames");

  tcase_add_unchecked_fixture (tc, setup, teardown);
  tcase_add_test (tc, tone_stands_in_its_row_on_every_scale);
  tcase_add_test (tc, automatic_range_is_what_is_heard_or_what_there_is);
  tcase_add_test (tc, click_stands_in_its_column_in_every_mode);
  tcase_add_test (tc, channels_are_mixed_or_apart_or_overlaid);
  tcase_add_test (tc, hue_tells_channels_and_kinds_apart);
  tcase_add_test (tc, phase_is_a_hue_of_the_cycle);
  tcase_add_test (tc, components_take_apart_tones_and_clicks);
  tcase_add_test (tc, points_of_unknown_kind_are_all_shown);
  tcase_add_test (tc, underlay_shows_the_plain_transform_faintly);
  tcase_add_test (tc, range_of_levels_follows_the_peak);
  tcase_add_test (tc, silence_changes_no_range_of_levels);
  tcase_add_test (tc, panel_holds_peaks_and_lets_them_fall);
  tcase_add_test (tc, panel_shows_every_channel_in_its_rows);
  tcase_add_test (tc, columns_are_held_as_long_as_they_are_shown);
  tcase_add_test (tc, more_frames_than_can_be_kept_cost_no_more);
  suite_add_tcase (s, tc);
  return s;
}

GST_CHECK_MAIN (picture);
