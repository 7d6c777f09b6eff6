/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What batches cost whose headers claim the utmost: memory and time go by what
 * is in a batch and by a constant, whatever it says of itself.  How long the
 * sound or the video lasts that comes of it is not bounded so, but it leaves in
 * buffers, and whoever takes these can end it. */

#define _GNU_SOURCE /* for the stacks of threads */

#include "gsttfr.h"
#include "near.h"
#include "reassign.h"
#include "sanitized.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>

/* s of CPU time from one buffer that comes or leaves to the next. Milliseconds,
 * as it should be: this is for what hangs, on any machine. */
#define LONGEST 5.0

/* Buffers after which downstream wants no more. */
#define ENOUGH 200

#define MEGABYTE 1024 /* kB */

#define ASSERT_MEMORY(kB, ...)                                                 \
  do {                                                                         \
    if (!SANITIZED)                                                            \
      assert_at_most (kB, __VA_ARGS__);                                        \
  } while (0)

static const struct {
  const gchar *launch;
  GstTfrKind kind;
  gboolean framed;
  gdouble most; /* kB of address space */
} readers[] = {
  { "tfrparse", GST_TFR_KIND_POINTS, FALSE, 8 * MEGABYTE },
  { "tfrparse", GST_TFR_KIND_PARTIALS, FALSE, 8 * MEGABYTE },
  { "tfrpartials", GST_TFR_KIND_POINTS, TRUE, 48 * MEGABYTE },
  { "tfrpartials minimum-length=1000", GST_TFR_KIND_POINTS, TRUE,
      128 * MEGABYTE },
  { "tfrrender", GST_TFR_KIND_POINTS, TRUE, 96 * MEGABYTE },
  { "tfrrender", GST_TFR_KIND_PARTIALS, TRUE, 96 * MEGABYTE },
  { "tfrcsvenc", GST_TFR_KIND_POINTS, TRUE, 8 * MEGABYTE },
  { "tfrsynth", GST_TFR_KIND_PARTIALS, TRUE, 48 * MEGABYTE },
  { "tfrsdifenc", GST_TFR_KIND_PARTIALS, TRUE, 16 * MEGABYTE },
};

/* ---------------------------------------------------------- measuring ---- */

static gdouble
peak_kB (void)
{
  FILE *file = fopen ("/proc/self/status", "r");
  gchar line[256];
  gdouble peak = 0;

  fail_unless (file != NULL);
  while (fgets (line, sizeof line, file) != NULL)
    if (g_str_has_prefix (line, "VmPeak:"))
      peak = g_ascii_strtod (line + strlen ("VmPeak:"), NULL);
  fclose (file);
  fail_unless (peak > 0);
  return peak;
}

static gdouble
cpu_time (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (gdouble) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (gdouble) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

typedef struct {
  guint n_left;
  gdouble last, longest; /* s */
} Watch;

static void
look (Watch *watch)
{
  gdouble now = cpu_time ();

  watch->longest = MAX (watch->longest, now - watch->last);
  watch->last = now;
}

static GstPadProbeReturn
take_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  Watch *watch = user;

  look (watch);
  gst_buffer_unref (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) =
      ++watch->n_left < ENOUGH ? GST_FLOW_OK : GST_FLOW_EOS;
  return GST_PAD_PROBE_HANDLED;
}

/* ------------------------------------------------------------ batches ---- */

typedef struct {
  guint32 rate, window, hop, fft;
  guint channels;
  gint64 first, beyond;     /* of the end, by the last frame's hop */
  guint n_frames, n_points; /* of each frame's first channel */
} Claim;

#define USUAL 48000, 2048, 512, 2048

/* One extreme each, and those that go together. */
static const Claim claims[] = {
  { USUAL, 1, 0, 0, 2, 2 },
  { USUAL, 1, 0, 0, 0, 0 },
  { 1, 2048, 512, 2048, 1, 0, 0, 12, 4 },
  { G_MAXINT, 2048, 512, 2048, 1, 0, 0, 12, 4 },
  { G_MAXUINT, 2048, 512, 2048, 1, 0, 0, 12, 4 },
  { 48000, 1, 512, 2048, 1, 0, 0, 12, 4 },
  { 48000, 32, 512, 1 << 24, 1, 0, 0, 30, 20 },
  { 48000, 32, 1, 1 << 24, 1, 0, 0, 30, 20 },
  { 48000, 1 << 20, 1 << 18, 1 << 20, 1, 0, 0, 12, 4 },
  { 1, 1 << 20, 1, 1 << 24, 1, 0, 0, 12, 4 },
  { 48000, G_MAXINT, 512, G_MAXINT, 1, 0, 0, 12, 4 },
  { 1, G_MAXINT, G_MAXINT, G_MAXINT, 1, 0, 0, 2, 4 },
  { 48000, G_MAXUINT, 512, G_MAXUINT, 1, 0, 0, 2, 4 },
  { 48000, 2048, 1, 2048, 1, 0, 0, 1000, 1 },
  { 48000, 2048, 1 << 20, 2048, 1, 0, 0, 12, 4 },
  { 48000, 2048, G_MAXINT, 2048, 1, 0, 0, 12, 4 },
  { 48000, 2048, 1u << 31, 2048, 1, 0, 0, 2, 4 },
  { 1, 32, G_MAXINT, 32, 1, 0, 0, 12, 4 },
  { 48000, 2048, 512, 1, 1, 0, 0, 12, 4 },
  { 48000, 2048, 512, 1 << 21, 1, 0, 0, 30, 20 },
  { 48000, 2048, 512, G_MAXUINT, 1, 0, 0, 2, 4 },
  { USUAL, 64, 0, 0, 12, 4 },
  { USUAL, 1024, 0, 0, 4, 4 },
  { USUAL, 65535, 0, 0, 1, 4 },
  { USUAL, 65535, 0, 0, 0, 0 },
  { 48000, 32, 8, 32, 65535, 0, 0, 1, 4 },
  { 48000, 65536, 512, 1 << 24, 64, 0, 0, 2, 4 },
  { 48000, 1 << 20, 512, 1 << 20, 64, 0, 0, 2, 4 },
  { 48000, 2048, 1 << 20, 2048, 1024, 0, 0, 2, 4 },
  { USUAL, 1, -(G_GINT64_CONSTANT (1) << 62), 0, 12, 4 },
  { USUAL, 1, (G_GINT64_CONSTANT (1) << 62) - (1 << 20), 0, 12, 4 },
  { USUAL, 1, G_MAXINT64 - (1 << 20), 0, 12, 4 },
  { USUAL, 1, 0, G_MAXINT - 1024, 12, 4 },
  { 1, 2048, 512, 2048, 1, 0, G_MAXINT - 1024, 2, 4 },
  { G_MAXINT, 1 << 20, 1 << 20, 1 << 24, 4, 0, 0, 4, 2 },
};

/* Points so far apart that each two of them are a partial. */
static void
fill (gpointer to[32], const GstTfrHeader *h, guint at, guint n, gint64 centre,
    guint channel)
{
  gdouble apart = 4.0 * h->rate / MAX (h->window_size, 64);
  guint step = MAX (1, h->fft_size / MAX (h->window_size, 64) * 4);

  for (guint i = at; i < at + n; i++) {
    guint k = i - at;
    guint bin = 8 * step + k / 2 * step + k % 2;

    ((gdouble *) to[0])[i] = (gdouble) centre / h->rate;
    ((gdouble *) to[1])[i] = 8.5 * apart + k / 2 * apart;
    ((gfloat *) to[2])[i] = 0.1f;
    ((gfloat *) to[3])[i] = 0;
    ((gfloat *) to[4])[i] = h->kind == GST_TFR_KIND_PARTIALS ? 0.5f : 0;
    if (h->kind == GST_TFR_KIND_PARTIALS) {
      ((guint32 *) to[5])[i] = 1 + channel * 64 + k;
      ((guint32 *) to[6])[i] = 0;
    } else {
      ((gdouble *) to[1])[i] =
          ((gdouble) (bin - k % 2) + 0.5) * (gdouble) h->rate / h->fft_size;
      ((guint32 *) to[7])[i] = bin;
    }
  }
}

static GstBuffer *
make_batch (const Claim *claim, GstTfrKind kind)
{
  GstTfrHeader h = { .kind = kind,
    .rate = claim->rate,
    .window_size = claim->window,
    .hop_size = claim->hop,
    .fft_size = claim->fft,
    .channels = (guint16) claim->channels,
    .window_family = 1,
    .window_parameter = 9,
    .first = claim->first,
    .n_frames = claim->n_frames,
    .n_points = claim->n_frames * claim->n_points,
    .fields = GST_TFR_FIELDS_ALWAYS | GST_TFR_FIELD_PHASE |
              GST_TFR_FIELD_MIXED | GST_TFR_FIELD_BIN,
    .sum_h = 800,
    .sum_h2 = 600,
    .sigma = 300 };
  GstTfrWriter writer;
  gpointer to[32];

  if (kind == GST_TFR_KIND_PARTIALS)
    h.fields = GST_TFR_ROW_FIELDS_ALL;
  fail_unless (gst_tfr_writer_begin (&writer, &h, NULL, NULL));
  for (guint f = 0; f < claim->n_frames; f++)
    for (guint c = 0; c < claim->channels; c++) {
      gst_tfr_writer_get_planes (&writer, to);
      if (c == 0)
        fill (to, &h, 0, claim->n_points,
            (gint64) ((guint64) h.first + (guint64) f * h.hop_size), c);
      gst_tfr_writer_add (&writer, c == 0 ? claim->n_points : 0);
    }
  return gst_tfr_writer_finish (&writer, 0,
      (gint64) ((guint64) h.first + (guint64) h.n_frames * h.hop_size +
                (guint64) claim->beyond));
}

/* ------------------------------------------------------------- a play ---- */

static const gchar *
caps_of (guint reader)
{
  gboolean partials = readers[reader].kind == GST_TFR_KIND_PARTIALS;

  if (!readers[reader].framed)
    return partials ? GST_TFR_PARTIALS_MEDIA_TYPE : GST_TFR_POINTS_MEDIA_TYPE;
  return partials ? GST_TFR_PARTIALS_TEMPLATE_CAPS
                  : GST_TFR_POINTS_TEMPLATE_CAPS;
}

/* Whatever goes wrong is the stream's fault, and is said to be. */
static void
assert_no_other_error (GstBus *bus, guint reader, guint claim)
{
  GstMessage *message;

  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR)) != NULL) {
    GError *error = NULL;

    gst_message_parse_error (message, &error, NULL);
    fail_unless (error->domain == GST_STREAM_ERROR &&
                     strstr (error->message, "memory") == NULL,
        "%s, claim %u: %s", readers[reader].launch, claim, error->message);
    g_error_free (error);
    gst_message_unref (message);
  }
}

static gdouble
play (guint reader, guint claim)
{
  GstHarness *h = gst_harness_new_parse (readers[reader].launch);
  GstPad *pad = gst_element_get_static_pad (h->element, "src");
  GstBuffer *batch = make_batch (&claims[claim], readers[reader].kind);
  GstBus *bus = gst_bus_new ();
  Watch watch = { .last = cpu_time () };

  gst_element_set_bus (h->element, bus);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, take_buffer, &watch, NULL);
  gst_harness_set_src_caps_str (h, caps_of (reader));
  gst_harness_push (h, batch);
  look (&watch);
  gst_harness_push_event (h, gst_event_new_eos ());
  look (&watch);
  assert_no_other_error (bus, reader, claim);
  gst_object_unref (pad);
  gst_harness_teardown (h);
  gst_bus_set_flushing (bus, TRUE); /* its messages hold the element */
  gst_object_unref (bus);
  return watch.longest;
}

/* What threads reserve and do not use is nothing of a header's: 64 MiB each of
 * malloc's, and 8 MiB of stack, of those that Pango loads fonts in as well. */
static void
reserve_little (void)
{
  pthread_attr_t attr;

  mallopt (M_ARENA_MAX, 1);
  fail_unless_equals_int (pthread_getattr_default_np (&attr), 0);
  fail_unless_equals_int (pthread_attr_setstacksize (&attr, 1 << 20), 0);
  fail_unless_equals_int (pthread_setattr_default_np (&attr), 0);
  pthread_attr_destroy (&attr);
}

GST_START_TEST (a_header_costs_what_is_in_its_batch)
{
  guint reader = (guint) __i__;
  gdouble before;

  reserve_little ();
  play (reader, 0); /* what is loaded once */
  before = peak_kB ();
  for (guint i = 0; i < G_N_ELEMENTS (claims); i++) {
    gdouble s = play (reader, i);

    assert_at_most (s, LONGEST, "s, %s, claim %u", readers[reader].launch, i);
    ASSERT_MEMORY (peak_kB () - before, readers[reader].most,
        "kB, %s, claim %u", readers[reader].launch, i);
  }
}
GST_END_TEST;

/* A file of one row, with a table. */
static GstBuffer *
make_file (const ReassignSdifInfo *info)
{
  double time = 0, frequency = 440;
  float amplitude = 0.5f, phase = 0, bandwidth = 0;
  uint32_t id = 1, flags = 0;
  const ReassignRows rows = { .n_rows = 1,
    .time = &time,
    .frequency = &frequency,
    .amplitude = &amplitude,
    .phase = &phase,
    .bandwidth = &bandwidth,
    .id = &id,
    .flags = &flags };
  ReassignSdifWriter *w =
      reassign_sdif_writer_new (REASSIGN_SDIF_RBEP, info, 0, NULL);
  GByteArray *file = g_byte_array_new ();
  GBytes *all;
  GstBuffer *buffer;
  const guint8 *bytes;
  gsize n;

  fail_unless_equals_uint64 (reassign_sdif_writer_push (w, 0, &rows), 1);
  while ((n = reassign_sdif_writer_pull (w, &bytes)) > 0)
    g_byte_array_append (file, bytes, (guint) n);
  reassign_sdif_writer_free (w);
  all = g_byte_array_free_to_bytes (file);
  buffer = gst_buffer_new_wrapped_bytes (all);
  g_bytes_unref (all);
  return buffer;
}

GST_START_TEST (a_table_costs_what_is_in_its_file)
{
  const ReassignSdifInfo infos[] = { { 48000, 512, 2048, 2048, 1, 0 },
    { G_MAXINT, 1, 2048, 2048, 65535, 0 } };
  gdouble before = 0;

  for (guint i = 0; i < G_N_ELEMENTS (infos); i++) {
    GstHarness *h = gst_harness_new ("tfrsdifdec");

    gst_harness_set_src_caps_str (h, "audio/x-sdif");
    gst_harness_push (h, make_file (&infos[i]));
    gst_harness_push_event (h, gst_event_new_eos ());
    gst_harness_teardown (h);
    if (i == 0)
      before = peak_kB ();
  }
  ASSERT_MEMORY (peak_kB () - before, 64 * MEGABYTE, "kB");
}
GST_END_TEST;

static Suite *
bounds_suite (void)
{
  Suite *s = suite_create ("bounds");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (
      tc, a_header_costs_what_is_in_its_batch, 0, G_N_ELEMENTS (readers));
  tcase_add_test (tc, a_table_costs_what_is_in_its_file);
  return s;
}

GST_CHECK_MAIN (bounds);
