/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The properties of tfrrender: what the picture looks like. */

#ifndef GST_TFR_LOOK_H
#define GST_TFR_LOOK_H

#include "colour.h"
#include "reassign.h"

typedef enum {
  GST_TFR_SCROLL_MODE_SCROLL,
  GST_TFR_SCROLL_MODE_SCROLL_REVERSE,
  GST_TFR_SCROLL_MODE_SWEEP,
  GST_TFR_SCROLL_MODE_PAGE
} GstTfrScrollMode;

typedef enum {
  GST_TFR_NOW_POLICY_COMPLETE,
  GST_TFR_NOW_POLICY_PROGRESSIVE
} GstTfrNowPolicy;

typedef enum {
  GST_TFR_CHANNEL_MODE_MIX,
  GST_TFR_CHANNEL_MODE_SEPARATE,
  GST_TFR_CHANNEL_MODE_OVERLAY
} GstTfrChannelMode;

typedef struct {
  ReassignScale frequency_scale;
  gdouble min_frequency, max_frequency; /* Hz, 0 automatic */
  guint64 time_span;                    /* ns, 0 the whole stream (page) */
  GstTfrScrollMode scroll_mode;
  GstTfrNowPolicy now_policy;
  gdouble min_level, max_level; /* dB */
  ReassignSplat splat;
  gdouble splat_radius; /* px */
  gdouble sharpness;
  GstTfrColorMap color_map;
  gboolean invert;
  GstTfrChannelMode channel_mode;
} GstTfrLook;

/* What a picture must do when its look changes. */
typedef enum {
  GST_TFR_LOOK_SAME,    /* nothing */
  GST_TFR_LOOK_COLOURS, /* colour the cells again */
  GST_TFR_LOOK_SHAPE    /* draw the points again */
} GstTfrLookChange;

/* Property ids run from first_id on. */
void gst_tfr_look_install (GObjectClass *klass, guint first_id);
void gst_tfr_look_init (GstTfrLook *look);

/* Where the property with id first_id + index is kept, NULL for any other. */
gpointer gst_tfr_look_field (GstTfrLook *look, guint index);

GstTfrLookChange gst_tfr_look_compare (
    const GstTfrLook *a, const GstTfrLook *b);

#endif
