/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The points of a frame as splats on the grids of a lane. */

#ifndef GST_TFR_SPLATS_H
#define GST_TFR_SPLATS_H

#include "picture.h"

/* Draws the spots at hand. */
void gst_tfr_splats_draw (GstTfrPicture *p, gint64 centre, guint channel);

#endif
