/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef GST_TFR_ELEMENTS_H
#define GST_TFR_ELEMENTS_H

#include <gst/gst.h>

GST_ELEMENT_REGISTER_DECLARE (tfrcsvenc);
GST_ELEMENT_REGISTER_DECLARE (tfrparse);
GST_ELEMENT_REGISTER_DECLARE (tfrreassign);
GST_ELEMENT_REGISTER_DECLARE (tfrrender);
GST_ELEMENT_REGISTER_DECLARE (tfrscope);

#endif
