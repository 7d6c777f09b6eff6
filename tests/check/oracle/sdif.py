# SPDX-License-Identifier: GPL-2.0-or-later

"""SDIF files of tfrsdifenc by an independent walk over the format.

Batches of partials are laid out here by hand, go through the elements, and what
comes out is walked byte by byte: every size, type, time and row has to be what
the format and the rows that went in say."""

import math
import os
import struct
import subprocess
import tempfile

RATE, HOP, WINDOW, FFT, CHANNELS = 44100, 441, 2048, 4096, 2
FRAMES, BATCH = 30, 2
NAMES = {"1TRC": 4, "RBEP": 6}


def row(k, channel, partial):
    """time, frequency, amplitude, phase, bandwidth, id, flags"""
    first, last = partial, FRAMES - 2 - partial
    if k < first or k > last + 1:
        return None
    t = k * HOP / RATE + (0.002 if k == first else 0)
    ident = channel * 100 + partial + 1
    if k == last + 1:
        return (t - 0.001, 100.0 * ident, 0.0, 0.5, 0.0, ident, 2)
    return (t, 100.0 * ident + k, 0.25 + k / 128, math.remainder(k * 1.7, 2 * math.pi),
            (k % 4) / 4, ident, 1 if k == first else 0)


def frame(k, channel):
    return [r for r in (row(k, channel, p) for p in range(4)) if r]


def aligned(data):
    return data + bytes(-len(data) % 64)


def batch(first):
    """Bytes of a batch of frames, as the format's description has them."""
    frames = [frame(k, c) for k in range(first, first + BATCH)
              for c in range(CHANNELS)]
    rows = [r for f in frames for r in f]
    body = aligned(struct.pack("<%dI" % len(frames), *map(len, frames)))
    for plane, code in enumerate("ddfffII"):
        body += aligned(struct.pack("<%d%s" % (len(rows), code),
                                    *(r[plane] for r in rows)))
    head = b"\x89TFP\r\n\x1a\n" + struct.pack(
        "<HHIIIIIIHHqIIIIqQdddd", 1, 128, 128 + len(body), 0, RATE, WINDOW, HOP,
        FFT, CHANNELS, 1, first * HOP, BATCH, len(rows), 0x7f, 0,
        (first + BATCH) * HOP, 3, 9, 840, 606, 334)
    return head + bytes(128 - len(head)) + body


def run(folder, pipeline):
    command = ["gst-launch-1.0", "-q"] + pipeline.format(folder).split()
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr


def encode(folder, kind):
    path = os.path.join(folder, "in.tfr")
    with open(path, "wb") as f:
        f.write(b"".join(batch(k) for k in range(0, FRAMES, BATCH)))
    run(folder, "filesrc location={0}/in.tfr blocksize=1000 ! tfrparse ! "
        "tfrsdifenc type=" + kind.lower() + " ! filesink location={0}/out.sdif")
    with open(os.path.join(folder, "out.sdif"), "rb") as f:
        return f.read()


def walk(data):
    """(type, time, stream, [(type, data type, rows, columns, values)])"""
    assert data[:16] == b"SDIF" + struct.pack(">iii", 8, 3, 1), data[:16]
    at = 16
    while at < len(data):
        assert at % 8 == 0, "a frame at %d" % at
        kind, size, time, stream, n = struct.unpack(">4sidii", data[at:at + 24])
        end = at + 8 + size
        assert end <= len(data), "a frame that is too long at %d" % at
        at += 24
        matrices = []
        for _ in range(n):
            name, code, rows, columns = struct.unpack(">4siii", data[at:at + 16])
            at += 16
            used = rows * columns * (code & 0xff)
            values = data[at:at + used]
            padding = data[at + used:at + used + -used % 8]
            assert padding == bytes(len(padding)), "padding at %d" % at
            at += used + len(padding)
            matrices.append((name.decode(), code, rows, columns, values))
        assert at == end, "size %d of the frame that ends at %d" % (size, at)
        yield kind.decode(), time, stream, matrices
    assert at == len(data)


def check_table(first):
    kind, time, stream, matrices = first
    name, code, rows, columns, text = matrices[0]
    pairs = dict(line.split("\t") for line in text.decode().splitlines())
    assert (kind, name, code, columns) == ("1NVT", "1NVT", 0x301, 1), first
    assert time < -1e300 and len(matrices) == 1, first
    assert pairs == {"SampleRate": "44100", "HopSize": "441",
                     "WindowSize": "2048", "FftSize": "4096", "Channels": "2",
                     "ChannelMask": "3"}, pairs


def near(value, reference, tolerance, what):
    assert abs(value - reference) <= tolerance, "%s: %.17g, should be %.17g " \
        "within %g" % (what, value, reference, tolerance)


def check_row(kind, got, time, want):
    later = want[0] - time
    phase = want[3]
    if kind == "1TRC":
        phase -= 2 * math.pi * want[1] * later
    assert got[0] == want[5] - 1, (got, want)
    near(got[1], want[1], 0, "frequency")
    near(got[2], want[2], 1e-7, "amplitude")
    assert 0 <= got[3] < 2 * math.pi, got
    near(math.remainder(got[3] - phase, 2 * math.pi), 0, 1e-6, "phase")
    if kind == "RBEP":
        near(got[4], want[4], 0, "bandwidth")
        near(got[5], later, 1e-15, "time after the frame's")


def check_file(data, kind):
    frames = list(walk(data))
    check_table(frames[0])
    assert len(frames) == 1 + FRAMES * CHANNELS, len(frames)
    for i, (name, time, stream, matrices) in enumerate(frames[1:]):
        k, channel = divmod(i, CHANNELS)
        want = frame(k, channel)
        assert (name, stream, len(matrices)) == (kind, channel + 1, 1)
        near(time, k * HOP / RATE, 0, "time of frame %d" % k)
        name, code, rows, columns, values = matrices[0]
        assert (name, code, rows, columns) == (kind, 8, len(want), NAMES[kind])
        got = struct.unpack(">%dd" % (rows * columns), values)
        for r in range(rows):
            check_row(kind, got[r * columns:(r + 1) * columns], time, want[r])
    return sum(len(m[0][4]) for _, _, _, m in frames[1:])


def check_return(folder):
    """RBEP read again and written again is the same file."""
    run(folder, "filesrc location={0}/out.sdif blocksize=777 ! tfrsdifdec ! "
        "tfrsdifenc ! filesink location={0}/again.sdif")
    with open(os.path.join(folder, "out.sdif"), "rb") as f:
        once = f.read()
    with open(os.path.join(folder, "again.sdif"), "rb") as f:
        again = f.read()
    first, second = list(walk(once)), list(walk(again))
    assert len(first) == len(second), (len(first), len(second))
    for one, other in zip(first, second):
        assert one[:3] == other[:3], (one[:3], other[:3])
        for m, n in zip(one[3], other[3]):
            assert m[:4] == n[:4], (one, m[:4], n[:4])
            if m[1] == 8:
                a, b = (struct.unpack(">%dd" % (len(v) // 8), v)
                        for v in (m[4], n[4]))
                rows = [sorted(v[i:i + 6] for i in range(0, len(v), 6))
                        for v in (a, b)]
                for x, y in zip(*rows):
                    for column in range(6):
                        near(y[column], x[column], 1e-6, "column %d" % column)


def main():
    with tempfile.TemporaryDirectory() as folder:
        assert check_file(encode(folder, "1TRC"), "1TRC") > 1000
        assert check_file(encode(folder, "RBEP"), "RBEP") > 1000
        check_return(folder)
    print("100%: Checks: 3, Failures: 0, Errors: 0")


main()
