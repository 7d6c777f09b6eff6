/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What the analysis costs against the bare transforms in it, in one run: three
 * real FFTW transforms of the same size, then whole frames with three fields and
 * with all.  Times are CPU time, medians of several runs; look at the ratios. */

#include "reassign.h"

#include <fftw3.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RATE 48000.0
#define SECONDS 4
#define RUNS 9

static double signal_in[(size_t) RATE * SECONDS];

static double
cpu_seconds (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (double *x)
{
  qsort (x, RUNS, sizeof *x, compare);
  return x[RUNS / 2];
}

/* us for three transforms */
static double
time_transforms (size_t n)
{
  double *in = fftw_malloc (n * sizeof *in), times[RUNS];
  fftw_complex *out = fftw_malloc ((n / 2 + 1) * sizeof *out);
  fftw_plan plan = fftw_plan_dft_r2c_1d ((int) n, in, out, FFTW_ESTIMATE);
  int rounds = (int) (4000000 / n);

  memcpy (in, signal_in, n * sizeof *in);
  for (int run = 0; run < RUNS; run++) {
    double start = cpu_seconds ();

    for (int i = 0; i < 3 * rounds; i++)
      fftw_execute (plan);
    times[run] = (cpu_seconds () - start) / rounds * 1e6;
  }
  fftw_destroy_plan (plan);
  fftw_free (in);
  fftw_free (out);
  return median (times);
}

/* us for a frame */
static double
time_frames (size_t n, size_t hop, unsigned fields)
{
  ReassignConfig config = reassign_config_default (RATE);
  ReassignAnalyzer *a;
  ReassignFrame frame;
  double times[RUNS];

  config.window_size = config.fft_size = n;
  config.hop = hop;
  config.max_time_shift = 0;
  config.fields = fields;
  a = reassign_analyzer_new (&config, NULL);
  for (int run = 0; run < RUNS; run++) {
    double start = cpu_seconds ();
    size_t taken = 0, total = sizeof signal_in / sizeof *signal_in;

    reassign_analyzer_reset (a, 0);
    while (taken < total) {
      taken += reassign_analyzer_push (a, signal_in + taken, total - taken);
      while (reassign_analyzer_pull (a, &frame))
        ;
    }
    times[run] = (cpu_seconds () - start) /
                 (double) reassign_analyzer_stats (a)->frames * 1e6;
  }
  reassign_analyzer_free (a);
  return median (times);
}

int
main (void)
{
  const unsigned all = REASSIGN_FIELD_PHASE | REASSIGN_FIELD_MIXED |
                       REASSIGN_FIELD_CHIRP_RATE | REASSIGN_FIELD_BIN;

  srand (1);
  for (size_t i = 0; i < sizeof signal_in / sizeof *signal_in; i++)
    signal_in[i] = 0.3 * sin (0.05 * (double) i + 1e-7 * (double) (i * i)) +
                   0.01 * (rand () / (double) RAND_MAX - 0.5);

  printf ("  size   hop  3 transforms  frame     ratio  all fields  ratio\n");
  for (size_t n = 256; n <= 16384; n *= 2) {
    double transforms = time_transforms (n);

    for (int i = 0; i < 2; i++) {
      size_t hop = i == 0 ? n / 4 : 64;
      double plain = time_frames (n, hop, 0), full = time_frames (n, hop, all);

      printf ("%6zu %5zu %10.2f us %6.2f us %7.2f %8.2f us %6.2f\n", n, hop,
          transforms, plain, plain / transforms, full, full / transforms);
    }
  }
  return 0;
}
