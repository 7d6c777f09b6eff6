/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The whole of a signal at once.  You will see one line: the strongest point of
 * a bird-like chirp from 2 to 3 kHz, and how far from the chirp it lies.
 *
 *     cc 1-oneshot.c $(pkg-config --cflags --libs reassign-1.0) -lm
 */

#include <math.h>
#include <reassign.h>
#include <stdio.h>

int
main (void)
{
  static double x[48000];
  ReassignConfig config = reassign_config_default (48000);
  const char *error;
  ReassignAnalyzer *a = reassign_analyzer_new (&config, &error);
  ReassignFrame frame;
  size_t taken = 0;
  double t = 0, f = 0, m = 0;

  if (a == NULL) {
    fprintf (stderr, "%s\n", error);
    return 1;
  }
  for (int i = 0; i < 48000; i++) {
    double s = i / 48000.0;
    x[i] = exp (-20 * (s - 0.5) * (s - 0.5)) *
           sin (6.283185307179586 * (2000 * s + 500 * s * s));
  }

  while (taken < 48000) {
    taken += reassign_analyzer_push (a, x + taken, 48000 - taken);
    if (taken == 48000)
      reassign_analyzer_drain (a);
    while (reassign_analyzer_pull (a, &frame)) {
      for (size_t i = 0; i < frame.n_points; i++) {
        if (frame.magnitude[i] > m) {
          t = frame.time[i];
          f = frame.frequency[i];
          m = frame.magnitude[i];
        }
      }
    }
  }
  printf ("strongest at %.4f s: %.3f Hz, %.1f dBFS, %.4f Hz off the chirp\n", t,
      f, 20 * log10 (m), f - (2000 + 1000 * t));
  reassign_analyzer_free (a);
  return 0;
}
