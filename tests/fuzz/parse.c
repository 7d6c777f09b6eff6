/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Any bytes to tfrparse or tfrsdifdec, in pieces of a size that the first byte
 * chooses: what leaves is a sound batch, whatever came in. */

#include "element.h"

#include "gsttfr.h"

static void
check_batch (GstBuffer *buffer)
{
  GstTfrBatch points;
  GstTfrPartials partials;
  GError *not_points = NULL, *not_partials = NULL;

  if (gst_tfr_batch_map (&points, buffer, &not_points)) {
    gst_tfr_batch_unmap (&points);
  } else if (gst_tfr_partials_map (&partials, buffer, &not_partials)) {
    gst_tfr_partials_unmap (&partials);
  } else {
    g_error ("an unsound batch left: %s; %s", not_points->message,
        not_partials->message);
  }
  g_clear_error (&not_points);
}

static void
send_segment (GstHarness *h)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FuzzBytes bytes = { data, size };
  guint8 how = fuzz_u8 (&bytes);
  gsize piece = 1u << how % 16;
  gboolean sdif = how & 16, breaks = how & 32, flushes = how & 64;
  GstHarness *h = fuzz_harness_new (
      sdif ? "tfrsdifdec" : "tfrparse", NULL, check_batch, 1000);
  const gchar *type =
      how & 128 ? GST_TFR_PARTIALS_MEDIA_TYPE : GST_TFR_POINTS_MEDIA_TYPE;
  GstBuffer *buffer;

  gst_harness_set_src_caps_str (h, sdif ? "audio/x-sdif" : type);
  send_segment (h);
  for (guint i = 0; bytes.size > 0; i++) {
    buffer = fuzz_buffer (&bytes, piece);
    if (breaks && i % 4 == 3)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    gst_harness_push (h, buffer);
    if (flushes && i % 4 == 2) {
      gst_harness_push_event (h, gst_event_new_flush_start ());
      gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
      send_segment (h);
    }
  }
  gst_harness_push_event (h, gst_event_new_eos ());
  fuzz_harness_free (h);
  return 0;
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  fuzz_elements_init (argc, argv);
  return 0;
}
