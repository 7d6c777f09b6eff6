/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A whole frame: picture, image and overlay together. */

#ifndef GST_TFR_SCENE_H
#define GST_TFR_SCENE_H

#include "overlay.h"

typedef struct {
  GstTfrLook look;
  guint width, height; /* px, 0 until known */
  GstTfrPixel pixel;
  GstTfrPicture picture;
  GstTfrImage image;
  GstTfrOverlay overlay;
  guint64 lanes; /* serial of the picture's that image and overlay are for */
  gdouble shown_min, shown_max; /* levels of the colour bar, dB */
  gboolean held;                /* frozen */
  gdouble held_edge;            /* s after the base */
  gint64 held_end;              /* position up to which points are shown */
} GstTfrScene;

void gst_tfr_scene_init (GstTfrScene *scene);
void gst_tfr_scene_clear (GstTfrScene *scene);

/* What has been drawn stays, in its new shape. */
void gst_tfr_scene_set_look (GstTfrScene *scene, const GstTfrLook *look);
void gst_tfr_scene_set_size (
    GstTfrScene *scene, guint width, guint height, const GstTfrPixel *pixel);

/* An empty picture, as gst_tfr_picture_start. */
void gst_tfr_scene_start (GstTfrScene *scene, const GstTfrHeader *header,
    gint64 base, gboolean reverse);

/* The edge to show at the moment `edge`, when points up to `end` have come: the
 * same, or that of a frozen picture dragged back by so many seconds. */
gdouble gst_tfr_scene_hold (
    GstTfrScene *scene, gdouble edge, gint64 end, gdouble back);

/* What a frame buffer shows; zeros: nothing. */
typedef struct {
  GstTfrShown plot;
  GstTfrBeside beside;
} GstTfrFrameState;

/* A frame buffer in the scene's format. */
typedef struct {
  guint32 *pixels;
  gsize stride; /* pixels */
  GstTfrFrameState *state;
} GstTfrFrame;

/* Pixels by which a frame buffer's beginning moves on in memory to scroll it to
 * a moment, negative where it moves back.  The state is from now on that of the
 * moved buffer. */
gssize gst_tfr_scene_slide (const GstTfrScene *scene,
    const GstTfrMoment *moment, gsize stride, GstTfrFrameState *state);

/* The frame at a moment, with what is right already taken from the same buffer
 * or from another one.  There must be points, and memory for the picture. */
void gst_tfr_scene_draw (GstTfrScene *scene, const GstTfrMoment *moment,
    const GstTfrFrame *from, const GstTfrFrame *to);

/* What is at a place of the frame, px; FALSE outside the plot or where no point
 * is near. */
gboolean gst_tfr_scene_read (GstTfrScene *scene, const GstTfrMoment *moment,
    gdouble x, gdouble y, GstTfrReading *reading);

#endif
