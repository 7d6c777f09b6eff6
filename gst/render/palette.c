/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "palette.h"

#include "palettes_data.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Of colours by a user, bytes. */
#define LARGEST_FILE 65536

guint32
gst_tfr_palette_blend (guint32 a, guint32 b, gdouble t)
{
  guint32 rgb = 0;

  for (guint shift = 0; shift < 24; shift += 8) {
    gdouble from = a >> shift & 0xff, to = b >> shift & 0xff;

    rgb |= (guint32) (from + t * (to - from) + 0.5) << shift;
  }
  return rgb;
}

static guint32
rgb (gdouble red, gdouble green, gdouble blue)
{
  return (guint32) (255 * CLAMP (red, 0, 1) + 0.5) << 16 |
         (guint32) (255 * CLAMP (green, 0, 1) + 0.5) << 8 |
         (guint32) (255 * CLAMP (blue, 0, 1) + 0.5);
}

/* Green 2011, equation 2, with his defaults: start 0.5, -1.5 rotations, hue 1,
 * gamma 1. */
static guint32
cubehelix (gdouble t)
{
  gdouble angle = 2 * G_PI * (0.5 / 3 + 1 - 1.5 * t);
  gdouble a = t * (1 - t) / 2, c = cos (angle), s = sin (angle);

  return rgb (t + a * (-0.14861 * c + 1.78277 * s),
      t + a * (-0.29227 * c - 0.90649 * s), t + a * 1.97294 * c);
}

static guint32
look_up (const guint32 *table, gdouble t)
{
  gdouble place = t * (GST_TFR_PALETTE_SIZE - 1);
  guint i = MIN ((guint) place, GST_TFR_PALETTE_SIZE - 2);

  return gst_tfr_palette_blend (table[i], table[i + 1], place - i);
}

static guint32
color_at (GstTfrColorMap map, gdouble t)
{
  switch (map) {
    case GST_TFR_COLOR_MAP_INFERNO:
      return look_up (gst_tfr_palette_inferno, t);
    case GST_TFR_COLOR_MAP_MAGMA:
      return look_up (gst_tfr_palette_magma, t);
    case GST_TFR_COLOR_MAP_PLASMA:
      return look_up (gst_tfr_palette_plasma, t);
    case GST_TFR_COLOR_MAP_VIRIDIS:
      return look_up (gst_tfr_palette_viridis, t);
    case GST_TFR_COLOR_MAP_CIVIDIS:
      return look_up (gst_tfr_palette_cividis, t);
    case GST_TFR_COLOR_MAP_ROSEUS:
      return look_up (gst_tfr_palette_roseus, t);
    case GST_TFR_COLOR_MAP_TURBO:
      return look_up (gst_tfr_palette_turbo, t);
    case GST_TFR_COLOR_MAP_TWILIGHT:
      return look_up (gst_tfr_palette_twilight, t);
    case GST_TFR_COLOR_MAP_GRAY:
      return rgb (t, t, t);
    case GST_TFR_COLOR_MAP_GRAY_INVERTED:
      return rgb (1 - t, 1 - t, 1 - t);
    case GST_TFR_COLOR_MAP_CUBEHELIX:
      return cubehelix (t);
  }
  return 0;
}

void
gst_tfr_palette_fill (GstTfrColorMap map, guint32 *colors, guint n)
{
  for (guint i = 0; i < n; i++)
    colors[i] = color_at (map, (gdouble) i / (n - 1));
}

guint32
gst_tfr_palette_hue (guint index, guint n)
{
  /* Hand-picked for a few: apart also for the colour-blind (cyan, orange,
   * violet; left and right are the first two). */
  static const guint32 few[] = { 0x28c8ff, 0xff9020, 0xb070ff };
  gdouble turn = 6 * (0.55 + (gdouble) index / n);
  gdouble channel[3];

  if (n <= G_N_ELEMENTS (few))
    return few[index];
  for (guint i = 0; i < 3; i++) {
    gdouble distance = fabs (fmod (turn - 2.0 * i + 15, 6) - 3);

    channel[i] = 0.2 + 0.8 * CLAMP (2 - distance, 0, 1);
  }
  return rgb (channel[0], channel[1], channel[2]);
}

/* ----------------------------------------------------- the user's own ---- */

typedef struct {
  gdouble position; /* < 0 when it was not given */
  guint32 color;
} Stop;

static gboolean
parse_stop (const gchar *word, Stop *stop)
{
  const gchar *hash = strchr (word, '#');
  gchar *end;

  if (hash == NULL || strspn (hash + 1, "0123456789abcdefABCDEF") != 6 ||
      hash[7] != '\0')
    return FALSE;
  stop->color = (guint32) g_ascii_strtoull (hash + 1, NULL, 16);
  stop->position = -1;
  if (hash == word)
    return TRUE;
  stop->position = g_ascii_strtod (word, &end);
  return end > word && end + 1 == hash && *end == ':' && stop->position >= 0 &&
         stop->position <= 1;
}

/* Positions where there are none; FALSE when they do not ascend. */
static gboolean
settle_positions (GArray *stops)
{
  gdouble before = 0;

  for (guint i = 0; i < stops->len; i++) {
    Stop *stop = &g_array_index (stops, Stop, i);

    if (stop->position < 0)
      stop->position = stops->len > 1 ? i / (stops->len - 1.0) : 0;
    if (stop->position < before)
      return FALSE;
    before = stop->position;
  }
  return TRUE;
}

static guint32
color_between (const GArray *stops, gdouble t)
{
  const Stop *last = &g_array_index (stops, Stop, stops->len - 1);

  for (guint i = 0; i < stops->len; i++) {
    const Stop *stop = &g_array_index (stops, Stop, i);

    if (t > stop->position)
      continue;
    if (i == 0 || stop->position == stop[-1].position)
      return stop->color;
    return gst_tfr_palette_blend (stop[-1].color, stop->color,
        (t - stop[-1].position) / (stop->position - stop[-1].position));
  }
  return last->color;
}

/* The text itself, or that of the file that it names.  Devices and pipes might
 * have no end. */
static gchar *
read_text (const gchar *text, GError **error)
{
  gchar *contents = NULL;
  GStatBuf info;

  if (strchr (text, '#') != NULL && !g_file_test (text, G_FILE_TEST_EXISTS))
    return g_strdup (text);
  if (g_stat (text, &info) == 0 &&
      (!S_ISREG (info.st_mode) || info.st_size > LARGEST_FILE)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "\"%s\" is not a file of at most %d bytes", text, LARGEST_FILE);
    return NULL;
  }
  g_file_get_contents (text, &contents, NULL, error);
  return contents;
}

gboolean
gst_tfr_palette_parse (
    const gchar *text, guint32 *colors, guint n, GError **error)
{
  GArray *stops = g_array_new (FALSE, FALSE, sizeof (Stop));
  gchar *contents = read_text (text, error), **words = NULL;
  gboolean understood = contents != NULL;

  if (understood)
    words = g_strsplit_set (contents, " \t\r\n,;", -1);
  for (guint i = 0; understood && words[i] != NULL; i++) {
    Stop stop;

    if (words[i][0] == '\0')
      continue;
    understood = parse_stop (words[i], &stop);
    if (understood)
      g_array_append_val (stops, stop);
    else
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
          "\"%s\" is not position:#rrggbb with a position of 0 to 1", words[i]);
  }
  if (understood && (stops->len == 0 || !settle_positions (stops))) {
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "there must be colours, with positions that ascend");
    understood = FALSE;
  }
  for (guint i = 0; understood && i < n; i++)
    colors[i] = color_between (stops, i / (n - 1.0));
  g_strfreev (words);
  g_free (contents);
  g_array_unref (stops);
  return understood;
}
