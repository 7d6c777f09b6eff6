/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Transforms of one size.  fft.c is the only file that sees FFTW. */

#ifndef REASSIGN_FFT_H
#define REASSIGN_FFT_H

#include <stddef.h>

/* What goes in and what comes out, for a size of n.  Complex values are real
 * and imaginary part in turn; a real signal's spectrum has the bins 0 to n / 2.
 */
typedef enum {
  REASSIGN_FFT_REAL,          /* n doubles to n / 2 + 1 complex */
  REASSIGN_FFT_REAL_INVERSE,  /* the other way: n times the signal, and the
                                 input is overwritten */
  REASSIGN_FFT_COMPLEX,       /* n complex doubles to n */
  REASSIGN_FFT_COMPLEX_SINGLE /* n complex floats to n */
} ReassignFftKind;

typedef struct ReassignFft ReassignFft;

/* NULL when memory runs out or FFTW has no plan.  Plans by estimate: on these
 * sizes measuring gains nothing and costs seconds. */
ReassignFft *reassign_fft_new (ReassignFftKind kind, size_t n);
void reassign_fft_free (ReassignFft *fft);

/* Two arrays from reassign_fft_alloc; `in` is left as it was, except by
 * _REAL_INVERSE.  Any thread, several at once too. */
void reassign_fft_run (const ReassignFft *fft, void *in, void *out);

/* Zeroed, at the start of a cache line: vectors then never straddle two. */
void *reassign_fft_alloc (size_t n, size_t size);
void reassign_fft_dealloc (void *p);

#endif
