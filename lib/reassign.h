/* SPDX-License-Identifier: GPL-2.0-or-later */

/* libreassign: time-frequency reassignment as a stream.
 *
 * A short-time Fourier transform spreads every sound over neighbouring frames
 * and bins.  Reassignment moves each bin to where its energy really lies: to
 * the time and the frequency that the derivatives of its phase name.  Samples
 * go in, points come out: (time, frequency, magnitude, ...).
 *
 * CONVENTIONS
 *
 * - Lengths, hops and positions count samples of one channel.  Positions are
 *   absolute int64_t: the caller says which position the first sample has.
 * - Times are seconds on that clock (position / sample_rate), frequencies Hz,
 *   magnitudes linear with a full-scale sine at 1.0 (0 dBFS), levels dB.
 * - A field left at zero means its default, which stands in brackets.
 * - Every object speaks the same verbs: _new is the only call that can fail, it
 *   returns NULL and a sentence that names the field and its range, or begins
 *   with "out of memory"; _push says how many samples it took; _pull hands out
 *   what is ready; _drain says that nothing follows; _reset begins anew, exactly
 *   as after _new; _free takes NULL too.  Nothing is allocated, locked or logged
 *   after _new, but for room that _reserve is asked for.
 * - Error sentences are constants: nobody frees them.
 * - One object belongs to one thread at a time.  Different objects may run in
 *   different threads at once, and _new may be called from any thread.
 *
 * REFERENCES, as the comments below name them
 *
 *   [FF]  Fitz and Fulop, "A unified theory of time-frequency reassignment",
 *         arXiv:0903.3080
 *   [AF]  Auger and Flandrin, "Improving the readability of time-frequency and
 *         time-scale representations by the reassignment method", IEEE
 *         Transactions on Signal Processing 43 (1995)
 *   [DDM] Betser, "Sinusoidal polynomial parameter estimation using the
 *         distribution derivative", IEEE Transactions on Signal Processing 57
 *         (2009)
 */

#ifndef REASSIGN_H
#define REASSIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef REASSIGN_API
#define REASSIGN_API __attribute__ ((visibility ("default")))
#endif

/* ------------------------------------------------------------------ windows */

typedef enum {
  REASSIGN_WINDOW_DEFAULT = 0, /* kaiser-smooth */
  REASSIGN_WINDOW_KAISER_SMOOTH = 1,
  REASSIGN_WINDOW_KAISER = 2,
  REASSIGN_WINDOW_HANN = 3,
  REASSIGN_WINDOW_HAMMING = 4,
  REASSIGN_WINDOW_BLACKMAN = 5,
  REASSIGN_WINDOW_BLACKMAN_HARRIS = 6,
  REASSIGN_WINDOW_NUTTALL = 7,
  REASSIGN_WINDOW_GAUSSIAN = 8,
  REASSIGN_WINDOW_DPSS = 9
} ReassignWindowId;

/* One family.  The centre of a window of n samples is sample n / 2 (integer
 * division); even n is periodic, odd n symmetric about it.  The value at the
 * centre is 1. */
typedef struct {
  ReassignWindowId id;
  const char *name; /* as in ReassignConfig's documentation, "hann" */
  const char *description;
  double parameter;                    /* default; 0 where there is none */
  double parameter_min, parameter_max; /* its range; both 0 where none */

  /* Writes h[n], n >= 1.  False only when memory runs out. */
  bool (*generate) (double *h, size_t n, double parameter);
} ReassignWindow;

/* All families in ascending order of id; the last entry has a NULL name. */
REASSIGN_API extern const ReassignWindow reassign_windows[];

/* NULL where there is no such family; id 0 is the default. */
REASSIGN_API const ReassignWindow *reassign_window_by_id (ReassignWindowId id);
REASSIGN_API const ReassignWindow *reassign_window_by_name (const char *name);

/* ------------------------------------------------------------------- points */

/* What a point carries.  The first three are always there; each of the others
 * only when asked for, and costs nothing when not. */
typedef enum {
  REASSIGN_FIELD_TIME = 1 << 0,
  REASSIGN_FIELD_FREQUENCY = 1 << 1,
  REASSIGN_FIELD_MAGNITUDE = 1 << 2,
  REASSIGN_FIELD_PHASE = 1 << 3,
  REASSIGN_FIELD_MIXED = 1 << 4,
  REASSIGN_FIELD_CHIRP_RATE = 1 << 5,
  REASSIGN_FIELD_AGREEMENT = 1 << 6,
  REASSIGN_FIELD_BIN = 1 << 7
} ReassignField;

/* Where a frame's points are to be written: one array for each field in use,
 * each with room for every bin (fft_size / 2 + 1 values). */
typedef struct {
  double *time;
  double *frequency;
  float *magnitude;
  float *phase;
  float *mixed;
  float *chirp_rate;
  float *agreement;
  uint32_t *bin;
} ReassignPlanes;

/* One analysed frame: a view, valid until the next call on its analyzer (or as
 * long as the caller's own planes are).  Points stand in ascending order of the
 * bin they came from.  Arrays of fields that were not asked for are NULL. */
typedef struct {
  int64_t sample;  /* the frame's centre */
  size_t n_points; /* length of each array; 0 is common (silence) */
  bool gap;        /* nothing but known silence lay under the window */

  const double *time;      /* s: (sample + Re (X_th / X)) / rate, [FF] 6.2 */
  const double *frequency; /* Hz: (w_k - Im (X_dh / X)) rate / 2 pi, same */
  const float *magnitude;  /* sqrt (2u) |X| / sum h, u = 1 at DC and Nyquist,
                              else 2: magnitude^2 / 2 is the bin's power */
  const float *phase;      /* rad, (-pi, pi], of a cosine, at the point itself:
                              arg X + (w_k + w)(t - t_m) / 2; derived, see
                              tests/check/lib/kernel.c */
  const float *mixed;      /* d2 phi / dt dw: 0 a tone, 1 a click; [FF] 7 */
  const float *chirp_rate; /* Hz/s, [DDM]; NaN where it cannot be told */
  const float *agreement;  /* [0, 1], the vote of the line consensus, whatever
                              `consensus` rejects by; 0 without neighbours */
  const uint32_t *bin;     /* [0, fft_size / 2] */
} ReassignFrame;

/* ----------------------------------------------------------------- analysis */

typedef enum {
  REASSIGN_FLOOR_FULL_SCALE = 0, /* the floor is relative to 1.0 */
  REASSIGN_FLOOR_FRAME_PEAK,     /* ... to the frame's largest magnitude */
  REASSIGN_FLOOR_RUNNING_PEAK,   /* ... to a peak that falls 20 dB/s */
  REASSIGN_FLOOR_NOISE /* ... to the frame's median magnitude, smoothed
                          in dB with a time constant of 1 s */
} ReassignFloor;

/* Which points are rejected although they are loud enough.  Their number and
 * energy are counted. */
typedef enum {
  REASSIGN_CONSENSUS_NONE = 0,
  REASSIGN_CONSENSUS_LINE, /* those whose neighbours do not lie on one line with
                              them: a weighted vote (derived, see
                              tests/check/lib/votes.c) */
  REASSIGN_CONSENSUS_MIXED, /* those that are neither tone nor click by their
                               mixed derivative, [FF] 7 */
  REASSIGN_CONSENSUS_RANK1  /* those whose map of the plane is not of rank 1, as
                               a lone component's is; not for windows that end
                               in a step (hamming, kaiser) */
} ReassignConsensus;

/* In what the spectra are computed.  Points are the same fields either way. */
typedef enum {
  REASSIGN_PRECISION_DOUBLE = 0,
  REASSIGN_PRECISION_SINGLE /* faster by half; right to about 80 dB below a
                               frame's loudest bin.  A frame waits for the one
                               it is transformed with: 2 j and 2 j + 1 by their
                               number on the grid */
} ReassignPrecision;

typedef struct {
  double sample_rate; /* Hz, > 0; no default */

  ReassignWindowId window;    /* [kaiser-smooth] */
  double window_parameter;    /* beta, N / sigma or NW; ignored by families that
                                 have none [the family's] */
  const double *window_table; /* a window of your own, window_size values, read
                                 only by _new [NULL: by `window`] */
  size_t window_size;         /* N, samples, 32 to 2^20 [2048] */
  size_t hop;                 /* H, samples, >= 1, may exceed N [N / 4] */
  size_t fft_size;            /* N to 2^24, any parity [next power of two] */

  double magnitude_floor; /* dB above the reference; points at or below it are
                             dropped.  -INFINITY keeps all.  For 0 dB, which
                             would mean the default, say 1e-9 [-120] */
  ReassignFloor floor_reference;

  bool keep_time;      /* leave points at their frame's time [reassign] */
  bool keep_frequency; /* leave points at their bin's frequency [reassign] */

  double max_time_shift;      /* samples, (0, N / 2] [N / 2] */
  double max_frequency_shift; /* Hz, > 0 [sample_rate / 8] */

  ReassignConsensus consensus;
  size_t consensus_radius;    /* bins to either side that vote, up to 64
                                 [fft_size / window_size, at least 1] */
  size_t consensus_frames;    /* frames to either side, up to 64
                                 [N / (8 H), 1 to 8] */
  double consensus_threshold; /* vote that a point needs, (0, 1] [0.8] */
  double consensus_epsilon;   /* distance from the line within which a neighbour
                                 agrees, in units of sigma, (0, 10] [0.2] */
  double tone_tolerance;      /* of |mixed|, > 0 [0.25] */
  double click_tolerance;     /* of |mixed - 1|, > 0 [0.25] */

  bool analytic; /* remove the negative frequencies first, so that bass and DC
                    are right.  Twice the transforms and 64 ms of delay */

  ReassignPrecision precision;

  unsigned fields; /* ReassignField bits besides the first three */
} ReassignConfig;

/* A config with every default filled in. */
REASSIGN_API ReassignConfig reassign_config_default (double sample_rate);

/* What the window amounts to: for energies, latencies and headers. */
typedef struct {
  size_t window_size, hop, fft_size, n_bins;
  ReassignWindowId window; /* 0 for a table of the user's */
  double window_parameter;
  double sum;    /* sum h */
  double sum_sq; /* sum h^2 */
  double sigma;  /* samples: sqrt (2 sum tau^2 h^2 / sum h^2) */
  double energy; /* of a point of magnitude 1; energy * magnitude^2 summed over
                    all points of a signal is the sum of its squared samples
                    (theory of frames, derived, see tests/check/lib/energy.c) */
} ReassignShape;

/* Counted since _new or _reset.  Energies are in squared samples, as in
 * ReassignShape. */
typedef struct {
  uint64_t frames;
  uint64_t points;
  uint64_t below_floor;        /* bins of frames that are not all zeros */
  uint64_t beyond_time;        /* |time shift| > max_time_shift */
  uint64_t beyond_frequency;   /* |frequency shift| > max_frequency_shift */
  uint64_t outside_range;      /* frequency outside [0, sample_rate / 2] */
  uint64_t rejected;           /* by consensus */
  uint64_t non_finite_samples; /* taken as 0; their frames have no points */
  double energy;               /* of the points */
  double energy_below_floor;
  double energy_beyond_time;
  double energy_beyond_frequency;
  double energy_outside_range;
  double energy_rejected;
} ReassignStats;

/* Adds one to the other. */
REASSIGN_API void reassign_stats_add (
    ReassignStats *to, const ReassignStats *from);

/* One channel of samples in, frames of points out.
 *
 *     reassign_analyzer_reset (a, position_of_first_sample);
 *     while (n > 0) {
 *       size_t taken = reassign_analyzer_push (a, samples, n);
 *       samples += taken, n -= taken;
 *       while (reassign_analyzer_pull (a, &frame))
 *         use (&frame);
 *     }
 *     reassign_analyzer_drain (a);
 *     while (reassign_analyzer_pull (a, &frame))
 *       use (&frame);
 *
 * There is a frame centred on every multiple c of the hop with start <= c < end
 * of the signal: ceil (end / hop) - ceil (start / hop) of them.  Outside the
 * signal there are zeros.  The same samples give bit-identical frames however
 * they are cut. */
typedef struct ReassignAnalyzer ReassignAnalyzer;

/* The config is copied.  The object starts as after _reset (0).  Plans a
 * transform: that takes a lock shared with other _new calls, and time.  Memory
 * that FFTW's planner asks for itself is not ours to refuse: where there is none
 * it aborts the process. */
REASSIGN_API ReassignAnalyzer *reassign_analyzer_new (
    const ReassignConfig *config, const char **error);

/* Forgets all samples and counts; the next sample has this position. */
REASSIGN_API void reassign_analyzer_reset (
    ReassignAnalyzer *a, int64_t position);

/* After _reset: no frame before this position comes out; samples pushed before
 * it only fill the windows of later frames and of those that vote on them. */
REASSIGN_API void reassign_analyzer_skip (
    ReassignAnalyzer *a, int64_t position);

/* Takes up to n samples and returns how many; less than n means that frames
 * wait to be pulled.  `samples` NULL stands for n zeros that are known to be
 * silence. NaN and infinite samples are taken as 0 and counted; frames that
 * have one under their window emit no points.  Samples below 1e-140 are taken
 * as 0, those beyond 1e140 as infinite: their squares are.  In single precision
 * these bounds are 1e-18 and 1e14. */
REASSIGN_API size_t reassign_analyzer_push (
    ReassignAnalyzer *a, const double *samples, size_t n);

/* For a change of config in the middle of a stream: the oldest position whose
 * sample an analyzer still holds, and a push of the samples that others hold
 * from a's position on, again saying how many were taken.  With several, which
 * must have been fed alike, it is their mean.
 *
 *     reassign_analyzer_retire (old);
 *     while (reassign_analyzer_pull (old, &frame))
 *       use (&frame);
 *     reassign_analyzer_reset (new, reassign_analyzer_held (old));
 *     reassign_analyzer_skip (new, reassign_analyzer_next (old));
 *     while (reassign_analyzer_replay (new, &old, 1) > 0)
 *       while (reassign_analyzer_pull (new, &frame))
 *         use (&frame);
 */
REASSIGN_API int64_t reassign_analyzer_held (const ReassignAnalyzer *a);
REASSIGN_API size_t reassign_analyzer_replay (
    ReassignAnalyzer *a, const ReassignAnalyzer *const *from, size_t n_from);

/* True with the next frame, false when more samples are needed.  A frame leaves
 * once _latency samples from its centre on are there, or after _drain. */
REASSIGN_API bool reassign_analyzer_pull (
    ReassignAnalyzer *a, ReassignFrame *frame);

/* The same, with the points written to the caller's planes. */
REASSIGN_API bool reassign_analyzer_pull_into (
    ReassignAnalyzer *a, const ReassignPlanes *planes, ReassignFrame *frame);

/* Whether _pull has a frame; and whether it has so many more. */
REASSIGN_API bool reassign_analyzer_ready (const ReassignAnalyzer *a);
REASSIGN_API bool reassign_analyzer_ready_ahead (
    const ReassignAnalyzer *a, size_t ahead);

/* For several threads: samples cut out of one analyzer's signal, whose frames
 * another analyzer of the same config can compute in another thread.
 *
 *     n = reassign_analyzer_cut (a, excerpt, most);
 *     (in any thread, while a goes on)
 *     reassign_analyzer_paste (b, excerpt);
 *     while (reassign_analyzer_pull (b, &frame))
 *       use (&frame);
 */
typedef struct ReassignExcerpt ReassignExcerpt;

/* With room for `most` frames of a.  NULL only when memory runs out: there is no
 * other cause, and so no sentence. */
REASSIGN_API ReassignExcerpt *reassign_excerpt_new (
    const ReassignAnalyzer *a, size_t most);
REASSIGN_API void reassign_excerpt_free (ReassignExcerpt *e);

/* Fills it with the samples of the next frames, up to `most` and what it has room
 * for, that are ready and do not depend on others, and goes on after them as if they had been pulled.
 * How many: 0 where they do depend (votes, floors that remember, `analytic`) and
 * at the ends of a signal; those can only be pulled. */
REASSIGN_API size_t reassign_analyzer_cut (
    ReassignAnalyzer *a, ReassignExcerpt *e, size_t most);

/* Forgets all, as _reset does, and has exactly these frames ready. */
REASSIGN_API void reassign_analyzer_paste (
    ReassignAnalyzer *a, const ReassignExcerpt *e);

/* What was counted since the last call, which begins anew. */
REASSIGN_API void reassign_analyzer_take_stats (
    ReassignAnalyzer *a, ReassignStats *stats);

/* The signal ends here: the frames still owed can be pulled, nothing can be
 * pushed before the next _reset. */
REASSIGN_API void reassign_analyzer_drain (ReassignAnalyzer *a);

/* Before another analyzer goes on in this one's place: frames that wait for
 * later ones to vote wait no longer.  Pull them, then nothing more. */
REASSIGN_API void reassign_analyzer_retire (ReassignAnalyzer *a);

/* Position after the last sample pushed, and the next frame's centre. */
REASSIGN_API int64_t reassign_analyzer_position (const ReassignAnalyzer *a);
REASSIGN_API int64_t reassign_analyzer_next (const ReassignAnalyzer *a);

/* Samples from a frame's centre to where it leaves: max (ceil (N / 2) + 8, H) +
 * V H + A.  The 8 are the taps by which the derivative's stencil overhangs the
 * window, V the frames of a vote that lie ahead (consensus_frames where votes
 * are taken, else 0), A the delay of the analytic signal.  One H more in single
 * precision, but not with `analytic`: those frames are transformed alone. */
REASSIGN_API size_t reassign_analyzer_latency (const ReassignAnalyzer *a);

/* Samples before a frame's centre that its points depend on: N / 2 + 8 + V H +
 * A. */
REASSIGN_API size_t reassign_analyzer_lookback (const ReassignAnalyzer *a);

REASSIGN_API const ReassignShape *reassign_analyzer_shape (
    const ReassignAnalyzer *a);
REASSIGN_API const ReassignStats *reassign_analyzer_stats (
    const ReassignAnalyzer *a);
REASSIGN_API void reassign_analyzer_free (ReassignAnalyzer *a);

/* ----------------------------------------------------------------- partials */

/* What a row says besides its numbers. */
typedef enum {
  REASSIGN_PARTIAL_BIRTH = 1 << 0, /* the partial's first row */
  REASSIGN_PARTIAL_DEATH = 1 << 1  /* its last, of amplitude 0 */
} ReassignPartialFlag;

/* Where rows are to be written, one array each. */
typedef struct {
  double *time;
  double *frequency;
  float *amplitude;
  float *phase;
  float *bandwidth;
  uint32_t *id;
  uint32_t *flags;
} ReassignRowPlanes;

/* Rows of one frame: a view.  A partial is the rows of one id, from a birth to
 * a death, in ascending order of time. */
typedef struct {
  int64_t sample; /* the frame's centre */
  size_t n_rows;  /* length of each array */

  const double *time;      /* s, on the sample clock */
  const double *frequency; /* Hz */
  const float *amplitude;  /* peak, linear: a full-scale sine is 1.0 */
  const float *phase;      /* rad, of a cosine, at `time` */
  const float *bandwidth;  /* [0, 1], the share of the energy that is noise */
  const uint32_t *id;      /* >= 1, unique in the stream */
  const uint32_t *flags;   /* ReassignPartialFlag bits */
} ReassignRows;

/* Where the points come from, as a batch's header says, and which of their peaks
 * make a partial. */
typedef struct {
  double sample_rate;      /* Hz, > 0; no default */
  ReassignWindowId window; /* kaiser-smooth unless given; of a window_size and */
  double window_parameter; /* with a parameter as in ReassignConfig */
  double window_sigma;     /* samples: of a table of the user's, which then
                              passes for a Gaussian; 0: by `window` [0] */
  size_t window_size;      /* N, samples, 32 to 2^20; no default */
  size_t hop;              /* H, samples, >= 1; no default */
  size_t fft_size;         /* N to 2^24; no default */

  double frequency_resolution; /* R, Hz: the least distance of two partials.
                                  Where given, weaker peaks within R of a louder
                                  one are none of their own; else those within
                                  1.5 rate / N [7.9 rate / (2 N)] */
  double frequency_drift;      /* Hz from frame to frame, > 0 [R / 2] */
  double frequency_floor;      /* Hz, >= 0: what is lower is noise, or nothing
                                  without noise_width; for 0 say 1e-9 [R] */
  double amplitude_floor;      /* dBFS; for 0 say 1e-9 [-90] */
  size_t minimum_length;       /* frames, 1 to 1000; shorter partials are
                                  noise [8] */
  int survival;                /* frames that a partial may miss, up to 16; -1:
                                  none [2] */
  double noise_width;          /* Hz: what no partial explains becomes the
                                  bandwidth of those within half of this; < 0:
                                  there is no bandwidth [2000] */
  double reference_frequency;  /* Hz: the partial nearest to this leads: the
                                  others are expected to move in proportion,
                                  as harmonics do; 0: none */

  uint32_t first_id, id_step; /* of the partials: several trackers, one for each
                                 channel, share the ids [1, 1] */
  size_t most_points; /* of a frame, for which there is room from the start; for
                         more call _reserve [one for each bin] */
} ReassignTrackerConfig;

/* Frames of points of one channel in, the rows of its partials out; after Loris
 * (Fitz and Haken, "On the use of time-frequency reassignment in additive sound
 * modeling", Journal of the Audio Engineering Society 50, 2002), with chirp rate
 * and level's slope and curvature taken along the partial (derived).
 *
 *     while (reassign_analyzer_pull (a, &frame)) {
 *       reassign_tracker_push (t, &frame);
 *       while (reassign_tracker_pull (t, &rows))
 *         use (&rows);
 *     }
 *
 * The frames need phase and bin, and follow each other by a hop.  Each gives one
 * frame of rows, in ascending order of frequency: one for each partial that is
 * sounding, at the frame's centre.  Its first row and its last lie where it
 * begins and ends, at most a hop from the centre; a row of amplitude 0 follows.
 * Only before a drain can it be in the same frame as the one before it. */
typedef struct ReassignTracker ReassignTracker;

REASSIGN_API ReassignTracker *reassign_tracker_new (
    const ReassignTrackerConfig *config, const char **error);

/* Forgets all frames; ids begin anew. */
REASSIGN_API void reassign_tracker_reset (ReassignTracker *t);

/* Room for the next frame, where it has more points than most_points and than
 * those that its place has held before; of points without room it is as if they
 * were not there.  So a stream costs what is in it, however large its transform.
 * It may allocate: false when memory runs out, and all is as it was. */
REASSIGN_API bool reassign_tracker_reserve (ReassignTracker *t, size_t n_points);

/* Takes the next frame.  False, and nothing taken, while rows wait. */
REASSIGN_API bool reassign_tracker_push (
    ReassignTracker *t, const ReassignFrame *frame);

/* True with the rows of the next frame: a view until the next call. */
REASSIGN_API bool reassign_tracker_pull (ReassignTracker *t, ReassignRows *rows);

/* All partials end here, at this position: the rows still owed can be pulled.
 * What is pushed then begins a new stretch; ids go on. */
REASSIGN_API void reassign_tracker_drain (ReassignTracker *t, int64_t end);

/* Samples from a frame to the one whose push lets its rows leave: H (survival +
 * the larger of minimum_length - 1 and round (N / (3 H)), 1 to 16). */
REASSIGN_API size_t reassign_tracker_latency (const ReassignTracker *t);

/* The most rows that one frame can give. */
REASSIGN_API size_t reassign_tracker_max_rows (const ReassignTracker *t);
REASSIGN_API void reassign_tracker_free (ReassignTracker *t);

typedef struct {
  double sample_rate;     /* Hz, > 0; no default */
  size_t hop;             /* H, samples between frames of rows, >= 1; no default */
  size_t most_partials;   /* that sound at once, up to 65536; more are not heard
                             [4096] */
  double noise_bandwidth; /* Hz, > 0: of a partial's noise, to either side of it;
                             a ten-thousandth of the rate to 0.4 of it, beyond
                             which it is cut [500] */
  size_t partials;        /* for which there is room from the start; for more call
                             _reserve [most_partials] */
} ReassignSynthConfig;

/* Frames of rows in, samples out: each partial is an oscillator with McAulay and
 * Quatieri's cubic phase, modulated by noise as its bandwidth says (Fitz and
 * Haken, see ReassignTracker).  With pitch and tempo at 1 the phases are those of
 * the rows, so that the difference from the analysed sound is what was not
 * modelled.
 *
 *     while (next_rows (&rows)) {
 *       reassign_synth_push (s, &rows);
 *       while ((n = reassign_synth_pull (s, samples, 512)) > 0)
 *         use (samples, n);
 *     }
 *     reassign_synth_drain (s, end);
 *
 * Frames follow each other by a hop; a row lies at most a hop from its frame's
 * centre, a later one is moved there.  A partial that has no row in a frame goes
 * on as it is, for a second; after its death its id may live again.  Rows that are
 * no sound numbers are passed over.  The first sample is at the first frame's
 * centre. */
typedef struct ReassignSynth ReassignSynth;

REASSIGN_API ReassignSynth *reassign_synth_new (
    const ReassignSynthConfig *config, const char **error);

/* Forgets all rows; pitch and tempo stay. */
REASSIGN_API void reassign_synth_reset (ReassignSynth *s);

/* Factors, 0.1 to 10, beyond which they are cut [1].  Frequencies glide to a new
 * pitch within a hop; a new tempo holds from the next frame rendered on. */
REASSIGN_API void reassign_synth_set_pitch (ReassignSynth *s, double pitch);
REASSIGN_API void reassign_synth_set_tempo (ReassignSynth *s, double tempo);

/* Room for all partials that sound and those of a frame of so many rows, up to
 * most_partials.  As reassign_tracker_reserve, by which a stream costs what is in
 * it. */
REASSIGN_API bool reassign_synth_reserve (ReassignSynth *s, size_t n_rows);

/* Takes the next frame.  False, and nothing taken, while samples wait. */
REASSIGN_API bool reassign_synth_push (
    ReassignSynth *s, const ReassignRows *rows);

/* Writes up to n samples and returns how many: 0 when it needs more rows. */
REASSIGN_API size_t reassign_synth_pull (
    ReassignSynth *s, double *samples, size_t n);

/* No rows follow: the samples up to this position can be pulled. */
REASSIGN_API void reassign_synth_drain (ReassignSynth *s, int64_t end);

/* Samples from a frame to the one whose push lets it be heard: 2 H. */
REASSIGN_API size_t reassign_synth_latency (const ReassignSynth *s);
REASSIGN_API void reassign_synth_free (ReassignSynth *s);

/* --------------------------------------------------------------------- SDIF */

/* The two types of SDIF that hold partials, as matrices of a frame of the same
 * type, a row for each partial. */
typedef enum {
  REASSIGN_SDIF_RBEP = 0, /* index, Hz, amplitude, phase, bandwidth, seconds
                             after the frame's time; of Loris */
  REASSIGN_SDIF_1TRC      /* index, Hz, amplitude, phase; standard */
} ReassignSdifType;

/* What a file says of itself in a table of names and values (1NVT: SampleRate,
 * HopSize, WindowSize, FftSize, Channels, ChannelMask).  Few do but those that
 * are written here; 0 where nothing is said. */
typedef struct {
  uint32_t sample_rate; /* Hz, up to 2^31 - 1, as all but the mask */
  uint32_t hop;         /* samples */
  uint32_t window_size; /* samples */
  uint32_t fft_size;    /* samples */
  uint32_t channels;    /* up to 65535 */
  uint64_t channel_mask;
} ReassignSdifInfo;

/* Frames of rows in, the bytes of a file out.
 *
 *     while (reassign_tracker_pull (t, &rows)) {
 *       reassign_sdif_writer_push (w, channel, &rows);
 *       while ((n = reassign_sdif_writer_pull (w, &bytes)) > 0)
 *         fwrite (bytes, 1, n, file);
 *     }
 *
 * A file has ids (less 1, as the index), frequencies, amplitudes, phases, RBEP
 * also times and bandwidths, all as float64.  It has no births and deaths:
 * REASSIGN_PARTIAL_DEATH is the amplitude of 0, and what comes before it or first
 * is not told apart from what comes in between.  A second row of a partial in a
 * frame goes to an SDIF frame of its own, a microsecond later.  In 1TRC a row is
 * moved to its frame's time, its phase by its frequency, it loses its bandwidth,
 * and second rows are left out, as in both types are rows that are no sound
 * numbers.  A channel is a stream: channel 0 is stream 1. */
typedef struct ReassignSdifWriter ReassignSdifWriter;

/* info->sample_rate, > 0, gives the frames their times; max_rows is the most that
 * one push takes [8192]. */
REASSIGN_API ReassignSdifWriter *reassign_sdif_writer_new (
    ReassignSdifType type, const ReassignSdifInfo *info, size_t max_rows,
    const char **error);

/* Of the frames that are pushed from now on. */
REASSIGN_API void reassign_sdif_writer_set_type (
    ReassignSdifWriter *w, ReassignSdifType type);

/* The next bytes are those of a new file. */
REASSIGN_API void reassign_sdif_writer_reset (ReassignSdifWriter *w);

/* Takes the rows of a channel's next frame and says how many: fewer than there
 * are where they are more than max_rows; push the others with a view of their
 * own.  While bytes wait nothing is taken. */
REASSIGN_API size_t reassign_sdif_writer_push (
    ReassignSdifWriter *w, size_t channel, const ReassignRows *rows);

/* How many bytes there are to write: a view until the next call; 0: push more.
 * Without any push they are the head of a file, and so is a file without rows. */
REASSIGN_API size_t reassign_sdif_writer_pull (
    ReassignSdifWriter *w, const uint8_t **bytes);
REASSIGN_API void reassign_sdif_writer_free (ReassignSdifWriter *w);

/* Rows of one SDIF frame, or some of them: a view until the next call.  Phases
 * are in (-pi, pi]; columns that are not there are 0; ids are indices and 1. */
typedef struct {
  ReassignSdifType type;
  int32_t stream;
  double time;       /* s; at most 10^9 either way */
  bool ends;         /* no more rows of this SDIF frame follow */
  ReassignRows rows; /* without a sample and without flags; up to 256 */
} ReassignSdifFrame;

/* The bytes of a file in, rows out.  The matrices are walked by their own
 * headers, so frames whose size is wrong, as Loris writes them, are read too;
 * other types of frames and matrices are passed over.  Nothing in the bytes is
 * trusted; rows that are no sound numbers, or beyond 1e30, are left out. */
typedef struct ReassignSdifReader ReassignSdifReader;

REASSIGN_API ReassignSdifReader *reassign_sdif_reader_new (const char **error);
REASSIGN_API void reassign_sdif_reader_reset (ReassignSdifReader *r);

/* Takes up to n bytes and returns how many; less than n means that rows wait to
 * be pulled.  After a fault bytes are taken and ignored. */
REASSIGN_API size_t reassign_sdif_reader_push (
    ReassignSdifReader *r, const uint8_t *bytes, size_t n);
REASSIGN_API bool reassign_sdif_reader_pull (
    ReassignSdifReader *r, ReassignSdifFrame *frame);

/* The file ends here: a fault if it is in the middle of something.  Rows still
 * owed can be pulled.  Once more is nothing more. */
REASSIGN_API void reassign_sdif_reader_drain (ReassignSdifReader *r);

/* NULL, or a sentence: what is wrong with the bytes. */
REASSIGN_API const char *reassign_sdif_reader_fault (
    const ReassignSdifReader *r);

/* What the tables so far have said; they come before the first rows. */
REASSIGN_API const ReassignSdifInfo *reassign_sdif_reader_info (
    const ReassignSdifReader *r);

/* Rows left out so far, since they are no sound numbers. */
REASSIGN_API uint64_t reassign_sdif_reader_ignored (
    const ReassignSdifReader *r);
REASSIGN_API void reassign_sdif_reader_free (ReassignSdifReader *r);

/* ------------------------------------------------------------------- framer */

typedef struct {
  double sample_rate; /* Hz, > 0; no default */
  size_t hop;         /* samples, 1 to 2^31 - 1; no default */
  size_t channels;    /* 1 to 65535 [1] */
  double longest_gap; /* s: a partial without a row for longer has ended; more
                         than a hop is taken, less than 1000 hops and, with
                         many channels, than 2^20 / channels [0.25] */
  size_t max_rows;    /* that wait, up to 2^24 [65536] */
} ReassignFramerConfig;

/* Rows at any times in, as a file has them, frames of rows on a grid out, at
 * every multiple of the hop from the first row on.
 *
 * A partial without a row in a frame gets one there, on the straight line from
 * the row before to the row after, its phase bent to meet both.  A row of
 * amplitude 0 is a death, and from where the amplitude rises again a birth; a
 * partial that merely stops is given a death 1 ms after its last row.  In 1TRC a
 * partial has stopped when it is not in its stream's next frame, in RBEP after
 * longest_gap, by which frames are delayed.  When more than max_rows wait,
 * frames leave early and gaps are not bridged.  Where the rows leap more than a
 * minute ahead, or more than 2^20 / channels frames, the frames do too. */
typedef struct ReassignFramer ReassignFramer;

REASSIGN_API ReassignFramer *reassign_framer_new (
    const ReassignFramerConfig *config, const char **error);
REASSIGN_API void reassign_framer_reset (ReassignFramer *f);

/* Takes rows of a channel, in a reader's order, from the one numbered `from` on,
 * and returns how many; fewer than are left mean that frames wait to be pulled. */
REASSIGN_API size_t reassign_framer_push (ReassignFramer *f, size_t channel,
    const ReassignSdifFrame *frame, size_t from);

/* True with the rows of the next channel of a frame, or of the next frame's first
 * channel: a view until the next call. */
REASSIGN_API bool reassign_framer_pull (
    ReassignFramer *f, size_t *channel, ReassignRows *rows);
REASSIGN_API void reassign_framer_drain (ReassignFramer *f);

/* Samples by which a frame leaves later than the rows that are in it. */
REASSIGN_API size_t reassign_framer_latency (const ReassignFramer *f);

/* Rows that were left out: too late, before the last one of their partial, or
 * of more partials at once than a quarter of max_rows. */
REASSIGN_API uint64_t reassign_framer_ignored (const ReassignFramer *f);
REASSIGN_API void reassign_framer_free (ReassignFramer *f);

/* --------------------------------------------------------------------- axis */

typedef enum {
  REASSIGN_SCALE_LINEAR = 0,
  REASSIGN_SCALE_LOG,
  REASSIGN_SCALE_MEL,  /* 2595 log10 (1 + f / 700), O'Shaughnessy 1987 */
  REASSIGN_SCALE_BARK, /* 26.81 f / (1960 + f) - 0.53, Traunmueller 1990 */
  REASSIGN_SCALE_ERB   /* 21.4 log10 (1 + 0.00437 f), Glasberg and Moore 1990 */
} ReassignScale;

/* Frequencies from min_hz at the lower edge of row 0 to max_hz at the upper
 * edge of row n_rows - 1; row r is centred on r + 0.5.  A plain value: fill in
 * the first four fields and call _init, which returns NULL or a sentence.  Zero
 * means min_hz 20 on the log scale, else 0; n_rows is needed. */
typedef struct {
  ReassignScale scale;
  double min_hz, max_hz;
  size_t n_rows;
  double offset, factor; /* private: row = (warp (hz) - offset) * factor */
} ReassignAxis;

REASSIGN_API const char *reassign_axis_init (ReassignAxis *axis);
REASSIGN_API double reassign_axis_row (const ReassignAxis *axis, double hz);
REASSIGN_API double reassign_axis_hz (const ReassignAxis *axis, double row);

/* --------------------------------------------------------------------- grid */

typedef enum {
  REASSIGN_SPLAT_GAUSSIAN = 0,
  REASSIGN_SPLAT_BILINEAR,
  REASSIGN_SPLAT_NEAREST
} ReassignSplat;

/* A raster that collects the points' energy: a window of n_columns on an
 * endless row of columns, which only moves forward.  Column j covers the times
 * [j, j + 1) / columns_per_second after the origin; its cells are the rows of
 * the axis.
 *
 * A point's energy is spread over the cells around it with weights that sum
 * to 1. Along time the footprint is as wide as a hop where that is more than a
 * column, so that no column between two frames stays empty. */
typedef struct {
  ReassignAxis axis;         /* after reassign_axis_init */
  double columns_per_second; /* > 0 */
  size_t n_columns;          /* 1 to 2^20; times n_rows at most 2^28 */

  ReassignSplat splat;
  double splat_radius; /* gaussian: sigma in cells, up to 8 [0.7] */
  bool lines;          /* slopes will be given */
  double join;         /* Hz: nearer neighbours are joined; 0: none */

  double sample_rate; /* these two describe the points */
  size_t hop;
} ReassignGridConfig;

typedef struct ReassignGrid ReassignGrid;

/* Starts as after _reset (0). */
REASSIGN_API ReassignGrid *reassign_grid_new (
    const ReassignGridConfig *config, const char **error);

/* Empties the grid.  Column 0 begins at `origin` (s); it is the first held. */
REASSIGN_API void reassign_grid_reset (ReassignGrid *g, double origin);

/* Adds n points: times (s), frequencies (Hz) and energies (squared samples;
 * other weights do as well, negative ones too).  With slopes (Hz/s; else NULL)
 * a point is drawn along its own chirp, as far as the points of the next
 * frames: a sweep becomes a line and not a row of dots.  A slope of NaN is
 * none.
 *
 * With `join`, the points of a call are those of one frame by ascending bin: two
 * neighbours that are nearer than so many Hz share a line, along which the energy
 * of one passes into that of the other.  Where a bin is many rows high, as at
 * the low end of a logarithmic axis, clicks and noise are then no rows of dots;
 * tones, whose bins all point to one place, stay as they are.  Two bins is a
 * good measure.
 *
 * What falls outside the held columns or the axis is counted as lost; a
 * point that is not finite is passed over, and so are energies below 1e-20. */
REASSIGN_API void reassign_grid_push (ReassignGrid *g, const double *time,
    const double *frequency, const float *energy, const float *slope, size_t n);

/* Moves on: the grid then holds first ... first + n_columns - 1; columns that
 * come in are empty.  An earlier `first` does nothing. */
REASSIGN_API void reassign_grid_advance (ReassignGrid *g, int64_t first);

/* Makes every column twice as long: neighbouring pairs are added.  Only while
 * the first column held is 0. */
REASSIGN_API void reassign_grid_halve (ReassignGrid *g);

/* The first column held. */
REASSIGN_API int64_t reassign_grid_first (const ReassignGrid *g);

/* The cells [n_rows] of a column, from the lowest row up: energy, squared
 * samples.  NULL for a column that is not held. */
REASSIGN_API const float *reassign_grid_column (
    const ReassignGrid *g, int64_t column);

/* Columns to either side of a point's own that its footprint can reach. */
REASSIGN_API size_t reassign_grid_reach (const ReassignGrid *g);

/* The frequency (Hz) above which points touch no cell and are joined with none
 * that does, so that they need not be pushed; INFINITY where there is none. */
REASSIGN_API double reassign_grid_highest (const ReassignGrid *g);

/* Energy times this is the squared amplitude of a steady tone: of a whole
 * column, or of its brightest cell (on the average over where the tone lies
 * within its row). */
REASSIGN_API double reassign_grid_column_scale (const ReassignGrid *g);
REASSIGN_API double reassign_grid_cell_scale (const ReassignGrid *g);

/* Energy that fell outside since the last _reset. */
REASSIGN_API double reassign_grid_lost (const ReassignGrid *g);
REASSIGN_API void reassign_grid_free (ReassignGrid *g);

#ifdef __cplusplus
}
#endif

#endif
