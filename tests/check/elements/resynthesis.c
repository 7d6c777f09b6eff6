/* SPDX-License-Identifier: GPL-2.0-or-later */

/* How true sound is after it went through partials, with one setting: a window
 * of 7.9 rate / (2 R) samples for R = 176 Hz at 44.1 kHz, and an eighth of it
 * as hop. */

#include "chain.h"
#include "gsttfr.h"
#include "near.h"
#include "signals.h"

#include <complex.h>

#define RATE 44100
#define ANALYSIS "tfrreassign window-parameter=12 window-size=989 hop-size=124 "
#define PARTIALS ANALYSIS "! tfrpartials name=partials "
#define ROAD PARTIALS "! tfrsynth"

static gdouble x[RATE];

static void
add_harmonic (guint k, gdouble amplitude, gdouble (*turns) (gdouble t))
{
  for (guint i = 0; i < RATE; i++)
    x[i] += amplitude *
            cos (2 * M_PI * k * turns ((gdouble) i / RATE) + 1.7 * k * k);
}

static gdouble
steady (gdouble t)
{
  return 220 * t;
}

/* 1 % at 5.5 Hz */
static gdouble
vibrato (gdouble t)
{
  return 220 * t - 2.2 / (2 * M_PI * 5.5) * cos (2 * M_PI * 5.5 * t);
}

/* from 220 to 330 Hz */
static gdouble
glissando (gdouble t)
{
  return 220 * t + 55 * t * t;
}

static void
make_harmonics (guint n, gdouble (*turns) (gdouble t))
{
  memset (x, 0, sizeof x);
  for (guint k = 1; k <= n; k++)
    add_harmonic (k, 0.3 / k, turns);
}

static void
assert_true (const gchar *launch, gdouble least, const gchar *what)
{
  GArray *y = chain_run (launch, RATE, 1, x, RATE, 1000);
  gdouble snr = chain_snr (x, y, RATE, 0.1, 0.9);

  GST_INFO ("%s: %.1f dB", what, snr);
  assert_at_most (-snr, -least, "%s, - dB", what);
  g_array_unref (y);
}

GST_START_TEST (steady_harmonics_are_true_to_80_dB)
{
  make_harmonics (20, steady);
  assert_true (ROAD, 80, "20 harmonics of 220 Hz");
}
GST_END_TEST;

GST_START_TEST (vibrato_with_tremolo_is_true_to_70_dB)
{
  make_harmonics (20, vibrato);
  for (guint i = 0; i < RATE; i++)
    x[i] *= (1 + 0.3 * sin (2 * M_PI * 4 * i / RATE)) / 1.3;
  assert_true (ROAD, 70, "vibrato of 1 % at 5.5 Hz, tremolo of .3 at 4 Hz");
}
GST_END_TEST;

GST_START_TEST (glissando_is_true_to_75_dB)
{
  make_harmonics (10, glissando);
  assert_true (ROAD, 75, "10 harmonics from 220 to 330 Hz in a second");
}
GST_END_TEST;

/* Inharmonic, each partial with its own decay, from 50 ms after the onset on.
 */
GST_START_TEST (plucked_tail_is_true_to_60_dB)
{
  memset (x, 0, sizeof x);
  for (guint k = 1; k <= 15; k++)
    for (guint i = 4410; i < RATE; i++) {
      gdouble t = (i - 4410.) / RATE;
      gdouble f = 220 * k * sqrt (1 + 3e-4 * k * k);

      x[i] += 0.3 / k * exp (-t * (1 + 0.6 * k)) *
              cos (2 * M_PI * f * t + 1.7 * k * k);
    }
  {
    GArray *y = chain_run (ROAD, RATE, 1, x, RATE, 1000);

    assert_at_most (-chain_snr (x, y, RATE, 0.15, 0.9), -60, "tail, - dB");
    /* the onset itself: 20 ms before to 50 ms after */
    assert_at_most (-chain_snr (x, y, RATE, 0.08, 0.15), -15, "onset, - dB");
    g_array_unref (y);
  }
}
GST_END_TEST;

/* Some frames get lost: their points become as good as nothing. */
static GstPadProbeReturn
lose_frames (GstPad *pad, GstPadProbeInfo *info, gpointer lost)
{
  GstBuffer *buffer = gst_buffer_make_writable (info->data);
  GstTfrBatch batch;
  guint from = 0;

  info->data = buffer;
  fail_unless (gst_tfr_batch_map (&batch, buffer, NULL));
  for (guint f = 0; f < batch.header.n_frames; f++) {
    gint64 frame = batch.header.first / batch.header.hop_size + f;

    for (const gint64 *l = lost; *l >= 0; l++)
      if (frame == *l)
        for (guint i = from; i < from + batch.counts[f]; i++)
          ((gfloat *) batch.magnitude)[i] = 1e-9f;
    from += batch.counts[f];
  }
  gst_tfr_batch_unmap (&batch);
  return GST_PAD_PROBE_OK;
}

static gdouble
measure_losses (const gint64 *lost)
{
  GstHarness *h = chain_new (ROAD, RATE, 1);
  GstElement *partials = gst_harness_find_element (h, "tfrpartials");
  GstPad *pad = gst_element_get_static_pad (partials, "sink");
  GArray *y;
  gdouble snr;

  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, lose_frames, (gpointer) lost, NULL);
  gst_object_unref (pad);
  gst_object_unref (partials);
  gst_harness_set_sink_caps_str (h, "audio/x-raw, format=F64LE");
  chain_push_all (h, x, RATE, 1000);
  y = chain_pull (h);
  snr = chain_snr (x, y, RATE, 0.1, 0.9);
  g_array_unref (y);
  gst_harness_teardown (h);
  return snr;
}

GST_START_TEST (three_missing_frames_cost_a_glissando_less_than_6_dB)
{
  static const gint64 none[] = { -1 }, apart[] = { 100, 180, 260, -1 },
                      pair[] = { 100, 101, 260, -1 };
  gdouble whole;

  make_harmonics (10, glissando);
  whole = measure_losses (none);
  assert_at_most (whole - measure_losses (apart), 6, "dB lost, apart");
  assert_at_most (whole - measure_losses (pair), 6, "dB lost, two in a row");
}
GST_END_TEST;

/* The floor is to be 20 dB below the tone and a little above the noise of a
 * bin, which here has -47 dBFS. */
GST_START_TEST (tone_comes_out_of_noise_at_20_dB_with_30_dB)
{
  static gdouble clean[RATE];
  GArray *y;

  memset (clean, 0, sizeof clean);
  signal_add_tone (clean, RATE, RATE, 0.5, 1000, 0.3);
  memcpy (x, clean, sizeof x);
  signal_add_noise (x, RATE, 0.5 * M_SQRT1_2 / 10, 3);
  y = chain_run (ANALYSIS
      "! tfrpartials amplitude-floor=-40 noise-width=0 ! tfrsynth",
      RATE, 1, x, RATE, 1000);
  assert_at_most (-chain_snr (clean, y, RATE, 0.1, 0.9), -30, "a tone, - dB");
  g_array_unref (y);

  /* these let as much noise pass as twenty windows have, a twelfth of all */
  for (guint seed = 4; seed < 14; seed++) {
    gdouble snr;

    make_harmonics (20, steady);
    memcpy (clean, x, sizeof x);
    signal_add_noise (x, RATE, 0.0268, seed); /* 20 dB below */
    y = chain_run (ANALYSIS
        "! tfrpartials amplitude-floor=-40 noise-width=0 ! tfrsynth",
        RATE, 1, x, RATE, 1000);
    snr = chain_snr (clean, y, RATE, 0.1, 0.9);
    GST_INFO ("noise %u: %.2f dB", seed, snr);
    assert_at_most (-snr, -30, "20 harmonics in noise %u, - dB", seed);
    g_array_unref (y);
  }
}
GST_END_TEST;

/* -------------------------------------------------------------- noise ---- */

#define SECONDS 12

/* Power of the octave around a frequency, by tones under Hann windows that tell
 * a sixteenth of an octave apart. */
static gdouble
octave_power (const gdouble *s, gsize n, gdouble middle)
{
  const gdouble top = MIN (middle * M_SQRT2, RATE / 2);
  const gsize piece = (gsize) (MIN (16 / middle, 0.05) * RATE);
  gdouble power = 0;
  guint count = 0;

  for (gdouble f = middle * M_SQRT1_2; f < top; f += middle / 16, count++) {
    const double complex turn = cexp (-I * 2 * M_PI * f / RATE);
    const double complex wheel = cexp (I * 2 * M_PI / (gdouble) piece);

    /* in pieces: a spectrum's bin alone has the spread of its own size */
    for (gsize from = 0; from + piece <= n; from += piece) {
      double complex z = 1, hann = 1, sum = 0;

      for (gsize i = from; i < from + piece; i++) {
        sum += s[i] * z * (1 - creal (hann));
        z *= turn;
        hann *= wheel;
      }
      power += creal (sum) * creal (sum) + cimag (sum) * cimag (sum);
    }
  }
  return power / count;
}

GST_START_TEST (white_noise_keeps_level_and_octaves)
{
  static gdouble noise[SECONDS * RATE];
  const gsize n = SECONDS * RATE, skip = 4410;
  const gdouble *y;
  gdouble before = 0, after = 0;
  GArray *out;

  memset (noise, 0, sizeof noise);
  signal_add_noise (noise, n, 0.1, 5);
  out = chain_run (ROAD, RATE, 1, noise, n, 1000);
  fail_unless_equals_uint64 (out->len, n);
  y = (const gdouble *) out->data;
  for (gsize i = skip; i < n - skip; i++) {
    before += noise[i] * noise[i];
    after += y[i] * y[i];
  }
  assert_near (10 * log10 (after / before), 0, 0.5, "level, dB");
  for (gdouble f = 31.25; f <= 16000; f *= 2) {
    gdouble change = 10 * log10 (octave_power (y + skip, n - 2 * skip, f) /
                                 octave_power (noise + skip, n - 2 * skip, f));

    GST_INFO ("octave of %g Hz: %.2f dB", f, change);
    assert_near (change, 0, 2, "octave of %g Hz, dB", f);
  }
  g_array_unref (out);
}
GST_END_TEST;

static Suite *
resynthesis_suite (void)
{
  Suite *s = suite_create ("resynthesis");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, steady_harmonics_are_true_to_80_dB);
  tcase_add_test (tc, vibrato_with_tremolo_is_true_to_70_dB);
  tcase_add_test (tc, glissando_is_true_to_75_dB);
  tcase_add_test (tc, plucked_tail_is_true_to_60_dB);
  tcase_add_test (tc, three_missing_frames_cost_a_glissando_less_than_6_dB);
  tcase_add_test (tc, tone_comes_out_of_noise_at_20_dB_with_30_dB);
  tcase_add_test (tc, white_noise_keeps_level_and_octaves);
  return s;
}

GST_CHECK_MAIN (resynthesis);
