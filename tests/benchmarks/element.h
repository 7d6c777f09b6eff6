/* SPDX-License-Identifier: GPL-2.0-or-later */

/* tfrreassign in a pipeline: buffers of 1024 floats come from a pad that costs
 * nothing, batches of points go to a fakesink. */

#ifndef TFR_BENCH_ELEMENT_H
#define TFR_BENCH_ELEMENT_H

#include <stdbool.h>

/* A frame's CPU time in us; `launch` is the element with its properties. */
double time_element (const char *launch, bool sound);

/* Its allocations. */
double count_in_element (const char *launch);

/* Throughput on the wall of the second over the first, the median of runs in
 * turn. */
double compare_elements (const char *slow, const char *fast);

/* ms from PLAYING to the first video frame of a FLAC file, the plug-ins being
 * loaded. */
double time_first_frame (const char *file);

#endif
