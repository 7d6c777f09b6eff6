/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Cells to pixels: gains, levels, colour map, hues. */

#ifndef GST_TFR_SHADES_H
#define GST_TFR_SHADES_H

#include "autolevel.h"
#include "colour.h"
#include "picture.h"

typedef struct {
  GstTfrPixel pixel;
  guint breadth;
  gdouble min_level, max_level; /* dB, as they are in force */
  GstTfrAutoLevel mode;
  GstTfrAutoRange range;
  GstTfrLevels levels;
  guint32 pixels[GST_TFR_COLOUR_STEPS]; /* packed */
  guint32 colors[GST_TFR_COLOUR_STEPS]; /* 0xrrggbb */
  guint32 hues[GST_TFR_MAX_LAYERS];
  guint32 cycle[256];
  gfloat *gains;  /* [breadth], from cells to squared amplitudes */
  guint16 *steps; /* [breadth] */
  guint16 *below; /* [breadth], of the underlay */
} GstTfrShades;

void gst_tfr_shades_init (GstTfrShades *shades);
void gst_tfr_shades_clear (GstTfrShades *shades);
void gst_tfr_shades_set_size (
    GstTfrShades *shades, guint breadth, const GstTfrPixel *pixel);

/* Everything anew, from the picture's look and lanes. */
void gst_tfr_shades_set (GstTfrShades *shades, const GstTfrPicture *picture);

/* Gains alone, when columns have become longer; levels alone, when the
 * automatic range has moved. */
void gst_tfr_shades_set_gains (
    GstTfrShades *shades, const GstTfrPicture *picture);
void gst_tfr_shades_set_levels (GstTfrShades *shades, const GstTfrLook *look);

/* Pixels of one column of a lane from the cells of its layers; the underlay's
 * last, or NULL. */
void gst_tfr_shades_blend (GstTfrShades *shades, const GstTfrPicture *picture,
    const GstTfrLane *lane, const gfloat *const *cells, const gfloat *underlay,
    guint32 *to);

/* One column of all lanes, [breadth]. */
void gst_tfr_shades_column (GstTfrShades *shades, const GstTfrPicture *picture,
    gint64 column, guint32 *to);

/* The automatic range takes note of cells that last so long, as _blend gets
 * them, or of a column of all lanes. */
void gst_tfr_shades_measure (GstTfrShades *shades, const GstTfrPicture *picture,
    const GstTfrLane *lane, const gfloat *const *cells, gdouble seconds);
void gst_tfr_shades_measure_column (
    GstTfrShades *shades, const GstTfrPicture *picture, gint64 column);

/* The colour of a step, 0xrrggbb, where all energy is in one layer. */
guint32 gst_tfr_shades_legend (const GstTfrShades *shades,
    const GstTfrPicture *picture, guint layer, guint step);

/* Level of a row in the columns [from, to), dBFS. */
gdouble gst_tfr_shades_row_level (const GstTfrShades *shades,
    const GstTfrPicture *picture, guint row, gint64 from, gint64 to);

#endif
