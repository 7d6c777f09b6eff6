/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Threads that work ahead, and sleep where there is nothing to do.  Tasks go
 * in, each of several parts that any thread does at any time; what they amount
 * to leaves one task at a time, in the order in which they went in. */

#ifndef GST_TFR_CREW_H
#define GST_TFR_CREW_H

#include <glib.h>

typedef struct _GstTfrCrew GstTfrCrew;

/* A task is known by its slot, a worker by its number; the owner is worker 0.
 */
typedef struct {
  /* Does one part, in any thread. */
  void (*work) (gpointer user, guint worker, guint slot, guint part);
  /* All parts are done: in any thread, but in one at a time and in order. */
  void (*put) (gpointer user, guint slot);
} GstTfrCrewCalls;

/* Of n workers, one of which is the owner, while it waits in the calls below.
 * There are fewer where the system gives no more threads. */
GstTfrCrew *gst_tfr_crew_new (
    guint n, guint n_slots, const GstTfrCrewCalls *calls, gpointer user);

/* After _settle. */
void gst_tfr_crew_free (GstTfrCrew *crew);

guint gst_tfr_crew_size (const GstTfrCrew *crew);

/* The slot of the next task, once it is free; and the task goes in, and is done
 * where there is no other worker. */
guint gst_tfr_crew_slot (GstTfrCrew *crew);
void gst_tfr_crew_submit (GstTfrCrew *crew, guint n_parts);

/* Tasks that have left. */
guint64 gst_tfr_crew_n_put (GstTfrCrew *crew);

/* Returns when all have. */
void gst_tfr_crew_settle (GstTfrCrew *crew);

#endif
