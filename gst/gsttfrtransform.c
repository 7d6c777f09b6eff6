/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "gsttfrtransform.h"

GstCaps *
gst_tfr_caps_filter (GstCaps *all, GstCaps *filter)
{
  GstCaps *both;

  if (filter == NULL)
    return all;
  both = gst_caps_intersect_full (filter, all, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (all);
  return both;
}

GstFlowReturn
gst_tfr_generate_nothing (GstBaseTransform *trans, GstBuffer **buffer)
{
  *buffer = NULL;
  return GST_FLOW_OK;
}

GstFlowReturn
gst_tfr_unsettled (GstPad *srcpad)
{
  return GST_PAD_IS_FLUSHING (srcpad) ? GST_FLOW_FLUSHING
                                      : GST_FLOW_NOT_NEGOTIATED;
}

gboolean
gst_tfr_has_segment (GstBaseTransform *trans)
{
  return trans->segment.format != GST_FORMAT_UNDEFINED;
}

GstFlowReturn
gst_tfr_transform_never (GstBaseTransform *trans, GstBuffer *in, GstBuffer *out)
{
  g_assert_not_reached ();
}
