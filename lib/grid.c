/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Points to energy per cell.  Energies add up, decibels do not: whoever draws
 * takes the logarithm last. */

#include "splat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A chirp that climbs less than this many rows from frame to frame is drawn as
 * a dot, one that would take more dots as far apart as these. */
#define LEAST_RISE 0.25
#define MAX_DOTS 256

struct ReassignGrid {
  ReassignGridConfig config;
  ReassignFootprint across; /* along time */
  ReassignFootprint dot; /* along time, when it need not reach the next frame */
  ReassignFootprint up;  /* along frequency */
  double spacing;        /* columns from frame to frame */
  double stride;         /* cells from dot to dot that still look like a line */
  double origin;         /* s */
  int64_t first;         /* column held */
  size_t first_slot;     /* where it is */
  double lowest, highest; /* Hz, what lies outside touches no cell */
  double lost;
  size_t pitch; /* cells from column to column, with room for whole vectors */
  float *cells; /* [n_columns][pitch] */
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
  if (!(c->join >= 0 && isfinite (c->join)))
    return "join must be 0 or more Hz";
  if (!(c->sample_rate > 0 && isfinite (c->sample_rate)) || c->hop < 1)
    return "sample_rate and hop must be above 0";
  return NULL;
}

/* The frequencies whose points can touch a cell, or be joined with one that
 * does: for all others nothing need be worked out. */
static void
find_range (ReassignGrid *g)
{
  const ReassignGridConfig *c = &g->config;
  double beyond = (double) g->up.reach + 1;
  double low = reassign_axis_hz (&c->axis, -beyond) - c->join;
  double high =
      reassign_axis_hz (&c->axis, (double) c->axis.n_rows + beyond) + c->join;

  g->lowest = c->lines || !(low < c->axis.min_hz) ? -INFINITY : low;
  g->highest = c->lines || !(high > c->axis.max_hz) ? INFINITY : high;
}

ReassignGrid *
reassign_grid_new (const ReassignGridConfig *config, const char **error)
{
  ReassignGridConfig c = *config;
  const char *wrong = complete (&c);
  ReassignGrid *g = NULL;

  if (wrong == NULL) {
    double spacing = (double) c.hop / c.sample_rate * c.columns_per_second;
    size_t pitch =
        (c.axis.n_rows / REASSIGN_SPLAT_LANES + 2) * REASSIGN_SPLAT_LANES;

    g = calloc (1, sizeof *g);
    if (g != NULL) {
      g->spacing = spacing;
      g->pitch = pitch;
      g->stride = c.splat == REASSIGN_SPLAT_GAUSSIAN ? 2 * c.splat_radius : 1;
    }
    if (g == NULL ||
        !reassign_footprint_init (
            &g->across, c.splat, c.splat_radius, spacing, c.n_columns) ||
        !reassign_footprint_init (
            &g->dot, c.splat, c.splat_radius, 0, c.n_columns) ||
        !reassign_footprint_init (
            &g->up, c.splat, c.splat_radius, 0, c.axis.n_rows) ||
        (g->cells = calloc (c.n_columns * pitch, sizeof (float))) == NULL)
      wrong = "out of memory";
  }
  if (wrong != NULL) {
    reassign_grid_free (g);
    g = NULL;
  } else {
    g->config = c;
    find_range (g);
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
  reassign_footprint_clear (&g->dot);
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
  memset (g->cells, 0, g->config.n_columns * g->pitch * sizeof *g->cells);
}

/* Of a held column. */
static float *
cells_of (const ReassignGrid *g, int64_t column)
{
  size_t slot = g->first_slot + (size_t) (column - g->first);

  if (slot >= g->config.n_columns)
    slot -= g->config.n_columns;
  return g->cells + slot * g->pitch;
}

/* Rounded down; |x| < 2^62. */
static inline int64_t
whole (double x)
{
  int64_t i = (int64_t) x;

  return i - (x < (double) i);
}

static inline const float *
weights_at (const ReassignFootprint *f, double within)
{
  size_t phase = (size_t) (within * (double) f->n_phases);

  if (phase >= f->n_phases) /* `within` rounded up to 1 */
    phase = f->n_phases - 1;
  return f->weights + phase * f->stride;
}

/* Loaded from anywhere. */
typedef float Vector
    __attribute__ ((vector_size (REASSIGN_SPLAT_LANES * sizeof (float)),
        aligned (4), may_alias));

static inline void
add_scaled (float *to, Vector w, float scale)
{
  *(Vector *) to += w * scale;
}

/* All of the footprint is in held columns and rows: whole vectors are added,
 * the zeros that end the weights to whatever comes next. */
static void
splat_inside (ReassignGrid *g, const ReassignFootprint *across, int64_t column,
    int64_t row, const float *wx, const float *wy, float energy)
{
  const size_t n = g->up.stride, width = across->width, pitch = g->pitch;
  const size_t ring = g->config.n_columns * pitch;
  const float *end = g->cells + ring;
  const Vector *w = (const Vector *) wy;
  float *to = cells_of (g, column) + row;

  if (n == 2 * REASSIGN_SPLAT_LANES) { /* the default */
    const Vector low = w[0], high = w[1];

    for (size_t i = 0; i < width; i++) {
      add_scaled (to, low, energy * wx[i]);
      add_scaled (to + REASSIGN_SPLAT_LANES, high, energy * wx[i]);
      to += pitch;
      if (to >= end)
        to -= ring;
    }
    return;
  }
  for (size_t i = 0; i < width; i++) {
    for (size_t v = 0; v < n / REASSIGN_SPLAT_LANES; v++)
      add_scaled (to + v * REASSIGN_SPLAT_LANES, w[v], energy * wx[i]);
    to += pitch;
    if (to >= end)
      to -= ring;
  }
}

/* What hangs over the edges is lost. */
static void
splat_at_edge (ReassignGrid *g, const ReassignFootprint *across, int64_t column,
    int64_t row, const float *wx, const float *wy, double energy)
{
  int64_t columns = (int64_t) g->config.n_columns;
  int64_t rows = (int64_t) g->config.axis.n_rows;
  int64_t from = row < 0 ? -row : 0, to = (int64_t) g->up.width;
  double inside = 0, kept = 0;

  if (row + to > rows)
    to = rows - row;
  for (int64_t r = from; r < to; r++)
    kept += wy[r];
  for (size_t i = 0; i < across->width; i++, column++) {
    if (column < g->first || column >= g->first + columns)
      continue;
    for (int64_t r = from; r < to; r++)
      cells_of (g, column)[row + r] += wy[r] * (float) (energy * wx[i]);
    inside += wx[i];
  }
  g->lost += energy * (1 - inside * kept);
}

/* x in held columns, y in rows; both within reach of them. */
static void
splat (ReassignGrid *g, const ReassignFootprint *across, double x, double y,
    double energy)
{
  int64_t column = whole (x), row = whole (y);
  const float *wx = weights_at (across, x - (double) column);
  const float *wy = weights_at (&g->up, y - (double) row);

  column -= (int64_t) across->reach;
  row -= (int64_t) g->up.reach;
  if (row >= 0 && column >= 0 &&
      row + (int64_t) g->up.width <= (int64_t) g->config.axis.n_rows &&
      column + (int64_t) across->width <= (int64_t) g->config.n_columns)
    splat_inside (g, across, column + g->first, row, wx, wy, (float) energy);
  else
    splat_at_edge (g, across, column + g->first, row, wx, wy, energy);
}

/* The same, or counts the energy as lost. */
static void
splat_if_near (ReassignGrid *g, const ReassignFootprint *across, double x,
    double y, double energy)
{
  double right = (double) (g->config.n_columns + across->reach + 1);
  double high = (double) (g->config.axis.n_rows + g->up.reach + 1);

  if (x > -(double) across->reach - 1 && x < right &&
      y > -(double) g->up.reach - 1 && y < high)
    splat (g, across, x, y, energy);
  else
    g->lost += energy;
}

/* Dots from the frame before to the frame after, fading towards both, so that
 * the lines of neighbouring frames add up to an even one. */
static void
splat_along (ReassignGrid *g, double x, double y, double rise, double energy)
{
  double length = fmax (g->spacing, fabs (rise));
  size_t n = 2 * (size_t) fmin (ceil (length), MAX_DOTS / 2) + 1;
  double middle = ((double) n - 1) / 2, sum = (middle + 1) * (middle + 1);

  for (size_t i = 0; i < n; i++) {
    double part = ((double) i - middle) / (middle + 1); /* (-1, 1) */
    double share = (middle + 1) * (1 - fabs (part)) / sum;

    splat_if_near (
        g, &g->dot, x + part * g->spacing, y + part * rise, energy * share);
  }
}

/* Rows that a chirp climbs from one frame to the next; 0 where it is not to be
 * drawn as a line. */
static double
rise_of (const ReassignGrid *g, double frequency, double slope, double y)
{
  double hop = (double) g->config.hop / g->config.sample_rate; /* s */
  double rise =
      reassign_axis_row (&g->config.axis, frequency + slope * hop) - y;

  return fabs (rise) >= LEAST_RISE &&
                 fabs (rise) <= (double) g->config.axis.n_rows / 4
             ? rise
             : 0;
}

/* Where a point stands on the raster. */
typedef struct {
  double x, y; /* held columns, rows */
  double frequency;
  double energy;
} Place;

/* Half of a point's energy, fading towards a neighbour whose half fades the
 * other way: linearly between equals, in decibels where the neighbour is
 * weaker. */
static void
splat_towards (ReassignGrid *g, const Place *from, const Place *to)
{
  double dx = to->x - from->x, dy = to->y - from->y;
  double n = fmin (ceil (fmax (fabs (dx), fabs (dy)) / g->stride), MAX_DOTS);
  double weaker = fmin (fabs (to->energy) / fabs (from->energy), 1);
  double step = pow (weaker, 1 / n), weight = 1, sum = 0;

  for (double i = 0.5; i < n; i++, weight *= step)
    sum += weight * (n - i);
  weight = 0.5 * from->energy / sum;
  for (double i = 0.5; i < n; i++, weight *= step)
    splat_if_near (g, &g->across, from->x + i / n * dx, from->y + i / n * dy,
        weight * (n - i));
}

/* Not where dots would lie close anyway, nor where very many would be needed:
 * who looks that closely wants to see the points. */
static bool
is_joined (const ReassignGrid *g, const Place *a, const Place *b)
{
  double gap = fabs (a->y - b->y);

  return fabs (a->frequency - b->frequency) < g->config.join &&
         gap > g->stride && gap < g->stride * MAX_DOTS;
}

static Place
place_point (const ReassignGrid *g, double time, double frequency, float energy)
{
  Place p = { (time - g->origin) * g->config.columns_per_second -
                  (double) g->first,
    INFINITY, frequency, energy };

  if (!(frequency < g->lowest || frequency > g->highest))
    p.y = reassign_axis_row (&g->config.axis, frequency);
  return p;
}

static bool
is_sound (const Place *p)
{
  return isfinite (p->x) && isfinite (p->frequency) && !isnan (p->y) &&
         fabs (p->energy) < 1e30;
}

/* A point between its neighbours, NULL where there is none. */
static void
splat_joined (
    ReassignGrid *g, const Place *below, const Place *p, const Place *above)
{
  bool down = below != NULL && is_joined (g, p, below);
  bool up = above != NULL && is_joined (g, p, above);

  if (down)
    splat_towards (g, p, below);
  if (up)
    splat_towards (g, p, above);
  if (!down || !up)
    splat_if_near (
        g, &g->across, p->x, p->y, down || up ? p->energy / 2 : p->energy);
}

void
reassign_grid_push (ReassignGrid *g, const double *time,
    const double *frequency, const float *energy, const float *slope, size_t n)
{
  const ReassignGridConfig *c = &g->config;
  Place below = { 0 }, p = { 0 }, above = { 0 };

  if (n > 0)
    above = place_point (g, time[0], frequency[0], energy[0]);
  for (size_t i = 0; i < n; i++) {
    double rise = 0;

    below = p;
    p = above;
    if (i + 1 < n)
      above = place_point (g, time[i + 1], frequency[i + 1], energy[i + 1]);
    if (!is_sound (&p))
      continue;
    if (slope != NULL && c->lines)
      rise = rise_of (g, frequency[i], slope[i], p.y);
    if (rise != 0)
      splat_along (g, p.x, p.y, rise, energy[i]);
    else if (c->join > 0)
      splat_joined (g, i > 0 ? &below : NULL, &p, i + 1 < n ? &above : NULL);
    else
      splat_if_near (g, &g->across, p.x, p.y, p.energy);
  }
}

void
reassign_grid_advance (ReassignGrid *g, int64_t first)
{
  size_t n = g->config.n_columns, rows = g->pitch;

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
  size_t n = c->n_columns, rows = g->pitch;

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
  g->spacing /= 2;
  reassign_footprint_set (&g->across, c->splat, c->splat_radius, g->spacing, n);
}

int64_t
reassign_grid_first (const ReassignGrid *g)
{
  return g->first;
}

const float *
reassign_grid_column (const ReassignGrid *g, int64_t column)
{
  if (column < g->first || column >= g->first + (int64_t) g->config.n_columns)
    return NULL;
  return cells_of (g, column);
}

/* A line reaches to the next frame, and a dot beyond. */
size_t
reassign_grid_reach (const ReassignGrid *g)
{
  size_t line = (size_t) fmin (ceil (g->spacing), (double) g->config.n_columns);

  return g->config.lines && line + g->dot.reach > g->across.reach
             ? line + g->dot.reach
             : g->across.reach;
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
