/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "buffers.h"

void
gst_tfr_buffers_clear (GstTfrBuffers *b)
{
  for (guint i = 0; i < GST_TFR_N_BUFFERS; i++)
    gst_clear_buffer (&b->kept[i].buffer);
  memset (b, 0, sizeof *b);
}

static gboolean
is_free (GstTfrKeptBuffer *kept)
{
  return kept->buffer != NULL && gst_buffer_is_writable (kept->buffer) &&
         gst_buffer_is_all_memory_writable (kept->buffer);
}

GstTfrKeptBuffer *
gst_tfr_buffers_find_free (GstTfrBuffers *b)
{
  GstTfrKeptBuffer *best = NULL, *oldest = &b->kept[0];

  /* the newest of those that are free has the least to be moved */
  for (guint i = 0; i < GST_TFR_N_BUFFERS; i++) {
    GstTfrKeptBuffer *kept = &b->kept[i];

    if (is_free (kept) && (best == NULL || kept->used > best->used))
      best = kept;
    if (kept->used < oldest->used)
      oldest = kept;
  }
  if (best != NULL)
    return best;
  gst_clear_buffer (&oldest->buffer);
  memset (oldest, 0, sizeof *oldest);
  return oldest;
}

GstTfrKeptBuffer *
gst_tfr_buffers_find_newest (GstTfrBuffers *b)
{
  GstTfrKeptBuffer *newest = NULL;

  for (guint i = 0; i < GST_TFR_N_BUFFERS; i++) {
    GstTfrKeptBuffer *kept = &b->kept[i];

    if (kept->buffer != NULL && (newest == NULL || kept->used > newest->used))
      newest = kept;
  }
  return newest;
}

void
gst_tfr_buffers_slide (GstTfrKeptBuffer *kept, gssize bytes)
{
  gsize offset, most;
  gsize size = gst_buffer_get_sizes (kept->buffer, &offset, &most);
  gssize room = (gssize) (most - size), to = (gssize) offset + bytes;

  if (to < 0 || to > room) {
    to = bytes < 0 ? room & ~(gssize) 63 : 0;
    kept->used = 0;
    memset (&kept->state, 0, sizeof kept->state);
  }
  gst_buffer_resize (kept->buffer, to - (gssize) offset, (gssize) size);
}

void
gst_tfr_buffers_touch (GstTfrBuffers *b, GstTfrKeptBuffer *kept)
{
  kept->used = ++b->used;
}
