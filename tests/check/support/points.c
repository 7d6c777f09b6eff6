/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "points.h"

#include <math.h>

gdouble
audio_sample (gint64 position)
{
  gdouble i = (gdouble) (position % 4800000);

  return 0.5 * sin (0.1 * i) * sin (0.00013 * i) + 0.1 * sin (0.7 + 1.3 * i);
}

GstClockTime
audio_time (gint64 position)
{
  return gst_util_uint64_scale (position, GST_SECOND, AUDIO_RATE);
}

GstBuffer *
audio_buffer (gint64 position, gsize n)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, n * 8, NULL);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i < n; i++)
    ((gdouble *) map.data)[i] = audio_sample (position + (gint64) i);
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = audio_time (position);
  GST_BUFFER_DURATION (buffer) =
      audio_time (position + (gint64) n) - GST_BUFFER_PTS (buffer);
  return buffer;
}

GstHarness *
audio_harness (const gchar *launch)
{
  /* not gst_harness_new_parse: the ghost pads of its bin answer queries */
  GstElement *element = gst_parse_launch (launch, NULL);
  GstHarness *h = gst_harness_new_with_element (element, "sink", "src");

  gst_object_unref (element);
  gst_harness_set_src_caps_str (h, AUDIO_CAPS);
  return h;
}

void
audio_push (GstHarness *h, gint64 position, gsize n, gsize piece)
{
  for (gsize i = 0; i < n; i += piece)
    fail_unless_equals_int (
        gst_harness_push (
            h, audio_buffer (position + (gint64) i, MIN (piece, n - i))),
        GST_FLOW_OK);
}

void
audio_push_eos (GstHarness *h)
{
  fail_unless (gst_harness_push_event (h, gst_event_new_eos ()));
}

/* ------------------------------------------------------------- frames ---- */

static void
frame_free (gpointer data)
{
  Frame *frame = data;

  g_byte_array_unref (frame->points);
  g_free (frame);
}

GPtrArray *
frames_new (void)
{
  return g_ptr_array_new_with_free_func (frame_free);
}

static void
check_stamps (GstBuffer *buffer, const GstTfrHeader *h)
{
  GstClockTime pts = gst_util_uint64_scale (h->first, GST_SECOND, h->rate);
  GstClockTime end = gst_util_uint64_scale (h->end, GST_SECOND, h->rate);
  gboolean gap = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);

  fail_unless_equals_uint64 (GST_BUFFER_OFFSET (buffer), (guint64) h->first);
  fail_unless_equals_uint64 (GST_BUFFER_OFFSET_END (buffer), (guint64) h->end);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), pts);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), end - pts);
  fail_unless_equals_int (gap, (h->flags & GST_TFR_FLAG_GAP) != 0);
}

static Frame *
frame_new (const GstTfrBatch *b, guint count, guint at)
{
  const GstTfrHeader *h = &b->header;
  guint n = b->counts[count];
  Frame *frame = g_new0 (Frame, 1);
  gconstpointer planes[] = { b->time, b->frequency, b->magnitude, b->phase,
    b->mixed, b->chirp_rate, b->agreement, b->bin };

  *frame = (Frame) { .sample = h->first +
                               (gint64) (count / h->channels) * h->hop_size,
    .channel = count % h->channels,
    .n_points = n,
    .flags = h->flags,
    .first = count < h->channels,
    .points = g_byte_array_new () };
  for (guint bit = 0; bit < G_N_ELEMENTS (planes); bit++) {
    guint size = (guint) gst_tfr_field_size (bit);

    if (planes[bit] != NULL)
      g_byte_array_append (frame->points,
          (const guint8 *) planes[bit] + at * size, n * size);
  }
  return frame;
}

void
frames_of_batch (GPtrArray *frames, GstBuffer *buffer)
{
  GError *error = NULL;
  GstTfrBatch batch;
  guint at = 0;

  fail_unless (gst_tfr_batch_map (&batch, buffer, &error), "%s",
      error != NULL ? error->message : "");
  check_stamps (buffer, &batch.header);
  for (guint i = 0; i < batch.header.n_frames * batch.header.channels; i++) {
    g_ptr_array_add (frames, frame_new (&batch, i, at));
    at += batch.counts[i];
  }
  gst_tfr_batch_unmap (&batch);
}

GPtrArray *
frames_pull (GstHarness *h)
{
  GPtrArray *frames = frames_new ();
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    frames_of_batch (frames, buffer);
    gst_buffer_unref (buffer);
  }
  return frames;
}

GPtrArray *
frames_analyse (const gchar *launch, gint64 position, gsize n)
{
  GstHarness *h = audio_harness (launch);
  GPtrArray *frames;

  audio_push (h, position, n, n);
  audio_push_eos (h);
  frames = frames_pull (h);
  gst_harness_teardown (h);
  return frames;
}

const Frame *
frames_find (const GPtrArray *frames, gint64 sample, guint channel)
{
  for (guint i = 0; i < frames->len; i++) {
    const Frame *frame = g_ptr_array_index (frames, i);

    if (frame->sample == sample && frame->channel == channel)
      return frame;
  }
  return NULL;
}

void
assert_frames_equal (const GPtrArray *a, guint from, const GPtrArray *b,
    guint other, guint n, const gchar *what)
{
  fail_unless (from + n <= a->len, "%s: %u frames, should be at least %u", what,
      a->len, from + n);
  fail_unless (other + n <= b->len, "%s: %u frames, should be at least %u",
      what, b->len, other + n);
  for (guint i = 0; i < n; i++) {
    const Frame *f = g_ptr_array_index (a, from + i);
    const Frame *g = g_ptr_array_index (b, other + i);

    fail_unless (f->sample == g->sample && f->channel == g->channel,
        "%s: frame %u is at %" G_GINT64_FORMAT ", should be at %" G_GINT64_FORMAT,
        what, i, f->sample, g->sample);
    fail_unless (f->n_points == g->n_points,
        "%s: frame at %" G_GINT64_FORMAT " has %u points, should have %u", what,
        f->sample, f->n_points, g->n_points);
    fail_unless (f->points->len == g->points->len &&
                     (f->points->len == 0 ||
                         memcmp (f->points->data, g->points->data,
                             f->points->len) == 0),
        "%s: the points of the frame at %" G_GINT64_FORMAT " differ", what,
        f->sample);
  }
}

/* -------------------------------------------------------------- bytes ---- */

GByteArray *
bytes_pull (GstHarness *h)
{
  GByteArray *bytes = g_byte_array_new ();
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstMapInfo map;

    gst_buffer_map (buffer, &map, GST_MAP_READ);
    g_byte_array_append (bytes, map.data, (guint) map.size);
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  return bytes;
}

void
bytes_drop_flags (GByteArray *batches)
{
  for (gsize at = 0; at < batches->len;
       at += GST_READ_UINT32_LE (batches->data + at + 12))
    batches->data[at + 16] &=
        (guint8) ~(GST_TFR_FLAG_GAP | GST_TFR_FLAG_DISCONT);
}

void
assert_bytes_equal (
    const GByteArray *a, const GByteArray *b, const gchar *what)
{
  guint i = 0, n = MIN (a->len, b->len);

  while (i < n && a->data[i] == b->data[i])
    i++;
  fail_unless (a->len == b->len && i == n,
      "%s: %u bytes, should be %u; the first that differs is %u", what, a->len,
      b->len, i);
}

/* ------------------------------------------------------------- events ---- */

typedef struct {
  GString *text;
  guint64 end;
} Log;

static GstPadProbeReturn
note (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Log *log = data;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER)
    log->end = GST_BUFFER_OFFSET_END (GST_PAD_PROBE_INFO_BUFFER (info));
  else
    g_string_append_printf (log->text, "%s@%" G_GUINT64_FORMAT " ",
        GST_EVENT_TYPE_NAME (GST_PAD_PROBE_INFO_EVENT (info)), log->end);
  return GST_PAD_PROBE_OK;
}

static void
log_free (gpointer data)
{
  Log *log = data;

  g_string_free (log->text, TRUE);
  g_free (log);
}

GString *
log_events (GstHarness *h)
{
  Log *log = g_new0 (Log, 1);

  log->text = g_string_new (NULL);
  gst_pad_add_probe (h->sinkpad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
          GST_PAD_PROBE_TYPE_EVENT_FLUSH,
      note, log, log_free);
  return log->text;
}
