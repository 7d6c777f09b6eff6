/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "stats.h"

GstStructure *
gst_tfr_stats_to_structure (const ReassignStats *s)
{
  return gst_structure_new ("application/x-tfr-stats",
      "frames", G_TYPE_UINT64, s->frames,
      "points", G_TYPE_UINT64, s->points,
      "energy", G_TYPE_DOUBLE, s->energy,
      "below-floor", G_TYPE_UINT64, s->below_floor,
      "below-floor-energy", G_TYPE_DOUBLE, s->energy_below_floor,
      "beyond-time-shift", G_TYPE_UINT64, s->beyond_time,
      "beyond-time-shift-energy", G_TYPE_DOUBLE, s->energy_beyond_time,
      "beyond-frequency-shift", G_TYPE_UINT64, s->beyond_frequency,
      "beyond-frequency-shift-energy", G_TYPE_DOUBLE,
      s->energy_beyond_frequency,
      "outside-range", G_TYPE_UINT64, s->outside_range,
      "outside-range-energy", G_TYPE_DOUBLE, s->energy_outside_range,
      "rejected", G_TYPE_UINT64, s->rejected,
      "rejected-energy", G_TYPE_DOUBLE, s->energy_rejected,
      "non-finite-samples", G_TYPE_UINT64, s->non_finite_samples, NULL);
}
