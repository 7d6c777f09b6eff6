/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What tfrreassign settles with its neighbours: caps, memory and latency. */

#ifndef GST_TFR_NEGOTIATION_H
#define GST_TFR_NEGOTIATION_H

#include <gst/base/gstbasetransform.h>

/* The virtual methods that are about caps and memory. */
void gst_tfr_negotiation_install (GstBaseTransformClass *klass);

/* `changed` of GstTfrBankCalls; `user` is the element. */
GstFlowReturn gst_tfr_negotiation_change (gpointer user);

#endif
