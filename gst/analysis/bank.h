/* SPDX-License-Identifier: GPL-2.0-or-later */

/* One analyzer for each channel, and the batches that their frames make. */

#ifndef GST_TFR_BANK_H
#define GST_TFR_BANK_H

#include "bankset.h"

typedef struct {
  /* Takes a batch; with several threads in any of them, but in one at a time
   * and in order. */
  GstFlowReturn (*push) (gpointer user, GstBuffer *batch);
  /* The config has changed; batches from now on follow the new one. */
  GstFlowReturn (*changed) (gpointer user);
} GstTfrBankCalls;

typedef struct {
  const GstTfrBankCalls *calls;
  gpointer user;
  GstAllocator *allocator; /* for batches; NULL the default */
  GstAllocationParams params;
  guint32 flags; /* GstTfrFlags of every batch: reversed */

  GstTfrBankSet now;
  GstTfrBankSet next; /* waits for its turn while it has analyzers */

  GstTfrWriter batch;    /* in the making while it has a buffer */
  gint64 limit;          /* no batch ends after it */
  gboolean batch_gap;    /* and silent so far */
  gboolean fresh;        /* none has left since _start */
  gboolean first;        /* none has left since the stream began */
  GstFlowReturn flow;    /* once it is not GST_FLOW_OK it stays so to _start */
  gboolean discont;      /* to be told by the next one */
  gconstpointer failure; /* atomic: why a GST_FLOW_ERROR is its own, or NULL */
  ReassignStats stats;   /* of all frames so far that nobody is at */
} GstTfrBank;

void gst_tfr_bank_init (
    GstTfrBank *bank, const GstTfrBankCalls *calls, gpointer user);
void gst_tfr_bank_clear (GstTfrBank *bank);

void gst_tfr_bank_set_allocator (GstTfrBank *bank, GstAllocator *allocator,
    const GstAllocationParams *params);

/* Makes the analyzers, for a new stream.  NULL or the reason why not; then all is
 * as before. */
const gchar *gst_tfr_bank_configure (
    GstTfrBank *bank, const GstTfrBankConfig *config);

/* The same in the middle of a stream, at the same sample rate: takes effect with
 * the next frame (or, where the next frame of a new hop does not fall on the end
 * of the last batch, with the one after it), computed from the samples that are
 * still held. */
const gchar *gst_tfr_bank_change (
    GstTfrBank *bank, const GstTfrBankConfig *config);

/* A new stream: its first batch follows no other. */
void gst_tfr_bank_begin (GstTfrBank *bank);

/* The next samples begin here; what was not drained is lost. */
GstFlowReturn gst_tfr_bank_start (GstTfrBank *bank, gint64 position);

/* Between one _start and the next: a change that waits takes effect. */
GstFlowReturn gst_tfr_bank_settle (GstTfrBank *bank);

/* After _start: no frame before this position, and what `end` belongs to is
 * there already (in reverse); _finish lets go of the last batch, which ends
 * there. */
void gst_tfr_bank_narrow (GstTfrBank *bank, gint64 position, gint64 end);
GstFlowReturn gst_tfr_bank_finish (GstTfrBank *bank);

/* n samples of each channel, samples[channel]; NULL: known silence. */
GstFlowReturn gst_tfr_bank_feed (
    GstTfrBank *bank, const gdouble *const *samples, gsize n);
GstFlowReturn gst_tfr_bank_drain (GstTfrBank *bank);

/* With several threads _feed returns while frames are still computed, whose
 * batches leave later, and how that went is what the next call returns.  This
 * waits for them. */
GstFlowReturn gst_tfr_bank_wait (GstTfrBank *bank);

/* Once a call has returned GST_FLOW_ERROR: why, or NULL where it came from
 * `push`.  Before, a thread may have said why whose flow is not known yet. */
const gchar *gst_tfr_bank_take_failure (GstTfrBank *bank);

/* Samples from a batch's time stamp to when it leaves. */
guint64 gst_tfr_bank_latency (const GstTfrBank *bank);

#endif
