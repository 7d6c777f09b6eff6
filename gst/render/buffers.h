/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Frame buffers that are drawn on again.
 *
 * What a buffer shows is still there when it comes back, and most of it is in the
 * next frame too.  So a few buffers are kept: with a reference held on each nobody
 * downstream may write to it, and when that is the only one left it is free. */

#ifndef GST_TFR_BUFFERS_H
#define GST_TFR_BUFFERS_H

#include "scene.h"

#define GST_TFR_N_BUFFERS 4

typedef struct {
  GstBuffer *buffer;
  GstTfrFrameState state;
  guint64 used; /* when it was drawn last, from 1 */
} GstTfrKeptBuffer;

typedef struct {
  GstTfrKeptBuffer kept[GST_TFR_N_BUFFERS];
  guint64 used;
} GstTfrBuffers;

/* Forgets all: other caps, another pool. */
void gst_tfr_buffers_clear (GstTfrBuffers *buffers);

/* A kept buffer that nobody else uses, or one whose `buffer` is NULL and is to be
 * filled in. */
GstTfrKeptBuffer *gst_tfr_buffers_find_free (GstTfrBuffers *buffers);

/* The one that was drawn last and is still what it was; NULL at first. */
GstTfrKeptBuffer *gst_tfr_buffers_find_newest (GstTfrBuffers *buffers);

/* Moves the beginning of the frame within its memory.  Where that ends, the
 * beginning goes to the other end, and what the buffer shows is lost. */
void gst_tfr_buffers_slide (GstTfrKeptBuffer *kept, gssize bytes);

/* It has been drawn on. */
void gst_tfr_buffers_touch (GstTfrBuffers *buffers, GstTfrKeptBuffer *kept);

#endif
