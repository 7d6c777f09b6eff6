/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The mathematics of reassignment, bin by bin ([FF] section 6.2, [AF]).
 *
 * With phases referred to the window's centre and frames x[c + tau] h[tau]:
 *
 *     t_hat = t + Re (X_th / X)        w_hat = w - Im (X_dh / X)
 *
 * Ratios are taken as A conj (B) / |B|^2: C99's complex division costs more
 * than the transforms.  Nothing branches on the data: which bins become points
 * is as good as random. */

#include "kernel.h"

#include "lanes.h"

#include <math.h>

/* A chirp rate whose denominator cancels to less than this share of its terms
 * cannot be told; in float their rounding alone is 1e-6 of them. */
#define UNDETERMINED (REASSIGN_SINGLE ? (real) 1e-5 : (real) 1e-9)

/* A point on a line has |det J| below this. */
#define RANK1_TOLERANCE 0.1

/* A tone of 0 Hz or of half the rate is rounded to either side of it, by less
 * than this share of the rate: it is within the range none the less. */
#define RANGE_SLACK (REASSIGN_SINGLE ? 1e-7 : 1e-9)

/* Sums run in eight lanes whatever the registers' width, so that they come out
 * alike. */
#define N_SUMS (8 / PIECE)

#define N_TAPS REASSIGN_N_TAPS

typedef struct {
  Reals re, im;
} Bins;

/* ---------------------------------------------------------------- samples */

INLINE size_t
take_piece (
    double *to, uint8_t *marks, const double *from, double least, double most)
{
  Doubles x = load_doubles (from), size = absolute (x);
  Integers finite = size <= doubles (most);
  Integers heard = (size >= doubles (least)) & finite;

  store_doubles (to, (Doubles) ((Integers) x & heard));
  store_bytes (marks, REASSIGN_MARK_SOUND + (heard & REASSIGN_MARK_NONZERO) +
                          (~finite & REASSIGN_MARK_NON_FINITE));
  return PIECE - count_bits (bits_of (is_at_most (size, doubles (most))));
}

static size_t
take (double *to, uint8_t *marks, const double *from, double least, double most,
    size_t n)
{
  double last[PIECE] = { 0 }, kept[PIECE];
  uint8_t known[PIECE];
  size_t i = 0, n_infinite = 0;

  for (; i + PIECE <= n; i += PIECE)
    n_infinite += take_piece (to + i, marks + i, from + i, least, most);
  if (i < n) {
    memcpy (last, from + i, (n - i) * sizeof *last);
    n_infinite += take_piece (kept, known, last, least, most);
    memcpy (to + i, kept, (n - i) * sizeof *to);
    memcpy (marks + i, known, n - i);
  }
  return n_infinite;
}

/* ---------------------------------------------------------------- windows */

INLINE void
multiply_by (void *const *to, const double *restrict x, const void *const *taps,
    size_t n_taps, size_t n)
{
  size_t i = 0;

  for (; i + N_REALS <= n; i += N_REALS) {
    Reals v = load_narrowed (x + i);

    for (size_t g = 0; g < n_taps; g++)
      store ((real *) to[g] + i, v * load ((const real *) taps[g] + i));
  }
  for (; i < n; i++)
    for (size_t g = 0; g < n_taps; g++)
      ((real *) to[g])[i] = (real) x[i] * ((const real *) taps[g])[i];
}

/* The usual numbers of spectra have loops of their own. */
static void
multiply (void *const *to, const double *x, const void *const *taps,
    size_t n_taps, size_t n)
{
  if (n_taps == 3)
    multiply_by (to, x, taps, 3, n);
  else if (n_taps == 4)
    multiply_by (to, x, taps, 4, n);
  else
    multiply_by (to, x, taps, n_taps, n);
}

INLINE void
store_pairs (real *to, Bins v)
{
  store (to, __builtin_shufflevector (v.re, v.im, LOW_PAIRS));
  store (to + N_REALS, __builtin_shufflevector (v.re, v.im, HIGH_PAIRS));
}

static void
multiply_pair (void *to, const double *a, const void *taps_a, const double *b,
    const void *taps_b, size_t n)
{
  real *z = to;
  const real *ta = taps_a, *tb = taps_b;
  size_t i = 0;

  for (; i + N_REALS <= n; i += N_REALS) {
    Bins v = { load_narrowed (a + i) * load (ta + i),
      load_narrowed (b + i) * load (tb + i) };

    store_pairs (z + 2 * i, v);
  }
  for (; i < n; i++) {
    z[2 * i] = (real) a[i] * ta[i];
    z[2 * i + 1] = (real) b[i] * tb[i];
  }
}

static void
scale (void *to, const double *from, double factor, size_t n)
{
  for (size_t i = 0; i < n; i++)
    ((real *) to)[i] = (real) (from[i] * factor);
}

static void
add (void *to, const void *from, size_t n)
{
  for (size_t i = 0; i < n; i++)
    ((real *) to)[i] += ((const real *) from)[i];
}

/* ---------------------------------------------------------------- spectra */

static void
weigh (void *spectrum, size_t bin, double weight)
{
  ((real *) spectrum)[2 * bin] *= (real) weight;
  ((real *) spectrum)[2 * bin + 1] *= (real) weight;
}

INLINE Bins
load_bins (const void *spectrum, size_t k)
{
  const real *s = (const real *) spectrum + 2 * k;
  Reals a = load (s), b = load (s + N_REALS);

  return (Bins){ __builtin_shufflevector (a, b, FIRSTS),
    __builtin_shufflevector (a, b, SECONDS) };
}

/* With Z = A + j B for the spectra A and B of real signals,
 * 2 A[k] = Z[k] + conj Z[n - k] and 2 j B[k] = Z[k] - conj Z[n - k]. */
static void
unpack (void *first, void *second, const void *z, size_t n)
{
  size_t n_bins = n / 2 + 1;
  real *a = first, *b = second;

  for (size_t k = 0; k < n_bins; k += N_REALS) {
    Bins up = load_bins (z, k), down = load_bins (z, n - k - (N_REALS - 1));
    Reals re = __builtin_shufflevector (down.re, down.re, BACKWARDS);
    Reals im = __builtin_shufflevector (down.im, down.im, BACKWARDS);

    store_pairs (a + 2 * k, (Bins){ up.re + re, up.im - im });
    store_pairs (b + 2 * k, (Bins){ up.im + im, re - up.re });
  }
  for (size_t i = 2 * n_bins; i < 2 * reassign_padded (n_bins); i++)
    a[i] = b[i] = 0;
}

static void
measure (double *power, const void *spectrum, size_t n_bins)
{
  for (size_t k = 0; k < n_bins; k += N_REALS) {
    Bins x = load_bins (spectrum, k);
    Reals square = x.re * x.re + x.im * x.im;

    for (int half = 0; half < N_REALS / PIECE; half++)
      store_doubles (power + k + half * PIECE, widen (square, half));
  }
}

/* ------------------------------------------------------------------- bins */

/* X_g / X */
INLINE Bins
ratio (const ReassignRules *r, const void *spectrum, ReassignTap g, size_t k,
    Bins x, Reals inverse)
{
  Bins a = load_bins (spectrum, k);
  Reals unit = inverse * reals ((real) r->unit[g]);

  return (Bins){ (a.re * x.re + a.im * x.im) * unit,
    (a.im * x.re - a.re * x.im) * unit };
}

INLINE Bins
product (Bins a, Bins b)
{
  return (Bins){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

/* d2 phi / dt dw = 1 + Re (X_tdh / X - X_th X_dh / X^2), [FF] section 7 */
INLINE Reals
mixed_of (Bins t, Bins d, Bins td)
{
  return reals (1) + td.re - (t.re * d.re - t.im * d.im);
}

/* det J for J = d (t_hat, w_hat) / d (t, w) = [1 - M, A; B, M], with
 * A = Im (X_t2h / X - (X_th / X)^2) and B = Im (X_d2h / X - (X_dh / X)^2): 0
 * where there is one linear component, whose points all lie on a line
 * (derived). */
INLINE Reals
rank_defect_of (Reals m, Bins t, Bins d, Bins t2, Bins d2)
{
  Reals a = t2.im - 2 * t.re * t.im, b = d2.im - 2 * d.re * d.im;

  return m * (1 - m) - a * b;
}

/* [DDM] with the log-amplitude and the phase taken as quadratic: with g = h and
 * g = tau h the distribution derivative gives two equations, and from them
 * a2 = (T D - X (X + TD)) / (X T2 - T^2); Im a2 is the chirp rate, here in rad
 * per sample^2. */
INLINE Reals
chirp_rate_of (Bins t, Bins d, Bins td, Bins t2)
{
  Bins tt = product (t, t), above = product (t, d);
  Bins below = { t2.re - tt.re, t2.im - tt.im };
  Reals square = below.re * below.re + below.im * below.im;
  Reals terms = square_root (t2.re * t2.re + t2.im * t2.im) +
                square_root (tt.re * tt.re + tt.im * tt.im);
  Reals rate, nan = reals ((real) NAN);
  RealMask sure;

  above.re -= reals (1) + td.re;
  above.im -= td.im;
  rate = (above.im * below.re - above.re * below.im) / square;
  sure = (square_root (square) >= UNDETERMINED * terms) & (square > reals (0));
  return (Reals) (((RealMask) rate & sure) | ((RealMask) nan & ~sure));
}

/* ------------------------------------------------------------------ phase */

/* atan of t in [0, 1] / [1, 2 tan (pi / 8)], whose smaller and larger are
 * given: above tan (pi / 8) the argument is turned back by pi / 4, and the
 * series' first term left out is below 1e-13. */
INLINE Doubles
arc_tangent (Doubles smaller, Doubles larger)
{
  Test turned = is_above (smaller, larger * doubles (0x1.a827999fcef32p-2));
  Doubles above = choose (turned, smaller - larger, smaller);
  Doubles below = choose (turned, smaller + larger, larger);
  Doubles t = above / below, tt = t * t, sum = doubles (1.0 / 31);

  for (int k = 29; k >= 1; k -= 2)
    sum = doubles (1.0 / k) - tt * sum;
  return t * sum + choose (turned, doubles (M_PI_4), doubles (0));
}

INLINE Doubles
argument (Doubles re, Doubles im)
{
  Doubles x = absolute (re), y = absolute (im);
  Test steep = is_above (y, x);
  Doubles a = arc_tangent (choose (steep, x, y), choose (steep, y, x));

  a = choose (steep, doubles (M_PI_2) - a, a);
  a = choose (is_above (doubles (0), re), doubles (M_PI) - a, a);
  return with_sign (a, im);
}

/* arg X at the centre of frame and bin, carried to the point along a straight
 * path by the trapezoid rule on the phase's gradient: exact for a linear chirp
 * under a Gaussian but for a constant (derived). */
INLINE Doubles
phase_of (const ReassignRules *r, Doubles re, Doubles im, Doubles hz,
    Doubles dt, Doubles df)
{
  const double whole = 0x1.8p52; /* added and taken away: rounds */
  Doubles path = (hz + df / 2) * dt * (2 * M_PI / r->rate);
  Doubles phase = argument (re, im) + path, turns = phase * (1 / (2 * M_PI));

  return phase - 2 * M_PI * ((turns + whole) - whole);
}

/* ----------------------------------------------------------------- points */

typedef struct {
  Integers n[REASSIGN_N_STAGES][N_SUMS];
  Doubles power[REASSIGN_N_STAGES][N_SUMS];
} Sums;

INLINE void
count (Sums *sums, ReassignStage stage, int lane, Test test, Doubles power)
{
  sums->n[stage][lane] = count_where (test, sums->n[stage][lane]);
  sums->power[stage][lane] = add_where (test, sums->power[stage][lane], power);
}

static void
add_up (const Sums *sums, ReassignSieve *sieve)
{
  for (int stage = 0; stage < REASSIGN_N_STAGES; stage++) {
    int64_t n = 0;
    double power = 0;

    for (int i = 0; i < 8; i++) {
      n += sums->n[stage][i / PIECE][i % PIECE];
      power += sums->power[stage][i / PIECE][i % PIECE];
    }
    sieve->n[stage] = (uint64_t) n;
    sieve->power[stage] = power;
  }
}

/* A register's worth of bins. */
typedef struct {
  Doubles power, dt, df, hz; /* hz: of the bins */
  Floats magnitude, mixed, chirp_rate;
  Doubles re, im; /* where there is a phase */
  Test accepted;
  Words bin;
} Piece;

INLINE void
let_vote (const ReassignRules *r, const Piece *b, Test passed, size_t k)
{
  store_doubles (r->power + k, b->power);
  store_doubles (r->dt + k, b->dt);
  store_doubles (r->df + k, b->df);
  store_doubles (r->kept + k, choose (passed, doubles (1), doubles (0)));
}

/* Tests the bins from k on, and writes those that pass from the planes' n-th
 * value on; how many. */
INLINE unsigned
sift (const ReassignRules *r, const Piece *b, size_t k, Sums *sums,
    const ReassignPlanes *to, size_t n)
{
  int lane = (int) (k / PIECE % N_SUMS);
  Doubles dt = r->keep_time ? doubles (0) : b->dt;
  Doubles df = r->keep_frequency ? doubles (0) : b->df;
  Doubles f = b->hz + df;
  Test passed = is_above (b->power, doubles (r->floor_power));
  double top = r->rate / 2, slack = RANGE_SLACK * r->rate;
  unsigned bits;

  count (sums, REASSIGN_STAGE_ALL, lane, EVERY_LANE, b->power);
  count (sums, REASSIGN_STAGE_LOUD, lane, passed, b->power);
  passed &= is_at_most (absolute (dt), doubles (r->max_time_shift));
  count (sums, REASSIGN_STAGE_TIMELY, lane, passed, b->power);
  passed &= is_at_most (absolute (df), doubles (r->max_frequency_shift));
  count (sums, REASSIGN_STAGE_NEAR, lane, passed, b->power);
  passed &=
      is_at_most (doubles (-slack), f) & is_at_most (f, doubles (top + slack));
  count (sums, REASSIGN_STAGE_INSIDE, lane, passed, b->power);
  if (r->kept != NULL)
    let_vote (r, b, passed, k);
  if (r->consensus != REASSIGN_CONSENSUS_NONE) {
    passed &= b->accepted;
    count (sums, REASSIGN_STAGE_ACCEPTED, lane, passed, b->power);
  }

  f = choose (is_above (doubles (0), f), doubles (0), f);
  f = choose (is_above (f, doubles (top)), doubles (top), f);
  bits = bits_of (passed);
  put_doubles (to->time + n, (r->centre + dt) / r->rate, bits);
  put_doubles (to->frequency + n, f, bits);
  put_floats (to->magnitude + n, b->magnitude, bits);
  if (r->fields & REASSIGN_FIELD_PHASE)
    put_floats (to->phase + n,
        narrow (phase_of (r, b->re, b->im, b->hz, dt, df)), bits);
  if (r->fields & REASSIGN_FIELD_MIXED)
    put_floats (to->mixed + n, b->mixed, bits);
  if (r->fields & REASSIGN_FIELD_CHIRP_RATE)
    put_floats (to->chirp_rate + n, b->chirp_rate, bits);
  if (r->fields & REASSIGN_FIELD_BIN)
    put_words (to->bin + n, b->bin, bits);
  return count_bits (bits);
}

/* Whether a point is what the consensus asks for. */
INLINE Test
accepted (const ReassignRules *r, Doubles mixed, Doubles defect)
{
  if (r->consensus == REASSIGN_CONSENSUS_RANK1)
    return is_above (doubles (RANK1_TOLERANCE), absolute (defect));
  if (r->consensus == REASSIGN_CONSENSUS_MIXED)
    return is_at_most (absolute (mixed), doubles (r->tone_tolerance)) |
           is_at_most (absolute (mixed - 1), doubles (r->click_tolerance));
  return EVERY_LANE;
}

/* N_REALS bins from k on. */
INLINE size_t
take_bins (const ReassignRules *r, const void *const *s, size_t k, Sums *sums,
    const ReassignPlanes *to, size_t n)
{
  Bins x = load_bins (s[REASSIGN_TAP_H], k), none = { { 0 }, { 0 } };
  Reals power = x.re * x.re + x.im * x.im, inverse = 1 / power;
  Bins t = none, d = none, td = none, t2 = none;
  Reals mixed = { 0 }, chirp_rate = { 0 }, defect = { 0 };
  Reals size = square_root (power);

  if (s[REASSIGN_TAP_TH] != NULL)
    t = ratio (r, s[REASSIGN_TAP_TH], REASSIGN_TAP_TH, k, x, inverse);
  if (s[REASSIGN_TAP_DH] != NULL)
    d = ratio (r, s[REASSIGN_TAP_DH], REASSIGN_TAP_DH, k, x, inverse);
  if (s[REASSIGN_TAP_TDH] != NULL) {
    td = ratio (r, s[REASSIGN_TAP_TDH], REASSIGN_TAP_TDH, k, x, inverse);
    mixed = mixed_of (t, d, td);
  }
  if (s[REASSIGN_TAP_T2H] != NULL)
    t2 = ratio (r, s[REASSIGN_TAP_T2H], REASSIGN_TAP_T2H, k, x, inverse);
  if (r->fields & REASSIGN_FIELD_CHIRP_RATE)
    chirp_rate = chirp_rate_of (t, d, td, t2);
  if (s[REASSIGN_TAP_D2H] != NULL)
    defect = rank_defect_of (mixed, t, d, t2,
        ratio (r, s[REASSIGN_TAP_D2H], REASSIGN_TAP_D2H, k, x, inverse));

  for (int half = 0; half < N_REALS / PIECE; half++) {
    size_t first = k + (size_t) half * PIECE;
    Integers place = { 0 };
    Piece b;

    for (int i = 0; i < PIECE; i++)
      place[i] = i;
    place += (int64_t) first;
    b.power = widen (power, half);
    b.dt = widen (t.re, half);
    b.df = widen (-d.im, half) * (r->rate / (2 * M_PI));
    b.hz = load_doubles (r->bin_hz + first);
    b.magnitude = narrow (widen (size, half) * r->magnitude_scale);
    b.mixed = narrow (widen (mixed, half));
    b.chirp_rate =
        narrow (widen (chirp_rate, half) * (r->rate * r->rate / (2 * M_PI)));
    b.re = widen (x.re, half);
    b.im = widen (x.im, half);
    b.accepted = accepted (r, widen (mixed, half), widen (defect, half));
    b.bin = __builtin_convertvector(place, Words);
    n += sift (r, &b, first, sums, to, n);
  }
  return n;
}

/* Values for a block that does not end with one of a frame's bins: whole
 * registers do not fit into the caller's planes there. */
typedef struct {
  double time[REASSIGN_BLOCK], frequency[REASSIGN_BLOCK];
  float magnitude[REASSIGN_BLOCK], phase[REASSIGN_BLOCK];
  float mixed[REASSIGN_BLOCK], chirp_rate[REASSIGN_BLOCK];
  uint32_t bin[REASSIGN_BLOCK];
} Tail;

static void
append (const ReassignPlanes *to, unsigned fields, size_t n, const Tail *tail,
    size_t n_tail)
{
  memcpy (to->time + n, tail->time, n_tail * sizeof *to->time);
  memcpy (to->frequency + n, tail->frequency, n_tail * sizeof *to->frequency);
  memcpy (to->magnitude + n, tail->magnitude, n_tail * sizeof *to->magnitude);
  if (fields & REASSIGN_FIELD_PHASE)
    memcpy (to->phase + n, tail->phase, n_tail * sizeof *to->phase);
  if (fields & REASSIGN_FIELD_MIXED)
    memcpy (to->mixed + n, tail->mixed, n_tail * sizeof *to->mixed);
  if (fields & REASSIGN_FIELD_CHIRP_RATE)
    memcpy (
        to->chirp_rate + n, tail->chirp_rate, n_tail * sizeof *to->chirp_rate);
  if (fields & REASSIGN_FIELD_BIN)
    memcpy (to->bin + n, tail->bin, n_tail * sizeof *to->bin);
}

/* How much of the above a config asks for; each has a loop that leaves out the
 * rest. */
typedef enum {
  SHIFTS_ONLY, /* with or without bins */
  MIXED_TOO,
  EVERYTHING
} Extent;

static Extent
extent_of (const ReassignRules *r)
{
  const unsigned simple = REASSIGN_FIELD_TIME | REASSIGN_FIELD_FREQUENCY |
                          REASSIGN_FIELD_MAGNITUDE | REASSIGN_FIELD_BIN;

  if (r->kept != NULL || r->consensus != REASSIGN_CONSENSUS_NONE ||
      r->fields & ~(simple | REASSIGN_FIELD_MIXED))
    return EVERYTHING;
  return r->fields & REASSIGN_FIELD_MIXED ? MIXED_TOO : SHIFTS_ONLY;
}

INLINE size_t
run (const ReassignRules *rules, const void *const *spectra,
    const ReassignPlanes *planes, ReassignSieve *sieve, Extent extent)
{
  ReassignRules r = *rules;
  const void *s[N_TAPS] = { spectra[0], spectra[1], spectra[2] };
  ReassignPlanes to = *planes;
  Sums sums = { 0 };
  Tail tail;
  size_t whole = r.n_bins / REASSIGN_BLOCK * REASSIGN_BLOCK, k, n = 0, before;

  if (extent >= MIXED_TOO)
    s[REASSIGN_TAP_TDH] = spectra[REASSIGN_TAP_TDH];
  if (extent == EVERYTHING) {
    s[REASSIGN_TAP_T2H] = spectra[REASSIGN_TAP_T2H];
    s[REASSIGN_TAP_D2H] = spectra[REASSIGN_TAP_D2H];
  } else {
    r.kept = NULL;
    r.consensus = REASSIGN_CONSENSUS_NONE;
    r.fields &= extent == MIXED_TOO ? REASSIGN_FIELD_MIXED | REASSIGN_FIELD_BIN
                                    : REASSIGN_FIELD_BIN;
  }

  for (k = 0; k < whole; k += N_REALS)
    n = take_bins (&r, s, k, &sums, &to, n);

  before = n;
  to = (ReassignPlanes){ tail.time, tail.frequency, tail.magnitude, tail.phase,
    tail.mixed, tail.chirp_rate, NULL, tail.bin };
  for (n = 0; k < r.n_bins; k += N_REALS)
    n = take_bins (&r, s, k, &sums, &to, n);
  append (planes, r.fields, before, &tail, n);

  add_up (&sums, sieve);
  sieve->n[REASSIGN_STAGE_ALL] = r.n_bins;
  if (r.consensus == REASSIGN_CONSENSUS_NONE) {
    sieve->n[REASSIGN_STAGE_ACCEPTED] = sieve->n[REASSIGN_STAGE_INSIDE];
    sieve->power[REASSIGN_STAGE_ACCEPTED] = sieve->power[REASSIGN_STAGE_INSIDE];
  }
  return before + n;
}

static size_t
points (const ReassignRules *rules, const void *const *spectra,
    const ReassignPlanes *planes, ReassignSieve *sieve)
{
  switch (extent_of (rules)) {
    case SHIFTS_ONLY:
      return run (rules, spectra, planes, sieve, SHIFTS_ONLY);
    case MIXED_TOO:
      return run (rules, spectra, planes, sieve, MIXED_TOO);
    default:
      return run (rules, spectra, planes, sieve, EVERYTHING);
  }
}

const ReassignKernel REASSIGN_KERNEL = { REASSIGN_NAME, sizeof (real), take,
  multiply, multiply_pair, scale, add, weigh, unpack, measure, points };
