/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "placement.h"

#include <math.h>

/* Time stamps that are off by less are jitter. */
#define TOLERANCE (40 * GST_MSECOND)

void
gst_tfr_placement_reset (GstTfrPlacement *p)
{
  p->started = FALSE;
  gst_segment_init (&p->segment, GST_FORMAT_UNDEFINED);
}

gboolean
gst_tfr_placement_is_reverse (const GstTfrPlacement *p)
{
  return p->segment.rate < 0;
}

gint64
gst_tfr_placement_first (const GstTfrPlacement *p, const GstTfrHeader *h)
{
  return gst_tfr_placement_is_reverse (p) ? -h->end : h->first;
}

gint64
gst_tfr_placement_end (const GstTfrPlacement *p, const GstTfrHeader *h)
{
  return gst_tfr_placement_is_reverse (p) ? -h->first : h->end;
}

/* Positions reach 2^62 to either side, time stamps 2^64. */
typedef __int128 wide;

/* ns on the sample clock, rounded down */
static wide
sample_to_ns (wide sample, guint rate)
{
  wide ns = sample * GST_SECOND;

  return (ns - (ns < 0 ? rate - 1 : 0)) / rate;
}

/* By how much time stamps differ from the sample clock; those before go on
 * where there is no time stamp. */
static gint64
find_offset (const GstTfrPlacement *p, const GstTfrHeader *h, GstClockTime pts)
{
  if (GST_CLOCK_TIME_IS_VALID (pts))
    return (gint64) CLAMP ((wide) pts - sample_to_ns (h->first, h->rate),
        -(wide) G_MAXINT64, (wide) G_MAXINT64);
  return p->started ? p->offset : 0;
}

GstTfrStep
gst_tfr_placement_find (const GstTfrPlacement *p, const GstTfrHeader *h,
    GstClockTime pts, gboolean discont)
{
  gint64 start = gst_tfr_placement_first (p, h);
  wide tolerance = discont ? sample_to_ns (1, h->rate) : (wide) TOLERANCE;

  if (!p->started || h->rate != p->rate || h->channels != p->channels ||
      start < p->end ||
      ABS ((wide) find_offset (p, h, pts) - p->offset) > tolerance)
    return GST_TFR_STEP_START;
  return sample_to_ns ((wide) start - p->end, h->rate) > (wide) GST_TFR_LONGEST_GAP
             ? GST_TFR_STEP_GAP
             : GST_TFR_STEP_ON;
}

void
gst_tfr_placement_start (
    GstTfrPlacement *p, const GstTfrHeader *h, GstClockTime pts)
{
  gint64 base = gst_tfr_placement_first (p, h);
  gint64 sample = gst_tfr_placement_is_reverse (p) ? -base : base;
  wide at;

  p->started = FALSE;
  p->offset = find_offset (p, h, pts);
  p->started = TRUE;
  p->rate = h->rate;
  p->channels = h->channels;
  p->base = p->end = base;
  at = sample_to_ns (sample, h->rate) + p->offset;
  p->base_pts = (GstClockTime) CLAMP (at, 0, (wide) G_MAXINT64);
}

void
gst_tfr_placement_label (const GstTfrPlacement *p, gboolean running_time,
    gdouble *origin, gdouble *direction)
{
  const GstSegment *s = &p->segment;
  guint64 at =
      running_time
          ? gst_segment_to_running_time (s, GST_FORMAT_TIME, p->base_pts)
          : gst_segment_to_stream_time (s, GST_FORMAT_TIME, p->base_pts);

  if (!GST_CLOCK_TIME_IS_VALID (at))
    at = p->base_pts;
  *origin = (gdouble) at / GST_SECOND;
  if (running_time)
    *direction = 1 / fabs (s->rate);
  else
    *direction = s->rate < 0 ? -s->applied_rate : s->applied_rate;
}
