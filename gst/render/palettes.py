#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes palettes_data.c beside this file.

The tables come from matplotlib (Debian: python3-matplotlib), roseus from the
spectrogram plugin of wavesurfer.js (`npm pack wavesurfer.js`, named as the
argument).  Their authors and licences: NOTICE.
"""

import pathlib
import re
import sys
import tarfile

from matplotlib import _cm_listed as listed


def roseus(package):
    with tarfile.open(package) as tar:
        script = tar.extractfile("package/dist/plugins/spectrogram.js").read()
    value = rb"\s*([\d.e-]+)\s*,"
    rows = re.findall(rb"\[" + 3 * value + rb"\s*1\s*\]", script)
    return [[float(v) for v in row] for row in rows[:256]]


def resampled(data, n=256):
    places = [i * (len(data) - 1) / (n - 1) for i in range(n)]
    pairs = [(data[int(p)], data[min(int(p) + 1, len(data) - 1)], p % 1)
             for p in places]
    return [[a + t * (b - a) for a, b in zip(*ab)] for *ab, t in pairs]


MAPS = [
    ("inferno", listed._inferno_data),
    ("magma", listed._magma_data),
    ("plasma", listed._plasma_data),
    ("viridis", listed._viridis_data),
    ("cividis", listed._cividis_data),
    ("roseus", roseus(sys.argv[1])),
    ("turbo", listed._turbo_data),
    ("twilight", resampled(listed._twilight_data)),
]


def words(data):
    for rgb in data:
        r, g, b = (round(255 * v) for v in rgb)
        yield f"0x{r:02x}{g:02x}{b:02x}"


def table(name, data):
    cells = list(words(data))
    rows = (", ".join(cells[i:i + 7]) for i in range(0, len(cells), 7))
    body = ",\n  ".join(rows)
    return (f"const guint32 gst_tfr_palette_{name}[GST_TFR_PALETTE_SIZE] = {{\n"
            f"  {body},\n}};\n")


out = pathlib.Path(__file__).with_name("palettes_data.c")
out.write_text(
    "/* Made by palettes.py; authors and licences: NOTICE. */\n"
    "/* clang-format off */\n\n"
    '#include "palettes_data.h"\n\n' + "\n".join(table(*m) for m in MAPS))
assert all(len(data) == 256 for _, data in MAPS)
