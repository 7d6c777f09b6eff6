/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What things cost, as ratios within one run: CPU time on one core, medians of
 * nine.  The first argument chooses a part: frames, lines, videos; "long" adds
 * an hour of sound to the videos. */

#include "element.h"
#include "frames.h"
#include "processes.h"
#include "timing.h"

#include <gst/gst.h>
#include <glib/gstdio.h>
#include <stdio.h>

static void
print_lines (void)
{
  const unsigned fields = REASSIGN_FIELD_MIXED | REASSIGN_FIELD_BIN;
  double library = time_frame_of_floats (2048, 512, fields);
  double element = time_element ("tfrreassign", true);
  double idle = time_element ("tfrreassign", false);
  double sound = time_frame (2048, 512, REASSIGN_PRECISION_DOUBLE, 0, true);
  double silence = time_frame (2048, 512, REASSIGN_PRECISION_DOUBLE, 0, false);

  puts ("\nWindow 2048, hop 512, with mixed and bin where nothing is said");
  printf ("library, from buffers of 1024 floats  %8.2f us a frame\n", library);
  printf ("tfrreassign in a pipeline, the same   %8.2f us  %5.2f of it\n",
      element, element / library);
  printf ("digital silence in the library        %8.2f us  %5.2f of sound\n",
      silence, silence / sound);
  printf ("digital silence in tfrreassign        %8.2f us  %5.2f of sound\n",
      idle, idle / element);
  printf ("allocations per frame, library        %8.3f\n",
      count_in_frames (2048, 512));
  printf ("allocations per frame, tfrreassign    %8.3f\n",
      count_in_element ("tfrreassign"));
  printf ("planning, the slowest power of two    %8.2f ms up to 65536\n",
      time_planning ());
  unpin ();
  printf ("two threads at hop 64, on the wall    %8.2f times the throughput\n",
      compare_elements (
          "tfrreassign hop-size=64", "tfrreassign hop-size=64 n-threads=2"));
  pin_to_one_core ();
}

static void
print_memory (const char *minute)
{
  const char *pipeline = "tfrreassign ! fakesink sync=false";
  char *hour = make_flac (3600);

  printf ("peak memory of an hour to points %8.1f MiB, of a minute %.1f MiB\n",
      peak_memory (hour, pipeline), peak_memory (minute, pipeline));
  g_remove (hour);
  g_free (hour);
}

static void
print_programs (gboolean with_hour)
{
  char *file = make_flac (60);

  if (file == NULL) {
    puts ("\nno FLAC encoder (gstreamer1.0-plugins-good): no videos");
    return;
  }
  print_videos (file, 60);
  printf ("first video frame of the file     %8.1f ms after PLAYING\n",
      time_first_frame (file));
  if (with_hour)
    print_memory (file);
  g_remove (file);
  g_free (file);
}

int
main (int argc, char **argv)
{
  const char *part = argc > 1 ? argv[1] : "all";
  gboolean all = g_str_equal (part, "all") || g_str_equal (part, "long");

  gst_init (NULL, NULL);
  pin_to_one_core ();
  if (all || g_str_equal (part, "frames"))
    print_frames ();
  if (all || g_str_equal (part, "lines"))
    print_lines ();
  if (all || g_str_equal (part, "videos"))
    print_programs (g_str_equal (part, "long"));
  return 0;
}
