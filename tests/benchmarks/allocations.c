/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The process's allocations go through here, and are counted. */

#include "timing.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_size_t n_allocations;

/* glibc's own, by their other names */
void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *block, size_t size);
void *__libc_memalign (size_t alignment, size_t size);

size_t
count_allocations (void)
{
  return atomic_load (&n_allocations);
}

void *
malloc (size_t size)
{
  atomic_fetch_add (&n_allocations, 1);
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  atomic_fetch_add (&n_allocations, 1);
  return __libc_calloc (n, size);
}

void *
realloc (void *block, size_t size)
{
  atomic_fetch_add (&n_allocations, 1);
  return __libc_realloc (block, size);
}

void *
aligned_alloc (size_t alignment, size_t size)
{
  atomic_fetch_add (&n_allocations, 1);
  return __libc_memalign (alignment, size);
}

int
posix_memalign (void **block, size_t alignment, size_t size)
{
  atomic_fetch_add (&n_allocations, 1);
  *block = __libc_memalign (alignment, size);
  return *block != NULL ? 0 : ENOMEM;
}
