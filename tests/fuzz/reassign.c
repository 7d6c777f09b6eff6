/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Any samples, caps, time stamps, flags, events and properties to tfrreassign:
 * what leaves is a sound batch. */

#include "element.h"
#include "sound.h"

#include "gsttfr.h"

/* Of an input; more of the same finds nothing new. */
#define MOST_STEPS 40

static void
check_batch (GstBuffer *buffer)
{
  GstTfrBatch batch;
  GError *error = NULL;

  if (!gst_tfr_batch_map (&batch, buffer, &error))
    g_error ("an unsound batch left tfrreassign: %s", error->message);
  for (guint i = 0; i < batch.header.n_points; i++)
    if (!(batch.magnitude[i] >= 0) || !(batch.frequency[i] >= 0) ||
        batch.time[i] != batch.time[i])
      g_error ("point %u is unsound", i);
  gst_tfr_batch_unmap (&batch);
}

static void
send_caps (GstHarness *h, FuzzBytes *bytes, GstAudioInfo *info)
{
  gst_harness_set_src_caps (h, fuzz_caps (bytes, info));
}

static void
send_buffer (GstHarness *h, FuzzBytes *bytes, const GstAudioInfo *info)
{
  guint8 how = fuzz_u8 (bytes);
  GstBuffer *buffer = fuzz_sound (bytes, info);

  GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
  if (how & 1)
    GST_BUFFER_PTS (buffer) = fuzz_u32 (bytes) * G_GUINT64_CONSTANT (1000);
  if (how & 2)
    GST_BUFFER_PTS (buffer) = fuzz_u64 (bytes);
  if (how & 4)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  if (how & 8)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  gst_harness_push (h, buffer);
}

static void
send_segment (GstHarness *h, FuzzBytes *bytes)
{
  static const gdouble rates[] = { 1, 2, 0.5, -1 };
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = rates[fuzz_pick (bytes, 4)];
  segment.start = fuzz_u32 (bytes);
  segment.stop = segment.start + fuzz_u64 (bytes) % (1000 * GST_SECOND);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
}

/* Of some thousand samples, since each would be analysed; or of a length that
 * is not known, or too long to be. */
static void
send_gap (GstHarness *h, FuzzBytes *bytes, const GstAudioInfo *info)
{
  GstClockTime start = fuzz_u32 (bytes) * G_GUINT64_CONSTANT (1000);
  guint n = fuzz_pick (bytes, 4000);
  GstClockTime duration =
      gst_util_uint64_scale (n, GST_SECOND, (guint64) info->rate);

  if (n < 64)
    duration = n % 2 == 0 ? GST_CLOCK_TIME_NONE : (n + 2) * GST_SECOND;
  gst_harness_push_event (h, gst_event_new_gap (start, duration));
}

static void
limit (GstElement *element, const gchar *property, guint most)
{
  guint value;

  g_object_get (element, property, &value, NULL);
  if (value > most)
    g_object_set (element, property, most, NULL);
}

/* Sizes that the input may ask for would make a run slow, not wrong. */
static void
keep_small (GstElement *element)
{
  guint64 duration;

  limit (element, "window-size", 512);
  limit (element, "fft-size", 2048);
  limit (element, "padding", 4);
  limit (element, "consensus-frames", 4);
  limit (element, "frames-per-buffer", 64);
  limit (element, "n-threads", 3);
  g_object_get (element, "window-duration", &duration, NULL);
  if (duration > GST_MSECOND)
    g_object_set (element, "window-duration", GST_MSECOND, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FuzzBytes bytes = { data, size };
  GstHarness *h = fuzz_harness_new ("tfrreassign", NULL, check_batch, 200);
  GstAudioInfo info;

  g_object_set (h->element, "window-size", 64u, NULL);
  send_caps (h, &bytes, &info);
  for (guint i = 0; bytes.size > 0 && i < MOST_STEPS; i++) {
    switch (fuzz_pick (&bytes, 10)) {
      case 0:
        send_caps (h, &bytes, &info);
        break;
      case 1:
        fuzz_set_property (h->element, &bytes);
        keep_small (h->element);
        break;
      case 2:
        send_segment (h, &bytes);
        break;
      case 3:
        send_gap (h, &bytes, &info);
        break;
      case 4:
        fuzz_flush (h, GST_FORMAT_TIME);
        break;
      default:
        send_buffer (h, &bytes, &info);
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
