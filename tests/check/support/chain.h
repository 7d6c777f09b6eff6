/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Sound through a chain of elements and out again, as numbers. */

#ifndef TFR_TEST_CHAIN_H
#define TFR_TEST_CHAIN_H

#include <gst/check/gstharness.h>

/* A harness that takes sound of doubles at this rate. */
GstHarness *chain_new (const gchar *launch, gint rate, gint channels);

/* n samples of each channel, interleaved, from a position on, stamped. */
void chain_push (GstHarness *h, const gdouble *x, gsize n, gint64 position);

/* All of it in pieces of this many samples, then EOS. */
void chain_push_all (GstHarness *h, const gdouble *x, gsize n, gsize piece);

/* The doubles of all buffers that have come out. */
GArray *chain_pull (GstHarness *h);

/* What the caps say that hold for what comes out now. */
void chain_assert_sizes (GstHarness *h, gint rate, gint channels);

/* So many caps have come out. */
void chain_assert_caps_came (GstHarness *h, guint n);

/* From sound to sound. */
GArray *chain_run (const gchar *launch, gint rate, gint channels,
    const gdouble *x, gsize n, gsize piece);

/* dB of x [n] over the difference of y from it, from share `from` to `to`. */
gdouble chain_snr (
    const gdouble *x, const GArray *y, gsize n, gdouble from, gdouble to);

/* All rows that come out, frame by frame. */
typedef struct {
  gint64 sample; /* of the row's frame */
  guint channel;
  gdouble time, frequency;
  gfloat amplitude, phase, bandwidth;
  guint32 id, flags;
} ChainRow;

/* Whether all but the ids is the same, to the bit. */
gboolean chain_row_is_same (const ChainRow *a, const ChainRow *b);

typedef struct {
  GArray *rows; /* ChainRow */
  gint64 first, end;
  guint n_frames;
} ChainRows;

ChainRows *chain_pull_rows (GstHarness *h);
void chain_rows_free (ChainRows *rows);

#endif
