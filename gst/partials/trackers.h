/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A tracker for each channel: batches of points in, batches of partials out. */

#ifndef GST_TFR_TRACKERS_H
#define GST_TFR_TRACKERS_H

#include "gsttfr.h"
#include "reassign.h"
#include "settings.h"

typedef struct {
  GstTfrHeader header; /* of the points; n_frames, first and end of the last */
  ReassignTracker **trackers; /* [n_trackers], one for each channel */
  guint n_trackers;
  guint32 last_id; /* the highest so far */

  /* rows that wait to become a batch */
  GArray *counts;    /* guint32, for each frame and channel */
  GArray *planes[7]; /* by bit */
  gint64 first;      /* centre of the first frame */
} GstTfrTrackers;

void gst_tfr_trackers_init (GstTfrTrackers *t);
void gst_tfr_trackers_clear (GstTfrTrackers *t);

/* Whether trackers made for one header do for the other. */
gboolean gst_tfr_trackers_fit (
    const GstTfrTrackers *t, const GstTfrHeader *header);

/* New trackers; NULL, or what is wrong. */
const gchar *gst_tfr_trackers_configure (GstTfrTrackers *t,
    const GstTfrHeader *header, const GstTfrTrackerSettings *settings);

/* Takes the batch's frames, which must have phase and bin.  FALSE when memory
 * runs out: those from there on have not been taken. */
gboolean gst_tfr_trackers_push (GstTfrTrackers *t, const GstTfrBatch *batch);

/* All partials end; their rows wait. */
void gst_tfr_trackers_drain (GstTfrTrackers *t);

/* Forgets frames and rows; ids go on. */
void gst_tfr_trackers_forget (GstTfrTrackers *t);

/* The rows that wait, as a batch: NULL where there are no frames of them, with
 * *failed FALSE, or no memory.  `last` before what follows does not continue.
 */
GstBuffer *gst_tfr_trackers_take (
    GstTfrTrackers *t, guint32 flags, gboolean last, gboolean *failed);

/* Samples. */
guint64 gst_tfr_trackers_latency (const GstTfrTrackers *t);

#endif
