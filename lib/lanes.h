/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Vectors as wide as the target's registers, and the few things that C cannot
 * say of them.  Only for kernel.c, which is compiled once for every target with
 *
 *     REASSIGN_WIDTH   bytes in a register: 16, 32 or 64
 *     REASSIGN_SINGLE  0 or 1: the spectra are double or float
 *
 * Every operation is done lane by lane and rounded on its own, so that the same
 * bits come out at every width. */

#ifndef REASSIGN_LANES_H
#define REASSIGN_LANES_H

#include <stdint.h>
#include <string.h>

#if defined __SSE2__
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__ ((always_inline))

#define PIECE (REASSIGN_WIDTH / 8) /* doubles in a register */

#if REASSIGN_SINGLE
typedef float real;
typedef int32_t RealMask __attribute__ ((vector_size (REASSIGN_WIDTH)));
#define N_REALS (REASSIGN_WIDTH / 4)
#else
typedef double real;
typedef int64_t RealMask __attribute__ ((vector_size (REASSIGN_WIDTH)));
#define N_REALS PIECE
#endif

typedef real Reals __attribute__ ((vector_size (REASSIGN_WIDTH)));
typedef double Doubles __attribute__ ((vector_size (REASSIGN_WIDTH)));
typedef int64_t Integers __attribute__ ((vector_size (REASSIGN_WIDTH)));
typedef float Floats __attribute__ ((vector_size (REASSIGN_WIDTH / 2)));
typedef uint32_t Words __attribute__ ((vector_size (REASSIGN_WIDTH / 2)));

/* Lanes in an order: of the pairs in two vectors the first or second of each;
 * the pairs of two vectors' lanes, first and second half; one vector backwards;
 * its halves. */
#if N_REALS == 2
#define FIRSTS 0, 2
#define SECONDS 1, 3
#define LOW_PAIRS 0, 2
#define HIGH_PAIRS 1, 3
#define BACKWARDS 1, 0
#elif N_REALS == 4
#define FIRSTS 0, 2, 4, 6
#define SECONDS 1, 3, 5, 7
#define LOW_PAIRS 0, 4, 1, 5
#define HIGH_PAIRS 2, 6, 3, 7
#define BACKWARDS 3, 2, 1, 0
#define LOW_HALF 0, 1
#define HIGH_HALF 2, 3
#elif N_REALS == 8
#define FIRSTS 0, 2, 4, 6, 8, 10, 12, 14
#define SECONDS 1, 3, 5, 7, 9, 11, 13, 15
#define LOW_PAIRS 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH_PAIRS 4, 12, 5, 13, 6, 14, 7, 15
#define BACKWARDS 7, 6, 5, 4, 3, 2, 1, 0
#define LOW_HALF 0, 1, 2, 3
#define HIGH_HALF 4, 5, 6, 7
#else
#define FIRSTS 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define SECONDS 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#define LOW_PAIRS 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH_PAIRS 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define BACKWARDS 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0
#define LOW_HALF 0, 1, 2, 3, 4, 5, 6, 7
#define HIGH_HALF 8, 9, 10, 11, 12, 13, 14, 15
#endif

INLINE Reals
load (const real *from)
{
  Reals v;

  memcpy (&v, from, sizeof v);
  return v;
}

INLINE void
store (real *to, Reals v)
{
  memcpy (to, &v, sizeof v);
}

INLINE Doubles
load_doubles (const double *from)
{
  Doubles v;

  memcpy (&v, from, sizeof v);
  return v;
}

INLINE void
store_doubles (double *to, Doubles v)
{
  memcpy (to, &v, sizeof v);
}

/* All lanes alike. */
INLINE Reals
reals (real x)
{
  return x - (Reals){ 0 };
}

INLINE Doubles
doubles (double x)
{
  return x - (Doubles){ 0 };
}

INLINE Doubles
absolute (Doubles v)
{
  return (Doubles) ((Integers) v & INT64_MAX);
}

INLINE Doubles
with_sign (Doubles v, Doubles sign)
{
  return (Doubles) (((Integers) v & INT64_MAX) | ((Integers) sign & INT64_MIN));
}

INLINE Reals
square_root (Reals v)
{
#if REASSIGN_WIDTH == 64 && REASSIGN_SINGLE
  return _mm512_sqrt_ps (v);
#elif REASSIGN_WIDTH == 64
  return _mm512_sqrt_pd (v);
#elif REASSIGN_WIDTH == 32 && REASSIGN_SINGLE
  return _mm256_sqrt_ps (v);
#elif REASSIGN_WIDTH == 32
  return _mm256_sqrt_pd (v);
#elif defined __SSE2__ && REASSIGN_SINGLE
  return _mm_sqrt_ps (v);
#elif defined __SSE2__
  return _mm_sqrt_pd (v);
#else
  for (int i = 0; i < N_REALS; i++)
    v[i] = (real) __builtin_sqrt (v[i]);
  return v;
#endif
}

/* The compiler's own conversions go by halves of registers. */
INLINE Doubles
to_doubles (Floats v)
{
#if REASSIGN_WIDTH == 64
  return _mm512_cvtps_pd (v);
#else
  return __builtin_convertvector(v, Doubles);
#endif
}

INLINE Floats
narrow (Doubles v)
{
#if REASSIGN_WIDTH == 64
  return _mm512_cvtpd_ps (v);
#else
  return __builtin_convertvector(v, Floats);
#endif
}

/* The first or second PIECE lanes; there is only one piece of doubles. */
INLINE Doubles
widen (Reals v, int half)
{
#if REASSIGN_SINGLE
  Floats f = half == 0 ? __builtin_shufflevector (v, v, LOW_HALF)
                       : __builtin_shufflevector (v, v, HIGH_HALF);

  return to_doubles (f);
#else
  return v;
#endif
}

INLINE Reals
load_narrowed (const double *from)
{
#if REASSIGN_SINGLE
  Floats low = narrow (load_doubles (from));
  Floats high = narrow (load_doubles (from + PIECE));
  Reals v;

  memcpy (&v, &low, sizeof low);
  memcpy ((char *) &v + sizeof low, &high, sizeof high);
  return v;
#else
  return load (from);
#endif
}

/* Yes or no for each lane: AVX-512 has registers for that. */
#if REASSIGN_WIDTH == 64

typedef __mmask8 Test;

#define EVERY_LANE ((Test) -1)

INLINE Test
is_above (Doubles a, Doubles b)
{
  return _mm512_cmp_pd_mask (a, b, _CMP_GT_OQ);
}

INLINE Test
is_at_most (Doubles a, Doubles b)
{
  return _mm512_cmp_pd_mask (a, b, _CMP_LE_OQ);
}

INLINE Doubles
choose (Test test, Doubles yes, Doubles no)
{
  return _mm512_mask_blend_pd (test, no, yes);
}

INLINE Doubles
add_where (Test test, Doubles sum, Doubles v)
{
  return _mm512_mask_add_pd (sum, test, sum, v);
}

INLINE Integers
count_where (Test test, Integers n)
{
  return (Integers) _mm512_mask_add_epi64 (
      (__m512i) n, test, (__m512i) n, _mm512_set1_epi64 (1));
}

INLINE unsigned
bits_of (Test test)
{
  return test;
}

#else

typedef Integers Test;

#define EVERY_LANE (~(Test){ 0 })

INLINE Test
is_above (Doubles a, Doubles b)
{
  return a > b;
}

INLINE Test
is_at_most (Doubles a, Doubles b)
{
  return a <= b;
}

INLINE Doubles
choose (Test test, Doubles yes, Doubles no)
{
  return (Doubles) (((Integers) yes & test) | ((Integers) no & ~test));
}

INLINE Doubles
add_where (Test test, Doubles sum, Doubles v)
{
  return sum + (Doubles) ((Integers) v & test);
}

INLINE Integers
count_where (Test test, Integers n)
{
  return n - test;
}

INLINE unsigned
bits_of (Test test)
{
#if REASSIGN_WIDTH == 32
  return (unsigned) _mm256_movemask_pd ((__m256d) test);
#elif defined __SSE2__
  return (unsigned) _mm_movemask_pd ((__m128d) test);
#else
  return (unsigned) (test[0] & 1) | (unsigned) (test[1] & 2);
#endif
}

#endif

/* The lowest byte of each lane. */
INLINE void
store_bytes (uint8_t *to, Integers v)
{
#if REASSIGN_WIDTH == 64
  _mm_storeu_si64 (to, _mm512_cvtepi64_epi8 ((__m512i) v));
#else
  for (int i = 0; i < PIECE; i++)
    to[i] = (uint8_t) v[i];
#endif
}

INLINE unsigned
count_bits (unsigned bits)
{
#if REASSIGN_WIDTH == 16
  return (bits & 1) + (bits >> 1);
#else
  return (unsigned) __builtin_popcount (bits);
#endif
}

/* Writes the lanes that have a bit, without gaps.  What follows them, up to
 * PIECE values in all, is overwritten. */
#if REASSIGN_WIDTH == 64

INLINE void
put_doubles (double *to, Doubles v, unsigned bits)
{
  _mm512_storeu_pd (to, _mm512_maskz_compress_pd ((__mmask8) bits, v));
}

INLINE void
put_floats (float *to, Floats v, unsigned bits)
{
  _mm256_storeu_ps (to, _mm256_maskz_compress_ps ((__mmask8) bits, v));
}

#elif REASSIGN_WIDTH == 32

/* For every set of bits the order of the lanes that brings those to the front.
 */
static const uint8_t fronts[16][4] = { { 0 }, { 0 }, { 1 }, { 0, 1 }, { 2 },
  { 0, 2 }, { 1, 2 }, { 0, 1, 2 }, { 3 }, { 0, 3 }, { 1, 3 }, { 0, 1, 3 },
  { 2, 3 }, { 0, 2, 3 }, { 1, 2, 3 }, { 0, 1, 2, 3 } };

INLINE __m128i
front (unsigned bits)
{
  int packed;

  memcpy (&packed, fronts[bits], sizeof packed);
  return _mm_cvtepu8_epi32 (_mm_cvtsi32_si128 (packed));
}

INLINE void
put_floats (float *to, Floats v, unsigned bits)
{
  _mm_storeu_ps (to, _mm_permutevar_ps (v, front (bits)));
}

INLINE void
put_doubles (double *to, Doubles v, unsigned bits)
{
  __m256i pairs = _mm256_cvtepu32_epi64 (front (bits));
  __m256i low = _mm256_slli_epi64 (pairs, 1);
  __m256i halves = _mm256_or_si256 (low,
      _mm256_slli_epi64 (_mm256_add_epi64 (low, _mm256_set1_epi64x (1)), 32));

  _mm256_storeu_pd (
      to, (__m256d) _mm256_permutevar8x32_epi32 ((__m256i) v, halves));
}

#else

INLINE void
put_doubles (double *to, Doubles v, unsigned bits)
{
  to[0] = v[0];
  to[bits & 1] = v[1];
}

INLINE void
put_floats (float *to, Floats v, unsigned bits)
{
  to[0] = v[0];
  to[bits & 1] = v[1];
}

#endif

INLINE void
put_words (uint32_t *to, Words v, unsigned bits)
{
  put_floats ((float *) (void *) to, (Floats) v, bits);
}

#endif
