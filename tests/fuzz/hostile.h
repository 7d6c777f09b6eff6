/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Batches that are sound as batches and hostile in what they say. */

#ifndef TFR_FUZZ_HOSTILE_H
#define TFR_FUZZ_HOSTILE_H

#include "bytes.h"

#include "gsttfr.h"

/* The next batch that the input describes: mostly well formed with values out of
 * anywhere, now and then its own bytes.  NULL when it has none left. */
GstBuffer *fuzz_next_batch (FuzzBytes *bytes);

/* The same, of partials. */
GstBuffer *fuzz_next_partials (FuzzBytes *bytes);

#endif
