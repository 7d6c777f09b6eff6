/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Where an axis has its ticks, and what they say: round numbers, as many as fit
 * and none on top of another. */

#ifndef GST_TFR_TICKS_H
#define GST_TFR_TICKS_H

#include "reassign.h"

#include <glib.h>

typedef struct {
  gdouble value;  /* Hz, s or dB */
  gdouble place;  /* px from the axis's low end */
  gchar text[24]; /* empty for a minor tick */
} GstTfrTick;

/* Arrays of GstTfrTick in ascending order of place; labels are at least
 * `spacing` px from each other, and only where [place - spacing / 2, place +
 * spacing / 2] lies within the axis if `inside`. */

/* Hz: 1-2-5 steps on linear scales, 20 50 100 ... where decades are wide. */
GArray *gst_tfr_ticks_frequency (
    const ReassignAxis *axis, gdouble spacing, gboolean inside);

/* Names of notes: C of every octave, then all naturals, then all. */
GArray *gst_tfr_ticks_notes (
    const ReassignAxis *axis, gdouble tuning, gdouble spacing, gboolean inside);

/* From `from` to `to` over `length` px in 1-2-5 steps. */
GArray *gst_tfr_ticks_linear (
    gdouble from, gdouble to, gdouble length, gdouble spacing, gboolean inside);

/* The same in seconds, minutes and hours, as a clock shows them. */
GArray *gst_tfr_ticks_time (
    gdouble from, gdouble to, gdouble length, gdouble spacing, gboolean inside);

/* Seconds from one of these to the next, for `seconds` over `length` px. */
gdouble gst_tfr_ticks_time_step (
    gdouble seconds, gdouble length, gdouble spacing);

/* "A4 +0.0 c": the nearest note and the distance to it. */
void gst_tfr_note_name (gdouble hz, gdouble tuning, gchar *text, gsize size);

#endif
