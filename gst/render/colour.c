/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "colour.h"

#include "palettes_data.h"

#include <math.h>
#include <string.h>

gboolean
gst_tfr_pixel_init (GstTfrPixel *pixel, GstVideoFormat format)
{
  const GstVideoFormatInfo *info = gst_video_format_get_info (format);

  switch (format) {
    case GST_VIDEO_FORMAT_BGRx:
    case GST_VIDEO_FORMAT_RGBx:
    case GST_VIDEO_FORMAT_xRGB:
    case GST_VIDEO_FORMAT_xBGR:
    case GST_VIDEO_FORMAT_BGRA:
    case GST_VIDEO_FORMAT_RGBA:
    case GST_VIDEO_FORMAT_ARGB:
    case GST_VIDEO_FORMAT_ABGR:
      break;
    default:
      return FALSE;
  }
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define SHIFT(component) \
  (8 * (guint) GST_VIDEO_FORMAT_INFO_POFFSET (info, component))
#else
#define SHIFT(component) \
  (24 - 8 * (guint) GST_VIDEO_FORMAT_INFO_POFFSET (info, component))
#endif
  pixel->red = SHIFT (0);
  pixel->green = SHIFT (1);
  pixel->blue = SHIFT (2);
#undef SHIFT
  pixel->opaque = ~(0xffu << pixel->red | 0xffu << pixel->green |
                    0xffu << pixel->blue);
  return TRUE;
}

guint32
gst_tfr_pixel_pack (const GstTfrPixel *pixel, guint32 rgb)
{
  return pixel->opaque | (rgb >> 16 & 0xff) << pixel->red |
         (rgb >> 8 & 0xff) << pixel->green | (rgb & 0xff) << pixel->blue;
}

/* Between two colours, 0 <= t <= 1. */
static guint32
blend (guint32 a, guint32 b, gdouble t)
{
  guint32 rgb = 0;

  for (guint shift = 0; shift < 24; shift += 8) {
    gdouble from = a >> shift & 0xff, to = b >> shift & 0xff;

    rgb |= (guint32) (from + t * (to - from) + 0.5) << shift;
  }
  return rgb;
}

/* The colour at t, 0 <= t <= 1, of a table of n. */
static guint32
look_up (const guint32 *table, guint n, gdouble t)
{
  gdouble place = t * (n - 1);
  guint i = MIN ((guint) place, n - 2);

  return blend (table[i], table[i + 1], place - i);
}

static guint32
map_colour (GstTfrColorMap map, gdouble t)
{
  static const guint32 gray[] = { 0x000000, 0xffffff };
  static const guint32 inverted[] = { 0xffffff, 0x000000 };

  switch (map) {
    case GST_TFR_COLOR_MAP_INFERNO:
      return look_up (gst_tfr_palette_inferno, 256, t);
    case GST_TFR_COLOR_MAP_MAGMA:
      return look_up (gst_tfr_palette_magma, 256, t);
    case GST_TFR_COLOR_MAP_PLASMA:
      return look_up (gst_tfr_palette_plasma, 256, t);
    case GST_TFR_COLOR_MAP_VIRIDIS:
      return look_up (gst_tfr_palette_viridis, 256, t);
    case GST_TFR_COLOR_MAP_GRAY:
      return look_up (gray, 2, t);
    case GST_TFR_COLOR_MAP_GRAY_INVERTED:
      return look_up (inverted, 2, t);
  }
  return 0;
}

/* 10 log10 (x) = 3.01 log2 (x) */
static void
set_range (GstTfrColours *c, gdouble min_level, gdouble max_level)
{
  gdouble range = MAX (max_level - min_level, 0.1);

  c->slope = (gfloat) (10 * log10 (2) / range * (GST_TFR_COLOUR_STEPS - 1));
  c->offset = (gfloat) (-min_level / range * (GST_TFR_COLOUR_STEPS - 1));
}

void
gst_tfr_colours_init (GstTfrColours *c, GstTfrColorMap map, gboolean inverted,
    gdouble min_level, gdouble max_level, const GstTfrPixel *pixel)
{
  set_range (c, min_level, max_level);
  for (guint i = 0; i < GST_TFR_COLOUR_STEPS; i++) {
    guint32 rgb = map_colour (map, i / (GST_TFR_COLOUR_STEPS - 1.0));

    c->pixels[i] = gst_tfr_pixel_pack (pixel, inverted ? ~rgb : rgb);
  }
}

/* A fully saturated colour of the given hue, 0 to 6, made up to about the same
 * lightness for all. */
static guint32
hue_colour (gdouble hue)
{
  guint32 rgb = 0;

  for (guint i = 0; i < 3; i++) {
    gdouble distance = fabs (fmod (hue - 2.0 * i + 9, 6) - 3);

    rgb = rgb << 8 |
          (guint32) (255 * CLAMP (2 - distance, 0, 1) * 0.8 + 51);
  }
  return rgb;
}

void
gst_tfr_colours_init_hue (GstTfrColours *c, guint index, guint n,
    gdouble min_level, gdouble max_level)
{
  /* left cyan, right orange-red: opposite for two, evenly spaced for more */
  guint32 top = hue_colour (fmod (3.2 + 6.0 * index / MAX (n, 2), 6));

  set_range (c, min_level, max_level);
  for (guint i = 0; i < GST_TFR_COLOUR_STEPS; i++)
    c->pixels[i] = blend (0, top, i / (GST_TFR_COLOUR_STEPS - 1.0));
}

/* log2 of a positive normal x to 2e-5; about -127 for 0 and denormals.  The
 * polynomial is log2 (m) / (m - 1) on [1, 2], fitted for the least largest error
 * with the ends exact. */
static inline gfloat
quick_log2 (gfloat x)
{
  guint32 bits;
  gfloat exponent, m;

  memcpy (&bits, &x, sizeof bits);
  exponent = (gfloat) ((gint32) (bits >> 23) - 127);
  bits = (bits & 0x7fffff) | 0x3f800000;
  memcpy (&m, &bits, sizeof m);
  return exponent +
         (m - 1) * ((((0.045145985f * m - 0.37415186f) * m + 1.2671788f) * m -
                        2.3015802f) * m + 2.8053238f);
}

void
gst_tfr_colours_steps (const GstTfrColours *c, const gfloat *cells,
    gfloat scale, gsize n, guint16 *steps)
{
  const gfloat top = GST_TFR_COLOUR_STEPS - 1;

  for (gsize i = 0; i < n; i++) {
    gfloat step = quick_log2 (cells[i] * scale) * c->slope + c->offset + 0.5f;

    step = step > 0 ? step : 0; /* NaN too */
    step = step < top ? step : top;
    steps[i] = (guint16) (gint) step;
  }
}
