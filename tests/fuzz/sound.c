/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "sound.h"

#include "element.h"

/* The fields of the caps, one of which may be left out or be nonsense. */
static void
spoil (GstCaps *caps, FuzzBytes *bytes)
{
  static const gchar *const fields[] = { "format", "layout", "rate", "channels",
    "channel-mask" };
  const gchar *field = fields[fuzz_pick (bytes, G_N_ELEMENTS (fields))];
  gint number;

  switch (fuzz_pick (bytes, 4)) {
    case 0:
      gst_structure_remove_field (gst_caps_get_structure (caps, 0), field);
      break;
    case 1:
      number = (gint) fuzz_u32 (bytes);
      gst_caps_set_simple (caps, field, G_TYPE_INT, number, NULL);
      break;
    case 2:
      gst_caps_set_simple (caps, field, G_TYPE_STRING, "else", NULL);
      break;
    default:
      gst_caps_set_simple (
          caps, field, GST_TYPE_BITMASK, fuzz_u64 (bytes), NULL);
      break;
  }
}

GstCaps *
fuzz_caps (FuzzBytes *bytes, GstAudioInfo *info)
{
  static const gint rates[] = { 1, 11, 8000, 44100, 48000, 10000000 };
  static const gint channels[] = { 1, 2, 3, 6, 64, 100 };
  GstAudioFormat format = 2 + fuzz_pick (bytes, GST_AUDIO_FORMAT_F64BE - 1);
  gboolean planar = fuzz_pick (bytes, 2);
  gint rate = rates[fuzz_pick (bytes, G_N_ELEMENTS (rates))];
  guint8 how = fuzz_u8 (bytes);
  gint n = channels[how % G_N_ELEMENTS (channels)];
  GstCaps *caps;

  if (n > 3) /* analytic filters of 64 ms for each would be gigabytes */
    rate = MIN (rate, 192000);
  gst_audio_info_set_format (info, format, rate, n, NULL);
  if (planar)
    info->layout = GST_AUDIO_LAYOUT_NON_INTERLEAVED;
  caps = gst_audio_info_to_caps (info);
  if (how >= 240)
    spoil (caps, bytes);
  return caps;
}

/* Sample i of one channel. */
static gdouble
sample (guint how, guint32 *seed, guint i)
{
  gdouble noise = fuzz_next (seed) / 4294967296.0 - 0.5;

  switch (how) {
    case 0:
      return 0;
    case 1:
      return sin (0.3 * i);
    case 2:
      return noise;
    case 3: /* one among them */
      return fuzz_next (seed) % 64 == 0 ? fuzz_odd_number (fuzz_next (seed))
                                        : noise;
    case 4:
      return fuzz_odd_number (fuzz_next (seed));
    case 5: /* so soft that its square vanishes, then it itself */
      return noise * FLT_MIN;
    default:
      return noise * DBL_MIN;
  }
}

static void
pack (const GstAudioFormatInfo *format, gdouble *from, gpointer to, gint n)
{
  GstAudioPackFlags flags = GST_AUDIO_PACK_FLAG_NONE;

  if (format->unpack_format == GST_AUDIO_FORMAT_S32) {
    gint32 *whole = g_new (gint32, n);

    for (gint i = 0; i < n; i++)
      whole[i] = from[i] >= -1 && from[i] < 1 ? (gint32) (from[i] * 2147483647)
                                              : G_MAXINT32;
    format->pack_func (format, flags, whole, to, n);
    g_free (whole);
  } else {
    format->pack_func (format, flags, from, to, n);
  }
}

/* In whichever order: the channels differ, and that is all. */
static GstBuffer *
make_sound (FuzzBytes *bytes, const GstAudioInfo *info, gint n)
{
  guint how = fuzz_pick (bytes, 7);
  guint32 seed = fuzz_seed (bytes);
  gint values = n * info->channels;
  gdouble *from = g_new (gdouble, values);
  GstBuffer *buffer =
      gst_buffer_new_allocate (NULL, (gsize) n * info->bpf, NULL);
  GstMapInfo map;

  for (gint i = 0; i < values; i++)
    from[i] = sample (how, &seed, i);
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  pack (info->finfo, from, map.data, values);
  gst_buffer_unmap (buffer, &map);
  g_free (from);
  return buffer;
}

/* A meta may say anything, after it was made as it should be. */
static void
spoil_meta (GstAudioMeta *meta, FuzzBytes *bytes)
{
  GstAudioLayout layout = meta->info.layout;
  guint plane;

  switch (fuzz_pick (bytes, 6)) {
    case 0:
      meta->samples = fuzz_u32 (bytes);
      break;
    case 1:
      plane = fuzz_pick (bytes, meta->info.channels);
      if (meta->offsets != NULL)
        meta->offsets[plane] = fuzz_u64 (bytes);
      break;
    case 2: /* up to 8 are not allocated by their number */
      if (meta->info.channels <= 8)
        meta->info.channels = 1;
      break;
    case 3:
      meta->info.rate = (gint) fuzz_u32 (bytes);
      break;
    case 4:
      gst_audio_info_set_format (&meta->info, GST_AUDIO_FORMAT_S8,
          meta->info.rate, meta->info.channels, NULL);
      meta->info.layout = layout;
      break;
    default:
      meta->info.layout = GST_AUDIO_LAYOUT_INTERLEAVED;
      break;
  }
}

GstBuffer *
fuzz_sound (FuzzBytes *bytes, const GstAudioInfo *info)
{
  guint n = fuzz_pick (bytes, 600);
  guint8 how = fuzz_u8 (bytes);
  gboolean planar = info->layout == GST_AUDIO_LAYOUT_NON_INTERLEAVED;
  GstBuffer *buffer;
  GstAudioMeta *meta;

  if (how & 1) {
    buffer = fuzz_buffer (bytes, n);
    if (!(how & 2))
      gst_buffer_set_size (buffer,
          gst_buffer_get_size (buffer) / (gsize) info->bpf * (gsize) info->bpf);
  } else {
    buffer = make_sound (bytes, info, n);
  }
  if (planar ? !(how & 4) || !(how & 8) : (how & 12) == 12) {
    meta = gst_buffer_add_audio_meta (
        buffer, info, gst_buffer_get_size (buffer) / (gsize) info->bpf, NULL);
    if ((how & 0x30) == 0x30)
      spoil_meta (meta, bytes);
  }
  if ((how & 0xc0) == 0xc0)
    gst_buffer_set_size (buffer, gst_buffer_get_size (buffer) / 3);
  return buffer;
}
