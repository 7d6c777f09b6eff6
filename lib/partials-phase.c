/* SPDX-License-Identifier: GPL-2.0-or-later */

/* McAulay and Quatieri, "Speech analysis/synthesis based on a sinusoidal
 * representation", IEEE Transactions on Acoustics, Speech and Signal Processing
 * 34 (1986), section VI: the cubic through both phases and both frequencies,
 * with as many turns as bend it least. */

#include "partials-phase.h"

#include <math.h>

void
reassign_phase_between (
    ReassignPhase *p, double a, double wa, double b, double wb, double length)
{
  double rise = (wb - wa) * length;
  double turns = round ((a + wa * length - b + rise / 2) / (2 * M_PI));
  double miss = b - a - wa * length + 2 * M_PI * turns;

  p->p0 = a;
  p->p1 = wa;
  p->p2 = (3 * miss - rise) / (length * length);
  p->p3 = (rise - 2 * miss) / (length * length * length);
}

double
reassign_phase_at (const ReassignPhase *p, double x)
{
  return p->p0 + x * (p->p1 + x * (p->p2 + x * p->p3));
}

double
reassign_phase_rate (const ReassignPhase *p, double x)
{
  return p->p1 + x * (2 * p->p2 + x * 3 * p->p3);
}
