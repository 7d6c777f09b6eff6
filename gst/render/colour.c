/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "colour.h"

#include "wide.h"

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
#define SHIFT(component)                                                       \
  (8 * (guint) GST_VIDEO_FORMAT_INFO_POFFSET (info, component))
#else
#define SHIFT(component)                                                       \
  (24 - 8 * (guint) GST_VIDEO_FORMAT_INFO_POFFSET (info, component))
#endif
  pixel->red = SHIFT (0);
  pixel->green = SHIFT (1);
  pixel->blue = SHIFT (2);
#undef SHIFT
  pixel->opaque =
      ~(0xffu << pixel->red | 0xffu << pixel->green | 0xffu << pixel->blue);
  return TRUE;
}

/* 10 log10 (x) = 3.01 log2 (x) */
void
gst_tfr_levels_init (GstTfrLevels *levels, gdouble min_level, gdouble max_level)
{
  gdouble range = MAX (max_level - min_level, 0.1);
  gdouble steps = GST_TFR_COLOUR_STEPS - 1;

  levels->slope = (gfloat) (10 * log10 (2) / range * steps);
  levels->offset = (gfloat) (-min_level / range * steps);
}

/* log2 of a positive normal x to 2e-5; about -127 for 0 and denormals.  The
 * polynomial is log2 (m) / (m - 1) on [1, 2], fitted for the least largest
 * error with the ends exact. */
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
                        2.3015802f) *
                           m +
                       2.8053238f);
}

static inline gfloat
find (const GstTfrLevels *levels, gfloat square)
{
  const gfloat top = GST_TFR_COLOUR_STEPS - 1;
  gfloat step = quick_log2 (square) * levels->slope + levels->offset;

  step = step > 0 ? step : 0; /* NaN too */
  return step < top ? step : top;
}

GST_TFR_WIDE_BODY void
find_each (gfloat slope, gfloat offset, const gfloat *restrict cells,
    const gfloat *restrict gains, gsize n, guint16 *restrict steps)
{
  const GstTfrLevels levels = { slope, offset };

  for (gsize i = 0; i < n; i++)
    steps[i] = (guint16) (gint) (find (&levels, cells[i] * gains[i]) + 0.5f);
}

GST_TFR_WIDE (find_all,
    (gfloat slope, gfloat offset, const gfloat *cells, const gfloat *gains,
        gsize n, guint16 *steps),
    find_each, (slope, offset, cells, gains, n, steps))

void
gst_tfr_levels_find (const GstTfrLevels *levels, const gfloat *cells,
    const gfloat *gains, gsize n, guint16 *steps)
{
  find_all (levels->slope, levels->offset, cells, gains, n, steps);
}

gfloat
gst_tfr_levels_find_one (const GstTfrLevels *levels, gfloat square)
{
  return find (levels, square);
}
