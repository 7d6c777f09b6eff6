/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The present spectrum at the side of the picture, with its recent peaks. */

#ifndef GST_TFR_PANEL_H
#define GST_TFR_PANEL_H

#include "overlay.h"

void gst_tfr_panel_draw (GstTfrOverlay *o, const GstTfrImage *image,
    const GstTfrPicture *picture, const GstTfrMoment *moment,
    GstTfrCanvas *canvas);

#endif
