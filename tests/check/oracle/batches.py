# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads streams of points from their bytes alone, sharing nothing with the
library, and analyses signals with the element.
"""

import os
import struct
import subprocess
import sys
import tempfile
import wave

import numpy as np

MAGIC = b"\x89TFR\r\n\x1a\n"
HEADER = struct.Struct("<8sHHIIIIIIHHqIIIIqQdddd16x")
NAMES = ("magic version header_size size flags rate window_size hop fft_size "
         "channels window first n_frames n_points fields reserved end mask "
         "parameter sum sum_sq sigma").split()
PLANES = ["time", "frequency", "magnitude", "phase", "mixed", "chirp_rate",
          "agreement", "bin"]
TYPES = ["<f8", "<f8", "<f4", "<f4", "<f4", "<f4", "<f4", "<u4"]


def aligned(at):
    return (at + 63) // 64 * 64


def read_batch(data, at):
    """One batch's header, counts [frame, channel] and planes."""
    b = dict(zip(NAMES, HEADER.unpack_from(data, at)))
    assert b["magic"] == MAGIC and b["version"] == 1, b
    assert b["header_size"] % 64 == 0 and b["reserved"] == 0, b
    assert b["size"] % 64 == 0 and at + b["size"] <= len(data), b
    place = at + b["header_size"]
    n = b["n_frames"] * b["channels"]
    counts = np.frombuffer(data, "<u4", n, place)
    b["counts"] = counts.reshape(b["n_frames"], b["channels"])
    assert counts.sum() == b["n_points"], b
    place = at + aligned(place - at + 4 * n)
    for bit in range(32):
        if not b["fields"] >> bit & 1:
            continue
        kind = TYPES[bit] if bit < 8 else "<u4"
        plane = np.frombuffer(data, kind, b["n_points"], place)
        if bit < 8:
            b[PLANES[bit]] = plane
        place = at + aligned(place - at + plane.nbytes)
    assert place - at == b["size"], (place - at, b["size"])
    return b


def read_batches(data):
    batches, at = [], 0
    while at < len(data):
        batches.append(read_batch(data, at))
        at += batches[-1]["size"]
    return batches


def join(batches):
    """All points of a stream: arrays with, for each point, its values, the
    index of its `frame`, its `centre` and its `channel`; and the headers."""
    p = {"batches": batches, "centres": [], "header": batches[0]}
    frame, channel = [], []
    for b in batches:
        n, c = b["counts"].shape
        first = len(p["centres"])
        frames = np.repeat(np.arange(first, first + n), c)
        frame.append(np.repeat(frames, b["counts"].ravel()))
        channel.append(np.repeat(np.tile(np.arange(c), n), b["counts"].ravel()))
        p["centres"] += [b["first"] + i * b["hop"] for i in range(n)]
    for name in PLANES:
        if name in batches[0]:
            p[name] = np.concatenate([b[name] for b in batches])
    p["centres"] = np.array(p["centres"])
    p["frame"], p["channel"] = np.concatenate(frame), np.concatenate(channel)
    p["centre"] = p["centres"][p["frame"]]
    return p


def launch(pipeline):
    """Runs gst-launch on these words; what it wrote to its last element's file."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        run = subprocess.run(
            ["gst-launch-1.0", "-q", *pipeline, "!", "filesink", "location=" + out],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if run.returncode != 0 or run.stdout:
            sys.exit(f"{' '.join(pipeline)}:\n{run.stdout}")
        with open(out, "rb") as file:
            return file.read()


def properties(values):
    return [f"{k.replace('_', '-')}={v}" for k, v in values.items()]


def analyse(x, rate, **values):
    """The element's points for samples in double, [time] or [time, channel]."""
    channels = 1 if np.ndim(x) == 1 else np.shape(x)[1]
    with tempfile.NamedTemporaryFile() as file:
        file.write(np.asarray(x, "<f8").tobytes())
        file.flush()
        return join(read_batches(launch([
            "filesrc", "location=" + file.name, "!", "rawaudioparse",
            "pcm-format=f64le", f"sample-rate={rate}", f"num-channels={channels}",
            "!",
            "tfrreassign", *properties(values)])))


def read_wav(path):
    """Samples of a 16-bit file with one channel, and its rate."""
    with wave.open(path) as file:
        assert file.getsampwidth() == 2 and file.getnchannels() == 1, path
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return samples / 32768, file.getframerate()


def analyse_wav(path, **values):
    """The element's points for the file, straight from it, as anyone would."""
    return join(read_batches(launch([
        "filesrc", "location=" + path, "!", "wavparse", "!", "tfrreassign",
        *properties(values)])))
