/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef GST_TFR_BATCH_H
#define GST_TFR_BATCH_H

#include "gsttfrheader.h"

G_BEGIN_DECLS

/**
 * GstTfrBatch: (skip)
 * @header: the header
 * @counts: (array): points of frame 0 channel 0, frame 0 channel 1, ...
 * @time: s, one value a point, in the order of the counts
 * @frequency: Hz
 * @magnitude: linear
 * @phase: (nullable): rad
 * @mixed: (nullable): mixed phase derivative
 * @chirp_rate: (nullable): Hz/s
 * @agreement: (nullable): 0 to 1
 * @bin: (nullable): bin
 *
 * A view of a mapped buffer of points.  Planes of fields that are not there are
 * %NULL. Points may hold anything, NaN too; counts have been checked to add up.
 */
typedef struct {
  GstTfrHeader header;
  const guint32 *counts;
  const gdouble *time;
  const gdouble *frequency;
  const gfloat *magnitude;
  const gfloat *phase;
  const gfloat *mixed;
  const gfloat *chirp_rate;
  const gfloat *agreement;
  const guint32 *bin;

  /*< private >*/
  GstTfrMapping mapping;
  gpointer _gst_reserved[4];
} GstTfrBatch;

GST_TFR_API gboolean gst_tfr_batch_map (
    GstTfrBatch *batch, GstBuffer *buffer, GError **error);
GST_TFR_API void gst_tfr_batch_unmap (GstTfrBatch *batch);

G_END_DECLS

#endif
