/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "picture.h"

#include "lanes.h"
#include "splats.h"

#include <math.h>
#include <string.h>

/* For the points that can be drawn again. */
#define HISTORY_BUDGET (16 << 20)

/* Who records at a higher rate wants to see what cannot be heard. */
#define ULTRASOUND 96000

#define SPOT(p, value) ((p)->spots.values[GST_TFR_SPOT_##value])

void
gst_tfr_picture_init (GstTfrPicture *p)
{
  memset (p, 0, sizeof *p);
  gst_tfr_look_init (&p->look);
  gst_tfr_history_init (&p->history, HISTORY_BUDGET);
  p->frozen = G_MAXINT64;
}

void
gst_tfr_picture_clear (GstTfrPicture *p)
{
  gst_tfr_lanes_clear (p);
  gst_tfr_look_clear (&p->look);
  gst_tfr_history_clear (&p->history);
  gst_tfr_spots_clear (&p->spots);
  g_clear_pointer (&p->times, g_free);
  g_clear_pointer (&p->frequencies, g_free);
  g_clear_pointer (&p->energies, g_free);
}

void
gst_tfr_picture_get_range (
    const GstTfrPicture *p, gdouble *min_hz, gdouble *max_hz)
{
  gdouble nyquist = p->header.rate / 2.0;

  *min_hz = p->look.min_frequency;
  *max_hz = p->look.max_frequency;
  if (*max_hz == 0)
    *max_hz = p->header.rate > ULTRASOUND ? nyquist : MIN (nyquist, 16000);
  if (*min_hz == 0 && p->look.frequency_scale == REASSIGN_SCALE_LOG)
    *min_hz = MIN (20, *max_hz / 1000);
  /* An empty range becomes one below the maximum. */
  if (*min_hz >= *max_hz * 0.9999)
    *min_hz =
        p->look.frequency_scale == REASSIGN_SCALE_LOG ? *max_hz / 1000 : 0;
}

/* Makes the lanes anew and draws the history into them. */
static const gchar *
rebuild (GstTfrPicture *p)
{
  guint n = gst_tfr_history_length (&p->history);
  const gchar *wrong = gst_tfr_lanes_make (p);

  p->stale = wrong != NULL;
  p->serial++;
  p->dirty = G_MININT64;
  for (guint i = 0; p->n_lanes > 0 && i < n; i++) {
    const GstTfrHistoryFrame *frame = gst_tfr_history_peek (&p->history, i);

    if (frame->centre > p->frozen)
      break;
    gst_tfr_history_read (&p->history, i, &p->spots);
    gst_tfr_splats_draw (p, frame->centre, frame->channel);
  }
  return wrong;
}

const gchar *
gst_tfr_picture_settle (GstTfrPicture *p)
{
  return p->stale ? rebuild (p) : NULL;
}

void
gst_tfr_picture_set_look (GstTfrPicture *p, const GstTfrLook *look)
{
  if (gst_tfr_look_compare (&p->look, look) == GST_TFR_LOOK_SHAPE)
    p->stale = TRUE;
  gst_tfr_look_copy (&p->look, look);
}

void
gst_tfr_picture_set_size (GstTfrPicture *p, guint length, guint breadth)
{
  if (p->length != length || p->breadth != breadth)
    p->stale = TRUE;
  p->length = length;
  p->breadth = breadth;
}

/* What is kept of the points, by what they carry. */
static guint
spot_values (const GstTfrHeader *h)
{
  guint values = 1 << GST_TFR_SPOT_SHIFT | 1 << GST_TFR_SPOT_FREQUENCY |
                 1 << GST_TFR_SPOT_BIN | 1 << GST_TFR_SPOT_ENERGY;

  if (h->fields & GST_TFR_FIELD_MIXED)
    values |= 1 << GST_TFR_SPOT_MIXED;
  if (h->fields & GST_TFR_FIELD_CHIRP_RATE)
    values |= 1 << GST_TFR_SPOT_CHIRP_RATE;
  if (h->fields & GST_TFR_FIELD_PHASE)
    values |= 1 << GST_TFR_SPOT_PHASE;
  return values;
}

void
gst_tfr_picture_set_stream (GstTfrPicture *p, const GstTfrHeader *header)
{
  const GstTfrHeader *h = &p->header;

  if (h->kind != header->kind || h->rate != header->rate ||
      h->channels != header->channels || h->hop_size != header->hop_size ||
      h->window_size != header->window_size || h->fft_size != header->fft_size)
    p->stale = TRUE;
  p->header = *header;
  gst_tfr_history_want (&p->history, spot_values (header));
  /* what is read back needs the same room */
  gst_tfr_spots_reserve (&p->spots, spot_values (header), 0);
}

void
gst_tfr_picture_start (
    GstTfrPicture *p, const GstTfrHeader *header, gint64 base, gboolean reverse)
{
  gst_tfr_history_empty (&p->history);
  gst_tfr_picture_set_stream (p, header);
  p->base = base;
  p->reverse = reverse;
  p->frozen = G_MAXINT64;
  p->stale = TRUE;
}

void
gst_tfr_picture_freeze (GstTfrPicture *p, gint64 position)
{
  /* Points that waited are drawn, others are taken away, with all the rest. */
  if (p->frozen != G_MAXINT64 && position != p->frozen)
    p->stale = TRUE;
  p->frozen = position;
}

/* ------------------------------------------------------------- points ---- */

static void
reserve (GstTfrPicture *p, guint n)
{
  gst_tfr_spots_reserve (&p->spots, spot_values (&p->header), n);
  if (p->spots.reserved == p->reserved)
    return;
  p->reserved = p->spots.reserved;
  p->times = g_renew (gdouble, p->times, p->reserved);
  p->frequencies = g_renew (gdouble, p->frequencies, p->reserved);
  p->energies = g_renew (gfloat, p->energies, p->reserved);
}

/* False for NaN. */
static inline gboolean
is_sound (gfloat shift, gfloat frequency, gfloat energy, gfloat window)
{
  return (fabsf (shift) <= window) & (fabsf (frequency) < (gfloat) G_MAXINT) &
         (energy < 1e24f);
}

/* Where points stand and how strong they are; whether all are sound. */
static gboolean
place_points (GstTfrPicture *p, const GstTfrHeader *h, const gdouble *time,
    const gdouble *frequency, const gfloat *magnitude, guint n, gint64 centre)
{
  gdouble energy_of_one = gst_tfr_header_point_energy (h);
  gdouble rate = h->rate, middle = (gdouble) centre;
  gfloat direction = p->reverse ? -1 : 1, window = (gfloat) h->window_size;
  gfloat *restrict shifts = SPOT (p, SHIFT);
  gfloat *restrict frequencies = SPOT (p, FREQUENCY);
  gfloat *restrict energies = SPOT (p, ENERGY);
  gint unsound = 0;

  for (guint i = 0; i < n; i++) {
    gfloat shift = (gfloat) (time[i] * rate - middle);
    gfloat hz = (gfloat) frequency[i];
    gdouble m = magnitude[i];
    gfloat energy = (gfloat) (energy_of_one * (m * m));

    shifts[i] = direction * shift;
    frequencies[i] = hz;
    energies[i] = energy;
    unsound |= !is_sound (shift, hz, energy, window);
  }
  return !unsound;
}

/* Leaves the sound ones. */
static void
sift_points (GstTfrPicture *p, guint n, gfloat window)
{
  guint to = 0;

  for (guint i = 0; i < n; i++) {
    if (!is_sound (SPOT (p, SHIFT)[i], SPOT (p, FREQUENCY)[i],
            SPOT (p, ENERGY)[i], window))
      continue;
    for (guint v = 0; v < GST_TFR_N_SPOT_VALUES; v++)
      if (p->spots.values[v] != NULL)
        p->spots.values[v][to] = p->spots.values[v][i];
    to++;
  }
  p->ignored += n - to;
  p->spots.n = to;
}

/* Takes over the sound ones among the points, relative to their frame. */
static void
take_points (GstTfrPicture *p, const GstTfrBatch *batch, guint first, guint n,
    gint64 centre)
{
  const GstTfrHeader *h = &batch->header;
  gdouble bin_hz = (gdouble) h->rate / h->fft_size;
  gsize size = n * sizeof (gfloat);
  gboolean sound;

  if (n == 0) { /* there may be no arrays yet */
    p->spots.n = 0;
    return;
  }
  sound = place_points (p, h, batch->time + first, batch->frequency + first,
      batch->magnitude + first, n, centre);
  for (guint i = 0; i < n && batch->bin != NULL; i++)
    SPOT (p, BIN)[i] = (gfloat) ((gint32) batch->bin[first + i] * bin_hz);
  if (batch->bin == NULL)
    memcpy (SPOT (p, BIN), SPOT (p, FREQUENCY), size);
  if (SPOT (p, MIXED) != NULL)
    memcpy (SPOT (p, MIXED), batch->mixed + first, size);
  if (SPOT (p, PHASE) != NULL)
    memcpy (SPOT (p, PHASE), batch->phase + first, size);
  for (guint i = 0; i < n && SPOT (p, CHIRP_RATE) != NULL; i++)
    SPOT (p, CHIRP_RATE)
  [i] = (p->reverse ? -1 : 1) * batch->chirp_rate[first + i];
  p->spots.n = n;
  if (!sound)
    sift_points (p, n, (gfloat) h->window_size);
}

/* Positions from one end of the picture to the other. */
static gdouble
span (const GstTfrPicture *p)
{
  return p->length / p->columns_per_second * p->header.rate;
}

/* Spots of the history that fall to each frame that is shown. */
static gdouble
find_share (const GstTfrPicture *p)
{
  gdouble frames = span (p) / p->header.hop_size;

  return p->history.capacity / (MAX (1, frames) * p->header.channels);
}

/* The spots at hand are kept.  Where that would cost a frame that is shown,
 * since the picture has become longer or stands still, all frames give up their
 * weakest spots instead; a quarter of the room is free then, so that this is
 * seldom.  Where not even the strongest of each would leave so much, the oldest
 * frames go. */
static void
remember (GstTfrPicture *p, gint64 position, guint channel)
{
  GstTfrHistory *h = &p->history;
  gdouble share = find_share (p), least = share * 3 / 4;
  guint most = (guint) CLAMP (share, 1, G_MAXINT);
  gint64 from = MIN (position, p->frozen) - (gint64) MIN (span (p), 1e15);

  if (p->frozen != G_MAXINT64) /* room for it, and for what comes meanwhile */
    least /= 2;
  if (least >= 1 && gst_tfr_history_is_full (h, MIN (p->spots.n, most)) &&
      gst_tfr_history_peek (h, 0)->centre >= from)
    gst_tfr_history_thin (h, from, p->frozen,
        position - (gint64) MIN (span (p), 1e15),
        (guint) MIN (least, G_MAXINT));
  gst_tfr_history_push (h, position, channel, &p->spots, most);
}

const gchar *
gst_tfr_picture_add (GstTfrPicture *p, const GstTfrBatch *batch, guint first,
    guint n, gint64 centre, guint channel)
{
  gint64 position = p->reverse ? -centre : centre;
  const gchar *wrong;

  reserve (p, n);
  wrong = gst_tfr_picture_settle (p);
  if (p->n_lanes == 0)
    return wrong;
  take_points (p, batch, first, n, centre);
  if (position <= p->frozen)
    gst_tfr_splats_draw (p, position, channel);
  if (!gst_tfr_look_is_whole (&p->look))
    remember (p, position, channel);
  return NULL;
}

/* ------------------------------------------------------------ looking ---- */

gint64
gst_tfr_picture_reach (GstTfrPicture *p)
{
  gst_tfr_picture_settle (p);
  if (p->n_lanes == 0)
    return 0;
  return (gint64) ceil (
      (gdouble) (reassign_grid_reach (p->lanes[0].layers[0]) + 1) /
      p->columns_per_second * p->header.rate);
}

gint64
gst_tfr_picture_take_dirty (GstTfrPicture *p)
{
  gint64 dirty = p->dirty;

  p->dirty = G_MAXINT64;
  return dirty;
}

gboolean
gst_tfr_picture_read (GstTfrPicture *p, gdouble time, gdouble seconds,
    guint lane, gdouble row, gdouble rows, GstTfrReading *reading)
{
  gboolean separate = p->look.channel_mode == GST_TFR_CHANNEL_MODE_SEPARATE;
  guint n = gst_tfr_history_length (&p->history);
  gdouble rate = p->header.rate, half = p->header.window_size / 2.0 / rate;
  gfloat best = 0;

  for (guint i = 0; i < n; i++) {
    const GstTfrHistoryFrame *frame = gst_tfr_history_peek (&p->history, i);
    gdouble centre = (gdouble) (frame->centre - p->base) / rate;

    if (fabs (centre - time) > seconds + half ||
        (separate && frame->channel != lane))
      continue;
    gst_tfr_history_read (&p->history, i, &p->spots);
    for (guint s = 0; s < p->spots.n; s++) {
      gdouble t = centre + SPOT (p, SHIFT)[s] / rate;
      gfloat f = SPOT (p, FREQUENCY)[s], energy = SPOT (p, ENERGY)[s];

      if (energy <= best || fabs (t - time) > seconds ||
          fabs (reassign_axis_row (&p->lanes[lane].axis, f) - row) > rows)
        continue;
      best = energy;
      *reading = (GstTfrReading){
        .time = t,
        .frequency = f,
        .mixed = SPOT (p, MIXED) != NULL ? SPOT (p, MIXED)[s] : NAN,
        .chirp_rate =
            SPOT (p, CHIRP_RATE) != NULL ? SPOT (p, CHIRP_RATE)[s] : NAN,
        .channel = frame->channel,
      };
    }
  }
  return best > 0;
}
