/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The phase of a partial between two rows. */

#ifndef REASSIGN_PARTIALS_PHASE_H
#define REASSIGN_PARTIALS_PHASE_H

/* p0 + p1 x + p2 x^2 + p3 x^3, x in samples from the first row */
typedef struct {
  double p0, p1, p2, p3;
} ReassignPhase;

/* From phase a and frequency wa (rad per sample) to b and wb, `length` samples
 * later.  Of the phases that agree with b modulo 2 pi the smoothest way is
 * taken. */
void reassign_phase_between (
    ReassignPhase *p, double a, double wa, double b, double wb, double length);

double reassign_phase_at (const ReassignPhase *p, double x);
double reassign_phase_rate (const ReassignPhase *p, double x);

#endif
