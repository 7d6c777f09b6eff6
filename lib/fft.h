/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Real transforms.  fft.c is the only file that sees FFTW. */

#ifndef REASSIGN_FFT_H
#define REASSIGN_FFT_H

#include <stddef.h>

typedef struct ReassignFft ReassignFft;

/* Of n real values.  NULL when memory runs out or FFTW has no plan.  Plans by
 * estimate: on these sizes measuring gains nothing and costs seconds. */
ReassignFft *reassign_fft_new (size_t n);
ReassignFft *reassign_fft_new_inverse (size_t n);
void reassign_fft_free (ReassignFft *fft);

/* in[n] to out[2 * (n / 2 + 1)], real and imaginary parts in turn, for the bins
 * 0 to n / 2; `in` is left as it was.  Both from reassign_fft_alloc.  Any
 * thread, several at once too. */
void reassign_fft_run (const ReassignFft *fft, double *in, double *out);

/* The other way with a plan of _new_inverse: n times the signal, and `in` is
 * overwritten. */
void reassign_fft_run_inverse (const ReassignFft *fft, double *in, double *out);

/* n doubles, zeroed, aligned as the transforms like it. */
double *reassign_fft_alloc (size_t n);
void reassign_fft_dealloc (double *p);

#endif
