/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The properties of tfrreassign that describe the analysis, and the config that
 * they make at a given rate. */

#ifndef GST_TFR_SETTINGS_H
#define GST_TFR_SETTINGS_H

#include "bank.h"

typedef enum {
  GST_TFR_AXIS_TIME = 1 << 0,
  GST_TFR_AXIS_FREQUENCY = 1 << 1
} GstTfrAxes;

typedef enum {
  GST_TFR_CHANNELS_SEPARATE,
  GST_TFR_CHANNELS_MIX
} GstTfrInputChannels;

typedef struct {
  ReassignWindowId window;
  gdouble window_parameter;
  guint window_size, hop_size, fft_size, padding;
  guint64 window_duration, hop_duration; /* ns */
  gdouble magnitude_floor;
  ReassignFloor floor_reference;
  guint axes; /* GstTfrAxes */
  guint fields;
  guint frames_per_buffer;
  gdouble max_time_shift, max_frequency_shift;
  ReassignConsensus consensus;
  guint consensus_radius, consensus_frames;
  gdouble consensus_threshold, consensus_epsilon;
  gdouble tone_tolerance, click_tolerance;
  gboolean analytic;
  ReassignPrecision precision;
  guint n_threads;
  GstTfrInputChannels channel_mode;
} GstTfrSettings;

/* Property ids run from first_id on. */
void gst_tfr_settings_install (GObjectClass *klass, guint first_id);
void gst_tfr_settings_init (GstTfrSettings *settings);

/* Where the property with id first_id + index is kept, NULL for any other. */
gpointer gst_tfr_settings_field (GstTfrSettings *settings, guint index);

/* The analysis at this rate, with only the fields that are always there. */
void gst_tfr_settings_to_config (
    const GstTfrSettings *settings, guint rate, ReassignConfig *config);

#endif
