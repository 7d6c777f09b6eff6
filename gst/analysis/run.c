/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "run.h"

gboolean
gst_tfr_run_init (GstTfrRun *run, ReassignAnalyzer *const *analyzers,
    guint n_channels, guint most)
{
  gboolean enough = TRUE;

  memset (run, 0, sizeof *run);
  run->n_channels = n_channels;
  run->most = most;
  run->slots = g_new0 (GstTfrRunSlot, (gsize) most * n_channels);
  run->pieces = g_new0 (GstTfrWriter, MAX (most, n_channels));
  run->excerpts = g_new0 (ReassignExcerpt *, n_channels);
  for (guint c = 0; c < n_channels && enough; c++) {
    run->excerpts[c] = reassign_excerpt_new (analyzers[c], most);
    enough = run->excerpts[c] != NULL;
  }
  return enough;
}

static void
forget_pieces (GstTfrRun *run)
{
  for (guint i = 0; i < run->n_pieces; i++)
    gst_tfr_writer_abort (&run->pieces[i]);
  run->n_pieces = 0;
}

void
gst_tfr_run_clear (GstTfrRun *run)
{
  forget_pieces (run);
  for (guint c = 0; c < run->n_channels; c++)
    reassign_excerpt_free (run->excerpts[c]);
  g_free (run->excerpts);
  g_free (run->pieces);
  g_free (run->slots);
}

void
gst_tfr_run_begin (GstTfrRun *run, ReassignAnalyzer *const *analyzers)
{
  forget_pieces (run);
  run->first = reassign_analyzer_next (analyzers[0]);
  run->position = reassign_analyzer_position (analyzers[0]);
  run->n_frames = 0;
  run->by_channel = FALSE;
  memset (
      run->slots, 0, (gsize) run->most * run->n_channels * sizeof *run->slots);
}

guint
gst_tfr_run_cut (
    GstTfrRun *run, ReassignAnalyzer *const *analyzers, guint n_frames)
{
  gst_tfr_run_begin (run, analyzers);
  for (guint c = 0; c < run->n_channels; c++)
    run->n_frames = (guint) reassign_analyzer_cut (
        analyzers[c], run->excerpts[c], MIN (n_frames, run->most));
  return run->n_frames;
}

void
gst_tfr_run_paste (const GstTfrRun *run, ReassignAnalyzer *const *analyzers)
{
  for (guint c = 0; c < run->n_channels; c++)
    reassign_analyzer_paste (analyzers[c], run->excerpts[c]);
}

void
gst_tfr_frame_pull (
    ReassignAnalyzer *analyzer, GstTfrWriter *batch, GstTfrRunSlot *slot)
{
  gpointer planes[32];
  ReassignPlanes to;
  ReassignFrame frame;

  gst_tfr_writer_get_planes (batch, planes);
  to = (ReassignPlanes){ planes[0], planes[1], planes[2], planes[3], planes[4],
    planes[5], planes[6], planes[7] };
  reassign_analyzer_pull_into (analyzer, &to, &frame);
  reassign_analyzer_take_stats (analyzer, &slot->counts);
  slot->gap = frame.gap;
  gst_tfr_writer_add (batch, (guint) frame.n_points);
}

gboolean
gst_tfr_run_is_gap (const GstTfrRun *run, guint frame, guint n)
{
  for (guint i = 0; i < n * run->n_channels; i++)
    if (!run->slots[frame * run->n_channels + i].gap)
      return FALSE;
  return TRUE;
}

void
gst_tfr_run_add_stats (const GstTfrRun *run, ReassignStats *stats)
{
  for (guint i = 0; i < run->n_frames * run->n_channels; i++)
    reassign_stats_add (stats, &run->slots[i].counts);
}
