/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Every property of every element, at rest. */

#include <gst/check/gstcheck.h>

static const gchar *const elements[] = { "tfrreassign", "tfrrender",
  "tfrpartials", "tfrsynth", "tfrscope", "tfrparse", "tfrcsvenc", "tfrsdifenc",
  "tfrsdifdec" };

static void
set_least (GParamSpec *spec, GValue *value)
{
  if (G_IS_PARAM_SPEC_UINT (spec))
    g_value_set_uint (value, G_PARAM_SPEC_UINT (spec)->minimum);
  else if (G_IS_PARAM_SPEC_INT (spec))
    g_value_set_int (value, G_PARAM_SPEC_INT (spec)->minimum);
  else if (G_IS_PARAM_SPEC_UINT64 (spec))
    g_value_set_uint64 (value, G_PARAM_SPEC_UINT64 (spec)->minimum);
  else if (G_IS_PARAM_SPEC_DOUBLE (spec))
    g_value_set_double (value, G_PARAM_SPEC_DOUBLE (spec)->minimum);
  else if (G_IS_PARAM_SPEC_BOOLEAN (spec))
    g_value_set_boolean (value, !G_PARAM_SPEC_BOOLEAN (spec)->default_value);
  else if (G_IS_PARAM_SPEC_ENUM (spec))
    g_value_set_enum (
        value, G_PARAM_SPEC_ENUM (spec)->enum_class->values[0].value);
  else if (G_IS_PARAM_SPEC_FLAGS (spec))
    g_value_set_flags (value, G_PARAM_SPEC_FLAGS (spec)->flags_class->mask);
  else if (G_IS_PARAM_SPEC_STRING (spec))
    g_value_set_string (value, "Sans 7");
  else
    fail ("%s is of a type that this test does not know", spec->name);
}

static void
assert_reads (GstElement *e, GParamSpec *spec, const GValue *should)
{
  GValue got = G_VALUE_INIT;

  g_value_init (&got, spec->value_type);
  g_object_get_property (G_OBJECT (e), spec->name, &got);
  fail_unless (g_param_values_cmp (spec, should, &got) == 0,
      "%s of %s is not %s", spec->name, GST_OBJECT_NAME (e),
      g_strdup_value_contents (should));
  g_value_unset (&got);
}

GST_START_TEST (each_is_at_its_default_and_reads_as_it_was_set)
{
  guint n_tried = 0;

  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    GstElement *e = gst_element_factory_make (elements[i], NULL);
    guint n;
    GParamSpec **specs;

    fail_unless (e != NULL, "no %s", elements[i]);
    specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (e), &n);
    for (guint k = 0; k < n; k++) {
      GParamSpec *spec = specs[k];
      GValue least = G_VALUE_INIT;

      if (!g_str_has_prefix (g_type_name (spec->owner_type), "GstTfr") ||
          (spec->flags & G_PARAM_READWRITE) != G_PARAM_READWRITE)
        continue;
      n_tried++;
      g_value_init (&least, spec->value_type);
      assert_reads (e, spec, g_param_spec_get_default_value (spec));
      set_least (spec, &least);
      g_object_set_property (G_OBJECT (e), spec->name, &least);
      assert_reads (e, spec, &least);
      g_value_unset (&least);
    }
    g_free (specs);
    gst_object_unref (e);
  }
  fail_unless (n_tried > 70, "only %u", n_tried);
}
GST_END_TEST;

GST_START_TEST (each_that_can_be_set_can_be_while_playing)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    GstElement *e = gst_element_factory_make (elements[i], NULL);
    guint n;
    GParamSpec **specs =
        g_object_class_list_properties (G_OBJECT_GET_CLASS (e), &n);

    for (guint k = 0; k < n; k++)
      fail_if (g_str_has_prefix (g_type_name (specs[k]->owner_type), "GstTfr") &&
                   specs[k]->flags & G_PARAM_WRITABLE &&
                   !(specs[k]->flags & GST_PARAM_MUTABLE_PLAYING),
          "%s of %s", specs[k]->name, elements[i]);
    g_free (specs);
    gst_object_unref (e);
  }
}
GST_END_TEST;

static Suite *
properties_suite (void)
{
  Suite *s = suite_create ("properties");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, each_is_at_its_default_and_reads_as_it_was_set);
  tcase_add_test (tc, each_that_can_be_set_can_be_while_playing);
  return s;
}

GST_CHECK_MAIN (properties);
