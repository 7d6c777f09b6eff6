/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The synthesiser: rows go to the voices that bear their ids, and the voices
 * sound from frame to frame.  Positions count from the first frame's centre, so
 * that a double tells samples apart however late in a stream they are.
 *
 * When frame k is there, all is known up to the centre of frame k - 1: a row of
 * a later frame lies behind that, by what frames may hold. */

#include "reassign.h"

#include "synth-voice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FADE 0.001      /* s */
#define LONGEST_HOLD 1. /* s */
#define MOST_PARTIALS 65536
#define LEAST_FACTOR 0.1
#define MOST_FACTOR 10.0

#define NOBODY UINT32_MAX

struct ReassignSynth {
  ReassignSynthConfig config;
  ReassignNoiseFilter filter;
  ReassignVoice *voices; /* [room], the first n_voices sound */
  size_t n_voices, room;
  uint32_t *slots; /* [n_slots], voices by id: open addressing */
  size_t n_slots;

  double pitch, tempo; /* as set */
  double fade;         /* samples */
  size_t n_frames;     /* pushed */
  int64_t first;       /* the first frame's centre */
  double last;         /* the last one's, from there */
  bool draining;
  double end;             /* while draining */
  ReassignVoiceTask task; /* the stretch that sounds, `from` in it is next */
};

/* -------------------------------------------------------------- by id ---- */

static size_t
home_of (const ReassignSynth *s, uint32_t id)
{
  return (size_t) (id * 2654435761u) & (s->n_slots - 1);
}

/* The slot of this id, or the empty one where it would be. */
static size_t
find_slot (const ReassignSynth *s, uint32_t id)
{
  size_t slot = home_of (s, id);

  while (s->slots[slot] != NOBODY && s->voices[s->slots[slot]].id != id)
    slot = (slot + 1) & (s->n_slots - 1);
  return slot;
}

/* Later ones of the same run move up, so that none is cut off from its home. */
static void
empty_slot (ReassignSynth *s, size_t hole)
{
  size_t mask = s->n_slots - 1;

  for (size_t slot = (hole + 1) & mask; s->slots[slot] != NOBODY;
       slot = (slot + 1) & mask) {
    size_t home = home_of (s, s->voices[s->slots[slot]].id);

    if (((slot - home) & mask) >= ((slot - hole) & mask)) {
      s->slots[hole] = s->slots[slot];
      hole = slot;
    }
  }
  s->slots[hole] = NOBODY;
}

/* The last voice takes the place of one that has ended. */
static void
remove_voice (ReassignSynth *s, size_t i)
{
  size_t last = s->n_voices - 1;

  empty_slot (s, find_slot (s, s->voices[i].id));
  if (i != last) {
    s->slots[find_slot (s, s->voices[last].id)] = (uint32_t) i;
    s->voices[i] = s->voices[last];
  }
  s->n_voices--;
}

/* --------------------------------------------------------------- room ---- */

/* The same voices, among room for more. */
static void
move_in (ReassignSynth *s, ReassignVoice *voices, size_t room, uint32_t *slots,
    size_t n_slots)
{
  if (s->n_voices > 0)
    memcpy (voices, s->voices, s->n_voices * sizeof *voices);
  free (s->voices);
  free (s->slots);
  s->voices = voices;
  s->room = room;
  s->slots = slots;
  s->n_slots = n_slots;
  for (size_t i = 0; i < n_slots; i++)
    slots[i] = NOBODY;
  for (size_t i = 0; i < s->n_voices; i++)
    slots[find_slot (s, voices[i].id)] = (uint32_t) i;
}

static bool
make_room (ReassignSynth *s, size_t room)
{
  size_t n_slots = 2;
  ReassignVoice *voices = calloc (room, sizeof *voices);
  uint32_t *slots;

  while (n_slots < 2 * room)
    n_slots *= 2;
  slots = calloc (n_slots, sizeof *slots);
  if (voices == NULL || slots == NULL) {
    free (voices);
    free (slots);
    return false;
  }
  move_in (s, voices, room, slots, n_slots);
  return true;
}

bool
reassign_synth_reserve (ReassignSynth *s, size_t n_rows)
{
  size_t most = s->config.most_partials, more = s->room + s->room / 2;
  size_t need = n_rows < most - s->n_voices ? s->n_voices + n_rows : most;

  if (need <= s->room)
    return true;
  if (need < more)
    need = more < most ? more : most;
  return make_room (s, need);
}

/* --------------------------------------------------------------- life ---- */

static const char *
complete (ReassignSynthConfig *c)
{
  if (!(c->sample_rate > 0 && isfinite (c->sample_rate)))
    return "sample_rate must be above 0 Hz and finite";
  if (c->hop < 1 || c->hop > INT32_MAX)
    return "hop must be 1 to 2147483647 samples";
  if (c->most_partials == 0)
    c->most_partials = 4096;
  if (c->most_partials > MOST_PARTIALS)
    return "most_partials must be 1 to 65536";
  if (c->noise_bandwidth == 0)
    c->noise_bandwidth = 500;
  if (!(c->noise_bandwidth > 0 && isfinite (c->noise_bandwidth)))
    return "noise_bandwidth must be above 0 Hz and finite";
  if (c->partials == 0)
    c->partials = c->most_partials;
  if (c->partials > c->most_partials)
    return "partials must be 1 to most_partials";
  return NULL;
}

/* All that follows from the complete config. */
static bool
init (ReassignSynth *s)
{
  s->fade = fmin (FADE * s->config.sample_rate, (double) s->config.hop / 2);
  reassign_noise_filter_init (
      &s->filter, s->config.noise_bandwidth / s->config.sample_rate);
  return make_room (s, s->config.partials);
}

ReassignSynth *
reassign_synth_new (const ReassignSynthConfig *config, const char **error)
{
  ReassignSynth *s = calloc (1, sizeof *s);
  const char *wrong = "out of memory";

  if (s != NULL) {
    s->config = *config;
    s->pitch = s->tempo = 1;
    wrong = complete (&s->config);
    if (wrong == NULL && !init (s))
      wrong = "out of memory";
  }
  if (error != NULL)
    *error = wrong;
  if (wrong != NULL) {
    reassign_synth_free (s);
    return NULL;
  }
  reassign_synth_reset (s);
  return s;
}

void
reassign_synth_free (ReassignSynth *s)
{
  if (s == NULL)
    return;
  free (s->voices);
  free (s->slots);
  free (s);
}

void
reassign_synth_reset (ReassignSynth *s)
{
  s->n_voices = 0;
  for (size_t i = 0; i < s->n_slots; i++)
    s->slots[i] = NOBODY;
  s->n_frames = 0;
  s->last = 0;
  s->draining = false;
  s->task = (ReassignVoiceTask){ .tempo = s->tempo,
    .pitch_from = s->pitch,
    .pitch_to = s->pitch,
    .longest_hold = LONGEST_HOLD * s->config.sample_rate,
    .fade = s->fade,
    .filter = &s->filter };
}

static double
cut (double factor)
{
  return factor > LEAST_FACTOR ? fmin (factor, MOST_FACTOR) : LEAST_FACTOR;
}

void
reassign_synth_set_pitch (ReassignSynth *s, double pitch)
{
  s->pitch = cut (pitch);
}

void
reassign_synth_set_tempo (ReassignSynth *s, double tempo)
{
  s->tempo = cut (tempo);
}

size_t
reassign_synth_latency (const ReassignSynth *s)
{
  return 2 * s->config.hop;
}

/* --------------------------------------------------------------- rows ---- */

static bool
is_waiting (const ReassignSynth *s)
{
  return s->task.from < s->task.stretch_to;
}

/* Up to here all is known. */
static double
known_to (const ReassignSynth *s)
{
  if (s->draining)
    return s->end;
  return s->n_frames < 2 ? 0 : s->last - (double) s->config.hop;
}

static bool
read_row (const ReassignSynth *s, const ReassignRows *rows, size_t i,
    ReassignVoiceRow *row)
{
  double rate = s->config.sample_rate, hop = (double) s->config.hop;
  double amplitude = (double) rows->amplitude[i];
  double share = (double) rows->bandwidth[i];
  double latest = s->last + hop, earliest = s->last - hop;

  *row = (ReassignVoiceRow){ .at = rows->time[i] * rate - (double) s->first,
    .omega = 2 * M_PI * rows->frequency[i] / rate,
    .phase = remainder ((double) rows->phase[i], 2 * M_PI),
    .death = (rows->flags[i] & REASSIGN_PARTIAL_DEATH) != 0 };
  if (!isfinite (row->at) || !isfinite (row->omega) || row->omega < 0 ||
      !isfinite (row->phase) || !isfinite (amplitude) || amplitude < 0 ||
      rows->id[i] == 0)
    return false;
  row->at = row->at < earliest ? earliest : row->at > latest ? latest : row->at;
  if (!(share > 0))
    share = 0;
  if (share > 1)
    share = 1;
  row->tone = amplitude * sqrt (1 - share);
  row->noise = amplitude * sqrt (share);
  if (row->death)
    row->tone = row->noise = 0;
  row->edge = row->death;
  return true;
}

static void
hand_out (ReassignSynth *s, uint32_t id, const ReassignVoiceRow *row)
{
  size_t slot = find_slot (s, id);

  if (s->slots[slot] != NOBODY) {
    reassign_voice_add (&s->voices[s->slots[slot]], row, s->fade);
  } else if (!row->death && s->n_voices < s->room) {
    s->slots[slot] = (uint32_t) s->n_voices;
    reassign_voice_start (
        &s->voices[s->n_voices++], id, row, s->fade, s->task.from);
  }
}

bool
reassign_synth_push (ReassignSynth *s, const ReassignRows *rows)
{
  if (is_waiting (s) || (s->draining && known_to (s) > s->task.from))
    return false;
  if (s->draining)
    reassign_synth_reset (s);
  if (s->n_frames++ == 0)
    s->first = rows->sample;
  s->last = (double) (rows->sample - s->first);
  for (size_t i = 0; i < rows->n_rows; i++) {
    ReassignVoiceRow row;

    if (read_row (s, rows, i, &row))
      hand_out (s, rows->id[i], &row);
  }
  return true;
}

void
reassign_synth_drain (ReassignSynth *s, int64_t end)
{
  s->draining = s->n_frames > 0;
  s->end = (double) (end - s->first);
}

/* ------------------------------------------------------------ samples ---- */

/* The next stretch, if all of it is known. */
static bool
begin_stretch (ReassignSynth *s)
{
  ReassignVoiceTask *t = &s->task;

  if (!(known_to (s) > t->from))
    return false;
  t->stretch_from = t->stretch_to;
  t->stretch_to = known_to (s);
  t->pitch_from = t->pitch_to;
  t->pitch_to = s->pitch;
  t->turn = t->from;
  t->tempo_before = t->tempo;
  t->tempo = s->tempo;
  return true;
}

static size_t
samples_left (const ReassignVoiceTask *t)
{
  return (size_t) ceil ((t->stretch_to - t->from) / t->tempo);
}

size_t
reassign_synth_pull (ReassignSynth *s, double *samples, size_t n)
{
  size_t done = 0;

  while (done < n && (is_waiting (s) || begin_stretch (s))) {
    size_t left = samples_left (&s->task);

    s->task.n = left < n - done ? left : n - done;
    memset (samples + done, 0, s->task.n * sizeof *samples);
    for (size_t i = s->n_voices; i-- > 0;)
      if (!reassign_voice_render (&s->voices[i], &s->task, samples + done))
        remove_voice (s, i);
    s->task.from += (double) s->task.n * s->task.tempo;
    done += s->task.n;
  }
  return done;
}
