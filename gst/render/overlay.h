/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What stands beside and over the image: axes, colour bar, panel, readout. */

#ifndef GST_TFR_OVERLAY_H
#define GST_TFR_OVERLAY_H

#include "image.h"
#include "margins.h"

/* The moment that a frame shows. */
typedef struct {
  gdouble edge;      /* s from the picture's base to the end of what is shown */
  gdouble origin;    /* s, what a time label at the base would say */
  gdouble direction; /* of the labels: 1, or -1 in reverse */
} GstTfrMoment;

typedef struct {
  GstTfrFrameLayout layout;
  GstTfrText *text;
  GstTfrCanvas still;    /* all that does not change from frame to frame */
  GstTfrMargins margins; /* of it */
  gboolean stale;
  guint64 serial; /* of the still parts, from 1 */

  gfloat *held;  /* [breadth], levels of the panel's peaks, dB */
  gdouble *when; /* [breadth], s at which they were reached */
  guint n_held;
  gchar **readout;              /* lines at the pointer, or NULL */
  gdouble pointer_x, pointer_y; /* px */
} GstTfrOverlay;

/* A time's tick and label as they stand in a frame; the label has no width
 * where there is none. */
typedef struct {
  GstTfrRect tick, label;
  gchar text[24];
} GstTfrTimeMark;

#define GST_TFR_TIME_MARKS 32

/* What a frame buffer shows beside the image; zeros: nothing. */
typedef struct {
  guint64 serial; /* of the still parts */
  gint slid; /* px that all has moved since, towards the frame's beginning */
  guint n_marks;
  GstTfrTimeMark marks[GST_TFR_TIME_MARKS];
} GstTfrBeside;

void gst_tfr_overlay_init (GstTfrOverlay *o);
void gst_tfr_overlay_clear (GstTfrOverlay *o);

/* Lays out a frame of this size; then o->layout.plot is where the image goes.
 */
void gst_tfr_overlay_set_size (GstTfrOverlay *o, const GstTfrLook *look,
    gint width, gint height, const GstTfrPixel *pixel);

/* The still parts are drawn again before the next frame. */
void gst_tfr_overlay_touch (GstTfrOverlay *o);

/* Draws the still parts where they are not right any more, and tells the image
 * what lines it needs.  Before the image is drawn. */
void gst_tfr_overlay_prepare (GstTfrOverlay *o, GstTfrImage *image,
    const GstTfrPicture *picture, const GstTfrMoment *moment);

/* Over a frame in which the image is already. */
void gst_tfr_overlay_draw (GstTfrOverlay *o, const GstTfrImage *image,
    const GstTfrPicture *picture, const GstTfrMoment *moment,
    GstTfrShown *shown, GstTfrBeside *beside, GstTfrCanvas *canvas);

/* Seconds after the base and row (from the low end of the picture) at a place
 * in the plot, px within the frame; FALSE outside it.  And the way back along
 * time. */
gboolean gst_tfr_overlay_locate (const GstTfrOverlay *o,
    const GstTfrPicture *picture, const GstTfrMoment *moment, gdouble x,
    gdouble y, gdouble *time, gdouble *row);

/* Whether time runs upward in the frame. */
gboolean gst_tfr_overlay_is_vertical (const GstTfrPicture *picture);

/* What is written at the pointer; NULL nothing.  Taken over. */
void gst_tfr_overlay_set_readout (
    GstTfrOverlay *o, gchar **lines, gdouble x, gdouble y);

#endif
