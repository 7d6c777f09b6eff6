/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Two tones that begin and end: every row of theirs says what they are, those
 * whose window an edge cuts included. */

#include "chain.h"
#include "gsttfr.h"
#include "near.h"

#include <math.h>
#include <string.h>

#define RATE 44100
#define WINDOW 989
#define PARTIALS                                                               \
  "tfrreassign window-parameter=12 window-size=989 hop-size=124 ! "            \
  "tfrpartials name=partials"

typedef struct {
  gdouble frequency, amplitude, phase, from, to;
} Tone;

static gdouble x[RATE];

static gdouble
draw (GRand *random, gdouble lowest, gdouble highest)
{
  return g_rand_double_range (random, lowest, highest);
}

static void
draw_tone (GRand *random, Tone *tone)
{
  tone->frequency = 250 * exp (draw (random, 0, log (32)));
  tone->amplitude = 0.4 / exp (draw (random, 0, log (2)));
  tone->phase = draw (random, -M_PI, M_PI);
  tone->from = draw (random, 0.1, 0.4);
  tone->to = draw (random, 0.5, 0.9);
}

/* Windows tell the tones apart, and none sees an edge of both. */
static gboolean
are_apart (const Tone *a, const Tone *b)
{
  const gdouble time = 2.0 * WINDOW / RATE;

  return fabs (a->frequency - b->frequency) > 400 &&
         fabs (a->from - b->from) > time && fabs (a->to - b->to) > time;
}

static void
check_row (const Tone *tone, const ChainRow *row)
{
  gdouble phase = 2 * M_PI * tone->frequency * row->time + tone->phase;
  gdouble sine = row->amplitude * sqrt (1 - row->bandwidth); /* no noise */

  if (row->flags & GST_TFR_ROW_BIRTH)
    assert_near (
        row->time, tone->from, 3e-3, "start of %g Hz", tone->frequency);
  if (row->flags & GST_TFR_ROW_DEATH)
    assert_near (row->time, tone->to, 3e-3, "end of %g Hz", tone->frequency);
  else
    assert_near (sine, tone->amplitude, 0.02 * tone->amplitude,
        "amplitude of %g Hz at %g s", tone->frequency, row->time);
  assert_near (
      row->frequency, tone->frequency, 0.1, "frequency at %g s", row->time);
  assert_near (remainder (row->phase - phase, 2 * M_PI), 0, 0.01 * M_PI,
      "phase of %g Hz at %g s", tone->frequency, row->time);
}

static void
check_pair (const Tone *tones)
{
  GstHarness *h = chain_new (PARTIALS, RATE, 1);
  gdouble middle = (tones[0].frequency + tones[1].frequency) / 2;
  gboolean first_is_low = tones[0].frequency < middle;
  guint births = 0, deaths = 0;
  ChainRows *rows;

  memset (x, 0, sizeof x);
  for (guint i = 0; i < RATE; i++)
    for (const Tone *t = tones; t < tones + 2; t++)
      if (i >= t->from * RATE && i < t->to * RATE)
        x[i] +=
            t->amplitude * cos (2 * M_PI * t->frequency * i / RATE + t->phase);
  chain_push_all (h, x, RATE, 1000);
  rows = chain_pull_rows (h);
  for (guint i = 0; i < rows->rows->len; i++) {
    const ChainRow *row = &g_array_index (rows->rows, ChainRow, i);

    check_row (&tones[(row->frequency < middle) != first_is_low], row);
    births += (row->flags & GST_TFR_ROW_BIRTH) != 0;
    deaths += (row->flags & GST_TFR_ROW_DEATH) != 0;
  }
  fail_unless_equals_int (births, 2);
  fail_unless_equals_int (deaths, 2);
  chain_rows_free (rows);
  gst_harness_teardown (h);
}

GST_START_TEST (two_partials_are_where_they_are)
{
  const Tone tones[] = { { 440, 0.4, 1, 0.2, 0.6 },
    { 1000, 0.2, -0.5, 0.3, 0.8 } };

  check_pair (tones);
}
GST_END_TEST;

GST_START_TEST (any_two_partials_are_where_they_are)
{
  GRand *random = g_rand_new_with_seed (1);
  Tone tones[2];

  for (guint i = 0; i < 40; i++) {
    do {
      draw_tone (random, &tones[0]);
      draw_tone (random, &tones[1]);
    } while (!are_apart (&tones[0], &tones[1]));
    check_pair (tones);
  }
  g_rand_free (random);
}
GST_END_TEST;

static Suite *
twopartials_suite (void)
{
  Suite *s = suite_create ("two partials");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, two_partials_are_where_they_are);
  tcase_add_test (tc, any_two_partials_are_where_they_are);
  return s;
}

GST_CHECK_MAIN (twopartials);
