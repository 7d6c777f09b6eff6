/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What elements over GstBaseTransform, which turn one stream into another of a
 * different kind, have in common. */

#ifndef GST_TFR_TRANSFORM_H
#define GST_TFR_TRANSFORM_H

#include <gst/base/gstbasetransform.h>

/* Takes all caps that are possible; those that the filter, which may be NULL,
 * has too, in its order. */
GstCaps *gst_tfr_caps_filter (GstCaps *all, GstCaps *filter);

/* As generate_output: everything has been pushed by then. */
GstFlowReturn gst_tfr_generate_nothing (
    GstBaseTransform *trans, GstBuffer **buffer);

/* What it means that the caps of this pad could not be settled: during a flush,
 * nothing. */
GstFlowReturn gst_tfr_unsettled (GstPad *srcpad);

/* Whether a buffer may be pushed: one before a segment is a fault of the program. */
gboolean gst_tfr_has_segment (GstBaseTransform *trans);

/* Whether these caps name other sizes than those before: what is owed leaves
 * first.  Fields make no difference to what is owed. */
gboolean gst_tfr_are_new_sizes (GstBaseTransform *trans, GstEvent *caps);

/* As transform: never called where there is a generate_output.  Without it the
 * base class would pass buffers through. */
GstFlowReturn gst_tfr_transform_never (
    GstBaseTransform *trans, GstBuffer *in, GstBuffer *out);

#endif
