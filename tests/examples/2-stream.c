/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Samples as they come, here from standard input: mono, 32-bit float, 48 kHz.
 * You will see a line for every frame with sound: its time and the frequency of
 * its strongest point.
 *
 *     cc 2-stream.c $(pkg-config --cflags --libs reassign-1.0) -o 2-stream
 *     gst-launch-1.0 -q audiotestsrc num-buffers=100 ! \
 *       audio/x-raw,format=F32LE,rate=48000,channels=1 ! fdsink | ./2-stream
 */

#include <reassign.h>
#include <stdio.h>

static void
use (const ReassignFrame *frame)
{
  size_t top = 0;

  if (frame->n_points == 0)
    return;
  for (size_t i = 1; i < frame->n_points; i++)
    if (frame->magnitude[i] > frame->magnitude[top])
      top = i;
  printf ("%8.4f s  %9.3f Hz\n", (double) frame->sample / 48000,
      frame->frequency[top]);
}

int
main (void)
{
  ReassignConfig config = reassign_config_default (48000);
  const char *error;
  ReassignAnalyzer *a = reassign_analyzer_new (&config, &error);
  ReassignFrame frame;
  float in[480];
  double samples[480];
  size_t n;

  if (a == NULL) {
    fprintf (stderr, "%s\n", error);
    return 1;
  }
  while ((n = fread (in, sizeof *in, 480, stdin)) > 0) {
    for (size_t i = 0; i < n; i++)
      samples[i] = in[i];
    for (size_t taken = 0; taken < n;) {
      taken += reassign_analyzer_push (a, samples + taken, n - taken);
      while (reassign_analyzer_pull (a, &frame))
        use (&frame);
    }
  }
  reassign_analyzer_drain (a);
  while (reassign_analyzer_pull (a, &frame))
    use (&frame);
  reassign_analyzer_free (a);
  return 0;
}
