/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "frameclock.h"

/* Positions reach 2^62 to either side, their distances twice that. */
typedef __int128 wide;

static guint64
bounded (wide count)
{
  return (guint64) CLAMP (count, 0, (wide) G_MAXINT64);
}

void
gst_tfr_frame_clock_start (
    GstTfrFrameClock *clock, gint64 base, GstClockTime pts)
{
  clock->base = base;
  clock->base_pts = pts;
  clock->next = 0;
}

/* k D in ns */
static GstClockTime
frames_to_time (const GstTfrFrameClock *clock, guint64 k)
{
  unsigned __int128 ns =
      (unsigned __int128) k * clock->length_n * GST_SECOND / clock->length_d;

  return ns < G_MAXINT64 ? (GstClockTime) ns : G_MAXINT64;
}

/* k D in positions, rounded down */
static gint64
frames_to_positions (const GstTfrFrameClock *clock, guint64 k)
{
  return (gint64) ((wide) k * clock->length_n * clock->rate / clock->length_d);
}

void
gst_tfr_frame_clock_set_length (
    GstTfrFrameClock *clock, guint64 length_n, guint64 length_d)
{
  if (clock->length_d != 0 && clock->next > 0) {
    GstClockTime gone = frames_to_time (clock, clock->next);

    clock->base += frames_to_positions (clock, clock->next);
    clock->base_pts = clock->reverse
                          ? clock->base_pts - MIN (gone, clock->base_pts)
                          : clock->base_pts + gone;
    clock->next = 0;
  }
  clock->length_n = length_n;
  clock->length_d = length_d;
}

gboolean
gst_tfr_frame_clock_due (const GstTfrFrameClock *clock, gint64 position)
{
  return clock->next < G_MAXINT64 && /* beyond the end of time there are none */
         ((wide) position - clock->base) * clock->length_d >=
         ((wide) clock->next + 1) * clock->length_n * clock->rate;
}

guint64
gst_tfr_frame_clock_count (const GstTfrFrameClock *clock, gint64 position)
{
  wide length = (wide) clock->length_n * clock->rate;
  wide count =
      (((wide) position - clock->base) * clock->length_d + length - 1) / length;

  return MAX (1, bounded (count));
}

guint64
gst_tfr_frame_clock_passed (const GstTfrFrameClock *clock, gint64 position)
{
  return bounded (((wide) position - clock->base) * clock->length_d /
                  ((wide) clock->length_n * clock->rate));
}

void
gst_tfr_frame_clock_skip (GstTfrFrameClock *clock, gint64 position)
{
  clock->next = MAX (clock->next, gst_tfr_frame_clock_passed (clock, position));
}

gdouble
gst_tfr_frame_clock_edge (const GstTfrFrameClock *clock)
{
  return (gdouble) (clock->next + 1) * (gdouble) clock->length_n /
         (gdouble) clock->length_d;
}

void
gst_tfr_frame_clock_tick (
    GstTfrFrameClock *clock, GstClockTime *pts, GstClockTime *duration)
{
  GstClockTime from = frames_to_time (clock, clock->next);
  GstClockTime to = frames_to_time (clock, clock->next + 1);

  if (clock->reverse) {
    /* the last frame may reach below 0 */
    *pts = clock->base_pts - MIN (to, clock->base_pts);
    *duration = clock->base_pts - MIN (from, clock->base_pts) - *pts;
  } else {
    *pts = clock->base_pts + from;
    *duration = to - from;
  }
  clock->next++;
}
