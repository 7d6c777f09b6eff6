/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "references.h"

typedef struct {
  GstCaps *clock;
  GstClockTime time;
} Stamp;

static void
stamp_clear (gpointer data)
{
  gst_clear_caps (&((Stamp *) data)->clock);
}

void
gst_tfr_references_init (GstTfrReferences *r)
{
  r->stamps = g_array_new (FALSE, FALSE, sizeof (Stamp));
  g_array_set_clear_func (r->stamps, stamp_clear);
}

void
gst_tfr_references_forget (GstTfrReferences *r)
{
  g_array_set_size (r->stamps, 0);
}

void
gst_tfr_references_clear (GstTfrReferences *r)
{
  g_clear_pointer (&r->stamps, g_array_unref);
}

gboolean
gst_tfr_references_any (GstBuffer *audio)
{
  gpointer state = NULL;

  return gst_buffer_iterate_meta_filtered (audio, &state,
             GST_REFERENCE_TIMESTAMP_META_API_TYPE) != NULL;
}

void
gst_tfr_references_take (
    GstTfrReferences *r, GstBuffer *audio, gint64 position)
{
  GstMeta *meta;
  gpointer state = NULL;
  gboolean any = FALSE;

  while ((meta = gst_buffer_iterate_meta_filtered (
              audio, &state, GST_REFERENCE_TIMESTAMP_META_API_TYPE)) != NULL) {
    const GstReferenceTimestampMeta *reference =
        (const GstReferenceTimestampMeta *) meta;
    Stamp stamp = { gst_caps_ref (reference->reference),
      reference->timestamp };

    if (!any)
      g_array_set_size (r->stamps, 0);
    any = TRUE;
    g_array_append_val (r->stamps, stamp);
    r->position = position;
  }
}

void
gst_tfr_references_give (
    const GstTfrReferences *r, GstBuffer *batch, guint rate)
{
  gint64 samples = (gint64) GST_BUFFER_OFFSET (batch) - r->position;
  GstClockTime moved =
      gst_util_uint64_scale ((guint64) ABS (samples), GST_SECOND, rate);

  for (guint i = 0; i < r->stamps->len; i++) {
    const Stamp *stamp = &g_array_index (r->stamps, Stamp, i);

    if (samples >= 0 || stamp->time >= moved)
      gst_buffer_add_reference_timestamp_meta (batch, stamp->clock,
          samples >= 0 ? stamp->time + moved : stamp->time - moved,
          GST_CLOCK_TIME_NONE);
  }
}
