/* SPDX-License-Identifier: GPL-2.0-or-later */

/* GstAudioFormatInfo unpacks every format to 32-bit integers or to doubles, also
 * where GstAudioConverter gives up (64 channels and more). */

#include "input.h"

/* audio/x-raw may leave out the mask where there are more than two channels, and
 * the layout, which gst_audio_info_from_caps takes for errors.  It warns of a mask
 * that does not fit the channels; where they are heard does not matter here. */
static gboolean
info_from_caps (GstAudioInfo *info, const GstCaps *caps)
{
  GstCaps *full = gst_caps_copy (caps);
  const GstStructure *s = gst_caps_get_structure (full, 0);
  gboolean understood;

  gst_caps_set_simple (
      full, "channel-mask", GST_TYPE_BITMASK, (guint64) 0, NULL);
  if (!gst_structure_has_field (s, "layout"))
    gst_caps_set_simple (full, "layout", G_TYPE_STRING, "interleaved", NULL);
  understood = gst_audio_info_from_caps (info, full);
  gst_caps_unref (full);
  return understood;
}

gboolean
gst_tfr_input_init (
    GstTfrInput *input, const GstCaps *caps, const gchar **reason)
{
  gst_tfr_input_clear (input);
  if (!info_from_caps (&input->info, caps)) {
    *reason = "Not caps of raw audio.";
    return FALSE;
  }
  return TRUE;
}

void
gst_tfr_input_clear (GstTfrInput *input)
{
  gst_tfr_input_unmap (input);
  g_clear_pointer (&input->unpacked, g_free);
}

guint
gst_tfr_input_channels (const GstTfrInput *input)
{
  return input->mix ? 1 : (guint) input->info.channels;
}

/* Why gst_audio_buffer_map would call the buffer a programmer's error, or read
 * beyond its end; NULL when it would not. */
static const gchar *
reason_against (
    const GstAudioInfo *info, GstBuffer *buffer, const GstAudioMeta *meta)
{
  gsize size = gst_buffer_get_size (buffer);

  if (meta == NULL && info->layout == GST_AUDIO_LAYOUT_NON_INTERLEAVED)
    return "A buffer of planar audio without its GstAudioMeta.";
  if (meta != NULL && (meta->info.rate <= 0 ||
                          meta->info.layout != info->layout ||
                          meta->info.finfo != info->finfo ||
                          meta->info.channels != info->channels ||
                          meta->info.bpf != info->bpf ||
                          meta->samples > size / (gsize) info->bpf))
    return "A buffer of audio whose GstAudioMeta is not of its caps and size.";
  if (meta == NULL && size % (gsize) info->bpf != 0)
    return "A buffer that does not hold whole samples.";
  return NULL;
}

gsize
gst_tfr_input_map (
    GstTfrInput *input, GstBuffer *buffer, const gchar **reason)
{
  const GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);

  input->block_length = 0;
  *reason = reason_against (&input->info, buffer, meta);
  if (*reason == NULL && gst_buffer_get_size (buffer) == 0)
    return 0;
  /* by the meta's own info: its rate and positions do not matter here */
  if (*reason == NULL &&
      !gst_audio_buffer_map (&input->audio,
          meta != NULL ? &meta->info : &input->info, buffer, GST_MAP_READ))
    *reason = "A buffer of audio that cannot be mapped.";
  input->mapped = *reason == NULL;
  return input->mapped ? input->audio.n_samples : 0;
}

void
gst_tfr_input_unmap (GstTfrInput *input)
{
  if (input->mapped)
    gst_audio_buffer_unmap (&input->audio);
  input->mapped = FALSE;
}

static void
unpack_block (GstTfrInput *input, gsize start, gsize n)
{
  const GstAudioFormatInfo *format = input->info.finfo;
  gsize channels = input->info.channels, width = format->width / 8;
  gsize out_width = format->unpack_format == GST_AUDIO_FORMAT_F64 ? 8 : 4;
  /* Without the flag the lower bits are filled with copies of the upper ones,
   * which is no longer the sample's value. */
  const GstAudioPackFlags flags = GST_AUDIO_PACK_FLAG_TRUNCATE_RANGE;

  /* Not before: half a GB for channels that may still be refused. */
  if (input->unpacked == NULL)
    input->unpacked = g_new (gdouble, GST_TFR_INPUT_BLOCK * channels);
  if (input->info.layout == GST_AUDIO_LAYOUT_INTERLEAVED) {
    const guint8 *from = input->audio.planes[0];

    format->unpack_func (format, flags, input->unpacked,
        (gpointer) (from + start * channels * width), (gint) (n * channels));
  } else {
    guint8 *to = input->unpacked;

    for (gsize c = 0; c < channels; c++) {
      const guint8 *from = input->audio.planes[c];

      format->unpack_func (format, flags, to + c * n * out_width,
          (gpointer) (from + start * width), (gint) n);
    }
  }
  input->block_start = start;
  input->block_length = n;
}

/* Adds one channel of the block to to[n]. */
static void
add_channel (const GstTfrInput *input, gsize channel, gdouble *to)
{
  gboolean planar = input->info.layout == GST_AUDIO_LAYOUT_NON_INTERLEAVED;
  gsize n = input->block_length;
  gsize step = planar ? 1 : input->info.channels;
  gsize at = planar ? channel * n : channel;

  if (input->info.finfo->unpack_format == GST_AUDIO_FORMAT_F64) {
    const gdouble *from = (const gdouble *) input->unpacked + at;

    for (gsize i = 0; i < n; i++)
      to[i] += from[i * step];
  } else {
    const gint32 *from = (const gint32 *) input->unpacked + at;

    for (gsize i = 0; i < n; i++)
      to[i] += from[i * step] * (1.0 / 2147483648.0);
  }
}

void
gst_tfr_input_read (
    GstTfrInput *input, guint channel, gsize start, gsize n, gdouble *to)
{
  g_return_if_fail (n <= GST_TFR_INPUT_BLOCK);

  if (start != input->block_start || n != input->block_length)
    unpack_block (input, start, n);
  memset (to, 0, n * sizeof *to);
  if (!input->mix) {
    add_channel (input, channel, to);
    return;
  }
  for (gint c = 0; c < input->info.channels; c++)
    add_channel (input, c, to);
  for (gsize i = 0; i < n; i++)
    to[i] /= input->info.channels;
}
