/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Arrays of points, one for each field in use. */

#ifndef REASSIGN_PLANES_H
#define REASSIGN_PLANES_H

#include "reassign.h"

/* Room for n points.  False when memory runs out; _clear is due either way. */
bool reassign_planes_init (ReassignPlanes *planes, unsigned fields, size_t n);
void reassign_planes_clear (ReassignPlanes *planes);

/* Shows n points of the frame centred on `sample`. */
void reassign_planes_view (const ReassignPlanes *planes, ReassignFrame *frame,
    int64_t sample, size_t n);

#endif
