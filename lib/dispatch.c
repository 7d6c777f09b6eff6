/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which version of the kernel runs here: a distribution builds for the oldest
 * machine, and the newest is twice as fast. */

#include "kernel.h"

extern const ReassignKernel reassign_kernel_double_generic;
extern const ReassignKernel reassign_kernel_single_generic;

#if REASSIGN_X86

extern const ReassignKernel reassign_kernel_double_avx2;
extern const ReassignKernel reassign_kernel_single_avx2;
extern const ReassignKernel reassign_kernel_double_avx512;
extern const ReassignKernel reassign_kernel_single_avx512;

static bool
has_avx2 (void)
{
  return __builtin_cpu_supports ("avx2");
}

static bool
has_avx512 (void)
{
  return __builtin_cpu_supports ("avx512f") &&
         __builtin_cpu_supports ("avx512dq") &&
         __builtin_cpu_supports ("avx512vl");
}

#endif

static bool
has_all (void)
{
  return true;
}

static const struct {
  bool (*runs_here) (void);
  const ReassignKernel *with[2]; /* [ReassignPrecision] */
} versions[] = {
#if REASSIGN_X86
  { has_avx512,
      { &reassign_kernel_double_avx512, &reassign_kernel_single_avx512 } },
  { has_avx2, { &reassign_kernel_double_avx2, &reassign_kernel_single_avx2 } },
#endif
  { has_all,
      { &reassign_kernel_double_generic, &reassign_kernel_single_generic } },
};

const ReassignKernel *
reassign_kernel (ReassignPrecision precision, size_t i)
{
  for (size_t v = 0; v < sizeof versions / sizeof *versions; v++)
    if (versions[v].runs_here () && i-- == 0)
      return versions[v].with[precision];
  return NULL;
}
