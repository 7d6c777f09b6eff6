/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Batches of points as they are read. */

#include "gsttfrbatch.h"

#include "gsttfrmapping.h"

/**
 * gst_tfr_batch_map: (skip)
 * @batch: (out caller-allocates): the view; unmap after use
 * @buffer: one batch of points, kept until then
 * @error: #GST_STREAM_ERROR, as gst_tfr_header_read(); WRONG_TYPE for a batch
 * of partials
 *
 * Memory that is not aligned to 8 bytes is copied.
 *
 * Returns: whether @buffer holds a sound batch; when not, nothing is mapped
 */
gboolean
gst_tfr_batch_map (GstTfrBatch *batch, GstBuffer *buffer, GError **error)
{
  GstTfrParts parts;

  memset (batch, 0, sizeof *batch);
  if (!gst_tfr_mapping_open (&batch->mapping, GST_TFR_KIND_POINTS, buffer,
          &batch->header, &parts, error)) {
    memset (batch, 0, sizeof *batch);
    return FALSE;
  }
  batch->counts = parts.counts;
  batch->time = parts.planes[0];
  batch->frequency = parts.planes[1];
  batch->magnitude = parts.planes[2];
  batch->phase = parts.planes[3];
  batch->mixed = parts.planes[4];
  batch->chirp_rate = parts.planes[5];
  batch->agreement = parts.planes[6];
  batch->bin = parts.planes[7];
  return TRUE;
}

/**
 * gst_tfr_batch_unmap: (skip)
 * @batch: a mapped view
 */
void
gst_tfr_batch_unmap (GstTfrBatch *batch)
{
  gst_tfr_mapping_close (&batch->mapping);
  memset (batch, 0, sizeof *batch);
}
