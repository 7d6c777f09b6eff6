/* SPDX-License-Identifier: GPL-2.0-or-later */

/* libgsttfr-1.0: the stream formats of time-frequency reassignment, for
 * elements and applications alike.  It is the one place that spells the media
 * types and knows the layout of a batch. */

#ifndef GST_TFR_H
#define GST_TFR_H

#include "gsttfrinfo.h"
#include "gsttfrheader.h"
#include "gsttfrbatch.h"
#include "gsttfrpartials.h"
#include "gsttfrbatchview.h"
#include "gsttfrwriter.h"

#endif
