/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Colour tables, 0xrrggbb from the weakest level to the strongest. */

#ifndef GST_TFR_PALETTES_DATA_H
#define GST_TFR_PALETTES_DATA_H

#include <glib.h>

extern const guint32 gst_tfr_palette_inferno[256];
extern const guint32 gst_tfr_palette_magma[256];
extern const guint32 gst_tfr_palette_plasma[256];
extern const guint32 gst_tfr_palette_viridis[256];

#endif
