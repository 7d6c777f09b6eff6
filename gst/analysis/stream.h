/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Audio buffers in, batches out: where each buffer lies in time, which way it is
 * played, and what ends before it or goes on. */

#ifndef GST_TFR_STREAM_H
#define GST_TFR_STREAM_H

#include "bank.h"
#include "input.h"
#include "references.h"
#include "reverse.h"
#include "settings.h"
#include "timeline.h"

typedef struct {
  GstCaps *caps; /* of the audio; NULL: nothing can be analysed */
  GstTfrFields fields;
  GstTfrInput input;
  GstTfrTimeline timeline;
  GstTfrBank bank;
  GstTfrReverse reverse;
  GstTfrReferences references;
  gdouble **block; /* [n_block][GST_TFR_INPUT_BLOCK] */
  guint n_block;
  gboolean drained; /* the samples so far have all become frames */
} GstTfrStream;

void gst_tfr_stream_init (
    GstTfrStream *s, const GstTfrBankCalls *calls, gpointer user);
void gst_tfr_stream_clear (GstTfrStream *s);

/* As after _init. */
void gst_tfr_stream_reset (GstTfrStream *s);

/* Other audio, or other fields of points.  NULL or the reason why not; then
 * nothing can be analysed until the next call. */
const gchar *gst_tfr_stream_set_format (GstTfrStream *s, const GstCaps *caps,
    const GstTfrSettings *settings, GstTfrFields fields);

/* The same audio; what is there of it comes out first.  NULL or the reason why
 * not; then all goes on as before. */
const gchar *gst_tfr_stream_set_fields (GstTfrStream *s, GstTfrFields fields);
const gchar *gst_tfr_stream_change (
    GstTfrStream *s, const GstTfrSettings *settings);

/* After a drain, or to forget what was not drained. */
void gst_tfr_stream_set_segment (GstTfrStream *s, const GstSegment *segment);

/* The buffer's samples; a sentence in *wrong where GST_FLOW_ERROR is for a
 * buffer that is unsound. */
GstFlowReturn gst_tfr_stream_push (
    GstTfrStream *s, GstBuffer *buffer, const gchar **wrong);

/* Silence that is known to be. */
GstFlowReturn gst_tfr_stream_push_silence (
    GstTfrStream *s, GstClockTime start, GstClockTime stop);

/* All frames of what has come.  What comes next lies where its PTS says, and
 * something is missing before it. */
GstFlowReturn gst_tfr_stream_drain (GstTfrStream *s);

/* What comes next belongs to another stream. */
void gst_tfr_stream_forget (GstTfrStream *s);

#endif
