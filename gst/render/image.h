/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The picture as pixels: a ring of coloured columns, of which only those that
 * changed are coloured again. */

#ifndef GST_TFR_IMAGE_H
#define GST_TFR_IMAGE_H

#include "autolevel.h"
#include "colour.h"
#include "picture.h"

typedef struct {
  GstTfrPixel pixel;
  guint length, breadth;
  GstTfrOrientation orientation;
  guint32 *ring;  /* a column at its number modulo length; rows upward */
  gint64 painted; /* first column that was never painted */
  gboolean all;   /* everything must be painted again */

  gdouble min_level, max_level; /* dB, as they are in force */
  GstTfrAutoLevel mode;
  GstTfrAutoRange range;
  GstTfrLevels levels;
  guint32 pixels[GST_TFR_COLOUR_STEPS]; /* packed */
  guint32 colors[GST_TFR_COLOUR_STEPS]; /* 0xrrggbb */
  guint32 hues[GST_TFR_MAX_LAYERS];
  guint32 cycle[256];
  gfloat *gains; /* [breadth], from cells to squared amplitudes */

  guint32 *strip; /* a few columns of pixels */
  guint16 *steps; /* [breadth] */
  guint16 *below; /* [breadth], of the underlay */
  gfloat *sums;   /* [layers + 1][breadth] */
} GstTfrImage;

void gst_tfr_image_init (GstTfrImage *image);
void gst_tfr_image_clear (GstTfrImage *image);

void gst_tfr_image_set_size (GstTfrImage *image, guint length, guint breadth,
    GstTfrOrientation orientation, const GstTfrPixel *pixel);

/* Colours and levels anew, from the picture's look and lanes. */
void gst_tfr_image_set_colours (GstTfrImage *image, GstTfrPicture *picture);

/* First column after the one that holds the moment `edge` seconds after the
 * base; the image shows those before it. */
gint64 gst_tfr_image_end (const GstTfrPicture *picture, gdouble edge);

/* Up to that moment, to pixels of a frame. */
void gst_tfr_image_draw (GstTfrImage *image, GstTfrPicture *picture,
    gdouble edge, guint32 *to, gsize stride);

/* The colour of a step, 0xrrggbb, where all energy is in one layer. */
guint32 gst_tfr_image_legend (const GstTfrImage *image,
    const GstTfrPicture *picture, guint layer, guint step);

/* Level of a row in the columns [from, to), dBFS. */
gdouble gst_tfr_image_row_level (const GstTfrImage *image,
    const GstTfrPicture *picture, guint row, gint64 from, gint64 to);

#endif
