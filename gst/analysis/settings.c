/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "settings.h"

#include <math.h>

/* In the order of their ids. */
enum {
  WINDOW,
  WINDOW_PARAMETER,
  WINDOW_SIZE,
  WINDOW_DURATION,
  HOP_SIZE,
  HOP_DURATION,
  FFT_SIZE,
  PADDING,
  MAGNITUDE_FLOOR,
  FLOOR_REFERENCE,
  REASSIGN,
  MAX_TIME_SHIFT,
  MAX_FREQUENCY_SHIFT,
  CONSENSUS,
  CONSENSUS_RADIUS,
  CONSENSUS_FRAMES,
  CONSENSUS_THRESHOLD,
  CONSENSUS_EPSILON,
  TONE_TOLERANCE,
  CLICK_TOLERANCE,
  ANALYTIC,
  CHANNEL_MODE,
  FIELDS,
  FRAMES_PER_BUFFER,
  PRECISION,
  N_THREADS,
};

#define GST_TYPE_TFR_WINDOW (gst_tfr_window_get_type ())
static GType
gst_tfr_window_get_type (void)
{
  static gsize type = 0;
  static GEnumValue values[16];

  if (g_once_init_enter (&type)) {
    guint i = 0;

    for (const ReassignWindow *w = reassign_windows; w->name != NULL; w++)
      values[i++] = (GEnumValue) { (gint) w->id, w->description, w->name };
    g_assert (i < G_N_ELEMENTS (values));
    g_once_init_leave (&type, g_enum_register_static ("GstTfrWindow", values));
  }
  return type;
}

#define GST_TYPE_TFR_FLOOR (gst_tfr_floor_get_type ())
static GType
gst_tfr_floor_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { REASSIGN_FLOOR_FULL_SCALE, "A full-scale sine", "full-scale" },
    { REASSIGN_FLOOR_FRAME_PEAK, "The frame's largest magnitude",
        "frame-peak" },
    { REASSIGN_FLOOR_RUNNING_PEAK, "A peak that falls by 20 dB a second",
        "running-peak" },
    { REASSIGN_FLOOR_NOISE, "The frame's median magnitude, smoothed over 1 s",
        "noise" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstTfrFloor", values));
  return type;
}

#define GST_TYPE_TFR_AXES (gst_tfr_axes_get_type ())
static GType
gst_tfr_axes_get_type (void)
{
  static gsize type = 0;
  static const GFlagsValue values[] = {
    { GST_TFR_AXIS_TIME, "Move points in time", "time" },
    { GST_TFR_AXIS_FREQUENCY, "Move points in frequency", "frequency" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_flags_register_static ("GstTfrAxes", values));
  return type;
}

#define GST_TYPE_TFR_CONSENSUS (gst_tfr_consensus_get_type ())
static GType
gst_tfr_consensus_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { REASSIGN_CONSENSUS_NONE, "Keep all", "none" },
    { REASSIGN_CONSENSUS_LINE,
        "Keep points whose neighbours lie on a line with them", "line" },
    { REASSIGN_CONSENSUS_MIXED,
        "Keep tones and clicks, by the mixed derivative", "mixed" },
    { REASSIGN_CONSENSUS_RANK1,
        "Keep points of a lone component, by all second derivatives "
        "(|det J| < 0.1)",
        "rank1" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (
        &type, g_enum_register_static ("GstTfrConsensus", values));
  return type;
}

#define GST_TYPE_TFR_INPUT_CHANNELS (gst_tfr_input_channels_get_type ())
static GType
gst_tfr_input_channels_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { GST_TFR_CHANNELS_SEPARATE, "Each channel for itself", "separate" },
    { GST_TFR_CHANNELS_MIX, "The mean of all channels", "mix" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (
        &type, g_enum_register_static ("GstTfrInputChannels", values));
  return type;
}

#define GST_TYPE_TFR_PRECISION (gst_tfr_precision_get_type ())
static GType
gst_tfr_precision_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { REASSIGN_PRECISION_DOUBLE, "64 bits", "double" },
    { REASSIGN_PRECISION_SINGLE,
        "32 bits: faster, right to about 80 dB below a frame's peak, one more "
        "frame of delay where a batch has an odd number",
        "single" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (
        &type, g_enum_register_static ("GstTfrPrecision", values));
  return type;
}

void
gst_tfr_settings_install (GObjectClass *klass, guint first_id)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                            GST_PARAM_MUTABLE_PLAYING;

#define INSTALL(index, ...) \
  g_object_class_install_property ( \
      klass, first_id + (index), g_param_spec_##__VA_ARGS__)

  INSTALL (WINDOW,
      enum ("window", "Window", "Window of the transform", GST_TYPE_TFR_WINDOW,
          REASSIGN_WINDOW_KAISER_SMOOTH, flags));
  INSTALL (WINDOW_PARAMETER,
      double ("window-parameter", "Window parameter",
          "Shape of the window: beta of the Kaisers, size / sigma of the "
          "Gaussian, NW of the dpss (0 = the window's default: 9, 10, 4)",
          0, 500, 0, flags));
  INSTALL (WINDOW_SIZE,
      uint ("window-size", "Window size", "Samples under the window", 32,
          1 << 20, 2048, flags));
  INSTALL (WINDOW_DURATION,
      uint64 ("window-duration", "Window duration",
          "Window size in ns, for any sample rate (0 = window-size holds)", 0,
          G_MAXUINT64, 0, flags));
  INSTALL (HOP_SIZE,
      uint ("hop-size", "Hop size",
          "Samples from frame to frame (0 = a quarter of the window)", 0,
          G_MAXINT, 0, flags));
  INSTALL (HOP_DURATION,
      uint64 ("hop-duration", "Hop duration",
          "Hop size in ns, for any sample rate (0 = hop-size holds)", 0,
          G_MAXUINT64, 0, flags));
  INSTALL (FFT_SIZE,
      uint ("fft-size", "FFT size",
          "Size of the transform, at least the window's (0 = by padding)", 0,
          1 << 24, 0, flags));
  INSTALL (PADDING,
      uint ("padding", "Padding",
          "Size of the transform in multiples of the next power of two from "
          "the window size on",
          1, 16, 1, flags));
  INSTALL (MAGNITUDE_FLOOR,
      double ("magnitude-floor", "Magnitude floor",
          "Level above floor-reference that a point must exceed (dB)", -1000,
          200, -120, flags));
  INSTALL (FLOOR_REFERENCE,
      enum ("floor-reference", "Floor reference",
          "What magnitude-floor is relative to", GST_TYPE_TFR_FLOOR,
          REASSIGN_FLOOR_FULL_SCALE, flags));
  INSTALL (REASSIGN,
      flags ("reassign", "Reassign",
          "Axes along which points are moved; without any this is the plain "
          "short-time Fourier transform",
          GST_TYPE_TFR_AXES, GST_TFR_AXIS_TIME | GST_TFR_AXIS_FREQUENCY,
          flags));
  INSTALL (MAX_TIME_SHIFT,
      double ("max-time-shift", "Maximum time shift",
          "Samples by which a point may move, at most half a window; others "
          "are dropped (0 = half a window)",
          0, 1 << 19, 0, flags));
  INSTALL (MAX_FREQUENCY_SHIFT,
      double ("max-frequency-shift", "Maximum frequency shift",
          "Hz by which a point may move; others are dropped (0 = an eighth of "
          "the sample rate)",
          0, G_MAXINT, 0, flags));
  INSTALL (CONSENSUS,
      enum ("consensus", "Consensus", "Which points are rejected as noise",
          GST_TYPE_TFR_CONSENSUS, REASSIGN_CONSENSUS_NONE, flags));
  INSTALL (CONSENSUS_RADIUS,
      uint ("consensus-radius", "Consensus radius",
          "Bins to either side that vote on a point (0 = fft-size / "
          "window-size, rounded)",
          0, 64, 0, flags));
  INSTALL (CONSENSUS_FRAMES,
      uint ("consensus-frames", "Consensus frames",
          "Frames to either side that vote on a point, and the delay (0 = an "
          "eighth of the window, 1 to 8 frames)",
          0, 64, 0, flags));
  INSTALL (CONSENSUS_THRESHOLD,
      double ("consensus-threshold", "Consensus threshold",
          "Share of the votes that a point needs", 0.001, 1, 0.8, flags));
  INSTALL (CONSENSUS_EPSILON,
      double ("consensus-epsilon", "Consensus epsilon",
          "Distance from the line within which a neighbour agrees, in widths of "
          "the window",
          0.001, 10, 0.2, flags));
  INSTALL (TONE_TOLERANCE,
      double ("tone-tolerance", "Tone tolerance",
          "With consensus=mixed, how far a tone's mixed derivative may be from "
          "0",
          0.001, 100, 0.25, flags));
  INSTALL (CLICK_TOLERANCE,
      double ("click-tolerance", "Click tolerance",
          "With consensus=mixed, how far a click's mixed derivative may be from "
          "1",
          0.001, 100, 0.25, flags));
  INSTALL (ANALYTIC,
      boolean ("analytic", "Analytic",
          "Remove the negative frequencies first, so that bass is right; adds "
          "64 ms of delay",
          FALSE, flags));
  INSTALL (CHANNEL_MODE,
      enum ("channel-mode", "Channel mode", "What becomes of the channels",
          GST_TYPE_TFR_INPUT_CHANNELS, GST_TFR_CHANNELS_SEPARATE, flags));
  INSTALL (FIELDS,
      flags ("fields", "Fields",
          "What points carry besides time, frequency and magnitude (0 = what "
          "downstream's caps ask for)",
          GST_TYPE_TFR_FIELDS, 0, flags));
  INSTALL (FRAMES_PER_BUFFER,
      uint ("frames-per-buffer", "Frames per buffer",
          "Frames in a batch at most (0 = about 20 ms of them)", 0, 1 << 20, 0,
          flags));
  INSTALL (PRECISION,
      enum ("precision", "Precision", "In what the spectra are computed",
          GST_TYPE_TFR_PRECISION, REASSIGN_PRECISION_DOUBLE, flags));
  INSTALL (N_THREADS,
      uint ("n-threads", "Threads",
          "Threads that compute batches, or channels where frames depend on "
          "each other (0 = one for each core); what comes out does not depend "
          "on it",
          0, 256, 1, flags));
#undef INSTALL
}

void
gst_tfr_settings_init (GstTfrSettings *s)
{
  *s = (GstTfrSettings) {
    .window = REASSIGN_WINDOW_KAISER_SMOOTH,
    .window_size = 2048,
    .padding = 1,
    .magnitude_floor = -120,
    .axes = GST_TFR_AXIS_TIME | GST_TFR_AXIS_FREQUENCY,
    .consensus_threshold = 0.8,
    .consensus_epsilon = 0.2,
    .tone_tolerance = 0.25,
    .click_tolerance = 0.25,
    .n_threads = 1,
  };
}

#define FIELD(name) G_STRUCT_OFFSET (GstTfrSettings, name)
static const gsize offsets[] = {
  [WINDOW] = FIELD (window),
  [WINDOW_PARAMETER] = FIELD (window_parameter),
  [WINDOW_SIZE] = FIELD (window_size),
  [WINDOW_DURATION] = FIELD (window_duration),
  [HOP_SIZE] = FIELD (hop_size),
  [HOP_DURATION] = FIELD (hop_duration),
  [FFT_SIZE] = FIELD (fft_size),
  [PADDING] = FIELD (padding),
  [MAGNITUDE_FLOOR] = FIELD (magnitude_floor),
  [FLOOR_REFERENCE] = FIELD (floor_reference),
  [REASSIGN] = FIELD (axes),
  [MAX_TIME_SHIFT] = FIELD (max_time_shift),
  [MAX_FREQUENCY_SHIFT] = FIELD (max_frequency_shift),
  [CONSENSUS] = FIELD (consensus),
  [CONSENSUS_RADIUS] = FIELD (consensus_radius),
  [CONSENSUS_FRAMES] = FIELD (consensus_frames),
  [CONSENSUS_THRESHOLD] = FIELD (consensus_threshold),
  [CONSENSUS_EPSILON] = FIELD (consensus_epsilon),
  [TONE_TOLERANCE] = FIELD (tone_tolerance),
  [CLICK_TOLERANCE] = FIELD (click_tolerance),
  [ANALYTIC] = FIELD (analytic),
  [CHANNEL_MODE] = FIELD (channel_mode),
  [FIELDS] = FIELD (fields),
  [FRAMES_PER_BUFFER] = FIELD (frames_per_buffer),
  [PRECISION] = FIELD (precision),
  [N_THREADS] = FIELD (n_threads),
};
#undef FIELD

gpointer
gst_tfr_settings_field (GstTfrSettings *s, guint index)
{
  return index < G_N_ELEMENTS (offsets) ? (guint8 *) s + offsets[index] : NULL;
}

/* Samples in so many ns, to the nearest. */
static gsize
duration_to_samples (guint64 duration, guint rate, gsize least, gsize most)
{
  guint64 samples = gst_util_uint64_scale_round (duration, rate, GST_SECOND);

  return CLAMP (samples, least, most);
}

static gsize
next_power_of_two (gsize n)
{
  gsize p = 1;

  while (p < n)
    p *= 2;
  return p;
}

void
gst_tfr_settings_to_config (
    const GstTfrSettings *s, guint rate, ReassignConfig *config)
{
  ReassignConfig c = { .sample_rate = rate };

  c.window = s->window;
  c.window_parameter = s->window_parameter;
  c.window_size = s->window_size;
  if (s->window_duration != 0)
    c.window_size =
        duration_to_samples (s->window_duration, rate, 32, 1 << 20);
  c.hop = s->hop_size;
  if (s->hop_duration != 0)
    c.hop = duration_to_samples (s->hop_duration, rate, 1, G_MAXINT);
  if (c.hop == 0)
    c.hop = c.window_size / 4;
  c.fft_size = s->fft_size;
  if (c.fft_size == 0)
    c.fft_size = s->padding * next_power_of_two (c.window_size);
  /* The library takes 0 for its default. */
  c.magnitude_floor = s->magnitude_floor != 0 ? s->magnitude_floor : 1e-9;
  c.floor_reference = s->floor_reference;
  c.keep_time = !(s->axes & GST_TFR_AXIS_TIME);
  c.keep_frequency = !(s->axes & GST_TFR_AXIS_FREQUENCY);
  c.max_time_shift = MIN (s->max_time_shift, (gdouble) c.window_size / 2);
  c.max_frequency_shift = s->max_frequency_shift;
  c.consensus = s->consensus;
  c.consensus_radius = s->consensus_radius;
  c.consensus_frames = s->consensus_frames;
  c.consensus_threshold = s->consensus_threshold;
  c.consensus_epsilon = s->consensus_epsilon;
  c.tone_tolerance = s->tone_tolerance;
  c.click_tolerance = s->click_tolerance;
  c.analytic = s->analytic;
  c.precision = s->precision;
  *config = c;
}
