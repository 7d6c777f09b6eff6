#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs what is missing, builds, runs all tests.
#
# Usage: tests/run.sh [--reliability | --full] [options of meson]
#   --reliability  then again under sanitizers, valgrind, linters and fuzzers
#   --full         the same for as long as it takes, an hour or two

set -eu
up=..
. "$(dirname "$0")/setup.sh"

mode=
case ${1-} in
  --reliability) mode=short; shift ;;
  --full) mode=full; shift; export TFR_TEST_FULL=1 ;;
esac

# shellcheck disable=SC2086
need $packages_to_build $packages_to_play \
  gstreamer1.0-plugins-bad gstreamer1.0-libav libgirepository1.0-dev \
  python3-numpy python3-gst-1.0 r-base-core locales \
  python3-matplotlib libgtk-3-dev parallel iproute2 xvfb xauth xdotool sox \
  parole xfconf dbus alsa-utils sound-icons valgrind debhelper git doxygen \
  gi-docgen sonic-pi-samples supercollider-common
build -Dtests=enabled -Dfuzzing=enabled "$@"

meson test -C "$build" --no-rebuild --print-errorlogs \
  ${TFR_TEST_FULL:+--timeout-multiplier 0} >"$build/tests.log" 2>&1 ||
  cat "$build/tests.log"
if [ -n "$mode" ]; then
  . "$root/tests/reliability.sh"
  reliability "$mode"
fi
exec python3 "$root/tests/summary.py" "$build/meson-logs/testlog.json" \
  ${mode:+"$build/reliability.txt"}
