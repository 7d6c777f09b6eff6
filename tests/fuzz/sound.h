/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Buffers of audio of any format and layout, true to their caps or not. */

#ifndef TFR_FUZZ_SOUND_H
#define TFR_FUZZ_SOUND_H

#include "bytes.h"

#include <gst/audio/audio.h>

/* Caps that the input describes, sound ones mostly; *info is what the buffers
 * are made by, whatever the caps say. */
GstCaps *fuzz_caps (FuzzBytes *bytes, GstAudioInfo *info);

/* Up to some hundred samples: silence, a tone, noise, numbers that arithmetic
 * goes wrong with, or the input's own bytes. */
GstBuffer *fuzz_sound (FuzzBytes *bytes, const GstAudioInfo *info);

#endif
