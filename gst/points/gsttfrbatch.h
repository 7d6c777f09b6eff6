/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef GST_TFR_BATCH_H
#define GST_TFR_BATCH_H

#include "gsttfrinfo.h"

G_BEGIN_DECLS

/* Every batch begins with a header of this size, 64 bits of it magic. */
#define GST_TFR_HEADER_SIZE 128
#define GST_TFR_POINTS_MAGIC "\x89TFR\r\n\x1a\n"

/* A batch is never larger. */
#define GST_TFR_MAX_BATCH_SIZE ((gsize) 1 << 28)

/**
 * GstTfrFlags:
 * @GST_TFR_FLAG_GAP: every sample under every window was silence by flag
 * @GST_TFR_FLAG_DISCONT: something is missing before this batch
 * @GST_TFR_FLAG_REVERSED: batches come in descending order of time
 * @GST_TFR_FLAG_ANALYTIC: the negative frequencies were removed first
 */
typedef enum {
  GST_TFR_FLAG_GAP = 1 << 0,
  GST_TFR_FLAG_DISCONT = 1 << 1,
  GST_TFR_FLAG_REVERSED = 1 << 2,
  GST_TFR_FLAG_ANALYTIC = 1 << 3
} GstTfrFlags;

/**
 * GstTfrHeader:
 * @flags: #GstTfrFlags
 * @rate: Hz
 * @window_size: samples
 * @hop_size: samples
 * @fft_size: samples
 * @channels: number of channels
 * @window_family: 0 unknown or a table, 1 kaiser-smooth, 2 kaiser, 3 hann, 4
 *   hamming, 5 blackman, 6 blackman-harris, 7 nuttall, 8 gaussian, 9 dpss
 * @first: centre of the first frame, samples
 * @n_frames: frames in time; each has one count for every channel
 * @n_points: points of all frames and channels
 * @fields: #GstTfrFields and bits not known here, whose planes are skipped
 * @end: where the batch ends, samples: first + n_frames * hop_size, except
 *   before a drain: there the position after the last sample
 * @channel_mask: as in audio/x-raw, 0 unpositioned
 * @window_parameter: beta, N / sigma or NW
 * @sum_h: sum of the window
 * @sum_h2: sum of its squares
 * @sigma: sqrt (2 sum tau^2 h^2 / sum h^2), samples
 *
 * A batch's header in the machine's own terms.
 */
typedef struct {
  guint32 flags;
  guint32 rate;
  guint32 window_size;
  guint32 hop_size;
  guint32 fft_size;
  guint16 channels;
  guint16 window_family;
  gint64 first;
  guint32 n_frames;
  guint32 n_points;
  guint32 fields;
  gint64 end;
  guint64 channel_mask;
  gdouble window_parameter;
  gdouble sum_h;
  gdouble sum_h2;
  gdouble sigma;
} GstTfrHeader;

/**
 * GstTfrBatch:
 * @header: the header
 * @counts: (array): points of frame 0 channel 0, frame 0 channel 1, ...
 * @time: s, one value a point, in the order of the counts
 * @frequency: Hz
 * @magnitude: linear
 * @phase: (nullable): rad
 * @mixed: (nullable): mixed phase derivative
 * @chirp_rate: (nullable): Hz/s
 * @agreement: (nullable): 0 to 1
 * @bin: (nullable): bin
 *
 * A view of a mapped buffer.  Planes of fields that are not there are %NULL.
 * Points may hold anything, NaN too; counts have been checked to add up.
 */
typedef struct {
  GstTfrHeader header;
  const guint32 *counts;
  const gdouble *time;
  const gdouble *frequency;
  const gfloat *magnitude;
  const gfloat *phase;
  const gfloat *mixed;
  const gfloat *chirp_rate;
  const gfloat *agreement;
  const guint32 *bin;

  /*< private >*/
  GstBuffer *buffer;
  GstMapInfo map;
  gpointer copy;
  gpointer _gst_reserved[4];
} GstTfrBatch;

GST_TFR_API gboolean gst_tfr_batch_map (
    GstTfrBatch *batch, GstBuffer *buffer, GError **error);
GST_TFR_API void gst_tfr_batch_unmap (GstTfrBatch *batch);

GST_TFR_API gdouble gst_tfr_header_point_energy (const GstTfrHeader *header);

/* Where the parts of a batch are, in bytes from its start.  Planes have one entry
 * for each bit. */
typedef struct {
  gsize counts;
  gsize planes[32];
  gsize size;
} GstTfrLayout;

GST_TFR_API gsize gst_tfr_field_size (guint bit);
GST_TFR_API gboolean gst_tfr_header_get_layout (
    const GstTfrHeader *header, gsize header_size, GstTfrLayout *layout);
GST_TFR_API gboolean gst_tfr_header_read (GstTfrHeader *header,
    GstTfrLayout *layout, const guint8 *data, gsize size, GError **error);
GST_TFR_API void gst_tfr_header_get_info (
    const GstTfrHeader *header, GstTfrInfo *info);

G_END_DECLS

#endif
