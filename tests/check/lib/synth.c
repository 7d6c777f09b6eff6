/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "near.h"
#include "reassign.h"
#include "synth-noise.h"

#define RATE 44100.0
#define HOP 128
#define MOST 400000

static double sound[MOST];

/* One partial: f Hz, amplitude a, share of noise, in n frames. */
typedef struct {
  double frequency, amplitude, bandwidth;
  int n_frames;
} Tone;

/* Pushes frame k of the tone, with these settings from then on. */
static void
push_frame (ReassignSynth *s, const Tone *tone, int k)
{
  double time = k * HOP / RATE, frequency = tone->frequency;
  float amplitude = k == tone->n_frames - 1 ? 0 : (float) tone->amplitude;
  float bandwidth = (float) tone->bandwidth;
  float phase = (float) remainder (2 * M_PI * frequency * time, 2 * M_PI);
  uint32_t id = 7;
  uint32_t flags = k == 0                    ? REASSIGN_PARTIAL_BIRTH
                   : k == tone->n_frames - 1 ? REASSIGN_PARTIAL_DEATH
                                             : 0;
  ReassignRows rows = { .sample = k * HOP,
    .n_rows = 1,
    .time = &time,
    .frequency = &frequency,
    .amplitude = &amplitude,
    .phase = &phase,
    .bandwidth = &bandwidth,
    .id = &id,
    .flags = &flags };

  fail_unless (reassign_synth_push (s, &rows));
}

static ReassignSynth *
make_synth (double rate)
{
  ReassignSynthConfig c = { .sample_rate = rate, .hop = HOP };

  return reassign_synth_new (&c, NULL);
}

/* All samples, pulled in pieces of this size; pitch and tempo change in the
 * middle. */
static size_t
synthesise (const Tone *tone, double pitch, double tempo, double pitch_later,
    double tempo_later, size_t piece)
{
  ReassignSynth *s = make_synth (RATE);
  size_t n = 0, got;

  reassign_synth_set_pitch (s, pitch);
  reassign_synth_set_tempo (s, tempo);
  reassign_synth_reset (s);
  for (int k = 0; k < tone->n_frames; k++) {
    push_frame (s, tone, k);
    while ((got = reassign_synth_pull (s, sound + n, piece)) > 0)
      n += got;
    if (k == tone->n_frames / 2) {
      reassign_synth_set_pitch (s, pitch_later);
      reassign_synth_set_tempo (s, tempo_later);
    }
  }
  reassign_synth_drain (s, tone->n_frames * HOP);
  while ((got = reassign_synth_pull (s, sound + n, piece)) > 0)
    n += got;
  reassign_synth_free (s);
  return n;
}

GST_START_TEST (a_tone_is_itself_to_the_sample)
{
  Tone tone = { 1234.5, 0.5, 0, 300 };
  size_t n = synthesise (&tone, 1, 1, 1, 1, 1000);

  fail_unless_equals_uint64 (n, 300 * HOP);
  for (size_t i = HOP; i < 298 * HOP; i++)
    assert_near (sound[i], 0.5 * cos (2 * M_PI * 1234.5 * (double) i / RATE),
        1e-6, "sample %zu", i);
}
GST_END_TEST;

GST_START_TEST (any_pieces_give_the_same_samples)
{
  static double whole[40000];
  Tone tone = { 777, 0.5, 0.3, 300 };
  size_t n = synthesise (&tone, 1, 1, 1.3, 0.7, MOST / 2);

  fail_unless (n < 50000);
  memcpy (whole, sound, 40000 * sizeof *sound);
  for (size_t piece = 1; piece < 400; piece = piece * 3 + 1) {
    fail_unless_equals_uint64 (synthesise (&tone, 1, 1, 1.3, 0.7, piece), n);
    /* positions are sums of another order; a phase is 1e4 times a position */
    for (size_t i = 0; i < 40000; i++)
      assert_near (
          sound[i], whole[i], 1e-8, "pieces of %zu, sample %zu", piece, i);
  }
}
GST_END_TEST;

/* Frequency by the phase of half a second's samples against a tone. */
GST_START_TEST (pitch_and_tempo_do_what_they_say)
{
  static const double factors[] = { 0.25, 0.5, 0.9, 1, 1.5, 3 };
  Tone tone = { 1000, 0.5, 0, 690 };

  for (guint p = 0; p < G_N_ELEMENTS (factors); p++)
    for (guint t = 0; t < G_N_ELEMENTS (factors); t++) {
      size_t n = synthesise (
          &tone, factors[p], factors[t], factors[p], factors[t], 512);
      double w = 2 * M_PI * 1000 * factors[p] / RATE, least = 1, most = -1;

      assert_near (
          (double) n, 690 * HOP / factors[t], 1, "length at %g", factors[t]);
      /* x[i-1] + x[i+1] = 2 cos w x[i] for a tone of frequency w alone */
      for (size_t i = 2000; i + 2000 < n; i++) {
        assert_near (sound[i - 1] + sound[i + 1], 2 * cos (w) * sound[i], 1e-6,
            "pitch %g, tempo %g, sample %zu", factors[p], factors[t], i);
        least = MIN (least, sound[i]);
        most = MAX (most, sound[i]);
      }
      assert_near (most - least, 1, 0.05, "level");
    }
}
GST_END_TEST;

/* A tone of frequency w obeys |x'' + w^2 x| = 0; where its frequency glides
 * from w to v it stays below |v^2 - w^2|.  A click would not. */
GST_START_TEST (changes_of_pitch_and_tempo_do_not_click)
{
  Tone tone = { 500, 0.5, 0, 690 };
  double w = 2 * M_PI * 500 / RATE, v = 1.5 * w;
  size_t n = synthesise (&tone, 1, 1, 1.5, 0.6, 512);

  for (size_t i = 2000; i + 2000 < n; i++) {
    double second = sound[i - 1] - 2 * sound[i] + sound[i + 1];

    fail_unless (
        fabs (second + w * w * sound[i]) <= 0.5 * (v * v - w * w) * 1.3 + 1e-5,
        "sample %zu: %g", i, second + w * w * sound[i]);
  }
}
GST_END_TEST;

GST_START_TEST (what_would_be_beyond_the_spectrum_is_not_heard)
{
  Tone tone = { 15000, 0.5, 0, 300 };
  size_t n = synthesise (&tone, 2, 1, 2, 1, 512);

  for (size_t i = 0; i < n; i++)
    assert_near (sound[i], 0, 0, "sample %zu", i);
}
GST_END_TEST;

GST_START_TEST (noise_has_the_power_that_bandwidth_says)
{
  for (double share = 0; share <= 1; share += 0.25) {
    Tone tone = { 5000, 0.5, share, 3000 };
    size_t n = synthesise (&tone, 1, 1, 1, 1, 512);
    double power = 0;

    for (size_t i = 1000; i + 1000 < n; i++)
      power += sound[i] * sound[i];
    power /= (double) (n - 2000);
    /* 8.7 s of noise 1 kHz wide: sigma .05 dB, here times share */
    assert_near (10 * log10 (power / 0.125), 0, 0.2, "dB at %g", share);
  }
}
GST_END_TEST;

GST_START_TEST (noise_is_of_unit_power_and_width_at_any_rate)
{
  static const double widths[] = { 0.001, 0.0113, 0.1, 0.3, 2 };

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++) {
    ReassignNoiseFilter f;
    ReassignNoise noise;
    double power = 0, beyond = 0, edge = widths[i] < 0.4 ? widths[i] : 0.4;
    size_t n = 400000, count = 0;

    reassign_noise_filter_init (&f, widths[i]);
    reassign_noise_start (&noise, &f, 5);
    for (size_t k = 0; k < n; k++)
      sound[k % MOST] = reassign_noise_next (&noise, &f);
    for (size_t k = 0; k < n; k++)
      power += sound[k] * sound[k] / (double) n;
    assert_near (10 * log10 (power), 0, 0.6, "dB at a width of %g", widths[i]);

    /* spectrum at three times the edge: a third-order slope is 30 dB down */
    if (3 * edge > 0.45)
      continue;
    for (size_t at = 0; at + 20000 <= n; at += 20000, count++) {
      double re = 0, im = 0, at_edge = 0;

      for (size_t k = 0; k < 20000; k++) {
        double hann = 1 - cos (2 * M_PI * (double) k / 20000);

        re += hann * sound[at + k] * cos (6 * M_PI * edge * (double) k);
        im += hann * sound[at + k] * sin (6 * M_PI * edge * (double) k);
      }
      (void) at_edge;
      beyond += (re * re + im * im) / (20000 * 1.5);
    }
    beyond /= (double) count; /* of a density of 1 / (2 edge) in the band */
    assert_at_most (10 * log10 (beyond * 2 * edge), -25,
        "dB beyond a width of %g", widths[i]);
  }
}
GST_END_TEST;

GST_START_TEST (noise_begins_within_a_second_however_narrow)
{
  static const double widths[] = { 1e-4, 1e-6, 1e-9, 1e-300 };

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++) {
    ReassignNoiseFilter f;

    reassign_noise_filter_init (&f, widths[i]);
    assert_at_most (
        f.settling_time, RATE, "samples to settle at a width of %g", widths[i]);
  }
}
GST_END_TEST;

/* ... though its partials cannot be told from rows out of the blue. */
/* A tone that lives for ten frames, then again from the next on; every life
 * under an id of its own, or all under one. */
static size_t
live_again_and_again (bool one_id, double *to)
{
  ReassignSynth *s = make_synth (RATE);
  size_t n = 0;

  for (int k = 0; k < 200; k++) {
    double time = k * HOP / RATE, frequency = 440;
    float phase = (float) remainder (2 * M_PI * 440 * time, 2 * M_PI);
    float amplitude = k % 10 == 9 ? 0 : 0.1f, bandwidth = 0;
    uint32_t id = one_id ? 1 : 1 + (uint32_t) k / 10;
    uint32_t flags = k % 10 == 0   ? REASSIGN_PARTIAL_BIRTH
                     : k % 10 == 9 ? REASSIGN_PARTIAL_DEATH
                                   : 0;
    ReassignRows rows = { k * HOP, 1, &time, &frequency, &amplitude, &phase,
      &bandwidth, &id, &flags };

    fail_unless (reassign_synth_push (s, &rows));
    n += reassign_synth_pull (s, to + n, 40000 - n);
  }
  reassign_synth_drain (s, 200 * HOP);
  n += reassign_synth_pull (s, to + n, 40000 - n);
  reassign_synth_free (s);
  return n;
}

GST_START_TEST (an_id_may_live_again_right_after_its_death)
{
  static double others[40000];
  size_t n = live_again_and_again (false, others);

  fail_unless_equals_uint64 (live_again_and_again (true, sound), n);
  for (size_t i = 0; i < n; i++)
    assert_near (sound[i], others[i], 1e-9, "sample %zu", i);
}
GST_END_TEST;

/* Rows that are no sound numbers are as good as none: of three partials only
 * one sounds. */
GST_START_TEST (what_is_no_sound_number_is_not_heard)
{
  static const double values[] = { NAN, INFINITY, -1, -1e30 };

  for (guint v = 0; v < G_N_ELEMENTS (values); v++) {
    ReassignSynth *s = make_synth (RATE);
    double most = 0;
    size_t n = 0;

    for (int k = 0; k < 100; k++) {
      double at = k * HOP / RATE;
      double time[] = { at, at, at };
      double frequency[] = { 300, 440, values[v] };
      float amplitude[] = { 0.1f, (float) values[v], 0.5f };
      float phase[3] = { 0 }, bandwidth[3] = { 0 };
      uint32_t id[] = { 1, 2, 3 }, flags[3] = { 0 };
      ReassignRows rows = { k * HOP, 3, time, frequency, amplitude, phase,
        bandwidth, id, flags };

      fail_unless (reassign_synth_push (s, &rows));
      n += reassign_synth_pull (s, sound + n, MOST - n);
    }
    for (size_t i = 0; i < n; i++)
      most = MAX (most, fabs (sound[i]));
    assert_near (most, 0.1, 1e-3, "peak with %g", values[v]);
    reassign_synth_free (s);
  }
}
GST_END_TEST;

GST_START_TEST (rows_that_make_no_sense_do_no_harm)
{
  static const double values[] = { NAN, INFINITY, -INFINITY, -1, 0, 1e300 };
  ReassignSynth *s = make_synth (RATE);
  size_t n = 0;

  for (int k = 0; k < 200; k++) {
    double time = k * HOP / RATE, frequency = 440;
    float amplitude = 0.1f, phase = 0, bandwidth = 0;
    uint32_t id = (uint32_t) (k % 5), flags = (uint32_t) (k % 4);
    double v = values[k % 6];
    ReassignRows rows = { k * HOP, 1, &time, &frequency, &amplitude, &phase,
      &bandwidth, &id, &flags };
    size_t got;

    switch (k / 6 % 5) {
      case 0:
        time = v;
        break;
      case 1:
        frequency = v;
        break;
      case 2:
        amplitude = (float) MIN (v, 1);
        break;
      case 3:
        phase = (float) MIN (v, 1e30);
        break;
      default:
        bandwidth = (float) v;
        break;
    }
    fail_unless (reassign_synth_push (s, &rows));
    while ((got = reassign_synth_pull (s, sound + n, 512)) > 0)
      n += got;
  }
  reassign_synth_drain (s, 200 * HOP);
  n += reassign_synth_pull (s, sound + n, MOST - n);
  fail_unless_equals_uint64 (n, 200 * HOP);
  for (size_t i = 0; i < n; i++)
    fail_unless (isfinite (sound[i]), "sample %zu", i);
  reassign_synth_free (s);
}
GST_END_TEST;

GST_START_TEST (a_config_that_cannot_be_is_refused_by_name)
{
  static const struct {
    const char *name;
    ReassignSynthConfig config;
  } wrong[] = {
    { "sample_rate", { .hop = HOP } },
    { "sample_rate", { .sample_rate = INFINITY, .hop = HOP } },
    { "hop", { .sample_rate = RATE } },
    { "hop", { .sample_rate = RATE, .hop = SIZE_MAX } },
    { "most_partials",
        { .sample_rate = RATE, .hop = HOP, .most_partials = 65537 } },
    { "noise_bandwidth",
        { .sample_rate = RATE, .hop = HOP, .noise_bandwidth = -1 } },
    { "partials", { .sample_rate = RATE,
                      .hop = HOP,
                      .most_partials = 5,
                      .partials = 6 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    const char *error = NULL;

    fail_unless (reassign_synth_new (&wrong[i].config, &error) == NULL,
        "a wrong %s", wrong[i].name);
    fail_unless (error != NULL && g_str_has_prefix (error, wrong[i].name),
        "a wrong %s is called: %s", wrong[i].name, error);
  }
}
GST_END_TEST;

/* One row of a partial of 440 Hz in the frame at this time, at that of its own,
 * or none. */
static void
push_row (ReassignSynth *s, int frame, double time, float amplitude, bool dies)
{
  double frequency = 440;
  float phase = (float) remainder (2 * M_PI * 440 * time, 2 * M_PI);
  float bandwidth = 0;
  uint32_t id = 1, flags = dies ? REASSIGN_PARTIAL_DEATH : 0;
  ReassignRows rows = { frame * HOP, isnan (time) ? 0 : 1, &time, &frequency,
    &amplitude, &phase, &bandwidth, &id, &flags };

  fail_unless (reassign_synth_push (s, &rows));
}

/* Twenty frames, with what a partial may be told at its end. */
typedef enum { DIES, DIES_TWICE, DIES_WHERE_IT_IS } Ending;

static size_t
end_so (Ending ending, double *to)
{
  ReassignSynth *s = make_synth (RATE);
  size_t n = 0;

  for (int k = 0; k < 20; k++) {
    double at = k * HOP / RATE;

    if (k < 10)
      push_row (s, k, at, 0.1f, false);
    else if (k == 10)
      push_row (
          s, k, ending == DIES_WHERE_IT_IS ? at - HOP / RATE : at, 0, true);
    else
      push_row (s, k, k == 11 && ending == DIES_TWICE ? at : NAN, 0, true);
    n += reassign_synth_pull (s, to + n, MOST - n);
  }
  reassign_synth_drain (s, 20 * HOP);
  n += reassign_synth_pull (s, to + n, MOST - n);
  reassign_synth_free (s);
  return n;
}

GST_START_TEST (one_death_is_enough)
{
  static double once[MOST];
  size_t n = end_so (DIES, once);

  fail_unless_equals_uint64 (end_so (DIES_TWICE, sound), n);
  for (size_t i = 0; i < n; i++)
    assert_near (sound[i], once[i], 0, "sample %zu", i);
}
GST_END_TEST;

/* A death where the last row is takes that one's place. */
GST_START_TEST (nothing_is_heard_after_a_death)
{
  static const Ending endings[] = { DIES, DIES_WHERE_IT_IS };

  for (guint e = 0; e < G_N_ELEMENTS (endings); e++) {
    size_t n = end_so (endings[e], sound), last = (10 - e) * HOP;
    double most = 0;

    fail_unless_equals_uint64 (n, 20 * HOP);
    for (size_t i = 0; i < 8 * HOP; i++)
      most = MAX (most, fabs (sound[i]));
    assert_near (most, 0.1, 1e-3, "peak before the end");
    for (size_t i = last; i < n; i++)
      assert_near (sound[i], 0, 0, "sample %zu after a death at %zu", i, last);
  }
}
GST_END_TEST;

/* Nothing is taken while samples wait; after a drain all begins anew. */
GST_START_TEST (what_is_pushed_after_a_drain_is_a_stream_of_its_own)
{
  static double before[MOST];
  Tone tone = { 777, 0.5, 0.3, 30 };
  ReassignSynth *s = make_synth (RATE);
  ReassignRows none = { .sample = 0 };
  size_t lengths[2];

  for (guint life = 0; life < 2; life++) {
    size_t n = 0;

    for (int k = 0; k < tone.n_frames; k++) {
      push_frame (s, &tone, k);
      if (k > 2)
        n += reassign_synth_pull (s, sound + n, 1);
      if (k > 2)
        fail_unless (!reassign_synth_push (s, &none));
      n += reassign_synth_pull (s, sound + n, MOST - n);
    }
    reassign_synth_drain (s, tone.n_frames * HOP);
    fail_unless (!reassign_synth_push (s, &none));
    n += reassign_synth_pull (s, sound + n, MOST - n);
    lengths[life] = n;
    if (life == 0)
      memcpy (before, sound, n * sizeof *before);
  }
  fail_unless_equals_uint64 (lengths[0], (guint64) tone.n_frames * HOP);
  fail_unless_equals_uint64 (lengths[1], lengths[0]);
  for (size_t i = 0; i < lengths[0]; i++)
    assert_near (sound[i], before[i], 0, "sample %zu", i);
  reassign_synth_free (s);
}
GST_END_TEST;

/* Frames k of 0 to n_frames of a partial with this id, whose share of each
 * frame is one of these rows. */
static void
push_chord (ReassignSynth *s, const uint32_t *ids, guint n, int k, int n_frames)
{
  double time[64], frequency[64];
  uint32_t their_id[64];
  float amplitude[64], phase[64], bandwidth[64] = { 0 };
  uint32_t flags[64];
  ReassignRows rows = { .sample = k * HOP,
    .time = time,
    .frequency = frequency,
    .amplitude = amplitude,
    .phase = phase,
    .bandwidth = bandwidth,
    .id = their_id,
    .flags = flags };

  for (guint p = 0; p < n; p++) {
    int death = n_frames - 1 - (int) (p * 5 % 12);
    size_t i = rows.n_rows;

    if (k > death)
      continue;
    time[i] = k * HOP / RATE;
    frequency[i] = 200 + 300.0 * p;
    amplitude[i] = k == death ? 0 : 0.01f;
    phase[i] = (float) remainder (2 * M_PI * frequency[i] * time[i], 2 * M_PI);
    their_id[i] = ids[p];
    flags[i] = k == 0       ? REASSIGN_PARTIAL_BIRTH
               : k == death ? REASSIGN_PARTIAL_DEATH
                            : 0;
    rows.n_rows++;
  }
  fail_unless (reassign_synth_push (s, &rows));
}

/* Ids are looked up in a table, where some meet, die and move up. */
GST_START_TEST (ids_are_but_names)
{
  static double plain[MOST];
  ReassignSynthConfig config = {
    .sample_rate = RATE, .hop = HOP, .most_partials = 64
  };
  uint32_t ids[64];
  GRand *random = g_rand_new_with_seed (5);

  for (int trial = 0; trial < 20; trial++) {
    const char *error = NULL;
    ReassignSynth *s;
    size_t n = 0;

    config.partials = trial % 2 * 5; /* where it moves, too */
    s = reassign_synth_new (&config, &error);
    fail_unless (s != NULL, "%s", error);
    for (guint i = 0; i < 64; i++)
      ids[i] = trial == 0 ? i + 1 : i << 26 | g_rand_int (random) >> 6;
    for (int k = 0; k < 30; k++) {
      guint n_rows = MIN (10 + 6 * (guint) k, 64);

      fail_unless (reassign_synth_reserve (s, n_rows));
      push_chord (s, ids, n_rows, k, 30);
      n += reassign_synth_pull (s, sound + n, MOST - n);
    }
    reassign_synth_drain (s, 30 * HOP);
    n += reassign_synth_pull (s, sound + n, MOST - n);
    fail_unless (n > 0);
    if (trial == 0)
      memcpy (plain, sound, n * sizeof *plain);
    for (size_t i = 0; i < n; i++)
      assert_near (sound[i], plain[i], 1e-9, "sample %zu of %d", i, trial);
    reassign_synth_free (s);
  }
  g_rand_free (random);
}
GST_END_TEST;

static Suite *
synth_suite (void)
{
  Suite *s = suite_create ("synth");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, a_tone_is_itself_to_the_sample);
  tcase_add_test (tc, any_pieces_give_the_same_samples);
  tcase_add_test (tc, pitch_and_tempo_do_what_they_say);
  tcase_add_test (tc, changes_of_pitch_and_tempo_do_not_click);
  tcase_add_test (tc, what_would_be_beyond_the_spectrum_is_not_heard);
  tcase_add_test (tc, noise_has_the_power_that_bandwidth_says);
  tcase_add_test (tc, noise_is_of_unit_power_and_width_at_any_rate);
  tcase_add_test (tc, noise_begins_within_a_second_however_narrow);
  tcase_add_test (tc, an_id_may_live_again_right_after_its_death);
  tcase_add_test (tc, what_is_no_sound_number_is_not_heard);
  tcase_add_test (tc, rows_that_make_no_sense_do_no_harm);
  tcase_add_test (tc, a_config_that_cannot_be_is_refused_by_name);
  tcase_add_test (tc, one_death_is_enough);
  tcase_add_test (tc, nothing_is_heard_after_a_death);
  tcase_add_test (tc, what_is_pushed_after_a_drain_is_a_stream_of_its_own);
  tcase_add_test (tc, ids_are_but_names);
  return s;
}

GST_CHECK_MAIN (synth);
