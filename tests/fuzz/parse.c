/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Any bytes to tfrparse, in pieces of a size that the first byte chooses: what
 * leaves is a sound batch, whatever came in. */

#include "element.h"

#include "gsttfr.h"

static void
check_batch (GstBuffer *buffer)
{
  GstTfrBatch batch;
  GError *error = NULL;

  if (!gst_tfr_batch_map (&batch, buffer, &error))
    g_error ("an unsound batch left the parser: %s", error->message);
  gst_tfr_batch_unmap (&batch);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FuzzBytes bytes = { data, size };
  GstHarness *h = fuzz_harness_new ("tfrparse", NULL, check_batch, 1000);
  gsize piece = 1u << fuzz_pick (&bytes, 16);
  GstSegment segment;

  gst_harness_set_src_caps_str (h, GST_TFR_POINTS_MEDIA_TYPE);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  while (bytes.size > 0)
    gst_harness_push (h, fuzz_buffer (&bytes, piece));
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
