/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The frames of an SDIF file, one after the other. */

#ifndef TFR_TEST_SDIFFRAMES_H
#define TFR_TEST_SDIFFRAMES_H

#include <gst/gst.h>
#include <string.h>

static inline gsize
sdif_next (const guint8 *sdif, gsize at)
{
  return at + 8 + GST_READ_UINT32_BE (sdif + at + 4);
}

/* Of a frame at `at`, where it is one of partials: the first of its rows, how
 * many there are, and their size.  An id is the first double of a row. */
static inline guint8 *
sdif_rows (guint8 *sdif, gsize at, guint *n, gsize *size)
{
  guint8 *matrix = sdif + at + 24;

  if (memcmp (sdif + at, "RBEP", 4) != 0)
    return NULL;
  *n = GST_READ_UINT32_BE (matrix + 8);
  *size = GST_READ_UINT32_BE (matrix + 12) * sizeof (gdouble);
  return matrix + 16;
}

static inline gdouble
sdif_time (const guint8 *sdif, gsize at)
{
  return GST_READ_DOUBLE_BE (sdif + at + 8);
}

/* From 1. */
static inline guint
sdif_stream (const guint8 *sdif, gsize at)
{
  return GST_READ_UINT32_BE (sdif + at + 16);
}

#endif
