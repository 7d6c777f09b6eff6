/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The mixed derivative, and the other two that rank1 judges by, are the
 * derivatives of where points go: measured here by moving the signal a little
 * in time and the bin a little in frequency, for a signal without structure. */

#include "kernel.h"
#include "near.h"

#define N 512
#define FFT (256 * N)
#define STEP 0.02 /* samples */
#define N_TONES 7

/* Tones that no bin can tell apart, and the moment to look at them. */
typedef struct {
  double frequency[N_TONES], phase[N_TONES], a[N_TONES];
  double moment;
} Crowd;

static double complex
crowd (double tau, const void *data)
{
  const Crowd *c = data;
  double complex sum = 0;

  for (int i = 0; i < N_TONES; i++)
    sum += c->a[i] *
           cexp (I * (c->phase[i] + c->frequency[i] * (tau + c->moment)));
  return sum;
}

static Crowd
make_crowd (guint seed)
{
  GRand *r = g_rand_new_with_seed (seed);
  Crowd c = { .moment = 0 };

  for (int i = 0; i < N_TONES; i++) {
    c.frequency[i] = 1 + g_rand_double_range (r, -0.06, 0.06);
    c.phase[i] = g_rand_double_range (r, 0, 6.28);
    c.a[i] = g_rand_double_range (r, 0.3, 1);
  }
  g_rand_free (r);
  return c;
}

/* d / dw, to the fourth order in the bins' distance. */
static double
slope (double (*of) (const Kernel *, size_t), const Kernel *k, size_t bin)
{
  return (8 * (of (k, bin + 1) - of (k, bin - 1)) -
             (of (k, bin + 2) - of (k, bin - 2))) /
         (12 * kernel_bin_frequency (k, 1));
}

/* det J is made of M, A and B, so a wrong A or B shows in it. */
static void
check_bin (const Kernel *before, const Kernel *k, const Kernel *after,
    size_t bin, const char *name)
{
  double m = kernel_mixed (k, bin), slack = 1e-4 * (1 + m * m);
  double t_by_t =
      (kernel_time (after, bin) - kernel_time (before, bin)) / (2 * STEP);
  double w_by_t =
      (kernel_frequency (after, bin) - kernel_frequency (before, bin)) /
      (2 * STEP);
  double t_by_w = slope (kernel_time, k, bin);
  double w_by_w = slope (kernel_frequency, k, bin);

  assert_near (m, w_by_w, slack, "%s bin %zu: d w_hat / dw", name, bin);
  assert_near (m, -t_by_t, slack, "%s bin %zu: 1 - d t_hat / dt", name, bin);
  assert_near (kernel_rank_defect (k, bin), m * (1 - m) - t_by_w * w_by_t,
      10 * slack * (1 + fabs (t_by_w * w_by_t)), "%s bin %zu: det J", name,
      bin);
}

GST_START_TEST (second_derivatives_are_the_slopes_of_the_first)
{
  for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++) {
    Kernel *at[3];
    size_t checked = 0;

    for (int i = 0; i < 3; i++)
      at[i] = kernel_new (w, 0, N, FFT);
    for (guint seed = 1; seed <= 2; seed++) {
      Crowd c = make_crowd (seed);

      for (int i = 0; i < 3; i++) {
        c.moment = (i - 1) * STEP;
        kernel_run (at[i], crowd, &c);
      }
      for (size_t bin = 2; bin + 2 < at[1]->n_bins; bin += 28)
        if (kernel_is_loud (at[1], bin, 20)) {
          check_bin (at[0], at[1], at[2], bin, w->name);
          checked++;
        }
    }
    for (int i = 0; i < 3; i++)
      kernel_free (at[i]);
    fail_unless (checked > 50, "%s: %zu bins", w->name, checked);
  }
}
GST_END_TEST;

static Suite *
derivatives_suite (void)
{
  Suite *s = suite_create ("derivatives");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, second_derivatives_are_the_slopes_of_the_first);
  return s;
}

GST_CHECK_MAIN (derivatives);
