/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrreassign
 * @title: tfrreassign
 * @short_description: audio to time-frequency reassigned points
 *
 * Moves every bin of a short-time Fourier transform to where its energy really
 * lies, and pushes the points.
 *
 * Takes raw audio of every format, both layouts, any rate and any number of
 * channels.  Each buffer that leaves is one batch of application/x-tfr-points:
 * a header, the number of points of each frame and channel, and one plane of
 * values for each field: time in s, frequency in Hz, magnitude (1.0 is 0 dBFS)
 * and, where asked for, phase, mixed derivative, chirp rate, agreement and bin.
 * A buffer's time stamp is the centre of its first frame; frames are centred on
 * every multiple of the hop size, counted from time 0, so that pieces of a
 * recording analysed apart fit together.
 *
 * After an accurate seek the frames are those of the whole recording, bit by
 * bit, where their windows lie inside the piece.  Sought times should be
 * rounded up to ns: audio decoders cut in ns, and rounded down leave one sample
 * too many before the start.
 *
 * What points carry is settled by caps: a consumer names the fields that it
 * wants; where none is named, mixed and bin are sent.
 *
 * With n-threads other than 1 batches are computed while the next samples come
 * in, and are pushed in order from whichever thread has finished one.  None
 * waits for samples that it does not need: the latency is the same.  What a
 * push of a batch returned is what the element returns for a later buffer.
 * Serialized events and queries wait for all batches before them.  As behind a
 * queue, nothing may wait for the source within such a push: no seek may be
 * sent from there.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! tfrreassign ! tfrrender ! \
 *   autovideosink
 * ]|
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! \
 *   tfrreassign window=nuttall window-size=4096 hop-size=256 ! \
 *   filesink location=tone.tfr
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfrreassign.h"

#include "gsttfrelements.h"
#include "gsttfrlatency.h"
#include "gsttfrproperties.h"
#include "gsttfrrefusal.h"
#include "gsttfrsegment.h"
#include "gsttfrtransform.h"
#include "analysis/negotiation.h"
#include "analysis/stats.h"
#include "analysis/tags.h"

GST_DEBUG_CATEGORY (tfr_reassign_debug);
#define GST_CAT_DEFAULT tfr_reassign_debug

/* A longer gap is not filled with silence. */
#define LONGEST_GAP GST_SECOND

enum {
  PROP_0,
  PROP_STATS,
  PROP_SETTINGS, /* and what follows: gst_tfr_settings_install */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("audio/x-raw, format = (string) " GST_AUDIO_FORMATS_ALL
                     ", layout = (string) { interleaved, non-interleaved }, "
                     "rate = (int) [ 1, MAX ], "
                     "channels = (int) [ 1, 65535 ]"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_POINTS_TEMPLATE_CAPS));

/* Presets by name: gst/presets. */
G_DEFINE_FINAL_TYPE_WITH_CODE (GstTfrReassign, gst_tfr_reassign,
    GST_TYPE_BASE_TRANSFORM, G_IMPLEMENT_INTERFACE (GST_TYPE_PRESET, NULL))
GST_ELEMENT_REGISTER_DEFINE (
    tfrreassign, "tfrreassign", GST_RANK_NONE, GST_TYPE_TFR_REASSIGN)

/* --------------------------------------------------------- properties ---- */

static gpointer
find_field (GstTfrReassign *self, guint id)
{
  return id < PROP_SETTINGS
             ? NULL
             : gst_tfr_settings_field (&self->settings, id - PROP_SETTINGS);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (object);
  gpointer field = find_field (self, id);

  if (field == NULL) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_tfr_field_set (field, value);
  self->changed = TRUE;
  GST_OBJECT_UNLOCK (self);
  if (g_str_equal (pspec->name, "fields"))
    gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (object);
  gpointer field = find_field (self, id);

  GST_OBJECT_LOCK (self);
  if (field != NULL)
    gst_tfr_field_get (field, value);
  else if (id == PROP_STATS)
    g_value_take_boxed (value, gst_tfr_stats_to_structure (&self->stats));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
set_changed (GstTfrReassign *self)
{
  GST_OBJECT_LOCK (self);
  self->changed = TRUE;
  GST_OBJECT_UNLOCK (self);
}

gboolean
gst_tfr_reassign_take_settings (GstTfrReassign *self, GstTfrSettings *settings)
{
  gboolean changed;

  GST_OBJECT_LOCK (self);
  changed = self->changed;
  self->changed = FALSE;
  *settings = self->settings;
  GST_OBJECT_UNLOCK (self);
  return changed;
}

static void
publish_stats (GstTfrReassign *self)
{
  ReassignStats stats = self->stream.bank.stats;

  GST_OBJECT_LOCK (self);
  self->stats = stats;
  GST_OBJECT_UNLOCK (self);
  if (stats.non_finite_samples > 0 && !self->warned) {
    self->warned = TRUE;
    GST_ELEMENT_WARNING (self, STREAM, DECODE,
        ("The audio holds samples that are not finite; they are taken as "
         "silence."),
        (NULL));
  }
}

/* ------------------------------------------------------------ batches ---- */

static GstFlowReturn
bank_push (gpointer user, GstBuffer *batch)
{
  GstTfrReassign *self = user;
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);

  if (GST_BUFFER_PTS_IS_VALID (batch)) {
    trans->segment.position = GST_BUFFER_PTS (batch);
    if (self->segment.rate > 0)
      trans->segment.position += GST_BUFFER_DURATION (batch);
  }
  gst_tfr_references_give (
      &self->stream.references, batch, self->stream.timeline.rate);
  GST_LOG_OBJECT (self, "push %" GST_PTR_FORMAT, batch);
  return gst_pad_push (trans->srcpad, batch);
}

static const GstTfrBankCalls bank_calls = { bank_push,
  gst_tfr_negotiation_change };

#define REFUSED "Cannot analyse this stream"

/* Says why, where the error is our own. */
static GstFlowReturn
explain (GstTfrReassign *self, GstFlowReturn flow)
{
  const gchar *failure;

  if (flow != GST_FLOW_ERROR)
    return flow;
  failure = gst_tfr_bank_take_failure (&self->stream.bank);
  if (failure != NULL)
    gst_tfr_refusal_post (GST_ELEMENT (self), REFUSED, failure);
  return flow;
}

static void
drain (GstTfrReassign *self)
{
  explain (self, gst_tfr_stream_drain (&self->stream));
  publish_stats (self);
}

/* ------------------------------------------------------------- buffers ---- */

/* Takes in changed properties; what there is no memory for is still to be taken
 * in. */
static GstFlowReturn
apply_settings (GstTfrReassign *self)
{
  GstTfrSettings settings;
  const gchar *wrong;

  if (!gst_tfr_reassign_take_settings (self, &settings))
    return GST_FLOW_OK;
  wrong = gst_tfr_stream_change (&self->stream, &settings);
  if (wrong != NULL && gst_tfr_refusal_is_for_memory (wrong)) {
    set_changed (self);
    gst_tfr_refusal_post (GST_ELEMENT (self), REFUSED, wrong);
    return GST_FLOW_ERROR;
  }
  if (wrong != NULL)
    GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS,
        ("The changed properties do not work together: %s.", wrong),
        ("the analysis goes on as before"));
  return GST_FLOW_OK;
}

/* Where there was no memory for these caps, there may be now. */
static void
settle_again (GstTfrReassign *self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstCaps *in = gst_pad_get_current_caps (trans->sinkpad);
  GstCaps *out = gst_pad_get_current_caps (trans->srcpad);

  if (in != NULL && out != NULL)
    GST_BASE_TRANSFORM_GET_CLASS (trans)->set_caps (trans, in, out);
  gst_clear_caps (&in);
  gst_clear_caps (&out);
}

/* Why nothing can be analysed. */
static GstFlowReturn
refuse (GstTfrReassign *self)
{
  GstPad *srcpad = GST_BASE_TRANSFORM_SRC_PAD (self);

  if (self->refusal == NULL || GST_PAD_IS_FLUSHING (srcpad))
    return gst_tfr_unsettled (srcpad);
  gst_tfr_refusal_post (GST_ELEMENT (self), REFUSED, self->refusal);
  return GST_FLOW_ERROR;
}

/* What is asked downstream then, and new caps, keep their places among the
 * batches, which leave by other threads: none does meanwhile. */
static gboolean
reconfigure (GstTfrReassign *self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);

  if (!gst_pad_check_reconfigure (trans->srcpad))
    return TRUE;
  gst_tfr_bank_wait (&self->stream.bank);
  gst_pad_mark_reconfigure (trans->srcpad);
  return gst_base_transform_reconfigure (trans);
}

/* What is_discont says is not asked: it stays set until a buffer leaves. */
static GstFlowReturn
submit_input_buffer (
    GstBaseTransform *trans, gboolean is_discont, GstBuffer *buffer)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);
  const gchar *wrong = NULL;
  gboolean settled = reconfigure (self);
  GstFlowReturn flow;

  if (settled && self->refusal != NULL)
    settle_again (self);
  if (!settled || self->refusal != NULL || self->stream.caps == NULL) {
    gst_buffer_unref (buffer);
    return refuse (self);
  }
  flow = apply_settings (self);
  if (flow == GST_FLOW_OK)
    flow = gst_tfr_stream_push (&self->stream, buffer, &wrong);
  if (wrong != NULL)
    GST_ELEMENT_ERROR (
        self, STREAM, FORMAT, ("%s", wrong), ("%" GST_PTR_FORMAT, buffer));
  publish_stats (self);
  gst_buffer_unref (buffer);
  return explain (self, flow);
}

/* ------------------------------------------------------------- events ---- */

/* Silence of a known, short length becomes frames, where there is a segment for
 * them; TRUE where it did. */
static gboolean
fill_gap (GstTfrReassign *self, GstEvent *event)
{
  GstClockTime start, duration;

  gst_event_parse_gap (event, &start, &duration);
  if (self->stream.caps == NULL || self->refusal != NULL ||
      self->segment.format != GST_FORMAT_TIME ||
      !GST_CLOCK_TIME_IS_VALID (start) ||
      !GST_CLOCK_TIME_IS_VALID (duration) || duration > LONGEST_GAP)
    return FALSE;
  explain (self,
      gst_tfr_stream_push_silence (&self->stream, start, start + duration));
  publish_stats (self);
  return TRUE;
}

static GstEvent *
take_segment (GstTfrReassign *self, GstEvent *event)
{
  const GstSegment *segment;

  event = gst_tfr_segment_in_time (event);
  gst_event_parse_segment (event, &segment);
  if (!gst_tfr_segment_is_same (&self->segment, segment)) {
    drain (self);
    self->segment = *segment;
    gst_tfr_stream_set_segment (&self->stream, segment);
  }
  return event;
}

static void
forget_segment (GstTfrReassign *self)
{
  gst_tfr_stream_forget (&self->stream);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  gst_tfr_stream_set_segment (&self->stream, &self->segment);
}

static gboolean
is_new_caps (GstTfrReassign *self, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  return self->stream.caps != NULL &&
         !gst_caps_is_equal (self->stream.caps, caps);
}

/* NULL where it ends here. */
static GstEvent *
take_event (GstTfrReassign *self, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      if (is_new_caps (self, event))
        drain (self);
      return event;
    case GST_EVENT_STREAM_START:
      drain (self);
      gst_tfr_stream_forget (&self->stream);
      return event;
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_STREAM_GROUP_DONE:
    case GST_EVENT_EOS:
      drain (self);
      gst_tfr_timeline_forget (&self->stream.timeline);
      return event;
    case GST_EVENT_SEGMENT:
      return take_segment (self, event);
    case GST_EVENT_FLUSH_STOP:
      forget_segment (self);
      return event;
    case GST_EVENT_GAP:
      if (!fill_gap (self, event)) {
        drain (self);
        return event;
      }
      gst_event_unref (event);
      return NULL;
    case GST_EVENT_TAG:
      return gst_tfr_tags_pass (event);
    default:
      return event;
  }
}

/* Batches keep their places among all that is serialized.  After a flush they
 * are no longer wanted. */
static gboolean
sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);

  if (GST_EVENT_IS_SERIALIZED (event) &&
      GST_EVENT_TYPE (event) != GST_EVENT_FLUSH_STOP)
    gst_tfr_bank_wait (&self->stream.bank);
  event = take_event (self, event);
  return event == NULL ||
         GST_BASE_TRANSFORM_CLASS (gst_tfr_reassign_parent_class)
             ->sink_event (trans, event);
}

/* ------------------------------------------------------------ queries ---- */

static gboolean
answer_query (
    GstBaseTransform *trans, GstPadDirection direction, GstQuery *query)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);

  if (direction == GST_PAD_SINK && GST_QUERY_IS_SERIALIZED (query))
    gst_tfr_bank_wait (&self->stream.bank);
  if (direction == GST_PAD_SRC && gst_tfr_latency_answer (GST_ELEMENT (self),
                                      &self->latency, trans->sinkpad, query))
    return TRUE;
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_reassign_parent_class)
      ->query (trans, direction, query);
}

/* --------------------------------------------------------- life cycle ---- */

static gboolean
start (GstBaseTransform *trans)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);

  forget_segment (self);
  self->refusal = NULL;
  self->warned = FALSE;
  return TRUE;
}

static gboolean
stop (GstBaseTransform *trans)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);

  gst_tfr_stream_reset (&self->stream);
  GST_OBJECT_LOCK (self);
  memset (&self->stats, 0, sizeof self->stats);
  self->latency = GST_CLOCK_TIME_NONE;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
finalize (GObject *object)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (object);

  gst_tfr_stream_clear (&self->stream);
  G_OBJECT_CLASS (gst_tfr_reassign_parent_class)->finalize (object);
}

static void
gst_tfr_reassign_class_init (GstTfrReassignClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      tfr_reassign_debug, "tfrreassign", 0, "time-frequency reassignment");

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  gst_tfr_settings_install (object_class, PROP_SETTINGS);
  g_object_class_install_property (object_class, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "Frames and points so far, what was dropped and why, with its energy "
          "in squared samples",
          GST_TYPE_STRUCTURE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Time-frequency reassignment", "Filter/Analyzer/Audio",
      "Audio to the points where the energy of its spectrogram really lies",
      "The tfr developers");

  gst_tfr_negotiation_install (trans_class);
  trans_class->submit_input_buffer = GST_DEBUG_FUNCPTR (submit_input_buffer);
  trans_class->generate_output = GST_DEBUG_FUNCPTR (gst_tfr_generate_nothing);
  trans_class->transform = GST_DEBUG_FUNCPTR (gst_tfr_transform_never);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (sink_event);
  trans_class->query = GST_DEBUG_FUNCPTR (answer_query);
  trans_class->start = GST_DEBUG_FUNCPTR (start);
  trans_class->stop = GST_DEBUG_FUNCPTR (stop);
}

static void
gst_tfr_reassign_init (GstTfrReassign *self)
{
  gst_tfr_settings_init (&self->settings);
  gst_tfr_stream_init (&self->stream, &bank_calls, self);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  self->latency = GST_CLOCK_TIME_NONE;
}
