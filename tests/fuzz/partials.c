/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Hostile batches of points or partials to what makes sound, partials, files
 * and tables of them, with any settings. */

#include "element.h"
#include "hostile.h"

static const struct {
  const gchar *element;
  GstTfrKind kind;
  const gchar *sink_caps;
  guint most;
} targets[] = {
  { "tfrpartials", GST_TFR_KIND_POINTS, GST_TFR_PARTIALS_TEMPLATE_CAPS, 100 },
  { "tfrsynth", GST_TFR_KIND_PARTIALS, "audio/x-raw", 12 },
  { "tfrsdifenc", GST_TFR_KIND_PARTIALS, NULL, 100 },
  { "tfrcsvenc", GST_TFR_KIND_POINTS, NULL, 100 },
};

static GstBuffer *
next (FuzzBytes *bytes, GstTfrKind kind)
{
  return kind == GST_TFR_KIND_POINTS ? fuzz_next_batch (bytes)
                                     : fuzz_next_partials (bytes);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FuzzBytes bytes = { data, size };
  guint target = fuzz_pick (&bytes, G_N_ELEMENTS (targets));
  GstTfrKind kind = targets[target].kind;
  GstHarness *h = fuzz_harness_new (targets[target].element,
      targets[target].sink_caps, NULL, targets[target].most);
  gboolean at_end = FALSE;
  GstSegment segment;
  GstBuffer *batch;

  for (guint n = fuzz_pick (&bytes, 6); n > 0; n--)
    fuzz_set_property (h->element, &bytes);
  gst_harness_set_src_caps_str (h, kind == GST_TFR_KIND_POINTS
                                       ? GST_TFR_POINTS_TEMPLATE_CAPS
                                       : GST_TFR_PARTIALS_TEMPLATE_CAPS);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  while (!at_end && (batch = next (&bytes, kind)) != NULL) {
    gst_harness_push (h, batch);
    switch (fuzz_pick (&bytes, 8)) {
      case 1:
        fuzz_set_property (h->element, &bytes);
        break;
      case 2:
        fuzz_flush (h, GST_FORMAT_TIME);
        break;
      case 3: /* no buffer may follow, but the end may */
        fuzz_flush (h, GST_FORMAT_UNDEFINED);
        at_end = TRUE;
        break;
      default:
        break;
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
