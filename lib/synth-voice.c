/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Between two rows the phase is a cubic, the tone's amplitude a cubic too (its
 * slopes are those between the neighbours, so that slow changes of level are
 * right to the third order), the noise's amplitude a line.
 *
 * The phase that sounds is the rows' phase, each advance of it times pitch over
 * tempo: at 1 it is the same, and when they change it goes on from where it
 * is. */

#include "synth-voice.h"

#include <math.h>
#include <string.h>

/* Tones in the top share of the spectrum fade, those above are not heard. */
#define TOP 0.05

static ReassignVoiceRow
silent_row (const ReassignVoiceRow *near, double at)
{
  ReassignVoiceRow row = *near;

  row.phase += row.omega * (at - row.at);
  row.at = at;
  row.tone = row.noise = 0;
  row.edge = true;
  return row;
}

void
reassign_voice_start (ReassignVoice *v, uint32_t id,
    const ReassignVoiceRow *row, double fade, double earliest)
{
  ReassignVoiceRow first = *row;

  memset (v, 0, sizeof *v);
  v->id = id;
  first.edge = true;
  if (first.at < earliest + 1)
    first = silent_row (&first, earliest + 1), first.tone = row->tone,
    first.noise = row->noise;
  if (first.tone > 0 || first.noise > 0) {
    double at = first.at - fade > earliest ? first.at - fade : earliest;

    v->rows[v->n_rows++] = silent_row (&first, at);
  }
  v->rows[v->n_rows++] = first;
}

/* A row after the death: the same id lives again, from a fade on. */
static void
revive (ReassignVoice *v, const ReassignVoiceRow *row, double fade)
{
  const ReassignVoiceRow *death = &v->rows[v->n_rows - 1];
  double at = row->at - fade > death->at ? row->at - fade
                                         : (row->at + death->at) / 2;

  if (v->n_rows + 2 > REASSIGN_VOICE_ROWS || row->death)
    return;
  v->rows[v->n_rows++] = silent_row (row, at);
  v->rows[v->n_rows] = *row;
  v->rows[v->n_rows++].edge = true;
}

void
reassign_voice_add (ReassignVoice *v, const ReassignVoiceRow *row, double fade)
{
  ReassignVoiceRow *last = &v->rows[v->n_rows - 1];

  v->held = 0;
  if (v->n_rows == REASSIGN_VOICE_ROWS || row->at <= last->at) {
    if (row->death)
      *last = silent_row (last, last->at), last->death = true;
    return;
  }
  if (last->death) {
    revive (v, row, fade);
    return;
  }
  if (row->death)
    last->edge = true;
  v->rows[v->n_rows++] = *row;
}

/* Slope of the tone at rows[1], such that neither side falls below 0. */
static double
slope_at_end (const ReassignVoice *v)
{
  const ReassignVoiceRow *a = &v->rows[0], *b = &v->rows[1], *c = &v->rows[2];
  double left = b->at - a->at, right, slope;

  if (v->n_rows < 3 || b->edge)
    return 0;
  right = c->at - b->at;
  slope = ((b->tone - a->tone) / left * right +
              (c->tone - b->tone) / right * left) /
          (left + right);
  if (slope > 3 * b->tone / left)
    slope = 3 * b->tone / left;
  if (slope < -3 * b->tone / right)
    slope = -3 * b->tone / right;
  return slope;
}

static double
audible (double omega)
{
  double share = (M_PI - fabs (omega)) / (TOP * M_PI);

  return share < 0 ? 0 : share > 1 ? 1 : share;
}

/* Sets the oscillator up for the way from rows[0] to rows[1]. */
static void
run (ReassignVoice *v, const ReassignVoiceTask *task)
{
  const ReassignVoiceRow *a = &v->rows[0], *b = &v->rows[1];
  double length = b->at - a->at, slope_a = v->slope * length, slope_b;
  double heard_a = audible (a->omega * task->pitch_from);
  double heard_b = audible (b->omega * task->pitch_to);

  v->slope = slope_at_end (v);
  slope_b = v->slope * length * heard_b;
  slope_a *= heard_a;
  reassign_phase_between (
      &v->course, a->phase, a->omega, b->phase, b->omega, length);
  v->level[0] = a->tone * heard_a;
  v->level[1] = slope_a;
  v->level[2] = 3 * (b->tone * heard_b - v->level[0]) - 2 * slope_a - slope_b;
  v->level[3] = -2 * (b->tone * heard_b - v->level[0]) + slope_a + slope_b;
  v->noise[0] = a->noise * heard_a;
  v->noise[1] = b->noise * heard_b;
  v->nominal = v->course.p0;
  if (!v->running)
    v->sounding = v->course.p0;
  v->running = true;
}

/* No row is there: as it is, to the stretch's end, or to silence. */
static void
hold (ReassignVoice *v, const ReassignVoiceTask *task)
{
  ReassignVoiceRow *last = &v->rows[0], *next = &v->rows[1];
  double to = task->stretch_to > last->at ? task->stretch_to : last->at + 1;

  *next = *last;
  next->phase += last->omega * (to - last->at);
  next->at = to;
  v->held += to - last->at;
  if (v->held > task->longest_hold) {
    *next = silent_row (next, to);
    next->death = true;
  }
  v->n_rows = 2;
}

/* What an advance of phase that ends here is worth. */
static double
ratio_at (const ReassignVoiceTask *t, double at)
{
  double share = (at - t->stretch_from) / (t->stretch_to - t->stretch_from);
  double pitch = t->pitch_from + (t->pitch_to - t->pitch_from) * share;

  return pitch / (at > t->turn ? t->tempo : t->tempo_before);
}

static void
go_to (ReassignVoice *v, double at, double ratio)
{
  double nominal = reassign_phase_at (&v->course, at - v->rows[0].at);

  v->sounding += ratio * (nominal - v->nominal);
  v->nominal = nominal;
}

/* Goes on to the rows between which the position lies.  False: it has ended. */
static bool
reach (ReassignVoice *v, const ReassignVoiceTask *task, double at)
{
  for (;;) {
    if (v->n_rows < 2)
      hold (v, task);
    if (!v->running)
      run (v, task);
    if (at < v->rows[1].at)
      return true;
    go_to (v, v->rows[1].at, ratio_at (task, v->rows[1].at));
    v->sounding = remainder (v->sounding, 2 * M_PI);
    if (v->rows[1].death && v->n_rows == 2)
      return false;
    memmove (v->rows, v->rows + 1, --v->n_rows * sizeof *v->rows);
    if (v->n_rows < 2)
      hold (v, task);
    run (v, task);
  }
}

static double
noise_at (ReassignVoice *v, const ReassignVoiceTask *task, double share)
{
  double level = v->noise[0] + (v->noise[1] - v->noise[0]) * share;

  if (!v->noisy) {
    v->noisy = true;
    reassign_noise_start (
        &v->source, task->filter, (uint64_t) v->id * 0x632be59bd9b4e019u);
  }
  return level * reassign_noise_next (&v->source, task->filter);
}

bool
reassign_voice_render (
    ReassignVoice *v, const ReassignVoiceTask *task, double *samples)
{
  for (size_t i = 0; i < task->n; i++) {
    double at = task->from + (double) i * task->tempo, x, level;

    if (at < v->rows[0].at)
      continue;
    if (!v->running || at >= v->rows[1].at)
      if (!reach (v, task, at))
        return false;
    go_to (v, at, ratio_at (task, at));
    x = (at - v->rows[0].at) / (v->rows[1].at - v->rows[0].at);
    level =
        v->level[0] + x * (v->level[1] + x * (v->level[2] + x * v->level[3]));
    if (v->noise[0] > 0 || v->noise[1] > 0)
      level += noise_at (v, task, x);
    samples[i] += level * cos (v->sounding);
  }
  return true;
}
