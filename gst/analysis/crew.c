/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "crew.h"

typedef struct {
  guint n_parts, n_done;
} Task;

struct _GstTfrCrew {
  const GstTfrCrewCalls *calls;
  gpointer user;
  GThread **threads; /* [n - 1] */
  guint n, n_slots;

  GMutex lock;  /* for what follows */
  GCond more;   /* there are parts to begin, or the end */
  GCond less;   /* a task has left */
  guint asleep; /* threads that wait for more */
  gboolean over;
  gboolean waiting; /* the owner, for less */
  gboolean putting; /* someone is at it */

  /* Tasks, counted from the first on; each is in slot count % n_slots. */
  Task *tasks;   /* [n_slots] */
  guint64 put;   /* those before have left */
  guint64 begun; /* of those before all parts have been begun */
  guint part;    /* and of this one those before */
  guint64 end;   /* of those that went in */
};

typedef struct {
  GstTfrCrew *crew;
  guint number;
} Member;

static Task *
get_task (GstTfrCrew *crew, guint64 count)
{
  return &crew->tasks[count % crew->n_slots];
}

static void
put_what_is_done (GstTfrCrew *crew)
{
  if (crew->putting)
    return;
  crew->putting = TRUE;
  while (crew->put < crew->end && get_task (crew, crew->put)->n_done ==
                                      get_task (crew, crew->put)->n_parts) {
    guint slot = (guint) (crew->put % crew->n_slots);

    g_mutex_unlock (&crew->lock);
    crew->calls->put (crew->user, slot);
    g_mutex_lock (&crew->lock);
    crew->put++;
    if (crew->waiting)
      g_cond_signal (&crew->less);
  }
  crew->putting = FALSE;
}

/* FALSE where there is no part to begin. */
static gboolean
work (GstTfrCrew *crew, guint worker)
{
  Task *task = get_task (crew, crew->begun);
  guint slot = (guint) (crew->begun % crew->n_slots), part = crew->part;

  if (crew->begun == crew->end)
    return FALSE;
  if (++crew->part == task->n_parts) {
    crew->begun++;
    crew->part = 0;
  }
  g_mutex_unlock (&crew->lock);
  crew->calls->work (crew->user, worker, slot, part);
  g_mutex_lock (&crew->lock);
  task->n_done++;
  put_what_is_done (crew);
  return TRUE;
}

static gpointer
member_run (gpointer data)
{
  Member *member = data;
  GstTfrCrew *crew = member->crew;

  g_mutex_lock (&crew->lock);
  while (!crew->over) {
    if (work (crew, member->number))
      continue;
    crew->asleep++;
    g_cond_wait (&crew->more, &crew->lock);
    crew->asleep--;
  }
  g_mutex_unlock (&crew->lock);
  g_free (member);
  return NULL;
}

GstTfrCrew *
gst_tfr_crew_new (
    guint n, guint n_slots, const GstTfrCrewCalls *calls, gpointer user)
{
  GstTfrCrew *crew = g_new0 (GstTfrCrew, 1);

  crew->calls = calls;
  crew->user = user;
  crew->n_slots = n_slots;
  crew->tasks = g_new0 (Task, n_slots);
  g_mutex_init (&crew->lock);
  g_cond_init (&crew->more);
  g_cond_init (&crew->less);
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
  g_free (crew->tasks);
  g_cond_clear (&crew->less);
  g_cond_clear (&crew->more);
  g_mutex_clear (&crew->lock);
  g_free (crew);
}

guint
gst_tfr_crew_size (const GstTfrCrew *crew)
{
  return crew->n;
}

/* Until no more than so many tasks are there, working. */
static void
wait_for (GstTfrCrew *crew, guint64 most)
{
  while (crew->end - crew->put > most) {
    if (work (crew, 0))
      continue;
    crew->waiting = TRUE;
    g_cond_wait (&crew->less, &crew->lock);
    crew->waiting = FALSE;
  }
}

guint
gst_tfr_crew_slot (GstTfrCrew *crew)
{
  guint slot;

  g_mutex_lock (&crew->lock);
  wait_for (crew, crew->n_slots - 1);
  slot = (guint) (crew->end % crew->n_slots);
  g_mutex_unlock (&crew->lock);
  return slot;
}

void
gst_tfr_crew_submit (GstTfrCrew *crew, guint n_parts)
{
  g_mutex_lock (&crew->lock);
  *get_task (crew, crew->end++) = (Task){ n_parts, 0 };
  if (crew->asleep > 0)
    g_cond_broadcast (&crew->more);
  if (crew->n == 1) /* nobody else will do it */
    wait_for (crew, 0);
  g_mutex_unlock (&crew->lock);
}

guint64
gst_tfr_crew_n_put (GstTfrCrew *crew)
{
  guint64 n;

  g_mutex_lock (&crew->lock);
  n = crew->put;
  g_mutex_unlock (&crew->lock);
  return n;
}

void
gst_tfr_crew_settle (GstTfrCrew *crew)
{
  g_mutex_lock (&crew->lock);
  wait_for (crew, 0);
  g_mutex_unlock (&crew->lock);
}
