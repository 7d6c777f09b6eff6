/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrrender
 * @title: tfrrender
 * @short_description: reassigned points to video
 *
 * Draws batches of application/x-tfr-points as a spectrogram in motion.
 *
 * The points' energy is accumulated on a grid and turned into decibels last, so
 * levels are true at every size.  Each video frame shows the signal up to the
 * end of its own duration.  Size, frame rate and format come from the caps
 * downstream, 1280x720 at 30/1 where these leave it open; all formats that
 * GStreamer can convert to are made, 32-bit RGB without conversion.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! tfrreassign ! tfrrender !
 * autovideosink
 * ]|
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks num-buffers=200 ! tfrreassign !
 * tfrrender scroll-mode=page time-span=0 ! video/x-raw,width=1600,height=800 !
 * pngenc ! filesink location=ticks.png
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfrelements.h"
#include "gsttfrproperties.h"
#include "render/frameclock.h"
#include "render/output.h"
#include "render/pointer.h"

#include "render/ticks.h"

#include <gst/base/gstbasetransform.h>
#include <math.h>

GST_DEBUG_CATEGORY_STATIC (tfr_render_debug);
#define GST_CAT_DEFAULT tfr_render_debug

/* No frames are made for a longer gap in the points. */
#define LONGEST_GAP 1 /* s */

/* us that a snapshot waits for a frame that is being drawn. */
#define SNAPSHOT_PATIENCE 200000

/* Time stamps that are off by less are jitter. */
#define TOLERANCE (40 * GST_MSECOND)

#define GST_TYPE_TFR_RENDER (gst_tfr_render_get_type ())
G_DECLARE_FINAL_TYPE (
    GstTfrRender, gst_tfr_render, GST, TFR_RENDER, GstBaseTransform)

struct _GstTfrRender {
  GstBaseTransform parent;

  /* under the object lock */
  GstTfrLook look;
  guint look_serial; /* counts its changes */
  gboolean navigation;
  GstTfrPointer pointer;
  GstTfrView view;       /* what the last frame showed */
  GstClockTime latency;  /* NONE until known */
  GstClockTime earliest; /* running time that is not yet too late, or NONE */
  gdouble proportion;
  guint64 n_drawn, n_skipped, n_points, n_ignored;
  GstBuffer *last; /* frame that was pushed, kept by `buffers`; NULL while that is
                      being drawn on */
  GCond drawn;

  /* of the streaming thread */
  guint serial;        /* of the look that the scene has */
  GstTfrFields fields; /* that were asked for */
  GstTfrOutput output;
  GstTfrScene scene;
  GstTfrBuffers buffers;
  GstTfrFrameClock clock;
  GstSegment segment;
  gboolean started;      /* a batch has come */
  gint64 offset;         /* ns from the sample clock to the time stamps */
  GstClockTime base_pts; /* of the picture's base */
  gint64 end;            /* position up to which points have come */
  gboolean discont;      /* of the next frame */
  gboolean prerolled;    /* page mode: a GAP has gone out */
  gboolean frozen;
  gdouble frozen_edge; /* s after the base */
};

enum {
  PROP_0,
  PROP_STATS,
  PROP_NAVIGATION,
  PROP_LOOK, /* and what follows: gst_tfr_look_install */
};

enum { SIGNAL_SNAPSHOT, N_SIGNALS };

static guint signals[N_SIGNALS];

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_POINTS_TEMPLATE_CAPS));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_TFR_OUTPUT_CAPS));

/* Presets by name: gst/presets. */
G_DEFINE_FINAL_TYPE_WITH_CODE (GstTfrRender, gst_tfr_render,
    GST_TYPE_BASE_TRANSFORM, G_IMPLEMENT_INTERFACE (GST_TYPE_PRESET, NULL))
GST_ELEMENT_REGISTER_DEFINE (
    tfrrender, "tfrrender", GST_RANK_NONE, GST_TYPE_TFR_RENDER)

/* --------------------------------------------------------- properties ---- */

static gpointer
look_field (GstTfrRender *self, guint id)
{
  return id < PROP_LOOK ? NULL
                        : gst_tfr_look_field (&self->look, id - PROP_LOOK);
}

/* Asks upstream for other fields where the look needs them. */
static void
update_fields (GstTfrRender *self)
{
  GstTfrFields before, now;

  GST_OBJECT_LOCK (self);
  before = self->fields;
  now = self->fields = gst_tfr_look_fields (&self->look);
  GST_OBJECT_UNLOCK (self);
  if (now != before)
    gst_base_transform_reconfigure_sink (GST_BASE_TRANSFORM (self));
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstTfrRender *self = GST_TFR_RENDER (object);
  gpointer field = look_field (self, id);

  GST_OBJECT_LOCK (self);
  if (field != NULL) {
    gst_tfr_field_set (field, value);
    self->look_serial++;
  } else if (id == PROP_NAVIGATION) {
    self->navigation = g_value_get_boolean (value);
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
  update_fields (self);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstTfrRender *self = GST_TFR_RENDER (object);
  gpointer field = look_field (self, id);

  GST_OBJECT_LOCK (self);
  if (field != NULL)
    gst_tfr_field_get (field, value);
  else if (id == PROP_NAVIGATION)
    g_value_set_boolean (value, self->navigation);
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

/* The frame that was pushed last, or the one that is being drawn. */
static GstSample *
snapshot (GstTfrRender *self)
{
  GstCaps *caps = gst_pad_get_current_caps (GST_BASE_TRANSFORM (self)->srcpad);
  gint64 patience = g_get_monotonic_time () + SNAPSHOT_PATIENCE;
  GstSample *sample = NULL;

  GST_OBJECT_LOCK (self);
  while (self->last == NULL && self->n_drawn > 0 &&
         g_cond_wait_until (
             &self->drawn, GST_OBJECT_GET_LOCK (self), patience))
    ;
  if (self->last != NULL && caps != NULL)
    sample = gst_sample_new (self->last, caps, &self->segment, NULL);
  GST_OBJECT_UNLOCK (self);
  gst_clear_caps (&caps);
  return sample;
}

/* --------------------------------------------------------------- caps ---- */

/* What we wish for first, then anything. */
static GstCaps *
points_caps (GstTfrRender *self)
{
  GstCaps *caps = gst_static_pad_template_get_caps (&sink_template);
  GstCaps *wish = gst_caps_copy (caps);
  GstTfrFields fields;

  GST_OBJECT_LOCK (self);
  fields = gst_tfr_look_fields (&self->look);
  GST_OBJECT_UNLOCK (self);
  gst_tfr_fields_ask (gst_caps_get_structure (wish, 0), fields);
  return gst_caps_merge (wish, caps);
}

static GstCaps *
transform_caps (GstBaseTransform *trans, GstPadDirection direction,
    GstCaps *caps, GstCaps *filter)
{
  GstCaps *result = direction == GST_PAD_SINK
                        ? gst_static_pad_template_get_caps (&src_template)
                        : points_caps (GST_TFR_RENDER (trans));

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

/* Takes over the look as it has been set, where it has changed. */
static void
update_look (GstTfrRender *self)
{
  GstTfrLook look = { 0 };
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = self->serial != self->look_serial;
  self->serial = self->look_serial;
  if (changed)
    gst_tfr_look_copy (&look, &self->look);
  GST_OBJECT_UNLOCK (self);
  if (changed)
    gst_tfr_scene_set_look (&self->scene, &look);
  gst_tfr_look_clear (&look);
}

static void
set_frame_length (GstTfrRender *self)
{
  const GstTfrLook *look = &self->scene.look;
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
patience (GstTfrRender *self)
{
  const GstTfrLook *look = &self->scene.look;

  if (look->now_policy == GST_TFR_NOW_POLICY_PROGRESSIVE ||
      gst_tfr_look_is_whole (look))
    return 0;
  return self->scene.picture.header.window_size / 2 +
         gst_tfr_picture_reach (&self->scene.picture);
}

static void
tell_latency (GstTfrRender *self)
{
  guint rate = self->scene.picture.header.rate;
  GstClockTime latency;
  gboolean news;

  if (rate == 0 || self->clock.length_d == 0)
    return;
  latency =
      gst_util_uint64_scale_ceil ((guint64) patience (self), GST_SECOND, rate) +
      gst_util_uint64_scale_ceil (
          GST_SECOND, self->clock.length_n, self->clock.length_d);
  GST_OBJECT_LOCK (self);
  news = self->latency != latency;
  self->latency = latency;
  GST_OBJECT_UNLOCK (self);
  if (news) {
    GST_DEBUG_OBJECT (
        self, "latency %" GST_TIME_FORMAT, GST_TIME_ARGS (latency));
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
  gst_tfr_picture_set_stream (
      &self->scene.picture, &(GstTfrHeader){ .rate = (guint) info.rate,
                                .channels = (guint16) info.channels,
                                .hop_size = (guint) info.hop_size,
                                .window_size = (guint) info.window_size });
}

static void
forget_buffers (GstTfrRender *self)
{
  GST_OBJECT_LOCK (self);
  self->last = NULL;
  GST_OBJECT_UNLOCK (self);
  gst_tfr_buffers_clear (&self->buffers);
}

static gboolean
set_caps (GstBaseTransform *trans, GstCaps *incaps, GstCaps *outcaps)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  forget_buffers (self);
  if (!gst_tfr_output_init (&self->output, outcaps)) {
    GST_ELEMENT_WARNING (self, STREAM, FORMAT,
        ("Cannot make video of this kind."),
        ("output caps %" GST_PTR_FORMAT, outcaps));
    return FALSE;
  }
  expect_stream (self, incaps);
  update_look (self);
  gst_tfr_scene_set_size (&self->scene, (guint) self->output.info.width,
      (guint) self->output.info.height, &self->output.pixel);
  set_frame_length (self);
  tell_latency (self);
  return TRUE;
}

/* ------------------------------------------------------------- frames ---- */

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
  running = gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME, pts);
  GST_OBJECT_LOCK (self);
  earliest = self->earliest;
  proportion = self->proportion;
  drawn = self->n_drawn;
  skipped = self->n_skipped + 1;
  GST_OBJECT_UNLOCK (self);
  if (!GST_CLOCK_TIME_IS_VALID (running) ||
      !GST_CLOCK_TIME_IS_VALID (earliest) || running > earliest)
    return FALSE;

  GST_DEBUG_OBJECT (self,
      "skip %" GST_TIME_FORMAT ", earliest %" GST_TIME_FORMAT,
      GST_TIME_ARGS (running), GST_TIME_ARGS (earliest));
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

/* What time labels say, as a line in the time since the base. */
static void
find_labels (GstTfrRender *self, GstTfrMoment *moment)
{
  const GstSegment *segment = &self->segment;
  gboolean running =
      self->scene.look.time_labels == GST_TFR_TIME_LABELS_RUNNING_TIME;
  guint64 at = running ? gst_segment_to_running_time (
                             segment, GST_FORMAT_TIME, self->base_pts)
                       : gst_segment_to_stream_time (
                             segment, GST_FORMAT_TIME, self->base_pts);

  if (!GST_CLOCK_TIME_IS_VALID (at))
    at = self->base_pts;
  moment->origin = (gdouble) at / GST_SECOND;
  moment->direction = running             ? 1 / fabs (segment->rate)
                      : segment->rate < 0 ? -segment->applied_rate
                                          : segment->applied_rate;
}

/* A frozen picture stays where it was, or where it was dragged to. */
static gdouble
hold_edge (GstTfrRender *self, gdouble edge)
{
  GstTfrPicture *picture = &self->scene.picture;
  gdouble back, half = picture->header.window_size / 2.0;

  if (!self->scene.look.freeze) {
    if (self->frozen)
      gst_tfr_picture_freeze (picture, G_MAXINT64);
    self->frozen = FALSE;
    return edge;
  }
  if (!self->frozen) {
    self->frozen = TRUE;
    self->frozen_edge = edge;
    gst_tfr_picture_freeze (picture, self->end);
  }
  GST_OBJECT_LOCK (self);
  back = self->pointer.back;
  GST_OBJECT_UNLOCK (self);
  if (back > 0)
    gst_tfr_picture_freeze (picture,
        picture->base +
            (gint64) ((self->frozen_edge - back) * picture->header.rate +
                      half));
  return self->frozen_edge - back;
}

/* Says what is under the pointer, in the frame and to the application. */
static void
read_pointer (GstTfrRender *self, const GstTfrMoment *moment)
{
  GstTfrOverlay *overlay = &self->scene.overlay;
  GstTfrReading reading;
  gboolean inside, moved;
  gdouble x, y, label;
  gchar note[24];

  GST_OBJECT_LOCK (self);
  inside = self->pointer.inside && self->navigation;
  moved = self->pointer.moved;
  self->pointer.moved = FALSE;
  x = self->pointer.x;
  y = self->pointer.y;
  GST_OBJECT_UNLOCK (self);
  if (!inside || !gst_tfr_scene_read (&self->scene, moment, x, y, &reading)) {
    gst_tfr_overlay_set_readout (overlay, NULL, x, y);
    return;
  }
  label = moment->origin + moment->direction * reading.time;
  gst_tfr_overlay_set_readout (overlay,
      gst_tfr_pointer_describe (&reading, label, self->scene.look.tuning), x,
      y);
  if (!moved)
    return;
  gst_tfr_note_name (
      reading.frequency, self->scene.look.tuning, TRUE, note, sizeof note);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_structure_new ("tfr-cursor", "time", G_TYPE_DOUBLE, label,
              "frequency", G_TYPE_DOUBLE, reading.frequency, "note",
              G_TYPE_STRING, note, "level", G_TYPE_DOUBLE, reading.level,
              "mixed", G_TYPE_DOUBLE, reading.mixed, "chirp-rate",
              G_TYPE_DOUBLE, reading.chirp_rate, "channel", G_TYPE_UINT,
              reading.channel, NULL)));
}

/* For events that come before the next frame. */
static void
publish_view (GstTfrRender *self, GstBuffer *buffer)
{
  const GstTfrPicture *picture = &self->scene.picture;

  GST_OBJECT_LOCK (self);
  self->view.plot = self->scene.overlay.layout.plot;
  self->view.vertical =
      self->scene.look.orientation == GST_TFR_ORIENTATION_VERTICAL;
  self->view.columns_per_second = picture->columns_per_second;
  if (picture->n_lanes > 0)
    self->view.axis = picture->lanes[0].axis;
  self->last = buffer;
  g_cond_broadcast (&self->drawn);
  self->n_drawn++;
  GST_OBJECT_UNLOCK (self);
}

/* A buffer to draw on: one that came back, or another from the pool. */
static GstTfrKeptBuffer *
find_buffer (GstTfrRender *self, GstFlowReturn *flow)
{
  GstTfrKeptBuffer *kept;

  /* nobody may take a snapshot of it from now on */
  GST_OBJECT_LOCK (self);
  kept = gst_tfr_buffers_find_free (&self->buffers);
  if (self->last == kept->buffer)
    self->last = NULL;
  GST_OBJECT_UNLOCK (self);
  *flow = kept->buffer != NULL ? GST_FLOW_OK : acquire (self, &kept->buffer);
  return kept;
}

/* The picture as it is `edge` seconds after its base. */
static GstFlowReturn
draw_and_push (GstTfrRender *self, gdouble edge, GstClockTime pts,
    GstClockTime duration)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstTfrMoment moment = { .edge = hold_edge (self, edge) };
  GstFlowReturn flow;
  GstTfrKeptBuffer *kept = find_buffer (self, &flow);
  GstBuffer *buffer = kept->buffer;

  if (flow != GST_FLOW_OK)
    return flow;
  find_labels (self, &moment);
  read_pointer (self, &moment);
  if (!gst_tfr_output_draw (
          &self->output, &self->scene, &moment, &self->buffers, kept)) {
    GST_ELEMENT_ERROR (self, RESOURCE, WRITE,
        ("Could not write to a video frame."), (NULL));
    return GST_FLOW_ERROR;
  }

  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration;
  if (self->discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  else
    GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
  self->discont = FALSE;
  trans->segment.position = self->segment.rate < 0 ? pts : pts + duration;
  publish_view (self, buffer);
  GST_LOG_OBJECT (self, "push %" GST_PTR_FORMAT, buffer);
  return gst_pad_push (trans->srcpad, gst_buffer_ref (buffer));
}

/* Properties as they are, or are controlled to be, at this time. */
static void
sync_look (GstTfrRender *self, GstClockTime pts)
{
  if (self->segment.format == GST_FORMAT_TIME)
    gst_object_sync_values (GST_OBJECT (self),
        gst_segment_to_stream_time (&self->segment, GST_FORMAT_TIME, pts));
  update_look (self);
}

static GstFlowReturn
emit_frame (GstTfrRender *self)
{
  const GstTfrPicture *picture = &self->scene.picture;
  gdouble edge =
      gst_tfr_frame_clock_edge (&self->clock) +
      (gdouble) (self->clock.base - picture->base) / picture->header.rate;
  GstClockTime pts, duration;

  gst_tfr_frame_clock_tick (&self->clock, &pts, &duration);
  if (is_late (self, pts, duration)) {
    GST_OBJECT_LOCK (self);
    self->n_skipped++;
    GST_OBJECT_UNLOCK (self);
    self->discont = TRUE;
    return GST_FLOW_OK;
  }
  sync_look (self, pts);
  return draw_and_push (self, edge, pts, duration);
}

/* All frames that can be shown now. */
static GstFlowReturn
emit_due (GstTfrRender *self, gint64 position)
{
  GstFlowReturn flow = GST_FLOW_OK;

  if (gst_tfr_look_is_whole (&self->scene.look))
    return GST_FLOW_OK;
  position -= patience (self);
  while (
      flow == GST_FLOW_OK && gst_tfr_frame_clock_due (&self->clock, position))
    flow = emit_frame (self);
  return flow;
}

static GstFlowReturn
emit_whole (GstTfrRender *self)
{
  guint rate = self->scene.picture.header.rate;
  gint64 length = MAX (1, self->end - self->scene.picture.base);

  return draw_and_push (self, (gdouble) length / rate, self->clock.base_pts,
      gst_util_uint64_scale ((guint64) length, GST_SECOND, rate));
}

/* Everything up to the end of what has come. */
static GstFlowReturn
drain (GstTfrRender *self)
{
  GstFlowReturn flow = GST_FLOW_OK;
  guint64 n;

  if (!self->started)
    return GST_FLOW_OK;
  self->started = FALSE;
  update_look (self);
  set_frame_length (self);
  if (gst_tfr_look_is_whole (&self->scene.look))
    return emit_whole (self);
  n = gst_tfr_frame_clock_count (&self->clock, self->end);
  GST_DEBUG_OBJECT (self, "drain to frame %" G_GUINT64_FORMAT, n);
  while (flow == GST_FLOW_OK && self->clock.next < n)
    flow = emit_frame (self);
  return flow;
}

/* ------------------------------------------------------------- points ---- */

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
  self->base_pts = position_to_time (self, h, base);
  self->frozen = FALSE;
  gst_tfr_frame_clock_start (&self->clock, base, self->base_pts);
  gst_tfr_picture_start (&self->scene.picture, h, base, self->segment.rate < 0);
  GST_DEBUG_OBJECT (self,
      "start at position %" G_GINT64_FORMAT ", time %" GST_TIME_FORMAT, base,
      GST_TIME_ARGS (self->clock.base_pts));
}

/* Takes the batch's place in time: a new picture, a gap, or just further on. */
static GstFlowReturn
place_batch (GstTfrRender *self, const GstTfrHeader *h, GstClockTime pts)
{
  const GstTfrHeader *before = &self->scene.picture.header;
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
    GST_DEBUG_OBJECT (
        self, "gap of %" G_GINT64_FORMAT " samples", start - self->end);
    n = gst_tfr_frame_clock_count (&self->clock, self->end);
    while (flow == GST_FLOW_OK && self->clock.next < n)
      flow = emit_frame (self);
    gst_tfr_frame_clock_skip (&self->clock, start);
    self->discont = TRUE;
  }
  gst_tfr_picture_set_stream (&self->scene.picture, h);
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
  GstFlowReturn flow = GST_FLOW_OK;

  for (guint i = 0; i < h->n_frames && flow == GST_FLOW_OK; i++) {
    guint index = reverse ? h->n_frames - 1 - i : i;
    const guint32 *counts = batch->counts + (gsize) index * h->channels;
    gint64 centre = h->first + (gint64) index * h->hop_size;

    for (guint c = 0; reverse && c < h->channels; c++)
      at -= counts[c];
    for (guint c = 0, first = at; c < h->channels; c++) {
      gst_tfr_picture_add (
          &self->scene.picture, batch, first, counts[c], centre, c);
      first += counts[c];
    }
    for (guint c = 0; !reverse && c < h->channels; c++)
      at += counts[c];

    self->end = reverse               ? -centre
                : i + 1 < h->n_frames ? centre + h->hop_size
                                      : h->end;
    flow = emit_due (self, self->end);
  }
  self->end = batch_end (self, h);
  return flow;
}

/* A sink beside us in a tee waits for our first frame before it plays on, and
 * in page mode that takes a page. */
static void
preroll (GstTfrRender *self)
{
  if (!is_paged (&self->scene.look) || self->prerolled)
    return;
  self->prerolled = TRUE;
  gst_pad_push_event (GST_BASE_TRANSFORM (self)->srcpad,
      gst_event_new_gap (self->clock.base_pts, GST_CLOCK_TIME_NONE));
}

static GstFlowReturn
take_batch (GstTfrRender *self, GstBuffer *buffer)
{
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
  update_look (self);
  set_frame_length (self);
  flow = place_batch (self, &batch.header, GST_BUFFER_PTS (buffer));
  tell_latency (self);
  preroll (self);
  if (flow == GST_FLOW_OK)
    flow = draw_batch (self, &batch);
  GST_OBJECT_LOCK (self);
  self->n_points += batch.header.n_points;
  self->n_ignored = self->scene.picture.ignored;
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

  if (!gst_base_transform_reconfigure (trans) || self->scene.width == 0)
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

/* ------------------------------------------------------------- events ---- */

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

static void
take_navigation (GstTfrRender *self, GstEvent *event)
{
  static const gchar *const names[] = { "min-frequency", "max-frequency",
    "time-span", "freeze", "color-map", "sharpness" };
  gboolean changed = FALSE;

  GST_OBJECT_LOCK (self);
  if (self->navigation && self->view.plot.w > 0)
    changed =
        gst_tfr_pointer_take (&self->pointer, event, &self->view, &self->look);
  if (changed)
    self->look_serial++;
  GST_OBJECT_UNLOCK (self);
  for (guint i = 0; changed && i < G_N_ELEMENTS (names); i++)
    g_object_notify (G_OBJECT (self), names[i]);
}

static gboolean
src_event (GstBaseTransform *trans, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_QOS)
    take_qos (GST_TFR_RENDER (trans), event);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_NAVIGATION)
    take_navigation (GST_TFR_RENDER (trans), event);
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_render_parent_class)
      ->src_event (trans, event);
}

/* ------------------------------------------------------------ queries ---- */

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
  forget_buffers (GST_TFR_RENDER (trans));
  return gst_tfr_output_decide_pool (query);
}

/* --------------------------------------------------------- life cycle ---- */

static gboolean
start (GstBaseTransform *trans)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  gst_tfr_scene_init (&self->scene);
  memset (&self->clock, 0, sizeof self->clock);
  self->started = FALSE;
  self->prerolled = FALSE;
  forget_qos (self);
  GST_OBJECT_LOCK (self);
  self->latency = GST_CLOCK_TIME_NONE;
  self->n_drawn = self->n_skipped = self->n_points = self->n_ignored = 0;
  self->serial = self->look_serial - 1;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
stop (GstBaseTransform *trans)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  forget_buffers (self);
  gst_tfr_scene_clear (&self->scene);
  gst_tfr_output_clear (&self->output);
  GST_OBJECT_LOCK (self);
  gst_tfr_pointer_clear (&self->pointer);
  memset (&self->view, 0, sizeof self->view);
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
finalize (GObject *object)
{
  GstTfrRender *self = GST_TFR_RENDER (object);

  gst_tfr_look_clear (&self->look);
  g_cond_clear (&self->drawn);
  G_OBJECT_CLASS (gst_tfr_render_parent_class)->finalize (object);
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
  object_class->finalize = finalize;
  gst_tfr_look_install (object_class, PROP_LOOK);
  g_object_class_install_property (object_class, PROP_NAVIGATION,
      g_param_spec_boolean ("navigation", "Navigation",
          "React to the pointer (readout, wheel zooms, shift and wheel zoom in "
          "time, drag pans, double click resets) and to keys (space: freeze, "
          "m: "
          "colour map, s: sharpness)",
          TRUE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (object_class, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Points that came, points that were unsound, frames drawn and frames "
          "skipped because they would have been late",
          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * GstTfrRender::snapshot:
   *
   * Returns: (transfer full) (nullable): the frame that was pushed last, with
   * its caps; for gst_video_convert_sample() to make a picture file of
   */
  signals[SIGNAL_SNAPSHOT] = g_signal_new_class_handler ("snapshot",
      G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      G_CALLBACK (snapshot), NULL, NULL, NULL, GST_TYPE_SAMPLE, 0);

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
  g_cond_init (&self->drawn);
  self->fields = gst_tfr_look_fields (&self->look);
  self->navigation = TRUE;
  self->latency = GST_CLOCK_TIME_NONE;
  self->earliest = GST_CLOCK_TIME_NONE;
  gst_base_transform_set_qos_enabled (GST_BASE_TRANSFORM (self), TRUE);
}
