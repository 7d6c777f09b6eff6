/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "chain.h"
#include "gsttfr.h"
#include "heap.h"
#include "near.h"
#include "rows.h"
#include "sanitized.h"
#include "signals.h"
#include "tally.h"

#include <gst/audio/audio.h>

#define RATE 44100
#define N 40000
#define ROAD                                                                   \
  "tfrreassign window-parameter=12 window-size=1024 hop-size=128 ! "           \
  "tfrpartials name=partials ! tfrsynth name=synth "

static gdouble x[4 * RATE];

static void
make_tone (gdouble frequency)
{
  memset (x, 0, sizeof x);
  signal_add_tone (x, N, RATE, 0.5, frequency, 0);
}

/* Every time stamp is that of the samples before it. */
static gsize
check_stamps (GstHarness *h, gsize frame_size)
{
  GstBuffer *buffer;
  gsize n = 0;

  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    assert_near ((gdouble) GST_BUFFER_PTS (buffer),
        (gdouble) gst_util_uint64_scale (n, GST_SECOND, RATE), 1,
        "time stamp of sample %" G_GSIZE_FORMAT, n);
    n += gst_buffer_get_size (buffer) / frame_size;
    gst_buffer_unref (buffer);
  }
  return n;
}

GST_START_TEST (there_is_as_much_sound_as_there_was)
{
  static const gsize lengths[] = { 1, 127, 128, 129, 1000, 12345 };

  make_tone (1000);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    GstHarness *h = chain_new (ROAD, RATE, 1);

    gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
    chain_push_all (h, x, lengths[i], 77);
    fail_unless_equals_uint64 (check_stamps (h, 8), lengths[i]);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

GST_START_TEST (sound_does_not_depend_on_batches)
{
  GArray *a, *b;

  make_tone (1000);
  signal_add_noise (x, N, 0.05, 1);
  a = chain_run (ROAD, RATE, 1, x, N, N);
  b = chain_run ("tfrreassign window-parameter=12 window-size=1024 "
                 "hop-size=128 frames-per-buffer=1 ! tfrpartials ! tfrsynth",
      RATE, 1, x, N, 100);
  fail_unless_equals_int (a->len, b->len);
  fail_unless (memcmp (a->data, b->data, a->len * sizeof (gdouble)) == 0);
  g_array_unref (a);
  g_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (channels_keep_their_sound_and_places)
{
  GstHarness *h = chain_new (ROAD, RATE, 4);
  GstCaps *caps = gst_caps_from_string (
      "audio/x-raw, format=F64LE, layout=interleaved, rate=44100, channels=4, "
      "channel-mask=(bitmask)0x33");
  GstAudioInfo info;
  GArray *y;

  memset (x, 0, sizeof x);
  for (guint i = 0; i < 4 * N; i++)
    x[i] = 0.3 * cos (2 * M_PI * 500 * (1 + i % 4) * (i / 4) / RATE);
  gst_harness_set_src_caps (h, caps);
  gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
  chain_push_all (h, x, N, 1000);
  caps = gst_pad_get_current_caps (h->sinkpad);
  fail_unless (gst_audio_info_from_caps (&info, caps));
  fail_unless_equals_int (info.channels, 4);
  fail_unless_equals_int (
      info.position[3], GST_AUDIO_CHANNEL_POSITION_REAR_RIGHT);
  gst_caps_unref (caps);
  y = chain_pull (h);
  fail_unless_equals_int (y->len, 4 * N);
  for (guint i = 4 * 1000; i < 4 * (N - 1000); i++)
    assert_near (g_array_index (y, gdouble, i), x[i], 1e-4, "sample %u", i);
  g_array_unref (y);
  gst_harness_teardown (h);
}
GST_END_TEST;

static guint
fill_nothing (gint64 centre, guint channel, TestRow *rows, gconstpointer data)
{
  return 0;
}

/* A mask that does not fit the number of channels places them nowhere. */
GST_START_TEST (places_are_those_of_the_batch)
{
  static const struct {
    guint channels;
    guint64 mask, expected;
  } cases[] = { { 2, 0, 3 }, { 2, 3, 3 }, { 2, 0x30, 0x30 }, { 2, 0x70, 3 },
    { 2, (guint64) 3 << 62, 3 }, { 4, 0x33, 0x33 }, { 4, 0xf, 0xf },
    { 4, 0x7, 0 }, { 4, G_MAXUINT64, 0 } };
  GstHarness *h = gst_harness_new ("tfrsynth");
  gint64 at = 0;

  gst_harness_set_src_caps_str (h, GST_TFR_PARTIALS_TEMPLATE_CAPS);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstBuffer *batch =
        rows_make_filled (at, 10, cases[i].channels, 0, fill_nothing, NULL);
    GstAudioInfo info;
    guint64 mask = 0;
    GstCaps *caps;

    at += 10 * ROWS_HOP;
    gst_buffer_fill (batch, 72, &(guint64){ GUINT64_TO_LE (cases[i].mask) }, 8);
    fail_unless_equals_int (gst_harness_push (h, batch), GST_FLOW_OK);
    caps = gst_pad_get_current_caps (h->sinkpad);
    fail_unless (gst_audio_info_from_caps (&info, caps));
    fail_unless_equals_int (info.channels, cases[i].channels);
    if (!GST_AUDIO_INFO_IS_UNPOSITIONED (&info))
      fail_unless (gst_audio_channel_positions_to_mask (
          info.position, info.channels, FALSE, &mask));
    fail_unless_equals_uint64 (mask, cases[i].expected);
    gst_caps_unref (caps);
  }
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Caps are for information; and what they leave open is not settled anew where
 * downstream asks for it. */
GST_START_TEST (sizes_are_those_of_the_batches_whatever_caps_say)
{
  static const gchar *const caps[] = { GST_TFR_PARTIALS_TEMPLATE_CAPS,
    GST_TFR_PARTIALS_TEMPLATE_CAPS ", rate=8000, channels=1, hop-size=3" };

  for (guint c = 0; c < G_N_ELEMENTS (caps); c++) {
    GstHarness *h = gst_harness_new ("tfrsynth");
    GstPad *pad = gst_element_get_static_pad (h->element, "src");

    gst_harness_set_src_caps_str (h, caps[c]);
    for (guint i = 0; i < 6; i++) {
      if (i == 3)
        gst_pad_mark_reconfigure (pad);
      fail_unless_equals_int (
          gst_harness_push (
              h, rows_make_batch (i * 10 * ROWS_HOP, 10, 2, 3, 0)),
          GST_FLOW_OK);
      chain_assert_sizes (h, ROWS_RATE, 2);
    }
    chain_assert_caps_came (h, 2); /* before there was a batch, and then */
    gst_object_unref (pad);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* Against the same sound as doubles, to half of the last bit. */
GST_START_TEST (every_format_is_right)
{
  GArray *doubles;

  make_tone (1000);
  doubles = chain_run (ROAD, RATE, 1, x, 5000, 1000);
  for (gint f = GST_AUDIO_FORMAT_S8; f < GST_AUDIO_FORMAT_F32LE; f++) {
    const GstAudioFormatInfo *info = gst_audio_format_get_info (f);
    GstHarness *h = chain_new (ROAD, RATE, 1);
    gchar *caps = g_strdup_printf ("audio/x-raw, format=%s", info->name);
    gdouble half = ldexp (0.5, 1 - info->depth);
    GstBuffer *buffer;
    guint at = 0;

    gst_harness_set_sink_caps_str (h, caps);
    chain_push_all (h, x, 5000, 1000);
    while ((buffer = gst_harness_try_pull (h)) != NULL) {
      gint32 samples[5000];
      guint n = (guint) gst_buffer_get_size (buffer) * 8 / (guint) info->width;
      GstMapInfo map;

      gst_buffer_map (buffer, &map, GST_MAP_READ);
      info->unpack_func (info, GST_AUDIO_PACK_FLAG_TRUNCATE_RANGE, samples,
          map.data, (gint) n);
      for (guint i = 0; i < n; i++, at++)
        assert_near (samples[i] / 2147483648.0,
            g_array_index (doubles, gdouble, at), half * 1.00001, "%s %u",
            info->name, at);
      gst_buffer_unmap (buffer, &map);
      gst_buffer_unref (buffer);
    }
    fail_unless_equals_int (at, 5000);
    g_free (caps);
    gst_harness_teardown (h);
  }
  g_array_unref (doubles);
}
GST_END_TEST;

/* ---------------------------------------------------- pitch and tempo ---- */

static GstSegment
last_segment (GstHarness *h)
{
  GstSegment segment = { 0 };
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (h)) != NULL) {
    if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT)
      gst_event_copy_segment (event, &segment);
    gst_event_unref (event);
  }
  return segment;
}

static void
set_factor (GstHarness *h, const gchar *name, gdouble factor)
{
  GstElement *e = gst_harness_find_element (h, "tfrsynth");

  g_object_set (e, name, factor, NULL);
  gst_object_unref (e);
}

GST_START_TEST (tempo_rewrites_the_segment)
{
  static const gdouble tempos[] = { 0.5, 1, 1.25, 3 };

  make_tone (1000);
  for (guint i = 0; i < G_N_ELEMENTS (tempos); i++) {
    GstHarness *h = chain_new (ROAD, RATE, 1);
    gdouble length = N / tempos[i];
    GstClockTime end;
    GstSegment s;
    gsize n;

    set_factor (h, "tempo", tempos[i]);
    gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
    chain_push_all (h, x, N, 1000);
    s = last_segment (h);
    assert_near (s.applied_rate, tempos[i], 1e-12, "applied rate");
    assert_near (s.rate, 1, 0, "rate");
    n = check_stamps (h, 8);
    assert_near ((gdouble) n, length, 1, "samples at %g", tempos[i]);
    end = gst_util_uint64_scale (n, GST_SECOND, RATE);
    assert_near (
        (gdouble) gst_segment_to_stream_time (&s, GST_FORMAT_TIME, end),
        1e9 * N / RATE, 1e5, "stream time of the end at %g", tempos[i]);
    assert_near (
        (gdouble) gst_segment_to_running_time (&s, GST_FORMAT_TIME, end),
        1e9 * length / RATE, 1e5, "running time of the end at %g", tempos[i]);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* As a stream that is played once more: the time it takes adds up. */
GST_START_TEST (a_segment_follows_when_the_stretched_one_has_been_heard)
{
  static const gdouble tempos[] = { 0.5, 1.25, 3 };

  make_tone (1000);
  for (guint i = 0; i < G_N_ELEMENTS (tempos); i++) {
    GstHarness *h = chain_new (ROAD, RATE, 1);
    gdouble length = 1e9 * N / RATE / tempos[i];
    GstSegment s;

    set_factor (h, "tempo", tempos[i]);
    gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
    for (guint k = 0; k < 3; k++) {
      gst_segment_init (&s, GST_FORMAT_TIME);
      s.base = k * (guint64) N * GST_SECOND / RATE;
      gst_harness_push_event (h, gst_event_new_segment (&s));
      chain_push (h, x, N, 0);
      s = last_segment (h);
      assert_near ((gdouble) s.base, k * length, 2e5,
          "ns before segment %u at a tempo of %g", k, tempos[i]);
    }
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

GST_START_TEST (partials_without_time_stamps_sound_at_their_samples)
{
  GstHarness *h = gst_harness_new ("tfrsynth");
  GstBuffer *batch = rows_make_batch (5 * ROWS_RATE, 10, 1, 3, 0), *sound;

  gst_harness_set_src_caps_str (h, GST_TFR_PARTIALS_TEMPLATE_CAPS);
  GST_BUFFER_PTS (batch) = GST_CLOCK_TIME_NONE;
  fail_unless_equals_int (gst_harness_push (h, batch), GST_FLOW_OK);
  gst_harness_push_event (h, gst_event_new_eos ());
  sound = gst_harness_try_pull (h);
  fail_unless (sound != NULL);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (sound), 5 * GST_SECOND);
  gst_buffer_unref (sound);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Where nothing is heard is told in the time of what is heard. */
GST_START_TEST (a_gap_is_stretched_as_the_sound_is)
{
  static const gdouble tempos[] = { 0.5, 1, 4 };

  make_tone (1000);
  for (guint i = 0; i < G_N_ELEMENTS (tempos); i++) {
    GstHarness *h = chain_new (ROAD, RATE, 1);
    GstClockTime at = GST_CLOCK_TIME_NONE, duration;
    GstEvent *event;

    set_factor (h, "tempo", tempos[i]);
    gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
    chain_push (h, x, RATE, 0);
    gst_harness_push_event (h, gst_event_new_gap (GST_SECOND, 20 * GST_SECOND));
    while ((event = gst_harness_try_pull_event (h)) != NULL) {
      if (GST_EVENT_TYPE (event) == GST_EVENT_GAP)
        gst_event_parse_gap (event, &at, &duration);
      gst_event_unref (event);
    }
    fail_unless (GST_CLOCK_TIME_IS_VALID (at), "no gap at %g", tempos[i]);
    assert_near ((gdouble) at, 1e9 / tempos[i], 1e5, "begin at %g", tempos[i]);
    assert_near (
        (gdouble) duration, 20e9 / tempos[i], 1e5, "length at %g", tempos[i]);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* A gap without a time would be a fault of the program: one that cannot be
 * stretched stays where it was, and one whose end cannot has none. */
GST_START_TEST (gaps_near_the_end_of_time_are_passed_on)
{
  static const GstClockTime froms[] = { GST_SECOND, G_MAXUINT64 - 1000 };

  make_tone (1000);
  for (guint i = 0; i < G_N_ELEMENTS (froms); i++) {
    GstHarness *h = chain_new (ROAD, RATE, 1);
    GstClockTime at = GST_CLOCK_TIME_NONE, duration = 0;
    GstEvent *event;

    set_factor (h, "tempo", 0.5);
    gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
    chain_push (h, x, RATE, 0);
    gst_harness_push_event (h, gst_event_new_gap (froms[i],
                                   i == 0 ? G_MAXUINT64 / 4 * 3
                                          : GST_CLOCK_TIME_NONE));
    while ((event = gst_harness_try_pull_event (h)) != NULL) {
      if (GST_EVENT_TYPE (event) == GST_EVENT_GAP)
        gst_event_parse_gap (event, &at, &duration);
      gst_event_unref (event);
    }
    fail_unless (GST_CLOCK_TIME_IS_VALID (at), "no gap from %" G_GUINT64_FORMAT,
        froms[i]);
    fail_unless_equals_uint64 (
        i == 0 ? duration : at, i == 0 ? GST_CLOCK_TIME_NONE : froms[i]);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

/* A tone of frequency w obeys x'' + w^2 x = 0, and one that glides from w to v
 * no worse than |v^2 - w^2|; a click is of the size of x'' without bound by
 * that. */
GST_START_TEST (changes_while_playing_do_not_click)
{
  const gdouble w = 2 * M_PI * 500 / RATE, v = 2 * M_PI * 600 / RATE;
  GstHarness *h = chain_new (ROAD, RATE, 1);
  const gdouble *s;
  GArray *y;
  GstSegment segment;

  make_tone (500);
  gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
  for (guint i = 0; i < N; i += 1000) {
    chain_push (h, x + i, 1000, i);
    if (i == 10000)
      set_factor (h, "pitch", 1.2);
    if (i == 20000)
      set_factor (h, "tempo", 0.6);
    if (i == 25000)
      set_factor (h, "pitch", 1);
    if (i == 30000)
      set_factor (h, "tempo", 1);
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  segment = last_segment (h);
  y = chain_pull (h);
  s = (const gdouble *) y->data;
  fail_unless (y->len > N + 3000);
  for (guint i = 3000; i + 3000 < y->len; i++) {
    gdouble second = s[i - 1] - 2 * s[i] + s[i + 1] + w * w * s[i];

    assert_at_most (fabs (second), 0.5 * (v * v - w * w) * 1.2 + 1e-5,
        "curvature at sample %u", i);
  }
  /* what was stretched made the rest later */
  assert_near (segment.applied_rate, 1, 0, "applied rate");
  assert_near ((gdouble) gst_segment_to_stream_time (&segment, GST_FORMAT_TIME,
                   gst_util_uint64_scale (y->len, GST_SECOND, RATE)),
      1e9 * N / RATE, 1e5, "stream time of the end");
  g_array_unref (y);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (latency_is_what_it_says)
{
  GstHarness *h = chain_new (ROAD, RATE, 1);
  GstClockTime longest = 0, min;
  GstQuery *query = gst_query_new_latency ();
  GstBuffer *buffer;

  make_tone (1000);
  gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
  for (guint k = 0; k < 8000; k++) {
    chain_push (h, x + k, 1, k);
    while ((buffer = gst_harness_try_pull (h)) != NULL) {
      longest = MAX (longest, gst_util_uint64_scale (k + 1, GST_SECOND, RATE) -
                                  GST_BUFFER_PTS (buffer));
      gst_buffer_unref (buffer);
    }
  }
  fail_unless (gst_pad_peer_query (h->sinkpad, query));
  gst_query_parse_latency (query, NULL, &min, NULL);
  assert_near ((gdouble) longest, (gdouble) min, 4, "latency");
  gst_query_unref (query);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* --------------------------------------------------------- the stream ---- */

GST_START_TEST (a_jump_begins_anew_at_its_time)
{
  GstHarness *h = chain_new (ROAD, RATE, 1);
  GstBuffer *buffer;
  gsize n = 0;
  guint jumps = 0;

  make_tone (1000);
  gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
  chain_push (h, x, 12800, 0);
  chain_push (h, x, 12800, 10 * 128 * 1000);
  gst_harness_push_event (h, gst_event_new_eos ());
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    guint64 at = n < 12800 ? n : 10 * 128 * 1000 + n - 12800;

    assert_near ((gdouble) GST_BUFFER_PTS (buffer),
        (gdouble) gst_util_uint64_scale (at, GST_SECOND, RATE), 2, "at %lu",
        (gulong) n);
    jumps += n > 0 && GST_BUFFER_IS_DISCONT (buffer);
    n += gst_buffer_get_size (buffer) / 8;
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_uint64 (n, 25600);
  fail_unless_equals_int (jumps, 1);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (after_a_flush_it_is_as_new)
{
  /* another partial would have other noise */
  const gchar *pure = "tfrreassign window-size=1024 ! "
                      "tfrpartials noise-width=0 ! tfrsynth";
  GstHarness *h = chain_new (pure, RATE, 1);
  GArray *before, *after;
  GstSegment segment;

  make_tone (1000);
  before = chain_run (pure, RATE, 1, x, N, 1000);
  gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
  chain_push (h, x + 333, 20000, 777);
  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  g_array_unref (chain_pull (h));
  chain_push_all (h, x, N, 1000);
  after = chain_pull (h);
  fail_unless_equals_int (after->len, N);
  fail_unless (memcmp (after->data, before->data, N * sizeof *x) == 0);
  g_array_unref (before);
  g_array_unref (after);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* As a demuxer or a probe may send it at any time. */
GST_START_TEST (a_segment_sent_again_changes_nothing)
{
  static const gdouble tempos[] = { 1, 0.8 };

  make_tone (1000);
  for (guint i = 0; i < G_N_ELEMENTS (tempos); i++) {
    GstHarness *h = chain_new (ROAD, RATE, 1);
    GstSegment first, again, sent;
    gsize n;

    gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
    set_factor (h, "tempo", tempos[i]);
    chain_push (h, x, N / 2, 0);
    first = last_segment (h);
    gst_segment_init (&sent, GST_FORMAT_TIME);
    gst_harness_push_event (h, gst_event_new_segment (&sent));
    again = last_segment (h);
    fail_unless (gst_segment_is_equal (&first, &again));
    chain_push (h, x + N / 2, N - N / 2, N / 2);
    gst_harness_push_event (h, gst_event_new_eos ());
    n = check_stamps (h, 8);
    assert_near ((gdouble) n, N / tempos[i], 1, "samples at %g", tempos[i]);
    gst_harness_teardown (h);
  }
}
GST_END_TEST;

static void
assert_error (GstBus *bus, gint code)
{
  GstMessage *m = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  GError *error;

  fail_unless (m != NULL);
  gst_message_parse_error (m, &error, NULL);
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, code), "%s", error->message);
  g_error_free (error);
  gst_message_unref (m);
}

GST_START_TEST (what_it_cannot_play_is_refused_with_a_sentence)
{
  GstHarness *h = gst_harness_new ("tfrsynth");
  GstBus *bus = gst_bus_new ();
  GstSegment segment;
  GstHarness *source =
      chain_new ("tfrreassign window-size=1024 ! tfrpartials", RATE, 1);
  GstBuffer *buffer;

  gst_element_set_bus (h->element, bus);
  make_tone (1000);
  chain_push_all (source, x, N, 10000);
  buffer = gst_harness_pull (source);

  gst_harness_set_src_caps_str (
      h, GST_TFR_PARTIALS_TEMPLATE_CAPS ", rate=44100, channels=1");
  fail_unless_equals_int (
      gst_harness_push (
          h, gst_buffer_copy_region (buffer, GST_BUFFER_COPY_ALL, 0, 100)),
      GST_FLOW_ERROR);
  assert_error (bus, GST_STREAM_ERROR_DECODE);

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = -1;
  segment.stop = GST_SECOND;
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_ERROR);
  assert_error (bus, GST_STREAM_ERROR_NOT_IMPLEMENTED);
  gst_harness_teardown (source);
  gst_harness_teardown (h);
  gst_bus_set_flushing (bus, TRUE); /* its messages hold the element */
  gst_object_unref (bus);
}
GST_END_TEST;

/* Two frames without a row. */
static GstFlowReturn
push_shape (GstHarness *h, guint channels, guint hop)
{
  GstTfrHeader header = { .kind = GST_TFR_KIND_PARTIALS,
    .rate = RATE,
    .window_size = 2048,
    .hop_size = hop,
    .fft_size = 2048,
    .channels = (guint16) channels,
    .n_frames = 2,
    .fields = GST_TFR_ROW_FIELDS_ALL,
    .sum_h = 1,
    .sum_h2 = 1 };
  GstTfrWriter writer;

  fail_unless (gst_tfr_writer_begin (&writer, &header, NULL, NULL));
  for (guint i = 0; i < 2 * channels; i++)
    gst_tfr_writer_add (&writer, 0);
  gst_harness_set_src_caps_str (h, GST_TFR_PARTIALS_TEMPLATE_CAPS);
  return gst_harness_push (h, gst_tfr_writer_finish (&writer, 0, 2 * hop));
}

/* A header of 65535 channels, or of hops of hours, asks for gigabytes. */
GST_START_TEST (hostile_sizes_are_refused_with_a_sentence)
{
  static const struct {
    guint channels, hop;
    gboolean plays;
  } shapes[] = { { 1, 256, TRUE }, { 1024, 256, TRUE }, { 1025, 256, FALSE },
    { G_MAXUINT16, 256, FALSE }, { 1, 1 << 20, TRUE },
    { 1, (1 << 20) + 1, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    GstHarness *h = gst_harness_new ("tfrsynth");
    GstBus *bus = gst_bus_new ();

    gst_element_set_bus (h->element, bus);
    fail_unless_equals_int (push_shape (h, shapes[i].channels, shapes[i].hop),
        shapes[i].plays ? GST_FLOW_OK : GST_FLOW_ERROR);
    if (!shapes[i].plays)
      assert_error (bus, GST_STREAM_ERROR_FORMAT);
    gst_harness_teardown (h);
    gst_bus_set_flushing (bus, TRUE);
    gst_object_unref (bus);
  }
}
GST_END_TEST;

/* Music of sorts for minutes on end (an hour with TFR_TEST_FULL): memory in use
 * does not grow. */
GST_START_TEST (long_sound_takes_no_more_memory)
{
  GstHarness *h = chain_new (ROAD, RATE, 1);
  guint seconds = g_getenv ("TFR_TEST_FULL") != NULL && !SANITIZED ? 3600 : 40;
  gsize before = 0, after = 0;
  GstBuffer *buffer;

  gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
  for (guint s = 0; s < seconds; s++) {
    memset (x, 0, RATE * sizeof *x);
    for (guint k = 1; k < 6; k++)
      signal_add_tone (
          x + 500 * k, 30000, RATE, 0.1, 300 * k + 31 * (s % 17), 0);
    chain_push (h, x, RATE, (gint64) s * RATE);
    while ((buffer = gst_harness_try_pull (h)) != NULL)
      gst_buffer_unref (buffer);
    /* a batch in the making comes and goes: peaks are compared */
    if (s < seconds / 2)
      before = MAX (before, heap_in_use ());
    else
      after = MAX (after, heap_in_use ());
  }
  assert_at_most ((gdouble) after - (gdouble) before, 16384, "bytes more");
  tally (seconds / 3600.0, "hours of audio in flat memory");
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
tfrsynth_suite (void)
{
  Suite *s = suite_create ("tfrsynth");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_set_timeout (tc, g_getenv ("TFR_TEST_FULL") != NULL ? 1500 : 100);
  tcase_add_test (tc, there_is_as_much_sound_as_there_was);
  tcase_add_test (tc, sound_does_not_depend_on_batches);
  tcase_add_test (tc, channels_keep_their_sound_and_places);
  tcase_add_test (tc, places_are_those_of_the_batch);
  tcase_add_test (tc, sizes_are_those_of_the_batches_whatever_caps_say);
  tcase_add_test (tc, every_format_is_right);
  tcase_add_test (tc, tempo_rewrites_the_segment);
  tcase_add_test (tc, a_segment_follows_when_the_stretched_one_has_been_heard);
  tcase_add_test (tc, partials_without_time_stamps_sound_at_their_samples);
  tcase_add_test (tc, a_gap_is_stretched_as_the_sound_is);
  tcase_add_test (tc, gaps_near_the_end_of_time_are_passed_on);
  tcase_add_test (tc, changes_while_playing_do_not_click);
  tcase_add_test (tc, latency_is_what_it_says);
  tcase_add_test (tc, a_jump_begins_anew_at_its_time);
  tcase_add_test (tc, after_a_flush_it_is_as_new);
  tcase_add_test (tc, a_segment_sent_again_changes_nothing);
  tcase_add_test (tc, what_it_cannot_play_is_refused_with_a_sentence);
  tcase_add_test (tc, hostile_sizes_are_refused_with_a_sentence);
  tcase_add_test (tc, long_sound_takes_no_more_memory);
  return s;
}

GST_CHECK_MAIN (tfrsynth);
