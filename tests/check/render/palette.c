/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Colour maps: equal to their sources, ordered for every eye, and the user's
 * own by string and file. */

#include "near.h"
#include "palette.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define N 256

/* SHA-256 of the 256 colours as bytes R G B.  Taken from the sources that
 * NOTICE names, apart from the script that made our tables. */
static const struct {
  GstTfrColorMap map;
  const gchar *digest;
} sources[] = {
  { GST_TFR_COLOR_MAP_INFERNO,
      "e24e8bd38b972989f64c42856b2b274df5ada3a62bc01bf8e83500a2ea938ad4" },
  { GST_TFR_COLOR_MAP_MAGMA,
      "f95197e8391d18e2c1db50f2a1ab8650ab7c2a9acb781704a8156872615f002b" },
  { GST_TFR_COLOR_MAP_PLASMA,
      "7463ac7565e754490c2c358e89b54a99da3e9b3c0be7734ed66b9fc78958b9a6" },
  { GST_TFR_COLOR_MAP_VIRIDIS,
      "18545f7c72a02f02a54f2e3f6ff9dcf357e0190ab9117a1f8fae44c6eaf179e0" },
  { GST_TFR_COLOR_MAP_CIVIDIS,
      "40881f40490dc08ae8b1442b52b01c7169d27124ccb4a501cd0ee290079cc1e1" },
  { GST_TFR_COLOR_MAP_ROSEUS,
      "d418ff4cdb89a02f9b177e9c4e5bcfa9ced29d4d98894d7683e42305252f9558" },
  { GST_TFR_COLOR_MAP_TURBO,
      "c4ae9ddb8a7f13561562fe15fd276fb55ab04e194786c39edfb2ef2cc0929b2b" },
  { GST_TFR_COLOR_MAP_TWILIGHT,
      "49370e76ce9416f5dc74375e8818ff9644b1b5c07a0ff43f320d43bd7a774cbe" },
};

GST_START_TEST (tables_equal_their_sources)
{
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    guint32 colors[N];
    guint8 bytes[3 * N];
    gchar *digest;

    gst_tfr_palette_fill (sources[i].map, colors, N);
    for (guint c = 0; c < 3 * N; c++)
      bytes[c] = (guint8) (colors[c / 3] >> (16 - 8 * (c % 3)));
    digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, 3 * N);
    fail_unless (g_str_equal (digest, sources[i].digest), "map %d: %s",
        sources[i].map, digest);
    g_free (digest);
  }
}
GST_END_TEST;

/* ---------------------------------------------------------------- eyes ---- */

/* Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
static const gdouble eyes[][9] = {
  { 1, 0, 0, 0, 1, 0, 0, 0, 1 },
  { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820,
      0.042940, 0.968881 }, /* deuteranopia */
  { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882,
      -0.048116, 1.051998 }, /* protanopia */
  { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733,
      0.691367, 0.303900 }, /* tritanopia */
};

/* sRGB as an eye sees it, to CIE L*a*b* (D65). */
static void
see (guint32 rgb, const gdouble *eye, gdouble *lab)
{
  static const gdouble to_xyz[] = { 0.4124564 / 0.95047, 0.3575761 / 0.95047,
    0.1804375 / 0.95047, 0.2126729, 0.7151522, 0.0721750, 0.0193339 / 1.08883,
    0.1191920 / 1.08883, 0.9503041 / 1.08883 };
  gdouble linear[3], seen[3], f[3];

  for (guint i = 0; i < 3; i++) {
    gdouble v = (rgb >> (16 - 8 * i) & 0xff) / 255.0;

    linear[i] = v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
  }
  for (guint i = 0; i < 3; i++)
    seen[i] = CLAMP (eye[3 * i] * linear[0] + eye[3 * i + 1] * linear[1] +
                         eye[3 * i + 2] * linear[2],
        0, 1);
  for (guint i = 0; i < 3; i++) {
    gdouble t = to_xyz[3 * i] * seen[0] + to_xyz[3 * i + 1] * seen[1] +
                to_xyz[3 * i + 2] * seen[2];

    f[i] = t > 216.0 / 24389 ? cbrt (t) : (24389.0 / 27 * t + 16) / 116;
  }
  lab[0] = 116 * f[1] - 16;
  lab[1] = 500 * (f[0] - f[1]);
  lab[2] = 200 * (f[1] - f[2]);
}

GST_START_TEST (louder_is_lighter_to_every_eye)
{
  static const GstTfrColorMap maps[] = { GST_TFR_COLOR_MAP_INFERNO,
    GST_TFR_COLOR_MAP_MAGMA, GST_TFR_COLOR_MAP_PLASMA,
    GST_TFR_COLOR_MAP_VIRIDIS, GST_TFR_COLOR_MAP_CIVIDIS,
    GST_TFR_COLOR_MAP_ROSEUS, GST_TFR_COLOR_MAP_GRAY };

  for (guint m = 0; m < G_N_ELEMENTS (maps); m++) {
    guint32 colors[N];

    gst_tfr_palette_fill (maps[m], colors, N);
    for (guint e = 0; e < G_N_ELEMENTS (eyes); e++) {
      gdouble first[3], last[3], lab[3], lightest = -1;

      see (colors[0], eyes[e], first);
      see (colors[N - 1], eyes[e], last);
      for (guint i = 0; i < N; i++) {
        see (colors[i], eyes[e], lab);
        /* rounding to 8 bits, and a few units where the sight is bent */
        assert_at_most (lightest - lab[0], 2,
            "L* lost by step %u, map %d, eye %u", i, maps[m], e);
        lightest = MAX (lightest, lab[0]);
      }
      fail_unless (last[0] - first[0] > 60, "map %d spans L* %g to eye %u",
          maps[m], last[0] - first[0], e);
    }
  }
}
GST_END_TEST;

GST_START_TEST (cividis_is_nearly_the_same_to_red_green_blind_eyes)
{
  guint32 cividis[N], turbo[N];

  gst_tfr_palette_fill (GST_TFR_COLOR_MAP_CIVIDIS, cividis, N);
  gst_tfr_palette_fill (GST_TFR_COLOR_MAP_TURBO, turbo, N);
  for (guint e = 1; e <= 2; e++) {
    gdouble worst[2] = { 0, 0 };

    for (guint i = 0; i < N; i++) {
      const guint32 both[] = { cividis[i], turbo[i] };

      for (guint m = 0; m < 2; m++) {
        gdouble normal[3], other[3], d;

        see (both[m], eyes[0], normal);
        see (both[m], eyes[e], other);
        d = sqrt (pow (normal[0] - other[0], 2) +
                  pow (normal[1] - other[1], 2) +
                  pow (normal[2] - other[2], 2));
        worst[m] = MAX (worst[m], d);
      }
    }
    assert_at_most (worst[0], 20, "colour difference of cividis, eye %u", e);
    fail_unless (
        worst[1] > 60, "the measure sees a rainbow change: %g", worst[1]);
  }
}
GST_END_TEST;

GST_START_TEST (hues_of_kinds_and_of_two_channels_are_told_apart_by_every_eye)
{
  for (guint e = 0; e < G_N_ELEMENTS (eyes); e++) {
    for (guint a = 0; a < 3; a++) {
      for (guint b = 0; b < a; b++) {
        gdouble x[3], y[3], d;

        see (gst_tfr_palette_hue (a, 3), eyes[e], x);
        see (gst_tfr_palette_hue (b, 3), eyes[e], y);
        d = sqrt (
            pow (x[0] - y[0], 2) + pow (x[1] - y[1], 2) + pow (x[2] - y[2], 2));
        fail_unless (
            d > 20, "hues %u and %u differ by %g to eye %u", a, b, d, e);
      }
    }
  }
}
GST_END_TEST;

GST_START_TEST (print_goes_from_paper_to_ink_in_even_greys)
{
  guint32 colors[N];

  gst_tfr_palette_fill (GST_TFR_COLOR_MAP_GRAY_INVERTED, colors, N);
  for (guint i = 0; i < N; i++)
    fail_unless_equals_int (colors[i], 0x010101 * (255 - i));
}
GST_END_TEST;

GST_START_TEST (cubehelix_is_as_published)
{
  /* Green 2011: lightness (his weights) is t for every turn */
  guint32 colors[N];

  gst_tfr_palette_fill (GST_TFR_COLOR_MAP_CUBEHELIX, colors, N);
  for (guint i = 0; i < N; i++) {
    gdouble r = colors[i] >> 16 & 0xff, g = colors[i] >> 8 & 0xff;
    gdouble b = colors[i] & 0xff;

    assert_near (0.30 * r + 0.59 * g + 0.11 * b, i, 1.5, "intensity of step");
  }
}
GST_END_TEST;

/* ------------------------------------------------------- the user's own ----
 */

static guint32
linear (guint32 a, guint32 b, gdouble t)
{
  guint32 rgb = 0;

  for (guint shift = 0; shift < 24; shift += 8) {
    gdouble from = a >> shift & 0xff, to = b >> shift & 0xff;

    rgb |= (guint32) floor (from + t * (to - from) + 0.5) << shift;
  }
  return rgb;
}

GST_START_TEST (string_of_colours_is_a_map)
{
  static const gchar *const texts[] = {
    "0:#102030 0.25:#ff0000 1:#FFFFFF",
    "0:#102030,0.25:#ff0000;1:#FFFFFF",
    "\n 0:#102030\n0.25:#ff0000\n\n1.0:#ffffff\n",
  };
  guint32 colors[101];

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    fail_unless (gst_tfr_palette_parse (texts[i], colors, 101, NULL));
    for (guint c = 0; c <= 100; c++)
      fail_unless_equals_int (
          colors[c], c <= 25 ? linear (0x102030, 0xff0000, c / 25.0)
                             : linear (0xff0000, 0xffffff, (c - 25) / 75.0));
  }
  fail_unless (gst_tfr_palette_parse ("#000000 #ffffff", colors, 3, NULL));
  fail_unless_equals_int (colors[1], 0x808080);
  fail_unless (gst_tfr_palette_parse ("#123456", colors, 2, NULL));
  fail_unless_equals_int (colors[0], 0x123456);
  fail_unless_equals_int (colors[1], 0x123456);
}
GST_END_TEST;

GST_START_TEST (file_of_colours_is_a_map)
{
  gchar *directory = g_dir_make_tmp ("tfr-XXXXXX", NULL);
  gchar *path = g_build_filename (directory, "map", NULL);
  guint32 colors[3];

  fail_unless (g_file_set_contents (path, "#000000\n#ff0000\n", -1, NULL));
  fail_unless (gst_tfr_palette_parse (path, colors, 3, NULL));
  fail_unless_equals_int (colors[2], 0xff0000);
  g_unlink (path);
  g_rmdir (directory);
  g_free (path);
  g_free (directory);
}
GST_END_TEST;

GST_START_TEST (hostile_maps_are_refused_with_a_sentence)
{
  gchar *directory = g_dir_make_tmp ("tfr-XXXXXX", NULL);
  gchar *pipe = g_build_filename (directory, "pipe", NULL);
  gchar *large = g_build_filename (directory, "large", NULL);
  gchar *binary = g_build_filename (directory, "binary", NULL);
  const gchar *const texts[] = { "", "red", "#12345", "#1234567", "#0x1234",
    "#+12345", "#-12345", "2:#000000", "-1:#000000", "nan:#000000",
    "inf:#000000", "0.5:#000000 0.2:#ffffff", "0.5#000000", ":#000000",
    "0:#000000 junk", "/nonexistent/map", directory, "/dev/zero", pipe, large,
    binary };
  gchar *spaces = g_strnfill (100000, ' ');

  fail_unless (mkfifo (pipe, 0600) == 0);
  fail_unless (g_file_set_contents (large, spaces, 100000, NULL));
  fail_unless (g_file_set_contents (binary,
      "\x7f"
      "ELF\0\0#\xff\xfe",
      9, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    guint32 colors[] = { 1, 2 };
    GError *error = NULL;

    fail_if (gst_tfr_palette_parse (texts[i], colors, 2, &error),
        "'%s' is a map", texts[i]);
    fail_unless (error != NULL && strlen (error->message) > 5);
    fail_unless (colors[0] == 1 && colors[1] == 2);
    g_clear_error (&error);
  }
  g_unlink (pipe);
  g_unlink (large);
  g_unlink (binary);
  g_rmdir (directory);
  g_free (spaces);
  g_free (pipe);
  g_free (large);
  g_free (binary);
  g_free (directory);
}
GST_END_TEST;

static Suite *
palette_suite (void)
{
  Suite *s = suite_create ("palette");
  TCase *tc = tcase_create ("maps");

  tcase_add_test (tc, tables_equal_their_sources);
  tcase_add_test (tc, louder_is_lighter_to_every_eye);
  tcase_add_test (tc, cividis_is_nearly_the_same_to_red_green_blind_eyes);
  tcase_add_test (
      tc, hues_of_kinds_and_of_two_channels_are_told_apart_by_every_eye);
  tcase_add_test (tc, print_goes_from_paper_to_ink_in_even_greys);
  tcase_add_test (tc, cubehelix_is_as_published);
  tcase_add_test (tc, string_of_colours_is_a_map);
  tcase_add_test (tc, file_of_colours_is_a_map);
  tcase_add_test (tc, hostile_maps_are_refused_with_a_sentence);
  suite_add_tcase (s, tc);
  return s;
}

GST_CHECK_MAIN (palette);
