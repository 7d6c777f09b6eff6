/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "analysis.h"

#include <glib.h>
#include <math.h>
#include <string.h>

Analysis *
analysis_new_empty (void)
{
  return g_new0 (Analysis, 1);
}

void
analysis_free (Analysis *a)
{
  g_free (a->frames);
  g_free (a->time);
  g_free (a->frequency);
  g_free (a->magnitude);
  g_free (a->phase);
  g_free (a->mixed);
  g_free (a->chirp_rate);
  g_free (a->agreement);
  g_free (a->bin);
  g_free (a);
}

/* Room in powers of two for n more than `used` values. */
static void *
grow (void *p, size_t used, size_t n, size_t size)
{
  size_t had = 16, has = 16;

  while (had < used)
    had *= 2;
  while (has < used + n)
    has *= 2;
  return p == NULL || has > had ? g_realloc (p, has * size) : p;
}

#define APPEND(a, from, field)                                                 \
  do {                                                                         \
    (a)->field = grow (                                                        \
        (a)->field, (a)->n_points, (from)->n_points, sizeof *(a)->field);      \
    if ((from)->field != NULL)                                                 \
      memcpy ((a)->field + (a)->n_points, (from)->field,                       \
          (from)->n_points * sizeof *(a)->field);                              \
    else                                                                       \
      memset ((a)->field + (a)->n_points, 0,                                   \
          (from)->n_points * sizeof *(a)->field);                              \
  } while (0)

static void
add_frame (Analysis *a, const ReassignFrame *frame)
{
  AnalysisFrame *f;

  a->frames = grow (a->frames, a->n_frames, 1, sizeof *a->frames);
  f = &a->frames[a->n_frames++];
  *f = (AnalysisFrame){ .sample = frame->sample,
    .first = a->n_points,
    .n = frame->n_points,
    .gap = frame->gap };
  for (size_t i = 0; i < frame->n_points; i++)
    f->peak = fmax (f->peak, frame->magnitude[i]);
  APPEND (a, frame, time);
  APPEND (a, frame, frequency);
  APPEND (a, frame, magnitude);
  APPEND (a, frame, phase);
  APPEND (a, frame, mixed);
  APPEND (a, frame, chirp_rate);
  APPEND (a, frame, agreement);
  APPEND (a, frame, bin);
  a->n_points += frame->n_points;
}

void
analysis_pull (Analysis *into, ReassignAnalyzer *a)
{
  ReassignFrame frame;

  while (reassign_analyzer_pull (a, &frame))
    add_frame (into, &frame);
}

void
analysis_push (Analysis *into, ReassignAnalyzer *a, const double *x, size_t n)
{
  for (size_t taken; n > 0; n -= taken) {
    taken = reassign_analyzer_push (a, x, n);
    x = x != NULL ? x + taken : NULL;
    analysis_pull (into, a);
  }
}

ReassignAnalyzer *
analysis_analyzer (const ReassignConfig *config)
{
  const char *error;
  ReassignAnalyzer *a = reassign_analyzer_new (config, &error);

  if (a == NULL)
    g_error ("%s", error);
  return a;
}

Analysis *
analysis_of (ReassignAnalyzer *a, const double *x, size_t n, int64_t position,
    size_t piece)
{
  Analysis *result = analysis_new_empty ();
  GRand *random = g_rand_new_with_seed (7);

  reassign_analyzer_reset (a, position);
  while (n > 0) {
    size_t want =
        piece > 0 ? piece : (size_t) g_rand_int_range (random, 1, 5000);
    size_t taken = reassign_analyzer_push (a, x, MIN (n, want));

    x += taken;
    n -= taken;
    analysis_pull (result, a);
  }
  reassign_analyzer_drain (a);
  analysis_pull (result, a);
  g_rand_free (random);
  result->shape = *reassign_analyzer_shape (a);
  result->stats = *reassign_analyzer_stats (a);
  result->latency = reassign_analyzer_latency (a);
  return result;
}

Analysis *
analysis_new_in_pieces (const ReassignConfig *config, const double *x, size_t n,
    int64_t position, size_t piece)
{
  ReassignAnalyzer *a = analysis_analyzer (config);
  Analysis *result = analysis_of (a, x, n, position, piece);

  reassign_analyzer_free (a);
  return result;
}

Analysis *
analysis_new (
    const ReassignConfig *config, const double *x, size_t n, int64_t position)
{
  return analysis_new_in_pieces (config, x, n, position, SIZE_MAX);
}

Analysis *
analysis_new_with_change (const ReassignConfig *from, const ReassignConfig *to,
    const double *x, size_t n, size_t change, int64_t *at)
{
  ReassignAnalyzer *before = analysis_analyzer (from);
  ReassignAnalyzer *after = analysis_analyzer (to);
  Analysis *a = analysis_new_empty ();

  reassign_analyzer_reset (before, 0);
  analysis_push (a, before, x, change);
  reassign_analyzer_retire (before);
  analysis_pull (a, before);
  *at = reassign_analyzer_next (before);

  reassign_analyzer_reset (after, reassign_analyzer_held (before));
  reassign_analyzer_skip (after, *at);
  do
    analysis_pull (a, after);
  while (reassign_analyzer_replay (
             after, (const ReassignAnalyzer *const *) &before, 1) > 0);
  g_assert_cmpint (reassign_analyzer_position (after), ==, (gint64) change);
  analysis_push (a, after, x + change, n - change);
  reassign_analyzer_drain (after);
  analysis_pull (a, after);
  a->shape = *reassign_analyzer_shape (after);
  reassign_analyzer_free (before);
  reassign_analyzer_free (after);
  return a;
}

const AnalysisFrame *
analysis_frame_of (const Analysis *a, size_t point)
{
  size_t low = 0, high = a->n_frames;

  while (high - low > 1) {
    size_t middle = (low + high) / 2;

    if (a->frames[middle].first <= point)
      low = middle;
    else
      high = middle;
  }
  while (point >= a->frames[low].first + a->frames[low].n)
    low++;
  return &a->frames[low];
}

#define DIFFERS(field)                                                         \
  (memcmp (a->field, b->field, a->n_points * sizeof *a->field) != 0)

const char *
analysis_difference (const Analysis *a, const Analysis *b)
{
  if (a->n_frames != b->n_frames)
    return "number of frames";
  if (a->n_points != b->n_points)
    return "number of points";
  for (size_t i = 0; i < a->n_frames; i++) {
    const AnalysisFrame *f = &a->frames[i], *g = &b->frames[i];

    if (f->sample != g->sample || f->n != g->n || f->gap != g->gap)
      return "a frame";
  }
  if (a->n_points == 0)
    return NULL;
  return DIFFERS (time)         ? "time"
         : DIFFERS (frequency)  ? "frequency"
         : DIFFERS (magnitude)  ? "magnitude"
         : DIFFERS (phase)      ? "phase"
         : DIFFERS (mixed)      ? "mixed"
         : DIFFERS (chirp_rate) ? "chirp_rate"
         : DIFFERS (agreement)  ? "agreement"
         : DIFFERS (bin)        ? "bin"
                                : NULL;
}
