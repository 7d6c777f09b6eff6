/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Latency, scheduling, position and what memory is asked for. */

#include "points.h"
#include "reassign.h"

#include <string.h>

/* Upstream answers live, min, max. */
static GstPadProbeReturn
answer_latency (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  const GstClockTime *answer = data;
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return GST_PAD_PROBE_OK;
  gst_query_set_latency (query, answer[0] != 0, answer[1], answer[2]);
  return GST_PAD_PROBE_HANDLED;
}

static void
assert_latency (
    GstHarness *h, gboolean live, GstClockTime min, GstClockTime max)
{
  GstQuery *query = gst_query_new_latency ();
  GstClockTime got_min, got_max;
  gboolean got_live;

  fail_unless (gst_pad_peer_query (h->sinkpad, query));
  gst_query_parse_latency (query, &got_live, &got_min, &got_max);
  fail_unless_equals_int (got_live, live);
  fail_unless_equals_uint64 (got_min, min);
  fail_unless_equals_uint64 (got_max, max);
  gst_query_unref (query);
}

static GstClockTime
samples (guint64 n)
{
  return gst_util_uint64_scale_ceil (n, GST_SECOND, AUDIO_RATE);
}

static guint64
filter_delay (void)
{
  ReassignConfig config = reassign_config_default (AUDIO_RATE);
  ReassignAnalyzer *analyzer;
  guint64 delay;

  config.analytic = true;
  analyzer = reassign_analyzer_new (&config, NULL);
  delay = reassign_analyzer_latency (analyzer) - (1024 + 8);
  reassign_analyzer_free (analyzer);
  return delay;
}

GST_START_TEST (latency_is_that_of_window_batch_votes_and_filter)
{
  /* B = 960 / H frames; the last has batches of 18, as many as fit */
  const struct {
    const gchar *properties;
    guint64 own;
  } cases[] = { { "", 1024 + 8 },
    { "window-size=255 hop-size=100", 128 + 8 + 8 * 100 },
    { "window-size=256 hop-size=5000", 5000 },
    { "window-size=1024 hop-size=256 frames-per-buffer=5", 512 + 8 + 4 * 256 },
    { "consensus=line", 1024 + 8 + 512 },
    { "analytic=true", 1024 + 8 + filter_delay () },
    { "window-size=32 hop-size=100 fft-size=1048576 frames-per-buffer=1000",
        100 + 17 * 100 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstClockTime upstream[3] = { 1, 20 * GST_MSECOND, 500 * GST_MSECOND };
    gchar *launch = g_strdup_printf ("tfrreassign %s", cases[i].properties);
    GstHarness *h = audio_harness (launch);
    GstClockTime own = samples (cases[i].own);

    gst_pad_add_probe (h->srcpad,
        GST_PAD_PROBE_TYPE_QUERY_UPSTREAM | GST_PAD_PROBE_TYPE_PUSH,
        answer_latency, upstream, NULL);
    assert_latency (h, TRUE, upstream[1] + own, upstream[2] + own);
    upstream[0] = 0;
    upstream[2] = GST_CLOCK_TIME_NONE;
    assert_latency (h, FALSE, upstream[1] + own, GST_CLOCK_TIME_NONE);
    g_free (launch);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* Live, so that the sink is in time: a frame leaves with the buffer that brings
 * the sample `latency` past its batch's time stamp. */
GST_START_TEST (no_batch_leaves_later_than_the_latency)
{
  static const gchar *const launches[] = { "tfrreassign",
    "tfrreassign window-size=255 hop-size=100",
    "tfrreassign window-size=64 hop-size=7000 fft-size=64",
    "tfrreassign consensus=line hop-size=300", "tfrreassign precision=single",
    "tfrreassign precision=single hop-size=300 frames-per-buffer=4",
    "tfrreassign analytic=true hop-size=300" };

  for (guint l = 0; l < G_N_ELEMENTS (launches); l++) {
    GstHarness *h = audio_harness (launches[l]);
    GstClockTime latency = gst_harness_query_latency (h), worst = 0;
    GstBuffer *batch;

    for (gint64 i = 0; i < 30000; i += 10) {
      gst_harness_push (h, audio_buffer (i, 10));
      while ((batch = gst_harness_try_pull (h)) != NULL) {
        worst = MAX (worst, audio_time (i) - GST_BUFFER_PTS (batch));
        gst_buffer_unref (batch);
      }
    }
    fail_unless (worst <= latency && worst + samples (20) >= latency,
        "%s: worst %" GST_TIME_FORMAT ", latency %" GST_TIME_FORMAT,
        launches[l], GST_TIME_ARGS (worst), GST_TIME_ARGS (latency));
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

static gboolean
pop_latency (GstBus *bus)
{
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_LATENCY);

  if (message != NULL)
    gst_message_unref (message);
  return message != NULL;
}

GST_START_TEST (latency_is_upstreams_until_the_rate_is_known_then_announced)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstClockTime upstream[3] = { 1, 20 * GST_MSECOND, 30 * GST_MSECOND };
  GstBus *bus = gst_bus_new ();

  gst_element_set_bus (h->element, bus);
  gst_pad_add_probe (h->srcpad,
      GST_PAD_PROBE_TYPE_QUERY_UPSTREAM | GST_PAD_PROBE_TYPE_PUSH,
      answer_latency, upstream, NULL);
  assert_latency (h, TRUE, upstream[1], upstream[2]);
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  fail_unless (pop_latency (bus));
  fail_if (pop_latency (bus));
  assert_latency (
      h, TRUE, upstream[1] + samples (1032), upstream[2] + samples (1032));

  audio_push (h, 0, 10000, 1000);
  fail_if (pop_latency (bus));
  g_object_set (h->element, "window-size", 4096, NULL);
  audio_push (h, 10000, 10000, 1000);
  fail_unless (pop_latency (bus));
  g_object_set (h->element, "magnitude-floor", -60.0, NULL);
  audio_push (h, 20000, 10000, 1000);
  fail_if (pop_latency (bus));

  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (latency_without_upstream_is_the_elements_own)
{
  GstElement *element = gst_element_factory_make ("tfrreassign", NULL);
  GstPad *pad = gst_element_get_static_pad (element, "src");
  GstQuery *query = gst_query_new_latency ();
  GstClockTime min, max;
  gboolean live;

  fail_unless (gst_pad_query (pad, query));
  gst_query_parse_latency (query, &live, &min, &max);
  fail_unless_equals_int (live, FALSE);
  fail_unless_equals_uint64 (min, 0);
  fail_unless_equals_uint64 (max, GST_CLOCK_TIME_NONE);
  gst_query_unref (query);
  gst_object_unref (pad);
  gst_object_unref (element);
}
GST_END_TEST;

GST_START_TEST (nothing_is_pulled_through)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GstQuery *query = gst_query_new_scheduling ();

  fail_unless (gst_pad_peer_query (h->sinkpad, query));
  fail_unless (gst_query_has_scheduling_mode (query, GST_PAD_MODE_PUSH));
  fail_if (gst_query_has_scheduling_mode (query, GST_PAD_MODE_PULL));
  gst_query_unref (query);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* ------------------------------------------------------------- memory ---- */

GST_START_TEST (upstream_is_told_of_planar_audio_and_nothing_of_downstreams)
{
  GstHarness *h = audio_harness ("tfrreassign");
  GstCaps *caps = gst_caps_from_string (AUDIO_CAPS);
  GstQuery *query = gst_query_new_allocation (caps, TRUE);

  gst_harness_add_propose_allocation_meta (
      h, GST_REFERENCE_TIMESTAMP_META_API_TYPE, NULL);
  fail_unless (gst_pad_peer_query (h->srcpad, query));
  fail_unless_equals_int (gst_query_get_n_allocation_metas (query), 1);
  fail_unless (
      gst_query_find_allocation_meta (query, GST_AUDIO_META_API_TYPE, NULL));
  fail_unless_equals_int (gst_query_get_n_allocation_pools (query), 0);
  gst_query_unref (query);
  gst_caps_unref (caps);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* An allocator of one's own that only counts. */
typedef struct {
  GstAllocator parent;
  guint n;
  gboolean is_empty;
} Counting;
typedef GstAllocatorClass CountingClass;
GType counting_get_type (void);
G_DEFINE_TYPE (Counting, counting, GST_TYPE_ALLOCATOR)

static GstMemory *
counting_alloc (
    GstAllocator *allocator, gsize size, GstAllocationParams *params)
{
  ((Counting *) allocator)->n++;
  if (((Counting *) allocator)->is_empty)
    return NULL;
  return gst_allocator_alloc (NULL, size, params);
}

static void
counting_free (GstAllocator *allocator, GstMemory *memory)
{
}

static void
counting_class_init (CountingClass *klass)
{
  klass->alloc = counting_alloc;
  klass->free = counting_free;
}

static void
counting_init (Counting *self)
{
}

GST_START_TEST (batches_are_of_downstreams_memory_aligned_to_64)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  Counting *allocator = g_object_new (counting_get_type (), NULL);
  GstAllocationParams params = { 0, 255, 0, 0, { NULL } };
  GstBuffer *batch;
  GstMapInfo map;
  guint n = 0;

  gst_object_ref_sink (allocator);
  gst_harness_set_propose_allocator (
      h, gst_object_ref (GST_ALLOCATOR (allocator)), &params);
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  audio_push (h, 0, 20000, 1000);
  while ((batch = gst_harness_try_pull (h)) != NULL) {
    gst_buffer_map (batch, &map, GST_MAP_READ);
    fail_unless_equals_int ((gsize) map.data % 256, 0);
    gst_buffer_unmap (batch, &map);
    gst_buffer_unref (batch);
    n++;
  }
  fail_unless (n > 10);
  fail_unless (allocator->n >= n);
  gst_harness_teardown (h);
  gst_object_unref (allocator);
}
GST_END_TEST;

static GstPadProbeReturn
offer_pool (GstPad *pad, GstPadProbeInfo *info, gpointer pool)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  gst_query_add_allocation_pool (query, pool, 4096, 2, 2);
  return GST_PAD_PROBE_HANDLED;
}

/* Batches are of any size, so none comes of a pool, which would run dry. */
GST_START_TEST (a_pool_is_not_used)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstPad *pad = gst_element_get_static_pad (h->element, "src");
  GstBufferPool *pool = gst_buffer_pool_new ();
  guint n = 0;

  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, offer_pool, pool, NULL);
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  audio_push (h, 0, 20000, 1000);
  for (GstBuffer *batch; (batch = gst_harness_try_pull (h)) != NULL; n++) {
    fail_unless (batch->pool != pool);
    gst_buffer_unref (batch);
  }
  fail_unless (n > 10);
  fail_unless (!gst_buffer_pool_is_active (pool));
  gst_object_unref (pad);
  gst_harness_teardown (h);
  gst_object_unref (pool);
}
GST_END_TEST;

/* Such as those of file descriptors: only their owner can allocate. */
GST_START_TEST (an_allocator_for_others_only_is_not_used)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  Counting *allocator = g_object_new (counting_get_type (), NULL);

  gst_object_ref_sink (allocator);
  GST_OBJECT_FLAG_SET (allocator, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC);
  gst_harness_set_propose_allocator (
      h, gst_object_ref (GST_ALLOCATOR (allocator)), NULL);
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  audio_push (h, 0, 20000, 1000);
  fail_unless (gst_harness_buffers_in_queue (h) > 10);
  fail_unless_equals_int (allocator->n, 0);
  gst_harness_teardown (h);
  gst_object_unref (allocator);
}
GST_END_TEST;

/* With several threads a later buffer may be the one that is told. */
GST_START_TEST (no_memory_for_a_batch_is_an_error_of_resources)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  Counting *allocator = g_object_new (counting_get_type (), NULL);
  GstBus *bus = gst_bus_new ();
  GstFlowReturn flow = GST_FLOW_OK;
  GstMessage *message;
  GError *error;

  g_object_set (h->element, "n-threads", 1 + 3 * (guint) __i__, NULL);
  allocator->is_empty = TRUE;
  gst_object_ref_sink (allocator);
  gst_element_set_bus (h->element, bus);
  gst_harness_set_propose_allocator (
      h, gst_object_ref (GST_ALLOCATOR (allocator)), NULL);
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  for (gint64 i = 0; i < 100000 && flow == GST_FLOW_OK; i++)
    flow = gst_harness_push (h, audio_buffer (i * 1000, 1000));
  fail_unless_equals_int (flow, GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (
      error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT));
  g_error_free (error);
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR) == NULL);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
  gst_object_unref (allocator);
}
GST_END_TEST;

static Suite *
tfrreassign_queries_suite (void)
{
  Suite *s = suite_create ("tfrreassign queries");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, latency_is_that_of_window_batch_votes_and_filter);
  tcase_add_test (tc, no_batch_leaves_later_than_the_latency);
  tcase_add_test (
      tc, latency_is_upstreams_until_the_rate_is_known_then_announced);
  tcase_add_test (tc, latency_without_upstream_is_the_elements_own);
  tcase_add_test (tc, nothing_is_pulled_through);
  tcase_add_test (
      tc, upstream_is_told_of_planar_audio_and_nothing_of_downstreams);
  tcase_add_test (tc, batches_are_of_downstreams_memory_aligned_to_64);
  tcase_add_test (tc, a_pool_is_not_used);
  tcase_add_test (tc, an_allocator_for_others_only_is_not_used);
  tcase_add_loop_test (
      tc, no_memory_for_a_batch_is_an_error_of_resources, 0, 2);
  return s;
}

GST_CHECK_MAIN (tfrreassign_queries);
