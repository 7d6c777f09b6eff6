/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What pointer and keys ask for.
 *
 *   move            read the point under the pointer
 *   wheel           zoom in frequency about the pointer; with shift in time
 *   drag            pan in frequency, and back in time (which freezes)
 *   double click    back to what the properties were
 *   space, f        freeze;  m  next colour map;  s  plain or reassigned
 */

#ifndef GST_TFR_POINTER_H
#define GST_TFR_POINTER_H

#include <gst/video/navigation.h>

#include "scene.h"

typedef struct {
  gboolean inside; /* the pointer is over the frame */
  gdouble x, y;    /* px */
  gboolean moved;  /* since it was last read */
  gboolean dragging;
  gdouble press_x, press_y;
  gint64 press_time; /* us */
  gdouble back;      /* s by which the view was dragged back */
  GstTfrLook before; /* the look to go back to */
  gboolean changed;  /* it differs */
} GstTfrPointer;

void gst_tfr_pointer_clear (GstTfrPointer *pointer);

/* Takes an event; `view` is what the frame showed (a copy of its geometry), and
 * `look` is changed where the event asks for it.  Says whether it was. */
typedef struct {
  GstTfrRect plot;
  ReassignAxis axis; /* over the whole breadth of the plot */
  gboolean vertical;
  gdouble columns_per_second;
} GstTfrView;

gboolean gst_tfr_pointer_take (GstTfrPointer *pointer, GstEvent *event,
    const GstTfrView *view, GstTfrLook *look);

/* Text for a reading, as lines; `label` is the time as it is labelled, s. */
gchar **gst_tfr_pointer_describe (
    const GstTfrReading *reading, gdouble label, gdouble tuning);

#endif
