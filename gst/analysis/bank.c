/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "bank.h"

#include "batches.h"

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
  gst_tfr_bank_wait (bank);
  gst_object_replace ((GstObject **) &bank->allocator, GST_OBJECT (allocator));
  bank->params = *params;
  if (bank->now.parallel != NULL)
    gst_tfr_parallel_set_allocator (
        bank->now.parallel, bank->allocator, &bank->params);
}

static void
take_stats (GstTfrBank *bank, ReassignAnalyzer *a)
{
  ReassignStats counts;

  reassign_analyzer_take_stats (a, &counts);
  reassign_stats_add (&bank->stats, &counts);
}

/* No other thread is at any frame afterwards. */
GstFlowReturn
gst_tfr_bank_wait (GstTfrBank *bank)
{
  return bank->now.parallel != NULL
             ? gst_tfr_parallel_settle (bank->now.parallel)
             : GST_FLOW_OK;
}

const gchar *
gst_tfr_bank_take_failure (GstTfrBank *bank)
{
  const gchar *failure = g_atomic_pointer_get (&bank->failure);

  g_atomic_pointer_set (&bank->failure, NULL);
  return failure;
}

/* Without waiting. */
static GstFlowReturn
flow_so_far (const GstTfrBank *bank)
{
  return bank->flow == GST_FLOW_OK && bank->now.parallel != NULL
             ? gst_tfr_parallel_flow (bank->now.parallel)
             : bank->flow;
}

/* Nor is anything left that was not drained, nor any frame owed. */
static void
discard (GstTfrBank *bank)
{
  if (bank->now.parallel != NULL)
    gst_tfr_parallel_discard (bank->now.parallel);
  bank->flow = GST_FLOW_OK;
  bank->limit = G_MININT64;
  gst_tfr_writer_abort (&bank->batch);
}

void
gst_tfr_bank_clear (GstTfrBank *bank)
{
  discard (bank);
  gst_tfr_bank_set_clear (&bank->now);
  gst_tfr_bank_set_clear (&bank->next);
  gst_clear_object (&bank->allocator);
  memset (&bank->stats, 0, sizeof bank->stats);
}

static const gchar *
make_set (GstTfrBank *bank, GstTfrBankSet *set, const GstTfrBankConfig *config)
{
  const gchar *wrong = gst_tfr_bank_set_init (set, config);

  if (wrong == NULL)
    wrong =
        gst_tfr_bank_set_share (set, &gst_tfr_batch_calls, bank, &bank->stats);
  if (wrong == NULL && set->parallel != NULL)
    gst_tfr_parallel_set_allocator (
        set->parallel, bank->allocator, &bank->params);
  return wrong;
}

static GstFlowReturn catch_up (GstTfrBank *bank);

const gchar *
gst_tfr_bank_configure (GstTfrBank *bank, const GstTfrBankConfig *config)
{
  GstTfrBankSet set;
  const gchar *wrong = make_set (bank, &set, config);

  if (wrong != NULL)
    return wrong;
  discard (bank);
  gst_tfr_bank_set_clear (&bank->now);
  gst_tfr_bank_set_clear (&bank->next);
  bank->now = set;
  return NULL;
}

const gchar *
gst_tfr_bank_change (GstTfrBank *bank, const GstTfrBankConfig *config)
{
  GstTfrBankSet set;
  const gchar *wrong = make_set (bank, &set, config);

  if (wrong == NULL) {
    bank->flow = catch_up (bank);
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
  guint64 hops = set->frames_per_buffer - (ends_with_a_pair (set) ? 2 : 1);

  return reassign_analyzer_latency (set->analyzers[0]) +
         hops * set->header.hop_size;
}

/* -------------------------------------------------------------- frames ---- */

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

/* The next frame of every channel into the batch.  While a change waits, a full
 * batch waits too, since it may have to end elsewhere. */
static GstFlowReturn
pull_here (GstTfrBank *bank)
{
  const GstTfrBankSet *set = &bank->now;
  GstFlowReturn flow = gst_tfr_bank_wait (bank);

  if (flow == GST_FLOW_OK && gst_tfr_batch_is_full (bank))
    flow = gst_tfr_batch_finish_full (bank);
  if (flow == GST_FLOW_OK && bank->batch.buffer == NULL)
    flow =
        gst_tfr_batch_begin (bank, reassign_analyzer_next (set->analyzers[0]));
  if (flow != GST_FLOW_OK)
    return flow;

  for (guint c = 0; c < set->config.channels; c++) {
    GstTfrRunSlot slot;

    gst_tfr_frame_pull (set->analyzers[c], &bank->batch, &slot);
    reassign_stats_add (&bank->stats, &slot.counts);
    bank->batch_gap = bank->batch_gap && slot.gap;
  }
  if (gst_tfr_batch_is_full (bank) && bank->next.analyzers == NULL)
    flow = gst_tfr_batch_finish_full (bank);
  return flow;
}

/* Frames that threads should do now: whole batches, or `all` that are ready. */
static guint64
frames_due (const GstTfrBank *bank, gboolean all)
{
  const ReassignAnalyzer *a = bank->now.analyzers[0];
  guint64 left = frames_left (bank), due = 0;
  guint64 batch =
      gst_tfr_batch_frames_to_end (bank, reassign_analyzer_next (a));

  if (all)
    return left;
  while (due < left) {
    guint64 more = MIN (batch, left - due);

    if (!reassign_analyzer_ready_ahead (a, due + more - 1))
      break;
    due += more;
    batch = bank->now.frames_per_buffer;
  }
  return due;
}

/* The next frame, or more, here or in other threads.  FALSE: more samples are
 * needed, or the flow has ended. */
static gboolean
pull_frame (GstTfrBank *bank, gboolean all, GstFlowReturn *flow)
{
  const GstTfrBankSet *set = &bank->now;
  guint64 due;

  if (!reassign_analyzer_ready (set->analyzers[0]) || frames_left (bank) == 0)
    return FALSE;
  if (set->parallel == NULL || bank->next.analyzers != NULL) {
    *flow = pull_here (bank);
    return *flow == GST_FLOW_OK;
  }
  due = frames_due (bank, all);
  if (due == 0)
    return FALSE;
  *flow = gst_tfr_parallel_run (set->parallel, due) > 0
              ? gst_tfr_parallel_flow (set->parallel)
              : pull_here (bank);
  return *flow == GST_FLOW_OK;
}

/* All that are ready, computed and put down. */
static GstFlowReturn
catch_up (GstTfrBank *bank)
{
  GstFlowReturn flow = flow_so_far (bank);

  while (flow == GST_FLOW_OK && pull_frame (bank, TRUE, &flow))
    ;
  return flow == GST_FLOW_OK ? gst_tfr_bank_wait (bank) : flow;
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

/* Where the last batch has left, one of other channels may begin later than that
 * ended. */
static GstFlowReturn
finish_before_next (GstTfrBank *bank)
{
  gint64 turn = turn_of_next (bank);

  if (bank->batch.buffer != NULL)
    return gst_tfr_batch_finish (bank, turn);
  if (turn != reassign_analyzer_next (bank->now.analyzers[0]))
    bank->discont = TRUE;
  return GST_FLOW_OK;
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
  flow = catch_up (bank);
  if (flow == GST_FLOW_OK)
    flow = finish_before_next (bank);
  else
    gst_tfr_writer_abort (&bank->batch);

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
    flow = catch_up (bank);
  }
  gst_tfr_bank_set_clear (&old);
  return flow;
}

/* ------------------------------------------------------------ samples ---- */

void
gst_tfr_bank_begin (GstTfrBank *bank)
{
  discard (bank);
  gst_tfr_bank_take_failure (bank);
  bank->first = TRUE;
  bank->discont = FALSE;
}

GstFlowReturn
gst_tfr_bank_settle (GstTfrBank *bank)
{
  if (bank->next.analyzers == NULL)
    return GST_FLOW_OK;
  gst_tfr_bank_set_clear (&bank->now);
  bank->now = bank->next;
  memset (&bank->next, 0, sizeof bank->next);
  return bank->calls->changed (bank->user);
}

GstFlowReturn
gst_tfr_bank_start (GstTfrBank *bank, gint64 position)
{
  GstFlowReturn flow;

  discard (bank);
  gst_tfr_bank_take_failure (bank);
  flow = gst_tfr_bank_settle (bank);
  bank->fresh = TRUE;
  bank->limit = G_MAXINT64;
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
advance (GstTfrBank *bank, gboolean all)
{
  GstFlowReturn flow = GST_FLOW_OK;

  do {
    if (bank->next.analyzers != NULL && may_change (bank))
      flow = change (bank);
  } while (flow == GST_FLOW_OK && pull_frame (bank, all, &flow));
  return flow;
}

GstFlowReturn
gst_tfr_bank_feed (GstTfrBank *bank, const gdouble *const *samples, gsize n)
{
  GstFlowReturn flow = flow_so_far (bank);

  if (flow == GST_FLOW_OK)
    flow = advance (bank, FALSE);
  for (gsize done = 0; done < n && flow == GST_FLOW_OK;) {
    gsize taken = 0;

    for (guint c = 0; c < bank->now.config.channels; c++) {
      taken = reassign_analyzer_push (bank->now.analyzers[c],
          samples != NULL ? samples[c] + done : NULL, n - done);
      take_stats (bank, bank->now.analyzers[c]);
    }
    done += taken;
    flow = advance (bank, done < n); /* there is no room for more */
  }
  return bank->flow = flow;
}

GstFlowReturn
gst_tfr_bank_finish (GstTfrBank *bank)
{
  GstFlowReturn flow = catch_up (bank);

  return flow == GST_FLOW_OK ? gst_tfr_batch_finish (bank, bank->limit) : flow;
}

GstFlowReturn
gst_tfr_bank_drain (GstTfrBank *bank)
{
  GstFlowReturn flow;

  for (guint c = 0; c < bank->now.config.channels; c++)
    reassign_analyzer_drain (bank->now.analyzers[c]);
  flow = catch_up (bank);
  if (flow == GST_FLOW_OK)
    flow = gst_tfr_batch_finish (bank,
        MIN (reassign_analyzer_position (bank->now.analyzers[0]), bank->limit));
  discard (bank);
  return flow;
}
