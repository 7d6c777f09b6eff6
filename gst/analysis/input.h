/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Audio buffers of any format, layout and number of channels to doubles. */

#ifndef GST_TFR_INPUT_H
#define GST_TFR_INPUT_H

#include <gst/audio/audio.h>

/* Samples that are unpacked at a time. */
#define GST_TFR_INPUT_BLOCK 1024

typedef struct {
  GstAudioInfo info;
  gboolean mix; /* all channels to their mean */

  GstAudioBuffer audio;
  gboolean mapped;
  gpointer unpacked; /* a block of all channels, planes one after the other or
                        interleaved as in the buffer */
  gsize block_start, block_length;
} GstTfrInput;

/* False with the reason when the caps cannot be read. */
gboolean gst_tfr_input_init (
    GstTfrInput *input, const GstCaps *caps, const gchar **reason);
void gst_tfr_input_clear (GstTfrInput *input);

/* Channels that come out. */
guint gst_tfr_input_channels (const GstTfrInput *input);

/* The buffer's samples per channel; NULL in *reason unless it is unsound.
 * Between _map and _unmap _read may be called. */
gsize gst_tfr_input_map (
    GstTfrInput *input, GstBuffer *buffer, const gchar **reason);
void gst_tfr_input_unmap (GstTfrInput *input);

/* Samples [start, start + n) of a channel, full scale at 1; n at most a block.
 * All channels of one stretch before the next stretch is cheapest. */
void gst_tfr_input_read (
    GstTfrInput *input, guint channel, gsize start, gsize n, gdouble *to);

#endif
