#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes Debian packages of what is committed, in build/deb: debian/ is written
# there, not kept.  With ROOT, a folder that holds a Debian system (debootstrap),
# they are installed there and the README's first pipeline is run from them;
# without, they are unpacked beside and it is run from there.
#
# Usage: tests/package.sh [ROOT]

set -eu
up=..
. "$(dirname "$0")/setup.sh"

# shellcheck disable=SC2086
need $packages_to_build $packages_to_play \
  debhelper libgirepository1.0-dev gobject-introspection git
[ -f "$build/build.ninja" ] || quietly meson setup "$build" "$root"
quietly meson dist -C "$build" --no-tests --allow-dirty --formats gztar

version=$(meson introspect "$build" --projectinfo |
  sed 's/.*"version": "\([^"]*\)".*/\1/')
deb=$build/deb
rm -rf "$deb"
mkdir -p "$deb"
tar xzf "$build/meson-dist/tfr-$version.tar.gz" -C "$deb"
cd "$deb/tfr-$version"
mkdir -p debian/source
echo '3.0 (native)' >debian/source/format

cat >debian/changelog <<END
tfr ($version) unstable; urgency=medium

  * As released.

 -- The tfr developers <tfr@example.org>  $(date -R)
END

cat >debian/control <<'END'
Source: tfr
Section: sound
Priority: optional
Maintainer: The tfr developers <tfr@example.org>
Build-Depends: debhelper-compat (= 13), meson, pkgconf, libfftw3-dev,
 libgstreamer1.0-dev (>= 1.22), libgstreamer-plugins-base1.0-dev,
 libpango1.0-dev, libgirepository1.0-dev, gobject-introspection
Standards-Version: 4.6.2
Rules-Requires-Root: no

Package: gstreamer1.0-tfr
Architecture: any
Multi-Arch: same
Depends: ${shlibs:Depends}, ${misc:Depends}
Description: sharp spectrograms in GStreamer, by time-frequency reassignment
 Elements that move every bin of a short-time Fourier transform to where its
 energy really lies, draw the points as video, and follow partials.

Package: libreassign0
Section: libs
Architecture: any
Multi-Arch: same
Depends: ${shlibs:Depends}, ${misc:Depends}
Description: time-frequency reassignment as a stream
 Samples go in, points come out, each with its exact time and frequency.

Package: libgsttfr-1.0-0
Section: libs
Architecture: any
Multi-Arch: same
Depends: ${shlibs:Depends}, ${misc:Depends}
Description: stream formats of time-frequency reassignment for GStreamer
 Reads and writes the batches of points and partials that the elements of
 gstreamer1.0-tfr exchange.

Package: gir1.2-gsttfr-1.0
Section: introspection
Architecture: any
Multi-Arch: same
Depends: ${gir:Depends}, ${shlibs:Depends}, ${misc:Depends}
Description: stream formats of time-frequency reassignment, for Python and others
 The typelib of libgsttfr-1.0.

Package: libtfr-dev
Section: libdevel
Architecture: any
Multi-Arch: same
Depends: libreassign0 (= ${binary:Version}), libgsttfr-1.0-0 (= ${binary:Version}),
 gir1.2-gsttfr-1.0 (= ${binary:Version}), libfftw3-dev, libgstreamer1.0-dev,
 ${misc:Depends}
Description: headers of libreassign and libgsttfr-1.0
 With pkg-config files, static libraries and the GIR description.
END

cat >debian/copyright <<'END'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: The tfr developers
License: GPL-2+
 On Debian systems the text is in /usr/share/common-licenses/GPL-2.
END

cat >debian/rules <<'END'
#!/usr/bin/make -f
%:
	dh $@ --buildsystem=meson --with gir
override_dh_auto_configure:
	dh_auto_configure -- -Dtests=disabled -Dexamples=disabled \
	  -Dbenchmarks=disabled -Dintrospection=enabled
override_dh_auto_test:
END
chmod +x debian/rules

lib='usr/lib/*'
printf '%s\n' "$lib/gstreamer-1.0/*.so" usr/share/gstreamer-1.0/presets \
  >debian/gstreamer1.0-tfr.install
printf '%s\n' gst/render/NOTICE README.md >debian/gstreamer1.0-tfr.docs
printf '%s\n' "$lib/libreassign.so.*" >debian/libreassign0.install
printf '%s\n' "$lib/libgsttfr-1.0.so.*" >debian/libgsttfr-1.0-0.install
printf '%s\n' "$lib/girepository-1.0" >debian/gir1.2-gsttfr-1.0.install
printf '%s\n' usr/include "$lib/*.so" "$lib/*.a" "$lib/pkgconfig" \
  usr/share/gir-1.0 >debian/libtfr-dev.install

quietly dpkg-buildpackage -us -uc -b
cd "$deb"

# What one does first, with the preset of the installed files.
try='set -e
  export GST_REGISTRY_1_0=/tmp/tfr-registry.bin
  gst-launch-1.0 -q audiotestsrc num-buffers=40 ! wavenc ! \
    filesink location=/tmp/tfr-song.wav
  gst-launch-1.0 filesrc location=/tmp/tfr-song.wav ! decodebin ! \
    tfrreassign @preset=music ! tfrrender @preset=music ! \
    fakesink silent=false -v | grep -q "width=(int)1280"
  rm -f /tmp/tfr-song.wav /tmp/tfr-registry.bin'
if [ $# = 1 ]; then
  mkdir -p "$1/tmp/tfr"
  cp ./*.deb "$1/tmp/tfr"
  quietly chroot "$1" sh -c 'apt-get update && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends gstreamer1.0-tools \
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good /tmp/tfr/*.deb'
  rm -rf "$1/tmp/tfr"
  quietly chroot "$1" sh -c "$try"
else
  for package in *.deb; do
    dpkg-deb -x "$package" unpacked
  done
  libs=$(dirname "$deb"/unpacked/usr/lib/*/gstreamer-1.0)
  quietly env LD_LIBRARY_PATH="$libs" \
    GST_PLUGIN_PATH_1_0="$libs/gstreamer-1.0" \
    GST_PRESET_PATH="$deb/unpacked/usr/share/gstreamer-1.0/presets" sh -c "$try"
fi
ls "$deb"/*.deb
