/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The same samples are the same points in every format, layout and number of
 * channels, and however they are cut into buffers. */

#include "points.h"

#include <string.h>

#define N 3000

/* What every format holds exactly: multiples of 1/64 within [-1, 1), so that
 * channels differ and eight bits suffice. */
static gint
level (gint64 i, gint channel)
{
  return (gint) ((i * (7 + channel) + channel * i * i / 16) % 127) - 63;
}

static GstAudioInfo
make_info (GstAudioFormat format, gint channels, GstAudioLayout layout)
{
  static const GstAudioChannelPosition none[64] = {
    [0 ... 63] = GST_AUDIO_CHANNEL_POSITION_NONE
  };
  GstAudioInfo info;

  gst_audio_info_set_format (
      &info, format, AUDIO_RATE, channels,
      channels > 2 && channels <= 64 ? none : NULL);
  info.layout = layout;
  return info;
}

/* Packs level / 64 of the samples, interleaved or plane by plane. */
static GstBuffer *
make_buffer (const GstAudioInfo *info, gint64 position, gsize n)
{
  const GstAudioFormatInfo *format = info->finfo;
  gsize channels = (gsize) info->channels;
  gboolean planar = info->layout == GST_AUDIO_LAYOUT_NON_INTERLEAVED;
  gboolean is_double = format->unpack_format == GST_AUDIO_FORMAT_F64;
  gpointer values = g_malloc (n * channels * 8);
  GstBuffer *buffer =
      gst_buffer_new_allocate (NULL, n * (gsize) info->bpf, NULL);
  GstMapInfo map;

  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < channels; c++) {
      gsize at = planar ? c * n + i : i * channels + c;
      gint value = level (position + (gint64) i, (gint) c);

      if (is_double)
        ((gdouble *) values)[at] = value / 64.0;
      else
        ((gint32 *) values)[at] = value * (1 << 25);
    }
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  format->pack_func (format, GST_AUDIO_PACK_FLAG_NONE, values, map.data,
      (gint) (n * channels));
  gst_buffer_unmap (buffer, &map);
  if (planar)
    gst_buffer_add_audio_meta (buffer, info, n, NULL);
  GST_BUFFER_PTS (buffer) = audio_time (position);
  GST_BUFFER_DURATION (buffer) =
      audio_time (position + (gint64) n) - audio_time (position);
  g_free (values);
  return buffer;
}

/* The batches for pieces of this size; 0: of random ones. */
static GByteArray *
analyse (const GstAudioInfo *info, gsize n, gsize piece)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GRand *random = g_rand_new_with_seed (1);
  GstCaps *caps = gst_audio_info_to_caps (info);
  GByteArray *bytes;

  g_object_set (h->element, "window-size", 256, "hop-size", 200, NULL);
  gst_harness_set_src_caps (h, caps);
  for (gsize i = 0, count; i < n; i += count) {
    count = piece > 0 ? piece : (gsize) g_rand_int_range (random, 1, 700);
    count = MIN (count, n - i);
    gst_harness_push (h, make_buffer (info, (gint64) i, count));
  }
  audio_push_eos (h);
  bytes = bytes_pull (h);
  g_rand_free (random);
  gst_harness_teardown (h);
  return bytes;
}

GST_START_TEST (every_format_layout_and_number_of_channels_gives_equal_points)
{
  static const gint channels[] = { 1, 2, 6, 64, 100 };
  static const GstAudioLayout layouts[] = { GST_AUDIO_LAYOUT_INTERLEAVED,
    GST_AUDIO_LAYOUT_NON_INTERLEAVED };
  guint n_formats = 0;

  for (guint c = 0; c < G_N_ELEMENTS (channels); c++) {
    gsize n = channels[c] > 6 ? 700 : N;
    GstAudioInfo f64 = make_info (
        GST_AUDIO_FORMAT_F64LE, channels[c], GST_AUDIO_LAYOUT_INTERLEAVED);
    GByteArray *reference = analyse (&f64, n, n);

    fail_unless (reference->len > 1000);
    for (gint f = GST_AUDIO_FORMAT_S8; f <= GST_AUDIO_FORMAT_F64BE; f++)
      for (guint l = 0; l < G_N_ELEMENTS (layouts); l++) {
        GstAudioInfo info =
            make_info ((GstAudioFormat) f, channels[c], layouts[l]);
        GByteArray *bytes = analyse (&info, n, 999);
        gchar *what = g_strdup_printf ("%s, %s, %d channels",
            info.finfo->name, l == 0 ? "interleaved" : "planar", channels[c]);

        assert_bytes_equal (bytes, reference, what);
        g_free (what);
        g_byte_array_unref (bytes);
        n_formats += c == 0 && l == 0;
      }
    g_byte_array_unref (reference);
  }
  fail_unless_equals_int (n_formats, 30);
}
GST_END_TEST;

GST_START_TEST (any_cutting_gives_equal_batches)
{
  static const gsize pieces[] = { 1, 1000, 0, AUDIO_RATE };
  static const gint channels[] = { 1, 3 };

  for (guint c = 0; c < G_N_ELEMENTS (channels); c++)
    for (gint layout = 0; layout < 2; layout++) {
      GstAudioInfo info = make_info (
          GST_AUDIO_FORMAT_S16LE, channels[c], (GstAudioLayout) layout);
      GByteArray *whole = analyse (&info, 2 * N, 2 * N);

      for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
        GByteArray *cut = analyse (&info, 2 * N, pieces[i]);
        gchar *what = g_strdup_printf ("layout %d, %d channels, pieces of %d",
            layout, channels[c], (gint) pieces[i]);

        assert_bytes_equal (cut, whole, what);
        g_free (what);
        g_byte_array_unref (cut);
      }
      g_byte_array_unref (whole);
    }
}
GST_END_TEST;

GST_START_TEST (a_buffer_may_be_of_several_memories)
{
  GstAudioInfo info = make_info (
      GST_AUDIO_FORMAT_S16LE, 2, GST_AUDIO_LAYOUT_INTERLEAVED);
  GstCaps *caps = gst_audio_info_to_caps (&info);
  GByteArray *whole = analyse (&info, N, N), *parts;
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstBuffer *buffer = make_buffer (&info, 0, 1);

  g_object_set (h->element, "window-size", 256, "hop-size", 200, NULL);
  gst_harness_set_src_caps (h, caps);
  for (gint64 i = 1; i < N; i += 500) {
    GstBuffer *more = make_buffer (&info, i, (gsize) MIN (500, N - i));

    /* split in the middle of a sample */
    gst_buffer_append_memory (
        buffer, gst_memory_share (gst_buffer_peek_memory (more, 0), 0, 7));
    gst_buffer_append_memory (
        buffer, gst_memory_share (gst_buffer_peek_memory (more, 0), 7, -1));
    gst_buffer_unref (more);
  }
  gst_harness_push (h, buffer);
  audio_push_eos (h);
  parts = bytes_pull (h);
  assert_bytes_equal (parts, whole, "several memories");
  g_byte_array_unref (parts);
  g_byte_array_unref (whole);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Planes need not follow each other. */
GST_START_TEST (planes_may_lie_anywhere_in_the_buffer)
{
  GstAudioInfo info = make_info (
      GST_AUDIO_FORMAT_F32LE, 2, GST_AUDIO_LAYOUT_NON_INTERLEAVED);
  GstCaps *caps = gst_audio_info_to_caps (&info);
  GByteArray *whole = analyse (&info, N, N), *bytes;
  GstHarness *h = gst_harness_new ("tfrreassign");
  GstBuffer *tight = make_buffer (&info, 0, N);
  GstBuffer *loose = gst_buffer_new_allocate (NULL, 10 * N * 4, NULL);
  gsize offsets[] = { 7 * N * 4, 2 * N * 4 };
  GstMapInfo from;

  gst_buffer_memset (loose, 0, 0x7f, 10 * N * 4);
  gst_buffer_map (tight, &from, GST_MAP_READ);
  gst_buffer_fill (loose, offsets[0], from.data, N * 4);
  gst_buffer_fill (loose, offsets[1], from.data + N * 4, N * 4);
  gst_buffer_unmap (tight, &from);
  gst_buffer_unref (tight);
  gst_buffer_add_audio_meta (loose, &info, N, offsets);
  GST_BUFFER_PTS (loose) = 0;

  g_object_set (h->element, "window-size", 256, "hop-size", 200, NULL);
  gst_harness_set_src_caps (h, caps);
  gst_harness_push (h, loose);
  audio_push_eos (h);
  bytes = bytes_pull (h);
  assert_bytes_equal (bytes, whole, "loose planes");
  g_byte_array_unref (bytes);
  g_byte_array_unref (whole);
  gst_harness_teardown (h);
}
GST_END_TEST;

GST_START_TEST (mix_is_the_mean_of_the_samples)
{
  GstAudioInfo stereo = make_info (
      GST_AUDIO_FORMAT_F64LE, 2, GST_AUDIO_LAYOUT_INTERLEAVED);
  GstAudioInfo mono = make_info (
      GST_AUDIO_FORMAT_F64LE, 1, GST_AUDIO_LAYOUT_INTERLEAVED);
  GstBuffer *audio[2] = { make_buffer (&stereo, 0, N),
    make_buffer (&mono, 0, N) };
  GPtrArray *frames[2];
  GstMapInfo from, to;

  gst_buffer_map (audio[0], &from, GST_MAP_READ);
  gst_buffer_map (audio[1], &to, GST_MAP_WRITE);
  for (gsize i = 0; i < N; i++)
    ((gdouble *) to.data)[i] = (((gdouble *) from.data)[2 * i] +
                                   ((gdouble *) from.data)[2 * i + 1]) /
                               2;
  gst_buffer_unmap (audio[0], &from);
  gst_buffer_unmap (audio[1], &to);
  for (gint i = 0; i < 2; i++) {
    GstHarness *h = gst_harness_new ("tfrreassign");

    gst_util_set_object_arg (
        G_OBJECT (h->element), "channel-mode", i == 0 ? "mix" : "separate");
    gst_harness_set_src_caps (
        h, gst_audio_info_to_caps (i == 0 ? &stereo : &mono));
    gst_harness_push (h, audio[i]);
    audio_push_eos (h);
    frames[i] = frames_pull (h);
    gst_harness_teardown (h);
  }
  fail_unless_equals_int (frames[0]->len, frames[1]->len);
  assert_frames_equal (frames[0], 0, frames[1], 0, frames[0]->len, "mix");
  g_ptr_array_unref (frames[0]);
  g_ptr_array_unref (frames[1]);
}
GST_END_TEST;

static Suite *
tfrreassign_formats_suite (void)
{
  Suite *s = suite_create ("tfrreassign formats");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (
      tc, every_format_layout_and_number_of_channels_gives_equal_points);
  tcase_add_test (tc, any_cutting_gives_equal_batches);
  tcase_add_test (tc, a_buffer_may_be_of_several_memories);
  tcase_add_test (tc, planes_may_lie_anywhere_in_the_buffer);
  tcase_add_test (tc, mix_is_the_mean_of_the_samples);
  return s;
}

GST_CHECK_MAIN (tfrreassign_formats);
