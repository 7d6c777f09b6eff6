/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "frames.h"

#include "fft.h"
#include "timing.h"

#include <fftw3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH (4 * RATE)
#define BUFFER 1024 /* samples */

#define ALL_FIELDS                                                             \
  (REASSIGN_FIELD_PHASE | REASSIGN_FIELD_MIXED | REASSIGN_FIELD_CHIRP_RATE |   \
      REASSIGN_FIELD_BIN)

static const double *
sound (void)
{
  static double x[LENGTH];

  if (x[0] == 0)
    make_sound (x, LENGTH);
  return x;
}

static double
time_double_transforms (size_t n, int rounds)
{
  double *in = fftw_malloc (n * sizeof *in), start, time;
  fftw_complex *out = fftw_malloc ((n / 2 + 1) * sizeof *out);
  fftw_plan plan = fftw_plan_dft_r2c_1d ((int) n, in, out, FFTW_ESTIMATE);

  memcpy (in, sound (), n * sizeof *in);
  start = cpu_seconds ();
  for (int i = 0; i < 3 * rounds; i++)
    fftw_execute (plan);
  time = cpu_seconds () - start;
  fftw_destroy_plan (plan);
  fftw_free (in);
  fftw_free (out);
  return time / rounds * 1e6;
}

static double
time_single_transforms (size_t n, int rounds)
{
  float *in = fftwf_malloc (n * sizeof *in);
  fftwf_complex *out = fftwf_malloc ((n / 2 + 1) * sizeof *out);
  fftwf_plan plan = fftwf_plan_dft_r2c_1d ((int) n, in, out, FFTW_ESTIMATE);
  double start, time;

  for (size_t i = 0; i < n; i++)
    in[i] = (float) sound ()[i];
  start = cpu_seconds ();
  for (int i = 0; i < 3 * rounds; i++)
    fftwf_execute (plan);
  time = cpu_seconds () - start;
  fftwf_destroy_plan (plan);
  fftwf_free (in);
  fftwf_free (out);
  return time / rounds * 1e6;
}

double
time_transforms (size_t n, ReassignPrecision precision)
{
  int rounds = (int) (1000000 / n) + 1;
  double times[RUNS];

  for (int run = 0; run < RUNS; run++)
    times[run] = precision == REASSIGN_PRECISION_SINGLE
                     ? time_single_transforms (n, rounds)
                     : time_double_transforms (n, rounds);
  return median (times);
}

static ReassignAnalyzer *
make_analyzer (
    size_t n, size_t hop, ReassignPrecision precision, unsigned fields)
{
  ReassignConfig config = { .sample_rate = RATE,
    .window_size = n,
    .fft_size = n,
    .hop = hop,
    .precision = precision,
    .fields = fields };

  return reassign_analyzer_new (&config, NULL);
}

/* x NULL: zeros that are not known to be silence. */
static void
analyse (ReassignAnalyzer *a, const double *x, size_t n)
{
  ReassignFrame frame;

  for (size_t taken = 0; taken < n;) {
    taken += reassign_analyzer_push (a, x + taken, n - taken);
    while (reassign_analyzer_pull (a, &frame))
      ;
  }
}

/* Seconds of sound that make about a thousand frames. */
static size_t
enough (size_t hop)
{
  size_t n = 1000 * hop + BUFFER;

  return (n < LENGTH ? n : LENGTH) / BUFFER * BUFFER;
}

double
time_frame (size_t n, size_t hop, ReassignPrecision precision, unsigned fields,
    bool with_sound)
{
  static const double silence[LENGTH];
  ReassignAnalyzer *a = make_analyzer (n, hop, precision, fields);
  const double *x = with_sound ? sound () : silence;
  size_t length = n > 4096 ? LENGTH : enough (hop);
  double times[RUNS];

  for (int run = 0; run < RUNS; run++) {
    double start = cpu_seconds ();

    reassign_analyzer_reset (a, 0);
    analyse (a, x, length);
    times[run] = (cpu_seconds () - start) * 1e6 /
                 (double) reassign_analyzer_stats (a)->frames;
  }
  reassign_analyzer_free (a);
  return median (times);
}

double
time_frame_of_floats (size_t n, size_t hop, unsigned fields)
{
  ReassignAnalyzer *a =
      make_analyzer (n, hop, REASSIGN_PRECISION_DOUBLE, fields);
  static float floats[LENGTH];
  double times[RUNS];

  for (size_t i = 0; i < LENGTH; i++)
    floats[i] = (float) sound ()[i];
  for (int run = 0; run < RUNS; run++) {
    double start = cpu_seconds (), block[BUFFER];

    reassign_analyzer_reset (a, 0);
    for (size_t i = 0; i + BUFFER <= LENGTH; i += BUFFER) {
      for (size_t k = 0; k < BUFFER; k++)
        block[k] = floats[i + k];
      analyse (a, block, BUFFER);
    }
    times[run] = (cpu_seconds () - start) * 1e6 /
                 (double) reassign_analyzer_stats (a)->frames;
  }
  reassign_analyzer_free (a);
  return median (times);
}

double
count_in_frames (size_t n, size_t hop)
{
  ReassignAnalyzer *a =
      make_analyzer (n, hop, REASSIGN_PRECISION_DOUBLE, ALL_FIELDS);
  size_t before = count_allocations (), after;

  analyse (a, sound (), LENGTH);
  after = count_allocations ();
  reassign_analyzer_free (a);
  return (double) (after - before) / (LENGTH / (double) hop);
}

double
time_planning (void)
{
  double worst = 0;

  for (size_t n = 32; n <= 65536; n *= 2)
    for (int single = 0; single < 2; single++) {
      double start = cpu_seconds (), time;
      ReassignFft *fft = reassign_fft_new (
          single ? REASSIGN_FFT_COMPLEX_SINGLE : REASSIGN_FFT_REAL, n);

      time = cpu_seconds () - start;
      worst = time > worst ? time : worst;
      reassign_fft_free (fft);
    }
  return worst * 1e3;
}

static void
print_row (size_t n, size_t hop, const double *bare)
{
  double plain = time_frame (n, hop, REASSIGN_PRECISION_DOUBLE, 0, true);
  double mixed = time_frame (n, hop, REASSIGN_PRECISION_DOUBLE,
      REASSIGN_FIELD_MIXED | REASSIGN_FIELD_BIN, true);
  double all = time_frame (n, hop, REASSIGN_PRECISION_DOUBLE, ALL_FIELDS, true);
  double single = time_frame (n, hop, REASSIGN_PRECISION_SINGLE, 0, true);

  printf ("%6zu %5zu %9.2f %7.2f %5.2f %7.2f %5.2f %7.2f %5.2f %9.2f %7.2f "
          "%5.2f\n",
      n, hop, bare[0], plain, plain / bare[0], mixed, mixed / bare[0], all,
      all / bare[0], bare[1], single, single / bare[1]);
}

void
print_frames (void)
{
  puts ("Three real transforms by FFTW, then a whole frame: us, and the ratio\n"
        "                ---------------------- double ----------------------  "
        "------- single -------\n"
        "  size   hop    3 FFTs   frame ratio   mixed ratio     all ratio    "
        "3 FFTs   frame ratio");
  for (size_t n = 256; n <= 16384; n *= 2) {
    double bare[2] = { time_transforms (n, REASSIGN_PRECISION_DOUBLE),
      time_transforms (n, REASSIGN_PRECISION_SINGLE) };

    if (n / 4 != 64)
      print_row (n, n / 4, bare);
    print_row (n, 64, bare);
  }
}
