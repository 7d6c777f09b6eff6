/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Loops over many numbers, compiled once more for processors whose registers
 * hold eight floats; both give the same bits.  (GCC's target_clones would do
 * this, were it not for sanitizers, which begin after its resolvers.) */

#ifndef GST_TFR_WIDE_H
#define GST_TFR_WIDE_H

#include <glib.h>

/* Inlined into both. */
#define GST_TFR_WIDE_BODY static inline __attribute__ ((always_inline))

/* void name (parameters), which calls body (arguments). */
#ifdef __x86_64__ /* the older floating-point unit would give others */
#define GST_TFR_WIDE(name, parameters, body, arguments)                        \
  __attribute__ ((target ("avx2"))) static void name##_avx2 parameters         \
  {                                                                            \
    body arguments;                                                            \
  }                                                                            \
  static void name parameters                                                  \
  {                                                                            \
    if (__builtin_cpu_supports ("avx2"))                                       \
      name##_avx2 arguments;                                                   \
    else                                                                       \
      body arguments;                                                          \
  }
#else
#define GST_TFR_WIDE(name, parameters, body, arguments)                        \
  static void name parameters                                                  \
  {                                                                            \
    body arguments;                                                            \
  }
#endif

#endif
