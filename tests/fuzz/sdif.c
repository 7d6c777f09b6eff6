/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Any bytes as an SDIF file, cut as the first byte says: rows that are sound
 * numbers, on a grid as the second byte says, each partial's between its birth
 * and its death. */

#include "reassign.h"

#include "fuzz.h"

#include <glib.h>
#include <math.h>

static void
check_rows (const ReassignRows *rows, GHashTable *alive)
{
  for (gsize i = 0; i < rows->n_rows; i++) {
    gpointer id = GUINT_TO_POINTER (rows->id[i]);
    gboolean lives = g_hash_table_contains (alive, id);

    g_assert (isfinite (rows->time[i]) && isfinite (rows->frequency[i]));
    g_assert (rows->amplitude[i] >= 0 && isfinite (rows->amplitude[i]));
    g_assert (fabsf (rows->phase[i]) < 3.1416f);
    g_assert (rows->bandwidth[i] >= 0 && rows->bandwidth[i] <= 1);
    g_assert (lives == (rows->flags[i] != REASSIGN_PARTIAL_BIRTH));
    if (rows->flags[i] == REASSIGN_PARTIAL_DEATH)
      g_hash_table_remove (alive, id);
    else if (!lives)
      g_hash_table_add (alive, id);
  }
}

static void
pull_frames (ReassignFramer *f, GHashTable *alive)
{
  ReassignRows rows;
  size_t channel;

  while (reassign_framer_pull (f, &channel, &rows))
    check_rows (&rows, alive);
}

static void
pull_rows (ReassignSdifReader *r, ReassignFramer *f, GHashTable *alive)
{
  ReassignSdifFrame frame;

  while (reassign_sdif_reader_pull (r, &frame)) {
    gsize from = 0;

    do {
      from += reassign_framer_push (f, 0, &frame, from);
      pull_frames (f, alive);
    } while (from < frame.rows.n_rows);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gsize piece = size > 0 ? (gsize) data[0] + 1 : 1;
  ReassignFramerConfig config = { .sample_rate = 1000,
    .hop = size > 1 ? (gsize) data[1] + 1 : 1,
    .max_rows = 200 };
  ReassignSdifReader *r = reassign_sdif_reader_new (NULL);
  ReassignFramer *f = reassign_framer_new (&config, NULL);
  GHashTable *alive = g_hash_table_new (NULL, NULL);

  for (gsize at = MIN (2, size); at < size;) {
    at += reassign_sdif_reader_push (r, data + at, MIN (piece, size - at));
    pull_rows (r, f, alive);
  }
  reassign_sdif_reader_drain (r);
  pull_rows (r, f, alive);
  reassign_framer_drain (f);
  pull_frames (f, alive);
  g_assert_cmpuint (g_hash_table_size (alive), ==, 0);
  g_hash_table_unref (alive);
  reassign_framer_free (f);
  reassign_sdif_reader_free (r);
  return 0;
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  return 0;
}
