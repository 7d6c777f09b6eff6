/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Colour tables, 0xrrggbb from the weakest level to the strongest. */

#ifndef GST_TFR_PALETTES_DATA_H
#define GST_TFR_PALETTES_DATA_H

#include <glib.h>

#define GST_TFR_PALETTE_SIZE 256

extern const guint32 gst_tfr_palette_inferno[GST_TFR_PALETTE_SIZE];
extern const guint32 gst_tfr_palette_magma[GST_TFR_PALETTE_SIZE];
extern const guint32 gst_tfr_palette_plasma[GST_TFR_PALETTE_SIZE];
extern const guint32 gst_tfr_palette_viridis[GST_TFR_PALETTE_SIZE];
extern const guint32 gst_tfr_palette_cividis[GST_TFR_PALETTE_SIZE];
extern const guint32 gst_tfr_palette_roseus[GST_TFR_PALETTE_SIZE];
extern const guint32 gst_tfr_palette_turbo[GST_TFR_PALETTE_SIZE];
extern const guint32 gst_tfr_palette_twilight[GST_TFR_PALETTE_SIZE];

#endif
