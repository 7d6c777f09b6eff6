/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Any text to any property of any element, as gst-launch-1.0 would set it, and
 * read back. */

#include "element.h"

static GstElement *
make_any (FuzzBytes *bytes)
{
  GList *features = gst_registry_get_feature_list_by_plugin (
      gst_registry_get (), "tfr");
  guint n = fuzz_pick (bytes, 256), at = 0;
  GstElement *element = NULL;

  for (GList *l = features; l != NULL; l = l->next)
    if (GST_IS_ELEMENT_FACTORY (l->data))
      at++;
  n = at > 0 ? n % at : 0;
  for (GList *l = features; l != NULL; l = l->next)
    if (GST_IS_ELEMENT_FACTORY (l->data) && n-- == 0)
      element = gst_element_factory_create (l->data, NULL);
  gst_plugin_feature_list_free (features);
  return element;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  FuzzBytes bytes = { data, size };
  GstElement *element = make_any (&bytes);
  GParamSpec **specs;
  guint n;

  while (bytes.size > 0)
    fuzz_set_property (element, &bytes);
  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);
  for (guint i = 0; i < n; i++) {
    GValue value = G_VALUE_INIT;

    if (specs[i]->flags & G_PARAM_READABLE) {
      g_object_get_property (G_OBJECT (element), specs[i]->name, &value);
      g_value_unset (&value);
    }
  }
  g_free (specs);
  gst_object_unref (element);
  return 0;
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  fuzz_elements_init (argc, argv);
  return 0;
}
