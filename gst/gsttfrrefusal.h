/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What the library would not make. */

#ifndef GST_TFR_REFUSAL_H
#define GST_TFR_REFUSAL_H

#include <gst/gst.h>

/* Whether the library's sentence is about memory, not about what it was asked
 * for. */
gboolean gst_tfr_refusal_is_for_memory (const gchar *sentence);

/* Posts "what: sentence." as an error of resources where memory is missing,
 * else of the stream's format. */
void gst_tfr_refusal_post (
    GstElement *element, const gchar *what, const gchar *sentence);

#endif
