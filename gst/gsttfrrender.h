/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What the element and its streaming thread share; nobody else includes this.
 */

#ifndef GST_TFR_RENDER_H
#define GST_TFR_RENDER_H

#include "render/frameclock.h"
#include "render/navigation.h"
#include "render/output.h"
#include "render/placement.h"
#include "render/qos.h"
#include "render/strokes.h"

#include <gst/base/gstbasetransform.h>

GST_DEBUG_CATEGORY_EXTERN (tfr_render_debug);

#define GST_TYPE_TFR_RENDER (gst_tfr_render_get_type ())
G_DECLARE_FINAL_TYPE (
    GstTfrRender, gst_tfr_render, GST, TFR_RENDER, GstBaseTransform)

struct _GstTfrRender {
  GstBaseTransform parent;

  /* under the object lock */
  GstTfrLook look;
  guint look_serial;   /* counts its changes */
  GstTfrFields fields; /* that were asked for */
  GstTfrNavigation navigation;
  GstClockTime latency; /* NONE until known */
  GstTfrQos qos;
  guint64 n_points, n_ignored;
  GstBuffer *last; /* frame that was pushed, kept by `buffers`; NULL while that
                      is being drawn on */
  GCond drawn;
  guint n_waiting; /* snapshots, for that */

  /* of the streaming thread */
  guint serial; /* of the look that the scene has */
  GstTfrOutput output;
  GstTfrScene scene;
  GstTfrBuffers buffers;
  GstTfrStrokes strokes; /* of partials */
  GstTfrPlacement placement; /* its segment is written under the lock */
  GstTfrFrameClock clock;
  gboolean discont;   /* of the next frame */
  gboolean prerolled; /* page mode: a GAP has gone out */
};

/* Other caps on either side. */
void gst_tfr_render_configure (GstTfrRender *self, const GstCaps *points);

/* Buffers that were kept have another shape, or their pool goes. */
void gst_tfr_render_forget_buffers (GstTfrRender *self);

/* Draws a batch and pushes the frames that can be shown then. */
GstFlowReturn gst_tfr_render_take (GstTfrRender *self, GstBuffer *buffer);

/* Pushes everything up to the end of what has come, and ends the picture. */
GstFlowReturn gst_tfr_render_drain (GstTfrRender *self);

/* Nothing will come for so long, which may be NONE: pushes what would wait for
 * it in vain. */
GstFlowReturn gst_tfr_render_wait (GstTfrRender *self, GstClockTime duration);

#endif
