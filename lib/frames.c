/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "frames.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Below this a sample is 0: its square would be denormal, which is slow and
 * says nothing (-2800 dBFS).  Above the other it counts as infinite, as the sum
 * of its squares is. */
#define QUIETEST 1e-140
#define LOUDEST 1e140

/* Least multiple of the hop that is not below the position. */
static int64_t
grid_point (int64_t position, size_t hop)
{
  int64_t h = (int64_t) hop, r = position % h;

  if (r > 0)
    r -= h;
  return position - r;
}

bool
reassign_frames_init (ReassignFrames *f, const ReassignKernel *kernel,
    size_t before, size_t after, size_t margin, size_t hop, size_t n_waiting)
{
  memset (f, 0, sizeof *f);
  f->kernel = kernel;
  f->before = before + margin;
  f->length = before + after + 2 * margin;
  f->margin = margin;
  f->hop = hop;
  f->quietest = QUIETEST;
  f->loudest = LOUDEST;
  f->stride = hop < f->length ? hop : f->length;
  f->patience = (after > hop ? after : hop) + margin;

  /* At the least a frame and what is stored while it waits; some more, so that
   * what is moved to the front is little against what is pushed. */
  f->capacity = 4 * f->length + n_waiting * f->stride + 1024;
  f->samples = calloc (f->capacity, sizeof *f->samples);
  f->marks = calloc (f->capacity, sizeof *f->marks);
  reassign_frames_reset (f, 0);
  return f->samples != NULL && f->marks != NULL;
}

void
reassign_frames_clear (ReassignFrames *f)
{
  free (f->samples);
  free (f->marks);
  f->samples = NULL;
  f->marks = NULL;
}

void
reassign_frames_reset (ReassignFrames *f, int64_t position)
{
  f->position = position;
  f->next = grid_point (position, f->hop);
  f->drained = false;
  f->start = 0;
  f->fill = 0;
}

void
reassign_frames_skip (ReassignFrames *f, int64_t position)
{
  int64_t next = grid_point (position, f->hop);

  if (next > f->next)
    f->next = next;
}

/* Makes room for n values after what is stored, as far as there can be. */
static size_t
room (ReassignFrames *f, size_t n)
{
  size_t free_here = f->capacity - f->start - f->fill;

  if (free_here < n && f->start > 0) {
    memmove (f->samples, f->samples + f->start, f->fill * sizeof *f->samples);
    memmove (f->marks, f->marks + f->start, f->fill);
    f->start = 0;
    free_here = f->capacity - f->fill;
  }
  return n < free_here ? n : free_here;
}

static void
store_zeros (ReassignFrames *f, size_t n)
{
  memset (f->samples + f->start + f->fill, 0, n * sizeof *f->samples);
  memset (f->marks + f->start + f->fill, 0, n);
  f->fill += n;
}

/* How many were not finite. */
static size_t
store_samples (ReassignFrames *f, const double *samples, size_t n)
{
  size_t end = f->start + f->fill;

  f->fill += n;
  return f->kernel->take (
      f->samples + end, f->marks + end, samples, f->quietest, f->loudest, n);
}

/* With marks from an earlier store. */
static void
store_marked (
    ReassignFrames *f, const double *samples, const uint8_t *marks, size_t n)
{
  double *x = f->samples + f->start + f->fill;

  for (size_t i = 0; i < n; i++)
    x[i] = marks[i] & REASSIGN_MARK_NONZERO ? samples[i] : 0;
  memcpy (f->marks + f->start + f->fill, marks, n);
  f->fill += n;
}

/* Of samples that are passed over. */
static size_t
count_non_finite (const ReassignFrames *f, const double *samples, size_t n)
{
  size_t count = 0;

  for (size_t i = 0; i < n; i++)
    count += !(fabs (samples[i]) <= f->loudest);
  return count;
}

/* Samples of the run that begins at the current position and is either all to
 * be stored or all to be passed over; which of the two. */
static uint64_t
run_length (const ReassignFrames *f, bool *stored)
{
  int64_t since = f->position - (f->next - (int64_t) f->before);

  if (since < 0) {
    *stored = false;
    return (uint64_t) -since;
  }
  if (f->stride == f->hop) {
    *stored = true;
    return UINT64_MAX;
  }
  uint64_t place = (uint64_t) since % f->hop;
  *stored = place < f->length;
  return (*stored ? f->length : f->hop) - place;
}

/* The signal may begin inside the first frame. */
static void
store_lead (ReassignFrames *f)
{
  int64_t lead = f->position - (f->next - (int64_t) f->before);

  if (f->fill == 0 && lead > 0) {
    room (f, (size_t) lead);
    store_zeros (f, (size_t) lead);
  }
}

/* Adds the samples that are not finite, unless they are marked. */
static size_t
push (ReassignFrames *f, const double *samples, const uint8_t *marks, size_t n,
    uint64_t *non_finite)
{
  size_t taken = 0;

  if (f->drained)
    return 0;
  store_lead (f);
  while (taken < n) {
    const double *x = samples != NULL ? samples + taken : NULL;
    bool stored;
    uint64_t run = run_length (f, &stored);
    size_t count = n - taken;

    if (run < count)
      count = (size_t) run;
    if (stored) {
      count = room (f, count);
      if (count == 0)
        break;
      if (x == NULL)
        store_zeros (f, count);
      else if (marks != NULL)
        store_marked (f, x, marks + taken, count);
      else
        *non_finite += store_samples (f, x, count);
    } else if (x != NULL && marks == NULL) {
      *non_finite += count_non_finite (f, x, count);
    }
    f->position += (int64_t) count;
    taken += count;
  }
  return taken;
}

size_t
reassign_frames_push (
    ReassignFrames *f, const double *samples, size_t n, uint64_t *non_finite)
{
  return push (f, samples, NULL, n, non_finite);
}

size_t
reassign_frames_push_marked (
    ReassignFrames *f, const double *samples, const uint8_t *marks, size_t n)
{
  uint64_t counted_before = 0;

  return push (f, samples, marks, n, &counted_before);
}

int64_t
reassign_frames_held (const ReassignFrames *f)
{
  int64_t first = f->next - (int64_t) f->before;

  return f->fill > 0 ? first : f->position;
}

size_t
reassign_frames_stored (const ReassignFrames *f, int64_t position,
    const double **samples, const uint8_t **marks)
{
  uint64_t place = (uint64_t) (position - (f->next - (int64_t) f->before));
  uint64_t left = (uint64_t) (f->position - position), frame = 0, run = left;
  bool stored = true;

  if (f->stride != f->hop) {
    frame = place / f->hop;
    place %= f->hop;
    stored = place < f->length;
    run = (stored ? f->length : f->hop) - place;
  }
  uint64_t at = f->start + frame * f->length + place;

  *samples = stored ? f->samples + at : NULL;
  *marks = stored ? f->marks + at : NULL;
  return (size_t) (run < left ? run : left);
}

void
reassign_frames_drain (ReassignFrames *f)
{
  f->drained = true;
}

bool
reassign_frames_ready (const ReassignFrames *f, size_t ahead)
{
  int64_t centre = f->next + (int64_t) (ahead * f->hop);

  return f->drained ? centre < f->position
                    : f->position - centre >= (int64_t) f->patience;
}

static uint8_t
all_marks (const uint8_t *marks, size_t n)
{
  uint8_t all = 0;

  for (size_t i = 0; i < n; i++)
    all |= marks[i];
  return all;
}

/* Makes n values from the next frame's first on be there. */
static void
pad (ReassignFrames *f, size_t n)
{
  if (f->fill < n) { /* the signal has ended under this frame */
    room (f, n - f->fill);
    store_zeros (f, n - f->fill);
  }
}

const double *
reassign_frames_peek (ReassignFrames *f, size_t ahead, unsigned *marks)
{
  size_t first = ahead * f->stride, under = f->length - 2 * f->margin;
  const uint8_t *m;

  if (!reassign_frames_ready (f, ahead))
    return NULL;
  pad (f, first + f->length);
  m = f->marks + f->start + first;
  *marks = all_marks (m + f->margin, under) |
           ((all_marks (m, f->margin) |
                all_marks (m + f->margin + under, f->margin)) &
               REASSIGN_MARK_NONZERO);
  return f->samples + f->start + first;
}

bool
reassign_frames_holds (const ReassignFrames *f, size_t ahead)
{
  return reassign_frames_ready (f, ahead) &&
         f->fill >= ahead * f->stride + f->length;
}

/* Values of n frames in a row. */
static size_t
span (const ReassignFrames *f, size_t n)
{
  return (n - 1) * f->stride + f->length;
}

bool
reassign_frames_init_like (
    ReassignFrames *f, const ReassignFrames *other, size_t most)
{
  *f = *other;
  if (span (f, most) < f->capacity)
    f->capacity = span (f, most);
  f->samples = calloc (f->capacity, sizeof *f->samples);
  f->marks = calloc (f->capacity, sizeof *f->marks);
  return f->samples != NULL && f->marks != NULL;
}

void
reassign_frames_copy (ReassignFrames *f, const ReassignFrames *from, size_t n)
{
  reassign_frames_reset (f, from->next);
  f->fill = span (f, n);
  f->position += (int64_t) ((n - 1) * f->hop) + (int64_t) f->patience;
  memcpy (
      f->samples, from->samples + from->start, f->fill * sizeof *f->samples);
  memcpy (f->marks, from->marks + from->start, f->fill);
}

void
reassign_frames_step (ReassignFrames *f)
{
  size_t gone = f->stride < f->fill ? f->stride : f->fill;

  f->next += (int64_t) f->hop;
  f->start += gone;
  f->fill -= gone;
}
