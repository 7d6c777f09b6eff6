/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "gsttfrtransform.h"

#include "gsttfr.h"

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

static gboolean
read_sizes (const GstCaps *caps, GstTfrInfo *info)
{
  gboolean known = caps != NULL && gst_tfr_info_from_caps (info, caps);

  info->fields = 0;
  return known;
}

gboolean
gst_tfr_are_new_sizes (GstBaseTransform *trans, GstEvent *caps)
{
  GstCaps *before = gst_pad_get_current_caps (trans->sinkpad), *after;
  GstTfrInfo old, new;
  gboolean same;

  gst_event_parse_caps (caps, &after);
  same = read_sizes (before, &old) && read_sizes (after, &new) &&
         gst_tfr_info_is_equal (&old, &new);
  gst_clear_caps (&before);
  return !same;
}

GstFlowReturn
gst_tfr_transform_never (GstBaseTransform *trans, GstBuffer *in, GstBuffer *out)
{
  g_assert_not_reached ();
}
