/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Whole programs, from an audio file to what is thrown away at the end. */

#ifndef TFR_BENCH_PROCESSES_H
#define TFR_BENCH_PROCESSES_H

/* Pink noise as FLAC; the caller frees its name and removes it.  NULL where
 * that cannot be made. */
char *make_flac (int seconds);

/* Peak memory of a pipeline on that file, MiB. */
double peak_memory (const char *file, const char *pipeline);

/* The table of videos. */
void print_videos (const char *file, int seconds);

#endif
