/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Energies to pixels: decibels, a range of them, a colour map. */

#ifndef GST_TFR_COLOUR_H
#define GST_TFR_COLOUR_H

#include <gst/video/video.h>

typedef enum {
  GST_TFR_COLOR_MAP_INFERNO,
  GST_TFR_COLOR_MAP_MAGMA,
  GST_TFR_COLOR_MAP_PLASMA,
  GST_TFR_COLOR_MAP_VIRIDIS,
  GST_TFR_COLOR_MAP_GRAY,
  GST_TFR_COLOR_MAP_GRAY_INVERTED
} GstTfrColorMap;

/* Steps of level that are told apart: 0.1 dB over a range of 100. */
#define GST_TFR_COLOUR_STEPS 1024

/* One of the 32-bit formats: where each byte is in a pixel as this machine reads
 * it. */
typedef struct {
  guint red, green, blue; /* shifts */
  guint32 opaque;         /* the bits of alpha, or of nothing */
} GstTfrPixel;

gboolean gst_tfr_pixel_init (GstTfrPixel *pixel, GstVideoFormat format);
guint32 gst_tfr_pixel_pack (const GstTfrPixel *pixel, guint32 rgb);

typedef struct {
  guint32 pixels[GST_TFR_COLOUR_STEPS]; /* from min_level to max_level */
  gfloat slope, offset; /* step = log2 (squared amplitude) * slope + offset */
} GstTfrColours;

void gst_tfr_colours_init (GstTfrColours *c, GstTfrColorMap map,
    gboolean inverted, gdouble min_level, gdouble max_level,
    const GstTfrPixel *pixel);

/* From black to one hue, for channel `index` of n.  The pixels are 0xrrggbb, to
 * be added up over the channels. */
void gst_tfr_colours_init_hue (GstTfrColours *c, guint index, guint n,
    gdouble min_level, gdouble max_level);

/* steps[n] of cells[n], scale * cell being squared amplitudes. */
void gst_tfr_colours_steps (const GstTfrColours *c, const gfloat *cells,
    gfloat scale, gsize n, guint16 *steps);

#endif
