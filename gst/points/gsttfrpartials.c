/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Batches of partials as they are read. */

#include "gsttfrpartials.h"

#include "gsttfrmapping.h"

/**
 * gst_tfr_partials_map: (skip)
 * @partials: (out caller-allocates): the view; unmap after use
 * @buffer: one batch of partials, kept until then
 * @error: #GST_STREAM_ERROR, as gst_tfr_header_read(); WRONG_TYPE for a batch
 * of points
 *
 * Memory that is not aligned to 8 bytes is copied.
 *
 * Returns: whether @buffer holds a sound batch; when not, nothing is mapped
 */
gboolean
gst_tfr_partials_map (
    GstTfrPartials *partials, GstBuffer *buffer, GError **error)
{
  GstTfrParts parts;

  memset (partials, 0, sizeof *partials);
  if (!gst_tfr_mapping_open (&partials->mapping, GST_TFR_KIND_PARTIALS, buffer,
          &partials->header, &parts, error)) {
    memset (partials, 0, sizeof *partials);
    return FALSE;
  }
  partials->counts = parts.counts;
  partials->time = parts.planes[0];
  partials->frequency = parts.planes[1];
  partials->amplitude = parts.planes[2];
  partials->phase = parts.planes[3];
  partials->bandwidth = parts.planes[4];
  partials->id = parts.planes[5];
  partials->flags = parts.planes[6];
  return TRUE;
}

/**
 * gst_tfr_partials_unmap: (skip)
 * @partials: a mapped view
 */
void
gst_tfr_partials_unmap (GstTfrPartials *partials)
{
  gst_tfr_mapping_close (&partials->mapping);
  memset (partials, 0, sizeof *partials);
}
