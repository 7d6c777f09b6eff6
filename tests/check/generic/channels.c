/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Each of many channels is what it is alone, to the bit, in all that elements
 * make of sound: none takes another's place, number or memory. */

#include "chain.h"
#include "gsttfr.h"
#include "near.h"

#include <string.h>

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

/* A frame of partials says its stream, from 1, and then its rows of doubles,
 * whose first is the id. */
static void
sort_sdif (GstBuffer *buffer, guint channels, GByteArray **said)
{
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  for (gsize at = 0; at < map.size;
       at += 8 + GST_READ_UINT32_BE (map.data + at + 4)) {
    const guint8 *frame = map.data + at, *row = frame + 40;
    guint c, n, size;

    if (memcmp (frame, "RBEP", 4) != 0)
      continue;
    c = GST_READ_UINT32_BE (frame + 16) - 1;
    n = GST_READ_UINT32_BE (frame + 32);
    size = 8 * GST_READ_UINT32_BE (frame + 36);
    fail_unless (c < channels, "a frame of stream %u", c + 1);
    g_byte_array_append (said[c], frame + 8, 8); /* time */
    for (guint r = 0; r < n; r++, row += size)
      g_byte_array_append (said[c], row + 8, size - 8);
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

/* ---------------------------------------------------------------- tests ---- */

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

/* The row of the brightest pixel of one of the parts, from above, in a column
 * amid the sound. */
static guint
brightest_row (const guint8 *frame, guint part)
{
  guint best = 0, row = 0;

  for (guint r = 0; r < ROWS; r++) {
    const guint8 *p = frame + ((part * ROWS + r) * WIDTH + WIDTH * 3 / 4) * 4;
    guint here = (guint) p[0] + p[1] + p[2];

    if (here > best) {
      best = here;
      row = r;
    }
  }
  return row;
}

GST_START_TEST (channels_from_64_on_are_drawn_in_their_places)
{
  GstHarness *h = chain_new (ANALYSIS
      "! tfrrender axes=0 channel-mode=separate frequency-scale=linear "
      "min-frequency=0 max-frequency=4000 max-level=0 time-span=200000000",
      RATE, MOST);
  GstBuffer *buffer, *last = NULL;
  GstMapInfo map;

  gst_harness_set_sink_caps_str (h, "video/x-raw,format=BGRx,width=32,"
                                    "height=600,framerate=25/1");
  make_sound (0, MOST);
  chain_push_all (h, x, N, 700);
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    gst_buffer_replace (&last, buffer);
    gst_buffer_unref (buffer);
  }
  fail_unless (last != NULL);
  gst_buffer_map (last, &map, GST_MAP_READ);
  for (guint c = 0; c < MOST; c++)
    assert_near (brightest_row (map.data, c) + 0.5,
        ROWS * (1 - (300 + 30.0 * c) / 4000), 0.75,
        "row of the tone of channel %u", c);
  gst_buffer_unmap (last, &map);
  gst_buffer_unref (last);
  gst_harness_teardown (h);
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
  return s;
}

GST_CHECK_MAIN (channels);
