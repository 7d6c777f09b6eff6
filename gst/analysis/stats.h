/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What was counted, as a property. */

#ifndef GST_TFR_STATS_H
#define GST_TFR_STATS_H

#include "reassign.h"

#include <gst/gst.h>

GstStructure *gst_tfr_stats_to_structure (const ReassignStats *stats);

#endif
