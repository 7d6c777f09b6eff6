/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What an analysis window makes of a component: of a chirp whose level moves,
 * and of a tone that begins under it. */

#ifndef REASSIGN_PARTIALS_WINDOW_H
#define REASSIGN_PARTIALS_WINDOW_H

#include "reassign.h"

#include <complex.h>

/* The window's samples are thinned out to this many or twice it: around a
 * component everything is smooth. */
#define REASSIGN_RESPONSE_SAMPLES 64

#define REASSIGN_STEPS 257

typedef struct {
  size_t n;
  double h[2 * REASSIGN_RESPONSE_SAMPLES];   /* sum 1 */
  double tau[2 * REASSIGN_RESPONSE_SAMPLES]; /* samples from the centre */
  double stride;                             /* of tau */
  double complex turn[2 * REASSIGN_RESPONSE_SAMPLES]; /* from bin to bin */
  double bin;                                         /* rad per sample */

  double sigma;  /* samples, as in ReassignShape */
  double energy; /* sum h^2 / (sum h)^2, of the whole window */

  /* A tone that begins at step_at from the centre appears with this share of
   * its amplitude, and its point at this time. */
  double step_at[REASSIGN_STEPS];
  double step_mass[REASSIGN_STEPS];
  double step_centroid[REASSIGN_STEPS]; /* ascending */
} ReassignResponse;

/* The deviation of a component from a steady tone, around the frame's centre.
 */
typedef struct {
  double chirp;            /* rad per sample^2 */
  double slope, curvature; /* of the log amplitude */
  bool cut;                /* it is there only */
  double begin, end;       /* between these, samples */
} ReassignDeviation;

/* The config is complete.  False when memory runs out. */
bool reassign_response_init (
    ReassignResponse *r, const ReassignTrackerConfig *config);

/* The spectrum, per amplitude, `away` rad per sample below a component;
 * *centroid (may be NULL) is the imaginary part of the mean of tau under it. */
double complex reassign_response_at (const ReassignResponse *r, double away,
    const ReassignDeviation *d, double *centroid);

/* Of a peak a window sees more than this: a correction of less than a bin of
 * rate / N is well inside of every main lobe. */
#define REASSIGN_LEAST_SEEN 0.2

/* The amount seen of a component that keeps frequency and level, at least
 * that. */
double reassign_response_steady (const ReassignResponse *r, double away);

/* Adds a component (complex amplitude, frequency) to n bins, from this one on,
 * of a spectrum whose magnitudes are those of points. */
void reassign_response_add (const ReassignResponse *r, double complex amplitude,
    double omega, const ReassignDeviation *d, size_t first, size_t n,
    double complex *bins);

/* Where a tone begins whose point lies at this time (>= 0), and the other ways.
 */
double reassign_response_step (const ReassignResponse *r, double centroid);
double reassign_response_step_mass (const ReassignResponse *r, double at);
double reassign_response_step_centroid (const ReassignResponse *r, double at);

/* The window itself, sum 1 over its samples. */
double reassign_response_height (const ReassignResponse *r, double at);

#endif
