#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A file of points draws the frames that the stream drew, whatever the look asks
# points to carry.

set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

sound='audiotestsrc wave=ticks num-buffers=60 ! audio/x-raw,rate=44100,channels=2'
video='video/x-raw,format=BGRx,width=160,height=90,framerate=25/1'

# compare ANALYSIS LOOK
compare () {
  # shellcheck disable=SC2086
  gst-launch-1.0 -q $sound ! tfrreassign $1 ! tfrrender $2 ! $video ! \
    filesink location="$scratch/stream"
  # shellcheck disable=SC2086
  gst-launch-1.0 -q $sound ! tfrreassign $1 ! filesink location="$scratch/x.tfr"
  # shellcheck disable=SC2086
  gst-launch-1.0 -q filesrc location="$scratch/x.tfr" ! tfrparse ! \
    tfrrender $2 ! $video ! filesink location="$scratch/dump"
  size=$(wc -c <"$scratch/stream")
  if [ "$size" -lt $((30 * 160 * 90 * 4)) ] ||
    ! cmp "$scratch/stream" "$scratch/dump"; then
    echo "'$1' drawn with '$2': $size bytes, and the dump differs or is short"
    exit 1
  fi
}

compare '' ''
compare '' 'sharpness=0.3 frequency-scale=mel'
compare 'fields=mixed+bin+chirp-rate' 'follow-chirps=true'
compare 'fields=mixed+bin+phase' 'color-by=phase'
compare '' 'color-by=kind channel-mode=separate'
