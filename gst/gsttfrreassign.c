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
 * and, where asked for, phase, mixed derivative, chirp rate and bin.  A buffer's
 * time stamp is the centre of its first frame; frames are centred on every
 * multiple of the hop size, counted from time 0, so that pieces of a recording
 * analysed apart fit together.
 *
 * What points carry is settled by caps: a consumer names the fields that it
 * wants; where none is named, mixed and bin are sent.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! tfrreassign ! tfrrender ! autovideosink
 * ]|
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! tfrreassign window=nuttall window-size=4096 hop-size=256 ! filesink location=tone.tfr
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfrelements.h"
#include "gsttfrproperties.h"
#include "analysis/bank.h"
#include "analysis/caps.h"
#include "analysis/input.h"
#include "analysis/reverse.h"
#include "analysis/settings.h"
#include "analysis/timeline.h"

#include <gst/base/gstbasetransform.h>

GST_DEBUG_CATEGORY_STATIC (tfr_reassign_debug);
#define GST_CAT_DEFAULT tfr_reassign_debug

/* A longer gap is not filled with silence. */
#define LONGEST_GAP GST_SECOND

#define GST_TYPE_TFR_REASSIGN (gst_tfr_reassign_get_type ())
G_DECLARE_FINAL_TYPE (
    GstTfrReassign, gst_tfr_reassign, GST, TFR_REASSIGN, GstBaseTransform)

struct _GstTfrReassign {
  GstBaseTransform parent;

  /* under the object lock */
  GstTfrSettings settings;
  gboolean changed; /* the settings, since they were last read */
  ReassignStats stats;
  GstClockTime latency; /* NONE while the rate is unknown */

  /* of the streaming thread */
  GstCaps *caps; /* of the input */
  GstTfrFields fields; /* asked for by the output caps */
  GstTfrInput input;
  GstTfrTimeline timeline;
  GstTfrBank bank;
  GstTfrReverse reverse;
  GstSegment segment;
  gdouble **block; /* [channels][GST_TFR_INPUT_BLOCK] */
  guint n_block;
  gboolean drained;     /* the samples so far have all become frames */
  gboolean negotiating; /* in set_caps, which updates the caps itself */
  gboolean warned;      /* of samples that are not finite */
};

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

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (object);
  gpointer field = id < PROP_SETTINGS
                       ? NULL
                       : gst_tfr_settings_field (
                             &self->settings, id - PROP_SETTINGS);

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

static GstStructure *
stats_to_structure (const ReassignStats *s)
{
  return gst_structure_new ("application/x-tfr-stats",
      "frames", G_TYPE_UINT64, s->frames,
      "points", G_TYPE_UINT64, s->points,
      "energy", G_TYPE_DOUBLE, s->energy,
      "below-floor", G_TYPE_UINT64, s->below_floor,
      "below-floor-energy", G_TYPE_DOUBLE, s->energy_below_floor,
      "beyond-time-shift", G_TYPE_UINT64, s->beyond_time,
      "beyond-time-shift-energy", G_TYPE_DOUBLE, s->energy_beyond_time,
      "beyond-frequency-shift", G_TYPE_UINT64, s->beyond_frequency,
      "beyond-frequency-shift-energy", G_TYPE_DOUBLE,
      s->energy_beyond_frequency,
      "outside-range", G_TYPE_UINT64, s->outside_range,
      "outside-range-energy", G_TYPE_DOUBLE, s->energy_outside_range,
      "rejected", G_TYPE_UINT64, s->rejected,
      "rejected-energy", G_TYPE_DOUBLE, s->energy_rejected,
      "non-finite-samples", G_TYPE_UINT64, s->non_finite_samples, NULL);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (object);
  gpointer field = id < PROP_SETTINGS
                       ? NULL
                       : gst_tfr_settings_field (
                             &self->settings, id - PROP_SETTINGS);

  GST_OBJECT_LOCK (self);
  if (field != NULL)
    gst_tfr_field_get (field, value);
  else if (id == PROP_STATS)
    g_value_take_boxed (value, stats_to_structure (&self->stats));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static GstTfrSettings
read_settings (GstTfrReassign *self)
{
  GstTfrSettings settings;

  GST_OBJECT_LOCK (self);
  settings = self->settings;
  GST_OBJECT_UNLOCK (self);
  return settings;
}

/* --------------------------------------------------------------- caps ---- */

static GstCaps *
transform_caps (GstBaseTransform *trans, GstPadDirection direction,
    GstCaps *caps, GstCaps *filter)
{
  GstTfrSettings settings = read_settings (GST_TFR_REASSIGN (trans));
  GstCaps *audio = gst_static_pad_template_get_caps (&sink_template);
  GstCaps *result = gst_caps_new_empty ();

  for (guint i = 0; i < gst_caps_get_size (caps); i++) {
    const GstStructure *s = gst_caps_get_structure (caps, i);

    result = gst_caps_merge_structure (
        result, direction == GST_PAD_SINK
                    ? gst_tfr_caps_from_audio (s, &settings)
                    : gst_tfr_caps_to_audio (s, &settings, audio));
  }
  gst_caps_unref (audio);
  if (filter != NULL) {
    GstCaps *all = result;

    result = gst_caps_intersect_full (filter, all, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref (all);
  }
  return result;
}

/* Optional fields that nobody spoke of are left out, unless nobody spoke of any:
 * then tfrrender's are sent. */
static GstCaps *
fixate_caps (GstBaseTransform *trans, GstPadDirection direction, GstCaps *caps,
    GstCaps *othercaps)
{
  othercaps = gst_caps_make_writable (gst_caps_truncate (othercaps));
  if (direction == GST_PAD_SINK)
    gst_tfr_fields_settle (gst_caps_get_structure (othercaps, 0),
        GST_TFR_FIELD_MIXED | GST_TFR_FIELD_BIN);
  return gst_caps_fixate (othercaps);
}

/* ----------------------------------------------------------- analysis ---- */

static void
make_config (GstTfrReassign *self, const GstTfrSettings *settings,
    GstTfrBankConfig *config)
{
  const GstAudioInfo *info = &self->input.info;

  memset (config, 0, sizeof *config);
  gst_tfr_settings_to_config (
      settings, (guint) info->rate, &config->analysis);
  config->analysis.fields = self->fields;
  config->channels = settings->channel_mode == GST_TFR_CHANNELS_MIX
                         ? 1
                         : (guint) info->channels;
  config->frames_per_buffer = settings->frames_per_buffer;
  if (config->channels > 1 || info->channels == 1)
    gst_structure_get (gst_caps_get_structure (self->caps, 0), "channel-mask",
        GST_TYPE_BITMASK, &config->channel_mask, NULL);
}

static void
make_block (GstTfrReassign *self)
{
  for (guint c = 0; c < self->n_block; c++)
    g_free (self->block[c]);
  g_free (self->block);
  self->n_block = gst_tfr_input_channels (&self->input);
  self->block = g_new (gdouble *, self->n_block);
  for (guint c = 0; c < self->n_block; c++)
    self->block[c] = g_new (gdouble, GST_TFR_INPUT_BLOCK);
}

static void
tell_latency (GstTfrReassign *self)
{
  GstClockTime latency = gst_util_uint64_scale_ceil (
      gst_tfr_bank_latency (&self->bank), GST_SECOND, self->input.info.rate);
  gboolean news;

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

/* The bank has gone over to other settings. */
static GstFlowReturn
bank_changed (gpointer user)
{
  GstTfrReassign *self = user;
  const GstTfrHeader *header = &self->bank.now.header;
  gboolean done = TRUE;

  if (!self->negotiating) {
    GstTfrSettings settings = read_settings (self);
    GstStructure *points =
        gst_tfr_caps_from_audio (
            gst_caps_get_structure (self->caps, 0), &settings);
    GstCaps *caps = gst_caps_new_full (points, NULL);

    gst_structure_set (points, "channels", G_TYPE_INT, header->channels,
        "hop-size", G_TYPE_INT, header->hop_size, "window-size", G_TYPE_INT,
        header->window_size, "fft-size", G_TYPE_INT, header->fft_size, NULL);
    gst_tfr_fields_fix (points, header->fields);
    done = gst_base_transform_update_src_caps (GST_BASE_TRANSFORM (self), caps);
    gst_caps_unref (caps);
  }
  tell_latency (self);
  return done ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED;
}

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
  GST_LOG_OBJECT (self, "push %" GST_PTR_FORMAT, batch);
  return gst_pad_push (trans->srcpad, batch);
}

static const GstTfrBankCalls bank_calls = { bank_push, bank_changed };

/* Says why, where the error is our own. */
static GstFlowReturn
explain (GstTfrReassign *self, GstFlowReturn flow)
{
  if (flow == GST_FLOW_ERROR && self->bank.failure != NULL) {
    GST_ELEMENT_ERROR (
        self, RESOURCE, NO_SPACE_LEFT, ("%s", self->bank.failure), (NULL));
    self->bank.failure = NULL;
  }
  return flow;
}

/* All frames of what has come. */
static GstFlowReturn
drain (GstTfrReassign *self)
{
  if (!self->timeline.known || self->drained)
    return GST_FLOW_OK;
  GST_DEBUG_OBJECT (
      self, "drain at sample %" G_GINT64_FORMAT, self->timeline.next);
  self->drained = TRUE;
  return explain (self,
      self->segment.rate < 0
          ? gst_tfr_reverse_run (&self->reverse, &self->bank, TRUE)
          : gst_tfr_bank_drain (&self->bank));
}

/* Takes in changed properties, at a buffer of a stream that goes on. */
static void
apply_settings (GstTfrReassign *self)
{
  GstTfrSettings settings;
  GstTfrBankConfig config;
  const gchar *wrong;
  gboolean mix, changed;

  GST_OBJECT_LOCK (self);
  changed = self->changed;
  self->changed = FALSE;
  settings = self->settings;
  GST_OBJECT_UNLOCK (self);
  if (!changed)
    return;

  make_config (self, &settings, &config);
  mix = settings.channel_mode == GST_TFR_CHANNELS_MIX;
  if (mix != self->input.mix && self->segment.rate < 0)
    drain (self); /* what is held is of other channels */
  wrong = gst_tfr_bank_change (&self->bank, &config);
  if (wrong != NULL) {
    GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS,
        ("The changed properties do not work together: %s.", wrong),
        ("the analysis goes on as before"));
  } else if (mix != self->input.mix) {
    self->input.mix = mix;
    make_block (self);
  }
}

static gboolean
set_caps (GstBaseTransform *trans, GstCaps *incaps, GstCaps *outcaps)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);
  gboolean new_input =
      self->caps == NULL || !gst_caps_is_equal (self->caps, incaps);
  GstTfrInfo info;
  GstTfrSettings settings;
  GstTfrBankConfig config;
  const gchar *wrong = NULL;

  gst_tfr_info_from_caps (&info, outcaps);
  self->fields = info.fields;
  self->negotiating = TRUE;
  if (new_input) {
    GST_OBJECT_LOCK (self);
    self->changed = FALSE;
    settings = self->settings;
    GST_OBJECT_UNLOCK (self);
    gst_caps_replace (&self->caps, incaps);
    if (gst_tfr_input_init (&self->input, incaps, &wrong)) {
      self->input.mix = settings.channel_mode == GST_TFR_CHANNELS_MIX;
      self->timeline.rate = (guint) self->input.info.rate;
      make_block (self);
      make_config (self, &settings, &config);
      wrong = gst_tfr_bank_configure (&self->bank, &config);
    }
  } else if (self->bank.now.config.analysis.fields != self->fields) {
    /* only the fields: the rest waits for its buffer */
    config = self->bank.now.config;
    config.analysis.fields = self->fields;
    wrong = gst_tfr_bank_change (&self->bank, &config);
    if (wrong == NULL && self->timeline.known && !self->drained &&
        self->segment.rate > 0)
      gst_tfr_bank_feed (&self->bank, NULL, 0);
    GST_OBJECT_LOCK (self);
    self->changed = TRUE;
    GST_OBJECT_UNLOCK (self);
  }
  self->negotiating = FALSE;

  if (wrong != NULL) {
    GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS,
        ("Cannot analyse this stream: %s.", wrong),
        ("input caps %" GST_PTR_FORMAT, incaps));
    gst_caps_replace (&self->caps, NULL);
    return FALSE;
  }
  tell_latency (self);
  return TRUE;
}

/* Nothing that came before matters any more. */
static void
forget (GstTfrReassign *self)
{
  gst_tfr_timeline_forget (&self->timeline);
  gst_tfr_reverse_clear (&self->reverse);
  gst_tfr_bank_begin (&self->bank);
}

/* ------------------------------------------------------------ samples ---- */

/* Gets ready for n samples at this position. */
static GstFlowReturn
begin_at (GstTfrReassign *self, GstTfrTimelineStep step, gint64 position,
    gsize n)
{
  gboolean reverse = self->segment.rate < 0;

  if (step == GST_TFR_TIMELINE_CONTINUES && !self->drained)
    return GST_FLOW_OK;
  if (step == GST_TFR_TIMELINE_START) {
    gst_tfr_bank_begin (&self->bank);
  } else {
    GstFlowReturn flow = drain (self);

    GST_INFO_OBJECT (self, "discontinuity: sample %" G_GINT64_FORMAT, position);
    self->bank.discont = TRUE;
    if (flow != GST_FLOW_OK)
      return flow;
  }
  self->drained = FALSE;
  self->bank.flags = reverse ? GST_TFR_FLAG_REVERSED : 0;
  if (reverse) {
    gst_tfr_reverse_start (&self->reverse,
        gst_tfr_input_channels (&self->input), position + (gint64) n);
    return GST_FLOW_OK;
  }
  return gst_tfr_bank_start (&self->bank, position);
}

/* n samples of the mapped buffer, or of silence. */
static GstFlowReturn
analyse_forward (GstTfrReassign *self, gsize n, gboolean sound)
{
  GstFlowReturn flow = GST_FLOW_OK;
  guint channels = gst_tfr_input_channels (&self->input);

  if (!sound)
    return gst_tfr_bank_feed (&self->bank, NULL, n);
  for (gsize i = 0; i < n && flow == GST_FLOW_OK; i += GST_TFR_INPUT_BLOCK) {
    gsize count = MIN (n - i, GST_TFR_INPUT_BLOCK);

    for (guint c = 0; c < channels; c++)
      gst_tfr_input_read (&self->input, c, i, count, self->block[c]);
    flow = gst_tfr_bank_feed (
        &self->bank, (const gdouble *const *) self->block, count);
  }
  return flow;
}

static GstFlowReturn
analyse_backward (GstTfrReassign *self, gsize n, gboolean sound)
{
  gdouble *const *to = gst_tfr_reverse_prepend (&self->reverse, n, sound);
  guint channels = gst_tfr_input_channels (&self->input);

  for (gsize i = 0; sound && i < n; i += GST_TFR_INPUT_BLOCK)
    for (guint c = 0; c < channels; c++)
      gst_tfr_input_read (
          &self->input, c, i, MIN (n - i, GST_TFR_INPUT_BLOCK), to[c] + i);
  return gst_tfr_reverse_run (&self->reverse, &self->bank, FALSE);
}

static GstFlowReturn
analyse (GstTfrReassign *self, GstClockTime pts, gboolean discont, gsize n,
    gboolean sound)
{
  gboolean reverse = self->segment.rate < 0;
  GstTfrTimelineStep step;
  GstFlowReturn flow;
  gint64 position, drained_at = self->timeline.next;

  step = gst_tfr_timeline_place (&self->timeline, pts, discont, n, reverse,
      reverse ? self->segment.stop : self->segment.start, &position);
  GST_LOG_OBJECT (self, "%" G_GSIZE_FORMAT " samples at %" G_GINT64_FORMAT
      ", expected %" G_GINT64_FORMAT, n, position, drained_at);
  flow = begin_at (self, step, position, n);
  if (flow == GST_FLOW_OK)
    flow = reverse ? analyse_backward (self, n, sound)
                   : analyse_forward (self, n, sound);
  return flow;
}

static void
publish_stats (GstTfrReassign *self)
{
  ReassignStats stats;

  gst_tfr_bank_get_stats (&self->bank, &stats);
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

static GstFlowReturn
submit_input_buffer (
    GstBaseTransform *trans, gboolean is_discont, GstBuffer *buffer)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);
  /* not is_discont, which stays set until a buffer leaves */
  gboolean discont = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT) ||
                     GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_RESYNC);
  gboolean gap = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  GstFlowReturn flow = GST_FLOW_OK;
  const gchar *wrong;
  gsize n;

  if (!gst_base_transform_reconfigure (trans) ||
      self->bank.now.analyzers == NULL) {
    gst_buffer_unref (buffer);
    return GST_PAD_IS_FLUSHING (trans->srcpad) ? GST_FLOW_FLUSHING
                                               : GST_FLOW_NOT_NEGOTIATED;
  }
  apply_settings (self);

  gst_tfr_input_map (&self->input, buffer, &wrong);
  gst_tfr_input_unmap (&self->input);
  if (wrong == NULL && self->segment.format == GST_FORMAT_TIME)
    buffer = gst_audio_buffer_clip (buffer, &self->segment,
        self->input.info.rate, self->input.info.bpf);
  if (buffer == NULL) /* all of it outside the segment */
    return GST_FLOW_OK;

  n = gst_tfr_input_map (&self->input, buffer, &wrong);
  if (wrong != NULL) {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT, ("%s", wrong),
        ("%" GST_PTR_FORMAT, buffer));
    flow = GST_FLOW_ERROR;
  } else if (n > 0) {
    flow = analyse (self, GST_BUFFER_PTS (buffer), discont, n, !gap);
    publish_stats (self);
  }
  gst_tfr_input_unmap (&self->input);
  gst_buffer_unref (buffer);
  return explain (self, flow);
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

/* Silence of a known, short length becomes frames; TRUE where it did. */
static gboolean
fill_gap (GstTfrReassign *self, GstEvent *event)
{
  GstClockTime start, duration, stop;
  gint64 from, to;

  gst_event_parse_gap (event, &start, &duration);
  if (self->bank.now.analyzers == NULL || !GST_CLOCK_TIME_IS_VALID (start) ||
      !GST_CLOCK_TIME_IS_VALID (duration) || duration > LONGEST_GAP ||
      self->segment.format != GST_FORMAT_TIME)
    return FALSE;
  if (!gst_segment_clip (&self->segment, GST_FORMAT_TIME, start,
          start + duration, &start, &stop))
    return TRUE; /* outside the segment */

  from = gst_tfr_timeline_position (start, self->timeline.rate);
  to = gst_tfr_timeline_position (stop, self->timeline.rate);
  if (self->timeline.known && self->segment.rate > 0 &&
      ABS (self->timeline.next - from) <= 1)
    from = self->timeline.next; /* its start was rounded */
  if (to > from)
    explain (self, analyse (self, start, FALSE, (gsize) (to - from), FALSE));
  return TRUE;
}

static GstEvent *
drop_codec_tags (GstEvent *event)
{
  static const gchar *const of_the_audio[] = { GST_TAG_CODEC,
    GST_TAG_AUDIO_CODEC, GST_TAG_CONTAINER_FORMAT, GST_TAG_ENCODER,
    GST_TAG_ENCODER_VERSION, GST_TAG_BITRATE, GST_TAG_NOMINAL_BITRATE,
    GST_TAG_MINIMUM_BITRATE, GST_TAG_MAXIMUM_BITRATE };
  GstTagList *tags;
  GstEvent *cleaned;

  gst_event_parse_tag (event, &tags);
  tags = gst_tag_list_copy (tags);
  for (guint i = 0; i < G_N_ELEMENTS (of_the_audio); i++)
    gst_tag_list_remove_tag (tags, of_the_audio[i]);
  if (gst_tag_list_is_empty (tags)) {
    gst_tag_list_unref (tags);
    cleaned = NULL;
  } else {
    cleaned = gst_event_new_tag (tags);
    gst_event_set_seqnum (cleaned, gst_event_get_seqnum (event));
  }
  gst_event_unref (event);
  return cleaned;
}

/* Raw audio straight from a file comes in a segment of bytes. */
static GstEvent *
make_time_segment (GstEvent *event)
{
  GstEvent *timed;
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  timed = gst_event_new_segment (&segment);
  gst_event_set_seqnum (timed, gst_event_get_seqnum (event));
  gst_event_unref (event);
  return timed;
}

static gboolean
same_segment (const GstSegment *a, const GstSegment *b)
{
  GstSegment copy = *b;

  copy.position = a->position;
  return gst_segment_is_equal (a, &copy);
}

static GstEvent *
take_segment (GstTfrReassign *self, GstEvent *event)
{
  const GstSegment *segment;

  gst_event_parse_segment (event, &segment);
  if (segment->format != GST_FORMAT_TIME)
    event = make_time_segment (event);
  gst_event_parse_segment (event, &segment);
  if (!same_segment (&self->segment, segment)) {
    drain (self);
    forget (self);
    self->segment = *segment;
  }
  return event;
}

static gboolean
sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS: {
      GstCaps *caps;

      gst_event_parse_caps (event, &caps);
      if (self->caps == NULL || gst_caps_is_equal (self->caps, caps))
        break;
      drain (self);
      forget (self);
      break;
    }
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT_DONE:
    case GST_EVENT_STREAM_GROUP_DONE:
    case GST_EVENT_EOS:
      drain (self);
      forget (self);
      publish_stats (self);
      break;
    case GST_EVENT_SEGMENT:
      event = take_segment (self, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      forget (self);
      gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
      break;
    case GST_EVENT_GAP:
      if (fill_gap (self, event)) {
        gst_event_unref (event);
        return TRUE;
      }
      drain (self);
      break;
    case GST_EVENT_TAG:
      event = drop_codec_tags (event);
      if (event == NULL)
        return TRUE;
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_reassign_parent_class)
      ->sink_event (trans, event);
}

/* ------------------------------------------------------------ queries ---- */

static gboolean
answer_latency (GstTfrReassign *self, GstQuery *query)
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
        return answer_latency (GST_TFR_REASSIGN (trans), query);
      case GST_QUERY_SCHEDULING:
        gst_query_set_scheduling (
            query, GST_SCHEDULING_FLAG_SEQUENTIAL, 1, -1, 0);
        gst_query_add_scheduling_mode (query, GST_PAD_MODE_PUSH);
        return TRUE;
      default:
        break;
    }
  }
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_reassign_parent_class)
      ->query (trans, direction, query);
}

static gboolean
propose_allocation (
    GstBaseTransform *trans, GstQuery *downstream, GstQuery *query)
{
  gst_query_add_allocation_meta (query, GST_AUDIO_META_API_TYPE, NULL);
  return TRUE;
}

/* Batches vary in size: no pool will do, but downstream's allocator will. */
static gboolean
decide_allocation (GstBaseTransform *trans, GstQuery *query)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);
  GstAllocator *allocator = NULL;
  GstAllocationParams params;

  gst_allocation_params_init (&params);
  while (gst_query_get_n_allocation_pools (query) > 0)
    gst_query_remove_nth_allocation_pool (query, 0);
  if (gst_query_get_n_allocation_params (query) > 0)
    gst_query_parse_nth_allocation_param (query, 0, &allocator, &params);
  gst_tfr_bank_set_allocator (&self->bank, allocator, &params);
  gst_clear_object (&allocator);
  return TRUE;
}

/* --------------------------------------------------------- life cycle ---- */

static gboolean
start (GstBaseTransform *trans)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);

  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  self->warned = FALSE;
  return TRUE;
}

static gboolean
stop (GstBaseTransform *trans)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);

  forget (self);
  gst_tfr_bank_clear (&self->bank);
  gst_tfr_input_clear (&self->input);
  gst_caps_replace (&self->caps, NULL);
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

  gst_tfr_bank_clear (&self->bank);
  gst_tfr_reverse_clear (&self->reverse);
  gst_tfr_input_clear (&self->input);
  gst_caps_replace (&self->caps, NULL);
  for (guint c = 0; c < self->n_block; c++)
    g_free (self->block[c]);
  g_free (self->block);
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

  trans_class->transform_caps = GST_DEBUG_FUNCPTR (transform_caps);
  trans_class->fixate_caps = GST_DEBUG_FUNCPTR (fixate_caps);
  trans_class->set_caps = GST_DEBUG_FUNCPTR (set_caps);
  trans_class->submit_input_buffer = GST_DEBUG_FUNCPTR (submit_input_buffer);
  trans_class->generate_output = GST_DEBUG_FUNCPTR (generate_output);
  trans_class->transform = GST_DEBUG_FUNCPTR (transform);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (sink_event);
  trans_class->query = GST_DEBUG_FUNCPTR (answer_query);
  trans_class->propose_allocation = GST_DEBUG_FUNCPTR (propose_allocation);
  trans_class->decide_allocation = GST_DEBUG_FUNCPTR (decide_allocation);
  trans_class->start = GST_DEBUG_FUNCPTR (start);
  trans_class->stop = GST_DEBUG_FUNCPTR (stop);
}

static void
gst_tfr_reassign_init (GstTfrReassign *self)
{
  gst_tfr_settings_init (&self->settings);
  gst_tfr_bank_init (&self->bank, &bank_calls, self);
  gst_tfr_reverse_init (&self->reverse);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  self->latency = GST_CLOCK_TIME_NONE;
}
