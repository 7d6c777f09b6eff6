/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Batches of partials: what is written is read, what is wrong is refused. */

#include "rows.h"

#include <gst/check/gstcheck.h>

#define FRAMES 5
#define CHANNELS 2
#define PARTIALS 3

static GstBuffer *
make_batch (void)
{
  return rows_make_batch (4800, FRAMES, CHANNELS, PARTIALS, 0);
}

GST_START_TEST (rows_are_read_as_they_were_written)
{
  GstBuffer *buffer = make_batch ();
  GError *error = NULL;
  GstTfrPartials view;
  guint row = 0;

  fail_unless (gst_tfr_partials_map (&view, buffer, &error), "%s",
      error ? error->message : "");
  fail_unless_equals_int (view.header.kind, GST_TFR_KIND_PARTIALS);
  fail_unless_equals_int64 (view.header.first, 4800);
  fail_unless_equals_int64 (view.header.end, 4800 + FRAMES * ROWS_HOP);
  fail_unless_equals_int (view.header.n_points, FRAMES * CHANNELS * PARTIALS);
  for (guint f = 0; f < FRAMES; f++)
    for (guint c = 0; c < CHANNELS; c++) {
      fail_unless_equals_int (view.counts[f * CHANNELS + c], PARTIALS);
      for (guint p = 0; p < PARTIALS; p++, row++) {
        gint64 k = 10 + f;

        fail_unless_equals_float (view.time[row], rows_time (k, p));
        fail_unless_equals_float (view.frequency[row], rows_frequency (k, p));
        fail_unless (view.amplitude[row] == rows_amplitude (k, p));
        fail_unless (view.phase[row] == rows_phase (k, p));
        fail_unless (view.bandwidth[row] == rows_bandwidth (k, p));
        fail_unless_equals_int (view.id[row], c * PARTIALS + p + 1);
        fail_unless_equals_int (view.flags[row], 0);
      }
    }
  gst_tfr_partials_unmap (&view);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

/* The batch as bytes that may be spoilt. */
static guint8 *
make_bytes (gsize *size)
{
  GstBuffer *buffer = make_batch ();
  guint8 *bytes;

  *size = gst_buffer_get_size (buffer);
  bytes = g_malloc (*size);
  gst_buffer_extract (buffer, 0, bytes, *size);
  gst_buffer_unref (buffer);
  return bytes;
}

/* Exactly these bytes, so that a read outside is seen by tools that look. */
static gboolean
is_accepted (const guint8 *bytes, gsize size, GError **error)
{
  GstBuffer *buffer = gst_buffer_new_memdup (bytes, size);
  GstTfrPartials view;
  gboolean sound = gst_tfr_partials_map (&view, buffer, error);

  if (sound)
    gst_tfr_partials_unmap (&view);
  gst_buffer_unref (buffer);
  return sound;
}

static void
assert_refused (const guint8 *bytes, gsize size, gint code, const gchar *what)
{
  GError *error = NULL;

  fail_if (is_accepted (bytes, size, &error), "%s was accepted", what);
  fail_unless (g_error_matches (error, GST_STREAM_ERROR, code),
      "%s: wrong error, %s", what, error->message);
  g_clear_error (&error);
}

GST_START_TEST (each_kind_is_refused_where_the_other_is_expected)
{
  GstBuffer *buffer = make_batch ();
  GError *error = NULL;
  GstTfrBatch points;
  gsize size;
  guint8 *bytes = make_bytes (&size);

  fail_if (gst_tfr_batch_map (&points, buffer, &error));
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE));
  g_clear_error (&error);
  memcpy (bytes, GST_TFR_POINTS_MAGIC, GST_TFR_MAGIC_SIZE);
  assert_refused (bytes, size, GST_STREAM_ERROR_WRONG_TYPE, "points");
  memcpy (bytes, "\x89TFX\r\n\x1a\n", GST_TFR_MAGIC_SIZE);
  assert_refused (bytes, size, GST_STREAM_ERROR_FORMAT, "a foreign magic");
  g_free (bytes);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

GST_START_TEST (headers_that_contradict_themselves_are_refused)
{
  static const struct {
    const gchar *what;
    guint offset;
    guint32 value;
  } wrong[] = {
    { "a header that is too small", 8, 1 | 64 << 16 },
    { "a header that is no multiple of 64", 8, 1 | 129 << 16 },
    { "a wrong size", 12, 64 },
    { "a size of all ones", 12, G_MAXUINT32 },
    { "no rate", 20, 0 },
    { "no window", 24, 0 },
    { "no hop", 28, 0 },
    { "no transform", 32, 0 },
    { "no channels", 36, 0 },
    { "2^32 - 1 frames", 48, G_MAXUINT32 },
    { "a thousand frames", 48, 1000 },
    { "one row less", 52, FRAMES * CHANNELS * PARTIALS - 1 },
    { "2^32 - 1 rows", 52, G_MAXUINT32 },
    { "no flags", 56, 0x3f },
    { "no ids", 56, 0x5f },
    { "no bandwidths", 56, 0x6f },
    { "no phases", 56, 0x77 },
    { "no amplitudes", 56, 0x7b },
    { "no times", 56, 0x7e },
    { "all fields", 56, G_MAXUINT32 },
    { "a count that is off by one", 128, PARTIALS + 1 },
    { "a count of all ones", 128, G_MAXUINT32 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    gsize size;
    guint8 *bytes = make_bytes (&size);

    GST_WRITE_UINT32_LE (bytes + wrong[i].offset, wrong[i].value);
    assert_refused (bytes, size, GST_STREAM_ERROR_DECODE, wrong[i].what);
    g_free (bytes);
  }
}
GST_END_TEST;

GST_START_TEST (other_versions_are_refused)
{
  gsize size;
  guint8 *bytes = make_bytes (&size);

  GST_WRITE_UINT16_LE (bytes + 8, 2);
  assert_refused (bytes, size, GST_STREAM_ERROR_WRONG_TYPE, "version 2");
  g_free (bytes);
}
GST_END_TEST;

GST_START_TEST (a_batch_that_is_cut_anywhere_is_refused)
{
  gsize size;
  guint8 *bytes = make_bytes (&size);

  for (gsize n = 1; n < size; n++) {
    GError *error = NULL;

    fail_if (is_accepted (bytes, n, &error));
    fail_unless (error != NULL && error->domain == GST_STREAM_ERROR);
    g_clear_error (&error);
  }
  g_free (bytes);
}
GST_END_TEST;

GST_START_TEST (damage_to_any_byte_is_an_error_or_a_sound_view)
{
  gsize size;
  guint8 *bytes = make_bytes (&size);

  for (gsize at = 0; at < size; at++)
    for (guint bit = 0; bit < 8; bit++) {
      GError *error = NULL;

      bytes[at] ^= (guint8) (1 << bit);
      fail_unless (is_accepted (bytes, size, &error) != (error != NULL));
      g_clear_error (&error);
      bytes[at] ^= (guint8) (1 << bit);
    }
  fail_unless (is_accepted (bytes, size, NULL));
  g_free (bytes);
}
GST_END_TEST;

GST_START_TEST (rows_at_any_alignment_are_read)
{
  for (guint shift = 0; shift < 8; shift++) {
    gsize size;
    guint8 *bytes = make_bytes (&size), *moved = g_malloc (size + 8);
    GstBuffer *buffer;
    GstTfrPartials view;

    memcpy (moved + shift, bytes, size);
    buffer = gst_buffer_new_wrapped_full (
        0, moved, size + 8, shift, size, moved, g_free);
    fail_unless (gst_tfr_partials_map (&view, buffer, NULL));
    fail_unless_equals_float (view.time[1], rows_time (10, 1));
    fail_unless_equals_int (view.id[1], 2);
    gst_tfr_partials_unmap (&view);
    gst_buffer_unref (buffer);
    g_free (bytes);
  }
}
GST_END_TEST;

GST_START_TEST (caps_and_info_agree)
{
  GstTfrInfo info = {
    .kind = GST_TFR_KIND_PARTIALS,
    .rate = 44100,
    .channels = 6,
    .channel_mask = 0x3f,
    .hop_size = 128,
    .window_size = 1024,
    .fft_size = 2048,
  };
  GstCaps *caps = gst_tfr_info_to_caps (&info);
  GstCaps *template = gst_caps_from_string (GST_TFR_PARTIALS_TEMPLATE_CAPS);
  GstTfrInfo back;

  fail_unless (gst_caps_is_subset (caps, template));
  fail_unless (gst_tfr_info_from_caps (&back, caps));
  fail_unless (gst_tfr_info_is_equal (&back, &info));
  fail_if (gst_structure_has_field (gst_caps_get_structure (caps, 0), "phase"));
  back.kind = GST_TFR_KIND_POINTS;
  fail_if (gst_tfr_info_is_equal (&back, &info));
  gst_caps_unref (template);
  gst_caps_unref (caps);
}
GST_END_TEST;

static Suite *
partials_suite (void)
{
  Suite *s = suite_create ("partials");
  TCase *tc = tcase_create ("batches");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, rows_are_read_as_they_were_written);
  tcase_add_test (tc, each_kind_is_refused_where_the_other_is_expected);
  tcase_add_test (tc, headers_that_contradict_themselves_are_refused);
  tcase_add_test (tc, other_versions_are_refused);
  tcase_add_test (tc, a_batch_that_is_cut_anywhere_is_refused);
  tcase_add_test (tc, damage_to_any_byte_is_an_error_or_a_sound_view);
  tcase_add_test (tc, rows_at_any_alignment_are_read);
  tcase_add_test (tc, caps_and_info_agree);
  return s;
}

GST_CHECK_MAIN (partials);
