#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu

gst-launch-1.0 -q audiotestsrc num-buffers=50 ! \
  audio/x-raw,format=F32LE,rate=48000,channels=1 ! fdsink |
  "$BUILT_EXAMPLES/2-stream" |
  awk '$3 < 439.9 || $3 > 440.1 { n++; print } END { exit NR < 40 || n > 8 }'
