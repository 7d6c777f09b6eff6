/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Which points leave when this audio comes in, and the other way round. */

#ifndef GST_TFR_CAPS_H
#define GST_TFR_CAPS_H

#include "settings.h"

GstStructure *gst_tfr_caps_from_audio (
    const GstStructure *audio, const GstTfrSettings *settings);

/* `any`: all audio that is accepted. */
GstStructure *gst_tfr_caps_to_audio (const GstStructure *points,
    const GstTfrSettings *settings, const GstCaps *any);

#endif
