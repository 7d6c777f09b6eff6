/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrparse
 * @title: tfrparse
 * @short_description: bytes to framed batches of points or partials
 *
 * Cuts a stream of bytes, a file or a socket's, into batches of
 * application/x-tfr-points or application/x-tfr-partials and stamps each with
 * the time that its header names, so that a dump replays like the live stream.
 * Damage is skipped up to the next batch, with one warning and DISCONT.  A dump
 * can be sought, but not played backwards.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=tone.tfr ! tfrparse ! tfrrender ! \
 *   autovideosink
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfr.h"
#include "gsttfrelements.h"
#include "gsttfrtransform.h"

#include <gst/base/gstbaseparse.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (tfr_parse_debug);
#define GST_CAT_DEFAULT tfr_parse_debug

/* Bytes of either kind. */
#define UNFRAMED_CAPS GST_TFR_POINTS_MEDIA_TYPE "; " GST_TFR_PARTIALS_MEDIA_TYPE

/* Bytes that are waited for in any case, where a header claims more. */
#define LEAST_WAIT (1 << 16)

#define GST_TYPE_TFR_PARSE (gst_tfr_parse_get_type ())
G_DECLARE_FINAL_TYPE (GstTfrParse, gst_tfr_parse, GST, TFR_PARSE, GstBaseParse)

struct _GstTfrParse {
  GstBaseParse parent;

  gboolean damaged; /* bytes have been skipped since the last batch */
  gboolean warned;
  GstTfrInfo info; /* of the output caps */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE (
    "sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (UNFRAMED_CAPS));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (
            GST_TFR_POINTS_TEMPLATE_CAPS "; " GST_TFR_PARTIALS_TEMPLATE_CAPS));

G_DEFINE_FINAL_TYPE (GstTfrParse, gst_tfr_parse, GST_TYPE_BASE_PARSE)

static void
find_type (GstTypeFind *find, gpointer unused)
{
  const guint8 *data = gst_type_find_peek (find, 0, GST_TFR_MAGIC_SIZE);
  GstTfrKind kind;

  if (data != NULL && gst_tfr_kind_from_magic (&kind, data))
    gst_type_find_suggest_simple (find, GST_TYPE_FIND_MAXIMUM,
        kind == GST_TFR_KIND_POINTS ? GST_TFR_POINTS_MEDIA_TYPE
                                    : GST_TFR_PARTIALS_MEDIA_TYPE,
        "framed", G_TYPE_BOOLEAN, FALSE, NULL);
}

static gboolean
register_element (GstPlugin *plugin)
{
  GstCaps *caps = gst_caps_from_string (UNFRAMED_CAPS);
  gboolean done = gst_type_find_register (plugin, "application/x-tfr",
      GST_RANK_PRIMARY, find_type, "tfr", caps, NULL, NULL);

  gst_caps_unref (caps);
  return done && gst_element_register (
                     plugin, "tfrparse", GST_RANK_NONE, GST_TYPE_TFR_PARSE);
}
GST_ELEMENT_REGISTER_DEFINE_CUSTOM (tfrparse, register_element)

static gboolean
start (GstBaseParse *parse)
{
  GstTfrParse *self = GST_TFR_PARSE (parse);

  self->damaged = FALSE;
  self->warned = FALSE;
  memset (&self->info, 0, sizeof self->info);
  gst_base_parse_set_min_frame_size (parse, GST_TFR_HEADER_SIZE);
  gst_base_parse_set_has_timing_info (parse, TRUE);
  return TRUE;
}

/* Bytes before the next magic number, or as many as hold none; *found which. */
static gsize
find_magic (const guint8 *data, gsize size, gsize from, gboolean *found)
{
  GstTfrKind kind;

  *found = FALSE;
  for (gsize at = from; at + GST_TFR_MAGIC_SIZE <= size; at++) {
    const guint8 *first = memchr (data + at, GST_TFR_POINTS_MAGIC[0] & 0xff,
        size - (GST_TFR_MAGIC_SIZE - 1) - at);

    if (first == NULL)
      break;
    at = (gsize) (first - data);
    *found = gst_tfr_kind_from_magic (&kind, first);
    if (*found)
      return at;
  }
  return size >= GST_TFR_MAGIC_SIZE ? size - (GST_TFR_MAGIC_SIZE - 1) : from;
}

static void
report_damage (GstTfrParse *self, const GError *error)
{
  self->damaged = TRUE;
  if (self->warned)
    return;
  self->warned = TRUE;
  GST_ELEMENT_WARNING (self, STREAM, DECODE,
      ("%s",
          error != NULL ? error->message : "The stream of batches is damaged."),
      ("skipping to the next batch"));
}

static gboolean
update_caps (GstTfrParse *self, const GstTfrHeader *header)
{
  GstTfrInfo info;
  GstCaps *caps;
  gboolean done;

  gst_tfr_header_get_info (header, &info);
  if (gst_tfr_info_is_equal (&info, &self->info))
    return TRUE;
  caps = gst_tfr_info_to_caps (&info);
  done = gst_pad_set_caps (GST_BASE_PARSE_SRC_PAD (self), caps);
  if (done)
    self->info = info;
  gst_caps_unref (caps);
  return done;
}

static void
stamp (GstTfrParse *self, GstBuffer *buffer, const GstTfrHeader *h)
{
  GST_BUFFER_OFFSET (buffer) = (guint64) h->first;
  GST_BUFFER_OFFSET_END (buffer) = (guint64) h->end;
  GST_BUFFER_PTS (buffer) =
      h->first < 0 ? GST_CLOCK_TIME_NONE
                   : gst_util_uint64_scale (h->first, GST_SECOND, h->rate);
  GST_BUFFER_DTS (buffer) = GST_BUFFER_PTS (buffer);
  if (h->first >= 0 && h->end >= h->first)
    GST_BUFFER_DURATION (buffer) =
        gst_util_uint64_scale (h->end, GST_SECOND, h->rate) -
        GST_BUFFER_PTS (buffer);
  if (h->flags & GST_TFR_FLAG_GAP)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  if (self->damaged || h->flags & GST_TFR_FLAG_DISCONT)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  self->damaged = FALSE;
}

static gboolean
is_sound (GstBuffer *buffer, GstTfrKind kind, GError **error)
{
  GstTfrPartials partials;
  GstTfrBatch points;

  if (kind == GST_TFR_KIND_PARTIALS) {
    if (!gst_tfr_partials_map (&partials, buffer, error))
      return FALSE;
    gst_tfr_partials_unmap (&partials);
  } else {
    if (!gst_tfr_batch_map (&points, buffer, error))
      return FALSE;
    gst_tfr_batch_unmap (&points);
  }
  return TRUE;
}

/* Whether the first `size` bytes of the frame are a sound batch. */
static gboolean
check_batch (
    GstBaseParseFrame *frame, GstTfrKind kind, gsize size, GError **error)
{
  GstBuffer *part =
      gst_buffer_copy_region (frame->buffer, GST_BUFFER_COPY_MEMORY, 0, size);
  gboolean sound = is_sound (part, kind, error);

  gst_buffer_unref (part);
  return sound;
}

/* Not for all at once: the next batch may begin before, and show that the size
 * was a false one. */
static void
wait_for_more (GstBaseParse *parse, gsize available, gsize size)
{
  gst_base_parse_set_min_frame_size (
      parse, (guint) MIN (size, MAX (2 * available, LEAST_WAIT)));
}

static GstFlowReturn
handle_frame (GstBaseParse *parse, GstBaseParseFrame *frame, gint *skip)
{
  GstTfrParse *self = GST_TFR_PARSE (parse);
  GstTfrHeader header;
  GstTfrLayout layout = { 0 };
  GError *error = NULL;
  GstMapInfo map;
  gsize lead, next;
  gboolean sound, another, cut;

  if (!gst_buffer_map (frame->buffer, &map, GST_MAP_READ)) {
    GST_ELEMENT_ERROR (
        self, RESOURCE, READ, ("Could not map a buffer of batches."), (NULL));
    return GST_FLOW_ERROR;
  }
  lead = find_magic (map.data, map.size, 0, &another);
  next = find_magic (map.data, map.size, 1, &another);
  sound = lead == 0 &&
          gst_tfr_header_read (&header, &layout, map.data, map.size, &error);
  gst_buffer_unmap (frame->buffer, &map);

  if (lead > 0) {
    report_damage (self, NULL);
    *skip = (gint) lead;
    return GST_FLOW_OK;
  }
  /* The next batch begins inside this one: some of its bytes are missing. */
  cut = another && next < layout.size;
  if (sound && !cut && layout.size > map.size &&
      !GST_BASE_PARSE_DRAINING (parse)) {
    wait_for_more (parse, map.size, layout.size);
    return GST_FLOW_OK;
  }
  gst_base_parse_set_min_frame_size (parse, GST_TFR_HEADER_SIZE);
  if (sound && (cut || layout.size > map.size)) {
    g_set_error_literal (&error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
        "A batch was cut off.");
    sound = FALSE;
  }
  if (!sound || !check_batch (frame, header.kind, layout.size, &error)) {
    report_damage (self, error);
    g_clear_error (&error);
    *skip = (gint) next;
    return GST_FLOW_OK;
  }

  if (!update_caps (self, &header))
    return gst_tfr_unsettled (GST_BASE_PARSE_SRC_PAD (parse));
  frame->buffer = gst_buffer_make_writable (frame->buffer);
  stamp (self, frame->buffer, &header);
  return gst_base_parse_finish_frame (parse, frame, (gint) layout.size);
}

/* The base class would let batches pass that only touch the segment. */
static GstFlowReturn
pre_push_frame (GstBaseParse *parse, GstBaseParseFrame *frame)
{
  GstClockTime from = GST_BUFFER_PTS (frame->buffer);
  GstClockTime duration = GST_BUFFER_DURATION (frame->buffer);
  GstClockTime to = GST_CLOCK_TIME_IS_VALID (duration) ? from + duration
                                                       : GST_CLOCK_TIME_NONE;

  if (!GST_CLOCK_TIME_IS_VALID (from) ||
      gst_segment_clip (&parse->segment, GST_FORMAT_TIME, from, to, NULL, NULL))
    return GST_FLOW_OK;
  return from < parse->segment.start ? GST_BASE_PARSE_FLOW_DROPPED
                                     : GST_FLOW_EOS;
}

/* Backwards the base class would send whole stretches of batches forwards. */
static gboolean
src_event (GstBaseParse *parse, GstEvent *event)
{
  gdouble rate = 1;

  if (GST_EVENT_TYPE (event) == GST_EVENT_SEEK)
    gst_event_parse_seek (event, &rate, NULL, NULL, NULL, NULL, NULL, NULL);
  if (rate < 0) {
    GST_INFO_OBJECT (parse, "batches are not played backwards");
    gst_event_unref (event);
    return FALSE;
  }
  return GST_BASE_PARSE_CLASS (gst_tfr_parse_parent_class)
      ->src_event (parse, event);
}

static void
gst_tfr_parse_class_init (GstTfrParseClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseParseClass *parse_class = GST_BASE_PARSE_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (tfr_parse_debug, "tfrparse", 0, "points parser");

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Parser of reassigned points and partials", "Codec/Parser",
      "Bytes to batches of time-frequency reassigned points or of partials",
      "The tfr developers");

  parse_class->start = GST_DEBUG_FUNCPTR (start);
  parse_class->handle_frame = GST_DEBUG_FUNCPTR (handle_frame);
  parse_class->pre_push_frame = GST_DEBUG_FUNCPTR (pre_push_frame);
  parse_class->src_event = GST_DEBUG_FUNCPTR (src_event);
}

static void
gst_tfr_parse_init (GstTfrParse *self)
{
}
