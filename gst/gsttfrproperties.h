/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Properties that are fields of a plain struct. */

#ifndef GST_TFR_PROPERTIES_H
#define GST_TFR_PROPERTIES_H

#include <gst/gst.h>

/* Between a value and the field that is kept for it: gboolean, gint, guint,
 * guint64, gdouble, an enum, flags as guint, or a string that the struct owns. */
void gst_tfr_field_set (gpointer field, const GValue *value);
void gst_tfr_field_get (gconstpointer field, GValue *value);

#endif
