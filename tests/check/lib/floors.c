/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which points are loud enough: against full scale, the frame's peak, a peak
 * that falls slowly, or the noise.  Every reference is worked out here from the
 * magnitudes of all bins, and the points that stay must be those above it. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

#define RATE 48000.0
#define LENGTH 96000
#define HOP 480

/* Noise, a loud passage, a pause of digital silence, noise again. */
static double *
make_programme (void)
{
  double *x = g_new0 (double, LENGTH);

  signal_add_noise (x, LENGTH, 0.001, 3);
  signal_add_tone (x + 20000, 9000, RATE, 0.7, 5000, 0);
  memset (x + 50000, 0, 20000 * sizeof *x);
  return x;
}

/* Neither axis moved, so that no bin is dropped for its correction. */
static ReassignConfig
config_with (ReassignFloor reference, double floor_db)
{
  return (ReassignConfig){ .sample_rate = RATE,
    .window_size = 512,
    .hop = HOP,
    .keep_time = true,
    .keep_frequency = true,
    .floor_reference = reference,
    .magnitude_floor = floor_db,
    .fields = REASSIGN_FIELD_BIN };
}

static int
compare (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Of all bins' magnitudes. */
static double
median (const float *magnitude, size_t n)
{
  float *sorted = g_memdup2 (magnitude, n * sizeof *magnitude);
  double middle;

  qsort (sorted, n, sizeof *sorted, compare);
  middle = n % 2 == 1 ? sorted[n / 2]
                      : ((double) sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  g_free (sorted);
  return middle;
}

/* The reference of every frame, by the words of the manual. */
static double *
references (const Analysis *all, ReassignFloor reference)
{
  double *r = g_new0 (double, all->n_frames), seconds = HOP / RATE;
  double peak = 0, noise_db = NAN;

  for (size_t i = 0; i < all->n_frames; i++) {
    const AnalysisFrame *f = &all->frames[i];

    peak = fmax (f->peak, peak * pow (10, -seconds));
    if (f->n > 0) {
      double db = 20 * log10 (median (all->magnitude + f->first, f->n));

      noise_db =
          isnan (noise_db) ? db : db + (noise_db - db) * exp (-seconds / 1.0);
    }
    r[i] = reference == REASSIGN_FLOOR_FULL_SCALE     ? 1
           : reference == REASSIGN_FLOOR_FRAME_PEAK   ? f->peak
           : reference == REASSIGN_FLOOR_RUNNING_PEAK ? peak
                                                      : pow (10, noise_db / 20);
  }
  return r;
}

/* Those of `all` that are above the floor must be the points of `some`. */
static void
check_points (const Analysis *all, const Analysis *some,
    const double *reference, double floor_db, const char *what)
{
  size_t n_near = 0;

  fail_unless_equals_uint64 (all->n_frames, some->n_frames);
  for (size_t i = 0; i < all->n_frames; i++) {
    const AnalysisFrame *f = &all->frames[i], *g = &some->frames[i];
    double floor = reference[i] * pow (10, floor_db / 20);
    size_t j = g->first, end = g->first + g->n;

    for (size_t k = f->first; k < f->first + f->n; k++) {
      bool there = j < end && some->bin[j] == all->bin[k];

      j += there ? 1 : 0;
      if (fabs (all->magnitude[k] / floor - 1) < 1e-5) {
        n_near++; /* a float cannot tell on which side it is */
        continue;
      }
      fail_unless (there == (all->magnitude[k] > floor),
          "%s: frame %zu bin %u magnitude %g floor %g is %s", what, i,
          all->bin[k], all->magnitude[k], floor, there ? "there" : "missing");
    }
    fail_unless (j == end, "%s: frame %zu has points of its own", what, i);
  }
  assert_at_most ((double) n_near, 1e-3 * (double) all->n_points + 1,
      "%s: points too near to the floor", what);
}

GST_START_TEST (points_that_stay_are_those_above_the_floor)
{
  static const struct {
    ReassignFloor reference;
    double db;
    const char *what;
  } floors[] = {
    { REASSIGN_FLOOR_FULL_SCALE, -70, "full-scale" },
    { REASSIGN_FLOOR_FRAME_PEAK, -20, "frame-peak" },
    { REASSIGN_FLOOR_RUNNING_PEAK, -50, "running-peak" },
    { REASSIGN_FLOOR_NOISE, 6, "noise +6" },
    { REASSIGN_FLOOR_NOISE, 1e-9, "noise +0" },
  };
  double *x = make_programme ();
  ReassignConfig keep_all = config_with (REASSIGN_FLOOR_FULL_SCALE, -INFINITY);
  Analysis *all = analysis_new (&keep_all, x, LENGTH, 0);

  for (guint i = 0; i < G_N_ELEMENTS (floors); i++) {
    ReassignConfig config = config_with (floors[i].reference, floors[i].db);
    Analysis *some = analysis_new (&config, x, LENGTH, 0);
    double *reference = references (all, floors[i].reference);

    fail_unless (some->n_points > 100 && some->n_points < all->n_points);
    check_points (all, some, reference, floors[i].db, floors[i].what);
    g_free (reference);
    analysis_free (some);
  }
  analysis_free (all);
  g_free (x);
}
GST_END_TEST;

/* What came before a frame must not matter to it. */
GST_START_TEST (full_scale_and_frame_peak_have_no_memory)
{
  static const ReassignFloor floors[] = { REASSIGN_FLOOR_FULL_SCALE,
    REASSIGN_FLOOR_FRAME_PEAK, REASSIGN_FLOOR_RUNNING_PEAK,
    REASSIGN_FLOOR_NOISE };
  double *x = make_programme ();

  for (guint i = 0; i < G_N_ELEMENTS (floors); i++) {
    const int64_t from = 33600; /* right after the tone, on the grid */
    ReassignConfig config = config_with (
        floors[i], floors[i] == REASSIGN_FLOOR_NOISE ? 6 : -40);
    Analysis *whole = analysis_new (&config, x, LENGTH, 0);
    Analysis *later = analysis_new (&config, x + from, LENGTH - from, from);
    size_t offset = (size_t) from / HOP;
    bool alike = true;

    for (size_t f = 2; f < later->n_frames; f++)
      alike = alike && later->frames[f].n == whole->frames[f + offset].n;
    fail_unless (alike == (i < 2), "reference %u", i);
    analysis_free (whole);
    analysis_free (later);
  }
  g_free (x);
}
GST_END_TEST;

GST_START_TEST (no_floor_keeps_every_bin_that_is_not_zero)
{
  double *x = make_programme ();
  ReassignConfig config = config_with (REASSIGN_FLOOR_FULL_SCALE, -INFINITY);
  Analysis *a = analysis_new (&config, x, LENGTH, 0);

  for (size_t i = 0; i < a->n_frames; i++)
    fail_unless (a->frames[i].n == 0 || a->frames[i].n == a->shape.n_bins);
  fail_unless_equals_uint64 (a->frames[130].n, 0); /* in the pause */
  fail_unless_equals_uint64 (a->frames[10].n, a->shape.n_bins);
  analysis_free (a);
  g_free (x);
}
GST_END_TEST;

static Suite *
floors_suite (void)
{
  Suite *s = suite_create ("floors");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, points_that_stay_are_those_above_the_floor);
  tcase_add_test (tc, full_scale_and_frame_peak_have_no_memory);
  tcase_add_test (tc, no_floor_keeps_every_bin_that_is_not_zero);
  return s;
}

GST_CHECK_MAIN (floors);
