/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef TFR_FUZZ_H
#define TFR_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerInitialize (int *argc, char ***argv);

/* Keeps the compiler from leaving out what computed the value. */
static inline void
fuzz_use (double value)
{
  volatile double kept = value;

  (void) kept;
}

#endif
