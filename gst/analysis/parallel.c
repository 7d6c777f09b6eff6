/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Where a frame's points belong is known only when all before them are counted.
 * So each is written where it would lie if all bins before it were points, and
 * then put down behind the others: by whoever finishes one, as far as they are
 * in line, from a cache that is still warm. */

#include "parallel.h"

#define N_FIELDS 8

/* A frame of one channel. */
typedef struct {
  gboolean done;
  guint n_points;
  gboolean gap;
  ReassignStats counts;
} Slot;

struct _GstTfrParallel {
  GstTfrCrew *crew;
  ReassignAnalyzer **workers; /* [gst_tfr_crew_size] */
  guint together;             /* frames in a row that one worker does */

  /* of the round */
  ReassignAnalyzer *const *analyzers;
  guint n_channels, n_frames, n_bins;
  gboolean independent; /* frames; else only channels are */
  GstTfrWriter *batch;
  gpointer room[32]; /* planes, where the first slot's points go */

  GMutex lock; /* for what follows */
  Slot *slots; /* [n_frames * n_channels], in the order of the counts */
  guint n_slots, capacity, n_put;
  gboolean putting; /* someone is at it */
};

GstTfrParallel *
gst_tfr_parallel_new (guint n_threads, const ReassignConfig *config)
{
  GstTfrParallel *p = g_new0 (GstTfrParallel, 1);
  guint n;

  g_mutex_init (&p->lock);
  p->crew = gst_tfr_crew_new (n_threads);
  n = gst_tfr_crew_size (p->crew);
  p->workers = g_new0 (ReassignAnalyzer *, n);
  p->together = config->precision == REASSIGN_PRECISION_SINGLE ? 2 : 1;
  for (guint i = 0; i < n; i++) {
    p->workers[i] = reassign_analyzer_new (config, NULL);
    if (p->workers[i] == NULL) {
      gst_tfr_parallel_free (p);
      return NULL;
    }
  }
  return p;
}

void
gst_tfr_parallel_free (GstTfrParallel *p)
{
  if (p == NULL)
    return;
  for (guint i = 0; i < gst_tfr_crew_size (p->crew); i++)
    reassign_analyzer_free (p->workers[i]);
  g_free (p->workers);
  gst_tfr_crew_free (p->crew);
  g_free (p->slots);
  g_mutex_clear (&p->lock);
  g_free (p);
}

static gpointer
place (gpointer const *planes, guint bit, gsize point)
{
  return planes[bit] == NULL
             ? NULL
             : (guint8 *) planes[bit] + point * gst_tfr_field_size (bit);
}

static void
compute (GstTfrParallel *p, guint worker, guint frame, guint channel)
{
  Slot *slot = &p->slots[frame * p->n_channels + channel];
  gsize at = (gsize) (slot - p->slots) * p->n_bins;
  ReassignAnalyzer *a = p->analyzers[channel];
  ReassignPlanes to = { place (p->room, 0, at), place (p->room, 1, at),
    place (p->room, 2, at), place (p->room, 3, at), place (p->room, 4, at),
    place (p->room, 5, at), place (p->room, 6, at), place (p->room, 7, at) };
  ReassignFrame result;

  if (p->independent)
    reassign_analyzer_work (
        p->workers[worker], a, frame, &to, &result, &slot->counts);
  else
    reassign_analyzer_pull_into (a, &to, &result);
  slot->n_points = (guint) result.n_points;
  slot->gap = result.gap;
}

static void
put_down (GstTfrParallel *p, guint i)
{
  gsize from = (gsize) i * p->n_bins;
  gpointer planes[32];

  gst_tfr_writer_get_planes (p->batch, planes);
  for (guint bit = 0; bit < N_FIELDS; bit++) {
    gpointer source = place (p->room, bit, from);

    if (source != planes[bit])
      memmove (
          planes[bit], source, p->slots[i].n_points * gst_tfr_field_size (bit));
  }
  gst_tfr_writer_add (p->batch, p->slots[i].n_points);
}

static void
finish (GstTfrParallel *p, guint frame, guint channel)
{
  g_mutex_lock (&p->lock);
  p->slots[frame * p->n_channels + channel].done = TRUE;
  while (!p->putting && p->n_put < p->n_slots && p->slots[p->n_put].done) {
    p->putting = TRUE;
    g_mutex_unlock (&p->lock);
    put_down (p, p->n_put);
    g_mutex_lock (&p->lock);
    p->n_put++;
    p->putting = FALSE;
  }
  g_mutex_unlock (&p->lock);
}

static void
do_job (gpointer user, guint worker, guint job)
{
  GstTfrParallel *p = user;
  guint channel = job % p->n_channels;
  guint first = job / p->n_channels * p->together;

  for (guint f = first; f < MIN (first + p->together, p->n_frames); f++) {
    compute (p, worker, f, channel);
    finish (p, f, channel);
  }
}

/* The analyzers go on. */
static void
pass (GstTfrParallel *p)
{
  for (guint i = 0; i < p->n_slots; i++)
    reassign_analyzer_pass (
        p->analyzers[i % p->n_channels], &p->slots[i].counts);
}

static void
begin (GstTfrParallel *p, ReassignAnalyzer *const *analyzers, guint n_channels,
    guint n_frames, GstTfrWriter *batch)
{
  p->analyzers = analyzers;
  p->n_channels = n_channels;
  p->n_frames = n_frames;
  p->n_bins = (guint) reassign_analyzer_shape (analyzers[0])->n_bins;
  p->batch = batch;
  gst_tfr_writer_get_planes (batch, p->room);
  p->n_slots = n_frames * n_channels;
  if (p->n_slots > p->capacity) {
    p->capacity = p->n_slots;
    p->slots = g_renew (Slot, p->slots, p->capacity);
  }
  for (guint i = 0; i < p->n_slots; i++)
    p->slots[i].done = FALSE;
  p->n_put = 0;
}

guint
gst_tfr_parallel_run (GstTfrParallel *p, ReassignAnalyzer *const *analyzers,
    guint n_channels, guint n_frames, GstTfrWriter *batch, gboolean *gap)
{
  guint n_jobs;

  n_frames = (guint) reassign_analyzer_independent (analyzers[0], n_frames);
  p->independent = n_frames > 0;
  if (!p->independent)
    n_frames = 1;
  n_jobs = n_channels * ((n_frames + p->together - 1) / p->together);
  if (n_jobs < 2)
    return 0;

  begin (p, analyzers, n_channels, n_frames, batch);
  gst_tfr_crew_run (p->crew, do_job, p, n_jobs);
  if (p->independent)
    pass (p);
  for (guint i = 0; i < p->n_slots; i++)
    *gap = *gap && p->slots[i].gap;
  return n_frames;
}
