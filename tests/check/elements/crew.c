/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Tasks of several parts by any number of workers. */

#include "analysis/crew.h"

#include <gst/check/gstcheck.h>

#define N_TASKS 5000
#define MOST_PARTS 4
#define MOST_SLOTS 12

typedef struct {
  guint64 task[MOST_SLOTS];
  gint n_done[MOST_SLOTS]; /* atomic */
  gint n_parts[MOST_SLOTS];
  gint n_putting; /* atomic */
  guint64 n_put;
} Record;

static void
work (gpointer user, guint worker, guint slot, guint part)
{
  Record *r = user;

  if (r->task[slot] % 50 == 49)
    g_usleep (100);
  g_atomic_int_inc (&r->n_done[slot]);
}

static void
put (gpointer user, guint slot)
{
  Record *r = user;

  fail_unless_equals_int (g_atomic_int_add (&r->n_putting, 1), 0);
  fail_unless_equals_int (
      g_atomic_int_get (&r->n_done[slot]), r->n_parts[slot]);
  fail_unless_equals_uint64 (r->task[slot], r->n_put);
  r->n_put++;
  g_atomic_int_add (&r->n_putting, -1);
}

static const GstTfrCrewCalls calls = { work, put };

GST_START_TEST (tasks_leave_whole_one_by_one_and_in_order)
{
  guint n = (guint) __i__, n_slots = 2 * n + 2;
  Record r = { 0 };
  GstTfrCrew *crew = gst_tfr_crew_new (n, n_slots, &calls, &r);

  for (guint64 i = 0; i < N_TASKS; i++) {
    guint slot = gst_tfr_crew_slot (crew);

    r.task[slot] = i;
    r.n_done[slot] = 0;
    r.n_parts[slot] = 1 + (gint) (i % MOST_PARTS);
    gst_tfr_crew_submit (crew, (guint) r.n_parts[slot]);
    if (i % 97 == 0) {
      gst_tfr_crew_settle (crew);
      fail_unless_equals_uint64 (r.n_put, i + 1);
    }
  }
  gst_tfr_crew_settle (crew);
  fail_unless_equals_uint64 (r.n_put, N_TASKS);
  fail_unless_equals_uint64 (gst_tfr_crew_n_put (crew), N_TASKS);
  gst_tfr_crew_free (crew);
}
GST_END_TEST;

/* As where the system gives no thread. */
GST_START_TEST (a_crew_of_one_leaves_nothing_undone)
{
  Record r = { 0 };
  GstTfrCrew *crew = gst_tfr_crew_new (1, 4, &calls, &r);

  for (guint64 i = 0; i < 10; i++) {
    guint slot = gst_tfr_crew_slot (crew);

    r.task[slot] = i;
    r.n_done[slot] = 0;
    r.n_parts[slot] = 2;
    gst_tfr_crew_submit (crew, 2);
    fail_unless_equals_uint64 (r.n_put, i + 1);
  }
  gst_tfr_crew_free (crew);
  gst_tfr_crew_free (NULL);
}
GST_END_TEST;

static Suite *
crew_suite (void)
{
  Suite *s = suite_create ("crew");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, tasks_leave_whole_one_by_one_and_in_order, 1, 6);
  tcase_add_test (tc, a_crew_of_one_leaves_nothing_undone);
  return s;
}

GST_CHECK_MAIN (crew);
