/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Between the pointer, whose events come in any thread, and the scene, which
 * belongs to the one that draws. */

#ifndef GST_TFR_NAVIGATION_H
#define GST_TFR_NAVIGATION_H

#include "pointer.h"

/* All of it under the element's object lock. */
typedef struct {
  gboolean enabled;
  GstTfrPointer pointer;
  GstTfrView view; /* what the last frame showed */
} GstTfrNavigation;

void gst_tfr_navigation_clear (GstTfrNavigation *n);

/* Takes an event; says whether it changed the look. */
gboolean gst_tfr_navigation_take (
    GstTfrNavigation *n, GstEvent *event, GstTfrLook *look);

/* Properties that it can change; NULL ends them. */
extern const gchar *const gst_tfr_navigation_properties[];

/* The scene has been drawn: events that come now mean this view of it. */
void gst_tfr_navigation_show (GstTfrNavigation *n, const GstTfrScene *scene);

/* Puts what is under the pointer, as it was at the last _show, into the scene.
 * Returns a structure for an element message where the pointer has moved.  Not
 * under the lock: n is a copy. */
GstStructure *gst_tfr_navigation_read (
    const GstTfrNavigation *n, GstTfrScene *scene, const GstTfrMoment *moment);

#endif
