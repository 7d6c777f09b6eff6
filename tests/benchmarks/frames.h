/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The library's frames against the bare transforms in them. */

#ifndef TFR_BENCH_FRAMES_H
#define TFR_BENCH_FRAMES_H

#include "reassign.h"

/* us for three real transforms of n values. */
double time_transforms (size_t n, ReassignPrecision precision);

/* us for a frame of a window and transform of n values; of digital silence
 * where there is no sound. */
double time_frame (size_t n, size_t hop, ReassignPrecision precision,
    unsigned fields, bool sound);

/* The same from buffers of 1024 floats, as an element gets them. */
double time_frame_of_floats (size_t n, size_t hop, unsigned fields);

/* Allocations for each frame. */
double count_in_frames (size_t n, size_t hop);

/* ms for the plan of the slowest power of two up to 65536. */
double time_planning (void);

/* The whole table. */
void print_frames (void);

#endif
