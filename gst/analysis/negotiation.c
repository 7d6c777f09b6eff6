/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "negotiation.h"

#include "caps.h"
#include "gsttfrlatency.h"
#include "gsttfrreassign.h"
#include "gsttfrrefusal.h"
#include "gsttfrtransform.h"

static GstTfrSettings
read_settings (GstTfrReassign *self)
{
  GstTfrSettings settings;

  GST_OBJECT_LOCK (self);
  settings = self->settings;
  GST_OBJECT_UNLOCK (self);
  return settings;
}

static void
tell_latency (GstTfrReassign *self)
{
  gst_tfr_latency_tell (GST_ELEMENT (self), &self->latency,
      gst_util_uint64_scale_ceil (gst_tfr_bank_latency (&self->stream.bank),
          GST_SECOND, self->stream.timeline.rate));
}

/* --------------------------------------------------------------- caps ---- */

static gboolean
has_one_channel (const GstStructure *points)
{
  gint channels;

  return gst_structure_get_int (points, "channels", &channels) && channels == 1;
}

/* The base class transforms there and back, and channel-mode may change in
 * between: one channel may always be a mix. */
static GstCaps *
transform_caps (GstBaseTransform *trans, GstPadDirection direction,
    GstCaps *caps, GstCaps *filter)
{
  GstTfrSettings settings = read_settings (GST_TFR_REASSIGN (trans));
  GstTfrSettings mixing = settings;
  GstCaps *audio = gst_pad_get_pad_template_caps (trans->sinkpad);
  GstCaps *result = gst_caps_new_empty ();

  mixing.channel_mode = GST_TFR_CHANNELS_MIX;
  for (guint i = 0; i < gst_caps_get_size (caps); i++) {
    const GstStructure *s = gst_caps_get_structure (caps, i);

    result = gst_caps_merge_structure (
        result, direction == GST_PAD_SINK
                    ? gst_tfr_caps_from_audio (s, &settings)
                    : gst_tfr_caps_to_audio (s, &settings, audio));
    if (direction == GST_PAD_SRC && has_one_channel (s))
      result = gst_caps_merge_structure (
          result, gst_tfr_caps_to_audio (s, &mixing, audio));
  }
  gst_caps_unref (audio);
  return gst_tfr_caps_filter (result, filter);
}

/* Optional fields that nobody spoke of are left out, unless nobody spoke of
 * any: then tfrrender's are sent. */
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

static gboolean
set_caps (GstBaseTransform *trans, GstCaps *incaps, GstCaps *outcaps)
{
  GstTfrReassign *self = GST_TFR_REASSIGN (trans);
  GstTfrStream *stream = &self->stream;
  const gchar *wrong = NULL;
  GstTfrSettings settings;
  GstTfrInfo info;

  gst_tfr_bank_wait (&stream->bank); /* the next buffer says how it went */
  gst_tfr_info_from_caps (&info, outcaps);
  self->negotiating = TRUE;
  if (stream->caps == NULL || !gst_caps_is_equal (stream->caps, incaps)) {
    gst_tfr_reassign_take_settings (self, &settings);
    wrong = gst_tfr_stream_set_format (stream, incaps, &settings, info.fields);
  } else if (stream->fields != info.fields) {
    wrong = gst_tfr_stream_set_fields (stream, info.fields);
  }
  self->negotiating = FALSE;

  self->refusal = NULL;
  if (wrong != NULL && gst_tfr_refusal_is_for_memory (wrong)) {
    self->refusal = wrong;
    return TRUE;
  }
  if (wrong != NULL) {
    GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS,
        ("Cannot analyse this stream: %s.", wrong),
        ("input caps %" GST_PTR_FORMAT, incaps));
    return FALSE;
  }
  tell_latency (self);
  return TRUE;
}

/* The caps of what the bank makes now. */
static gboolean
update_caps (GstTfrReassign *self)
{
  const GstTfrHeader *header = &self->stream.bank.now.header;
  GstTfrSettings settings = read_settings (self);
  GstStructure *points = gst_tfr_caps_from_audio (
      gst_caps_get_structure (self->stream.caps, 0), &settings);
  GstCaps *caps = gst_caps_new_full (points, NULL);
  gboolean done;

  gst_structure_set (points, "channels", G_TYPE_INT, header->channels,
      "hop-size", G_TYPE_INT, header->hop_size, "window-size", G_TYPE_INT,
      header->window_size, "fft-size", G_TYPE_INT, header->fft_size, NULL);
  gst_tfr_fields_fix (points, header->fields);
  done = gst_base_transform_update_src_caps (GST_BASE_TRANSFORM (self), caps);
  gst_caps_unref (caps);
  return done;
}

GstFlowReturn
gst_tfr_negotiation_change (gpointer user)
{
  GstTfrReassign *self = user;
  gboolean done = self->negotiating || update_caps (self);

  tell_latency (self);
  return done ? GST_FLOW_OK
              : gst_tfr_unsettled (GST_BASE_TRANSFORM_SRC_PAD (self));
}

/* --------------------------------------------------------- allocation ---- */

static gboolean
propose_allocation (
    GstBaseTransform *trans, GstQuery *downstream, GstQuery *query)
{
  gst_query_add_allocation_meta (query, GST_AUDIO_META_API_TYPE, NULL);
  return TRUE;
}

/* Batches vary in size: no pool will do, but downstream's allocator will,
 * unless only its owner can allocate from it. */
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
  if (allocator != NULL &&
      GST_OBJECT_FLAG_IS_SET (allocator, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC))
    gst_clear_object (&allocator);
  gst_tfr_bank_set_allocator (&self->stream.bank, allocator, &params);
  gst_clear_object (&allocator);
  return TRUE;
}

void
gst_tfr_negotiation_install (GstBaseTransformClass *klass)
{
  klass->transform_caps = GST_DEBUG_FUNCPTR (transform_caps);
  klass->fixate_caps = GST_DEBUG_FUNCPTR (fixate_caps);
  klass->set_caps = GST_DEBUG_FUNCPTR (set_caps);
  klass->propose_allocation = GST_DEBUG_FUNCPTR (propose_allocation);
  klass->decide_allocation = GST_DEBUG_FUNCPTR (decide_allocation);
}
