#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The README's first command, of a file and without a display: a video with sound
# and a picture, which are not made again while they are as new as the file.
set -eu

work=$(mktemp -d)
unset DISPLAY WAYLAND_DISPLAY

fail () {
  echo "$*"
  exit 1
}

# The tree of the tests, and pictures of its own in it, where none are yet.
build=$(cd "$BUILT_EXAMPLES/../.." && pwd)
sound=$work/tone-$$.wav
made=$build/spectrogram/tone-$$
trap 'rm -rf "$work" "$made".*' EXIT
gst-launch-1.0 -q audiotestsrc freq=1000 num-buffers=20 ! wavenc ! \
  filesink location="$sound"

show () {
  TFR_BUILD=$build "$EXAMPLES/spectrogram.sh" "$sound" >"$work/said"
}
show
for file in "$made.webm" "$made.png"; do
  grep -qxF "  $file" "$work/said" || fail "does not say where $file is"
  [ -s "$file" ] || fail "$file is not there"
done

# What they hold: video of that length with sound, and the tone in the picture.
gst-launch-1.0 -q filesrc location="$made.webm" ! matroskademux name=d \
  d.video_0 ! queue ! vp8dec ! videoconvert ! \
  video/x-raw,format=GRAY8,width=1280,height=720 ! \
  filesink location="$work/video" d.audio_0 ! queue ! opusdec ! fakesink
frames=$(($(wc -c <"$work/video") / (1280 * 720)))
# 20 buffers of 1024 samples at 44.1 kHz and 30 frames a second
[ "$frames" = 14 ] || fail "$frames frames, not 14"
gst-launch-1.0 -q filesrc location="$made.png" ! pngdec ! videoconvert ! \
  video/x-raw,format=GRAY8 ! filesink location="$work/picture"
od -An -v -w1280 -tu1 "$work/picture" | awk '
  { n = 0; for (i = 1; i <= 1280; i++) n += $i > 150; if (n > most) most = n }
  END { exit most < 600 }' || fail "the picture has no line"

touch -r "$made.webm" "$work/before"
show
grep -q 'as before' "$work/said" || fail "does not say that it is as before"
[ ! "$made.webm" -nt "$work/before" ] || fail "made them again"
touch "$sound"
show
[ "$made.webm" -nt "$work/before" ] || fail "did not see that the file is new"

! TFR_BUILD=$build "$EXAMPLES/spectrogram.sh" "$work/none" 2>"$work/said" ||
  fail "was content without the file"
grep -q "Cannot read" "$work/said"
