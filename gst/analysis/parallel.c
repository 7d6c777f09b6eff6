/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What one core has written costs another core as much to read as a transform.
 * So a thread takes all frames of a batch, or of several, from their samples to
 * the buffer that leaves. */

#include "parallel.h"

#include "crew.h"

/* Batches that come back to a desk. */
#define MOST_BUFFERS 8
#define MOST_BYTES (1 << 24)

/* While each thread is at one, one waits for it, and two may wait to leave. */
#define RUNS_AHEAD(n_threads) (2 * (n_threads) + 2)

struct _GstTfrParallel {
  GstTfrParallelConfig config;
  GstTfrCrew *crew;
  GstTfrDesk *desks; /* [gst_tfr_crew_size] */
  GstTfrRun *runs;   /* [n_runs], one for each slot */
  guint n_runs;
  guint64 n_counted; /* runs whose counts have been taken */
  gint flow;         /* atomic */
};

/* -------------------------------------------------------- any thread ---- */

static void
fail (GstTfrParallel *p, GstFlowReturn flow)
{
  if (flow != GST_FLOW_OK)
    g_atomic_int_compare_and_exchange (&p->flow, GST_FLOW_OK, flow);
}

static void
work (gpointer user, guint worker, guint slot, guint part)
{
  GstTfrParallel *p = user;
  const GstTfrParallelConfig *c = &p->config;
  GstTfrRun *run = &p->runs[slot];
  const GstTfrDesk *desk = &p->desks[worker];

  if (gst_tfr_parallel_flow (p) == GST_FLOW_OK)
    fail (p, run->by_channel
                 ? c->calls->compute_channel (c->user, run, desk, part)
                 : c->calls->compute (c->user, run, desk));
}

static void
put (gpointer user, guint slot)
{
  GstTfrParallel *p = user;

  if (gst_tfr_parallel_flow (p) == GST_FLOW_OK)
    fail (p, p->config.calls->put (p->config.user, &p->runs[slot]));
}

/* --------------------------------------------------- coming and going ---- */

static gboolean
make_runs (GstTfrParallel *p)
{
  const GstTfrParallelConfig *c = &p->config;

  p->n_runs = RUNS_AHEAD (c->n_threads);
  p->runs = g_new0 (GstTfrRun, p->n_runs);
  for (guint i = 0; i < p->n_runs; i++)
    if (!gst_tfr_run_init (&p->runs[i], c->analyzers, c->n_channels, c->most))
      return FALSE;
  return TRUE;
}

static gboolean
make_desks (GstTfrParallel *p)
{
  const GstTfrParallelConfig *c = &p->config;
  guint n = gst_tfr_crew_size (p->crew);

  p->desks = g_new0 (GstTfrDesk, n);
  for (guint i = 0; i < n; i++) {
    p->desks[i].analyzers = g_new0 (ReassignAnalyzer *, c->n_channels);
    for (guint k = 0; k < c->n_channels; k++) {
      p->desks[i].analyzers[k] = reassign_analyzer_new (c->analysis, NULL);
      if (p->desks[i].analyzers[k] == NULL)
        return FALSE;
    }
  }
  return TRUE;
}

static void
drop_pool (GstTfrDesk *desk)
{
  if (desk->pool != NULL)
    gst_buffer_pool_set_active (desk->pool, FALSE);
  gst_clear_object (&desk->pool);
}

static void
free_desks (GstTfrParallel *p)
{
  for (guint i = 0; p->desks != NULL && i < gst_tfr_crew_size (p->crew); i++) {
    GstTfrDesk *desk = &p->desks[i];

    drop_pool (desk);
    for (guint k = 0; desk->analyzers != NULL && k < p->config.n_channels; k++)
      reassign_analyzer_free (desk->analyzers[k]);
    g_free (desk->analyzers);
  }
  g_free (p->desks);
}

void
gst_tfr_parallel_set_allocator (GstTfrParallel *p, GstAllocator *allocator,
    const GstAllocationParams *params)
{
  gsize n_buffers = MIN (MOST_BUFFERS, MOST_BYTES / p->config.batch_size);
  GstAllocationParams aligned = *params;

  aligned.align |= 63;
  for (guint i = 0; n_buffers > 0 && i < gst_tfr_crew_size (p->crew); i++) {
    GstTfrDesk *desk = &p->desks[i];
    GstStructure *config;

    drop_pool (desk);
    desk->pool = gst_buffer_pool_new ();
    config = gst_buffer_pool_get_config (desk->pool);
    gst_buffer_pool_config_set_params (
        config, NULL, (guint) p->config.batch_size, 0, (guint) n_buffers);
    gst_buffer_pool_config_set_allocator (config, allocator, &aligned);
    if (!gst_buffer_pool_set_config (desk->pool, config) ||
        !gst_buffer_pool_set_active (desk->pool, TRUE))
      drop_pool (desk);
  }
}

static const GstTfrCrewCalls crew_calls = { work, put };

GstTfrParallel *
gst_tfr_parallel_new (const GstTfrParallelConfig *config)
{
  GstTfrParallel *p = g_new0 (GstTfrParallel, 1);

  p->config = *config;
  p->crew = gst_tfr_crew_new (
      config->n_threads, RUNS_AHEAD (config->n_threads), &crew_calls, p);
  if (!make_runs (p) || !make_desks (p)) {
    gst_tfr_parallel_free (p);
    return NULL;
  }
  return p;
}

void
gst_tfr_parallel_free (GstTfrParallel *p)
{
  if (p == NULL)
    return;
  gst_tfr_parallel_discard (p);
  for (guint i = 0; i < p->n_runs; i++)
    gst_tfr_run_clear (&p->runs[i]);
  g_free (p->runs);
  free_desks (p);
  gst_tfr_crew_free (p->crew);
  g_free (p);
}

/* ------------------------------------------------------- running ahead ---- */

static void
count_what_has_left (GstTfrParallel *p)
{
  guint64 n = gst_tfr_crew_n_put (p->crew);

  for (; p->n_counted < n; p->n_counted++)
    gst_tfr_run_add_stats (&p->runs[p->n_counted % p->n_runs], p->config.stats);
}

static GstTfrRun *
next_run (GstTfrParallel *p)
{
  guint slot = gst_tfr_crew_slot (p->crew);

  count_what_has_left (p);
  return &p->runs[slot];
}

/* Frames up to where a run should end that begins with the next one. */
static guint
choose_length (const GstTfrParallel *p)
{
  const ReassignAnalyzer *a = p->config.analyzers[0];
  gint64 number =
      reassign_analyzer_next (a) / (gint64) reassign_analyzer_shape (a)->hop;
  guint most = p->config.most, batch = p->config.frames_per_buffer;

  return most < batch ? most : most - (guint) (MAX (0, number) % batch);
}

static guint64
run_frames (GstTfrParallel *p, guint64 n)
{
  guint64 done = 0;

  while (done < n) {
    guint more = gst_tfr_run_cut (next_run (p), p->config.analyzers,
        (guint) MIN (choose_length (p), n - done));

    if (more == 0)
      break;
    gst_tfr_crew_submit (p->crew, 1);
    done += more;
  }
  return done;
}

/* By analyzers that nobody else may touch meanwhile. */
static guint64
run_channels (GstTfrParallel *p, guint64 n)
{
  GstTfrRun *run;

  if (p->config.n_channels == 1)
    return 0;
  gst_tfr_parallel_settle (p);
  run = next_run (p);
  gst_tfr_run_begin (run, p->config.analyzers);
  run->by_channel = TRUE;
  run->n_pieces = p->config.n_channels;
  run->n_frames = (guint) MIN (n, p->config.most);
  gst_tfr_crew_submit (p->crew, p->config.n_channels);
  gst_tfr_parallel_settle (p);
  return run->n_frames;
}

guint64
gst_tfr_parallel_run (GstTfrParallel *p, guint64 n)
{
  guint64 done = run_frames (p, n);

  if (done == 0)
    done = run_channels (p, n);
  count_what_has_left (p);
  return done;
}

GstFlowReturn
gst_tfr_parallel_flow (const GstTfrParallel *p)
{
  return (GstFlowReturn) g_atomic_int_get (&p->flow);
}

GstFlowReturn
gst_tfr_parallel_settle (GstTfrParallel *p)
{
  gst_tfr_crew_settle (p->crew);
  count_what_has_left (p);
  return gst_tfr_parallel_flow (p);
}

void
gst_tfr_parallel_discard (GstTfrParallel *p)
{
  g_atomic_int_set (&p->flow, GST_FLOW_FLUSHING);
  gst_tfr_parallel_settle (p);
  g_atomic_int_set (&p->flow, GST_FLOW_OK);
}
