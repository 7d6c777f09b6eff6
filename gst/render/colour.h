/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Energies to steps of level, and steps to pixels. */

#ifndef GST_TFR_COLOUR_H
#define GST_TFR_COLOUR_H

#include <gst/video/video.h>

/* Steps of level that are told apart: 0.1 dB over a range of 100. */
#define GST_TFR_COLOUR_STEPS 1024

/* One of the 32-bit formats: where each byte is in a pixel as this machine
 * reads it. */
typedef struct {
  guint red, green, blue; /* shifts */
  guint32 opaque;         /* the bits of alpha, or of nothing */
} GstTfrPixel;

gboolean gst_tfr_pixel_init (GstTfrPixel *pixel, GstVideoFormat format);

static inline guint32
gst_tfr_pixel_pack (const GstTfrPixel *pixel, guint32 rgb)
{
  return pixel->opaque | (rgb >> 16 & 0xff) << pixel->red |
         (rgb >> 8 & 0xff) << pixel->green | (rgb & 0xff) << pixel->blue;
}

/* 0xaarrggbb over a pixel, with its alpha times `cover` / 255. */
static inline guint32
gst_tfr_pixel_over (
    const GstTfrPixel *pixel, guint32 under, guint32 argb, guint cover)
{
  guint alpha = (argb >> 24) * cover / 255, left = 255 - alpha;
  guint32 over = gst_tfr_pixel_pack (pixel, argb);
  guint32 even = (over & 0xff00ff) * alpha + (under & 0xff00ff) * left;
  guint32 odd = (over >> 8 & 0xff00ff) * alpha + (under >> 8 & 0xff00ff) * left;

  /* x / 255, rounded, of two bytes at a time */
  even += 0x800080;
  odd += 0x800080;
  even = (even + (even >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
  odd = (odd + (odd >> 8 & 0xff00ff)) & 0xff00ff00;
  return even | odd | pixel->opaque;
}

/* From decibels to steps. */
typedef struct {
  gfloat slope, offset; /* step = log2 (squared amplitude) * slope + offset */
} GstTfrLevels;

void gst_tfr_levels_init (
    GstTfrLevels *levels, gdouble min_level, gdouble max_level);

/* steps[n] of cells[n], gains[n] * cells being squared amplitudes. */
void gst_tfr_levels_find (const GstTfrLevels *levels, const gfloat *cells,
    const gfloat *gains, gsize n, guint16 *steps);

/* Of one squared amplitude, 0 to GST_TFR_COLOUR_STEPS - 1. */
gfloat gst_tfr_levels_find_one (const GstTfrLevels *levels, gfloat square);

#endif
