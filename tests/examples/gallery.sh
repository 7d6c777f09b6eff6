#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every preset on every kind of sound, as pictures in a folder: real recordings
# that Debian ships, and two synthetic ones.  With --compare also what others make
# of them: sox, ffmpeg, and a plain short-time Fourier transform.
#
# Usage: tests/examples/gallery.sh [--compare] [FOLDER]

set -eu
up=../..
. "$(dirname "$0")/../setup.sh"

compare=no
if [ "${1-}" = --compare ]; then
  compare=yes
  shift
fi
out=${1:-$build/gallery}

# shellcheck disable=SC2086
need $packages_to_build $packages_to_play \
  sox supercollider-common sonic-pi-samples
[ $compare = no ] || need ffmpeg libsox-fmt-all
build
use_build
mkdir -p "$out" "$build/sounds"

# The birds come with a desktop extension; the file alone is enough.
birds=$build/sounds/birds.ogg
if [ ! -f "$birds" ]; then
  unpacked=$(mktemp -d)
  (cd "$unpacked" && quietly apt-get download gnome-shell-pomodoro-data &&
    dpkg -x gnome-shell-pomodoro-data*.deb .)
  cp "$unpacked/usr/share/gnome-pomodoro/sounds/birds.ogg" "$birds"
  rm -rf "$unpacked"
fi

# A tone, a sweep, a beat, clicks and noise; and a bat.
card=$build/sounds/card.wav
bat=$build/sounds/bat.wav
if [ ! -f "$card" ]; then
  tone=$(mktemp -d)
  sox -r 48000 -n "$tone/a.wav" synth 4 sine 440 vol 0.3
  sox -r 48000 -n "$tone/b.wav" synth 4 sine 1000/8000 vol 0.2
  sox -r 48000 -n "$tone/c.wav" synth 4 sine 150 sine 165 remix 1,2 vol 0.2
  sox -r 48000 -n "$tone/d.wav" synth 4 pinknoise vol 0.01
  sox -r 48000 -n "$tone/e.wav" synth 0.0001 square 5000 pad 0 0.4999 repeat 7 vol 0.5
  sox -m "$tone"/?.wav "$card"
  sox -r 256000 -n "$bat" synth 0.008 sine 90000-30000 fade h 0.001 0.008 0.002 \
    pad 0.02 0.072 repeat 9 vol 0.3
  rm -rf "$tone"
fi

samples=/usr/share/sonic-pi/samples
sounds="speech:/usr/share/SuperCollider/sounds/a11wlk01.wav
  guitar:$samples/guit_em9.flac drums:$samples/loop_amen_full.flac
  birds:$birds card:$card bat:$bat"

for pair in $sounds; do
  sound=${pair%%:*}
  file=${pair#*:}
  for preset in default music speech speech-formants birds ultrasound print \
    color-blind; do
    [ $sound = bat ] || [ $preset != ultrasound ] || continue
    at=
    [ $preset = default ] || at=@preset=$preset
    # one page, of the preset's own span, from the start of the file
    # shellcheck disable=SC2086
    quietly gst-launch-1.0 -q filesrc location="$file" ! decodebin ! \
      tfrreassign $at ! tfrrender scroll-mode=page $at ! \
      video/x-raw,width=1280,height=720 ! pngenc snapshot=true ! \
      filesink location="$out/$sound-$preset.png"
  done
  if [ $compare = yes ]; then
    quietly gst-launch-1.0 -q filesrc location="$file" ! decodebin ! \
      tfrreassign ! tfrrender scroll-mode=page sharpness=0 prune=none ! \
      video/x-raw,width=1280,height=720 ! pngenc snapshot=true ! \
      filesink location="$out/$sound-plain.png"
    quietly sox "$file" -n trim 0 8 remix 1 spectrogram -x 1140 -y 513 \
      -o "$out/$sound-sox.png"
    quietly ffmpeg -y -v error -t 8 -i "$file" -lavfi \
      showspectrumpic=s=1140x512 "$out/$sound-ffmpeg.png"
  fi
done
echo "$out"
