/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "framedrows.h"

#include <string.h>

/* Bytes of counts and rows after which a batch is full, whatever the hop; they
 * come a frame at a time, and each is far less than is left to the most that a
 * batch may be. */
#define ENOUGH (1 << 22)

#define N_PLANES G_N_ELEMENTS (((GstTfrFramedRows *) NULL)->planes)

void
gst_tfr_framed_rows_init (
    GstTfrFramedRows *r, const GstTfrHeader *header, guint frames_per_batch)
{
  *r = (GstTfrFramedRows){ .header = *header,
    .frames_per_batch = frames_per_batch,
    .counts = g_array_new (FALSE, FALSE, sizeof (guint32)) };
  for (guint bit = 0; bit < N_PLANES; bit++)
    r->planes[bit] = g_byte_array_new ();
}

void
gst_tfr_framed_rows_clear (GstTfrFramedRows *r)
{
  g_clear_pointer (&r->counts, g_array_unref);
  for (guint bit = 0; bit < N_PLANES; bit++)
    g_clear_pointer (&r->planes[bit], g_byte_array_unref);
  memset (r, 0, sizeof *r);
}

static gsize
bytes_held (const GstTfrFramedRows *r)
{
  gsize n = (gsize) r->counts->len * sizeof (guint32);

  for (guint bit = 0; bit < N_PLANES; bit++)
    n += r->planes[bit]->len;
  return n;
}

/* Batches end where the frame's number is a multiple of their length, so that
 * they are the same wherever the stream begins. */
gboolean
gst_tfr_framed_rows_is_full (const GstTfrFramedRows *r, gint64 sample)
{
  gint64 hop = r->header.hop_size;

  return r->counts->len > 0 &&
         (sample != r->next || sample / hop % r->frames_per_batch == 0 ||
             bytes_held (r) >= ENOUGH);
}

static void
begin_batch (GstTfrFramedRows *r, gint64 sample)
{
  r->discont = r->any && sample != r->next;
  r->header.first = sample;
}

void
gst_tfr_framed_rows_add (GstTfrFramedRows *r, const ReassignRows *rows)
{
  const gconstpointer planes[] = { rows->time, rows->frequency, rows->amplitude,
    rows->phase, rows->bandwidth, rows->id, rows->flags };
  guint32 n = (guint32) rows->n_rows;

  if (r->counts->len == 0)
    begin_batch (r, rows->sample);
  r->next = rows->sample + r->header.hop_size;
  g_array_append_val (r->counts, n);
  for (guint bit = 0; bit < N_PLANES && n > 0; bit++)
    g_byte_array_append (
        r->planes[bit], planes[bit], (guint) (n * gst_tfr_field_size (bit)));
}

static void
write_rows (GstTfrFramedRows *r, GstTfrWriter *writer)
{
  gpointer to[32];

  gst_tfr_writer_get_planes (writer, to);
  for (guint bit = 0; bit < N_PLANES; bit++)
    if (r->planes[bit]->len > 0)
      memcpy (to[bit], r->planes[bit]->data, r->planes[bit]->len);
  for (guint i = 0; i < r->counts->len; i++)
    gst_tfr_writer_add (writer, g_array_index (r->counts, guint32, i));
}

GstBuffer *
gst_tfr_framed_rows_take (GstTfrFramedRows *r)
{
  GstTfrHeader *h = &r->header;
  GstTfrWriter writer;
  GstBuffer *buffer = NULL;

  h->n_frames = r->counts->len / h->channels;
  h->n_points = r->planes[2]->len / (guint) sizeof (gfloat);
  if (gst_tfr_writer_begin (&writer, h, NULL, NULL)) {
    write_rows (r, &writer);
    buffer =
        gst_tfr_writer_finish (&writer, r->discont ? GST_TFR_FLAG_DISCONT : 0,
            h->first + (gint64) h->n_frames * h->hop_size);
    if (!r->any)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    r->any = TRUE;
  }
  g_array_set_size (r->counts, 0);
  for (guint bit = 0; bit < N_PLANES; bit++)
    g_byte_array_set_size (r->planes[bit], 0);
  return buffer;
}
