/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef GST_TFR_INFO_H
#define GST_TFR_INFO_H

#include <gst/gst.h>

G_BEGIN_DECLS

#ifndef GST_TFR_API
#define GST_TFR_API __attribute__ ((visibility ("default"))) extern
#endif

#define GST_TFR_POINTS_MEDIA_TYPE "application/x-tfr-points"
#define GST_TFR_PARTIALS_MEDIA_TYPE "application/x-tfr-partials"
#define GST_TFR_VERSION 1

/* What a sink's template says: sizes are read from each batch, never from caps,
 * so a stream that changes them needs no new link. */
#define GST_TFR_POINTS_TEMPLATE_CAPS                                           \
  GST_TFR_POINTS_MEDIA_TYPE ", version = (int) 1, framed = (boolean) true"
#define GST_TFR_PARTIALS_TEMPLATE_CAPS                                         \
  GST_TFR_PARTIALS_MEDIA_TYPE ", version = (int) 1, framed = (boolean) true"

/**
 * GstTfrKind:
 * @GST_TFR_KIND_POINTS: reassigned points, each by itself
 * @GST_TFR_KIND_PARTIALS: rows of partials, joined by their ids
 *
 * What a stream is made of.
 */
typedef enum { GST_TFR_KIND_POINTS, GST_TFR_KIND_PARTIALS } GstTfrKind;

/**
 * GstTfrFields:
 * @GST_TFR_FIELD_TIME: gdouble, s on the sample clock
 * @GST_TFR_FIELD_FREQUENCY: gdouble, Hz
 * @GST_TFR_FIELD_MAGNITUDE: gfloat, a full-scale sine is 1.0
 * @GST_TFR_FIELD_PHASE: gfloat, rad, of a cosine, at the point
 * @GST_TFR_FIELD_MIXED: gfloat, mixed phase derivative: 0 a tone, 1 a click
 * @GST_TFR_FIELD_CHIRP_RATE: gfloat, Hz/s, NaN where undetermined
 * @GST_TFR_FIELD_AGREEMENT: gfloat, 0 to 1, the vote of the neighbours
 * @GST_TFR_FIELD_BIN: guint32, the bin of the transform it came from
 *
 * What a point carries: one plane of values each, bit by bit as in a batch's
 * header.  The first three are always there.
 */
typedef enum {
  GST_TFR_FIELD_TIME = 1 << 0,
  GST_TFR_FIELD_FREQUENCY = 1 << 1,
  GST_TFR_FIELD_MAGNITUDE = 1 << 2,
  GST_TFR_FIELD_PHASE = 1 << 3,
  GST_TFR_FIELD_MIXED = 1 << 4,
  GST_TFR_FIELD_CHIRP_RATE = 1 << 5,
  GST_TFR_FIELD_AGREEMENT = 1 << 6,
  GST_TFR_FIELD_BIN = 1 << 7
} GstTfrFields;

#define GST_TFR_FIELDS_ALWAYS                                                  \
  (GST_TFR_FIELD_TIME | GST_TFR_FIELD_FREQUENCY | GST_TFR_FIELD_MAGNITUDE)
#define GST_TFR_FIELDS_OPTIONAL                                                \
  (GST_TFR_FIELD_PHASE | GST_TFR_FIELD_MIXED | GST_TFR_FIELD_CHIRP_RATE |      \
      GST_TFR_FIELD_AGREEMENT | GST_TFR_FIELD_BIN)

/**
 * GstTfrRowFields:
 * @GST_TFR_ROW_FIELD_TIME: gdouble, s on the sample clock
 * @GST_TFR_ROW_FIELD_FREQUENCY: gdouble, Hz
 * @GST_TFR_ROW_FIELD_AMPLITUDE: gfloat, linear, the peak of a sine
 * @GST_TFR_ROW_FIELD_PHASE: gfloat, rad, of a cosine
 * @GST_TFR_ROW_FIELD_BANDWIDTH: gfloat, 0 to 1, the part that is noise
 * @GST_TFR_ROW_FIELD_ID: guint32, 1 and up, the partial's
 * @GST_TFR_ROW_FIELD_FLAGS: guint32, #GstTfrRowFlags
 *
 * What a row of a partial carries, likewise.  All are always there.
 */
typedef enum {
  GST_TFR_ROW_FIELD_TIME = 1 << 0,
  GST_TFR_ROW_FIELD_FREQUENCY = 1 << 1,
  GST_TFR_ROW_FIELD_AMPLITUDE = 1 << 2,
  GST_TFR_ROW_FIELD_PHASE = 1 << 3,
  GST_TFR_ROW_FIELD_BANDWIDTH = 1 << 4,
  GST_TFR_ROW_FIELD_ID = 1 << 5,
  GST_TFR_ROW_FIELD_FLAGS = 1 << 6
} GstTfrRowFields;

#define GST_TFR_ROW_FIELDS_ALL 0x7f

#define GST_TYPE_TFR_FIELDS (gst_tfr_fields_get_type ())
GST_TFR_API GType gst_tfr_fields_get_type (void);

/**
 * GstTfrInfo:
 * @kind: points or partials
 * @rate: samples per second
 * @channels: number of channels
 * @channel_mask: as in audio/x-raw, 0 unpositioned
 * @hop_size: samples from frame to frame
 * @window_size: samples
 * @fft_size: samples
 * @fields: what each point carries; 0 for partials
 *
 * What the caps of a stream say.  Zeros where they are silent.
 */
typedef struct {
  GstTfrKind kind;
  gint rate;
  gint channels;
  guint64 channel_mask;
  gint hop_size;
  gint window_size;
  gint fft_size;
  GstTfrFields fields;

  /*< private >*/
  gpointer _gst_reserved[4];
} GstTfrInfo;

#define GST_TYPE_TFR_INFO (gst_tfr_info_get_type ())
GST_TFR_API GType gst_tfr_info_get_type (void);

GST_TFR_API GstTfrInfo *gst_tfr_info_new (void);
GST_TFR_API GstTfrInfo *gst_tfr_info_new_from_caps (const GstCaps *caps);
GST_TFR_API GstTfrInfo *gst_tfr_info_copy (const GstTfrInfo *info);
GST_TFR_API void gst_tfr_info_free (GstTfrInfo *info);
GST_TFR_API gboolean gst_tfr_info_is_equal (
    const GstTfrInfo *info, const GstTfrInfo *other);
GST_TFR_API gboolean gst_tfr_info_from_caps (
    GstTfrInfo *info, const GstCaps *caps);
GST_TFR_API GstCaps *gst_tfr_info_to_caps (const GstTfrInfo *info);

/* For elements: optional fields in a structure of caps. */
GST_TFR_API void gst_tfr_fields_ask (GstStructure *caps, GstTfrFields wanted);
GST_TFR_API void gst_tfr_fields_offer (GstStructure *caps);
GST_TFR_API void gst_tfr_fields_fix (GstStructure *caps, GstTfrFields fields);
GST_TFR_API void gst_tfr_fields_settle (
    GstStructure *caps, GstTfrFields unless_named);
GST_TFR_API GstTfrFields gst_tfr_fields_named (const GstStructure *caps);

G_END_DECLS

#endif
