/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "history.h"

#include <math.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

/* -------------------------------------------------------------- spots ---- */

void
gst_tfr_spots_reserve (GstTfrSpots *s, guint values, guint n)
{
  if (n > s->reserved)
    s->reserved = MAX (n, 2 * s->reserved);
  else
    n = 0;
  for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++) {
    if (!(values >> v & 1))
      g_clear_pointer (&s->values[v], g_free);
    else if (n > 0 || s->values[v] == NULL)
      s->values[v] = g_renew (gfloat, s->values[v], s->reserved);
  }
}

void
gst_tfr_spots_clear (GstTfrSpots *s)
{
  for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
    g_free (s->values[v]);
  g_free (s->sorted);
  memset (s, 0, sizeof *s);
}

/* The `most`th largest of n values, whose order is lost (Hoare's selection). */
static gfloat
find_largest (gfloat *values, guint n, guint most)
{
  gint low = 0, high = (gint) n - 1, wanted = (gint) most - 1;

  while (low < high) {
    gfloat pivot = values[low + (high - low) / 2];
    gint i = low, j = high;

    do {
      while (values[i] > pivot)
        i++;
      while (pivot > values[j])
        j--;
      if (i <= j) {
        gfloat t = values[i];

        values[i++] = values[j];
        values[j--] = t;
      }
    } while (i <= j);
    if (wanted <= j)
      high = j;
    else if (wanted >= i)
      low = i;
    else
      break;
  }
  return values[wanted];
}

/* Leaves the `most` strongest, in their order. */
static void
select_strongest (GstTfrSpots *s, guint most)
{
  const gfloat *energy = s->values[GST_TFR_SPOT_ENERGY];
  guint equal = most, to = 0; /* of the least, so many fit */
  gfloat least;

  if (s->n > s->n_sorted) {
    s->n_sorted = MAX (s->n, s->reserved);
    s->sorted = g_renew (gfloat, s->sorted, s->n_sorted);
  }
  memcpy (s->sorted, energy, s->n * sizeof *energy);
  least = find_largest (s->sorted, s->n, most);
  for (guint i = 0; i < s->n; i++)
    equal -= energy[i] > least;
  for (guint i = 0; i < s->n; i++) {
    if (energy[i] < least || (energy[i] == least && equal == 0))
      continue;
    equal -= energy[i] == least;
    for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
      if (s->values[v] != NULL)
        s->values[v][to] = s->values[v][i];
    to++;
  }
  s->n = to;
}

/* ------------------------------------------------------------ history ---- */

void
gst_tfr_history_init (GstTfrHistory *h, gsize budget)
{
  memset (h, 0, sizeof *h);
  h->budget = budget;
  h->frames = g_array_new (FALSE, FALSE, sizeof (GstTfrHistoryFrame));
}

void
gst_tfr_history_clear (GstTfrHistory *h)
{
  gst_tfr_spots_clear (&h->ring);
  g_clear_pointer (&h->frames, g_array_unref);
}

void
gst_tfr_history_empty (GstTfrHistory *h)
{
  h->written = 0;
  h->forgotten = 0;
  g_array_set_size (h->frames, 0);
}

/* Megabytes that are written once in every few seconds: in large pages, where
 * there are, the kernel need not bring in thousands of small ones. */
static void
use_large_pages (gfloat *values, gsize n)
{
#ifdef MADV_HUGEPAGE
  const guintptr page = 4096, from = (guintptr) values & ~(page - 1);

  madvise ((gpointer) from,
      ((guintptr) (values + n) - from + page - 1) & ~(page - 1), MADV_HUGEPAGE);
#endif
}

/* Frames that still fit, from the newest back. */
static guint
first_that_fits (const GstTfrHistory *h, guint capacity)
{
  guint first = gst_tfr_history_length (h), n = 0;

  while (first > 0) {
    n += gst_tfr_history_peek (h, first - 1)->n;
    if (n > capacity)
      break;
    first--;
  }
  return first;
}

void
gst_tfr_history_want (GstTfrHistory *h, guint values)
{
  GstTfrHistory other = *h;
  GstTfrSpots spots = { 0 };
  guint before = 0, n = gst_tfr_history_length (h);

  for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
    before |= (guint) (h->ring.values[v] != NULL) << v;
  if (values == before)
    return;

  gst_tfr_history_init (&other, h->budget);
  other.capacity = (guint) (h->budget / ((guint) __builtin_popcount (values) *
                                            sizeof (gfloat)));
  gst_tfr_spots_reserve (&other.ring, values, other.capacity);
  for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
    if (other.ring.values[v] != NULL)
      use_large_pages (other.ring.values[v], other.capacity);
  for (guint i = first_that_fits (h, other.capacity); i < n; i++) {
    const GstTfrHistoryFrame *frame = gst_tfr_history_peek (h, i);

    gst_tfr_spots_reserve (&spots, values | before, frame->n);
    for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
      for (guint s = 0; values & ~before & 1u << v && s < frame->n; s++)
        spots.values[v][s] = NAN;
    gst_tfr_history_read (h, i, &spots);
    gst_tfr_history_push (
        &other, frame->centre, frame->channel, &spots, spots.n);
  }
  gst_tfr_spots_clear (&spots);
  gst_tfr_history_clear (h);
  *h = other;
}

/* n values of a ring, from a plain array or to one. */
static void
write_ring (gfloat *ring, guint size, guint64 at, const gfloat *from, guint n)
{
  guint start = (guint) (at % size), first = MIN (n, size - start);

  memcpy (ring + start, from, first * sizeof *ring);
  memcpy (ring, from + first, (n - first) * sizeof *ring);
}

static void
read_ring (const gfloat *ring, guint size, guint64 at, gfloat *to, guint n)
{
  guint start = (guint) (at % size), first = MIN (n, size - start);

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

gboolean
gst_tfr_history_is_full (const GstTfrHistory *h, guint n)
{
  return gst_tfr_history_length (h) > 0 &&
         gst_tfr_history_peek (h, 0)->at + h->capacity < h->written + n;
}

void
gst_tfr_history_thin (
    GstTfrHistory *h, gint64 from, gint64 until, gint64 again, guint most)
{
  guint n = gst_tfr_history_length (h), values = 0, to = 0;
  guint64 at = n > 0 ? gst_tfr_history_peek (h, 0)->at : h->written;
  GstTfrSpots spots = { 0 };

  for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
    values |= (guint) (h->ring.values[v] != NULL) << v;
  /* what is written never overtakes what is read */
  for (guint i = 0; i < n; i++) {
    GstTfrHistoryFrame frame = *gst_tfr_history_peek (h, i);

    if (frame.centre < from || (frame.centre > until && frame.centre < again))
      continue;
    gst_tfr_spots_reserve (&spots, values, frame.n);
    gst_tfr_history_read (h, i, &spots);
    if (spots.n > most)
      select_strongest (&spots, most);
    frame.n = spots.n;
    frame.at = at;
    for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
      if (spots.values[v] != NULL)
        write_ring (
            h->ring.values[v], h->capacity, at, spots.values[v], spots.n);
    g_array_index (h->frames, GstTfrHistoryFrame, h->forgotten + to++) = frame;
    at += frame.n;
  }
  h->written = at;
  g_array_set_size (h->frames, h->forgotten + to);
  gst_tfr_spots_clear (&spots);
}

void
gst_tfr_history_push (GstTfrHistory *h, gint64 centre, guint channel,
    GstTfrSpots *spots, guint most)
{
  guint size = h->capacity;
  GstTfrHistoryFrame frame = { centre, channel,
    MIN (spots->n, MIN (most, size)), h->written };

  if (frame.n == 0) /* in silence frames would pile up for ever */
    return;
  if (frame.n < spots->n)
    select_strongest (spots, frame.n);
  for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
    if (h->ring.values[v] != NULL)
      write_ring (h->ring.values[v], size, frame.at, spots->values[v], frame.n);
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
gst_tfr_history_peek (const GstTfrHistory *h, guint index)
{
  return &g_array_index (h->frames, GstTfrHistoryFrame, h->forgotten + index);
}

void
gst_tfr_history_read (const GstTfrHistory *h, guint index, GstTfrSpots *spots)
{
  const GstTfrHistoryFrame *frame = gst_tfr_history_peek (h, index);

  spots->n = frame->n;
  for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
    if (h->ring.values[v] != NULL)
      read_ring (h->ring.values[v], h->capacity, frame->at, spots->values[v],
          frame->n);
}
