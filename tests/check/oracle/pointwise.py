#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The element's points are the oracle's, one by one, on noise, speech and music:
on bins within 60 dB of their frame's peak to 1e-6 Hz and 1e-6 samples."""


import numpy as np

import batches
import oracle
import report

RECORDINGS = {
    "speech": "/usr/share/sounds/alsa/Front_Center.wav",
    "cello": "/usr/share/sounds/sound-icons/violoncello-7.wav",
    "canary": "/usr/share/sounds/sound-icons/canary-long.wav",
}
FIELDS = "phase+mixed+chirp-rate+bin"


def wrapped(phase):
    return np.abs(np.remainder(phase + np.pi, 2 * np.pi) - np.pi)


def compare(points, truth, rate, what, channel=0):
    """Every bin that either has; those at the limits may fall to either side."""
    own = points["channel"] == channel
    frame, k = points["frame"][own], points["bin"][own]
    report.holds(np.array_equal(points["centres"], truth["centres"]),
                 f"{what}: the frames are those of the oracle")
    peak = truth["magnitude"].max(axis=1)
    loud = truth["magnitude"] > peak[:, None] * 1e-3
    loud &= truth["magnitude"] > 1e-5
    n = points["header"]["window_size"]
    with np.errstate(all="ignore"):
        shift = np.abs(truth["frequency"] - np.arange(loud.shape[1])
                       * rate / points["header"]["fft_size"])
        inside = (truth["frequency"] > 1e-6) & (truth["frequency"] < rate / 2 - 1e-6)
        limits = inside & (np.abs(truth["offset"]) < n / 2 - 1e-6)
        limits &= shift < rate / 8 - 1e-6
    have = np.zeros(loud.shape, bool)
    have[frame, k] = True
    report.at_most(np.sum(loud & limits & ~have), 0, f"{what}: points missing")
    use = loud[frame, k]
    frame, k = frame[use], k[use]
    report.at_least(len(k), 1000, f"{what}: points compared")

    def error(name, of):
        return np.max(of(points[name][own][use], truth[name][frame, k]))

    report.at_most(error("frequency", lambda a, b: np.abs(a - b)), 1e-6,
                   f"{what}: frequency, Hz")
    report.at_most(error("time", lambda a, b: np.abs(a - b)) * rate, 1e-6,
                   f"{what}: time, samples")
    report.at_most(error("magnitude", lambda a, b: np.abs(a / b - 1)), 1e-6,
                   f"{what}: magnitude, relative")
    report.at_most(error("phase", lambda a, b: wrapped(a - b)), 1e-6,
                   f"{what}: phase, rad")
    report.at_most(error("mixed", lambda a, b: np.abs(a - b) / (1 + np.abs(b))),
                   1e-6, f"{what}: mixed derivative, relative")
    report.at_most(
        error("chirp_rate", lambda a, b: np.abs(a - b) / (1e3 + np.abs(b))),
        1e-5, f"{what}: chirp rate, relative to itself and 1 kHz/s")


def check_noise():
    x = 0.1 * np.random.default_rng(5).standard_normal(30000)
    for name in oracle.WINDOWS:
        for values in ({"window_size": 512}, {"window_size": 255, "hop_size": 100,
                                              "fft_size": 333}):
            points = batches.analyse(x, 48000, window=name,
                                     fields=FIELDS, **values)
            truth = oracle.analyse(x, 48000, name, values["window_size"],
                                   values.get("hop_size", 0),
                                   values.get("fft_size", 0))
            compare(points, truth, 48000, f"noise, {name} {values['window_size']}")


def check_parameters():
    x = 0.1 * np.random.default_rng(6).standard_normal(20000)
    for name, parameter in (("kaiser-smooth", 12), ("kaiser", 5),
                            ("gaussian", 7.5), ("dpss", 2.5)):
        points = batches.analyse(x, 44100, window=name, window_size=1000,
                                 window_parameter=parameter,
                                 fields=FIELDS)
        truth = oracle.analyse(x, 44100, name, 1000, parameter=parameter)
        compare(points, truth, 44100, f"noise, {name} with parameter {parameter}")


def check_analytic():
    x = 0.1 * np.random.default_rng(7).standard_normal(30000)
    points = batches.analyse(x, 48000, analytic=True,
                             fields=FIELDS)
    truth = oracle.analyse(x, 48000, analytic=True)
    compare(points, truth, 48000, "noise, analytic")


def check_recordings():
    for what, path in RECORDINGS.items():
        x, rate = batches.read_wav(path)
        compare(batches.analyse_wav(path, fields=FIELDS),
                oracle.analyse(x, rate), rate, what)


def check_channels():
    """Each channel on its own, though they come interleaved."""
    both = [batches.read_wav(path)[0][:12000] for path in RECORDINGS.values()][:2]
    points = batches.analyse(np.stack(both, axis=1), 16000, window="nuttall",
                             window_size=1024, fields=FIELDS)
    for c, x in enumerate(both):
        truth = oracle.analyse(x, 16000, "nuttall", 1024)
        compare(points, truth, 16000, f"two channels, {c}", c)


check_noise()
check_parameters()
check_analytic()
check_recordings()
check_channels()
report.finish()
