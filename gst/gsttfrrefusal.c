/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "gsttfrrefusal.h"

gboolean
gst_tfr_refusal_is_for_memory (const gchar *sentence)
{
  return g_str_has_prefix (sentence, "out of memory");
}

void
gst_tfr_refusal_post (
    GstElement *element, const gchar *what, const gchar *sentence)
{
  if (gst_tfr_refusal_is_for_memory (sentence))
    GST_ELEMENT_ERROR (
        element, RESOURCE, NO_SPACE_LEFT, ("%s: %s.", what, sentence), (NULL));
  else
    GST_ELEMENT_ERROR (
        element, STREAM, FORMAT, ("%s: %s.", what, sentence), (NULL));
}
