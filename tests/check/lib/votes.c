/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The vote of the line consensus, counted again by hand over all points of a
 * signal: for each, the axis of its 3 x 3 neighbourhood, and the share of the
 * neighbours in the box that lie near the line through it.  How well it tells
 * sound from noise is measured in ../oracle/consensus.py. */

#include "analysis.h"
#include "near.h"
#include "signals.h"

#define RATE 16000.0
#define LENGTH 12000

/* Two tones, a chirp and a click in noise, none silent at its ends. */
static double *
make_programme (void)
{
  double *x = g_new0 (double, LENGTH);

  signal_add_noise (x, LENGTH, 0.03, 8);
  signal_add_tone (x, LENGTH, RATE, 0.3, 1000.3, 0);
  signal_add_tone (x, LENGTH, RATE, 0.2, 40, 0);
  signal_add_chirp (x, LENGTH, RATE, 0.3, 3000, 2600, 0);
  x[6000] += 5;
  return x;
}

typedef struct {
  const Analysis *a;
  double epsilon;
  int radius, frames;
  size_t *at; /* [frame][bin], point + 1, 0 where there is none */
} Census;

static Census
make_census (const Analysis *a, int radius, int frames, double epsilon)
{
  Census c = { a, epsilon, radius, frames, NULL };

  c.at = g_new0 (size_t, a->n_frames * a->shape.n_bins);
  for (size_t f = 0; f < a->n_frames; f++)
    for (size_t i = 0; i < a->frames[f].n; i++) {
      size_t point = a->frames[f].first + i;

      c.at[f * a->shape.n_bins + a->bin[point]] = point + 1;
    }
  return c;
}

/* The point at a frame and bin, by index and 1; 0 where there is none. */
static size_t
point_at (const Census *c, int64_t frame, int64_t bin)
{
  int64_t n_bins = (int64_t) c->a->shape.n_bins;

  if (frame < 0 || frame >= (int64_t) c->a->n_frames || bin < 0 ||
      bin >= n_bins)
    return 0;
  return c->at[frame * n_bins + bin];
}

/* From one point to another, in units of sigma. */
static void
step_between (const Analysis *a, size_t from, size_t to, double *t, double *w)
{
  *t = (a->time[to] - a->time[from]) * RATE / a->shape.sigma;
  *w = (a->frequency[to] - a->frequency[from]) * 2 * M_PI / RATE *
       a->shape.sigma;
}

static double
direction (const Census *c, int64_t frame, int64_t bin, size_t own)
{
  double tt = 0, ww = 0, tw = 0, t, w;

  for (int m = -1; m <= 1; m++)
    for (int k = -1; k <= 1; k++) {
      size_t other = point_at (c, frame + m, bin + k);

      if (other == 0)
        continue;
      step_between (c->a, own, other - 1, &t, &w);
      if (hypot (t, w) >= 3)
        continue;
      tt += c->a->magnitude[other - 1] * t * t;
      ww += c->a->magnitude[other - 1] * w * w;
      tw += c->a->magnitude[other - 1] * t * w;
    }
  return atan2 (2 * tw, tt - ww) / 2;
}

/* The least and the most that the vote can be, as a neighbour at the very edge
 * may count or not. */
static void
recount (const Census *c, size_t f, size_t own, double *least, double *most)
{
  int64_t frame = (int64_t) f, bin = c->a->bin[own];
  double theta = direction (c, frame, bin, own), all = 0, sure = 0, near = 0;

  for (int m = -c->frames; m <= c->frames; m++)
    for (int k = -c->radius; k <= c->radius; k++) {
      size_t other = point_at (c, frame + m, bin + k);
      double t, w, distance, weight;

      if (other == 0 || (m == 0 && k == 0))
        continue;
      step_between (c->a, own, other - 1, &t, &w);
      distance = fabs (cos (theta) * w - sin (theta) * t);
      weight = c->a->magnitude[other - 1];
      all += weight;
      sure += distance <= c->epsilon - 1e-6 ? weight : 0;
      near += distance <= c->epsilon + 1e-6 ? weight : 0;
    }
  *least = all > 0 ? sure / all : 0;
  *most = all > 0 ? near / all : 0;
}

static const ReassignConfig kinds[] = {
  { .sample_rate = RATE,
      .window = REASSIGN_WINDOW_NUTTALL,
      .window_size = 512,
      .hop = 64,
      .fft_size = 1024 },
  { .sample_rate = RATE,
      .window_size = 255,
      .hop = 60,
      .consensus_radius = 3,
      .consensus_frames = 4,
      .consensus_epsilon = 0.4 },
  { .sample_rate = RATE,
      .window_size = 256,
      .hop = 32,
      .magnitude_floor = -40 },
  { .sample_rate = RATE, .window_size = 256, .hop = 256, .analytic = true },
};

/* At the ends of the stream and of the spectrum too. */
GST_START_TEST (agreement_is_the_share_of_neighbours_on_the_line)
{
  double *x = make_programme ();

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    static const int radius[] = { 2, 3, 1, 1 }, frames[] = { 1, 4, 1, 1 };
    ReassignConfig config = kinds[k];
    size_t high = 0;
    Analysis *a;
    Census c;

    config.fields = REASSIGN_FIELD_AGREEMENT | REASSIGN_FIELD_BIN;
    a = analysis_new (&config, x, LENGTH, -5000);
    c = make_census (a, radius[k], frames[k],
        config.consensus_epsilon > 0 ? config.consensus_epsilon : 0.2);
    for (size_t f = 0; f < a->n_frames; f++) {
      for (size_t i = 0; i < a->frames[f].n; i++) {
        size_t own = a->frames[f].first + i;
        double least, most, value = a->agreement[own];

        recount (&c, f, own, &least, &most);
        if (value < least - 1e-5 || value > most + 1e-5)
          assert_near (value, (least + most) / 2, 1e-5 + (most - least) / 2,
              "kind %u frame %zu bin %u", k, f, a->bin[own]);
        high += value > 0.8;
      }
    }
    fail_unless (high > 100 && high < a->n_points);
    g_free (c.at);
    analysis_free (a);
  }
  g_free (x);
}
GST_END_TEST;

/* What is rejected is what has too few votes, and it is counted. */
GST_START_TEST (points_below_the_threshold_are_rejected)
{
  static const double thresholds[] = { 0.6, 0.8, 1 };
  double *x = make_programme ();

  for (guint i = 0; i < G_N_ELEMENTS (thresholds); i++) {
    ReassignConfig config = kinds[0];
    Analysis *all, *some;
    double energy = 0;
    size_t n = 0;

    config.fields = REASSIGN_FIELD_AGREEMENT | REASSIGN_FIELD_BIN;
    all = analysis_new (&config, x, LENGTH, 0);
    config.consensus = REASSIGN_CONSENSUS_LINE;
    config.consensus_threshold = thresholds[i];
    some = analysis_new (&config, x, LENGTH, 0);
    for (size_t j = 0; j < all->n_points; j++) {
      double votes = all->agreement[j];

      if (fabs (votes - thresholds[i]) < 1e-6) {
        /* as the double was, which is not seen here */
        if (n < some->n_points && some->time[n] == all->time[j])
          n++;
        continue;
      }
      if (votes < thresholds[i]) {
        energy += all->shape.energy * all->magnitude[j] * all->magnitude[j];
        continue;
      }
      fail_unless (n < some->n_points && some->time[n] == all->time[j] &&
                   some->frequency[n] == all->frequency[j]);
      n++;
    }
    fail_unless_equals_uint64 (n, some->n_points);
    fail_unless_equals_uint64 (
        some->stats.rejected, all->n_points - some->n_points);
    assert_near (some->stats.energy_rejected / energy, 1, 1e-3, "energy");
    analysis_free (all);
    analysis_free (some);
  }
  g_free (x);
}
GST_END_TEST;

/* Asked for as a field, the vote is the line's, whatever rejects. */
GST_START_TEST (agreement_is_there_whatever_rejects)
{
  double *x = make_programme ();
  ReassignConfig config = kinds[0];
  Analysis *line, *mixed;
  size_t j = 0, low = 0;

  config.fields = REASSIGN_FIELD_AGREEMENT | REASSIGN_FIELD_MIXED;
  config.consensus = REASSIGN_CONSENSUS_MIXED;
  mixed = analysis_new (&config, x, LENGTH, 0);
  config.tone_tolerance = config.click_tolerance = 0.1;
  line = analysis_new (&config, x, LENGTH, 0);
  for (size_t i = 0; i < mixed->n_points; i++) {
    double m = mixed->mixed[i];

    fail_unless (fabs (m) <= 0.25 + 1e-6 || fabs (m - 1) <= 0.25 + 1e-6);
    if (fabs (fabs (m) - 0.1) > 1e-6 && fabs (fabs (m - 1) - 0.1) > 1e-6 &&
        (fabs (m) <= 0.1 || fabs (m - 1) <= 0.1)) {
      while (j < line->n_points && line->time[j] != mixed->time[i])
        j++;
      fail_unless (j < line->n_points, "a point within .1 is missing");
    }
    low += mixed->agreement[i] < 0.8;
  }
  fail_unless (low > 0 && low < mixed->n_points);
  analysis_free (line);
  analysis_free (mixed);
  g_free (x);
}
GST_END_TEST;

/* One frame hears a tone, and of that its loudest bin. */
GST_START_TEST (a_point_without_neighbours_has_no_agreement)
{
  double *x = g_new0 (double, LENGTH);
  ReassignConfig config = { .sample_rate = RATE,
    .window_size = 256,
    .magnitude_floor = -1,
    .floor_reference = REASSIGN_FLOOR_FRAME_PEAK,
    .hop = 2000,
    .fields = REASSIGN_FIELD_AGREEMENT };
  Analysis *a;

  signal_add_tone (x + 3700, 600, RATE, 1, 1000, 0);
  a = analysis_new (&config, x, LENGTH, 0);
  fail_unless_equals_uint64 (a->n_points, 1);
  fail_unless_equals_uint64 (a->frames[2].n, 1);
  assert_near (a->agreement[0], 0, 0, "agreement");
  analysis_free (a);
  g_free (x);
}
GST_END_TEST;

static bool
is_refused (ReassignWindowId window, const char *names)
{
  ReassignConfig config = {
    .sample_rate = RATE, .window = window, .consensus = REASSIGN_CONSENSUS_RANK1
  };
  const char *error = NULL;
  ReassignAnalyzer *a = reassign_analyzer_new (&config, &error);
  bool refused = a == NULL;

  fail_unless (refused == (error != NULL));
  if (refused)
    fail_unless (strstr (error, names) != NULL && strstr (error, "rank1"),
        "the sentence is: %s", error);
  reassign_analyzer_free (a);
  return refused;
}

GST_START_TEST (rank1_refuses_windows_that_end_in_a_step)
{
  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++)
    fail_unless (
        is_refused (w->id, w->name) == (w->id == REASSIGN_WINDOW_HAMMING ||
                                           w->id == REASSIGN_WINDOW_KAISER),
        "%s", w->name);
}
GST_END_TEST;

static Suite *
votes_suite (void)
{
  Suite *s = suite_create ("votes");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, agreement_is_the_share_of_neighbours_on_the_line);
  tcase_add_test (tc, points_below_the_threshold_are_rejected);
  tcase_add_test (tc, agreement_is_there_whatever_rejects);
  tcase_add_test (tc, a_point_without_neighbours_has_no_agreement);
  tcase_add_test (tc, rank1_refuses_windows_that_end_in_a_step);
  return s;
}

GST_CHECK_MAIN (votes);
