/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Signals for which every quantity of a bin has a closed form: a linear chirp
 * under a Gaussian, and a tone with an impulse. */

#include "kernel.h"
#include "near.h"

#define RATE 48000.0
#define HZ (RATE / (2 * M_PI)) /* of a radian per sample */

/* --------------------------------------------- a chirp under a Gaussian ----
 */

#define N 2048
#define SIGMA (N / 12.0)

/* Bins within 60 dB; the Gaussian's truncation at 6 sigma is all that is left
 * of an error. */
static void
check_gaussian_chirp (double hz_per_s)
{
  const ReassignWindow *gaussian = reassign_window_by_name ("gaussian");
  KernelChirp chirp = { 1, 0.4, 9000.3 / HZ, hz_per_s / HZ / RATE };
  double c = chirp.rate, square = c * c * pow (SIGMA, 4);
  double bias = atan (c * SIGMA * SIGMA) / 2;
  Kernel *k = kernel_new (gaussian, 12, N, N);

  kernel_run (k, kernel_chirp, &chirp);
  for (size_t bin = 0; bin < k->n_bins; bin++) {
    double d = kernel_bin_frequency (k, bin) - chirp.frequency;
    double t = d * c * pow (SIGMA, 4) / (1 + square);
    double w = chirp.frequency + d * square / (1 + square);
    double at = kernel_time (k, bin), phase;

    if (!kernel_is_loud (k, bin, 60))
      continue;
    assert_near (at, t, 2e-3, "samples, bin %zu", bin);
    assert_near (
        kernel_frequency (k, bin) * HZ, w * HZ, 1e-3, "Hz, bin %zu", bin);
    assert_near (kernel_mixed (k, bin), square / (1 + square), 2e-4,
        "mixed derivative, bin %zu", bin);
    assert_near (kernel_rank_defect (k, bin), 0, 2e-4, "det J, bin %zu", bin);

    phase = chirp.phase + chirp.frequency * at + c * at * at / 2 + bias;
    assert_near (remainder (kernel_phase (k, bin) - phase, 2 * M_PI), 0, 1e-4,
        "rad, bin %zu", bin);
  }
  kernel_free (k);
}

GST_START_TEST (chirp_under_a_gaussian_has_its_closed_form)
{
  check_gaussian_chirp (200);
  check_gaussian_chirp (-3200);
  check_gaussian_chirp (20000);
}
GST_END_TEST;

/* Along the straight path to the point the trapezoid rule is exact, but for the
 * constant that the chirp's curvature adds. */
GST_START_TEST (phase_of_a_chirp_under_a_gaussian_is_its_own_at_the_point)
{
  const ReassignWindow *gaussian = reassign_window_by_name ("gaussian");
  double c = 2000 / HZ / RATE, bias = atan (c * SIGMA * SIGMA) / 2;
  KernelChirp chirp = { 1, 0.4, 9000.3 / HZ, c };
  Kernel *k = kernel_new (gaussian, 12, N, N);

  kernel_run (k, kernel_chirp, &chirp);
  for (size_t bin = 0; bin < k->n_bins; bin++) {
    double at = kernel_time (k, bin);
    double truth = chirp.phase + chirp.frequency * at + c * at * at / 2 + bias;

    if (kernel_is_loud (k, bin, 20))
      assert_near (remainder (kernel_phase (k, bin) - truth, 2 * M_PI), 0, 1e-7,
          "rad, bin %zu", bin);
  }
  kernel_free (k);
}
GST_END_TEST;

/* |X| of a chirp is that of a tone over (1 + C)^(1/4). */
GST_START_TEST (chirp_under_a_gaussian_loses_the_level_that_it_should)
{
  const ReassignWindow *gaussian = reassign_window_by_name ("gaussian");
  double f = 375 * 2 * M_PI / N, c = 20000 / HZ / RATE;
  KernelChirp tone = { 1, 0, f, 0 }, chirp = { 1, 0, f, c };
  Kernel *k = kernel_new (gaussian, 12, N, N);
  double peak;

  kernel_run (k, kernel_chirp, &tone);
  peak = k->peak;
  kernel_run (k, kernel_chirp, &chirp);
  assert_near (k->peak / peak, pow (1 + c * c * pow (SIGMA, 4), -0.25), 1e-6,
      "share of the tone's peak");
  kernel_free (k);
}
GST_END_TEST;

/* --------------------------------------------- a tone with an impulse ---- */

/* Nuttall's four terms and their exact derivative, seen from the centre. */
static const double nuttall[] = { .338946, .481973, .161054, .018027 };

static double
nuttall_at (double tau, double n)
{
  double h = 0;

  for (int i = 0; i < 4; i++)
    h += nuttall[i] * cos (2 * M_PI * i * tau / n);
  return h;
}

static double
nuttall_slope_at (double tau, double n)
{
  double d = 0;

  for (int i = 1; i < 4; i++)
    d -= nuttall[i] * 2 * M_PI * i / n * sin (2 * M_PI * i * tau / n);
  return d;
}

typedef struct {
  double frequency, a, b;
  int offset;
} ToneAndImpulse;

static double complex
tone_and_impulse (double tau, const void *data)
{
  const ToneAndImpulse *s = data;

  return s->a * cexp (I * s->frequency * tau) + (tau == s->offset ? s->b : 0);
}

/* X_h, X_th and X_dh at w: the transforms of h, tau h and dh/dtau (j (w - w0)
 * H, by parts) about the tone, and their values at the impulse. */
static void
true_spectra (const ToneAndImpulse *s, double n, double w, double complex *x,
    double complex *th, double complex *dh)
{
  double at = s->offset, v = w - s->frequency;
  double complex turn = s->b * cexp (-I * w * at), h_sum = 0, th_sum = 0;

  for (double tau = -n / 2; tau < n / 2; tau++) {
    double complex term = nuttall_at (tau, n) * cexp (-I * v * tau);

    h_sum += term;
    th_sum += tau * term;
  }
  *x = s->a * h_sum + turn * nuttall_at (at, n);
  *th = s->a * th_sum + turn * at * nuttall_at (at, n);
  *dh = s->a * I * v * h_sum + turn * nuttall_slope_at (at, n);
}

GST_START_TEST (tone_with_impulse_has_its_closed_form)
{
  const size_t n = 512;
  ToneAndImpulse s = { 0.7123, 0.01, 1.0, 37 };
  Kernel *k = kernel_new (reassign_window_by_name ("nuttall"), 0, n, n);

  kernel_run (k, tone_and_impulse, &s);
  for (size_t bin = 0; bin < k->n_bins; bin++) {
    double w = kernel_bin_frequency (k, bin);
    double complex x, th, dh;

    if (!kernel_is_loud (k, bin, 40))
      continue;
    true_spectra (&s, (double) n, w, &x, &th, &dh);
    assert_near (
        kernel_time (k, bin), creal (th / x), 1e-8, "samples, bin %zu", bin);
    assert_near (kernel_frequency (k, bin), w - cimag (dh / x), 1e-12,
        "rad, bin %zu", bin);
  }
  kernel_free (k);
}
GST_END_TEST;

/* ------------------------------------------------------------ identities ----
 */

/* A transform of any size will do, of odd or prime size too, and taps beyond it
 * fold: the same frame's bins are samples of one spectrum. */
GST_START_TEST (paddings_of_any_parity_sample_one_spectrum)
{
  const ReassignWindow *w = reassign_window_by_name ("kaiser-smooth");
  static const size_t ffts[] = { 255, 257, 263, 510, 1021 };
  KernelChirp chirp = { 1, 0.2, 1.2345, 1e-4 };

  for (guint i = 0; i < G_N_ELEMENTS (ffts); i++) {
    Kernel *k = kernel_new (w, 0, 255, ffts[i]);

    fail_unless_equals_uint64 (k->n_bins, ffts[i] / 2 + 1);
    kernel_run (k, kernel_chirp, &chirp);
    for (size_t bin = 0; bin < k->n_bins; bin++) {
      double line = chirp.frequency + chirp.rate * kernel_time (k, bin);

      if (kernel_is_loud (k, bin, 40))
        assert_near (kernel_frequency (k, bin), line, 1e-11,
            "rad, fft %zu bin %zu", ffts[i], bin);
    }
    kernel_free (k);
  }
}
GST_END_TEST;

static Suite *
closedforms_suite (void)
{
  Suite *s = suite_create ("closedforms");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, chirp_under_a_gaussian_has_its_closed_form);
  tcase_add_test (
      tc, phase_of_a_chirp_under_a_gaussian_is_its_own_at_the_point);
  tcase_add_test (tc, chirp_under_a_gaussian_loses_the_level_that_it_should);
  tcase_add_test (tc, tone_with_impulse_has_its_closed_form);
  tcase_add_test (tc, paddings_of_any_parity_sample_one_spectrum);
  return s;
}

GST_CHECK_MAIN (closedforms);
