/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The frames of a bank to batches. */

#ifndef GST_TFR_BATCHES_H
#define GST_TFR_BATCHES_H

#include "bank.h"

/* How many from the frame centred there end on a multiple of B hops. */
guint gst_tfr_batch_frames_to_end (const GstTfrBank *bank, gint64 first);

/* The batch in the making: begins with the frame centred there, is full, leaves
 * with an end, or with its last frame. */
GstFlowReturn gst_tfr_batch_begin (GstTfrBank *bank, gint64 first);
gboolean gst_tfr_batch_is_full (const GstTfrBank *bank);
GstFlowReturn gst_tfr_batch_finish (GstTfrBank *bank, gint64 end);
GstFlowReturn gst_tfr_batch_finish_full (GstTfrBank *bank);

/* Runs of frames to the same; `user` is the bank. */
extern const GstTfrParallelCalls gst_tfr_batch_calls;

#endif
