/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The points of the last while, so that the picture can be drawn again with
 * another scale, range, span or sharpness. */

#ifndef GST_TFR_HISTORY_H
#define GST_TFR_HISTORY_H

#include <gst/gst.h>

/* What is kept of each point. */
typedef enum {
  GST_TFR_SPOT_SHIFT,     /* samples from the frame's centre, reassigned */
  GST_TFR_SPOT_FREQUENCY, /* Hz, reassigned */
  GST_TFR_SPOT_BIN,       /* Hz, of the bin */
  GST_TFR_SPOT_ENERGY,    /* squared samples */
  GST_TFR_SPOT_MIXED,
  GST_TFR_SPOT_CHIRP_RATE, /* Hz/s */
  GST_TFR_SPOT_PHASE,      /* rad */
  GST_TFR_N_SPOT_VALUES
} GstTfrSpotValue;

/* Points of one frame and channel, as they are drawn and kept. */
typedef struct {
  guint n, reserved;
  gfloat *values[GST_TFR_N_SPOT_VALUES]; /* [reserved]; the last three NULL
                                            where the stream has none */
  guint n_sorted;
  gfloat *sorted; /* [n_sorted], scratch */
} GstTfrSpots;

/* Room for n spots with these values (bits 1 << GstTfrSpotValue). */
void gst_tfr_spots_reserve (GstTfrSpots *spots, guint values, guint n);
void gst_tfr_spots_clear (GstTfrSpots *spots);

typedef struct {
  gint64 centre; /* position */
  guint channel;
  guint n;
  guint64 at; /* of its first spot, counted since the beginning */
} GstTfrHistoryFrame;

typedef struct {
  gsize budget;   /* bytes */
  guint capacity; /* spots, with the values that are kept */
  GstTfrSpots ring;
  guint64 written; /* spots so far */
  GArray *frames;  /* GstTfrHistoryFrame, oldest first */
  guint forgotten; /* frames at the front that are overwritten */
} GstTfrHistory;

void gst_tfr_history_init (GstTfrHistory *h, gsize budget);
void gst_tfr_history_clear (GstTfrHistory *h);

void gst_tfr_history_empty (GstTfrHistory *h);

/* From now on these values are kept (bits 1 << GstTfrSpotValue); spots from
 * before have NaN for those that are new. */
void gst_tfr_history_want (GstTfrHistory *h, guint values);

/* Keeps the strongest `most` of the spots, in their order; the others are gone
 * from `spots` too. */
void gst_tfr_history_push (GstTfrHistory *h, gint64 centre, guint channel,
    GstTfrSpots *spots, guint most);

/* Whether n more spots would push out the oldest frame. */
gboolean gst_tfr_history_is_full (const GstTfrHistory *h, guint n);

/* Keeps frames in [from, until] and from `again` on, of each the strongest `most`
 * spots. */
void gst_tfr_history_thin (GstTfrHistory *h, gint64 from, gint64 until,
    gint64 again, guint most);

/* Frames that are kept, oldest first; and a copy of the spots of one, for which
 * there must be room (no frame has more than were pushed at once). */
guint gst_tfr_history_length (const GstTfrHistory *h);
const GstTfrHistoryFrame *gst_tfr_history_peek (
    const GstTfrHistory *h, guint index);
void gst_tfr_history_read (
    const GstTfrHistory *h, guint index, GstTfrSpots *spots);

#endif
