/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "canvas.h"

#include <pango/pangocairo.h>
#include <string.h>

/* Lines that are kept; then all are rendered anew. */
#define MOST_LINES 512

/* --------------------------------------------------------- rectangles ---- */

static GstTfrRect
clip (const GstTfrCanvas *canvas, const GstTfrRect *r)
{
  gint x = CLAMP (r->x, 0, canvas->width), y = CLAMP (r->y, 0, canvas->height);

  return (GstTfrRect){ x, y, CLAMP (r->x + r->w, x, canvas->width) - x,
    CLAMP (r->y + r->h, y, canvas->height) - y };
}

void
gst_tfr_canvas_fill (GstTfrCanvas *canvas, const GstTfrRect *rect, guint32 argb)
{
  GstTfrRect r = clip (canvas, rect);
  guint32 packed = gst_tfr_pixel_pack (&canvas->pixel, argb);
  gboolean opaque = argb >> 24 == 255;

  for (gint y = r.y; y < r.y + r.h; y++) {
    guint32 *row = canvas->pixels + (gsize) y * canvas->stride;

    for (gint x = r.x; x < r.x + r.w; x++)
      row[x] = opaque ? packed
                      : gst_tfr_pixel_over (&canvas->pixel, row[x], argb, 255);
  }
}

/* Rows of a margin are each in another page, where the processor does not look
 * ahead by itself. */
#define AHEAD 6 /* rows */

static inline void
fetch (const guint32 *pixels, gsize bytes)
{
  for (gsize i = 0; i < bytes; i += 64)
    __builtin_prefetch ((const guint8 *) pixels + i);
}

void
gst_tfr_canvas_copy (
    GstTfrCanvas *canvas, const GstTfrCanvas *from, const GstTfrRect *rect)
{
  GstTfrRect r = clip (canvas, rect);
  gsize size = (gsize) r.w * sizeof *canvas->pixels;

  for (gint y = r.y; y < r.y + r.h; y++) {
    fetch (canvas->pixels + (gsize) (y + AHEAD) * canvas->stride + r.x, size);
    fetch (from->pixels + (gsize) (y + AHEAD) * from->stride + r.x, size);
    memcpy (canvas->pixels + (gsize) y * canvas->stride + r.x,
        from->pixels + (gsize) y * from->stride + r.x, size);
  }
}

/* --------------------------------------------------------------- text ---- */

typedef struct {
  gint width, height, stride;
  guint8 *cover; /* [height][stride] */
} Line;

struct _GstTfrText {
  PangoLayout *layout;
  GHashTable *lines; /* gchar * to Line * */
  gint digit, height;
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->cover);
  g_free (line);
}

GstTfrText *
gst_tfr_text_new (const gchar *font_desc, gint font_size)
{
  GstTfrText *text = g_new0 (GstTfrText, 1);
  PangoFontMap *map = pango_cairo_font_map_new ();
  PangoContext *context = pango_font_map_create_context (map);
  gboolean given = font_desc != NULL && font_desc[0] != '\0';
  PangoFontDescription *font =
      pango_font_description_from_string (given ? font_desc : "Sans");

  if (pango_font_description_get_size (font) == 0)
    pango_font_description_set_absolute_size (
        font, (gdouble) font_size * PANGO_SCALE);
  text->layout = pango_layout_new (context);
  pango_layout_set_font_description (text->layout, font);
  text->lines =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, line_free);
  pango_layout_set_text (text->layout, "0000000000", -1);
  pango_layout_get_pixel_size (text->layout, &text->digit, &text->height);
  text->digit = (text->digit + 9) / 10;
  pango_font_description_free (font);
  g_object_unref (context);
  g_object_unref (map);
  return text;
}

void
gst_tfr_text_free (GstTfrText *text)
{
  if (text == NULL)
    return;
  g_object_unref (text->layout);
  g_hash_table_unref (text->lines);
  g_free (text);
}

gint
gst_tfr_text_digit (const GstTfrText *text)
{
  return text->digit;
}

gint
gst_tfr_text_line (const GstTfrText *text)
{
  return text->height;
}

static const Line *
render (GstTfrText *text, const gchar *string)
{
  Line *line = g_hash_table_lookup (text->lines, string);
  cairo_surface_t *surface;
  cairo_t *cairo;

  if (line != NULL)
    return line;
  if (g_hash_table_size (text->lines) >= MOST_LINES)
    g_hash_table_remove_all (text->lines);

  line = g_new0 (Line, 1);
  pango_layout_set_text (text->layout, string, -1);
  pango_layout_get_pixel_size (text->layout, &line->width, &line->height);
  line->stride =
      cairo_format_stride_for_width (CAIRO_FORMAT_A8, MAX (1, line->width));
  line->cover = g_malloc0 ((gsize) line->stride * MAX (1, line->height));
  surface = cairo_image_surface_create_for_data (
      line->cover, CAIRO_FORMAT_A8, line->width, line->height, line->stride);
  cairo = cairo_create (surface);
  pango_cairo_show_layout (cairo, text->layout);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  cairo_surface_destroy (surface);
  g_hash_table_insert (text->lines, g_strdup (string), line);
  return line;
}

gint
gst_tfr_text_width (GstTfrText *text, const gchar *line)
{
  return render (text, line)->width;
}

void
gst_tfr_canvas_write (GstTfrCanvas *canvas, GstTfrText *text,
    const gchar *string, gint x, gint y, gdouble align, guint32 argb)
{
  const Line *line = render (text, string);
  gint left = x - (gint) (align * line->width + 0.5);
  GstTfrRect r =
      clip (canvas, &(GstTfrRect){ left, y, line->width, line->height });

  for (gint row = r.y; row < r.y + r.h; row++) {
    const guint8 *cover = line->cover + (gsize) (row - y) * line->stride;
    guint32 *to = canvas->pixels + (gsize) row * canvas->stride;

    for (gint column = r.x; column < r.x + r.w; column++)
      if (cover[column - left] > 0)
        to[column] = gst_tfr_pixel_over (
            &canvas->pixel, to[column], argb, cover[column - left]);
  }
}
