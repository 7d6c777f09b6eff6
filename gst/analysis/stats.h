/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What was counted: sums over analyzers, and the property that tells them. */

#ifndef GST_TFR_STATS_H
#define GST_TFR_STATS_H

#include "reassign.h"

#include <gst/gst.h>

void gst_tfr_stats_add (ReassignStats *to, const ReassignStats *from);

GstStructure *gst_tfr_stats_to_structure (const ReassignStats *stats);

#endif
