/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Sounds to pictures without a pipeline: what the pixels and the cells below
 * them are. */

#ifndef TFR_TEST_DRAWING_H
#define TFR_TEST_DRAWING_H

#include "scene.h"

#define DRAWING_RATE 48000

/* Batches (GstBuffer) of n samples [channel][n] by "tfrreassign ..." with all
 * the fields that pictures use. */
GPtrArray *drawing_analyse (
    const gchar *properties, const gdouble *const *x, guint channels, gsize n);

/* A scene of this size and look, in BGRx. */
void drawing_init (
    GstTfrScene *scene, const GstTfrLook *look, guint width, guint height);

/* Points of the batches from `from` on, up to before position `until`; returns
 * where to go on. */
typedef struct {
  guint batch, frame;
} DrawingPlace;

DrawingPlace drawing_push (GstTfrScene *scene, const GPtrArray *batches,
    DrawingPlace from, gint64 until);

/* The frame at a moment (s after the base), 0xrrggbb [height][width]; to be
 * freed. */
guint32 *drawing_frame (GstTfrScene *scene, gdouble edge);

/* Energy of a column of a lane, as the level of a tone, dBFS. */
gdouble drawing_column_level (
    const GstTfrScene *scene, guint lane, gint64 column);

/* The same of its brightest cell, which is in row *row. */
gdouble drawing_peak_level (
    const GstTfrScene *scene, guint lane, gint64 column, guint *row);

/* Seconds that the signal of the batches lasts. */
gdouble drawing_length (const GPtrArray *batches);

#endif
