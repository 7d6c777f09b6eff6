/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The picture as energies: points go in frame by frame, and stand on grids that
 * the image is coloured from.
 *
 * Columns count from the picture's base in the direction of play. */

#ifndef GST_TFR_PICTURE_H
#define GST_TFR_PICTURE_H

#include "history.h"
#include "look.h"

#define GST_TFR_MAX_LAYERS 8

/* What the layers of a lane hold. */
typedef enum {
  GST_TFR_LAYERS_LEVEL, /* one: energy */
  GST_TFR_LAYERS_HUES,  /* energies of channels or kinds, one each */
  GST_TFR_LAYERS_PHASE  /* energy, and its products with cos and sin of phase */
} GstTfrLayers;

/* Rows that stand together: all channels, or one of them. */
typedef struct {
  guint from, n_rows; /* px along the frequency axis, from the low end */
  ReassignAxis axis;
  ReassignGrid *layers[GST_TFR_MAX_LAYERS];
  guint n_layers;
  ReassignGrid *underlay; /* NULL without */
} GstTfrLane;

typedef struct {
  GstTfrLook look;
  guint length, breadth; /* px along time and along frequency, 0 until known */
  GstTfrHeader header;   /* of the stream; rate 0 until known */
  gint64 base;           /* position of column 0 */
  gboolean reverse;

  GstTfrLayers kind;
  GstTfrLane *lanes;
  guint n_lanes;
  gdouble columns_per_second;
  gboolean stale; /* lanes do not fit the fields above */
  guint64 serial; /* counts the times that lanes were made */
  gint64 dirty;   /* first column that changed since the last _take_dirty */
  gint64 frozen;  /* position up to which points are drawn, G_MAXINT64 all */

  GstTfrHistory history;
  GstTfrSpots spots; /* of the frame at hand */
  gdouble *times, *frequencies;
  gfloat *energies;
  guint reserved;
  guint64 ignored; /* points that were not sound */
} GstTfrPicture;

void gst_tfr_picture_init (GstTfrPicture *p);
void gst_tfr_picture_clear (GstTfrPicture *p);

/* Each keeps what has been drawn, in its new shape. */
void gst_tfr_picture_set_look (GstTfrPicture *p, const GstTfrLook *look);
void gst_tfr_picture_set_size (GstTfrPicture *p, guint length, guint breadth);
void gst_tfr_picture_set_stream (GstTfrPicture *p, const GstTfrHeader *header);

/* Empties the picture. */
void gst_tfr_picture_start (GstTfrPicture *p, const GstTfrHeader *header,
    gint64 base, gboolean reverse);

/* The n points from index `first` on are those of this frame and channel.  NULL,
 * or why there is nothing to draw them on. */
const gchar *gst_tfr_picture_add (GstTfrPicture *p, const GstTfrBatch *batch,
    guint first, guint n, gint64 centre, guint channel);

/* Only frames up to this position are drawn; G_MAXINT64 all. */
void gst_tfr_picture_freeze (GstTfrPicture *p, gint64 position);

/* Makes good for changes since.  Before anything below is looked at.  NULL, or
 * why the picture cannot be had; it is empty then, and tried again next time. */
const gchar *gst_tfr_picture_settle (GstTfrPicture *p);

/* Positions by which a point's footprint can reach beyond the point. */
gint64 gst_tfr_picture_reach (GstTfrPicture *p);

/* First column that changed since it was asked last; G_MAXINT64 when none has,
 * G_MININT64 when all may have. */
gint64 gst_tfr_picture_take_dirty (GstTfrPicture *p);

/* The point with the highest energy within so many seconds and rows of a place:
 * its values, time in seconds after the base.  FALSE where there is none. */
typedef struct {
  gdouble time, frequency, level; /* s, Hz, dBFS */
  gdouble mixed, chirp_rate;      /* NaN where unknown */
  guint channel;
} GstTfrReading;

gboolean gst_tfr_picture_read (GstTfrPicture *p, gdouble time, gdouble seconds,
    guint lane, gdouble row, gdouble rows, GstTfrReading *reading);

/* Frequencies at the edges of the picture, as they are chosen. */
void gst_tfr_picture_get_range (
    const GstTfrPicture *p, gdouble *min_hz, gdouble *max_hz);

#endif
