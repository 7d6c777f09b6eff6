/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Caps to info and back. */

#include "gsttfrinfo.h"

/* The optional fields as they are spelled in caps. */
static const struct {
  GstTfrFields field;
  const gchar *name;
} optional_fields[] = {
  { GST_TFR_FIELD_PHASE, "phase" },
  { GST_TFR_FIELD_MIXED, "mixed" },
  { GST_TFR_FIELD_CHIRP_RATE, "chirp-rate" },
  { GST_TFR_FIELD_AGREEMENT, "agreement" },
  { GST_TFR_FIELD_BIN, "bin" },
};

/* In the order of GstTfrKind. */
static const gchar *const media_types[] = { GST_TFR_POINTS_MEDIA_TYPE,
  GST_TFR_PARTIALS_MEDIA_TYPE };

GType
gst_tfr_fields_get_type (void)
{
  static gsize type = 0;
  static const GFlagsValue values[] = {
    { GST_TFR_FIELD_TIME, "Reassigned time", "time" },
    { GST_TFR_FIELD_FREQUENCY, "Reassigned frequency", "frequency" },
    { GST_TFR_FIELD_MAGNITUDE, "Magnitude", "magnitude" },
    { GST_TFR_FIELD_PHASE, "Phase at the point", "phase" },
    { GST_TFR_FIELD_MIXED, "Mixed phase derivative: 0 a tone, 1 a click",
        "mixed" },
    { GST_TFR_FIELD_CHIRP_RATE, "Chirp rate", "chirp-rate" },
    { GST_TFR_FIELD_AGREEMENT, "Vote of the neighbours", "agreement" },
    { GST_TFR_FIELD_BIN, "Bin of the transform", "bin" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_flags_register_static ("GstTfrFields", values));
  return type;
}

G_DEFINE_BOXED_TYPE (
    GstTfrInfo, gst_tfr_info, gst_tfr_info_copy, gst_tfr_info_free)

/**
 * gst_tfr_info_new:
 *
 * Returns: (transfer full): an info of zeros; free with gst_tfr_info_free()
 */
GstTfrInfo *
gst_tfr_info_new (void)
{
  return g_new0 (GstTfrInfo, 1);
}

/**
 * gst_tfr_info_new_from_caps:
 * @caps: fixed caps
 *
 * Returns: (transfer full) (nullable): what @caps say, %NULL when they are not
 * those of a stream of points or partials
 */
GstTfrInfo *
gst_tfr_info_new_from_caps (const GstCaps *caps)
{
  GstTfrInfo *info = gst_tfr_info_new ();

  if (!gst_tfr_info_from_caps (info, caps))
    g_clear_pointer (&info, gst_tfr_info_free);
  return info;
}

/**
 * gst_tfr_info_copy:
 * @info: an info
 *
 * Returns: (transfer full): a copy
 */
GstTfrInfo *
gst_tfr_info_copy (const GstTfrInfo *info)
{
  GstTfrInfo *copy = gst_tfr_info_new ();

  *copy = *info;
  return copy;
}

/**
 * gst_tfr_info_free:
 * @info: an info
 */
void
gst_tfr_info_free (GstTfrInfo *info)
{
  g_free (info);
}

/**
 * gst_tfr_info_is_equal:
 * @info: an info
 * @other: another
 *
 * Returns: whether their caps are the same
 */
gboolean
gst_tfr_info_is_equal (const GstTfrInfo *info, const GstTfrInfo *other)
{
  return info->kind == other->kind && info->rate == other->rate &&
         info->channels == other->channels &&
         info->channel_mask == other->channel_mask &&
         info->hop_size == other->hop_size &&
         info->window_size == other->window_size &&
         info->fft_size == other->fft_size && info->fields == other->fields;
}

static gboolean
find_kind (const GstStructure *s, GstTfrKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (media_types); i++)
    if (gst_structure_has_name (s, media_types[i])) {
      *kind = (GstTfrKind) i;
      return TRUE;
    }
  return FALSE;
}

/**
 * gst_tfr_info_from_caps:
 * @info: (out caller-allocates): filled in
 * @caps: fixed caps
 *
 * Returns: %FALSE when @caps are not those of a stream of points or partials
 */
gboolean
gst_tfr_info_from_caps (GstTfrInfo *info, const GstCaps *caps)
{
  const GstStructure *s;
  gint version = GST_TFR_VERSION;

  g_return_val_if_fail (info != NULL, FALSE);
  g_return_val_if_fail (GST_IS_CAPS (caps), FALSE);

  memset (info, 0, sizeof *info);
  if (gst_caps_get_size (caps) == 0 || gst_caps_is_any (caps))
    return FALSE;
  s = gst_caps_get_structure (caps, 0);
  gst_structure_get_int (s, "version", &version);
  if (!find_kind (s, &info->kind) || version != GST_TFR_VERSION)
    return FALSE;

  gst_structure_get_int (s, "rate", &info->rate);
  gst_structure_get_int (s, "channels", &info->channels);
  gst_structure_get (
      s, "channel-mask", GST_TYPE_BITMASK, &info->channel_mask, NULL);
  gst_structure_get_int (s, "hop-size", &info->hop_size);
  gst_structure_get_int (s, "window-size", &info->window_size);
  gst_structure_get_int (s, "fft-size", &info->fft_size);
  if (info->kind == GST_TFR_KIND_POINTS)
    info->fields = GST_TFR_FIELDS_ALWAYS | gst_tfr_fields_named (s);
  return TRUE;
}

/**
 * gst_tfr_info_to_caps:
 * @info: an info
 *
 * Returns: (transfer full): fixed caps; what is zero is left out, but for the
 * fields
 */
GstCaps *
gst_tfr_info_to_caps (const GstTfrInfo *info)
{
  GstStructure *s;
  const struct {
    const gchar *name;
    gint value;
  } sizes[] = {
    { "rate", info->rate },
    { "channels", info->channels },
    { "hop-size", info->hop_size },
    { "window-size", info->window_size },
    { "fft-size", info->fft_size },
  };
  GstCaps *caps = gst_caps_new_empty ();

  s = gst_structure_new (media_types[info->kind], "version", G_TYPE_INT,
      GST_TFR_VERSION, "framed", G_TYPE_BOOLEAN, TRUE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (sizes[i].value != 0)
      gst_structure_set (s, sizes[i].name, G_TYPE_INT, sizes[i].value, NULL);
  if (info->channel_mask != 0)
    gst_structure_set (
        s, "channel-mask", GST_TYPE_BITMASK, info->channel_mask, NULL);
  if (info->kind == GST_TFR_KIND_POINTS)
    gst_tfr_fields_fix (s, info->fields);
  gst_caps_append_structure (caps, s);
  return caps;
}

/**
 * gst_tfr_fields_ask: (skip)
 * @caps: a structure of a consumer's caps
 * @wanted: optional fields
 *
 * Demands that these fields be there.
 */
void
gst_tfr_fields_ask (GstStructure *caps, GstTfrFields wanted)
{
  for (guint i = 0; i < G_N_ELEMENTS (optional_fields); i++)
    if (wanted & optional_fields[i].field)
      gst_structure_set (
          caps, optional_fields[i].name, G_TYPE_BOOLEAN, TRUE, NULL);
}

/**
 * gst_tfr_fields_offer: (skip)
 * @caps: a structure of a producer's caps
 *
 * Leaves open, for each optional field, whether it will be there.
 */
void
gst_tfr_fields_offer (GstStructure *caps)
{
  GValue either = G_VALUE_INIT, value = G_VALUE_INIT;

  g_value_init (&either, GST_TYPE_LIST);
  g_value_init (&value, G_TYPE_BOOLEAN);
  g_value_set_boolean (&value, FALSE);
  gst_value_list_append_value (&either, &value);
  g_value_set_boolean (&value, TRUE);
  gst_value_list_append_value (&either, &value);
  for (guint i = 0; i < G_N_ELEMENTS (optional_fields); i++)
    gst_structure_set_value (caps, optional_fields[i].name, &either);
  g_value_unset (&either);
  g_value_unset (&value);
}

/**
 * gst_tfr_fields_fix: (skip)
 * @caps: a structure of a producer's caps
 * @fields: those that will be there
 *
 * Says of each optional field whether it will be there.
 */
void
gst_tfr_fields_fix (GstStructure *caps, GstTfrFields fields)
{
  for (guint i = 0; i < G_N_ELEMENTS (optional_fields); i++)
    gst_structure_set (caps, optional_fields[i].name, G_TYPE_BOOLEAN,
        (fields & optional_fields[i].field) != 0, NULL);
}

/**
 * gst_tfr_fields_settle: (skip)
 * @caps: a structure of a producer's caps after negotiation
 * @unless_named: the fields to send where nobody spoke of any
 *
 * Decides what gst_tfr_fields_offer() left open.
 */
void
gst_tfr_fields_settle (GstStructure *caps, GstTfrFields unless_named)
{
  GstTfrFields open = 0, there = gst_tfr_fields_named (caps);

  for (guint i = 0; i < G_N_ELEMENTS (optional_fields); i++)
    if (!gst_structure_has_field_typed (
            caps, optional_fields[i].name, G_TYPE_BOOLEAN))
      open |= optional_fields[i].field;
  if (open == GST_TFR_FIELDS_OPTIONAL)
    there = unless_named;
  gst_tfr_fields_fix (caps, there);
}

/**
 * gst_tfr_fields_named: (skip)
 * @caps: a structure of caps
 *
 * Returns: the optional fields that it says are there
 */
GstTfrFields
gst_tfr_fields_named (const GstStructure *caps)
{
  GstTfrFields fields = 0;

  for (guint i = 0; i < G_N_ELEMENTS (optional_fields); i++) {
    gboolean there = FALSE;

    if (gst_structure_get_boolean (caps, optional_fields[i].name, &there) &&
        there)
      fields |= optional_fields[i].field;
  }
  return fields;
}
