/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Any bytes as a batch of points, and as one of partials: a clear error or a
 * sound view, every value of which can be read, and whose type is found. */

#include "element.h"

#include "gsttfr.h"

#include <gst/base/gsttypefindhelper.h>

static void
check_type (const uint8_t *data, size_t size, const char *type)
{
  GstTypeFindProbability probability = GST_TYPE_FIND_NONE;
  GstCaps *caps =
      gst_type_find_helper_for_data (NULL, data, size, &probability);

  if (type != NULL) {
    g_assert (caps != NULL && probability == GST_TYPE_FIND_MAXIMUM);
    g_assert (gst_structure_has_name (gst_caps_get_structure (caps, 0), type));
  }
  gst_clear_caps (&caps);
}

static double
sum_of (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  double sum = 0;

  for (gsize i = 0; i < size; i++)
    sum += data[i];
  g_bytes_unref (bytes);
  return sum;
}

/* As other languages do, unknown fields too. */
static void
read_view (GstBuffer *buffer)
{
  GError *error = NULL;
  GstTfrBatchView *view = gst_tfr_batch_view_new (buffer, &error);
  GstTfrHeader header;
  double sum;

  g_assert (view != NULL && error == NULL);
  gst_tfr_batch_view_get_header (view, &header);
  sum = sum_of (gst_tfr_batch_view_get_counts (view));
  for (guint bit = 0; bit < 32; bit++) {
    GBytes *plane = gst_tfr_batch_view_get_plane (view, 1u << bit);

    g_assert ((plane != NULL) == ((header.fields >> bit & 1) != 0));
    if (plane != NULL)
      sum += sum_of (plane);
  }
  gst_tfr_batch_view_unref (view);
  fuzz_use (sum);
}

static double
sum_of_floats (const gfloat *plane, guint n)
{
  double sum = 0;

  for (guint i = 0; plane != NULL && i < n; i++)
    sum += (double) plane[i];
  return sum;
}

/* False when it is none. */
static gboolean
read_points (GstBuffer *buffer)
{
  GError *error = NULL;
  GstTfrBatch batch;
  double sum = 0;
  guint n;

  if (!gst_tfr_batch_map (&batch, buffer, &error)) {
    g_assert (error != NULL && error->message[0] != '\0');
    g_clear_error (&error);
    return FALSE;
  }
  n = batch.header.n_points;
  for (guint i = 0; i < n; i++) {
    sum += batch.time[i] + batch.frequency[i];
    if (batch.bin != NULL)
      sum += batch.bin[i];
  }
  sum += sum_of_floats (batch.magnitude, n) + sum_of_floats (batch.phase, n) +
         sum_of_floats (batch.mixed, n) + sum_of_floats (batch.chirp_rate, n) +
         sum_of_floats (batch.agreement, n);
  gst_tfr_batch_unmap (&batch);
  fuzz_use (sum);
  return TRUE;
}

static gboolean
read_rows (GstBuffer *buffer)
{
  GError *error = NULL;
  GstTfrPartials rows;
  double sum = 0;

  if (!gst_tfr_partials_map (&rows, buffer, &error)) {
    g_assert (error != NULL && error->message[0] != '\0');
    g_clear_error (&error);
    return FALSE;
  }
  for (guint i = 0; i < rows.header.n_points; i++)
    sum += rows.time[i] + rows.frequency[i] + (double) rows.amplitude[i] +
           (double) rows.phase[i] + (double) rows.bandwidth[i] + rows.id[i] +
           rows.flags[i];
  gst_tfr_partials_unmap (&rows);
  fuzz_use (sum);
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  GstBuffer *buffer =
      size > 0 ? gst_buffer_new_memdup (data, size) : gst_buffer_new ();
  const char *type = NULL;

  if (read_points (buffer))
    type = GST_TFR_POINTS_MEDIA_TYPE;
  if (read_rows (buffer))
    type = GST_TFR_PARTIALS_MEDIA_TYPE;
  if (type != NULL)
    read_view (buffer);
  if (size > 0)
    check_type (data, size, type);
  gst_buffer_unref (buffer);
  return 0;
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  fuzz_elements_init (argc, argv);
  return 0;
}
