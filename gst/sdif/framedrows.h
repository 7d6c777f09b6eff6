/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Frames of rows, as they come one after the other, to batches. */

#ifndef GST_TFR_FRAMED_ROWS_H
#define GST_TFR_FRAMED_ROWS_H

#include "gsttfr.h"
#include "reassign.h"

typedef struct {
  GstTfrHeader header; /* of the batch that is gathered */
  guint frames_per_batch;
  GArray *counts;
  GByteArray *planes[7];
  gboolean any;     /* a batch has left */
  gboolean discont; /* before this batch */
  gint64 next;      /* sample of the frame that would follow */
} GstTfrFramedRows;

/* The header says all but what follows from the frames. */
void gst_tfr_framed_rows_init (
    GstTfrFramedRows *r, const GstTfrHeader *header, guint frames_per_batch);
void gst_tfr_framed_rows_clear (GstTfrFramedRows *r);

/* Whether the frame at this sample belongs to a new batch. */
gboolean gst_tfr_framed_rows_is_full (const GstTfrFramedRows *r, gint64 sample);

/* A frame's channels one after the other. */
void gst_tfr_framed_rows_add (GstTfrFramedRows *r, const ReassignRows *rows);

/* The batch of the frames that have come, one at least; NULL without memory. */
GstBuffer *gst_tfr_framed_rows_take (GstTfrFramedRows *r);

#endif
