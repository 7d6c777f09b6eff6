/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Streams of points that are made by hand, and the video frames that become of
 * them. */

#ifndef TFR_TEST_VIDEO_H
#define TFR_TEST_VIDEO_H

#include "gsttfr.h"

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#define POINTS_CAPS "application/x-tfr-points, version=1, framed=true"

/* Most points of a frame and channel. */
#define TEST_MOST_POINTS 64

/* Points of the frame with this centre; says how many. */
typedef guint (*TestFill) (gint64 centre, guint channel, gdouble *time,
    gdouble *frequency, gfloat *magnitude, gconstpointer data);

typedef struct {
  guint rate, window, hop, channels;
  TestFill fill; /* NULL: no points */
  gconstpointer data;
} TestStream;

/* A batch with its time stamps. */
GstBuffer *test_batch (
    const TestStream *s, gint64 first, guint n_frames, gint64 end);

/* The frames that are centred in [first, end), so many to a batch; 0: batches of
 * random sizes. */
GPtrArray *test_batches (
    const TestStream *s, gint64 first, gint64 end, guint frames_per_batch);

/* An element for points in a harness; caps of video or NULL. */
GstHarness *test_harness (const gchar *launch, const gchar *video_caps);

/* Pushes batches, which it frees. */
void test_push (GstHarness *h, GPtrArray *batches);

/* All frames that have come. */
GPtrArray *test_pull (GstHarness *h);

/* The frames of a whole stream, whose batches it frees. */
GPtrArray *test_render (
    const gchar *launch, const gchar *video_caps, GPtrArray *batches);

/* A pixel of a BGRx frame, 0xrrggbb, and a sum of all. */
guint test_pixel (GstBuffer *frame, guint width, guint x, guint y);
guint64 test_hash (GstBuffer *frame);

/* The brightest of n rows of a column, counted from `top`, of BGRx pixels. */
guint test_brightest_row (
    const guint8 *pixels, guint width, guint x, guint top, guint n);

#endif
