#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes palettes_data.c beside this file, from the tables that matplotlib
ships (Debian: python3-matplotlib).  Their authors and licences: NOTICE."""

import pathlib

from matplotlib import _cm_listed as listed

MAPS = [
    ("inferno", listed._inferno_data),
    ("magma", listed._magma_data),
    ("plasma", listed._plasma_data),
    ("viridis", listed._viridis_data),
]


def words(data):
    for rgb in data:
        r, g, b = (round(255 * v) for v in rgb)
        yield f"0x{r:02x}{g:02x}{b:02x}"


def table(name, data):
    cells = list(words(data))
    rows = (", ".join(cells[i:i + 7]) for i in range(0, len(cells), 7))
    body = ",\n  ".join(rows)
    return f"const guint32 gst_tfr_palette_{name}[{len(cells)}] = {{\n  {body},\n}};\n"


out = pathlib.Path(__file__).with_name("palettes_data.c")
out.write_text(
    "/* Made by palettes.py; authors and licences: NOTICE. */\n\n"
    '#include "palettes_data.h"\n\n' + "\n".join(table(*m) for m in MAPS))
