/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A synthesiser for each channel: batches of partials in, buffers of sound
 * out. */

#ifndef GST_TFR_SYNTHS_H
#define GST_TFR_SYNTHS_H

#include "gsttfr.h"
#include "reassign.h"

#include <gst/audio/audio.h>

typedef struct {
  GstTfrHeader header;    /* of the last batch */
  ReassignSynth **synths; /* [n_synths], one for each channel */
  guint n_synths;
  gdouble *block;  /* of one channel */
  GArray *samples; /* gdouble, interleaved, that wait to become a buffer */
} GstTfrSynths;

void gst_tfr_synths_init (GstTfrSynths *s);
void gst_tfr_synths_clear (GstTfrSynths *s);

/* Whether those made for one header do for the other. */
gboolean gst_tfr_synths_fit (const GstTfrSynths *s, const GstTfrHeader *header);

/* New ones; NULL, or what is wrong. */
const gchar *gst_tfr_synths_configure (
    GstTfrSynths *s, const GstTfrHeader *header);

void gst_tfr_synths_set (GstTfrSynths *s, gdouble pitch, gdouble tempo);

/* Room for the rows of one frame; FALSE when memory runs out. */
gboolean gst_tfr_synths_reserve (
    GstTfrSynths *s, const GstTfrPartials *partials, guint frame);

/* Takes the batch's rows of one frame, which begin at `from`; returns where the
 * next frame's begin. */
gsize gst_tfr_synths_push (
    GstTfrSynths *s, const GstTfrPartials *partials, guint frame, gsize from);

/* Nothing follows the last batch. */
void gst_tfr_synths_drain (GstTfrSynths *s);

/* Lets samples that are ready wait with the others; FALSE if there are none. */
gboolean gst_tfr_synths_pull (GstTfrSynths *s);

/* The samples that wait, for each channel, whether they are enough, and as a
 * buffer: NULL without memory for it. */
gsize gst_tfr_synths_waiting (const GstTfrSynths *s);
gboolean gst_tfr_synths_are_enough (const GstTfrSynths *s);
GstBuffer *gst_tfr_synths_take (GstTfrSynths *s, const GstAudioInfo *info);

/* Forgets rows and samples. */
void gst_tfr_synths_forget (GstTfrSynths *s);

/* Samples. */
guint64 gst_tfr_synths_latency (const GstTfrSynths *s);

#endif
