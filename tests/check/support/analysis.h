/* SPDX-License-Identifier: GPL-2.0-or-later */

/* All frames and points of a signal, as an analyzer gave them. */

#ifndef TFR_TEST_ANALYSIS_H
#define TFR_TEST_ANALYSIS_H

#include "reassign.h"

typedef struct {
  int64_t sample; /* the frame's centre */
  size_t first;   /* its points are [first, first + n) */
  size_t n;
  bool gap;
  double peak; /* the largest magnitude */
} AnalysisFrame;

typedef struct {
  ReassignShape shape;
  ReassignStats stats;
  size_t latency;

  AnalysisFrame *frames;
  size_t n_frames;
  size_t n_points;
  double *time, *frequency; /* [n_points], as all that follow */
  float *magnitude;
  float *phase, *mixed, *chirp_rate, *agreement; /* 0 where not asked for */
  uint32_t *bin;
} Analysis;

/* All of the signal in one go. */
Analysis *analysis_new (
    const ReassignConfig *config, const double *x, size_t n, int64_t position);

/* The same, in pieces of up to `piece` samples; 0: of random sizes. */
Analysis *analysis_new_in_pieces (const ReassignConfig *config, const double *x,
    size_t n, int64_t position, size_t piece);

/* By an analyzer that is there, from its reset on. */
Analysis *analysis_of (ReassignAnalyzer *a, const double *x, size_t n,
    int64_t position, size_t piece);

void analysis_free (Analysis *a);

/* Adds the frames that the analyzer has ready. */
void analysis_pull (Analysis *into, ReassignAnalyzer *a);

/* Pushes n samples, NULL for known silence, and adds the frames that come. */
void analysis_push (
    Analysis *into, ReassignAnalyzer *a, const double *x, size_t n);

/* An analysis without frames, for the two above. */
Analysis *analysis_new_empty (void);

/* Of a signal that begins at 0, by one config for `change` samples and then by
 * another, which takes over as reassign.h says, from the frame at `at` on. */
Analysis *analysis_new_with_change (const ReassignConfig *from,
    const ReassignConfig *to, const double *x, size_t n, size_t change,
    int64_t *at);

/* The frame of a point. */
const AnalysisFrame *analysis_frame_of (const Analysis *a, size_t point);

/* NULL where every bit of frames and points is the same; else what is not. */
const char *analysis_difference (const Analysis *a, const Analysis *b);

/* A new analyzer for a config that must be right. */
ReassignAnalyzer *analysis_analyzer (const ReassignConfig *config);

#endif
