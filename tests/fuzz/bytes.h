/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A fuzzer's input as a source of decisions: values are taken from its front, and
 * there are zeros where it has ended. */

#ifndef TFR_FUZZ_BYTES_H
#define TFR_FUZZ_BYTES_H

#include "fuzz.h"

#include <string.h>

typedef struct {
  const uint8_t *data;
  size_t size;
} FuzzBytes;

/* Fills `to` and says how much of it came from the input. */
static inline size_t
fuzz_take (FuzzBytes *bytes, void *to, size_t size)
{
  size_t there = bytes->size < size ? bytes->size : size;

  memset (to, 0, size);
  if (there > 0)
    memcpy (to, bytes->data, there);
  bytes->data += there;
  bytes->size -= there;
  return there;
}

static inline uint8_t
fuzz_u8 (FuzzBytes *bytes)
{
  uint8_t value;

  fuzz_take (bytes, &value, sizeof value);
  return value;
}

static inline uint32_t
fuzz_u32 (FuzzBytes *bytes)
{
  uint32_t value;

  fuzz_take (bytes, &value, sizeof value);
  return value;
}

static inline uint64_t
fuzz_u64 (FuzzBytes *bytes)
{
  uint64_t value;

  fuzz_take (bytes, &value, sizeof value);
  return value;
}

/* One of n. */
static inline uint32_t
fuzz_pick (FuzzBytes *bytes, uint32_t n)
{
  return n <= 256 ? fuzz_u8 (bytes) % n : fuzz_u32 (bytes) % n;
}

#endif
