/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "caps.h"

GstStructure *
gst_tfr_caps_from_audio (const GstStructure *audio, const GstTfrSettings *settings)
{
  GstStructure *points = gst_structure_new (GST_TFR_POINTS_MEDIA_TYPE,
      "version", G_TYPE_INT, GST_TFR_VERSION, "framed", G_TYPE_BOOLEAN, TRUE,
      NULL);
  gint rate;

  if (gst_structure_has_field (audio, "rate"))
    gst_structure_set_value (
        points, "rate", gst_structure_get_value (audio, "rate"));
  if (settings->channel_mode == GST_TFR_CHANNELS_MIX) {
    gst_structure_set (points, "channels", G_TYPE_INT, 1, "channel-mask",
        GST_TYPE_BITMASK, (guint64) 0, NULL);
  } else {
    if (gst_structure_has_field (audio, "channels"))
      gst_structure_set_value (
          points, "channels", gst_structure_get_value (audio, "channels"));
    if (gst_structure_has_field (audio, "channel-mask"))
      gst_structure_set_value (points, "channel-mask",
          gst_structure_get_value (audio, "channel-mask"));
  }

  if (gst_structure_get_int (audio, "rate", &rate) && rate > 0) {
    ReassignConfig config;

    gst_tfr_settings_to_config (settings, (guint) rate, &config);
    gst_structure_set (points, "hop-size", G_TYPE_INT, (gint) config.hop,
        "window-size", G_TYPE_INT, (gint) config.window_size, "fft-size",
        G_TYPE_INT, (gint) config.fft_size, NULL);
  }

  if (settings->fields != 0)
    gst_tfr_fields_fix (points, settings->fields);
  else
    gst_tfr_fields_offer (points);
  return points;
}

GstStructure *
gst_tfr_caps_to_audio (const GstStructure *points,
    const GstTfrSettings *settings, const GstCaps *any)
{
  GstStructure *audio = gst_structure_copy (gst_caps_get_structure (any, 0));

  if (gst_structure_has_field (points, "rate"))
    gst_structure_set_value (
        audio, "rate", gst_structure_get_value (points, "rate"));
  if (gst_structure_has_field (points, "channels") &&
      settings->channel_mode != GST_TFR_CHANNELS_MIX)
    gst_structure_set_value (
        audio, "channels", gst_structure_get_value (points, "channels"));
  return audio;
}
