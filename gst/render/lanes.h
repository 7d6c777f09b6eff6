/* SPDX-License-Identifier: GPL-2.0-or-later */

/* How a picture divides into lanes, and the grids that these stand on. */

#ifndef GST_TFR_LANES_H
#define GST_TFR_LANES_H

#include "picture.h"

#include <math.h>

/* As the look, the size and the stream of the picture ask for; what they held
 * is gone.  NULL, or a sentence why there are none. */
const gchar *gst_tfr_lanes_make (GstTfrPicture *p);
void gst_tfr_lanes_clear (GstTfrPicture *p);

/* All columns become twice as long. */
void gst_tfr_lanes_halve (GstTfrPicture *p);

/* Columns that each grid holds. */
guint gst_tfr_lanes_n_columns (const GstTfrPicture *p);

/* A column's number, rounded already.  Streams may claim to be so long that an
 * integer would not hold it: it stays where others can still be added to it. */
static inline gint64
gst_tfr_lanes_column (gdouble column)
{
  const gdouble far = 4503599627370496.0; /* 2^52 */

  return (gint64) fmax (-far, fmin (column, far));
}

/* What colours tell apart, as it is in force. */
GstTfrColorBy gst_tfr_lanes_color_by (const GstTfrPicture *p);

#endif
