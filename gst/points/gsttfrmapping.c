/* SPDX-License-Identifier: GPL-2.0-or-later */

/* From a buffer to the places of a sound batch's parts. */

#include "gsttfrmapping.h"

/* Planes are read where they are mapped. */
G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

static guint64
sum_counts (const guint32 *counts, guint64 n)
{
  guint64 sum = 0;

  for (guint64 i = 0; i < n; i++)
    sum += counts[i];
  return sum;
}

static gboolean
is_of_kind (const GstTfrHeader *header, GstTfrKind kind, GError **error)
{
  static const gchar *const names[] = { "points", "partials" };

  if (header->kind != kind)
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE,
        "A batch of %s where one of %s was expected.", names[header->kind],
        names[kind]);
  return header->kind == kind;
}

static gboolean
is_whole (
    const GstTfrMapping *mapping, const GstTfrLayout *layout, GError **error)
{
  if (layout->size != mapping->map.size)
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
        "Damaged batch: it was cut, or something follows it.");
  return layout->size == mapping->map.size;
}

/* Points into the mapped memory, or into a copy where that is not aligned. */
static gboolean
find_parts (GstTfrMapping *mapping, const GstTfrHeader *header,
    const GstTfrLayout *layout, GstTfrParts *parts, GError **error)
{
  const guint8 *data = mapping->map.data;

  if ((guintptr) data % sizeof (gdouble) != 0)
    data = mapping->copy = g_memdup2 (data, layout->size);
  parts->counts = (const guint32 *) (data + layout->counts);
  if (sum_counts (parts->counts,
          (guint64) header->n_frames * header->channels) != header->n_points) {
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
        "Damaged batch: its counts do not add up.");
    return FALSE;
  }
  for (guint bit = 0; bit < 32; bit++)
    parts->planes[bit] =
        header->fields >> bit & 1 ? data + layout->planes[bit] : NULL;
  return TRUE;
}

gboolean
gst_tfr_mapping_open (GstTfrMapping *mapping, GstTfrKind kind,
    GstBuffer *buffer, GstTfrHeader *header, GstTfrParts *parts, GError **error)
{
  GstTfrLayout layout;

  memset (mapping, 0, sizeof *mapping);
  memset (parts, 0, sizeof *parts);
  if (!gst_buffer_map (buffer, &mapping->map, GST_MAP_READ)) {
    g_set_error_literal (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
        "Could not map a batch.");
    return FALSE;
  }
  mapping->buffer = buffer;
  if (gst_tfr_header_read (
          header, &layout, mapping->map.data, mapping->map.size, error) &&
      is_of_kind (header, kind, error) && is_whole (mapping, &layout, error) &&
      find_parts (mapping, header, &layout, parts, error))
    return TRUE;
  gst_tfr_mapping_close (mapping);
  return FALSE;
}

void
gst_tfr_mapping_close (GstTfrMapping *mapping)
{
  if (mapping->buffer != NULL)
    gst_buffer_unmap (mapping->buffer, &mapping->map);
  g_free (mapping->copy);
  memset (mapping, 0, sizeof *mapping);
}
