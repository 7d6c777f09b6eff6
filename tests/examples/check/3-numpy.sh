#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu

/usr/bin/python3 -c 'import numpy; from gi.repository import GstTfr' ||
  exit 77
/usr/bin/python3 "$EXAMPLES/3-numpy.py" | tee /dev/stderr |
  awk '$3 < 439.9 || $3 > 440.1 { n++ } END { exit NR < 40 || n > 8 }'
