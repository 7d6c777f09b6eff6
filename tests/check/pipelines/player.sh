#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A player that is told by its settings to show tfrscope while it plays a file
# draws that: a tone is a long bright line in its window.

set -eu

for program in parole xfconf-query dbus-run-session xvfb-run; do
  command -v $program >/dev/null || {
    echo "no $program here"
    exit 77
  }
done
if [ -z "${INSIDE-}" ]; then
  # Two that look for a free number from the same one on may both take it.
  INSIDE=yes exec xvfb-run -a -n $((100 + $$ % 5000)) \
    -s '-noreset -screen 0 1024x768x24' dbus-run-session -- "$0"
fi

work=$(mktemp -d)
player=
trap '[ -z "$player" ] || kill $player || :; wait; rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work" XDG_CACHE_HOME="$work" \
  XDG_RUNTIME_DIR="$work" NO_AT_BRIDGE=1 GST_PLUGIN_FEATURE_RANK=fakeaudiosink:MAX

gst-launch-1.0 -q audiotestsrc freq=1000 num-buffers=2000 ! wavenc ! \
  filesink location="$work/tone.wav"
xfconf-query -c parole -n -p /audio/visualization-enabled -t bool -s true
xfconf-query -c parole -n -p /audio/visualization-name -t string -s tfrscope

# The longest row of pixels as bright as the tone, of 1024; the player's own
# controls are no brighter, but above and below the picture.
brightest_row () {
  gst-launch-1.0 -q ximagesrc num-buffers=1 use-damage=false ! videoconvert ! \
    video/x-raw,format=RGB ! filesink location="$work/screen"
  # The tone is a yellow of the colour map, which greys are not.
  od -An -v -w3072 -tu1 "$work/screen" | awk '{
      n = 0
      for (i = 1; i < 3072; i += 3)
        n += $i > 200 && $(i + 1) > 120 && $(i + 2) < $i - 60
      if (n > most) most = n
    } END { print most + 0 }'
}

parole --new-instance "$work/tone.wav" >"$work/said" 2>&1 &
player=$!
for _ in $(seq 30); do
  sleep 1
  row=$(brightest_row)
  [ "$row" -lt 100 ] || exit 0
done
echo "no line in its window: $row pixels"
cat "$work/said"
exit 1
