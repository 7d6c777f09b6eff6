/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Batches in, video frames out: which frames are due when, what each shows, and
 * which of them are not worth drawing any more. */

#include "gsttfrrender.h"

#include "gsttfrlatency.h"
#include "gsttfrrefusal.h"

#define GST_CAT_DEFAULT tfr_render_debug

#define LONGEST_HOP 3600 /* s */

/* --------------------------------------------------------------- look ---- */

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

/* Properties as they are, or are controlled to be, at this time. */
static void
sync_look (GstTfrRender *self, GstClockTime pts)
{
  const GstSegment *segment = &self->placement.segment;
  GstClockTime at = GST_CLOCK_TIME_NONE;

  if (segment->format == GST_FORMAT_TIME)
    at = gst_segment_to_stream_time (segment, GST_FORMAT_TIME, pts);
  if (GST_CLOCK_TIME_IS_VALID (at)) /* not outside the segment */
    gst_object_sync_values (GST_OBJECT (self), at);
  update_look (self);
}

/* What is shown at once, in frames of its own: one for every time-span, or one
 * for all. */
static gboolean
is_paged (const GstTfrLook *look)
{
  return look->scroll_mode == GST_TFR_SCROLL_MODE_PAGE;
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
  if (n == self->clock.length_n && d == self->clock.length_d)
    return;
  gst_tfr_frame_clock_set_length (&self->clock, n, d);
  GST_OBJECT_LOCK (self);
  self->qos.frame_duration = gst_util_uint64_scale (GST_SECOND, n, d);
  GST_OBJECT_UNLOCK (self);
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

  if (rate == 0 || self->clock.length_d == 0)
    return;
  gst_tfr_latency_tell (GST_ELEMENT (self), &self->latency,
      gst_util_uint64_scale_ceil ((guint64) patience (self), GST_SECOND, rate) +
          gst_util_uint64_scale_ceil (
              GST_SECOND, self->clock.length_n, self->clock.length_d));
}

/* Until a batch comes, the caps may say what to expect. */
static void
expect_stream (GstTfrRender *self, const GstCaps *caps)
{
  GstTfrHeader header;
  GstTfrInfo info;

  if (self->placement.started || !gst_tfr_info_from_caps (&info, caps) ||
      info.rate <= 0 || info.channels <= 0 || info.hop_size <= 0 ||
      info.window_size <= 0)
    return;
  header = (GstTfrHeader){ .kind = info.kind,
    .rate = (guint) info.rate,
    .channels = (guint16) info.channels,
    .hop_size = (guint) info.hop_size,
    .window_size = (guint) info.window_size };
  if (info.kind == GST_TFR_KIND_PARTIALS)
    gst_tfr_strokes_get_header (&header, &header);
  gst_tfr_picture_set_stream (&self->scene.picture, &header);
}

void
gst_tfr_render_configure (GstTfrRender *self, const GstCaps *points)
{
  expect_stream (self, points);
  update_look (self);
  gst_tfr_scene_set_size (&self->scene, (guint) self->output.info.width,
      (guint) self->output.info.height, &self->output.pixel);
  set_frame_length (self);
  tell_latency (self);
}

/* What is still owed cannot be drawn either. */
static GstFlowReturn
give_up (GstTfrRender *self, const gchar *wrong)
{
  gst_tfr_refusal_post (GST_ELEMENT (self), "Cannot draw this picture", wrong);
  self->placement.started = FALSE;
  return GST_FLOW_ERROR;
}

/* ------------------------------------------------------------ buffers ---- */

void
gst_tfr_render_forget_buffers (GstTfrRender *self)
{
  GST_OBJECT_LOCK (self);
  self->last = NULL;
  GST_OBJECT_UNLOCK (self);
  gst_tfr_buffers_clear (&self->buffers);
}

static GstFlowReturn
acquire (GstTfrRender *self, GstBuffer **buffer)
{
  GstBufferPool *pool =
      gst_base_transform_get_buffer_pool (GST_BASE_TRANSFORM (self));
  GstFlowReturn flow;

  if (pool == NULL)
    return GST_FLOW_FLUSHING; /* not negotiated any more */
  flow = gst_buffer_pool_is_active (pool) ||
                 gst_buffer_pool_set_active (pool, TRUE)
             ? gst_buffer_pool_acquire_buffer (pool, buffer, NULL)
             : GST_FLOW_ERROR;
  gst_object_unref (pool);
  if (flow == GST_FLOW_ERROR)
    give_up (self, "out of memory for video frames, or their pool failed");
  return flow;
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

/* ------------------------------------------------------------- frames ---- */

/* Whether a frame would come too late; then downstream's wish is met by not
 * drawing it. */
static gboolean
skip_if_late (GstTfrRender *self, GstClockTime pts, GstClockTime duration)
{
  const GstSegment *segment = &self->placement.segment;
  GstMessage *message = NULL;
  GstClockTime running;

  if (!gst_base_transform_is_qos_enabled (GST_BASE_TRANSFORM (self)) ||
      segment->format != GST_FORMAT_TIME)
    return FALSE;
  running = gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts);
  GST_OBJECT_LOCK (self);
  if (gst_tfr_qos_is_late (&self->qos, running))
    message = gst_tfr_qos_skip (
        &self->qos, GST_OBJECT (self), segment, pts, duration);
  GST_OBJECT_UNLOCK (self);
  if (message == NULL)
    return FALSE;
  GST_DEBUG_OBJECT (self, "skip frame at running time %" GST_TIME_FORMAT,
      GST_TIME_ARGS (running));
  gst_element_post_message (GST_ELEMENT (self), message);
  self->discont = TRUE;
  return TRUE;
}

/* The moment to show, and what is under the pointer then. */
static void
find_moment (GstTfrRender *self, gdouble edge, GstTfrMoment *moment)
{
  GstTfrNavigation navigation;
  GstStructure *reading;

  GST_OBJECT_LOCK (self);
  navigation = self->navigation;
  self->navigation.pointer.moved = FALSE;
  GST_OBJECT_UNLOCK (self);
  moment->edge = gst_tfr_scene_hold (
      &self->scene, edge, self->placement.end, navigation.pointer.back);
  gst_tfr_placement_label (&self->placement,
      self->scene.look.time_labels == GST_TFR_TIME_LABELS_RUNNING_TIME,
      &moment->origin, &moment->direction);
  reading = gst_tfr_navigation_read (&navigation, &self->scene, moment);
  if (reading != NULL)
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_element (GST_OBJECT (self), reading));
}

/* For events and snapshots that come before the next frame. */
static void
publish (GstTfrRender *self, GstBuffer *buffer)
{
  GST_OBJECT_LOCK (self);
  gst_tfr_navigation_show (&self->navigation, &self->scene);
  self->last = buffer;
  if (self->n_waiting > 0) /* it is a call of the kernel */
    g_cond_broadcast (&self->drawn);
  self->qos.n_drawn++;
  GST_OBJECT_UNLOCK (self);
}

/* The picture as it is `edge` seconds after its base. */
static GstFlowReturn
draw_and_push (
    GstTfrRender *self, gdouble edge, GstClockTime pts, GstClockTime duration)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstFlowReturn flow;
  GstTfrKeptBuffer *kept = find_buffer (self, &flow);
  GstBuffer *buffer = kept->buffer;
  const gchar *wrong;
  GstTfrMoment moment;

  if (flow != GST_FLOW_OK)
    return flow;
  find_moment (self, edge, &moment);
  wrong = gst_tfr_picture_settle (&self->scene.picture);
  if (wrong == NULL && !gst_tfr_output_reserve (&self->output))
    wrong = "out of memory for a frame in another format";
  if (wrong != NULL)
    return give_up (self, wrong);
  if (!gst_tfr_output_draw (
          &self->output, &self->scene, &moment, &self->buffers, kept)) {
    GST_ELEMENT_ERROR (
        self, RESOURCE, WRITE, ("Could not write to a video frame."), (NULL));
    return GST_FLOW_ERROR;
  }

  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration;
  if (self->discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  else
    GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
  self->discont = FALSE;
  trans->segment.position = trans->segment.rate < 0 ? pts : pts + duration;
  publish (self, buffer);
  GST_LOG_OBJECT (self, "push %" GST_PTR_FORMAT, buffer);
  return gst_pad_push (trans->srcpad, gst_buffer_ref (buffer));
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
  if (skip_if_late (self, pts, duration))
    return GST_FLOW_OK;
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
  gint64 base = self->scene.picture.base;
  gint64 length =
      (gint64) CLAMP ((__int128) self->placement.end - base, 1, G_MAXINT64);

  return draw_and_push (self, (gdouble) length / rate, self->clock.base_pts,
      gst_util_uint64_scale ((guint64) length, GST_SECOND, rate));
}

/* Frames before this one that are still to come. */
static GstFlowReturn
emit_before (GstTfrRender *self, guint64 n)
{
  GstFlowReturn flow = GST_FLOW_OK;

  while (flow == GST_FLOW_OK && self->clock.next < n)
    flow = emit_frame (self);
  return flow;
}

/* Nothing comes until this position: what was begun and ends before is shown.
 */
static GstFlowReturn
emit_until (GstTfrRender *self, gint64 position)
{
  guint64 begun = gst_tfr_frame_clock_count (&self->clock, self->placement.end);
  guint64 passed = gst_tfr_frame_clock_passed (&self->clock, position);

  if (gst_tfr_look_is_whole (&self->scene.look))
    return GST_FLOW_OK;
  return emit_before (self, MIN (begun, passed));
}

GstFlowReturn
gst_tfr_render_wait (GstTfrRender *self, GstClockTime duration)
{
  const GstTfrPlacement *p = &self->placement;
  guint64 length = p->rate;

  if (!p->started || duration <= GST_TFR_LONGEST_GAP)
    return GST_FLOW_OK;
  if (GST_CLOCK_TIME_IS_VALID (duration))
    length = MIN (gst_util_uint64_scale (duration, p->rate, GST_SECOND),
        (guint64) G_MAXINT64 / 2);
  return emit_until (self, p->end + (gint64) length);
}

GstFlowReturn
gst_tfr_render_drain (GstTfrRender *self)
{
  GstFlowReturn flow;

  if (!self->placement.started)
    return GST_FLOW_OK;
  update_look (self);
  set_frame_length (self);
  flow = gst_tfr_look_is_whole (&self->scene.look)
             ? emit_whole (self)
             : emit_before (self, gst_tfr_frame_clock_count (
                                      &self->clock, self->placement.end));
  self->placement.started = FALSE;
  return flow;
}

/* ------------------------------------------------------------- points ---- */

/* A picture that begins with this batch. */
static void
start_picture (GstTfrRender *self, const GstTfrHeader *h, GstClockTime pts)
{
  GstTfrPlacement *p = &self->placement;
  gboolean reverse = gst_tfr_placement_is_reverse (p);

  gst_tfr_placement_start (p, h, pts);
  self->discont = TRUE;
  self->clock.rate = h->rate;
  self->clock.reverse = reverse;
  gst_tfr_frame_clock_start (&self->clock, p->base, p->base_pts);
  gst_tfr_scene_start (&self->scene, h, p->base, reverse);
  gst_tfr_strokes_restart (&self->strokes, reverse);
  GST_DEBUG_OBJECT (self,
      "start at position %" G_GINT64_FORMAT ", time %" GST_TIME_FORMAT, p->base,
      GST_TIME_ARGS (p->base_pts));
}

/* Takes the batch's place in time: a new picture, a gap, or just further on. */
static GstFlowReturn
place_batch (GstTfrRender *self, const GstTfrHeader *h, GstBuffer *buffer)
{
  GstTfrPlacement *p = &self->placement;
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  GstFlowReturn flow = GST_FLOW_OK;

  switch (gst_tfr_placement_find (p, h, pts, GST_BUFFER_IS_DISCONT (buffer))) {
    case GST_TFR_STEP_START:
      flow = gst_tfr_render_drain (self);
      start_picture (self, h, pts);
      return flow;
    case GST_TFR_STEP_GAP:
      flow = emit_until (self, gst_tfr_placement_first (p, h));
      gst_tfr_frame_clock_skip (&self->clock, gst_tfr_placement_first (p, h));
      gst_tfr_strokes_restart (
          &self->strokes, gst_tfr_placement_is_reverse (p));
      self->discont = TRUE;
      break;
    case GST_TFR_STEP_ON:
      break;
  }
  gst_tfr_picture_set_stream (&self->scene.picture, h);
  return flow;
}

/* A longer hop is nobody's, and would turn a few bytes into a year of frames. */
static gboolean
is_leap (const GstTfrPlacement *p, gint64 before)
{
  return ((gdouble) p->end - (gdouble) before) / p->rate > LONGEST_HOP;
}

/* From there on nothing is shown, as in a gap. */
static GstFlowReturn
leap (GstTfrRender *self, gint64 before)
{
  GstTfrPlacement *p = &self->placement;
  gint64 after = p->end;
  GstFlowReturn flow;

  p->end = before + 1;
  flow = emit_until (self, after);
  p->end = after;
  gst_tfr_frame_clock_skip (&self->clock, after);
  self->discont = TRUE;
  return flow;
}

/* Frame by frame in the direction of play, video frames in between: so these do
 * not depend on how many a batch holds. */
static GstFlowReturn
draw_batch (GstTfrRender *self, const GstTfrBatch *batch)
{
  const GstTfrHeader *h = &batch->header;
  GstTfrPlacement *p = &self->placement;
  gboolean reverse = gst_tfr_placement_is_reverse (p);
  guint at = reverse ? h->n_points : 0;
  GstFlowReturn flow = GST_FLOW_OK;
  const gchar *wrong;

  for (guint i = 0; i < h->n_frames && flow == GST_FLOW_OK; i++) {
    guint index = reverse ? h->n_frames - 1 - i : i;
    const guint32 *counts = batch->counts + (gsize) index * h->channels;
    gint64 centre = h->first + (gint64) index * h->hop_size;
    gint64 before = MAX (p->end, gst_tfr_placement_first (p, h));

    for (guint c = 0; reverse && c < h->channels; c++)
      at -= counts[c];
    for (guint c = 0, first = at; c < h->channels; c++) {
      wrong = gst_tfr_picture_add (
          &self->scene.picture, batch, first, counts[c], centre, c);
      if (wrong != NULL)
        return give_up (self, wrong);
      first += counts[c];
    }
    for (guint c = 0; !reverse && c < h->channels; c++)
      at += counts[c];

    p->end = reverse               ? -centre
             : i + 1 < h->n_frames ? centre + h->hop_size
                                   : h->end;
    flow = is_leap (p, before) ? leap (self, before) : emit_due (self, p->end);
  }
  p->end = gst_tfr_placement_end (p, h);
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

/* Before a batch with this header is drawn. */
static GstFlowReturn
prepare (GstTfrRender *self, const GstTfrHeader *header, GstBuffer *buffer)
{
  GstFlowReturn flow;

  update_look (self);
  set_frame_length (self);
  flow = place_batch (self, header, buffer);
  tell_latency (self);
  preroll (self);
  return flow;
}

static GstFlowReturn
draw_points (GstTfrRender *self, const GstTfrBatch *batch, GstBuffer *buffer)
{
  GstFlowReturn flow = prepare (self, &batch->header, buffer);

  return flow == GST_FLOW_OK ? draw_batch (self, batch) : flow;
}

static GstFlowReturn
draw_partials (
    GstTfrRender *self, const GstTfrPartials *partials, GstBuffer *buffer)
{
  GstTfrHeader header;
  GstFlowReturn flow;
  GstTfrBatch points;

  gst_tfr_strokes_get_header (&partials->header, &header);
  flow = prepare (self, &header, buffer);
  if (flow != GST_FLOW_OK)
    return flow;
  gst_tfr_strokes_draw (&self->strokes, partials, &points);
  return draw_batch (self, &points);
}

static void
count_points (GstTfrRender *self, guint n)
{
  GST_OBJECT_LOCK (self);
  self->n_points += n;
  self->n_ignored = self->scene.picture.ignored;
  GST_OBJECT_UNLOCK (self);
}

static gboolean
holds_partials (GstBuffer *buffer)
{
  guint8 magic[GST_TFR_MAGIC_SIZE];
  GstTfrKind kind;

  return gst_buffer_extract (buffer, 0, magic, sizeof magic) == sizeof magic &&
         gst_tfr_kind_from_magic (&kind, magic) &&
         kind == GST_TFR_KIND_PARTIALS;
}

/* NULL or what is wrong with the buffer. */
static GError *
take_partials (GstTfrRender *self, GstBuffer *buffer, GstFlowReturn *flow)
{
  GError *error = NULL;
  GstTfrPartials partials;

  if (!gst_tfr_partials_map (&partials, buffer, &error))
    return error;
  if (partials.header.n_frames > 0) {
    *flow = draw_partials (self, &partials, buffer);
    count_points (self, partials.header.n_points);
  }
  gst_tfr_partials_unmap (&partials);
  return NULL;
}

static GError *
take_points (GstTfrRender *self, GstBuffer *buffer, GstFlowReturn *flow)
{
  GError *error = NULL;
  GstTfrBatch batch;

  if (!gst_tfr_batch_map (&batch, buffer, &error))
    return error;
  if (batch.header.n_frames > 0) {
    *flow = draw_points (self, &batch, buffer);
    count_points (self, batch.header.n_points);
  }
  gst_tfr_batch_unmap (&batch);
  return NULL;
}

GstFlowReturn
gst_tfr_render_take (GstTfrRender *self, GstBuffer *buffer)
{
  GstFlowReturn flow = GST_FLOW_OK;
  GError *error = holds_partials (buffer) ? take_partials (self, buffer, &flow)
                                          : take_points (self, buffer, &flow);

  if (error == NULL)
    return flow;
  gst_element_message_full (GST_ELEMENT (self), GST_MESSAGE_ERROR,
      error->domain, error->code, g_strdup (error->message),
      g_strdup_printf ("%" GST_PTR_FORMAT, buffer), __FILE__, GST_FUNCTION,
      __LINE__);
  g_error_free (error);
  return GST_FLOW_ERROR;
}
