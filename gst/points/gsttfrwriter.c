/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Writing batches: room for the most points there can be, closed up at the end
 * when it is known how many there are. */

#include "gsttfrwriter.h"

/**
 * gst_tfr_writer_begin_in: (skip)
 * @writer: (out caller-allocates): the writer
 * @header: the batch, with the most frames and points that it may get; its
 *   kind decides of what
 * @buffer: (transfer full) (nullable): where to write it, with room, in one
 *   memory aligned to 64
 *
 * Returns: %FALSE when such a batch would be too large, or there is no @buffer,
 * or none that can be written
 */
gboolean
gst_tfr_writer_begin_in (
    GstTfrWriter *writer, const GstTfrHeader *header, GstBuffer *buffer)
{
  memset (writer, 0, sizeof *writer);
  writer->header = *header;
  writer->buffer = buffer;
  if (buffer != NULL &&
      gst_tfr_header_get_layout (
          header, GST_TFR_HEADER_SIZE, &writer->layout) &&
      gst_buffer_get_size (buffer) >= writer->layout.size &&
      gst_buffer_map (buffer, &writer->map, GST_MAP_READWRITE))
    return TRUE;
  gst_clear_buffer (&writer->buffer);
  return FALSE;
}

/**
 * gst_tfr_writer_begin: (skip)
 * @writer: (out caller-allocates): the writer
 * @header: as for gst_tfr_writer_begin_in()
 * @allocator: (nullable): for the buffer's memory
 * @params: (nullable): likewise
 *
 * Returns: %FALSE when such a batch would be too large, or memory runs out
 */
gboolean
gst_tfr_writer_begin (GstTfrWriter *writer, const GstTfrHeader *header,
    GstAllocator *allocator, const GstAllocationParams *params)
{
  GstAllocationParams aligned;
  GstTfrLayout layout;

  memset (writer, 0, sizeof *writer);
  if (!gst_tfr_header_get_layout (header, GST_TFR_HEADER_SIZE, &layout))
    return FALSE;

  gst_allocation_params_init (&aligned);
  if (params != NULL)
    aligned = *params;
  aligned.align |= 63;
  return gst_tfr_writer_begin_in (writer, header,
      gst_buffer_new_allocate (allocator, layout.size, &aligned));
}

/**
 * gst_tfr_writer_get_planes: (skip)
 * @writer: a writer
 * @planes: (out): for each bit of the header's fields where the next points go,
 *   %NULL for the others
 */
void
gst_tfr_writer_get_planes (const GstTfrWriter *writer, gpointer planes[32])
{
  for (guint bit = 0; bit < 32; bit++)
    planes[bit] = writer->header.fields >> bit & 1
                      ? writer->map.data + writer->layout.planes[bit] +
                            writer->n_points * gst_tfr_field_size (bit)
                      : NULL;
}

/**
 * gst_tfr_writer_add: (skip)
 * @writer: a writer
 * @n_points: points or rows that were written for the next channel of this
 * frame, or the first channel of the next
 */
void
gst_tfr_writer_add (GstTfrWriter *writer, guint n_points)
{
  guint32 *counts = (guint32 *) (writer->map.data + writer->layout.counts);

  g_return_if_fail (
      writer->n_counts < writer->header.n_frames * writer->header.channels);
  g_return_if_fail (n_points <= writer->header.n_points - writer->n_points);
  counts[writer->n_counts++] = GUINT32_TO_LE (n_points);
  writer->n_points += n_points;
}

/**
 * gst_tfr_writer_append: (skip)
 * @writer: a writer of the same fields, with room
 * @piece: another
 * @count: the first of its counts that follow here
 * @n_counts: how many of them
 * @point: the first of their points
 *
 * Returns: how many points they have
 */
guint
gst_tfr_writer_append (GstTfrWriter *writer, const GstTfrWriter *piece,
    guint count, guint n_counts, guint point)
{
  const guint32 *counts =
      (const guint32 *) (piece->map.data + piece->layout.counts) + count;
  gpointer planes[32];
  guint n_points = 0;

  gst_tfr_writer_get_planes (writer, planes);
  for (guint i = 0; i < n_counts; i++) {
    gst_tfr_writer_add (writer, GUINT32_FROM_LE (counts[i]));
    n_points += GUINT32_FROM_LE (counts[i]);
  }
  for (guint bit = 0; bit < 32; bit++) {
    gsize size = gst_tfr_field_size (bit);

    if (planes[bit] != NULL)
      memcpy (planes[bit],
          piece->map.data + piece->layout.planes[bit] + point * size,
          n_points * size);
  }
  return n_points;
}

static void
write_header (guint8 *data, const GstTfrHeader *h, gsize size)
{
  memset (data, 0, GST_TFR_HEADER_SIZE);
  memcpy (data, gst_tfr_kind_magic (h->kind), GST_TFR_MAGIC_SIZE);
  GST_WRITE_UINT16_LE (data + 8, GST_TFR_VERSION);
  GST_WRITE_UINT16_LE (data + 10, GST_TFR_HEADER_SIZE);
  GST_WRITE_UINT32_LE (data + 12, (guint32) size);
  GST_WRITE_UINT32_LE (data + 16, h->flags);
  GST_WRITE_UINT32_LE (data + 20, h->rate);
  GST_WRITE_UINT32_LE (data + 24, h->window_size);
  GST_WRITE_UINT32_LE (data + 28, h->hop_size);
  GST_WRITE_UINT32_LE (data + 32, h->fft_size);
  GST_WRITE_UINT16_LE (data + 36, h->channels);
  GST_WRITE_UINT16_LE (data + 38, h->window_family);
  GST_WRITE_UINT64_LE (data + 40, h->first);
  GST_WRITE_UINT32_LE (data + 48, h->n_frames);
  GST_WRITE_UINT32_LE (data + 52, h->n_points);
  GST_WRITE_UINT32_LE (data + 56, h->fields);
  GST_WRITE_UINT64_LE (data + 64, h->end);
  GST_WRITE_UINT64_LE (data + 72, h->channel_mask);
  GST_WRITE_DOUBLE_LE (data + 80, h->window_parameter);
  GST_WRITE_DOUBLE_LE (data + 88, h->sum_h);
  GST_WRITE_DOUBLE_LE (data + 96, h->sum_h2);
  GST_WRITE_DOUBLE_LE (data + 104, h->sigma);
}

/* Moves the planes down to where fewer points than could be put them. */
static void
close_up (GstTfrWriter *writer, const GstTfrLayout *final)
{
  guint8 *data = writer->map.data;
  gsize at = final->counts + (gsize) writer->n_counts * 4;

  for (guint bit = 0; bit < 32; bit++) {
    gsize size = writer->n_points * gst_tfr_field_size (bit);

    if (!(writer->header.fields >> bit & 1))
      continue;
    memset (data + at, 0, final->planes[bit] - at);
    if (final->planes[bit] != writer->layout.planes[bit])
      memmove (
          data + final->planes[bit], data + writer->layout.planes[bit], size);
    at = final->planes[bit] + size;
  }
  memset (data + at, 0, final->size - at);
}

/**
 * gst_tfr_writer_finish: (skip)
 * @writer: a writer to which whole frames have been added
 * @flags: #GstTfrFlags
 * @end: the header's end
 *
 * Returns: (transfer full): the batch, its OFFSET, OFFSET_END, PTS and DURATION
 * set by its positions
 */
GstBuffer *
gst_tfr_writer_finish (GstTfrWriter *writer, guint32 flags, gint64 end)
{
  GstTfrHeader *h = &writer->header;
  GstBuffer *buffer = writer->buffer;
  GstTfrLayout final;

  h->flags = flags;
  h->end = end;
  h->n_frames = writer->n_counts / h->channels;
  h->n_points = writer->n_points;
  gst_tfr_header_get_layout (h, GST_TFR_HEADER_SIZE, &final);
  close_up (writer, &final);
  write_header (writer->map.data, h, final.size);
  gst_buffer_unmap (buffer, &writer->map);
  gst_buffer_set_size (buffer, final.size);
  writer->buffer = NULL;

  GST_BUFFER_OFFSET (buffer) = (guint64) h->first;
  GST_BUFFER_OFFSET_END (buffer) = (guint64) end;
  if (h->first >= 0) {
    GST_BUFFER_PTS (buffer) =
        gst_util_uint64_scale (h->first, GST_SECOND, h->rate);
    GST_BUFFER_DURATION (buffer) =
        gst_util_uint64_scale (end, GST_SECOND, h->rate) -
        GST_BUFFER_PTS (buffer);
  }
  if (flags & GST_TFR_FLAG_GAP)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  if (flags & GST_TFR_FLAG_DISCONT)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  return buffer;
}

/**
 * gst_tfr_writer_abort: (skip)
 * @writer: a writer, begun or not
 */
void
gst_tfr_writer_abort (GstTfrWriter *writer)
{
  if (writer->buffer == NULL)
    return;
  gst_buffer_unmap (writer->buffer, &writer->map);
  gst_clear_buffer (&writer->buffer);
}
