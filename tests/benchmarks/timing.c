/* SPDX-License-Identifier: GPL-2.0-or-later */

#define _GNU_SOURCE
#include "timing.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

static cpu_set_t all_cores;

static double
seconds (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

double
cpu_seconds (void)
{
  return seconds (CLOCK_PROCESS_CPUTIME_ID);
}

double
wall_seconds (void)
{
  return seconds (CLOCK_MONOTONIC);
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
median (double *values)
{
  qsort (values, RUNS, sizeof *values, compare);
  return values[RUNS / 2];
}

void
pin_to_one_core (void)
{
  cpu_set_t one;
  int first = 0;

  sched_getaffinity (0, sizeof all_cores, &all_cores);
  while (!CPU_ISSET (first, &all_cores))
    first++;
  CPU_ZERO (&one);
  CPU_SET (first, &one);
  sched_setaffinity (0, sizeof one, &one);
}

void
unpin (void)
{
  sched_setaffinity (0, sizeof all_cores, &all_cores);
}

void
make_sound (double *x, size_t n)
{
  srand (1);
  for (size_t i = 0; i < n; i++)
    x[i] = 0.3 * sin (0.05 * (double) i + 1e-7 * (double) (i * i)) +
           0.01 * (rand () / (double) RAND_MAX - 0.5);
}
