#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu

[ -x "$BUILT_EXAMPLES/5-window" ] || { echo "built without GTK"; exit 77; }
command -v xvfb-run >/dev/null || { echo "no xvfb-run"; exit 77; }
if [ -z "${INSIDE-}" ]; then
  # Two that look for a free number from the same one on may both take it.
  INSIDE=yes exec xvfb-run -a -n $((100 + $$ % 5000)) -s "-noreset -screen 0 1024x768x24" "$0"
fi

work=$(mktemp -d)
window=
trap '[ -z "$window" ] || kill $window; rm -rf "$work"' EXIT
export GST_PLUGIN_FEATURE_RANK=ximagesink:MAX,fakeaudiosink:MAX,audiotestsrc:MAX

gst-launch-1.0 -q audiotestsrc wave=sine freq=1000 num-buffers=900 ! \
  wavenc ! filesink location="$work/x.wav"

# shows NAME [FILE]: within 15 s the tone is a long bright line in the window.
shows () {
  name=$1
  shift
  "$BUILT_EXAMPLES/5-window" "$@" 2>"$work/said" &
  window=$!
  for _ in $(seq 15); do
    sleep 1
    gst-launch-1.0 -q ximagesrc num-buffers=1 use-damage=false ! videoconvert ! \
      video/x-raw,format=GRAY8 ! filesink location="$work/screen.raw"
    bright=$(od -An -v -w1024 -tu1 "$work/screen.raw" | awk 'NR > 60 {
        n = 0
        for (i = 1; i <= NF; i++) if ($i > 200 && $i < 250) n++
        if (n > most) most = n
      } END { print most + 0 }')
    [ "$bright" -lt 60 ] || break
  done
  kill $window
  wait $window || true
  window=
  [ "$bright" -ge 60 ] || { echo "$name: no line of the tone, $bright pixels"
    cat "$work/said"; exit 1; }
  [ ! -s "$work/said" ] || { echo "$name says:"; cat "$work/said"; exit 1; }
}

shows "the file" "$work/x.wav"
shows "the microphone"
