/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A batch for other languages: one object that owns what it shows. */

#include "gsttfrbatchview.h"

#include "gsttfrmapping.h"

struct _GstTfrBatchView {
  GstTfrHeader header;
  GstTfrParts parts;
  GstTfrMapping mapping;
};

G_DEFINE_BOXED_TYPE (GstTfrBatchView, gst_tfr_batch_view,
    gst_tfr_batch_view_ref, gst_tfr_batch_view_unref)

static void
clear (gpointer data)
{
  GstTfrBatchView *view = data;
  GstBuffer *buffer = view->mapping.buffer;

  gst_tfr_mapping_close (&view->mapping);
  gst_clear_buffer (&buffer);
}

/* Points where it is neither, so that the reader of these says what is wrong.
 */
static GstTfrKind
find_kind (GstBuffer *buffer)
{
  guint8 magic[GST_TFR_MAGIC_SIZE] = { 0 };
  GstTfrKind kind;

  gst_buffer_extract (buffer, 0, magic, sizeof magic);
  return gst_tfr_kind_from_magic (&kind, magic) ? kind : GST_TFR_KIND_POINTS;
}

/**
 * gst_tfr_batch_view_new:
 * @buffer: one batch; it stays mapped while the view lives
 * @error: #GST_STREAM_ERROR when it is not a sound batch, #GST_RESOURCE_ERROR
 *   when it cannot be mapped
 *
 * Memory that is not aligned to 8 bytes is copied.  A view may be read from
 * several threads.
 *
 * Returns: (transfer full): the view, or %NULL with an error
 */
GstTfrBatchView *
gst_tfr_batch_view_new (GstBuffer *buffer, GError **error)
{
  GstTfrBatchView *view;

  g_return_val_if_fail (GST_IS_BUFFER (buffer), NULL);
  view = g_atomic_rc_box_new0 (GstTfrBatchView);
  if (!gst_tfr_mapping_open (&view->mapping, find_kind (buffer), buffer,
          &view->header, &view->parts, error)) {
    gst_tfr_batch_view_unref (view);
    return NULL;
  }
  gst_buffer_ref (buffer);
  return view;
}

/**
 * gst_tfr_batch_view_ref:
 * @view: a view
 *
 * Returns: (transfer full): @view
 */
GstTfrBatchView *
gst_tfr_batch_view_ref (GstTfrBatchView *view)
{
  return g_atomic_rc_box_acquire (view);
}

/**
 * gst_tfr_batch_view_unref:
 * @view: (transfer full): a view
 */
void
gst_tfr_batch_view_unref (GstTfrBatchView *view)
{
  g_atomic_rc_box_release_full (view, clear);
}

/**
 * gst_tfr_batch_view_get_header:
 * @view: a view
 * @header: (out caller-allocates): filled in
 *
 * Copies the header.
 */
void
gst_tfr_batch_view_get_header (
    const GstTfrBatchView *view, GstTfrHeader *header)
{
  *header = view->header;
}

static GBytes *
wrap (GstTfrBatchView *view, gconstpointer data, gsize size)
{
  return g_bytes_new_with_free_func (data, size,
      (GDestroyNotify) gst_tfr_batch_view_unref, gst_tfr_batch_view_ref (view));
}

static gsize
offset_of (const GstTfrBatchView *view, gconstpointer data)
{
  const guint8 *start = view->mapping.map.data;

  if (view->mapping.copy != NULL)
    start = view->mapping.copy;
  return (gsize) ((const guint8 *) data - start);
}

static gboolean
has_plane (const GstTfrBatchView *view, guint32 field)
{
  return (field & (field - 1)) == 0 && (view->header.fields & field) != 0;
}

static guint
bit_of (guint32 field)
{
  return (guint) g_bit_nth_lsf (field, -1);
}

/**
 * gst_tfr_batch_view_get_counts:
 * @view: a view
 *
 * How many points each frame and channel has.
 *
 * Returns: (transfer full): little-endian guint32 [n_frames][channels]: points
 *   of frame 0 channel 0, frame 0 channel 1, ...  The memory is the buffer's
 */
GBytes *
gst_tfr_batch_view_get_counts (GstTfrBatchView *view)
{
  return wrap (view, view->parts.counts,
      (gsize) view->header.n_frames * view->header.channels * 4);
}

/**
 * gst_tfr_batch_view_get_plane:
 * @view: a view
 * @field: one bit of #GstTfrFields, of #GstTfrRowFields for partials, or
 *   another that the header's fields name
 *
 * All values of one field.
 *
 * Returns: (transfer full) (nullable): little-endian [n_points] in the order of
 *   the counts, gdouble for time and frequency, 4 bytes each for the others;
 *   %NULL where it is not there.  The memory is the buffer's
 */
GBytes *
gst_tfr_batch_view_get_plane (GstTfrBatchView *view, guint32 field)
{
  guint bit = bit_of (field);

  if (!has_plane (view, field))
    return NULL;
  return wrap (view, view->parts.planes[bit],
      view->header.n_points * gst_tfr_field_size (bit));
}

/**
 * gst_tfr_batch_view_get_counts_offset:
 * @view: a view
 *
 * For languages that read the mapped buffer itself.
 *
 * Returns: where gst_tfr_batch_view_get_counts() begins, bytes from the
 * buffer's start
 */
gsize
gst_tfr_batch_view_get_counts_offset (const GstTfrBatchView *view)
{
  return offset_of (view, view->parts.counts);
}

/**
 * gst_tfr_batch_view_get_plane_offset:
 * @view: a view
 * @field: as for gst_tfr_batch_view_get_plane()
 *
 * For languages that read the mapped buffer itself.
 *
 * Returns: where that plane begins, bytes from the buffer's start; 0 where
 *   points do not carry it
 */
gsize
gst_tfr_batch_view_get_plane_offset (const GstTfrBatchView *view, guint32 field)
{
  return has_plane (view, field)
             ? offset_of (view, view->parts.planes[bit_of (field)])
             : 0;
}
