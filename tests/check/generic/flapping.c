/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Caps that change with every buffer: what becomes of each is what becomes of
 * it alone. */

#include "near.h"
#include "points.h"
#include "video.h"

#define N_CHANGES 300

/* Each 10 ms of a tone comes in the next of these. */
static const struct {
  GstAudioFormat format;
  gint rate, channels;
} kinds[] = {
  { GST_AUDIO_FORMAT_S16LE, 48000, 1 },
  { GST_AUDIO_FORMAT_F32LE, 44100, 2 },
  { GST_AUDIO_FORMAT_S8, 8000, 1 },
};

#define KIND(i) kinds[(i) % G_N_ELEMENTS (kinds)]
#define TONE 1000 /* Hz */

static void
push_10_ms (GstHarness *h, guint i)
{
  gint rate = KIND (i).rate, channels = KIND (i).channels, n = rate / 100;
  GstAudioInfo info;
  GstBuffer *buffer;
  GstMapInfo map;

  gst_audio_info_set_format (&info, KIND (i).format, rate, channels, NULL);
  gst_harness_set_src_caps (h, gst_audio_info_to_caps (&info));
  buffer = gst_buffer_new_allocate (NULL, (gsize) n * (gsize) info.bpf, NULL);
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gint k = 0; k < n * channels; k++) {
    gdouble t = (gdouble) i / 100 + (gdouble) (k / channels) / rate;
    gdouble value = 0.5 * sin (2 * M_PI * TONE * t);

    if (info.finfo->format == GST_AUDIO_FORMAT_F32LE)
      ((gfloat *) (gpointer) map.data)[k] = (gfloat) value;
    else if (info.finfo->format == GST_AUDIO_FORMAT_S16LE)
      ((gint16 *) (gpointer) map.data)[k] = (gint16) lrint (32767 * value);
    else
      ((gint8 *) map.data)[k] = (gint8) lrint (127 * value);
  }
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = i * 10 * GST_MSECOND;
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
}

static GstHarness *
new_small_analysis (void)
{
  GstHarness *h = gst_harness_new ("tfrreassign");

  g_object_set (h->element, "window-size", 64u, "hop-size", 32u, NULL);
  return h;
}

GST_START_TEST (caps_that_change_with_every_buffer_lose_no_point)
{
  GstHarness *h = new_small_analysis ();
  GByteArray *alone = g_byte_array_new (), *bytes;

  for (guint i = 0; i < N_CHANGES; i++) {
    GstHarness *other = new_small_analysis ();

    push_10_ms (h, i);
    push_10_ms (other, i);
    gst_harness_push_event (other, gst_event_new_eos ());
    bytes = bytes_pull (other);
    g_byte_array_append (alone, bytes->data, bytes->len);
    g_byte_array_unref (bytes);
    gst_harness_teardown (other);
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  bytes = bytes_pull (h);
  fail_unless (alone->len > N_CHANGES * 1000);
  bytes_drop_flags (bytes); /* which tell of a change */
  bytes_drop_flags (alone);
  assert_bytes_equal (bytes, alone, "all changes, and each alone");
  g_byte_array_unref (bytes);
  g_byte_array_unref (alone);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* What leaves: the caps where they are others, time stamps and bytes. */
typedef struct {
  GByteArray *all;
  GstCaps *caps;
} Record;

static GstPadProbeReturn
record (GstPad *pad, GstPadProbeInfo *info, gpointer to)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstCaps *caps = gst_pad_get_current_caps (pad);
  gchar *text = gst_caps_to_string (caps);
  Record *r = to;
  GstMapInfo map;

  if (r->caps == NULL || !gst_caps_is_equal (caps, r->caps))
    g_byte_array_append (r->all, (guint8 *) text, (guint) strlen (text));
  gst_caps_replace (&r->caps, caps);
  g_byte_array_append (
      r->all, (guint8 *) &GST_BUFFER_PTS (buffer), sizeof (GstClockTime));
  gst_buffer_map (buffer, &map, GST_MAP_READ);
  g_byte_array_append (r->all, map.data, (guint) map.size);
  gst_buffer_unmap (buffer, &map);
  gst_caps_unref (caps);
  g_free (text);
  return GST_PAD_PROBE_DROP;
}

static GstHarness *
new_voice (Record *r)
{
  GstHarness *h = gst_harness_new_parse (
      "tfrreassign window-size=64 hop-size=32 ! "
      "tfrpartials noise-width=0 ! tfrsynth"); /* its seeds are the ids */

  gst_harness_set_sink_caps_str (h, "audio/x-raw,format=F64LE");
  gst_pad_add_probe (h->sinkpad, GST_PAD_PROBE_TYPE_BUFFER, record, r, NULL);
  return h;
}

static void
end_voice (GstHarness *h, Record *r)
{
  gst_harness_push_event (h, gst_event_new_eos ());
  gst_harness_teardown (h);
  gst_clear_caps (&r->caps);
}

/* The end of a sound, which is owed when the caps of the next come, is heard at
 * its own rate and from its own channels. */
GST_START_TEST (caps_that_change_with_every_buffer_lose_no_sound)
{
  Record together = { g_byte_array_new (), NULL };
  Record alone = { g_byte_array_new (), NULL };
  GstHarness *h = new_voice (&together);

  for (guint i = 0; i < N_CHANGES; i++) {
    GstHarness *other = new_voice (&alone);

    push_10_ms (h, i);
    push_10_ms (other, i);
    end_voice (other, &alone);
  }
  end_voice (h, &together);
  fail_unless (alone.all->len > N_CHANGES * 80 * sizeof (gdouble));
  assert_bytes_equal (together.all, alone.all, "all changes, and each alone");
  g_byte_array_unref (together.all);
  g_byte_array_unref (alone.all);
}
GST_END_TEST;

#define WIDTH 100
#define HEIGHT 60

/* A column is 10 ms, a frame four of them.  With each change a picture begins,
 * at the first point: in the fourth column from the right. */
GST_START_TEST (caps_that_change_with_every_buffer_lose_no_frame)
{
  GstHarness *h = gst_harness_new_parse (
      "tfrreassign window-size=64 hop-size=16 ! tfrrender axes=0 "
      "frequency-scale=linear min-frequency=0 max-frequency=4000 "
      "time-span=1000000000 max-level=0");
  GstBuffer *buffer;
  guint n = 0;

  gst_harness_set_sink_caps_str (h, "video/x-raw,format=BGRx,width=100,"
                                    "height=60,framerate=25/1");
  for (guint i = 0; i < N_CHANGES; i++)
    push_10_ms (h, i);
  gst_harness_push_event (h, gst_event_new_eos ());
  for (; (buffer = gst_harness_try_pull (h)) != NULL; n++) {
    gdouble hop = 16e9 / KIND (n).rate; /* ns */
    GstMapInfo map;

    assert_near ((gdouble) GST_BUFFER_PTS (buffer), n * 1e7 + hop / 2,
        hop / 2 + 1, "ns of frame %u", n);
    gst_buffer_map (buffer, &map, GST_MAP_READ);
    assert_near (
        test_brightest_row (map.data, WIDTH, WIDTH - 4, 0, HEIGHT) + 0.5,
        HEIGHT * (1 - TONE / 4000.0), 2, "row of the tone in frame %u", n);
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (n, N_CHANGES);
  gst_harness_teardown (h);
}
GST_END_TEST;

static Suite *
flapping_suite (void)
{
  Suite *s = suite_create ("flapping");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, caps_that_change_with_every_buffer_lose_no_point);
  tcase_add_test (tc, caps_that_change_with_every_buffer_lose_no_sound);
  tcase_add_test (tc, caps_that_change_with_every_buffer_lose_no_frame);
  return s;
}

GST_CHECK_MAIN (flapping);
