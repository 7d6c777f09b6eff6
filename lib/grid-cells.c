/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "grid-cells.h"

#include <stdlib.h>
#include <string.h>

bool
reassign_cells_init (ReassignCells *c, size_t n_columns, size_t n_rows,
    const ReassignFootprint *up)
{
  /* a dot that touches the outermost row reaches twice as far */
  *c = (ReassignCells){
    .n_columns = n_columns,
    .n_rows = n_rows,
    .below = 2 * up->reach,
    .pitch = 2 * up->reach + n_rows + up->stride,
  };
  c->cells = calloc (n_columns * c->pitch, sizeof *c->cells);
  return c->cells != NULL;
}

void
reassign_cells_clear (ReassignCells *c)
{
  free (c->cells);
  c->cells = NULL;
}

static void
wipe (ReassignCells *c, int64_t first)
{
  c->first = first;
  c->first_slot = 0;
  memset (c->cells, 0, c->n_columns * c->pitch * sizeof *c->cells);
}

void
reassign_cells_reset (ReassignCells *c)
{
  c->lost = 0;
  wipe (c, 0);
}

void
reassign_cells_advance (ReassignCells *c, int64_t first)
{
  if (first <= c->first)
    return;
  if ((uint64_t) first - (uint64_t) c->first >= c->n_columns) {
    wipe (c, first);
    return;
  }
  while (c->first < first) {
    memset (c->cells + c->first_slot * c->pitch, 0, c->pitch * sizeof (float));
    c->first_slot = c->first_slot + 1 < c->n_columns ? c->first_slot + 1 : 0;
    c->first++;
  }
}

void
reassign_cells_halve (ReassignCells *c)
{
  size_t n = c->n_columns, pitch = c->pitch;

  for (size_t i = 0; i < n; i++) {
    float *to = c->cells + i * pitch;

    for (size_t r = 0; r < pitch; r++) {
      float left = 2 * i < n ? c->cells[2 * i * pitch + r] : 0;
      float right = 2 * i + 1 < n ? c->cells[(2 * i + 1) * pitch + r] : 0;

      to[r] = left + right;
    }
  }
}

/* --------------------------------------------------------------- dots ---- */

#define INLINE static inline __attribute__ ((always_inline))

/* Loaded from anywhere. */
#define VECTOR(lanes)                                                          \
  __attribute__ ((                                                             \
      vector_size ((lanes) * sizeof (float)), aligned (4), may_alias))
typedef float Vector VECTOR (REASSIGN_SPLAT_LANES);
typedef float Pair VECTOR (2 * REASSIGN_SPLAT_LANES);

/* So many columns are known where this is compiled; the default are as many. */
#define USUAL_WIDTH 7

/* Column by column, `vectors` of rows each, which are all there: the zeros that
 * end the weights are added to whatever comes next.  `wide`: registers hold two
 * vectors, and the weights are no more than that. */
INLINE void
add_columns (float *to, size_t pitch, const float *wx, int32_t n,
    const float *wy, size_t vectors, float energy, bool wide)
{
  if (wide) {
    const Pair share = *(const Pair *) wy * energy;

    for (int32_t i = 0; i < n; i++, to += pitch)
      *(Pair *) to += share * wx[i];
    return;
  }
  for (size_t v = 0; v < vectors; v++) {
    const Vector share = ((const Vector *) wy)[v] * energy;

    for (int32_t i = 0; i < n; i++)
      ((Vector *) (to + (size_t) i * pitch))[v] += share * wx[i];
  }
}

/* The share of a footprint that is on cells 0 to n - 1, when it begins so many
 * before them. */
static double
share_inside (const float *weights, int32_t width, int32_t before, int32_t n)
{
  double sum = 0;

  if (before <= 0 && width - before <= n)
    return 1;
  for (int32_t i = 0; i < width; i++)
    if (i >= before && i < n + before)
      sum += weights[i];
  return sum;
}

/* Along one axis: the cell of each of n dots, counted from the cell before the
 * first in which a dot still touches cell 0, and where its weights are. */
INLINE void
find_cells (const float *restrict place, size_t n, size_t n_cells,
    const ReassignFootprint *f, int32_t *restrict cell,
    int32_t *restrict weights)
{
  const float before = (float) (f->reach + 1);
  const float end = (float) (n_cells + 2 * f->reach + 1);
  const float phases = (float) f->n_phases;
  const int32_t stride = (int32_t) f->stride;

  for (size_t i = 0; i < n; i++) {
    float x = place[i] + before;

    x = x > 0 ? x : 0;
    x = x < end ? x : end;
    cell[i] = (int32_t) x;
    weights[i] = (int32_t) ((x - (float) cell[i]) * phases) * stride;
  }
}

INLINE void
splat_dots (
    ReassignCells *c, const ReassignDots *dots, size_t vectors, bool wide)
{
  const ReassignFootprint *across = dots->across, *up = dots->up;
  const int32_t n_columns = (int32_t) c->n_columns;
  const int32_t n_rows = (int32_t) c->n_rows;
  const int32_t width = (int32_t) across->width, high = (int32_t) up->width;
  const int32_t first = (int32_t) c->first_slot;
  const size_t pitch = c->pitch;
  int32_t columns[REASSIGN_DOTS], rows[REASSIGN_DOTS];
  int32_t weights_x[REASSIGN_DOTS], weights_y[REASSIGN_DOTS];
  double lost = 0;

  find_cells (dots->x, dots->n, c->n_columns, across, columns, weights_x);
  find_cells (dots->y, dots->n, c->n_rows, up, rows, weights_y);
  for (size_t i = 0; i < dots->n; i++) {
    int32_t column = columns[i] - width, row = rows[i] - high; /* its first */
    int32_t from = 0, to = width, slot, ahead;
    const float *wx = across->weights + weights_x[i];
    const float *wy = up->weights + weights_y[i];
    float energy = dots->energy[i], *cells;

    if (column < 0 || column + width > n_columns || row < 0 ||
        row + high > n_rows) {
      lost += energy * (1 - share_inside (wx, width, -column, n_columns) *
                                share_inside (wy, high, -row, n_rows));
      from = column < 0 ? -column : 0;
      to = column + width > n_columns ? n_columns - column : width;
      if (from >= to || row <= -high || row >= n_rows)
        continue;
    }
    slot = first + column + from;
    if (slot >= n_columns)
      slot -= n_columns;
    /* up to the seam of the ring, and on from its beginning */
    ahead = n_columns - slot < to - from ? n_columns - slot : to - from;
    cells = c->cells + (rows[i] - 1);
    if (ahead == USUAL_WIDTH)
      add_columns (cells + (size_t) slot * pitch, pitch, wx + from, USUAL_WIDTH,
          wy, vectors, energy, wide);
    else
      add_columns (cells + (size_t) slot * pitch, pitch, wx + from, ahead, wy,
          vectors, energy, wide);
    if (ahead < to - from)
      add_columns (cells, pitch, wx + from + ahead, to - from - ahead, wy,
          vectors, energy, wide);
  }
  c->lost += lost;
}

/* The default are two vectors, which are known where this is compiled. */
static void
splat_generic (ReassignCells *c, const ReassignDots *dots)
{
  size_t vectors = dots->up->stride / REASSIGN_SPLAT_LANES;

  if (vectors == 2)
    splat_dots (c, dots, 2, false);
  else
    splat_dots (c, dots, vectors, false);
}

#if REASSIGN_X86
__attribute__ ((target ("avx2"))) static void
splat_avx2 (ReassignCells *c, const ReassignDots *dots)
{
  if (dots->up->stride == 2 * REASSIGN_SPLAT_LANES)
    splat_dots (c, dots, 2, true);
  else
    splat_generic (c, dots);
}
#endif

ReassignSplatter
reassign_cells_splatter (size_t i)
{
#if REASSIGN_X86
  if (__builtin_cpu_supports ("avx2") && i-- == 0)
    return splat_avx2;
#endif
  return i == 0 ? splat_generic : NULL;
}

void
reassign_cells_splat (ReassignCells *c, ReassignDots *dots)
{
  reassign_cells_splatter (0) (c, dots);
  dots->n = 0;
}
