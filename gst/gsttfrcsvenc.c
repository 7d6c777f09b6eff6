/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrcsvenc
 * @title: tfrcsvenc
 * @short_description: reassigned points to comma-separated values
 *
 * Writes every point as a line of text, for spreadsheets, pandas and R.
 *
 * The text is as RFC 4180 has it: a first line with the names of the columns,
 * lines that end in CR LF, no quotes, since nothing needs them.  Columns are
 * channel (from 0), frame_sample (the centre of the point's frame, in samples),
 * time in s, frequency in Hz, magnitude (1.0 is 0 dBFS) and whichever of phase,
 * mixed, chirp_rate, agreement and bin the first batch carries.  Numbers have
 * as many digits as it takes to read the very same number back, and a point
 * for the decimal point in every locale.  What is undetermined is empty.
 *
 * Points whose time, frequency or magnitude is not finite are left out.  Where
 * later batches carry other fields the columns stay, and those are empty.  A
 * flush begins a new table, as filesink empties its file then.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=20 ! \
 *   tfrreassign magnitude-floor=-60 ! tfrcsvenc ! \
 *   filesink location=tone.csv
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfr.h"
#include "gsttfrelements.h"
#include "gsttfrtransform.h"

#include <gst/base/gstbasetransform.h>
#include <math.h>

GST_DEBUG_CATEGORY_STATIC (tfr_csv_enc_debug);
#define GST_CAT_DEFAULT tfr_csv_enc_debug

#define GST_TYPE_TFR_CSV_ENC (gst_tfr_csv_enc_get_type ())
G_DECLARE_FINAL_TYPE (
    GstTfrCsvEnc, gst_tfr_csv_enc, GST, TFR_CSV_ENC, GstBaseTransform)

struct _GstTfrCsvEnc {
  GstBaseTransform parent;

  GstTfrFields caps_fields;
  GstTfrFields fields;  /* of the columns */
  gboolean has_columns; /* they have been written */
  gboolean warned;      /* of other fields than the columns' */
};

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_POINTS_TEMPLATE_CAPS));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("text/csv"));

G_DEFINE_FINAL_TYPE (GstTfrCsvEnc, gst_tfr_csv_enc, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE (
    tfrcsvenc, "tfrcsvenc", GST_RANK_NONE, GST_TYPE_TFR_CSV_ENC)

/* --------------------------------------------------------------- text ---- */

static void
append_number (GString *text, const gchar *format, gdouble value)
{
  gchar digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isnan (value))
    g_string_append (
        text, g_ascii_formatd (digits, sizeof digits, format, value));
}

static void
append_double (GString *text, gconstpointer plane, guint i)
{
  append_number (text, "%.17g", ((const gdouble *) plane)[i]);
}

static void
append_float (GString *text, gconstpointer plane, guint i)
{
  append_number (text, "%.9g", ((const gfloat *) plane)[i]);
}

static void
append_uint32 (GString *text, gconstpointer plane, guint i)
{
  g_string_append_printf (
      text, "%" G_GUINT32_FORMAT, ((const guint32 *) plane)[i]);
}

#define COLUMN(bit, name, append)                                              \
  {                                                                            \
    bit, #name, G_STRUCT_OFFSET (GstTfrBatch, name), append                    \
  }

static const struct {
  GstTfrFields field;
  const gchar *name;
  gsize plane; /* where a batch points to it */
  void (*append) (GString *text, gconstpointer plane, guint i);
} columns[] = {
  COLUMN (GST_TFR_FIELD_TIME, time, append_double),
  COLUMN (GST_TFR_FIELD_FREQUENCY, frequency, append_double),
  COLUMN (GST_TFR_FIELD_MAGNITUDE, magnitude, append_float),
  COLUMN (GST_TFR_FIELD_PHASE, phase, append_float),
  COLUMN (GST_TFR_FIELD_MIXED, mixed, append_float),
  COLUMN (GST_TFR_FIELD_CHIRP_RATE, chirp_rate, append_float),
  COLUMN (GST_TFR_FIELD_AGREEMENT, agreement, append_float),
  COLUMN (GST_TFR_FIELD_BIN, bin, append_uint32),
};

static void
append_names (GString *text, GstTfrFields fields)
{
  g_string_append (text, "channel,frame_sample");
  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    if (fields & columns[c].field)
      g_string_append_printf (text, ",%s", columns[c].name);
  g_string_append (text, "\r\n");
}

static void
append_point (
    GString *text, GstTfrFields fields, const GstTfrBatch *batch, guint i)
{
  for (guint c = 0; c < G_N_ELEMENTS (columns); c++) {
    gconstpointer plane =
        G_STRUCT_MEMBER (gconstpointer, batch, columns[c].plane);

    if (!(fields & columns[c].field))
      continue;
    g_string_append_c (text, ',');
    if (plane != NULL)
      columns[c].append (text, plane, i);
  }
  g_string_append (text, "\r\n");
}

static gboolean
is_finite (const GstTfrBatch *batch, guint i)
{
  return isfinite (batch->time[i]) && isfinite (batch->frequency[i]) &&
         isfinite (batch->magnitude[i]);
}

static void
append_batch (GString *text, GstTfrFields fields, const GstTfrBatch *batch)
{
  const GstTfrHeader *h = &batch->header;
  guint i = 0;

  for (guint frame = 0; frame < h->n_frames; frame++) {
    gint64 sample = h->first + (gint64) frame * h->hop_size;

    for (guint channel = 0; channel < h->channels; channel++) {
      guint end = i + batch->counts[(gsize) frame * h->channels + channel];

      for (; i < end; i++) {
        if (!is_finite (batch, i))
          continue;
        g_string_append_printf (text, "%u,%" G_GINT64_FORMAT, channel, sample);
        append_point (text, fields, batch, i);
      }
    }
  }
}

static GstBuffer *
to_buffer (GString *text)
{
  gsize size = text->len;

  return gst_buffer_new_wrapped (g_string_free (text, FALSE), size);
}

/* --------------------------------------------------------- the stream ---- */

static void
check_fields (GstTfrCsvEnc *self, GstTfrFields fields)
{
  if (fields == self->fields || self->warned)
    return;
  self->warned = TRUE;
  GST_ELEMENT_WARNING (self, STREAM, FORMAT,
      ("The fields of the points have changed; the columns stay."), (NULL));
}

static void
begin_table (GstTfrCsvEnc *self, GString *text, GstTfrFields fields)
{
  self->fields = fields;
  self->has_columns = TRUE;
  self->warned = FALSE;
  append_names (text, fields);
}

static GString *
write_batch (GstTfrCsvEnc *self, const GstTfrBatch *batch)
{
  GstTfrFields fields = batch->header.fields & 0xff;
  GString *text = g_string_sized_new (128 + 96 * batch->header.n_points);

  if (!self->has_columns)
    begin_table (self, text, fields);
  check_fields (self, fields);
  append_batch (text, self->fields, batch);
  return text;
}

/* One buffer of text for each batch; none for one without points. */
static GstFlowReturn
generate_output (GstBaseTransform *trans, GstBuffer **out)
{
  GstTfrCsvEnc *self = GST_TFR_CSV_ENC (trans);
  GstBuffer *in = trans->queued_buf;
  GstTfrBatch batch;
  GError *error = NULL;
  GString *text;

  *out = NULL;
  if (in == NULL)
    return GST_FLOW_OK;
  trans->queued_buf = NULL;
  if (!gst_tfr_batch_map (&batch, in, &error)) {
    GST_ELEMENT_ERROR (self, STREAM, DECODE, ("%s", error->message), (NULL));
    g_error_free (error);
    gst_buffer_unref (in);
    return GST_FLOW_ERROR;
  }
  text = write_batch (self, &batch);
  gst_tfr_batch_unmap (&batch);
  if (text->len > 0) {
    *out = to_buffer (text);
    GST_BUFFER_PTS (*out) = GST_BUFFER_PTS (in);
    GST_BUFFER_DURATION (*out) = GST_BUFFER_DURATION (in);
    if (GST_BUFFER_IS_DISCONT (in))
      GST_BUFFER_FLAG_SET (*out, GST_BUFFER_FLAG_DISCONT);
  } else {
    g_string_free (text, TRUE);
  }
  gst_buffer_unref (in);
  return GST_FLOW_OK;
}

/* A stream without batches is a table without rows. */
static void
write_names_alone (GstTfrCsvEnc *self)
{
  GString *text = g_string_new (NULL);

  begin_table (self, text, self->caps_fields);
  gst_pad_push (GST_BASE_TRANSFORM_SRC_PAD (self), to_buffer (text));
}

/* After a flush filesink begins its file anew. */
static gboolean
sink_event (GstBaseTransform *trans, GstEvent *event)
{
  GstTfrCsvEnc *self = GST_TFR_CSV_ENC (trans);

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    self->has_columns = FALSE;
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS && !self->has_columns &&
      self->caps_fields != 0 && gst_tfr_has_segment (trans))
    write_names_alone (self);
  return GST_BASE_TRANSFORM_CLASS (gst_tfr_csv_enc_parent_class)
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
  GstTfrCsvEnc *self = GST_TFR_CSV_ENC (trans);
  GstTfrInfo info;

  if (!gst_tfr_info_from_caps (&info, in))
    return FALSE;
  self->caps_fields = info.fields;
  return TRUE;
}

static gboolean
start (GstBaseTransform *trans)
{
  GstTfrCsvEnc *self = GST_TFR_CSV_ENC (trans);

  self->caps_fields = 0;
  self->has_columns = FALSE;
  return TRUE;
}

static void
gst_tfr_csv_enc_class_init (GstTfrCsvEncClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (
      tfr_csv_enc_debug, "tfrcsvenc", 0, "points to comma-separated values");

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Reassigned points to CSV", "Codec/Encoder",
      "Time-frequency reassigned points to comma-separated values, a line for "
      "each, after RFC 4180",
      "The tfr developers");

  trans_class->transform_caps = GST_DEBUG_FUNCPTR (transform_caps);
  trans_class->set_caps = GST_DEBUG_FUNCPTR (set_caps);
  trans_class->generate_output = GST_DEBUG_FUNCPTR (generate_output);
  trans_class->transform = GST_DEBUG_FUNCPTR (gst_tfr_transform_never);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (sink_event);
  trans_class->start = GST_DEBUG_FUNCPTR (start);
}

static void
gst_tfr_csv_enc_init (GstTfrCsvEnc *self)
{
}
