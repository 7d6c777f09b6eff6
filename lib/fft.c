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

static fftw_plan
plan_forward (size_t n, double *time, double *spectrum)
{
  return fftw_plan_dft_r2c_1d (
      (int) n, time, (fftw_complex *) spectrum, FFTW_ESTIMATE);
}

static fftw_plan
plan_inverse (size_t n, double *time, double *spectrum)
{
  return fftw_plan_dft_c2r_1d (
      (int) n, (fftw_complex *) spectrum, time, FFTW_ESTIMATE);
}

static ReassignFft *
new_plan (size_t n, fftw_plan (*plan) (size_t, double *, double *))
{
  ReassignFft *fft = calloc (1, sizeof *fft);
  double *time = reassign_fft_alloc (n);
  double *spectrum = reassign_fft_alloc (2 * (n / 2 + 1));

  if (fft != NULL && time != NULL && spectrum != NULL) {
    pthread_once (&planner_once, fftw_make_planner_thread_safe);
    pthread_mutex_lock (&planner_lock);
    fft->plan = plan (n, time, spectrum);
    pthread_mutex_unlock (&planner_lock);
  }
  reassign_fft_dealloc (time);
  reassign_fft_dealloc (spectrum);
  if (fft != NULL && fft->plan == NULL) {
    free (fft);
    fft = NULL;
  }
  return fft;
}

ReassignFft *
reassign_fft_new (size_t n)
{
  return new_plan (n, plan_forward);
}

ReassignFft *
reassign_fft_new_inverse (size_t n)
{
  return new_plan (n, plan_inverse);
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

void
reassign_fft_run_inverse (const ReassignFft *fft, double *in, double *out)
{
  fftw_execute_dft_c2r (fft->plan, (fftw_complex *) in, out);
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
