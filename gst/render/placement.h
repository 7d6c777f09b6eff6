/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Where batches stand in time: which continue a picture, and which time stamps
 * belong to its positions.
 *
 * Positions count samples in the direction of play: in reverse they are
 * negated, so that they always grow. */

#ifndef GST_TFR_PLACEMENT_H
#define GST_TFR_PLACEMENT_H

#include "gsttfr.h"

/* No frames are made for a longer gap in the points. */
#define GST_TFR_LONGEST_GAP GST_SECOND

typedef struct {
  GstSegment segment;
  gboolean started; /* a batch of this picture has come */
  guint rate, channels;
  gint64 offset;         /* ns from the sample clock to the time stamps */
  gint64 base;           /* position of the picture's beginning */
  GstClockTime base_pts; /* its time */
  gint64 end;            /* position up to which points have come */
} GstTfrPlacement;

/* What a batch is to the picture. */
typedef enum {
  GST_TFR_STEP_ON,
  GST_TFR_STEP_GAP,  /* goes on after a gap for which no frames are made */
  GST_TFR_STEP_START /* begins another one */
} GstTfrStep;

/* Forgets the segment too. */
void gst_tfr_placement_reset (GstTfrPlacement *p);

gboolean gst_tfr_placement_is_reverse (const GstTfrPlacement *p);

/* First position of a batch, and the one after its last. */
gint64 gst_tfr_placement_first (
    const GstTfrPlacement *p, const GstTfrHeader *h);
gint64 gst_tfr_placement_end (const GstTfrPlacement *p, const GstTfrHeader *h);

/* `discont` where the buffer says so; pts may be NONE. */
GstTfrStep gst_tfr_placement_find (const GstTfrPlacement *p,
    const GstTfrHeader *h, GstClockTime pts, gboolean discont);

/* The batch begins a picture. */
void gst_tfr_placement_start (
    GstTfrPlacement *p, const GstTfrHeader *h, GstClockTime pts);

/* What time labels say, as a line in the time since the base, s. */
void gst_tfr_placement_label (const GstTfrPlacement *p, gboolean running_time,
    gdouble *origin, gdouble *direction);

#endif
