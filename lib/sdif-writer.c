/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Rows of partials to the bytes of an SDIF file. */

#include "reassign.h"
#include "sdif.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_ROWS 8192
#define MOST_ROWS (1 << 24)
#define MOST_COLUMNS 6
#define TABLE_ROOM 512
#define NEVER UINT32_MAX

/* Between SDIF frames that hold rows of one frame: times have to ascend. */
#define TICK 1e-6 /* s */

/* An id and how often it has come; of the frame that `frame` numbers. */
typedef struct {
  uint32_t id, count;
  uint64_t frame;
} Seen;

struct ReassignSdifWriter {
  ReassignSdifType type;
  ReassignSdifInfo info;
  size_t max_rows;

  Seen *seen; /* [n_seen] by hash of the id, n_seen a power of two */
  size_t n_seen;
  uint64_t frame; /* number of the frame that is written, from 1 on */

  /* The rows in turns: in each, every id at most once. */
  uint32_t *turn;  /* [max_rows] a row's: how often its id has come before */
  uint32_t *order; /* [max_rows] rows by turn, as they came within each */
  uint32_t *start; /* [max_rows + 2] where each turn begins in that order */

  uint8_t *bytes; /* a frame's at most, and before the first a file's head */
  size_t n_bytes;
  bool begun;
};

static const char *const type_names[] = { "RBEP", "1TRC" };
static const uint32_t n_columns[] = { 6, 4 };

/* ------------------------------------------------------------------- bytes */

static uint8_t *
put_frame (uint8_t *to, const char *type, double time, int32_t stream,
    uint32_t data_type, uint32_t rows, uint32_t columns)
{
  size_t size = (size_t) rows * columns * (data_type & 0xff);

  to = sdif_put_type (to, type);
  to = sdif_put_u32 (to, (uint32_t) (SDIF_FRAME_SIZE - 8 + SDIF_MATRIX_SIZE +
                                     size + sdif_padding (size)));
  to = sdif_put_f64 (to, time);
  to = sdif_put_u32 (to, (uint32_t) stream);
  to = sdif_put_u32 (to, 1);
  to = sdif_put_type (to, type);
  to = sdif_put_u32 (to, data_type);
  to = sdif_put_u32 (to, rows);
  return sdif_put_u32 (to, columns);
}

static uint8_t *
put_table (uint8_t *to, const ReassignSdifInfo *info)
{
  static const char *const names[] = SDIF_TABLE_NAMES;
  const uint64_t values[] = { info->sample_rate, info->hop, info->window_size,
    info->fft_size, info->channels, info->channel_mask };
  char text[TABLE_ROOM];
  size_t n = 0;

  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    if (values[i] != 0)
      n += (size_t) snprintf (text + n, sizeof text - n, "%s\t%llu\n", names[i],
          (unsigned long long) values[i]);
  to = put_frame (
      to, "1NVT", SDIF_NO_TIME, SDIF_TABLE_STREAM, SDIF_TEXT, (uint32_t) n, 1);
  memcpy (to, text, n);
  memset (to + n, 0, sdif_padding (n));
  return to + n + sdif_padding (n);
}

static uint8_t *
put_head (uint8_t *to, const ReassignSdifInfo *info)
{
  to = sdif_put_type (to, "SDIF");
  to = sdif_put_u32 (to, SDIF_HEAD_SIZE - 8);
  to = sdif_put_u32 (to, SDIF_FORMAT_VERSION);
  to = sdif_put_u32 (to, SDIF_TYPES_VERSION);
  return put_table (to, info);
}

/* [0, 2 pi), as Loris has it. */
static double
wrap (double phase)
{
  double turns = phase / (2 * M_PI);
  double wrapped = (turns - floor (turns)) * (2 * M_PI);

  return wrapped < 2 * M_PI ? wrapped : 0;
}

static uint8_t *
put_row (uint8_t *to, ReassignSdifType type, const ReassignRows *rows, size_t i,
    double time)
{
  double later = rows->time[i] - time;
  double phase = isfinite (rows->phase[i]) ? rows->phase[i] : 0;
  double bandwidth = rows->bandwidth[i] > 0 ? fmin (rows->bandwidth[i], 1) : 0;

  if (type == REASSIGN_SDIF_1TRC)
    phase -= 2 * M_PI * fmod (rows->frequency[i] * later, 1);
  to = sdif_put_f64 (to, (double) rows->id[i] - 1);
  to = sdif_put_f64 (to, rows->frequency[i]);
  to = sdif_put_f64 (to, rows->amplitude[i]);
  to = sdif_put_f64 (to, wrap (phase));
  if (type == REASSIGN_SDIF_1TRC)
    return to;
  to = sdif_put_f64 (to, bandwidth);
  return sdif_put_f64 (to, later);
}

/* ------------------------------------------------------------------- turns */

static Seen *
find_seen (ReassignSdifWriter *w, uint32_t id)
{
  size_t at = (id * 2654435761u) & (w->n_seen - 1);

  while (w->seen[at].frame == w->frame && w->seen[at].id != id)
    at = (at + 1) & (w->n_seen - 1);
  if (w->seen[at].frame != w->frame)
    w->seen[at] = (Seen){ id, 0, w->frame };
  return &w->seen[at];
}

static bool
is_sound (const ReassignRows *rows, size_t i)
{
  return rows->id[i] > 0 && isfinite (rows->time[i]) &&
         rows->frequency[i] >= 0 && isfinite (rows->frequency[i]) &&
         rows->amplitude[i] >= 0 && isfinite (rows->amplitude[i]);
}

/* How many turns it takes, one SDIF frame each. */
static uint32_t
take_turns (ReassignSdifWriter *w, const ReassignRows *rows, size_t n)
{
  uint32_t turns = 1;

  w->frame++;
  memset (w->start, 0, (n + 2) * sizeof *w->start);
  for (size_t i = 0; i < n; i++) {
    if (!is_sound (rows, i)) {
      w->turn[i] = NEVER;
      continue;
    }
    w->turn[i] = find_seen (w, rows->id[i])->count++;
    w->start[w->turn[i] + 1]++;
    if (w->turn[i] >= turns)
      turns = w->turn[i] + 1;
  }
  for (uint32_t t = 0; t + 1 < n; t++)
    w->start[t + 1] += w->start[t];
  for (size_t i = 0; i < n; i++)
    if (w->turn[i] != NEVER)
      w->order[w->start[w->turn[i]]++] = (uint32_t) i;
  /* Each start has become the next one's. */
  memmove (w->start + 1, w->start, n * sizeof *w->start);
  w->start[0] = 0;
  return turns;
}

static uint8_t *
put_turn (const ReassignSdifWriter *w, uint8_t *to, size_t channel,
    const ReassignRows *rows, uint32_t turn)
{
  double time = (double) rows->sample / w->info.sample_rate + turn * TICK;

  to = put_frame (to, type_names[w->type], time, (int32_t) channel + 1,
      SDIF_FLOAT64, w->start[turn + 1] - w->start[turn], n_columns[w->type]);
  for (uint32_t i = w->start[turn]; i < w->start[turn + 1]; i++)
    to = put_row (to, w->type, rows, w->order[i], time);
  return to;
}

/* ------------------------------------------------------------------ public */

/* Every row in an SDIF frame of its own is the worst. */
static size_t
bytes_room (size_t max_rows)
{
  return SDIF_HEAD_SIZE + SDIF_FRAME_SIZE + SDIF_MATRIX_SIZE + TABLE_ROOM +
         (max_rows + 1) *
             (SDIF_FRAME_SIZE + SDIF_MATRIX_SIZE + MOST_COLUMNS * 8);
}

static const char *
check (ReassignSdifType type, const ReassignSdifInfo *info, size_t max_rows)
{
  if (info->sample_rate == 0)
    return "sample_rate must be above 0";
  if (type != REASSIGN_SDIF_RBEP && type != REASSIGN_SDIF_1TRC)
    return "type must be RBEP or 1TRC";
  if (max_rows > MOST_ROWS)
    return "max_rows must be at most 2^24";
  return NULL;
}

static bool
allocate (ReassignSdifWriter *w)
{
  w->seen = calloc (w->n_seen, sizeof *w->seen);
  w->turn = calloc (w->max_rows, sizeof *w->turn);
  w->order = calloc (w->max_rows, sizeof *w->order);
  w->start = calloc (w->max_rows + 2, sizeof *w->start);
  w->bytes = malloc (bytes_room (w->max_rows));
  return w->seen != NULL && w->turn != NULL && w->order != NULL &&
         w->start != NULL && w->bytes != NULL;
}

ReassignSdifWriter *
reassign_sdif_writer_new (ReassignSdifType type, const ReassignSdifInfo *info,
    size_t max_rows, const char **error)
{
  const char *fault = check (type, info, max_rows);
  ReassignSdifWriter *w = NULL;

  if (fault == NULL) {
    fault = "out of memory";
    w = calloc (1, sizeof *w);
  }
  if (w != NULL) {
    w->type = type;
    w->info = *info;
    w->max_rows = max_rows == 0 ? DEFAULT_ROWS : max_rows;
    for (w->n_seen = 2; w->n_seen < 2 * w->max_rows;)
      w->n_seen *= 2;
    if (allocate (w))
      return w;
  }
  reassign_sdif_writer_free (w);
  if (error != NULL)
    *error = fault;
  return NULL;
}

void
reassign_sdif_writer_set_type (ReassignSdifWriter *w, ReassignSdifType type)
{
  w->type = type;
}

void
reassign_sdif_writer_reset (ReassignSdifWriter *w)
{
  w->begun = false;
  w->n_bytes = 0;
}

/* The bytes before the first frame, once. */
static size_t
begin (ReassignSdifWriter *w)
{
  if (w->begun)
    return 0;
  w->begun = true;
  return (size_t) (put_head (w->bytes, &w->info) - w->bytes);
}

size_t
reassign_sdif_writer_push (
    ReassignSdifWriter *w, size_t channel, const ReassignRows *rows)
{
  size_t n = rows->n_rows < w->max_rows ? rows->n_rows : w->max_rows;
  uint8_t *to = w->bytes;
  uint32_t turns;

  if (w->n_bytes > 0)
    return 0;
  to += begin (w);
  turns = take_turns (w, rows, n);
  if (w->type == REASSIGN_SDIF_1TRC)
    turns = 1;
  for (uint32_t turn = 0; turn < turns; turn++)
    to = put_turn (w, to, channel, rows, turn);
  w->n_bytes = (size_t) (to - w->bytes);
  return n;
}

size_t
reassign_sdif_writer_pull (ReassignSdifWriter *w, const uint8_t **bytes)
{
  size_t n = w->n_bytes > 0 ? w->n_bytes : begin (w);

  *bytes = w->bytes;
  w->n_bytes = 0;
  return n;
}

void
reassign_sdif_writer_free (ReassignSdifWriter *w)
{
  if (w == NULL)
    return;
  free (w->seen);
  free (w->turn);
  free (w->order);
  free (w->start);
  free (w->bytes);
  free (w);
}
