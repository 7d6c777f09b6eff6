/* SPDX-License-Identifier: GPL-2.0-or-later */

/* tfrsdifenc and tfrsdifdec: partials to a file and back. */

#include "near.h"
#include "points.h"
#include "rows.h"

#include <gst/base/gsttypefindhelper.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define BATCHES 10
#define FRAMES 2
#define CHANNELS 2
#define PARTIALS 3
#define FIRST (100 * ROWS_HOP)

static GstBuffer *
make_batch (guint b)
{
  return rows_make_batch (
      FIRST + (gint64) b * FRAMES * ROWS_HOP, FRAMES, CHANNELS, PARTIALS, 0);
}

static GstHarness *
new_encoder (const gchar *launch)
{
  GstHarness *h = gst_harness_new_parse (launch);
  GstTfrInfo info = { .kind = GST_TFR_KIND_PARTIALS,
    .rate = ROWS_RATE,
    .channels = CHANNELS,
    .hop_size = ROWS_HOP,
    .window_size = 2048,
    .fft_size = 2048 };

  gst_harness_set_src_caps (h, gst_tfr_info_to_caps (&info));
  return h;
}

static GByteArray *
make_file (const gchar *launch)
{
  GstHarness *h = new_encoder (launch);
  GByteArray *bytes;

  for (guint b = 0; b < BATCHES; b++)
    fail_unless_equals_int (gst_harness_push (h, make_batch (b)), GST_FLOW_OK);
  gst_harness_push_event (h, gst_event_new_eos ());
  bytes = bytes_pull (h);
  gst_harness_teardown (h);
  return bytes;
}

/* As behind a file: neither caps nor time. */
static GstHarness *
new_decoder (const gchar *launch)
{
  GstHarness *h = gst_harness_new_parse (launch);
  GstSegment segment;

  gst_harness_play (h);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_stream_start ("file"));
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  return h;
}

static GstFlowReturn
push_bytes (GstHarness *h, const guint8 *bytes, gsize size, gsize piece)
{
  GstFlowReturn flow = GST_FLOW_OK;

  for (gsize at = 0; at < size && flow == GST_FLOW_OK; at += piece)
    flow = gst_harness_push (
        h, gst_buffer_new_memdup (bytes + at, MIN (piece, size - at)));
  return flow;
}

static gboolean
has_ended (GstHarness *h)
{
  gboolean ended = FALSE;
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (h)) != NULL) {
    ended |= GST_EVENT_TYPE (event) == GST_EVENT_EOS;
    gst_event_unref (event);
  }
  return ended;
}

GST_START_TEST (the_same_rows_come_back_in_the_same_frames)
{
  GByteArray *file = make_file ("tfrsdifenc");
  GstHarness *h = new_decoder ("tfrsdifdec");
  GstBuffer *buffer;
  guint n = 0;

  push_bytes (h, file->data, file->len, 1000);
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstTfrPartials view;
    GError *error = NULL;
    guint row = 0;

    fail_unless (gst_tfr_partials_map (&view, buffer, &error), "%s",
        error ? error->message : "");
    fail_unless_equals_int (view.header.rate, ROWS_RATE);
    fail_unless_equals_int (view.header.hop_size, ROWS_HOP);
    fail_unless_equals_int (view.header.window_size, 2048);
    fail_unless_equals_int (view.header.channels, CHANNELS);
    fail_unless_equals_int64 (
        view.header.first, FIRST + (gint64) n * FRAMES * ROWS_HOP);
    fail_unless_equals_int (view.header.n_frames, FRAMES);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer),
        (guint64) view.header.first * GST_SECOND / ROWS_RATE);
    for (guint f = 0; f < FRAMES; f++)
      for (guint c = 0; c < CHANNELS; c++) {
        gint64 k = 100 + n * FRAMES + f;
        /* The last frame has the deaths as well. */
        guint times = n == BATCHES - 1 && f == FRAMES - 1 ? 2 : 1;

        fail_unless_equals_int (
            view.counts[f * CHANNELS + c], times * PARTIALS);
        for (guint p = 0; p < PARTIALS; p++, row++) {
          assert_near (view.time[row], rows_time (k, p), 1e-12, "time");
          assert_near (
              view.frequency[row], rows_frequency (k, p), 0, "frequency");
          assert_near (
              view.amplitude[row], rows_amplitude (k, p), 0, "amplitude");
          assert_near (view.phase[row], rows_phase (k, p), 1e-6, "phase");
          assert_near (
              view.bandwidth[row], rows_bandwidth (k, p), 0, "bandwidth");
          fail_unless_equals_int (view.id[row], c * PARTIALS + p + 1);
          fail_unless_equals_int (
              view.flags[row], k == 100 ? GST_TFR_ROW_BIRTH : 0);
        }
        for (; times == 2 && row % (2 * PARTIALS) != 0; row++)
          fail_unless_equals_int (view.flags[row], GST_TFR_ROW_DEATH);
      }
    gst_tfr_partials_unmap (&view);
    gst_buffer_unref (buffer);
    n++;
  }
  fail_unless_equals_int (n, BATCHES);
  gst_harness_teardown (h);
  g_byte_array_unref (file);
}
GST_END_TEST;

/* A file of many frames, and how many buffers it came in. */
static GByteArray *
write_long (guint n_batches, guint frames, guint *n_buffers)
{
  GstHarness *h = new_encoder ("tfrsdifenc");
  GByteArray *bytes;

  for (guint b = 0; b < n_batches; b++)
    gst_harness_push (
        h, rows_make_batch (
               FIRST + (gint64) b * frames * ROWS_HOP, frames, CHANNELS, 8, 0));
  gst_harness_push_event (h, gst_event_new_eos ());
  *n_buffers = gst_harness_buffers_in_queue (h);
  bytes = bytes_pull (h);
  gst_harness_teardown (h);
  return bytes;
}

GST_START_TEST (a_large_batch_leaves_in_pieces_of_the_same_file)
{
  guint n_large, n_small;
  GByteArray *large = write_long (1, 1500, &n_large);
  GByteArray *small = write_long (1500, 1, &n_small);

  fail_unless (n_large > 1, "%u bytes at once", large->len);
  fail_unless_equals_int (large->len, small->len);
  fail_unless (memcmp (large->data, small->data, small->len) == 0);
  g_byte_array_unref (large);
  g_byte_array_unref (small);
}
GST_END_TEST;

GST_START_TEST (any_cutting_of_the_bytes_gives_the_same_batches)
{
  static const gsize pieces[] = { 1, 100, 5000 };
  GByteArray *file = make_file ("tfrsdifenc type=1trc"), *whole = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    GstHarness *h = new_decoder ("tfrsdifdec");
    GByteArray *bytes;

    push_bytes (h, file->data, file->len, pieces[i]);
    gst_harness_push_event (h, gst_event_new_eos ());
    bytes = bytes_pull (h);
    if (whole == NULL)
      whole = g_byte_array_ref (bytes);
    fail_unless_equals_int (bytes->len, whole->len);
    fail_unless (bytes->len > 1000 &&
                 memcmp (bytes->data, whole->data, whole->len) == 0);
    g_byte_array_unref (bytes);
    gst_harness_teardown (h);
  }
  g_byte_array_unref (whole);
  g_byte_array_unref (file);
}
GST_END_TEST;

GST_START_TEST (time_and_caps_come_before_the_rows)
{
  GByteArray *file = make_file ("tfrsdifenc");
  GstHarness *h = new_decoder ("tfrsdifdec");
  static const GstEventType order[] = { GST_EVENT_STREAM_START, GST_EVENT_CAPS,
    GST_EVENT_SEGMENT, GST_EVENT_TAG };
  guint n = 0;

  gst_harness_push_event (h, gst_event_new_tag (gst_tag_list_new_empty ()));
  push_bytes (h, file->data, file->len, file->len);
  gst_harness_push_event (h, gst_event_new_eos ());
  for (GstEvent *event; n < G_N_ELEMENTS (order) &&
                        (event = gst_harness_try_pull_event (h)) != NULL;
       n++) {
    const GstSegment *segment;

    fail_unless_equals_int (GST_EVENT_TYPE (event), order[n]);
    if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT) {
      gst_event_parse_segment (event, &segment);
      fail_unless_equals_int (segment->format, GST_FORMAT_TIME);
    }
    gst_event_unref (event);
  }
  fail_unless_equals_int (n, G_N_ELEMENTS (order));
  gst_harness_teardown (h);
  g_byte_array_unref (file);
}
GST_END_TEST;

/* Pushes bytes and EOS, and gives the error that was told, if any. */
static GError *
read_badly (const guint8 *bytes, gsize size, guint *n_buffers, gboolean *ended)
{
  GstHarness *h = new_decoder ("tfrsdifdec");
  GstBus *bus = gst_bus_new ();
  GError *error = NULL;
  GstMessage *message;

  gst_element_set_bus (h->element, bus);
  if (push_bytes (h, bytes, size, 3000) == GST_FLOW_OK)
    gst_harness_push_event (h, gst_event_new_eos ());
  *n_buffers = gst_harness_buffers_received (h);
  *ended = has_ended (h);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  if (message != NULL) {
    gst_message_parse_error (message, &error, NULL);
    gst_message_unref (message);
  }
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
  return error;
}

GST_START_TEST (a_cut_file_is_played_to_its_end_and_then_called_cut)
{
  GByteArray *file = make_file ("tfrsdifenc");

  for (guint size = 1; size < file->len; size += 97) {
    guint n;
    gboolean ended;
    GError *error = read_badly (file->data, size, &n, &ended);

    fail_unless (ended);
    fail_unless (n > 0 || size < 600);
    fail_unless (error == NULL || g_error_matches (error, GST_STREAM_ERROR,
                                      GST_STREAM_ERROR_DECODE),
        "at %u", size);
    fail_unless (error != NULL || size % 8 == 0, "at %u", size);
    g_clear_error (&error);
  }
  g_byte_array_unref (file);
}
GST_END_TEST;

GST_START_TEST (damage_is_an_error_after_what_came_before_it)
{
  GByteArray *file = make_file ("tfrsdifenc");
  gboolean ended;
  GError *error;
  guint n;

  /* No frame begins with zeros. */
  memset (file->data + file->len / 2, 0, 1000);
  error = read_badly (file->data, file->len, &n, &ended);
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE));
  fail_unless (n >= BATCHES / 2 - 1);
  g_clear_error (&error);

  error = read_badly (
      (const guint8 *) "RIFF and so on, 0123456789", 26, &n, &ended);
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE));
  g_clear_error (&error);
  g_byte_array_unref (file);
}
GST_END_TEST;

GST_START_TEST (nothing_at_all_is_no_error)
{
  gboolean ended;
  guint n;
  GError *error = read_badly (NULL, 0, &n, &ended);

  fail_unless (error == NULL);
  fail_unless (ended);
  fail_unless_equals_int (n, 0);
}
GST_END_TEST;

GST_START_TEST (rate_and_hop_may_be_given)
{
  GByteArray *file = make_file ("tfrsdifenc");
  GstHarness *h = new_decoder ("tfrsdifdec rate=8000 hop-size=40");
  GstBuffer *buffer;
  guint frames = 0;

  push_bytes (h, file->data, file->len, file->len);
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstTfrPartials view;

    fail_unless (gst_tfr_partials_map (&view, buffer, NULL));
    fail_unless_equals_int (view.header.rate, 8000);
    fail_unless_equals_int (view.header.hop_size, 40);
    frames += view.header.n_frames;
    gst_tfr_partials_unmap (&view);
    gst_buffer_unref (buffer);
  }
  /* Twice as many, up to the last one of the file. */
  fail_unless_equals_int (frames, 2 * BATCHES * FRAMES - 1);
  gst_harness_teardown (h);
  g_byte_array_unref (file);
}
GST_END_TEST;

static guint
hop_of_next (GstHarness *h)
{
  GstBuffer *buffer = gst_harness_pull (h);
  GstTfrPartials view;
  guint hop;

  fail_unless (gst_tfr_partials_map (&view, buffer, NULL));
  hop = view.header.hop_size;
  gst_tfr_partials_unmap (&view);
  gst_buffer_unref (buffer);
  return hop;
}

GST_START_TEST (what_changes_amid_a_file_holds_for_the_next)
{
  GByteArray *file = make_file ("tfrsdifenc");
  GstHarness *h = new_decoder ("tfrsdifdec hop-size=120");
  GstElement *e = gst_harness_find_element (h, "tfrsdifdec");
  GstSegment segment;

  push_bytes (h, file->data, file->len / 2, 100);
  g_object_set (e, "hop-size", 40, "longest-gap", (guint64) GST_SECOND, NULL);
  push_bytes (h, file->data + file->len / 2, file->len - file->len / 2, 100);
  gst_harness_push_event (h, gst_event_new_stream_start ("next"));
  while (gst_harness_buffers_in_queue (h) > 0)
    fail_unless_equals_int (hop_of_next (h), 120);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  push_bytes (h, file->data, file->len, 100);
  gst_harness_push_event (h, gst_event_new_eos ());
  fail_unless (gst_harness_buffers_in_queue (h) > 0);
  while (gst_harness_buffers_in_queue (h) > 0)
    fail_unless_equals_int (hop_of_next (h), 40);
  gst_object_unref (e);
  gst_harness_teardown (h);
  g_byte_array_unref (file);
}
GST_END_TEST;

/* Rows that sound, and births, as a file is read. */
static void
count_rows (const GByteArray *file, guint *n_rows, guint *n_births)
{
  GstHarness *h = new_decoder ("tfrsdifdec");
  GstBuffer *buffer;

  *n_rows = *n_births = 0;
  push_bytes (h, file->data, file->len, 1000);
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstTfrPartials view;

    fail_unless (gst_tfr_partials_map (&view, buffer, NULL));
    for (guint i = 0; i < view.header.n_points; i++) {
      *n_rows += !(view.flags[i] & GST_TFR_ROW_DEATH);
      *n_births += (view.flags[i] & GST_TFR_ROW_BIRTH) != 0;
    }
    gst_tfr_partials_unmap (&view);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (h);
}

GST_START_TEST (a_change_of_type_holds_from_the_next_batch_on)
{
  GstHarness *h = new_encoder ("tfrsdifenc");
  GstElement *e = gst_harness_find_element (h, "tfrsdifenc");
  GByteArray *rbep = make_file ("tfrsdifenc"), *trc, *file;
  guint half, n_rows, n_births;

  trc = make_file ("tfrsdifenc type=1trc");
  for (guint b = 0; b < BATCHES; b++) {
    if (b == BATCHES / 2)
      gst_util_set_object_arg (G_OBJECT (e), "type", "1trc");
    gst_harness_push (h, make_batch (b));
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  file = bytes_pull (h);
  fail_unless (file->len < rbep->len && file->len > trc->len);
  for (half = 0; half < file->len && file->data[half] == rbep->data[half];)
    half++;
  fail_unless (half > rbep->len / 2 - 100);
  fail_unless (memcmp (file->data + file->len - trc->len / 3,
                   trc->data + trc->len - trc->len / 3, trc->len / 3) == 0);
  count_rows (file, &n_rows, &n_births);
  fail_unless_equals_int (n_rows, BATCHES * FRAMES * CHANNELS * PARTIALS);
  fail_unless_equals_int (n_births, CHANNELS * PARTIALS);
  g_byte_array_unref (rbep);
  g_byte_array_unref (trc);
  g_byte_array_unref (file);
  gst_object_unref (e);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* 6.4 MB of counts in 20 ms. */
GST_START_TEST (no_batch_is_large_at_any_rate)
{
  GByteArray *file = make_file ("tfrsdifenc");
  GstHarness *h = new_decoder ("tfrsdifdec rate=40000000 hop-size=1");
  guint64 next = GST_BUFFER_OFFSET_NONE;
  GstBuffer *buffer;

  push_bytes (h, file->data, file->len / 2, 100);
  fail_unless (gst_harness_buffers_in_queue (h) > 4);
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    fail_unless (gst_buffer_get_size (buffer) < 5 << 20, "%" G_GSIZE_FORMAT,
        gst_buffer_get_size (buffer));
    if (next != GST_BUFFER_OFFSET_NONE)
      fail_unless_equals_uint64 (GST_BUFFER_OFFSET (buffer), next);
    next = GST_BUFFER_OFFSET_END (buffer);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (h);
  g_byte_array_unref (file);
}
GST_END_TEST;

GST_START_TEST (a_flush_begins_a_new_file)
{
  GByteArray *file = make_file ("tfrsdifenc"), *bytes;
  GstHarness *h = new_encoder ("tfrsdifenc");
  GstSegment segment;

  gst_harness_push (h, make_batch (BATCHES));
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  g_byte_array_unref (bytes_pull (h));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  for (guint b = 0; b < BATCHES; b++)
    gst_harness_push (h, make_batch (b));
  gst_harness_push_event (h, gst_event_new_eos ());
  bytes = bytes_pull (h);
  fail_unless_equals_int (bytes->len, file->len);
  fail_unless (memcmp (bytes->data, file->data, file->len) == 0);
  g_byte_array_unref (bytes);
  g_byte_array_unref (file);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* A buffer without a segment would be a fault of the program. */
GST_START_TEST (at_the_end_after_a_flush_there_is_a_file_where_there_is_a_segment)
{
  for (guint batches = 0; batches < 2; batches++)
    for (guint segments = 0; segments < 2; segments++) {
      GstHarness *h = new_encoder ("tfrsdifenc");
      GByteArray *bytes;
      GstSegment segment;

      if (batches > 0)
        gst_harness_push (h, make_batch (0));
      gst_harness_push_event (h, gst_event_new_flush_start ());
      gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
      g_byte_array_unref (bytes_pull (h));
      gst_segment_init (&segment, GST_FORMAT_TIME);
      if (segments > 0)
        gst_harness_push_event (h, gst_event_new_segment (&segment));
      gst_harness_push_event (h, gst_event_new_eos ());
      bytes = bytes_pull (h);
      fail_unless_equals_int (bytes->len > 0, segments > 0);
      fail_unless (segments == 0 || memcmp (bytes->data, "SDIF", 4) == 0);
      g_byte_array_unref (bytes);
      gst_harness_teardown (h);
    }
}
GST_END_TEST;

GST_START_TEST (a_flush_begins_anew)
{
  GByteArray *file = make_file ("tfrsdifenc");
  GstHarness *h = new_decoder ("tfrsdifdec");
  GstSegment segment;

  push_bytes (h, file->data, file->len / 2, 100);
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  while (gst_harness_buffers_in_queue (h) > 0)
    gst_buffer_unref (gst_harness_pull (h));
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  push_bytes (h, file->data, file->len, 100);
  gst_harness_push_event (h, gst_event_new_eos ());
  fail_unless_equals_int (gst_harness_buffers_in_queue (h), BATCHES);
  gst_harness_teardown (h);
  g_byte_array_unref (file);
}
GST_END_TEST;

/* The one before gives all that it owes, though no end of it has come. */
GST_START_TEST (another_stream_is_a_file_of_its_own)
{
  GByteArray *file = make_file ("tfrsdifenc");
  GstHarness *h = new_decoder ("tfrsdifdec");
  GstSegment segment;

  for (guint i = 1; i <= 2; i++) {
    push_bytes (h, file->data, file->len, 100);
    gst_segment_init (&segment, GST_FORMAT_BYTES);
    gst_harness_push_event (h, gst_event_new_segment (&segment)); /* amid it */
    gst_harness_push_event (h, gst_event_new_stream_start ("another"));
    gst_harness_push_event (h, gst_event_new_segment (&segment));
    fail_unless_equals_int (gst_harness_buffers_received (h), i * BATCHES);
  }
  push_bytes (h, file->data, file->len, 100);
  gst_harness_push_event (
      h, gst_event_new_segment_done (GST_FORMAT_BYTES, file->len));
  gst_harness_push_event (h, gst_event_new_eos ());
  fail_unless_equals_int (gst_harness_buffers_received (h), 3 * BATCHES);
  gst_harness_teardown (h);
  g_byte_array_unref (file);
}
GST_END_TEST;

/* As after a seek to a segment of it, where no flush comes. */
GST_START_TEST (after_the_end_of_a_segment_the_file_begins_anew)
{
  GByteArray *file = make_file ("tfrsdifenc"), *once, *again;
  GstHarness *h = new_decoder ("tfrsdifdec");
  GstSegment segment;

  push_bytes (h, file->data, file->len, 100);
  gst_harness_push_event (
      h, gst_event_new_segment_done (GST_FORMAT_BYTES, file->len));
  once = bytes_pull (h);
  fail_unless (once->len > 0);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  fail_unless_equals_int (
      push_bytes (h, file->data, file->len, 100), GST_FLOW_OK);
  gst_harness_push_event (
      h, gst_event_new_segment_done (GST_FORMAT_BYTES, file->len));
  again = bytes_pull (h);
  assert_bytes_equal (again, once, "the file once more");
  g_byte_array_unref (again);
  g_byte_array_unref (once);
  g_byte_array_unref (file);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (a_file_is_recognised)
{
  GByteArray *file = make_file ("tfrsdifenc");
  GstTypeFindProbability sure;
  GstCaps *caps =
      gst_type_find_helper_for_data (NULL, file->data, file->len, &sure);

  fail_unless (caps != NULL);
  fail_unless (gst_structure_has_name (
      gst_caps_get_structure (caps, 0), "audio/x-sdif"));
  gst_caps_unref (caps);
  g_byte_array_unref (file);
}
GST_END_TEST;

GST_START_TEST (a_stream_without_batches_is_a_file_without_rows)
{
  GstHarness *h = new_encoder ("tfrsdifenc");
  GByteArray *file;
  gboolean ended;
  GError *error;
  guint n;

  gst_harness_push_event (h, gst_event_new_eos ());
  file = bytes_pull (h);
  fail_unless (file->len >= 56);
  error = read_badly (file->data, file->len, &n, &ended);
  fail_unless (error == NULL && ended);
  fail_unless_equals_int (n, 0);
  g_byte_array_unref (file);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Pushes a batch that cannot be written and gives the error that was told. */
static GError *
write_badly (GstBuffer *batch)
{
  GstHarness *h = new_encoder ("tfrsdifenc");
  GstBus *bus = gst_bus_new ();
  GError *error = NULL;
  GstMessage *message;

  gst_element_set_bus (h->element, bus);
  fail_unless_equals_int (gst_harness_push (h, make_batch (0)), GST_FLOW_OK);
  fail_unless_equals_int (gst_harness_push (h, batch), GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  gst_message_unref (message);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
  return error;
}

GST_START_TEST (what_sdif_cannot_hold_is_refused)
{
  GstBuffer *faster = make_batch (1);
  GError *error = write_badly (rows_make_batch (
      FIRST, FRAMES, CHANNELS, PARTIALS, GST_TFR_FLAG_REVERSED));
  GstMapInfo map;

  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT));
  g_clear_error (&error);

  gst_buffer_map (faster, &map, GST_MAP_WRITE);
  GST_WRITE_UINT32_LE (map.data + 20, 96000);
  gst_buffer_unmap (faster, &map);
  error = write_badly (faster);
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT));
  g_clear_error (&error);

  error = write_badly (gst_buffer_new_memdup ("nonsense", 8));
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT));
  g_clear_error (&error);
}
GST_END_TEST;

static void
add_big_endian (GByteArray *b, guint64 value, guint n)
{
  value = GUINT64_TO_BE (value << (64 - 8 * n));
  g_byte_array_append (b, (const guint8 *) &value, n);
}

static void
add_f64 (GByteArray *b, gdouble value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  add_big_endian (b, bits, 8);
}

/* Frames of one row in each of the streams, with nothing said of them. */
static GByteArray *
make_foreign_file (guint n_streams)
{
  GByteArray *b = g_byte_array_new ();

  g_byte_array_append (b, (const guint8 *) "SDIF\0\0\0\10\0\0\0\3\0\0\0\1", 16);
  for (guint k = 0; k < 50; k++)
    for (guint stream = 0; stream < n_streams; stream++) {
      const gdouble row[] = { 1 + stream, 440 * (1 + stream), 0.5, 0 };

      g_byte_array_append (b, (const guint8 *) "1TRC\0\0\0\100", 8);
      add_f64 (b, 0.01 * k);
      add_big_endian (b, 5 + stream, 4);
      add_big_endian (b, 1, 4);
      g_byte_array_append (b, (const guint8 *) "1TRC\0\0\0\10", 8);
      add_big_endian (b, 1, 4);
      add_big_endian (b, 4, 4);
      for (guint i = 0; i < 4; i++)
        add_f64 (b, row[i]);
    }
  return b;
}

/* All that is made of a file, behind what has found its caps. */
static GByteArray *
decode (const GByteArray *file)
{
  GstHarness *h = gst_harness_new ("tfrsdifdec");
  GByteArray *bytes;

  gst_harness_set_src_caps_str (h, "audio/x-sdif");
  push_bytes (h, file->data, file->len, 100);
  gst_harness_push_event (h, gst_event_new_eos ());
  bytes = bytes_pull (h);
  gst_harness_teardown (h);
  return bytes;
}

/* Which of them would be which channel nobody says. */
GST_START_TEST (of_foreign_streams_the_first_is_played)
{
  GByteArray *one = make_foreign_file (1), *three = make_foreign_file (3);
  GByteArray *alone = decode (one), *played = decode (three);

  fail_unless (alone->len > 1000, "%u bytes", alone->len);
  fail_unless_equals_int (played->len, alone->len);
  fail_unless (memcmp (played->data, alone->data, alone->len) == 0);
  g_byte_array_unref (one);
  g_byte_array_unref (three);
  g_byte_array_unref (alone);
  g_byte_array_unref (played);
}
GST_END_TEST;

/* Of fifty rows some are no sound numbers, and some are of the past. */
GST_START_TEST (rows_left_out_are_told_of)
{
  const gsize row_size = 24 + 16 + 32, time_at = 16 + 8, frequency_at = 16 + 48;
  GByteArray *file = make_foreign_file (1);
  GstHarness *h = new_decoder ("tfrsdifdec");
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GError *error;
  gchar *debug;

  fail_unless_equals_int (file->len, 16 + 50 * row_size);
  for (guint k = 10; k < 13; k++)
    memset (file->data + frequency_at + k * row_size, 0xff, 8); /* NaN */
  for (guint k = 40; k < 42; k++)
    memset (file->data + time_at + k * row_size, 0, 8);
  gst_element_set_bus (h->element, bus);
  push_bytes (h, file->data, file->len, 100);
  gst_harness_push_event (h, gst_event_new_eos ());
  fail_unless (gst_harness_buffers_received (h) > 0);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_warning (message, &error, &debug);
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE));
  fail_unless (
      strstr (debug, "3 are no sound numbers, 2 come too late") != NULL, "%s",
      debug);
  g_clear_error (&error);
  g_free (debug);
  gst_message_unref (message);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
  g_byte_array_unref (file);
}
GST_END_TEST;

/* Once it has been told what is wrong. */
GST_START_TEST (nothing_more_is_taken_of_a_damaged_file)
{
  GByteArray *file = make_file ("tfrsdifenc");
  GstHarness *h = new_decoder ("tfrsdifdec");
  guint n;

  memset (file->data + file->len / 2, 0, 1000);
  fail_unless_equals_int (
      push_bytes (h, file->data, file->len, 100), GST_FLOW_ERROR);
  n = gst_harness_buffers_received (h);
  fail_unless_equals_int (push_bytes (h, file->data, 100, 100), GST_FLOW_ERROR);
  gst_harness_push_event (h, gst_event_new_eos ());
  fail_unless_equals_int (gst_harness_buffers_received (h), n);
  gst_harness_teardown (h);
  g_byte_array_unref (file);
}
GST_END_TEST;

static Suite *
tfrsdif_suite (void)
{
  Suite *s = suite_create ("tfrsdif");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, the_same_rows_come_back_in_the_same_frames);
  tcase_add_test (tc, a_large_batch_leaves_in_pieces_of_the_same_file);
  tcase_add_test (tc, any_cutting_of_the_bytes_gives_the_same_batches);
  tcase_add_test (tc, time_and_caps_come_before_the_rows);
  tcase_add_test (tc, a_cut_file_is_played_to_its_end_and_then_called_cut);
  tcase_add_test (tc, damage_is_an_error_after_what_came_before_it);
  tcase_add_test (tc, nothing_at_all_is_no_error);
  tcase_add_test (tc, rate_and_hop_may_be_given);
  tcase_add_test (tc, what_changes_amid_a_file_holds_for_the_next);
  tcase_add_test (tc, a_change_of_type_holds_from_the_next_batch_on);
  tcase_add_test (tc, no_batch_is_large_at_any_rate);
  tcase_add_test (tc, a_flush_begins_a_new_file);
  tcase_add_test (tc,
      at_the_end_after_a_flush_there_is_a_file_where_there_is_a_segment);
  tcase_add_test (tc, a_flush_begins_anew);
  tcase_add_test (tc, after_the_end_of_a_segment_the_file_begins_anew);
  tcase_add_test (tc, a_file_is_recognised);
  tcase_add_test (tc, a_stream_without_batches_is_a_file_without_rows);
  tcase_add_test (tc, what_sdif_cannot_hold_is_refused);
  tcase_add_test (tc, of_foreign_streams_the_first_is_played);
  tcase_add_test (tc, another_stream_is_a_file_of_its_own);
  tcase_add_test (tc, rows_left_out_are_told_of);
  tcase_add_test (tc, nothing_more_is_taken_of_a_damaged_file);
  return s;
}

GST_CHECK_MAIN (tfrsdif);
