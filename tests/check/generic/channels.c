/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Each of many channels is what it is alone, to the bit, in all that elements
 * make of sound: none takes another's place, number or memory. */

#include "chain.h"
#include "gsttfr.h"
#include "near.h"
#include "points.h"
#include "sdifframes.h"
#include "video.h"

#define RATE 8000
#define N 3000
#define MOST 100

#define ANALYSIS "tfrreassign window-size=256 hop-size=64 "
#define PARTIALS ANALYSIS "window-parameter=12 ! tfrpartials noise-width=0 "

static gdouble x[MOST * N];

/* Channel `c` has its own frequency and amplitude. */
static gdouble
sample (guint i, guint c)
{
  return (0.5 - 0.004 * c) *
         sin (2 * M_PI * (300 + 30.0 * c) * i / RATE + 0.1 * c);
}

/* Channels from `first` on. */
static void
make_sound (guint first, guint channels)
{
  for (guint i = 0; i < N; i++)
    for (guint c = 0; c < channels; c++)
      x[i * channels + c] = sample (i, first + c);
}

/* ------------------------------------------- what is said of channels ---- */

/* Adds what a buffer says of each channel to that channel's bytes. */
typedef void (*Sort) (GstBuffer *buffer, guint channels, GByteArray **said);

#define APPEND(to, value) \
  g_byte_array_append (to, (const guint8 *) &(value), sizeof (value))

static void
sort_points (GstBuffer *buffer, guint channels, GByteArray **said)
{
  GstTfrBatch b;
  guint i = 0;

  fail_unless (gst_tfr_batch_map (&b, buffer, NULL));
  fail_unless_equals_int (b.header.channels, channels);
  for (guint k = 0; k < b.header.n_frames * channels; k++) {
    GByteArray *to = said[k % channels];

    APPEND (to, b.counts[k]);
    for (guint end = i + b.counts[k]; i < end; i++) {
      APPEND (to, b.time[i]);
      APPEND (to, b.frequency[i]);
      APPEND (to, b.magnitude[i]);
      APPEND (to, b.bin[i]);
    }
  }
  gst_tfr_batch_unmap (&b);
}

/* But for the ids, which are others after others. */
static void
sort_partials (GstBuffer *buffer, guint channels, GByteArray **said)
{
  GstTfrPartials p;
  guint i = 0;

  fail_unless (gst_tfr_partials_map (&p, buffer, NULL));
  fail_unless_equals_int (p.header.channels, channels);
  for (guint k = 0; k < p.header.n_frames * channels; k++) {
    GByteArray *to = said[k % channels];

    APPEND (to, p.counts[k]);
    for (guint end = i + p.counts[k]; i < end; i++) {
      APPEND (to, p.time[i]);
      APPEND (to, p.frequency[i]);
      APPEND (to, p.amplitude[i]);
      APPEND (to, p.phase[i]);
      APPEND (to, p.flags[i]);
    }
  }
  gst_tfr_partials_unmap (&p);
}

/* A line begins with its channel's number. */
static void
sort_text (GstBuffer *buffer, guint channels, GByteArray **said)
{
  GstMapInfo map;
  gchar **lines, *text;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  text = g_strndup ((const gchar *) map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  lines = g_strsplit (text, "\r\n", -1);
  for (gchar **line = lines; *line != NULL; line++) {
    gchar *rest;
    guint64 c = g_ascii_strtoull (*line, &rest, 10);

    if (rest == *line) /* the names, or what follows the last line */
      continue;
    fail_unless (c < channels, "a line of channel %s", *line);
    g_byte_array_append (said[c], (guint8 *) rest, (guint) strlen (rest));
  }
  g_strfreev (lines);
  g_free (text);
}

/* But for the ids. */
static void
sort_sdif (GstBuffer *buffer, guint channels, GByteArray **said)
{
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  for (gsize at = 0; at < map.size; at = sdif_next (map.data, at)) {
    guint n, c = sdif_stream (map.data, at) - 1;
    gsize size;
    const guint8 *row = sdif_rows (map.data, at, &n, &size);
    gdouble time = sdif_time (map.data, at);

    if (row == NULL)
      continue;
    fail_unless (c < channels, "a frame of stream %u", c + 1);
    APPEND (said[c], time);
    for (guint r = 0; r < n; r++, row += size)
      g_byte_array_append (said[c], row + sizeof (gdouble),
          (guint) (size - sizeof (gdouble)));
  }
  gst_buffer_unmap (buffer, &map);
}

static void
sort_sound (GstBuffer *buffer, guint channels, GByteArray **said)
{
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  for (gsize i = 0; i < map.size / sizeof (gdouble); i++)
    g_byte_array_append (said[i % channels],
        map.data + i * sizeof (gdouble), sizeof (gdouble));
  gst_buffer_unmap (buffer, &map);
}

static const struct {
  const gchar *launch, *caps;
  Sort sort;
  guint least; /* bytes that there are to say of a channel */
} chains[] = {
  { ANALYSIS, NULL, sort_points, 10000 },
  { ANALYSIS "! tfrcsvenc", NULL, sort_text, 10000 },
  { PARTIALS, NULL, sort_partials, 1000 },
  { PARTIALS "! tfrsdifenc", NULL, sort_sdif, 1000 },
  { PARTIALS "! tfrsynth", "audio/x-raw,format=F64LE", sort_sound, 8 * N },
};

static void
play (guint chain, guint channels, GByteArray **said)
{
  GstHarness *h = chain_new (chains[chain].launch, RATE, (gint) channels);
  GstBuffer *buffer;

  if (chains[chain].caps != NULL)
    gst_harness_set_sink_caps_str (h, chains[chain].caps);
  for (guint c = 0; c < channels; c++)
    said[c] = g_byte_array_new ();
  chain_push_all (h, x, N, 700);
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    chains[chain].sort (buffer, channels, said);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (h);
}

/* --------------------------------------------------------------- tests ---- */

static const guint many[] = { 2, 6, 64, 65, MOST };

/* Of very many not all, but those about the number that masks end at. */
static gboolean
is_tried (guint c, guint channels)
{
  return c < 2 || c + 2 >= channels || (c >= 62 && c <= 66) || c % 13 == 0;
}

GST_START_TEST (channels_from_64_on_are_as_one)
{
  guint chain = (guint) __i__ / G_N_ELEMENTS (many);
  guint channels = many[(guint) __i__ % G_N_ELEMENTS (many)];
  GByteArray *said[MOST], *alone;

  make_sound (0, channels);
  play (chain, channels, said);
  for (guint c = 0; c < channels; c++) {
    if (is_tried (c, channels)) {
      make_sound (c, 1);
      play (chain, 1, &alone);
      assert_at_most (chains[chain].least, alone->len, "bytes to be");
      fail_unless (said[c]->len == alone->len &&
                       memcmp (said[c]->data, alone->data, alone->len) == 0,
          "%s: channel %u of %u is not what it is alone (%u bytes, alone %u)",
          chains[chain].launch, c, channels, said[c]->len, alone->len);
      g_byte_array_unref (alone);
    }
    g_byte_array_unref (said[c]);
  }
}
GST_END_TEST;

#define WIDTH 32
#define HEIGHT 600
#define ROWS (HEIGHT / MOST) /* of a channel */

GST_START_TEST (channels_from_64_on_are_drawn_in_their_places)
{
  GstHarness *h = chain_new (ANALYSIS
      "! tfrrender axes=0 channel-mode=separate frequency-scale=linear "
      "min-frequency=0 max-frequency=4000 max-level=0 time-span=200000000",
      RATE, MOST);
  const guint8 *last;
  GByteArray *frames;

  gst_harness_set_sink_caps_str (h, "video/x-raw,format=BGRx,width=32,"
                                    "height=600,framerate=25/1");
  make_sound (0, MOST);
  chain_push_all (h, x, N, 700);
  frames = bytes_pull (h);
  fail_unless (frames->len > 0);
  last = frames->data + frames->len - WIDTH * HEIGHT * 4;
  for (guint c = 0; c < MOST; c++)
    assert_near (
        test_brightest_row (last, WIDTH, WIDTH * 3 / 4, c * ROWS, ROWS) + 0.5,
        ROWS * (1 - (300 + 30.0 * c) / 4000), 0.75,
        "row of the tone of channel %u", c);
  g_byte_array_unref (frames);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* Of as many alike, the mean is one; where it is added up in another order,
 * some bytes are one off. */
GST_START_TEST (channels_from_64_on_are_mixed)
{
  static const gchar *const launch = ANALYSIS
      "! tfrrender time-span=200000000";
  guint channels = many[__i__];
  GByteArray *bytes[2];

  for (guint i = 0; i < 2; i++) {
    guint n = i == 0 ? 1 : channels;
    GstHarness *h = chain_new (launch, RATE, (gint) n);

    gst_harness_set_sink_caps_str (h, "video/x-raw,format=BGRx,width=32,"
                                      "height=24,framerate=25/1");
    for (guint k = 0; k < N * n; k++)
      x[k] = sample (k / n, 20);
    chain_push_all (h, x, N, 700);
    bytes[i] = bytes_pull (h);
    gst_harness_teardown (h);
  }
  fail_unless_equals_int (bytes[1]->len, bytes[0]->len);
  fail_unless (bytes[0]->len > 0);
  for (guint i = 0; i < bytes[0]->len; i++)
    assert_near (bytes[1]->data[i], bytes[0]->data[i], 1,
        "byte %u of %u channels", i, channels);
  g_byte_array_unref (bytes[0]);
  g_byte_array_unref (bytes[1]);
}
GST_END_TEST;

static Suite *
channels_suite (void)
{
  Suite *s = suite_create ("channels");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, channels_from_64_on_are_as_one, 0,
      G_N_ELEMENTS (chains) * G_N_ELEMENTS (many));
  tcase_add_test (tc, channels_from_64_on_are_drawn_in_their_places);
  tcase_add_loop_test (
      tc, channels_from_64_on_are_mixed, 0, G_N_ELEMENTS (many));
  return s;
}

GST_CHECK_MAIN (channels);
