/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The same samples are the same points in every format, layout and number of
 * channels, and however they are cut into buffers.  TFR_TEST_FULL=1 tries each
 * with each. */

#include "points.h"
#include "tally.h"

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

/* How samples are cut into buffers. */
typedef enum { ONES, SEVENS, MOST, RANDOM, WHOLE, N_CUTTINGS } Cutting;

static const gchar *const cutting_names[] = { "1", "7", "999", "random sizes",
  "all samples" };

/* Whatever is left over is the last piece. */
static gsize
next_piece (Cutting cutting, GRand *random)
{
  static const gsize sizes[] = {
    [ONES] = 1, [SEVENS] = 7, [MOST] = 999, [WHOLE] = N
  };

  return cutting == RANDOM ? (gsize) g_rand_int_range (random, 1, 700)
                           : sizes[cutting];
}

/* The batches of N samples, cut and computed so. */
static GByteArray *
analyse (const GstAudioInfo *info, Cutting cutting, guint n_threads)
{
  GstHarness *h = gst_harness_new ("tfrreassign");
  GRand *random = g_rand_new_with_seed ((guint32) info->finfo->format);
  GByteArray *bytes;

  g_object_set (h->element, "window-size", 256, "hop-size", 200, "n-threads",
      n_threads, NULL);
  gst_harness_set_src_caps (h, gst_audio_info_to_caps (info));
  for (gsize i = 0, count; i < N; i += count) {
    count = next_piece (cutting, random);
    count = MIN (count, N - i);
    fail_unless_equals_int (
        gst_harness_push (h, make_buffer (info, (gint64) i, count)),
        GST_FLOW_OK);
  }
  audio_push_eos (h);
  bytes = bytes_pull (h);
  g_rand_free (random);
  gst_harness_teardown (h);
  return bytes;
}

static GByteArray *
analyse_whole (const GstAudioInfo *info)
{
  return analyse (info, WHOLE, 1);
}

static void
check_way (const GstAudioInfo *info, Cutting cutting, guint n_threads,
    const GByteArray *reference)
{
  GByteArray *bytes = analyse (info, cutting, n_threads);
  gchar *what = g_strdup_printf ("%s, %s, %d channels, cut into %s, %u threads",
      info->finfo->name,
      info->layout == GST_AUDIO_LAYOUT_INTERLEAVED ? "interleaved" : "planar",
      info->channels, cutting_names[cutting], n_threads);

  assert_bytes_equal (bytes, reference, what);
  g_free (what);
  g_byte_array_unref (bytes);
}

/* All cuttings on one thread and on several; says how many ways were tried.
 * Without TFR_TEST_FULL each is on one or the other, and of very many channels
 * there is one cutting for each format and layout, so that all meet. */
static guint
check_cuttings (const GstAudioInfo *info, const GByteArray *reference)
{
  gboolean is_full = g_getenv ("TFR_TEST_FULL") != NULL;
  guint turn = (guint) info->finfo->format + 2 * (guint) info->layout +
               (guint) info->channels;
  guint n = 0;

  for (guint cutting = 0; cutting < N_CUTTINGS; cutting++)
    for (guint t = 0; t < 2; t++) {
      gboolean is_in_turn =
          (info->channels <= 6 || turn % N_CUTTINGS == cutting) &&
          (turn / N_CUTTINGS + cutting) % 2 == t;

      if (is_full || is_in_turn) {
        check_way (info, cutting, 1 + 2 * t, reference);
        n++;
      }
    }
  return n;
}

static const gint n_channels[] = { 1, 2, 6, 64, 100 };

GST_START_TEST (every_format_layout_and_cutting_gives_equal_batches)
{
  gint channels = n_channels[__i__];
  GstAudioInfo f64 = make_info (
      GST_AUDIO_FORMAT_F64LE, channels, GST_AUDIO_LAYOUT_INTERLEAVED);
  GByteArray *reference = analyse_whole (&f64);
  guint n_formats = 0, n_ways = 0;

  fail_unless (reference->len > 1000);
  for (gint f = GST_AUDIO_FORMAT_S8; f <= GST_AUDIO_FORMAT_F64BE; f++) {
    n_formats++;
    for (gint layout = 0; layout < 2; layout++) {
      GstAudioInfo info =
          make_info ((GstAudioFormat) f, channels, (GstAudioLayout) layout);

      n_ways += check_cuttings (&info, reference);
    }
  }
  fail_unless_equals_int (n_formats, 30);
  tally (n_ways, "ways of audio into the analysis");
  g_byte_array_unref (reference);
}
GST_END_TEST;

GST_START_TEST (a_buffer_may_be_of_several_memories)
{
  GstAudioInfo info = make_info (
      GST_AUDIO_FORMAT_S16LE, 2, GST_AUDIO_LAYOUT_INTERLEAVED);
  GstCaps *caps = gst_audio_info_to_caps (&info);
  GByteArray *whole = analyse_whole (&info), *parts;
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
  GByteArray *whole = analyse_whole (&info), *bytes;
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
  tcase_add_loop_test (tc, every_format_layout_and_cutting_gives_equal_batches,
      0, G_N_ELEMENTS (n_channels));
  tcase_add_test (tc, a_buffer_may_be_of_several_memories);
  tcase_add_test (tc, planes_may_lie_anywhere_in_the_buffer);
  tcase_add_test (tc, mix_is_the_mean_of_the_samples);
  return s;
}

GST_CHECK_MAIN (tfrreassign_formats);
