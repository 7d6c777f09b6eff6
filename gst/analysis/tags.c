/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "tags.h"

static const gchar *const of_the_audio[] = { GST_TAG_CODEC,
  GST_TAG_AUDIO_CODEC, GST_TAG_CONTAINER_FORMAT, GST_TAG_ENCODER,
  GST_TAG_ENCODER_VERSION, GST_TAG_BITRATE, GST_TAG_NOMINAL_BITRATE,
  GST_TAG_MINIMUM_BITRATE, GST_TAG_MAXIMUM_BITRATE };

GstEvent *
gst_tfr_tags_pass (GstEvent *event)
{
  GstEvent *cleaned = NULL;
  GstTagList *tags;

  gst_event_parse_tag (event, &tags);
  tags = gst_tag_list_copy (tags);
  for (guint i = 0; i < G_N_ELEMENTS (of_the_audio); i++)
    gst_tag_list_remove_tag (tags, of_the_audio[i]);
  if (gst_tag_list_is_empty (tags)) {
    gst_tag_list_unref (tags);
  } else {
    cleaned = gst_event_new_tag (tags);
    gst_event_set_seqnum (cleaned, gst_event_get_seqnum (event));
  }
  gst_event_unref (event);
  return cleaned;
}
