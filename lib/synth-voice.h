/* SPDX-License-Identifier: GPL-2.0-or-later */

/* One partial as it sounds: the rows ahead of it, and the oscillator between
 * the first two. */

#ifndef REASSIGN_SYNTH_VOICE_H
#define REASSIGN_SYNTH_VOICE_H

#include "partials-phase.h"
#include "synth-noise.h"

#include <stdbool.h>
#include <stddef.h>

#define REASSIGN_VOICE_ROWS 8

/* Positions are samples on the rows' clock, frequencies rad per sample. */
typedef struct {
  double at, omega, phase;
  double tone, noise; /* amplitudes */
  bool edge;          /* the level's slope here is 0: it begins or ends */
  bool death;
} ReassignVoiceRow;

typedef struct {
  uint32_t id;
  ReassignVoiceRow rows[REASSIGN_VOICE_ROWS];
  size_t n_rows;
  bool running;         /* between rows[0] and rows[1]: */
  ReassignPhase course; /* the rows' phase */
  double level[4];      /* of the tone: a cubic in the share of the way */
  double noise[2];      /* at both ends */
  double slope;         /* of the tone, at rows[1] */
  double nominal;       /* the rows' phase at the last sample */
  double sounding;      /* what it became with pitch and tempo */
  double held;          /* samples without a new row */
  bool noisy;           /* `source` is running */
  ReassignNoise source;
} ReassignVoice;

/* What all voices do next: sample i is for the position from + i tempo, which
 * lies in the stretch, over which pitch moves. */
typedef struct {
  double from, tempo;
  size_t n;
  double stretch_from, stretch_to;
  double pitch_from, pitch_to;
  double turn, tempo_before; /* up to this position the tempo was that */
  double longest_hold; /* samples */
  double fade;         /* samples */
  const ReassignNoiseFilter *filter;
} ReassignVoiceTask;

/* Begins with this row, or with a fade before it, but not before `earliest`. */
void reassign_voice_start (ReassignVoice *v, uint32_t id,
    const ReassignVoiceRow *row, double fade, double earliest);
void reassign_voice_add (
    ReassignVoice *v, const ReassignVoiceRow *row, double fade);

/* Adds the samples.  False when the voice has ended. */
bool reassign_voice_render (
    ReassignVoice *v, const ReassignVoiceTask *task, double *samples);

#endif
