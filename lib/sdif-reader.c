/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The bytes of an SDIF file to rows of partials.
 *
 * A file is taken field by field: headers, rows and tables are gathered in a
 * small buffer, all else is counted off.  Only what a matrix's own header says
 * moves the reader on; the size in a frame's header is not even looked at,
 * since Loris writes it as if its values were half as long as they are. */

#include "reassign.h"
#include "sdif.h"

#include <math.h>
#include <stdlib.h>

#define PIECE 256                /* rows that are handed out at once */
#define COLUMNS 6                /* that mean something */
#define TABLE_SIZE 1024          /* of a table as much as is read */
#define MOST_TIME 1e9            /* s */
#define MOST_VALUES (1ull << 40) /* of a matrix */
#define MOST_NUMBER 1e30         /* Hz, and amplitude: products are finite */
#define MOST_MATRICES 65536
#define MOST_HEAD 65536

/* What the bytes in `field` will be. */
typedef enum {
  FIELD_HEAD,
  FIELD_FRAME_START, /* type and size: of old, a text may follow at once */
  FIELD_FRAME,
  FIELD_MATRIX,
  FIELD_ROW,
  FIELD_TABLE
} Field;

struct ReassignSdifReader {
  uint8_t field[TABLE_SIZE];
  Field kind;
  size_t have, need; /* bytes of it */
  uint64_t skip;     /* bytes before it */
  const char *fault;
  bool drained;

  ReassignSdifInfo info;
  uint64_t ignored;

  /* of the SDIF frame that is read */
  char frame_type[4];
  uint32_t frame_size;
  double time;
  int32_t stream;
  int32_t matrices_left;

  /* of the matrix that is read */
  uint32_t value_size, n_columns;
  uint32_t rows_left;
  size_t padding;

  bool waits; /* to be pulled */
  bool ends;
  ReassignSdifType type;
  size_t n_rows;
  double row_time[PIECE], frequency[PIECE];
  float amplitude[PIECE], phase[PIECE], bandwidth[PIECE];
  uint32_t id[PIECE], flags[PIECE];
};

static void
expect (ReassignSdifReader *r, Field kind, size_t size)
{
  r->kind = kind;
  r->need = size;
  r->have = 0;
}

static bool
is_type (const void *at, const char *type)
{
  return memcmp (at, type, 4) == 0;
}

/* Whether it is one of the two types that hold partials, and which. */
static bool
is_partials (const void *at, ReassignSdifType *type)
{
  *type = is_type (at, "1TRC") ? REASSIGN_SDIF_1TRC : REASSIGN_SDIF_RBEP;
  return is_type (at, "RBEP") || is_type (at, "1TRC");
}

/* Types whose frames were texts without matrices in files of old. */
static bool
is_table (const void *at)
{
  return is_type (at, "1NVT") || is_type (at, "1TYP") || is_type (at, "1IDS");
}

/* What a text begins with.  As a time it would be next to nothing, or more than
 * 1e280 s. */
static bool
is_text (uint8_t first)
{
  return first == '{' || first == ' ' || (first >= '\t' && first <= '\r');
}

static void
end_frame (ReassignSdifReader *r)
{
  ReassignSdifType type;

  if (is_partials (r->frame_type, &type)) {
    if (r->n_rows == 0)
      r->type = type;
    r->ends = true;
    r->waits = true;
  }
  expect (r, FIELD_FRAME_START, 8);
}

static void
next_matrix (ReassignSdifReader *r)
{
  if (r->matrices_left-- > 0)
    expect (r, FIELD_MATRIX, SDIF_MATRIX_SIZE);
  else
    end_frame (r);
}

/* ------------------------------------------------------------------- fields */

static const char *
take_head (ReassignSdifReader *r)
{
  uint32_t size = sdif_get_u32 (r->field + 4);

  if (!is_type (r->field, "SDIF"))
    return "not an SDIF file: it does not begin with SDIF";
  if (size < SDIF_HEAD_SIZE - 8 || size > MOST_HEAD)
    return "the head of the SDIF file has no sound size";
  if (sdif_get_u32 (r->field + 8) < SDIF_FORMAT_VERSION)
    return "the SDIF file is of a version before 3";
  r->skip = size - (SDIF_HEAD_SIZE - 8) + sdif_padding (size);
  expect (r, FIELD_FRAME_START, 8);
  return NULL;
}

static const char *
take_frame_start (ReassignSdifReader *r)
{
  for (size_t i = 0; i < 4; i++)
    if (r->field[i] < 0x20 || r->field[i] > 0x7e)
      return "the SDIF file is damaged: there is no frame where one should "
             "begin";
  memcpy (r->frame_type, r->field, 4);
  r->frame_size = sdif_get_u32 (r->field + 4);
  if (is_table (r->frame_type) && r->frame_size < SDIF_FRAME_SIZE - 8) {
    r->skip = r->frame_size;
    expect (r, FIELD_FRAME_START, 8);
  } else {
    expect (r, FIELD_FRAME, SDIF_FRAME_SIZE - 8);
  }
  return NULL;
}

static const char *
take_frame (ReassignSdifReader *r)
{
  ReassignSdifType type;

  if (is_table (r->frame_type) && is_text (r->field[0])) {
    r->skip = r->frame_size - (SDIF_FRAME_SIZE - 8);
    expect (r, FIELD_FRAME_START, 8);
    return NULL;
  }
  r->time = sdif_get_f64 (r->field);
  r->stream = sdif_get_i32 (r->field + 8);
  r->matrices_left = sdif_get_i32 (r->field + 12);
  if (r->matrices_left < 0 || r->matrices_left > MOST_MATRICES)
    return "the SDIF file is damaged: a frame of no sound number of matrices";
  if (is_partials (r->frame_type, &type) && !(fabs (r->time) <= MOST_TIME))
    return "the SDIF file is damaged: a frame without a sound time";
  next_matrix (r);
  return NULL;
}

static const char *
take_matrix (ReassignSdifReader *r)
{
  uint32_t data_type = sdif_get_u32 (r->field + 4);
  uint32_t rows = sdif_get_u32 (r->field + 8);
  uint32_t columns = sdif_get_u32 (r->field + 12);
  uint64_t n = (uint64_t) rows * columns, size;
  bool in_partials, of_partials;
  ReassignSdifType type;

  r->value_size = data_type & 0xff;
  size = n * r->value_size;
  if (rows > INT32_MAX || columns > INT32_MAX || n > MOST_VALUES)
    return "the SDIF file is damaged: a matrix of no sound size";
  if (r->value_size == 0 || r->value_size > 8)
    return "the SDIF file is damaged: a matrix of no known type of data";

  in_partials = is_partials (r->frame_type, &type);
  of_partials = is_partials (r->field, &type);
  r->n_columns = columns;
  r->padding = sdif_padding (size);
  if (in_partials && of_partials && n > 0 &&
      (data_type == SDIF_FLOAT32 || data_type == SDIF_FLOAT64)) {
    r->type = type;
    r->rows_left = rows;
    expect (
        r, FIELD_ROW, (columns < COLUMNS ? columns : COLUMNS) * r->value_size);
  } else if (is_type (r->frame_type, "1NVT") && is_type (r->field, "1NVT") &&
             size > 0 && size <= TABLE_SIZE) {
    expect (r, FIELD_TABLE, (size_t) size);
  } else {
    next_matrix (r);
    r->skip = size + r->padding;
  }
  return NULL;
}

static void
add_row (ReassignSdifReader *r, const double *v)
{
  size_t i = r->n_rows;
  double time = r->time + v[5];

  if (!(v[0] >= 0 && v[0] < UINT32_MAX - 1 && v[0] == floor (v[0])) ||
      !(v[1] >= 0 && v[1] < MOST_NUMBER) ||
      !(v[2] >= 0 && v[2] < MOST_NUMBER) || !(fabs (time) <= MOST_TIME) ||
      !isfinite (v[3])) {
    r->ignored++;
    return;
  }
  r->id[i] = (uint32_t) v[0] + 1;
  r->frequency[i] = v[1];
  r->amplitude[i] = (float) v[2];
  r->phase[i] = (float) remainder (v[3], 2 * M_PI);
  r->bandwidth[i] = (float) fmin (fmax (v[4], 0), 1);
  r->row_time[i] = time;
  r->n_rows++;
}

static void
take_row (ReassignSdifReader *r)
{
  double values[COLUMNS] = { 0 };

  for (size_t c = 0; c < COLUMNS && c < r->n_columns; c++)
    values[c] = r->value_size == 8 ? sdif_get_f64 (r->field + 8 * c)
                                   : (double) sdif_get_f32 (r->field + 4 * c);
  add_row (r, values);
  if (r->n_columns > COLUMNS)
    r->skip = (uint64_t) (r->n_columns - COLUMNS) * r->value_size;
  r->waits = r->n_rows == PIECE;
  if (--r->rows_left > 0) {
    r->have = 0;
  } else {
    r->skip += r->padding;
    next_matrix (r);
  }
}

/* Lines of a name, a tab and a value. */
static void
take_table (ReassignSdifReader *r)
{
  static const char *const names[] = SDIF_TABLE_NAMES;
  uint64_t values[sizeof names / sizeof names[0]] = { 0 };
  char text[TABLE_SIZE + 1];

  memcpy (text, r->field, r->need);
  text[r->need] = '\0';
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const char *at = strstr (text, names[i]);
    const char *value = at == NULL ? NULL : at + strlen (names[i]);

    if (value != NULL && (at == text || at[-1] == '\n') &&
        (*value == '\t' || *value == ' ') && value[1] >= '0' && value[1] <= '9')
      values[i] = strtoull (value, NULL, 10);
  }
  for (size_t i = 0; i < 4; i++)
    if (values[i] > INT32_MAX)
      values[i] = 0;
  if (values[4] > UINT16_MAX)
    values[4] = 0;
  r->info = (ReassignSdifInfo){ (uint32_t) values[0], (uint32_t) values[1],
    (uint32_t) values[2], (uint32_t) values[3], (uint32_t) values[4],
    values[5] };
  r->skip = r->padding;
  next_matrix (r);
}

static void
take_field (ReassignSdifReader *r)
{
  switch (r->kind) {
    case FIELD_HEAD:
      r->fault = take_head (r);
      break;
    case FIELD_FRAME_START:
      r->fault = take_frame_start (r);
      break;
    case FIELD_FRAME:
      r->fault = take_frame (r);
      break;
    case FIELD_MATRIX:
      r->fault = take_matrix (r);
      break;
    case FIELD_ROW:
      take_row (r);
      break;
    case FIELD_TABLE:
      take_table (r);
      break;
  }
}

/* ------------------------------------------------------------------- public */

ReassignSdifReader *
reassign_sdif_reader_new (const char **error)
{
  ReassignSdifReader *r = malloc (sizeof *r);

  if (r != NULL)
    reassign_sdif_reader_reset (r);
  else if (error != NULL)
    *error = "out of memory";
  return r;
}

void
reassign_sdif_reader_reset (ReassignSdifReader *r)
{
  memset (r, 0, sizeof *r);
  expect (r, FIELD_HEAD, SDIF_HEAD_SIZE);
}

size_t
reassign_sdif_reader_push (
    ReassignSdifReader *r, const uint8_t *bytes, size_t n)
{
  size_t taken = 0;

  while (taken < n && !r->waits && r->fault == NULL) {
    size_t left = n - taken;

    if (r->skip > 0) {
      size_t passed = r->skip < left ? (size_t) r->skip : left;

      r->skip -= passed;
      taken += passed;
    } else {
      size_t wanted = r->need - r->have;
      size_t copied = wanted < left ? wanted : left;

      memcpy (r->field + r->have, bytes + taken, copied);
      r->have += copied;
      taken += copied;
      if (r->have == r->need)
        take_field (r);
    }
  }
  return r->fault != NULL && !r->waits ? n : taken;
}

bool
reassign_sdif_reader_pull (ReassignSdifReader *r, ReassignSdifFrame *frame)
{
  if (!r->waits)
    return false;
  *frame = (ReassignSdifFrame){
    .type = r->type,
    .stream = r->stream,
    .time = r->time,
    .ends = r->ends,
    .rows = { .n_rows = r->n_rows,
        .time = r->row_time,
        .frequency = r->frequency,
        .amplitude = r->amplitude,
        .phase = r->phase,
        .bandwidth = r->bandwidth,
        .id = r->id,
        .flags = r->flags },
  };
  r->waits = r->ends = false;
  r->n_rows = 0;
  return true;
}

void
reassign_sdif_reader_drain (ReassignSdifReader *r)
{
  if (r->drained)
    return;
  r->drained = true;
  if (r->fault == NULL && r->kind == FIELD_HEAD)
    r->fault = "not an SDIF file: it is too short";
  else if (r->fault == NULL &&
           (r->kind != FIELD_FRAME_START || r->have > 0 || r->skip > 0))
    r->fault = "the SDIF file ends in the middle of a frame";
  if (r->n_rows > 0)
    r->waits = r->ends = true;
}

const char *
reassign_sdif_reader_fault (const ReassignSdifReader *r)
{
  return r->fault;
}

const ReassignSdifInfo *
reassign_sdif_reader_info (const ReassignSdifReader *r)
{
  return &r->info;
}

uint64_t
reassign_sdif_reader_ignored (const ReassignSdifReader *r)
{
  return r->ignored;
}

void
reassign_sdif_reader_free (ReassignSdifReader *r)
{
  free (r);
}
