/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The properties of tfrrender: what the picture looks like. */

#ifndef GST_TFR_LOOK_H
#define GST_TFR_LOOK_H

#include "gsttfr.h"
#include "palette.h"
#include "reassign.h"

typedef enum {
  GST_TFR_SCROLL_MODE_SCROLL,
  GST_TFR_SCROLL_MODE_SCROLL_REVERSE,
  GST_TFR_SCROLL_MODE_SWEEP,
  GST_TFR_SCROLL_MODE_PAGE
} GstTfrScrollMode;

typedef enum {
  GST_TFR_ORIENTATION_HORIZONTAL,
  GST_TFR_ORIENTATION_VERTICAL
} GstTfrOrientation;

typedef enum {
  GST_TFR_NOW_POLICY_COMPLETE,
  GST_TFR_NOW_POLICY_PROGRESSIVE
} GstTfrNowPolicy;

typedef enum {
  GST_TFR_AUTO_LEVEL_OFF,
  GST_TFR_AUTO_LEVEL_PEAK,
  GST_TFR_AUTO_LEVEL_PERCENTILE
} GstTfrAutoLevel;

typedef enum {
  GST_TFR_LEVEL_REFERENCE_TONE,
  GST_TFR_LEVEL_REFERENCE_DENSITY
} GstTfrLevelReference;

typedef enum {
  GST_TFR_PRUNE_NONE,
  GST_TFR_PRUNE_SOFT,
  GST_TFR_PRUNE_HARD
} GstTfrPrune;

typedef enum {
  GST_TFR_COMPONENT_SINUSOIDS = 1 << 0,
  GST_TFR_COMPONENT_IMPULSES = 1 << 1,
  GST_TFR_COMPONENT_OTHER = 1 << 2
} GstTfrComponents;

#define GST_TFR_COMPONENTS_ALL 7
#define GST_TFR_N_COMPONENTS 3

typedef enum {
  GST_TFR_COLOR_BY_LEVEL,
  GST_TFR_COLOR_BY_CHANNEL,
  GST_TFR_COLOR_BY_KIND,
  GST_TFR_COLOR_BY_PHASE,
  GST_TFR_COLOR_BY_CHANNEL_DIFFERENCE
} GstTfrColorBy;

typedef enum {
  GST_TFR_CHANNEL_MODE_MIX,
  GST_TFR_CHANNEL_MODE_SEPARATE,
  GST_TFR_CHANNEL_MODE_OVERLAY
} GstTfrChannelMode;

typedef enum {
  GST_TFR_AXES_FREQUENCY = 1 << 0,
  GST_TFR_AXES_TIME = 1 << 1,
  GST_TFR_AXES_COLOR_BAR = 1 << 2,
  GST_TFR_AXES_GRID = 1 << 3,
  GST_TFR_AXES_NOTES = 1 << 4,
  GST_TFR_AXES_INFO = 1 << 5
} GstTfrAxesShown;

typedef enum {
  GST_TFR_FREQUENCY_LABELS_HZ,
  GST_TFR_FREQUENCY_LABELS_NOTES,
  GST_TFR_FREQUENCY_LABELS_BOTH
} GstTfrFrequencyLabels;

typedef enum {
  GST_TFR_TIME_LABELS_STREAM_TIME,
  GST_TFR_TIME_LABELS_RUNNING_TIME,
  GST_TFR_TIME_LABELS_AGO
} GstTfrTimeLabels;

typedef struct {
  /* which part of the plane is shown, and how it moves */
  ReassignScale frequency_scale;
  gdouble min_frequency, max_frequency; /* Hz, 0 automatic */
  guint64 time_span;                    /* ns, 0 the whole stream (page) */
  GstTfrScrollMode scroll_mode;
  GstTfrOrientation orientation;
  GstTfrNowPolicy now_policy;
  gboolean freeze;

  /* how points become energy */
  ReassignSplat splat;
  gdouble splat_radius; /* px */
  gboolean follow_chirps;
  gdouble sharpness;
  GstTfrPrune prune;
  gdouble prune_tolerance;
  guint components; /* GstTfrComponents */
  gdouble underlay;
  GstTfrChannelMode channel_mode;

  /* how energy becomes colour */
  gdouble min_level, max_level; /* dB */
  GstTfrAutoLevel auto_level;
  gdouble gamma;
  gdouble tilt; /* dB per octave */
  GstTfrLevelReference level_reference;
  GstTfrColorMap color_map;
  gchar *custom_color_map;
  gboolean invert;
  GstTfrColorBy color_by;
  guint background_color, foreground_color; /* 0xaarrggbb */

  /* what stands beside it */
  guint axes; /* GstTfrAxesShown */
  GstTfrFrequencyLabels frequency_labels;
  GstTfrTimeLabels time_labels;
  gdouble tuning; /* Hz */
  gchar *font_desc;
  guint64 peak_hold; /* ns */
} GstTfrLook;

/* What must be done again when a look changes; each includes those before. */
typedef enum {
  GST_TFR_LOOK_SAME,
  GST_TFR_LOOK_LABELS,  /* texts */
  GST_TFR_LOOK_COLOURS, /* colours of cells */
  GST_TFR_LOOK_SHAPE    /* cells, from the points */
} GstTfrLookChange;

/* Property ids run from first_id on. */
void gst_tfr_look_install (GObjectClass *klass, guint first_id);
void gst_tfr_look_init (GstTfrLook *look);
void gst_tfr_look_clear (GstTfrLook *look);
void gst_tfr_look_copy (GstTfrLook *to, const GstTfrLook *from);

/* Where the property with id first_id + index is kept, NULL for any other. */
gpointer gst_tfr_look_field (GstTfrLook *look, guint index);

GstTfrLookChange gst_tfr_look_compare (
    const GstTfrLook *a, const GstTfrLook *b);

/* What points must carry for it. */
GstTfrFields gst_tfr_look_fields (const GstTfrLook *look);

/* The whole stream in one picture, whose length is not known before its end. */
gboolean gst_tfr_look_is_whole (const GstTfrLook *look);

#endif
