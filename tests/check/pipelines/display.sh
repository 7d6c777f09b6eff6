#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The README's pipeline, as written, on a display: whichever sink autovideosink
# picks, and ximagesink, which takes exactly one format at each depth.

set -u
command -v xvfb-run >/dev/null || exit 77
sound=/usr/share/sounds/alsa/Front_Center.wav
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# play WHAT DEPTH RANK
play () {
  # Two that look for a free number from the same one on may both take it.
  if ! GST_PLUGIN_FEATURE_RANK=$3 timeout 60 xvfb-run -a \
      -n $((100 + $$ % 5000)) -s "-noreset -screen 0 1280x1024x$2" gst-launch-1.0 filesrc location=$sound ! \
      decodebin ! tfrreassign ! tfrrender ! autovideosink >"$log" 2>&1 ||
      ! grep -q 'Got EOS' "$log" || grep -q CRITICAL "$log"; then
    echo "failed: $1"
    cat "$log"
    exit 1
  fi
}

play 'as written' 24 ''
play 'ximagesink at depth 24' 24 ximagesink:MAX
play 'ximagesink at depth 16' 16 ximagesink:MAX
