/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef GST_TFR_BATCH_VIEW_H
#define GST_TFR_BATCH_VIEW_H

#include "gsttfrheader.h"

G_BEGIN_DECLS

/**
 * GstTfrBatchView:
 *
 * A batch as other languages read it.  It keeps the buffer mapped as long as
 * it, or a plane taken from it, lives; nothing is copied and no value is
 * wrapped:
 *
 * |[<!-- language="plain" -->
 * view = GstTfr.BatchView.new(buffer)
 * n = view.get_header().n_points
 * with buffer.map(Gst.MapFlags.READ) as m:
 *     hz = numpy.frombuffer(m.data, "<f8", n,
 *                           view.get_plane_offset(GstTfr.Fields.FREQUENCY))
 * ]|
 *
 * C reads a #GstTfrBatch or #GstTfrPartials.
 */
typedef struct _GstTfrBatchView GstTfrBatchView;

#define GST_TYPE_TFR_BATCH_VIEW (gst_tfr_batch_view_get_type ())
GST_TFR_API GType gst_tfr_batch_view_get_type (void);

GST_TFR_API GstTfrBatchView *gst_tfr_batch_view_new (
    GstBuffer *buffer, GError **error);
GST_TFR_API GstTfrBatchView *gst_tfr_batch_view_ref (GstTfrBatchView *view);
GST_TFR_API void gst_tfr_batch_view_unref (GstTfrBatchView *view);

GST_TFR_API void gst_tfr_batch_view_get_header (
    const GstTfrBatchView *view, GstTfrHeader *header);
GST_TFR_API GBytes *gst_tfr_batch_view_get_counts (GstTfrBatchView *view);
GST_TFR_API GBytes *gst_tfr_batch_view_get_plane (
    GstTfrBatchView *view, guint32 field);
GST_TFR_API gsize gst_tfr_batch_view_get_counts_offset (
    const GstTfrBatchView *view);
GST_TFR_API gsize gst_tfr_batch_view_get_plane_offset (
    const GstTfrBatchView *view, guint32 field);

G_END_DECLS

#endif
