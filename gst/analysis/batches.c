/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A batch is made in place, frame by frame; or by several threads, who make
 * whole batches where they can, and else pieces that are put together here. */

#include "batches.h"

static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

guint
gst_tfr_batch_frames_to_end (const GstTfrBank *bank, gint64 first)
{
  gint64 index = floor_div (first, bank->now.header.hop_size);
  gint64 n = bank->now.frames_per_buffer;

  return (guint) (n - (index - floor_div (index, n) * n));
}

/* Or a part of one; in any thread. */
static GstFlowReturn
make_batch (GstTfrBank *bank, const GstTfrHeader *header, GstTfrWriter *batch)
{
  if (gst_tfr_writer_begin (batch, header, bank->allocator, &bank->params))
    return GST_FLOW_OK;
  g_atomic_pointer_set (
      &bank->failure, (gpointer) "out of memory for a batch");
  return GST_FLOW_ERROR;
}

GstFlowReturn
gst_tfr_batch_begin (GstTfrBank *bank, gint64 first)
{
  GstTfrHeader header;

  gst_tfr_bank_set_give_room (
      &bank->now, gst_tfr_batch_frames_to_end (bank, first), &header);
  header.first = first;
  bank->batch_gap = TRUE;
  return make_batch (bank, &header, &bank->batch);
}

GstFlowReturn
gst_tfr_batch_finish (GstTfrBank *bank, gint64 end)
{
  guint32 flags = bank->flags;

  if (bank->batch.buffer == NULL)
    return GST_FLOW_OK;
  if (bank->now.config.analysis.analytic)
    flags |= GST_TFR_FLAG_ANALYTIC;
  if (bank->batch_gap)
    flags |= GST_TFR_FLAG_GAP;
  if (bank->discont && !bank->first)
    flags |= GST_TFR_FLAG_DISCONT;
  bank->discont = FALSE;
  bank->fresh = FALSE;
  bank->first = FALSE;
  return bank->calls->push (
      bank->user, gst_tfr_writer_finish (&bank->batch, flags, end));
}

/* Where the frames before this one end: before it, or with the signal. */
static gint64
frames_end (const GstTfrBank *bank, gint64 next, gint64 position)
{
  return MIN (MIN (next, position), bank->limit);
}

GstFlowReturn
gst_tfr_batch_finish_full (GstTfrBank *bank)
{
  const ReassignAnalyzer *a = bank->now.analyzers[0];

  return gst_tfr_batch_finish (
      bank, frames_end (bank, reassign_analyzer_next (a),
                reassign_analyzer_position (a)));
}

gboolean
gst_tfr_batch_is_full (const GstTfrBank *bank)
{
  const GstTfrWriter *batch = &bank->batch;

  return batch->buffer != NULL &&
         batch->n_counts == batch->header.n_frames * batch->header.channels;
}

/* One of the desk's buffers, while there are any. */
static GstFlowReturn
begin_piece (GstTfrBank *bank, GstTfrRun *run, const GstTfrDesk *desk, guint i,
    const GstTfrHeader *header)
{
  GstBufferPoolAcquireParams params = {
    .flags = GST_BUFFER_POOL_ACQUIRE_FLAG_DONTWAIT
  };
  GstBuffer *buffer = NULL;

  if (desk->pool != NULL)
    gst_buffer_pool_acquire_buffer (desk->pool, &buffer, &params);
  return gst_tfr_writer_begin_in (&run->pieces[i], header, buffer)
             ? GST_FLOW_OK
             : make_batch (bank, header, &run->pieces[i]);
}

static GstFlowReturn
compute_run (gpointer user, GstTfrRun *run, const GstTfrDesk *desk)
{
  GstTfrBank *bank = user;
  GstTfrRunSlot *slot = run->slots;
  GstFlowReturn flow = GST_FLOW_OK;

  gst_tfr_run_paste (run, desk->analyzers);
  for (guint f = 0; f < run->n_frames && flow == GST_FLOW_OK;) {
    gint64 first = run->first + (gint64) f * bank->now.header.hop_size;
    guint n =
        MIN (gst_tfr_batch_frames_to_end (bank, first), run->n_frames - f);
    GstTfrWriter *piece = &run->pieces[run->n_pieces];
    GstTfrHeader header;

    gst_tfr_bank_set_give_room (&bank->now, n, &header);
    header.first = first;
    flow = begin_piece (bank, run, desk, run->n_pieces, &header);
    run->n_pieces += flow == GST_FLOW_OK;
    for (f += n; n > 0 && flow == GST_FLOW_OK; n--)
      for (guint c = 0; c < run->n_channels; c++)
        gst_tfr_frame_pull (desk->analyzers[c], piece, slot++);
  }
  return flow;
}

/* All channels have as many frames ready. */
static GstFlowReturn
compute_channel (
    gpointer user, GstTfrRun *run, const GstTfrDesk *desk, guint channel)
{
  GstTfrBank *bank = user;
  ReassignAnalyzer *a = bank->now.analyzers[channel];
  GstTfrHeader header;
  GstFlowReturn flow;

  gst_tfr_bank_set_give_room (&bank->now, run->n_frames, &header);
  header.n_points /= header.channels;
  header.channels = 1;
  flow = begin_piece (bank, run, desk, channel, &header);
  for (guint f = 0; f < run->n_frames && flow == GST_FLOW_OK; f++) {
    if (!reassign_analyzer_ready (a))
      break;
    gst_tfr_frame_pull (
        a, &run->pieces[channel], &run->slots[f * run->n_channels + channel]);
  }
  return flow;
}

/* A piece that is a batch becomes the one that leaves. */
static GstFlowReturn
put_piece (GstTfrBank *bank, GstTfrWriter *piece)
{
  GstFlowReturn flow = GST_FLOW_OK;
  gint64 first = piece->header.first;

  if (bank->batch.buffer == NULL &&
      piece->header.n_frames == gst_tfr_batch_frames_to_end (bank, first)) {
    bank->batch = *piece;
    bank->batch_gap = TRUE;
    piece->buffer = NULL;
    return GST_FLOW_OK;
  }
  if (bank->batch.buffer == NULL)
    flow = gst_tfr_batch_begin (bank, first);
  if (flow == GST_FLOW_OK)
    gst_tfr_writer_append (&bank->batch, piece, 0, piece->n_counts, 0);
  return flow;
}

/* n frames of the run have been added to the batch, up to this one. */
static GstFlowReturn
added (GstTfrBank *bank, const GstTfrRun *run, guint frame, guint n)
{
  gint64 next = run->first + (gint64) frame * bank->now.header.hop_size;

  bank->batch_gap = bank->batch_gap && gst_tfr_run_is_gap (run, frame - n, n);
  return gst_tfr_batch_is_full (bank)
             ? gst_tfr_batch_finish (
                   bank, frames_end (bank, next, run->position))
             : GST_FLOW_OK;
}

static GstFlowReturn
put_pieces (GstTfrBank *bank, GstTfrRun *run)
{
  GstFlowReturn flow = GST_FLOW_OK;
  guint f = 0;

  for (guint i = 0; i < run->n_pieces && flow == GST_FLOW_OK; i++) {
    guint n = run->pieces[i].header.n_frames;

    flow = put_piece (bank, &run->pieces[i]);
    f += n;
    if (flow == GST_FLOW_OK)
      flow = added (bank, run, f, n);
  }
  return flow;
}

static GstFlowReturn
put_channels (GstTfrBank *bank, GstTfrRun *run)
{
  gint64 hop = bank->now.header.hop_size;
  guint *points = g_new0 (guint, run->n_channels);
  GstFlowReturn flow = GST_FLOW_OK;

  run->n_frames = run->pieces[0].n_counts;
  for (guint f = 0; f < run->n_frames && flow == GST_FLOW_OK; f++) {
    if (bank->batch.buffer == NULL)
      flow = gst_tfr_batch_begin (bank, run->first + (gint64) f * hop);
    if (flow != GST_FLOW_OK)
      break;
    for (guint c = 0; c < run->n_channels; c++)
      points[c] += gst_tfr_writer_append (
          &bank->batch, &run->pieces[c], f, 1, points[c]);
    flow = added (bank, run, f + 1, 1);
  }
  g_free (points);
  return flow;
}

static GstFlowReturn
put_run (gpointer user, GstTfrRun *run)
{
  return run->by_channel ? put_channels (user, run) : put_pieces (user, run);
}

const GstTfrParallelCalls gst_tfr_batch_calls = { compute_run,
  compute_channel, put_run };
