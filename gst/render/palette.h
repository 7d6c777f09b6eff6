/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Colour maps by name, and the user's own. */

#ifndef GST_TFR_PALETTE_H
#define GST_TFR_PALETTE_H

#include <glib.h>

typedef enum {
  GST_TFR_COLOR_MAP_INFERNO,
  GST_TFR_COLOR_MAP_MAGMA,
  GST_TFR_COLOR_MAP_PLASMA,
  GST_TFR_COLOR_MAP_VIRIDIS,
  GST_TFR_COLOR_MAP_CIVIDIS,
  GST_TFR_COLOR_MAP_ROSEUS,
  GST_TFR_COLOR_MAP_TURBO,
  GST_TFR_COLOR_MAP_TWILIGHT,
  GST_TFR_COLOR_MAP_GRAY,
  GST_TFR_COLOR_MAP_GRAY_INVERTED,
  GST_TFR_COLOR_MAP_CUBEHELIX
} GstTfrColorMap;

/* n colours, 0xrrggbb, from one end of the map to the other. */
void gst_tfr_palette_fill (GstTfrColorMap map, guint32 *colors, guint n);

/* The same from "0:#000000 0.6:#ff0000 1:#ffffff" (positions in ascending
 * order; without positions: evenly spaced), or from a file that holds such
 * text.  FALSE with an error when it cannot be read; nothing is written then.
 */
gboolean gst_tfr_palette_parse (
    const gchar *text, guint32 *colors, guint n, GError **error);

/* A colour that is told apart from its neighbours' by hue alone: `index` of n.
 */
guint32 gst_tfr_palette_hue (guint index, guint n);

/* Between two colours, 0 <= t <= 1. */
guint32 gst_tfr_palette_blend (guint32 a, guint32 b, gdouble t);

#endif
