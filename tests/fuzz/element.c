/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "element.h"

GST_PLUGIN_STATIC_DECLARE (tfr);

static gboolean
is_from_gobject (const GLogField *fields, gsize n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
      return g_strcmp0 (fields[i].value, "GLib-GObject") == 0;
  return FALSE;
}

/* A warning of GObject's own says that a property's value is out of range,
 * which is how it refuses it. */
static GLogWriterOutput
end_at_critical (GLogLevelFlags level, const GLogField *fields, gsize n_fields,
    gpointer unused)
{
  if (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR) ||
      (level & G_LOG_LEVEL_WARNING && !is_from_gobject (fields, n_fields))) {
    g_log_writer_standard_streams (level, fields, n_fields, NULL);
    abort ();
  }
  return G_LOG_WRITER_HANDLED;
}

void
fuzz_elements_init (int *argc, char ***argv)
{
  /* no other plug-ins, no scanner process */
  g_setenv ("GST_PLUGIN_SYSTEM_PATH_1_0", "", TRUE);
  g_setenv ("GST_PLUGIN_PATH_1_0", "", TRUE);
  g_setenv ("GST_REGISTRY_DISABLE", "yes", TRUE);
  g_setenv ("GST_REGISTRY_UPDATE", "no", TRUE);
  gst_init (argc, argv);
  GST_PLUGIN_STATIC_REGISTER (tfr);
  g_log_set_writer_func (end_at_critical, NULL, NULL);
}

typedef struct {
  FuzzCheck check;
  guint left;
} Outlet;

static GstPadProbeReturn
look_and_drop (GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
  Outlet *outlet = user;

  if (outlet->check != NULL)
    outlet->check (GST_PAD_PROBE_INFO_BUFFER (info));
  gst_buffer_unref (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_PAD_PROBE_INFO_DATA (info) = NULL;
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_OK;
  if (outlet->left == 0)
    GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_EOS;
  else
    outlet->left--;
  return GST_PAD_PROBE_HANDLED;
}

GstHarness *
fuzz_harness_new (
    const gchar *element, const gchar *sink_caps, FuzzCheck check, guint most)
{
  GstHarness *h = gst_harness_new (element);
  GstPad *pad = gst_element_get_static_pad (h->element, "src");
  Outlet *outlet = g_new (Outlet, 1);

  *outlet = (Outlet){ check, most };
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER, look_and_drop, outlet, g_free);
  gst_object_unref (pad);
  if (sink_caps != NULL)
    gst_harness_set_sink_caps_str (h, sink_caps);
  return h;
}

void
fuzz_harness_free (GstHarness *h)
{
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (h)) != NULL)
    gst_event_unref (event);
  gst_harness_teardown (h);
}

void
fuzz_flush (GstHarness *h, GstFormat format)
{
  GstSegment segment;

  gst_harness_push_event (h, gst_event_new_flush_start ());
  gst_harness_push_event (h, gst_event_new_flush_stop (TRUE));
  if (format == GST_FORMAT_UNDEFINED)
    return;
  gst_segment_init (&segment, format);
  gst_harness_push_event (h, gst_event_new_segment (&segment));
}

GstBuffer *
fuzz_buffer (FuzzBytes *bytes, gsize most)
{
  gsize n = MIN (bytes->size, most);
  GstBuffer *buffer =
      n > 0 ? gst_buffer_new_memdup (bytes->data, n) : gst_buffer_new ();

  bytes->data += n;
  bytes->size -= n;
  return buffer;
}

/* A value that the property may have; numbers mostly near the lower end of what
 * is often a very wide range. */
static void
set_to_a_value (GstElement *element, GParamSpec *spec, FuzzBytes *bytes)
{
  guint8 choice = fuzz_u8 (bytes), number = fuzz_u8 (bytes);
  GValue value = G_VALUE_INIT;

  g_value_init (&value, spec->value_type);
  if (G_IS_PARAM_SPEC_ENUM (spec)) {
    GEnumClass *class = G_PARAM_SPEC_ENUM (spec)->enum_class;

    g_value_set_enum (&value, class->values[choice % class->n_values].value);
  } else if (G_IS_PARAM_SPEC_FLAGS (spec)) {
    g_value_set_flags (
        &value, choice & G_PARAM_SPEC_FLAGS (spec)->flags_class->mask);
  } else if (G_IS_PARAM_SPEC_BOOLEAN (spec)) {
    g_value_set_boolean (&value, choice & 1);
  } else if (choice % 8 == 0 || G_IS_PARAM_SPEC_STRING (spec)) {
    g_param_value_set_default (spec, &value);
  } else if (G_IS_PARAM_SPEC_UINT (spec)) {
    g_value_set_uint (&value, (guint) number << choice / 32);
  } else if (G_IS_PARAM_SPEC_INT (spec)) {
    g_value_set_int (&value, (number - 128) * (1 << choice / 32));
  } else if (G_IS_PARAM_SPEC_UINT64 (spec)) {
    g_value_set_uint64 (&value, number * GST_MSECOND);
  } else if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
    GParamSpecDouble *range = G_PARAM_SPEC_DOUBLE (spec);
    gdouble part = number / 255.0;

    g_value_set_double (&value,
        choice % 8 == 1 ? fuzz_odd_number (number)
                        : range->minimum + (range->maximum - range->minimum) *
                                               pow (part, 1 + choice / 32));
  }
  g_param_value_validate (spec, &value);
  g_object_set_property (G_OBJECT (element), spec->name, &value);
  g_value_unset (&value);
}

void
fuzz_set_property (GstElement *element, FuzzBytes *bytes)
{
  guint n, length;
  GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);
  GParamSpec *spec = specs[fuzz_pick (bytes, n)];
  gchar text[64] = "";
  gboolean own = spec->owner_type == G_OBJECT_TYPE (element) &&
                 spec->flags & G_PARAM_WRITABLE;

  length = fuzz_pick (bytes, 2 * sizeof text);
  if (length >= sizeof text) {
    if (own)
      set_to_a_value (element, spec, bytes);
  } else {
    fuzz_take (bytes, text, length);
    /* g_object_set takes text for UTF-8 */
    if (own && g_utf8_validate (text, -1, NULL))
      gst_util_set_object_arg (G_OBJECT (element), spec->name, text);
  }
  g_free (specs);
}
