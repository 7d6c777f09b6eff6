/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Tags that are true of points no less than of the audio they come from. */

#ifndef GST_TFR_TAGS_H
#define GST_TFR_TAGS_H

#include <gst/gst.h>

/* Takes a TAG event and gives it back without what describes the coding of the
 * audio; NULL when nothing is left. */
GstEvent *gst_tfr_tags_pass (GstEvent *event);

#endif
