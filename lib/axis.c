/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Hz to rows and back.  Rows are equally wide after the scale's warp. */

#include "axis.h"

#include <math.h>
#include <string.h>

/* Hz: O'Shaughnessy's mel, Traunmueller's bark; and Glasberg and Moore's ERB.
 */
#define MEL_KNEE 700
#define BARK_KNEE 1960
#define ERB_PER_HZ 0.00437

static double
warp (ReassignScale scale, double hz)
{
  switch (scale) {
    case REASSIGN_SCALE_LINEAR:
      return hz;
    case REASSIGN_SCALE_LOG:
      return log2 (hz);
    case REASSIGN_SCALE_MEL:
      return log2 (1 + hz / MEL_KNEE);
    case REASSIGN_SCALE_BARK:
      return hz / (BARK_KNEE + hz);
    case REASSIGN_SCALE_ERB:
      return log2 (1 + hz * ERB_PER_HZ);
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
      return (exp2 (warped) - 1) * MEL_KNEE;
    case REASSIGN_SCALE_BARK:
      return BARK_KNEE * warped / (1 - warped);
    case REASSIGN_SCALE_ERB:
      return (exp2 (warped) - 1) / ERB_PER_HZ;
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

/* log2 of a positive normal x to 1e-7, and as exact relatively near 1: the
 * series of log2 (1 + f) / f on [sqrt (1/2), sqrt (2)], fitted for the least
 * largest error. */
static inline float
quick_log2 (float x)
{
  const int32_t root_half = 0x3f3504f3;
  int32_t bits, exponent;
  float f, series;

  memcpy (&bits, &x, sizeof bits);
  exponent = (bits - root_half) >> 23;
  bits -= exponent * (1 << 23);
  memcpy (&f, &bits, sizeof f);
  f -= 1;
  series = -0.14574113f;
  series = series * f + 0.23688905f;
  series = series * f - 0.25006962f;
  series = series * f + 0.28670767f;
  series = series * f - 0.36008719f;
  series = series * f + 0.48093945f;
  series = series * f - 0.72135717f;
  return (series * f + 1.4426948f) * f + (float) exponent;
}

/* Scales that are log2 (hz + knee) but for a constant.  The logarithm is that
 * of a ratio to the middle of the axis, so that the rows of a narrow one are
 * far enough apart for a float. */
static void
logarithmic_rows (const ReassignAxis *axis, double knee, const double *hz,
    float *rows, size_t n)
{
  double scale = 1 / sqrt ((axis->min_hz + knee) * (axis->max_hz + knee));
  float factor = (float) axis->factor, half = (float) axis->n_rows / 2;

  for (size_t i = 0; i < n; i++) {
    float ratio = (float) ((hz[i] + knee) * scale);

    rows[i] = quick_log2 (ratio > 1e-30f ? ratio : 1e-30f) * factor + half;
  }
}

void
reassign_axis_rows (
    const ReassignAxis *axis, const double *hz, float *rows, size_t n)
{
  switch (axis->scale) {
    case REASSIGN_SCALE_LINEAR:
      for (size_t i = 0; i < n; i++)
        rows[i] = (float) ((hz[i] - axis->offset) * axis->factor);
      break;
    case REASSIGN_SCALE_LOG:
      logarithmic_rows (axis, 0, hz, rows, n);
      break;
    case REASSIGN_SCALE_MEL:
      logarithmic_rows (axis, MEL_KNEE, hz, rows, n);
      break;
    case REASSIGN_SCALE_BARK:
      for (size_t i = 0; i < n; i++)
        rows[i] = (float) ((hz[i] / (BARK_KNEE + hz[i]) - axis->offset) *
                           axis->factor);
      break;
    case REASSIGN_SCALE_ERB:
      logarithmic_rows (axis, 1 / ERB_PER_HZ, hz, rows, n);
      break;
  }
}
