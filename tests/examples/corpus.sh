#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The points of every recording in a folder, by GNU parallel.  You will see a bar
# of progress, and at the end the recordings that failed and why.  Run it again
# and it goes on with what is missing, has failed or has changed.
#
# Usage: tests/examples/corpus.sh [OPTION]... FOLDER OUT
#
#   -a ANALYSIS   the element and its properties [tfrreassign]
#   -l SECONDS    split longer recordings into pieces (wav, flac) that are joined
#                 again: the same bytes, on several processors
#   -j JOBS       at once, on each machine [one for each processor]
#   -S HOSTS      machines, as GNU parallel names them: 8/host1,host2,: (this one
#                 is ":").  They need this program and the same folders
#   -n            only write the jobs, one a line, to OUT/jobs
#
# OUT gets FOLDER's files with .tfr added.  A line of OUT/jobs is a command, and
# the unit of work elsewhere too.  As a Slurm array, after -n:
#
#     sbatch --array=1-$(wc -l <OUT/jobs) --wrap \
#       'sed -n "${SLURM_ARRAY_TASK_ID}p" OUT/jobs | sh'
#
# (when that has ended, the command without -n does what failed, joins the pieces
# and lists the failures), and by make -j, where the program is installed or in a
# shell of `meson devenv -C build -w .`:
#
#     all: $(patsubst FOLDER/%,OUT/%.tfr,$(wildcard FOLDER/*.wav))
#     OUT/%.tfr: FOLDER/%; mkdir -p $(@D) && tests/examples/analyse.py $< $@

set -eu
up=../..
. "$(dirname "$0")/../setup.sh"

usage () {
  sed -n '/^# Usage/,/^# OUT/ { /^# OUT/!s/^# \{0,1\}//p }' "$0" >&2
  exit 2
}

analysis=tfrreassign longest= jobs= hosts= only_list=
while getopts a:l:j:S:n option; do
  case $option in
    a) analysis=$OPTARG ;;
    l) longest=$OPTARG ;;
    j) jobs="--jobs $OPTARG" ;;
    S) hosts="--sshlogin $OPTARG" ;;
    n) only_list=yes ;;
    *) usage ;;
  esac
done
shift $((OPTIND - 1))
[ $# = 2 ] && [ -d "$1" ] || usage
mkdir -p "$2"
folder=$(cd "$1" && pwd) out=$(cd "$2" && pwd)

quote () {
  printf "'"
  printf %s "$1" | sed "s/'/'\\\\''/g"
  printf "'"
}

# Both the elements and what Python needs of them are found.
is_usable () {
  gst-inspect-1.0 --exists tfrreassign &&
    /usr/bin/python3 -c 'from gi.repository import GstTfr'
} 2>/dev/null

# Jobs take along what finds the program here, since they may run in a shell that
# knows nothing of it: of another machine, or of a cluster.
analyse_here () {
  printf env
  for name in GST_PLUGIN_PATH GST_PLUGIN_PATH_1_0 GST_PRESET_PATH \
    GST_REGISTRY_1_0 GI_TYPELIB_PATH LD_LIBRARY_PATH; do
    eval "value=\${$name-}"
    # shellcheck disable=SC2154
    [ -z "$value" ] || printf ' %s=%s' "$name" "$(quote "$value")"
  done
  printf ' /usr/bin/python3 %s' "$(quote "$root/tests/examples/analyse.py")"
}

need parallel python3-gst-1.0
if ! is_usable; then
  # shellcheck disable=SC2086
  need $packages_to_build $packages_to_play libgirepository1.0-dev
  # A tree made before that was there is told; any other is left as it is set.
  if [ -f "$build/gst/points/GstTfr-1.0.typelib" ]; then
    build
  else
    build -Dintrospection=enabled
  fi
  use_build
fi
analyse=$(analyse_here)

# How many pieces a recording is to be cut into.
count_pieces () {
  [ -n "$longest" ] || { echo 1; return; }
  seconds=$(eval "$analyse --analysis $(quote "$analysis") --duration \
    $(quote "$1")" 2>/dev/null) || seconds=0
  awk -v s="$seconds" -v l="$longest" \
    'BEGIN { n = int (s / l); print n * l < s ? n + 1 : (n ? n : 1) }'
}

# add_job RECORDING DUMP PIECE: DUMP.failed says why, where it failed
add_job () {
  printf '%s --analysis %s --piece %s %s %s 2>%s && rm %s\n' "$analyse" \
    "$(quote "$analysis")" "$3" "$(quote "$1")" "$(quote "$2")" \
    "$(quote "$2.failed")" "$(quote "$2.failed")" >>"$out/jobs"
}

is_done () {
  [ -f "$2" ] && [ ! "$1" -nt "$2" ]
}

list_recordings () {
  (cd "$folder" && find . -type f \( -iname '*.wav' -o -iname '*.flac' -o \
    -iname '*.mp3' -o -iname '*.ogg' -o -iname '*.oga' -o -iname '*.opus' -o \
    -iname '*.m4a' -o -iname '*.aif' -o -iname '*.aiff' \) | sed 's|^\./||' |
    LC_ALL=C sort)
}

list_jobs () {
  : >"$out/jobs"
  list_recordings | while IFS= read -r name; do
    recording=$folder/$name dump=$out/$name.tfr
    ! is_done "$recording" "$dump" || continue
    mkdir -p "$(dirname "$dump")"
    n=$(count_pieces "$recording")
    if [ "$n" = 1 ]; then
      add_job "$recording" "$dump" 1/1
      continue
    fi
    for i in $(seq "$n"); do
      is_done "$recording" "$dump.$i-of-$n" ||
        add_job "$recording" "$dump.$i-of-$n" "$i/$n"
    done
  done
}

# Puts the pieces of each recording together where all are there.
join_pieces () {
  find "$out" -name '*.tfr.1-of-*' | while IFS= read -r first; do
    dump=${first%.1-of-*} n=${first##*-of-}
    whole=yes
    for i in $(seq "$n"); do
      [ -f "$dump.$i-of-$n" ] || whole=no
    done
    [ $whole = yes ] || continue
    for i in $(seq "$n"); do
      cat "$dump.$i-of-$n"
    done >"$dump.part"
    mv "$dump.part" "$dump"
    for i in $(seq "$n"); do
      rm "$dump.$i-of-$n"
    done
  done
}

list_jobs
[ -z "$only_list" ] || exit 0
if [ -s "$out/jobs" ]; then
  bar=
  [ ! -t 2 ] || bar=--bar
  # shellcheck disable=SC2086
  parallel --will-cite $bar $jobs $hosts <"$out/jobs" || true
fi
join_pieces

failed=0
list_recordings >"$out/recordings"
while IFS= read -r name; do
  is_done "$folder/$name" "$out/$name.tfr" && continue
  [ $failed -gt 0 ] || echo "Failed:" >&2
  failed=$((failed + 1))
  echo "  $name: $(cat "$out/$name.tfr"*.failed 2>/dev/null | tail -n 1)" >&2
done <"$out/recordings"
[ $failed = 0 ]
