/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "chain.h"

#include "gsttfr.h"

#include <gst/check/gstcheck.h>
#include <math.h>

GstHarness *
chain_new (const gchar *launch, gint rate, gint channels)
{
  GstHarness *h = gst_harness_new_parse (launch);
  GstCaps *caps = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING,
      "F64LE", "layout", G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, rate,
      "channels", G_TYPE_INT, channels, NULL);

  if (channels > 2)
    gst_caps_set_simple (
        caps, "channel-mask", GST_TYPE_BITMASK, (guint64) 0, NULL);
  gst_harness_set_src_caps (h, caps);
  return h;
}

static gint
caps_int (GstPad *pad, const gchar *name)
{
  GstCaps *caps = gst_pad_get_current_caps (pad);
  gint value = 0;

  gst_structure_get_int (gst_caps_get_structure (caps, 0), name, &value);
  gst_caps_unref (caps);
  return value;
}

void
chain_assert_sizes (GstHarness *h, gint rate, gint channels)
{
  fail_unless_equals_int (caps_int (h->sinkpad, "rate"), rate);
  fail_unless_equals_int (caps_int (h->sinkpad, "channels"), channels);
}

void
chain_assert_caps_came (GstHarness *h, guint n)
{
  GstEvent *event;
  guint came = 0;

  while ((event = gst_harness_try_pull_event (h)) != NULL) {
    came += GST_EVENT_TYPE (event) == GST_EVENT_CAPS;
    gst_event_unref (event);
  }
  fail_unless_equals_int (came, n);
}

void
chain_push (GstHarness *h, const gdouble *x, gsize n, gint64 position)
{
  gint rate = caps_int (h->srcpad, "rate");
  gint channels = caps_int (h->srcpad, "channels");
  gsize size = n * (gsize) channels * sizeof *x;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_fill (buffer, 0, x, size);
  GST_BUFFER_PTS (buffer) =
      gst_util_uint64_scale ((guint64) position, GST_SECOND, (guint64) rate);
  GST_BUFFER_DURATION (buffer) =
      gst_util_uint64_scale (n, GST_SECOND, (guint64) rate);
  fail_unless_equals_int (gst_harness_push (h, buffer), GST_FLOW_OK);
}

void
chain_push_all (GstHarness *h, const gdouble *x, gsize n, gsize piece)
{
  gsize channels = (gsize) caps_int (h->srcpad, "channels");

  for (gsize i = 0; i < n; i += piece)
    chain_push (h, x + i * channels, MIN (piece, n - i), (gint64) i);
  gst_harness_push_event (h, gst_event_new_eos ());
}

GArray *
chain_pull (GstHarness *h)
{
  GArray *y = g_array_new (FALSE, FALSE, sizeof (gdouble));
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    GstMapInfo map;

    gst_buffer_map (buffer, &map, GST_MAP_READ);
    g_array_append_vals (y, map.data, (guint) (map.size / sizeof (gdouble)));
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  return y;
}

GArray *
chain_run (const gchar *launch, gint rate, gint channels, const gdouble *x,
    gsize n, gsize piece)
{
  GstHarness *h = chain_new (launch, rate, channels);
  GArray *y;

  gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
  chain_push_all (h, x, n, piece);
  y = chain_pull (h);
  gst_harness_teardown (h);
  return y;
}

gdouble
chain_snr (const gdouble *x, const GArray *y, gsize n, gdouble from, gdouble to)
{
  gdouble sound = 0, rest = 0;

  fail_unless_equals_uint64 (y->len, n);
  for (gsize i = (gsize) (from * (gdouble) n); i < (gsize) (to * (gdouble) n);
       i++) {
    gdouble d = x[i] - g_array_index (y, gdouble, i);

    sound += x[i] * x[i];
    rest += d * d;
  }
  return 10 * log10 (sound / rest);
}

gboolean
chain_row_is_same (const ChainRow *a, const ChainRow *b)
{
  return a->sample == b->sample && a->channel == b->channel &&
         a->time == b->time && a->frequency == b->frequency &&
         a->amplitude == b->amplitude && a->phase == b->phase &&
         a->bandwidth == b->bandwidth && a->flags == b->flags;
}

static void
append_batch (ChainRows *to, GstBuffer *buffer)
{
  GstTfrPartials p;
  guint i = 0;

  fail_unless (gst_tfr_partials_map (&p, buffer, NULL));
  if (to->n_frames == 0)
    to->first = p.header.first;
  else
    fail_unless_equals_int64 (p.header.first, to->end);
  to->end = p.header.end;
  to->n_frames += p.header.n_frames;
  for (guint c = 0; c < p.header.n_frames * p.header.channels; c++)
    for (guint last = i + p.counts[c]; i < last; i++) {
      ChainRow row = { .sample =
                           p.header.first +
                           (gint64) (c / p.header.channels * p.header.hop_size),
        .channel = c % p.header.channels,
        .time = p.time[i],
        .frequency = p.frequency[i],
        .amplitude = p.amplitude[i],
        .phase = p.phase[i],
        .bandwidth = p.bandwidth[i],
        .id = p.id[i],
        .flags = p.flags[i] };

      g_array_append_val (to->rows, row);
    }
  gst_tfr_partials_unmap (&p);
}

ChainRows *
chain_pull_rows (GstHarness *h)
{
  ChainRows *rows = g_new0 (ChainRows, 1);
  GstBuffer *buffer;

  rows->rows = g_array_new (FALSE, TRUE, sizeof (ChainRow));
  while ((buffer = gst_harness_try_pull (h)) != NULL) {
    append_batch (rows, buffer);
    gst_buffer_unref (buffer);
  }
  return rows;
}

void
chain_rows_free (ChainRows *rows)
{
  g_array_unref (rows->rows);
  g_free (rows);
}
