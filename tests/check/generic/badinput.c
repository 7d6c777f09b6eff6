/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Bad input through every way that sound takes: it is refused with a sentence,
 * or is what it is said to be, and what else there is in the stream stays as it
 * was.  Properties: properties.c.  Many channels: channels.c.  That memory runs
 * out: lib/memory.c and elements/memory.c.  Each test is named after an entry
 * of the list of what may be wrong. */

#include "chain.h"
#include "gsttfr.h"
#include "near.h"
#include "points.h"
#include "reassign.h"
#include "sdifframes.h"
#include "video.h"

#include <float.h>
#include <gst/check/gstcheck.h>
#include <math.h>
#include <stdio.h>

#define RATE 8000
#define N 8000

/* Of pictures. */
#define WIDTH 32
#define HEIGHT 24
#define FPS 25
#define DOT 3 /* columns that a point reaches */

#define HOP 64
#define ANALYSIS "tfrreassign window-size=256 hop-size=" G_STRINGIFY (HOP) " "

static const struct {
  const gchar *launch, *caps;
} chains[] = {
  { ANALYSIS, NULL },
  { ANALYSIS "! tfrcsvenc", NULL },
  { ANALYSIS "! tfrpartials name=partials ! tfrsdifenc", NULL },
  { ANALYSIS "window-parameter=12 ! tfrpartials name=partials ! tfrsynth",
      "audio/x-raw,format=F64LE" },
  { ANALYSIS "! tfrrender time-span=1000000000", /* 1 s */
      "video/x-raw,format=BGRx,width=32,height=24,framerate=25/1" },
};

enum { POINTS, TEXT, SDIF, SOUND, VIDEO, N_CHAINS };

static gdouble x[N];

static void
make_sound (void)
{
  for (guint i = 0; i < N; i++)
    x[i] = 0.3 * sin (2 * M_PI * 1000 * i / RATE);
}

/* ------------------------------------------------------------- a play ---- */

typedef struct {
  GstHarness *h;
  GstBus *bus;
} Play;

static Play
begin (guint chain, gint rate, gint channels)
{
  Play p = { chain_new (chains[chain].launch, rate, channels), gst_bus_new () };

  gst_element_set_bus (p.h->element, p.bus);
  if (chains[chain].caps != NULL)
    gst_harness_set_sink_caps_str (p.h, chains[chain].caps);
  return p;
}

/* Noise is of the partials' ids, which are others after others. */
static Play
begin_without_noise (guint chain, gint rate, gint channels)
{
  Play p = begin (chain, rate, channels);
  GstElement *partials = NULL;

  if (GST_IS_BIN (p.h->element))
    partials = gst_bin_get_by_name (GST_BIN (p.h->element), "partials");
  if (partials != NULL) {
    g_object_set (partials, "noise-width", 0.0, NULL);
    gst_object_unref (partials);
  }
  return p;
}

/* All bytes that came out; there were no errors. */
static GByteArray *
end (Play *p)
{
  GstMessage *error;
  GByteArray *bytes;

  gst_harness_push_event (p->h, gst_event_new_eos ());
  bytes = bytes_pull (p->h);
  error = gst_bus_pop_filtered (p->bus, GST_MESSAGE_ERROR);
  fail_if (error != NULL, "%" GST_PTR_FORMAT, (void *) error);
  gst_harness_teardown (p->h);
  gst_bus_set_flushing (p->bus, TRUE); /* its messages hold the elements */
  gst_object_unref (p->bus);
  return bytes;
}

static GByteArray *
play (guint chain)
{
  Play p = begin (chain, RATE, 1);

  chain_push (p.h, x, N, 0);
  return end (&p);
}

static void
assert_same (guint chain, GByteArray *expected, GByteArray *bytes)
{
  fail_unless (expected->len > 0);
  fail_unless (bytes->len == expected->len &&
                   memcmp (bytes->data, expected->data, bytes->len) == 0,
      "%s: %u bytes, or others than the %u of good input", chains[chain].launch,
      bytes->len, expected->len);
  g_byte_array_unref (expected);
  g_byte_array_unref (bytes);
}

static void
drop_frame_ids (guint8 *rows, guint n, gsize size)
{
  for (guint r = 0; r < n; r++) {
    for (guint other = 0; other < r; other++)
      fail_unless (
          memcmp (rows + r * size, rows + other * size, sizeof (gdouble)) != 0,
          "rows %u and %u of a frame have one id", other, r);
  }
  for (guint r = 0; r < n; r++)
    memset (rows + r * size, 0, sizeof (gdouble));
}

/* Those after a jump go on from those before. */
static void
drop_ids (GByteArray *sdif)
{
  for (gsize at = 0; at < sdif->len; at = sdif_next (sdif->data, at)) {
    guint n;
    gsize size;
    guint8 *rows = sdif_rows (sdif->data, at, &n, &size);

    if (rows != NULL)
      drop_frame_ids (rows, n, size);
  }
}

/* Of two streams, what must be the same when they are one. */
static GByteArray *
content (guint chain, GByteArray *bytes)
{
  if (chain == POINTS)
    bytes_drop_flags (bytes);
  else if (chain == SDIF)
    drop_ids (bytes);
  return bytes;
}

/* The one, and then the other but for its head. */
static GByteArray *
join (GByteArray *one, GByteArray *other, gsize head)
{
  fail_unless (other->len > head);
  g_byte_array_append (one, other->data + head, other->len - (guint) head);
  g_byte_array_unref (other);
  return one;
}

static void
push_buffer (Play *p, GstBuffer *buffer)
{
  fail_unless_equals_int (gst_harness_push (p->h, buffer), GST_FLOW_OK);
}

/* ------------------------------------------------------------ batches ---- */

static const struct {
  const gchar *element, *caps;
  guint made_by; /* chain whose buffers it takes */
} readers[] = {
  { "tfrrender", GST_TFR_POINTS_TEMPLATE_CAPS, POINTS },
  { "tfrcsvenc", GST_TFR_POINTS_TEMPLATE_CAPS, POINTS },
  { "tfrpartials", GST_TFR_POINTS_TEMPLATE_CAPS, POINTS },
  { "tfrsynth", GST_TFR_PARTIALS_TEMPLATE_CAPS, N_CHAINS },
  { "tfrsdifenc", GST_TFR_PARTIALS_TEMPLATE_CAPS, N_CHAINS },
};

/* The buffer ends the stream with one error of the stream's domain. */
static void
assert_refused (guint reader, GstBuffer *buffer)
{
  GstHarness *h = gst_harness_new (readers[reader].element);
  GstBus *bus = gst_bus_new ();
  GstMessage *message;
  GError *error = NULL;

  gst_element_set_bus (h->element, bus);
  gst_harness_set_src_caps_str (h, readers[reader].caps);
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL, "%s says nothing", readers[reader].element);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (error->domain == GST_STREAM_ERROR && error->message[0] != '\0');
  g_error_free (error);
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR) == NULL);
  gst_harness_teardown (h);
  gst_bus_set_flushing (bus, TRUE);
  gst_object_unref (bus);
}

GST_START_TEST (foreign_batches_are_refused_with_a_sentence)
{
  GstBuffer *foreign = gst_buffer_new_allocate (NULL, 640, NULL);

  gst_buffer_memset (foreign, 0, 0x5a, 640);
  assert_refused ((guint) __i__, foreign);
}
GST_END_TEST;

GST_START_TEST (truncated_batches_are_refused_with_a_sentence)
{
  guint reader = (guint) __i__;
  GstHarness *h = chain_new (
      readers[reader].made_by == POINTS ? ANALYSIS : ANALYSIS "! tfrpartials",
      RATE, 1);
  GstBuffer *batch;

  make_sound ();
  chain_push_all (h, x, N, N);
  batch = gst_harness_pull (h);
  gst_buffer_set_size (batch, (gssize) gst_buffer_get_size (batch) - 64);
  assert_refused (reader, batch);
  gst_harness_teardown (h);
}
GST_END_TEST;

/* ------------------------------------------------------------ samples ---- */

/* Samples from a frame to the last one under its window: N + 16 taps. */
#define REACH (128 + 8)

static gboolean
is_near (gint64 frame, gint64 sample)
{
  return ABS (frame - sample) <= REACH;
}

/* All that tfrreassign says of the frames far from a sample. */
static GByteArray *
points_far_from (const GByteArray *batches, gint64 sample)
{
  GByteArray *far = g_byte_array_new ();

  for (gsize at = 0, size; at < batches->len; at += size) {
    GstBuffer *buffer;
    GstTfrBatch b;
    guint i = 0;

    size = GST_READ_UINT32_LE (batches->data + at + 12);
    buffer = gst_buffer_new_memdup (batches->data + at, size);
    fail_unless (gst_tfr_batch_map (&b, buffer, NULL));
    for (guint f = 0; f < b.header.n_frames; i += b.counts[f++]) {
      gint64 centre = b.header.first + (gint64) f * b.header.hop_size;

      if (is_near (centre, sample))
        continue;
      g_byte_array_append (far, (const guint8 *) (b.frequency + i),
          (guint) (b.counts[f] * sizeof *b.frequency));
      g_byte_array_append (far, (const guint8 *) (b.time + i),
          (guint) (b.counts[f] * sizeof *b.time));
    }
    gst_tfr_batch_unmap (&b);
    gst_buffer_unref (buffer);
  }
  return far;
}

static const gdouble not_finite[] = { NAN, INFINITY, -INFINITY };

/* Of lines, those of frames elsewhere, and the names, as if of frame 0. */
static GByteArray *
text_far_from (const GByteArray *text, gint64 sample)
{
  GByteArray *far = g_byte_array_new ();

  for (gsize at = 0, size; at < text->len; at += size) {
    const gchar *line = (const gchar *) text->data + at;
    const gchar *end = memchr (line, '\n', text->len - at);
    const gchar *comma = memchr (line, ',', (gsize) (end - line));

    size = (gsize) (end - line) + 1;
    if (!is_near (g_ascii_strtoll (comma + 1, NULL, 10), sample))
      g_byte_array_append (far, (const guint8 *) line, (guint) size);
  }
  return far;
}

/* Of partials, but for their ids.  One that a bad sample interrupts ends or
 * begins within a hop of the frames that have it under their windows. */
static GByteArray *
sdif_far_from (const GByteArray *sdif, gint64 sample)
{
  GByteArray *far = g_byte_array_new ();

  for (gsize at = 0; at < sdif->len; at = sdif_next (sdif->data, at)) {
    guint n = 0;
    gsize size;
    guint8 *row = sdif_rows (sdif->data, at, &n, &size);
    gdouble time = sdif_time (sdif->data, at);

    if (n == 0 || ABS (llrint (time * RATE) - sample) <= REACH + HOP)
      continue;
    for (guint r = 0; r < n; r++, row += size)
      g_byte_array_append (far, row + sizeof (gdouble),
          (guint) (size - sizeof (gdouble)));
  }
  return far;
}

/* A row reaches to the next one. */
static GByteArray *
sound_far_from (const GByteArray *sound, gint64 sample)
{
  GByteArray *far = g_byte_array_new ();
  const gdouble *y = (const gdouble *) (gconstpointer) sound->data;

  fail_unless_equals_int (sound->len, N * sizeof *y);
  for (gint64 i = 0; i < N; i++) {
    fail_unless (isfinite (y[i]));
    if (ABS (i - sample) > REACH + 2 * HOP)
      g_byte_array_append (far, (const guint8 *) &y[i], sizeof *y);
  }
  return far;
}

/* Columns, of which the picture's width is a second. */
static GByteArray *
video_far_from (const GByteArray *frames, gint64 sample)
{
  GByteArray *far = g_byte_array_new ();
  gdouble reach = DOT + 1 + WIDTH * (gdouble) REACH / RATE;

  fail_unless_equals_int (frames->len, FPS * WIDTH * HEIGHT * 4);
  for (guint i = 0; i < frames->len / 4; i++) {
    gdouble age = (1.0 + i / (WIDTH * HEIGHT)) / FPS - (gdouble) sample / RATE;

    if (fabs (i % WIDTH - WIDTH * (1 - age)) > reach)
      g_byte_array_append (far, frames->data + 4 * i, 4);
  }
  return far;
}

/* What comes out is the same, but near the sample. */
static void
assert_same_far_from (
    guint chain, GByteArray *good, GByteArray *bytes, gint64 sample)
{
  static GByteArray *(*const far_from[]) (const GByteArray *, gint64) = {
    [POINTS] = points_far_from,
    [TEXT] = text_far_from,
    [SDIF] = sdif_far_from,
    [SOUND] = sound_far_from,
    [VIDEO] = video_far_from,
  };

  fail_unless (memcmp (bytes->data, good->data, bytes->len) != 0);
  assert_same (
      chain, far_from[chain](good, sample), far_from[chain](bytes, sample));
  g_byte_array_unref (bytes);
  g_byte_array_unref (good);
}

GST_START_TEST (nan_does_not_spread_beyond_the_windows_that_contain_it)
{
  GByteArray *good;

  make_sound ();
  good = play (POINTS);
  x[N / 2] = not_finite[__i__];
  assert_same_far_from (POINTS, good, play (POINTS), N / 2);
}
GST_END_TEST;

static GByteArray *
play_without_noise (guint chain)
{
  Play p = begin_without_noise (chain, RATE, 1);

  chain_push (p.h, x, N, 0);
  return end (&p);
}

/* Noise is another, once partials are; as much of it, and of numbers. */
static void
assert_sound (guint chain, GByteArray *bytes, gsize size)
{
  if (chain == SOUND || chain == VIDEO)
    fail_unless_equals_uint64 (bytes->len, size);
  for (guint i = 0; chain == SOUND && i < bytes->len / sizeof (gdouble); i++)
    fail_unless (isfinite (((gdouble *) (gpointer) bytes->data)[i]));
  fail_unless (bytes->len > size / 2);
  g_byte_array_unref (bytes);
}

static void
assert_harmless (gdouble sample)
{
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    GByteArray *good;
    gsize size;

    make_sound ();
    good = play (chain);
    size = good->len;
    g_byte_array_unref (good);
    good = play_without_noise (chain);
    for (guint i = N / 2 - 2; i <= N / 2 + 2; i++)
      x[i] = sample;
    assert_sound (chain, play (chain), size);
    assert_same_far_from (chain, good, play_without_noise (chain), N / 2);
  }
}

GST_START_TEST (nan_samples_harm_nothing_else)
{
  assert_harmless (NAN);
}
GST_END_TEST;

GST_START_TEST (infinite_samples_harm_nothing_else)
{
  assert_harmless (INFINITY);
  assert_harmless (-INFINITY);
}
GST_END_TEST;

/* With the lowest floor that there is: it is not what keeps them out. */
static Play
begin_with_all (guint chain)
{
  Play p = begin (chain, RATE, 1);
  GstElement *reassign = gst_harness_find_element (p.h, "tfrreassign");

  g_object_set (reassign, "magnitude-floor", -1000.0, NULL);
  gst_object_unref (reassign);
  return p;
}

GST_START_TEST (denormal_samples_are_as_silence)
{
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    Play silent = begin_with_all (chain), denormal = begin_with_all (chain);

    memset (x, 0, N * sizeof *x);
    chain_push (silent.h, x, N, 0);
    for (guint i = 0; i < N; i++)
      x[i] = DBL_MIN / (4 + i % 7) * (i % 2 == 0 ? 1 : -1);
    fail_unless (fpclassify (x[0]) == FP_SUBNORMAL);
    chain_push (denormal.h, x, N, 0);
    assert_same (chain, end (&silent), end (&denormal));
  }
}
GST_END_TEST;

static gfloat soft[N];

/* A tone at 1 kHz, whose largest sample is a denormal float, in `x` and `soft`.
 * Made before Orc has unpacked floats: after that denormals are 0 here too. */
static void
make_denormal_tone (void)
{
  for (guint i = 0; i < N; i++) {
    x[i] = FLT_MIN / 4 * sin (M_PI / 4 * (i + 0.5));
    soft[i] = (gfloat) x[i];
  }
  fail_unless (fpclassify (soft[1]) == FP_SUBNORMAL);
}

static void
push_tone (Play *p, gboolean floats)
{
  GstBuffer *buffer;

  if (!floats) {
    chain_push (p->h, x, N, 0);
    return;
  }
  gst_harness_set_src_caps_str (p->h, "audio/x-raw, format=F32LE, rate=8000, "
                                      "channels=1, layout=interleaved");
  buffer = gst_buffer_new_memdup (soft, sizeof soft);
  GST_BUFFER_PTS (buffer) = 0;
  push_buffer (p, buffer);
}

/* Those less than 40 dB below it are at its frequency; as floats its samples
 * have 21 bits. */
static guint
count_points_at_1_khz (GstBuffer *buffer)
{
  GstTfrBatch b;
  guint n;

  fail_unless (gst_tfr_batch_map (&b, buffer, NULL));
  n = b.header.n_points;
  for (guint i = 0; i < n; i++) {
    fail_unless (isfinite (b.time[i]) && isfinite (b.frequency[i]));
    assert_at_most (b.magnitude[i], FLT_MIN / 3, "magnitude of point %u", i);
    if (b.magnitude[i] > FLT_MIN / 400 && b.time[i] > 0.1 && b.time[i] < 0.9)
      assert_near (b.frequency[i], 1000, 1e-3, "frequency at %g s", b.time[i]);
  }
  gst_tfr_batch_unmap (&b);
  return n;
}

/* Orc, which unpacks floats for GStreamer, takes such ones as 0. */
GST_START_TEST (a_tone_of_denormal_floats_is_a_tone_or_silence)
{
  gboolean floats = __i__ == 1;
  Play p = begin_with_all (POINTS);
  GstBuffer *buffer;
  guint n = 0;

  make_denormal_tone ();
  push_tone (&p, floats);
  while ((buffer = gst_harness_try_pull (p.h)) != NULL) {
    n += count_points_at_1_khz (buffer);
    gst_buffer_unref (buffer);
  }
  fail_unless (n > N / 64 || (n == 0 && floats), "%u points", n);
  g_byte_array_unref (end (&p));

  for (guint chain = TEXT; chain < N_CHAINS; chain++) {
    GByteArray *bytes;

    p = begin_with_all (chain);
    push_tone (&p, floats);
    bytes = end (&p);
    fail_unless (bytes->len > 0);
    for (guint i = 0; chain == SOUND && i < bytes->len / 8; i++)
      assert_near (
          ((gdouble *) (gpointer) bytes->data)[i], 0, FLT_MIN, "sample %u", i);
    g_byte_array_unref (bytes);
  }
}
GST_END_TEST;

/* ------------------------------------------------------------ buffers ---- */

GST_START_TEST (zero_length_buffers_change_nothing)
{
  make_sound ();
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    Play p = begin (chain, RATE, 1);

    push_buffer (&p, gst_buffer_new ());
    chain_push (p.h, x, N / 2, 0);
    push_buffer (&p, gst_buffer_new ());
    chain_push (p.h, x, 0, N / 2);
    chain_push (p.h, x + N / 2, N / 2, N / 2);
    push_buffer (&p, gst_buffer_new ());
    assert_same (chain, play (chain), end (&p));
  }
}
GST_END_TEST;

GST_START_TEST (one_sample_buffers_give_the_same)
{
  make_sound ();
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    Play p = begin (chain, RATE, 1);

    for (guint i = 0; i < N; i++)
      chain_push (p.h, x + i, 1, i);
    assert_same (chain, play (chain), end (&p));
  }
}
GST_END_TEST;

GST_START_TEST (missing_time_stamps_are_counted)
{
  make_sound ();
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    Play p = begin (chain, RATE, 1);

    for (guint i = 0; i < 4; i++)
      push_buffer (
          &p, gst_buffer_new_memdup (x + i * (N / 4), N / 4 * sizeof *x));
    assert_same (chain, play (chain), end (&p));
  }
}
GST_END_TEST;

/* What a chain says before its first frame: a table's head, and SDIF's. */
static gsize
head_of (guint chain)
{
  static const gdouble silence[N];
  Play p = begin (chain, RATE, 1);
  GByteArray *bytes;
  gsize size;

  if (chain == TEXT) /* there is none without a frame */
    chain_push (p.h, silence, N, 0);
  bytes = end (&p);
  size = bytes->len;
  g_byte_array_unref (bytes);
  return size;
}

/* The columns before a jump, of frames that come after it, and those that
 * points reach from there: a picture that begins with them has none before. */
static void
drop_columns_before (GByteArray *frames, gsize first)
{
  const guint frame_size = WIDTH * HEIGHT * 4;

  for (gsize f = first; f < frames->len / frame_size; f++) {
    guint8 *frame = frames->data + f * frame_size;
    gdouble seconds = (gdouble) (f + 1 - first) / FPS;
    gint shown = (gint) ceil (seconds * WIDTH - 1e-6) - DOT;

    for (guint y = 0; y < HEIGHT; y++)
      memset (frame + y * WIDTH * 4, 0, (gsize) (WIDTH - MAX (shown, 0)) * 4);
  }
}

/* What comes after is what it is alone. */
GST_START_TEST (jumps_lose_nothing_to_either_side)
{
  static const gint64 positions[] = { 10 * RATE, 3600 * RATE, 0 };

  make_sound ();
  for (guint chain = 0; chain < N_CHAINS; chain++)
    for (guint i = 0; i < G_N_ELEMENTS (positions); i++) {
      Play first = begin_without_noise (chain, RATE, 1);
      Play other = begin_without_noise (chain, RATE, 1);
      Play both = begin_without_noise (chain, RATE, 1);
      GByteArray *sum, *all;

      chain_push (first.h, x, N, 0);
      chain_push (other.h, x, N, positions[i]);
      chain_push (both.h, x, N, 0);
      chain_push (both.h, x, N, positions[i]);
      sum = join (end (&first), end (&other), head_of (chain));
      all = end (&both);
      if (chain == VIDEO && positions[i] > 0) {
        drop_columns_before (sum, FPS * N / RATE);
        drop_columns_before (all, FPS * N / RATE);
      }
      assert_same (chain, content (chain, sum), content (chain, all));
    }
}
GST_END_TEST;

GST_START_TEST (gaps_are_silence)
{
  make_sound ();
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    Play silent = begin (chain, RATE, 1), gap = begin (chain, RATE, 1);
    static const gdouble zeros[N / 2];

    chain_push (silent.h, x, N, 0);
    chain_push (silent.h, zeros, N / 2, N);
    chain_push (silent.h, x, N, N + N / 2);
    chain_push (gap.h, x, N, 0);
    gst_harness_push_event (
        gap.h, gst_event_new_gap (GST_SECOND, GST_SECOND / 2));
    chain_push (gap.h, x, N, N + N / 2);
    assert_same (
        chain, content (chain, end (&silent)), content (chain, end (&gap)));
  }
}
GST_END_TEST;

/* --------------------------------------------------------------- caps ---- */

static void
change_rate (Play *p)
{
  gst_harness_set_src_caps_str (p->h, "audio/x-raw, format=F64LE, "
                                      "layout=interleaved, rate=16000, "
                                      "channels=1");
}

GST_START_TEST (caps_changes_lose_nothing_to_either_side)
{
  make_sound ();
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    Play first, other, both;
    GByteArray *sum;

    if (chain == SDIF) /* a file has one rate */
      continue;
    first = begin_without_noise (chain, RATE, 1);
    other = begin_without_noise (chain, 2 * RATE, 1);
    both = begin_without_noise (chain, RATE, 1);
    chain_push (first.h, x, N, 0);
    chain_push (other.h, x, N, 2 * N);
    chain_push (both.h, x, N, 0);
    change_rate (&both);
    chain_push (both.h, x, N, 2 * N);
    sum = join (end (&first), end (&other), head_of (chain));
    assert_same (chain, content (chain, sum), content (chain, end (&both)));
  }
}
GST_END_TEST;

GST_START_TEST (a_caps_change_that_sdif_cannot_hold_is_refused_with_a_sentence)
{
  Play p = begin (SDIF, RATE, 1);
  GstMessage *message;
  GError *error = NULL;

  make_sound ();
  chain_push (p.h, x, N, 0);
  change_rate (&p);
  fail_unless_equals_int (
      gst_harness_push (p.h, gst_buffer_new_memdup (x, N * sizeof *x)),
      GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (p.bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT), "%s",
      error->message);
  g_error_free (error);
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (p.bus, GST_MESSAGE_ERROR) == NULL);
  gst_element_set_bus (p.h->element, NULL);
  gst_harness_teardown (p.h);
  gst_bus_set_flushing (p.bus, TRUE);
  gst_object_unref (p.bus);
}
GST_END_TEST;

/* The frequency of the strongest point, row or line of what came out, Hz. */
static gdouble
strongest_of_points (const GByteArray *bytes)
{
  gdouble hz = NAN;
  gfloat best = 0;

  for (gsize at = 0, size; at < bytes->len; at += size) {
    GstBuffer *buffer;
    GstTfrBatch b;

    size = GST_READ_UINT32_LE (bytes->data + at + 12);
    buffer = gst_buffer_new_memdup (bytes->data + at, size);
    fail_unless (gst_tfr_batch_map (&b, buffer, NULL));
    for (guint i = 0; i < b.header.n_points; i++)
      if (b.magnitude[i] > best) {
        best = b.magnitude[i];
        hz = b.frequency[i];
      }
    gst_tfr_batch_unmap (&b);
    gst_buffer_unref (buffer);
  }
  return hz;
}

static gdouble
strongest_of_text (const GByteArray *bytes)
{
  gchar *text = g_strndup ((const gchar *) bytes->data, bytes->len);
  gchar **lines = g_strsplit (text, "\n", -1);
  gdouble hz = NAN, best = 0;

  for (gchar **line = lines + 1; *line != NULL; line++) {
    gdouble frequency, magnitude;

    if (sscanf (*line, "%*u,%*d,%*g,%lf,%lf", &frequency, &magnitude) == 2 &&
        magnitude > best) {
      best = magnitude;
      hz = frequency;
    }
  }
  g_strfreev (lines);
  g_free (text);
  return hz;
}

static gdouble
strongest_of_sdif (const GByteArray *bytes)
{
  gdouble hz = NAN, best = 0;

  for (gsize at = 0; at < bytes->len; at = sdif_next (bytes->data, at)) {
    guint n;
    gsize size;
    const guint8 *row = sdif_rows (bytes->data, at, &n, &size);

    for (guint r = 0; row != NULL && r < n; r++, row += size)
      if (GST_READ_DOUBLE_BE (row + 16) > best) {
        best = GST_READ_DOUBLE_BE (row + 16);
        hz = GST_READ_DOUBLE_BE (row + 8);
      }
  }
  return hz;
}

/* Of its middle half, by the places where it rises through 0. */
static gdouble
frequency_of_sound (const GByteArray *bytes, gint rate)
{
  const gdouble *y = (const gdouble *) (gpointer) bytes->data;
  guint n = bytes->len / sizeof *y, count = 0;
  gdouble first = 0, last = 0;

  for (guint i = n / 4; i < n * 3 / 4; i++)
    if (y[i] < 0 && y[i + 1] >= 0) {
      last = i - y[i] / (y[i + 1] - y[i]);
      if (count++ == 0)
        first = last;
    }
  return (count - 1) / (last - first) * rate;
}

/* The row of the brightest pixel in the newest column of the last frame, from
 * the low end. */
static guint
brightest_row (const GByteArray *frames)
{
  const guint8 *last = frames->data + frames->len - WIDTH * HEIGHT * 4;

  return HEIGHT - 1 - test_brightest_row (last, WIDTH, WIDTH - 1, 0, HEIGHT);
}

/* The sound is a tone at an eighth of the rate. */
static void
assert_tone (guint chain, GByteArray *bytes, gint rate)
{
  ReassignAxis axis = { .scale = REASSIGN_SCALE_LOG,
    .min_hz = rate > 60 ? 30 : rate / 2000.0, /* never above the highest */
    .max_hz = rate / 2.0,
    .n_rows = HEIGHT };
  gdouble hz = rate / 8.0;

  if (chain == VIDEO) {
    reassign_axis_init (&axis);
    assert_near (brightest_row (bytes) + 0.5, reassign_axis_row (&axis, hz), 1,
        "row of the tone at a rate of %d Hz", rate);
  } else {
    gdouble found = chain == POINTS ? strongest_of_points (bytes)
                    : chain == TEXT ? strongest_of_text (bytes)
                    : chain == SDIF ? strongest_of_sdif (bytes)
                                    : frequency_of_sound (bytes, rate);

    /* a real tone has an image, which costs 4e-8 of it in such a window */
    assert_near (found, hz, 1e-7 * hz, "%s at a rate of %d Hz, Hz",
        chains[chain].launch, rate);
  }
  g_byte_array_unref (bytes);
}

/* Pictures of so many samples, all else of as many as a partial needs. */
static void
assert_plays_at (gint rate, guint n_pictured)
{
  make_sound ();
  for (guint chain = 0; chain < N_CHAINS; chain++) {
    guint n = chain == VIDEO ? n_pictured : N;
    Play p = begin (chain, rate, 1);
    GByteArray *bytes;

    chain_push (p.h, x, n, 0);
    bytes = end (&p);
    if (chain == SOUND) {
      fail_unless_equals_uint64 (bytes->len, n * sizeof (gdouble));
    } else if (chain == VIDEO) {
      fail_unless_equals_uint64 (bytes->len,
          MAX (1, gst_util_uint64_scale_ceil (n, FPS, (guint64) rate)) * WIDTH *
              HEIGHT * 4);
    }
    assert_tone (chain, bytes, rate);
  }
}

GST_START_TEST (a_rate_of_1_hz_is_right)
{
  assert_plays_at (1, 320);
}
GST_END_TEST;

GST_START_TEST (a_rate_of_10_mhz_is_right)
{
  assert_plays_at (10000000, N);
}
GST_END_TEST;

static Suite *
badinput_suite (void)
{
  Suite *s = suite_create ("badinput");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, foreign_batches_are_refused_with_a_sentence, 0,
      G_N_ELEMENTS (readers));
  tcase_add_loop_test (tc, truncated_batches_are_refused_with_a_sentence, 0,
      G_N_ELEMENTS (readers));
  tcase_add_loop_test (tc,
      nan_does_not_spread_beyond_the_windows_that_contain_it, 0,
      G_N_ELEMENTS (not_finite));
  tcase_add_test (tc, nan_samples_harm_nothing_else);
  tcase_add_test (tc, infinite_samples_harm_nothing_else);
  tcase_add_test (tc, denormal_samples_are_as_silence);
  tcase_add_loop_test (
      tc, a_tone_of_denormal_floats_is_a_tone_or_silence, 0, 2);
  tcase_add_test (tc, zero_length_buffers_change_nothing);
  tcase_add_test (tc, one_sample_buffers_give_the_same);
  tcase_add_test (tc, missing_time_stamps_are_counted);
  tcase_add_test (tc, jumps_lose_nothing_to_either_side);
  tcase_add_test (tc, gaps_are_silence);
  tcase_add_test (tc, caps_changes_lose_nothing_to_either_side);
  tcase_add_test (
      tc, a_caps_change_that_sdif_cannot_hold_is_refused_with_a_sentence);
  tcase_add_test (tc, a_rate_of_1_hz_is_right);
  tcase_add_test (tc, a_rate_of_10_mhz_is_right);
  return s;
}

GST_CHECK_MAIN (badinput);
