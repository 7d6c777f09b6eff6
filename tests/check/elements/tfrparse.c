/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A dump of points replays as it was, in whatever pieces its bytes come, and
 * damage costs no more than the batches that it touches. */

#include "points.h"
#include "tally.h"

#include <glib/gstdio.h>
#include <string.h>

/* Batches of several configs with a gap, a jump and changes between them. */
static GPtrArray *
record (void)
{
  GPtrArray *batches =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  GstHarness *h = audio_harness ("tfrreassign window-size=128 hop-size=60");
  GstBuffer *buffer;

  audio_push (h, 0, 3000, 1000);
  g_object_set (h->element, "hop-size", 100, "fields",
      GST_TFR_FIELD_PHASE | GST_TFR_FIELD_BIN, NULL);
  audio_push (h, 3000, 3000, 1000);
  gst_harness_push_event (
      h, gst_event_new_gap (audio_time (6000), audio_time (4000)));
  audio_push (h, 10000, 3000, 1000);
  audio_push (h, 200000, 3000, 1000);
  audio_push_eos (h);
  while ((buffer = gst_harness_try_pull (h)) != NULL)
    g_ptr_array_add (batches, buffer);
  gst_harness_teardown (h);
  fail_unless (batches->len > 12);
  return batches;
}

static void
append (GByteArray *bytes, GstBuffer *buffer)
{
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  g_byte_array_append (bytes, map.data, (guint) map.size);
  gst_buffer_unmap (buffer, &map);
}

static GByteArray *
dump (const GPtrArray *batches)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < batches->len; i++)
    append (bytes, g_ptr_array_index (batches, i));
  return bytes;
}

/* The parser's batches, and how many warnings it gave. */
static GPtrArray *
replay (const GByteArray *bytes, gsize piece, guint *warnings)
{
  GPtrArray *batches =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  GstHarness *h = gst_harness_new ("tfrparse");
  GstBus *bus = gst_bus_new ();
  GstSegment segment;
  GstMessage *message;
  GstBuffer *buffer;

  gst_element_set_bus (h->element, bus);
  gst_harness_set_src_caps_str (h, "application/x-tfr-points");
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  for (gsize at = 0; at < bytes->len; at += piece) {
    buffer =
        gst_buffer_new_memdup (bytes->data + at, MIN (piece, bytes->len - at));
    GST_BUFFER_OFFSET (buffer) = at;
    fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
  }
  audio_push_eos (h);
  while ((buffer = gst_harness_try_pull (h)) != NULL)
    g_ptr_array_add (batches, buffer);

  *warnings = 0;
  while ((message = gst_bus_pop (bus)) != NULL) {
    fail_if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR);
    *warnings += GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING;
    gst_message_unref (message);
  }
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
  return batches;
}

static gboolean
is_discont (GstBuffer *buffer)
{
  return GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT);
}

static void
assert_same_batch (GstBuffer *a, GstBuffer *b)
{
  GByteArray *bytes[2] = { g_byte_array_new (), g_byte_array_new () };

  append (bytes[0], a);
  append (bytes[1], b);
  assert_bytes_equal (bytes[0], bytes[1], "batch");
  fail_unless_equals_uint64 (GST_BUFFER_PTS (a), GST_BUFFER_PTS (b));
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (a), GST_BUFFER_DURATION (b));
  fail_unless_equals_uint64 (GST_BUFFER_OFFSET (a), GST_BUFFER_OFFSET (b));
  fail_unless_equals_uint64 (
      GST_BUFFER_OFFSET_END (a), GST_BUFFER_OFFSET_END (b));
  fail_unless_equals_int (GST_BUFFER_FLAG_IS_SET (a, GST_BUFFER_FLAG_GAP),
      GST_BUFFER_FLAG_IS_SET (b, GST_BUFFER_FLAG_GAP));
  g_byte_array_unref (bytes[0]);
  g_byte_array_unref (bytes[1]);
}

/* A header that claims the most that there can be does not keep those after it
 * waiting for that. */
GST_START_TEST (a_false_size_is_found_out_by_the_next_batches)
{
  GstHarness *h = gst_harness_new ("tfrparse");
  GPtrArray *live = record ();
  GByteArray *all = dump (live);
  GstTfrHeader header = { .rate = 48000,
    .window_size = 2048,
    .hop_size = 512,
    .fft_size = 2048,
    .channels = 1,
    .n_frames = 1,
    .n_points = 13000000,
    .fields = GST_TFR_FIELDS_ALWAYS,
    .sum_h = 1,
    .sum_h2 = 1 };
  GstTfrWriter writer;
  GstBuffer *claim;
  gpointer planes[32];
  gsize pushed = 0;

  fail_unless (gst_tfr_writer_begin (&writer, &header, NULL, NULL));
  gst_tfr_writer_get_planes (&writer, planes);
  memset (planes[0], 0, 4096); /* what is pushed of them */
  gst_tfr_writer_add (&writer, header.n_points);
  claim = gst_tfr_writer_finish (&writer, 0, header.hop_size);
  gst_harness_set_src_caps_str (h, "application/x-tfr-points");
  gst_harness_push (
      h, gst_buffer_copy_region (claim, GST_BUFFER_COPY_ALL, 0, 4096));
  gst_buffer_unref (claim);
  /* as many again, and what is waited for in any case */
  while (gst_harness_buffers_in_queue (h) == 0 && pushed < 1 << 20)
    for (gsize at = 0; at < all->len; at += 4096, pushed += 4096)
      gst_harness_push (h, gst_buffer_new_memdup (all->data + at,
                               MIN (4096, all->len - at)));
  fail_unless (gst_harness_buffers_in_queue (h) > 0);
  g_byte_array_unref (all);
  g_ptr_array_unref (live);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_dump_replays_as_it_was)
{
  static const gsize pieces[] = { 61, 4096, 100000, G_MAXINT };
  GPtrArray *live = record ();
  GByteArray *bytes = dump (live);

  for (guint p = 0; p < G_N_ELEMENTS (pieces); p++) {
    guint warnings;
    GPtrArray *replayed = replay (bytes, pieces[p], &warnings);

    fail_unless_equals_int (replayed->len, live->len);
    fail_unless_equals_int (warnings, 0);
    for (guint i = 0; i < live->len; i++) {
      GstBuffer *a = g_ptr_array_index (replayed, i);
      GstBuffer *b = g_ptr_array_index (live, i);

      assert_same_batch (a, b);
      fail_unless_equals_int (is_discont (a), i == 0 || is_discont (b));
    }
    g_ptr_array_unref (replayed);
  }
  g_byte_array_unref (bytes);
  g_ptr_array_unref (live);
}
GST_END_TEST;

/* ------------------------------------------------------------- damage ---- */

/* All batches but those with these numbers come out, after one warning, and the
 * next after damage is a discontinuity. */
static void
assert_survivors (GByteArray *bytes, GPtrArray *live, guint from, guint to,
    const gchar *what)
{
  static const gsize pieces[] = { 500, G_MAXINT };

  for (guint p = 0; p < G_N_ELEMENTS (pieces); p++) {
    guint warnings, n = 0;
    GPtrArray *replayed = replay (bytes, pieces[p], &warnings);

    fail_unless (replayed->len == live->len - (to - from),
        "%s, pieces of %d: %u batches, should be %u", what, (gint) pieces[p],
        replayed->len, live->len - (to - from));
    fail_unless (warnings == 1, "%s: %u warnings", what, warnings);
    for (guint i = 0; i < live->len; i++) {
      if (i >= from && i < to)
        continue;
      assert_same_batch (g_ptr_array_index (replayed, n),
          g_ptr_array_index (live, i));
      if (i == to)
        fail_unless (is_discont (g_ptr_array_index (replayed, n)), "%s", what);
      n++;
    }
    g_ptr_array_unref (replayed);
  }
  g_byte_array_unref (bytes);
}

static guint
offset_of (const GPtrArray *batches, guint number)
{
  gsize offset = 0;

  for (guint i = 0; i < number; i++)
    offset += gst_buffer_get_size (g_ptr_array_index (batches, i));
  return (guint) offset;
}

static void
insert (GByteArray *bytes, guint at, const gchar *text)
{
  gsize n = strlen (text), tail = bytes->len - at;

  g_byte_array_set_size (bytes, (guint) (bytes->len + n));
  memmove (bytes->data + at + n, bytes->data + at, tail);
  memcpy (bytes->data + at, text, n);
}

GST_START_TEST (damage_costs_the_batches_that_it_touches)
{
  GPtrArray *live = record ();
  GByteArray *bytes;

  bytes = dump (live);
  insert (bytes, 0, "#!/bin/sh, or whatever came before");
  assert_survivors (bytes, live, 0, 0, "garbage before");

  bytes = dump (live);
  insert (bytes, offset_of (live, 5), "\x89TFR and then nothing");
  assert_survivors (bytes, live, 5, 5, "garbage between");

  bytes = dump (live);
  bytes->data[offset_of (live, 4) + 3] ^= 4;
  assert_survivors (bytes, live, 4, 5, "a magic number");

  bytes = dump (live);
  bytes->data[offset_of (live, 4) + 8] = 7;
  assert_survivors (bytes, live, 4, 5, "an unknown version");

  bytes = dump (live);
  bytes->data[offset_of (live, 4) + 12] ^= 64;
  assert_survivors (bytes, live, 4, 5, "a size");

  bytes = dump (live);
  bytes->data[offset_of (live, 4) + 128] ^= 1;
  assert_survivors (bytes, live, 4, 5, "a count");

  bytes = dump (live);
  g_byte_array_remove_range (bytes, offset_of (live, 4) + 500, 77);
  assert_survivors (bytes, live, 4, 5, "bytes that are missing");

  bytes = dump (live);
  g_byte_array_remove_range (bytes, offset_of (live, 4) + 500,
      offset_of (live, 6) - offset_of (live, 4) - 564);
  assert_survivors (bytes, live, 4, 6, "more that are missing");

  bytes = dump (live);
  g_byte_array_set_size (bytes, bytes->len - 5);
  assert_survivors (bytes, live, live->len - 1, live->len, "a cut end");
  g_ptr_array_unref (live);
}
GST_END_TEST;

GST_START_TEST (random_damage_never_stops_the_parser)
{
  guint rounds = g_getenv ("TFR_TEST_FULL") != NULL ? 1000 : 40;
  GPtrArray *live = record ();

  for (guint seed = 0; seed < rounds; seed++) {
    GByteArray *bytes = dump (live);
    GRand *random = g_rand_new_with_seed (seed);
    guint warnings;

    for (guint i = 0; i < 1 + seed % 20; i++)
      bytes->data[g_rand_int_range (random, 0, (gint32) bytes->len)] =
          (guint8) g_rand_int (random);
    g_ptr_array_unref (replay (bytes, 1 + seed * 997, &warnings));
    fail_unless (warnings <= 1);
    g_rand_free (random);
    g_byte_array_unref (bytes);
  }
  g_ptr_array_unref (live);
  tally (rounds, "damaged streams");
}
GST_END_TEST;

GST_START_TEST (bytes_without_any_batch_are_an_error)
{
  GstHarness *h = gst_harness_new ("tfrparse");
  GstBus *bus = gst_bus_new ();
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 5000, NULL);
  GstSegment segment;
  GstMessage *message;
  GError *error = NULL;

  gst_element_set_bus (h->element, bus);
  gst_harness_set_src_caps_str (h, "application/x-tfr-points");
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  gst_buffer_memset (buffer, 0, 'x', 5000);
  gst_harness_push (h, buffer);
  gst_harness_push_event (h, gst_event_new_eos ());
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (error->domain == GST_STREAM_ERROR, "%s", error->message);
  g_error_free (error);
  gst_message_unref (message);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_dump_is_played_forwards_only)
{
  GPtrArray *live = record ();
  GByteArray *bytes = dump (live);
  gchar *name = NULL, *launch;
  gint file = g_file_open_tmp ("tfrparse-XXXXXX", &name, NULL);
  GstElement *pipeline;

  fail_unless (file >= 0 && g_close (file, NULL));
  fail_unless (g_file_set_contents (
      name, (const gchar *) bytes->data, (gssize) bytes->len, NULL));
  launch = g_strdup_printf ("filesrc location=%s ! tfrparse ! fakesink", name);
  pipeline = gst_parse_launch (launch, NULL);
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  gst_element_get_state (pipeline, NULL, NULL, 10 * GST_SECOND);
  fail_unless (gst_element_seek (pipeline, 1, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, 0));
  fail_unless (!gst_element_seek (pipeline, -1, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET,
      GST_SECOND));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  g_unlink (name);
  g_free (name);
  g_free (launch);
  g_byte_array_unref (bytes);
  g_ptr_array_unref (live);
}
GST_END_TEST;

static Suite *
tfrparse_suite (void)
{
  Suite *s = suite_create ("tfrparse");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_false_size_is_found_out_by_the_next_batches);
  tcase_add_test (tc, a_dump_replays_as_it_was);
  tcase_add_test (tc, damage_costs_the_batches_that_it_touches);
  tcase_add_test (tc, random_damage_never_stops_the_parser);
  tcase_add_test (tc, bytes_without_any_batch_are_an_error);
  tcase_add_test (tc, a_dump_is_played_forwards_only);
  return s;
}

GST_CHECK_MAIN (tfrparse);
