/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "strokes.h"

#include <math.h>
#include <string.h>

/* Hops that a stretch may reach back from its frame.  Rows lie within a hop of
 * theirs, and there is one in each. */
#define REACH 4

/* Partials without an end that are kept in mind. */
#define MOST_PARTIALS 65536

typedef struct {
  gdouble time, frequency;
  gdouble amplitude;
} Row;

void
gst_tfr_strokes_init (GstTfrStrokes *s)
{
  s->last = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  s->counts = g_array_new (FALSE, TRUE, sizeof (guint32));
  s->times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  s->frequencies = g_array_new (FALSE, FALSE, sizeof (gdouble));
  s->magnitudes = g_array_new (FALSE, FALSE, sizeof (gfloat));
  s->phases = g_array_new (FALSE, FALSE, sizeof (gfloat));
  s->slopes = g_array_new (FALSE, FALSE, sizeof (gfloat));
}

void
gst_tfr_strokes_clear (GstTfrStrokes *s)
{
  g_clear_pointer (&s->last, g_hash_table_unref);
  g_clear_pointer (&s->counts, g_array_unref);
  g_clear_pointer (&s->times, g_array_unref);
  g_clear_pointer (&s->frequencies, g_array_unref);
  g_clear_pointer (&s->magnitudes, g_array_unref);
  g_clear_pointer (&s->phases, g_array_unref);
  g_clear_pointer (&s->slopes, g_array_unref);
}

void
gst_tfr_strokes_restart (GstTfrStrokes *s, gboolean reverse)
{
  g_hash_table_remove_all (s->last);
  s->reverse = reverse;
}

/* A point of magnitude 1 has the energy of a sine of amplitude 1 over a hop:
 * hop / 2. */
void
gst_tfr_strokes_get_header (const GstTfrHeader *partials, GstTfrHeader *points)
{
  *points = *partials;
  points->fields =
      GST_TFR_FIELDS_ALWAYS | GST_TFR_FIELD_PHASE | GST_TFR_FIELD_CHIRP_RATE;
  points->window_size =
      (guint32) MIN ((guint64) REACH * partials->hop_size, G_MAXINT);
  points->sum_h = points->sum_h2 = points->fft_size;
}

static void
add_point (GstTfrStrokes *s, gdouble time, gdouble frequency, gdouble magnitude,
    gdouble phase, gdouble slope)
{
  const gfloat m = (gfloat) magnitude, p = (gfloat) phase, c = (gfloat) slope;

  g_array_append_val (s->times, time);
  g_array_append_val (s->frequencies, frequency);
  g_array_append_val (s->magnitudes, m);
  g_array_append_val (s->phases, p);
  g_array_append_val (s->slopes, c);
}

/* One point for each hop begun.  Amplitudes go straight from row to row, so a
 * piece from a to b has a mean square of (a^2 + a b + b^2) / 3. */
static guint
add_stretch (GstTfrStrokes *s, const Row *from, const Row *to, gdouble phase,
    gdouble hop)
{
  gdouble span = to->time - from->time;
  gdouble slope = (to->frequency - from->frequency) / span;
  guint n = (guint) CLAMP (ceil (fabs (span) / hop - 1e-6), 1, REACH);

  for (guint i = 0; i < n; i++) {
    gdouble begin = (gdouble) i / n, middle = (i + 0.5) / n;
    gdouble end = (i + 1.0) / n, step = to->amplitude - from->amplitude;
    gdouble a = from->amplitude + begin * step;
    gdouble b = from->amplitude + end * step;
    gdouble square = (a * a + a * b + b * b) / 3;

    add_point (s, from->time + middle * span,
        from->frequency + middle * (to->frequency - from->frequency),
        sqrt (square * fabs (span) / n / hop), phase, slope);
  }
  return n;
}

static gboolean
is_sound (const Row *row)
{
  return isfinite (row->time) && isfinite (row->frequency) &&
         row->amplitude >= 0 && row->amplitude < 1e12;
}

/* The stretch that this row completes, if there is one. */
static guint
take_row (GstTfrStrokes *s, const GstTfrPartials *rows, guint i, guint channel)
{
  gdouble hop = (gdouble) rows->header.hop_size / rows->header.rate;
  guint32 flags = rows->flags[i];
  gboolean begins =
      flags & (s->reverse ? GST_TFR_ROW_DEATH : GST_TFR_ROW_BIRTH);
  gboolean ends = flags & (s->reverse ? GST_TFR_ROW_BIRTH : GST_TFR_ROW_DEATH);
  gint64 key = (gint64) channel << 32 | rows->id[i];
  Row row = { rows->time[i], rows->frequency[i], rows->amplitude[i] };
  Row *last = g_hash_table_lookup (s->last, &key);
  gdouble span = last == NULL ? 0 : row.time - last->time;
  guint n = 0;

  if (!is_sound (&row))
    return 0;
  if (!begins && (s->reverse ? span < 0 : span > 0) &&
      fabs (span) < REACH * hop)
    n = add_stretch (s, last, &row, rows->phase[i], hop);
  if (ends)
    g_hash_table_remove (s->last, &key);
  else if (last != NULL)
    *last = row;
  else if (g_hash_table_size (s->last) < MOST_PARTIALS)
    g_hash_table_insert (
        s->last, g_memdup2 (&key, sizeof key), g_memdup2 (&row, sizeof row));
  return n;
}

static void
swap_around (GArray *array)
{
  guint size = g_array_get_element_size (array);
  gchar spare[sizeof (gdouble)];

  for (guint i = 0; i < array->len / 2; i++) {
    gchar *one = array->data + (gsize) i * size;
    gchar *other = array->data + (gsize) (array->len - 1 - i) * size;

    memcpy (spare, one, size);
    memcpy (one, other, size);
    memcpy (other, spare, size);
  }
}

static void
empty (GstTfrStrokes *s, guint n_counts)
{
  g_array_set_size (s->counts, n_counts);
  g_array_set_size (s->times, 0);
  g_array_set_size (s->frequencies, 0);
  g_array_set_size (s->magnitudes, 0);
  g_array_set_size (s->phases, 0);
  g_array_set_size (s->slopes, 0);
}

/* In the direction of play; backwards the points are turned round at the end,
 * so that they stand by frames and channels again. */
static void
take_rows (GstTfrStrokes *s, const GstTfrPartials *rows)
{
  const GstTfrHeader *h = &rows->header;
  guint n_counts = h->n_frames * h->channels;
  guint at = s->reverse ? h->n_points : 0;

  empty (s, n_counts);
  for (guint k = 0; k < n_counts; k++) {
    guint slot = s->reverse ? n_counts - 1 - k : k;
    guint count = rows->counts[slot], n = 0;

    if (s->reverse)
      at -= count;
    for (guint i = 0; i < count; i++)
      n += take_row (s, rows, s->reverse ? at + count - 1 - i : at + i,
          slot % h->channels);
    if (!s->reverse)
      at += count;
    g_array_index (s->counts, guint32, slot) = n;
  }
  if (s->reverse) {
    swap_around (s->times);
    swap_around (s->frequencies);
    swap_around (s->magnitudes);
    swap_around (s->phases);
    swap_around (s->slopes);
  }
}

void
gst_tfr_strokes_draw (
    GstTfrStrokes *s, const GstTfrPartials *partials, GstTfrBatch *points)
{
  take_rows (s, partials);
  memset (points, 0, sizeof *points);
  gst_tfr_strokes_get_header (&partials->header, &points->header);
  points->header.n_points = s->times->len;
  points->counts = (const guint32 *) s->counts->data;
  points->time = (const gdouble *) s->times->data;
  points->frequency = (const gdouble *) s->frequencies->data;
  points->magnitude = (const gfloat *) s->magnitudes->data;
  points->phase = (const gfloat *) s->phases->data;
  points->chirp_rate = (const gfloat *) s->slopes->data;
}
