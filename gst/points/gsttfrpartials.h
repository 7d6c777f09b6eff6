/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef GST_TFR_PARTIALS_H
#define GST_TFR_PARTIALS_H

#include "gsttfrheader.h"

G_BEGIN_DECLS

/**
 * GstTfrRowFlags:
 * @GST_TFR_ROW_BIRTH: the partial begins with this row
 * @GST_TFR_ROW_DEATH: the partial ends with this row, whose amplitude is 0
 */
typedef enum {
  GST_TFR_ROW_BIRTH = 1 << 0,
  GST_TFR_ROW_DEATH = 1 << 1
} GstTfrRowFlags;

/**
 * GstTfrPartials: (skip)
 * @header: the header
 * @counts: (array): rows of frame 0 channel 0, frame 0 channel 1, ...
 * @time: s, one value a row, in the order of the counts
 * @frequency: Hz
 * @amplitude: linear, the peak of a sine
 * @phase: rad, of a cosine
 * @bandwidth: 0 to 1, the part of the energy that is noise
 * @id: 1 and up; the rows of a partial have the same, in its channel
 * @flags: #GstTfrRowFlags
 *
 * A view of a mapped buffer of partials.  All planes are there.  Rows may hold
 * anything, NaN too; counts have been checked to add up.
 */
typedef struct {
  GstTfrHeader header;
  const guint32 *counts;
  const gdouble *time;
  const gdouble *frequency;
  const gfloat *amplitude;
  const gfloat *phase;
  const gfloat *bandwidth;
  const guint32 *id;
  const guint32 *flags;

  /*< private >*/
  GstTfrMapping mapping;
  gpointer _gst_reserved[4];
} GstTfrPartials;

GST_TFR_API gboolean gst_tfr_partials_map (
    GstTfrPartials *partials, GstBuffer *buffer, GError **error);
GST_TFR_API void gst_tfr_partials_unmap (GstTfrPartials *partials);

G_END_DECLS

#endif
