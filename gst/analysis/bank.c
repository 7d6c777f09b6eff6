/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "bank.h"

static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

static gint64
grid_point (gint64 position, gint64 hop)
{
  return -floor_div (-position, hop) * hop;
}

/* ----------------------------------------------------------- the bank ---- */

void
gst_tfr_bank_init (
    GstTfrBank *bank, const GstTfrBankCalls *calls, gpointer user)
{
  memset (bank, 0, sizeof *bank);
  bank->calls = calls;
  bank->user = user;
  gst_allocation_params_init (&bank->params);
}

void
gst_tfr_bank_set_allocator (GstTfrBank *bank, GstAllocator *allocator,
    const GstAllocationParams *params)
{
  gst_object_replace ((GstObject **) &bank->allocator, GST_OBJECT (allocator));
  bank->params = *params;
}

static void
retire_stats (GstTfrBank *bank)
{
  for (guint c = 0; c < bank->now.config.channels; c++)
    reassign_stats_add (
        &bank->retired, reassign_analyzer_stats (bank->now.analyzers[c]));
}

void
gst_tfr_bank_get_stats (const GstTfrBank *bank, ReassignStats *stats)
{
  *stats = bank->retired;
  for (guint c = 0; c < bank->now.config.channels; c++)
    reassign_stats_add (stats, reassign_analyzer_stats (bank->now.analyzers[c]));
}

void
gst_tfr_bank_clear (GstTfrBank *bank)
{
  gst_tfr_writer_abort (&bank->batch);
  gst_tfr_bank_set_clear (&bank->now);
  gst_tfr_bank_set_clear (&bank->next);
  gst_clear_object (&bank->allocator);
  memset (&bank->retired, 0, sizeof bank->retired);
}

const gchar *
gst_tfr_bank_configure (GstTfrBank *bank, const GstTfrBankConfig *config)
{
  GstTfrBankSet set;
  const gchar *wrong = gst_tfr_bank_set_init (&set, config);

  if (wrong != NULL)
    return wrong;
  gst_tfr_writer_abort (&bank->batch);
  retire_stats (bank);
  gst_tfr_bank_set_clear (&bank->now);
  gst_tfr_bank_set_clear (&bank->next);
  bank->now = set;
  return NULL;
}

const gchar *
gst_tfr_bank_change (GstTfrBank *bank, const GstTfrBankConfig *config)
{
  GstTfrBankSet set;
  const gchar *wrong = gst_tfr_bank_set_init (&set, config);

  if (wrong == NULL) {
    gst_tfr_bank_set_clear (&bank->next);
    bank->next = set;
  }
  return wrong;
}

/* In single precision frames go in pairs.  A batch of an even number ends with
 * the second of two, which waits for no other. */
static gboolean
ends_with_a_pair (const GstTfrBankSet *set)
{
  const ReassignConfig *c = &set->config.analysis;

  return c->precision == REASSIGN_PRECISION_SINGLE && !c->analytic &&
         c->consensus != REASSIGN_CONSENSUS_LINE &&
         !(c->fields & REASSIGN_FIELD_AGREEMENT) &&
         set->frames_per_buffer % 2 == 0;
}

guint64
gst_tfr_bank_latency (const GstTfrBank *bank)
{
  const GstTfrBankSet *set = &bank->now;
  guint64 hops;

  if (set->analyzers == NULL)
    return 0;
  hops = set->frames_per_buffer - (ends_with_a_pair (set) ? 2 : 1);
  return reassign_analyzer_latency (set->analyzers[0]) +
         hops * set->header.hop_size;
}

/* ------------------------------------------------------------ batches ---- */

/* As many frames as end on a multiple of B hops. */
static gboolean
begin_batch (GstTfrBank *bank)
{
  const GstTfrBankSet *set = &bank->now;
  gint64 first = reassign_analyzer_next (set->analyzers[0]);
  gint64 index = floor_div (first, set->header.hop_size);
  gint64 n = set->frames_per_buffer;
  GstTfrHeader header;

  gst_tfr_bank_set_give_room (
      set, (guint) (n - (index - floor_div (index, n) * n)), &header);
  header.first = first;
  bank->batch_gap = TRUE;
  return gst_tfr_writer_begin (
      &bank->batch, &header, bank->allocator, &bank->params);
}

static GstFlowReturn
finish_batch (GstTfrBank *bank, gint64 end)
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

/* Where the frames so far end: before the next one, or with the signal. */
static gint64
frames_end (const GstTfrBank *bank)
{
  const ReassignAnalyzer *a = bank->now.analyzers[0];
  gint64 end = MIN (reassign_analyzer_next (a), reassign_analyzer_position (a));

  return MIN (end, bank->limit);
}

static gboolean
batch_is_full (const GstTfrBank *bank)
{
  const GstTfrWriter *batch = &bank->batch;

  return batch->buffer != NULL &&
         batch->n_counts == batch->header.n_frames * batch->header.channels;
}

static void
pull_channel (GstTfrBank *bank, ReassignAnalyzer *a)
{
  gpointer planes[32];
  ReassignPlanes to;
  ReassignFrame frame;

  gst_tfr_writer_get_planes (&bank->batch, planes);
  to = (ReassignPlanes) { planes[0], planes[1], planes[2], planes[3], planes[4],
    planes[5], planes[6], planes[7] };
  reassign_analyzer_pull_into (a, &to, &frame);
  gst_tfr_writer_add (&bank->batch, (guint) frame.n_points);
  bank->batch_gap = bank->batch_gap && frame.gap;
}

/* Frames to come before the limit. */
static guint64
frames_left (const GstTfrBank *bank)
{
  gint64 next = reassign_analyzer_next (bank->now.analyzers[0]);
  guint hop = bank->now.header.hop_size;

  if (bank->limit == G_MAXINT64)
    return G_MAXUINT64;
  return next < bank->limit ? ((guint64) (bank->limit - next) + hop - 1) / hop
                            : 0;
}

/* By all threads, as many frames as the batch still takes; FALSE where one
 * thread does as well. */
static gboolean
pull_together (GstTfrBank *bank)
{
  const GstTfrBankSet *set = &bank->now;
  const GstTfrHeader *header = &bank->batch.header;
  guint room = header->n_frames - bank->batch.n_counts / header->channels;

  return set->parallel != NULL &&
         gst_tfr_parallel_run (set->parallel, set->analyzers, header->channels,
             (guint) MIN (room, frames_left (bank)), &bank->batch,
             &bank->batch_gap) > 0;
}

/* The next frame, or more, of every channel into the batch.  FALSE: more samples
 * are needed.  While a change waits, a full batch waits too, since it may have to
 * end elsewhere. */
static gboolean
pull_frame (GstTfrBank *bank, GstFlowReturn *flow)
{
  const GstTfrBankSet *set = &bank->now;

  if (!reassign_analyzer_ready (set->analyzers[0]) || frames_left (bank) == 0)
    return FALSE;
  if (batch_is_full (bank))
    *flow = finish_batch (bank, frames_end (bank));
  if (*flow == GST_FLOW_OK && bank->batch.buffer == NULL &&
      !begin_batch (bank)) {
    bank->failure = "No memory for a batch of points.";
    *flow = GST_FLOW_ERROR;
  }
  if (*flow != GST_FLOW_OK)
    return FALSE;

  if (!pull_together (bank))
    for (guint c = 0; c < set->config.channels; c++)
      pull_channel (bank, set->analyzers[c]);
  if (batch_is_full (bank) && bank->next.analyzers == NULL)
    *flow = finish_batch (bank, frames_end (bank));
  return *flow == GST_FLOW_OK;
}

/* --------------------------------------------------- change of config ---- */

/* Where `next` would begin. */
static gint64
turn_of_next (const GstTfrBank *bank)
{
  return grid_point (reassign_analyzer_next (bank->now.analyzers[0]),
      bank->next.header.hop_size);
}

/* Whether the last batch can still be made to end where `next` begins, or does
 * so already.  A change of channels cannot wait: the samples have changed. */
static gboolean
may_change (const GstTfrBank *bank)
{
  return bank->batch.buffer != NULL || bank->fresh ||
         bank->now.config.channels != bank->next.config.channels ||
         turn_of_next (bank) == reassign_analyzer_next (bank->now.analyzers[0]);
}

static GstFlowReturn
pull_all (GstTfrBank *bank)
{
  GstFlowReturn flow = GST_FLOW_OK;

  while (pull_frame (bank, &flow))
    ;
  return flow;
}

static GstFlowReturn
change (GstTfrBank *bank)
{
  GstTfrBankSet old = bank->now;
  const ReassignAnalyzer *const *from =
      (const ReassignAnalyzer *const *) old.analyzers;
  GstFlowReturn flow;
  gsize taken = 1;

  for (guint c = 0; c < old.config.channels; c++)
    reassign_analyzer_retire (old.analyzers[c]);
  flow = pull_all (bank);
  if (flow == GST_FLOW_OK)
    flow = finish_batch (bank, turn_of_next (bank));
  else
    gst_tfr_writer_abort (&bank->batch);

  retire_stats (bank);
  bank->now = bank->next;
  memset (&bank->next, 0, sizeof bank->next);
  for (guint c = 0; c < bank->now.config.channels; c++) {
    reassign_analyzer_reset (
        bank->now.analyzers[c], reassign_analyzer_held (from[0]));
    reassign_analyzer_skip (
        bank->now.analyzers[c], reassign_analyzer_next (from[0]));
  }
  if (flow == GST_FLOW_OK)
    flow = bank->calls->changed (bank->user);

  while (taken > 0 && flow == GST_FLOW_OK) {
    for (guint c = 0; c < bank->now.config.channels; c++) {
      gboolean same = old.config.channels == bank->now.config.channels;

      /* One of several becomes all of them, several become their mean. */
      taken = reassign_analyzer_replay (bank->now.analyzers[c],
          same ? from + c : from, same ? 1 : old.config.channels);
    }
    flow = pull_all (bank);
  }
  gst_tfr_bank_set_clear (&old);
  return flow;
}

/* ------------------------------------------------------------ samples ---- */

void
gst_tfr_bank_begin (GstTfrBank *bank)
{
  gst_tfr_writer_abort (&bank->batch);
  bank->first = TRUE;
  bank->discont = FALSE;
}

GstFlowReturn
gst_tfr_bank_settle (GstTfrBank *bank)
{
  if (bank->next.analyzers == NULL)
    return GST_FLOW_OK;
  retire_stats (bank);
  gst_tfr_bank_set_clear (&bank->now);
  bank->now = bank->next;
  memset (&bank->next, 0, sizeof bank->next);
  return bank->calls->changed (bank->user);
}

GstFlowReturn
gst_tfr_bank_start (GstTfrBank *bank, gint64 position)
{
  GstFlowReturn flow;

  gst_tfr_writer_abort (&bank->batch);
  flow = gst_tfr_bank_settle (bank);
  bank->fresh = TRUE;
  bank->limit = G_MAXINT64;
  retire_stats (bank);
  for (guint c = 0; c < bank->now.config.channels; c++)
    reassign_analyzer_reset (bank->now.analyzers[c], position);
  return flow;
}

void
gst_tfr_bank_narrow (GstTfrBank *bank, gint64 position, gint64 end)
{
  bank->limit = end;
  for (guint c = 0; c < bank->now.config.channels; c++)
    reassign_analyzer_skip (bank->now.analyzers[c], position);
}

/* All frames that are ready, with the change of config where it is due. */
static GstFlowReturn
advance (GstTfrBank *bank)
{
  GstFlowReturn flow = GST_FLOW_OK;

  do {
    if (bank->next.analyzers != NULL && may_change (bank))
      flow = change (bank);
  } while (flow == GST_FLOW_OK && pull_frame (bank, &flow));
  return flow;
}

GstFlowReturn
gst_tfr_bank_feed (GstTfrBank *bank, const gdouble *const *samples, gsize n)
{
  GstFlowReturn flow = advance (bank);

  for (gsize done = 0; done < n && flow == GST_FLOW_OK;) {
    gsize taken = 0;

    for (guint c = 0; c < bank->now.config.channels; c++)
      taken = reassign_analyzer_push (bank->now.analyzers[c],
          samples != NULL ? samples[c] + done : NULL, n - done);
    done += taken;
    flow = advance (bank);
  }
  return flow;
}

GstFlowReturn
gst_tfr_bank_finish (GstTfrBank *bank)
{
  return finish_batch (bank, bank->limit);
}

GstFlowReturn
gst_tfr_bank_drain (GstTfrBank *bank)
{
  GstFlowReturn flow;

  for (guint c = 0; c < bank->now.config.channels; c++)
    reassign_analyzer_drain (bank->now.analyzers[c]);
  flow = pull_all (bank);
  if (flow == GST_FLOW_OK)
    flow = finish_batch (bank,
        MIN (reassign_analyzer_position (bank->now.analyzers[0]),
            bank->limit));
  gst_tfr_writer_abort (&bank->batch);
  return flow;
}
