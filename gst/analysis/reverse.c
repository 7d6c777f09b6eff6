/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "reverse.h"

static gint64
floor_multiple (gint64 position, gint64 step)
{
  gint64 rest = position % step;

  return position - rest - (rest < 0 ? step : 0);
}

void
gst_tfr_reverse_init (GstTfrReverse *r)
{
  memset (r, 0, sizeof *r);
}

void
gst_tfr_reverse_clear (GstTfrReverse *r)
{
  for (guint c = 0; c < r->channels; c++)
    g_free (r->samples[c]);
  g_free (r->samples);
  g_free (r->sound);
  memset (r, 0, sizeof *r);
}

void
gst_tfr_reverse_start (GstTfrReverse *r, guint channels, gint64 end)
{
  gst_tfr_reverse_clear (r);
  r->channels = channels;
  r->samples = g_new0 (gdouble *, channels);
  r->start = r->end = r->limit = end;
}

gdouble *const *
gst_tfr_reverse_prepend (GstTfrReverse *r, gsize n, gboolean sound)
{
  guint8 *marks = g_malloc (n + r->n + 1);

  for (guint c = 0; c < r->channels; c++) {
    gdouble *longer = g_new0 (gdouble, n + r->n + 1);

    if (r->n > 0)
      memcpy (longer + n, r->samples[c], r->n * sizeof *longer);
    g_free (r->samples[c]);
    r->samples[c] = longer;
  }
  memset (marks, sound, n);
  if (r->n > 0)
    memcpy (marks + n, r->sound, r->n);
  g_free (r->sound);
  r->sound = marks;
  r->n += n;
  r->start -= (gint64) n;
  return r->samples;
}

/* The samples held of [from, to), in runs of sound and of known silence. */
static GstFlowReturn
feed (GstTfrReverse *r, GstTfrBank *bank, gint64 from, gint64 to)
{
  GstFlowReturn flow = GST_FLOW_OK;
  const gdouble **at = g_newa (const gdouble *, r->channels);
  gsize i = (gsize) (from - r->start), end = (gsize) (to - r->start);

  while (i < end && flow == GST_FLOW_OK) {
    gsize n = 1;

    while (i + n < end && r->sound[i + n] == r->sound[i])
      n++;
    for (guint c = 0; c < r->channels; c++)
      at[c] = r->samples[c] + i;
    flow = gst_tfr_bank_feed (bank, r->sound[i] ? at : NULL, n);
    i += n;
  }
  return flow;
}

/* One batch of the frames first ... last.  The topmost ends with the signal, the
 * others where the one before begins, also where that was of another hop.  Where
 * the signal ends so do the frames that vote, as in forward play; silence stands
 * in for what is no longer held since the windows before saw less. */
static GstFlowReturn
emit (GstTfrReverse *r, GstTfrBank *bank, gint64 first, gint64 last)
{
  const ReassignAnalyzer *a = bank->now.analyzers[0];
  gint64 from = MAX (
      r->start, first - (gint64) reassign_analyzer_lookback (a));
  gint64 to = last + (gint64) reassign_analyzer_latency (a);
  gint64 held = r->start + (gint64) r->n;
  GstFlowReturn flow = gst_tfr_bank_start (bank, from);

  gst_tfr_bank_narrow (bank, first, r->limit);
  if (flow == GST_FLOW_OK)
    flow = feed (r, bank, from, MIN (to, held));
  if (flow != GST_FLOW_OK)
    return flow;
  if (to > r->end && held == r->end)
    return gst_tfr_bank_drain (bank);
  if (to > held)
    flow = gst_tfr_bank_feed (bank, NULL, (gsize) (to - held));
  return flow == GST_FLOW_OK ? gst_tfr_bank_finish (bank) : flow;
}

GstFlowReturn
gst_tfr_reverse_run (GstTfrReverse *r, GstTfrBank *bank, gboolean final)
{
  GstFlowReturn flow = GST_FLOW_OK;

  while (flow == GST_FLOW_OK) {
    const ReassignAnalyzer *a;
    gint64 hop, first, last;
    gsize needed;

    flow = gst_tfr_bank_settle (bank);
    a = bank->now.analyzers[0];
    hop = bank->now.header.hop_size;
    last = floor_multiple (r->limit - 1, hop);
    first = floor_multiple (last, hop * bank->now.frames_per_buffer);
    if (final && first < r->start)
      first = -floor_multiple (-r->start, hop);
    if (first > last ||
        (!final && first - (gint64) reassign_analyzer_lookback (a) < r->start))
      break;

    if (flow == GST_FLOW_OK)
      flow = emit (r, bank, first, last);
    r->limit = first;
    /* what no frame below will see */
    needed = (gsize) MAX (0,
        first - hop + (gint64) reassign_analyzer_latency (a) - r->start);
    r->n = MIN (r->n, needed);
  }
  return flow;
}
