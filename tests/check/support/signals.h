/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Signals with known answers.  All are added to what the array holds. */

#ifndef TFR_TEST_SIGNALS_H
#define TFR_TEST_SIGNALS_H

#include <stddef.h>
#include <stdint.h>

/* a cos (2 pi f n / rate + phase) */
void signal_add_tone (
    double *x, size_t n, double rate, double a, double f, double phase);

/* a cos (2 pi (f t + c t^2 / 2) + phase), t = n / rate */
void signal_add_chirp (double *x, size_t n, double rate, double a, double f,
    double c, double phase);

/* Gaussian noise of the given standard deviation; the same for the same seed. */
void signal_add_noise (double *x, size_t n, double sigma, uint64_t seed);

#endif
