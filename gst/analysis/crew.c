/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "crew.h"

struct _GstTfrCrew {
  GThread **threads; /* [n - 1] */
  guint n;

  GMutex lock; /* for what follows */
  GCond more;  /* there is a round, or the end */
  GCond idle;  /* no thread is at the round any more */
  guint round; /* number of the last one */
  guint busy;  /* threads at it */
  gboolean open, over;

  GstTfrJob job; /* of the round, while it is open */
  gpointer user;
  guint n_jobs;
  gint next; /* atomic */
};

typedef struct {
  GstTfrCrew *crew;
  guint number;
} Member;

static void
work (GstTfrCrew *crew, guint worker)
{
  guint i;

  while ((i = (guint) g_atomic_int_add (&crew->next, 1)) < crew->n_jobs)
    crew->job (crew->user, worker, i);
}

/* A thread that wakes after the round was closed goes on sleeping: nobody waits
 * for it. */
static gpointer
member_run (gpointer data)
{
  Member *member = data;
  GstTfrCrew *crew = member->crew;
  guint seen = 0;

  g_mutex_lock (&crew->lock);
  while (!crew->over) {
    if (!crew->open || crew->round == seen) {
      g_cond_wait (&crew->more, &crew->lock);
      continue;
    }
    seen = crew->round;
    crew->busy++;
    g_mutex_unlock (&crew->lock);
    work (crew, member->number);
    g_mutex_lock (&crew->lock);
    if (--crew->busy == 0)
      g_cond_signal (&crew->idle);
  }
  g_mutex_unlock (&crew->lock);
  g_free (member);
  return NULL;
}

GstTfrCrew *
gst_tfr_crew_new (guint n)
{
  GstTfrCrew *crew = g_new0 (GstTfrCrew, 1);

  g_mutex_init (&crew->lock);
  g_cond_init (&crew->more);
  g_cond_init (&crew->idle);
  crew->threads = g_new0 (GThread *, n);
  for (crew->n = 1; crew->n < n; crew->n++) {
    Member *member = g_new (Member, 1);
    GThread *thread;

    *member = (Member){ crew, crew->n };
    thread = g_thread_try_new ("tfr-worker", member_run, member, NULL);
    if (thread == NULL) {
      g_free (member);
      break;
    }
    crew->threads[crew->n - 1] = thread;
  }
  return crew;
}

void
gst_tfr_crew_free (GstTfrCrew *crew)
{
  if (crew == NULL)
    return;
  g_mutex_lock (&crew->lock);
  crew->over = TRUE;
  g_cond_broadcast (&crew->more);
  g_mutex_unlock (&crew->lock);
  for (guint i = 0; i + 1 < crew->n; i++)
    g_thread_join (crew->threads[i]);
  g_free (crew->threads);
  g_cond_clear (&crew->idle);
  g_cond_clear (&crew->more);
  g_mutex_clear (&crew->lock);
  g_free (crew);
}

guint
gst_tfr_crew_size (const GstTfrCrew *crew)
{
  return crew->n;
}

void
gst_tfr_crew_run (GstTfrCrew *crew, GstTfrJob job, gpointer user, guint n_jobs)
{
  g_mutex_lock (&crew->lock);
  crew->job = job;
  crew->user = user;
  crew->n_jobs = n_jobs;
  g_atomic_int_set (&crew->next, 0);
  crew->round++;
  crew->open = TRUE;
  g_cond_broadcast (&crew->more);
  g_mutex_unlock (&crew->lock);

  work (crew, 0);

  g_mutex_lock (&crew->lock);
  crew->open = FALSE;
  while (crew->busy > 0)
    g_cond_wait (&crew->idle, &crew->lock);
  g_mutex_unlock (&crew->lock);
}
