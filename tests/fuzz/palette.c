/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Any text as a colour map: colours, or an error that says why not. */

#include "fuzz.h"

#include "render/palette.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gchar *text = g_strndup ((const gchar *) data, size);
  guint32 colors[256];
  GError *error = NULL;

  memset (colors, 0xff, sizeof colors);
  /* a text without a colour is the name of a file */
  if (strchr (text, '#') != NULL) {
    if (gst_tfr_palette_parse (text, colors, 256, &error)) {
      for (guint i = 0; i < 256; i++)
        g_assert (colors[i] <= 0xffffff);
    } else {
      g_assert (error != NULL && error->message[0] != '\0');
      g_assert (colors[0] == 0xffffffff);
      g_clear_error (&error);
    }
  }
  g_free (text);
  return 0;
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  return 0;
}
