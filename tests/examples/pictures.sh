#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the README's pictures, from recordings that Debian ships (CC0).

set -eu
up=../..
. "$(dirname "$0")/../setup.sh"

# shellcheck disable=SC2086
need $packages_to_build $packages_to_play sonic-pi-samples
build
use_build

sounds=/usr/share/sonic-pi/samples
pictures=$root/tests/examples/pictures

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
