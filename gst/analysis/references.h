/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What other clocks said of the audio (GstReferenceTimestampMeta), told of the
 * points as well: moved by as many samples as lie between. */

#ifndef GST_TFR_REFERENCES_H
#define GST_TFR_REFERENCES_H

#include <gst/gst.h>

typedef struct {
  GArray *stamps;  /* those of the last buffer that had any */
  gint64 position; /* of its first sample */
} GstTfrReferences;

void gst_tfr_references_init (GstTfrReferences *r);
void gst_tfr_references_forget (GstTfrReferences *r);
void gst_tfr_references_clear (GstTfrReferences *r);

/* Whether _take would find any. */
gboolean gst_tfr_references_any (GstBuffer *audio);
void gst_tfr_references_take (
    GstTfrReferences *r, GstBuffer *audio, gint64 position);

/* The batch's OFFSET is the position of its first frame. */
void gst_tfr_references_give (
    const GstTfrReferences *r, GstBuffer *batch, guint rate);

#endif
