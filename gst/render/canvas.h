/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Drawing on 32-bit pixels: rectangles and text.  Everything is clipped. */

#ifndef GST_TFR_CANVAS_H
#define GST_TFR_CANVAS_H

#include "colour.h"
#include "layout.h"

typedef struct {
  guint32 *pixels;
  gsize stride; /* pixels */
  gint width, height;
  GstTfrPixel pixel;
} GstTfrCanvas;

/* Colours are 0xaarrggbb. */
void gst_tfr_canvas_fill (
    GstTfrCanvas *canvas, const GstTfrRect *rect, guint32 argb);
void gst_tfr_canvas_copy (
    GstTfrCanvas *canvas, const GstTfrCanvas *from, const GstTfrRect *rect);

/* Text by Pango, each line rendered once and kept. */
typedef struct _GstTfrText GstTfrText;

GstTfrText *gst_tfr_text_new (const gchar *font_desc, gint font_size);
void gst_tfr_text_free (GstTfrText *text);

/* Of a digit and of a line of text. */
gint gst_tfr_text_digit (const GstTfrText *text);
gint gst_tfr_text_line (const GstTfrText *text);
gint gst_tfr_text_width (GstTfrText *text, const gchar *line);

/* With its left (align 0), middle (0.5) or right (1) at x and its top at y. */
void gst_tfr_canvas_write (GstTfrCanvas *canvas, GstTfrText *text,
    const gchar *line, gint x, gint y, gdouble align, guint32 argb);

#endif
