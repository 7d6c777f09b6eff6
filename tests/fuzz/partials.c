/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Hostile batches of points to tfrpartials, or of partials to tfrsynth, with
 * any settings. */

#include "element.h"
#include "hostile.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FuzzBytes bytes = { data, size };
  gboolean plays = fuzz_u8 (&bytes) & 1;
  GstHarness *h = plays
                      ? fuzz_harness_new ("tfrsynth", "audio/x-raw", NULL, 12)
                      : fuzz_harness_new ("tfrpartials",
                            GST_TFR_PARTIALS_TEMPLATE_CAPS, NULL, 100);
  GstSegment segment;
  GstBuffer *batch;

  for (guint n = fuzz_pick (&bytes, 6); n > 0; n--)
    fuzz_set_property (h->element, &bytes);
  gst_harness_set_src_caps_str (
      h, plays ? GST_TFR_PARTIALS_TEMPLATE_CAPS : GST_TFR_POINTS_TEMPLATE_CAPS);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  while ((batch = plays ? fuzz_next_partials (&bytes)
                        : fuzz_next_batch (&bytes)) != NULL) {
    gst_harness_push (h, batch);
    if (fuzz_pick (&bytes, 4) == 1)
      fuzz_set_property (h->element, &bytes);
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
