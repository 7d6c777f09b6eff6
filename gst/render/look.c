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
  ORIENTATION,
  NOW_POLICY,
  FREEZE,
  SPLAT,
  SPLAT_RADIUS,
  FOLLOW_CHIRPS,
  SHARPNESS,
  PRUNE,
  PRUNE_TOLERANCE,
  COMPONENTS,
  UNDERLAY,
  CHANNEL_MODE,
  MIN_LEVEL,
  MAX_LEVEL,
  AUTO_LEVEL,
  GAMMA,
  TILT,
  LEVEL_REFERENCE,
  COLOR_MAP,
  CUSTOM_COLOR_MAP,
  INVERT,
  COLOR_BY,
  BACKGROUND_COLOR,
  FOREGROUND_COLOR,
  AXES,
  FREQUENCY_LABELS,
  TIME_LABELS,
  TUNING,
  FONT_DESC,
  PEAK_HOLD,
  N_PROPERTIES
};

/* Where each is kept, and what a change of it asks for. */
#define FIELD(name)                                                            \
  G_STRUCT_OFFSET (GstTfrLook, name), sizeof (((GstTfrLook *) NULL)->name)
static const struct {
  gsize offset, size;
  GstTfrLookChange change;
  gboolean is_string;
} kept[N_PROPERTIES] = {
  [FREQUENCY_SCALE] = { FIELD (frequency_scale), GST_TFR_LOOK_SHAPE, FALSE },
  [MIN_FREQUENCY] = { FIELD (min_frequency), GST_TFR_LOOK_SHAPE, FALSE },
  [MAX_FREQUENCY] = { FIELD (max_frequency), GST_TFR_LOOK_SHAPE, FALSE },
  [TIME_SPAN] = { FIELD (time_span), GST_TFR_LOOK_SHAPE, FALSE },
  [SCROLL_MODE] = { FIELD (scroll_mode), GST_TFR_LOOK_SHAPE, FALSE },
  [ORIENTATION] = { FIELD (orientation), GST_TFR_LOOK_SHAPE, FALSE },
  [NOW_POLICY] = { FIELD (now_policy), GST_TFR_LOOK_SAME, FALSE },
  [FREEZE] = { FIELD (freeze), GST_TFR_LOOK_LABELS, FALSE },
  [SPLAT] = { FIELD (splat), GST_TFR_LOOK_SHAPE, FALSE },
  [SPLAT_RADIUS] = { FIELD (splat_radius), GST_TFR_LOOK_SHAPE, FALSE },
  [FOLLOW_CHIRPS] = { FIELD (follow_chirps), GST_TFR_LOOK_SHAPE, FALSE },
  [SHARPNESS] = { FIELD (sharpness), GST_TFR_LOOK_SHAPE, FALSE },
  [PRUNE] = { FIELD (prune), GST_TFR_LOOK_SHAPE, FALSE },
  [PRUNE_TOLERANCE] = { FIELD (prune_tolerance), GST_TFR_LOOK_SHAPE, FALSE },
  [COMPONENTS] = { FIELD (components), GST_TFR_LOOK_SHAPE, FALSE },
  [UNDERLAY] = { FIELD (underlay), GST_TFR_LOOK_SHAPE, FALSE },
  [CHANNEL_MODE] = { FIELD (channel_mode), GST_TFR_LOOK_SHAPE, FALSE },
  [MIN_LEVEL] = { FIELD (min_level), GST_TFR_LOOK_COLOURS, FALSE },
  [MAX_LEVEL] = { FIELD (max_level), GST_TFR_LOOK_COLOURS, FALSE },
  [AUTO_LEVEL] = { FIELD (auto_level), GST_TFR_LOOK_COLOURS, FALSE },
  [GAMMA] = { FIELD (gamma), GST_TFR_LOOK_COLOURS, FALSE },
  [TILT] = { FIELD (tilt), GST_TFR_LOOK_COLOURS, FALSE },
  [LEVEL_REFERENCE] = { FIELD (level_reference), GST_TFR_LOOK_COLOURS, FALSE },
  [COLOR_MAP] = { FIELD (color_map), GST_TFR_LOOK_COLOURS, FALSE },
  [CUSTOM_COLOR_MAP] = { FIELD (custom_color_map), GST_TFR_LOOK_COLOURS, TRUE },
  [INVERT] = { FIELD (invert), GST_TFR_LOOK_COLOURS, FALSE },
  [COLOR_BY] = { FIELD (color_by), GST_TFR_LOOK_SHAPE, FALSE },
  [BACKGROUND_COLOR] = { FIELD (background_color), GST_TFR_LOOK_LABELS, FALSE },
  [FOREGROUND_COLOR] = { FIELD (foreground_color), GST_TFR_LOOK_LABELS, FALSE },
  [AXES] = { FIELD (axes), GST_TFR_LOOK_SHAPE, FALSE },
  [FREQUENCY_LABELS] = { FIELD (frequency_labels), GST_TFR_LOOK_SHAPE, FALSE },
  [TIME_LABELS] = { FIELD (time_labels), GST_TFR_LOOK_LABELS, FALSE },
  [TUNING] = { FIELD (tuning), GST_TFR_LOOK_LABELS, FALSE },
  [FONT_DESC] = { FIELD (font_desc), GST_TFR_LOOK_SHAPE, TRUE },
  [PEAK_HOLD] = { FIELD (peak_hold), GST_TFR_LOOK_SHAPE, FALSE },
};
#undef FIELD

/* -------------------------------------------------------------- types ---- */

#define DEFINE_TYPE(name, kind, Kind, type_name, ...)                          \
  static GType name (void)                                                     \
  {                                                                            \
    static gsize type = 0;                                                     \
    static const G##Kind##Value values[] = { __VA_ARGS__, { 0, NULL, NULL } }; \
                                                                               \
    if (g_once_init_enter (&type)) {                                           \
      GType registered = g_##kind##_register_static (type_name, values);       \
                                                                               \
      gst_type_mark_as_plugin_api (registered, 0);                             \
      g_once_init_leave (&type, registered);                                   \
    }                                                                          \
    return type;                                                               \
  }
#define DEFINE_ENUM(name, ...) DEFINE_TYPE (name, enum, Enum, __VA_ARGS__)
#define DEFINE_FLAGS(name, ...) DEFINE_TYPE (name, flags, Flags, __VA_ARGS__)

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

DEFINE_ENUM (orientation_type, "GstTfrOrientation",
    { GST_TFR_ORIENTATION_HORIZONTAL, "Time runs to the right", "horizontal" },
    { GST_TFR_ORIENTATION_VERTICAL,
        "Time runs upward, frequency to the right: a waterfall", "vertical" })

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

DEFINE_ENUM (prune_type, "GstTfrPrune",
    { GST_TFR_PRUNE_NONE, "Draw all points", "none" },
    { GST_TFR_PRUNE_SOFT, "Fade points that are neither tone nor click",
        "soft" },
    { GST_TFR_PRUNE_HARD, "Leave them out", "hard" })

DEFINE_FLAGS (components_type, "GstTfrComponents",
    { GST_TFR_COMPONENT_SINUSOIDS, "Tones", "sinusoids" },
    { GST_TFR_COMPONENT_IMPULSES, "Clicks", "impulses" },
    { GST_TFR_COMPONENT_OTHER, "What is neither", "other" })

DEFINE_ENUM (channel_mode_type, "GstTfrChannelMode",
    { GST_TFR_CHANNEL_MODE_MIX, "The mean energy of all channels", "mix" },
    { GST_TFR_CHANNEL_MODE_SEPARATE, "One above the other", "separate" },
    { GST_TFR_CHANNEL_MODE_OVERLAY, "In different colours, added up",
        "overlay" })

DEFINE_ENUM (auto_level_type, "GstTfrAutoLevel",
    { GST_TFR_AUTO_LEVEL_OFF, "min-level and max-level hold", "off" },
    { GST_TFR_AUTO_LEVEL_PEAK, "The range ends at the recent peak", "peak" },
    { GST_TFR_AUTO_LEVEL_PERCENTILE,
        "The range ends where all but 0.1 % of the recent pixels are weaker",
        "percentile" })

DEFINE_ENUM (level_reference_type, "GstTfrLevelReference",
    { GST_TFR_LEVEL_REFERENCE_TONE,
        "A tone has its level at every size of pixel", "tone" },
    { GST_TFR_LEVEL_REFERENCE_DENSITY,
        "Noise has: levels per Hz, equal to a tone's at 1 kHz", "density" })

DEFINE_ENUM (color_map_type, "GstTfrColorMap",
    { GST_TFR_COLOR_MAP_INFERNO, "Black, red, yellow, white", "inferno" },
    { GST_TFR_COLOR_MAP_MAGMA, "Black, purple, white", "magma" },
    { GST_TFR_COLOR_MAP_PLASMA, "Blue, purple, yellow", "plasma" },
    { GST_TFR_COLOR_MAP_VIRIDIS, "Purple, green, yellow", "viridis" },
    { GST_TFR_COLOR_MAP_CIVIDIS,
        "Blue, grey, yellow: alike for the colour-blind", "cividis" },
    { GST_TFR_COLOR_MAP_ROSEUS, "Black, blue, pink, white", "roseus" },
    { GST_TFR_COLOR_MAP_TURBO, "A smooth rainbow", "turbo" },
    { GST_TFR_COLOR_MAP_TWILIGHT, "Cyclic, for phase", "twilight" },
    { GST_TFR_COLOR_MAP_GRAY, "Black to white", "gray" },
    { GST_TFR_COLOR_MAP_GRAY_INVERTED, "White to black", "gray-inverted" },
    { GST_TFR_COLOR_MAP_CUBEHELIX, "Black to white through all hues",
        "cubehelix" })

DEFINE_ENUM (color_by_type, "GstTfrColorBy",
    { GST_TFR_COLOR_BY_LEVEL, "Level, by color-map", "level" },
    { GST_TFR_COLOR_BY_CHANNEL, "Channel as hue", "channel" },
    { GST_TFR_COLOR_BY_KIND, "Tone, click or other as hue", "kind" },
    { GST_TFR_COLOR_BY_PHASE, "Phase as hue", "phase" },
    { GST_TFR_COLOR_BY_CHANNEL_DIFFERENCE,
        "Balance of odd and even channels as hue", "channel-difference" })

DEFINE_FLAGS (axes_type, "GstTfrAxesShown",
    { GST_TFR_AXES_FREQUENCY, "Frequency ticks and labels", "frequency" },
    { GST_TFR_AXES_TIME, "Time ticks and labels", "time" },
    { GST_TFR_AXES_COLOR_BAR, "Colours and their levels", "color-bar" },
    { GST_TFR_AXES_GRID, "Lines at the labelled ticks", "grid" },
    { GST_TFR_AXES_NOTES, "Names of notes, at the other side", "notes" },
    { GST_TFR_AXES_INFO, "A line about the analysis", "info" })

DEFINE_ENUM (frequency_labels_type, "GstTfrFrequencyLabels",
    { GST_TFR_FREQUENCY_LABELS_HZ, "Hz and kHz", "hz" },
    { GST_TFR_FREQUENCY_LABELS_NOTES, "Names of notes", "notes" },
    { GST_TFR_FREQUENCY_LABELS_BOTH, "Hz at one side, notes at the other",
        "both" })

DEFINE_ENUM (time_labels_type, "GstTfrTimeLabels",
    { GST_TFR_TIME_LABELS_STREAM_TIME, "Position in the stream",
        "stream-time" },
    { GST_TFR_TIME_LABELS_RUNNING_TIME, "Time since playback began",
        "running-time" },
    { GST_TFR_TIME_LABELS_AGO, "Time before now", "ago" })

/* --------------------------------------------------------- properties ---- */

void
gst_tfr_look_install (GObjectClass *klass, guint first_id)
{
  const GParamFlags fixed =
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING;
  const GParamFlags flags = fixed | GST_PARAM_CONTROLLABLE;

#define INSTALL(index, ...)                                                    \
  g_object_class_install_property (                                            \
      klass, first_id + (index), g_param_spec_##__VA_ARGS__)

  INSTALL (FREQUENCY_SCALE,
      enum("frequency-scale", "Frequency scale", "Scale of the frequency axis",
          frequency_scale_type (), REASSIGN_SCALE_LOG, flags));
  INSTALL (MIN_FREQUENCY,
      double ("min-frequency", "Minimum frequency",
          "Lower edge of the picture (Hz)", 0, G_MAXINT, 30, flags));
  INSTALL (MAX_FREQUENCY,
      double ("max-frequency", "Maximum frequency",
          "Upper edge of the picture (Hz; 0 = half the sample rate, at most "
          "16000 up to rates of 96000)",
          0, G_MAXINT, 0, flags));
  INSTALL (TIME_SPAN,
      uint64 ("time-span", "Time span",
          "What the length of the picture stands for (ns, no less than a "
          "quarter of a window and a hop; 0, with scroll-mode page = the whole "
          "stream)",
          0, G_MAXINT64, 8 * GST_SECOND, flags));
  INSTALL (SCROLL_MODE,
      enum("scroll-mode", "Scroll mode", "How the picture follows time",
          scroll_mode_type (), GST_TFR_SCROLL_MODE_SCROLL, fixed));
  INSTALL (ORIENTATION,
      enum("orientation", "Orientation", "Which way time runs",
          orientation_type (), GST_TFR_ORIENTATION_HORIZONTAL, fixed));
  INSTALL (NOW_POLICY,
      enum("now-policy", "Now policy",
          "When the newest columns are shown: energy still moves to them while "
          "half a window of later samples comes in",
          now_policy_type (), GST_TFR_NOW_POLICY_COMPLETE, fixed));
  INSTALL (
      FREEZE, boolean ("freeze", "Freeze",
                  "Hold the picture while the stream goes on", FALSE, flags));
  INSTALL (SPLAT, enum("splat", "Splat", "How a point is drawn", splat_type (),
                      REASSIGN_SPLAT_GAUSSIAN, flags));
  INSTALL (SPLAT_RADIUS,
      double ("splat-radius", "Splat radius",
          "Standard deviation of the soft dots (pixels); along time at least "
          "half a hop",
          0.1, 8, 0.7, flags));
  INSTALL (FOLLOW_CHIRPS,
      boolean ("follow-chirps", "Follow chirps",
          "Draw points as short lines along their chirp, so that a sweep is a "
          "line and not beads (asks for chirp-rate)",
          FALSE, flags));
  INSTALL (SHARPNESS,
      double ("sharpness", "Sharpness",
          "0 draws points at their bin and frame, as a plain spectrogram; 1 "
          "where they were reassigned to",
          0, 1, 1, flags));
  INSTALL (PRUNE,
      enum("prune", "Prune",
          "What becomes of points that are neither tone nor click, by their "
          "mixed derivative",
          prune_type (), GST_TFR_PRUNE_SOFT, flags));
  INSTALL (PRUNE_TOLERANCE,
      double ("prune-tolerance", "Prune tolerance",
          "How far from tone or click a point fades (soft) or is left out "
          "(hard)",
          0.01, 2, 0.5, flags));
  INSTALL (COMPONENTS,
      flags ("components", "Components", "Kinds of points that are drawn",
          components_type (), GST_TFR_COMPONENTS_ALL, flags));
  INSTALL (
      UNDERLAY, double ("underlay", "Underlay",
                    "How strongly a plain spectrogram shows beneath the points",
                    0, 1, 0, flags));
  INSTALL (CHANNEL_MODE,
      enum("channel-mode", "Channel mode", "How several channels are shown",
          channel_mode_type (), GST_TFR_CHANNEL_MODE_MIX, flags));
  INSTALL (MIN_LEVEL,
      double ("min-level", "Minimum level",
          "Level of the weakest colour (dBFS)", -300, 100, -90, flags));
  INSTALL (MAX_LEVEL,
      double ("max-level", "Maximum level",
          "Level of the strongest colour (dBFS)", -300, 100, -15, flags));
  INSTALL (AUTO_LEVEL,
      enum("auto-level", "Automatic level",
          "Move the range of levels, whose size stays, with the signal",
          auto_level_type (), GST_TFR_AUTO_LEVEL_OFF, flags));
  INSTALL (GAMMA, double ("gamma", "Gamma",
                      "Above 1 weak levels are darker, below 1 brighter", 0.2,
                      5, 1, flags));
  INSTALL (TILT,
      double ("tilt", "Tilt", "Gain by frequency (dB per octave about 1 kHz)",
          -12, 12, 0, flags));
  INSTALL (LEVEL_REFERENCE,
      enum("level-reference", "Level reference", "What has its level true",
          level_reference_type (), GST_TFR_LEVEL_REFERENCE_TONE, flags));
  INSTALL (COLOR_MAP, enum("color-map", "Color map", "Colours for levels",
                          color_map_type (), GST_TFR_COLOR_MAP_INFERNO, flags));
  INSTALL (CUSTOM_COLOR_MAP, string ("custom-color-map", "Custom color map",
                                 "Colours of your own instead: \"0:#000000 "
                                 "0.5:#ff0000 1:#ffffff\", or "
                                 "a file with such text",
                                 NULL, fixed));
  INSTALL (INVERT, boolean ("invert", "Invert", "Invert all colours of the map",
                       FALSE, flags));
  INSTALL (COLOR_BY, enum("color-by", "Color by", "What colours tell",
                         color_by_type (), GST_TFR_COLOR_BY_LEVEL, flags));
  INSTALL (BACKGROUND_COLOR, uint ("background-color", "Background color",
                                 "Behind the labels (ARGB, 0xaarrggbb)", 0,
                                 G_MAXUINT32, 0xff000000, flags));
  INSTALL (FOREGROUND_COLOR, uint ("foreground-color", "Foreground color",
                                 "Of labels and lines (ARGB, 0xaarrggbb)", 0,
                                 G_MAXUINT32, 0xffe0e0e0, flags));
  INSTALL (AXES,
      flags ("axes", "Axes", "What stands beside the picture", axes_type (),
          GST_TFR_AXES_FREQUENCY | GST_TFR_AXES_TIME | GST_TFR_AXES_COLOR_BAR,
          flags));
  INSTALL (FREQUENCY_LABELS,
      enum("frequency-labels", "Frequency labels", "Units of frequency",
          frequency_labels_type (), GST_TFR_FREQUENCY_LABELS_HZ, flags));
  INSTALL (TIME_LABELS,
      enum("time-labels", "Time labels", "What time labels count",
          time_labels_type (), GST_TFR_TIME_LABELS_STREAM_TIME, flags));
  INSTALL (TUNING, double ("tuning", "Tuning", "Frequency of the note A4 (Hz)",
                       200, 1000, 440, flags));
  INSTALL (FONT_DESC,
      string ("font-desc", "Font description",
          "Pango font, as \"Sans 14\" (NULL = Sans, sized by the picture)",
          NULL, fixed));
  INSTALL (PEAK_HOLD, uint64 ("peak-hold", "Peak hold",
                          "Show the present spectrum in a panel at the side, "
                          "with its peaks for "
                          "so long (ns; 0 = no panel)",
                          0, G_MAXINT64, 0, flags));
#undef INSTALL
}

void
gst_tfr_look_init (GstTfrLook *look)
{
  *look = (GstTfrLook){
    .frequency_scale = REASSIGN_SCALE_LOG,
    .min_frequency = 30,
    .time_span = 8 * GST_SECOND,
    .splat_radius = 0.7,
    .sharpness = 1,
    .prune = GST_TFR_PRUNE_SOFT,
    .prune_tolerance = 0.5,
    .components = GST_TFR_COMPONENTS_ALL,
    .min_level = -90,
    .max_level = -15,
    .gamma = 1,
    .background_color = 0xff000000,
    .foreground_color = 0xffe0e0e0,
    .axes = GST_TFR_AXES_FREQUENCY | GST_TFR_AXES_TIME | GST_TFR_AXES_COLOR_BAR,
    .tuning = 440,
  };
}

void
gst_tfr_look_clear (GstTfrLook *look)
{
  for (guint i = 0; i < N_PROPERTIES; i++)
    if (kept[i].is_string)
      g_clear_pointer ((gchar **) gst_tfr_look_field (look, i), g_free);
}

void
gst_tfr_look_copy (GstTfrLook *to, const GstTfrLook *from)
{
  gst_tfr_look_clear (to);
  *to = *from;
  for (guint i = 0; i < N_PROPERTIES; i++) {
    gchar **string = gst_tfr_look_field (to, i);

    if (kept[i].is_string)
      *string = g_strdup (*string);
  }
}

gpointer
gst_tfr_look_field (GstTfrLook *look, guint index)
{
  return index < N_PROPERTIES ? (guint8 *) look + kept[index].offset : NULL;
}

GstTfrLookChange
gst_tfr_look_compare (const GstTfrLook *a, const GstTfrLook *b)
{
  GstTfrLookChange change = GST_TFR_LOOK_SAME;

  for (guint i = 0; i < N_PROPERTIES; i++) {
    const guint8 *x = (const guint8 *) a + kept[i].offset;
    const guint8 *y = (const guint8 *) b + kept[i].offset;
    gboolean same = kept[i].is_string ? g_strcmp0 (*(gchar *const *) x,
                                            *(gchar *const *) y) == 0
                                      : memcmp (x, y, kept[i].size) == 0;

    if (!same)
      change = MAX (change, kept[i].change);
  }
  return change;
}

GstTfrFields
gst_tfr_look_fields (const GstTfrLook *look)
{
  GstTfrFields fields = GST_TFR_FIELD_BIN;

  if (look->prune != GST_TFR_PRUNE_NONE ||
      look->components != GST_TFR_COMPONENTS_ALL ||
      look->color_by == GST_TFR_COLOR_BY_KIND)
    fields |= GST_TFR_FIELD_MIXED;
  if (look->follow_chirps)
    fields |= GST_TFR_FIELD_CHIRP_RATE;
  if (look->color_by == GST_TFR_COLOR_BY_PHASE)
    fields |= GST_TFR_FIELD_PHASE;
  return fields;
}

gboolean
gst_tfr_look_is_whole (const GstTfrLook *look)
{
  return look->scroll_mode == GST_TFR_SCROLL_MODE_PAGE && look->time_span == 0;
}
