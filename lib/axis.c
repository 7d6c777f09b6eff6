/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Hz to rows and back.  Rows are equally wide after the scale's warp. */

#include "reassign.h"

#include <math.h>

static double
warp (ReassignScale scale, double hz)
{
  switch (scale) {
    case REASSIGN_SCALE_LINEAR:
      return hz;
    case REASSIGN_SCALE_LOG:
      return log2 (hz);
    case REASSIGN_SCALE_MEL:
      return log2 (1 + hz / 700);
    case REASSIGN_SCALE_BARK:
      return hz / (1960 + hz);
    case REASSIGN_SCALE_ERB:
      return log2 (1 + hz * 0.00437);
  }
  return hz;
}

static double
unwarp (ReassignScale scale, double warped)
{
  switch (scale) {
    case REASSIGN_SCALE_LINEAR:
      return warped;
    case REASSIGN_SCALE_LOG:
      return exp2 (warped);
    case REASSIGN_SCALE_MEL:
      return (exp2 (warped) - 1) * 700;
    case REASSIGN_SCALE_BARK:
      return 1960 * warped / (1 - warped);
    case REASSIGN_SCALE_ERB:
      return (exp2 (warped) - 1) / 0.00437;
  }
  return warped;
}

const char *
reassign_axis_init (ReassignAxis *axis)
{
  if (axis->scale < REASSIGN_SCALE_LINEAR || axis->scale > REASSIGN_SCALE_ERB)
    return "scale must be one of ReassignScale";
  if (axis->min_hz == 0 && axis->scale == REASSIGN_SCALE_LOG)
    axis->min_hz = 20;
  if (!(axis->min_hz >= 0 && axis->min_hz < axis->max_hz &&
          axis->max_hz < 1e15))
    return "min_hz must be 0 or more and below max_hz";
  if (axis->n_rows < 1 || axis->n_rows > 1 << 20)
    return "n_rows must be 1 to 1048576";
  axis->offset = warp (axis->scale, axis->min_hz);
  axis->factor =
      (double) axis->n_rows / (warp (axis->scale, axis->max_hz) - axis->offset);
  if (!isfinite (axis->factor))
    return "min_hz and max_hz are too near to each other";
  return NULL;
}

double
reassign_axis_row (const ReassignAxis *axis, double hz)
{
  return (warp (axis->scale, hz) - axis->offset) * axis->factor;
}

double
reassign_axis_hz (const ReassignAxis *axis, double row)
{
  return unwarp (axis->scale, row / axis->factor + axis->offset);
}
