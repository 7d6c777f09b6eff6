/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The picture: points go in frame by frame, pixels come out for any moment.
 *
 * Columns count from the picture's base in the direction of play.  The image is
 * kept as a ring of columns, of which only those that changed are coloured
 * again. */

#ifndef GST_TFR_PICTURE_H
#define GST_TFR_PICTURE_H

#include "gsttfr.h"
#include "history.h"
#include "look.h"

/* One grid and the rows of the image that show it; with overlaid channels
 * several show in the same rows. */
typedef struct {
  ReassignGrid *grid;
  GstTfrColours colours;
  guint top, height;
} GstTfrLane;

typedef struct {
  GstTfrLook look;
  guint width, height; /* px, 0 until known */
  GstTfrPixel pixel;
  GstTfrHeader header; /* of the stream; rate 0 until known */
  gint64 base;         /* position of column 0 */
  gboolean reverse;

  GstTfrLane *lanes;
  guint n_lanes;
  gdouble columns_per_second;
  gboolean stale;      /* lanes do not fit the fields above */
  gint64 painted;      /* first column that was never painted */
  gint64 dirty;        /* first column that changed since it was painted */
  guint32 *image;      /* [height][width], column c at c modulo width */
  guint16 *steps;      /* a few columns on their way to pixels */

  GstTfrHistory history;
  GstTfrSpots spots; /* of the frame at hand */
  guint reserved;
  gdouble *times, *frequencies; /* [reserved] */
  guint64 ignored;              /* points that were not sound */
} GstTfrPicture;

void gst_tfr_picture_init (GstTfrPicture *p);
void gst_tfr_picture_clear (GstTfrPicture *p);

/* Each keeps what has been drawn, in its new shape. */
void gst_tfr_picture_set_look (GstTfrPicture *p, const GstTfrLook *look);
void gst_tfr_picture_set_size (
    GstTfrPicture *p, guint width, guint height, const GstTfrPixel *pixel);
void gst_tfr_picture_set_stream (GstTfrPicture *p, const GstTfrHeader *header);

/* Empties the picture. */
void gst_tfr_picture_start (
    GstTfrPicture *p, const GstTfrHeader *header, gint64 base, gboolean reverse);

/* The n points from index `first` on are those of this frame and channel. */
void gst_tfr_picture_add (GstTfrPicture *p, const GstTfrBatch *batch,
    guint first, guint n, gint64 centre, guint channel);

/* Positions by which a point's footprint can reach beyond the point. */
gint64 gst_tfr_picture_reach (GstTfrPicture *p);

/* Brings the image up to the moment `edge` seconds after the base, then copies
 * it.  `stride` in pixels. */
void gst_tfr_picture_draw (
    GstTfrPicture *p, gdouble edge, guint32 *to, gsize stride);

#endif
