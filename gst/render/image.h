/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The picture as pixels.  A frame that showed an earlier moment is moved along,
 * and only columns that are new or have changed are coloured. */

#ifndef GST_TFR_IMAGE_H
#define GST_TFR_IMAGE_H

#include "shades.h"

/* Frames for which it is remembered what changed. */
#define GST_TFR_CHANGES 16

/* What the plot of one frame buffer shows; zeros: nothing. */
typedef struct {
  guint64 epoch;
  guint64 serial;                  /* when it was drawn */
  gint64 end;                      /* first column that is not shown */
  gint64 spoiled_from, spoiled_to; /* columns that something was drawn over */
} GstTfrShown;

/* Something was drawn over these columns. */
static inline void
gst_tfr_shown_spoil (GstTfrShown *shown, gint64 from, gint64 to)
{
  gboolean none = shown->spoiled_from >= shown->spoiled_to;

  shown->spoiled_from = none ? from : MIN (shown->spoiled_from, from);
  shown->spoiled_to = none ? to : MAX (shown->spoiled_to, to);
}

/* Lines over the image: rows, and the columns where a time label stands. */
typedef struct {
  guint8 *rows;              /* [breadth], or NULL without lines */
  gdouble step;              /* s between lines in time, 0 none */
  gdouble origin, direction; /* label = origin + direction * seconds */
  guint32 color;             /* 0xaarrggbb */
} GstTfrLines;

/* Columns that are kept as pixels: a frame buffer that comes back lacks those
 * of the frames drawn on others, too. */
#define GST_TFR_PAINTED 32

typedef struct {
  guint64 epoch, serial; /* when it was painted */
  gint64 column;
} GstTfrPainted;

typedef struct {
  guint length, breadth;
  GstTfrOrientation orientation;
  GstTfrLines lines;

  guint64 epoch;                   /* of what all columns depend on, from 1 */
  guint64 serial;                  /* counts draws */
  gint64 changes[GST_TFR_CHANGES]; /* by serial: first column that changed */
  gint64 measured; /* first column whose level was not yet measured */

  GstTfrShades shades;
  guint32 *strip; /* [GST_TFR_PAINTED][breadth], pixels */
  GstTfrPainted painted[GST_TFR_PAINTED]; /* what they are */
  gfloat *sums;                           /* [layers + 1][breadth] */
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

/* The plot of a frame buffer, and what it shows. */
typedef struct {
  guint32 *pixels;
  gsize stride; /* pixels */
  GstTfrShown *shown;
} GstTfrPlot;

/* Up to that moment.  What is right already is taken from the same plot or from
 * another one. */
void gst_tfr_image_draw (GstTfrImage *image, GstTfrPicture *picture,
    gdouble edge, const GstTfrPlot *from, const GstTfrPlot *to);

/* Columns by which the image moves along until the moment `edge`, where what a
 * frame buffer shows is still of use then; 0 where nothing moves.  Whoever
 * moves the buffer's plot says so with _slide: then it has holes, but moves no
 * more. */
guint gst_tfr_image_advance (const GstTfrImage *image,
    const GstTfrPicture *picture, gdouble edge, const GstTfrShown *shown);
void gst_tfr_shown_slide (GstTfrShown *shown, guint columns);

/* The columns of [x, x + w) px of the plot, or more. */
void gst_tfr_image_columns (const GstTfrImage *image,
    const GstTfrPicture *picture, const GstTfrShown *shown, gint x, gint w,
    gint64 *from, gint64 *to);

/* Lines from now on; rows [breadth] is taken over, NULL for none. */
void gst_tfr_image_set_lines (GstTfrImage *image, const GstTfrLines *lines);

/* For the painting of columns: where they are in the plot, */
typedef struct {
  guint32 *origin;    /* of a column's row 0 */
  gssize column, row; /* steps to the next, pixels */
} GstTfrSteps;

/* from place `at` on, in the direction of time or against it; */
GstTfrSteps gst_tfr_image_lay_out (const GstTfrImage *image, guint32 *plot,
    gsize stride, gsize at, gboolean backward);

/* and the lines over one, [breadth]. */
void gst_tfr_image_rule (const GstTfrImage *image, const GstTfrPicture *picture,
    gint64 column, guint32 *to);

#endif
