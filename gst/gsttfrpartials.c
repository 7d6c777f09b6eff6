/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrpartials
 * @title: tfrpartials
 * @short_description: time-frequency reassigned points to partials
 *
 * Finds the peaks of each frame of points and links them from frame to frame:
 * what lasts is a partial, a sine whose frequency, amplitude and phase move.
 * What no partial explains becomes noise around the partials next to it, as in
 * the bandwidth-enhanced model of Fitz and Haken.
 *
 * Each buffer that leaves is one batch of application/x-tfr-partials, with the
 * header of the points.  A frame has a row for each partial that sounds; the
 * first row of a partial says where it begins, a row of amplitude 0 where it
 * has ended.  Rows do not depend on how the frames were cut into batches.
 *
 * The points need phase and bin, for which tfrreassign is asked.  The window
 * decides what is told apart: partials must be 7.9 rate / (2 window-size) Hz
 * apart, or a little more.  Measured with window-parameter=12 and a hop of an
 * eighth of the window, the sum of partials is 80 dB true to steady harmonic
 * sounds.
 *
 * A change of properties takes effect with the next batch, where all partials
 * end and begin anew.  Streams that are played backwards are refused.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! \
 *   tfrreassign window-parameter=12 window-size=1024 hop-size=128 ! \
 *   tfrpartials ! tfrsynth ! autoaudiosink
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfrelements.h"
#include "gsttfrlatency.h"
#include "gsttfrproperties.h"
#include "gsttfrrefusal.h"
#include "gsttfrsegment.h"
#include "gsttfrtransform.h"
#include "partials/trackers.h"
#include "render/placement.h"

#include <gst/base/gstbasetransform.h>

GST_DEBUG_CATEGORY_STATIC (tfr_partials_debug);
#define GST_CAT_DEFAULT tfr_partials_debug

#define GST_TYPE_TFR_PARTIALS_ELEMENT (gst_tfr_partials_element_get_type ())
G_DECLARE_FINAL_TYPE (GstTfrPartialsElement, gst_tfr_partials_element, GST,
    TFR_PARTIALS_ELEMENT, GstBaseTransform)

struct _GstTfrPartialsElement {
  GstBaseTransform parent;

  /* under the object lock */
  GstTfrTrackerSettings settings;
  gboolean changed;     /* the settings, since they were last read */
  GstClockTime latency; /* NONE before the first batch */

  /* of the streaming thread */
  GstTfrTrackers trackers;
  GstTfrPlacement placement; /* of the points so far */
  GstTfrInfo info;           /* of the output caps */
  gboolean ended;            /* by other caps, at the placement's end */
  gboolean discont;          /* something is missing before the next batch */
};

enum { PROP_0, PROP_SETTINGS };

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_POINTS_TEMPLATE_CAPS));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_PARTIALS_TEMPLATE_CAPS));

G_DEFINE_FINAL_TYPE (
    GstTfrPartialsElement, gst_tfr_partials_element, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE (
    tfrpartials, "tfrpartials", GST_RANK_NONE, GST_TYPE_TFR_PARTIALS_ELEMENT)

/* --------------------------------------------------------- properties ---- */

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstTfrPartialsElement *self = GST_TFR_PARTIALS_ELEMENT (object);
  gpointer field =
      gst_tfr_tracker_settings_field (&self->settings, id - PROP_SETTINGS);

  if (field == NULL) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_tfr_field_set (field, value);
  self->changed = TRUE;
  GST_OBJECT_UNLOCK (self);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstTfrPartialsElement *self = GST_TFR_PARTIALS_ELEMENT (object);
  gpointer field =
      gst_tfr_tracker_settings_field (&self->settings, id - PROP_SETTINGS);

  if (field == NULL) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_tfr_field_get (field, value);
  GST_OBJECT_UNLOCK (self);
}

static void
set_changed (GstTfrPartialsElement *self)
{
  GST_OBJECT_LOCK (self);
  self->changed = TRUE;
  GST_OBJECT_UNLOCK (self);
}

static GstTfrTrackerSettings
read_settings (GstTfrPartialsElement *self, gboolean *changed)
{
  GstTfrTrackerSettings settings;

  GST_OBJECT_LOCK (self);
  settings = self->settings;
  *changed = self->changed;
  self->changed = FALSE;
  GST_OBJECT_UNLOCK (self);
  return settings;
}

/* --------------------------------------------------------------- caps ---- */

/* The points that are wanted, then any. */
static GstCaps *
wanted_caps (void)
{
  GstCaps *any = gst_static_pad_template_get_caps (&sink_template);
  GstCaps *caps = gst_caps_copy (any);

  gst_tfr_fields_ask (gst_caps_get_structure (caps, 0),
      GST_TFR_FIELD_PHASE | GST_TFR_FIELD_BIN);
  gst_caps_append (caps, any);
  return caps;
}

static GstCaps *
transform_caps (GstBaseTransform *trans, GstPadDirection direction,
    GstCaps *caps, GstCaps *filter)
{
  return gst_tfr_caps_filter (
      direction == GST_PAD_SINK
          ? gst_static_pad_template_get_caps (&src_template)
          : wanted_caps (),
      filter);
}

/* What the caps of the points say, those of the partials say too, until there
 * are batches, which count. */
static GstCaps *
fixate_caps (GstBaseTransform *trans, GstPadDirection direction, GstCaps *caps,
    GstCaps *othercaps)
{
  GstTfrPartialsElement *self = GST_TFR_PARTIALS_ELEMENT (trans);
  GstTfrInfo info;

  if (direction == GST_PAD_SINK && gst_tfr_info_from_caps (&info, caps)) {
    if (self->placement.started)
      gst_tfr_header_get_info (&self->trackers.header, &info);
    info.kind = GST_TFR_KIND_PARTIALS;
    info.fields = 0;
    gst_caps_unref (othercaps);
    return gst_tfr_info_to_caps (&info);
  }
  return gst_caps_fixate (othercaps);
}

static gboolean
set_caps (GstBaseTransform *trans, GstCaps *incaps, GstCaps *outcaps)
{
  GstTfrPartialsElement *self = GST_TFR_PARTIALS_ELEMENT (trans);

  return gst_tfr_info_from_caps (&self->info, outcaps);
}

static gboolean
update_caps (GstTfrPartialsElement *self, const GstTfrHeader *header)
{
  GstTfrInfo info;
  GstCaps *caps;
  gboolean done;

  gst_tfr_header_get_info (header, &info);
  info.kind = GST_TFR_KIND_PARTIALS;
  info.fields = self->info.fields;
  if (gst_tfr_info_is_equal (&info, &self->info))
    return TRUE;
  caps = gst_tfr_info_to_caps (&info);
  done = gst_base_transform_update_src_caps (GST_BASE_TRANSFORM (self), caps);
  if (done)
    self->info = info;
  gst_caps_unref (caps);
  return done;
}

/* ------------------------------------------------------------- stream ---- */

/* Where the points had been stamped anew, so are the partials. */
static void
stamp (const GstTfrPlacement *p, GstBuffer *batch)
{
  gint64 from = (gint64) GST_BUFFER_OFFSET (batch) - p->base;
  gint64 to = (gint64) GST_BUFFER_OFFSET_END (batch) - p->base;

  if (p->offset == 0 || from < 0 || to < from)
    return;
  GST_BUFFER_PTS (batch) =
      p->base_pts + gst_util_uint64_scale (from, GST_SECOND, p->rate);
  GST_BUFFER_DURATION (batch) =
      p->base_pts + gst_util_uint64_scale (to, GST_SECOND, p->rate) -
      GST_BUFFER_PTS (batch);
}

static void
forget (GstTfrPartialsElement *self)
{
  gst_tfr_trackers_forget (&self->trackers);
  self->placement.started = FALSE;
  self->ended = FALSE;
  self->discont = FALSE;
}

/* What is still owed cannot be made either. */
static GstFlowReturn
give_up (GstTfrPartialsElement *self, const gchar *wrong)
{
  gst_tfr_refusal_post (
      GST_ELEMENT (self), "Cannot follow the partials of these points", wrong);
  forget (self);
  self->discont = TRUE;
  return GST_FLOW_ERROR;
}

/* Pushes the rows that wait. */
static GstFlowReturn
push_rows (GstTfrPartialsElement *self, gboolean last)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  guint32 flags = self->trackers.header.flags & GST_TFR_FLAG_ANALYTIC;
  gboolean failed;
  GstBuffer *batch;

  if (self->discont)
    flags |= GST_TFR_FLAG_DISCONT;
  batch = gst_tfr_trackers_take (&self->trackers, flags, last, &failed);
  if (failed)
    return give_up (self, "out of memory for a batch");
  if (batch == NULL)
    return GST_FLOW_OK;
  self->discont = FALSE;
  stamp (&self->placement, batch);
  if (GST_BUFFER_PTS_IS_VALID (batch))
    trans->segment.position =
        GST_BUFFER_PTS (batch) + GST_BUFFER_DURATION (batch);
  GST_LOG_OBJECT (self, "push %" GST_PTR_FORMAT, batch);
  return gst_pad_push (trans->srcpad, batch);
}

/* All partials end with the last points that came. */
static GstFlowReturn
drain (GstTfrPartialsElement *self)
{
  self->ended = FALSE;
  if (!self->placement.started)
    return GST_FLOW_OK;
  gst_tfr_trackers_drain (&self->trackers);
  self->placement.started = FALSE;
  return push_rows (self, TRUE);
}

/* The rows leave under the caps they belong to.  What comes may follow on. */
static void
take_caps (GstTfrPartialsElement *self, GstEvent *event)
{
  gboolean ended = self->placement.started || self->ended;

  if (!gst_tfr_are_new_sizes (GST_BASE_TRANSFORM (self), event))
    return;
  drain (self);
  self->ended = ended;
}

static void
tell_latency (GstTfrPartialsElement *self)
{
  gst_tfr_latency_tell (GST_ELEMENT (self), &self->latency,
      gst_util_uint64_scale_ceil (gst_tfr_trackers_latency (&self->trackers),
          GST_SECOND, self->trackers.header.rate));
}

/* Gets ready for points that do not continue those before. */
static GstFlowReturn
begin (GstTfrPartialsElement *self, const GstTfrHeader *header,
    GstClockTime pts, const GstTfrTrackerSettings *settings, gboolean remake)
{
  gboolean broken = (self->placement.started || self->ended) &&
                    header->first != self->placement.end;
  GstFlowReturn flow = drain (self);
  const gchar *wrong = NULL;

  if (flow != GST_FLOW_OK)
    return flow;
  self->discont |= broken;
  if (remake)
    wrong = gst_tfr_trackers_configure (&self->trackers, header, settings);
  if (wrong != NULL)
    return give_up (self, wrong);
  if (!update_caps (self, header))
    return gst_tfr_unsettled (GST_BASE_TRANSFORM_SRC_PAD (self));
  tell_latency (self);
  gst_tfr_placement_start (&self->placement, header, pts);
  return GST_FLOW_OK;
}

static GstFlowReturn
take_batch (
    GstTfrPartialsElement *self, const GstTfrBatch *batch, GstBuffer *buffer)
{
  const GstTfrHeader *header = &batch->header;
  GstTfrPlacement *p = &self->placement;
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  gboolean changed, fits, goes_on;
  GstTfrTrackerSettings settings = read_settings (self, &changed);
  GstFlowReturn flow = GST_FLOW_OK;

  fits = !changed && gst_tfr_trackers_fit (&self->trackers, header);
  goes_on = fits && p->started && header->first == p->end &&
            gst_tfr_placement_find (p, header, pts,
                GST_BUFFER_IS_DISCONT (buffer)) == GST_TFR_STEP_ON;
  if (!goes_on)
    flow = begin (self, header, pts, &settings, !fits);
  if (flow != GST_FLOW_OK) {
    if (changed) /* and still to be taken in */
      set_changed (self);
    return flow;
  }
  p->end = gst_tfr_placement_end (p, header);
  return gst_tfr_trackers_push (&self->trackers, batch)
             ? push_rows (self, FALSE)
             : give_up (self, "out of memory for so many points");
}

static GstFlowReturn
submit_input_buffer (
    GstBaseTransform *trans, gboolean is_discont, GstBuffer *buffer)
{
  GstTfrPartialsElement *self = GST_TFR_PARTIALS_ELEMENT (trans);
  GstFlowReturn flow = GST_FLOW_ERROR;
  GstTfrBatch batch;
  GError *error = NULL;

  if (!gst_base_transform_reconfigure (trans)) {
    gst_buffer_unref (buffer);
    return gst_tfr_unsettled (trans->srcpad);
  }
  if (!gst_tfr_batch_map (&batch, buffer, &error)) {
    GST_ELEMENT_ERROR (self, STREAM, DECODE, ("%s", error->message), (NULL));
    g_error_free (error);
  } else if (gst_tfr_placement_is_reverse (&self->placement) ||
             batch.header.flags & GST_TFR_FLAG_REVERSED) {
    GST_ELEMENT_ERROR (self, STREAM, NOT_IMPLEMENTED,
        ("Partials can be followed only forward in time."), (NULL));
  } else if (batch.phase == NULL || batch.bin == NULL) {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("Partials need points with phase and bin, and these have not both."),
        ("ask for them where the points are made: tfrreassign "
         "fields=time+frequency+magnitude+phase+bin"));
  } else if (batch.header.n_frames > 0) {
    flow = take_batch (self, &batch, buffer);
  } else { /* nor does it say that there will be any */
    flow = GST_FLOW_OK;
  }
  if (error == NULL)
    gst_tfr_batch_unmap (&batch);
  gst_buffer_unref (buffer);
  return flow;
}

/* ---------------------------------------------------- events, queries ---- */

static GstEvent *
take_segment (GstTfrPartialsElement *self, GstEvent *event)
{
  const GstSegment *segment;

  event = gst_tfr_segment_in_time (event);
  gst_event_parse_segment (event, &segment);
  if (!gst_tfr_segment_is_same (&self->placement.segment, segment)) {
    drain (self);
    self->placement.segment = *segment;
  }
  return event;
}

static gboolean
sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstTfrPartialsElement *self = GST_TFR_PARTIALS_ELEMENT (trans);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      take_caps (self, event);
      break;
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_STREAM_GROUP_DONE:
    case GST_EVENT_GAP:
    case GST_EVENT_EOS:
      drain (self);
      break;
    case GST_EVENT_SEGMENT:
      event = take_segment (self, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      forget (self);
      gst_tfr_placement_reset (&self->placement);
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_partials_element_parent_class)
      ->sink_event (trans, event);
}

static gboolean
answer_query (
    GstBaseTransform *trans, GstPadDirection direction, GstQuery *query)
{
  GstTfrPartialsElement *self = GST_TFR_PARTIALS_ELEMENT (trans);

  if (direction == GST_PAD_SRC && gst_tfr_latency_answer (GST_ELEMENT (self),
                                      &self->latency, trans->sinkpad, query))
    return TRUE;
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_partials_element_parent_class)
      ->query (trans, direction, query);
}

/* --------------------------------------------------------- life cycle ---- */

static gboolean
stop (GstBaseTransform *trans)
{
  GstTfrPartialsElement *self = GST_TFR_PARTIALS_ELEMENT (trans);

  gst_tfr_trackers_clear (&self->trackers);
  gst_tfr_trackers_init (&self->trackers);
  gst_tfr_placement_reset (&self->placement);
  memset (&self->info, 0, sizeof self->info);
  self->discont = FALSE;
  GST_OBJECT_LOCK (self);
  self->latency = GST_CLOCK_TIME_NONE;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
finalize (GObject *object)
{
  gst_tfr_trackers_clear (&GST_TFR_PARTIALS_ELEMENT (object)->trackers);
  G_OBJECT_CLASS (gst_tfr_partials_element_parent_class)->finalize (object);
}

static void
gst_tfr_partials_element_class_init (GstTfrPartialsElementClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      tfr_partials_debug, "tfrpartials", 0, "points to partials");

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  gst_tfr_tracker_settings_install (object_class, PROP_SETTINGS);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Partials of reassigned points", "Filter/Analyzer/Audio",
      "Time-frequency reassigned points to the partials that they trace",
      "The tfr developers");

  trans_class->transform_caps = GST_DEBUG_FUNCPTR (transform_caps);
  trans_class->fixate_caps = GST_DEBUG_FUNCPTR (fixate_caps);
  trans_class->set_caps = GST_DEBUG_FUNCPTR (set_caps);
  trans_class->submit_input_buffer = GST_DEBUG_FUNCPTR (submit_input_buffer);
  trans_class->generate_output = GST_DEBUG_FUNCPTR (gst_tfr_generate_nothing);
  trans_class->transform = GST_DEBUG_FUNCPTR (gst_tfr_transform_never);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (sink_event);
  trans_class->query = GST_DEBUG_FUNCPTR (answer_query);
  trans_class->stop = GST_DEBUG_FUNCPTR (stop);
}

static void
gst_tfr_partials_element_init (GstTfrPartialsElement *self)
{
  gst_tfr_tracker_settings_init (&self->settings);
  self->latency = GST_CLOCK_TIME_NONE;
  gst_tfr_trackers_init (&self->trackers);
  gst_tfr_placement_reset (&self->placement);
}
