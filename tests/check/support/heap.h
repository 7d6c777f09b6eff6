/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef TFR_TEST_HEAP_H
#define TFR_TEST_HEAP_H

#include <glib.h>
#include <malloc.h>

/* Bytes, those of large blocks included, which are mapped each by itself.  0 under
 * the address sanitizer. */
static inline gsize
heap_in_use (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

#endif
