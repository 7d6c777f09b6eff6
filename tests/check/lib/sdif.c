/* SPDX-License-Identifier: GPL-2.0-or-later */

/* SDIF: what is written is read, what others write is read, and nothing that a
 * file may hold is a danger. */

#include "near.h"
#include "reassign.h"
#include "sdif.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define RATE 48000
#define HOP 480
#define MOST 64

/* ------------------------------------------------------------------- bytes */

static void
add_u32 (GByteArray *b, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);

  g_byte_array_append (b, (guint8 *) &big, 4);
}

static void
add_f64 (GByteArray *b, gdouble value)
{
  guint64 bits;

  memcpy (&bits, &value, 8);
  add_u32 (b, (guint32) (bits >> 32));
  add_u32 (b, (guint32) bits);
}

static void
add_f32 (GByteArray *b, gfloat value)
{
  guint32 bits;

  memcpy (&bits, &value, 4);
  add_u32 (b, bits);
}

static GByteArray *
new_file (void)
{
  GByteArray *b = g_byte_array_new ();

  g_byte_array_append (b, (const guint8 *) "SDIF", 4);
  add_u32 (b, 8);
  add_u32 (b, 3);
  add_u32 (b, 1);
  return b;
}

static void
add_frame (
    GByteArray *b, const gchar *type, guint32 size, gdouble time, guint32 n)
{
  g_byte_array_append (b, (const guint8 *) type, 4);
  add_u32 (b, size);
  add_f64 (b, time);
  add_u32 (b, 1);
  add_u32 (b, n);
}

/* A matrix whose value in row r, column c is values[r * columns + c]. */
static void
add_matrix (GByteArray *b, const gchar *type, guint32 data_type, guint32 rows,
    guint32 columns, const gdouble *values)
{
  static const guint8 zeros[8] = { 0 };
  guint size = rows * columns * (data_type & 0xff);

  g_byte_array_append (b, (const guint8 *) type, 4);
  add_u32 (b, data_type);
  add_u32 (b, rows);
  add_u32 (b, columns);
  for (guint i = 0; i < rows * columns; i++)
    if (data_type == 0x0008)
      add_f64 (b, values[i]);
    else if (data_type == 0x0004)
      add_f32 (b, (gfloat) values[i]);
    else
      g_byte_array_append (b, zeros, data_type & 0xff);
  g_byte_array_append (b, zeros, -size & 7);
}

/* -------------------------------------------------------------------- rows */

typedef struct {
  ReassignSdifType type;
  gdouble frame_time;
  gboolean ends;
  gdouble time, frequency;
  gfloat amplitude, phase, bandwidth;
  guint32 id, flags;
  gint64 sample;
} Row;

static void
keep_rows (GArray *to, const ReassignRows *rows, const Row *of)
{
  for (gsize i = 0; i < rows->n_rows; i++) {
    Row row = *of;

    row.time = rows->time[i];
    row.frequency = rows->frequency[i];
    row.amplitude = rows->amplitude[i];
    row.phase = rows->phase[i];
    row.bandwidth = rows->bandwidth[i];
    row.id = rows->id[i];
    row.flags = rows->flags[i];
    row.sample = rows->sample;
    g_array_append_val (to, row);
  }
}

/* Everything that a file of these bytes holds, pushed in pieces, and its fault.
 */
static GArray *
read_rows (const guint8 *bytes, gsize size, gsize piece, const gchar **fault,
    ReassignSdifInfo *info)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (Row));
  const gchar *error = NULL;
  ReassignSdifReader *r = reassign_sdif_reader_new (&error);
  ReassignSdifFrame frame;

  fail_unless (r != NULL);
  for (gsize at = 0; at <= size;) {
    /* Of its own, so that a read beyond it is seen by tools that look. */
    gsize n = MIN (piece, size - at), taken;
    guint8 *copy = g_memdup2 (bytes + at, n);

    if (n == 0)
      reassign_sdif_reader_drain (r);
    taken = n == 0 ? 0 : reassign_sdif_reader_push (r, copy, n);
    while (reassign_sdif_reader_pull (r, &frame))
      keep_rows (rows, &frame.rows,
          &(Row){ .type = frame.type,
              .frame_time = frame.time,
              .ends = frame.ends });
    g_free (copy);
    at += n == 0 ? 1 : taken;
  }
  reassign_sdif_reader_drain (r); /* once more is nothing more */
  fail_if (reassign_sdif_reader_pull (r, &frame));
  if (fault != NULL)
    *fault = reassign_sdif_reader_fault (r);
  if (info != NULL)
    *info = *reassign_sdif_reader_info (r);
  reassign_sdif_reader_free (r);
  return rows;
}

static GArray *
read_sound (GByteArray *b)
{
  const gchar *fault;
  GArray *rows = read_rows (b->data, b->len, b->len, &fault, NULL);

  fail_unless (fault == NULL, "%s", fault);
  return rows;
}

/* Rows of a frame as arrays. */
typedef struct {
  gdouble time[MOST], frequency[MOST];
  gfloat amplitude[MOST], phase[MOST], bandwidth[MOST];
  guint32 id[MOST], flags[MOST];
  ReassignRows view;
} Frame;

static void
set_row (Frame *f, guint32 id, gdouble time, gdouble frequency,
    gfloat amplitude, gfloat phase, gfloat bandwidth, guint32 flags)
{
  gsize i = f->view.n_rows++;

  f->time[i] = time;
  f->frequency[i] = frequency;
  f->amplitude[i] = amplitude;
  f->phase[i] = phase;
  f->bandwidth[i] = bandwidth;
  f->id[i] = id;
  f->flags[i] = flags;
  f->view.time = f->time;
  f->view.frequency = f->frequency;
  f->view.amplitude = f->amplitude;
  f->view.phase = f->phase;
  f->view.bandwidth = f->bandwidth;
  f->view.id = f->id;
  f->view.flags = f->flags;
}

#define FRAMES 40
#define PARTIALS 5

/* Partials as a tracker gives them: partial p lives from frame p to FRAMES - p,
 * is born a little beside its first frame, and dies a little after its last
 * row, the last ones in the same frame. */
static void
make_frame (Frame *f, gint k)
{
  memset (f, 0, sizeof *f);
  f->view.sample = (gint64) (k + 100) * HOP;
  for (gint p = 0; p < PARTIALS; p++) {
    gdouble t = (gdouble) f->view.sample / RATE;
    guint32 id = (guint32) p * 3 + 1;
    gint first = p, last = FRAMES - 1 - p;

    if (k < first || k > last)
      continue;
    set_row (f, id, k == first ? t - 0.003 : t, 100.0 * (p + 1) + k,
        0.1f + (gfloat) k / 100, (gfloat) remainder (k * 1.3 + p, 2 * G_PI),
        (gfloat) (k % 4) / 4,
        k == first ? (guint32) REASSIGN_PARTIAL_BIRTH : 0);
    if (k == last)
      set_row (f, id, t + 0.002, 100.0 * (p + 1) + k, 0, 0.5f, 0,
          REASSIGN_PARTIAL_DEATH);
  }
}

static const ReassignSdifInfo written_info = { .sample_rate = RATE,
  .hop = HOP,
  .window_size = 2048,
  .fft_size = 4096,
  .channels = 1,
  .channel_mask = 4 };

static GByteArray *
write_file (ReassignSdifType type)
{
  GByteArray *b = g_byte_array_new ();
  const gchar *error = NULL;
  ReassignSdifWriter *w =
      reassign_sdif_writer_new (type, &written_info, 0, &error);

  fail_unless (w != NULL, "%s", error);
  for (gint k = 0; k < FRAMES; k++) {
    const guint8 *bytes;
    gsize n;
    Frame f;

    make_frame (&f, k);
    fail_unless_equals_uint64 (
        reassign_sdif_writer_push (w, 0, &f.view), f.view.n_rows);
    while ((n = reassign_sdif_writer_pull (w, &bytes)) > 0)
      g_byte_array_append (b, bytes, (guint) n);
  }
  reassign_sdif_writer_free (w);
  return b;
}

typedef void (*Take) (gpointer user, const ReassignRows *rows);

static void
take_frames (ReassignFramer *f, Take take, gpointer user)
{
  ReassignRows rows;
  gsize channel;

  while (reassign_framer_pull (f, &channel, &rows))
    take (user, &rows);
}

/* All frames that the framer makes of the file. */
static void
frame_file (GByteArray *b, ReassignFramer *f, Take take, gpointer user)
{
  const gchar *error = NULL;
  ReassignSdifReader *r = reassign_sdif_reader_new (&error);
  ReassignSdifFrame frame;
  gsize at = 0;

  fail_unless (r != NULL, "%s", error);
  while (at < b->len) {
    at += reassign_sdif_reader_push (r, b->data + at, b->len - at);
    if (at == b->len)
      reassign_sdif_reader_drain (r);
    while (reassign_sdif_reader_pull (r, &frame)) {
      gsize from = 0;

      do {
        from += reassign_framer_push (f, 0, &frame, from);
        take_frames (f, take, user);
      } while (from < frame.rows.n_rows);
    }
  }
  reassign_framer_drain (f);
  take_frames (f, take, user);
  reassign_sdif_reader_free (r);
}

static void
keep_framed (gpointer to, const ReassignRows *rows)
{
  keep_rows (to, rows, &(Row){ 0 });
}

/* The file's rows on the grid. */
static GArray *
frame_rows (GByteArray *b, const ReassignFramerConfig *config)
{
  GArray *framed = g_array_new (FALSE, TRUE, sizeof (Row));
  const gchar *error = NULL;
  ReassignFramer *f = reassign_framer_new (config, &error);

  fail_unless (f != NULL, "%s", error);
  frame_file (b, f, keep_framed, framed);
  fail_unless_equals_uint64 (reassign_framer_ignored (f), 0);
  reassign_framer_free (f);
  return framed;
}

/* The next row of this partial, from *at on. */
static const Row *
next_row (GArray *rows, guint32 id, guint *at)
{
  while (*at < rows->len) {
    const Row *row = &g_array_index (rows, Row, (*at)++);

    if (row->id == id)
      return row;
  }
  return NULL;
}

GST_START_TEST (rbep_gives_back_every_row_on_its_grid)
{
  GByteArray *b = write_file (REASSIGN_SDIF_RBEP);
  GArray *rows = frame_rows (
      b, &(ReassignFramerConfig){ .sample_rate = RATE, .hop = HOP });
  guint n = 0;

  for (gint p = 0; p < PARTIALS; p++) {
    guint32 id = (guint32) p * 3 + 1;
    guint at = 0;

    for (gint k = 0; k < FRAMES; k++) {
      Frame f;

      make_frame (&f, k);
      for (gsize i = 0; i < f.view.n_rows; i++) {
        const Row *row;

        if (f.id[i] != id)
          continue;
        row = next_row (rows, id, &at);
        n++;
        fail_unless (row != NULL);
        fail_unless_equals_int64 (row->sample, f.view.sample);
        fail_unless_equals_int (row->flags, f.flags[i]);
        assert_near (row->time, f.time[i], 1e-12, "time in frame %d", k);
        assert_near (row->frequency, f.frequency[i], 0, "frequency");
        assert_near (row->amplitude, f.amplitude[i], 0, "amplitude");
        assert_near (remainder (row->phase - f.phase[i], 2 * G_PI), 0, 1e-6,
            "phase in frame %d", k);
        assert_near (row->bandwidth, f.bandwidth[i], 0, "bandwidth");
      }
    }
  }
  fail_unless_equals_int (rows->len, n);
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (trc_moves_rows_to_their_frames_and_phases_with_them)
{
  GByteArray *b = write_file (REASSIGN_SDIF_1TRC);
  GArray *rows = frame_rows (
      b, &(ReassignFramerConfig){ .sample_rate = RATE, .hop = HOP });

  for (gint p = 0; p < PARTIALS; p++) {
    guint32 id = (guint32) p * 3 + 1;
    guint at = 0, births = 0, deaths = 0;

    for (gint k = p; k <= FRAMES - 1 - p; k++) {
      gdouble t = (gdouble) (k + 100) * HOP / RATE;
      const Row *row = next_row (rows, id, &at);
      Frame f;
      gsize i = 0;

      make_frame (&f, k);
      while (f.id[i] != id)
        i++;
      fail_unless (row != NULL);
      births += row->flags == REASSIGN_PARTIAL_BIRTH;
      assert_near (row->time, t, 1e-12, "time in frame %d", k);
      assert_near (row->frequency, f.frequency[i], 0, "frequency");
      assert_near (row->amplitude, f.amplitude[i], 0, "amplitude");
      assert_near (remainder (row->phase - f.phase[i] -
                                  2 * G_PI * f.frequency[i] * (t - f.time[i]),
                       2 * G_PI),
          0, 1e-6, "phase in frame %d", k);
      assert_near (row->bandwidth, 0, 0, "bandwidth");
    }
    for (const Row *row; (row = next_row (rows, id, &at)) != NULL;) {
      deaths += row->flags == REASSIGN_PARTIAL_DEATH;
      assert_near (row->amplitude, 0, 0, "the amplitude of a death");
    }
    fail_unless_equals_int (births, 1);
    fail_unless_equals_int (deaths, 1);
  }
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (the_table_says_where_the_rows_come_from)
{
  GByteArray *b = write_file (REASSIGN_SDIF_RBEP);
  ReassignSdifInfo info;

  g_array_unref (read_rows (b->data, b->len, b->len, NULL, &info));
  fail_unless_equals_int (info.sample_rate, RATE);
  fail_unless_equals_int (info.hop, HOP);
  fail_unless_equals_int (info.window_size, 2048);
  fail_unless_equals_int (info.fft_size, 4096);
  fail_unless_equals_int (info.channels, 1);
  fail_unless_equals_uint64 (info.channel_mask, 4);
  g_byte_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (a_frame_without_rows_has_none_in_the_file)
{
  const gchar *error = NULL;
  ReassignSdifWriter *w =
      reassign_sdif_writer_new (REASSIGN_SDIF_RBEP, &written_info, 0, &error);
  GByteArray *b = g_byte_array_new ();
  GArray *rows;
  Frame f;

  make_frame (&f, PARTIALS);
  fail_unless_equals_uint64 (f.view.n_rows, PARTIALS);
  for (guint k = 0; k < 4; k++) {
    const guint8 *bytes;
    gsize n;

    f.view.n_rows = k % 2 == 0 ? PARTIALS : 0;
    f.view.sample += HOP;
    reassign_sdif_writer_push (w, 0, &f.view);
    while ((n = reassign_sdif_writer_pull (w, &bytes)) > 0)
      g_byte_array_append (b, bytes, (guint) n);
  }
  reassign_sdif_writer_free (w);
  rows = read_sound (b);
  fail_unless_equals_int (rows->len, 2 * PARTIALS);
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (any_cutting_of_the_bytes_gives_the_same_rows)
{
  static const gsize pieces[] = { 1, 3, 8, 100 };
  GByteArray *b = write_file (REASSIGN_SDIF_RBEP);
  GArray *whole = read_sound (b);

  fail_unless (whole->len > 100);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    GArray *cut = read_rows (b->data, b->len, pieces[i], NULL, NULL);

    fail_unless_equals_int (cut->len, whole->len);
    fail_unless (
        memcmp (cut->data, whole->data, whole->len * sizeof (Row)) == 0);
    g_array_unref (cut);
  }
  g_array_unref (whole);
  g_byte_array_unref (b);
}
GST_END_TEST;

/* ------------------------------------------------------------ others' files */

static const gdouble seven[] = { 2, 440, 0.5, 1, 0.25, 0.001, 1, 7, 880, 0.125,
  2, 0.5, -0.001, 0 };

GST_START_TEST (a_wrong_frame_size_does_not_matter)
{
  static const guint32 sizes[] = { 56, 0, 16, 80, 1000000, G_MAXUINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    GByteArray *b = new_file ();
    GArray *rows;

    for (guint k = 0; k < 3; k++) {
      add_frame (b, "RBEP", sizes[i], 0.01 * k, 1);
      add_matrix (b, "RBEP", 0x0008, 1, 6, seven);
    }
    rows = read_sound (b);
    fail_unless_equals_int (rows->len, 3);
    for (guint k = 0; k < 3; k++) {
      const Row *row = &g_array_index (rows, Row, k);

      fail_unless_equals_int (row->id, 3);
      assert_near (row->time, 0.01 * k + 0.001, 1e-15, "time");
      assert_near (row->frequency, 440, 0, "frequency");
      assert_near (row->amplitude, 0.5, 0, "amplitude");
      assert_near (row->phase, 1, 0, "phase");
      assert_near (row->bandwidth, 0.25, 0, "bandwidth");
    }
    g_array_unref (rows);
    g_byte_array_unref (b);
  }
}
GST_END_TEST;

GST_START_TEST (columns_that_lack_are_0_and_more_are_passed_over)
{
  for (guint data_type = 4; data_type <= 8; data_type += 4)
    for (guint columns = 1; columns <= 7; columns++) {
      GByteArray *b = new_file ();
      gdouble values[14];
      GArray *rows;

      for (guint r = 0; r < 2; r++)
        for (guint c = 0; c < columns; c++)
          values[r * columns + c] = seven[r * 7 + c];
      add_frame (b, "1TRC", 0, 1, 1);
      add_matrix (b, "1TRC", data_type, 2, columns, values);
      add_frame (b, "1TRC", 0, 2, 1);
      add_matrix (b, "1TRC", data_type, 2, columns, values);
      rows = read_sound (b);
      fail_unless_equals_int (rows->len, 4);
      for (guint i = 0; i < 4; i++) {
        const Row *row = &g_array_index (rows, Row, i);
        const gdouble *v = seven + i % 2 * 7;

        fail_unless_equals_int (row->type, REASSIGN_SDIF_1TRC);
        fail_unless_equals_int (row->id, (gint) v[0] + 1);
        assert_near (row->frequency, columns > 1 ? v[1] : 0, 0, "frequency");
        assert_near (row->amplitude, columns > 2 ? v[2] : 0, 0, "amplitude");
        assert_near (row->phase, columns > 3 ? v[3] : 0, 0, "phase");
        assert_near (row->bandwidth, columns > 4 ? v[4] : 0, 0, "bandwidth");
        assert_near (row->time, 1 + i / 2 + (columns > 5 ? v[5] : 0), 1e-9,
            "time with %u columns", columns);
      }
      g_array_unref (rows);
      g_byte_array_unref (b);
    }
}
GST_END_TEST;

GST_START_TEST (what_is_not_known_is_passed_over)
{
  static const gdouble labels[] = { 2, 1, 7, 2 };
  static const gdouble times[] = { 0.5 };
  static const guint32 types[] = { 0x0102, 0x0104, 0x0108, 0x0204, 0x0301,
    0x0401 };
  GByteArray *b = new_file ();
  GArray *rows;

  add_frame (b, "RBEL", 40, 0, 1);
  add_matrix (b, "RBEL", 0x0004, 2, 2, labels);
  add_frame (b, "RBEM", 0, 0, 2);
  add_matrix (b, "RBEM", 0x0008, 1, 1, times);
  add_matrix (b, "RBEM", 0x0301, 13, 1, NULL);
  add_frame (b, "1FOO", 7, -G_MAXDOUBLE, 0);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    add_frame (b, "RBEP", 0, 0.1 * i, 3);
    add_matrix (b, "XXXX", types[i], 3, 5, NULL);
    add_matrix (b, "RBEP", 0x0008, 2, 7, seven);
    add_matrix (b, "RBEP", types[i], 3, 5, NULL);
  }
  rows = read_sound (b);
  fail_unless_equals_int (rows->len, 2 * G_N_ELEMENTS (types));
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

/* Before version 3's frames, tables were a text after type and size. */
GST_START_TEST (tables_of_old_are_passed_over)
{
  static const gchar *const texts[] = { "{\nAuthor somebody;\n}\n\n\n",
    "{  }\n", "\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    GByteArray *b = new_file ();
    GArray *rows;

    g_byte_array_append (b, (const guint8 *) "1NVT", 4);
    add_u32 (b, (guint32) strlen (texts[i]));
    g_byte_array_append (
        b, (const guint8 *) texts[i], (guint) strlen (texts[i]));
    add_frame (b, "RBEP", 0, 1, 1);
    add_matrix (b, "RBEP", 0x0008, 2, 7, seven);
    rows = read_sound (b);
    fail_unless_equals_int (rows->len, 2);
    g_array_unref (rows);
    g_byte_array_unref (b);
  }
}
GST_END_TEST;

static void
add_table (GByteArray *b, const gchar *text)
{
  static const guint8 zeros[8] = { 0 };
  guint n = (guint) strlen (text);

  add_frame (b, "1NVT", 16 + 16 + n, 0, 1);
  g_byte_array_append (b, (const guint8 *) "1NVT", 4);
  add_u32 (b, 0x0301);
  add_u32 (b, n);
  add_u32 (b, 1);
  g_byte_array_append (b, (const guint8 *) text, n);
  g_byte_array_append (b, zeros, -n & 7);
}

GST_START_TEST (numbers_in_a_table_that_cannot_be_are_not_there)
{
  static const gchar *const names[] = SDIF_TABLE_NAMES;

  for (guint wrong = 0; wrong < 6; wrong++) {
    GByteArray *b = new_file ();
    GString *text = g_string_new (NULL);
    ReassignSdifInfo info;
    const gchar *fault;

    for (guint i = 0; i < 5; i++)
      g_string_append_printf (text, "%s\t%s\n", names[i],
          i != wrong ? "7"
          : i == 4   ? "65536"
                     : "2147483648");
    add_table (b, text->str);
    g_array_unref (read_rows (b->data, b->len, b->len, &fault, &info));
    fail_unless (fault == NULL, "%s", fault);
    fail_unless_equals_int (info.sample_rate, wrong == 0 ? 0 : 7);
    fail_unless_equals_int (info.hop, wrong == 1 ? 0 : 7);
    fail_unless_equals_int (info.window_size, wrong == 2 ? 0 : 7);
    fail_unless_equals_int (info.fft_size, wrong == 3 ? 0 : 7);
    fail_unless_equals_int (info.channels, wrong == 4 ? 0 : 7);
    g_string_free (text, TRUE);
    g_byte_array_unref (b);
  }
}
GST_END_TEST;

GST_START_TEST (rows_that_are_no_sound_numbers_are_left_out)
{
  static const gdouble wrong[][6] = {
    { -1, 440, 0.5, 0, 0, 0 },
    { 0.5, 440, 0.5, 0, 0, 0 },
    { 1e10, 440, 0.5, 0, 0, 0 },
    { NAN, 440, 0.5, 0, 0, 0 },
    { 1, NAN, 0.5, 0, 0, 0 },
    { 1, -440, 0.5, 0, 0, 0 },
    { 1, INFINITY, 0.5, 0, 0, 0 },
    { 1, 1e30, 0.5, 0, 0, 0 },
    { 1, 440, NAN, 0, 0, 0 },
    { 1, 440, -0.5, 0, 0, 0 },
    { 1, 440, 0.5, INFINITY, 0, 0 },
    { 1, 440, 0.5, 0, 0, NAN },
    { 1, 440, 0.5, 0, 0, 1e300 },
  };
  GByteArray *b = new_file ();
  GArray *rows;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    add_frame (b, "RBEP", 0, i, 1);
    add_matrix (b, "RBEP", 0x0008, 1, 6, wrong[i]);
  }
  add_frame (b, "RBEP", 0, 100, 1);
  add_matrix (b, "RBEP", 0x0008, 1, 7, seven);
  rows = read_sound (b);
  fail_unless_equals_int (rows->len, 1);
  fail_unless_equals_int (g_array_index (rows, Row, 0).id, 3);
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

/* -------------------------------------------------------------- bad files */

GST_START_TEST (a_file_that_is_cut_anywhere_gives_its_rows_and_a_sentence)
{
  GByteArray *b = write_file (REASSIGN_SDIF_RBEP);
  GArray *whole = read_sound (b);
  guint most = 0, sound = 0;

  for (guint n = 0; n < b->len; n++) {
    const gchar *fault;
    GArray *rows = read_rows (b->data, n, 4096, &fault, NULL);

    fail_unless (rows->len >= most, "rows lost at %u", n);
    most = rows->len;
    for (guint i = 0; i < most; i++) {
      Row *row = &g_array_index (rows, Row, i);
      const Row *reference = &g_array_index (whole, Row, i);

      fail_unless (row->time == reference->time && row->id == reference->id);
    }
    sound += fault == NULL;
    g_array_unref (rows);
  }
  /* Only between frames is a file whole: those of the head and the table, and
   * one for each frame and for each that gives a second turn. */
  fail_unless_equals_int (sound, 2 + FRAMES + PARTIALS - 1);
  g_array_unref (whole);
  g_byte_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (damage_gives_sound_rows_or_a_sentence)
{
  GByteArray *b = write_file (REASSIGN_SDIF_1TRC);
  guint faults = 0;

  for (guint32 seed = 0; seed < 4000; seed++) {
    guint8 *bytes = g_memdup2 (b->data, b->len);
    GRand *rand = g_rand_new_with_seed (seed);
    const gchar *fault;
    GArray *rows;

    for (gint i = g_rand_int_range (rand, 1, 5); i > 0; i--)
      bytes[seed % 2 ? g_rand_int_range (rand, 0, 600)
                     : g_rand_int_range (rand, 0, (gint) b->len)] =
          (guint8) g_rand_int_range (rand, 0, 256);
    rows = read_rows (bytes, b->len, 5000, &fault, NULL);
    faults += fault != NULL;
    fail_unless (fault == NULL || strlen (fault) > 10);
    for (guint i = 0; i < rows->len; i++) {
      const Row *row = &g_array_index (rows, Row, i);

      fail_unless (isfinite (row->time) && isfinite (row->frequency) &&
                   isfinite (row->amplitude) && isfinite (row->phase) &&
                   row->bandwidth >= 0 && row->bandwidth <= 1 && row->id > 0);
    }
    g_array_unref (rows);
    g_rand_free (rand);
    g_free (bytes);
  }
  fail_unless (faults > 400);
  g_byte_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (what_cannot_be_a_file_is_called_so)
{
  static const struct {
    guint offset;
    guint32 value;
  } wrong[] = {
    { 0, 0x52494646 },        /* RIFF */
    { 4, 0 },                 /* size of the head */
    { 4, G_MAXUINT32 },       /* likewise */
    { 8, 2 },                 /* version */
    { 16, 0x00000001 },       /* type of a frame */
    { 16 + 8, 0x7ff00000 },   /* its time: infinite */
    { 16 + 8, 0x7fe00000 },   /* 1e307 s */
    { 16 + 20, G_MAXUINT32 }, /* matrices */
    { 16 + 20, 1000000 },     /* likewise */
    { 16 + 28, 0 },           /* type of data */
    { 16 + 28, 0x00ff },      /* likewise */
    { 16 + 32, G_MAXUINT32 }, /* rows */
    { 16 + 36, G_MAXUINT32 }, /* columns */
    { 16 + 32, G_MAXINT32 },  /* rows that do not come */
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    GByteArray *b = new_file ();
    guint32 big = GUINT32_TO_BE (wrong[i].value);
    const gchar *fault;

    add_frame (b, "RBEP", 0, 1, 1);
    add_matrix (b, "RBEP", 0x0008, 2, 7, seven);
    memcpy (b->data + wrong[i].offset, &big, 4);
    g_array_unref (read_rows (b->data, b->len, b->len, &fault, NULL));
    fail_unless (fault != NULL, "case %u", i);
    g_byte_array_unref (b);
  }
}
GST_END_TEST;

/* ----------------------------------------------------------------- framing */

/* RBEP frames with one row each: a partial of constant frequency. */
static GByteArray *
make_partial (const gdouble *times, const gdouble *amplitudes, guint n)
{
  GByteArray *b = new_file ();

  for (guint i = 0; i < n; i++) {
    gdouble row[6] = { 0, 100, amplitudes[i],
      fmod (2 * G_PI * 100 * times[i], 2 * G_PI), 0, 0 };

    add_frame (b, "RBEP", 0, times[i], 1);
    add_matrix (b, "RBEP", 0x0008, 1, 6, row);
  }
  return b;
}

GST_START_TEST (gaps_are_bridged_on_a_straight_line)
{
  static const gdouble times[] = { 1.0, 1.0551, 1.2 };
  static const gdouble amplitudes[] = { 0.1, 0.2, 0.4 };
  GByteArray *b = make_partial (times, amplitudes, 3);
  GArray *rows = frame_rows (
      b, &(ReassignFramerConfig){ .sample_rate = RATE, .hop = HOP });

  /* Frames 100 to 120, and the death 1 ms after the last row. */
  fail_unless_equals_int (rows->len, 22);
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = &g_array_index (rows, Row, i);
    gdouble slope = row->time < 1.0551 ? 0.1 / 0.0551 : 0.2 / 0.1449;
    gdouble line = row->time < 1.0551 ? 0.1 + slope * (row->time - 1)
                                      : 0.2 + slope * (row->time - 1.0551);

    fail_unless_equals_int (row->flags, i == 0    ? REASSIGN_PARTIAL_BIRTH
                                        : i == 21 ? REASSIGN_PARTIAL_DEATH
                                                  : 0);
    if (i < 21) {
      fail_unless_equals_int64 (row->sample, (gint64) (100 + i) * HOP);
      assert_near (row->amplitude, line, 1e-6, "amplitude at %g s", row->time);
    } else {
      assert_near (row->time, 1.201, 1e-12, "the death's time");
    }
    assert_near (row->frequency, 100, 1e-9, "frequency");
    assert_near (remainder (row->phase - 2 * G_PI * 100 * row->time, 2 * G_PI),
        0, 1e-5, "phase at %g s", row->time);
  }
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

/* However far and near together the rows are. */
GST_START_TEST (what_bridges_a_gap_is_finite)
{
  GByteArray *b = new_file ();
  GArray *rows;
  guint n = 0;

  for (guint i = 0; i < 40; i++) {
    gdouble row[6] = { 0, i % 2 == 0 ? 0 : 9e29, 1, 0, 0, 0 };

    add_frame (b, "RBEP", 0, i % 2 == 0 ? i : i - 1 + pow (2, -(gdouble) i), 1);
    add_matrix (b, "RBEP", 0x0008, 1, 6, row);
  }
  rows =
      frame_rows (b, &(ReassignFramerConfig){
                         .sample_rate = RATE, .hop = HOP, .longest_gap = 2 });
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = &g_array_index (rows, Row, i);

    fail_unless (row->frequency >= 0 && row->frequency <= 9e29,
        "frequency at %g s: %g, should be 0 to 9e29", row->time,
        row->frequency);
    fail_unless (fabsf (row->phase) < 3.1416f, "phase at %g s: %g", row->time,
        (gdouble) row->phase);
    n += row->frequency > 0 && row->frequency < 9e29;
  }
  fail_unless (n > 1000, "%u rows of bridges, should be above 1000", n);
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (zeros_end_partials_and_begin_them)
{
  static const gdouble times[] = { 0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06 };
  static const gdouble amplitudes[] = { 0, 0, 1, 1, 0, 0, 0.5 };
  static const gdouble kept[] = { 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.061 };
  static const guint32 flags[] = { 1, 0, 0, 2, 1, 0, 2 };
  GByteArray *b = make_partial (times, amplitudes, G_N_ELEMENTS (times));
  GArray *rows = frame_rows (
      b, &(ReassignFramerConfig){ .sample_rate = RATE, .hop = HOP });

  fail_unless_equals_int (rows->len, G_N_ELEMENTS (kept));
  for (guint i = 0; i < rows->len; i++) {
    assert_near (
        g_array_index (rows, Row, i).time, kept[i], 1e-12, "time %u", i);
    fail_unless_equals_int (g_array_index (rows, Row, i).flags, flags[i]);
  }
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (partials_end_after_the_longest_gap)
{
  static const gdouble times[] = { 0, 0.2, 0.5 };
  static const gdouble amplitudes[] = { 1, 1, 1 };
  GByteArray *b = make_partial (times, amplitudes, 3);
  GArray *rows = frame_rows (
      b, &(ReassignFramerConfig){
             .sample_rate = RATE, .hop = HOP, .longest_gap = 0.25 });
  guint births = 0, deaths = 0;

  for (guint i = 0; i < rows->len; i++) {
    births += g_array_index (rows, Row, i).flags == REASSIGN_PARTIAL_BIRTH;
    deaths += g_array_index (rows, Row, i).flags == REASSIGN_PARTIAL_DEATH;
  }
  fail_unless_equals_int (births, 2);
  fail_unless_equals_int (deaths, 2);
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

GST_START_TEST (a_leap_in_time_is_not_filled_with_frames)
{
  static const gdouble times[] = { 0, 0.01, 1e8, 1e8 + 0.01, -1e8 };
  static const gdouble amplitudes[] = { 1, 1, 1, 1, 1 };
  GByteArray *b = make_partial (times, amplitudes, 4);
  GArray *rows = frame_rows (
      b, &(ReassignFramerConfig){ .sample_rate = RATE, .hop = HOP });

  /* Twice birth, row and death. */
  fail_unless_equals_int (rows->len, 6);
  fail_unless_equals_int64 (
      g_array_index (rows, Row, 3).sample, G_GINT64_CONSTANT (4800000000000));
  g_array_unref (rows);
  g_byte_array_unref (b);
}
GST_END_TEST;

static void
count_frames (gpointer user, const ReassignRows *rows)
{
  guint *n = user;

  fail_unless (++*n <= 10 << 20,
      "more than %u frames, at sample %" G_GINT64_FORMAT, *n, rows->sample);
}

/* At rates and hops that nobody has a few rows do not turn into hours. */
GST_START_TEST (the_frames_of_a_few_rows_are_bounded)
{
  static const gdouble times[] = { 0, 50, 90 };
  static const gdouble amplitudes[] = { 1, 1, 1 };
  static const gsize channels[] = { 1, 2, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++) {
    GByteArray *b = make_partial (times, amplitudes, 3);
    ReassignFramerConfig config = { .sample_rate = G_MAXINT32,
      .hop = 1,
      .channels = channels[i],
      .longest_gap = 1e-9 };
    ReassignFramer *f = reassign_framer_new (&config, NULL);
    guint n = 0;

    frame_file (b, f, count_frames, &n);
    fail_unless (n > 0);
    reassign_framer_free (f);
    g_byte_array_unref (b);
  }
}
GST_END_TEST;

/* Partials that sound: their last row's time by their id. */
typedef struct {
  GHashTable *last;
  gint64 sample;
} Lives;

static void
follow_lives (gpointer user, const ReassignRows *rows)
{
  Lives *lives = user;

  fail_unless (rows->sample > lives->sample);
  lives->sample = rows->sample;
  for (gsize i = 0; i < rows->n_rows; i++) {
    gpointer id = GUINT_TO_POINTER (rows->id[i]);
    const gdouble *last = g_hash_table_lookup (lives->last, id);

    fail_unless ((last == NULL) == (rows->flags[i] == REASSIGN_PARTIAL_BIRTH));
    fail_unless (last == NULL || rows->time[i] > *last);
    if (rows->flags[i] == REASSIGN_PARTIAL_DEATH) {
      fail_unless (rows->amplitude[i] == 0);
      g_hash_table_remove (lives->last, id);
    } else {
      g_hash_table_insert (
          lives->last, id, g_memdup2 (&rows->time[i], sizeof (gdouble)));
    }
  }
}

/* Rows of a dozen partials in any order, mostly close together. */
static GByteArray *
make_disorder (guint32 seed)
{
  static const gchar *const types[] = { "RBEP", "1TRC" };
  GRand *rand = g_rand_new_with_seed (seed);
  GByteArray *b = new_file ();
  gdouble time = 0;

  for (guint k = 0; k < 60; k++) {
    guint n = (guint) g_rand_int_range (rand, 0, 11);
    gdouble values[60];

    time += g_rand_int_range (rand, 0, 20) == 0
                ? g_rand_double_range (rand, -1, 100)
                : g_rand_double_range (rand, 0, 0.03);
    for (guint i = 0; i < n; i++) {
      values[6 * i] = g_rand_int_range (rand, 0, 12);
      values[6 * i + 1] = g_rand_double_range (rand, 0, 20000);
      values[6 * i + 2] = MAX (0, g_rand_double_range (rand, -0.2, 1));
      values[6 * i + 3] = g_rand_double_range (rand, 0, 7);
      values[6 * i + 4] = g_rand_double_range (rand, 0, 1);
      values[6 * i + 5] = g_rand_double_range (rand, -0.03, 0.03);
    }
    add_frame (b, types[seed % 2], 0, time, 1);
    add_matrix (b, types[seed % 2], 0x0008, n, 6, values);
  }
  g_rand_free (rand);
  return b;
}

/* In any order, at any times, with little room: every partial is born before
 * its rows and dies after them, in ascending time, in frames that follow. */
GST_START_TEST (lives_are_whole_whatever_comes)
{
  for (guint32 seed = 0; seed < 100; seed++) {
    Lives lives = { g_hash_table_new_full (NULL, NULL, NULL, g_free),
      G_MININT64 };
    ReassignFramerConfig config = {
      .sample_rate = RATE, .hop = HOP, .max_rows = seed % 3 ? 4096 : 64
    };
    GByteArray *b = make_disorder (seed);
    const gchar *error = NULL;
    ReassignFramer *f = reassign_framer_new (&config, &error);

    frame_file (b, f, follow_lives, &lives);
    fail_unless (lives.sample > 0);
    fail_unless_equals_int (g_hash_table_size (lives.last), 0);
    g_hash_table_unref (lives.last);
    reassign_framer_free (f);
    g_byte_array_unref (b);
  }
}
GST_END_TEST;

/* There is room for 16 partials here, and that many have it to the last. */
GST_START_TEST (partials_beyond_the_room_are_counted)
{
  ReassignFramerConfig config = {
    .sample_rate = RATE, .hop = HOP, .max_rows = 64
  };
  const gchar *error = NULL;
  ReassignFramer *f = reassign_framer_new (&config, &error);
  GArray *framed = g_array_new (FALSE, TRUE, sizeof (Row));
  GByteArray *b = new_file ();
  gdouble values[20][6];

  for (guint k = 0; k < 3; k++) {
    for (guint i = 0; i < 20; i++) {
      gdouble row[6] = { i, 100 * (i + 1), 0.5, 0, 0, 0 };

      memcpy (values[i], row, sizeof row);
    }
    add_frame (b, "RBEP", 0, k * HOP / (gdouble) RATE, 1);
    add_matrix (b, "RBEP", 0x0008, 20, 6, values[0]);
  }
  frame_file (b, f, keep_framed, framed);
  fail_unless_equals_uint64 (reassign_framer_ignored (f), 3 * 4);
  /* in each of three frames, and their deaths */
  fail_unless_equals_int (framed->len, 4 * 16);
  for (guint i = 0; i < framed->len; i++) {
    const Row *row = &g_array_index (framed, Row, i);

    fail_unless (row->id >= 1 && row->id <= 16);
    assert_near (row->frequency, 100 * row->id, 0, "frequency of %u", row->id);
  }
  g_array_unref (framed);
  g_byte_array_unref (b);
  reassign_framer_free (f);
}
GST_END_TEST;

/* Amid the channels of a frame there is no room for more. */
GST_START_TEST (nothing_is_taken_amid_a_frame)
{
  ReassignFramerConfig config = {
    .sample_rate = RATE, .hop = HOP, .channels = 2
  };
  const gchar *error = NULL;
  ReassignFramer *f = reassign_framer_new (&config, &error);
  ReassignSdifFrame sdif = { .type = REASSIGN_SDIF_RBEP, .ends = true };
  ReassignRows rows;
  Frame frame = { 0 };
  gsize channel;

  set_row (&frame, 1, 0, 100, 1, 0, 0, 0);
  sdif.rows = frame.view;
  fail_unless_equals_uint64 (reassign_framer_push (f, 0, &sdif, 0), 1);
  reassign_framer_drain (f);
  fail_unless (reassign_framer_pull (f, &channel, &rows) && channel == 0);
  fail_unless_equals_uint64 (reassign_framer_push (f, 1, &sdif, 0), 0);
  fail_unless (reassign_framer_pull (f, &channel, &rows) && channel == 1);
  fail_unless_equals_uint64 (rows.n_rows, 0);
  reassign_framer_free (f);
}
GST_END_TEST;

/* ----------------------------------------------------------------- writing */

GST_START_TEST (more_rows_than_fit_are_taken_in_parts)
{
  const gchar *error = NULL;
  ReassignSdifWriter *w =
      reassign_sdif_writer_new (REASSIGN_SDIF_RBEP, &written_info, 7, &error);
  GByteArray *b = g_byte_array_new ();
  const guint8 *bytes;
  gsize n, taken;
  GArray *rows;
  Frame f = { 0 };

  for (guint32 i = 0; i < 20; i++)
    set_row (&f, 16 * i + 1, 1, 100, 1, 0, 0, 0); /* they all meet */
  f.view.sample = RATE;
  while ((taken = reassign_sdif_writer_push (w, 0, &f.view)) > 0) {
    fail_unless (taken <= 7);
    fail_unless_equals_uint64 (reassign_sdif_writer_push (w, 0, &f.view), 0);
    n = reassign_sdif_writer_pull (w, &bytes);
    g_byte_array_append (b, bytes, (guint) n);
    f.view.id += taken;
    f.view.n_rows -= taken;
  }
  rows = read_sound (b);
  fail_unless_equals_int (rows->len, 20);
  for (guint i = 0; i < 20; i++)
    fail_unless_equals_int (g_array_index (rows, Row, i).id, 16 * i + 1);
  g_array_unref (rows);
  g_byte_array_unref (b);
  reassign_sdif_writer_free (w);
}
GST_END_TEST;

GST_START_TEST (rows_that_sdif_has_no_numbers_for_are_not_written)
{
  const gchar *error = NULL;
  ReassignSdifWriter *w =
      reassign_sdif_writer_new (REASSIGN_SDIF_RBEP, &written_info, 0, &error);
  GByteArray *b = g_byte_array_new ();
  const guint8 *bytes;
  GArray *rows;
  Frame f = { 0 };
  gsize n;

  f.view.sample = RATE;
  set_row (&f, 1, 1, 100, 1, 0, 0, 0);
  set_row (&f, 2, NAN, 100, 1, 0, 0, 0);
  set_row (&f, 3, 1, INFINITY, 1, 0, 0, 0);
  set_row (&f, 4, 1, -100, 1, 0, 0, 0);
  set_row (&f, 5, 1, 100, NAN, 0, 0, 0);
  set_row (&f, 6, 1, 100, -1, 0, 0, 0);
  set_row (&f, 0, 1, 100, 1, 0, 0, 0);
  set_row (&f, 7, 1, 300, 1, 0, 0, 0);
  fail_unless_equals_uint64 (reassign_sdif_writer_push (w, 0, &f.view), 8);
  while ((n = reassign_sdif_writer_pull (w, &bytes)) > 0)
    g_byte_array_append (b, bytes, (guint) n);
  rows = read_sound (b);
  fail_unless_equals_int (rows->len, 2);
  fail_unless_equals_int (g_array_index (rows, Row, 0).id, 1);
  fail_unless_equals_int (g_array_index (rows, Row, 1).id, 7);
  g_array_unref (rows);
  g_byte_array_unref (b);
  reassign_sdif_writer_free (w);
}
GST_END_TEST;

GST_START_TEST (configs_that_cannot_be_are_refused_with_a_sentence)
{
  static const struct {
    const char *name;
    ReassignFramerConfig config;
  } framers[] = {
    { "channels", { .sample_rate = RATE, .hop = 1, .channels = 65536 } },
    { "longest_gap", { .sample_rate = RATE, .hop = 1, .longest_gap = -1 } },
    { "max_rows", { .sample_rate = RATE, .hop = 1, .max_rows = SIZE_MAX } },
  };
  const gchar *error = NULL;
  ReassignSdifInfo silent = { 0 };

  fail_unless (reassign_sdif_writer_new (
                   REASSIGN_SDIF_RBEP, &silent, 0, &error) == NULL);
  fail_unless (error != NULL);
  fail_unless (reassign_sdif_writer_new (
                   (ReassignSdifType) 7, &written_info, 0, &error) == NULL);
  fail_unless (error != NULL);
  fail_unless (reassign_framer_new (
                   &(ReassignFramerConfig){ .hop = 1 }, &error) == NULL);
  fail_unless (error != NULL);
  fail_unless (
      reassign_framer_new (
          &(ReassignFramerConfig){ .sample_rate = RATE }, &error) == NULL);
  fail_unless (error != NULL);
  fail_unless (reassign_sdif_writer_new (REASSIGN_SDIF_RBEP, &written_info,
                   SIZE_MAX, &error) == NULL);
  fail_unless (strstr (error, "max_rows") != NULL, "%s", error);
  for (guint i = 0; i < G_N_ELEMENTS (framers); i++) {
    fail_unless (reassign_framer_new (&framers[i].config, &error) == NULL,
        "a wrong %s", framers[i].name);
    fail_unless (strstr (error, framers[i].name) != NULL, "%s: %s",
        framers[i].name, error);
  }
  reassign_sdif_writer_free (NULL);
  reassign_sdif_reader_free (NULL);
  reassign_framer_free (NULL);
}
GST_END_TEST;

static Suite *
sdif_suite (void)
{
  Suite *s = suite_create ("sdif");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, rbep_gives_back_every_row_on_its_grid);
  tcase_add_test (tc, trc_moves_rows_to_their_frames_and_phases_with_them);
  tcase_add_test (tc, the_table_says_where_the_rows_come_from);
  tcase_add_test (tc, a_frame_without_rows_has_none_in_the_file);
  tcase_add_test (tc, any_cutting_of_the_bytes_gives_the_same_rows);
  tcase_add_test (tc, a_wrong_frame_size_does_not_matter);
  tcase_add_test (tc, columns_that_lack_are_0_and_more_are_passed_over);
  tcase_add_test (tc, what_is_not_known_is_passed_over);
  tcase_add_test (tc, tables_of_old_are_passed_over);
  tcase_add_test (tc, numbers_in_a_table_that_cannot_be_are_not_there);
  tcase_add_test (tc, rows_that_are_no_sound_numbers_are_left_out);
  tcase_add_test (
      tc, a_file_that_is_cut_anywhere_gives_its_rows_and_a_sentence);
  tcase_add_test (tc, damage_gives_sound_rows_or_a_sentence);
  tcase_add_test (tc, what_cannot_be_a_file_is_called_so);
  tcase_add_test (tc, gaps_are_bridged_on_a_straight_line);
  tcase_add_test (tc, what_bridges_a_gap_is_finite);
  tcase_add_test (tc, zeros_end_partials_and_begin_them);
  tcase_add_test (tc, partials_end_after_the_longest_gap);
  tcase_add_test (tc, a_leap_in_time_is_not_filled_with_frames);
  tcase_add_test (tc, the_frames_of_a_few_rows_are_bounded);
  tcase_add_test (tc, lives_are_whole_whatever_comes);
  tcase_add_test (tc, partials_beyond_the_room_are_counted);
  tcase_add_test (tc, nothing_is_taken_amid_a_frame);
  tcase_add_test (tc, more_rows_than_fit_are_taken_in_parts);
  tcase_add_test (tc, rows_that_sdif_has_no_numbers_for_are_not_written);
  tcase_add_test (tc, configs_that_cannot_be_are_refused_with_a_sentence);
  return s;
}

GST_CHECK_MAIN (sdif);
