/* SPDX-License-Identifier: GPL-2.0-or-later */

/* SDIF as a stream; the place that spells its media type. */

#ifndef GST_TFR_SDIF_H
#define GST_TFR_SDIF_H

#define GST_TFR_SDIF_MEDIA_TYPE "audio/x-sdif"

#endif
