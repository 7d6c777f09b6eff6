#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Real signals through the element, for every window: how far the points are
from the truth, which is the model's error (the negative image, curvature), and
must be no more than the oracle's by 1.1, or the bar of a complex signal where
that is larger.  Printed in full: what a window cannot reach is seen."""

import os

import numpy as np

import batches
import oracle
import report

RATE = 48000
SEGMENT = 48000  # samples of each signal
SHORT = ["hann", "kaiser-smooth", "nuttall"]  # of 512 samples too
SPACE = 4096  # of silence before and after
T = np.arange(SEGMENT) / RATE


def chirp(f, c, phase=0.4):
    return np.cos(2 * np.pi * (f * T + c * T * T / 2) + phase)


def two_tones(db):
    """A strong tone, and a weak one 4 kHz above it."""
    return 0.5 * chirp(6789.1, 0) + 0.5 * 10 ** (db / 20) * chirp(10789.1, 0, 1)


def am_fm():
    phase = 2 * np.pi * 3000 * T - 30 / 5 * np.cos(2 * np.pi * 5 * T)
    return (1 + 0.5 * np.sin(2 * np.pi * 4 * T)) * np.cos(phase) / 2


def hyperbolic():
    """2.4 k / (1.2 - t) Hz: from 2 to 12 kHz."""
    return 0.5 * np.cos(-2 * np.pi * 2400 * np.log(1 - T / 1.2))


# signal, its frequency at time t, a lower bound of its band in Hz, the bar of
# the complex signal in Hz
SIGNALS = {
    "tone 1003.7 Hz": (0.5 * chirp(1003.7, 0), lambda t: 1003.7 + 0 * t, 0, 1e-8),
    "tone 7456.789 Hz": (0.5 * chirp(7456.789, 0), lambda t: 7456.789 + 0 * t, 0,
                         1e-8),
    "tone 101.3 Hz": (0.5 * chirp(101.3, 0), lambda t: 101.3 + 0 * t, 20, 1e-8),
    "chirp 5 kHz, 9 kHz/s": (0.5 * chirp(5000, 9000), lambda t: 5000 + 9000 * t,
                             0, 1e-7),
    "chirp 3 kHz, 8 kHz/s": (0.5 * chirp(3000, 8000), lambda t: 3000 + 8000 * t,
                             0, 1e-7),
    "two tones, 0 dB": (two_tones(0), lambda t: 10789.1 + 0 * t, 10500, 1e-8),
    "two tones, -40 dB": (two_tones(-40), lambda t: 10789.1 + 0 * t, 10500, 1e-8),
    "two tones, -80 dB": (two_tones(-80), lambda t: 10789.1 + 0 * t, 10500, 1e-8),
    "AM-FM 3 kHz": (am_fm(), lambda t: 3000 + 30 * np.sin(2 * np.pi * 5 * t), 0,
                    1e-7),
    "hyperbolic": (hyperbolic(), lambda t: 2400 / (1.2 - t), 0, 1e-7),
}

# theory, section 6: bars at -6 and -40 dB for the window named there
ROWS = {
    ("tone 1003.7 Hz", "nuttall", 2048): (1e-6, 1e-4),
    ("tone 101.3 Hz", "nuttall", 2048): (0.02, 0.5),
    ("chirp 3 kHz, 8 kHz/s", "nuttall", 2048): (1e-6, 1e-4),
    ("AM-FM 3 kHz", "nuttall", 512): (0.3, 2),
    ("hyperbolic", "nuttall", 512): (0.5, 3),
}


def programme():
    """All signals in a row, and where each starts."""
    silence = np.zeros(SPACE)
    pieces, starts, at = [], {}, 0
    for name, (x, *_) in SIGNALS.items():
        starts[name] = at + SPACE
        pieces += [silence, x, silence]
        at += 2 * SPACE + SEGMENT
    return np.concatenate(pieces), starts


def errors(name, start, points, n):
    """Worst Hz of the points within 6 and within 40 dB of their frame's peak in
    the band, over the frames whose windows lie within the signal."""
    _, truth, low, _ = SIGNALS[name]
    centre = points["centre"] - start
    use = (centre >= n // 2 + 8) & (centre < SEGMENT - n // 2 - 8)
    use &= points["bin"] * RATE / points["fft_size"] >= low
    frames, at = np.unique(points["frame"][use], return_inverse=True)
    peak = np.zeros(len(frames))
    magnitude = points["magnitude"][use]
    np.maximum.at(peak, at, magnitude)
    wrong = np.abs(points["frequency"][use]
                   - truth(points["time"][use] - start / RATE))
    return [np.max(wrong[magnitude > peak[at] * 10 ** (-db / 20)])
            for db in (6, 40)]


def flat(truth, n, fft_size):
    """The oracle's bins as a list of points, those that the element would drop
    left out."""
    k = np.arange(fft_size // 2 + 1)
    with np.errstate(all="ignore"):
        good = (truth["magnitude"] > 1e-6) & (np.abs(truth["offset"]) <= n / 2)
        good &= (truth["frequency"] >= 0) & (truth["frequency"] <= RATE / 2)
        good &= np.abs(truth["frequency"] - k * RATE / fft_size) <= RATE / 8
    frame, bins = np.nonzero(good)
    out = {name: truth[name][good] for name in ("time", "frequency", "magnitude")}
    return {**out, "frame": frame, "bin": bins, "fft_size": fft_size,
            "centre": truth["centres"][frame]}


def check(window, n):
    x, starts = programme()
    own = batches.analyse(x, RATE, window=window, window_size=n)
    own["fft_size"] = own["header"]["fft_size"]
    theirs = flat(oracle.analyse(x, RATE, window, n), n, own["fft_size"])
    for name, start in starts.items():
        got, truth = (errors(name, start, p, n) for p in (own, theirs))
        for i, db in enumerate((6, 40)):
            bar = max(1.1 * truth[i], SIGNALS[name][3])
            report.at_most(got[i], bar, f"{name}, {window} {n}, -{db} dB: Hz")
            if (name, window, n) in ROWS:
                report.at_most(got[i], ROWS[name, window, n][i],
                               "  the same, against the table's bar")


for family in oracle.WINDOWS:
    check(family, 2048)
for family in oracle.WINDOWS if os.environ.get("TFR_TEST_FULL") else SHORT:
    check(family, 512)
report.finish()
