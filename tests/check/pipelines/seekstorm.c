/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Files that are sought again and again while they play: what comes is from the
 * place that was sought last.  TFR_TEST_FULL=1 goes on for longer. */

#include "playing.h"
#include "points.h"
#include "tally.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>

#define SECONDS 20
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
  playing_await (pipeline, GST_MESSAGE_EOS, "writing a file");
  playing_stop (pipeline);
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
  run (playing_launch (text));
  g_free (text);

  text = g_strdup_printf (
      "filesrc location=%s/a.flac ! flacparse ! flacdec ! " ANALYSE
      "! filesink name=sink location=%s/a.tfr",
      folder, folder);
  pipeline = playing_launch (text);
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
  GstElement *pipeline = playing_launch (text);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  playing_await (pipeline, GST_MESSAGE_ASYNC_DONE, "preroll");
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
    ended = playing_await (pipeline, GST_MESSAGE_EOS, "the end");
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
  for (guint i = 0; i < playing_rounds (40); i++) {
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
  playing_stop (pipeline);
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

static Suite *
seekstorm_suite (void)
{
  Suite *s = suite_create ("seekstorm");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, g_getenv ("TFR_TEST_FULL") != NULL ? 600 : 120);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (
      tc, a_storm_of_seeks_ends_where_it_should, 0, G_N_ELEMENTS (roads));
  return s;
}

GST_CHECK_MAIN (seekstorm);
