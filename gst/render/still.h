/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What stands beside the image and does not change from frame to frame:
 * frequency axis, colour bar, a line about the analysis. */

#ifndef GST_TFR_STILL_H
#define GST_TFR_STILL_H

#include "overlay.h"
#include "ticks.h"

void gst_tfr_still_draw (
    GstTfrOverlay *o, const GstTfrImage *image, const GstTfrPicture *picture);

/* GstTfrTick of a lane, or names of notes. */
GArray *gst_tfr_still_frequencies (const GstTfrOverlay *o,
    const GstTfrPicture *picture, const GstTfrLane *lane, gboolean notes);

#endif
