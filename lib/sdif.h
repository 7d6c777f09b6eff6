/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The layout of SDIF that the writer and the reader share: big-endian numbers,
 * everything at multiples of 8 bytes.
 *
 *   file    "SDIF", i32 8, i32 version of the format, i32 version of the types
 *   frame   type, i32 bytes that follow, f64 s, i32 stream, i32 matrices
 *   matrix  type, i32 data type, i32 rows, i32 columns, then the rows
 *
 * "Sound Description Interchange Format", CNMAT and IRCAM. */

#ifndef REASSIGN_SDIF_H
#define REASSIGN_SDIF_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SDIF_HEAD_SIZE 16
#define SDIF_FRAME_SIZE 24
#define SDIF_MATRIX_SIZE 16

#define SDIF_FORMAT_VERSION 3
#define SDIF_TYPES_VERSION 1

/* Data types; the low byte is a value's size. */
#define SDIF_FLOAT32 0x0004
#define SDIF_FLOAT64 0x0008
#define SDIF_TEXT 0x0301

/* Tables of names and values belong to no time. */
#define SDIF_NO_TIME (-DBL_MAX)
#define SDIF_TABLE_STREAM (-3)

/* Of a table, in the order of ReassignSdifInfo's fields. */
#define SDIF_TABLE_NAMES                                                       \
  {                                                                            \
    "SampleRate", "HopSize", "WindowSize", "FftSize", "Channels",              \
        "ChannelMask"                                                          \
  }

static inline size_t
sdif_padding (uint64_t size)
{
  return (size_t) (-size & 7);
}

static inline uint32_t
sdif_get_u32 (const uint8_t *at)
{
  return (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 |
         (uint32_t) at[2] << 8 | at[3];
}

static inline int32_t
sdif_get_i32 (const uint8_t *at)
{
  return (int32_t) sdif_get_u32 (at);
}

static inline float
sdif_get_f32 (const uint8_t *at)
{
  uint32_t bits = sdif_get_u32 (at);
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline double
sdif_get_f64 (const uint8_t *at)
{
  uint64_t bits = (uint64_t) sdif_get_u32 (at) << 32 | sdif_get_u32 (at + 4);
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* These return where the next value goes. */
static inline uint8_t *
sdif_put_u32 (uint8_t *to, uint32_t value)
{
  for (int i = 0; i < 4; i++)
    to[i] = (uint8_t) (value >> (24 - 8 * i));
  return to + 4;
}

static inline uint8_t *
sdif_put_f64 (uint8_t *to, double value)
{
  uint64_t bits;

  memcpy (&bits, &value, sizeof bits);
  return sdif_put_u32 (
      sdif_put_u32 (to, (uint32_t) (bits >> 32)), (uint32_t) bits);
}

static inline uint8_t *
sdif_put_type (uint8_t *to, const char *type)
{
  memcpy (to, type, 4);
  return to + 4;
}

#endif
