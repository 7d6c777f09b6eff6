#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The reassigned spectrogram of FILE, or of a recording of speech where none is
# named: in a window where there is a display, else as a video and a picture.
#
# Usage: tests/examples/spectrogram.sh [FILE]

set -eu
up=../..
. "$(dirname "$0")/../setup.sh"

# shellcheck disable=SC2086
need $packages_to_build $packages_to_play
if [ $# = 0 ]; then
  need supercollider-common
  set -- /usr/share/SuperCollider/sounds/a11wlk01.wav
fi
[ -r "$1" ] || { echo "Cannot read $1" >&2; exit 1; }
build
use_build

if [ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ]; then
  exec gst-launch-1.0 -q filesrc location="$1" ! decodebin ! tfrreassign ! \
    tfrrender ! autovideosink
fi

name=$build/spectrogram/$(basename "${1%.*}")
mkdir -p "$build/spectrogram"
# As it was, where neither the recording nor the program is newer.
if [ "$name.png" -nt "$1" ] && [ "$name.png" -nt "$build/gst/libgsttfr.so" ]; then
  echo "There is no display.  Instead, as before:"
  echo "  $name.webm"
  echo "  $name.png"
  exit
fi
quietly gst-launch-1.0 -q filesrc location="$1" ! decodebin ! tee name=sound \
  sound. ! queue max-size-time=0 max-size-bytes=0 max-size-buffers=0 ! \
    audioconvert ! audioresample ! opusenc ! mux. \
  sound. ! queue max-size-time=0 max-size-bytes=0 max-size-buffers=0 ! \
    tfrreassign ! tfrrender ! videoconvert ! \
    vp8enc deadline=1 cpu-used=8 threads=4 target-bitrate=4000000 ! mux. \
  webmmux name=mux ! filesink location="$name.webm"
quietly gst-launch-1.0 -q filesrc location="$1" ! decodebin ! tfrreassign ! \
  tfrrender scroll-mode=page time-span=0 ! pngenc ! \
  filesink location="$name.png"
echo "There is no display.  Instead:"
echo "  $name.webm"
echo "  $name.png"
