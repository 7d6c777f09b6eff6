/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "autolevel.h"

#include <math.h>
#include <string.h>

/* Level of the first bin. */
#define LOWEST (-240)

/* Seconds in which old pixels fade to 1 / e. */
#define MEMORY 3.0

/* Share of the pixels that may lie above the range, by mode. */
#define ABOVE_PERCENTILE 0.001
#define ABOVE_PEAK 1e-6

/* The range stays while it is within so many dB of where it should be. */
#define SLACK 2

void
gst_tfr_auto_range_reset (GstTfrAutoRange *range)
{
  memset (range->counts, 0, sizeof range->counts);
  range->top = NAN;
}

void
gst_tfr_auto_range_add (GstTfrAutoRange *range, const gfloat *cells,
    const gfloat *gains, guint n, gdouble seconds)
{
  gdouble left = exp (-seconds / MEMORY);

  for (guint i = 0; i < GST_TFR_AUTO_BINS; i++)
    range->counts[i] *= left;
  for (guint i = 0; i < n; i++) {
    gfloat square = cells[i] * gains[i];
    gint bin;

    if (!(square > 1e-24f))
      continue;
    bin = (gint) (10 * log10f (square)) - LOWEST;
    range->counts[CLAMP (bin, 0, GST_TFR_AUTO_BINS - 1)] += seconds;
  }
}

gdouble
gst_tfr_auto_range_find (GstTfrAutoRange *range, GstTfrAutoLevel mode)
{
  gdouble share =
      mode == GST_TFR_AUTO_LEVEL_PEAK ? ABOVE_PEAK : ABOVE_PERCENTILE;
  gdouble total = 0, above = 0, top;
  gint bin = GST_TFR_AUTO_BINS - 1;

  for (guint i = 0; i < GST_TFR_AUTO_BINS; i++)
    total += range->counts[i];
  if (!(total > 0))
    return range->top;
  while (bin > 0 && above + range->counts[bin] <= share * total)
    above += range->counts[bin--];
  top = bin + 1 + LOWEST;
  if (!(fabs (top - range->top) <= SLACK))
    range->top = top;
  return range->top;
}
