/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The elements, linked in, under a harness.  What GLib or GStreamer calls
 * critical or a warning of its own ends the run, as a crash does. */

#ifndef TFR_FUZZ_ELEMENT_H
#define TFR_FUZZ_ELEMENT_H

#include "bytes.h"

#include <gst/check/gstharness.h>

/* Registers the elements.  Once. */
void fuzz_elements_init (int *argc, char ***argv);

/* A playing element that is given whatever is pushed.  What it pushes goes to
 * `check` (may be NULL) and is dropped; after `most` buffers it is told that
 * nobody listens any more, so that a small input cannot ask for a long film. */
typedef void (*FuzzCheck) (GstBuffer *buffer);

GstHarness *fuzz_harness_new (
    const gchar *element, const gchar *sink_caps, FuzzCheck check, guint most);
void fuzz_harness_free (GstHarness *h);

/* A flush, and a segment of this format after it; UNDEFINED: none. */
void fuzz_flush (GstHarness *h, GstFormat format);

/* The next bytes, `most` of them while there are so many. */
GstBuffer *fuzz_buffer (FuzzBytes *bytes, gsize most);

/* Sets a property that the input chooses, to a text that it holds or to a value
 * of the property's type. */
void fuzz_set_property (GstElement *element, FuzzBytes *bytes);

#endif
