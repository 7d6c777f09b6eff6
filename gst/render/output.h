/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Video caps and frames: what is offered, what is preferred, and the way from
 * 32-bit pixels to any format. */

#ifndef GST_TFR_OUTPUT_H
#define GST_TFR_OUTPUT_H

#include "buffers.h"

/* 32-bit RGB is drawn directly, so it stands first. */
#define GST_TFR_OUTPUT_REST                                                    \
  ", width = (int) [ 1, 32767 ], height = (int) [ 1, 32767 ]"                  \
  ", framerate = (fraction) [ 1/2147483647, 2147483647/1 ]"
#define GST_TFR_OUTPUT_CAPS                                                    \
  "video/x-raw, format = (string) "                                            \
  "{ BGRx, RGBx, xRGB, xBGR, BGRA, RGBA, ARGB, ABGR }" GST_TFR_OUTPUT_REST     \
  "; video/x-raw, format = (string) " GST_VIDEO_FORMATS_ALL                    \
      GST_TFR_OUTPUT_REST

/* The best of what negotiation left open: 32-bit RGB, then any RGB, then what
 * keeps full chroma; near 1280x720 at 30/1. */
GstCaps *gst_tfr_output_fixate (GstCaps *caps);

typedef struct {
  GstVideoInfo info;
  GstTfrPixel pixel;            /* what the scene is drawn in */
  GstVideoConverter *converter; /* NULL where that is the output */
  GstVideoInfo drawn_info;
  GstBuffer *drawn;
  GstTfrFrameState drawn_state;
  gboolean slides; /* frames are scrolled by moving their beginning in memory */
} GstTfrOutput;

/* False where the caps cannot be made. */
gboolean gst_tfr_output_init (GstTfrOutput *output, const GstCaps *caps);
void gst_tfr_output_clear (GstTfrOutput *output);

/* Before frames are drawn; FALSE without memory. */
gboolean gst_tfr_output_reserve (GstTfrOutput *output);

/* The scene at a moment to a buffer, which nobody else uses.  FALSE where buffers
 * cannot be mapped. */
gboolean gst_tfr_output_draw (GstTfrOutput *output, GstTfrScene *scene,
    const GstTfrMoment *moment, GstTfrBuffers *buffers,
    GstTfrKeptBuffer *to);

/* For decide_allocation: a pool of frames with these caps. */
gboolean gst_tfr_output_decide_pool (GstTfrOutput *output, GstQuery *query);

#endif
