/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Points to energy per cell.  Energies add up, decibels do not: whoever draws
 * takes the logarithm last. */

#include "axis.h"
#include "grid-cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A chirp that climbs less than this many rows from frame to frame is drawn as
 * a dot, one that would take more dots as far apart as these. */
#define LEAST_RISE 0.25
#define MAX_DOTS 256

/* Squared samples: a sine of -200 dBFS puts that into two. */
#define LEAST_ENERGY 1e-20f

struct ReassignGrid {
  ReassignGridConfig config;
  ReassignFootprint across; /* along time */
  ReassignFootprint dot; /* along time, when it need not reach the next frame */
  ReassignFootprint up;  /* along frequency */
  double spacing;        /* columns from frame to frame */
  float stride;          /* cells from dot to dot that still look like a line */
  double origin;         /* s */
  ReassignCells cells;
  ReassignDots dots, line_dots; /* that wait to be drawn */
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

/* NULL when memory runs out. */
static ReassignGrid *
make (const ReassignGridConfig *c)
{
  ReassignGrid *g = calloc (1, sizeof *g);
  double radius = c->splat_radius;

  if (g == NULL)
    return NULL;
  g->config = *c;
  g->spacing = (double) c->hop / c->sample_rate * c->columns_per_second;
  g->stride = c->splat == REASSIGN_SPLAT_GAUSSIAN ? 2 * (float) radius : 1;
  if (reassign_footprint_init (
          &g->across, c->splat, radius, g->spacing, c->n_columns) &&
      reassign_footprint_init (&g->dot, c->splat, radius, 0, c->n_columns) &&
      reassign_footprint_init (&g->up, c->splat, radius, 0, c->axis.n_rows) &&
      reassign_cells_init (&g->cells, c->n_columns, c->axis.n_rows, &g->up)) {
    g->dots.across = &g->across;
    g->line_dots.across = &g->dot;
    g->dots.up = g->line_dots.up = &g->up;
    return g;
  }
  reassign_grid_free (g);
  return NULL;
}

ReassignGrid *
reassign_grid_new (const ReassignGridConfig *config, const char **error)
{
  ReassignGridConfig c = *config;
  const char *wrong = complete (&c);
  ReassignGrid *g = NULL;

  if (wrong == NULL && !(g = make (&c)))
    wrong = "out of memory";
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
  reassign_cells_clear (&g->cells);
  free (g);
}

void
reassign_grid_reset (ReassignGrid *g, double origin)
{
  g->origin = origin;
  reassign_cells_reset (&g->cells);
}

/* --------------------------------------------------------------- dots ---- */

/* Those that cannot be seen are not counted; a branch would seldom be foreseen.
 */
static inline void
add_dot (ReassignGrid *g, ReassignDots *d, float x, float y, float energy)
{
  d->x[d->n] = x;
  d->y[d->n] = y;
  d->energy[d->n] = energy;
  d->n += fabsf (energy) > LEAST_ENERGY;
  if (d->n == REASSIGN_DOTS)
    reassign_cells_splat (&g->cells, d);
}

/* Dots from the frame before to the frame after, fading towards both, so that
 * the lines of neighbouring frames add up to an even one. */
static void
add_along (ReassignGrid *g, float x, float y, float rise, float energy)
{
  float spacing = (float) g->spacing, length = fmaxf (spacing, fabsf (rise));
  size_t n = 2 * (size_t) fminf (ceilf (length), MAX_DOTS / 2) + 1;
  float middle = ((float) n - 1) / 2, sum = (middle + 1) * (middle + 1);

  for (size_t i = 0; i < n; i++) {
    float part = ((float) i - middle) / (middle + 1); /* (-1, 1) */
    float share = (middle + 1) * (1 - fabsf (part)) / sum;

    add_dot (
        g, &g->line_dots, x + part * spacing, y + part * rise, energy * share);
  }
}

/* ------------------------------------------------------------- points ---- */

/* Points that are placed together. */
#define CHUNK 256

/* Outside, whatever the grid. */
#define NOWHERE (-1e9f)

/* Where points stand on the raster; and one more, with which the last may be
 * joined. */
typedef struct {
  size_t n;
  float x[CHUNK + 1], y[CHUNK + 1]; /* held columns, rows */
  float energy[CHUNK + 1];
  float rise[CHUNK + 1];     /* rows from one frame to the next, 0: no line */
  int32_t joined[CHUNK + 2]; /* 1: with the next; from the one before on */
} Places;

/* All finite, and not beyond what floats can add up. */
static inline bool
is_sound (float x, float frequency, float energy)
{
  return fabsf (x) + fabsf (frequency) + fabsf (energy) < 1e30f;
}

static void
place_points (const ReassignGrid *g, const double *time,
    const double *frequency, const float *energy, Places *restrict p)
{
  double pace = g->config.columns_per_second, first = (double) g->cells.first;
  double origin = g->origin;
  size_t n = p->n;
  int32_t unsound = 0;

  reassign_axis_rows (&g->config.axis, frequency, p->y, n);
  for (size_t i = 0; i < n; i++) {
    p->x[i] = (float) ((time[i] - origin) * pace - first);
    p->energy[i] = energy[i];
    unsound |= !is_sound (p->x[i], (float) frequency[i], energy[i]);
  }
  for (size_t i = 0; unsound && i < n; i++)
    if (!is_sound (p->x[i], (float) frequency[i], energy[i])) {
      p->y[i] = NOWHERE;
      p->energy[i] = 0;
    }
}

/* Of the chirps that are to be drawn as lines. */
static void
find_rises (const ReassignGrid *g, const double *frequency, const float *slope,
    Places *p)
{
  double hop = (double) g->config.hop / g->config.sample_rate; /* s */
  float most = (float) g->config.axis.n_rows / 4;
  double next[CHUNK + 1];

  for (size_t i = 0; i < p->n; i++)
    next[i] = frequency[i] + slope[i] * hop;
  reassign_axis_rows (&g->config.axis, next, p->rise, p->n);
  for (size_t i = 0; i < p->n; i++) {
    float rise = p->rise[i] - p->y[i];

    p->rise[i] = fabsf (rise) >= LEAST_RISE && fabsf (rise) <= most ? rise : 0;
  }
}

/* Which points are joined with the next.  Not where dots would lie close
 * anyway, nor where very many would be needed: who looks that closely wants to
 * see the points. */
static void
find_joins (const ReassignGrid *g, const double *frequency, Places *restrict p)
{
  float least = g->stride, most = g->stride * MAX_DOTS;
  float apart = (float) g->config.join;

  for (size_t i = 0; i + 1 < p->n; i++) {
    float gap = fabsf (p->y[i + 1] - p->y[i]);
    float step = fabsf ((float) (frequency[i + 1] - frequency[i]));

    p->joined[i + 1] = (gap > least) & (gap < most) & (step < apart);
  }
  p->joined[p->n] = 0;
}

/* What falls from dot to dot, so that in n steps one energy passes into
 * another. */
static inline float
find_step (float from, float to, float n)
{
  float ratio = fabsf (to / from);

  return n == 2 ? sqrtf (ratio) : exp2f (log2f (ratio) / n); /* mostly 2 */
}

/* Half of the energy of a point and half of the next one's along the line
 * between them, each fading towards the other: linearly, but in decibels
 * towards a weaker one. */
static void
join (ReassignGrid *g, const Places *p, size_t i)
{
  bool falls = fabsf (p->energy[i]) >= fabsf (p->energy[i + 1]);
  size_t from = falls ? i : i + 1, to = falls ? i + 1 : i;
  float strong = p->energy[from], weak = p->energy[to];
  float x = p->x[from], dx = p->x[to] - x, y = p->y[from], dy = p->y[to] - y;
  float length = fabsf (dx) > fabsf (dy) ? fabsf (dx) : fabsf (dy);
  float n =
      length < g->stride * MAX_DOTS ? ceilf (length / g->stride) : MAX_DOTS;
  float step, weight = 1, sum = 0;

  if (strong == 0)
    return;
  step = find_step (strong, weak, n);
  dx /= n;
  dy /= n;
  for (float k = 0.5f; k < n; k++, weight *= step)
    sum += weight * (n - k);
  strong = p->rise[from] == 0 ? strong / 2 / sum : 0;
  weak = p->rise[to] == 0 ? weak / (n * n) : 0; /* k adds up to n^2 / 2 */
  weight = strong;
  for (float k = 0.5f; k < n; k++, weight *= step)
    add_dot (g, &g->dots, x + k * dx, y + k * dy, weight * (n - k) + weak * k);
}

/* Points as dots, with what lines leave them of their energy. */
static void
add_points (ReassignGrid *g, const Places *p, size_t n)
{
  ReassignDots *d = &g->dots;
  float energy[CHUNK];
  size_t to;

  for (size_t i = 0; i < n; i++) {
    float joins = (float) (p->joined[i] + p->joined[i + 1]);

    energy[i] = p->rise[i] == 0 ? p->energy[i] * (1 - joins / 2) : 0;
  }
  if (d->n + n > REASSIGN_DOTS)
    reassign_cells_splat (&g->cells, d);
  to = d->n;
  for (size_t i = 0; i < n; i++) {
    d->x[to] = p->x[i];
    d->y[to] = p->y[i];
    d->energy[to] = energy[i];
    to += fabsf (energy[i]) > LEAST_ENERGY;
  }
  d->n = to;
  if (d->n == REASSIGN_DOTS)
    reassign_cells_splat (&g->cells, d);
}

/* The first n, the last of which may be joined with one more. */
static void
draw_points (ReassignGrid *g, Places *p, size_t n, const double *frequency)
{
  find_joins (g, frequency, p);
  add_points (g, p, n);
  for (size_t i = 0; i < n; i++) {
    if (p->joined[i + 1])
      join (g, p, i);
    if (p->rise[i] != 0)
      add_along (g, p->x[i], p->y[i], p->rise[i], p->energy[i]);
  }
  p->joined[0] = p->joined[n];
}

void
reassign_grid_push (ReassignGrid *g, const double *time,
    const double *frequency, const float *energy, const float *slope, size_t n)
{
  Places p;

  p.joined[0] = 0;
  for (size_t at = 0, some; at < n; at += some) {
    some = n - at < CHUNK ? n - at : CHUNK;
    p.n = at + some < n ? some + 1 : some;
    place_points (g, time + at, frequency + at, energy + at, &p);
    if (slope != NULL && g->config.lines)
      find_rises (g, frequency + at, slope + at, &p);
    else
      memset (p.rise, 0, sizeof p.rise);
    draw_points (g, &p, some, frequency + at);
  }
  reassign_cells_splat (&g->cells, &g->dots);
  reassign_cells_splat (&g->cells, &g->line_dots);
}

/* ------------------------------------------------------------ columns ---- */

void
reassign_grid_advance (ReassignGrid *g, int64_t first)
{
  reassign_cells_advance (&g->cells, first);
}

void
reassign_grid_halve (ReassignGrid *g)
{
  ReassignGridConfig *c = &g->config;

  if (g->cells.first != 0)
    return;
  reassign_cells_halve (&g->cells);
  c->columns_per_second /= 2;
  g->spacing /= 2;
  reassign_footprint_set (
      &g->across, c->splat, c->splat_radius, g->spacing, c->n_columns);
}

int64_t
reassign_grid_first (const ReassignGrid *g)
{
  return g->cells.first;
}

const float *
reassign_grid_column (const ReassignGrid *g, int64_t column)
{
  int64_t past = g->cells.first + (int64_t) g->cells.n_columns;

  return column >= g->cells.first && column < past
             ? reassign_cells_column (&g->cells, column)
             : NULL;
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

double
reassign_grid_highest (const ReassignGrid *g)
{
  const ReassignGridConfig *c = &g->config;
  double beyond = (double) (c->axis.n_rows + g->up.reach + 1);
  double hz = reassign_axis_hz (&c->axis, beyond);

  /* chirps fall; and Bark ends */
  return !c->lines && hz > c->axis.max_hz ? hz + c->join : INFINITY;
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
  return g->cells.lost;
}
