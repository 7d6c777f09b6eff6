/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A range of levels that follows the signal slowly. */

#ifndef GST_TFR_AUTOLEVEL_H
#define GST_TFR_AUTOLEVEL_H

#include "look.h"

#define GST_TFR_AUTO_BINS 300

typedef struct {
  gdouble counts[GST_TFR_AUTO_BINS]; /* pixels by level, 1 dB each, fading */
  gdouble top;                       /* dB, NAN while there is nothing */
} GstTfrAutoRange;

void gst_tfr_auto_range_reset (GstTfrAutoRange *range);

/* A column of squared amplitudes, gains[n] * cells[n]; `seconds` is what it
 * lasts. */
void gst_tfr_auto_range_add (GstTfrAutoRange *range, const gfloat *cells,
    const gfloat *gains, guint n, gdouble seconds);

/* Where the range should end, in whole dB. */
gdouble gst_tfr_auto_range_find (GstTfrAutoRange *range, GstTfrAutoLevel mode);

#endif
