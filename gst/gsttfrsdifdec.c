/* SPDX-License-Identifier: GPL-2.0-or-later */

/**
 * SECTION:element-tfrsdifdec
 * @title: tfrsdifdec
 * @short_description: SDIF to partials
 *
 * Reads the partials of an SDIF file, types RBEP and 1TRC, as float32 or
 * float64, with whichever columns there are.  Everything else in the file is
 * passed over; frame sizes are not trusted, so files with the wrong ones that
 * Loris writes play as well.
 *
 * A file knows rows at certain times; batches hold frames on a grid.  Where a
 * partial has no row for a frame it gets one, on the straight line between its
 * neighbours.  A row of amplitude 0 ends a partial, the next louder one begins
 * it; one that merely stops fades out within 1 ms of its last row.  In 1TRC it
 * has stopped when it is not in the next frame, in RBEP after
 * #tfrsdifdec:longest-gap.
 *
 * What SDIF does not say, a table may that tfrsdifenc writes: sample rate, hop,
 * window and transform size, channels.  Without it, rate and hop are those of
 * the properties, the window is one of 2 hops without a shape, and the first
 * stream that holds partials is the only channel.
 *
 * Rows that are no sound numbers, or that come before the last one of their
 * partial, are left out, and a warning at the end says how many.
 *
 * One grid goes through a file: a change of properties takes effect with the
 * next file, or where this one begins anew after a flush.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 filesrc location=tone.sdif ! tfrsdifdec ! tfrsynth ! \
 *   audioconvert ! autoaudiosink
 * ]|
 *
 * Since: 0.1
 */

#include "config.h"

#include "gsttfr.h"
#include "gsttfrelements.h"
#include "gsttfrlatency.h"
#include "gsttfrrefusal.h"
#include "gsttfrsdif.h"
#include "gsttfrsegment.h"
#include "reassign.h"
#include "sdif/framedrows.h"

#include <string.h>

GST_DEBUG_CATEGORY_STATIC (tfr_sdif_dec_debug);
#define GST_CAT_DEFAULT tfr_sdif_dec_debug

#define DEFAULT_RATE 48000 /* Hz */
#define DEFAULT_HOPS 100   /* a second */
#define DEFAULT_GAP (250 * GST_MSECOND)
#define BATCHES 50 /* a second, at most */

#define GST_TYPE_TFR_SDIF_DEC (gst_tfr_sdif_dec_get_type ())
G_DECLARE_FINAL_TYPE (
    GstTfrSdifDec, gst_tfr_sdif_dec, GST, TFR_SDIF_DEC, GstElement)

struct _GstTfrSdifDec {
  GstElement parent;

  GstPad *sinkpad, *srcpad;

  /* under the object lock */
  guint rate, hop_size; /* 0: as the file says */
  guint64 longest_gap;
  GstClockTime latency; /* NONE until known */

  /* of the streaming thread */
  ReassignSdifReader *reader;
  ReassignFramer *framer;  /* NULL until the first frame */
  GstTfrFramedRows framed; /* that wait to be a batch */
  gint32 stream;           /* of the only channel */
  gboolean any;            /* bytes have come */
  gboolean failed;         /* nothing more is read */
  GList *events;           /* that wait for the caps */
  GstEvent *segment;
};

enum { PROP_0, PROP_RATE, PROP_HOP_SIZE, PROP_LONGEST_GAP };

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_TFR_SDIF_MEDIA_TYPE));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS (GST_TFR_PARTIALS_TEMPLATE_CAPS));

G_DEFINE_FINAL_TYPE (GstTfrSdifDec, gst_tfr_sdif_dec, GST_TYPE_ELEMENT)

static void
find_type (GstTypeFind *find, gpointer unused)
{
  const guint8 *data = gst_type_find_peek (find, 0, 16);

  if (data != NULL && memcmp (data, "SDIF\0\0", 6) == 0)
    gst_type_find_suggest_empty_simple (
        find, GST_TYPE_FIND_MAXIMUM, GST_TFR_SDIF_MEDIA_TYPE);
}

static gboolean
register_element (GstPlugin *plugin)
{
  GstCaps *caps = gst_caps_new_empty_simple (GST_TFR_SDIF_MEDIA_TYPE);
  gboolean done = gst_type_find_register (plugin, GST_TFR_SDIF_MEDIA_TYPE,
      GST_RANK_PRIMARY, find_type, "sdif", caps, NULL, NULL);

  gst_caps_unref (caps);
  return done && gst_element_register (plugin, "tfrsdifdec", GST_RANK_NONE,
                     GST_TYPE_TFR_SDIF_DEC);
}
GST_ELEMENT_REGISTER_DEFINE_CUSTOM (tfrsdifdec, register_element)

/* ------------------------------------------------------------- output ---- */

/* Caps first, then what came before them. */
static void
send_events (GstTfrSdifDec *self, const GstTfrHeader *header)
{
  GstTfrInfo info;
  GstCaps *caps;

  gst_tfr_header_get_info (header, &info);
  caps = gst_tfr_info_to_caps (&info);
  gst_pad_push_event (self->srcpad, gst_event_new_caps (caps));
  gst_caps_unref (caps);
}

static void
send_waiting (GstTfrSdifDec *self)
{
  if (self->segment != NULL)
    gst_pad_push_event (self->srcpad, g_steal_pointer (&self->segment));
  for (GList *at = self->events; at != NULL; at = at->next)
    gst_pad_push_event (self->srcpad, at->data);
  g_clear_pointer (&self->events, g_list_free);
}

static GstFlowReturn
give_up (GstTfrSdifDec *self, const gchar *wrong)
{
  gst_tfr_refusal_post (
      GST_ELEMENT (self), "Cannot read the partials of this file", wrong);
  self->failed = TRUE;
  return GST_FLOW_ERROR;
}

static GstFlowReturn
push_batch (GstTfrSdifDec *self)
{
  GstBuffer *buffer;

  if (self->framed.counts->len == 0)
    return GST_FLOW_OK;
  buffer = gst_tfr_framed_rows_take (&self->framed);
  if (buffer == NULL)
    return give_up (self, "out of memory for a batch");
  return gst_pad_push (self->srcpad, buffer);
}

/* All frames that the framer gives away, as whole batches. */
static GstFlowReturn
pull_frames (GstTfrSdifDec *self)
{
  GstFlowReturn flow = GST_FLOW_OK;
  ReassignRows rows;
  gsize channel;

  while (flow == GST_FLOW_OK &&
         reassign_framer_pull (self->framer, &channel, &rows)) {
    if (channel == 0 &&
        gst_tfr_framed_rows_is_full (&self->framed, rows.sample))
      flow = push_batch (self);
    gst_tfr_framed_rows_add (&self->framed, &rows);
  }
  return flow;
}

/* -------------------------------------------------------------- input ---- */

/* What a file without a table, and without properties, is taken for. */
static void
find_header (GstTfrSdifDec *self, GstTfrHeader *h)
{
  const ReassignSdifInfo *info = reassign_sdif_reader_info (self->reader);
  guint rate, hop;

  GST_OBJECT_LOCK (self);
  rate = self->rate;
  hop = self->hop_size;
  GST_OBJECT_UNLOCK (self);
  if (rate == 0)
    rate = info->sample_rate != 0 ? info->sample_rate : DEFAULT_RATE;
  if (hop == 0)
    hop = info->hop != 0 ? info->hop : MAX (rate / DEFAULT_HOPS, 1);
  *h = (GstTfrHeader){
    .kind = GST_TFR_KIND_PARTIALS,
    .rate = rate,
    .hop_size = hop,
    .window_size =
        info->window_size != 0 ? info->window_size : MIN (2 * hop, G_MAXINT),
    .channels = (guint16) MAX (info->channels, 1),
    .channel_mask = info->channels > 0 ? info->channel_mask : 0,
    .fields = GST_TFR_ROW_FIELDS_ALL,
  };
  h->fft_size = info->fft_size != 0 ? info->fft_size : h->window_size;
  h->sum_h = h->sum_h2 = h->window_size;
}

static void
tell_latency (GstTfrSdifDec *self, const GstTfrHeader *h)
{
  gst_tfr_latency_tell (GST_ELEMENT (self), &self->latency,
      gst_util_uint64_scale_ceil (
          reassign_framer_latency (self->framer) +
              (guint64) self->framed.frames_per_batch * h->hop_size,
          GST_SECOND, h->rate));
}

/* By the first frame all that the file says of itself has been said. */
static gboolean
begin (GstTfrSdifDec *self, gint32 stream)
{
  const gchar *error = NULL;
  ReassignFramerConfig config;
  GstTfrHeader header;

  find_header (self, &header);
  config = (ReassignFramerConfig){ .sample_rate = header.rate,
    .hop = header.hop_size,
    .channels = header.channels };
  GST_OBJECT_LOCK (self);
  config.longest_gap = (gdouble) self->longest_gap / GST_SECOND;
  GST_OBJECT_UNLOCK (self);
  self->framer = reassign_framer_new (&config, &error);
  if (self->framer == NULL) {
    give_up (self, error);
    return FALSE;
  }
  self->stream = stream;
  gst_tfr_framed_rows_init (
      &self->framed, &header, MAX (header.rate / BATCHES / header.hop_size, 1));
  send_events (self, &header);
  send_waiting (self);
  tell_latency (self, &header);
  return TRUE;
}

/* Streams are channels where the file says how many it has. */
static gboolean
find_channel (GstTfrSdifDec *self, gint32 stream, gsize *channel)
{
  gsize n = self->framed.header.channels;

  if (reassign_sdif_reader_info (self->reader)->channels == 0) {
    *channel = 0;
    return stream == self->stream;
  }
  *channel = (gsize) stream - 1;
  return stream >= 1 && (gsize) stream <= n;
}

static GstFlowReturn
take_frame (GstTfrSdifDec *self, const ReassignSdifFrame *frame)
{
  GstFlowReturn flow = GST_FLOW_OK;
  gsize channel, from = 0;

  if (self->framer == NULL && !begin (self, frame->stream))
    return GST_FLOW_ERROR;
  if (!find_channel (self, frame->stream, &channel))
    return GST_FLOW_OK;
  do {
    from += reassign_framer_push (self->framer, channel, frame, from);
    flow = pull_frames (self);
  } while (flow == GST_FLOW_OK && from < frame->rows.n_rows);
  return flow;
}

static GstFlowReturn
take_bytes (GstTfrSdifDec *self, const guint8 *bytes, gsize n)
{
  GstFlowReturn flow = GST_FLOW_OK;
  ReassignSdifFrame frame;

  for (gsize at = 0; at < n && flow == GST_FLOW_OK;) {
    at += reassign_sdif_reader_push (self->reader, bytes + at, n - at);
    while (
        flow == GST_FLOW_OK && reassign_sdif_reader_pull (self->reader, &frame))
      flow = take_frame (self, &frame);
  }
  return flow;
}

/* Of the whole file, at its end. */
static void
report_ignored (GstTfrSdifDec *self)
{
  guint64 wrong = reassign_sdif_reader_ignored (self->reader);
  guint64 late =
      self->framer != NULL ? reassign_framer_ignored (self->framer) : 0;

  if (wrong + late > 0)
    GST_ELEMENT_WARNING (self, STREAM, DECODE,
        ("Some rows of this SDIF file were left out."),
        ("%" G_GUINT64_FORMAT " are no sound numbers, %" G_GUINT64_FORMAT
         " come too late or are of too many partials",
            wrong, late));
}

/* What is still owed, up to where the bytes were sound. */
static void
finish (GstTfrSdifDec *self)
{
  ReassignSdifFrame frame;

  reassign_sdif_reader_drain (self->reader);
  while (reassign_sdif_reader_pull (self->reader, &frame))
    take_frame (self, &frame);
  if (self->framer != NULL) {
    reassign_framer_drain (self->framer);
    if (pull_frames (self) == GST_FLOW_OK)
      push_batch (self);
  }
  report_ignored (self);
}

static void
forget (GstTfrSdifDec *self)
{
  g_clear_pointer (&self->framer, reassign_framer_free);
  gst_tfr_framed_rows_clear (&self->framed);
  if (self->reader != NULL)
    reassign_sdif_reader_reset (self->reader);
  self->any = FALSE;
  self->failed = FALSE;
}

static gboolean
report_fault (GstTfrSdifDec *self)
{
  const gchar *fault = reassign_sdif_reader_fault (self->reader);

  if (fault == NULL || self->failed)
    return FALSE;
  self->failed = TRUE;
  GST_ELEMENT_ERROR (self, STREAM, DECODE,
      ("Could not read all of this SDIF file."), ("%s", fault));
  return TRUE;
}

static GstFlowReturn
chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstTfrSdifDec *self = GST_TFR_SDIF_DEC (parent);
  GstFlowReturn flow = GST_FLOW_ERROR;
  GstMapInfo map;

  if (self->failed) {
    gst_buffer_unref (buffer);
    return GST_FLOW_ERROR;
  }
  if (gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    self->any |= map.size > 0;
    flow = take_bytes (self, map.data, map.size);
    gst_buffer_unmap (buffer, &map);
  } else {
    GST_ELEMENT_ERROR (
        self, RESOURCE, READ, ("Could not map a buffer of SDIF."), (NULL));
  }
  gst_buffer_unref (buffer);
  if (flow == GST_FLOW_OK &&
      reassign_sdif_reader_fault (self->reader) != NULL) {
    finish (self);
    report_fault (self);
    flow = GST_FLOW_ERROR;
  }
  return flow;
}

/* ------------------------------------------------------------- events ---- */

/* A cut file is played to its end, and that end downstream has been told,
 * before the error is. */
static gboolean
end_stream (GstTfrSdifDec *self, GstEvent *event)
{
  gboolean done;

  if (!self->failed)
    finish (self);
  send_waiting (self);
  done = gst_pad_push_event (self->srcpad, event);
  if (self->any && !self->failed && !report_fault (self) &&
      self->framer == NULL)
    GST_ELEMENT_WARNING (self, STREAM, TYPE_NOT_FOUND,
        ("This SDIF file holds no partials."), ("neither RBEP nor 1TRC in it"));
  forget (self); /* what comes after it begins anew */
  return done;
}

static gboolean
sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstTfrSdifDec *self = GST_TFR_SDIF_DEC (parent);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      gst_event_unref (event);
      return TRUE;
    case GST_EVENT_STREAM_START:
      if (self->any && !self->failed)
        finish (self);
      forget (self);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_replace (&self->segment, NULL);
      self->segment = gst_tfr_segment_in_time (event);
      if (self->framer != NULL)
        send_waiting (self);
      return TRUE;
    case GST_EVENT_FLUSH_STOP:
      forget (self);
      break;
    case GST_EVENT_EOS:
    case GST_EVENT_SEGMENT_DONE:
      return end_stream (self, event);
    default:
      if (GST_EVENT_IS_SERIALIZED (event) && self->framer == NULL &&
          GST_EVENT_TYPE (event) > GST_EVENT_CAPS) {
        self->events = g_list_append (self->events, event);
        return TRUE;
      }
      break;
  }
  return gst_pad_event_default (pad, parent, event);
}

/* ------------------------------------------------------------ queries ---- */

static gboolean
src_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  GstTfrSdifDec *self = GST_TFR_SDIF_DEC (parent);

  return gst_tfr_latency_answer (
             GST_ELEMENT (self), &self->latency, self->sinkpad, query) ||
         gst_pad_query_default (pad, parent, query);
}

/* -------------------------------------------------------- the element ---- */

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstTfrSdifDec *self = GST_TFR_SDIF_DEC (element);
  GstStateChangeReturn done;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    const gchar *error = NULL;

    self->reader = reassign_sdif_reader_new (&error);
    if (self->reader == NULL) {
      gst_tfr_refusal_post (element, "Cannot read SDIF", error);
      return GST_STATE_CHANGE_FAILURE;
    }
  }
  done = GST_ELEMENT_CLASS (gst_tfr_sdif_dec_parent_class)
             ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    forget (self);
    g_clear_pointer (&self->reader, reassign_sdif_reader_free);
    gst_event_replace (&self->segment, NULL);
    g_list_free_full (
        g_steal_pointer (&self->events), (GDestroyNotify) gst_event_unref);
    GST_OBJECT_LOCK (self);
    self->latency = GST_CLOCK_TIME_NONE;
    GST_OBJECT_UNLOCK (self);
  }
  return done;
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstTfrSdifDec *self = GST_TFR_SDIF_DEC (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_RATE:
      self->rate = g_value_get_uint (value);
      break;
    case PROP_HOP_SIZE:
      self->hop_size = g_value_get_uint (value);
      break;
    case PROP_LONGEST_GAP:
      self->longest_gap = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstTfrSdifDec *self = GST_TFR_SDIF_DEC (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_RATE:
      g_value_set_uint (value, self->rate);
      break;
    case PROP_HOP_SIZE:
      g_value_set_uint (value, self->hop_size);
      break;
    case PROP_LONGEST_GAP:
      g_value_set_uint64 (value, self->longest_gap);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_tfr_sdif_dec_class_init (GstTfrSdifDecClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING;

  GST_DEBUG_CATEGORY_INIT (
      tfr_sdif_dec_debug, "tfrsdifdec", 0, "SDIF to partials");

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  g_object_class_install_property (object_class, PROP_RATE,
      g_param_spec_uint ("rate", "Rate",
          "Sample rate, Hz; 0 = what the file says, else 48000", 0, G_MAXINT, 0,
          flags));
  g_object_class_install_property (object_class, PROP_HOP_SIZE,
      g_param_spec_uint ("hop-size", "Hop size",
          "Samples from frame to frame; 0 = what the file says, else 10 ms", 0,
          G_MAXINT, 0, flags));
  g_object_class_install_property (object_class, PROP_LONGEST_GAP,
      g_param_spec_uint64 ("longest-gap", "Longest gap",
          "A partial of RBEP without a row for longer has ended, ns; batches "
          "are delayed by as much",
          1, G_MAXINT64, DEFAULT_GAP, flags));

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "SDIF to partials",
      "Codec/Decoder",
      "Partials of a file of the Sound Description Interchange Format, RBEP or "
      "1TRC",
      "The tfr developers");
  element_class->change_state = GST_DEBUG_FUNCPTR (change_state);
}

static void
gst_tfr_sdif_dec_init (GstTfrSdifDec *self)
{
  self->longest_gap = DEFAULT_GAP;
  self->latency = GST_CLOCK_TIME_NONE;

  self->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sinkpad, GST_DEBUG_FUNCPTR (chain));
  gst_pad_set_event_function (self->sinkpad, GST_DEBUG_FUNCPTR (sink_event));
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_query_function (self->srcpad, GST_DEBUG_FUNCPTR (src_query));
  gst_pad_use_fixed_caps (self->srcpad);
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);
}
