#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Dumps of points or partials (x.tfr) into numpy arrays, without GStreamer.

    import tfr
    table = tfr.read("x.tfr")            # a dict of columns
    for batch in tfr.batches("x.tfr"):   # or as they lie in the file, no copy
        batch["frequency"]

As a command, `tfr.py x.tfr`, you will see what the file holds; with --csv the
same text that tfrcsvenc writes."""

import os
import struct
import sys

import numpy as np

POINTS = ("time", "frequency", "magnitude", "phase", "mixed", "chirp_rate",
          "agreement", "bin")
PARTIALS = ("time", "frequency", "amplitude", "phase", "bandwidth", "id",
            "flags")
KINDS = {b"\x89TFR\r\n\x1a\n": POINTS, b"\x89TFP\r\n\x1a\n": PARTIALS}
WHOLE_NUMBERS = ("bin", "id", "flags")

HEADER = struct.Struct("<8sHHIIIIIIHHqIII4xqQdddd")
NAMES = ("magic", "version", "header_size", "size", "flags", "rate",
         "window_size", "hop_size", "fft_size", "channels", "window_family",
         "first", "n_frames", "n_points", "fields", "end", "channel_mask",
         "window_parameter", "sum_h", "sum_h2", "sigma")


def aligned(offset):
    return (offset + 63) & ~63


def read_header(data, start):
    if len(data) - start < HEADER.size:
        raise ValueError("the last batch was cut off")
    header = dict(zip(NAMES, HEADER.unpack_from(data, start)))
    if header["magic"] not in KINDS or header["version"] != 1:
        raise ValueError(f"no batch of version 1 at byte {start}")
    if start + header["size"] > len(data):
        raise ValueError("the last batch was cut off")
    return header


def read_batch(data, start):
    """The batch at this byte: its header's fields under "header", "counts"
    [n_frames, channels], and one array [n_points] for each field."""
    header = read_header(data, start)
    at = start + header["header_size"]
    shape = header["n_frames"], header["channels"]
    n = header["n_points"]
    counts = np.frombuffer(data, "<u4", shape[0] * shape[1], at)
    if counts.sum(dtype="u8") != n:
        raise ValueError(f"counts that do not add up at byte {start}")
    batch = {"header": header, "counts": counts.reshape(shape)}
    at += counts.nbytes
    names = KINDS[header["magic"]]
    for bit in range(32):
        if not header["fields"] >> bit & 1:
            continue
        at = start + aligned(at - start)
        name = names[bit] if bit < len(names) else None
        kind = "<f8" if bit < 2 else "<u4" if name in WHOLE_NUMBERS else "<f4"
        plane = np.frombuffer(data, kind, n, at)
        at += plane.nbytes
        if name:
            batch[name] = plane
    if start + aligned(at - start) != start + header["size"]:
        raise ValueError(f"a size that does not follow from the counts at "
                         f"byte {start}")
    return batch


def batches(path):
    """Each batch in turn; the arrays are the mapped file itself."""
    data = np.memmap(path, "u1", "r") if os.path.getsize(path) else b""
    start = 0
    while start < len(data):
        batch = read_batch(data, start)
        start += batch["header"]["size"]
        yield batch


def origins(batch):
    """The channel and the frame's centre, in samples, of each point."""
    header, counts = batch["header"], batch["counts"]
    frames = header["first"] + header["hop_size"] * np.arange(
        header["n_frames"], dtype="i8")
    channels = np.arange(header["channels"], dtype="u4")
    return (np.repeat(np.tile(channels, len(frames)), counts.ravel()),
            np.repeat(np.repeat(frames, len(channels)), counts.ravel()))


def read(path):
    """All points as a dict of columns: channel, frame_sample, and the fields
    that the first batch has."""
    columns = {"channel": [], "frame_sample": []}
    for batch in batches(path):
        channel, sample = origins(batch)
        columns["channel"].append(channel)
        columns["frame_sample"].append(sample)
        for name in batch:
            if name not in ("header", "counts"):
                columns.setdefault(name, []).append(batch[name])
    return {name: np.concatenate(parts) if parts else np.empty(0)
            for name, parts in columns.items()}


def digits(column):
    if column.dtype.kind in "iu":
        return [str(x) for x in column.tolist()]
    form = "%.17g" if column.dtype.itemsize == 8 else "%.9g"
    return ["" if x != x else form % x for x in column.tolist()]


def print_csv(table, out):
    out.write(",".join(table) + "\r\n")
    for row in zip(*map(digits, table.values())):
        out.write(",".join(row) + "\r\n")


def print_summary(path, out):
    n_batches = n_frames = n_points = 0
    for batch in batches(path):
        header = batch["header"]
        n_batches += 1
        n_frames += header["n_frames"]
        n_points += header["n_points"]
        first = header if n_batches == 1 else first
    if n_batches == 0:
        out.write("empty\n")
        return
    out.write(
        f"{n_batches} batches, {n_frames} frames, {n_points} points\n"
        f"{first['rate']} Hz, {first['channels']} channels, window "
        f"{first['window_size']}, hop {first['hop_size']}, transform "
        f"{first['fft_size']}\nfrom {first['first'] / first['rate']:.6f} to "
        f"{header['end'] / header['rate']:.6f} s; fields "
        f"{', '.join(k for k in batch if k not in ('header', 'counts'))}\n")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.stdout.reconfigure(newline="")
    if sys.argv[1:2] == ["--csv"]:
        print_csv(read(sys.argv[2]), sys.stdout)
    else:
        print_summary(sys.argv[1], sys.stdout)
