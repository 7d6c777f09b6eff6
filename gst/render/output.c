/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "output.h"

#include <gst/video/gstvideopool.h>
#include <string.h>

/* --------------------------------------------------------------- caps ---- */

/* A high score for formats that keep thin coloured lines as they are. */
static gint
score_format (GstVideoFormat format)
{
  const GstVideoFormatInfo *info = gst_video_format_get_info (format);
  GstTfrPixel pixel;

  if (gst_tfr_pixel_init (&pixel, format))
    return 100;
  if (GST_VIDEO_FORMAT_INFO_IS_RGB (info))
    return GST_VIDEO_FORMAT_INFO_DEPTH (info, 0) >= 8 ? 90 : 80;
  if (GST_VIDEO_FORMAT_INFO_IS_YUV (info))
    return 70 -
           10 * (GST_VIDEO_FORMAT_INFO_W_SUB (info, 1) +
                    GST_VIDEO_FORMAT_INFO_H_SUB (info, 1)) -
           (GST_VIDEO_FORMAT_INFO_DEPTH (info, 0) != 8);
  return 10;
}

/* The best format of a structure, the first among equals. */
static const gchar *
best_format (const GstStructure *s, gint *score)
{
  const GValue *formats = gst_structure_get_value (s, "format");
  const gchar *best = NULL;

  *score = -1;
  for (guint i = 0; formats != NULL; i++) {
    const gchar *name;
    gint this_score;

    if (GST_VALUE_HOLDS_LIST (formats)) {
      if (i >= gst_value_list_get_size (formats))
        break;
      name = g_value_get_string (gst_value_list_get_value (formats, i));
    } else {
      if (i > 0)
        break;
      name = g_value_get_string (formats);
    }
    this_score = score_format (gst_video_format_from_string (name));
    if (this_score > *score) {
      *score = this_score;
      best = name;
    }
  }
  return best;
}

GstCaps *
gst_tfr_output_fixate (GstCaps *caps)
{
  GstStructure *s;
  const gchar *format = NULL;
  gint best = -1;
  guint chosen = 0;
  GstVideoInfo info;

  for (guint i = 0; i < gst_caps_get_size (caps); i++) {
    gint score;

    best_format (gst_caps_get_structure (caps, i), &score);
    if (score > best) {
      best = score;
      chosen = i;
    }
  }
  s = gst_structure_copy (gst_caps_get_structure (caps, chosen));
  format = best_format (s, &best);
  if (format != NULL) {
    gchar *copy = g_strdup (format); /* it is a part of what it replaces */

    gst_structure_set (s, "format", G_TYPE_STRING, copy, NULL);
    g_free (copy);
  }
  gst_structure_fixate_field_nearest_int (s, "width", 1280);
  gst_structure_fixate_field_nearest_int (s, "height", 720);
  gst_structure_fixate_field_nearest_fraction (s, "framerate", 30, 1);
  if (gst_structure_has_field (s, "pixel-aspect-ratio"))
    gst_structure_fixate_field_nearest_fraction (s, "pixel-aspect-ratio", 1, 1);
  else
    gst_structure_set (s, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
  if (gst_structure_has_field (s, "interlace-mode"))
    gst_structure_fixate_field_string (s, "interlace-mode", "progressive");
  else
    gst_structure_set (s, "interlace-mode", G_TYPE_STRING, "progressive", NULL);

  caps = gst_caps_fixate ((gst_caps_unref (caps), gst_caps_new_full (s, NULL)));
  s = gst_caps_get_structure (caps, 0);
  if (gst_video_info_from_caps (&info, caps) &&
      !gst_structure_has_field (s, "colorimetry")) {
    gchar *colorimetry = gst_video_colorimetry_to_string (&info.colorimetry);

    if (colorimetry != NULL)
      gst_structure_set (s, "colorimetry", G_TYPE_STRING, colorimetry, NULL);
    g_free (colorimetry);
  }
  return caps;
}

/* ------------------------------------------------------------- frames ---- */

gboolean
gst_tfr_output_init (GstTfrOutput *o, const GstCaps *caps)
{
  gst_tfr_output_clear (o);
  if (!gst_video_info_from_caps (&o->info, caps))
    return FALSE;
  if (gst_tfr_pixel_init (&o->pixel, GST_VIDEO_INFO_FORMAT (&o->info)))
    return TRUE;

  gst_tfr_pixel_init (&o->pixel, GST_VIDEO_FORMAT_BGRx);
  gst_video_info_set_format (&o->drawn_info, GST_VIDEO_FORMAT_BGRx,
      (guint) o->info.width, (guint) o->info.height);
  /* the converter changes neither rate nor shape */
  o->drawn_info.fps_n = o->info.fps_n;
  o->drawn_info.fps_d = o->info.fps_d;
  o->drawn_info.par_n = o->info.par_n;
  o->drawn_info.par_d = o->info.par_d;
  o->drawn_info.interlace_mode = o->info.interlace_mode;
  o->converter = gst_video_converter_new (&o->drawn_info, &o->info, NULL);
  return o->converter != NULL;
}

gboolean
gst_tfr_output_reserve (GstTfrOutput *o)
{
  if (o->converter != NULL && o->drawn == NULL)
    o->drawn = gst_buffer_new_allocate (NULL, o->drawn_info.size, NULL);
  return o->converter == NULL || o->drawn != NULL;
}

void
gst_tfr_output_clear (GstTfrOutput *o)
{
  g_clear_pointer (&o->converter, gst_video_converter_free);
  gst_clear_buffer (&o->drawn);
  memset (&o->drawn_state, 0, sizeof o->drawn_state);
}

static GstTfrFrame
frame_of (GstVideoFrame *mapped, GstTfrFrameState *state)
{
  return (GstTfrFrame){ GST_VIDEO_FRAME_PLANE_DATA (mapped, 0),
    (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (mapped, 0) / 4, state };
}

/* In the output's own format; what is not there yet comes from the frame
 * before. */
static void
draw_directly (GstTfrOutput *o, GstTfrScene *scene, const GstTfrMoment *moment,
    GstTfrBuffers *buffers, GstTfrKeptBuffer *to, GstVideoFrame *target)
{
  GstTfrKeptBuffer *newest = gst_tfr_buffers_find_newest (buffers);
  GstTfrFrame frame = frame_of (target, &to->state), before = frame;
  gboolean other = to->used == 0 && newest != NULL && newest != to;
  GstVideoFrame source;

  other = other &&
          gst_video_frame_map (&source, &o->info, newest->buffer, GST_MAP_READ);
  if (other)
    before = frame_of (&source, &newest->state);
  gst_tfr_scene_draw (scene, moment, &before, &frame);
  if (other)
    gst_video_frame_unmap (&source);
}

/* A frame in memory of our own: pixels to the right stand further on, those
 * below by whole strides, so nothing needs to be copied but the margins. */
static void
slide (GstTfrOutput *o, GstTfrScene *scene, const GstTfrMoment *moment,
    GstTfrKeptBuffer *to)
{
  gsize stride = (gsize) GST_VIDEO_INFO_PLANE_STRIDE (&o->info, 0) / 4;
  gssize pixels = gst_tfr_scene_slide (scene, moment, stride, &to->state);

  if (pixels != 0)
    gst_tfr_buffers_slide (to, 4 * pixels);
}

gboolean
gst_tfr_output_draw (GstTfrOutput *o, GstTfrScene *scene,
    const GstTfrMoment *moment, GstTfrBuffers *buffers, GstTfrKeptBuffer *to)
{
  GstVideoFrame target, drawn;
  GstTfrFrame frame;
  gboolean done = TRUE;

  if (o->converter == NULL && o->slides && to->used > 0)
    slide (o, scene, moment, to);
  if (!gst_video_frame_map (&target, &o->info, to->buffer, GST_MAP_READWRITE))
    return FALSE;
  if (o->converter == NULL) {
    draw_directly (o, scene, moment, buffers, to, &target);
  } else {
    done = gst_video_frame_map (
        &drawn, &o->drawn_info, o->drawn, GST_MAP_READWRITE);
    if (done) {
      frame = frame_of (&drawn, &o->drawn_state);
      gst_tfr_scene_draw (scene, moment, &frame, &frame);
      gst_video_converter_frame (o->converter, &drawn, &target);
      gst_video_frame_unmap (&drawn);
    }
  }
  gst_video_frame_unmap (&target);
  gst_tfr_buffers_touch (buffers, to);
  return done;
}

/* --------------------------------------------------------------- pool ---- */

/* Room to scroll in, as a part of the frame's size: enough for minutes when
 * columns are few bytes apart, for many frames when they are rows. */
#define ROOM 4

typedef struct {
  GstBufferPool *pool;
  guint size, min, max;
} Offer;

static Offer
get_offer (GstQuery *query)
{
  Offer offer = { NULL, 0, 0, 0 };

  if (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_parse_nth_allocation_pool (
        query, 0, &offer.pool, &offer.size, &offer.min, &offer.max);
  return offer;
}

/* Whether a pool gives no more than memory, which we can have ourselves. */
static gboolean
is_plain (GstBufferPool *pool)
{
  GstStructure *config = gst_buffer_pool_get_config (pool);
  gboolean aligned = gst_buffer_pool_config_has_option (
      config, GST_BUFFER_POOL_OPTION_VIDEO_ALIGNMENT);

  gst_structure_free (config);
  return !aligned && G_OBJECT_TYPE (pool) == GST_TYPE_VIDEO_BUFFER_POOL;
}

/* We keep a few, and whoever is downstream must be able to have as many as it
 * says beside these. */
static gboolean
is_large_enough (const Offer *offer)
{
  return offer->max == 0 || offer->max >= offer->min + GST_TFR_N_BUFFERS + 1;
}

static gboolean
configure (const Offer *offer, GstQuery *query, GstCaps *caps,
    GstAllocator *allocator, const GstAllocationParams *params)
{
  GstStructure *config = gst_buffer_pool_get_config (offer->pool);

  gst_buffer_pool_config_set_params (
      config, caps, offer->size, offer->min, offer->max);
  if (params != NULL)
    gst_buffer_pool_config_set_allocator (config, allocator, params);
  if (gst_query_find_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL) &&
      gst_buffer_pool_has_option (
          offer->pool, GST_BUFFER_POOL_OPTION_VIDEO_META))
    gst_buffer_pool_config_add_option (
        config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  return gst_buffer_pool_set_config (offer->pool, config);
}

/* Memory as downstream wants it, and where it has no wishes with room. */
static gboolean
make_pool (GstTfrOutput *o, Offer *offer, GstQuery *query, GstCaps *caps)
{
  GstAllocationParams params;
  GstAllocator *allocator = NULL;
  gboolean done;

  gst_allocation_params_init (&params);
  if (gst_query_get_n_allocation_params (query) > 0)
    gst_query_parse_nth_allocation_param (query, 0, &allocator, &params);
  o->slides = allocator == NULL && params.align <= 3 && params.prefix == 0;
  if (o->slides)
    params.padding = MAX (params.padding, offer->size / ROOM);
  offer->pool = gst_video_buffer_pool_new ();
  offer->max = 0;
  done = configure (offer, query, caps, allocator, &params);
  gst_clear_object (&allocator);
  return done;
}

/* Downstream's pool where it offers one that is of use, else our own. */
gboolean
gst_tfr_output_decide_pool (GstTfrOutput *o, GstQuery *query)
{
  Offer offer = get_offer (query);
  gboolean offered = gst_query_get_n_allocation_pools (query) > 0, done;
  GstVideoInfo info;
  GstCaps *caps;

  gst_query_parse_allocation (query, &caps, NULL);
  if (caps == NULL || !gst_video_info_from_caps (&info, caps)) {
    gst_clear_object (&offer.pool);
    return FALSE;
  }
  offer.size = MAX (offer.size, (guint) info.size);
  o->slides = FALSE;
  done = offer.pool != NULL && !is_plain (offer.pool) &&
         is_large_enough (&offer) &&
         configure (&offer, query, caps, NULL, NULL);
  if (!done) {
    gst_clear_object (&offer.pool);
    done = make_pool (o, &offer, query, caps);
  }
  if (offered)
    gst_query_set_nth_allocation_pool (
        query, 0, offer.pool, offer.size, offer.min, offer.max);
  else
    gst_query_add_allocation_pool (
        query, offer.pool, offer.size, offer.min, offer.max);
  gst_object_unref (offer.pool);
  return done;
}
