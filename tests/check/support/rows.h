/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Batches of partials with known rows. */

#ifndef TFR_TEST_ROWS_H
#define TFR_TEST_ROWS_H

#include "gsttfr.h"

/* One batch of frames `first`, `first` + hop, ..., with `n_partials` partials
 * in each channel that live in all of them; ids run from 1 up over the
 * channels. A row's values follow from its frame, channel and partial alone. */
GstBuffer *rows_make_batch (gint64 first, guint n_frames, guint channels,
    guint n_partials, guint32 flags);

#define ROWS_RATE 48000
#define ROWS_HOP 480

/* What a row holds, k its frame's number from position 0 on. */
gdouble rows_time (gint64 k, guint partial);
gdouble rows_frequency (gint64 k, guint partial);
gfloat rows_amplitude (gint64 k, guint partial);
gfloat rows_phase (gint64 k, guint partial);
gfloat rows_bandwidth (gint64 k, guint partial);

/* Rows of one frame and channel, as many as are returned. */
typedef struct {
  gdouble time, frequency;
  gfloat amplitude, phase, bandwidth;
  guint32 id, flags;
} TestRow;

#define TEST_MOST_ROWS 64

typedef guint (*RowsFill) (
    gint64 centre, guint channel, TestRow *rows, gconstpointer data);

/* A batch of such frames. */
GstBuffer *rows_make_filled (gint64 first, guint n_frames, guint channels,
    guint32 flags, RowsFill fill, gconstpointer data);

#endif
