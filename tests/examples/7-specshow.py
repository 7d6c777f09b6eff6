#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
r"""A spectrogram matrix as librosa users know it, made of reassigned points.  You
will see a plot in the manner of librosa.display.specshow: decibels below the
peak, the top 80 of them, mel or linear or log frequency against time.

The points' power is added up in cells of a grid, as librosa's
reassigned_spectrogram leaves to its user; D below is a matrix [rows, frames] that
librosa.display.specshow itself would take.

    gst-launch-1.0 filesrc location=F ! decodebin ! audioresample ! \
      audio/x-raw,rate=22050 ! tfrreassign channel-mode=mix window=hann ! \
      filesink location=x.tfr
    tests/examples/7-specshow.py x.tfr [x.png] [mel|linear|log]"""

import sys

import matplotlib

if len(sys.argv) < 2:
    sys.exit(__doc__)
if len(sys.argv) > 2:
    matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np

import tfr


def edges_of(scale, top, rows):
    if scale == "linear":
        return np.linspace(0, top, rows + 1)
    if scale == "log":
        return np.geomspace(32.7, top, rows + 1)
    mel = np.linspace(0, 2595 * np.log10(1 + top / 700), rows + 1)
    return 700 * (10 ** (mel / 2595) - 1)


def power_matrix(path, scale="mel", rows=256):
    """Power [rows, frames], the edges of its rows in Hz, those of its frames
    in s: a cell holds what was reassigned to it."""
    points = tfr.read(path)
    header = next(tfr.batches(path))["header"]
    hop = header["hop_size"] / header["rate"]
    hz = edges_of(scale, header["rate"] / 2, rows)
    frames = np.unique(points["frame_sample"]) / header["rate"]
    seconds = np.arange(frames[0] - hop / 2, frames[-1] + hop, hop)
    D, _, _ = np.histogram2d(points["frequency"], points["time"],
                             (hz, seconds), weights=points["magnitude"] ** 2)
    return D, hz, seconds


def power_to_db(power, range_db=80):
    db = 10 * np.log10(np.maximum(power, 1e-20))
    return np.maximum(db, db.max() - range_db) - db.max()


path, scale = sys.argv[1], (sys.argv + ["mel"] * 3)[3]
D, hz, seconds = power_matrix(path, scale)
figure, axes = plt.subplots(figsize=(10, 4), layout="constrained")
image = axes.pcolormesh(seconds, hz, power_to_db(D), cmap="magma",
                        rasterized=True)
axes.set(xlabel="Time", ylabel="Hz", ylim=(hz[0], hz[-1]))
if scale == "mel":
    axes.set_yscale("symlog", linthresh=1000)
    axes.set_yticks([0, 512, 1024, 2048, 4096, 8192])
elif scale == "log":
    axes.set_yscale("log", base=2)
axes.yaxis.set_major_formatter("{x:.0f}")
figure.colorbar(image, format="%+2.0f dB")
if len(sys.argv) > 2:
    figure.savefig(sys.argv[2], dpi=100)
    print(f"{D.shape[0]} rows, {D.shape[1]} frames in {sys.argv[2]}")
else:
    plt.show()
