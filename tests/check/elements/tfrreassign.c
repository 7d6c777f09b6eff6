/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "gsttfr.h"

#include <gst/audio/audio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define RATE 48000
#define MONO \
  "audio/x-raw, format=F64LE, layout=interleaved, rate=48000, channels=1"

/* n samples from a position on, x[i] = a function of i, stamped. */
static GstBuffer *
make_audio (guint64 position, gsize n)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * 8, NULL);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i < n; i++)
    ((gdouble *) map.data)[i] =
        0.5 * sin (0.1 * (gdouble) (position + i)) *
        sin (0.00013 * (gdouble) (position + i));
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (position, GST_SECOND, RATE);
  GST_BUFFER_DURATION (buffer) = gst_util_uint64_scale (n, GST_SECOND, RATE);
  return buffer;
}

/* All bytes that leave for n samples that come in pieces of this size. */
static GByteArray *
analyse_in_pieces (const gchar *launch, gsize n, gsize piece)
{
  GstHarness *h = gst_harness_new_parse (launch);
  GByteArray *bytes = g_byte_array_new ();
  GstBuffer *buffer;

  gst_harness_set_src_caps_str (h, MONO);
  for (gsize i = 0; i < n; i += piece)
    gst_harness_push (h, make_audio (i, MIN (piece, n - i)));
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstMapInfo map;

    gst_buffer_map (buffer, &map, GST_MAP_READ);
    g_byte_array_append (bytes, map.data, (guint) map.size);
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (h);
  return bytes;
}

GST_START_TEST (any_cutting_gives_the_same_bytes)
{
  static const gsize pieces[] = { 1, 1000, 4096, RATE };
  static const gchar *const launches[] = { "tfrreassign",
    "tfrreassign hop-size=100 window-size=255",
    "tfrreassign hop-size=5000 window-size=64 floor-reference=running-peak",
    "tfrreassign frames-per-buffer=7 floor-reference=noise magnitude-floor=6" };

  for (guint l = 0; l < G_N_ELEMENTS (launches); l++) {
    GByteArray *whole = analyse_in_pieces (launches[l], 20000, 20000);

    fail_unless (whole->len > 1000);
    for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
      GByteArray *cut = analyse_in_pieces (launches[l], 20000, pieces[i]);

      fail_unless_equals_int (cut->len, whole->len);
      fail_unless (memcmp (cut->data, whole->data, cut->len) == 0,
          "%s: pieces of %" G_GSIZE_FORMAT " samples", launches[l], pieces[i]);
      g_byte_array_unref (cut);
    }
    g_byte_array_unref (whole);
  }
}
GST_END_TEST;

GST_START_TEST (n_samples_give_a_frame_for_every_hop_begun)
{
  static const gsize lengths[] = { 1, 10, 511, 512, 513, 2047, 5120 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    GstHarness *h = gst_harness_new ("tfrreassign");
    guint64 frames = 0;
    GstBuffer *buffer;
    gint64 end = 0;

    gst_harness_set_src_caps_str (h, MONO);
    gst_harness_push (h, make_audio (0, lengths[i]));
    gst_harness_push_event (h, gst_event_new_eos ());
    while ((buffer = gst_harness_try_pull (h)) != NULL) {
      GstTfrBatch batch;

      fail_unless (gst_tfr_batch_map (&batch, buffer, NULL));
      fail_unless_equals_int64 (batch.header.first, (gint64) frames * 512);
      frames += batch.header.n_frames;
      end = batch.header.end;
      gst_tfr_batch_unmap (&batch);
      gst_buffer_unref (buffer);
    }
    fail_unless_equals_uint64 (frames, (lengths[i] + 511) / 512);
    fail_unless_equals_int64 (end, (gint64) lengths[i]);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

static Suite *
tfrreassign_suite (void)
{
  Suite *s = suite_create ("tfrreassign");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, any_cutting_gives_the_same_bytes);
  tcase_add_test (tc, n_samples_give_a_frame_for_every_hop_begun);
  return s;
}

GST_CHECK_MAIN (tfrreassign);
