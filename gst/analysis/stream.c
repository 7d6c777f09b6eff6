/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "stream.h"

GST_DEBUG_CATEGORY_EXTERN (tfr_reassign_debug);
#define GST_CAT_DEFAULT tfr_reassign_debug

static void
free_block (GstTfrStream *s)
{
  for (guint c = 0; c < s->n_block; c++)
    g_free (s->block[c]);
  g_clear_pointer (&s->block, g_free);
  s->n_block = 0;
}

static void
make_block (GstTfrStream *s)
{
  free_block (s);
  s->n_block = gst_tfr_input_channels (&s->input);
  s->block = g_new (gdouble *, s->n_block);
  for (guint c = 0; c < s->n_block; c++)
    s->block[c] = g_new (gdouble, GST_TFR_INPUT_BLOCK);
}

void
gst_tfr_stream_init (
    GstTfrStream *s, const GstTfrBankCalls *calls, gpointer user)
{
  memset (s, 0, sizeof *s);
  gst_tfr_bank_init (&s->bank, calls, user);
  gst_tfr_reverse_init (&s->reverse);
  gst_tfr_references_init (&s->references);
  gst_tfr_stream_forget (s);
}

void
gst_tfr_stream_reset (GstTfrStream *s)
{
  gst_tfr_stream_forget (s);
  gst_tfr_bank_clear (&s->bank);
  gst_tfr_input_clear (&s->input);
  gst_caps_replace (&s->caps, NULL);
  free_block (s);
}

void
gst_tfr_stream_clear (GstTfrStream *s)
{
  gst_tfr_stream_reset (s);
  gst_tfr_references_clear (&s->references);
}

/* ------------------------------------------------------------- config ---- */

static void
make_config (const GstTfrStream *s, const GstTfrSettings *settings,
    GstTfrBankConfig *config)
{
  const GstAudioInfo *info = &s->input.info;
  gboolean mix = settings->channel_mode == GST_TFR_CHANNELS_MIX;

  memset (config, 0, sizeof *config);
  gst_tfr_settings_to_config (
      settings, (guint) info->rate, &config->analysis);
  config->analysis.fields = s->fields;
  config->channels = mix ? 1 : (guint) info->channels;
  config->frames_per_buffer = settings->frames_per_buffer;
  config->n_threads = settings->n_threads;
  if (config->channels > 1 || info->channels == 1)
    gst_structure_get (gst_caps_get_structure (s->caps, 0), "channel-mask",
        GST_TYPE_BITMASK, &config->channel_mask, NULL);
}

const gchar *
gst_tfr_stream_set_format (GstTfrStream *s, const GstCaps *caps,
    const GstTfrSettings *settings, GstTfrFields fields)
{
  GstTfrBankConfig config;
  const gchar *wrong = NULL;

  gst_caps_replace (&s->caps, (GstCaps *) caps);
  s->fields = fields;
  gst_tfr_timeline_forget (&s->timeline);
  if (gst_tfr_input_init (&s->input, caps, &wrong)) {
    s->input.mix = settings->channel_mode == GST_TFR_CHANNELS_MIX;
    s->timeline.rate = (guint) s->input.info.rate;
    make_config (s, settings, &config);
    wrong = gst_tfr_bank_configure (&s->bank, &config);
  }
  if (wrong == NULL)
    make_block (s);
  else
    gst_caps_replace (&s->caps, NULL);
  return wrong;
}

static gboolean
is_running (const GstTfrStream *s)
{
  return s->timeline.known && !s->drained;
}

/* Everything but the fields waits for its buffer. */
const gchar *
gst_tfr_stream_set_fields (GstTfrStream *s, GstTfrFields fields)
{
  const GstTfrBank *bank = &s->bank; /* where a change may wait */
  GstTfrBankConfig config = bank->next.analyzers != NULL ? bank->next.config
                                                         : bank->now.config;
  const gchar *wrong;

  config.analysis.fields = fields;
  wrong = gst_tfr_bank_change (&s->bank, &config);
  if (wrong != NULL)
    return wrong;
  s->fields = fields;
  if (is_running (s) && !s->timeline.reverse)
    gst_tfr_bank_feed (&s->bank, NULL, 0); /* the next one says how it went */
  return NULL;
}

const gchar *
gst_tfr_stream_change (GstTfrStream *s, const GstTfrSettings *settings)
{
  gboolean mix = settings->channel_mode == GST_TFR_CHANNELS_MIX;
  GstTfrBankConfig config;
  const gchar *wrong;

  make_config (s, settings, &config);
  if (mix != s->input.mix && s->timeline.reverse)
    gst_tfr_stream_drain (s); /* what is held is of other channels */
  wrong = gst_tfr_bank_change (&s->bank, &config);
  if (wrong == NULL && mix != s->input.mix) {
    s->input.mix = mix;
    make_block (s);
  }
  return wrong;
}

/* --------------------------------------------------- begins and ends ---- */

void
gst_tfr_stream_set_segment (GstTfrStream *s, const GstSegment *segment)
{
  gst_tfr_reverse_clear (&s->reverse);
  gst_tfr_timeline_set_segment (&s->timeline, segment);
}

void
gst_tfr_stream_forget (GstTfrStream *s)
{
  gst_tfr_bank_begin (&s->bank);
  gst_tfr_timeline_forget (&s->timeline);
  gst_tfr_reverse_clear (&s->reverse);
  gst_tfr_references_forget (&s->references);
}

GstFlowReturn
gst_tfr_stream_drain (GstTfrStream *s)
{
  if (!is_running (s))
    return GST_FLOW_OK;
  GST_DEBUG ("drain");
  s->drained = TRUE;
  return s->timeline.reverse
             ? gst_tfr_reverse_run (&s->reverse, &s->bank, TRUE)
             : gst_tfr_bank_drain (&s->bank);
}

/* Gets ready for a stretch of samples that do not follow those before. */
static GstFlowReturn
begin (GstTfrStream *s, const GstTfrStretch *stretch)
{
  GstFlowReturn flow;

  GST_DEBUG ("begin at sample %" G_GINT64_FORMAT, stretch->position);
  s->drained = FALSE;
  gst_tfr_bank_wait (&s->bank); /* after a failure a batch may still leave */
  s->bank.discont = TRUE;
  s->bank.flags = s->timeline.reverse ? GST_TFR_FLAG_REVERSED : 0;
  if (!s->timeline.reverse)
    return gst_tfr_bank_start (&s->bank, stretch->position);
  flow = gst_tfr_bank_settle (&s->bank);
  gst_tfr_reverse_start (&s->reverse, gst_tfr_input_channels (&s->input),
      stretch->position + (gint64) stretch->n);
  return flow;
}

/* ------------------------------------------------------------ samples ---- */

/* Those of the mapped buffer, or as many of silence. */
static GstFlowReturn
analyse_forward (
    GstTfrStream *s, const GstTfrStretch *stretch, gboolean sound)
{
  GstFlowReturn flow = GST_FLOW_OK;
  gsize i = stretch->skip, end = i + stretch->n;

  if (!sound)
    return gst_tfr_bank_feed (&s->bank, NULL, stretch->n);
  for (; i < end && flow == GST_FLOW_OK; i += GST_TFR_INPUT_BLOCK) {
    gsize count = MIN (end - i, GST_TFR_INPUT_BLOCK);

    for (guint c = 0; c < s->n_block; c++)
      gst_tfr_input_read (&s->input, c, i, count, s->block[c]);
    flow = gst_tfr_bank_feed (
        &s->bank, (const gdouble *const *) s->block, count);
  }
  return flow;
}

static GstFlowReturn
analyse_backward (
    GstTfrStream *s, const GstTfrStretch *stretch, gboolean sound)
{
  gsize n = stretch->n;
  gdouble *const *to = gst_tfr_reverse_prepend (&s->reverse, n, sound);

  for (gsize i = 0; sound && i < n; i += GST_TFR_INPUT_BLOCK)
    for (guint c = 0; c < s->n_block; c++)
      gst_tfr_input_read (&s->input, c, stretch->skip + i,
          MIN (n - i, GST_TFR_INPUT_BLOCK), to[c] + i);
  return gst_tfr_reverse_run (&s->reverse, &s->bank, FALSE);
}

/* The mapped buffer, or without one as much silence. */
static GstFlowReturn
analyse (GstTfrStream *s, GstBuffer *buffer, GstClockTime pts,
    gboolean discont, gsize n)
{
  gboolean sound =
      buffer != NULL && !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP);
  GstFlowReturn flow = GST_FLOW_OK;
  GstTfrStretch stretch;
  GstTfrTimelineStep step;

  step = gst_tfr_timeline_place (
      &s->timeline, pts, discont || s->drained, n, &stretch);
  if (step == GST_TFR_TIMELINE_OUTSIDE)
    return GST_FLOW_OK;
  GST_LOG ("%" G_GSIZE_FORMAT " samples at %" G_GINT64_FORMAT, stretch.n,
      stretch.position);
  if (step == GST_TFR_TIMELINE_JUMPS)
    flow = gst_tfr_stream_drain (s);
  if (flow == GST_FLOW_OK &&
      (step != GST_TFR_TIMELINE_CONTINUES || s->drained))
    flow = begin (s, &stretch);
  if (flow == GST_FLOW_OK && buffer != NULL && gst_tfr_references_any (buffer)) {
    flow = gst_tfr_bank_wait (&s->bank); /* batches before have those before */
    gst_tfr_references_take (
        &s->references, buffer, stretch.position - (gint64) stretch.skip);
  }
  if (flow == GST_FLOW_OK)
    flow = s->timeline.reverse ? analyse_backward (s, &stretch, sound)
                               : analyse_forward (s, &stretch, sound);
  /* Some of the samples may have been left out; nothing can follow them. */
  if (flow != GST_FLOW_OK)
    s->drained = TRUE;
  return flow;
}

GstFlowReturn
gst_tfr_stream_push (GstTfrStream *s, GstBuffer *buffer, const gchar **wrong)
{
  gboolean discont =
      GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT) ||
      GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_RESYNC);
  GstFlowReturn flow = GST_FLOW_OK;
  gsize n = gst_tfr_input_map (&s->input, buffer, wrong);

  if (*wrong != NULL)
    flow = GST_FLOW_ERROR;
  else if (n > 0)
    flow = analyse (s, buffer, GST_BUFFER_PTS (buffer), discont, n);
  gst_tfr_input_unmap (&s->input);
  return flow;
}

GstFlowReturn
gst_tfr_stream_push_silence (
    GstTfrStream *s, GstClockTime start, GstClockTime stop)
{
  gsize n = gst_tfr_timeline_silence (&s->timeline, start, stop);

  return n > 0 ? analyse (s, NULL, start, FALSE, n) : GST_FLOW_OK;
}
