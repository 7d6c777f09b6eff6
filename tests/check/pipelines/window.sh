#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A window on an X server of its own, driven with pointer, wheel and keys: what
# they do is read from the messages and properties of the element.

set -eu

for program in Xvfb xdotool gst-launch-1.0; do
  command -v $program >/dev/null || {
    echo "no $program here"
    exit 77
  }
done

scratch=$(mktemp -d)
log=$scratch/log
server= player=
finish () {
  [ -z "$player" ] || kill "$player" 2>/dev/null || :
  [ -z "$server" ] || kill "$server" 2>/dev/null || :
  wait 2>/dev/null || :
  rm -rf "$scratch"
}
trap finish EXIT

# A server starts anew when its last client leaves, and drops who just came.
Xvfb -displayfd 3 -noreset -screen 0 1280x720x24 -nolisten tcp \
  3>"$scratch/display" 2>/dev/null &
server=$!

# wait_for WHAT SECONDS COMMAND...: until the command succeeds
wait_for () {
  what=$1 tries=$((5 * $2))
  shift 2
  until "$@"; do
    tries=$((tries - 1))
    if [ $tries -lt 0 ] || { [ -n "$player" ] && ! kill -0 "$player"; }; then
      echo "waited in vain for $what"
      tail -n 24 "$log"
      exit 1
    fi
    sleep 0.2
  done
}

wait_for 'the X server' 30 test -s "$scratch/display"
DISPLAY=:$(cat "$scratch/display")
export DISPLAY

# Two tones; sound that goes on for as long as it must.
stdbuf -oL gst-launch-1.0 -m -v \
  audiotestsrc is-live=true freq=440 volume=0.3 ! tfrreassign ! \
  tfrrender name=r ! video/x-raw,width=1280,height=720 ! \
  ximagesink sync=false >"$log" 2>&1 &
player=$!
# of any name: the root window has none
wait_for 'a window' 60 xdotool search --onlyvisible --name .

# property NAME: its last value
property () {
  sed -n "s/^.*GstTfrRender:r: $1 = //p" "$log" | tail -1
}
# holds NAME TEST: an awk expression in v, its last value
holds () {
  awk -v "v=$(property "$1")" "BEGIN { exit !(v != \"\" && ($2)) }"
}
# Points read since the log had so many lines.
readings () {
  tail -n "+$1" "$log" | sed -n 's/^.*tfr-cursor, //p'
}
reads_a4 () {
  readings "$1" | grep -q 'frequency=(double)\(440\.00[0-9]*\|439\.99[5-9][0-9]*\|440\),' &&
    readings "$1" | grep -q 'note=(string)"A4..*0\.0' &&
    readings "$1" | awk -F 'level=\\(double\\)' '
      { split ($2, a, ","); if (a[1] > -10.66 && a[1] < -10.26) n++ }
      END { exit !n }'
}
lines () {
  wc -l <"$log"
}

# Pixels that 440 Hz has in a picture from 30 to 16000 Hz: near the readout's reach.
y=397
from=$(lines)
wiggle () {
  for x in 900 910 920; do
    xdotool mousemove $x $y
    sleep 0.2
  done
  reads_a4 "$from"
}
wait_for '440.00 Hz, A4, at the pointer' 60 wiggle

# The wheel zooms about the pointer: the tone stays under it.
xdotool click 4
wait_for 'a zoom' 20 holds min-frequency 'v > 31'
wait_for 'a zoom' 20 holds max-frequency 'v > 1000 && v < 15500'
sleep 0.5
from=$(lines)
wait_for 'the tone after the zoom' 20 wiggle

# With shift it zooms in time.
xdotool keydown shift click 4 keyup shift
wait_for 'a shorter span' 20 holds time-span 'v > 6e9 && v < 7e9'
xdotool keydown shift click 5 click 5 keyup shift
wait_for 'a longer span' 20 holds time-span 'v > 9e9 && v < 11e9'

# A drag pans in frequency, and back in time, which freezes.
before=$(property min-frequency)
xdotool mousemove 600 300 mousedown 1
sleep 0.3
xdotool mousemove 640 330
sleep 0.3
xdotool mousemove 700 380
sleep 0.3
xdotool mouseup 1
wait_for 'a pan' 20 holds min-frequency "v > 1.02 * $before"
wait_for 'a freeze' 20 holds freeze 'v == "true"'

# A double click goes back to what was set.
sleep 0.6
xdotool click --repeat 2 --delay 60 1
wait_for 'the range that was set' 20 holds min-frequency 'v == 30'
wait_for 'the span that was set' 20 holds time-span 'v == 8e9'
wait_for 'the thaw' 20 holds freeze 'v == "false"'

# Keys.
xdotool key space
wait_for 'a freeze' 20 holds freeze 'v == "true"'
xdotool key f
wait_for 'a thaw' 20 holds freeze 'v == "false"'
xdotool key m
wait_for 'another map' 20 holds color-map 'v == "magma"'
xdotool key s
wait_for 'a plain picture' 20 holds sharpness 'v == 0'
xdotool key s
wait_for 'a sharp picture' 20 holds sharpness 'v == 1'

if grep -E 'CRITICAL|WARNING|ERROR' "$log"; then
  exit 1
fi
