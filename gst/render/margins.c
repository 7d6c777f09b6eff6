/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "margins.h"

#include <string.h>

/* Changes of colour that are no farther from each other, px, are taken as one,
 * with what is between. */
#define GAP 8

/* How many ahead memory is fetched: most are in another page, where the
 * processor does not look by itself. */
#define AHEAD 8

void
gst_tfr_margins_init (GstTfrMargins *m)
{
  m->edges = g_array_new (FALSE, FALSE, sizeof (GstTfrEdges));
  m->pixels = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
gst_tfr_margins_clear (GstTfrMargins *m)
{
  g_clear_pointer (&m->edges, g_array_unref);
  g_clear_pointer (&m->pixels, g_array_unref);
}

/* Both ends of the range are edges: of the plot or of the frame. */
static void
find_between (
    GstTfrMargins *m, const guint32 *pixels, guint32 least, guint32 most)
{
  guint32 from = least, to = least;

  for (guint32 i = least + 1; least < most && i <= most + 1; i++) {
    if (i < most && pixels[i] == pixels[i - 1])
      continue;
    if (i - to > GAP || i > most) {
      const GstTfrEdges e = { least, from, to, MIN (i, most),
        pixels[from > least ? from - 1 : from],
        pixels[to < most ? to : to - 1] };

      g_array_append_val (m->edges, e);
      g_array_append_vals (m->pixels, pixels + from, to - from);
      least = to;
      from = i;
    }
    to = i;
  }
}

void
gst_tfr_margins_find (
    GstTfrMargins *m, const GstTfrCanvas *still, const GstTfrRect *changing)
{
  guint32 width = (guint32) still->width, at = 0;

  g_array_set_size (m->edges, 0);
  g_array_set_size (m->pixels, 0);
  for (gint y = changing->y; y < changing->y + changing->h; y++) {
    guint32 begin = (guint32) y * width + (guint32) changing->x;

    find_between (m, still->pixels, at, begin);
    at = begin + (guint32) changing->w;
  }
  find_between (m, still->pixels, at, (guint32) still->height * width);
}

/* Four pixels, anywhere. */
typedef guint32 Four __attribute__ ((vector_size (16), aligned (4), may_alias));

/* Mostly some ten; the last four may be written twice. */
static inline void
fill (guint32 *pixels, guint32 from, guint32 to, guint32 color)
{
  const Four four = { color, color, color, color };

  if (to - from < 4) {
    for (; from < to; from++)
      pixels[from] = color;
    return;
  }
  for (; from + 4 < to; from += 4)
    *(Four *) (pixels + from) = four;
  *(Four *) (pixels + to - 4) = four;
}

void
gst_tfr_margins_restore (
    const GstTfrMargins *m, gint slid, GstTfrCanvas *canvas)
{
  const guint32 *pixels = (const guint32 *) m->pixels->data;
  guint32 left = (guint32) MAX (slid, 0), right = (guint32) MAX (-slid, 0);
  guint n_edges = m->edges->len, at = 0;

  for (guint i = 0; i < n_edges; i++) {
    const GstTfrEdges *e = &g_array_index (m->edges, GstTfrEdges, i);
    guint32 n = e->to - e->from;

    if (i + AHEAD < n_edges)
      __builtin_prefetch (canvas->pixels + e[AHEAD].from, 1);
    fill (canvas->pixels, e->from - MIN (left, e->from - e->least), e->from,
        e->before);
    if (n > 0)
      memcpy (canvas->pixels + e->from, pixels + at, n * sizeof *pixels);
    fill (
        canvas->pixels, e->to, e->to + MIN (right, e->most - e->to), e->after);
    at += n;
  }
}
