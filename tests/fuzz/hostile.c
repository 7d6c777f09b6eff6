/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "hostile.h"

#include "element.h"

static void
describe (FuzzBytes *bytes, GstTfrHeader *h)
{
  static const guint32 rates[] = { 1, 8000, 44100, 48000, 10000000, G_MAXINT };
  static const gint64 firsts[] = { 0, -1024, 48000, G_GINT64_CONSTANT (1) << 33,
    G_GINT64_CONSTANT (1) << 54, G_GINT64_CONSTANT (1) << 61 };
  guint8 odd = fuzz_u8 (bytes);

  *h = (GstTfrHeader){
    .window_parameter = 9,
    .sum_h = 800,
    .sum_h2 = 600,
    .sigma = 300,
  };
  h->flags = fuzz_u8 (bytes);
  h->rate = rates[fuzz_pick (bytes, G_N_ELEMENTS (rates))];
  h->window_size = 32u << fuzz_pick (bytes, 16);
  h->hop_size = 1u << fuzz_pick (bytes, 20);
  h->fft_size = 32u << fuzz_pick (bytes, 16);
  h->channels = (guint16) (1 + fuzz_pick (bytes, 5));
  h->window_family = fuzz_u8 (bytes);
  h->first = firsts[fuzz_pick (bytes, G_N_ELEMENTS (firsts))];
  h->n_frames = fuzz_pick (bytes, 9);
  h->fields = GST_TFR_FIELDS_ALWAYS | (guint32) fuzz_u8 (bytes) << 3;
  h->end = h->first + (gint64) h->n_frames * h->hop_size;
  /* any value at all in some field now and then */
  if (odd & 1)
    h->rate = fuzz_u32 (bytes);
  if (odd & 2)
    h->hop_size = fuzz_u32 (bytes);
  if (odd & 4)
    h->window_size = fuzz_u32 (bytes);
  if (odd & 8)
    h->first = (gint64) fuzz_u64 (bytes);
  if (odd & 16)
    h->end = (gint64) fuzz_u64 (bytes);
  if (odd & 32)
    fuzz_take (bytes, &h->window_parameter, 4 * sizeof (gdouble));
  if (odd & 64)
    h->fft_size = fuzz_u32 (bytes);
}

/* A value that is likely to mean something, or any bits. */
static gdouble
any_double (FuzzBytes *bytes, const GstTfrHeader *h)
{
  gdouble value;

  switch (fuzz_pick (bytes, 4)) {
    case 0:
      return (gdouble) h->first / h->rate;
    case 1:
      return (gdouble) fuzz_u32 (bytes) / 65536;
    case 2:
      return (gdouble) h->first / h->rate + fuzz_u8 (bytes) / 1024.0;
    default:
      fuzz_take (bytes, &value, sizeof value);
      return value;
  }
}

/* A frame of one channel, of a seed's values or, with seed 0, of the input's
 * own. */
typedef struct {
  FuzzBytes *bytes;
  guint32 seed;
  const GstTfrHeader *header;
  gdouble centre; /* samples */
} Filling;

/* What a point or row of this frame has there, or should not have. */
static gdouble
likely_value (Filling *f, guint bit)
{
  const GstTfrHeader *h = f->header;
  gdouble part = fuzz_next (&f->seed) / 4294967296.0, reach;

  if (fuzz_next (&f->seed) % 64 == 0)
    return fuzz_odd_number (fuzz_next (&f->seed));
  reach = h->kind == GST_TFR_KIND_POINTS ? h->window_size : h->hop_size;
  if (bit == 0)
    return (f->centre + (part - 0.5) * reach) / h->rate;
  return bit == 1 ? part * h->rate / 2 : part;
}

static gboolean
is_whole_number (const GstTfrHeader *h, guint bit)
{
  return h->kind == GST_TFR_KIND_POINTS ? 1u << bit == GST_TFR_FIELD_BIN
                                        : 1u << bit >= GST_TFR_ROW_FIELD_ID;
}

/* Value i of a field; whole numbers are the same few ids in each frame. */
static void
put_value (Filling *f, guint bit, gpointer plane, guint i)
{
  guint32 *whole = (guint32 *) plane + i;

  if (gst_tfr_field_size (bit) == 8)
    ((gdouble *) plane)[i] =
        f->seed > 0 ? likely_value (f, bit) : any_double (f->bytes, f->header);
  else if (f->seed == 0)
    *whole = fuzz_u32 (f->bytes);
  else if (is_whole_number (f->header, bit))
    *whole = fuzz_next (&f->seed) % 16 > 0 ? i : fuzz_next (&f->seed);
  else
    ((gfloat *) plane)[i] = (gfloat) likely_value (f, bit);
}

static void
fill (FuzzBytes *bytes, GstTfrWriter *writer, gdouble centre)
{
  guint n = fuzz_pick (bytes, 17);
  Filling f = { .bytes = bytes,
    .seed = n % 2 > 0 ? fuzz_seed (bytes) : 0,
    .header = &writer->header,
    .centre = centre };
  gpointer planes[32];

  gst_tfr_writer_get_planes (writer, planes);
  for (guint bit = 0; bit < 32; bit++)
    for (guint i = 0; planes[bit] != NULL && i < n; i++)
      put_value (&f, bit, planes[bit], i);
  gst_tfr_writer_add (writer, n);
}

static GstBuffer *
next_batch (FuzzBytes *bytes, GstTfrKind kind)
{
  GstTfrHeader header;
  GstTfrWriter writer;
  GstBuffer *buffer;
  gint64 end;
  guint n_counts;
  guint8 how;

  if (bytes->size == 0)
    return NULL;
  how = fuzz_u8 (bytes);
  if (how % 8 == 7)
    return fuzz_buffer (bytes, fuzz_u32 (bytes) % 4096);
  describe (bytes, &header);
  header.kind = kind;
  if (kind == GST_TFR_KIND_PARTIALS)
    header.fields = GST_TFR_ROW_FIELDS_ALL;
  n_counts = header.n_frames * header.channels;
  end = header.end;
  header.n_points = 16 * n_counts;
  if (!gst_tfr_writer_begin (&writer, &header, NULL, NULL))
    return NULL;
  for (guint i = 0; i < n_counts; i++)
    fill (bytes, &writer,
        (gdouble) header.first +
            (gdouble) (i / header.channels) * header.hop_size);
  /* stamped by hand: the writer's stamps take a sound header for granted */
  writer.header.rate = MAX (header.rate, 1);
  buffer = gst_tfr_writer_finish (&writer, header.flags, end);
  if (how & 8)
    GST_BUFFER_PTS (buffer) = fuzz_u64 (bytes);
  if (how & 16)
    GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
  if (how & 32)
    gst_buffer_set_size (buffer, gst_buffer_get_size (buffer) / 2);
  return buffer;
}

GstBuffer *
fuzz_next_batch (FuzzBytes *bytes)
{
  return next_batch (bytes, GST_TFR_KIND_POINTS);
}

GstBuffer *
fuzz_next_partials (FuzzBytes *bytes)
{
  return next_batch (bytes, GST_TFR_KIND_PARTIALS);
}
