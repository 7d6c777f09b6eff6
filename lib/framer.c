/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Rows at any times to frames of rows on a grid, with births and deaths.
 *
 * A ring holds as many frames as the longest gap is long.  A partial whose last
 * row is in a frame that leaves has therefore ended: what could continue it
 * would lie within the ring. */

#include "framer-ring.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_GAP 0.25 /* s */
#define MOST_FRAMES 1000
#define DEFAULT_ROWS 65536
#define MOST_ROWS (1 << 24)
#define FADE 0.001 /* s, of a partial that merely stops; as Loris does */
#define LEAP 60    /* s */

/* Nor is a leap longer than this, in frames times channels: at a rate and a hop
 * that nobody has, a few bytes would turn into hours. */
#define MOST_LEAP (1 << 20)

#define NONE UINT32_MAX /* of a partial */

typedef enum {
  SOUNDS,
  SILENT, /* its last row is of amplitude 0: what follows rises from there */
  ENDED   /* its last row is the death that it was given */
} State;

/* Chained by number: in a bucket, or among those that are free. */
typedef struct {
  uint32_t next;
  uint32_t channel;
  State state;
  ReassignRow last;
  int64_t frame; /* that the last row is in */
  uint64_t seen; /* number of the SDIF frame that the last row was in */
} Partial;

struct ReassignFramer {
  double rate;
  size_t hop;

  ReassignRing ring; /* of frames by their number */
  int64_t oldest;    /* frame that leaves next; times hop: sample */
  int64_t newest;    /* of the last frame that has rows */
  int64_t wanted;    /* of the frame that does not fit yet, or `oldest` */
  size_t channel;    /* of `oldest` that leaves next */
  bool begun, full, drained;

  Partial *partials; /* [n_buckets] at most */
  uint32_t free_partial;
  uint32_t *buckets; /* [n_buckets], a power of two */
  size_t n_buckets;
  int64_t soonest; /* no partial's last row is in a frame before this one */

  uint64_t *seen; /* [channels] number of a stream's SDIF frame */
  uint64_t ignored;
};

/* -------------------------------------------------------------- the frames */

static void
add_row (
    ReassignFramer *f, int64_t frame, size_t channel, const ReassignRow *row)
{
  reassign_ring_add (&f->ring, frame, channel, row);
  if (frame > f->newest)
    f->newest = frame;
}

static double
centre (const ReassignFramer *f, int64_t frame)
{
  return (double) frame * (double) f->hop / f->rate;
}

static int64_t
frame_near (const ReassignFramer *f, double time)
{
  return llround (time * f->rate / (double) f->hop);
}

/* ------------------------------------------------------------- the partials */

static uint32_t *
bucket_of (ReassignFramer *f, size_t channel, uint32_t id)
{
  uint32_t hash = (id ^ (uint32_t) channel * 40503u) * 2654435761u;

  return &f->buckets[hash >> 7 & (f->n_buckets - 1)];
}

static Partial *
find_partial (ReassignFramer *f, size_t channel, uint32_t id)
{
  for (uint32_t at = *bucket_of (f, channel, id); at != NONE;
       at = f->partials[at].next)
    if (f->partials[at].last.id == id && f->partials[at].channel == channel)
      return &f->partials[at];
  return NULL;
}

static Partial *
add_partial (
    ReassignFramer *f, size_t channel, const ReassignRow *row, int64_t frame)
{
  uint32_t at = f->free_partial, *bucket = bucket_of (f, channel, row->id);
  Partial *p;

  if (at == NONE)
    return NULL;
  p = &f->partials[at];
  f->free_partial = p->next;
  if (frame < f->soonest)
    f->soonest = frame;
  *p = (Partial){
    .next = *bucket, .channel = (uint32_t) channel, .last = *row, .frame = frame
  };
  *bucket = at;
  return p;
}

/* A partial that stopped without a row of amplitude 0 fades from its last. */
static void
end_partial (ReassignFramer *f, Partial *p)
{
  ReassignRow *row = &p->last;

  if (p->state != SOUNDS)
    return;
  row->time += FADE;
  row->phase = (float) remainder (
      row->phase + 2 * M_PI * fmod (row->frequency * FADE, 1), 2 * M_PI);
  row->amplitude = 0;
  row->flags = REASSIGN_PARTIAL_DEATH;
  add_row (f, p->frame, p->channel, row);
  p->state = ENDED;
}

/* Ends and forgets those whose last row lies in no frame after this one. */
static void
forget_partials (ReassignFramer *f, int64_t frame)
{
  if (f->soonest > frame)
    return;
  f->soonest = INT64_MAX;
  for (size_t b = 0; b < f->n_buckets; b++)
    for (uint32_t *at = &f->buckets[b]; *at != NONE;) {
      uint32_t number = *at;
      Partial *p = &f->partials[number];

      if (p->frame > frame) {
        if (p->frame < f->soonest)
          f->soonest = p->frame;
        at = &p->next;
        continue;
      }
      end_partial (f, p);
      *at = p->next;
      p->next = f->free_partial;
      f->free_partial = number;
    }
}

/* Ends those that were not in the channel's last SDIF frame. */
static void
end_unseen (ReassignFramer *f, size_t channel)
{
  for (size_t b = 0; b < f->n_buckets; b++)
    for (uint32_t at = f->buckets[b]; at != NONE; at = f->partials[at].next) {
      Partial *p = &f->partials[at];

      if (p->channel == channel && p->seen < f->seen[channel])
        end_partial (f, p);
    }
}

/* -------------------------------------------------------------------- rows */

/* Frames between two rows get rows on the line between them.  The phase goes on
 * as the frequency, which changes evenly, says; what is missing at the end is
 * shared out over the way. */
static void
bridge (
    ReassignFramer *f, const Partial *p, const ReassignRow *to, int64_t frame)
{
  const ReassignRow *from = &p->last;
  double span = to->time - from->time;
  double travel = (from->frequency + to->frequency) / 2 * span;
  double missing = remainder (
      to->phase - from->phase - 2 * M_PI * fmod (travel, 1), 2 * M_PI);

  for (int64_t k = p->frame + 1; k < frame; k++) {
    double t = centre (f, k) - from->time, part = t / span;
    double risen = part * (to->frequency - from->frequency);
    double turns = (from->frequency + risen / 2) * t;
    ReassignRow row = { .time = centre (f, k), .id = to->id };

    if (!(part > 0 && part < 1))
      continue;
    row.frequency = from->frequency + risen;
    row.amplitude =
        (float) ((1 - part) * from->amplitude + part * to->amplitude);
    row.bandwidth =
        (float) ((1 - part) * from->bandwidth + part * to->bandwidth);
    row.phase = (float) remainder (
        from->phase + 2 * M_PI * fmod (turns, 1) + part * missing, 2 * M_PI);
    add_row (f, k, p->channel, &row);
  }
}

static void
begin_partial (
    ReassignFramer *f, size_t channel, ReassignRow *row, int64_t frame)
{
  Partial *p = add_partial (f, channel, row, frame);

  if (p == NULL) {
    f->ignored++;
    return;
  }
  p->seen = f->seen[channel];
  p->state = row->amplitude > 0 ? SOUNDS : SILENT;
  if (p->state == SOUNDS) {
    row->flags = REASSIGN_PARTIAL_BIRTH;
    add_row (f, frame, channel, row);
  }
}

static void
continue_partial (
    ReassignFramer *f, Partial *p, ReassignRow *row, int64_t frame)
{
  bool sounds = row->amplitude > 0;

  if (p->state == SILENT && sounds) {
    p->last.flags = REASSIGN_PARTIAL_BIRTH;
    add_row (f, p->frame, p->channel, &p->last);
  }
  if (p->state == ENDED)
    row->flags = sounds ? REASSIGN_PARTIAL_BIRTH : 0;
  else
    row->flags = sounds ? 0 : REASSIGN_PARTIAL_DEATH;
  if (p->state != ENDED && (p->state == SOUNDS || sounds))
    bridge (f, p, row, frame);
  if (p->state == SOUNDS || sounds)
    add_row (f, frame, p->channel, row);
  p->state = sounds ? SOUNDS : SILENT;
  p->last = *row;
  p->frame = frame;
  p->seen = f->seen[p->channel];
}

/* The frame that a row belongs to: its SDIF frame's, as long as the row is not
 * more than a hop off. */
static int64_t
frame_of (const ReassignFramer *f, double frame_time, double time)
{
  double hop = (double) f->hop / f->rate;

  return frame_near (f, fabs (time - frame_time) <= hop ? frame_time : time);
}

static int64_t
leap (const ReassignFramer *f)
{
  double most = (double) (MOST_LEAP / f->ring.channels);

  return (int64_t) fmin (LEAP * f->rate / (double) f->hop, most) +
         (int64_t) f->ring.length;
}

/* Whether there is room for a row in this frame and for all that may come with
 * it: the rows before it, and a death for every partial. */
static bool
fits (ReassignFramer *f, int64_t frame)
{
  f->wanted = frame;
  f->full = f->ring.n_free < f->n_buckets + f->ring.length + 2;
  return !f->full && frame < f->oldest + (int64_t) f->ring.length;
}

/* False: frames have to leave first. */
static bool
take_row (
    ReassignFramer *f, size_t channel, double frame_time, ReassignRow *row)
{
  int64_t frame = frame_of (f, frame_time, row->time);
  Partial *p;

  if (!fits (f, frame))
    return false;
  p = find_partial (f, channel, row->id);
  if (frame < f->oldest - 1 || (p != NULL && !(row->time > p->last.time))) {
    f->ignored++;
    return true;
  }
  if (frame < f->oldest)
    frame = f->oldest;
  if (p == NULL)
    begin_partial (f, channel, row, frame);
  else
    continue_partial (f, p, row, frame < p->frame ? p->frame : frame);
  return true;
}

/* Time goes on, though there may be no row.  A leap is not followed. */
static void
note_time (ReassignFramer *f, double time)
{
  int64_t frame = frame_near (f, time);

  if (!f->begun) {
    f->begun = true;
    f->oldest = frame;
    f->newest = frame - 1;
    f->wanted = frame;
  }
  if (frame > f->newest && frame - f->newest < leap (f))
    f->newest = f->wanted = frame;
}

static ReassignRow
get_row (const ReassignRows *rows, size_t i)
{
  return (ReassignRow){ .time = rows->time[i],
    .frequency = rows->frequency[i],
    .amplitude = rows->amplitude[i],
    .phase = rows->phase[i],
    .bandwidth = rows->bandwidth[i],
    .id = rows->id[i] };
}

/* ------------------------------------------------------------------- frames */

static bool
may_leave (const ReassignFramer *f)
{
  if (!f->begun || (f->drained && f->oldest > f->newest))
    return false;
  return f->drained || (f->full && f->oldest <= f->newest) ||
         f->wanted >= f->oldest + (int64_t) f->ring.length;
}

/* Over a stretch without rows, once nothing is held. */
static void
follow_leap (ReassignFramer *f)
{
  if (!f->begun || f->oldest <= f->newest || f->wanted - f->oldest <= leap (f))
    return;
  f->oldest = f->wanted;
  f->newest = f->wanted - 1;
  forget_partials (f, f->newest);
}

/* ------------------------------------------------------------------- public */

static const char *
check (const ReassignFramerConfig *c)
{
  if (!(c->sample_rate > 0) || c->sample_rate > INT32_MAX)
    return "sample_rate must be above 0, at most 2^31 - 1";
  if (c->hop == 0 || c->hop > INT32_MAX)
    return "hop must be 1 to 2^31 - 1";
  if (c->channels > UINT16_MAX)
    return "channels must be at most 65535";
  if (!(c->longest_gap >= 0))
    return "longest_gap must not be negative";
  if (c->max_rows > MOST_ROWS)
    return "max_rows must be at most 2^24";
  return NULL;
}

static size_t
count_frames (const ReassignFramerConfig *c, size_t channels)
{
  double gap = c->longest_gap > 0 ? c->longest_gap : DEFAULT_GAP;
  double frames = ceil (gap * c->sample_rate / (double) c->hop) + 1;
  double most = fmin (MOST_FRAMES, (double) (MOST_LEAP / channels));

  return (size_t) fmax (fmin (frames, most), 3);
}

static bool
init (ReassignFramer *f, const ReassignFramerConfig *c)
{
  size_t wanted = c->max_rows == 0 ? DEFAULT_ROWS : c->max_rows;
  size_t channels = c->channels == 0 ? 1 : c->channels;
  size_t length = count_frames (c, channels);

  f->rate = c->sample_rate;
  f->hop = c->hop;
  for (f->n_buckets = 16; 4 * f->n_buckets < wanted;)
    f->n_buckets *= 2;
  f->partials = calloc (f->n_buckets, sizeof *f->partials);
  f->buckets = calloc (f->n_buckets, sizeof *f->buckets);
  f->seen = calloc (channels, sizeof *f->seen);
  return reassign_ring_init (
             &f->ring, length, channels, wanted + f->n_buckets + length + 2) &&
         f->partials != NULL && f->buckets != NULL && f->seen != NULL;
}

ReassignFramer *
reassign_framer_new (const ReassignFramerConfig *config, const char **error)
{
  const char *fault = check (config);
  ReassignFramer *f = NULL;

  if (fault == NULL) {
    fault = "out of memory";
    f = calloc (1, sizeof *f);
  }
  if (f != NULL && init (f, config)) {
    reassign_framer_reset (f);
    return f;
  }
  reassign_framer_free (f);
  if (error != NULL)
    *error = fault;
  return NULL;
}

void
reassign_framer_reset (ReassignFramer *f)
{
  reassign_ring_reset (&f->ring);
  for (size_t i = 0; i < f->n_buckets; i++) {
    f->partials[i].next = i + 1 < f->n_buckets ? (uint32_t) i + 1 : NONE;
    f->buckets[i] = NONE;
  }
  memset (f->seen, 0, f->ring.channels * sizeof *f->seen);
  f->free_partial = 0;
  f->soonest = INT64_MAX;
  f->begun = f->full = f->drained = false;
  f->channel = 0;
  f->ignored = 0;
}

size_t
reassign_framer_push (ReassignFramer *f, size_t channel,
    const ReassignSdifFrame *frame, size_t from)
{
  size_t i;

  if (f->channel > 0)
    return 0;
  note_time (f, frame->time);
  for (i = from; i < frame->rows.n_rows; i++) {
    ReassignRow row = get_row (&frame->rows, i);

    if (!take_row (f, channel, frame->time, &row))
      return i - from;
  }
  if (frame->ends && frame->type == REASSIGN_SDIF_1TRC)
    end_unseen (f, channel);
  if (frame->ends)
    f->seen[channel]++;
  return i - from;
}

bool
reassign_framer_pull (ReassignFramer *f, size_t *channel, ReassignRows *rows)
{
  if (f->channel == 0) {
    follow_leap (f);
    if (!may_leave (f))
      return false;
    forget_partials (f, f->oldest);
  }
  *channel = f->channel;
  reassign_ring_take (&f->ring, f->oldest, f->channel, rows);
  rows->sample = f->oldest * (int64_t) f->hop;
  if (++f->channel == f->ring.channels) {
    f->channel = 0;
    f->oldest++;
    f->full = false;
  }
  return true;
}

void
reassign_framer_drain (ReassignFramer *f)
{
  f->drained = true;
}

size_t
reassign_framer_latency (const ReassignFramer *f)
{
  return f->ring.length * f->hop;
}

uint64_t
reassign_framer_ignored (const ReassignFramer *f)
{
  return f->ignored;
}

void
reassign_framer_free (ReassignFramer *f)
{
  if (f == NULL)
    return;
  reassign_ring_clear (&f->ring);
  free (f->partials);
  free (f->buckets);
  free (f->seen);
  free (f);
}
