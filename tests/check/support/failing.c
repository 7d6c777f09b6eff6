/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "failing.h"

#include <stdbool.h>
#include <stdlib.h>

#define MOST_BLOCKS 4096

static void *blocks[MOST_BLOCKS];
static size_t n_blocks, n_allocations, failing_one;
static bool for_good;

void *__real_malloc (size_t size);
void *__real_calloc (size_t n, size_t size);
void *__real_realloc (void *block, size_t size);
void __real_free (void *block);
void *__real_aligned_alloc (size_t alignment, size_t size);
void *__real_fftw_plan_dft_r2c_1d (int n, void *in, void *out, unsigned flags);
void *__real_fftw_plan_dft_c2r_1d (int n, void *in, void *out, unsigned flags);
void *__real_fftw_plan_dft_1d (
    int n, void *in, void *out, int sign, unsigned flags);
void *__real_fftwf_plan_dft_1d (
    int n, void *in, void *out, int sign, unsigned flags);
void __real_fftw_destroy_plan (void *plan);
void __real_fftwf_destroy_plan (void *plan);

void *__wrap_malloc (size_t size);
void *__wrap_calloc (size_t n, size_t size);
void *__wrap_realloc (void *block, size_t size);
void __wrap_free (void *block);
void *__wrap_aligned_alloc (size_t alignment, size_t size);
void *__wrap_fftw_plan_dft_r2c_1d (int n, void *in, void *out, unsigned flags);
void *__wrap_fftw_plan_dft_c2r_1d (int n, void *in, void *out, unsigned flags);
void *__wrap_fftw_plan_dft_1d (
    int n, void *in, void *out, int sign, unsigned flags);
void *__wrap_fftwf_plan_dft_1d (
    int n, void *in, void *out, int sign, unsigned flags);
void __wrap_fftw_destroy_plan (void *plan);
void __wrap_fftwf_destroy_plan (void *plan);

void
failing_start (size_t k)
{
  n_blocks = n_allocations = 0;
  failing_one = k;
  for_good = false;
}

void
failing_start_for_good (size_t k)
{
  failing_start (k);
  for_good = k > 0;
}

size_t
failing_count (void)
{
  return n_allocations;
}

size_t
failing_live (void)
{
  return n_blocks;
}

static bool
fails (void)
{
  n_allocations++;
  return for_good ? n_allocations >= failing_one
                  : n_allocations == failing_one;
}

static void *
remember (void *block)
{
  if (block != NULL && n_blocks < MOST_BLOCKS)
    blocks[n_blocks++] = block;
  return block;
}

static void
forget (void *block)
{
  for (size_t i = 0; i < n_blocks; i++)
    if (blocks[i] == block) {
      blocks[i] = blocks[--n_blocks];
      return;
    }
}

void *
__wrap_malloc (size_t size)
{
  return fails () ? NULL : remember (__real_malloc (size));
}

void *
__wrap_calloc (size_t n, size_t size)
{
  return fails () ? NULL : remember (__real_calloc (n, size));
}

void *
__wrap_realloc (void *block, size_t size)
{
  void *moved;

  if (fails ())
    return NULL;
  moved = __real_realloc (block, size);
  if (moved != NULL) {
    forget (block);
    remember (moved);
  }
  return moved;
}

void
__wrap_free (void *block)
{
  forget (block);
  __real_free (block);
}

void *
__wrap_aligned_alloc (size_t alignment, size_t size)
{
  return fails () ? NULL : remember (__real_aligned_alloc (alignment, size));
}

void *
__wrap_fftw_plan_dft_r2c_1d (int n, void *in, void *out, unsigned flags)
{
  return fails () ? NULL
                  : remember (__real_fftw_plan_dft_r2c_1d (n, in, out, flags));
}

void *
__wrap_fftw_plan_dft_c2r_1d (int n, void *in, void *out, unsigned flags)
{
  return fails () ? NULL
                  : remember (__real_fftw_plan_dft_c2r_1d (n, in, out, flags));
}

void *
__wrap_fftw_plan_dft_1d (int n, void *in, void *out, int sign, unsigned flags)
{
  return fails ()
             ? NULL
             : remember (__real_fftw_plan_dft_1d (n, in, out, sign, flags));
}

void *
__wrap_fftwf_plan_dft_1d (int n, void *in, void *out, int sign, unsigned flags)
{
  return fails ()
             ? NULL
             : remember (__real_fftwf_plan_dft_1d (n, in, out, sign, flags));
}

void
__wrap_fftw_destroy_plan (void *plan)
{
  forget (plan);
  __real_fftw_destroy_plan (plan);
}

void
__wrap_fftwf_destroy_plan (void *plan)
{
  forget (plan);
  __real_fftwf_destroy_plan (plan);
}
