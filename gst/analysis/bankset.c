/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "bankset.h"

/* What a batch lasts at most by default, in parts of a second. */
#define BATCHES_PER_SECOND 50

/* Frames that a thread takes at a time: enough that samples are not copied for
 * one alone, and of all channels together not too many to keep. */
#define ENOUGH_FRAMES 16
#define MOST_SLOTS 1024

void
gst_tfr_bank_set_clear (GstTfrBankSet *set)
{
  gst_tfr_parallel_free (set->parallel);
  for (guint c = 0; set->analyzers != NULL && c < set->config.channels; c++)
    reassign_analyzer_free (set->analyzers[c]);
  g_free (set->analyzers);
  memset (set, 0, sizeof *set);
}

static void
describe (GstTfrBankSet *set)
{
  const ReassignShape *shape = reassign_analyzer_shape (set->analyzers[0]);

  set->header = (GstTfrHeader){
    .rate = (guint32) set->config.analysis.sample_rate,
    .window_size = (guint32) shape->window_size,
    .hop_size = (guint32) shape->hop,
    .fft_size = (guint32) shape->fft_size,
    .channels = (guint16) set->config.channels,
    .window_family = (guint16) shape->window,
    .fields = set->config.analysis.fields | GST_TFR_FIELDS_ALWAYS,
    .channel_mask = set->config.channel_mask,
    .window_parameter = shape->window_parameter,
    .sum_h = shape->sum,
    .sum_h2 = shape->sum_sq,
    .sigma = shape->sigma,
  };
}

gboolean
gst_tfr_bank_set_give_room (
    const GstTfrBankSet *set, guint n_frames, GstTfrHeader *header)
{
  gsize bins = set->header.fft_size / 2 + 1;
  gsize points = bins * set->config.channels * n_frames;
  GstTfrLayout layout;

  *header = set->header;
  if (points > GST_TFR_MAX_BATCH_SIZE)
    return FALSE;
  header->n_frames = n_frames;
  header->n_points = (guint32) points;
  return gst_tfr_header_get_layout (header, GST_TFR_HEADER_SIZE, &layout);
}

static guint
choose_frames_per_buffer (const GstTfrBankSet *set)
{
  guint wanted = set->config.frames_per_buffer;
  GstTfrHeader room;

  if (wanted == 0)
    wanted = set->header.rate / BATCHES_PER_SECOND / set->header.hop_size;
  wanted = MAX (1, wanted);
  while (wanted > 0 && !gst_tfr_bank_set_give_room (set, wanted, &room))
    wanted /= 2;
  /* halving went too far by up to as much again */
  while (wanted > 0 && wanted < set->config.frames_per_buffer &&
         gst_tfr_bank_set_give_room (set, wanted + 1, &room))
    wanted++;
  return wanted;
}

/* The first analyzer tells the size of a batch: what will not fit is refused
 * before thousands of others are made. */
const gchar *
gst_tfr_bank_set_init (GstTfrBankSet *set, const GstTfrBankConfig *config)
{
  const char *wrong = NULL;

  memset (set, 0, sizeof *set);
  set->config = *config;
  set->analyzers = g_new0 (ReassignAnalyzer *, config->channels);
  for (guint c = 0; c < config->channels && wrong == NULL; c++) {
    set->analyzers[c] = reassign_analyzer_new (&config->analysis, &wrong);
    if (c > 0 || wrong != NULL)
      continue;
    describe (set);
    set->frames_per_buffer = choose_frames_per_buffer (set);
    if (set->frames_per_buffer == 0)
      wrong =
          "one frame of so many channels and bins does not fit into a batch "
          "of 2^28 bytes";
  }
  if (wrong != NULL)
    gst_tfr_bank_set_clear (set);
  return wrong;
}

/* Whole batches, where that is not too much. */
static guint
choose_run (const GstTfrBankSet *set)
{
  guint batch = set->frames_per_buffer;
  guint most =
      MIN (MAX (ENOUGH_FRAMES, batch), MOST_SLOTS / set->config.channels);

  if (most > batch)
    most -= most % batch;
  return MAX (1, most);
}

const gchar *
gst_tfr_bank_set_share (GstTfrBankSet *set, const GstTfrParallelCalls *calls,
    gpointer user, ReassignStats *stats)
{
  guint n = set->config.n_threads, most;
  GstTfrHeader room;
  GstTfrLayout layout;

  if (n == 0)
    n = g_get_num_processors ();
  if (n == 1)
    return NULL;
  most = choose_run (set);
  gst_tfr_bank_set_give_room (set, MIN (most, set->frames_per_buffer), &room);
  gst_tfr_header_get_layout (&room, GST_TFR_HEADER_SIZE, &layout);
  set->parallel = gst_tfr_parallel_new (&(GstTfrParallelConfig){
      .n_threads = n,
      .analysis = &set->config.analysis,
      .analyzers = set->analyzers,
      .n_channels = set->config.channels,
      .batch_size = layout.size,
      .most = most,
      .frames_per_buffer = set->frames_per_buffer,
      .calls = calls,
      .user = user,
      .stats = stats,
  });
  if (set->parallel != NULL)
    return NULL;
  gst_tfr_bank_set_clear (set);
  return "out of memory for so many threads";
}
