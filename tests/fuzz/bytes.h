/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A fuzzer's input as a source of decisions: values are taken from its front,
 * and there are zeros where it has ended. */

#ifndef TFR_FUZZ_BYTES_H
#define TFR_FUZZ_BYTES_H

#include "fuzz.h"

#include <float.h>
#include <math.h>
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

/* One of n.  Each in a statement of its own: the order within an argument list
 * is the compiler's, and what one found the other could not repeat. */
static inline uint32_t
fuzz_pick (FuzzBytes *bytes, uint32_t n)
{
  return n <= 256 ? fuzz_u8 (bytes) % n : fuzz_u32 (bytes) % n;
}

/* Values to fill a buffer with, many from the few bytes of a seed: inputs stay
 * short, and a fuzzer that changes one byte changes the whole. */
static inline uint32_t
fuzz_next (uint32_t *seed)
{
  *seed ^= *seed << 13;
  *seed ^= *seed >> 17;
  *seed ^= *seed << 5;
  return *seed;
}

static inline uint32_t
fuzz_seed (FuzzBytes *bytes)
{
  return 2463534242u ^ fuzz_u8 (bytes);
}

/* One of the numbers that arithmetic goes wrong with. */
static inline double
fuzz_odd_number (uint32_t n)
{
  static const double odd[] = { NAN, INFINITY, -INFINITY, DBL_MAX, -DBL_MAX,
    DBL_MIN, DBL_MIN / 4, -DBL_MIN / 4, FLT_MIN / 4, FLT_MAX, -0.0, 0, 1e300,
    -1 };

  return odd[n % (sizeof odd / sizeof odd[0])];
}

#endif
