/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Samples to frames: the same however they are cut, as many as the samples say. */

#include "points.h"

/* All bytes that leave for n samples that come in pieces of this size. */
static GByteArray *
analyse_in_pieces (const gchar *launch, gsize n, gsize piece)
{
  GstHarness *h = audio_harness (launch);
  GByteArray *bytes;

  audio_push (h, 0, n, piece);
  audio_push_eos (h);
  bytes = bytes_pull (h);
  gst_harness_teardown (h);
  return bytes;
}

GST_START_TEST (any_cutting_gives_the_same_bytes)
{
  static const gsize pieces[] = { 1, 1000, 4096, AUDIO_RATE };
  static const gchar *const launches[] = { "tfrreassign",
    "tfrreassign hop-size=100 window-size=255",
    "tfrreassign hop-size=5000 window-size=64 floor-reference=running-peak",
    "tfrreassign frames-per-buffer=7 floor-reference=noise magnitude-floor=6",
    "tfrreassign consensus=line hop-size=300",
    "tfrreassign analytic=true precision=single" };

  for (guint l = 0; l < G_N_ELEMENTS (launches); l++) {
    GByteArray *whole = analyse_in_pieces (launches[l], 20000, 20000);

    fail_unless (whole->len > 1000);
    for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
      GByteArray *cut = analyse_in_pieces (launches[l], 20000, pieces[i]);
      gchar *what = g_strdup_printf (
          "%s: pieces of %d samples", launches[l], (gint) pieces[i]);

      assert_bytes_equal (cut, whole, what);
      g_free (what);
      g_byte_array_unref (cut);
    }
    g_byte_array_unref (whole);
  }
}
GST_END_TEST;

/* Also of a stream that begins anywhere. */
GST_START_TEST (n_samples_give_a_frame_for_every_hop_begun)
{
  static const gsize lengths[] = { 1, 10, 511, 512, 513, 2047, 5120 };
  static const gint64 starts[] = { 0, 1, 511, 512, 100000 };

  for (guint s = 0; s < G_N_ELEMENTS (starts); s++)
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
      GPtrArray *frames = frames_analyse ("tfrreassign", starts[s], lengths[i]);
      gint64 end = starts[s] + (gint64) lengths[i];
      gint64 first_one = (starts[s] + 511) / 512, past = (end + 511) / 512;

      fail_unless_equals_int64 (frames->len, past - first_one);
      for (guint k = 0; k < frames->len; k++)
        fail_unless_equals_int64 (
            ((Frame *) g_ptr_array_index (frames, k))->sample,
            (first_one + k) * 512);
      g_ptr_array_unref (frames);
    }
}
GST_END_TEST;

/* The last batch ends with the samples, not with the hop. */
GST_START_TEST (the_last_batch_ends_where_the_samples_do)
{
  static const gsize lengths[] = { 1, 10, 512, 2047, 20001 };
  static const gchar *const launches[] = { "tfrreassign",
    "tfrreassign hop-size=100", "tfrreassign consensus=line",
    "tfrreassign analytic=true" };

  for (guint l = 0; l < G_N_ELEMENTS (launches); l++)
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
      GstHarness *h = audio_harness (launches[l]);
      GstBuffer *buffer, *last = NULL;

      audio_push (h, 0, lengths[i], 1000);
      audio_push_eos (h);
      while ((buffer = gst_harness_try_pull (h)) != NULL) {
        gst_clear_buffer (&last);
        last = buffer;
      }
      fail_unless (last != NULL);
      fail_unless_equals_uint64 (GST_BUFFER_OFFSET_END (last), lengths[i]);
      gst_buffer_unref (last);
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
  tcase_add_test (tc, the_last_batch_ends_where_the_samples_do);
  return s;
}

GST_CHECK_MAIN (tfrreassign);
