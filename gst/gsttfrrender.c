/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrrender
 * @title: tfrrender
 * @short_description: reassigned points or partials to video
 *
 * Draws batches of application/x-tfr-points as a spectrogram in motion.
 *
 * The points' energy is accumulated on a grid and turned into decibels last, so
 * levels are true at every size.  Each video frame shows the signal up to the
 * end of its own duration.  Size, frame rate and format come from the caps
 * downstream, 1280x720 at 30/1 where these leave it open; all formats that
 * GStreamer can convert to are made, 32-bit RGB without conversion.
 *
 * Partials (application/x-tfr-partials) are drawn as lines, from row to row, as
 * bright as a sine of their amplitude.  To see them over the points of the same
 * sound, draw both and lay one over the other with compositor.
 *
 * ## Pointer and keys
 *
 * Navigation events from downstream (a video sink's window) move the picture
 * while the `navigation` property is set: the wheel zooms in frequency about
 * the pointer, with shift in time; dragging pans in frequency, and back in
 * time, which freezes; a double click goes back to what the properties were;
 * space or f freezes, m takes the next colour map, s switches between plain and
 * reassigned. Properties that change so are notified.
 *
 * The strongest point near the pointer is written beside it.  When the pointer
 * has moved, it is also posted as an element message of the structure
 * `tfr-cursor`:
 *
 * - `time` (gdouble): seconds, as time labels count them
 * - `frequency` (gdouble): Hz
 * - `note` (gchararray): the nearest note and the distance, "A4 +0.0 c"
 * - `level` (gdouble): dBFS, of the column about the point
 * - `mixed` (gdouble): 0 a tone, 1 a click; NaN where unknown
 * - `chirp-rate` (gdouble): Hz/s; NaN where unknown
 * - `channel` (guint)
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! tfrreassign ! tfrrender ! \
 *   autovideosink
 * ]|
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! tfrreassign ! tfrpartials ! \
 *   tfrrender ! autovideosink
 * ]|
 * |[
 * gst-launch-1.0 audiotestsrc wave=ticks num-buffers=200 ! tfrreassign ! \
 *   tfrrender scroll-mode=page time-span=0 ! \
 *   video/x-raw,width=1600,height=800 ! pngenc ! \
 *   filesink location=ticks.png
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfrrender.h"

#include "gsttfrelements.h"
#include "gsttfrlatency.h"
#include "gsttfrproperties.h"
#include "gsttfrsegment.h"
#include "gsttfrtransform.h"

GST_DEBUG_CATEGORY (tfr_render_debug);
#define GST_CAT_DEFAULT tfr_render_debug

/* us that a snapshot waits for a frame that is being drawn. */
#define SNAPSHOT_PATIENCE 200000

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
        GST_STATIC_CAPS (
            GST_TFR_POINTS_TEMPLATE_CAPS "; " GST_TFR_PARTIALS_TEMPLATE_CAPS));

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

/* A map that cannot be read is said to be so; color-map holds meanwhile. */
static void
check_color_map (GstTfrRender *self, const gchar *text)
{
  guint32 colors[2];
  GError *error = NULL;
  gchar *why, *shown;

  if (text == NULL || text[0] == '\0' ||
      gst_tfr_palette_parse (text, colors, 2, &error))
    return;
  /* files are of any bytes, and so are their names */
  why = g_utf8_make_valid (error->message, -1);
  shown = g_utf8_make_valid (text, -1);
  GST_ELEMENT_WARNING (self, RESOURCE, SETTINGS,
      ("The colour map cannot be used: %s.", why),
      ("custom-color-map=\"%s\"", shown));
  g_free (why);
  g_free (shown);
  g_clear_error (&error);
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
    self->navigation.enabled = g_value_get_boolean (value);
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
  update_fields (self);
  if (g_str_equal (pspec->name, "custom-color-map"))
    check_color_map (self, g_value_get_string (value));
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
    g_value_set_boolean (value, self->navigation.enabled);
  else if (id == PROP_STATS)
    g_value_take_boxed (value,
        gst_structure_new ("application/x-tfr-stats", "points", G_TYPE_UINT64,
            self->n_points, "ignored-points", G_TYPE_UINT64, self->n_ignored,
            "frames-drawn", G_TYPE_UINT64, self->qos.n_drawn, "frames-skipped",
            G_TYPE_UINT64, self->qos.n_skipped, NULL));
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
  self->n_waiting++;
  while (self->last == NULL && self->qos.n_drawn > 0 &&
         g_cond_wait_until (&self->drawn, GST_OBJECT_GET_LOCK (self), patience))
    ;
  self->n_waiting--;
  if (self->last != NULL && caps != NULL)
    sample = gst_sample_new (self->last, caps, &self->placement.segment, NULL);
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

static gboolean
set_caps (GstBaseTransform *trans, GstCaps *incaps, GstCaps *outcaps)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  gst_tfr_render_forget_buffers (self);
  if (!gst_tfr_output_init (&self->output, outcaps)) {
    GST_ELEMENT_WARNING (self, STREAM, FORMAT,
        ("Cannot make video of this kind."),
        ("output caps %" GST_PTR_FORMAT, outcaps));
    return FALSE;
  }
  gst_tfr_render_configure (self, incaps);
  return TRUE;
}

/* ------------------------------------------------------------ buffers ---- */

static GstFlowReturn
submit_input_buffer (
    GstBaseTransform *trans, gboolean is_discont, GstBuffer *buffer)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);
  GstFlowReturn flow;

  if (!gst_base_transform_reconfigure (trans) || self->scene.width == 0)
    flow = gst_tfr_unsettled (trans->srcpad);
  else
    flow = gst_tfr_render_take (self, buffer);
  gst_buffer_unref (buffer);
  return flow;
}

/* ------------------------------------------------------------- events ---- */

static GstEvent *
take_segment (GstTfrRender *self, GstEvent *event)
{
  const GstSegment *segment;

  event = gst_tfr_segment_in_time (event);
  gst_event_parse_segment (event, &segment);
  if (!gst_tfr_segment_is_same (&self->placement.segment, segment)) {
    gst_tfr_render_drain (self);
    GST_OBJECT_LOCK (self);
    self->placement.segment = *segment;
    GST_OBJECT_UNLOCK (self);
  }
  return event;
}

/* Starts from nothing, as at first and after a flush. */
static void
reset (GstTfrRender *self)
{
  self->prerolled = FALSE;
  GST_OBJECT_LOCK (self);
  gst_tfr_placement_reset (&self->placement);
  gst_tfr_qos_reset (&self->qos);
  GST_OBJECT_UNLOCK (self);
}

static gboolean
sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);
  GstClockTime duration;

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_STREAM_GROUP_DONE:
    case GST_EVENT_EOS:
      gst_tfr_render_drain (self);
      break;
    case GST_EVENT_GAP:
      gst_event_parse_gap (event, NULL, &duration);
      gst_tfr_render_wait (self, duration);
      break;
    case GST_EVENT_SEGMENT:
      event = take_segment (self, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      reset (self);
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_render_parent_class)
      ->sink_event (trans, event);
}

static void
take_qos (GstTfrRender *self, GstEvent *event)
{
  GST_OBJECT_LOCK (self);
  gst_tfr_qos_take (&self->qos, event);
  GST_OBJECT_UNLOCK (self);
}

static void
take_navigation (GstTfrRender *self, GstEvent *event)
{
  const gchar *const *name = gst_tfr_navigation_properties;
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = gst_tfr_navigation_take (&self->navigation, event, &self->look);
  if (changed)
    self->look_serial++;
  GST_OBJECT_UNLOCK (self);
  for (; changed && *name != NULL; name++)
    g_object_notify (G_OBJECT (self), *name);
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
answer_query (
    GstBaseTransform *trans, GstPadDirection direction, GstQuery *query)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  if (direction == GST_PAD_SRC && gst_tfr_latency_answer (GST_ELEMENT (self),
                                      &self->latency, trans->sinkpad, query))
    return TRUE;
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
  GstTfrRender *self = GST_TFR_RENDER (trans);

  gst_tfr_render_forget_buffers (self);
  return gst_tfr_output_decide_pool (&self->output, query);
}

/* --------------------------------------------------------- life cycle ---- */

static gboolean
start (GstBaseTransform *trans)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  gst_tfr_scene_init (&self->scene);
  gst_tfr_strokes_init (&self->strokes);
  memset (&self->clock, 0, sizeof self->clock);
  reset (self);
  GST_OBJECT_LOCK (self);
  self->latency = GST_CLOCK_TIME_NONE;
  self->qos.n_drawn = self->qos.n_skipped = 0;
  self->n_points = self->n_ignored = 0;
  self->serial = self->look_serial - 1;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
stop (GstBaseTransform *trans)
{
  GstTfrRender *self = GST_TFR_RENDER (trans);

  gst_tfr_render_forget_buffers (self);
  gst_tfr_scene_clear (&self->scene);
  gst_tfr_strokes_clear (&self->strokes);
  gst_tfr_output_clear (&self->output);
  GST_OBJECT_LOCK (self);
  gst_tfr_navigation_clear (&self->navigation);
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
  trans_class->generate_output = GST_DEBUG_FUNCPTR (gst_tfr_generate_nothing);
  trans_class->transform = GST_DEBUG_FUNCPTR (gst_tfr_transform_never);
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
  self->navigation.enabled = TRUE;
  self->latency = GST_CLOCK_TIME_NONE;
  gst_tfr_qos_reset (&self->qos);
  gst_base_transform_set_qos_enabled (GST_BASE_TRANSFORM (self), TRUE);
}
