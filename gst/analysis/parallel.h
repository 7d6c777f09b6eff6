/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Frames of a batch by several threads at once: those of one channel where they
 * do not depend on each other, else those of several channels. */

#ifndef GST_TFR_PARALLEL_H
#define GST_TFR_PARALLEL_H

#include "crew.h"
#include "gsttfr.h"
#include "reassign.h"

typedef struct _GstTfrParallel GstTfrParallel;

/* NULL where memory runs out. */
GstTfrParallel *gst_tfr_parallel_new (
    guint n_threads, const ReassignConfig *config);
void gst_tfr_parallel_free (GstTfrParallel *p);

/* Writes up to n_frames of the analyzers, one for each channel, to the batch,
 * which has room for as many; the same bytes as one after the other.  How many
 * it did: 0 where one thread does as well.  FALSE for `gap` where there was
 * sound. */
guint gst_tfr_parallel_run (GstTfrParallel *p,
    ReassignAnalyzer *const *analyzers, guint n_channels, guint n_frames,
    GstTfrWriter *batch, gboolean *gap);

#endif
