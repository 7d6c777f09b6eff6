/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrscope
 * @title: tfrscope
 * @short_description: audio to a sharp spectrogram, in one element
 *
 * tfrreassign and tfrrender in a bin, for players, which list it among their
 * visualisations, and for whatever wants one element with audio on one side and
 * video on the other.
 *
 * The two are its children by these names, and their properties are reached
 * through them.  In a program that is gst_child_proxy_set().
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 audiotestsrc num-buffers=200 ! \
 *   tfrscope tfrrender::color-map=viridis tfrreassign::window-size=4096 ! \
 *   autovideosink
 * ]|
 * |[
 * gst-launch-1.0 playbin \
 *   uri=file:///usr/share/sounds/alsa/Front_Center.wav flags=audio+vis \
 *   vis-plugin="tfrscope tfrrender::time-span=3000000000"
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfrelements.h"

#define GST_TYPE_TFR_SCOPE (gst_tfr_scope_get_type ())
G_DECLARE_FINAL_TYPE (GstTfrScope, gst_tfr_scope, GST, TFR_SCOPE, GstBin)

struct _GstTfrScope {
  GstBin parent;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("audio/x-raw"));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-raw"));

G_DEFINE_FINAL_TYPE (GstTfrScope, gst_tfr_scope, GST_TYPE_BIN)
GST_ELEMENT_REGISTER_DEFINE (
    tfrscope, "tfrscope", GST_RANK_NONE, GST_TYPE_TFR_SCOPE)

static GstElement *
add_child (GstTfrScope *self, const gchar *name)
{
  GstElement *child = gst_element_factory_make (name, name);

  if (child != NULL)
    gst_bin_add (GST_BIN (self), child);
  return child;
}

static void
add_pad (GstTfrScope *self, GstElement *child, const gchar *name)
{
  GstPadTemplate *template =
      gst_element_get_pad_template (GST_ELEMENT (self), name);
  GstPad *target = gst_element_get_static_pad (child, name);

  gst_element_add_pad (GST_ELEMENT (self),
      gst_ghost_pad_new_from_template (name, target, template));
  gst_object_unref (target);
}

/* Where the plugin was linked in by parts, the children may not be there. */
static GstStateChangeReturn
change_state (GstElement *element, GstStateChange change)
{
  if (GST_BIN_NUMCHILDREN (element) < 2) {
    GST_ELEMENT_ERROR (element, CORE, MISSING_PLUGIN,
        ("tfrscope needs tfrreassign and tfrrender."), (NULL));
    return GST_STATE_CHANGE_FAILURE;
  }
  return GST_ELEMENT_CLASS (gst_tfr_scope_parent_class)
      ->change_state (element, change);
}

static void
gst_tfr_scope_class_init (GstTfrScopeClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Reassigned spectrogram", "Visualization",
      "Audio to a spectrogram that is sharp in time and frequency",
      "The tfr developers");
  element_class->change_state = GST_DEBUG_FUNCPTR (change_state);
}

static void
gst_tfr_scope_init (GstTfrScope *self)
{
  GstElement *reassign = add_child (self, "tfrreassign");
  GstElement *render = add_child (self, "tfrrender");

  if (reassign == NULL || render == NULL)
    return;
  gst_element_link (reassign, render);
  add_pad (self, reassign, "sink");
  add_pad (self, render, "src");
}
