#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu

# The chirp is in a bell: its points lie on its line but for the bell's slope.
"$BUILT_EXAMPLES/1-oneshot" | tee /dev/stderr |
  awk '/^strongest/ && $8 * $8 < 1e-4 { n++ } END { exit n != 1 }'
