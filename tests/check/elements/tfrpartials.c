/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "chain.h"
#include "gsttfr.h"
#include "near.h"
#include "signals.h"

#define RATE 44100
#define N 40000
#define ANALYSIS                                                               \
  "tfrreassign name=a window-parameter=12 window-size=1024 hop-size=128 "

static gdouble x[2 * N];

/* Interleaved: other tones in each channel, which come and go. */
static void
make_sound (guint channels)
{
  static gdouble one[N];

  for (guint c = 0; c < channels; c++) {
    memset (one, 0, sizeof one);
    signal_add_tone (one + 3000, 30000, RATE, 0.3, 700 + 500 * c, 1);
    signal_add_chirp (one + 8000, 30000, RATE, 0.1, 4000, 3000, 0);
    signal_add_noise (one, N, 0.01, 3 + c);
    for (guint i = 0; i < N; i++)
      x[i * channels + c] = one[i];
  }
}

static ChainRows *
track (const gchar *launch, guint channels, gsize piece)
{
  GstHarness *h = chain_new (launch, RATE, (gint) channels);
  ChainRows *rows;

  chain_push_all (h, x, N, piece);
  rows = chain_pull_rows (h);
  gst_harness_teardown (h);
  return rows;
}

GST_START_TEST (rows_do_not_depend_on_batches)
{
  static const gchar *const launches[] = {
    ANALYSIS "frames-per-buffer=1 ! tfrpartials",
    ANALYSIS "frames-per-buffer=7 ! tfrpartials",
    ANALYSIS "frames-per-buffer=100 ! tfrpartials",
  };
  ChainRows *reference;

  make_sound (2);
  reference = track (ANALYSIS "! tfrpartials", 2, N);
  fail_unless (reference->rows->len > 1000);
  fail_unless_equals_int64 (reference->first, 0);
  fail_unless_equals_int64 (reference->end, N);
  fail_unless_equals_int (reference->n_frames, (N + 127) / 128);
  for (guint i = 0; i < G_N_ELEMENTS (launches); i++) {
    ChainRows *rows = track (launches[i], 2, 999);

    fail_unless_equals_int (rows->rows->len, reference->rows->len);
    for (guint k = 0; k < rows->rows->len; k++) {
      const ChainRow *a = &g_array_index (rows->rows, ChainRow, k);
      const ChainRow *b = &g_array_index (reference->rows, ChainRow, k);

      fail_unless (a->id == b->id && chain_row_is_same (a, b), "%s: row %u",
          launches[i], k);
    }
    fail_unless_equals_int64 (rows->end, N);
    chain_rows_free (rows);
  }
  chain_rows_free (reference);
}
GST_END_TEST;

GST_START_TEST (channels_have_partials_of_their_own)
{
  GHashTable *channel_of = g_hash_table_new (NULL, NULL);
  ChainRows *rows;

  make_sound (2);
  rows = track (ANALYSIS "! tfrpartials", 2, N);
  for (guint i = 0; i < rows->rows->len; i++) {
    const ChainRow *r = &g_array_index (rows->rows, ChainRow, i);
    gpointer id = GUINT_TO_POINTER (r->id);

    fail_unless (r->id > 0);
    if (r->flags & GST_TFR_ROW_BIRTH)
      fail_unless (
          g_hash_table_insert (channel_of, id, GUINT_TO_POINTER (r->channel)));
    fail_unless (
        GPOINTER_TO_UINT (g_hash_table_lookup (channel_of, id)) == r->channel);
    if (r->amplitude > 0.2)
      assert_near (
          r->frequency, 700 + 500 * r->channel, 10, "channel %u", r->channel);
  }
  chain_rows_free (rows);
  g_hash_table_unref (channel_of);
}
GST_END_TEST;

#define N_BEFORE 5120 /* whole hops */
#define POINTS ANALYSIS "fields=time+frequency+magnitude+phase+bin "

/* Of other channels than those before, from a position on. */
static void
push_points (GstHarness *h, gint channels, gint64 position)
{
  GstHarness *points = chain_new (POINTS, RATE, channels);
  GstBuffer *batch;

  chain_push (points, x, N_BEFORE, position);
  gst_harness_push_event (points, gst_event_new_eos ());
  gst_harness_set_src_caps (h, gst_pad_get_current_caps (points->sinkpad));
  while ((batch = gst_harness_try_pull (points)) != NULL)
    fail_unless_equals_int (gst_harness_push (h, batch), GST_FLOW_OK);
  gst_harness_teardown (points);
}

GST_START_TEST (after_other_caps_something_is_missing_only_where_it_is)
{
  make_sound (2);
  for (gint gap = 0; gap <= 1280; gap += 1280) {
    GstHarness *h = gst_harness_new ("tfrpartials");
    GstTfrHeader header = { .channels = 0 };
    gint64 end = 0;

    push_points (h, 1, 0);
    push_points (h, 2, N_BEFORE + gap);
    gst_harness_push_event (h, gst_event_new_eos ());
    while (header.channels < 2) {
      GstBuffer *batch = gst_harness_pull (h);
      GstTfrPartials view;

      fail_unless (gst_tfr_partials_map (&view, batch, NULL));
      header = view.header;
      gst_tfr_partials_unmap (&view);
      if (header.channels < 2)
        end = (gint64) GST_BUFFER_OFFSET_END (batch);
      gst_buffer_unref (batch);
    }
    fail_unless_equals_int64 (end, N_BEFORE);
    fail_unless_equals_int64 (header.first, N_BEFORE + gap);
    fail_unless_equals_int (
        (header.flags & GST_TFR_FLAG_DISCONT) != 0, gap > 0);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* As tfrsynth's test of that name. */
GST_START_TEST (sizes_are_those_of_the_batches_whatever_caps_say)
{
  static const gchar *const caps[] = { GST_TFR_POINTS_TEMPLATE_CAPS,
    GST_TFR_POINTS_TEMPLATE_CAPS ", rate=8000, channels=1, hop-size=3" };

  make_sound (2);
  for (guint c = 0; c < G_N_ELEMENTS (caps); c++) {
    GstHarness *points = chain_new (POINTS "frames-per-buffer=50", RATE, 2);
    GstHarness *h = gst_harness_new ("tfrpartials");
    GstPad *pad = gst_element_get_static_pad (h->element, "src");
    GstBuffer *batch;

    chain_push_all (points, x, N, N);
    gst_harness_set_src_caps_str (h, caps[c]);
    while ((batch = gst_harness_try_pull (points)) != NULL) {
      fail_unless_equals_int (gst_harness_push (h, batch), GST_FLOW_OK);
      chain_assert_sizes (h, RATE, 2);
      if (gst_harness_buffers_received (h) == 3)
        gst_pad_mark_reconfigure (pad);
    }
    fail_unless (gst_harness_buffers_received (h) > 3);
    chain_assert_caps_came (h, 2);
    gst_object_unref (pad);
    gst_harness_teardown (h);
    gst_harness_teardown (points);
  }
}
GST_END_TEST;

/* ------------------------------------------------------------ latency ---- */

static GstClockTime
query_latency (GstHarness *h, const gchar *factory)
{
  GstElement *e = gst_harness_find_element (h, factory);
  GstPad *pad = gst_element_get_static_pad (e, "src");
  GstQuery *query = gst_query_new_latency ();
  GstClockTime min;

  fail_unless (gst_pad_query (pad, query));
  gst_query_parse_latency (query, NULL, &min, NULL);
  gst_query_unref (query);
  gst_object_unref (pad);
  gst_object_unref (e);
  return min;
}

/* With sound that comes sample by sample the last one that a batch waits for is
 * later than its time stamp by just the latency (rounded up to ns). */
GST_START_TEST (latency_is_what_it_says)
{
  static const struct {
    const gchar *launch;
    guint64 delay; /* frames */
  } cases[] = {
    { ANALYSIS "! tfrpartials", 9 },
    { ANALYSIS "frames-per-buffer=1 ! tfrpartials survival=0", 7 },
    { ANALYSIS "! tfrpartials minimum-length=1 survival=5", 8 },
    { ANALYSIS "! tfrpartials minimum-length=20", 21 },
  };

  make_sound (1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstHarness *h = chain_new (cases[i].launch, RATE, 1);
    GstClockTime longest = 0, reported;
    GstBuffer *buffer;

    for (guint k = 0; k < 8000; k++) {
      chain_push (h, x + k, 1, k);
      while ((buffer = gst_harness_try_pull (h)) != NULL) {
        GstClockTime now = gst_util_uint64_scale (k + 1, GST_SECOND, RATE);

        longest = MAX (longest, now - GST_BUFFER_PTS (buffer));
        gst_buffer_unref (buffer);
      }
    }
    reported = query_latency (h, "tfrpartials");
    assert_near (
        (gdouble) longest, (gdouble) reported, 3, "%s", cases[i].launch);
    assert_near ((gdouble) (reported - query_latency (h, "tfrreassign")),
        (gdouble) gst_util_uint64_scale (
            cases[i].delay * 128, GST_SECOND, RATE),
        2, "its own, %s", cases[i].launch);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* --------------------------------------------------------- the stream ---- */

GST_START_TEST (phase_and_bin_are_asked_for)
{
  GstHarness *h = chain_new (ANALYSIS "! tfrpartials", RATE, 1);
  GstElement *a = gst_harness_find_element (h, "tfrreassign");
  GstPad *pad = gst_element_get_static_pad (a, "src");
  GstCaps *caps;
  GstTfrInfo info;

  make_sound (1);
  chain_push (h, x, 10000, 0);
  caps = gst_pad_get_current_caps (pad);
  fail_unless (gst_tfr_info_from_caps (&info, caps));
  fail_unless (info.fields == (GST_TFR_FIELDS_ALWAYS | GST_TFR_FIELD_PHASE |
                                  GST_TFR_FIELD_BIN));
  gst_caps_unref (caps);

  caps = gst_pad_get_current_caps (h->sinkpad);
  fail_unless (gst_tfr_info_from_caps (&info, caps));
  fail_unless (info.kind == GST_TFR_KIND_PARTIALS);
  fail_unless_equals_int (info.rate, RATE);
  fail_unless_equals_int (info.hop_size, 128);
  gst_caps_unref (caps);
  gst_object_unref (pad);
  gst_object_unref (a);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* The domain's error on the bus, or none. */
static gboolean
has_error (GstBus *bus, GQuark domain, gint code, const gchar *word)
{
  GstMessage *m = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  gboolean right;
  GError *error;

  if (m == NULL)
    return FALSE;
  gst_message_parse_error (m, &error, NULL);
  right = g_error_matches (error, domain, code) &&
          strstr (error->message, word) != NULL;
  g_error_free (error);
  gst_message_unref (m);
  return right;
}

static GstFlowReturn
push_expecting_trouble (GstHarness *h, gsize n)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * 8, NULL);

  gst_buffer_fill (buffer, 0, x, n * 8);
  GST_BUFFER_PTS (buffer) = 0;
  return gst_harness_push (h, buffer);
}

static GstBus *
watch (GstHarness *h)
{
  GstBus *bus = gst_bus_new ();

  gst_element_set_bus (h->element, bus);
  return bus;
}

GST_START_TEST (points_without_phase_are_refused_with_a_sentence)
{
  GstHarness *h = chain_new (ANALYSIS "fields=mixed ! tfrpartials", RATE, 1);
  GstBus *bus = watch (h);

  make_sound (1);
  fail_unless_equals_int (push_expecting_trouble (h, 10000), GST_FLOW_ERROR);
  fail_unless (has_error (
      bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "phase and bin"));
  gst_harness_teardown (h);
  gst_bus_set_flushing (bus, TRUE); /* its messages hold the element */
  gst_object_unref (bus);
}
GST_END_TEST;

GST_START_TEST (going_backwards_is_refused_with_a_sentence)
{
  GstHarness *h = chain_new (ANALYSIS "! tfrpartials", RATE, 1);
  GstBus *bus = watch (h);
  GstSegment segment;

  make_sound (1);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = -1;
  segment.stop = GST_SECOND;
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  push_expecting_trouble (h, 10000);
  gst_harness_push_event (h, gst_event_new_eos ());
  fail_unless (has_error (
      bus, GST_STREAM_ERROR, GST_STREAM_ERROR_NOT_IMPLEMENTED, "forward"));
  gst_harness_teardown (h);
  gst_bus_set_flushing (bus, TRUE); /* its messages hold the element */
  gst_object_unref (bus);
}
GST_END_TEST;

GST_START_TEST (garbage_is_refused_with_a_sentence)
{
  GstHarness *h = gst_harness_new ("tfrpartials");
  GstBuffer *garbage = gst_buffer_new_allocate (NULL, 200, NULL);
  GstBus *bus = watch (h);

  gst_harness_set_src_caps_str (h, GST_TFR_POINTS_TEMPLATE_CAPS);
  gst_buffer_memset (garbage, 0, 0x5a, 200);
  fail_unless_equals_int (gst_harness_push (h, garbage), GST_FLOW_ERROR);
  fail_unless (has_error (bus, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE, ""));
  gst_harness_teardown (h);
  gst_bus_set_flushing (bus, TRUE); /* its messages hold the element */
  gst_object_unref (bus);
}
GST_END_TEST;

/* Headers of very many channels, or of the longest windows for some, ask for
 * hundreds of megabytes or for seconds. */
GST_START_TEST (hostile_numbers_of_channels_are_refused_with_a_sentence)
{
  static const struct {
    guint channels, window_size;
    const gchar *wrong;
  } shapes[] = { { G_MAXUINT16, 256, "1024 channels" },
    { 1025, 256, "1024 channels" }, { 5, 1 << 20, "4194304 samples" } };
  GstTfrHeader header = { .rate = 48000,
    .window_size = shapes[__i__].window_size,
    .hop_size = 1 << 18,
    .fft_size = 1 << 20,
    .channels = (guint16) shapes[__i__].channels,
    .n_frames = 1,
    .fields = GST_TFR_FIELDS_ALWAYS | GST_TFR_FIELD_PHASE | GST_TFR_FIELD_BIN,
    .sum_h = 1,
    .sum_h2 = 1,
    .sigma = 300 };
  GstHarness *h = gst_harness_new ("tfrpartials");
  GstBus *bus = watch (h);
  GstTfrWriter writer;

  fail_unless (gst_tfr_writer_begin (&writer, &header, NULL, NULL));
  for (guint i = 0; i < header.channels; i++)
    gst_tfr_writer_add (&writer, 0);
  gst_harness_set_src_caps_str (h, GST_TFR_POINTS_TEMPLATE_CAPS);
  fail_unless_equals_int (
      gst_harness_push (
          h, gst_tfr_writer_finish (&writer, 0, header.hop_size)),
      GST_FLOW_ERROR);
  fail_unless (has_error (
      bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, shapes[__i__].wrong));
  gst_harness_teardown (h);
  gst_bus_set_flushing (bus, TRUE); /* its messages hold the element */
  gst_object_unref (bus);
}
GST_END_TEST;

/* Adds the births and deaths of all batches that have come out. */
static void
count_out (GstHarness *h, guint *births, guint *deaths)
{
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstTfrPartials p;

    fail_unless (gst_tfr_partials_map (&p, buffer, NULL));
    for (guint i = 0; i < p.header.n_points; i++) {
      *births += (p.flags[i] & GST_TFR_ROW_BIRTH) != 0;
      *deaths += (p.flags[i] & GST_TFR_ROW_DEATH) != 0;
    }
    gst_tfr_partials_unmap (&p);
    gst_buffer_unref (buffer);
  }
}

/* A steady tone; something happens in its middle; how many partials it is. */
static guint
count_partials (void (*event) (GstHarness *h), gint64 jump)
{
  GstHarness *h = chain_new (ANALYSIS "! tfrpartials", RATE, 1);
  guint births = 0, deaths = 0;

  memset (x, 0, sizeof x);
  signal_add_tone (x, N, RATE, 0.3, 1000, 0);
  chain_push (h, x, 20000, 0);
  if (event != NULL)
    event (h);
  chain_push (h, x + 20000, 20000, 20000 + jump);
  gst_harness_push_event (h, gst_event_new_eos ());
  count_out (h, &births, &deaths);
  fail_unless_equals_int (deaths, births);
  gst_harness_teardown (h);
  return births;
}

static void
send_tags (GstHarness *h)
{
  gst_harness_push_event (
      h, gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "a tone", NULL)));
}

static void
change_floor (GstHarness *h)
{
  GstElement *e = gst_harness_find_element (h, "tfrpartials");

  g_object_set (e, "amplitude-floor", -80., NULL);
  gst_object_unref (e);
}

GST_START_TEST (only_what_breaks_the_stream_breaks_a_partial)
{
  fail_unless_equals_int (count_partials (NULL, 0), 1);
  fail_unless_equals_int (count_partials (send_tags, 0), 1);
  fail_unless_equals_int (count_partials (change_floor, 0), 2);
  fail_unless_equals_int (count_partials (NULL, 10 * RATE), 2);
}
GST_END_TEST;

GST_START_TEST (after_a_flush_it_is_as_new)
{
  GstHarness *h = chain_new (ANALYSIS "! tfrpartials", RATE, 1);
  ChainRows *before, *after;
  GstSegment segment;
  GstBuffer *buffer;

  make_sound (1);
  before = track (ANALYSIS "! tfrpartials", 1, N);
  chain_push (h, x + 5000, 20000, 777);
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  while ((buffer = gst_harness_try_pull (h)) != NULL)
    gst_buffer_unref (buffer);
  chain_push_all (h, x, N, 1000);
  after = chain_pull_rows (h);
  fail_unless_equals_int (after->rows->len, before->rows->len);
  for (guint i = 0; i < before->rows->len; i++) {
    ChainRow *a = &g_array_index (before->rows, ChainRow, i);
    ChainRow *b = &g_array_index (after->rows, ChainRow, i);

    fail_unless (b->id != a->id); /* numbers are never used twice */
    fail_unless (chain_row_is_same (a, b), "row %u", i);
  }
  chain_rows_free (before);
  chain_rows_free (after);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* A replayed dump has new time stamps, and so have its partials. */
GST_START_TEST (time_stamps_follow_those_of_the_points)
{
  GstHarness *points = chain_new (ANALYSIS "fields=phase+bin", RATE, 1);
  GstHarness *h = gst_harness_new ("tfrpartials");
  GstBuffer *buffer;
  gboolean any = FALSE;

  make_sound (1);
  chain_push_all (points, x, N, 1000);
  gst_harness_set_src_caps_str (h, GST_TFR_POINTS_TEMPLATE_CAPS);
  while ((buffer = gst_harness_try_pull (points)) != NULL) {
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_PTS (buffer) += 3 * GST_SECOND;
    gst_harness_push (h, buffer);
  }
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    guint64 first = GST_BUFFER_OFFSET (buffer);

    assert_near ((gdouble) GST_BUFFER_PTS (buffer),
        3e9 + (gdouble) gst_util_uint64_scale (first, GST_SECOND, RATE), 1,
        "time stamp of %" G_GUINT64_FORMAT, first);
    any = TRUE;
    gst_buffer_unref (buffer);
  }
  fail_unless (any);
  gst_harness_teardown (points);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrpartials_suite (void)
{
  Suite *s = suite_create ("tfrpartials");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, rows_do_not_depend_on_batches);
  tcase_add_test (tc, channels_have_partials_of_their_own);
  tcase_add_test (tc, after_other_caps_something_is_missing_only_where_it_is);
  tcase_add_test (tc, sizes_are_those_of_the_batches_whatever_caps_say);
  tcase_add_test (tc, latency_is_what_it_says);
  tcase_add_test (tc, phase_and_bin_are_asked_for);
  tcase_add_test (tc, points_without_phase_are_refused_with_a_sentence);
  tcase_add_test (tc, going_backwards_is_refused_with_a_sentence);
  tcase_add_test (tc, garbage_is_refused_with_a_sentence);
  tcase_add_loop_test (
      tc, hostile_numbers_of_channels_are_refused_with_a_sentence, 0, 3);
  tcase_add_test (tc, only_what_breaks_the_stream_breaks_a_partial);
  tcase_add_test (tc, after_a_flush_it_is_as_new);
  tcase_add_test (tc, time_stamps_follow_those_of_the_points);
  return s;
}

GST_CHECK_MAIN (tfrpartials);
