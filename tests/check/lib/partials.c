/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The tracker's parts against what they stand for, and the whole against what
 * it promises; how good it sounds is measured through the elements. */

#include "near.h"
#include "partials-phase.h"
#include "partials.h"
#include "signals.h"

#include <complex.h>

#define RATE 44100.0
#define N 1024

static const ReassignTrackerConfig plain = { .sample_rate = RATE,
  .window_parameter = 12,
  .window_size = N,
  .hop = N / 8,
  .fft_size = N };

/* ------------------------------------------------------------- window ---- */

/* The sum over every sample, without shortcuts. */
static double complex
sum_response (
    const double *h, size_t n, double away, const ReassignDeviation *d)
{
  double complex sum = 0;
  double all = 0;

  for (size_t i = 0; i < n; i++) {
    double tau = (double) i - (double) (n / 2);

    all += h[i];
    sum += h[i] * cexp ((d->slope + I * away) * tau +
                        (d->curvature + I * d->chirp) * tau * tau / 2);
  }
  return sum / all;
}

GST_START_TEST (response_is_the_windows_sum)
{
  static double h[N + 1];

  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++) {
    for (size_t n = N - 51; n <= N; n += 51) {
      ReassignTrackerConfig c = plain;
      ReassignResponse r;
      ReassignDeviation d = { 0 };
      double sum = 0;

      c.window = w->id;
      c.window_size = n;
      c.window_parameter = w->parameter;
      fail_unless (reassign_response_init (&r, &c));
      fail_unless (w->generate (h, n, w->parameter));
      for (size_t i = 0; i < n; i++)
        sum += h[i];
      for (double bins = -4; bins <= 4; bins += 0.8)
        for (int i = 0; i < 8; i++) {
          double away = 2 * M_PI * bins / (double) n;
          double complex error;
          double tolerance;

          d.chirp = (i & 1) * 0.5 / (r.sigma * r.sigma);
          d.slope = (i & 2) / 2 * 0.3 / r.sigma;
          d.curvature = (i & 4) / 4 * -0.2 / (r.sigma * r.sigma);
          error = reassign_response_at (&r, away, &d, NULL) -
                  sum_response (h, n, away, &d);
          /* a step at the end is seen by one sample for a whole stride */
          tolerance =
              2e-5 + h[0] * exp (d.slope * (double) n / 2) * r.stride / sum;
          assert_near (cabs (error), 0, tolerance, "%s %zu, %g bins, %d",
              w->name, n, bins, i);
        }
    }
  }
}
GST_END_TEST;

/* A tone that begins under the window: what its tail weighs and where. */
GST_START_TEST (step_is_the_windows_tail)
{
  static double h[N];
  ReassignResponse r;
  double all = 0;

  fail_unless (reassign_response_init (&r, &plain));
  fail_unless (reassign_windows[0].generate (h, N, 12));
  for (int i = 0; i < N; i++)
    all += h[i];
  for (int at = -400; at <= 100; at += 50) {
    double mass = 0, moment = 0, centroid;

    for (int i = at + N / 2; i < N; i++) {
      mass += h[i];
      moment += h[i] * (i - N / 2);
    }
    centroid = moment / mass;
    assert_near (reassign_response_step_mass (&r, at), mass / all, 1e-3,
        "mass of what follows %d", at);
    assert_near (reassign_response_step_centroid (&r, at), centroid, 0.1,
        "centroid of what follows %d", at);
    if (centroid > 1)
      assert_near (reassign_response_step (&r, centroid), at, 3,
          "beginning of what has its centroid at %g", centroid);
  }
}
GST_END_TEST;

/* What begins after the last quarter is taken for what begins there. */
GST_START_TEST (steps_beyond_the_last_are_the_last)
{
  ReassignResponse r;
  double last = N / 4, mass, centroid;

  fail_unless (reassign_response_init (&r, &plain));
  mass = reassign_response_step_mass (&r, last);
  centroid = reassign_response_step_centroid (&r, last);
  fail_unless (mass > 0 && centroid > last);
  for (double at = last + 1; at < N; at *= 1.5) {
    assert_near (
        reassign_response_step_mass (&r, at), mass, 0, "mass after %g", at);
    assert_near (reassign_response_step_centroid (&r, at), centroid, 0,
        "centroid after %g", at);
  }
}
GST_END_TEST;

/* A window of the user's is known by its sigma alone. */
GST_START_TEST (a_gaussian_is_known_by_its_sigma)
{
  for (double part = 6; part <= 14; part += 2) {
    ReassignTrackerConfig by_name = plain, by_sigma = plain;
    ReassignResponse named, measured;
    ReassignDeviation d = { 0 };

    by_name.window = REASSIGN_WINDOW_GAUSSIAN;
    by_name.window_parameter = part;
    by_sigma.window_sigma = N / part;
    fail_unless (reassign_response_init (&named, &by_name));
    fail_unless (reassign_response_init (&measured, &by_sigma));
    assert_near (measured.sigma, named.sigma, 1e-9 * N, "sigma, 1/%g", part);
    for (double bins = -4; bins <= 4; bins += 0.5) {
      double away = 2 * M_PI * bins / N;

      assert_near (cabs (reassign_response_at (&measured, away, &d, NULL) -
                         reassign_response_at (&named, away, &d, NULL)),
          0, 1e-12, "sigma of 1/%g, %g bins", part, bins);
    }
  }
}
GST_END_TEST;

/* -------------------------------------------------------------- links ---- */

/* A peak that is nearer than the drift (10 Hz here) to none goes on as it was,
 * though all would move with the lead: 500 Hz, from there on. */
static void
link_two (double before_hz, double found_hz, double *lead, double *went_on)
{
  ReassignPartialsShape s = { .drift = 10, .reference = 500, .survival = 1 };
  ReassignPeak was[1] = { { .frequency = before_hz,
      .next = REASSIGN_NO_PEAK } };
  ReassignPeak found[1] = { { .frequency = found_hz,
      .next = REASSIGN_NO_PEAK } };
  ReassignPeak now_peaks[4];
  ReassignPeakFrame before = { .peaks = was, .n_peaks = 1, .peak_room = 1 };
  ReassignPeakFrame now = { .peaks = now_peaks, .peak_room = 4 };
  uint32_t match[1];

  reassign_peaks_link (&s, &before, &now, found, 1, match, lead);
  fail_unless_equals_uint64 (now.n_peaks, 2);
  fail_unless (match[0] == REASSIGN_NO_PEAK);
  *went_on = now_peaks[before_hz < found_hz ? 0 : 1].frequency;
}

GST_START_TEST (a_lead_that_is_lost_moves_nothing)
{
  double lead = 505, went_on;

  link_two (505, 525, &lead, &went_on);
  assert_near (lead, 505, 0, "lead, where it is not found");
  assert_near (went_on, 505, 0, "what goes on meanwhile");
  link_two (800, 900, &lead, &went_on);
  assert_near (lead, 500, 0, "lead, where there was none: the reference");
  assert_near (went_on, 800, 0, "what goes on meanwhile");
}
GST_END_TEST;

/* -------------------------------------------------------------- phase ---- */

GST_START_TEST (phase_meets_both_ends_and_is_straight_where_it_can_be)
{
  for (double wb = 0.1; wb < 0.2; wb += 0.01)
    for (double b = -3; b <= 3; b += 0.5) {
      ReassignPhase p;

      reassign_phase_between (&p, 1, 0.15, b, wb, 200);
      assert_near (reassign_phase_at (&p, 0), 1, 0, "first phase");
      assert_near (reassign_phase_rate (&p, 0), 0.15, 0, "first frequency");
      assert_near (remainder (reassign_phase_at (&p, 200) - b, 2 * M_PI), 0,
          1e-12, "last phase");
      assert_near (reassign_phase_rate (&p, 200), wb, 1e-14, "last frequency");
    }
  for (double c = -2e-4; c <= 2e-4; c += 5e-5) {
    ReassignPhase p;

    reassign_phase_between (
        &p, 0, 0.3, 0.3 * 200 + c * 200 * 200 / 2, 0.3 + c * 200, 200);
    assert_near (p.p3, 0, 1e-16, "a chirp is a parabola");
    assert_near (p.p2, c / 2, 1e-16, "with its rate");
  }
}
GST_END_TEST;

/* ------------------------------------------------------------ tracker ---- */

#define MOST_ROWS 100000

typedef struct {
  size_t n, n_frames;
  int64_t sample[MOST_ROWS]; /* of the row's frame */
  double time[MOST_ROWS], frequency[MOST_ROWS];
  float amplitude[MOST_ROWS], phase[MOST_ROWS], bandwidth[MOST_ROWS];
  uint32_t id[MOST_ROWS], flags[MOST_ROWS];
  int64_t expected; /* the next frame */
} Rows;

static void
collect (Rows *to, ReassignTracker *t)
{
  ReassignRows rows;

  while (reassign_tracker_pull (t, &rows)) {
    fail_unless_equals_int64 (rows.sample, to->expected);
    fail_unless (rows.n_rows <= reassign_tracker_max_rows (t));
    fail_unless (to->n + rows.n_rows <= MOST_ROWS);
    to->expected += (int64_t) plain.hop;
    to->n_frames++;
    for (size_t i = 0; i < rows.n_rows; i++, to->n++) {
      to->sample[to->n] = rows.sample;
      to->time[to->n] = rows.time[i];
      to->frequency[to->n] = rows.frequency[i];
      to->amplitude[to->n] = rows.amplitude[i];
      to->phase[to->n] = rows.phase[i];
      to->bandwidth[to->n] = rows.bandwidth[i];
      to->id[to->n] = rows.id[i];
      to->flags[to->n] = rows.flags[i];
    }
  }
}

static bool
contains (const size_t *list, size_t n, size_t value)
{
  for (size_t i = 0; i < n; i++)
    if (list[i] == value)
      return true;
  return false;
}

/* Whether there is made room for each frame. */
static bool grows;

/* The partials of a sound, of which some frames get lost. */
static void
track (Rows *to, ReassignTracker *t, const double *x, size_t n,
    const size_t *lost, size_t n_lost)
{
  ReassignConfig c = { .sample_rate = RATE,
    .window_parameter = 12,
    .window_size = N,
    .hop = plain.hop,
    .fields = REASSIGN_FIELD_PHASE | REASSIGN_FIELD_BIN };
  ReassignAnalyzer *a = reassign_analyzer_new (&c, NULL);
  ReassignFrame frame;
  size_t pushed = 0;

  memset (to, 0, sizeof *to);
  while (pushed <= n) {
    if (pushed < n)
      pushed += reassign_analyzer_push (a, x + pushed, n - pushed);
    else
      reassign_analyzer_drain (a), pushed++;
    while (reassign_analyzer_pull (a, &frame)) {
      if (contains (lost, n_lost, (size_t) frame.sample / plain.hop))
        frame.n_points = 0;
      if (grows)
        fail_unless (reassign_tracker_reserve (t, frame.n_points));
      fail_unless (reassign_tracker_push (t, &frame));
      collect (to, t);
    }
  }
  reassign_tracker_drain (t, (int64_t) n);
  collect (to, t);
  reassign_analyzer_free (a);
}

static ReassignTracker *
make_tracker (const ReassignTrackerConfig *config)
{
  const char *error;
  ReassignTracker *t = reassign_tracker_new (config, &error);

  fail_unless (t != NULL, "%s", error);
  return t;
}

static double sound[40000];
static Rows rows, others;

/* Tones that come and go, over some noise. */
static void
make_signal (void)
{
  memset (sound, 0, sizeof sound);
  signal_add_tone (sound, 30000, RATE, 0.3, 1000, 1);
  signal_add_tone (sound + 9000, 20000, RATE, 0.2, 2345.6, 2);
  signal_add_chirp (sound + 4000, 36000, RATE, 0.1, 4000, 3000, 0);
  signal_add_noise (sound, 40000, 0.01, 3);
}

GST_START_TEST (every_frame_gives_rows_in_order_from_birth_to_death)
{
  ReassignTracker *t = make_tracker (&plain);
  double last_time[4096] = { 0 };
  bool alive[4096] = { 0 };

  make_signal ();
  track (&rows, t, sound, 40000, NULL, 0);
  fail_unless_equals_uint64 (rows.n_frames, (40000 + 127) / 128);
  fail_unless (rows.n > 600);
  for (size_t i = 0; i < rows.n; i++) {
    uint32_t id = rows.id[i];
    bool birth = rows.flags[i] & REASSIGN_PARTIAL_BIRTH;
    bool death = rows.flags[i] & REASSIGN_PARTIAL_DEATH;

    fail_unless (id >= 1 && id < 4096);
    fail_unless (birth == !alive[id], "row %zu of %u", i, id);
    fail_unless (birth || rows.time[i] > last_time[id]);
    fail_unless (death == (rows.amplitude[i] == 0));
    fail_unless (rows.bandwidth[i] >= 0 && rows.bandwidth[i] <= 1);
    fail_unless (fabs (rows.time[i] * RATE - (double) rows.sample[i]) <=
                 (double) plain.hop + 1e-6);
    last_time[id] = rows.time[i];
    alive[id] = !death;
  }
  for (int id = 0; id < 4096; id++)
    fail_unless (!alive[id], "partial %d has no end", id);
  reassign_tracker_free (t);
}
GST_END_TEST;

GST_START_TEST (reset_is_as_new_and_a_drained_one_goes_on_counting)
{
  ReassignTracker *t = make_tracker (&plain);
  uint32_t most = 0;

  make_signal ();
  track (&rows, t, sound, 40000, NULL, 0);
  for (size_t i = 0; i < rows.n; i++)
    most = MAX (most, rows.id[i]);

  track (&others, t, sound, 40000, NULL, 0);
  fail_unless_equals_uint64 (others.n, rows.n);
  for (size_t i = 0; i < rows.n; i++) {
    fail_unless_equals_int (others.id[i], rows.id[i] + most);
    others.id[i] -= most;
  }
  fail_unless (memcmp (&others, &rows, sizeof rows) == 0);

  reassign_tracker_reset (t);
  track (&others, t, sound, 40000, NULL, 0);
  fail_unless (memcmp (&others, &rows, sizeof rows) == 0);
  reassign_tracker_free (t);
}
GST_END_TEST;

GST_START_TEST (room_that_comes_with_the_frames_shows_in_no_row)
{
  static const size_t lost[] = { 40, 41, 100, 170, 171, 172 };
  ReassignTrackerConfig c = plain;
  ReassignTracker *all = make_tracker (&c), *some;

  c.most_points = 1;
  some = make_tracker (&c);
  make_signal ();
  for (int i = 0; i < 2; i++) {
    track (&rows, all, sound, 40000, lost, G_N_ELEMENTS (lost));
    grows = true;
    track (&others, some, sound, 40000, lost, G_N_ELEMENTS (lost));
    grows = false;
    fail_unless (rows.n > 600);
    fail_unless (memcmp (&others, &rows, sizeof rows) == 0);
  }
  reassign_tracker_free (all);
  reassign_tracker_free (some);
}
GST_END_TEST;

GST_START_TEST (points_without_room_are_as_if_they_were_not_there)
{
  ReassignTrackerConfig c = plain;
  ReassignTracker *t;

  c.most_points = 1;
  t = make_tracker (&c);
  make_signal ();
  track (&rows, t, sound, 40000, NULL, 0);
  fail_unless_equals_uint64 (rows.n_frames, (40000 + 127) / 128);
  fail_unless_equals_uint64 (rows.n, 0);
  reassign_tracker_free (t);
}
GST_END_TEST;

GST_START_TEST (a_frame_is_heard_of_after_just_the_latency)
{
  ReassignTrackerConfig c = plain;

  for (c.survival = -1; c.survival <= 3; c.survival += 2)
    for (c.minimum_length = 1; c.minimum_length < 12; c.minimum_length += 5) {
      ReassignTracker *t = make_tracker (&c);
      size_t delay = reassign_tracker_latency (t) / c.hop;
      size_t survival = c.survival < 0 ? 0 : (size_t) c.survival;
      ReassignFrame frame = { 0 };
      ReassignRows row;

      fail_unless_equals_uint64 (
          delay, survival + MAX (c.minimum_length - 1, 3));
      for (size_t i = 0; i < 30; i++) {
        fail_unless (reassign_tracker_push (t, &frame));
        fail_unless (reassign_tracker_pull (t, &row) == (i >= delay));
        if (i >= delay)
          fail_unless_equals_int64 (
              row.sample, (int64_t) ((i - delay) * c.hop));
        frame.sample += (int64_t) c.hop;
      }
      reassign_tracker_free (t);
    }
}
GST_END_TEST;

/* ... and the rows that wait are those of the frames that were taken. */
GST_START_TEST (no_frame_is_taken_while_rows_wait)
{
  ReassignTracker *t = make_tracker (&plain);
  size_t delay = reassign_tracker_latency (t) / plain.hop;
  ReassignFrame frame = { 0 };
  ReassignRows row;

  for (size_t i = 0; i < 30; i++) {
    frame.sample = (int64_t) (i * plain.hop);
    fail_unless (reassign_tracker_push (t, &frame));
    if (i < delay)
      continue;
    frame.sample = -1;
    fail_unless (!reassign_tracker_push (t, &frame));
    fail_unless (reassign_tracker_pull (t, &row));
    fail_unless_equals_int64 (row.sample, (int64_t) ((i - delay) * plain.hop));
    fail_unless (!reassign_tracker_pull (t, &row));
  }
  reassign_tracker_free (t);
}
GST_END_TEST;

static size_t
count_births (const Rows *r)
{
  size_t n = 0;

  for (size_t i = 0; i < r->n; i++)
    n += (r->flags[i] & REASSIGN_PARTIAL_BIRTH) != 0;
  return n;
}

GST_START_TEST (a_partial_survives_the_frames_that_it_may_miss_and_no_more)
{
  static const size_t two[] = { 100, 101 }, three[] = { 100, 101, 102 };
  ReassignTrackerConfig c = plain;
  ReassignTracker *t;

  memset (sound, 0, sizeof sound);
  signal_add_chirp (sound, 40000, RATE, 0.3, 1000, 500, 1);
  c.survival = 2;
  t = make_tracker (&c);
  track (&rows, t, sound, 40000, two, 2);
  fail_unless_equals_uint64 (count_births (&rows), 1);
  reassign_tracker_reset (t);
  track (&rows, t, sound, 40000, three, 3);
  fail_unless_equals_uint64 (count_births (&rows), 2);
  reassign_tracker_free (t);
}
GST_END_TEST;

GST_START_TEST (what_is_shorter_than_the_minimum_is_no_partial)
{
  ReassignTrackerConfig c = plain;

  memset (sound, 0, sizeof sound);
  signal_add_tone (sound + 10000, 20 * 128, RATE, 0.3, 1000, 1);
  for (c.minimum_length = 18; c.minimum_length < 24; c.minimum_length += 4) {
    ReassignTracker *t = make_tracker (&c);

    track (&rows, t, sound, 40000, NULL, 0);
    fail_unless_equals_uint64 (
        count_births (&rows), c.minimum_length < 20 ? 1 : 0);
    reassign_tracker_free (t);
  }
}
GST_END_TEST;

/* The tenth harmonic of a wide vibrato moves further in a hop than it may; with
 * the fundamental in the lead only as far as that says. */
GST_START_TEST (harmonics_follow_their_reference)
{
  ReassignTrackerConfig c = plain;
  size_t births[2];

  memset (sound, 0, sizeof sound);
  for (int i = 0; i < 40000; i++) {
    double t = i / RATE;
    double turns = 400 * t - 30 / (2 * M_PI * 7) * cos (2 * M_PI * 7 * t);

    for (int k = 1; k <= 10; k++)
      sound[i] += 0.05 * cos (2 * M_PI * k * turns + k * k);
  }
  c.frequency_drift = 20;
  for (int with = 0; with < 2; with++) {
    ReassignTracker *t;

    c.reference_frequency = with ? 400 : 0;
    t = make_tracker (&c);
    track (&rows, t, sound, 40000, NULL, 0);
    births[with] = count_births (&rows);
    reassign_tracker_free (t);
  }
  fail_unless_equals_uint64 (births[1], 10);
  fail_unless (births[0] > 20, "%zu without", births[0]);
}
GST_END_TEST;

/* Hum and noise below the floor, a tone above. */
GST_START_TEST (below_the_frequency_floor_there_is_noise_or_nothing)
{
  ReassignTrackerConfig c = plain;
  size_t low[2] = { 0 };

  memset (sound, 0, sizeof sound);
  signal_add_tone (sound, 40000, RATE, 0.3, 1000, 1);
  signal_add_tone (sound, 40000, RATE, 0.1, 100, 1);
  signal_add_noise (sound, 40000, 0.01, 3);
  c.frequency_floor = 300;
  for (int without = 0; without < 2; without++) {
    ReassignTracker *t;

    c.noise_width = without ? -1 : 2000;
    t = make_tracker (&c);
    track (&rows, t, sound, 40000, NULL, 0);
    for (size_t i = 0; i < rows.n; i++) {
      fail_unless (rows.frequency[i] >= 0);
      /* a peak of noise that is found above can be refined to below */
      if (rows.frequency[i] >= (without ? 200 : 300))
        continue;
      low[without]++;
      assert_near (rows.bandwidth[i], 1, 0, "share of noise at %g Hz",
          rows.frequency[i]);
      fail_unless ((rows.amplitude[i] == 0) ==
                   ((rows.flags[i] & REASSIGN_PARTIAL_DEATH) != 0));
    }
    reassign_tracker_free (t);
  }
  fail_unless (low[0] > 300, "%zu rows of noise", low[0]);
  fail_unless_equals_uint64 (low[1], 0);
}
GST_END_TEST;

/* Harmonics that alias and beat, seen from sample to sample, and taken for
 * those of every window: slopes between neighbours are wild. */
GST_START_TEST (rows_are_no_louder_than_what_was_seen_whatever_the_window_is)
{
  for (uint32_t own = 1; own <= 9; own++)
    for (uint32_t told = own; told <= 9; told += own == 9 ? 1 : 9 - own) {
      ReassignConfig c = { .sample_rate = RATE,
        .window = own,
        .window_size = 255,
        .hop = 1,
        .fft_size = 510,
        .fields = REASSIGN_FIELD_PHASE | REASSIGN_FIELD_BIN };
      ReassignTrackerConfig tc = { .sample_rate = RATE,
        .window = told,
        .window_size = 255,
        .hop = 1,
        .fft_size = 510 };
      ReassignAnalyzer *a = reassign_analyzer_new (&c, NULL);
      ReassignTracker *t = make_tracker (&tc);
      ReassignFrame frame;
      ReassignRows r;
      double most = 2 / REASSIGN_LEAST_SEEN;

      for (int i = 0; i < 400; i++)
        sound[i] = CLAMP (20 * sin (2 * M_PI * 0.031 * i), -1, 1);
      fail_unless_equals_uint64 (reassign_analyzer_push (a, sound, 400), 400);
      while (reassign_analyzer_pull (a, &frame)) {
        fail_unless (reassign_tracker_push (t, &frame));
        while (reassign_tracker_pull (t, &r))
          for (size_t i = 0; i < r.n_rows; i++) {
            assert_near (r.frequency[i], RATE / 4, RATE / 4 + 1e-6,
                "Hz of a row of window %u as %u", own, told);
            assert_near (r.amplitude[i], most / 2, most / 2,
                "amplitude at %g Hz of window %u as %u", r.frequency[i], own,
                told);
            fail_unless (isfinite (r.phase[i]));
          }
      }
      reassign_tracker_free (t);
      reassign_analyzer_free (a);
    }
}
GST_END_TEST;

GST_START_TEST (wrong_configs_are_refused_with_a_sentence)
{
  static const struct {
    size_t offset;
    double value;
    const char *name;
  } wrong[] = {
#define WRONG(field, value)                                                    \
  { offsetof (ReassignTrackerConfig, field), value, #field }
    WRONG (sample_rate, 0),
    WRONG (sample_rate, NAN),
    WRONG (window_parameter, 1000),
    WRONG (window_sigma, -1),
    WRONG (frequency_resolution, -1),
    WRONG (frequency_drift, -1),
    WRONG (frequency_floor, NAN),
    WRONG (amplitude_floor, INFINITY),
    WRONG (noise_width, NAN),
    WRONG (reference_frequency, -1),
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    ReassignTrackerConfig c = plain;
    const char *error = NULL;

    *(double *) ((char *) &c + wrong[i].offset) = wrong[i].value;
    fail_unless (reassign_tracker_new (&c, &error) == NULL);
    fail_unless (error != NULL && strstr (error, wrong[i].name) != NULL,
        "%s: %s", wrong[i].name, error);
  }
}
GST_END_TEST;

GST_START_TEST (sizes_that_cannot_be_are_refused_by_name)
{
  static const struct {
    const char *name;
    size_t window_size, hop, fft_size, minimum_length;
    int survival;
    ReassignWindowId window;
  } wrong[] = {
    { "window_size", 31, 512, 2048, 0, 0, REASSIGN_WINDOW_HANN },
    { "hop", 2048, 0, 2048, 0, 0, REASSIGN_WINDOW_HANN },
    { "hop", 2048, SIZE_MAX, 2048, 0, 0, REASSIGN_WINDOW_HANN },
    { "fft_size", 2048, 512, 2047, 0, 0, REASSIGN_WINDOW_HANN },
    { "window", 2048, 512, 2048, 0, 0, (ReassignWindowId) 99 },
    { "minimum_length", 2048, 512, 2048, 1001, 0, REASSIGN_WINDOW_HANN },
    { "survival", 2048, 512, 2048, 0, 17, REASSIGN_WINDOW_HANN },
    { "survival", 2048, 512, 2048, 0, -2, REASSIGN_WINDOW_HANN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    ReassignTrackerConfig c = { .sample_rate = 44100,
      .window_size = wrong[i].window_size,
      .hop = wrong[i].hop,
      .fft_size = wrong[i].fft_size,
      .minimum_length = wrong[i].minimum_length,
      .survival = wrong[i].survival,
      .window = wrong[i].window };
    const char *error = NULL;

    fail_unless (reassign_tracker_new (&c, &error) == NULL, "%u: a wrong %s", i,
        wrong[i].name);
    fail_unless (error != NULL && g_str_has_prefix (error, wrong[i].name),
        "%u: a wrong %s is called: %s", i, wrong[i].name, error);
  }
}
GST_END_TEST;

static Suite *
partials_suite (void)
{
  Suite *s = suite_create ("partials");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, response_is_the_windows_sum);
  tcase_add_test (tc, step_is_the_windows_tail);
  tcase_add_test (tc, steps_beyond_the_last_are_the_last);
  tcase_add_test (tc, a_gaussian_is_known_by_its_sigma);
  tcase_add_test (tc, a_lead_that_is_lost_moves_nothing);
  tcase_add_test (tc, phase_meets_both_ends_and_is_straight_where_it_can_be);
  tcase_add_test (tc, every_frame_gives_rows_in_order_from_birth_to_death);
  tcase_add_test (tc, reset_is_as_new_and_a_drained_one_goes_on_counting);
  tcase_add_test (tc, room_that_comes_with_the_frames_shows_in_no_row);
  tcase_add_test (tc, points_without_room_are_as_if_they_were_not_there);
  tcase_add_test (tc, a_frame_is_heard_of_after_just_the_latency);
  tcase_add_test (tc, no_frame_is_taken_while_rows_wait);
  tcase_add_test (
      tc, a_partial_survives_the_frames_that_it_may_miss_and_no_more);
  tcase_add_test (tc, what_is_shorter_than_the_minimum_is_no_partial);
  tcase_add_test (tc, harmonics_follow_their_reference);
  tcase_add_test (tc, below_the_frequency_floor_there_is_noise_or_nothing);
  tcase_add_test (
      tc, rows_are_no_louder_than_what_was_seen_whatever_the_window_is);
  tcase_add_test (tc, wrong_configs_are_refused_with_a_sentence);
  tcase_add_test (tc, sizes_that_cannot_be_are_refused_by_name);
  return s;
}

GST_CHECK_MAIN (partials);
