/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A config at work: an analyzer for each channel, and what all of their batches
 * have in common. */

#ifndef GST_TFR_BANKSET_H
#define GST_TFR_BANKSET_H

#include "gsttfr.h"
#include "parallel.h"
#include "reassign.h"

typedef struct {
  ReassignConfig analysis;
  guint channels;
  guint64 channel_mask;
  guint frames_per_buffer; /* 0: about 20 ms */
  guint n_threads;         /* 0: one for each core */
} GstTfrBankConfig;

typedef struct {
  GstTfrBankConfig config;
  ReassignAnalyzer **analyzers; /* [config.channels] */
  GstTfrHeader header;          /* what is the same in every batch */
  guint frames_per_buffer;      /* B */
  GstTfrParallel *parallel;     /* NULL: one thread */
} GstTfrBankSet;

/* NULL, or the reason why not; then it is as after _clear. */
const gchar *gst_tfr_bank_set_init (
    GstTfrBankSet *set, const GstTfrBankConfig *config);

/* By as many threads as the config says.  NULL or the reason why not; then it
 * is as after _clear. */
const gchar *gst_tfr_bank_set_share (GstTfrBankSet *set,
    const GstTfrParallelCalls *calls, gpointer user, ReassignStats *stats);

void gst_tfr_bank_set_clear (GstTfrBankSet *set);

/* A header with room for the most that n frames can hold; FALSE where that is
 * more than a batch may be. */
gboolean gst_tfr_bank_set_give_room (
    const GstTfrBankSet *set, guint n_frames, GstTfrHeader *header);

#endif
