/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "video.h"

GstBuffer *
test_batch (const TestStream *s, gint64 first, guint n_frames, gint64 end)
{
  const GstTfrHeader header = { .rate = s->rate,
    .window_size = s->window,
    .hop_size = s->hop,
    .fft_size = s->window,
    .channels = (guint16) s->channels,
    .first = first,
    .n_frames = n_frames,
    .n_points = n_frames * s->channels * TEST_MOST_POINTS,
    .fields = GST_TFR_FIELDS_ALWAYS,
    .sum_h = s->window / 2.0,
    .sum_h2 = s->window / 2.0 };
  GstTfrWriter writer;
  GstBuffer *buffer;

  g_assert_true (gst_tfr_writer_begin (&writer, &header, NULL, NULL));
  for (guint i = 0; i < n_frames * s->channels; i++) {
    gint64 centre = first + (gint64) (i / s->channels) * s->hop;
    gpointer planes[32];
    guint n = 0;

    gst_tfr_writer_get_planes (&writer, planes);
    if (s->fill != NULL)
      n = s->fill (
          centre, i % s->channels, planes[0], planes[1], planes[2], s->data);
    gst_tfr_writer_add (&writer, n);
  }
  buffer = gst_tfr_writer_finish (&writer, 0, end);
  GST_BUFFER_PTS (buffer) =
      gst_util_uint64_scale ((guint64) first, GST_SECOND, s->rate);
  GST_BUFFER_DURATION (buffer) =
      gst_util_uint64_scale ((guint64) end, GST_SECOND, s->rate) -
      GST_BUFFER_PTS (buffer);
  return buffer;
}

GPtrArray *
test_batches (
    const TestStream *s, gint64 first, gint64 end, guint frames_per_batch)
{
  GPtrArray *batches = g_ptr_array_new ();
  GRand *random = g_rand_new_with_seed (1);
  gint64 hop = s->hop, at = (first + hop - 1) / hop * hop;

  while (at < end) {
    gint64 left = (end - at + hop - 1) / hop;
    guint n = frames_per_batch != 0 ? frames_per_batch
                                    : (guint) g_rand_int_range (random, 1, 9);

    n = (guint) MIN (n, left);
    g_ptr_array_add (batches, test_batch (s, at, n, MIN (end, at + n * hop)));
    at += n * hop;
  }
  g_rand_free (random);
  return batches;
}

GstHarness *
test_harness (const gchar *launch, const gchar *video_caps)
{
  GstHarness *h = gst_harness_new_parse (launch);

  if (video_caps != NULL)
    gst_harness_set_sink_caps_str (h, video_caps);
  gst_harness_set_src_caps_str (h, POINTS_CAPS);
  return h;
}

void
test_push (GstHarness *h, GPtrArray *batches)
{
  for (guint i = 0; i < batches->len; i++)
    g_assert_cmpint (gst_harness_push (h, batches->pdata[i]), ==, GST_FLOW_OK);
  g_ptr_array_unref (batches);
}

GPtrArray *
test_pull (GstHarness *h)
{
  GPtrArray *frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  GstBuffer *frame;

  while ((frame = gst_harness_try_pull (h)) != NULL)
    g_ptr_array_add (frames, frame);
  return frames;
}

GPtrArray *
test_render (const gchar *launch, const gchar *video_caps, GPtrArray *batches)
{
  GstHarness *h = test_harness (launch, video_caps);
  GPtrArray *frames;

  test_push (h, batches);
  g_assert_true (gst_harness_push_event (h, gst_event_new_eos ()));

  frames = test_pull (h);
  gst_harness_teardown (h);
  return frames;
}

guint
test_pixel (GstBuffer *frame, guint width, guint x, guint y)
{
  guint8 bytes[4];

  gst_buffer_extract (frame, 4 * ((gsize) y * width + x), bytes, 4);
  return (guint) bytes[2] << 16 | (guint) bytes[1] << 8 | bytes[0];
}

/* FNV-1a */
guint64
test_hash (GstBuffer *frame)
{
  guint64 hash = 14695981039346656037u;
  GstMapInfo map;

  gst_buffer_map (frame, &map, GST_MAP_READ);
  for (gsize i = 0; i < map.size; i++)
    hash = (hash ^ map.data[i]) * 1099511628211u;
  gst_buffer_unmap (frame, &map);
  return hash;
}

guint
test_brightest_row (
    const guint8 *pixels, guint width, guint x, guint top, guint n)
{
  guint best = 0, row = 0;

  for (guint r = 0; r < n; r++) {
    const guint8 *p = pixels + 4 * ((gsize) (top + r) * width + x);
    guint here = (guint) p[0] + p[1] + p[2];

    if (here > best) {
      best = here;
      row = r;
    }
  }
  return row;
}
