/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The properties of tfrpartials. */

#ifndef GST_TFR_TRACKER_SETTINGS_H
#define GST_TFR_TRACKER_SETTINGS_H

#include <gst/gst.h>

typedef struct {
  gdouble frequency_resolution; /* Hz, 0: by the window */
  gdouble frequency_drift;      /* Hz, 0: half the resolution */
  gdouble frequency_floor;      /* Hz, 0: the resolution */
  gdouble amplitude_floor;      /* dBFS */
  guint minimum_length;         /* frames */
  guint survival;               /* frames, 0: none */
  gdouble noise_width;          /* Hz, 0: no bandwidth */
  gdouble reference_frequency;  /* Hz, 0: none */
} GstTfrTrackerSettings;

/* Property ids run from first_id on. */
void gst_tfr_tracker_settings_install (GObjectClass *klass, guint first_id);
void gst_tfr_tracker_settings_init (GstTfrTrackerSettings *settings);

/* Where the property with id first_id + index is kept, NULL for any other. */
gpointer gst_tfr_tracker_settings_field (
    GstTfrTrackerSettings *settings, guint index);

#endif
