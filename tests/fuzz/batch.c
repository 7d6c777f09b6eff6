/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Any bytes as a batch of points, and as one of partials: a clear error or a
 * sound view, every value of which can be read. */

#include "gsttfr.h"

#include "fuzz.h"

static double
sum_points (GstBuffer *buffer)
{
  GError *error = NULL;
  GstTfrBatch batch;
  double sum = 0;

  if (!gst_tfr_batch_map (&batch, buffer, &error)) {
    g_assert (error != NULL && error->message[0] != '\0');
    g_clear_error (&error);
    return 0;
  }
  for (guint i = 0; i < batch.header.n_points; i++) {
    sum += batch.time[i] + batch.frequency[i] + (double) batch.magnitude[i];
    if (batch.bin != NULL)
      sum += batch.bin[i];
  }
  gst_tfr_batch_unmap (&batch);
  return sum;
}

static double
sum_rows (GstBuffer *buffer)
{
  GError *error = NULL;
  GstTfrPartials rows;
  double sum = 0;

  if (!gst_tfr_partials_map (&rows, buffer, &error)) {
    g_assert (error != NULL && error->message[0] != '\0');
    g_clear_error (&error);
    return 0;
  }
  for (guint i = 0; i < rows.header.n_points; i++)
    sum += rows.time[i] + rows.frequency[i] + (double) rows.amplitude[i] +
           (double) rows.phase[i] + (double) rows.bandwidth[i] + rows.id[i] +
           rows.flags[i];
  gst_tfr_partials_unmap (&rows);
  return sum;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  GstBuffer *buffer =
      size > 0 ? gst_buffer_new_memdup (data, size) : gst_buffer_new ();

  fuzz_use (sum_points (buffer) + sum_rows (buffer));
  gst_buffer_unref (buffer);
  return 0;
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  gst_init (argc, argv);
  return 0;
}
