/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What the views of both kinds of batch share; not installed. */

#ifndef GST_TFR_MAPPING_H
#define GST_TFR_MAPPING_H

#include "gsttfrheader.h"

/* Where the parts of a sound batch lie in memory; planes that it lacks are
 * NULL. */
typedef struct {
  const guint32 *counts;
  gconstpointer planes[32];
} GstTfrParts;

/* Whether the buffer holds a sound batch of this kind; when not, nothing stays
 * mapped and all is zeroed. */
gboolean gst_tfr_mapping_open (GstTfrMapping *mapping, GstTfrKind kind,
    GstBuffer *buffer, GstTfrHeader *header, GstTfrParts *parts,
    GError **error);
void gst_tfr_mapping_close (GstTfrMapping *mapping);

#endif
