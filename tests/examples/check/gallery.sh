#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every preset on every kind of sound gives a picture.
set -eu

[ -n "${TFR_TEST_FULL-}" ] || { echo "only with TFR_TEST_FULL=1"; exit 77; }
for package in sox sonic-pi-samples supercollider-common; do
  dpkg-query -W $package >/dev/null 2>&1 || { echo "no $package"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

TFR_BUILD=$(cd "$BUILT_EXAMPLES/../.." && pwd) "$EXAMPLES/gallery.sh" "$work"
# six sounds with the defaults and six presets, and ultrasound for the bat
n=$(find "$work" -name '*.png' -size +8k | wc -l)
echo "$n pictures, should be 43"
[ "$n" = 43 ]
