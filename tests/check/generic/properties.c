/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Every property of every element, at rest: what it may be, and what it may not. */

#include "tally.h"

#include <gst/check/gstcheck.h>
#include <math.h>

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

/* ------------------------------------------------------- out of range ---- */

/* What may be wrong with a number. */
enum { ABOVE, BELOW, NOT_A_NUMBER, N_FAULTS };

/* FALSE where every value of the type that is so is in range. */
static gboolean
set_wrong (GParamSpec *spec, guint fault, GValue *value)
{
  static const gdouble numbers[] = { INFINITY, -INFINITY, NAN };
  gboolean above = fault == ABOVE;

  g_value_init (value, spec->value_type);
  if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
    g_value_set_double (value, numbers[fault]);
    return TRUE;
  }
  if (fault == NOT_A_NUMBER)
    return FALSE;
  if (G_IS_PARAM_SPEC_UINT (spec)) {
    GParamSpecUInt *range = G_PARAM_SPEC_UINT (spec);

    g_value_set_uint (value, above ? range->maximum + 1 : range->minimum - 1);
    return above ? range->maximum < G_MAXUINT : range->minimum > 0;
  }
  if (G_IS_PARAM_SPEC_UINT64 (spec)) {
    GParamSpecUInt64 *range = G_PARAM_SPEC_UINT64 (spec);

    g_value_set_uint64 (value, above ? range->maximum + 1 : range->minimum - 1);
    return above ? range->maximum < G_MAXUINT64 : range->minimum > 0;
  }
  if (G_IS_PARAM_SPEC_ENUM (spec))
    g_value_set_enum (value, above ? 1000 : -1);
  else if (G_IS_PARAM_SPEC_FLAGS (spec) && above)
    g_value_set_flags (value, G_MAXUINT);
  else
    return FALSE;
  return TRUE;
}

static guint n_tried[N_FAULTS], n_of_64_bits;

static void
try_property (GObject *object, GParamSpec *spec, guint fault)
{
  GValue wrong = G_VALUE_INIT, before = G_VALUE_INIT, after = G_VALUE_INIT;

  if (set_wrong (spec, fault, &wrong)) {
    g_object_get_property (object, spec->name, &before);
    ASSERT_WARNING (g_object_set_property (object, spec->name, &wrong));
    g_object_get_property (object, spec->name, &after);
    fail_unless (g_param_values_cmp (spec, &before, &after) == 0,
        "%s of %s has become another", spec->name, G_OBJECT_TYPE_NAME (object));
    g_value_unset (&before);
    g_value_unset (&after);
    n_tried[fault]++;
    n_of_64_bits += G_IS_PARAM_SPEC_UINT64 (spec);
  }
  g_value_unset (&wrong);
}

static void
try_properties (GObject *object)
{
  guint n;
  GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &n);

  for (guint i = 0; i < n; i++)
    for (guint fault = 0; fault < N_FAULTS; fault++)
      if (specs[i]->flags & G_PARAM_WRITABLE &&
          specs[i]->owner_type == G_OBJECT_TYPE (object))
        try_property (object, specs[i], fault);
  g_free (specs);
}

/* The value stays what it was.  Some elements have none, but tfrscope holds
 * elements that have. */
GST_START_TEST (properties_out_of_range_are_refused)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    GstElement *e = gst_element_factory_make (elements[i], NULL);

    try_properties (G_OBJECT (e));
    for (guint c = 0;
         GST_IS_CHILD_PROXY (e) &&
         c < gst_child_proxy_get_children_count (GST_CHILD_PROXY (e));
         c++) {
      GObject *child =
          gst_child_proxy_get_child_by_index (GST_CHILD_PROXY (e), c);

      try_properties (child);
      g_object_unref (child);
    }
    gst_object_unref (e);
  }
  fail_unless (n_tried[ABOVE] > 100 && n_tried[BELOW] > 80 &&
                   n_tried[NOT_A_NUMBER] > 40 && n_of_64_bits > 4,
      "only %u, %u and %u values, %u of 64 bits", n_tried[ABOVE],
      n_tried[BELOW], n_tried[NOT_A_NUMBER], n_of_64_bits);
  tally (n_tried[ABOVE] + n_tried[BELOW] + n_tried[NOT_A_NUMBER],
      "values out of range");
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
  tcase_add_test (tc, properties_out_of_range_are_refused);
  return s;
}

GST_CHECK_MAIN (properties);
