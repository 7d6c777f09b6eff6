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
#include <stdlib.h>
#include <string.h>

struct ReassignFft {
  fftw_plan plan;
};

static pthread_mutex_t planner_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t planner_once = PTHREAD_ONCE_INIT;

ReassignFft *
reassign_fft_new (size_t n)
{
  ReassignFft *fft = calloc (1, sizeof *fft);
  double *in = reassign_fft_alloc (n);
  double *out = reassign_fft_alloc (2 * (n / 2 + 1));

  if (fft != NULL && in != NULL && out != NULL) {
    pthread_once (&planner_once, fftw_make_planner_thread_safe);
    pthread_mutex_lock (&planner_lock);
    fft->plan = fftw_plan_dft_r2c_1d (
        (int) n, in, (fftw_complex *) out, FFTW_ESTIMATE);
    pthread_mutex_unlock (&planner_lock);
  }
  reassign_fft_dealloc (in);
  reassign_fft_dealloc (out);
  if (fft != NULL && fft->plan == NULL) {
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
  fftw_destroy_plan (fft->plan);
  pthread_mutex_unlock (&planner_lock);
  free (fft);
}

void
reassign_fft_run (const ReassignFft *fft, double *in, double *out)
{
  fftw_execute_dft_r2c (fft->plan, in, (fftw_complex *) out);
}

double *
reassign_fft_alloc (size_t n)
{
  double *p = fftw_malloc (n * sizeof *p);

  if (p != NULL)
    memset (p, 0, n * sizeof *p);
  return p;
}

void
reassign_fft_dealloc (double *p)
{
  fftw_free (p);
}
