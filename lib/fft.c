/* SPDX-License-Identifier: GPL-2.0-or-later */

/* FFTW behind three calls.
 *
 * Its planner is not thread-safe, and other users of FFTW may live in the same
 * process: fftw_make_planner_thread_safe guards against those that go through
 * the same library, our own lock against our own threads before that call took
 * effect, and while plans are destroyed. */

#include "fft.h"

#include <fftw3.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LINE 64 /* bytes of a cache line */

struct ReassignFft {
  ReassignFftKind kind;
  union {
    fftw_plan twice;
    fftwf_plan once;
  } plan;
};

static pthread_mutex_t planner_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t planner_once = PTHREAD_ONCE_INIT;

static void
make_planners_safe (void)
{
  fftw_make_planner_thread_safe ();
  fftwf_make_planner_thread_safe ();
}

/* Whether there is a plan. */
static bool
plan (ReassignFft *fft, int n, void *in, void *out)
{
  switch (fft->kind) {
    case REASSIGN_FFT_REAL:
      fft->plan.twice = fftw_plan_dft_r2c_1d (n, in, out, FFTW_ESTIMATE);
      break;
    case REASSIGN_FFT_REAL_INVERSE:
      fft->plan.twice = fftw_plan_dft_c2r_1d (n, in, out, FFTW_ESTIMATE);
      break;
    case REASSIGN_FFT_COMPLEX:
      fft->plan.twice =
          fftw_plan_dft_1d (n, in, out, FFTW_FORWARD, FFTW_ESTIMATE);
      break;
    case REASSIGN_FFT_COMPLEX_SINGLE:
      fft->plan.once =
          fftwf_plan_dft_1d (n, in, out, FFTW_FORWARD, FFTW_ESTIMATE);
      return fft->plan.once != NULL;
  }
  return fft->plan.twice != NULL;
}

ReassignFft *
reassign_fft_new (ReassignFftKind kind, size_t n)
{
  ReassignFft *fft = calloc (1, sizeof *fft);
  void *in = reassign_fft_alloc (n + 2, 2 * sizeof (double));
  void *out = reassign_fft_alloc (n + 2, 2 * sizeof (double));
  bool planned = false;

  if (fft != NULL && in != NULL && out != NULL) {
    fft->kind = kind;
    pthread_once (&planner_once, make_planners_safe);
    pthread_mutex_lock (&planner_lock);
    planned = plan (fft, (int) n, in, out);
    pthread_mutex_unlock (&planner_lock);
  }
  reassign_fft_dealloc (in);
  reassign_fft_dealloc (out);
  if (!planned) {
    free (fft);
    fft = NULL;
  }
  return fft;
}

void
reassign_fft_free (ReassignFft *fft)
{
  if (fft == NULL)
    return;
  pthread_mutex_lock (&planner_lock);
  if (fft->kind == REASSIGN_FFT_COMPLEX_SINGLE)
    fftwf_destroy_plan (fft->plan.once);
  else
    fftw_destroy_plan (fft->plan.twice);
  pthread_mutex_unlock (&planner_lock);
  free (fft);
}

void
reassign_fft_run (const ReassignFft *fft, void *in, void *out)
{
  switch (fft->kind) {
    case REASSIGN_FFT_REAL:
      fftw_execute_dft_r2c (fft->plan.twice, in, out);
      break;
    case REASSIGN_FFT_REAL_INVERSE:
      fftw_execute_dft_c2r (fft->plan.twice, in, out);
      break;
    case REASSIGN_FFT_COMPLEX:
      fftw_execute_dft (fft->plan.twice, in, out);
      break;
    case REASSIGN_FFT_COMPLEX_SINGLE:
      fftwf_execute_dft (fft->plan.once, in, out);
      break;
  }
}

void *
reassign_fft_alloc (size_t n, size_t size)
{
  size_t bytes = (n * size + LINE - 1) / LINE * LINE;
  void *p = aligned_alloc (LINE, bytes);

  if (p != NULL)
    memset (p, 0, bytes);
  return p;
}

void
reassign_fft_dealloc (void *p)
{
  free (p);
}
