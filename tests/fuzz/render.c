/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Hostile batches of points or partials to tfrrender, in any look. */

#include "element.h"
#include "hostile.h"

/* A look, in a small picture. */
static GstHarness *
choose_picture (FuzzBytes *bytes)
{
  static const gchar *const formats[] = { "BGRx", "ARGB", "I420", "RGB16",
    "GRAY8", "NV12", "v210", "AYUV64" };
  static const gchar *const rates[] = { "30/1", "1/1", "30000/1001", "240/1" };
  guint width = 1u + fuzz_u8 (bytes);
  guint height = 1u + fuzz_u8 (bytes);
  const gchar *format = formats[fuzz_pick (bytes, G_N_ELEMENTS (formats))];
  const gchar *rate = rates[fuzz_pick (bytes, G_N_ELEMENTS (rates))];
  gchar *caps = g_strdup_printf (
      "video/x-raw, format=%s, width=%u, height=%u, framerate=%s", format,
      width, height, rate);
  GstHarness *h = fuzz_harness_new ("tfrrender", caps, NULL, 40);

  g_free (caps);
  return h;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FuzzBytes bytes = { data, size };
  GstHarness *h = choose_picture (&bytes);
  GstSegment segment;
  GstBuffer *batch;
  guint8 how;

  for (guint n = fuzz_pick (&bytes, 6); n > 0; n--)
    fuzz_set_property (h->element, &bytes);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  how = fuzz_u8 (&bytes);
  if (how == 1) {
    segment.rate = -1;
    segment.stop = fuzz_u64 (&bytes) >> 1; /* in reverse it has to be known */
  }
  gst_harness_set_src_caps_str (h,
      how == 2 ? GST_TFR_PARTIALS_TEMPLATE_CAPS : GST_TFR_POINTS_TEMPLATE_CAPS);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
  while ((batch = how == 2 ? fuzz_next_partials (&bytes)
                           : fuzz_next_batch (&bytes)) != NULL) {
    guint then;

    gst_harness_push (h, batch);
    then = fuzz_pick (&bytes, 8);
    if (then == 1)
      fuzz_set_property (h->element, &bytes);
    if (then == 2)
      fuzz_flush (h, GST_FORMAT_TIME);
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
