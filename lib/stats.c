/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "stats.h"

void
reassign_stats_add (ReassignStats *to, const ReassignStats *from)
{
  to->frames += from->frames;
  to->points += from->points;
  to->below_floor += from->below_floor;
  to->beyond_time += from->beyond_time;
  to->beyond_frequency += from->beyond_frequency;
  to->outside_range += from->outside_range;
  to->rejected += from->rejected;
  to->non_finite_samples += from->non_finite_samples;
  to->energy += from->energy;
  to->energy_below_floor += from->energy_below_floor;
  to->energy_beyond_time += from->energy_beyond_time;
  to->energy_beyond_frequency += from->energy_beyond_frequency;
  to->energy_outside_range += from->energy_outside_range;
  to->energy_rejected += from->energy_rejected;
}
