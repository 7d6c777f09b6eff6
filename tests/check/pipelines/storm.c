/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Pipelines that are sought, flushed, switched and rebuilt while they run.
 * TFR_TEST_FULL=1 goes on for longer. */

#include "points.h"
#include "tally.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>

#define SECONDS 20

static guint
rounds (guint few)
{
  return g_getenv ("TFR_TEST_FULL") != NULL ? 20 * few : few;
}

static GstElement *
launch (const gchar *description)
{
  GError *error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);

  fail_unless (error == NULL, "%s", error != NULL ? error->message : "");
  return pipeline;
}

/* Waits for one of these messages and returns its sequence number; an error
 * fails the test. */
static guint32
await (GstElement *pipeline, GstMessageType types, const gchar *what)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (
      bus, 20 * GST_SECOND, types | GST_MESSAGE_ERROR);
  guint32 seqnum;

  fail_unless (message != NULL, "%s: nothing in 20 s", what);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    GError *error = NULL;
    gchar *debug = NULL;

    gst_message_parse_error (message, &error, &debug);
    fail ("%s: %s (%s)", what, error->message, debug);
  }
  seqnum = gst_message_get_seqnum (message);
  gst_message_unref (message);
  gst_object_unref (bus);
  return seqnum;
}

static guint64
frames_shown (GstElement *pipeline)
{
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstStructure *stats = NULL;
  guint64 rendered = 0;

  g_object_get (sink, "stats", &stats, NULL);
  fail_unless (gst_structure_get_uint64 (stats, "rendered", &rendered));
  gst_structure_free (stats);
  gst_object_unref (sink);
  return rendered;
}

/* More frames than what was on its way already, however slow the machine. */
static void
await_more_frames (GstElement *pipeline)
{
  guint64 before = frames_shown (pipeline), after = before;

  for (guint ms = 0; ms < 20000 && after < before + 5; ms++) {
    g_usleep (1000);
    after = frames_shown (pipeline);
  }
  fail_unless (after >= before + 5, "%" G_GUINT64_FORMAT " frames in 20 s, "
      "should be 5", after - before);
}

static void
stop (GstElement *pipeline)
{
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (pipeline);
}

static gchar *
make_wav (void)
{
  gchar *path = g_strdup_printf ("%s/tfr-storm-%d.wav", g_get_tmp_dir (),
      (gint) g_random_int_range (0, G_MAXINT));
  gchar *description = g_strdup_printf (
      "audiotestsrc wave=ticks num-buffers=%d samplesperbuffer=800 ! "
      "audio/x-raw,format=S16LE,rate=16000,channels=2 ! wavenc ! "
      "filesink location=%s",
      20 * SECONDS, path);
  GstElement *pipeline = launch (description);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  await (pipeline, GST_MESSAGE_EOS, "writing a file");
  stop (pipeline);
  g_free (description);
  return path;
}

#define DRAW_WITH(n_threads) \
  "tfrreassign window-size=512 n-threads=" n_threads " ! tfrrender ! " \
  "video/x-raw,width=160,height=120,framerate=30/1 ! "
#define DRAW DRAW_WITH ("1")
#define THREADED_DRAW DRAW_WITH ("%d")
#define N_THREADS(i) (1 + 2 * (i))

/* ------------------------------------------------- what comes of a seek ----
 */

#define RATE 16000
#define HOP 256
#define REACH 264 /* samples either side of a frame's centre that it sees */
#define END (SECONDS * RATE)
#define FPS 30

static gchar *folder;
static GPtrArray *whole; /* all points of a.flac, in which seeks take place */

/* Where a pipeline was sent, in samples. */
typedef struct {
  guint32 seqnum;
  gdouble rate;
  gboolean is_accurate;
  gint64 from, to;
} Place;

/* The points that follow a flush. */
typedef struct {
  guint32 seqnum; /* of the segment */
  GstSegment segment;
  GPtrArray *frames;
  gboolean has_ended;
} Stretch;

/* What passes in a pipeline. */
typedef struct {
  GMutex lock;
  GPtrArray *stretches; /* the last may go on */

  /* frames of video in the last segment, and the place of the first */
  guint n_shown;
  GstClockTime shown_from, shown_to;
} Watch;

static void
stretch_free (gpointer data)
{
  Stretch *stretch = data;

  g_ptr_array_unref (stretch->frames);
  g_free (stretch);
}

static void
begin_stretch (Watch *watch)
{
  Stretch *stretch = g_new0 (Stretch, 1);

  stretch->frames = frames_new ();
  g_ptr_array_add (watch->stretches, stretch);
}

static Stretch *
last_stretch (Watch *watch)
{
  return g_ptr_array_index (watch->stretches, watch->stretches->len - 1);
}

static void
note_event (Watch *watch, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_SEGMENT:
      last_stretch (watch)->seqnum = gst_event_get_seqnum (event);
      gst_event_copy_segment (event, &last_stretch (watch)->segment);
      break;
    case GST_EVENT_EOS:
      last_stretch (watch)->has_ended = TRUE;
      break;
    default:
      break;
  }
}

static GstPadProbeReturn
note_points (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  Watch *watch = user;
  gboolean is_buffer =
      (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) != 0;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  g_mutex_lock (&watch->lock);
  if (!is_buffer && (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START ||
                        GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP))
    begin_stretch (watch);
  else if (watch->stretches->len == 0) /* from before the first seek */
    ;
  else if (is_buffer)
    frames_of_batch (
        last_stretch (watch)->frames, GST_PAD_PROBE_INFO_BUFFER (info));
  else
    note_event (watch, event);
  g_mutex_unlock (&watch->lock);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
note_video (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  Watch *watch = user;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);

  g_mutex_lock (&watch->lock);
  if (!(GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)) {
    if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_SEGMENT)
      watch->n_shown = 0;
  } else if (watch->n_shown++ == 0) {
    watch->shown_from = GST_BUFFER_PTS (frame);
    watch->shown_to = GST_BUFFER_PTS (frame) + GST_BUFFER_DURATION (frame);
  }
  g_mutex_unlock (&watch->lock);
  return GST_PAD_PROBE_OK;
}

static void
watch_pad (GstElement *pipeline, const gchar *element, const gchar *name,
    GstPadProbeCallback note, Watch *watch)
{
  GstElement *e = gst_bin_get_by_name (GST_BIN (pipeline), element);
  GstPad *pad = gst_element_get_static_pad (e, name);

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
          GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      note, watch, NULL);
  gst_object_unref (pad);
  gst_object_unref (e);
}

/* The points leave the element "points". */
static Watch *
watch_new (GstElement *pipeline)
{
  Watch *watch = g_new0 (Watch, 1);

  g_mutex_init (&watch->lock);
  watch->stretches = g_ptr_array_new_with_free_func (stretch_free);
  watch_pad (pipeline, "points", "src", note_points, watch);
  watch_pad (pipeline, "sink", "sink", note_video, watch);
  return watch;
}

static void
watch_free (Watch *watch)
{
  g_ptr_array_unref (watch->stretches);
  g_mutex_clear (&watch->lock);
  g_free (watch);
}

/* Up, so that what decoders cut off is whole samples. */
static gint64
time_of (gint64 sample)
{
  return (gint64) gst_util_uint64_scale_ceil (
      (guint64) sample, GST_SECOND, RATE);
}

/* Of points and pictures. */
static GstClockTime
floor_time (gint64 sample)
{
  return gst_util_uint64_scale ((guint64) sample, GST_SECOND, RATE);
}

static gint64
first_frame (const Place *place)
{
  return (place->from + HOP - 1) / HOP * HOP;
}

static gint64
last_frame (const Place *place)
{
  return (place->to - 1) / HOP * HOP;
}

static gint64
sample_of (const Stretch *stretch, guint i)
{
  return ((Frame *) g_ptr_array_index (stretch->frames, i))->sample;
}

/* A seek to a key unit begins with the block of FLAC that holds the place, or
 * with a batch of about there; what follows is as if that had been sought. */
static Place
place_of (const Place *sought, const Stretch *stretch)
{
  Place place = *sought;

  if (!sought->is_accurate) {
    place.from = sample_of (stretch, 0);
    fail_unless (ABS (place.from - sought->from) < RATE / 2,
        "begins at %" G_GINT64_FORMAT
        ", should be within %d of %" G_GINT64_FORMAT,
        place.from, RATE / 2, sought->from);
  }
  return place;
}

/* Every frame is the next of those of the whole, beginning where it should. */
static void
check_frames (const Stretch *stretch, const Place *place)
{
  gboolean forwards = place->rate > 0;
  gint64 should = forwards ? first_frame (place) : last_frame (place);

  for (guint i = 0; i < stretch->frames->len; i++) {
    gint64 sample = sample_of (stretch, i);

    fail_unless (sample == should,
        "frame %u after a seek to %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
        " at rate %g is at %" G_GINT64_FORMAT
        ", should be at %" G_GINT64_FORMAT,
        i, place->from, place->to, place->rate, sample, should);
    if (sample >= place->from + REACH && sample <= place->to - REACH)
      assert_frames_equal (
          stretch->frames, i, whole, (guint) (sample / HOP), 1, "after a seek");
    should += forwards ? HOP : -HOP;
  }
  if (stretch->has_ended)
    fail_unless_equals_int64 (should,
        forwards ? last_frame (place) + HOP : first_frame (place) - HOP);
}

static void
check_stretch (const Stretch *stretch, const Place *sought)
{
  Place place;

  fail_unless_equals_float (stretch->segment.rate, sought->rate);
  fail_unless_equals_int (stretch->segment.format, GST_FORMAT_TIME);
  if (sought->is_accurate)
    fail_unless_equals_uint64 (
        stretch->segment.start, (guint64) time_of (sought->from));
  fail_unless_equals_uint64 (
      stretch->segment.stop, (guint64) time_of (sought->to));
  place = place_of (sought, stretch);
  check_frames (stretch, &place);
}

static const Place *
find_place (const GArray *places, guint32 seqnum)
{
  for (guint i = 0; i < places->len; i++)
    if (g_array_index (places, Place, i).seqnum == seqnum)
      return &g_array_index (places, Place, i);
  fail ("points before the segment of a seek");
  return NULL;
}

/* All that has come; only the last may still go on.  Where one seek followed
 * another at once there is nothing. */
static void
check_stretches (Watch *watch, const GArray *places)
{
  g_mutex_lock (&watch->lock);
  for (guint i = 0; i < watch->stretches->len; i++) {
    const Stretch *stretch = g_ptr_array_index (watch->stretches, i);

    if (stretch->frames->len > 0)
      check_stretch (stretch, find_place (places, stretch->seqnum));
  }
  g_ptr_array_remove_range (watch->stretches, 0, watch->stretches->len - 1);
  g_mutex_unlock (&watch->lock);
}

/* Waits for the points of a seek. */
static void
await_points (GstElement *pipeline, Watch *watch, guint32 seqnum)
{
  gboolean there = FALSE;

  for (guint ms = 0; ms < 20000 && !there; ms++) {
    g_usleep (1000);
    g_mutex_lock (&watch->lock);
    there = watch->stretches->len > 0 &&
            last_stretch (watch)->seqnum == seqnum &&
            last_stretch (watch)->frames->len >= 3;
    g_mutex_unlock (&watch->lock);
  }
  fail_unless (there, "no points within 20 s after a seek");
}

/* The picture begins with the points, and lasts as long as they do. */
static void
check_video (const Watch *watch, const Place *place)
{
  gint64 from = first_frame (place);
  guint64 n = ((guint64) (place->to - from) * FPS + RATE - 1) / RATE;
  gboolean forwards = place->rate > 0;

  fail_unless_equals_uint64 (watch->n_shown, n);
  fail_unless_equals_uint64 (forwards ? watch->shown_from : watch->shown_to,
      floor_time (forwards ? from : place->to));
}

/* ----------------------------------------------------- storms of seeks ---- */

#define ANALYSE "tfrreassign name=points window-size=512 hop-size=256 "

static void
run (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  await (pipeline, GST_MESSAGE_EOS, "writing a file");
  stop (pipeline);
}

/* a.flac, and its points in a.tfr */
static void
setup (void)
{
  gchar *text;
  GstElement *pipeline;
  Watch *watch;

  folder = g_dir_make_tmp ("tfr-XXXXXX", NULL);
  text = g_strdup_printf (
      "audiotestsrc num-buffers=%d samplesperbuffer=%d wave=white-noise "
      "volume=0.3 ! audio/x-raw,format=S16LE,rate=%d,channels=1 ! flacenc ! "
      "filesink location=%s/a.flac",
      10 * SECONDS, RATE / 10, RATE, folder);
  run (launch (text));
  g_free (text);

  text = g_strdup_printf (
      "filesrc location=%s/a.flac ! flacparse ! flacdec ! " ANALYSE
      "! filesink name=sink location=%s/a.tfr",
      folder, folder);
  pipeline = launch (text);
  watch = watch_new (pipeline);
  run (pipeline);
  whole = g_ptr_array_ref (last_stretch (watch)->frames);
  fail_unless_equals_int (whole->len, (END + HOP - 1) / HOP);
  watch_free (watch);
  g_free (text);
}

static void
teardown (void)
{
  static const gchar *const files[] = { "a.flac", "a.tfr" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    gchar *path = g_build_filename (folder, files[i], NULL);

    g_unlink (path);
    g_free (path);
  }
  g_rmdir (folder);
  g_free (folder);
  g_ptr_array_unref (whole);
}

/* From a file to points, and what may be sought there. */
typedef struct {
  const gchar *file, *elements;
  gboolean goes_backwards;
  gint unit; /* samples */
} Road;

static const Road roads[] = {
  { "a.flac", "flacparse ! flacdec ! " ANALYSE, TRUE, 1 },
  { "a.flac", "flacparse ! flacdec ! " ANALYSE "n-threads=3", TRUE, 1 },
  { "a.tfr", "tfrparse name=points", FALSE, HOP },
};

static const gdouble rates[] = { 1, -1, 2, 0.5 };

static GstElement *
preroll (const Road *road)
{
  gchar *text =
      g_strdup_printf ("filesrc location=%s/%s ! %s ! tfrrender ! "
                       "video/x-raw,width=160,height=120,framerate=%d/1 ! "
                       "fakesink name=sink sync=true",
          folder, road->file, road->elements, FPS);
  GstElement *pipeline = launch (text);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  await (pipeline, GST_MESSAGE_ASYNC_DONE, "preroll");
  g_free (text);
  return pipeline;
}

/* A quarter of a second to a whole one, anywhere. */
static Place
any_place (GRand *rand, const Road *road, gdouble rate, gboolean is_accurate)
{
  gint unit = road->unit;
  gint from = g_rand_int_range (rand, 0, END - RATE);
  gint to = from + g_rand_int_range (rand, RATE / 4, RATE);

  return (Place){ .rate = rate,
    .is_accurate = is_accurate || rate < 0,
    .from = from / unit * unit,
    .to = to / unit * unit };
}

/* Goes there and adds it to the places; what cannot be done is refused. */
static gboolean
go_to (GstElement *pipeline, const Road *road, Place place, GArray *places)
{
  GstEvent *event = gst_event_new_seek (place.rate, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH |
          (place.is_accurate ? GST_SEEK_FLAG_ACCURATE : GST_SEEK_FLAG_KEY_UNIT),
      GST_SEEK_TYPE_SET, time_of (place.from), GST_SEEK_TYPE_SET,
      time_of (place.to));
  gboolean can_go = place.rate > 0 || road->goes_backwards;

  place.seqnum = gst_event_get_seqnum (event);
  fail_unless_equals_int (gst_element_send_event (pipeline, event), can_go);
  if (can_go)
    g_array_append_val (places, place);
  return can_go;
}

static guint32
last_seqnum (const GArray *places)
{
  return g_array_index (places, Place, places->len - 1).seqnum;
}

/* Other ends are of earlier seeks. */
static void
await_end_of_seek (GstElement *pipeline, guint32 seqnum)
{
  guint32 ended;

  do
    ended = await (pipeline, GST_MESSAGE_EOS, "the end");
  while (ended != seqnum);
}

/* Seeks at random, some before the one before has had an effect; then one whose
 * segment is played to its end. */
static void
storm_to (const Road *road, gdouble rate, guint32 seed)
{
  GstElement *pipeline = preroll (road);
  Watch *watch = watch_new (pipeline);
  GRand *rand = g_rand_new_with_seed (seed);
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));
  Place last = any_place (rand, road, rate, TRUE);
  guint n = 0;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < rounds (40); i++) {
    n += go_to (pipeline, road,
        any_place (rand, road, rates[i % G_N_ELEMENTS (rates)], i % 3 > 0),
        places);
    if (i % 10 == 9) {
      await_points (pipeline, watch, last_seqnum (places));
      check_stretches (watch, places);
    } else {
      g_usleep ((gulong) g_rand_int_range (rand, 0, 3000));
    }
  }
  n += go_to (pipeline, road, last, places);
  await_end_of_seek (pipeline, last_seqnum (places));
  fail_unless (last_stretch (watch)->has_ended);
  check_stretches (watch, places);
  check_video (watch, &last);
  stop (pipeline);
  tally (n, "seeks");
  watch_free (watch);
  g_rand_free (rand);
  g_array_unref (places);
}

GST_START_TEST (a_storm_of_seeks_ends_where_it_should)
{
  const Road *road = &roads[__i__];

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    if (rates[i] > 0 || road->goes_backwards)
      storm_to (road, rates[i], 4 + i);
}
GST_END_TEST;

/* -------------------------------------------------------- other storms ---- */

/* In PAUSED the sink holds the streaming thread inside a push. */
GST_START_TEST (a_flush_frees_a_blocked_stream)
{
  gchar *path = make_wav ();
  gchar *description = g_strdup_printf (
      "filesrc location=%s ! wavparse ! " THREADED_DRAW
      "fakesink sync=true", path, N_THREADS (__i__));
  GstElement *pipeline = launch (description);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  await (pipeline, GST_MESSAGE_ASYNC_DONE, "preroll");
  for (guint i = 0; i < rounds (50); i++) {
    fail_unless (gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
        (i * 7) % SECONDS * (gint64) GST_SECOND));
    await (pipeline, GST_MESSAGE_ASYNC_DONE, "a seek of a blocked stream");
  }
  /* and it can be stopped while it is blocked */
  stop (pipeline);
  tally (rounds (50), "seeks");
  g_unlink (path);
  g_free (path);
  g_free (description);
}
GST_END_TEST;

GST_START_TEST (sources_may_be_switched)
{
  GstElement *pipeline = launch (
      "input-selector name=s sync-streams=false ! " DRAW "fakesink name=sink "
      "audiotestsrc is-live=true samplesperbuffer=160 ! "
      "audio/x-raw,format=S16LE,rate=16000,channels=1 ! s.sink_0 "
      "audiotestsrc is-live=true freq=2000 samplesperbuffer=441 ! "
      "audio/x-raw,format=F32LE,rate=44100,channels=2 ! s.sink_1");
  GstElement *selector = gst_bin_get_by_name (GST_BIN (pipeline), "s");

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  await (pipeline, GST_MESSAGE_ASYNC_DONE, "the first frame");
  for (guint i = 0; i < rounds (40); i++) {
    gchar *name = g_strdup_printf ("sink_%u", i % 2);
    GstPad *pad = gst_element_get_static_pad (selector, name);

    g_object_set (selector, "active-pad", pad, NULL);
    gst_object_unref (pad);
    g_free (name);
    g_usleep (20000);
  }
  await_more_frames (pipeline);
  tally (rounds (40), "sources switched");
  gst_object_unref (selector);
  stop (pipeline);
}
GST_END_TEST;

/* ------------------------------------------ taken out and put in again ---- */

typedef struct {
  GstElement *pipeline;
  const gchar *name;   /* of the element that is taken out */
  const gchar *launch; /* what comes in its place; NULL: itself again */
  gint done;
} Swap;

static void
unlink_from_peer (GstElement *element, const gchar *name, GstPad **peer)
{
  GstPad *pad = gst_element_get_static_pad (element, name);

  *peer = gst_pad_get_peer (pad);
  if (GST_PAD_IS_SRC (pad))
    gst_pad_unlink (pad, *peer);
  else
    gst_pad_unlink (*peer, pad);
  gst_object_unref (pad);
}

static void
link_to_peer (GstElement *element, const gchar *name, GstPad *peer)
{
  GstPad *pad = gst_element_get_static_pad (element, name);

  fail_unless_equals_int (GST_PAD_IS_SRC (pad) ? gst_pad_link (pad, peer)
                                               : gst_pad_link (peer, pad),
      GST_PAD_LINK_OK);
  gst_object_unref (pad);
  gst_object_unref (peer);
}

/* With the pad in front of it blocked, an element goes and another comes. */
static GstPadProbeReturn
replace (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  Swap *swap = user;
  GstBin *bin = GST_BIN (swap->pipeline);
  GstElement *old, *next;
  GstPad *before, *after;

  if (g_atomic_int_get (&swap->done))
    return GST_PAD_PROBE_REMOVE;
  old = gst_bin_get_by_name (bin, swap->name);
  unlink_from_peer (old, "sink", &before);
  unlink_from_peer (old, "src", &after);
  gst_bin_remove (bin, old);
  gst_element_set_state (old, GST_STATE_NULL);
  next = swap->launch != NULL ? launch (swap->launch) : gst_object_ref (old);
  gst_bin_add (bin, next);
  link_to_peer (next, "sink", before);
  link_to_peer (next, "src", after);
  fail_unless (gst_element_sync_state_with_parent (next));
  if (swap->launch == NULL)
    gst_object_unref (next);
  gst_object_unref (old);
  g_atomic_int_set (&swap->done, 1);
  return GST_PAD_PROBE_REMOVE;
}

static void
swap_elements (Swap *swap)
{
  GstElement *element =
      gst_bin_get_by_name (GST_BIN (swap->pipeline), swap->name);
  GstPad *sink = gst_element_get_static_pad (element, "sink");
  GstPad *before = gst_pad_get_peer (sink);

  g_atomic_int_set (&swap->done, 0);
  gst_pad_add_probe (
      before, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, replace, swap, NULL);
  for (guint ms = 0; ms < 60000 && !g_atomic_int_get (&swap->done); ms++)
    g_usleep (1000);
  fail_unless (g_atomic_int_get (&swap->done), "%s is not replaced within a minute",
      swap->name);
  gst_object_unref (before);
  gst_object_unref (sink);
  gst_object_unref (element);
}

/* What a new element draws is of later than what the old one drew. */
static GstPadProbeReturn
expect_later (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  GstClockTime *last = user, pts = GST_BUFFER_PTS (info->data);

  fail_unless (!GST_CLOCK_TIME_IS_VALID (*last) || pts > *last,
      "a frame at %" GST_TIME_FORMAT ", should be after %" GST_TIME_FORMAT,
      GST_TIME_ARGS (pts), GST_TIME_ARGS (*last));
  *last = pts;
  return GST_PAD_PROBE_OK;
}

#define ANALYSIS "tfrreassign name=a window-size=512 n-threads=%d"

GST_START_TEST (an_element_may_be_replaced_while_it_plays)
{
  gchar *analysis = g_strdup_printf (ANALYSIS, N_THREADS (__i__));
  gchar *description = g_strdup_printf (
      "audiotestsrc is-live=true samplesperbuffer=160 ! "
      "audio/x-raw,format=S16LE,rate=16000,channels=1 ! %s ! "
      "tfrrender name=r ! video/x-raw,width=160,height=120,framerate=30/1 ! "
      "fakesink name=sink",
      analysis);
  GstElement *pipeline = launch (description);
  Swap swaps[] = {
    { pipeline, "a", analysis, 0 },
    { pipeline, "r", "tfrrender name=r", 0 },
    { pipeline, "a", NULL, 0 },
    { pipeline, "r", NULL, 0 },
  };
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstPad *pad = gst_element_get_static_pad (sink, "sink");
  GstClockTime last = GST_CLOCK_TIME_NONE;

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, expect_later, &last, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  await (pipeline, GST_MESSAGE_ASYNC_DONE, "the first frame");
  for (guint i = 0; i < rounds (40); i++) {
    swap_elements (&swaps[i % G_N_ELEMENTS (swaps)]);
    if (i % 5 == 4)
      await_more_frames (pipeline);
    else
      g_usleep (20000);
  }
  tally (rounds (40), "elements replaced");
  gst_object_unref (pad);
  gst_object_unref (sink);
  stop (pipeline);
  g_free (description);
  g_free (analysis);
}
GST_END_TEST;

static Suite *
storm_suite (void)
{
  Suite *s = suite_create ("storm");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, g_getenv ("TFR_TEST_FULL") != NULL ? 600 : 120);
  tcase_add_loop_test (tc, a_flush_frees_a_blocked_stream, 0, 2);
  tcase_add_test (tc, sources_may_be_switched);
  tcase_add_loop_test (tc, an_element_may_be_replaced_while_it_plays, 0, 2);

  tc = tcase_create ("seeks");
  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, g_getenv ("TFR_TEST_FULL") != NULL ? 600 : 120);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (
      tc, a_storm_of_seeks_ends_where_it_should, 0, G_N_ELEMENTS (roads));
  return s;
}

GST_CHECK_MAIN (storm);
