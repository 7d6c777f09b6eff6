/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Reading batches.  Nothing that comes from outside is trusted: every size and
 * count is checked, in arithmetic that cannot overflow, before anything is read
 * where it points. */

#include "gsttfrbatch.h"

#include <math.h>

/* Planes are read where they are mapped. */
G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

/* Counts and planes begin at multiples of this. */
#define ALIGNMENT 64

/**
 * gst_tfr_field_size: (skip)
 * @bit: number of a field's bit
 *
 * Returns: bytes of one value: 8 for time and frequency, else 4, also for bits
 * that are not known yet
 */
gsize
gst_tfr_field_size (guint bit)
{
  return bit < 2 ? 8 : 4;
}

/* Sums of the few sizes below 2^32 + 2^36 each stay far below 2^64. */
static guint64
align (guint64 offset)
{
  return (offset + ALIGNMENT - 1) & ~(guint64) (ALIGNMENT - 1);
}

/**
 * gst_tfr_header_get_layout: (skip)
 * @header: sizes and fields
 * @header_size: bytes before the counts
 * @layout: (out): where the parts of such a batch are
 *
 * Returns: %FALSE when the batch would be larger than %GST_TFR_MAX_BATCH_SIZE
 */
gboolean
gst_tfr_header_get_layout (
    const GstTfrHeader *header, gsize header_size, GstTfrLayout *layout)
{
  guint64 n_counts = (guint64) header->n_frames * header->channels, at;

  memset (layout, 0, sizeof *layout);
  if (n_counts > GST_TFR_MAX_BATCH_SIZE || header_size > G_MAXUINT16)
    return FALSE;
  layout->counts = header_size;
  at = align (header_size + n_counts * 4);
  for (guint bit = 0; bit < 32; bit++) {
    if (!(header->fields >> bit & 1))
      continue;
    layout->planes[bit] = at;
    at = align (at + (guint64) header->n_points * gst_tfr_field_size (bit));
  }
  layout->size = at;
  return at <= GST_TFR_MAX_BATCH_SIZE;
}

/* NULL, or what is wrong with a header whose fixed part has been read. */
static const gchar *
find_fault (const GstTfrHeader *h)
{
  if (h->rate == 0 || h->rate > G_MAXINT || h->channels == 0)
    return "rate or channels of 0";
  if (h->window_size == 0 || h->hop_size == 0 || h->fft_size == 0 ||
      h->window_size > G_MAXINT || h->hop_size > G_MAXINT ||
      h->fft_size > G_MAXINT)
    return "a size of 0, or beyond 2^31";
  if ((h->fields & GST_TFR_FIELDS_ALWAYS) != GST_TFR_FIELDS_ALWAYS)
    return "points without time, frequency or magnitude";
  if (!(h->sum_h > 0) || !(h->sum_h2 > 0) || !isfinite (h->sum_h) ||
      !isfinite (h->sum_h2))
    return "a window without a positive sum";
  /* Beyond these no reader could count on without overflow. */
  if (h->first < -((gint64) 1 << 62) || h->first > (gint64) 1 << 62 ||
      h->end < -((gint64) 1 << 62) || h->end > (gint64) 1 << 62)
    return "a position beyond 2^62";
  return NULL;
}

/**
 * gst_tfr_header_read: (skip)
 * @header: (out): filled in
 * @layout: (out): where the batch's parts are; its size is the batch's
 * @data: (array length=size): the batch, or at least its header
 * @size: bytes in @data
 * @error: #GST_STREAM_ERROR: FORMAT without the magic, WRONG_TYPE for another
 *   version, DECODE for a header that contradicts itself
 *
 * Returns: whether there is a good header
 */
gboolean
gst_tfr_header_read (GstTfrHeader *header, GstTfrLayout *layout,
    const guint8 *data, gsize size, GError **error)
{
  guint version, header_size, batch_size;
  const gchar *fault;

  if (size < GST_TFR_HEADER_SIZE || memcmp (data, GST_TFR_POINTS_MAGIC, 8) != 0) {
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "Not a batch of reassigned points: no magic number.");
    return FALSE;
  }
  version = GST_READ_UINT16_LE (data + 8);
  if (version != GST_TFR_VERSION) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE,
        "Points of version %u; this reader knows version %d.", version,
        GST_TFR_VERSION);
    return FALSE;
  }

  header_size = GST_READ_UINT16_LE (data + 10);
  batch_size = GST_READ_UINT32_LE (data + 12);
  *header = (GstTfrHeader) {
    .flags = GST_READ_UINT32_LE (data + 16),
    .rate = GST_READ_UINT32_LE (data + 20),
    .window_size = GST_READ_UINT32_LE (data + 24),
    .hop_size = GST_READ_UINT32_LE (data + 28),
    .fft_size = GST_READ_UINT32_LE (data + 32),
    .channels = GST_READ_UINT16_LE (data + 36),
    .window_family = GST_READ_UINT16_LE (data + 38),
    .first = (gint64) GST_READ_UINT64_LE (data + 40),
    .n_frames = GST_READ_UINT32_LE (data + 48),
    .n_points = GST_READ_UINT32_LE (data + 52),
    .fields = GST_READ_UINT32_LE (data + 56),
    .end = (gint64) GST_READ_UINT64_LE (data + 64),
    .channel_mask = GST_READ_UINT64_LE (data + 72),
    .window_parameter = GST_READ_DOUBLE_LE (data + 80),
    .sum_h = GST_READ_DOUBLE_LE (data + 88),
    .sum_h2 = GST_READ_DOUBLE_LE (data + 96),
    .sigma = GST_READ_DOUBLE_LE (data + 104),
  };

  fault = find_fault (header);
  if (fault == NULL &&
      (header_size < GST_TFR_HEADER_SIZE || header_size % ALIGNMENT != 0))
    fault = "a header that is too small or not a multiple of 64 bytes";
  if (fault == NULL &&
      (!gst_tfr_header_get_layout (header, header_size, layout) ||
          layout->size != batch_size))
    fault = "a size that does not follow from its counts";
  if (fault != NULL)
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
        "Damaged batch of points: %s.", fault);
  return fault == NULL;
}

/**
 * gst_tfr_header_get_info: (skip)
 * @header: a batch's header
 * @info: (out): the caps that belong to it
 */
void
gst_tfr_header_get_info (const GstTfrHeader *header, GstTfrInfo *info)
{
  *info = (GstTfrInfo) {
    .rate = (gint) header->rate,
    .channels = header->channels,
    .channel_mask = header->channel_mask,
    .hop_size = (gint) header->hop_size,
    .window_size = (gint) header->window_size,
    .fft_size = (gint) header->fft_size,
    .fields = header->fields & 0xff,
  };
}

static guint64
sum_counts (const guint32 *counts, guint64 n)
{
  guint64 sum = 0;

  for (guint64 i = 0; i < n; i++)
    sum += counts[i];
  return sum;
}

static gboolean
fail (GstTfrBatch *batch, GError **error, const gchar *why)
{
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
      "Damaged batch of points: %s.", why);
  gst_tfr_batch_unmap (batch);
  return FALSE;
}

/**
 * gst_tfr_batch_map: (skip)
 * @batch: (out caller-allocates): the view; unmap after use
 * @buffer: one batch, kept until then
 * @error: #GST_STREAM_ERROR, as gst_tfr_header_read()
 *
 * Memory that is not aligned to 8 bytes is copied.
 *
 * Returns: whether @buffer holds a sound batch; when not, nothing is mapped
 */
gboolean
gst_tfr_batch_map (GstTfrBatch *batch, GstBuffer *buffer, GError **error)
{
  GstTfrLayout layout;
  const guint8 *data;

  memset (batch, 0, sizeof *batch);
  if (!gst_buffer_map (buffer, &batch->map, GST_MAP_READ)) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
        "Could not map a buffer of points.");
    return FALSE;
  }
  batch->buffer = buffer;
  data = batch->map.data;
  if (!gst_tfr_header_read (
          &batch->header, &layout, data, batch->map.size, error)) {
    gst_tfr_batch_unmap (batch);
    return FALSE;
  }
  if (layout.size != batch->map.size)
    return fail (batch, error, "it was cut, or something follows it");
  if ((guintptr) data % sizeof (gdouble) != 0)
    data = batch->copy = g_memdup2 (data, layout.size);

  batch->counts = (const guint32 *) (data + layout.counts);
  if (sum_counts (batch->counts,
          (guint64) batch->header.n_frames * batch->header.channels) !=
      batch->header.n_points)
    return fail (batch, error, "its counts do not add up");

#define PLANE(bit) \
  (batch->header.fields >> (bit) & 1 ? (gconstpointer) (data + \
                                                        layout.planes[bit]) \
                                     : NULL)
  batch->time = PLANE (0);
  batch->frequency = PLANE (1);
  batch->magnitude = PLANE (2);
  batch->phase = PLANE (3);
  batch->mixed = PLANE (4);
  batch->chirp_rate = PLANE (5);
  batch->agreement = PLANE (6);
  batch->bin = PLANE (7);
#undef PLANE
  return TRUE;
}

/**
 * gst_tfr_batch_unmap: (skip)
 * @batch: a mapped view
 */
void
gst_tfr_batch_unmap (GstTfrBatch *batch)
{
  if (batch->buffer != NULL)
    gst_buffer_unmap (batch->buffer, &batch->map);
  g_free (batch->copy);
  memset (batch, 0, sizeof *batch);
}

/**
 * gst_tfr_header_point_energy:
 * @header: a batch's header
 *
 * Returns: the energy, in squared samples, of a point of magnitude 1; summed
 * over a signal's points, this times magnitude^2 is the sum of its squares
 */
gdouble
gst_tfr_header_point_energy (const GstTfrHeader *header)
{
  return header->hop_size * header->sum_h * header->sum_h /
         (2.0 * header->fft_size * header->sum_h2);
}
