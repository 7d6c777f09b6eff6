/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef GST_TFR_HEADER_H
#define GST_TFR_HEADER_H

#include "gsttfrinfo.h"

G_BEGIN_DECLS

/* Every batch begins with a header of this size, 64 bits of it magic. */
#define GST_TFR_HEADER_SIZE 128
#define GST_TFR_MAGIC_SIZE 8
#define GST_TFR_POINTS_MAGIC "\x89TFR\r\n\x1a\n"
#define GST_TFR_PARTIALS_MAGIC "\x89TFP\r\n\x1a\n"

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
 * @kind: of points or of partials
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
 * @n_points: points, or rows of partials, of all frames and channels
 * @fields: #GstTfrFields or #GstTfrRowFields, and bits not known here, whose
 *   planes are skipped
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
  GstTfrKind kind;
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

GST_TFR_API gdouble gst_tfr_header_point_energy (const GstTfrHeader *header);

/**
 * GstTfrLayout: (skip)
 * @counts: of the points of each frame and channel
 * @planes: one entry for each bit of the fields
 * @size: of the whole batch
 *
 * Where the parts of a batch are, in bytes from its start.
 */
typedef struct {
  gsize counts;
  gsize planes[32];
  gsize size;
} GstTfrLayout;

/**
 * GstTfrMapping: (skip)
 *
 * A buffer that a view holds.
 */
typedef struct {
  GstBuffer *buffer;
  GstMapInfo map;
  gpointer copy;
} GstTfrMapping;

GST_TFR_API gboolean gst_tfr_kind_from_magic (
    GstTfrKind *kind, const guint8 *data);
GST_TFR_API const gchar *gst_tfr_kind_magic (GstTfrKind kind);
GST_TFR_API gsize gst_tfr_field_size (guint bit);
GST_TFR_API gboolean gst_tfr_header_get_layout (
    const GstTfrHeader *header, gsize header_size, GstTfrLayout *layout);
GST_TFR_API gboolean gst_tfr_header_read (GstTfrHeader *header,
    GstTfrLayout *layout, const guint8 *data, gsize size, GError **error);
GST_TFR_API void gst_tfr_header_get_info (
    const GstTfrHeader *header, GstTfrInfo *info);

G_END_DECLS

#endif
