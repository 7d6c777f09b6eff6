#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What `meson install` puts into a prefix works as the README says: pipelines
# with the two paths, presets, Python, and the examples compiled as their heads
# have it.
set -eu
. "$EXAMPLES/check/typed.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$BUILT_EXAMPLES/../..
meson install -C "$root" --no-rebuild --destdir "$work/root" >"$work/log" 2>&1 || {
  cat "$work/log"
  exit 1
}
prefix=$work/root$(meson introspect "$root" --buildoptions |
  /usr/bin/python3 -c 'import json, sys
print(next(o["value"] for o in json.load(sys.stdin) if o["name"] == "prefix"))')
libs=$(dirname "$(find "$prefix/lib" -name 'libreassign.so.0')")

cd "$work"

# As in the README, but for the prefix; nothing of the build tree.
export GST_PLUGIN_PATH_1_0="$libs/gstreamer-1.0"
export GST_PRESET_PATH="$prefix/share/gstreamer-1.0/presets"
export GI_TYPELIB_PATH="$libs/girepository-1.0"
export GST_REGISTRY_1_0="$work/registry.bin"
export LD_LIBRARY_PATH="$libs"
export PKG_CONFIG_PATH="$libs/pkgconfig"
export PKG_CONFIG_SYSROOT_DIR="$work/root"

gst-launch-1.0 -q audiotestsrc num-buffers=20 ! tfrreassign @preset=music ! \
  tfrrender @preset=print ! fakesink
if /usr/bin/python3 -c 'import gi, numpy' 2>/dev/null &&
  [ -d "$GI_TYPELIB_PATH" ]; then
  /usr/bin/python3 "$EXAMPLES/3-numpy.py" >said
  grep -q Hz said
fi

# $(pkg-config) prefixes the system's folders too; those are as they were.
flags () {
  pkg-config --cflags --libs "$@" | sed -E "s#$work/root/usr/(include|lib)#/usr/\1#g"
}
compile () {
  cp "$EXAMPLES/$1" .
  eval "$(typed "$1" cc | sed 's/pkg-config --cflags --libs/flags/')"
}
compile 1-oneshot.c
./a.out >said
grep -q '^strongest' said
compile 2-stream.c
eval "$(typed 2-stream.c gst-launch-1.0)" >said
grep -q '440.*Hz' said
compile 4-tuner.c
gst-launch-1.0 -q audiotestsrc freq=440 num-buffers=20 ! wavenc ! \
  filesink location=a.wav
./a.out a.wav >said
grep -q A4 said
! pkg-config --exists gtk+-3.0 || compile 5-window.c
