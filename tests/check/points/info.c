/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What caps say, and back. */

#include "gsttfr.h"

#include <gst/check/gstcheck.h>

static GstTfrInfo *
info_of (const gchar *text)
{
  GstCaps *caps = gst_caps_from_string (text);
  GstTfrInfo *info = gst_tfr_info_new_from_caps (caps);

  gst_caps_unref (caps);
  return info;
}

GST_START_TEST (caps_go_there_and_back)
{
  static const gchar *const texts[] = {
    "application/x-tfr-points, version=1, framed=true, rate=44100, channels=2, "
    "channel-mask=(bitmask)0x3, hop-size=512, window-size=2048, fft-size=4096, "
    "mixed=true, bin=true",
    "application/x-tfr-partials, version=1, framed=true, rate=8000, "
    "channels=1, "
    "hop-size=64, window-size=256, fft-size=256",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    GstTfrInfo *info = info_of (texts[i]), *again, *copy;
    GstCaps *caps;

    fail_unless (info != NULL, "%s", texts[i]);
    caps = gst_tfr_info_to_caps (info);
    again = gst_tfr_info_new_from_caps (caps);
    copy = g_boxed_copy (GST_TYPE_TFR_INFO, info);
    fail_unless (again != NULL && gst_tfr_info_is_equal (info, again));
    fail_unless (copy != info && gst_tfr_info_is_equal (info, copy));
    copy->hop_size++;
    fail_unless (!gst_tfr_info_is_equal (info, copy));
    gst_tfr_info_free (info);
    gst_tfr_info_free (again);
    g_boxed_free (GST_TYPE_TFR_INFO, copy);
    gst_caps_unref (caps);
  }
}
GST_END_TEST;

GST_START_TEST (foreign_caps_have_no_info)
{
  fail_unless (info_of ("audio/x-raw, rate=8000, channels=1") == NULL);
  fail_unless (info_of ("ANY") == NULL);
  fail_unless (info_of ("EMPTY") == NULL);
}
GST_END_TEST;

static Suite *
info_suite (void)
{
  Suite *s = suite_create ("info");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, caps_go_there_and_back);
  tcase_add_test (tc, foreign_caps_have_no_info);
  return s;
}

GST_CHECK_MAIN (info);
