/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Frames are the same picture in every format, size and memory. */

#include "near.h"
#include "video.h"

#define RATE 8000
#define HOP 64

/* Lines that wander, and clicks. */
static guint
fill_scribble (gint64 centre, guint channel, gdouble *time, gdouble *frequency,
    gfloat *magnitude, gconstpointer data)
{
  guint n = 12;

  for (guint i = 0; i < n; i++) {
    time[i] =
        ((gdouble) centre + 20 * sin (0.01 * (gdouble) centre + i)) / RATE;
    frequency[i] = 2000 + 160 * (i + 1) * sin (0.0007 * (gdouble) centre + i);
    magnitude[i] = (gfloat) (0.5 / (i + 1));
  }
  if (centre % 1024 == 0)
    for (; n < 60; n++) {
      time[n] = (gdouble) centre / RATE;
      frequency[n] = 60.0 * n;
      magnitude[n] = 0.05f;
    }
  return n;
}

static const TestStream scribble = { RATE, 256, HOP, 1, fill_scribble, NULL };

#define SPAN "tfrrender time-span=1000000000 frequency-scale=mel "

/* -------------------------------------------------------------- memory ---- */

typedef struct {
  GstBufferPool *pool;
  guint min, max;
  gboolean meta;
  guint n_queries;
} Offer;

static GstPadProbeReturn
answer_allocation (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);
  Offer *offer = data;
  GstVideoInfo video;
  GstCaps *caps;

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  gst_query_parse_allocation (query, &caps, NULL);
  fail_unless (gst_video_info_from_caps (&video, caps));
  if (offer->meta)
    gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  if (offer->pool != NULL)
    gst_query_add_allocation_pool (
        query, offer->pool, (guint) video.size, offer->min, offer->max);
  offer->n_queries++;
  return GST_PAD_PROBE_HANDLED;
}

static void
offer_memory (GstHarness *h, Offer *offer)
{
  GstElement *render = gst_harness_find_element (h, "tfrrender");
  GstPad *pad = gst_element_get_static_pad (render, "src");

  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, answer_allocation, offer, NULL);
  gst_object_unref (pad);
  gst_object_unref (render);
}

/* What the pixels of a frame add up to, whatever its strides. */
static guint64
hash_pixels (GstBuffer *frame, const gchar *caps)
{
  GstCaps *parsed = gst_caps_from_string (caps);
  guint64 hash = 14695981039346656037u;
  GstVideoInfo info;
  GstVideoFrame map;

  gst_video_info_from_caps (&info, parsed);
  fail_unless (gst_video_frame_map (&map, &info, frame, GST_MAP_READ));
  for (gint y = 0; y < info.height; y++) {
    const guint8 *row = (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&map, 0) +
                        (gsize) y * GST_VIDEO_FRAME_PLANE_STRIDE (&map, 0);

    for (gint x = 0; x < 4 * info.width; x++)
      hash = (hash ^ (x % 4 < 3 ? row[x] : 0)) * 1099511628211u;
  }
  gst_video_frame_unmap (&map);
  gst_caps_unref (parsed);
  return hash;
}

typedef enum { LET_GO, HOLD, REDRAW } Treatment;

/* Hashes of all frames; these are let go at once, or held, or drawn anew each
 * time because of a change that cannot be seen. */
static GArray *
hash_frames (
    const gchar *launch, const gchar *caps, Offer *offer, Treatment treatment)
{
  GPtrArray *batches = test_batches (&scribble, 0, 6 * RATE, 1);
  GArray *hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  GstHarness *h = gst_harness_new_parse (launch);
  GstElement *render = gst_harness_find_element (h, "tfrrender");
  GPtrArray *held =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  GstBuffer *frame;

  if (offer != NULL)
    offer_memory (h, offer);
  gst_harness_set_sink_caps_str (h, caps);
  gst_harness_set_src_caps_str (h, POINTS_CAPS);
  for (guint i = 0; i <= batches->len; i++) {
    if (treatment == REDRAW)
      g_object_set (render, "max-level", -15 + 1e-9 * (i % 2), NULL);
    if (i < batches->len)
      gst_harness_push (h, batches->pdata[i]);
    else
      gst_harness_push_event (h, gst_event_new_eos ());
    while ((frame = gst_harness_try_pull (h)) != NULL) {
      guint64 hash = hash_pixels (frame, caps);

      g_array_append_val (hashes, hash);
      if (treatment == HOLD)
        g_ptr_array_add (held, frame);
      else
        gst_buffer_unref (frame);
    }
  }
  g_ptr_array_unref (held);
  g_ptr_array_unref (batches);
  gst_object_unref (render);
  gst_harness_teardown (h);
  return hashes;
}

static void
assert_same (GArray *a, GArray *b, const gchar *what)
{
  fail_unless_equals_int (a->len, b->len);
  for (guint i = 0; i < a->len; i++)
    fail_unless (g_array_index (a, guint64, i) == g_array_index (b, guint64, i),
        "frame %u of %u is another: %s", i, a->len, what);
}

static const gchar *const motions[] = { SPAN, SPAN "axes=0",
  SPAN "now-policy=progressive", SPAN "scroll-mode=scroll-reverse",
  SPAN "scroll-mode=sweep", SPAN "orientation=vertical",
  SPAN "orientation=vertical scroll-mode=scroll-reverse axes=grid+time",
  SPAN "axes=frequency+time+color-bar+grid+notes+info peak-hold=1000000000",
  SPAN "scroll-mode=page" };

#define VIDEO "video/x-raw, format=BGRx, width=160, height=120, framerate=25/1"

GST_START_TEST (frames_do_not_depend_on_what_becomes_of_those_before)
{
  for (guint i = 0; i < G_N_ELEMENTS (motions); i++) {
    GArray *let_go = hash_frames (motions[i], VIDEO, NULL, LET_GO);
    GArray *held = hash_frames (motions[i], VIDEO, NULL, HOLD);
    GArray *redrawn = hash_frames (motions[i], VIDEO, NULL, REDRAW);

    assert_same (let_go, held, motions[i]);
    assert_same (let_go, redrawn, motions[i]);
    g_array_unref (let_go);
    g_array_unref (held);
    g_array_unref (redrawn);
  }
}
GST_END_TEST;

/* As a sink's own kind of memory may be. */
static GstBufferPool *
aligned_pool (guint max)
{
  GstBufferPool *pool = gst_video_buffer_pool_new ();
  GstStructure *config = gst_buffer_pool_get_config (pool);
  GstVideoAlignment align;
  GstCaps *caps = gst_caps_from_string (VIDEO);

  gst_video_alignment_reset (&align);
  align.padding_left = align.padding_right = 3;
  align.padding_top = align.padding_bottom = 2;
  align.stride_align[0] = 63;
  gst_buffer_pool_config_set_params (config, caps, 160 * 120 * 4, 2, max);
  gst_buffer_pool_config_add_option (config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  gst_buffer_pool_config_add_option (
      config, GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT);
  gst_buffer_pool_config_set_video_alignment (config, &align);
  fail_unless (gst_buffer_pool_set_config (pool, config));
  gst_caps_unref (caps);
  return pool;
}

GST_START_TEST (frames_do_not_depend_on_the_memory_that_they_are_in)
{
  GArray *plain = hash_frames (SPAN, VIDEO, NULL, LET_GO);
  Offer offers[] = {
    { NULL, 0, 0, TRUE, 0 },
    { gst_video_buffer_pool_new (), 0, 0, TRUE, 0 },
    { aligned_pool (0), 2, 0, TRUE, 0 },
    { aligned_pool (2), 2, 2, TRUE, 0 }, /* we keep more than these */
    { aligned_pool (9), 2, 9, TRUE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++) {
    gchar *what = g_strdup_printf ("memory of kind %u", i);

    GArray *there = hash_frames (SPAN, VIDEO, &offers[i], LET_GO);

    fail_unless (offers[i].n_queries > 0);
    assert_same (plain, there, what);
    g_array_unref (there);
    gst_clear_object (&offers[i].pool);
    g_free (what);
  }
  g_array_unref (plain);
}
GST_END_TEST;

/* ------------------------------------------------------------- formats ---- */

static GPtrArray *
render_format (const gchar *format, guint width, guint height)
{
  gchar *caps = g_strdup_printf ("video/x-raw, format=%s, width=%u, height=%u, "
                                 "framerate=1/1",
      format, width, height);
  GPtrArray *frames = test_render (SPAN "splat-radius=3 color-map=viridis",
      caps, test_batches (&scribble, 0, RATE, 4));

  g_free (caps);
  return frames;
}

/* The frame as BGRx; takes it. */
static GstSample *
to_rgb (GstBuffer *frame, const gchar *format, guint width, guint height)
{
  GstCaps *from = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING,
      format, "width", G_TYPE_INT, width, "height", G_TYPE_INT, height,
      "framerate", GST_TYPE_FRACTION, 1, 1, NULL);
  GstCaps *to = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING,
      "BGRx", "width", G_TYPE_INT, width, "height", G_TYPE_INT, height,
      "framerate", GST_TYPE_FRACTION, 1, 1, NULL);
  GstVideoInfo from_info, to_info;
  GstVideoFrame from_frame, to_frame;
  GstVideoConverter *converter;
  GstBuffer *buffer;
  GstSample *sample;

  gst_video_info_from_caps (&from_info, from);
  gst_video_info_from_caps (&to_info, to);
  buffer = gst_buffer_new_allocate (NULL, to_info.size, NULL);
  fail_unless (
      gst_video_frame_map (&from_frame, &from_info, frame, GST_MAP_READ));
  fail_unless (
      gst_video_frame_map (&to_frame, &to_info, buffer, GST_MAP_WRITE));
  converter = gst_video_converter_new (&from_info, &to_info, NULL);
  gst_video_converter_frame (converter, &from_frame, &to_frame);
  gst_video_converter_free (converter);
  gst_video_frame_unmap (&from_frame);
  gst_video_frame_unmap (&to_frame);
  sample = gst_sample_new (buffer, to, NULL, NULL);
  gst_buffer_unref (buffer);
  gst_caps_unref (from);
  gst_caps_unref (to);
  return sample;
}

/* Mean difference of the bytes; of their luma where `gray`. */
static gdouble
mean_difference (GstBuffer *a, GstBuffer *b, gboolean gray)
{
  GstMapInfo x, y;
  gdouble sum = 0;

  gst_buffer_map (a, &x, GST_MAP_READ);
  gst_buffer_map (b, &y, GST_MAP_READ);
  fail_unless_equals_uint64 (x.size, y.size);
  for (gsize i = 0; i < x.size; i += 4) {
    const guint8 *p = x.data + i, *q = y.data + i;

    if (gray) /* BT.601 */
      sum += 3 * fabs (0.299 * (p[2] - q[2]) + 0.587 * (p[1] - q[1]) +
                       0.114 * (p[0] - q[0]));
    else
      sum += abs (p[0] - q[0]) + abs (p[1] - q[1]) + abs (p[2] - q[2]);
  }
  gst_buffer_unmap (a, &x);
  gst_buffer_unmap (b, &y);
  return sum / (0.75 * (gdouble) x.size);
}

/* What a format loses of a picture that is smooth to the eye but has labels:
 * half of a step of its depth and of YUV's, and the edges of chroma. */
static gdouble
allowed (const GstVideoFormatInfo *info)
{
  guint depth = 8;
  gdouble bound;

  for (guint i = 0; i < MIN (3, GST_VIDEO_FORMAT_INFO_N_COMPONENTS (info)); i++)
    depth = MIN (depth, GST_VIDEO_FORMAT_INFO_DEPTH (info, i));
  if (GST_VIDEO_FORMAT_INFO_HAS_PALETTE (info))
    return 30; /* 6 levels of each colour */
  bound = 256 / 2.0 / (1 << depth);
  if (GST_VIDEO_FORMAT_INFO_IS_YUV (info))
    bound += 2 + GST_VIDEO_FORMAT_INFO_W_SUB (info, 1) +
             GST_VIDEO_FORMAT_INFO_H_SUB (info, 1);
  return bound;
}

GST_START_TEST (every_format_shows_what_rgb_shows)
{
  guint n_formats;
  const GstVideoFormat *formats = gst_video_formats_raw (&n_formats);
  GPtrArray *reference = render_format ("BGRx", 160, 120);

  fail_unless_equals_int (reference->len, 1);
  for (guint i = 0; i < n_formats; i++) {
    const GstVideoFormatInfo *info = gst_video_format_get_info (formats[i]);
    const gchar *name = GST_VIDEO_FORMAT_INFO_NAME (info);
    GPtrArray *frames;
    GstSample *sample;

    frames = render_format (name, 160, 120);
    fail_unless_equals_int (frames->len, 1);
    sample = to_rgb (frames->pdata[0], name, 160, 120);
    assert_at_most (
        mean_difference (gst_sample_get_buffer (sample), reference->pdata[0],
            GST_VIDEO_FORMAT_INFO_IS_GRAY (info)),
        allowed (info), "%s", name);
    gst_sample_unref (sample);
    g_ptr_array_unref (frames);
  }
  g_ptr_array_unref (reference);
}
GST_END_TEST;

/* --------------------------------------------------------------- sizes ---- */

GST_START_TEST (every_size_makes_frames)
{
  static const struct {
    guint width, height;
  } sizes[] = { { 1, 1 }, { 2, 1 }, { 1, 7 }, { 16, 16 }, { 17, 5 },
    { 3840, 2160 }, { 32767, 1 }, { 1, 32767 } };
  static const gchar *const launches[] = { "tfrrender",
    SPAN "axes=frequency+time+color-bar+grid+notes+info peak-hold=1000000000",
    SPAN "orientation=vertical", "tfrrender scroll-mode=page time-span=0" };

  for (guint l = 0; l < G_N_ELEMENTS (launches); l++) {
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      gchar *caps = g_strdup_printf ("video/x-raw, format=BGRx, width=%u, "
                                     "height=%u, framerate=2/1",
          sizes[i].width, sizes[i].height);
      GPtrArray *frames =
          test_render (launches[l], caps, test_batches (&scribble, 0, RATE, 4));

      fail_unless_equals_int (
          frames->len, strstr (launches[l], "page") ? 1 : 2);
      fail_unless_equals_uint64 (gst_buffer_get_size (frames->pdata[0]),
          (gsize) 4 * sizes[i].width * sizes[i].height);
      g_ptr_array_unref (frames);
      g_free (caps);
    }
  }
}
GST_END_TEST;

/* Another size in the middle: the picture is the one that would have been there
 * at that size from the start. */
GST_START_TEST (another_size_keeps_what_was_drawn)
{
  static const gchar *const caps[] = {
    "video/x-raw, format=RGBA, width=200, height=100, framerate=25/1",
    "video/x-raw, format=BGRx, width=64, height=90, framerate=25/1", VIDEO
  };
  GPtrArray *batches = test_batches (&scribble, 0, RATE, 4);
  GPtrArray *again = test_batches (&scribble, 0, RATE, 4);
  GstHarness *h = test_harness (SPAN, caps[0]);
  GPtrArray *frames, *reference;

  for (guint i = 0; i < batches->len; i++) {
    if (i == batches->len / 3)
      gst_harness_set_sink_caps_str (h, caps[1]);
    if (i == batches->len / 2)
      gst_harness_set_sink_caps_str (h, caps[2]);
    fail_unless_equals_int (
        gst_harness_push (h, batches->pdata[i]), GST_FLOW_OK);
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  frames = test_pull (h);
  reference = test_render (SPAN, VIDEO, again);
  fail_unless_equals_int (frames->len, reference->len);
  fail_unless_equals_uint64 (
      gst_buffer_get_size (frames->pdata[0]), 200 * 100 * 4);
  for (guint i = frames->len - 8; i < frames->len; i++) {
    GstBuffer *a = frames->pdata[i], *b = reference->pdata[i];

    fail_unless_equals_uint64 (GST_BUFFER_PTS (a), GST_BUFFER_PTS (b));
    fail_unless (hash_pixels (a, VIDEO) == hash_pixels (b, VIDEO),
        "frame %u of %u", i, frames->len);
  }
  g_ptr_array_unref (batches);
  g_ptr_array_unref (frames);
  g_ptr_array_unref (reference);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* A still has no rate; that is said while negotiating and not in the middle. */
GST_START_TEST (a_framerate_of_zero_is_not_offered)
{
  GstHarness *h = gst_harness_new ("tfrrender");
  GstPad *pad = gst_element_get_static_pad (h->element, "src");
  GstCaps *caps = gst_pad_query_caps (pad, NULL);
  GstCaps *still =
      gst_caps_from_string ("video/x-raw, format=BGRx, width=16, height=16, "
                            "framerate=0/1");

  fail_if (gst_caps_can_intersect (caps, still));
  gst_harness_set_sink_caps (h, still);
  gst_harness_set_src_caps_str (h, POINTS_CAPS);
  fail_unless_equals_int (
      gst_harness_push (h, test_batch (&scribble, 0, 1, HOP)),
      GST_FLOW_NOT_NEGOTIATED);
  gst_caps_unref (caps);
  gst_object_unref (pad);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Where downstream leaves a choice. */
GST_START_TEST (pixels_are_square_and_whole_frames_where_they_may_be)
{
  GstHarness *h = gst_harness_new ("tfrrender");
  GstCaps *caps;
  GstVideoInfo info;

  gst_harness_set_sink_caps_str (h,
      "video/x-raw, format=BGRx, width=[16, 4000], height=[16, 4000], "
      "framerate=[1/1, 100/1], pixel-aspect-ratio=[1/4, 4/1], "
      "interlace-mode=(string){interleaved, progressive}");
  gst_harness_set_src_caps_str (h, POINTS_CAPS);
  fail_unless_equals_int (
      gst_harness_push (h, test_batch (&scribble, 0, 1, HOP)), GST_FLOW_OK);
  caps = gst_pad_get_current_caps (h->sinkpad);
  fail_unless (caps != NULL && gst_video_info_from_caps (&info, caps));
  fail_unless_equals_int (info.width, 1280);
  fail_unless_equals_int (info.height, 720);
  fail_unless_equals_int (info.fps_n, 30 * info.fps_d);
  fail_unless_equals_int (info.par_n, info.par_d);
  fail_unless_equals_int (
      info.interlace_mode, GST_VIDEO_INTERLACE_MODE_PROGRESSIVE);
  gst_caps_unref (caps);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* A whole recording in one frame, of more columns than are kept at once. */
static GstBuffer *
draw_whole (const gchar *look)
{
  gchar *launch = g_strdup_printf (
      "audiotestsrc wave=sine freq=1000 num-buffers=200 ! "
      "audio/x-raw, rate=8000 ! tfrreassign window-size=256 ! "
      "tfrrender scroll-mode=page time-span=0 axes=grid color-by=kind %s",
      look);
  GstHarness *h = gst_harness_new_parse (launch);
  GstBuffer *frame;

  gst_harness_set_sink_caps_str (h, VIDEO);
  gst_harness_play (h);
  frame = gst_harness_pull (h);
  fail_unless (frame != NULL);
  gst_harness_teardown (h);
  g_free (launch);
  return frame;
}

GST_START_TEST (a_whole_has_its_underlay)
{
  GstBuffer *without = draw_whole (""), *with = draw_whole ("underlay=0.5");
  guint brighter = 0;

  for (guint y = 0; y < 120; y++)
    for (guint x = 0; x < 160; x++) {
      guint32 a = test_pixel (without, 160, x, y);
      guint32 b = test_pixel (with, 160, x, y);

      brighter += (b & 0xff) + (b >> 8 & 0xff) + (b >> 16 & 0xff) >
                  (a & 0xff) + (a >> 8 & 0xff) + (a >> 16 & 0xff);
    }
  /* beside the line, all along */
  fail_unless (brighter > 2 * 150, "%u pixels", brighter);
  gst_buffer_unref (without);
  gst_buffer_unref (with);
}
GST_END_TEST;

static Suite *
tfrrender_output_suite (void)
{
  Suite *s = suite_create ("tfrrender_output");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, frames_do_not_depend_on_what_becomes_of_those_before);
  tcase_add_test (tc, frames_do_not_depend_on_the_memory_that_they_are_in);
  tcase_add_test (tc, every_format_shows_what_rgb_shows);
  tcase_add_test (tc, every_size_makes_frames);
  tcase_add_test (tc, another_size_keeps_what_was_drawn);
  tcase_add_test (tc, a_framerate_of_zero_is_not_offered);
  tcase_add_test (tc, pixels_are_square_and_whole_frames_where_they_may_be);
  tcase_add_test (tc, a_whole_has_its_underlay);
  return s;
}

GST_CHECK_MAIN (tfrrender_output);
