/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What the element and its negotiation share; nobody else includes this. */

#ifndef GST_TFR_REASSIGN_H
#define GST_TFR_REASSIGN_H

#include "analysis/settings.h"
#include "analysis/stream.h"

#include <gst/base/gstbasetransform.h>

#define GST_TYPE_TFR_REASSIGN (gst_tfr_reassign_get_type ())
G_DECLARE_FINAL_TYPE (
    GstTfrReassign, gst_tfr_reassign, GST, TFR_REASSIGN, GstBaseTransform)

/* The stream lock protects `stream` and what follows it, whatever thread pushes
 * for whoever holds it, the object lock the rest; the object lock is taken last,
 * and neither messages nor buffers leave under it. */
struct _GstTfrReassign {
  GstBaseTransform parent;

  GstTfrSettings settings;
  gboolean changed; /* the settings, since they were last read */
  ReassignStats stats;
  GstClockTime latency; /* NONE while the rate is unknown */

  GstTfrStream stream;
  GstSegment segment;
  gboolean negotiating; /* in set_caps, which updates the caps itself */
  const gchar *refusal; /* no memory for what the caps ask; the next buffer tries
                           again or says so, as caps that fail are sent again */
  gboolean warned;      /* of samples that are not finite */
};

/* TRUE where they have changed since they were last taken. */
gboolean gst_tfr_reassign_take_settings (
    GstTfrReassign *self, GstTfrSettings *settings);

#endif
