/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Frames by several threads, who go on while more samples come: each takes a
 * run of them, and as soon as a run and all before it are there it is put down,
 * by whoever is.  Where frames depend on each other only channels are computed
 * at once. */

#ifndef GST_TFR_PARALLEL_H
#define GST_TFR_PARALLEL_H

#include "run.h"

#include <gst/gst.h>

typedef struct _GstTfrParallel GstTfrParallel;

/* Where a thread works, so that what it needs stays in its cache. */
typedef struct {
  ReassignAnalyzer **analyzers; /* [n_channels] */
  GstBufferPool *pool;          /* for batches; NULL: none */
} GstTfrDesk;

/* Return how it went. */
typedef struct {
  /* All frames that were cut out, or n_frames or less of one channel; in any
   * thread and order. */
  GstFlowReturn (*compute) (
      gpointer user, GstTfrRun *run, const GstTfrDesk *desk);
  GstFlowReturn (*compute_channel) (
      gpointer user, GstTfrRun *run, const GstTfrDesk *desk, guint channel);
  /* In any thread, but in one at a time and in order. */
  GstFlowReturn (*put) (gpointer user, GstTfrRun *run);
} GstTfrParallelCalls;

typedef struct {
  guint n_threads;
  const ReassignConfig *analysis; /* read by _new alone */
  ReassignAnalyzer **analyzers;   /* [n_channels], which hold the signal */
  guint n_channels;
  guint most;              /* frames of a run */
  guint frames_per_buffer; /* runs end with one of so many, where they can */
  gsize batch_size;        /* bytes of the largest batch in a run */
  const GstTfrParallelCalls *calls;
  gpointer user;
  ReassignStats *stats; /* what runs that were put down have counted is added
                           here, in the calls below */
} GstTfrParallelConfig;

/* NULL where memory runs out. */
GstTfrParallel *gst_tfr_parallel_new (const GstTfrParallelConfig *config);
void gst_tfr_parallel_free (GstTfrParallel *p);

/* For batches, while nothing is under way. */
void gst_tfr_parallel_set_allocator (GstTfrParallel *p, GstAllocator *allocator,
    const GstAllocationParams *params);

/* The next frames of the analyzers that are ready, up to n; the analyzers go on
 * after them.  How many: 0 where one thread does as well, or has to. */
guint64 gst_tfr_parallel_run (GstTfrParallel *p, guint64 n);

/* How it went so far; after the first that is not GST_FLOW_OK no more is put
 * down. */
GstFlowReturn gst_tfr_parallel_flow (const GstTfrParallel *p);

/* Waits until all that was begun has been put down; the same. */
GstFlowReturn gst_tfr_parallel_settle (GstTfrParallel *p);

/* Lets go of it instead, and begins anew. */
void gst_tfr_parallel_discard (GstTfrParallel *p);

#endif
