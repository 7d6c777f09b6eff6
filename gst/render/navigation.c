/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "navigation.h"

#include "ticks.h"

const gchar *const gst_tfr_navigation_properties[] = { "min-frequency",
  "max-frequency", "time-span", "freeze", "color-map", "sharpness", NULL };

void
gst_tfr_navigation_clear (GstTfrNavigation *n)
{
  gst_tfr_pointer_clear (&n->pointer);
  memset (&n->view, 0, sizeof n->view);
}

gboolean
gst_tfr_navigation_take (GstTfrNavigation *n, GstEvent *event, GstTfrLook *look)
{
  return n->enabled && n->view.plot.w > 0 &&
         gst_tfr_pointer_take (&n->pointer, event, &n->view, look);
}

void
gst_tfr_navigation_show (GstTfrNavigation *n, const GstTfrScene *scene)
{
  const GstTfrPicture *picture = &scene->picture;

  n->view.plot = scene->overlay.layout.plot;
  n->view.vertical = scene->look.orientation == GST_TFR_ORIENTATION_VERTICAL;
  n->view.columns_per_second = picture->columns_per_second;
  n->view.axis = picture->lanes[0].axis;
}

/* What applications are told. */
static GstStructure *
describe (const GstTfrReading *r, gdouble label, gdouble tuning)
{
  gchar note[24];

  gst_tfr_note_name (r->frequency, tuning, note, sizeof note);
  return gst_structure_new ("tfr-cursor", "time", G_TYPE_DOUBLE, label,
      "frequency", G_TYPE_DOUBLE, r->frequency, "note", G_TYPE_STRING, note,
      "level", G_TYPE_DOUBLE, r->level, "mixed", G_TYPE_DOUBLE, r->mixed,
      "chirp-rate", G_TYPE_DOUBLE, r->chirp_rate, "channel", G_TYPE_UINT,
      r->channel, NULL);
}

GstStructure *
gst_tfr_navigation_read (
    const GstTfrNavigation *n, GstTfrScene *scene, const GstTfrMoment *moment)
{
  const GstTfrPointer *at = &n->pointer;
  gdouble tuning = scene->look.tuning, label;
  GstTfrReading reading;

  if (!n->enabled || !at->inside ||
      !gst_tfr_scene_read (scene, moment, at->x, at->y, &reading)) {
    gst_tfr_overlay_set_readout (&scene->overlay, NULL, at->x, at->y);
    return NULL;
  }
  label = moment->origin + moment->direction * reading.time;
  gst_tfr_overlay_set_readout (&scene->overlay,
      gst_tfr_pointer_describe (&reading, label, tuning), at->x, at->y);
  return at->moved ? describe (&reading, label, tuning) : NULL;
}
