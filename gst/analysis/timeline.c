/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "timeline.h"

/* Time stamps that are off by less than this are jitter; the base classes of
 * audio codecs use the same. */
#define TOLERANCE (40 * GST_MSECOND)

/* Positions and their distances stay far from overflow. */
#define FARTHEST ((gint64) 1 << 61)

/* What a PTS may have lost, max (0.01, 1.5e-9 rate) samples, in units of
 * 1 / (2 GST_SECOND) of a sample. */
static guint64
slack (guint rate)
{
  return MAX (2 * (guint64) GST_SECOND / 100, 3 * (guint64) rate);
}

/* floor (numerator / (2 GST_SECOND)) */
static gint64
to_position (unsigned __int128 numerator)
{
  unsigned __int128 position = numerator / (2 * (guint64) GST_SECOND);

  return position < (unsigned __int128) FARTHEST ? (gint64) position : FARTHEST;
}

gint64
gst_tfr_timeline_position (GstClockTime pts, guint rate)
{
  return to_position (2 * (unsigned __int128) pts * rate + slack (rate));
}

/* The first sample that sounds only from this time on: that of before, but
 * rounded up. */
static gint64
position_from (GstClockTime pts, guint rate)
{
  unsigned __int128 exact = 2 * (unsigned __int128) pts * rate;
  guint64 up = 2 * (guint64) GST_SECOND - 1;

  return to_position (exact + up - MIN (exact + up, slack (rate)));
}

void
gst_tfr_timeline_set_segment (GstTfrTimeline *t, const GstSegment *segment)
{
  gboolean timed = segment->format == GST_FORMAT_TIME;

  t->reverse = segment->rate < 0;
  t->start = timed ? segment->start : GST_CLOCK_TIME_NONE;
  t->stop = timed ? segment->stop : GST_CLOCK_TIME_NONE;
  gst_tfr_timeline_forget (t);
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

static gint64
bound (GstClockTime time, gint64 otherwise, guint rate,
    gint64 (*position) (GstClockTime, guint))
{
  return GST_CLOCK_TIME_IS_VALID (time) ? position (time, rate) : otherwise;
}

/* Cuts to the segment: in samples, since what a buffer says of its duration need
 * not be true, and a length in ns rounds down to one sample less. */
static gboolean
clip (const GstTfrTimeline *t, gint64 position, gsize n, GstTfrStretch *stretch)
{
  gint64 first = bound (
      t->start, G_MININT64, t->rate, gst_tfr_timeline_position);
  gint64 end = bound (t->stop, G_MAXINT64, t->rate, position_from);

  first = MAX (first, position);
  end = MIN (end, position + (gint64) n);
  if (end <= first)
    return FALSE;
  stretch->position = first;
  stretch->skip = (gsize) (first - position);
  stretch->n = (gsize) (end - first);
  return TRUE;
}

GstTfrTimelineStep
gst_tfr_timeline_place (GstTfrTimeline *t, GstClockTime pts, gboolean discont,
    gsize n, GstTfrStretch *stretch)
{
  gboolean stamp = GST_CLOCK_TIME_IS_VALID (pts);
  GstTfrTimelineStep step = GST_TFR_TIMELINE_START;
  gint64 stamped = stamp ? gst_tfr_timeline_position (pts, t->rate) : 0;
  gint64 counted = t->next, position;

  if (!t->known)
    counted = t->reverse
                  ? bound (t->stop, 0, t->rate, position_from)
                  : bound (t->start, 0, t->rate, gst_tfr_timeline_position);
  if (t->reverse)
    counted -= (gint64) n;
  if (t->known)
    step = compare (t, stamped, counted, stamp, discont);
  position =
      step != GST_TFR_TIMELINE_CONTINUES && stamp ? stamped : counted;

  if (!clip (t, position, n, stretch))
    return GST_TFR_TIMELINE_OUTSIDE;
  t->known = TRUE;
  t->next = stretch->position;
  if (!t->reverse)
    t->next += (gint64) stretch->n;
  return step;
}

gsize
gst_tfr_timeline_silence (
    const GstTfrTimeline *t, GstClockTime start, GstClockTime stop)
{
  gint64 from = gst_tfr_timeline_position (start, t->rate);
  gint64 to = gst_tfr_timeline_position (stop, t->rate);
  gint64 *near_end = t->reverse ? &to : &from;

  if (t->known && ABS (t->next - *near_end) <= 1)
    *near_end = t->next;
  return (gsize) MAX (0, to - from);
}

void
gst_tfr_timeline_forget (GstTfrTimeline *t)
{
  t->known = FALSE;
}
