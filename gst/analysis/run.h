/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Frames in a row of all channels, from samples of their own to points in
 * batches of their own, so that it does not matter who does it, and when. */

#ifndef GST_TFR_RUN_H
#define GST_TFR_RUN_H

#include "gsttfr.h"
#include "reassign.h"

/* A frame of one channel. */
typedef struct {
  gboolean gap; /* nothing but known silence */
  ReassignStats counts;
} GstTfrRunSlot;

typedef struct {
  guint n_channels, most;     /* frames at the most */
  ReassignExcerpt **excerpts; /* [n_channels] */
  GstTfrRunSlot *slots;       /* [most * n_channels], as the counts */
  GstTfrWriter *pieces;       /* of n_channels, each a batch or a part of one;
                                 or one for each channel */

  gint64 first;    /* centre of the first frame */
  gint64 position; /* where the samples ended that were there */
  guint n_frames, n_pieces;
  gboolean by_channel;
} GstTfrRun;

/* FALSE where memory runs out; _clear is due either way. */
gboolean gst_tfr_run_init (GstTfrRun *run, ReassignAnalyzer *const *analyzers,
    guint n_channels, guint most);
void gst_tfr_run_clear (GstTfrRun *run);

/* Empty, for the next frames of the analyzers. */
void gst_tfr_run_begin (GstTfrRun *run, ReassignAnalyzer *const *analyzers);

/* Cuts out what up to so many of them need.  How many: 0 where others depend on
 * them. */
guint gst_tfr_run_cut (
    GstTfrRun *run, ReassignAnalyzer *const *analyzers, guint n_frames);

/* Analyzers, one for each channel, get ready for what was cut out. */
void gst_tfr_run_paste (
    const GstTfrRun *run, ReassignAnalyzer *const *analyzers);

/* The analyzer's next frame into a batch; what it was otherwise to the slot. */
void gst_tfr_frame_pull (
    ReassignAnalyzer *analyzer, GstTfrWriter *batch, GstTfrRunSlot *slot);

/* Whether nothing but known silence lay under n frames from this one on. */
gboolean gst_tfr_run_is_gap (const GstTfrRun *run, guint frame, guint n);

void gst_tfr_run_add_stats (const GstTfrRun *run, ReassignStats *stats);

#endif
