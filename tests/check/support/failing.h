/* SPDX-License-Identifier: GPL-2.0-or-later */

/* An allocator that fails on purpose.  Programs that link it with the arguments
 * in meson.build have the library's own malloc, calloc, realloc and
 * aligned_alloc go through it, and its plans, each as one block; what FFTW
 * allocates inside is not seen. */

#ifndef TFR_TEST_FAILING_H
#define TFR_TEST_FAILING_H

#include <stddef.h>

/* The k-th allocation from now on fails, k >= 1; 0: none does. */
void failing_start (size_t k);

/* And all after it. */
void failing_start_for_good (size_t k);

/* Allocations since then, and blocks of them that were not freed. */
size_t failing_count (void);
size_t failing_live (void);

#endif
