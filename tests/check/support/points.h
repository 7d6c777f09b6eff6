/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Audio whose every sample follows from its position, the frames of points that
 * come of it, and what else leaves an element. */

#ifndef TFR_TEST_POINTS_H
#define TFR_TEST_POINTS_H

#include "gsttfr.h"

#include <gst/audio/audio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define AUDIO_RATE 48000
#define AUDIO_CAPS \
  "audio/x-raw, format=F64LE, layout=interleaved, rate=48000, channels=1"

gdouble audio_sample (gint64 position);

/* n samples from a position on, stamped, as AUDIO_CAPS say. */
GstBuffer *audio_buffer (gint64 position, gsize n);

/* A harness around one element, which has got the caps. */
GstHarness *audio_harness (const gchar *launch);

/* Pushes the samples [position, position + n) in pieces. */
void audio_push (GstHarness *h, gint64 position, gsize n, gsize piece);
void audio_push_eos (GstHarness *h);

GstClockTime audio_time (gint64 position);

/* One channel's points of one frame. */
typedef struct {
  gint64 sample;
  guint channel;
  guint n_points;
  guint32 flags;  /* of its batch */
  gboolean first; /* in its batch */
  GByteArray *points; /* the planes' values, one plane after the other */
} Frame;

/* Takes the frames of all batches that have come out.  Each batch must be sound
 * and stamped as its header says. */
GPtrArray *frames_pull (GstHarness *h);
void frames_of_batch (GPtrArray *frames, GstBuffer *buffer);
GPtrArray *frames_new (void);

/* Of n samples from a position on, to the end. */
GPtrArray *frames_analyse (const gchar *launch, gint64 position, gsize n);

const Frame *frames_find (const GPtrArray *frames, gint64 sample, guint channel);

/* Frames [from, from + n) of a and [other, other + n) of b, to the bit. */
void assert_frames_equal (const GPtrArray *a, guint from, const GPtrArray *b,
    guint other, guint n, const gchar *what);

/* All bytes that have come out. */
GByteArray *bytes_pull (GstHarness *h);

/* Batches no longer say that they follow a gap or a discontinuity. */
void bytes_drop_flags (GByteArray *batches);
void assert_bytes_equal (
    const GByteArray *a, const GByteArray *b, const gchar *what);

/* Every event that leaves from now on, as "name@end", with the end of the batch
 * before it. */
GString *log_events (GstHarness *h);

#endif
