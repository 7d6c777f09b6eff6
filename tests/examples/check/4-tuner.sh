#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu

sounds=$(mktemp -d)
trap 'rm -rf "$sounds"' EXIT

# tuner FREQUENCY NOTE CENTS: what it says last before the tone ends
tuner () {
  gst-launch-1.0 -q audiotestsrc freq="$1" num-buffers=40 ! \
    audio/x-raw,rate=44100,channels=2 ! wavenc ! filesink location="$sounds/x.wav"
  "$BUILT_EXAMPLES/4-tuner" "$sounds/x.wav" >"$sounds/said"
  said=$(awk '$1 < 0.85 { last = $3 " " $4 } END { print last }' "$sounds/said")
  [ "$said" = "$2 $3" ] || { echo "$1 Hz is not:"; cat "$sounds/said"; exit 1; }
}

tuner 440 A4 +0
tuner 41.2034 E1 +0     # the lowest string of a bass
tuner 529.32 C5 +20     # 523.25 Hz and 20 cents

# What cannot be read is an error, and is said.
if "$BUILT_EXAMPLES/4-tuner" "$sounds/none.wav" 2>"$sounds/said"; then
  echo "a missing file went unnoticed"
  exit 1
fi
grep -q . "$sounds/said"
