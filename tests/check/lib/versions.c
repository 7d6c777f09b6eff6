/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The kernel is compiled for several targets: the machine that it runs on shows
 * in the time that it takes, and in no bit of what comes out. */

#include "analysis.h"
#include "analyzer.h"
#include "signals.h"

#include <gst/check/gstcheck.h>
#include <math.h>

#define RATE 48000.0
#define LENGTH 12000
#define ALL_FIELDS 0xff

static Analysis *
analyse (
    const ReassignConfig *config, const ReassignKernel *kernel, const double *x)
{
  const char *error = NULL;
  ReassignAnalyzer *a = reassign_analyzer_new_with (config, kernel, &error);
  Analysis *all;

  fail_unless (a != NULL, "%s", error);
  all = analysis_of (a, x, LENGTH, 0, 0);
  reassign_analyzer_free (a);
  return all;
}

/* Loud, quiet and silent stretches, and one with samples that are not finite.
 */
static void
make_signal (double *x)
{
  memset (x, 0, LENGTH * sizeof *x);
  signal_add_noise (x, 5000, 0.1, 1);
  signal_add_tone (x, LENGTH, RATE, 0.5, 1003.7, 0.3);
  signal_add_chirp (x, 9000, RATE, 1e-4, 3000, 2e4, 0);
  memset (x + 6000, 0, 3000 * sizeof *x);
  x[10000] = INFINITY;
}

static const ReassignConfig configs[] = {
  { .window_size = 256 },
  { .window_size = 256, .fields = ALL_FIELDS },
  { .window_size = 255, .fft_size = 255, .fields = ALL_FIELDS },
  { .window_size = 1000, .hop = 77, .fft_size = 1000, .fields = ALL_FIELDS },
  { .window_size = 33, .hop = 100, .fields = ALL_FIELDS },
  { .window_size = 512,
      .floor_reference = REASSIGN_FLOOR_FRAME_PEAK,
      .magnitude_floor = -30,
      .fields = REASSIGN_FIELD_BIN },
  { .window_size = 512,
      .floor_reference = REASSIGN_FLOOR_NOISE,
      .magnitude_floor = 3,
      .max_time_shift = 20,
      .max_frequency_shift = 50 },
  { .window_size = 256,
      .magnitude_floor = -INFINITY,
      .keep_time = true,
      .keep_frequency = true,
      .fields = ALL_FIELDS },
  { .window_size = 256, .consensus = REASSIGN_CONSENSUS_MIXED },
  { .window_size = 256, .consensus = REASSIGN_CONSENSUS_RANK1 },
  { .window_size = 256, .consensus = REASSIGN_CONSENSUS_LINE },
  { .window_size = 512, .analytic = true, .fields = ALL_FIELDS },
};

GST_START_TEST (every_version_gives_the_same_bits)
{
  ReassignConfig config = configs[__i__ / 2];
  static double x[LENGTH];
  const ReassignKernel *kernel;
  Analysis *reference;

  config.sample_rate = RATE;
  config.precision =
      __i__ % 2 == 0 ? REASSIGN_PRECISION_DOUBLE : REASSIGN_PRECISION_SINGLE;
  make_signal (x);
  reference = analyse (&config, reassign_kernel (config.precision, 0), x);
  fail_unless (reference->n_points > 100, "%zu points", reference->n_points);
  for (size_t i = 1; (kernel = reassign_kernel (config.precision, i)) != NULL;
       i++) {
    Analysis *other = analyse (&config, kernel, x);
    const char *difference = analysis_difference (reference, other);

    fail_unless (difference == NULL, "config %d: %s differs from %s: %s",
        __i__ / 2, kernel->name, reassign_kernel (config.precision, 0)->name,
        difference);
    fail_unless (
        memcmp (&reference->stats, &other->stats, sizeof other->stats) == 0,
        "config %d: %s counts otherwise", __i__ / 2, kernel->name);
    analysis_free (other);
  }
  analysis_free (reference);
}
GST_END_TEST;

/* Registers are wider than what is left of the planes at their end. */
GST_START_TEST (no_version_writes_beyond_the_room_for_all_bins)
{
  const ReassignPrecision precision = (ReassignPrecision) (__i__ % 2);
  const size_t fft_size = 255 + (size_t) __i__ / 2, room = fft_size / 2 + 1;
  ReassignConfig config = { .sample_rate = RATE,
    .window_size = 255,
    .fft_size = fft_size,
    .precision = precision,
    .magnitude_floor = -INFINITY };
  const ReassignKernel *kernel;
  static double x[LENGTH];

  make_signal (x);
  for (size_t i = 0; (kernel = reassign_kernel (precision, i)) != NULL; i++) {
    ReassignAnalyzer *a = reassign_analyzer_new_with (&config, kernel, NULL);
    double time[256], frequency[256];
    float magnitude[256];
    ReassignPlanes to = {
      .time = time, .frequency = frequency, .magnitude = magnitude
    };
    ReassignFrame frame;

    reassign_analyzer_push (a, x, 1000);
    while (reassign_analyzer_ready (a)) {
      for (size_t k = room; k < 256; k++)
        time[k] = frequency[k] = magnitude[k] = -7;
      reassign_analyzer_pull_into (a, &to, &frame);
      fail_unless (frame.n_points > 100, "%zu points", frame.n_points);
      for (size_t k = room; k < 256; k++)
        fail_unless (time[k] == -7 && frequency[k] == -7 && magnitude[k] == -7,
            "%s, %zu bins: writes value %zu", kernel->name, room, k);
    }
    reassign_analyzer_free (a);
  }
}
GST_END_TEST;

static Suite *
versions_suite (void)
{
  Suite *s = suite_create ("versions");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, every_version_gives_the_same_bits, 0,
      2 * (int) G_N_ELEMENTS (configs));
  tcase_add_loop_test (
      tc, no_version_writes_beyond_the_room_for_all_bins, 0, 8);
  return s;
}

GST_CHECK_MAIN (versions);
