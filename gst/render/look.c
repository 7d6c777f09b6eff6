/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "look.h"

#include <string.h>

/* In the order of their ids. */
enum {
  FREQUENCY_SCALE,
  MIN_FREQUENCY,
  MAX_FREQUENCY,
  TIME_SPAN,
  SCROLL_MODE,
  NOW_POLICY,
  MIN_LEVEL,
  MAX_LEVEL,
  SPLAT,
  SPLAT_RADIUS,
  SHARPNESS,
  COLOR_MAP,
  INVERT,
  CHANNEL_MODE,
};

#define DEFINE_ENUM(name, type_name, ...) \
  static GType name (void) \
  { \
    static gsize type = 0; \
    static const GEnumValue values[] = { __VA_ARGS__, { 0, NULL, NULL } }; \
\
    if (g_once_init_enter (&type)) \
      g_once_init_leave (&type, g_enum_register_static (type_name, values)); \
    return type; \
  }

DEFINE_ENUM (frequency_scale_type, "GstTfrFrequencyScale",
    { REASSIGN_SCALE_LINEAR, "Linear", "linear" },
    { REASSIGN_SCALE_LOG, "Logarithmic", "log" },
    { REASSIGN_SCALE_MEL, "Mel", "mel" },
    { REASSIGN_SCALE_BARK, "Bark", "bark" },
    { REASSIGN_SCALE_ERB, "Equivalent rectangular bandwidths", "erb" })

DEFINE_ENUM (scroll_mode_type, "GstTfrScrollMode",
    { GST_TFR_SCROLL_MODE_SCROLL, "The newest at the right", "scroll" },
    { GST_TFR_SCROLL_MODE_SCROLL_REVERSE, "The newest at the left",
        "scroll-reverse" },
    { GST_TFR_SCROLL_MODE_SWEEP, "A fixed axis, overwritten by a cursor",
        "sweep" },
    { GST_TFR_SCROLL_MODE_PAGE, "One picture for each time-span", "page" })

DEFINE_ENUM (now_policy_type, "GstTfrNowPolicy",
    { GST_TFR_NOW_POLICY_COMPLETE,
        "Wait until all of a column's energy has come", "complete" },
    { GST_TFR_NOW_POLICY_PROGRESSIVE,
        "Show at once; the newest half window keeps filling in",
        "progressive" })

DEFINE_ENUM (splat_type, "GstTfrSplat",
    { REASSIGN_SPLAT_GAUSSIAN, "Soft dots", "gaussian" },
    { REASSIGN_SPLAT_BILINEAR, "The nearest two pixels", "bilinear" },
    { REASSIGN_SPLAT_NEAREST, "The nearest pixel", "nearest" })

DEFINE_ENUM (color_map_type, "GstTfrColorMap",
    { GST_TFR_COLOR_MAP_INFERNO, "Black, red, yellow, white", "inferno" },
    { GST_TFR_COLOR_MAP_MAGMA, "Black, purple, white", "magma" },
    { GST_TFR_COLOR_MAP_PLASMA, "Blue, purple, yellow", "plasma" },
    { GST_TFR_COLOR_MAP_VIRIDIS, "Purple, green, yellow", "viridis" },
    { GST_TFR_COLOR_MAP_GRAY, "Black to white", "gray" },
    { GST_TFR_COLOR_MAP_GRAY_INVERTED, "White to black", "gray-inverted" })

DEFINE_ENUM (channel_mode_type, "GstTfrChannelMode",
    { GST_TFR_CHANNEL_MODE_MIX, "The mean energy of all channels", "mix" },
    { GST_TFR_CHANNEL_MODE_SEPARATE, "One above the other", "separate" },
    { GST_TFR_CHANNEL_MODE_OVERLAY, "In different colours, added up",
        "overlay" })

void
gst_tfr_look_init (GstTfrLook *look)
{
  *look = (GstTfrLook) {
    .frequency_scale = REASSIGN_SCALE_LOG,
    .min_frequency = 30,
    .time_span = 8 * GST_SECOND,
    .min_level = -90,
    .max_level = -15,
    .splat_radius = 0.7,
    .sharpness = 1,
  };
}

void
gst_tfr_look_install (GObjectClass *klass, guint first_id)
{
  const GParamFlags fixed = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                            GST_PARAM_MUTABLE_PLAYING;
  const GParamFlags flags = fixed | GST_PARAM_CONTROLLABLE;

#define INSTALL(index, ...) \
  g_object_class_install_property ( \
      klass, first_id + (index), g_param_spec_##__VA_ARGS__)

  INSTALL (FREQUENCY_SCALE,
      enum ("frequency-scale", "Frequency scale", "Scale of the frequency axis",
          frequency_scale_type (), REASSIGN_SCALE_LOG, flags));
  INSTALL (MIN_FREQUENCY,
      double ("min-frequency", "Minimum frequency",
          "Lower edge of the picture (Hz)", 0, G_MAXINT, 30, flags));
  INSTALL (MAX_FREQUENCY,
      double ("max-frequency", "Maximum frequency",
          "Upper edge of the picture (Hz; 0 = half the sample rate, at most "
          "16000)",
          0, G_MAXINT, 0, flags));
  INSTALL (TIME_SPAN,
      uint64 ("time-span", "Time span",
          "What the width of the picture stands for (ns; 0, with scroll-mode "
          "page = the whole stream)",
          0, G_MAXINT64, 8 * GST_SECOND, flags));
  INSTALL (SCROLL_MODE,
      enum ("scroll-mode", "Scroll mode", "How the picture follows time",
          scroll_mode_type (), GST_TFR_SCROLL_MODE_SCROLL, fixed));
  INSTALL (NOW_POLICY,
      enum ("now-policy", "Now policy",
          "When the newest columns are shown: energy still moves to them while "
          "half a window of later samples comes in",
          now_policy_type (), GST_TFR_NOW_POLICY_COMPLETE, fixed));
  INSTALL (MIN_LEVEL,
      double ("min-level", "Minimum level", "Level of the weakest colour (dBFS)",
          -300, 100, -90, flags));
  INSTALL (MAX_LEVEL,
      double ("max-level", "Maximum level",
          "Level of the strongest colour (dBFS)", -300, 100, -15, flags));
  INSTALL (SPLAT,
      enum ("splat", "Splat", "How a point is drawn", splat_type (),
          REASSIGN_SPLAT_GAUSSIAN, flags));
  INSTALL (SPLAT_RADIUS,
      double ("splat-radius", "Splat radius",
          "Standard deviation of the soft dots (pixels); along time at least "
          "half a hop",
          0.1, 8, 0.7, flags));
  INSTALL (SHARPNESS,
      double ("sharpness", "Sharpness",
          "0 draws points at their bin and frame, as a plain spectrogram; 1 "
          "where they were reassigned to",
          0, 1, 1, flags));
  INSTALL (COLOR_MAP,
      enum ("color-map", "Color map", "Colours for levels", color_map_type (),
          GST_TFR_COLOR_MAP_INFERNO, flags));
  INSTALL (INVERT,
      boolean ("invert", "Invert", "Invert all colours of the map", FALSE,
          flags));
  INSTALL (CHANNEL_MODE,
      enum ("channel-mode", "Channel mode", "How several channels are shown",
          channel_mode_type (), GST_TFR_CHANNEL_MODE_MIX, flags));
#undef INSTALL

  gst_type_mark_as_plugin_api (frequency_scale_type (), 0);
  gst_type_mark_as_plugin_api (scroll_mode_type (), 0);
  gst_type_mark_as_plugin_api (now_policy_type (), 0);
  gst_type_mark_as_plugin_api (splat_type (), 0);
  gst_type_mark_as_plugin_api (color_map_type (), 0);
  gst_type_mark_as_plugin_api (channel_mode_type (), 0);
}

/* Where each property is kept, and what a change of it asks for. */
#define FIELD(name) \
  G_STRUCT_OFFSET (GstTfrLook, name), sizeof (((GstTfrLook *) NULL)->name)
static const struct {
  gsize offset, size;
  GstTfrLookChange change;
} kept[] = {
  [FREQUENCY_SCALE] = { FIELD (frequency_scale), GST_TFR_LOOK_SHAPE },
  [MIN_FREQUENCY] = { FIELD (min_frequency), GST_TFR_LOOK_SHAPE },
  [MAX_FREQUENCY] = { FIELD (max_frequency), GST_TFR_LOOK_SHAPE },
  [TIME_SPAN] = { FIELD (time_span), GST_TFR_LOOK_SHAPE },
  [SCROLL_MODE] = { FIELD (scroll_mode), GST_TFR_LOOK_SHAPE },
  [NOW_POLICY] = { FIELD (now_policy), GST_TFR_LOOK_SAME },
  [MIN_LEVEL] = { FIELD (min_level), GST_TFR_LOOK_COLOURS },
  [MAX_LEVEL] = { FIELD (max_level), GST_TFR_LOOK_COLOURS },
  [SPLAT] = { FIELD (splat), GST_TFR_LOOK_SHAPE },
  [SPLAT_RADIUS] = { FIELD (splat_radius), GST_TFR_LOOK_SHAPE },
  [SHARPNESS] = { FIELD (sharpness), GST_TFR_LOOK_SHAPE },
  [COLOR_MAP] = { FIELD (color_map), GST_TFR_LOOK_COLOURS },
  [INVERT] = { FIELD (invert), GST_TFR_LOOK_COLOURS },
  [CHANNEL_MODE] = { FIELD (channel_mode), GST_TFR_LOOK_SHAPE },
};
#undef FIELD

gpointer
gst_tfr_look_field (GstTfrLook *look, guint index)
{
  return index < G_N_ELEMENTS (kept) ? (guint8 *) look + kept[index].offset
                                     : NULL;
}

GstTfrLookChange
gst_tfr_look_compare (const GstTfrLook *a, const GstTfrLook *b)
{
  GstTfrLookChange change = GST_TFR_LOOK_SAME;

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    if (memcmp ((const guint8 *) a + kept[i].offset,
            (const guint8 *) b + kept[i].offset, kept[i].size) != 0)
      change = MAX (change, kept[i].change);
  return change;
}
