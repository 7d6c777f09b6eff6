/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "margins.h"

#include <string.h>

/* Changes of colour that are no farther from each other, px, are taken as one,
 * with what is between. */
#define GAP 8

/* How many ahead memory is fetched: most are in another page, where the
 * processor does not look by itself. */
#define AHEAD 8

/* Both ends of the range are edges: of the plot or of the frame. */
static void
find_between (GArray *edges, const guint32 *pixels, guint32 least, guint32 most)
{
  guint32 from = least, to = least;

  for (guint32 i = least + 1; least < most && i <= most + 1; i++) {
    if (i < most && pixels[i] == pixels[i - 1])
      continue;
    if (i - to > GAP || i > most) {
      const GstTfrEdges e = { least, from, to, MIN (i, most),
        pixels[from > least ? from - 1 : from],
        pixels[to < most ? to : to - 1] };

      g_array_append_val (edges, e);
      least = to;
      from = i;
    }
    to = i;
  }
}

GArray *
gst_tfr_margins_find (const GstTfrCanvas *still, const GstTfrRect *changing)
{
  GArray *edges = g_array_new (FALSE, FALSE, sizeof (GstTfrEdges));
  gint width = still->width, at = 0;

  for (gint y = changing->y; y < changing->y + changing->h; y++) {
    find_between (edges, still->pixels, (guint32) at,
        (guint32) (y * width + changing->x));
    at = y * width + changing->x + changing->w;
  }
  find_between (
      edges, still->pixels, (guint32) at, (guint32) (still->height * width));
  return edges;
}

static inline void
fill (guint32 *pixels, guint32 from, guint32 to, guint32 color)
{
  for (; from < to; from++)
    pixels[from] = color;
}

void
gst_tfr_margins_restore (const GArray *edges, const GstTfrCanvas *still,
    gint slid, GstTfrCanvas *canvas)
{
  const GstTfrEdges *e = (const GstTfrEdges *) edges->data;
  const GstTfrEdges *end = e + edges->len;
  guint32 left = (guint32) MAX (slid, 0), right = (guint32) MAX (-slid, 0);

  for (; e < end; e++) {
    if (e + AHEAD < end)
      __builtin_prefetch (canvas->pixels + e[AHEAD].from, 1);
    fill (canvas->pixels, e->from - MIN (left, e->from - e->least), e->from,
        e->before);
    memcpy (canvas->pixels + e->from, still->pixels + e->from,
        (e->to - e->from) * sizeof *still->pixels);
    fill (
        canvas->pixels, e->to, e->to + MIN (right, e->most - e->to), e->after);
  }
}
