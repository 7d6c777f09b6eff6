/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "synths.h"

#include <math.h>
#include <string.h>

/* Samples of a channel that are made in one go, and are a buffer; fewer where
 * there are more than so many channels. */
#define BLOCK 4096
#define MANY 64

/* A window tells apart what is twice this many rate / N apart; a partial's
 * noise reaches to where its neighbour's begins.  Partials of unknown windows
 * have Loris' 500 Hz. */
#define HALF_RESOLUTION (7.9 / 4)

/* A longer hop is nobody's, and would turn a few bytes into hours; so would
 * more channels into gigabytes. */
#define LONGEST_HOP (1 << 20)
#define MOST_CHANNELS 1024

void
gst_tfr_synths_init (GstTfrSynths *s)
{
  memset (s, 0, sizeof *s);
  s->samples = g_array_new (FALSE, FALSE, sizeof (gdouble));
  s->block = g_new (gdouble, BLOCK);
}

static void
free_synths (GstTfrSynths *s)
{
  for (guint c = 0; c < s->n_synths; c++)
    reassign_synth_free (s->synths[c]);
  g_clear_pointer (&s->synths, g_free);
  s->n_synths = 0;
}

void
gst_tfr_synths_clear (GstTfrSynths *s)
{
  free_synths (s);
  g_clear_pointer (&s->samples, g_array_unref);
  g_clear_pointer (&s->block, g_free);
}

gboolean
gst_tfr_synths_fit (const GstTfrSynths *s, const GstTfrHeader *header)
{
  return s->n_synths > 0 && s->header.rate == header->rate &&
         s->header.channels == header->channels &&
         s->header.channel_mask == header->channel_mask &&
         s->header.window_family == header->window_family &&
         s->header.window_size == header->window_size &&
         s->header.hop_size == header->hop_size;
}

const gchar *
gst_tfr_synths_configure (GstTfrSynths *s, const GstTfrHeader *header)
{
  ReassignSynthConfig config = { .sample_rate = header->rate,
    .hop = header->hop_size,
    .partials = 1 /* room comes with the rows */ };
  const gchar *wrong = NULL;

  free_synths (s);
  s->header = *header;
  if (header->window_family != 0)
    config.noise_bandwidth =
        HALF_RESOLUTION * header->rate / header->window_size;
  if (header->hop_size > LONGEST_HOP)
    return "a hop of more than 1048576 samples";
  if (header->channels > MOST_CHANNELS)
    return "more than 1024 channels";
  s->synths = g_new0 (ReassignSynth *, header->channels);
  while (s->n_synths < header->channels && wrong == NULL) {
    s->synths[s->n_synths] = reassign_synth_new (&config, &wrong);
    if (wrong == NULL)
      s->n_synths++;
  }
  if (wrong != NULL)
    free_synths (s);
  return wrong;
}

void
gst_tfr_synths_set (GstTfrSynths *s, gdouble pitch, gdouble tempo)
{
  for (guint c = 0; c < s->n_synths; c++) {
    reassign_synth_set_pitch (s->synths[c], pitch);
    reassign_synth_set_tempo (s->synths[c], tempo);
  }
}

gboolean
gst_tfr_synths_reserve (
    GstTfrSynths *s, const GstTfrPartials *partials, guint frame)
{
  const guint32 *counts =
      partials->counts + (gsize) frame * partials->header.channels;

  for (guint c = 0; c < s->n_synths; c++)
    if (!reassign_synth_reserve (s->synths[c], counts[c]))
      return FALSE;
  return TRUE;
}

gsize
gst_tfr_synths_push (
    GstTfrSynths *s, const GstTfrPartials *partials, guint frame, gsize from)
{
  const GstTfrHeader *h = &partials->header;

  s->header = *h;
  for (guint c = 0; c < s->n_synths; c++) {
    ReassignRows rows = {
      .sample = h->first + (gint64) frame * h->hop_size,
      .n_rows = partials->counts[(gsize) frame * h->channels + c],
      .time = partials->time + from,
      .frequency = partials->frequency + from,
      .amplitude = partials->amplitude + from,
      .phase = partials->phase + from,
      .bandwidth = partials->bandwidth + from,
      .id = partials->id + from,
      .flags = partials->flags + from,
    };

    reassign_synth_push (s->synths[c], &rows);
    from += rows.n_rows;
  }
  return from;
}

/* The end is within a hop of the last frame, whatever the header says. */
void
gst_tfr_synths_drain (GstTfrSynths *s)
{
  const GstTfrHeader *h = &s->header;
  gint64 next = h->first + (gint64) h->n_frames * h->hop_size;
  gint64 end = CLAMP (h->end, next - (gint64) h->hop_size, next);

  for (guint c = 0; c < s->n_synths; c++)
    reassign_synth_drain (s->synths[c], end);
}

static gsize
block_size (const GstTfrSynths *s)
{
  return BLOCK / MAX (s->n_synths / MANY, 1);
}

static void
interleave (GstTfrSynths *s, gsize at, guint channel, gsize n)
{
  gdouble *to = &g_array_index (s->samples, gdouble, at) + channel;

  for (gsize i = 0; i < n; i++)
    to[i * s->n_synths] = s->block[i];
}

gboolean
gst_tfr_synths_pull (GstTfrSynths *s)
{
  guint at = s->samples->len;
  gsize n;

  n = reassign_synth_pull (s->synths[0], s->block, block_size (s));
  if (n == 0)
    return FALSE;
  g_array_set_size (s->samples, at + (guint) (n * s->n_synths));
  interleave (s, at, 0, n);
  for (guint c = 1; c < s->n_synths; c++) {
    reassign_synth_pull (s->synths[c], s->block, n);
    interleave (s, at, c, n);
  }
  return TRUE;
}

gsize
gst_tfr_synths_waiting (const GstTfrSynths *s)
{
  return s->n_synths > 0 ? s->samples->len / s->n_synths : 0;
}

gboolean
gst_tfr_synths_are_enough (const GstTfrSynths *s)
{
  return gst_tfr_synths_waiting (s) >= block_size (s);
}

/* Rounded to the format's depth: packing cuts the bits below it off. */
static gint32
to_s32 (gdouble sample, gint depth)
{
  gdouble scaled = floor (sample * 2147483648.0 + ldexp (1, 31 - depth));

  return (gint32) CLAMP (scaled, -2147483648.0, 2147483647.0);
}

static void
pack (const GstAudioFormatInfo *f, const gdouble *samples, guint n, gpointer to)
{
  gint32 *integers;

  if (f->unpack_format != GST_AUDIO_FORMAT_S32) {
    f->pack_func (f, 0, samples, to, (gint) n);
    return;
  }
  integers = g_new (gint32, n);
  for (guint i = 0; i < n; i++)
    integers[i] = to_s32 (samples[i], f->depth);
  f->pack_func (f, 0, integers, to, (gint) n);
  g_free (integers);
}

GstBuffer *
gst_tfr_synths_take (GstTfrSynths *s, const GstAudioInfo *info)
{
  guint n = s->samples->len;
  GstBuffer *buffer = gst_buffer_new_allocate (
      NULL, (gsize) n * (gsize) (GST_AUDIO_INFO_WIDTH (info) / 8), NULL);
  GstMapInfo map;

  if (buffer == NULL)
    return NULL;
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  pack (info->finfo, (const gdouble *) s->samples->data, n, map.data);
  gst_buffer_unmap (buffer, &map);
  g_array_set_size (s->samples, 0);
  return buffer;
}

void
gst_tfr_synths_forget (GstTfrSynths *s)
{
  for (guint c = 0; c < s->n_synths; c++)
    reassign_synth_reset (s->synths[c]);
  g_array_set_size (s->samples, 0);
}

guint64
gst_tfr_synths_latency (const GstTfrSynths *s)
{
  return s->n_synths > 0 ? reassign_synth_latency (s->synths[0]) : 0;
}
