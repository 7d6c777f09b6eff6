/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "trackers.h"

#include <string.h>

#define N_PLANES G_N_ELEMENTS (((GstTfrTrackers *) NULL)->planes)

void
gst_tfr_trackers_init (GstTfrTrackers *t)
{
  memset (t, 0, sizeof *t);
  t->counts = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint bit = 0; bit < N_PLANES; bit++)
    t->planes[bit] =
        g_array_new (FALSE, FALSE, (guint) gst_tfr_field_size (bit));
}

/* Each channel has a tracker of its own, which takes 12 kB before any points,
 * and time to look at its window: of 2^20 samples 20 ms. */
#define MOST_CHANNELS 1024
#define MOST_WINDOWS ((guint64) 1 << 22)

static void
free_trackers (GstTfrTrackers *t)
{
  for (guint c = 0; c < t->n_trackers; c++)
    reassign_tracker_free (t->trackers[c]);
  g_clear_pointer (&t->trackers, g_free);
  t->n_trackers = 0;
}

void
gst_tfr_trackers_clear (GstTfrTrackers *t)
{
  free_trackers (t);
  g_clear_pointer (&t->counts, g_array_unref);
  for (guint bit = 0; bit < N_PLANES; bit++)
    g_clear_pointer (&t->planes[bit], g_array_unref);
}

gboolean
gst_tfr_trackers_fit (const GstTfrTrackers *t, const GstTfrHeader *header)
{
  const GstTfrHeader *h = &t->header;

  return t->n_trackers > 0 && h->rate == header->rate &&
         h->channels == header->channels &&
         h->channel_mask == header->channel_mask &&
         h->hop_size == header->hop_size && h->fft_size == header->fft_size &&
         h->window_size == header->window_size &&
         h->window_family == header->window_family &&
         h->window_parameter == header->window_parameter &&
         h->sigma == header->sigma;
}

static ReassignTrackerConfig
make_config (const GstTfrHeader *h, const GstTfrTrackerSettings *s)
{
  gboolean known =
      h->window_family != 0 && reassign_window_by_id (h->window_family) != NULL;

  return (ReassignTrackerConfig){
    .sample_rate = h->rate,
    .window = known ? h->window_family : REASSIGN_WINDOW_DEFAULT,
    .window_parameter = known ? h->window_parameter : 0,
    .window_sigma = known ? 0 : h->sigma,
    .window_size = h->window_size,
    .hop = h->hop_size,
    .fft_size = h->fft_size,
    .frequency_resolution = s->frequency_resolution,
    .frequency_drift = s->frequency_drift,
    .frequency_floor = s->frequency_floor,
    .amplitude_floor = s->amplitude_floor != 0 ? s->amplitude_floor : 1e-9,
    .minimum_length = s->minimum_length,
    .survival = s->survival > 0 ? (int) s->survival : -1,
    .noise_width = s->noise_width > 0 ? s->noise_width : -1,
    .reference_frequency = s->reference_frequency,
    .id_step = h->channels,
    .most_points = 1, /* room comes with the frames */
  };
}

const gchar *
gst_tfr_trackers_configure (GstTfrTrackers *t, const GstTfrHeader *header,
    const GstTfrTrackerSettings *settings)
{
  ReassignTrackerConfig config = make_config (header, settings);
  const gchar *wrong = NULL;

  free_trackers (t);
  t->header = *header;
  if (header->channels > MOST_CHANNELS)
    return "more than 1024 channels";
  if ((guint64) header->channels * header->window_size > MOST_WINDOWS)
    return "more than 4194304 samples in the windows of all channels";
  t->trackers = g_new0 (ReassignTracker *, header->channels);
  while (t->n_trackers < header->channels && wrong == NULL) {
    config.first_id = t->last_id + t->n_trackers + 1;
    t->trackers[t->n_trackers] = reassign_tracker_new (&config, &wrong);
    if (wrong == NULL)
      t->n_trackers++;
  }
  if (wrong != NULL)
    free_trackers (t);
  return wrong;
}

static void
keep (GstTfrTrackers *t, const ReassignRows *rows)
{
  const void *planes[] = { rows->time, rows->frequency, rows->amplitude,
    rows->phase, rows->bandwidth, rows->id, rows->flags };
  guint32 count = (guint32) rows->n_rows;

  g_array_append_val (t->counts, count);
  for (guint bit = 0; bit < N_PLANES; bit++)
    g_array_append_vals (t->planes[bit], planes[bit], count);
  for (guint i = 0; i < count; i++)
    t->last_id = MAX (t->last_id, rows->id[i]);
}

/* Trackers fed alike have their rows at the same time. */
static void
pull (GstTfrTrackers *t)
{
  ReassignRows rows;

  while (reassign_tracker_pull (t->trackers[0], &rows)) {
    if (t->counts->len == 0)
      t->first = rows.sample;
    keep (t, &rows);
    for (guint c = 1; c < t->n_trackers; c++) {
      reassign_tracker_pull (t->trackers[c], &rows);
      keep (t, &rows);
    }
  }
}

static ReassignFrame
frame_of (const GstTfrBatch *batch, guint frame, guint n, gsize from)
{
  const GstTfrHeader *h = &batch->header;

  return (ReassignFrame){
    .sample = h->first + (gint64) frame * h->hop_size,
    .n_points = n,
    .time = batch->time + from,
    .frequency = batch->frequency + from,
    .magnitude = batch->magnitude + from,
    .phase = batch->phase + from,
    .bin = batch->bin + from,
  };
}

static gboolean
reserve (GstTfrTrackers *t, const guint32 *counts)
{
  for (guint c = 0; c < t->n_trackers; c++)
    if (!reassign_tracker_reserve (t->trackers[c], counts[c]))
      return FALSE;
  return TRUE;
}

gboolean
gst_tfr_trackers_push (GstTfrTrackers *t, const GstTfrBatch *batch)
{
  const guint32 *count = batch->counts;
  gsize from = 0;

  t->header = batch->header;
  for (guint f = 0; f < batch->header.n_frames; f++) {
    if (!reserve (t, count))
      return FALSE;
    for (guint c = 0; c < t->n_trackers; c++) {
      ReassignFrame frame = frame_of (batch, f, *count, from);

      reassign_tracker_push (t->trackers[c], &frame);
      from += *count++;
    }
    pull (t);
  }
  return TRUE;
}

void
gst_tfr_trackers_drain (GstTfrTrackers *t)
{
  for (guint c = 0; c < t->n_trackers; c++)
    reassign_tracker_drain (t->trackers[c], t->header.end);
  if (t->n_trackers > 0)
    pull (t);
}

static void
drop_rows (GstTfrTrackers *t)
{
  g_array_set_size (t->counts, 0);
  for (guint bit = 0; bit < N_PLANES; bit++)
    g_array_set_size (t->planes[bit], 0);
}

void
gst_tfr_trackers_forget (GstTfrTrackers *t)
{
  gst_tfr_trackers_drain (t);
  drop_rows (t);
}

GstBuffer *
gst_tfr_trackers_take (
    GstTfrTrackers *t, guint32 flags, gboolean last, gboolean *failed)
{
  GstTfrHeader header = t->header;
  GstTfrWriter writer;
  gpointer to[32];

  *failed = FALSE;
  if (t->counts->len == 0)
    return NULL;
  header.kind = GST_TFR_KIND_PARTIALS;
  header.fields = GST_TFR_ROW_FIELDS_ALL;
  header.first = t->first;
  header.n_frames = t->counts->len / header.channels;
  header.n_points = t->planes[0]->len;
  *failed = !gst_tfr_writer_begin (&writer, &header, NULL, NULL);
  if (!*failed) {
    gst_tfr_writer_get_planes (&writer, to);
    for (guint bit = 0; bit < N_PLANES && header.n_points > 0; bit++)
      memcpy (to[bit], t->planes[bit]->data,
          header.n_points * gst_tfr_field_size (bit));
    for (guint i = 0; i < t->counts->len; i++)
      gst_tfr_writer_add (&writer, g_array_index (t->counts, guint32, i));
  }
  drop_rows (t);
  if (*failed)
    return NULL;
  return gst_tfr_writer_finish (&writer, flags,
      last ? t->header.end
           : header.first + (gint64) header.n_frames * header.hop_size);
}

guint64
gst_tfr_trackers_latency (const GstTfrTrackers *t)
{
  return t->n_trackers > 0 ? reassign_tracker_latency (t->trackers[0]) : 0;
}
