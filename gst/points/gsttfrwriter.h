/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef GST_TFR_WRITER_H
#define GST_TFR_WRITER_H

#include "gsttfrheader.h"

G_BEGIN_DECLS

/**
 * GstTfrWriter: (skip)
 *
 * A batch in the making, of points or partials.  Points are written where they
 * will leave:
 *
 * |[<!-- language="C" -->
 *   gst_tfr_writer_begin (&w, &header_with_room, NULL, NULL);
 *   for each frame, and each channel in it:
 *     gst_tfr_writer_get_planes (&w, planes);
 *     write n points to planes[0], planes[1], ...
 *     gst_tfr_writer_add (&w, n);
 *   buffer = gst_tfr_writer_finish (&w, flags, end);
 * ]|
 */
typedef struct {
  GstTfrHeader header; /* n_frames and n_points: the most there can be */
  guint n_counts;      /* written */
  guint n_points;      /* written */

  /*< private >*/
  GstBuffer *buffer;
  GstMapInfo map;
  GstTfrLayout layout;
  gpointer _gst_reserved[4];
} GstTfrWriter;

GST_TFR_API gboolean gst_tfr_writer_begin_in (
    GstTfrWriter *writer, const GstTfrHeader *header, GstBuffer *buffer);
GST_TFR_API gboolean gst_tfr_writer_begin (GstTfrWriter *writer,
    const GstTfrHeader *header, GstAllocator *allocator,
    const GstAllocationParams *params);
GST_TFR_API void gst_tfr_writer_get_planes (
    const GstTfrWriter *writer, gpointer planes[32]);
GST_TFR_API void gst_tfr_writer_add (GstTfrWriter *writer, guint n_points);
GST_TFR_API guint gst_tfr_writer_append (GstTfrWriter *writer,
    const GstTfrWriter *piece, guint count, guint n_counts, guint point);
GST_TFR_API GstBuffer *gst_tfr_writer_finish (
    GstTfrWriter *writer, guint32 flags, gint64 end);
GST_TFR_API void gst_tfr_writer_abort (GstTfrWriter *writer);

G_END_DECLS

#endif
