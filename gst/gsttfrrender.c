/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrrender
 * @title: tfrrender
 * @short_description: reassigned points to video
 *
 * Draws batches of application/x-tfr-points as a spectrogram in motion.
 *
 * The points' energy is accumulated on a grid and turned into decibels last, so
 * levels are true at every size.  Each video frame shows the signal up to the end
 * of its own duration.  Size, frame rate and format come from the caps
 * downstream, 1280x720 at 30/1 where these leave it open; all formats that
 * GStreamer can convert to are made, 32-bit RGB without conversion.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! tfrreassign ! tfrrender ! autovideosink
 * ]|
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks num-buffers=200 ! tfrreassign ! tfrrender scroll-mode=page time-span=0 ! video/x-raw,width=1600,height=800 ! pngenc ! filesink location=ticks.png
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfrelements.h"
#include "gsttfrproperties.h"
#include "render/frameclock.h"
#include "render/output.h"
#include "render/picture.h"

#include <gst/base/gstbasetransform.h>

GST_DEBUG_CATEGORY_STATIC (tfr_render_debug);
#define GST_CAT_DEFAULT tfr_render_debug

/* No frames are made for a longer gap in the points. */
#define LONGEST_GAP 1 /* s */

/* Time stamps that are off by less are jitter. */
#define TOLERANCE (40 * GST_MSECOND)

/* What each point should carry for the picture. */
#define WANTED_FIELDS GST_TFR_FIELD_BIN

#define GST_TYPE_TFR_RENDER (gst_tfr_render_get_type ())
G_DECLARE_FINAL_TYPE (
    GstTfrRender, gst_tfr_render, GST, TFR_RENDER, GstBaseTransform)

struct _GstTfrRender {
  GstBaseTransform parent;

  /* under the object lock */
  GstTfrLook look;
  GstClockTime latency;  /* NONE until known */
  GstClockTime earliest; /* running time that is not yet too late, or NONE */
  gdouble proportion;
  guint64 n_drawn, n_skipped, n_points, n_ignored;

  /* of the streaming thread */
  GstTfrOutput output;
  GstTfrPicture picture;
  GstTfrFrameClock clock;
  GstSegment segment;
  gboolean started;    /* a batch has come */
  gint64 offset;       /* ns from the sample clock to the time stamps */
  gint64 end;          /* position up to which points have come */
  gboolean discont;    /* of the next frame */
  gboolean prerolled;  /* page mode: a GAP has gone out */
};

enum {
  PROP_0,
  PROP_STATS,
  PROP_LOOK, /* and what follows: gst_tfr_look_install */
};

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_POINTS_TEMPLATE_CAPS));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_OUTPUT_CAPS));

G_DEFINE_FINAL_TYPE (GstTfrRender, gst_tfr_render, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE (
    tfrrender, "tfrrender", GST_RANK_NONE, GST_TYPE_TFR_RENDER)

/* ----------------------------------------------------------- properties ---- */

static gpointer
look_field (GstTfrRender *self, guint id)
{
  return id < PROP_LOOK ? NULL : gst_tfr_look_field (&self->look, id - PROP_LOOK);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstTfrRender *self = GST_TFR_RENDER (object);
  gpointer field = look_field (self, id);

  if (field == NULL) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_tfr_field_set (field, value);
  GST_OBJECT_UNLOCK (self);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstTfrRender *self = GST_TFR_RENDER (object);
  gpointer field = look_field (self, id);

  GST_OBJECT_LOCK (self);
  if (field != NULL)
    gst_tfr_field_get (field, value);
  else if (id == PROP_STATS)
    g_value_take_boxed (value,
        gst_structure_new ("application/x-tfr-stats", "points", G_TYPE_UINT64,
            self->n_points, "ignored-points", G_TYPE_UINT64, self->n_ignored,
            "frames-drawn", G_TYPE_UINT64, self->n_drawn, "frames-skipped",
            G_TYPE_UINT64, self->n_skipped, NULL));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

/* ----------------------------------------------------------------- caps ---- */

/* What we wish for first, then anything. */
static GstCaps *
points_caps (void)
{
  GstCaps *caps = gst_static_pad_template_get_caps (&sink_template);
  GstCaps *wish = gst_caps_copy (caps);

  gst_tfr_fields_ask (gst_caps_get_structure (wish, 0), WANTED_FIELDS);
  return gst_caps_merge (wish, caps);
}

static GstCaps *
transform_caps (GstBaseTransform *trans, GstPadDirection direction,
    GstCaps *caps, GstCaps *filter)
{
  GstCaps *result = direction == GST_PAD_SINK
                        ? gst_static_pad_template_get_caps (&src_template)
                        : points_caps ();

  if (filter != NULL) {
    GstCaps *all = result;

    result = gst_caps_intersect_full (all, filter, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (all);
  }
  return result;
}

static GstCaps *
fixate_caps (GstBaseTransform *trans, GstPadDirection direction, GstCaps *caps,
    GstCaps *othercaps)
{
  return direction == GST_PAD_SINK ? gst_tfr_output_fixate (othercaps)
                                   : gst_caps_fixate (othercaps);
}

/* What is shown at once, in frames of its own: one for every time-span, or one
 * for all. */
static gboolean
is_paged (const GstTfrLook *look)
{
  return look->scroll_mode == GST_TFR_SCROLL_MODE_PAGE;
}

static gboolean
is_whole (const GstTfrLook *look)
{
  return is_paged (look) && look->time_span == 0;
}

static GstTfrLook
read_look (GstTfrRender *self)
{
  GstTfrLook look;

  GST_OBJECT_LOCK (self);
  look = self->look;
  GST_OBJECT_UNLOCK (self);
  return look;
}

static void
set_frame_length (GstTfrRender *self, const GstTfrLook *look)
{
  guint64 n = (guint64) self->output.info.fps_d;
  guint64 d = (guint64) self->output.info.fps_n;

  if (is_paged (look) && look->time_span > 0) {
    n = look->time_span;
    d = GST_SECOND;
  }
  if (n != self->clock.length_n || d != self->clock.length_d)
    gst_tfr_frame_clock_set_length (&self->clock, n, d);
}

/* Samples for which a frame waits beyond its end. */
static gint64
patience (GstTfrRender *self, const GstTfrLook *look)
{
  if (look->now_policy == GST_TFR_NOW_POLICY_PROGRESSIVE || is_whole (look))
    return 0;
  return self->picture.header.window_size / 2 +
         gst_tfr_picture_reach (&self->picture);
}

static void
tell_latency (GstTfrRender *self, const GstTfrLook *look)
{
  guint rate = self->picture.header.rate;
  GstClockTime latency;
  gboolean news;

  if (rate == 0 || self->clock.length_d == 0)
    return;
  latency = gst_util_uint64_scale_ceil (
                (guint64) patience (self, look), GST_SECOND, rate) +
            gst_util_uint64_scale_ceil (
                GST_SECOND, self->clock.length_n, self->clock.length_d);
  GST_OBJECT_LOCK (self);
  news = self->latency != latency;
  self->latency = latency;
  GST_OBJECT_UNLOCK (self);
  if (news) {
    GST_DEBUG_OBJECT (self, "latency %" GST_TIME_FORMAT, GST_TIME_ARGS (latency));
    gst_element_post_message (
        GST_ELEMENT (self), gst_message_new_latency (GST_OBJECT (self)));
  }
}

/* Until a batch comes, the caps may say what to expect. */
static void
expect_stream (GstTfrRender *self, const GstCaps *caps)
{
  GstTfrInfo info;

  if (self->started || !gst_tfr_info_from_caps (&info, caps) ||
      info.rate <= 0 || info.channels <= 0 || info.hop_size <= 0 ||
      info.window_size <= 0)
    return;
  gst_tfr_picture_set_stream (&self->picture,
      &(GstTfrHeader) { .rate = (guint) info.rate,
          .channels = (guint16) info.channels,
          .hop_size = (guint) info.hop_size,
          .window_size = (guint) info.window_size });
}

static gboolean
set_caps (GstBaseTransform *trans, GstCaps *incaps, GstCaps *outcaps)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);
  GstTfrLook look = read_look (self);

  if (!gst_tfr_output_init (&self->output, outcaps)) {
    GST_ELEMENT_WARNING (self, STREAM, FORMAT,
        ("Cannot make video of this kind."),
        ("output caps %" GST_PTR_FORMAT, outcaps));
    return FALSE;
  }
  gst_tfr_picture_set_look (&self->picture, &look);
  gst_tfr_picture_set_size (&self->picture, (guint) self->output.info.width,
      (guint) self->output.info.height, &self->output.pixel);
  expect_stream (self, incaps);
  set_frame_length (self, &look);
  tell_latency (self, &look);
  return TRUE;
}

/* --------------------------------------------------------------- frames ---- */

/* Whether a frame would come too late; then downstream's wish is met by not
 * drawing it. */
static gboolean
is_late (GstTfrRender *self, GstClockTime pts, GstClockTime duration)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstClockTime running, earliest;
  guint64 drawn, skipped;
  gdouble proportion;
  GstMessage *message;

  if (!gst_base_transform_is_qos_enabled (trans) ||
      self->segment.format != GST_FORMAT_TIME)
    return FALSE;
  running =
      gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME, pts);
  GST_OBJECT_LOCK (self);
  earliest = self->earliest;
  proportion = self->proportion;
  drawn = self->n_drawn;
  skipped = self->n_skipped + 1;
  GST_OBJECT_UNLOCK (self);
  if (!GST_CLOCK_TIME_IS_VALID (running) ||
      !GST_CLOCK_TIME_IS_VALID (earliest) || running > earliest)
    return FALSE;

  GST_DEBUG_OBJECT (self, "skip %" GST_TIME_FORMAT ", earliest %"
      GST_TIME_FORMAT, GST_TIME_ARGS (running), GST_TIME_ARGS (earliest));
  message = gst_message_new_qos (GST_OBJECT (self), FALSE, running,
      gst_segment_to_stream_time (&self->segment, GST_FORMAT_TIME, pts), pts,
      duration);
  gst_message_set_qos_values (
      message, GST_CLOCK_DIFF (running, earliest), proportion, 1000000);
  gst_message_set_qos_stats (message, GST_FORMAT_BUFFERS, drawn, skipped);
  gst_element_post_message (GST_ELEMENT (self), message);
  return TRUE;
}

static GstFlowReturn
acquire (GstTfrRender *self, GstBuffer **buffer)
{
  GstBufferPool *pool =
      gst_base_transform_get_buffer_pool (GST_BASE_TRANSFORM (self));
  GstFlowReturn flow;

  if (pool == NULL)
    return GST_FLOW_FLUSHING; /* not negotiated any more */
  if (!gst_buffer_pool_is_active (pool) &&
      !gst_buffer_pool_set_active (pool, TRUE)) {
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("Could not get a pool of video frames."), (NULL));
    flow = GST_FLOW_ERROR;
  } else {
    flow = gst_buffer_pool_acquire_buffer (pool, buffer, NULL);
  }
  gst_object_unref (pool);
  return flow;
}

/* The picture as it is `edge` seconds after its base. */
static GstFlowReturn
draw_and_push (GstTfrRender *self, gdouble edge, GstClockTime pts,
    GstClockTime duration)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstVideoFrame frame, canvas;
  GstBuffer *buffer = NULL;
  GstFlowReturn flow = acquire (self, &buffer);

  if (flow != GST_FLOW_OK)
    return flow;
  if (!gst_tfr_output_begin (&self->output, buffer, &frame, &canvas)) {
    gst_buffer_unref (buffer);
    GST_ELEMENT_ERROR (self, RESOURCE, WRITE,
        ("Could not write to a video frame."), (NULL));
    return GST_FLOW_ERROR;
  }
  gst_tfr_picture_draw (&self->picture, edge,
      GST_VIDEO_FRAME_PLANE_DATA (&canvas, 0),
      (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&canvas, 0) / 4);
  gst_tfr_output_end (&self->output, &frame, &canvas);

  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration;
  if (self->discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  self->discont = FALSE;
  trans->segment.position =
      self->segment.rate < 0 ? pts : pts + duration;
  GST_OBJECT_LOCK (self);
  self->n_drawn++;
  GST_OBJECT_UNLOCK (self);
  GST_LOG_OBJECT (self, "push %" GST_PTR_FORMAT, buffer);
  return gst_pad_push (trans->srcpad, buffer);
}

/* Properties that are controlled, or were set, since the last frame. */
static void
update_look (GstTfrRender *self, GstClockTime pts)
{
  GstTfrLook look;

  if (GST_CLOCK_TIME_IS_VALID (pts) && self->segment.format == GST_FORMAT_TIME)
    gst_object_sync_values (GST_OBJECT (self),
        gst_segment_to_stream_time (&self->segment, GST_FORMAT_TIME, pts));
  look = read_look (self);
  gst_tfr_picture_set_look (&self->picture, &look);
}

static GstFlowReturn
emit_frame (GstTfrRender *self)
{
  const GstTfrPicture *picture = &self->picture;
  gdouble edge = gst_tfr_frame_clock_edge (&self->clock) +
                 (gdouble) (self->clock.base - picture->base) /
                     picture->header.rate;
  GstClockTime pts, duration;

  gst_tfr_frame_clock_tick (&self->clock, &pts, &duration);
  if (is_late (self, pts, duration)) {
    GST_OBJECT_LOCK (self);
    self->n_skipped++;
    GST_OBJECT_UNLOCK (self);
    self->discont = TRUE;
    return GST_FLOW_OK;
  }
  update_look (self, pts);
  return draw_and_push (self, edge, pts, duration);
}

/* All frames that can be shown now. */
static GstFlowReturn
emit_due (GstTfrRender *self, const GstTfrLook *look, gint64 position)
{
  GstFlowReturn flow = GST_FLOW_OK;

  if (is_whole (look))
    return GST_FLOW_OK;
  position -= patience (self, look);
  while (flow == GST_FLOW_OK &&
         gst_tfr_frame_clock_due (&self->clock, position))
    flow = emit_frame (self);
  return flow;
}

static GstFlowReturn
emit_whole (GstTfrRender *self)
{
  guint rate = self->picture.header.rate;
  gint64 length = MAX (1, self->end - self->picture.base);

  return draw_and_push (self, (gdouble) length / rate, self->clock.base_pts,
      gst_util_uint64_scale ((guint64) length, GST_SECOND, rate));
}

/* Everything up to the end of what has come. */
static GstFlowReturn
drain (GstTfrRender *self)
{
  GstTfrLook look = read_look (self);
  GstFlowReturn flow = GST_FLOW_OK;
  guint64 n;

  if (!self->started)
    return GST_FLOW_OK;
  self->started = FALSE;
  gst_tfr_picture_set_look (&self->picture, &look);
  set_frame_length (self, &look);
  if (is_whole (&look))
    return emit_whole (self);
  n = gst_tfr_frame_clock_count (&self->clock, self->end);
  GST_DEBUG_OBJECT (self, "drain to frame %" G_GUINT64_FORMAT, n);
  while (flow == GST_FLOW_OK && self->clock.next < n)
    flow = emit_frame (self);
  return flow;
}

/* --------------------------------------------------------------- points ---- */

/* Positions count in the direction of play. */
static gint64
batch_start (const GstTfrRender *self, const GstTfrHeader *h)
{
  return self->segment.rate < 0 ? -h->end : h->first;
}

static gint64
batch_end (const GstTfrRender *self, const GstTfrHeader *h)
{
  return self->segment.rate < 0 ? -h->first : h->end;
}

/* ns by which time stamps differ from the sample clock. */
static gint64
find_offset (const GstTfrHeader *h, GstClockTime pts)
{
  GstClockTime counted;

  if (!GST_CLOCK_TIME_IS_VALID (pts) || h->first < 0)
    return 0;
  counted = gst_util_uint64_scale ((guint64) h->first, GST_SECOND, h->rate);
  return GST_CLOCK_DIFF (counted, pts);
}

static GstClockTime
position_to_time (
    const GstTfrRender *self, const GstTfrHeader *h, gint64 position)
{
  gint64 sample = MAX (0, self->segment.rate < 0 ? -position : position);
  gint64 time =
      (gint64) gst_util_uint64_scale ((guint64) sample, GST_SECOND, h->rate) +
      self->offset;

  return (GstClockTime) MAX (0, time);
}

/* A picture that begins with this batch. */
static void
start_picture (GstTfrRender *self, const GstTfrHeader *h, gint64 offset)
{
  gint64 base = batch_start (self, h);

  self->started = TRUE;
  self->discont = TRUE;
  self->offset = offset;
  self->end = base;
  self->clock.rate = h->rate;
  self->clock.reverse = self->segment.rate < 0;
  gst_tfr_frame_clock_start (
      &self->clock, base, position_to_time (self, h, base));
  gst_tfr_picture_start (&self->picture, h, base, self->segment.rate < 0);
  GST_DEBUG_OBJECT (self, "start at position %" G_GINT64_FORMAT ", time %"
      GST_TIME_FORMAT, base, GST_TIME_ARGS (self->clock.base_pts));
}

/* Takes the batch's place in time: a new picture, a gap, or just further on. */
static GstFlowReturn
place_batch (GstTfrRender *self, const GstTfrHeader *h, GstClockTime pts)
{
  const GstTfrHeader *before = &self->picture.header;
  gint64 offset = find_offset (h, pts), start = batch_start (self, h);
  GstFlowReturn flow = GST_FLOW_OK;
  guint64 n;

  if (self->started &&
      (h->rate != before->rate || h->channels != before->channels ||
          start < self->end ||
          ABS (offset - self->offset) > (gint64) TOLERANCE))
    flow = drain (self);
  if (!self->started) {
    start_picture (self, h, offset);
    return flow;
  }
  if (start - self->end > (gint64) h->rate * LONGEST_GAP) {
    GST_DEBUG_OBJECT (self, "gap of %" G_GINT64_FORMAT " samples",
        start - self->end);
    n = gst_tfr_frame_clock_count (&self->clock, self->end);
    while (flow == GST_FLOW_OK && self->clock.next < n)
      flow = emit_frame (self);
    gst_tfr_frame_clock_skip (&self->clock, start);
    self->discont = TRUE;
  }
  gst_tfr_picture_set_stream (&self->picture, h);
  return flow;
}

/* Frame by frame in the direction of play, video frames in between: so these do
 * not depend on how many a batch holds. */
static GstFlowReturn
draw_batch (GstTfrRender *self, const GstTfrBatch *batch)
{
  const GstTfrHeader *h = &batch->header;
  gboolean reverse = self->segment.rate < 0;
  guint at = reverse ? h->n_points : 0;
  GstTfrLook look = read_look (self);
  GstFlowReturn flow = GST_FLOW_OK;

  for (guint i = 0; i < h->n_frames && flow == GST_FLOW_OK; i++) {
    guint index = reverse ? h->n_frames - 1 - i : i;
    const guint32 *counts = batch->counts + (gsize) index * h->channels;
    gint64 centre = h->first + (gint64) index * h->hop_size;

    for (guint c = 0; reverse && c < h->channels; c++)
      at -= counts[c];
    for (guint c = 0, first = at; c < h->channels; c++) {
      gst_tfr_picture_add (
          &self->picture, batch, first, counts[c], centre, c);
      first += counts[c];
    }
    for (guint c = 0; !reverse && c < h->channels; c++)
      at += counts[c];

    self->end = reverse ? -centre
                        : i + 1 < h->n_frames ? centre + h->hop_size : h->end;
    flow = emit_due (self, &look, self->end);
  }
  self->end = batch_end (self, h);
  return flow;
}

/* A sink beside us in a tee waits for our first frame before it plays on, and in
 * page mode that takes a page. */
static void
preroll (GstTfrRender *self, const GstTfrLook *look)
{
  if (!is_paged (look) || self->prerolled)
    return;
  self->prerolled = TRUE;
  gst_pad_push_event (GST_BASE_TRANSFORM (self)->srcpad,
      gst_event_new_gap (self->clock.base_pts, GST_CLOCK_TIME_NONE));
}

static GstFlowReturn
take_batch (GstTfrRender *self, GstBuffer *buffer)
{
  GstTfrLook look = read_look (self);
  GError *error = NULL;
  GstTfrBatch batch;
  GstFlowReturn flow;

  if (!gst_tfr_batch_map (&batch, buffer, &error)) {
    gst_element_message_full (GST_ELEMENT (self), GST_MESSAGE_ERROR,
        error->domain, error->code, g_strdup (error->message),
        g_strdup_printf ("%" GST_PTR_FORMAT, buffer), __FILE__, GST_FUNCTION,
        __LINE__);
    g_clear_error (&error);
    return GST_FLOW_ERROR;
  }
  gst_tfr_picture_set_look (&self->picture, &look);
  set_frame_length (self, &look);
  flow = place_batch (self, &batch.header, GST_BUFFER_PTS (buffer));
  tell_latency (self, &look);
  preroll (self, &look);
  if (flow == GST_FLOW_OK)
    flow = draw_batch (self, &batch);
  GST_OBJECT_LOCK (self);
  self->n_points += batch.header.n_points;
  self->n_ignored = self->picture.ignored;
  GST_OBJECT_UNLOCK (self);
  gst_tfr_batch_unmap (&batch);
  return flow;
}

static GstFlowReturn
submit_input_buffer (
    GstBaseTransform *trans, gboolean is_discont, GstBuffer *buffer)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);
  GstFlowReturn flow;

  if (!gst_base_transform_reconfigure (trans) || self->picture.width == 0)
    flow = GST_PAD_IS_FLUSHING (trans->srcpad) ? GST_FLOW_FLUSHING
                                               : GST_FLOW_NOT_NEGOTIATED;
  else
    flow = take_batch (self, buffer);
  gst_buffer_unref (buffer);
  return flow;
}

/* Everything has been pushed by then. */
static GstFlowReturn
generate_output (GstBaseTransform *trans, GstBuffer **buffer)
{
  *buffer = NULL;
  return GST_FLOW_OK;
}

/* Never called; it tells the base class that buffers are not passed through. */
static GstFlowReturn
transform (GstBaseTransform *trans, GstBuffer *in, GstBuffer *out)
{
  return GST_FLOW_NOT_SUPPORTED;
}

/* --------------------------------------------------------------- events ---- */

static gboolean
same_segment (const GstSegment *a, const GstSegment *b)
{
  GstSegment copy = *b;

  copy.position = a->position;
  return gst_segment_is_equal (a, &copy);
}

/* A file of points comes in a segment of bytes. */
static GstEvent *
take_segment (GstTfrRender *self, GstEvent *event)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  if (segment->format != GST_FORMAT_TIME) {
    GstSegment timed;
    GstEvent *replacement;

    gst_segment_init (&timed, GST_FORMAT_TIME);
    replacement = gst_event_new_segment (&timed);
    gst_event_set_seqnum (replacement, gst_event_get_seqnum (event));
    gst_event_unref (event);
    event = replacement;
    gst_event_parse_segment (event, &segment);
  }
  if (!same_segment (&self->segment, segment)) {
    drain (self);
    self->segment = *segment;
  }
  return event;
}

static void
forget_qos (GstTfrRender *self)
{
  GST_OBJECT_LOCK (self);
  self->earliest = GST_CLOCK_TIME_NONE;
  self->proportion = 1;
  GST_OBJECT_UNLOCK (self);
}

static gboolean
sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_STREAM_GROUP_DONE:
    case GST_EVENT_EOS:
      drain (self);
      break;
    case GST_EVENT_SEGMENT:
      event = take_segment (self, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      self->started = FALSE;
      self->prerolled = FALSE;
      gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
      forget_qos (self);
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_render_parent_class)
      ->sink_event (trans, event);
}

/* As basesink reports it: what is later than this has a chance. */
static void
take_qos (GstTfrRender *self, GstEvent *event)
{
  GstClockTime timestamp, frame = 0;
  GstClockTimeDiff diff;
  gdouble proportion;

  gst_event_parse_qos (event, NULL, &proportion, &diff, &timestamp);
  if (!GST_CLOCK_TIME_IS_VALID (timestamp))
    return;
  GST_OBJECT_LOCK (self);
  if (self->clock.length_d != 0)
    frame = gst_util_uint64_scale (
        GST_SECOND, self->clock.length_n, self->clock.length_d);
  self->proportion = proportion;
  if (diff > 0)
    self->earliest =
        timestamp + MIN ((GstClockTime) (2 * diff), GST_SECOND) + frame;
  else
    self->earliest = timestamp + (GstClockTime) MAX (diff, -(gint64) timestamp);
  GST_OBJECT_UNLOCK (self);
}

static gboolean
src_event (GstBaseTransform *trans, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_QOS)
    take_qos (GST_TFR_RENDER (trans), event);
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_render_parent_class)
      ->src_event (trans, event);
}

/* -------------------------------------------------------------- queries ---- */

static gboolean
answer_latency (GstTfrRender *self, GstQuery *query)
{
  GstClockTime min = 0, max = GST_CLOCK_TIME_NONE, own;
  gboolean live = FALSE;

  if (gst_pad_peer_query (GST_BASE_TRANSFORM (self)->sinkpad, query))
    gst_query_parse_latency (query, &live, &min, &max);
  GST_OBJECT_LOCK (self);
  own = GST_CLOCK_TIME_IS_VALID (self->latency) ? self->latency : 0;
  GST_OBJECT_UNLOCK (self);
  if (GST_CLOCK_TIME_IS_VALID (max))
    max += own;
  gst_query_set_latency (query, live, min + own, max);
  return TRUE;
}

static gboolean
answer_query (
    GstBaseTransform *trans, GstPadDirection direction, GstQuery *query)
{
  if (direction == GST_PAD_SRC) {
    switch (GST_QUERY_TYPE (query)) {
      case GST_QUERY_LATENCY:
        return answer_latency (GST_TFR_RENDER (trans), query);
      case GST_QUERY_SCHEDULING:
        gst_query_set_scheduling (
            query, GST_SCHEDULING_FLAG_SEQUENTIAL, 1, -1, 0);
        gst_query_add_scheduling_mode (query, GST_PAD_MODE_PUSH);
        return TRUE;
      default:
        break;
    }
  }
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_render_parent_class)
      ->query (trans, direction, query);
}

/* What downstream offers is for video. */
static gboolean
propose_allocation (
    GstBaseTransform *trans, GstQuery *downstream, GstQuery *query)
{
  return TRUE;
}

static gboolean
decide_allocation (GstBaseTransform *trans, GstQuery *query)
{
  return gst_tfr_output_decide_pool (query);
}

/* ------------------------------------------------------------ life cycle ---- */

static gboolean
start (GstBaseTransform *trans)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  gst_tfr_picture_init (&self->picture);
  memset (&self->clock, 0, sizeof self->clock);
  self->started = FALSE;
  self->prerolled = FALSE;
  forget_qos (self);
  GST_OBJECT_LOCK (self);
  self->latency = GST_CLOCK_TIME_NONE;
  self->n_drawn = self->n_skipped = self->n_points = self->n_ignored = 0;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
stop (GstBaseTransform *trans)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  gst_tfr_picture_clear (&self->picture);
  memset (&self->picture, 0, sizeof self->picture);
  gst_tfr_output_clear (&self->output);
  return TRUE;
}

static void
gst_tfr_render_class_init (GstTfrRenderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      tfr_render_debug, "tfrrender", 0, "reassigned points to video");

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  gst_tfr_look_install (object_class, PROP_LOOK);
  g_object_class_install_property (object_class, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Points that came, points that were unsound, frames drawn and frames "
          "skipped because they would have been late",
          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Reassigned spectrogram", "Filter/Converter/Video",
      "Draws time-frequency reassigned points as video", "The tfr developers");

  trans_class->transform_caps = GST_DEBUG_FUNCPTR (transform_caps);
  trans_class->fixate_caps = GST_DEBUG_FUNCPTR (fixate_caps);
  trans_class->set_caps = GST_DEBUG_FUNCPTR (set_caps);
  trans_class->submit_input_buffer = GST_DEBUG_FUNCPTR (submit_input_buffer);
  trans_class->generate_output = GST_DEBUG_FUNCPTR (generate_output);
  trans_class->transform = GST_DEBUG_FUNCPTR (transform);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (sink_event);
  trans_class->src_event = GST_DEBUG_FUNCPTR (src_event);
  trans_class->query = GST_DEBUG_FUNCPTR (answer_query);
  trans_class->propose_allocation = GST_DEBUG_FUNCPTR (propose_allocation);
  trans_class->decide_allocation = GST_DEBUG_FUNCPTR (decide_allocation);
  trans_class->start = GST_DEBUG_FUNCPTR (start);
  trans_class->stop = GST_DEBUG_FUNCPTR (stop);
}

static void
gst_tfr_render_init (GstTfrRender *self)
{
  gst_tfr_look_init (&self->look);
  self->latency = GST_CLOCK_TIME_NONE;
  self->earliest = GST_CLOCK_TIME_NONE;
  gst_base_transform_set_qos_enabled (GST_BASE_TRANSFORM (self), TRUE);
}
