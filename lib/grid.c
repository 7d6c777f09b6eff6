/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Points to energy per cell.  Energies add up, decibels do not: whoever draws
 * takes the logarithm last. */

#include "splat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ReassignGrid {
  ReassignGridConfig config;
  ReassignFootprint across; /* along time */
  ReassignFootprint up;     /* along frequency */
  double origin;            /* s */
  int64_t first;            /* column held */
  size_t first_slot;        /* where it is */
  double lost;
  float *cells; /* [n_columns][n_rows] */
};

static const char *
complete (ReassignGridConfig *c)
{
  if (!(c->axis.factor > 0))
    return "axis must have been through reassign_axis_init";
  if (!(c->columns_per_second > 0 && c->columns_per_second < 1e12))
    return "columns_per_second must be above 0 and below 1e12";
  if (c->n_columns < 1 || c->n_columns > 1 << 20 ||
      c->n_columns > ((size_t) 1 << 28) / c->axis.n_rows)
    return "n_columns must be 1 to 1048576, with at most 2^28 cells";
  if (c->splat < REASSIGN_SPLAT_GAUSSIAN || c->splat > REASSIGN_SPLAT_NEAREST)
    return "splat must be one of ReassignSplat";
  if (c->splat_radius == 0)
    c->splat_radius = 0.7;
  if (!(c->splat_radius > 0 && c->splat_radius <= 8))
    return "splat_radius must be above 0 and at most 8 cells";
  if (!(c->sample_rate > 0 && isfinite (c->sample_rate)) || c->hop < 1 ||
      !(c->energy > 0 && isfinite (c->energy)))
    return "sample_rate, hop and energy must be above 0";
  return NULL;
}

ReassignGrid *
reassign_grid_new (const ReassignGridConfig *config, const char **error)
{
  ReassignGridConfig c = *config;
  const char *wrong = complete (&c);
  ReassignGrid *g = NULL;

  if (wrong == NULL) {
    double spacing = (double) c.hop / c.sample_rate * c.columns_per_second;

    g = calloc (1, sizeof *g);
    if (g == NULL ||
        !reassign_footprint_init (
            &g->across, c.splat, c.splat_radius, spacing, c.n_columns) ||
        !reassign_footprint_init (
            &g->up, c.splat, c.splat_radius, 0, c.axis.n_rows) ||
        (g->cells = calloc (c.n_columns * c.axis.n_rows, sizeof (float))) ==
            NULL)
      wrong = "out of memory";
  }
  if (wrong != NULL) {
    reassign_grid_free (g);
    g = NULL;
  } else {
    g->config = c;
  }
  if (error != NULL)
    *error = wrong;
  return g;
}

void
reassign_grid_free (ReassignGrid *g)
{
  if (g == NULL)
    return;
  reassign_footprint_clear (&g->across);
  reassign_footprint_clear (&g->up);
  free (g->cells);
  free (g);
}

void
reassign_grid_reset (ReassignGrid *g, double origin)
{
  g->origin = origin;
  g->first = 0;
  g->first_slot = 0;
  g->lost = 0;
  memset (g->cells, 0,
      g->config.n_columns * g->config.axis.n_rows * sizeof *g->cells);
}

/* Of a held column. */
static float *
cells_of (const ReassignGrid *g, int64_t column)
{
  size_t slot = g->first_slot + (size_t) (column - g->first);

  if (slot >= g->config.n_columns)
    slot -= g->config.n_columns;
  return g->cells + slot * g->config.axis.n_rows;
}

static const float *
weights_at (const ReassignFootprint *f, double place)
{
  double within = place - floor (place);
  size_t phase = (size_t) (within * (double) f->n_phases);

  if (phase >= f->n_phases) /* `within` rounded up to 1 */
    phase = f->n_phases - 1;
  return f->weights + phase * f->width;
}

static void
add_scaled (float *restrict to, const float *restrict w, float scale, size_t n)
{
  for (size_t i = 0; i < n; i++)
    to[i] += w[i] * scale;
}

/* x and y are within reach of the held cells. */
static void
splat (ReassignGrid *g, double x, double y, double energy)
{
  const float *wx = weights_at (&g->across, x);
  const float *wy = weights_at (&g->up, y);
  int64_t columns = (int64_t) g->config.n_columns;
  int64_t rows = (int64_t) g->config.axis.n_rows;
  int64_t column = g->first + (int64_t) floor (x) - (int64_t) g->across.reach;
  int64_t row = (int64_t) floor (y) - (int64_t) g->up.reach;
  int64_t below = row < 0 ? -row : 0;
  int64_t n = (int64_t) g->up.width;
  double inside = 0;

  if (row + n > rows)
    n = rows - row;
  if (below >= n) {
    g->lost += energy;
    return;
  }
  for (size_t i = 0; i < g->across.width; i++, column++) {
    if (column < g->first || column >= g->first + columns || wx[i] == 0)
      continue;
    add_scaled (cells_of (g, column) + row + below, wy + below,
        (float) (energy * wx[i]), (size_t) (n - below));
    inside += wx[i];
  }

  if (inside < 0.999999 || below > 0 || n < (int64_t) g->up.width) {
    double kept = 0;

    for (int64_t i = below; i < n; i++)
      kept += wy[i];
    g->lost += energy * fmax (0, 1 - inside * kept);
  }
}

void
reassign_grid_push (ReassignGrid *g, const double *time,
    const double *frequency, const float *magnitude, size_t n)
{
  const ReassignGridConfig *c = &g->config;
  double left = -(double) g->across.reach - 1;
  double right = (double) (c->n_columns + g->across.reach + 1);
  double low = -(double) g->up.reach - 1;
  double high = (double) (c->axis.n_rows + g->up.reach + 1);

  for (size_t i = 0; i < n; i++) {
    double energy = (double) magnitude[i] * magnitude[i] * c->energy;
    double x = (time[i] - g->origin) * c->columns_per_second - (double) g->first;
    double y = reassign_axis_row (&c->axis, frequency[i]);

    if (!(energy >= 0 && energy < 1e30))
      continue;
    if (x > left && x < right && y > low && y < high)
      splat (g, x, y, energy);
    else if (!isnan (x) && !isnan (y))
      g->lost += energy;
  }
}

void
reassign_grid_advance (ReassignGrid *g, int64_t first)
{
  size_t n = g->config.n_columns, rows = g->config.axis.n_rows;

  if (first <= g->first)
    return;
  if ((uint64_t) first - (uint64_t) g->first >= n) {
    memset (g->cells, 0, n * rows * sizeof *g->cells);
    g->first = first;
    g->first_slot = 0;
    return;
  }
  while (g->first < first) {
    memset (g->cells + g->first_slot * rows, 0, rows * sizeof *g->cells);
    g->first_slot = g->first_slot + 1 < n ? g->first_slot + 1 : 0;
    g->first++;
  }
}

void
reassign_grid_halve (ReassignGrid *g)
{
  ReassignGridConfig *c = &g->config;
  size_t n = c->n_columns, rows = c->axis.n_rows;

  if (g->first != 0)
    return;
  for (size_t i = 0; i < n; i++) {
    float *to = g->cells + i * rows;

    for (size_t r = 0; r < rows; r++) {
      float left = 2 * i < n ? g->cells[2 * i * rows + r] : 0;
      float right = 2 * i + 1 < n ? g->cells[(2 * i + 1) * rows + r] : 0;

      to[r] = left + right;
    }
  }
  c->columns_per_second /= 2;
  reassign_footprint_set (&g->across, c->splat, c->splat_radius,
      (double) c->hop / c->sample_rate * c->columns_per_second, n);
}

int64_t
reassign_grid_first (const ReassignGrid *g)
{
  return g->first;
}

const float *
reassign_grid_column (const ReassignGrid *g, int64_t column)
{
  if (column < g->first ||
      column >= g->first + (int64_t) g->config.n_columns)
    return NULL;
  return cells_of (g, column);
}

size_t
reassign_grid_reach (const ReassignGrid *g)
{
  return g->across.reach;
}

/* A tone of amplitude a puts a^2 / 2 into every sample. */
double
reassign_grid_column_scale (const ReassignGrid *g)
{
  return 2 * g->config.columns_per_second / g->config.sample_rate;
}

double
reassign_grid_cell_scale (const ReassignGrid *g)
{
  return reassign_grid_column_scale (g) / g->up.peak;
}

double
reassign_grid_lost (const ReassignGrid *g)
{
  return g->lost;
}
