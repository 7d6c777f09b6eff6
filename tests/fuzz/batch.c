/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Any bytes as a batch of points: a clear error or a sound view, every value of
 * which can be read. */

#include "gsttfr.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  GstBuffer *buffer =
      size > 0 ? gst_buffer_new_memdup (data, size) : gst_buffer_new ();
  GError *error = NULL;
  GstTfrBatch batch;
  double sum = 0;

  if (gst_tfr_batch_map (&batch, buffer, &error)) {
    for (guint i = 0; i < batch.header.n_points; i++) {
      sum += batch.time[i] + batch.frequency[i] + (double) batch.magnitude[i];
      if (batch.bin != NULL)
        sum += batch.bin[i];
    }
    gst_tfr_batch_unmap (&batch);
  } else {
    g_assert (error != NULL && error->message[0] != '\0');
    g_clear_error (&error);
  }
  fuzz_use (sum);
  gst_buffer_unref (buffer);
  return 0;
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  gst_init (argc, argv);
  return 0;
}
