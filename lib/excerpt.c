/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Samples that go from one analyzer to another: to one of another config, which
 * takes its place, or as excerpts to those of other threads. */

#include "analyzer.h"

#include <stdlib.h>

struct ReassignExcerpt {
  ReassignFrames frames;
  size_t n;    /* of them, with others that they are transformed with */
  size_t room; /* for so many that come out */
  bool lead;
  int64_t end; /* as in an analyzer */
};

/* ------------------------------------------------------------ replay ---- */

/* Pushes the mean of up to 256 of the n samples at a's position. */
static size_t
push_mean (ReassignAnalyzer *a, const ReassignAnalyzer *const *from,
    size_t n_from, size_t n)
{
  double mean[256] = { 0 };
  uint8_t all[256] = { 0 };

  if (n > 256)
    n = 256;
  for (size_t c = 0; c < n_from; c++) {
    const double *samples;
    const uint8_t *marks;

    reassign_frames_stored (
        &from[c]->frames, a->frames.position, &samples, &marks);
    for (size_t i = 0; i < n; i++) {
      mean[i] += samples[i] / (double) n_from;
      all[i] |= marks[i];
    }
  }
  return reassign_frames_push_marked (&a->frames, mean, all, n);
}

size_t
reassign_analyzer_replay (
    ReassignAnalyzer *a, const ReassignAnalyzer *const *from, size_t n_from)
{
  int64_t end = from[0]->frames.position;
  size_t taken = 0;

  while (a->frames.position < end) {
    const double *samples;
    const uint8_t *marks;
    size_t n, n_taken;

    n = reassign_frames_stored (
        &from[0]->frames, a->frames.position, &samples, &marks);
    n_taken = samples == NULL || n_from == 1
                  ? reassign_frames_push_marked (&a->frames, samples, marks, n)
                  : push_mean (a, from, n_from, n);
    taken += n_taken;
    if (n_taken == 0)
      break;
  }
  return taken;
}

/* ---------------------------------------------------------- excerpts ---- */

ReassignExcerpt *
reassign_excerpt_new (const ReassignAnalyzer *a, size_t most)
{
  ReassignExcerpt *e = calloc (1, sizeof *e);
  size_t others = 2 * (a->spectra.n_frames - 1);

  if (e != NULL &&
      !reassign_frames_init_like (&e->frames, &a->frames, most + others)) {
    reassign_excerpt_free (e);
    return NULL;
  }
  if (e != NULL)
    e->room = most;
  return e;
}

void
reassign_excerpt_free (ReassignExcerpt *e)
{
  if (e == NULL)
    return;
  reassign_frames_clear (&e->frames);
  free (e);
}

/* Frames up to `most` that are held, with those that they are transformed with,
 * and depend on no others. */
static size_t
independent (const ReassignAnalyzer *a, size_t most)
{
  size_t n = 0, at = a->lead;

  if (a->voting || a->config.analytic || a->retired ||
      reassign_floor_remembers (a->config.floor_reference) ||
      (a->spectra.n_frames == 2 && !reassign_analyzer_is_first (a, 0)))
    return 0;
  for (; n < most; n++, at++)
    if (!reassign_frames_holds (
            &a->frames, at + reassign_analyzer_is_first (a, at)))
      break;
  return n;
}

/* Where the last one's other is the next one, that needs it too. */
size_t
reassign_analyzer_cut (ReassignAnalyzer *a, ReassignExcerpt *e, size_t most)
{
  size_t n = independent (a, most < e->room ? most : e->room);
  size_t last = a->lead + n - 1;
  bool parted;

  if (n == 0)
    return 0;
  parted = reassign_analyzer_is_first (a, last);
  e->n = last + 1 + parted;
  e->lead = a->lead;
  reassign_frames_copy (&e->frames, &a->frames, e->n);
  for (size_t i = parted; i <= last; i++)
    reassign_frames_step (&a->frames);
  a->lead = parted;
  a->paired = false;
  e->end = reassign_analyzer_upcoming (a);
  return n;
}

void
reassign_analyzer_paste (ReassignAnalyzer *a, const ReassignExcerpt *e)
{
  reassign_analyzer_reset (a, e->frames.next);
  reassign_frames_copy (&a->frames, &e->frames, e->n);
  a->lead = e->lead;
  a->end = e->end;
}
