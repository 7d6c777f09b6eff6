/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "splat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A gaussian of half the spacing between points adds up to a ripple of
 * 2 exp (-pi^2 / 2), 0.06 dB; it is cut where it has fallen to exp (-8). */
#define SIGMA_PER_SPACING 0.5
#define SIGMAS 4

typedef struct {
  ReassignSplat splat;
  double size; /* sigma, half-width of the triangle, width of the box */
} Shape;

static Shape
shape_for (ReassignSplat splat, double radius, double spacing)
{
  switch (splat) {
    case REASSIGN_SPLAT_GAUSSIAN:
      return (Shape){ splat, fmax (radius, SIGMA_PER_SPACING * spacing) };
    case REASSIGN_SPLAT_BILINEAR:
    case REASSIGN_SPLAT_NEAREST:
      break;
  }
  return (Shape){ splat, fmax (1, spacing) };
}

/* Cells whose centres are farther from a point get nothing of it. */
static double
half_width (Shape shape)
{
  switch (shape.splat) {
    case REASSIGN_SPLAT_GAUSSIAN:
      return SIGMAS * shape.size;
    case REASSIGN_SPLAT_BILINEAR:
      return shape.size;
    case REASSIGN_SPLAT_NEAREST:
      break;
  }
  return shape.size > 1 ? (shape.size + 1) / 2 : 0;
}

/* Share of a cell that lies within the box. */
static double
overlap (double cell_centre, double box)
{
  double from = fmax (cell_centre - 0.5, -box / 2);
  double to = fmin (cell_centre + 0.5, box / 2);

  return fmax (0, to - from);
}

/* Of the cell whose centre is `distance` from the point. */
static double
weight (Shape shape, double distance)
{
  switch (shape.splat) {
    case REASSIGN_SPLAT_GAUSSIAN:
      return exp (-distance * distance / (2 * shape.size * shape.size));
    case REASSIGN_SPLAT_BILINEAR:
      return fmax (0, 1 - fabs (distance) / shape.size);
    case REASSIGN_SPLAT_NEAREST:
      break;
  }
  return shape.size > 1 ? overlap (distance, shape.size)
                        : (distance >= -0.5 && distance < 0.5);
}

/* A wide footprint changes little within a cell. */
#define PHASES 64
#define WIDE 8
#define PHASES_OF_WIDE 8

static size_t
reach_of (Shape shape, size_t max_reach)
{
  /* a point is up to half a cell from its own cell's centre */
  double reach = fmax (ceil (half_width (shape) - 0.5), 0);

  return reach < (double) max_reach ? (size_t) reach : max_reach;
}

/* Floats of a row of weights. */
static size_t
stride_of (size_t reach)
{
  return (2 * reach + REASSIGN_SPLAT_LANES) / REASSIGN_SPLAT_LANES *
         REASSIGN_SPLAT_LANES;
}

bool
reassign_footprint_init (ReassignFootprint *f, ReassignSplat splat,
    double radius, double spacing, size_t max_reach)
{
  size_t reach = reach_of (shape_for (splat, radius, spacing), max_reach);
  size_t narrow = reach < SIGMAS * WIDE ? reach : SIGMAS * WIDE;
  size_t most = PHASES_OF_WIDE * stride_of (reach);

  /* room for any footprint up to this one */
  if (most < PHASES * stride_of (narrow))
    most = PHASES * stride_of (narrow);
  f->weights = calloc (most, sizeof *f->weights);
  if (f->weights == NULL)
    return false;
  reassign_footprint_set (f, splat, radius, spacing, max_reach);
  return true;
}

void
reassign_footprint_set (ReassignFootprint *f, ReassignSplat splat,
    double radius, double spacing, size_t max_reach)
{
  Shape shape = shape_for (splat, radius, spacing);
  double most = 0, least = 1;

  f->reach = reach_of (shape, max_reach);
  f->width = 2 * f->reach + 1;
  f->stride = stride_of (f->reach);
  f->n_phases = shape.size > WIDE ? PHASES_OF_WIDE : PHASES;
  for (size_t phase = 0; phase < f->n_phases; phase++) {
    double place = ((double) phase + 0.5) / (double) f->n_phases;
    float *w = f->weights + phase * f->stride;
    double sum = 0, top = 0;

    for (size_t i = 0; i < f->width; i++)
      sum += weight (shape, (double) i - (double) f->reach + 0.5 - place);
    for (size_t i = 0; i < f->width; i++) {
      double distance = (double) i - (double) f->reach + 0.5 - place;

      /* a very narrow gaussian may be 0 even at the centre of its only cell */
      w[i] = f->width > 1 ? (float) (weight (shape, distance) / sum) : 1;
      top = fmax (top, w[i]);
    }
    for (size_t i = f->width; i < f->stride; i++)
      w[i] = 0;
    most = fmax (most, top);
    least = fmin (least, top);
  }
  f->peak = sqrt (most * least);
}

void
reassign_footprint_clear (ReassignFootprint *f)
{
  free (f->weights);
  f->weights = NULL;
}
