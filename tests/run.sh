#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs what is missing, builds, runs all tests.
#
# Usage: tests/run.sh [--reliability | --full] [options of meson]
#   --reliability  then again under sanitizers, linters and fuzzers: half an hour
#   --full         the same for as long as it takes, some hours

set -eu
began=$(date +%s)
up=..
. "$(dirname "$0")/setup.sh"

mode=
patience=3 # a hang is ended, a slow machine is not
case ${1-} in
  --reliability) mode=short; shift ;;
  --full) mode=full; shift; export TFR_TEST_FULL=1 patience=30 ;;
esac

# shellcheck disable=SC2086
need $packages_to_build $packages_to_play \
  gstreamer1.0-plugins-bad gstreamer1.0-libav libgirepository1.0-dev \
  python3-numpy python3-gst-1.0 r-base-core locales \
  python3-matplotlib libgtk-3-dev parallel iproute2 xvfb xauth xdotool sox \
  parole xfconf dbus alsa-utils sound-icons valgrind debhelper git doxygen \
  gi-docgen sonic-pi-samples supercollider-common
build -Dtests=enabled -Dfuzzing=enabled "$@"
rm -f "$build/meson-logs/testlog.json" # of an earlier run

CK_TIMEOUT_MULTIPLIER=$patience \
  meson test -C "$build" --no-rebuild --print-errorlogs \
  --timeout-multiplier "$patience" >"$build/tests.log" 2>&1 ||
  cat "$build/tests.log"
if [ -n "$mode" ]; then
  TFR_BUILD=$build sh "$root/tests/reliability.sh" "$mode" "$began" ||
    echo 'failed reliability.sh: see above' >>"$build/reliability.txt"
fi
exec python3 "$root/tests/summary.py" "$build/meson-logs/testlog.json" \
  ${mode:+"$build/reliability.txt"}
