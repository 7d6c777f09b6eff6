/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The columns that a grid holds, and dots on them. */

#ifndef REASSIGN_GRID_CELLS_H
#define REASSIGN_GRID_CELLS_H

#include "splat.h"

typedef struct {
  size_t n_columns, n_rows;
  int64_t first;     /* column held */
  size_t first_slot; /* where it is */
  double lost;       /* energy that fell outside */

  /* Columns have rows to spare at both ends, where dots may hang over. */
  size_t below; /* row 0 in its column */
  size_t pitch; /* cells from column to column */
  float *cells; /* [n_columns][pitch] */
} ReassignCells;

/* For footprints that are so high at most.  False when memory runs out; _clear
 * is due either way. */
bool reassign_cells_init (ReassignCells *c, size_t n_columns, size_t n_rows,
    const ReassignFootprint *up);
void reassign_cells_clear (ReassignCells *c);

/* Empty again, from column 0 on. */
void reassign_cells_reset (ReassignCells *c);

/* Moves on to another first column; earlier ones do nothing. */
void reassign_cells_advance (ReassignCells *c, int64_t first);

/* Adds neighbouring pairs of columns, the first of which is 0. */
void reassign_cells_halve (ReassignCells *c);

/* Of a held column. */
static inline float *
reassign_cells_column (const ReassignCells *c, int64_t column)
{
  size_t slot = c->first_slot + (size_t) (column - c->first);

  if (slot >= c->n_columns)
    slot -= c->n_columns;
  return c->cells + slot * c->pitch + c->below;
}

#define REASSIGN_DOTS 512

/* Places in held columns and rows, and energies. */
typedef struct {
  const ReassignFootprint *across, *up; /* how they are spread */
  size_t n;
  float x[REASSIGN_DOTS], y[REASSIGN_DOTS], energy[REASSIGN_DOTS];
} ReassignDots;

/* Adds the dots and empties the list.  What hangs over the edges, or is far
 * outside, is lost. */
void reassign_cells_splat (ReassignCells *c, ReassignDots *dots);

/* What does that, in versions for this processor, the fastest first; NULL after
 * the last.  All give the same bits. */
typedef void (*ReassignSplatter) (ReassignCells *c, const ReassignDots *dots);

ReassignSplatter reassign_cells_splatter (size_t i);

#endif
