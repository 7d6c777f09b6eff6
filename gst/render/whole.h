/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A picture of a whole stream as pixels: as many columns as it came to, drawn
 * together to the length of the image. */

#ifndef GST_TFR_WHOLE_H
#define GST_TFR_WHOLE_H

#include "image.h"

/* All that has been drawn in so many seconds. */
void gst_tfr_whole_paint (GstTfrImage *image, const GstTfrPicture *picture,
    gdouble seconds, guint32 *plot, gsize stride);

#endif
