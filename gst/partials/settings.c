/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "settings.h"

enum {
  FREQUENCY_RESOLUTION,
  FREQUENCY_DRIFT,
  FREQUENCY_FLOOR,
  AMPLITUDE_FLOOR,
  MINIMUM_LENGTH,
  SURVIVAL,
  NOISE_WIDTH,
  REFERENCE_FREQUENCY
};

#define FLAGS                                                                  \
  (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING)

static void
install_frequencies (GObjectClass *klass, guint first_id)
{
  g_object_class_install_property (klass, first_id + FREQUENCY_RESOLUTION,
      g_param_spec_double ("frequency-resolution", "Frequency resolution",
          "Hz that two partials are apart at least (0: 7.9 rate / (2 "
          "window-size), and 1.5 rate / window-size keeps them apart)",
          0, G_MAXDOUBLE, 0, FLAGS));
  g_object_class_install_property (klass, first_id + FREQUENCY_DRIFT,
      g_param_spec_double ("frequency-drift", "Frequency drift",
          "Hz that a partial moves from frame to frame at most (0: half the "
          "resolution)",
          0, G_MAXDOUBLE, 0, FLAGS));
  g_object_class_install_property (klass, first_id + FREQUENCY_FLOOR,
      g_param_spec_double ("frequency-floor", "Frequency floor",
          "Hz below which partials are noise alone, or none without a noise "
          "width (0: the resolution)",
          0, G_MAXDOUBLE, 0, FLAGS));
  g_object_class_install_property (klass, first_id + NOISE_WIDTH,
      g_param_spec_double ("noise-width", "Noise width",
          "Hz: what no partial explains becomes noise of those within half of "
          "this (0: it is left out)",
          0, G_MAXDOUBLE, 2000, FLAGS));
  g_object_class_install_property (klass, first_id + REFERENCE_FREQUENCY,
      g_param_spec_double ("reference-frequency", "Reference frequency",
          "Hz: the partial nearest to this leads, and others are expected to "
          "move in proportion, as harmonics do (0: none leads)",
          0, G_MAXDOUBLE, 0, FLAGS));
}

static void
install_lengths (GObjectClass *klass, guint first_id)
{
  g_object_class_install_property (klass, first_id + AMPLITUDE_FLOOR,
      g_param_spec_double ("amplitude-floor", "Amplitude floor",
          "dBFS below which peaks and points count for nothing", -500, 100, -90,
          FLAGS));
  g_object_class_install_property (klass, first_id + MINIMUM_LENGTH,
      g_param_spec_uint ("minimum-length", "Minimum length",
          "Frames that a partial lasts at least", 1, 1000, 8, FLAGS));
  g_object_class_install_property (klass, first_id + SURVIVAL,
      g_param_spec_uint ("survival", "Survival",
          "Frames in a row that a partial may miss", 0, 16, 2, FLAGS));
}

void
gst_tfr_tracker_settings_install (GObjectClass *klass, guint first_id)
{
  install_frequencies (klass, first_id);
  install_lengths (klass, first_id);
}

void
gst_tfr_tracker_settings_init (GstTfrTrackerSettings *s)
{
  *s = (GstTfrTrackerSettings){
    .amplitude_floor = -90,
    .minimum_length = 8,
    .survival = 2,
    .noise_width = 2000,
  };
}

gpointer
gst_tfr_tracker_settings_field (GstTfrTrackerSettings *s, guint index)
{
  switch (index) {
    case FREQUENCY_RESOLUTION:
      return &s->frequency_resolution;
    case FREQUENCY_DRIFT:
      return &s->frequency_drift;
    case FREQUENCY_FLOOR:
      return &s->frequency_floor;
    case AMPLITUDE_FLOOR:
      return &s->amplitude_floor;
    case MINIMUM_LENGTH:
      return &s->minimum_length;
    case SURVIVAL:
      return &s->survival;
    case NOISE_WIDTH:
      return &s->noise_width;
    case REFERENCE_FREQUENCY:
      return &s->reference_frequency;
    default:
      return NULL;
  }
}
