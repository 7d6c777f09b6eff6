/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "outclock.h"

void
gst_tfr_out_clock_reset (GstTfrOutClock *c)
{
  gdouble tempo = c->tempo > 0 ? c->tempo : 1;

  memset (c, 0, sizeof *c);
  c->tempo = tempo;
  gst_segment_init (&c->in, GST_FORMAT_TIME);
  gst_segment_init (&c->out, GST_FORMAT_TIME);
}

GstClockTime
gst_tfr_out_clock_map (const GstTfrOutClock *c, GstClockTime time)
{
  gdouble away, mapped;

  if (!GST_CLOCK_TIME_IS_VALID (time) || c->tempo == 1)
    return time;
  away = ((gdouble) time - (gdouble) c->anchor_in) / c->tempo;
  mapped = (gdouble) c->anchor_out + away;
  /* slowly played, the end of time is farther than time stamps go */
  if (mapped >= (gdouble) GST_CLOCK_TIME_NONE)
    return GST_CLOCK_TIME_NONE;
  return (GstClockTime) MAX (0, mapped);
}

/* What comes of the input segment when `at` is the same instant in both. */
static void
set_rates (GstTfrOutClock *c)
{
  c->out.rate = c->in.rate;
  c->out.applied_rate = c->in.applied_rate * c->tempo;
  c->out.stop = gst_tfr_out_clock_map (c, c->in.stop);
  c->out.position = c->out.start;
  if (c->tempo != 1)
    c->out.duration = GST_CLOCK_TIME_NONE;
}

static GstClockTime
now (const GstTfrOutClock *c)
{
  return c->rate == 0 ? c->anchor_out
                      : c->anchor_out + gst_util_uint64_scale (
                                            c->count, GST_SECOND, c->rate);
}

static guint64
running_time_now (const GstTfrOutClock *c)
{
  return gst_segment_to_running_time (
      &c->out, GST_FORMAT_TIME, MAX (now (c), c->out.start));
}

void
gst_tfr_out_clock_begin (GstTfrOutClock *c, const GstSegment *in)
{
  guint64 base = in->base;

  /* what was stretched has not taken the time that it was to take */
  if (c->stretched)
    base = running_time_now (c);
  c->in = *in;
  c->out = *in;
  if (GST_CLOCK_TIME_IS_VALID (base))
    c->out.base = base;
  c->anchor_in = c->anchor_out = in->start;
  c->count = 0;
  c->stretched |= c->tempo != 1;
  set_rates (c);
}

void
gst_tfr_out_clock_place (GstTfrOutClock *c, GstClockTime pts, guint rate)
{
  GstClockTime out = gst_tfr_out_clock_map (c, pts);

  c->anchor_in = pts;
  c->anchor_out = out;
  c->rate = rate;
  c->count = 0;
}

gboolean
gst_tfr_out_clock_set_tempo (GstTfrOutClock *c, gdouble tempo)
{
  GstClockTime at = now (c);
  guint64 base, time;

  if (tempo == c->tempo)
    return FALSE;
  base = running_time_now (c);
  time = gst_segment_to_stream_time (
      &c->out, GST_FORMAT_TIME, MAX (at, c->out.start));
  c->anchor_in += (GstClockTime) ((gdouble) (at - c->anchor_out) * c->tempo);
  c->anchor_out = at;
  c->count = 0;
  c->tempo = tempo;
  c->stretched = TRUE;
  if (GST_CLOCK_TIME_IS_VALID (base))
    c->out.base = base;
  if (GST_CLOCK_TIME_IS_VALID (time))
    c->out.time = time;
  c->out.start = at;
  set_rates (c);
  return TRUE;
}

void
gst_tfr_out_clock_tick (
    GstTfrOutClock *c, guint64 n, GstClockTime *pts, GstClockTime *duration)
{
  *pts = now (c);
  c->count += n;
  *duration = now (c) - *pts;
}
