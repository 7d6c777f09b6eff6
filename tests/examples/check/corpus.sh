#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu

command -v parallel >/dev/null || { echo "no GNU parallel"; exit 77; }
/usr/bin/python3 -c 'from gi.repository import GstTfr' || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
corpus=$EXAMPLES/corpus.sh

fail () {
  echo "$*"
  exit 1
}

# Called without folders it says how it is called, and no more.
"$corpus" 2>said && fail "was content without folders"
head -n 1 said | grep -q '^Usage: ' || fail "no usage, or something before it"

# Recordings in wav and flac, in a folder with a name that shells stumble over,
# and one that cannot be read.
mkdir -p "in/a b's" whole
gst-launch-1.0 -q audiotestsrc wave=white-noise volume=0.1 num-buffers=140 ! \
  audio/x-raw,rate=44100,channels=2 ! tee name=t ! queue ! wavenc ! \
  filesink location=in/noise.wav t. ! queue ! audioconvert ! flacenc ! \
  filesink location="in/a b's/noise.flac"
echo nothing >in/broken.wav

# dump NAME ANALYSIS: of the whole, in one go
dump () {
  # shellcheck disable=SC2086
  gst-launch-1.0 -q filesrc location="in/$1" ! decodebin ! $2 ! \
    filesink location="whole/$(basename "$1").tfr"
}

# Three pieces give the bytes of the whole, whatever the grid.
for analysis in 'tfrreassign magnitude-floor=-50' \
  'tfrreassign window-size=1000 hop-size=77 magnitude-floor=-50' \
  'tfrreassign window-size=8192 hop-size=3000 magnitude-floor=-50'; do
  rm -rf out
  dump noise.wav "$analysis"
  dump "a b's/noise.flac" "$analysis"
  if "$corpus" -j 2 -l 1.5 -a "$analysis" in out 2>said; then
    fail "the broken recording went unnoticed"
  fi
  [ "$(wc -l <out/jobs)" -gt 6 ] || fail "was not split"
  cmp out/noise.wav.tfr whole/noise.wav.tfr || fail "$analysis: wav differs"
  cmp "out/a b's/noise.flac.tfr" whole/noise.flac.tfr ||
    fail "$analysis: flac differs"
  grep -q '^  broken.wav: ..' said || fail "not listed as failed, with a reason"
  [ "$(grep -c '^  ' said)" = 1 ] || fail "others are listed as failed"
done

# It goes on where it stopped: what is there is not done again.
touch -r out/noise.wav.tfr before
rm "out/a b's/noise.flac.tfr"
"$corpus" -j 2 -a "$analysis" in out 2>said && fail "still broken"
[ "$(wc -l <out/jobs)" = 2 ] || fail "did more than was missing"
[ ! out/noise.wav.tfr -nt before ] || fail "did what was done"
cmp "out/a b's/noise.flac.tfr" whole/noise.flac.tfr || fail "flac differs"

# What a shell has that knows nothing of the build tree: another machine's, or
# that of a job in a cluster.
elsewhere () {
  env -i HOME="$HOME" PATH=/usr/bin:/bin "$@"
}

# The same unit of work as an array of jobs, on other machines, and by make.
rm -rf out "in/a b's" in/broken.wav
"$corpus" -n -l 2 -a "$analysis" in out
for task in $(seq "$(wc -l <out/jobs)"); do
  sed -n "${task}p" out/jobs | elsewhere sh
done
"$corpus" -l 2 -a "$analysis" in out || fail "pieces were not joined"
cmp out/noise.wav.tfr whole/noise.wav.tfr || fail "an array's dump differs"

# In place of ssh, since a server of it is not for a test to start: the command
# after the host's name is run by a shell with an environment of its own.
rm -rf out
# shellcheck disable=SC2016
printf '%s\n' '#!/bin/sh' 'while [ "$1" != far ]; do shift; done' 'shift' \
  '[ "$1" != -- ] || shift' \
  'exec env -i HOME="$HOME" PATH=/usr/bin:/bin SHELL=/bin/sh sh -c "$*"' >ssh
chmod +x ssh
PARALLEL_SSH=$PWD/ssh "$corpus" -S 2/far -l 2 -a "$analysis" in out ||
  fail "not on another machine"
cmp out/noise.wav.tfr whole/noise.wav.tfr ||
  fail "another machine's dump differs"

rm -rf out
printf '%s\n' 'all: $(patsubst in/%,out/%.tfr,$(wildcard in/*.wav))' \
  "out/%.tfr: in/%; mkdir -p \$(@D) && \"$EXAMPLES/analyse.py\" \
    --analysis '$analysis' \$< \$@" |
  sed "s|\"$EXAMPLES|/usr/bin/python3 &|" >Makefile
make -s -j2
cmp out/noise.wav.tfr whole/noise.wav.tfr || fail "make's dump differs"

# From a shell that knows nothing of the build tree.
rm -rf out
TFR_BUILD=$(cd "$BUILT_EXAMPLES/../.." && pwd)
elsewhere TFR_BUILD="$TFR_BUILD" "$corpus" in out
