/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What one component must come to, for every window, size and padding: a tone
 * its frequency, an impulse its time, a linear chirp its line and its rate, and
 * each the right mixed derivative and phase.  Complex signals, so that what is
 * measured is the method and not the negative image.  Every row is printed as
 * the worst error over all sizes and paddings against its bar. */

#include "kernel.h"
#include "near.h"

#include <stdio.h>

#define RATE 48000.0
#define HZ (RATE / (2 * M_PI)) /* of a radian per sample */
#define DB 40                  /* bins this far below the peak count */

static const size_t sizes[] = { 64, 255, 256, 1000, 2048, 16384 };

/* The worst error over a frame's bins and some signals. */
typedef double (*Measure) (Kernel *k);
typedef double (*Bar) (ReassignWindowId id, size_t n);

static size_t
next_power_of_two (size_t n)
{
  size_t p = 1;

  while (p < n)
    p *= 2;
  return p;
}

/* Every window, size and padding; the worst of each window is printed and must
 * be within its bar. */
static void
walk (const char *what, Measure measure, Bar bar)
{
  bool all_hold = true;

  printf ("%-34s %-16s %10s %10s\n", what, "window", "error", "bar");
  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++) {
    double worst = -1, error_there = 0;
    size_t n_there = 0, fft_there = 0;

    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      for (size_t padding = 1; padding <= 4; padding *= 2) {
        size_t fft_size = padding * next_power_of_two (sizes[s]);
        Kernel *k = kernel_new (w, 0, sizes[s], fft_size);
        double error = measure (k), share = error / bar (w->id, sizes[s]);

        kernel_free (k);
        if (share > worst || isnan (share)) {
          worst = isnan (share) ? INFINITY : share;
          error_there = error;
          n_there = sizes[s];
          fft_there = fft_size;
        }
      }
    }
    printf ("%34s %-16s %10.1e %10.1e  at N %zu fft %zu%s\n", "", w->name,
        error_there, bar (w->id, n_there), n_there, fft_there,
        worst <= 1 ? "" : "  ABOVE");
    all_hold = all_hold && worst <= 1;
  }
  fflush (stdout);
  fail_unless (
      all_hold, "%s: some window is above its bar, see the table", what);
}

static double
wrapped (double phase, double turn)
{
  return fabs (remainder (phase, turn));
}

/* ------------------------------------------------------------------- tones */

static const double tones_hz[] = { 1003.7, 6013.7, 12000, 17456.789 };

/* The worst of a quantity over tones and their bins. */
static double
worst_of_tones (
    Kernel *k, double (*error) (const Kernel *, size_t, const KernelChirp *))
{
  double worst = 0;

  for (guint i = 0; i < G_N_ELEMENTS (tones_hz); i++) {
    KernelChirp tone = { 1, 0.7 + i, tones_hz[i] / HZ, 0 };

    kernel_run (k, kernel_chirp, &tone);
    for (size_t bin = 0; bin < k->n_bins; bin++)
      if (kernel_is_loud (k, bin, DB))
        worst = fmax (worst, error (k, bin, &tone));
  }
  return worst;
}

static double
tone_frequency_error (const Kernel *k, size_t bin, const KernelChirp *tone)
{
  return fabs (kernel_frequency (k, bin) - tone->frequency) * HZ;
}

static double
tone_mixed_error (const Kernel *k, size_t bin, const KernelChirp *tone)
{
  return fabs (kernel_mixed (k, bin));
}

/* Side lobes are negative: modulo pi.  The tone's phase is what it has at the
 * point's own time. */
static double
tone_phase_error (const Kernel *k, size_t bin, const KernelChirp *tone)
{
  double truth = tone->phase + tone->frequency * kernel_time (k, bin);

  return wrapped (kernel_phase (k, bin) - truth, M_PI);
}

static double
measure_tone_frequency (Kernel *k)
{
  return worst_of_tones (k, tone_frequency_error);
}

static double
measure_tone_mixed (Kernel *k)
{
  return worst_of_tones (k, tone_mixed_error);
}

static double
measure_tone_phase (Kernel *k)
{
  return worst_of_tones (k, tone_phase_error);
}

/* A Gaussian of 64 samples is cut at 5 sigma and its lobe is 10 bins wide: the
 * stencil's error is largest there. */
static bool
is_short_gaussian (ReassignWindowId id, size_t n)
{
  return id == REASSIGN_WINDOW_GAUSSIAN && n == 64;
}

static double
tone_frequency_bar (ReassignWindowId id, size_t n)
{
  return is_short_gaussian (id, n) ? 1e-6 : 1e-8;
}

static double
tone_mixed_bar (ReassignWindowId id, size_t n)
{
  return is_short_gaussian (id, n) ? 1e-8 : 1e-9;
}

/* A periodic window's first sample has no partner; where it is not 0 the window
 * is not symmetric and the phase of its spectrum not 0. */
static double
tone_phase_bar (ReassignWindowId id, size_t n)
{
  double size = (double) n;

  if (n % 2 == 1)
    return 1e-9;
  switch (id) {
    case REASSIGN_WINDOW_HAMMING:
      return 10 / size;
    case REASSIGN_WINDOW_KAISER:
      return 1 / size;
    case REASSIGN_WINDOW_DPSS:
      return .2 / size;
    case REASSIGN_WINDOW_BLACKMAN_HARRIS:
      return .15 / size;
    case REASSIGN_WINDOW_GAUSSIAN:
      return .01 / size;
    default:
      return 1e-9;
  }
}

GST_START_TEST (tone_frequency_is_exact_for_every_window)
{
  walk ("tone: frequency, Hz", measure_tone_frequency, tone_frequency_bar);
}
GST_END_TEST;

GST_START_TEST (mixed_derivative_of_a_tone_is_zero_for_every_window)
{
  walk ("tone: mixed derivative", measure_tone_mixed, tone_mixed_bar);
}
GST_END_TEST;

GST_START_TEST (phase_of_a_tone_is_its_own_at_the_point_for_every_window)
{
  walk ("tone: phase modulo pi, rad", measure_tone_phase, tone_phase_bar);
}
GST_END_TEST;

/* ---------------------------------------------------------------- impulses */

static double
worst_of_impulses (Kernel *k, double (*error) (const Kernel *, size_t, int))
{
  const int n = (int) k->n, offsets[] = { 0, 1, -n / 8, n / 5, n / 3 };
  double worst = 0;

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++) {
    kernel_run (k, kernel_impulse, &offsets[i]);
    for (size_t bin = 0; bin < k->n_bins; bin++)
      if (kernel_is_loud (k, bin, DB))
        worst = fmax (worst, error (k, bin, offsets[i]));
  }
  return worst;
}

static double
impulse_time_error (const Kernel *k, size_t bin, int offset)
{
  return fabs (kernel_time (k, bin) - offset);
}

static double
impulse_frequency_error (const Kernel *k, size_t bin, int offset)
{
  return fabs (kernel_frequency (k, bin) - kernel_bin_frequency (k, bin));
}

static double
impulse_mixed_error (const Kernel *k, size_t bin, int offset)
{
  return fabs (kernel_mixed (k, bin) - 1);
}

static double
impulse_phase_error (const Kernel *k, size_t bin, int offset)
{
  return wrapped (kernel_phase (k, bin), 2 * M_PI);
}

static double
measure_impulse_time (Kernel *k)
{
  return worst_of_impulses (k, impulse_time_error);
}

static double
measure_impulse_frequency (Kernel *k)
{
  return worst_of_impulses (k, impulse_frequency_error);
}

static double
measure_impulse_mixed (Kernel *k)
{
  return worst_of_impulses (k, impulse_mixed_error);
}

static double
measure_impulse_phase (Kernel *k)
{
  return worst_of_impulses (k, impulse_phase_error);
}

static double
bar_1e_9 (ReassignWindowId id, size_t n)
{
  return 1e-9;
}

static double
bar_1e_12 (ReassignWindowId id, size_t n)
{
  return 1e-12;
}

GST_START_TEST (impulse_time_is_exact_for_every_window)
{
  walk ("impulse: time, samples", measure_impulse_time, bar_1e_9);
}
GST_END_TEST;

GST_START_TEST (impulse_stays_at_its_bins_frequency_for_every_window)
{
  walk ("impulse: frequency shift, rad", measure_impulse_frequency, bar_1e_12);
}
GST_END_TEST;

GST_START_TEST (mixed_derivative_of_an_impulse_is_one_for_every_window)
{
  walk ("impulse: mixed derivative", measure_impulse_mixed, bar_1e_12);
}
GST_END_TEST;

GST_START_TEST (phase_of_an_impulse_is_zero_for_every_window)
{
  walk ("impulse: phase, rad", measure_impulse_phase, bar_1e_9);
}
GST_END_TEST;

/* ------------------------------------------------------------------ chirps */

static const double chirps_hz[] = { 6013.7, 12000, 17456.789 };

/* The worst of a quantity over chirps of this rate. */
static double
worst_of_chirps (Kernel *k, double hz_per_s,
    double (*error) (const Kernel *, size_t, const KernelChirp *))
{
  double worst = 0;

  for (guint i = 0; i < G_N_ELEMENTS (chirps_hz); i++) {
    KernelChirp chirp = { 1, 0.3 + i, chirps_hz[i] / HZ, hz_per_s / HZ / RATE };

    kernel_run (k, kernel_chirp, &chirp);
    for (size_t bin = 0; bin < k->n_bins; bin++) {
      double f = kernel_frequency (k, bin);

      if (kernel_is_loud (k, bin, DB) && f >= 0 && f <= M_PI)
        worst = fmax (worst, error (k, bin, &chirp));
    }
  }
  return worst;
}

/* Hz from the line f + c t at the point's own time. */
static double
line_error (const Kernel *k, size_t bin, const KernelChirp *chirp)
{
  double line = chirp->frequency + chirp->rate * kernel_time (k, bin);

  return fabs (kernel_frequency (k, bin) - line) * HZ;
}

/* of the rate itself */
static double
rate_error (const Kernel *k, size_t bin, const KernelChirp *chirp)
{
  return fabs (kernel_chirp_rate (k, bin) / chirp->rate - 1);
}

static double
measure_slow_line (Kernel *k)
{
  return worst_of_chirps (k, 200, line_error);
}

static double
measure_fast_line (Kernel *k)
{
  return worst_of_chirps (k, 20000, line_error);
}

static double
measure_slow_rate (Kernel *k)
{
  return worst_of_chirps (k, 200, rate_error);
}

static double
measure_fast_rate (Kernel *k)
{
  return worst_of_chirps (k, 20000, rate_error);
}

static double
slow_line_bar (ReassignWindowId id, size_t n)
{
  return is_short_gaussian (id, n) ? 1e-6 : 1e-7;
}

/* At 16384 samples the chirp crosses 6.8 kHz within the window, and the
 * stencil sees both ends far from the bin. */
static double
fast_line_bar (ReassignWindowId id, size_t n)
{
  if (n < 16384)
    return slow_line_bar (id, n);
  return id == REASSIGN_WINDOW_HAMMING  ? 1e-3
         : id == REASSIGN_WINDOW_KAISER ? 5e-6
                                        : 5e-7;
}

static double
slow_rate_bar (ReassignWindowId id, size_t n)
{
  return 1e-6;
}

static double
fast_rate_bar (ReassignWindowId id, size_t n)
{
  if (n < 16384)
    return 1e-6;
  return id == REASSIGN_WINDOW_HAMMING  ? 1e-5
         : id == REASSIGN_WINDOW_KAISER ? 1e-4
                                        : 1e-6;
}

GST_START_TEST (chirps_lie_on_their_line_for_every_window)
{
  walk ("chirp 200 Hz/s: line, Hz", measure_slow_line, slow_line_bar);
  walk ("chirp 20000 Hz/s: line, Hz", measure_fast_line, fast_line_bar);
}
GST_END_TEST;

GST_START_TEST (chirp_rate_is_exact_for_every_window)
{
  walk ("chirp 200 Hz/s: rate, relative", measure_slow_rate, slow_rate_bar);
  walk ("chirp 20000 Hz/s: rate, relative", measure_fast_rate, fast_rate_bar);
}
GST_END_TEST;

static Suite *
kernel_suite (void)
{
  Suite *s = suite_create ("kernel");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, tone_frequency_is_exact_for_every_window);
  tcase_add_test (tc, mixed_derivative_of_a_tone_is_zero_for_every_window);
  tcase_add_test (tc, phase_of_a_tone_is_its_own_at_the_point_for_every_window);
  tcase_add_test (tc, impulse_time_is_exact_for_every_window);
  tcase_add_test (tc, impulse_stays_at_its_bins_frequency_for_every_window);
  tcase_add_test (tc, mixed_derivative_of_an_impulse_is_one_for_every_window);
  tcase_add_test (tc, phase_of_an_impulse_is_zero_for_every_window);
  tcase_add_test (tc, chirps_lie_on_their_line_for_every_window);
  tcase_add_test (tc, chirp_rate_is_exact_for_every_window);
  return s;
}

GST_CHECK_MAIN (kernel);
