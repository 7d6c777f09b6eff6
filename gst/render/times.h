/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The time axis: labels that move with the image, and where on it a moment is.
 */

#ifndef GST_TFR_TIMES_H
#define GST_TFR_TIMES_H

#include "overlay.h"
#include "ticks.h"

/* A stretch of the image and the times that it shows. */
typedef struct {
  gdouble from_px, to_px;     /* along the image's length */
  gdouble from_time, to_time; /* s after the base; may run backward */
} GstTfrStretch;

/* One, or two in a sweep: this one and what is left of the one before. */
guint gst_tfr_times_find_stretches (const GstTfrPicture *picture,
    const GstTfrMoment *moment, GstTfrStretch *stretches);

/* A tick, so many px along the image's length, and where in the frame its label
 * stands; no width: it has none. */
typedef struct {
  GstTfrTick tick;
  gdouble px;
  GstTfrRect at;
} GstTfrTimeLabel;

GArray *gst_tfr_times_find_labels (const GstTfrOverlay *o,
    const GstTfrPicture *picture, const GstTfrMoment *moment);

/* In place of the marks that stood there before. */
void gst_tfr_times_draw (GstTfrOverlay *o, const GstTfrPicture *picture,
    const GstTfrMoment *moment, GstTfrBeside *beside, GstTfrCanvas *canvas);

/* px between labels at least. */
gdouble gst_tfr_times_spacing (
    const GstTfrOverlay *o, const GstTfrPicture *picture);

#endif
