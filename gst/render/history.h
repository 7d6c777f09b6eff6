/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The points of the last while, so that the picture can be drawn again with
 * another scale, range, span or sharpness. */

#ifndef GST_TFR_HISTORY_H
#define GST_TFR_HISTORY_H

#include <gst/gst.h>

/* Points of one frame and channel, as they are drawn and kept. */
typedef struct {
  guint n;
  gfloat *shift;      /* samples from the frame's centre, reassigned */
  gfloat *frequency;  /* Hz, reassigned */
  gfloat *bin;        /* Hz, of the bin */
  gfloat *amplitude;  /* root of the energy in squared samples */
} GstTfrSpots;

typedef struct {
  gint64 centre; /* position */
  guint channel;
  guint n;
  guint64 at; /* of its first spot, counted since the beginning */
} GstTfrHistoryFrame;

typedef struct {
  guint capacity;    /* spots */
  GstTfrSpots spots; /* rings of that length */
  guint64 written;   /* spots so far */
  GArray *frames;    /* GstTfrHistoryFrame, oldest first */
  guint forgotten;   /* frames at the front that are overwritten */
} GstTfrHistory;

/* With a budget in bytes. */
void gst_tfr_history_init (GstTfrHistory *h, gsize budget);
void gst_tfr_history_clear (GstTfrHistory *h);
void gst_tfr_history_empty (GstTfrHistory *h);

/* Keeps the strongest `most` of the spots, whose order may change. */
void gst_tfr_history_push (GstTfrHistory *h, gint64 centre, guint channel,
    GstTfrSpots *spots, guint most);

/* Frames that are kept, and a copy of the spots of one; room for its n. */
guint gst_tfr_history_length (const GstTfrHistory *h);
const GstTfrHistoryFrame *gst_tfr_history_get (
    const GstTfrHistory *h, guint index, GstTfrSpots *spots);

/* Room for n spots at least. */
void gst_tfr_spots_reserve (GstTfrSpots *spots, guint *reserved, guint n);
void gst_tfr_spots_clear (GstTfrSpots *spots);

#endif
