/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef REASSIGN_STATS_H
#define REASSIGN_STATS_H

#include "reassign.h"

/* A point that was counted is rejected after all. */
static inline void
reassign_stats_reject (ReassignStats *stats, double energy)
{
  stats->points--;
  stats->energy -= energy;
  stats->rejected++;
  stats->energy_rejected += energy;
}

#endif
