#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# reassign.h and GstTfr become HTML, without a warning from gi-docgen.
set -eu

for tool in doxygen gi-docgen; do
  command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  meson setup "$work" "$EXAMPLES/../.." -Ddoc=enabled -Dintrospection=enabled \
    -Dtests=disabled -Dexamples=disabled -Dbenchmarks=disabled
  ninja -C "$work" lib/reassign gst/points/GstTfr-1.0
} >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }

grep -q 'Nothing is allocated' "$work/lib/reassign/index.html"
grep -q 'moves forward' "$work/lib/reassign/reassign_8h.html"
grep -q 'gsttfr-1.0' "$work/gst/points/GstTfr-1.0/index.html"
grep -q 'keeps the' "$work/gst/points/GstTfr-1.0/struct.BatchView.html"
