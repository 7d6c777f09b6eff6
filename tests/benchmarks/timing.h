/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Times that can be compared: CPU time on one core, medians of several runs. */

#ifndef TFR_BENCH_TIMING_H
#define TFR_BENCH_TIMING_H

#include <stddef.h>

#define RUNS 9
#define RATE 48000

/* Seconds of the processor and of the clock on the wall. */
double cpu_seconds (void);
double wall_seconds (void);

/* Of RUNS values, which are sorted. */
double median (double *values);

/* This process and its children stay on the first core, or on all again. */
void pin_to_one_core (void);
void unpin (void);

/* Allocations so far in this process. */
size_t count_allocations (void);

/* A gliding tone and noise 30 dB below it. */
void make_sound (double *x, size_t n);

#endif
