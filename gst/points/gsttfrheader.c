/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What every batch begins with, of points and of partials alike.  Nothing that
 * comes from outside is trusted: every size and count is checked, in arithmetic
 * that cannot overflow, before anything is read where it points. */

#include "gsttfrheader.h"

#include <math.h>

/* Counts and planes begin at multiples of this. */
#define ALIGNMENT 64

/* What the two kinds differ in, in the order of GstTfrKind. */
static const struct {
  const gchar *magic;
  guint32 fields; /* that must be there */
  const gchar *lacking;
} kinds[] = {
  { GST_TFR_POINTS_MAGIC, GST_TFR_FIELDS_ALWAYS,
      "points without time, frequency or magnitude" },
  { GST_TFR_PARTIALS_MAGIC, GST_TFR_ROW_FIELDS_ALL,
      "rows without one of their seven fields" },
};

/**
 * gst_tfr_kind_from_magic: (skip)
 * @kind: (out): what begins there
 * @data: %GST_TFR_MAGIC_SIZE bytes
 *
 * Returns: whether a batch does
 */
gboolean
gst_tfr_kind_from_magic (GstTfrKind *kind, const guint8 *data)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (memcmp (data, kinds[i].magic, GST_TFR_MAGIC_SIZE) == 0) {
      *kind = (GstTfrKind) i;
      return TRUE;
    }
  return FALSE;
}

/**
 * gst_tfr_kind_magic: (skip)
 * @kind: a kind of batch
 *
 * Returns: the %GST_TFR_MAGIC_SIZE bytes that it begins with
 */
const gchar *
gst_tfr_kind_magic (GstTfrKind kind)
{
  return kinds[kind].magic;
}

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

/* The end is the first frame's centre that does not belong to the batch, or where
 * the samples end: after the last centre, and before any that another hop could
 * have. */
static gboolean
is_end (const GstTfrHeader *h)
{
  __int128 last =
      (__int128) h->first + ((__int128) h->n_frames - 1) * h->hop_size;

  if (h->n_frames == 0)
    last = (__int128) h->first - 1;
  return h->end > last && h->end - last <= G_MAXINT;
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
  if ((h->fields & kinds[h->kind].fields) != kinds[h->kind].fields)
    return kinds[h->kind].lacking;
  if (!(h->sum_h > 0) || !(h->sum_h2 > 0) || !isfinite (h->sum_h) ||
      !isfinite (h->sum_h2))
    return "a window without a positive sum";
  /* Beyond these no reader could count on without overflow. */
  if (h->first < -((gint64) 1 << 62) || h->first > (gint64) 1 << 62 ||
      h->end < -((gint64) 1 << 62) || h->end > (gint64) 1 << 62)
    return "a position beyond 2^62";
  if (!is_end (h))
    return "an end that does not follow from its frames";
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
  GstTfrKind kind;

  if (size < GST_TFR_HEADER_SIZE || !gst_tfr_kind_from_magic (&kind, data)) {
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "Not a batch of reassigned points or partials: no magic number.");
    return FALSE;
  }
  version = GST_READ_UINT16_LE (data + 8);
  if (version != GST_TFR_VERSION) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE,
        "A batch of version %u; this reader knows version %d.", version,
        GST_TFR_VERSION);
    return FALSE;
  }

  header_size = GST_READ_UINT16_LE (data + 10);
  batch_size = GST_READ_UINT32_LE (data + 12);
  *header = (GstTfrHeader){
    .kind = kind,
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
        "Damaged batch: %s.", fault);
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
  *info = (GstTfrInfo){
    .kind = header->kind,
    .rate = (gint) header->rate,
    .channels = header->channels,
    .channel_mask = header->channel_mask,
    .hop_size = (gint) header->hop_size,
    .window_size = (gint) header->window_size,
    .fft_size = (gint) header->fft_size,
    .fields = header->kind == GST_TFR_KIND_POINTS ? header->fields & 0xff : 0,
  };
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
