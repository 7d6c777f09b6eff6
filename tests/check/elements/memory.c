/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Elements whose memory runs out, at every place where that is not GLib's to
 * end: one error says so, and what left before it is right.  They are linked
 * in, so that the library's allocations in them are the test's. */

#include "failing.h"
#include "points.h"
#include "rows.h"
#include "tally.h"
#include "video.h"

#define VIDEO(format)                                                          \
  "video/x-raw, width=96, height=64, framerate=10/1, format=" format
#define PARTIALS_CAPS                                                          \
  "application/x-tfr-partials, version=1, framed=true, rate=48000, "           \
  "channels=2, hop-size=480, window-size=2048, fft-size=2048"

GST_PLUGIN_STATIC_DECLARE (tfr);

/* -------------------------------------------------- memory of buffers ---- */

/* In place of GStreamer's own, of which the k-th block cannot be had. */
typedef GstAllocator Scarce;
typedef GstAllocatorClass ScarceClass;
GType scarce_get_type (void);
G_DEFINE_TYPE (Scarce, scarce, GST_TYPE_ALLOCATOR)

static GstAllocator *plenty;
static _Atomic size_t n_blocks; /* several threads may count */
static size_t missing_one;

static GstMemory *
scarce_alloc (GstAllocator *allocator, gsize size, GstAllocationParams *params)
{
  return ++n_blocks == missing_one ? NULL
                                   : gst_allocator_alloc (plenty, size, params);
}

static void
scarce_free (GstAllocator *allocator, GstMemory *memory)
{
}

static void
scarce_class_init (ScarceClass *klass)
{
  klass->alloc = scarce_alloc;
  klass->free = scarce_free;
}

static void
scarce_init (Scarce *self)
{
}

static void
scarce_start (size_t k)
{
  n_blocks = 0;
  missing_one = k;
}

static size_t
scarce_count (void)
{
  return n_blocks;
}

static void
use_scarce_memory (void)
{
  plenty = gst_allocator_find (GST_ALLOCATOR_SYSMEM);
  gst_allocator_set_default (
      gst_object_ref_sink (g_object_new (scarce_get_type (), NULL)));
  scarce_start (0);
}

static void
use_all_memory (void)
{
  gst_allocator_set_default (plenty);
}

/* ------------------------------------------------------------ elements ---- */

static GPtrArray *
new_buffers (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
}

static GPtrArray *
make_audio (void)
{
  GPtrArray *audio = new_buffers ();

  for (gint64 i = 0; i < 5; i++)
    g_ptr_array_add (audio, audio_buffer (i * 1000, 1000));
  return audio;
}

static GPtrArray *
take_all (GstHarness *h)
{
  GPtrArray *all = new_buffers ();
  GstBuffer *buffer;

  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL)
    g_ptr_array_add (all, buffer);
  gst_harness_teardown (h);
  return all;
}

static GPtrArray *
make_points (void)
{
  GstHarness *h = audio_harness ("tfrreassign window-size=256 "
                                 "fields=phase+mixed+bin");

  audio_push (h, 0, 20000, 1000);
  return take_all (h);
}

static GPtrArray *
make_rows (void)
{
  GPtrArray *rows = new_buffers ();

  for (guint b = 0; b < 5; b++)
    g_ptr_array_add (
        rows, rows_make_batch ((gint64) b * 2 * ROWS_HOP, 2, 2, 3, 0));
  return rows;
}

static GPtrArray *
make_file (void)
{
  GstHarness *h = gst_harness_new ("tfrsdifenc");
  GPtrArray *rows = make_rows ();

  gst_harness_set_src_caps_str (h, PARTIALS_CAPS);
  for (guint i = 0; i < rows->len; i++)
    gst_harness_push (h, gst_buffer_ref (rows->pdata[i]));
  g_ptr_array_unref (rows);
  return take_all (h);
}

typedef struct {
  const gchar *launch, *in, *out;
  GPtrArray *(*make) (void);
} Case;

static const Case cases[] = {
  { "tfrrender now-policy=progressive", POINTS_CAPS, VIDEO ("BGRx"),
      make_points },
  { "tfrrender channel-mode=separate underlay=0.5 color-by=phase", POINTS_CAPS,
      VIDEO ("I420"), make_points },
  { "tfrrender scroll-mode=page time-span=0", POINTS_CAPS, VIDEO ("BGRx"),
      make_points },
  { "tfrrender", PARTIALS_CAPS, VIDEO ("BGRx"), make_rows },
  { "tfrpartials", POINTS_CAPS, NULL, make_points },
  { "tfrsynth", PARTIALS_CAPS, "audio/x-raw, format=S16LE", make_rows },
  { "tfrsdifenc", PARTIALS_CAPS, NULL, make_rows },
  { "tfrsdifenc", PARTIALS_CAPS, NULL, new_buffers }, /* a head alone */
  { "tfrsdifdec", "audio/x-sdif", NULL, make_file },
  { "tfrreassign", AUDIO_CAPS, NULL, make_audio },
  { "tfrreassign n-threads=3", AUDIO_CAPS, NULL, make_audio },
};

/* --------------------------------------------------------------- a run ---- */

/* What can fail: an allocation of the library, that and all later ones, or the
 * memory of a buffer. */
typedef struct {
  void (*start) (size_t k);
  size_t (*count) (void);
} Source;

static const Source sources[] = {
  { failing_start, failing_count },
  { failing_start_for_good, failing_count },
  { scarce_start, scarce_count },
};

typedef struct {
  GstFlowReturn flow; /* the first that is not OK */
  guint n_errors, n_before_end;
  GError *error;   /* the last */
  GPtrArray *left; /* buffers */
} Run;

static void
take_errors (GstBus *bus, Run *run)
{
  GstMessage *message;

  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR)) != NULL) {
    g_clear_error (&run->error);
    gst_message_parse_error (message, &run->error, NULL);
    gst_message_unref (message);
    run->n_errors++;
  }
}

static GstFlowReturn
push_all (GstHarness *h, GPtrArray *input)
{
  GstFlowReturn flow = GST_FLOW_OK;

  for (guint i = 0; i < input->len && flow == GST_FLOW_OK; i++)
    flow = gst_harness_push (h, gst_buffer_ref (input->pdata[i]));
  return flow;
}

/* As when somebody has made room, and seeks. */
static void
begin_again (GstHarness *h, const Source *source)
{
  GstSegment segment;
  GstBuffer *buffer;

  source->start (0);
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  while ((buffer = gst_harness_try_pull (h)) != NULL)
    gst_buffer_unref (buffer);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
}

/* The whole stream, with its end even after an error, as sources have it; or
 * from the error on with all memory, once more. */
static Run
run (const Case *c, GPtrArray *input, const Source *source, size_t k,
    gboolean recover)
{
  GstHarness *h = gst_harness_new_parse (c->launch);
  GstElement *element = gst_object_ref (h->element);
  GstBus *bus = gst_bus_new ();
  Run run = { .flow = GST_FLOW_OK };

  gst_element_set_bus (element, bus);
  source->start (k);
  if (c->out != NULL)
    gst_harness_set_sink_caps_str (h, c->out);
  gst_harness_set_src_caps_str (h, c->in);
  run.flow = push_all (h, input);
  if (recover && run.flow != GST_FLOW_OK) {
    begin_again (h, source);
    run.flow = push_all (h, input);
  }
  take_errors (bus, &run);
  run.n_before_end = run.n_errors;
  run.left = take_all (h);
  take_errors (bus, &run);
  gst_element_set_bus (element, NULL);
  gst_object_unref (element);
  gst_object_unref (bus);
  return run;
}

static void
run_clear (Run *run)
{
  g_clear_error (&run->error);
  g_ptr_array_unref (run->left);
}

static gboolean
is_same (GstBuffer *a, GstBuffer *b)
{
  GstMapInfo map;
  gboolean same;

  gst_buffer_map (a, &map, GST_MAP_READ);
  same = gst_buffer_get_size (b) == map.size &&
         gst_buffer_memcmp (b, 0, map.data, map.size) == 0 &&
         GST_BUFFER_PTS (a) == GST_BUFFER_PTS (b);
  gst_buffer_unmap (a, &map);
  return same;
}

static void
check_error (const Run *run, const gchar *what, size_t k)
{
  fail_unless (run->n_errors == 1, "%s: %u errors without block %zu", what,
      run->n_errors, k);
  fail_unless (g_error_matches (run->error, GST_RESOURCE_ERROR,
                   GST_RESOURCE_ERROR_NO_SPACE_LEFT),
      "%s: without block %zu: %s", what, k, run->error->message);
}

/* What one run left, against that of all memory: the beginning of it and an
 * error, or all where one block was asked for again. */
static void
check_run (
    const Case *c, const Run *whole, const Run *run, size_t k, gboolean again)
{
  guint n = run->left->len;

  if (run->n_errors > 0 || !again)
    check_error (run, c->launch, k);
  else
    fail_unless_equals_int (n, whole->left->len);
  fail_unless_equals_int (
      run->flow, run->n_before_end > 0 ? GST_FLOW_ERROR : GST_FLOW_OK);
  fail_unless (n <= whole->left->len, "%s: %u buffers of %u without block %zu",
      c->launch, n, whole->left->len, k);
  for (guint i = 0; i < n; i++)
    fail_unless (is_same (run->left->pdata[i], whole->left->pdata[i]),
        "%s: buffer %u is another without block %zu", c->launch, i, k);
}

GST_START_TEST (no_memory_is_one_error_and_nothing_wrong_leaves)
{
  const Case *c = &cases[__i__ / G_N_ELEMENTS (sources)];
  const Source *source = &sources[__i__ % G_N_ELEMENTS (sources)];
  GPtrArray *input = c->make ();
  size_t n;
  Run whole;

  use_scarce_memory ();
  whole = run (c, input, source, 0, FALSE);
  n = source->count ();
  /* GLib makes the buffers of what is written as bytes */
  fail_unless (n > 0 || (source->start == scarce_start &&
                            g_str_has_prefix (c->launch, "tfrsdifenc")));
  fail_unless_equals_int (whole.flow, GST_FLOW_OK);
  fail_unless_equals_int (whole.n_errors, 0);
  fail_unless (whole.left->len > 0);
  for (size_t k = 1; k <= n; k++) {
    Run without = run (c, input, source, k, FALSE);

    if (source->count == failing_count)
      fail_unless (failing_live () == 0, "%s: %zu blocks are left without %zu",
          c->launch, failing_live (), k);
    source->start (0);
    check_run (c, &whole, &without, k, source->start != failing_start_for_good);
    run_clear (&without);
  }
  tally ((gdouble) n, "allocations refused");
  run_clear (&whole);
  g_ptr_array_unref (input);
  use_all_memory ();
}
GST_END_TEST;

/* Of partials: their ids go on, so that none is used twice. */
static gboolean
are_same_rows (GstBuffer *a, GstBuffer *b)
{
  GstTfrPartials x, y;
  gsize n;
  gboolean same;

  fail_unless (gst_tfr_partials_map (&x, a, NULL));
  fail_unless (gst_tfr_partials_map (&y, b, NULL));
  n = x.header.n_points;
  same = GST_BUFFER_PTS (a) == GST_BUFFER_PTS (b) && y.header.n_points == n &&
         memcmp (x.time, y.time, n * sizeof *x.time) == 0 &&
         memcmp (x.frequency, y.frequency, n * sizeof *x.frequency) == 0 &&
         memcmp (x.amplitude, y.amplitude, n * sizeof *x.amplitude) == 0 &&
         memcmp (x.phase, y.phase, n * sizeof *x.phase) == 0 &&
         memcmp (x.flags, y.flags, n * sizeof *x.flags) == 0;
  gst_tfr_partials_unmap (&y);
  gst_tfr_partials_unmap (&x);
  return same;
}

GST_START_TEST (after_an_error_and_a_flush_all_is_as_with_memory)
{
  const Case *c = &cases[__i__ / G_N_ELEMENTS (sources)];
  const Source *source = &sources[__i__ % G_N_ELEMENTS (sources)];
  gboolean (*same) (GstBuffer *, GstBuffer *) =
      g_str_equal (c->launch, "tfrpartials") ? are_same_rows : is_same;
  GPtrArray *input = c->make ();
  size_t n;
  Run whole;

  use_scarce_memory ();
  whole = run (c, input, source, 0, FALSE);
  n = source->count ();
  for (size_t k = 1; k <= n; k++) {
    Run again = run (c, input, source, k, TRUE);

    source->start (0);
    if (again.n_before_end > 0) {
      fail_unless_equals_int (again.n_errors, 1);
      fail_unless_equals_int (again.flow, GST_FLOW_OK);
      fail_unless_equals_int (again.left->len, whole.left->len);
      for (guint i = 0; i < again.left->len; i++)
        fail_unless (same (again.left->pdata[i], whole.left->pdata[i]),
            "%s: buffer %u is another after block %zu", c->launch, i, k);
    }
    run_clear (&again);
  }
  run_clear (&whole);
  g_ptr_array_unref (input);
  use_all_memory ();
}
GST_END_TEST;

/* It is made before there is a stream. */
GST_START_TEST (no_memory_for_a_reader_of_sdif_is_no_change_of_state)
{
  GstElement *decoder = gst_element_factory_make ("tfrsdifdec", NULL);
  GstBus *bus = gst_bus_new ();
  Run run = { 0 };

  gst_element_set_bus (decoder, bus);
  failing_start (1);
  fail_unless_equals_int (gst_element_set_state (decoder, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  failing_start (0);
  take_errors (bus, &run);
  check_error (&run, "tfrsdifdec", 1);
  g_clear_error (&run.error);
  gst_element_set_state (decoder, GST_STATE_NULL);
  gst_element_set_bus (decoder, NULL);
  gst_object_unref (bus);
  gst_object_unref (decoder);
}
GST_END_TEST;

GST_START_TEST (no_memory_for_other_fields_is_an_error)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstBus *bus = gst_bus_new ();
  Run run = { 0 };

  gst_element_set_bus (h->element, bus);
  gst_harness_set_sink_caps_str (h, POINTS_CAPS ", phase=false");
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  fail_unless_equals_int (
      gst_harness_push (h, audio_buffer (0, 1000)), GST_FLOW_OK);
  failing_start_for_good (1);
  gst_harness_set_sink_caps_str (h, POINTS_CAPS ", phase=true");
  fail_unless_equals_int (
      gst_harness_push (h, audio_buffer (1000, 1000)), GST_FLOW_ERROR);
  gst_harness_push_event (h, gst_event_new_eos ());
  failing_start (0);
  take_errors (bus, &run);
  check_error (&run, "tfrreassign", 1);
  g_clear_error (&run.error);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* The property tells what is not so yet: it is still to be. */
GST_START_TEST (no_memory_for_changed_properties_is_an_error_and_they_are_kept)
{
  GstHarness *h = audio_harness ("tfrreassign window-size=256");
  GstBus *bus = gst_bus_new ();
  Run run = { 0 };
  GstTfrBatch batch;
  GstBuffer *buffer;

  gst_element_set_bus (h->element, bus);
  fail_unless_equals_int (
      gst_harness_push (h, audio_buffer (0, 1000)), GST_FLOW_OK);
  g_object_set (h->element, "window-size", 512u, NULL);
  failing_start_for_good (1);
  fail_unless_equals_int (
      gst_harness_push (h, audio_buffer (1000, 1000)), GST_FLOW_ERROR);
  begin_again (h, &sources[0]);
  take_errors (bus, &run);
  check_error (&run, "tfrreassign", 1);
  g_clear_error (&run.error);

  audio_push (h, 0, 5000, 1000);
  audio_push_eos (h);
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    fail_unless (gst_tfr_batch_map (&batch, buffer, NULL));
    fail_unless_equals_int (batch.header.window_size, 512);
    gst_tfr_batch_unmap (&batch);
    gst_buffer_unref (buffer);
  }
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
}
GST_END_TEST;

static GstPadProbeReturn
offer_pool (GstPad *pad, GstPadProbeInfo *info, gpointer pool)
{
  GstQuery *query = GST_PAD_PROBE_INFO_QUERY (info);

  if (GST_QUERY_TYPE (query) != GST_QUERY_ALLOCATION)
    return GST_PAD_PROBE_OK;
  gst_query_add_allocation_pool (query, pool, 96 * 64 * 4, 2, 0);
  return GST_PAD_PROBE_HANDLED;
}

/* It would hold two buffers from its start on. */
GST_START_TEST (no_memory_for_downstreams_pool_is_an_error)
{
  GstHarness *h = gst_harness_new_parse ("tfrrender now-policy=progressive");
  GstPad *pad = gst_element_get_static_pad (h->element, "src");
  GstBufferPool *pool = gst_buffer_pool_new ();
  GPtrArray *points = make_points ();
  GstBus *bus = gst_bus_new ();
  Run run = { .flow = GST_FLOW_OK };

  gst_element_set_bus (h->element, bus);
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, offer_pool, pool, NULL);
  gst_harness_set_sink_caps_str (h, VIDEO ("BGRx"));
  gst_harness_set_src_caps_str (h, POINTS_CAPS);
  use_scarce_memory ();
  scarce_start (1);
  for (guint i = 0; i < points->len && run.flow == GST_FLOW_OK; i++)
    run.flow = gst_harness_push (h, gst_buffer_ref (points->pdata[i]));
  fail_unless_equals_int (run.flow, GST_FLOW_ERROR);
  take_errors (bus, &run);
  check_error (&run, "tfrrender", 1);
  use_all_memory ();
  g_clear_error (&run.error);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_object_unref (pad);
  gst_harness_teardown (h);
  gst_object_unref (pool);
  g_ptr_array_unref (points);
}
GST_END_TEST;

/* Not the memory is at fault then, but the size. */
GST_START_TEST (a_picture_of_more_cells_than_a_grid_can_have_is_an_error)
{
  GstHarness *h = test_harness ("tfrrender",
      "video/x-raw, format=BGRx, width=32767, height=32767, framerate=10/1");
  GPtrArray *points = make_points ();
  GstBus *bus = gst_bus_new ();
  Run run = { 0 };

  gst_element_set_bus (h->element, bus);
  fail_unless_equals_int (
      gst_harness_push (h, gst_buffer_ref (points->pdata[0])), GST_FLOW_ERROR);
  take_errors (bus, &run);
  fail_unless_equals_int (run.n_errors, 1);
  fail_unless (
      g_error_matches (run.error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT),
      "%s", run.error->message);
  g_clear_error (&run.error);
  gst_element_set_bus (h->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (h);
  g_ptr_array_unref (points);
}
GST_END_TEST;

static Suite *
memory_suite (void)
{
  Suite *s = suite_create ("memory of elements");
  TCase *tc = tcase_create ("general");

  GST_PLUGIN_STATIC_REGISTER (tfr);
  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, no_memory_is_one_error_and_nothing_wrong_leaves, 0,
      G_N_ELEMENTS (cases) * G_N_ELEMENTS (sources));
  tcase_add_loop_test (tc, after_an_error_and_a_flush_all_is_as_with_memory, 0,
      G_N_ELEMENTS (cases) * G_N_ELEMENTS (sources));
  tcase_add_test (tc, no_memory_for_a_reader_of_sdif_is_no_change_of_state);
  tcase_add_test (tc, no_memory_for_other_fields_is_an_error);
  tcase_add_test (
      tc, no_memory_for_changed_properties_is_an_error_and_they_are_kept);
  tcase_add_test (tc, no_memory_for_downstreams_pool_is_an_error);
  tcase_add_test (tc, a_picture_of_more_cells_than_a_grid_can_have_is_an_error);
  return s;
}

GST_CHECK_MAIN (memory);
