/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "history.h"

#include <string.h>

void
gst_tfr_spots_reserve (GstTfrSpots *s, guint *reserved, guint n)
{
  if (n <= *reserved)
    return;
  n = MAX (n, 2 * *reserved);
  s->shift = g_renew (gfloat, s->shift, n);
  s->frequency = g_renew (gfloat, s->frequency, n);
  s->bin = g_renew (gfloat, s->bin, n);
  s->amplitude = g_renew (gfloat, s->amplitude, n);
  *reserved = n;
}

void
gst_tfr_spots_clear (GstTfrSpots *s)
{
  g_free (s->shift);
  g_free (s->frequency);
  g_free (s->bin);
  g_free (s->amplitude);
  memset (s, 0, sizeof *s);
}

void
gst_tfr_history_init (GstTfrHistory *h, gsize budget)
{
  memset (h, 0, sizeof *h);
  h->capacity = (guint) (budget / (4 * sizeof (gfloat)));
  h->frames = g_array_new (FALSE, FALSE, sizeof (GstTfrHistoryFrame));
}

void
gst_tfr_history_clear (GstTfrHistory *h)
{
  gst_tfr_spots_clear (&h->spots);
  g_clear_pointer (&h->frames, g_array_unref);
}

void
gst_tfr_history_empty (GstTfrHistory *h)
{
  h->written = 0;
  h->forgotten = 0;
  g_array_set_size (h->frames, 0);
}

static void
swap (gfloat *x, guint i, guint j)
{
  gfloat t = x[i];

  x[i] = x[j];
  x[j] = t;
}

/* Brings the `most` strongest to the front (Hoare's partition). */
static void
select_strongest (GstTfrSpots *s, guint most)
{
  gint low = 0, high = (gint) s->n - 1, wanted = (gint) most;

  while (low < high) {
    gfloat pivot = s->amplitude[low + (high - low) / 2];
    gint i = low, j = high;

    do {
      while (s->amplitude[i] > pivot)
        i++;
      while (pivot > s->amplitude[j])
        j--;
      if (i <= j) {
        swap (s->shift, (guint) i, (guint) j);
        swap (s->frequency, (guint) i, (guint) j);
        swap (s->bin, (guint) i, (guint) j);
        swap (s->amplitude, (guint) i, (guint) j);
        i++;
        j--;
      }
    } while (i <= j);
    if (wanted <= j)
      high = j;
    else if (wanted >= i)
      low = i;
    else
      break;
  }
}

/* n values of a ring, from or to a plain array. */
static void
ring_write (gfloat *ring, guint capacity, guint64 at, const gfloat *from, guint n)
{
  guint start = (guint) (at % capacity), first = MIN (n, capacity - start);

  memcpy (ring + start, from, first * sizeof *ring);
  memcpy (ring, from + first, (n - first) * sizeof *ring);
}

static void
ring_read (const gfloat *ring, guint capacity, guint64 at, gfloat *to, guint n)
{
  guint start = (guint) (at % capacity), first = MIN (n, capacity - start);

  memcpy (to, ring + start, first * sizeof *ring);
  memcpy (to + first, ring, (n - first) * sizeof *ring);
}

static void
forget_overwritten (GstTfrHistory *h)
{
  while (h->forgotten < h->frames->len &&
         g_array_index (h->frames, GstTfrHistoryFrame, h->forgotten).at +
                 h->capacity <
             h->written)
    h->forgotten++;
  if (h->forgotten > 1024 && h->forgotten > h->frames->len / 2) {
    g_array_remove_range (h->frames, 0, h->forgotten);
    h->forgotten = 0;
  }
}

void
gst_tfr_history_push (GstTfrHistory *h, gint64 centre, guint channel,
    GstTfrSpots *spots, guint most)
{
  GstTfrHistoryFrame frame = { centre, channel, spots->n, h->written };
  guint reserved = 0;

  if (spots->n == 0)
    return;
  if (h->spots.shift == NULL)
    gst_tfr_spots_reserve (&h->spots, &reserved, h->capacity);
  most = MIN (most, h->capacity);
  if (spots->n > most) {
    select_strongest (spots, most);
    frame.n = most;
  }
  ring_write (h->spots.shift, h->capacity, frame.at, spots->shift, frame.n);
  ring_write (
      h->spots.frequency, h->capacity, frame.at, spots->frequency, frame.n);
  ring_write (h->spots.bin, h->capacity, frame.at, spots->bin, frame.n);
  ring_write (
      h->spots.amplitude, h->capacity, frame.at, spots->amplitude, frame.n);
  h->written += frame.n;
  g_array_append_val (h->frames, frame);
  forget_overwritten (h);
}

guint
gst_tfr_history_length (const GstTfrHistory *h)
{
  return h->frames->len - h->forgotten;
}

const GstTfrHistoryFrame *
gst_tfr_history_get (const GstTfrHistory *h, guint index, GstTfrSpots *spots)
{
  const GstTfrHistoryFrame *frame =
      &g_array_index (h->frames, GstTfrHistoryFrame, h->forgotten + index);

  spots->n = frame->n;
  ring_read (h->spots.shift, h->capacity, frame->at, spots->shift, frame->n);
  ring_read (
      h->spots.frequency, h->capacity, frame->at, spots->frequency, frame->n);
  ring_read (h->spots.bin, h->capacity, frame->at, spots->bin, frame->n);
  ring_read (
      h->spots.amplitude, h->capacity, frame->at, spots->amplitude, frame->n);
  return frame;
}
