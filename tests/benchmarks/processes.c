/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "processes.h"

#include "timing.h"

#include <glib.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define VIDEO "video/x-raw,format=BGRx,width=1280,height=720,framerate=30/1"

typedef struct {
  gboolean ran; /* and succeeded */
  double cpu;   /* s */
  double peak;  /* MiB */
} Cost;

static Cost
run (const gchar *command)
{
  gchar **words = NULL;
  struct rusage use;
  int status = 1;
  pid_t child;

  g_shell_parse_argv (command, NULL, &words, NULL);
  fflush (stdout); /* or the child would print it too */
  child = fork ();
  if (child == 0) {
    if (freopen ("/dev/null", "w", stdout) != NULL &&
        freopen ("/dev/null", "w", stderr) != NULL)
      execvp (words[0], words);
    _exit (127);
  }
  wait4 (child, &status, 0, &use);
  g_strfreev (words);
  return (Cost){ status == 0,
    (double) (use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
        1e-6 * (double) (use.ru_utime.tv_usec + use.ru_stime.tv_usec),
    (double) use.ru_maxrss / 1024 };
}

char *
make_flac (int seconds)
{
  gchar *file = g_strdup_printf (
      "%s/bench-%d-%d.flac", g_get_tmp_dir (), (int) getpid (), seconds);
  gchar *command = g_strdup_printf (
      "gst-launch-1.0 -q audiotestsrc wave=pink-noise num-buffers=%d "
      "samplesperbuffer=%d ! audio/x-raw,rate=%d,channels=1,format=S16LE ! "
      "flacenc ! filesink location=%s",
      seconds, RATE, RATE, file);

  if (!run (command).ran)
    g_clear_pointer (&file, g_free);
  g_free (command);
  return file;
}

double
peak_memory (const char *file, const char *pipeline)
{
  gchar *command = g_strdup_printf (
      "gst-launch-1.0 -q filesrc location=%s ! flacparse ! flacdec ! %s", file,
      pipeline);
  Cost cost = run (command);

  g_free (command);
  return cost.ran ? cost.peak : 0;
}

static void
print_video (const gchar *name, const gchar *command, double *base)
{
  double times[RUNS], peak = 0, time;

  for (int i = 0; i < RUNS; i++) {
    Cost cost = run (command);

    if (!cost.ran) {
      printf ("%-44s not installed\n", name);
      return;
    }
    times[i] = cost.cpu;
    peak = MAX (peak, cost.peak);
  }
  time = median (times);
  if (*base == 0)
    *base = time;
  printf ("%-44s %7.2f %7.2f %9.1f\n", name, time, time / *base, peak);
}

void
print_videos (const char *file, int seconds)
{
  double base = 0;
  gchar *gst = g_strdup_printf (
      "gst-launch-1.0 -q filesrc location=%s ! flacparse ! flacdec ! ", file);
  gchar *black = g_strdup_printf (
      "gst-launch-1.0 -q videotestsrc pattern=black num-buffers=%d ! " VIDEO
      " ! fakesink",
      30 * seconds);
  gchar *points = g_strconcat (gst, "tfrreassign ! fakesink sync=false", NULL);
  gchar *ours = g_strconcat (
      gst, "tfrreassign ! tfrrender ! " VIDEO " ! fakesink sync=false", NULL);
  gchar *scope = g_strconcat (gst,
      "audioconvert ! spectrascope ! " VIDEO " ! fakesink sync=false", NULL);
  gchar *ffmpeg =
      g_strdup_printf ("ffmpeg -nostdin -threads 1 -i %s -lavfi "
                       "showspectrum=s=1280x768:slide=scroll:fps=30 -f null -",
          file);

  printf ("\n%d s of 48 kHz mono FLAC, whole programs       CPU s   ratio  "
          "peak MiB\n",
      seconds);
  print_video ("videotestsrc black, 1280x720 BGRx at 30/s", black, &base);
  print_video ("FLAC to points, defaults", points, &base);
  print_video ("FLAC to points to that video, defaults", ours, &base);
  print_video ("ffmpeg showspectrum 1280x768", ffmpeg, &base);
  print_video ("spectrascope (bad plug-ins)", scope, &base);
  g_free (gst);
  g_free (black);
  g_free (points);
  g_free (ours);
  g_free (scope);
  g_free (ffmpeg);
}
