/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Reverse playback: chunks come in descending order, samples forward inside.
 * They are put in front of the samples held, and each batch is analysed as soon
 * as all that its windows see is there: its frames equal those of forward play. */

#ifndef GST_TFR_REVERSE_H
#define GST_TFR_REVERSE_H

#include "bank.h"

typedef struct {
  guint channels;
  gdouble **samples; /* [channels][n] */
  guint8 *sound;     /* [n], 0 for known silence */
  gsize n;
  gint64 start; /* position of the first sample held */
  gint64 end;   /* where the signal ends */
  gint64 limit; /* frames below this are still owed */
} GstTfrReverse;

void gst_tfr_reverse_init (GstTfrReverse *r);
void gst_tfr_reverse_clear (GstTfrReverse *r);

/* Forgets all; the next samples end here. */
void gst_tfr_reverse_start (GstTfrReverse *r, guint channels, gint64 end);

/* Makes room for n samples before those held and returns where each channel's
 * go, in an array of r's own. */
gdouble *const *gst_tfr_reverse_prepend (
    GstTfrReverse *r, gsize n, gboolean sound);

/* Batches that can be made now; `final`: all that are left. */
GstFlowReturn gst_tfr_reverse_run (
    GstTfrReverse *r, GstTfrBank *bank, gboolean final);

#endif
