/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "gsttfrelements.h"

static gboolean
plugin_init (GstPlugin *plugin)
{
  gboolean any = FALSE;

  any |= GST_ELEMENT_REGISTER (tfrcsvenc, plugin);
  any |= GST_ELEMENT_REGISTER (tfrparse, plugin);
  any |= GST_ELEMENT_REGISTER (tfrpartials, plugin);
  any |= GST_ELEMENT_REGISTER (tfrreassign, plugin);
  any |= GST_ELEMENT_REGISTER (tfrrender, plugin);
  any |= GST_ELEMENT_REGISTER (tfrscope, plugin);
  any |= GST_ELEMENT_REGISTER (tfrsdifdec, plugin);
  any |= GST_ELEMENT_REGISTER (tfrsdifenc, plugin);
  any |= GST_ELEMENT_REGISTER (tfrsynth, plugin);
  return any;
}

/* The licence is FFTW's. */
GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, tfr,
    "Time-frequency reassignment: sharp spectrograms, points, partials",
    plugin_init, VERSION, GST_LICENSE, GST_PACKAGE_NAME, GST_PACKAGE_ORIGIN)
