/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrsdifenc
 * @title: tfrsdifenc
 * @short_description: partials to SDIF
 *
 * Writes partials in the Sound Description Interchange Format, as Loris, SPEAR,
 * AudioSculpt, Csound and OpenMusic read it: type RBEP (reassigned,
 * bandwidth-enhanced partials) or 1TRC (sinusoidal tracks).
 *
 * RBEP keeps every row's time, frequency, amplitude, phase and bandwidth.  1TRC
 * moves each to its frame, its phase with it, and has no bandwidth.  Neither
 * has births and deaths; a partial ends with an amplitude of 0.  Channels
 * become streams, from 1 on.  A table of names and values says the sample rate,
 * hop and window, for tfrsdifdec to build the same frames again; other programs
 * pass it over.  Rows whose time, frequency or amplitude is no sound number are
 * left out.
 *
 * Where the type changes, a file holds frames of both.  tfrsdifdec reads on;
 * programs that look for one type find the frames of that.  A flush begins a new
 * file, as filesink empties its own then.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=100 ! tfrreassign ! tfrpartials ! \
 *   tfrsdifenc ! filesink location=tone.sdif
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfr.h"
#include "gsttfrelements.h"
#include "gsttfrrefusal.h"
#include "gsttfrsdif.h"
#include "gsttfrtransform.h"
#include "reassign.h"

#include <gst/base/gstbasetransform.h>

GST_DEBUG_CATEGORY_STATIC (tfr_sdif_enc_debug);
#define GST_CAT_DEFAULT tfr_sdif_enc_debug

#define DEFAULT_TYPE REASSIGN_SDIF_RBEP

/* Bytes after which a buffer leaves, though its batch goes on. */
#define ENOUGH (1 << 20)

#define GST_TYPE_TFR_SDIF_ENC (gst_tfr_sdif_enc_get_type ())
G_DECLARE_FINAL_TYPE (
    GstTfrSdifEnc, gst_tfr_sdif_enc, GST, TFR_SDIF_ENC, GstBaseTransform)

struct _GstTfrSdifEnc {
  GstBaseTransform parent;

  ReassignSdifType type; /* under the object lock */

  GstTfrInfo info;            /* of the caps */
  ReassignSdifWriter *writer; /* NULL until the first batch */
  guint32 rate;               /* that the writer has */
  gboolean failed;            /* there is no writer */
};

enum { PROP_0, PROP_TYPE };

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_PARTIALS_TEMPLATE_CAPS));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_TFR_SDIF_MEDIA_TYPE));

G_DEFINE_FINAL_TYPE (GstTfrSdifEnc, gst_tfr_sdif_enc, GST_TYPE_BASE_TRANSFORM)

#define GST_TYPE_TFR_SDIF_TYPE (sdif_type_get_type ())
static GType
sdif_type_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { REASSIGN_SDIF_RBEP, "Reassigned, bandwidth-enhanced partials", "rbep" },
    { REASSIGN_SDIF_1TRC, "Sinusoidal tracks", "1trc" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (
        &type, g_enum_register_static ("GstTfrSdifType", values));
  return type;
}

static gboolean
register_element (GstPlugin *plugin)
{
  gst_type_mark_as_plugin_api (GST_TYPE_TFR_SDIF_TYPE, 0);
  return gst_element_register (
      plugin, "tfrsdifenc", GST_RANK_NONE, GST_TYPE_TFR_SDIF_ENC);
}
GST_ELEMENT_REGISTER_DEFINE_CUSTOM (tfrsdifenc, register_element)

/* -------------------------------------------------------------- bytes ---- */

static void
append_waiting (GstTfrSdifEnc *self, GByteArray *bytes)
{
  const guint8 *some;
  gsize n;

  while ((n = reassign_sdif_writer_pull (self->writer, &some)) > 0)
    g_byte_array_append (bytes, some, (guint) n);
}

static void
append_frame (GstTfrSdifEnc *self, GByteArray *bytes, guint channel,
    const ReassignRows *frame)
{
  ReassignRows rows = *frame;
  gsize taken = 0;

  do {
    rows.n_rows -= taken;
    rows.time += taken;
    rows.frequency += taken;
    rows.amplitude += taken;
    rows.phase += taken;
    rows.bandwidth += taken;
    rows.id += taken;
    rows.flags += taken;
    taken = reassign_sdif_writer_push (self->writer, channel, &rows);
    append_waiting (self, bytes);
  } while (taken < rows.n_rows);
}

static GstBuffer *
take_bytes (GByteArray **bytes)
{
  gsize size = (*bytes)->len;
  guint8 *data = g_byte_array_free (g_steal_pointer (bytes), FALSE);

  return size == 0 ? NULL : gst_buffer_new_wrapped (data, size);
}

/* *out: what is left to be pushed. */
static GstFlowReturn
write_batch (GstTfrSdifEnc *self, const GstTfrPartials *batch, GstBuffer **out)
{
  const GstTfrHeader *h = &batch->header;
  GByteArray *bytes = g_byte_array_new ();
  GstFlowReturn flow = GST_FLOW_OK;
  guint at = 0;

  for (guint64 i = 0; i < (guint64) h->n_frames * h->channels; i++) {
    guint n = batch->counts[i];
    ReassignRows rows = { .sample = h->first +
                                    (gint64) (i / h->channels) * h->hop_size,
      .n_rows = n,
      .time = batch->time + at,
      .frequency = batch->frequency + at,
      .amplitude = batch->amplitude + at,
      .phase = batch->phase + at,
      .bandwidth = batch->bandwidth + at,
      .id = batch->id + at,
      .flags = batch->flags + at };

    append_frame (self, bytes, (guint) (i % h->channels), &rows);
    at += n;
    if (bytes->len >= ENOUGH) {
      flow =
          gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (self), take_bytes (&bytes));
      if (flow != GST_FLOW_OK)
        return flow;
      bytes = g_byte_array_new ();
    }
  }
  *out = take_bytes (&bytes);
  return flow;
}

/* --------------------------------------------------------- the stream ---- */

static ReassignSdifType
read_type (GstTfrSdifEnc *self)
{
  ReassignSdifType type;

  GST_OBJECT_LOCK (self);
  type = self->type;
  GST_OBJECT_UNLOCK (self);
  return type;
}

static gboolean
make_writer (GstTfrSdifEnc *self, const ReassignSdifInfo *info)
{
  const gchar *error = NULL;

  self->rate = info->sample_rate;
  self->writer = reassign_sdif_writer_new (read_type (self), info, 0, &error);
  self->failed = self->writer == NULL;
  if (self->failed)
    gst_tfr_refusal_post (
        GST_ELEMENT (self), "Cannot write these partials as SDIF", error);
  return !self->failed;
}

/* What a file cannot hold. */
static gboolean
check_header (GstTfrSdifEnc *self, const GstTfrHeader *h)
{
  if (h->flags & GST_TFR_FLAG_REVERSED) {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("Partials that are played backwards cannot be written as SDIF."),
        (NULL));
    return FALSE;
  }
  if (self->writer != NULL && h->rate != self->rate) {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("The sample rate has changed; an SDIF file has one."),
        ("from %u to %u Hz", self->rate, h->rate));
    return FALSE;
  }
  return TRUE;
}

/* The writer for this batch, made for the first. */
static gboolean
prepare (GstTfrSdifEnc *self, const GstTfrHeader *h)
{
  ReassignSdifInfo info = { h->rate, h->hop_size, h->window_size, h->fft_size,
    h->channels, h->channel_mask };

  if (!check_header (self, h) ||
      (self->writer == NULL && !make_writer (self, &info)))
    return FALSE;
  reassign_sdif_writer_set_type (self->writer, read_type (self));
  return TRUE;
}

/* One buffer of bytes for each batch, unless that is large. */
static GstFlowReturn
generate_output (GstBaseTransform *trans, GstBuffer **out)
{
  GstTfrSdifEnc *self = GST_TFR_SDIF_ENC (trans);
  GstBuffer *in = trans->queued_buf;
  GstFlowReturn flow = GST_FLOW_ERROR;
  GstTfrPartials batch;
  GError *error = NULL;

  *out = NULL;
  if (in == NULL)
    return GST_FLOW_OK;
  trans->queued_buf = NULL;
  if (!gst_tfr_partials_map (&batch, in, &error)) {
    gst_element_message_full (GST_ELEMENT (self), GST_MESSAGE_ERROR,
        error->domain, error->code, g_strdup (error->message), NULL, __FILE__,
        GST_FUNCTION, __LINE__);
    g_error_free (error);
    gst_buffer_unref (in);
    return GST_FLOW_ERROR;
  }
  if (prepare (self, &batch.header))
    flow = write_batch (self, &batch, out);
  gst_tfr_partials_unmap (&batch);
  if (*out != NULL) {
    GST_BUFFER_PTS (*out) = GST_BUFFER_PTS (in);
    GST_BUFFER_DURATION (*out) = GST_BUFFER_DURATION (in);
    if (GST_BUFFER_IS_DISCONT (in))
      GST_BUFFER_FLAG_SET (*out, GST_BUFFER_FLAG_DISCONT);
  }
  gst_buffer_unref (in);
  return flow;
}

/* A stream without batches is a file without rows. */
static void
write_head_alone (GstTfrSdifEnc *self)
{
  ReassignSdifInfo info = { .sample_rate = (guint32) self->info.rate,
    .hop = (guint32) self->info.hop_size,
    .window_size = (guint32) self->info.window_size,
    .fft_size = (guint32) self->info.fft_size,
    .channels = (guint32) self->info.channels,
    .channel_mask = self->info.channel_mask };
  GByteArray *bytes;

  if (!make_writer (self, &info))
    return;
  bytes = g_byte_array_new ();
  append_waiting (self, bytes);
  gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (self), take_bytes (&bytes));
}

static void
forget (GstTfrSdifEnc *self)
{
  g_clear_pointer (&self->writer, reassign_sdif_writer_free);
  self->failed = FALSE;
}

/* After a flush filesink begins its file anew. */
static gboolean
sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstTfrSdifEnc *self = GST_TFR_SDIF_ENC (trans);

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    forget (self);
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS && self->writer == NULL &&
      self->info.rate > 0 && !self->failed && gst_tfr_has_segment (trans))
    write_head_alone (self);
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_sdif_enc_parent_class)
      ->sink_event (trans, event);
}

static GstCaps *
transform_caps (GstBaseTransform *trans, GstPadDirection direction,
    GstCaps *caps, GstCaps *filter)
{
  return gst_tfr_caps_filter (
      gst_static_pad_template_get_caps (
          direction == GST_PAD_SINK ? &src_template : &sink_template),
      filter);
}

static gboolean
set_caps (GstBaseTransform *trans, GstCaps *in, GstCaps *out)
{
  return gst_tfr_info_from_caps (&GST_TFR_SDIF_ENC (trans)->info, in);
}

static gboolean
start (GstBaseTransform *trans)
{
  GstTfrSdifEnc *self = GST_TFR_SDIF_ENC (trans);

  memset (&self->info, 0, sizeof self->info);
  return TRUE;
}

static gboolean
stop (GstBaseTransform *trans)
{
  forget (GST_TFR_SDIF_ENC (trans));
  return TRUE;
}

/* -------------------------------------------------------- the element ---- */

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstTfrSdifEnc *self = GST_TFR_SDIF_ENC (object);

  if (id != PROP_TYPE) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  self->type = (ReassignSdifType) g_value_get_enum (value);
  GST_OBJECT_UNLOCK (self);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstTfrSdifEnc *self = GST_TFR_SDIF_ENC (object);

  if (id != PROP_TYPE) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  g_value_set_enum (value, (gint) self->type);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_tfr_sdif_enc_class_init (GstTfrSdifEncClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      tfr_sdif_enc_debug, "tfrsdifenc", 0, "partials to SDIF");

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  g_object_class_install_property (object_class, PROP_TYPE,
      g_param_spec_enum ("type", "Type",
          "Type of SDIF that is written, from the next batch on",
          GST_TYPE_TFR_SDIF_TYPE, DEFAULT_TYPE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Partials to SDIF",
      "Codec/Encoder",
      "Partials to the Sound Description Interchange Format, RBEP or 1TRC",
      "The tfr developers");

  trans_class->transform_caps = GST_DEBUG_FUNCPTR (transform_caps);
  trans_class->set_caps = GST_DEBUG_FUNCPTR (set_caps);
  trans_class->generate_output = GST_DEBUG_FUNCPTR (generate_output);
  trans_class->transform = GST_DEBUG_FUNCPTR (gst_tfr_transform_never);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (sink_event);
  trans_class->start = GST_DEBUG_FUNCPTR (start);
  trans_class->stop = GST_DEBUG_FUNCPTR (stop);
}

static void
gst_tfr_sdif_enc_init (GstTfrSdifEnc *self)
{
  self->type = DEFAULT_TYPE;
}
