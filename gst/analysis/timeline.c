/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "timeline.h"

/* Time stamps that are off by less than this are jitter; the base classes of
 * audio codecs use the same. */
#define TOLERANCE (40 * GST_MSECOND)

/* Positions and their distances stay far from overflow. */
#define FARTHEST ((gint64) 1 << 61)

/* floor (pts rate / 1e9 + max (0.01, 1.5e-9 rate)) */
gint64
gst_tfr_timeline_position (GstClockTime pts, guint rate)
{
  const guint64 second = GST_SECOND;
  guint64 slack = MAX (2 * second / 100, 3 * (guint64) rate);
  unsigned __int128 position =
      (2 * (unsigned __int128) pts * rate + slack) / (2 * second);

  return position < (unsigned __int128) FARTHEST ? (gint64) position : FARTHEST;
}

static gboolean
is_far (gint64 difference, guint rate)
{
  return (guint64) ABS (difference) >
         gst_util_uint64_scale (TOLERANCE, rate, GST_SECOND);
}

/* Without a time stamp the count goes on; a jump of unknown length is still a
 * jump. */
static GstTfrTimelineStep
compare (const GstTfrTimeline *t, gint64 stamped, gint64 counted,
    gboolean stamp, gboolean discont)
{
  gint64 difference = stamped - counted;

  if (!stamp)
    return discont ? GST_TFR_TIMELINE_JUMPS : GST_TFR_TIMELINE_CONTINUES;
  if (discont ? ABS (difference) > 1 : is_far (difference, t->rate))
    return GST_TFR_TIMELINE_JUMPS;
  return GST_TFR_TIMELINE_CONTINUES;
}

GstTfrTimelineStep
gst_tfr_timeline_place (GstTfrTimeline *t, GstClockTime pts, gboolean discont,
    gsize n, gboolean reverse, GstClockTime start, gint64 *position)
{
  gboolean stamp = GST_CLOCK_TIME_IS_VALID (pts);
  GstTfrTimelineStep step = GST_TFR_TIMELINE_START;
  gint64 stamped = stamp ? gst_tfr_timeline_position (pts, t->rate) : 0;

  if (t->known) {
    gint64 counted = reverse ? t->next - (gint64) n : t->next;

    step = compare (t, stamped, counted, stamp, discont);
    *position = step == GST_TFR_TIMELINE_JUMPS && stamp ? stamped : counted;
  } else if (stamp) {
    *position = stamped;
  } else {
    gint64 from = GST_CLOCK_TIME_IS_VALID (start)
                      ? gst_tfr_timeline_position (start, t->rate)
                      : 0;

    *position = reverse ? from - (gint64) n : from;
  }
  t->known = TRUE;
  t->next = reverse ? *position : *position + (gint64) n;
  return step;
}

void
gst_tfr_timeline_forget (GstTfrTimeline *t)
{
  t->known = FALSE;
}
