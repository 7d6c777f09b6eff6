/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrsynth
 * @title: tfrsynth
 * @short_description: partials to sound
 *
 * Plays partials: each is an oscillator that meets the frequency and the phase
 * of every row, modulated by noise as far as its bandwidth says.
 *
 * With #GstTfrSynth:pitch and #GstTfrSynth:tempo at 1 the sound has the time
 * stamps and the phases of the sound that was analysed, so that the difference
 * of the two is what was not modelled.  Both may change while it plays:
 * frequencies glide within a hop, and a change of tempo begins a new segment,
 * whose applied rate is the tempo, so that positions in the stream stay right.
 *
 * Streams that are played backwards are refused.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=song.mp3 ! decodebin ! \
 *   tfrreassign window-parameter=12 hop-size=256 ! tfrpartials ! \
 *   tfrsynth tempo=0.5 ! autoaudiosink
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfrelements.h"
#include "gsttfrlatency.h"
#include "gsttfrrefusal.h"
#include "gsttfrsegment.h"
#include "gsttfrtransform.h"
#include "partials/outclock.h"
#include "partials/synths.h"
#include "render/placement.h"

#include <gst/base/gstbasetransform.h>

GST_DEBUG_CATEGORY_STATIC (tfr_synth_debug);
#define GST_CAT_DEFAULT tfr_synth_debug

#define LEAST_FACTOR 0.1
#define MOST_FACTOR 10.0

#define GST_TYPE_TFR_SYNTH (gst_tfr_synth_get_type ())
G_DECLARE_FINAL_TYPE (
    GstTfrSynth, gst_tfr_synth, GST, TFR_SYNTH, GstBaseTransform)

struct _GstTfrSynth {
  GstBaseTransform parent;

  /* under the object lock */
  gdouble pitch, tempo;
  GstClockTime latency; /* NONE before the first batch */

  /* of the streaming thread */
  GstTfrSynths synths;
  GstTfrPlacement placement; /* of the partials so far */
  GstTfrOutClock clock;
  GstAudioInfo info; /* of the output */
  gboolean discont;  /* the next buffer does not follow the one before */
};

enum { PROP_0, PROP_PITCH, PROP_TEMPO };

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_PARTIALS_TEMPLATE_CAPS));

#define NATIVE                                                                 \
  "{ " GST_AUDIO_NE (F32) ", " GST_AUDIO_NE (F64) ", " GST_AUDIO_NE (          \
      S32) ", " GST_AUDIO_NE (S16) " }"
#define REST                                                                   \
  ", layout = (string) interleaved, rate = (int) [ 1, MAX ], "                 \
  "channels = (int) [ 1, 65535 ]"

/* The first is what is taken where downstream leaves it open. */
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (
            "audio/x-raw, format = (string) " NATIVE REST
            "; audio/x-raw, format = (string) " GST_AUDIO_FORMATS_ALL REST));

G_DEFINE_FINAL_TYPE (GstTfrSynth, gst_tfr_synth, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE (
    tfrsynth, "tfrsynth", GST_RANK_NONE, GST_TYPE_TFR_SYNTH)

/* --------------------------------------------------------- properties ---- */

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstTfrSynth *self = GST_TFR_SYNTH (object);

  GST_OBJECT_LOCK (self);
  if (id == PROP_PITCH)
    self->pitch = g_value_get_double (value);
  else if (id == PROP_TEMPO)
    self->tempo = g_value_get_double (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstTfrSynth *self = GST_TFR_SYNTH (object);

  GST_OBJECT_LOCK (self);
  if (id == PROP_PITCH)
    g_value_set_double (value, self->pitch);
  else if (id == PROP_TEMPO)
    g_value_set_double (value, self->tempo);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

/* What they are at this time of the source. */
static void
read_factors (
    GstTfrSynth *self, GstClockTime pts, gdouble *pitch, gdouble *tempo)
{
  GstClockTime at = GST_CLOCK_TIME_NONE;

  if (GST_CLOCK_TIME_IS_VALID (pts))
    at = gst_segment_to_stream_time (&self->clock.in, GST_FORMAT_TIME, pts);
  if (GST_CLOCK_TIME_IS_VALID (at))
    gst_object_sync_values (GST_OBJECT (self), at);
  GST_OBJECT_LOCK (self);
  *pitch = self->pitch;
  *tempo = self->tempo;
  GST_OBJECT_UNLOCK (self);
}

/* --------------------------------------------------------------- caps ---- */

/* One channel is mono, two are left and right unless it is said, and more are
 * nowhere where the mask does not fit them. */
static void
set_mask (GstStructure *audio, gint channels, guint64 mask)
{
  if (__builtin_popcountll (mask) != channels ||
      mask >> (GST_AUDIO_CHANNEL_POSITION_SURROUND_RIGHT + 1) != 0)
    mask = 0;
  if (channels > 2 || (channels == 2 && mask != 0 &&
                          mask != gst_audio_channel_get_fallback_mask (2)))
    gst_structure_set (audio, "channel-mask", GST_TYPE_BITMASK, mask, NULL);
}

static void
set_sizes (GstStructure *audio, gint rate, gint channels, guint64 mask)
{
  if (rate > 0)
    gst_structure_set (audio, "rate", G_TYPE_INT, rate, NULL);
  if (channels > 0)
    gst_structure_set (audio, "channels", G_TYPE_INT, channels, NULL);
  set_mask (audio, channels, mask);
}

static void
set_header_sizes (GstCaps *audio, const GstTfrHeader *h)
{
  GstStructure *s = gst_caps_get_structure (audio, 0);

  gst_structure_remove_field (s, "channel-mask");
  set_sizes (s, (gint) h->rate, h->channels, h->channel_mask);
}

/* Sound of the rate and channels that the partials' caps name. */
static GstCaps *
audio_caps (GstCaps *partials)
{
  GstCaps *audio = gst_static_pad_template_get_caps (&src_template);
  GstTfrInfo info;

  audio = gst_caps_make_writable (audio);
  if (gst_caps_is_fixed (partials) && gst_tfr_info_from_caps (&info, partials))
    for (guint i = 0; i < gst_caps_get_size (audio); i++)
      set_sizes (gst_caps_get_structure (audio, i), info.rate, info.channels,
          info.channel_mask);
  return audio;
}

static GstCaps *
transform_caps (GstBaseTransform *trans, GstPadDirection direction,
    GstCaps *caps, GstCaps *filter)
{
  return gst_tfr_caps_filter (
      direction == GST_PAD_SINK
          ? audio_caps (caps)
          : gst_static_pad_template_get_caps (&sink_template),
      filter);
}

/* Where there are batches, they count. */
static GstCaps *
fixate_caps (GstBaseTransform *trans, GstPadDirection direction, GstCaps *caps,
    GstCaps *othercaps)
{
  GstTfrSynth *self = GST_TFR_SYNTH (trans);

  othercaps = gst_caps_fixate (othercaps);
  if (direction == GST_PAD_SINK && self->placement.started)
    set_header_sizes (othercaps, &self->synths.header);
  return othercaps;
}

static gboolean
set_caps (GstBaseTransform *trans, GstCaps *incaps, GstCaps *outcaps)
{
  return gst_audio_info_from_caps (&GST_TFR_SYNTH (trans)->info, outcaps);
}

static gboolean
update_caps (GstTfrSynth *self, const GstTfrHeader *header)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  GstCaps *caps = gst_pad_get_current_caps (trans->srcpad), *updated;
  gboolean done = TRUE;

  if (caps == NULL)
    return FALSE;
  updated = gst_caps_copy (caps);
  set_header_sizes (updated, header);
  if (!gst_caps_is_equal (caps, updated))
    done = gst_base_transform_update_src_caps (trans, updated) &&
           gst_audio_info_from_caps (&self->info, updated);
  gst_caps_unref (updated);
  gst_caps_unref (caps);
  return done;
}

/* -------------------------------------------------------------- sound ---- */

/* What is still owed cannot be played either. */
static GstFlowReturn
give_up (GstTfrSynth *self, const gchar *wrong)
{
  gst_tfr_refusal_post (
      GST_ELEMENT (self), "Cannot play these partials", wrong);
  gst_tfr_synths_forget (&self->synths);
  self->placement.started = FALSE;
  return GST_FLOW_ERROR;
}

static GstFlowReturn
push_buffer (GstTfrSynth *self)
{
  GstBaseTransform *trans = GST_BASE_TRANSFORM (self);
  gsize n = gst_tfr_synths_waiting (&self->synths);
  GstBuffer *buffer;

  if (n == 0)
    return GST_FLOW_OK;
  buffer = gst_tfr_synths_take (&self->synths, &self->info);
  if (buffer == NULL)
    return give_up (self, "out of memory for a buffer of sound");
  gst_tfr_out_clock_tick (
      &self->clock, n, &GST_BUFFER_PTS (buffer), &GST_BUFFER_DURATION (buffer));
  if (self->discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  self->discont = FALSE;
  trans->segment.position =
      GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  GST_LOG_OBJECT (self, "push %" GST_PTR_FORMAT, buffer);
  return gst_pad_push (trans->srcpad, buffer);
}

/* Samples that are ready; few are kept for the next buffer. */
static GstFlowReturn
push_full_buffers (GstTfrSynth *self)
{
  GstFlowReturn flow = GST_FLOW_OK;

  while (flow == GST_FLOW_OK && gst_tfr_synths_pull (&self->synths))
    if (gst_tfr_synths_are_enough (&self->synths))
      flow = push_buffer (self);
  return flow;
}

/* The sound up to the end of the last partials that came. */
static GstFlowReturn
drain (GstTfrSynth *self)
{
  GstFlowReturn flow;

  if (!self->placement.started)
    return GST_FLOW_OK;
  self->placement.started = FALSE;
  gst_tfr_synths_drain (&self->synths);
  flow = push_full_buffers (self);
  if (flow == GST_FLOW_OK)
    flow = push_buffer (self);
  gst_tfr_synths_forget (&self->synths);
  return flow;
}

static void
forget (GstTfrSynth *self)
{
  gst_tfr_synths_forget (&self->synths);
  gst_tfr_placement_reset (&self->placement);
  gst_tfr_out_clock_reset (&self->clock);
  self->discont = TRUE;
}

static void
tell_latency (GstTfrSynth *self)
{
  gst_tfr_latency_tell (GST_ELEMENT (self), &self->latency,
      gst_util_uint64_scale_ceil (gst_tfr_synths_latency (&self->synths),
          GST_SECOND, self->synths.header.rate));
}

/* Gets ready for partials that do not continue those before. */
static GstFlowReturn
begin (GstTfrSynth *self, const GstTfrHeader *header, GstClockTime pts)
{
  GstFlowReturn flow = drain (self);
  const gchar *wrong = NULL;

  if (flow != GST_FLOW_OK)
    return flow;
  if (!gst_tfr_synths_fit (&self->synths, header))
    wrong = gst_tfr_synths_configure (&self->synths, header);
  if (wrong != NULL)
    return give_up (self, wrong);
  if (!update_caps (self, header))
    return gst_tfr_unsettled (GST_BASE_TRANSFORM_SRC_PAD (self));
  tell_latency (self);
  gst_tfr_placement_start (&self->placement, header, pts);
  gst_tfr_out_clock_place (
      &self->clock, self->placement.base_pts, header->rate);
  self->discont = TRUE;
  return GST_FLOW_OK;
}

/* Pitch and tempo as they are now. */
static void
adjust (GstTfrSynth *self, GstClockTime pts)
{
  gdouble pitch, tempo;

  read_factors (self, pts, &pitch, &tempo);
  gst_tfr_synths_set (&self->synths, pitch, tempo);
  if (gst_tfr_out_clock_set_tempo (&self->clock, tempo))
    gst_pad_push_event (GST_BASE_TRANSFORM (self)->srcpad,
        gst_event_new_segment (&self->clock.out));
}

static GstFlowReturn
take_frames (GstTfrSynth *self, const GstTfrPartials *partials)
{
  GstFlowReturn flow = GST_FLOW_OK;
  gsize from = 0;

  for (guint f = 0; f < partials->header.n_frames && flow == GST_FLOW_OK; f++) {
    if (!gst_tfr_synths_reserve (&self->synths, partials, f))
      return give_up (self, "out of memory for so many partials");
    from = gst_tfr_synths_push (&self->synths, partials, f, from);
    flow = push_full_buffers (self);
  }
  return flow;
}

static GstFlowReturn
take_batch (
    GstTfrSynth *self, const GstTfrPartials *partials, GstBuffer *buffer)
{
  const GstTfrHeader *header = &partials->header;
  GstTfrPlacement *p = &self->placement;
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  gboolean goes_on = gst_tfr_synths_fit (&self->synths, header) && p->started &&
                     header->first == p->end &&
                     gst_tfr_placement_find (p, header, pts,
                         GST_BUFFER_IS_DISCONT (buffer)) == GST_TFR_STEP_ON;
  GstFlowReturn flow = GST_FLOW_OK;

  if (!goes_on)
    flow = begin (self, header, pts);
  p->end = gst_tfr_placement_end (p, header);
  if (flow == GST_FLOW_OK) {
    adjust (self, pts);
    flow = take_frames (self, partials);
  }
  return flow == GST_FLOW_OK ? push_buffer (self) : flow;
}

static GstFlowReturn
submit_input_buffer (
    GstBaseTransform *trans, gboolean is_discont, GstBuffer *buffer)
{
  GstTfrSynth *self = GST_TFR_SYNTH (trans);
  GstFlowReturn flow = GST_FLOW_ERROR;
  GstTfrPartials partials;
  GError *error = NULL;

  if (!gst_base_transform_reconfigure (trans)) {
    gst_buffer_unref (buffer);
    return gst_tfr_unsettled (trans->srcpad);
  }
  if (!gst_tfr_partials_map (&partials, buffer, &error)) {
    GST_ELEMENT_ERROR (self, STREAM, DECODE, ("%s", error->message), (NULL));
    g_error_free (error);
    gst_buffer_unref (buffer);
    return GST_FLOW_ERROR;
  }
  if (gst_tfr_placement_is_reverse (&self->placement) ||
      partials.header.flags & GST_TFR_FLAG_REVERSED)
    GST_ELEMENT_ERROR (self, STREAM, NOT_IMPLEMENTED,
        ("Partials can be played only forward in time."), (NULL));
  else if (partials.header.n_frames > 0)
    flow = take_batch (self, &partials, buffer);
  else /* nor does it say that there will be any */
    flow = GST_FLOW_OK;
  gst_tfr_partials_unmap (&partials);
  gst_buffer_unref (buffer);
  return flow;
}

/* ---------------------------------------------------- events, queries ---- */

/* The segment as it is with this tempo.  Where the same comes again amid sound,
 * the clock, which counts from where it was placed, goes on. */
static GstEvent *
take_segment (GstTfrSynth *self, GstEvent *event)
{
  const GstSegment *segment;
  GstEvent *stretched;
  gdouble pitch, tempo;
  gboolean goes_on;

  event = gst_tfr_segment_in_time (event);
  gst_event_parse_segment (event, &segment);
  goes_on = self->placement.started &&
            gst_tfr_segment_is_same (&self->placement.segment, segment);
  if (!goes_on)
    drain (self);
  self->placement.segment = *segment;
  if (segment->rate < 0)
    return event;
  if (!goes_on) {
    read_factors (self, GST_CLOCK_TIME_NONE, &pitch, &tempo);
    self->clock.tempo = tempo;
    gst_tfr_out_clock_begin (&self->clock, segment);
  }
  stretched = gst_event_new_segment (&self->clock.out);
  gst_event_set_seqnum (stretched, gst_event_get_seqnum (event));
  gst_event_unref (event);
  return stretched;
}

static GstEvent *
take_gap (GstTfrSynth *self, GstEvent *event)
{
  GstClockTime from, duration, start, end;
  GstEvent *moved;

  drain (self);
  gst_event_parse_gap (event, &from, &duration);
  if (self->clock.tempo == 1 || !GST_CLOCK_TIME_IS_VALID (from))
    return event;
  start = gst_tfr_out_clock_map (&self->clock, from);
  if (!GST_CLOCK_TIME_IS_VALID (start))
    return event;
  end = GST_CLOCK_TIME_IS_VALID (duration)
            ? gst_tfr_out_clock_map (&self->clock, from + duration)
            : GST_CLOCK_TIME_NONE;
  duration = GST_CLOCK_TIME_IS_VALID (end) && end > start
                 ? end - start
                 : GST_CLOCK_TIME_NONE;
  moved = gst_event_new_gap (start, duration);
  gst_event_set_seqnum (moved, gst_event_get_seqnum (event));
  gst_event_unref (event);
  return moved;
}

static gboolean
sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstTfrSynth *self = GST_TFR_SYNTH (trans);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS: /* the sound leaves at its own rate */
      if (gst_tfr_are_new_sizes (trans, event))
        drain (self);
      break;
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_STREAM_GROUP_DONE:
    case GST_EVENT_EOS:
      drain (self);
      break;
    case GST_EVENT_GAP:
      event = take_gap (self, event);
      break;
    case GST_EVENT_SEGMENT:
      event = take_segment (self, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      forget (self);
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_synth_parent_class)
      ->sink_event (trans, event);
}

static gboolean
answer_query (
    GstBaseTransform *trans, GstPadDirection direction, GstQuery *query)
{
  GstTfrSynth *self = GST_TFR_SYNTH (trans);

  if (direction == GST_PAD_SRC && gst_tfr_latency_answer (GST_ELEMENT (self),
                                      &self->latency, trans->sinkpad, query))
    return TRUE;
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_synth_parent_class)
      ->query (trans, direction, query);
}

/* --------------------------------------------------------- life cycle ---- */

static gboolean
stop (GstBaseTransform *trans)
{
  GstTfrSynth *self = GST_TFR_SYNTH (trans);

  forget (self);
  gst_tfr_synths_clear (&self->synths);
  gst_tfr_synths_init (&self->synths);
  GST_OBJECT_LOCK (self);
  self->latency = GST_CLOCK_TIME_NONE;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
finalize (GObject *object)
{
  gst_tfr_synths_clear (&GST_TFR_SYNTH (object)->synths);
  G_OBJECT_CLASS (gst_tfr_synth_parent_class)->finalize (object);
}

#define FLAGS                                                                  \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING |    \
      GST_PARAM_CONTROLLABLE)

static void
gst_tfr_synth_class_init (GstTfrSynthClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (tfr_synth_debug, "tfrsynth", 0, "partials to sound");

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  g_object_class_install_property (object_class, PROP_PITCH,
      g_param_spec_double ("pitch", "Pitch", "Factor of all frequencies",
          LEAST_FACTOR, MOST_FACTOR, 1, FLAGS));
  g_object_class_install_property (object_class, PROP_TEMPO,
      g_param_spec_double ("tempo", "Tempo",
          "How much faster than the source it plays", LEAST_FACTOR, MOST_FACTOR,
          1, FLAGS));

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Synthesiser of partials", "Filter/Converter/Audio",
      "Partials to sound, at any pitch and tempo", "The tfr developers");

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
gst_tfr_synth_init (GstTfrSynth *self)
{
  self->pitch = self->tempo = 1;
  self->latency = GST_CLOCK_TIME_NONE;
  self->discont = TRUE;
  gst_tfr_synths_init (&self->synths);
  gst_tfr_placement_reset (&self->placement);
  gst_tfr_out_clock_reset (&self->clock);
}
