/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Memory runs out only in _new: there is a sentence and nothing is left behind.
 * After _new nothing is allocated. */

#include "failing.h"
#include "reassign.h"
#include "signals.h"

#include <gst/check/gstcheck.h>
#include <math.h>

#define RATE 48000.0

/* One way to make an object, and to use it. */
typedef struct {
  const char *name;
  void *(*make) (const char **error);
  void (*use) (void *object);
  void (*free) (void *object);
} Maker;

static ReassignConfig
small_config (void)
{
  return (ReassignConfig){ .sample_rate = RATE, .window_size = 256 };
}

static void *
make_plain (const char **error)
{
  ReassignConfig c = small_config ();

  return reassign_analyzer_new (&c, error);
}

static void *
make_all_fields (const char **error)
{
  ReassignConfig c = small_config ();

  c.fields = 0xff;
  c.window = REASSIGN_WINDOW_DPSS;
  c.floor_reference = REASSIGN_FLOOR_NOISE;
  c.magnitude_floor = 3;
  return reassign_analyzer_new (&c, error);
}

static void *
make_consensus (const char **error)
{
  ReassignConfig c = small_config ();

  c.consensus = REASSIGN_CONSENSUS_LINE;
  c.consensus_frames = 3;
  return reassign_analyzer_new (&c, error);
}

static void *
make_rank1 (const char **error)
{
  ReassignConfig c = small_config ();

  c.consensus = REASSIGN_CONSENSUS_RANK1;
  return reassign_analyzer_new (&c, error);
}

static void *
make_analytic (const char **error)
{
  ReassignConfig c = small_config ();

  c.analytic = true;
  return reassign_analyzer_new (&c, error);
}

static void
use_analyzer (void *object)
{
  static double x[9600];
  ReassignAnalyzer *a = object;
  ReassignFrame frame;
  size_t taken = 0;

  signal_add_noise (x, 9600, 0.1, 1);
  while (taken < 9600) {
    taken += reassign_analyzer_push (a, x + taken, 9600 - taken);
    while (reassign_analyzer_pull (a, &frame))
      ;
  }
  reassign_analyzer_drain (a);
  while (reassign_analyzer_pull (a, &frame))
    ;
  reassign_analyzer_reset (a, 7);
}

static void
free_analyzer (void *object)
{
  reassign_analyzer_free (object);
}

static void *
make_grid (const char **error)
{
  ReassignGridConfig c = {
    .axis = { .scale = REASSIGN_SCALE_LOG, .max_hz = 20000, .n_rows = 64 },
    .columns_per_second = 100,
    .n_columns = 50,
    .lines = true,
    .sample_rate = RATE,
    .hop = 512,
  };

  reassign_axis_init (&c.axis);
  return reassign_grid_new (&c, error);
}

static void
use_grid (void *object)
{
  const double time[] = { 0.1, 0.2 }, frequency[] = { 440, 1e4 };
  const float energy[] = { 1, 2 }, slope[] = { 1e5f, NAN };

  reassign_grid_push (object, time, frequency, energy, slope, 2);
  reassign_grid_halve (object);
  reassign_grid_advance (object, 10);
  reassign_grid_reset (object, 3);
}

static void
free_grid (void *object)
{
  reassign_grid_free (object);
}

static const Maker makers[] = {
  { "analyzer", make_plain, use_analyzer, free_analyzer },
  { "analyzer with all fields", make_all_fields, use_analyzer, free_analyzer },
  { "analyzer with line consensus", make_consensus, use_analyzer,
      free_analyzer },
  { "analyzer with rank1", make_rank1, use_analyzer, free_analyzer },
  { "analytic analyzer", make_analytic, use_analyzer, free_analyzer },
  { "grid", make_grid, use_grid, free_grid },
};

GST_START_TEST (new_without_memory_says_so_and_leaves_nothing)
{
  const Maker *m = &makers[__i__];
  size_t n;

  failing_start (0);
  m->free (m->make (NULL));
  n = failing_count ();
  fail_unless (n > 0);
  fail_unless_equals_uint64 (failing_live (), 0);
  for (size_t k = 1; k <= n; k++) {
    const char *error = NULL;
    void *object;

    failing_start (k);
    object = m->make (&error);
    fail_unless (object == NULL, "%s: made without allocation %zu of %zu",
        m->name, k, n);
    fail_unless (error != NULL && error[0] != '\0',
        "%s: says nothing of allocation %zu", m->name, k);
    fail_unless (failing_live () == 0, "%s: %zu blocks left of allocation %zu",
        m->name, failing_live (), k);
  }
  failing_start (0);
}
GST_END_TEST;

GST_START_TEST (nothing_is_allocated_after_new)
{
  const Maker *m = &makers[__i__];
  void *object = m->make (NULL);

  fail_unless (object != NULL);
  failing_start (0);
  m->use (object);
  fail_unless (failing_count () == 0, "%s: %zu allocations", m->name,
      failing_count ());
  m->free (object);
}
GST_END_TEST;

GST_START_TEST (free_takes_null)
{
  makers[__i__].free (NULL);
}
GST_END_TEST;

static Suite *
memory_suite (void)
{
  Suite *s = suite_create ("memory");
  TCase *tc = tcase_create ("general");
  int n = G_N_ELEMENTS (makers);

  suite_add_tcase (s, tc);
  tcase_add_loop_test (
      tc, new_without_memory_says_so_and_leaves_nothing, 0, n);
  tcase_add_loop_test (tc, nothing_is_allocated_after_new, 0, n);
  tcase_add_loop_test (tc, free_takes_null, 0, n);
  return s;
}

GST_CHECK_MAIN (memory);
