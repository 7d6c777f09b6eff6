/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "ticks.h"

#include <math.h>
#include <string.h>

/* More than this nobody can tell apart. */
#define MOST_TICKS 400

/* Where ticks are evenly spaced, labels stand at least so many times farther
 * apart than they must. */
#define STEPS_APART 1.6

/* px from one tick without a label to the next. */
#define LEAST_MINOR 4

static void
add (GArray *ticks, gdouble value, gdouble place, const gchar *text)
{
  GstTfrTick tick = { .value = value, .place = place };

  g_strlcpy (tick.text, text, sizeof tick.text);
  g_array_append_val (ticks, tick);
}

/* Whether a label may stand there beside those that do. */
static gboolean
is_free (const GArray *ticks, gdouble place, gdouble spacing, gdouble length,
    gboolean inside)
{
  if (inside && (place < spacing / 2 || place > length - spacing / 2))
    return FALSE;
  for (guint i = 0; i < ticks->len; i++) {
    const GstTfrTick *other = &g_array_index (ticks, GstTfrTick, i);

    if (other->text[0] != '\0' && fabs (other->place - place) < spacing)
      return FALSE;
  }
  return TRUE;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  gdouble x = ((const GstTfrTick *) a)->place;
  gdouble y = ((const GstTfrTick *) b)->place;

  return (x > y) - (x < y);
}

/* 1, 2 or 5 times a power of ten, not below `least`. */
static gdouble
round_step (gdouble least)
{
  gdouble power = pow (10, floor (log10 (least)));

  for (guint i = 0; i < 3; i++) {
    gdouble step = power * (const gdouble[]){ 1, 2, 5 }[i];

    if (step >= least * 0.999999)
      return step;
  }
  return 10 * power;
}

/* Digits after the point that multiples of the step need. */
static gint
decimals (gdouble step)
{
  return (gint) CLAMP (-floor (log10 (step) + 1e-9), 0, 9);
}

/* ---------------------------------------------------------- frequency ---- */

/* 500, 2k, 12.5k; as many digits as `step` needs. */
static void
format_hz (gdouble hz, gdouble step, gchar *text, gsize size)
{
  gboolean kilo = hz >= 1000;
  gchar digits[24];

  g_snprintf (digits, sizeof digits, "%.*f",
      decimals (kilo ? step / 1000 : step), kilo ? hz / 1000 : hz);
  if (kilo && strchr (digits, '.') != NULL) {
    gsize n = strlen (digits);

    while (digits[n - 1] == '0')
      digits[--n] = '\0';
    if (digits[n - 1] == '.')
      digits[n - 1] = '\0';
  }
  g_snprintf (text, size, "%s%s", digits, kilo ? "k" : "");
}

static void
add_hz (GArray *ticks, const ReassignAxis *axis, gdouble hz, gdouble step,
    gdouble spacing, gboolean inside)
{
  gdouble place = reassign_axis_row (axis, hz);
  gdouble length = (gdouble) axis->n_rows;
  gchar text[24];

  if (!(place >= 0 && place <= length) || ticks->len >= MOST_TICKS)
    return;
  format_hz (hz, step, text, sizeof text);
  if (is_free (ticks, place, spacing, length, inside))
    add (ticks, hz, place, text);
}

/* Where the scale is curved the step changes along the axis: each decade has
 * its 1, then 5, then 2, and the digits between only where all of them fit. */
static void
add_by_decades (
    GArray *ticks, const ReassignAxis *axis, gdouble spacing, gboolean inside)
{
  static const gdouble ranks[][8] = { { 1, 0 }, { 5, 0 }, { 2, 0 },
    { 3, 4, 6, 7, 8, 9, 0 } };
  gdouble first = pow (10, floor (log10 (MAX (axis->min_hz, 1))));

  for (guint rank = 0; rank < G_N_ELEMENTS (ranks); rank++) {
    for (gdouble decade = first; decade <= axis->max_hz; decade *= 10) {
      gdouble narrowest = reassign_axis_row (axis, 10 * decade) -
                          reassign_axis_row (axis, 9 * decade);

      if (rank == 3 && narrowest < spacing)
        continue;
      for (guint i = 0; ranks[rank][i] != 0; i++)
        add_hz (ticks, axis, ranks[rank][i] * decade, decade, spacing, inside);
    }
  }
  if (axis->min_hz == 0)
    add_hz (ticks, axis, 0, 1, spacing, inside);
}

static void
add_by_steps (
    GArray *ticks, const ReassignAxis *axis, gdouble spacing, gboolean inside)
{
  gdouble range = axis->max_hz - axis->min_hz;
  gdouble narrowest = INFINITY;
  gdouble step;

  /* the place where a Hz takes the least room decides */
  for (guint i = 0; i < 16; i++) {
    gdouble row = (gdouble) axis->n_rows * i / 16;
    gdouble hz = reassign_axis_hz (axis, row);
    gdouble px = reassign_axis_row (axis, hz + range / 1000) -
                 reassign_axis_row (axis, hz);

    narrowest = MIN (narrowest, px / (range / 1000));
  }
  /* many labels are harder to read than few */
  step = round_step (STEPS_APART * spacing / narrowest);
  for (gdouble n = ceil (axis->min_hz / step - 1e-9);
       n * step <= axis->max_hz * (1 + 1e-12) && ticks->len < MOST_TICKS; n++)
    add_hz (ticks, axis, n * step, step, spacing, inside);
  if (step / 5 * narrowest < LEAST_MINOR)
    return;
  for (gdouble n = ceil (axis->min_hz / step * 5 - 1e-9);
       n * step / 5 <= axis->max_hz && ticks->len < MOST_TICKS; n++) {
    gdouble place = reassign_axis_row (axis, n * step / 5);

    if (is_free (ticks, place, LEAST_MINOR, (gdouble) axis->n_rows, FALSE))
      add (ticks, n * step / 5, place, "");
  }
}

static void
add_minor (GArray *ticks, const ReassignAxis *axis, gdouble px)
{
  gdouble first = pow (10, floor (log10 (MAX (axis->min_hz, 1))));

  for (gdouble decade = first; decade <= axis->max_hz; decade *= 10) {
    for (guint digit = 1; digit < 10; digit++) {
      gdouble hz = digit * decade, place = reassign_axis_row (axis, hz);
      gdouble next = reassign_axis_row (axis, hz + decade);

      if (place >= 0 && place <= (gdouble) axis->n_rows && next - place >= px &&
          ticks->len < MOST_TICKS)
        add (ticks, hz, place, "");
    }
  }
}

GArray *
gst_tfr_ticks_frequency (
    const ReassignAxis *axis, gdouble spacing, gboolean inside)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (GstTfrTick));
  gboolean wide = axis->scale != REASSIGN_SCALE_LINEAR &&
                  axis->max_hz > 4 * MAX (axis->min_hz, 1);

  if (wide) {
    add_by_decades (ticks, axis, spacing, inside);
    add_minor (ticks, axis, LEAST_MINOR);
  } else {
    add_by_steps (ticks, axis, spacing, inside);
  }
  g_array_sort (ticks, compare);
  return ticks;
}

/* -------------------------------------------------------------- notes ---- */

static const gchar *const note_names[] = { "C", "C#", "D", "D#", "E", "F", "F#",
  "G", "G#", "A", "A#", "B" };

/* Of a MIDI number, 69 being A4. */
static void
format_note (gint midi, gchar *text, gsize size)
{
  gint octave = (midi + 120) / 12 - 11;

  g_snprintf (text, size, "%s%d", note_names[(midi + 120) % 12], octave);
}

void
gst_tfr_note_name (gdouble hz, gdouble tuning, gchar *text, gsize size)
{
  gdouble midi = 69 + 12 * log2 (hz / tuning), nearest = round (midi);
  gdouble off = (midi - nearest) * 100;
  gchar name[8];

  if (!(midi > -100 && midi < 300)) {
    g_strlcpy (text, "", size);
    return;
  }
  format_note ((gint) nearest, name, sizeof name);
  if (fabs (off) < 0.05) /* no -0.0 */
    off = 0;
  g_snprintf (text, size, "%s %+.1f c", name, off);
}

/* By rank: C, then G, then the other naturals, then the rest. */
static guint
rank_of_note (gint midi)
{
  static const guint ranks[] = { 0, 3, 2, 3, 2, 2, 3, 1, 3, 2, 3, 2 };

  return ranks[midi % 12];
}

GArray *
gst_tfr_ticks_notes (
    const ReassignAxis *axis, gdouble tuning, gdouble spacing, gboolean inside)
{
  /* semitones to the next note, at the narrowest, of this rank or those before
   */
  static const gdouble steps[] = { 12, 5, 1, 1 };
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (GstTfrTick));

  for (guint rank = 0; rank < G_N_ELEMENTS (steps); rank++) {
    for (gint midi = 0; midi < 160; midi++) {
      gdouble hz = tuning * exp2 ((midi - 69) / 12.0);
      gdouble place = reassign_axis_row (axis, hz);
      gdouble room = fabs (
          place - reassign_axis_row (axis, hz * exp2 (-steps[rank] / 12)));
      gchar text[24];

      if (rank_of_note (midi) != rank ||
          !(place >= 0 && place <= (gdouble) axis->n_rows) ||
          (rank > 0 && room < spacing) ||
          !is_free (ticks, place, spacing, (gdouble) axis->n_rows, inside))
        continue;
      format_note (midi, text, sizeof text);
      add (ticks, hz, place, text);
    }
  }
  g_array_sort (ticks, compare);
  return ticks;
}

/* ---------------------------------------------------- linear and time ---- */

GArray *
gst_tfr_ticks_linear (
    gdouble from, gdouble to, gdouble length, gdouble spacing, gboolean inside)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (GstTfrTick));
  gdouble step = round_step (spacing / length * (to - from));

  for (gdouble n = ceil (from / step - 1e-9);
       n * step <= to + step * 1e-9 && ticks->len < MOST_TICKS; n++) {
    gdouble value = n * step, place = (value - from) / (to - from) * length;
    gchar text[24];

    g_snprintf (text, sizeof text, "%.*f", decimals (step),
        fabs (value) < step / 2 ? 0 : value);
    if (is_free (ticks, place, spacing, length, inside))
      add (ticks, value, place, text);
  }
  return ticks;
}

/* Steps of a clock beyond a second. */
static gdouble
time_step (gdouble least)
{
  static const gdouble steps[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
    1800, 3600, 7200, 14400, 21600, 43200, 86400 };

  if (least < 0.7)
    return round_step (least);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] >= least)
      return steps[i];
  return 86400 * ceil (least / 86400);
}

/* 1.5 s, 0:05, 1:02:03; fractions as the step needs them. */
static void
format_time (gdouble seconds, gdouble step, gchar *text, gsize size)
{
  const gchar *sign = seconds < -step / 2 ? "-" : "";
  gdouble all = fabs (seconds) < step / 2 ? 0 : fabs (seconds);
  gint places = step < 1 ? decimals (step) : 0;
  gdouble unit = pow (10, -places);
  gdouble rounded = round (all / unit) * unit;
  guint64 minutes = (guint64) (rounded / 60 + 1e-9);
  gdouble rest = fabs (rounded - 60.0 * (gdouble) minutes);
  gint width = places > 0 ? 3 + places : 2;

  if (minutes >= 60)
    g_snprintf (text, size, "%s%" G_GUINT64_FORMAT ":%02d:%0*.*f", sign,
        minutes / 60, (gint) (minutes % 60), width, places, rest);
  else if (minutes > 0 || step >= 60)
    g_snprintf (
        text, size, "%s%d:%0*.*f", sign, (gint) minutes, width, places, rest);
  else
    g_snprintf (text, size, "%s%.*f s", sign, places, rest);
}

gdouble
gst_tfr_ticks_time_step (gdouble seconds, gdouble length, gdouble spacing)
{
  return time_step (spacing / length * seconds);
}

GArray *
gst_tfr_ticks_time (
    gdouble from, gdouble to, gdouble length, gdouble spacing, gboolean inside)
{
  GArray *ticks = g_array_sized_new (FALSE, FALSE, sizeof (GstTfrTick), 32);
  gdouble step = gst_tfr_ticks_time_step (to - from, length, spacing);

  for (gdouble n = ceil (from / step - 1e-9);
       n * step <= to + step * 1e-9 && ticks->len < MOST_TICKS; n++) {
    gdouble value = n * step, place = (value - from) / (to - from) * length;
    gchar text[24];

    format_time (value, step, text, sizeof text);
    if (!inside || is_free (ticks, place, spacing, length, TRUE))
      add (ticks, value, place, text);
  }
  return ticks;
}
