/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Threads that do many small jobs at once and sleep in between. */

#ifndef GST_TFR_CREW_H
#define GST_TFR_CREW_H

#include <glib.h>

typedef struct _GstTfrCrew GstTfrCrew;

/* One job, by the worker with this number. */
typedef void (*GstTfrJob) (gpointer user, guint worker, guint job);

/* Of n workers, one of which is whoever calls _run.  There are fewer where the
 * system gives no more threads. */
GstTfrCrew *gst_tfr_crew_new (guint n);
void gst_tfr_crew_free (GstTfrCrew *crew);

guint gst_tfr_crew_size (const GstTfrCrew *crew);

/* Does the jobs 0 to n_jobs - 1, each once, begun in this order; returns when
 * all are done.  From one thread at a time. */
void gst_tfr_crew_run (
    GstTfrCrew *crew, GstTfrJob job, gpointer user, guint n_jobs);

#endif
