#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the README's pictures, from recordings that Debian ships (CC0): in a folder,
# or where the README shows them.
#
# Usage: tests/examples/pictures.sh [FOLDER]

set -eu
up=../..
. "$(dirname "$0")/../setup.sh"

# shellcheck disable=SC2086
need $packages_to_build $packages_to_play sonic-pi-samples supercollider-common
build
use_build

sounds=/usr/share/sonic-pi/samples
pictures=${1:-$root/tests/examples/pictures}

# picture NAME FILE SIZE ANALYSIS LOOK
picture () {
  # shellcheck disable=SC2086
  quietly gst-launch-1.0 -q filesrc location="$2" ! decodebin ! \
    tfrreassign $4 ! tfrrender scroll-mode=page time-span=0 $5 ! \
    video/x-raw,width="${3%x*}",height="${3#*x}" ! \
    pngenc compression-level=9 ! filesink location="$pictures/$1.png"
}

music='window-size=4096 hop-size=256 padding=2'
picture guitar "$sounds/guit_em9.flac" 1280x480 "$music" ''
picture guitar-plain "$sounds/guit_em9.flac" 1280x480 "$music" 'sharpness=0'

# Of "Choosing window, hop and scale", choosing.md.
speech=/usr/share/SuperCollider/sounds/a11wlk01.wav
mel='frequency-scale=mel max-frequency=6000 axes=frequency+time'
picture window-6ms "$speech" 640x280 \
  'window-duration=6000000 hop-duration=750000 padding=4' "$mel"
picture window-30ms "$speech" 640x280 \
  'window-duration=30000000 hop-duration=2000000 padding=2' "$mel"
picture window-120ms "$speech" 640x280 \
  'window-duration=120000000 hop-duration=4000000' "$mel"
picture hop-wide "$speech" 640x280 \
  'window-duration=30000000 hop-duration=30000000 padding=2' "$mel"
picture scale-linear "$speech" 640x280 \
  'window-duration=30000000 hop-duration=2000000 padding=2' \
  'frequency-scale=linear max-frequency=6000 axes=frequency+time'
picture scale-log "$speech" 640x280 \
  'window-duration=30000000 hop-duration=2000000 padding=2' \
  'frequency-scale=log max-frequency=6000 axes=frequency+time'
