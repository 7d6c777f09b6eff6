#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `meson dist` makes a tarball, from which Debian packages are built, from which
# the first pipeline runs with a preset.
set -eu

[ -n "${TFR_TEST_FULL-}" ] || { echo "only with TFR_TEST_FULL=1"; exit 77; }
[ -e "$EXAMPLES/../../.git" ] || { echo "not a git repository"; exit 77; }
for tool in git dh dpkg-buildpackage; do
  command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
done
unset GST_PLUGIN_PATH_1_0 GST_PRESET_PATH GI_TYPELIB_PATH LD_LIBRARY_PATH
made=$(TFR_BUILD=$(cd "$BUILT_EXAMPLES/../.." && pwd) "$EXAMPLES/../package.sh")
for package in gstreamer1.0-tfr libreassign0 libgsttfr-1.0-0 gir1.2-gsttfr-1.0 \
  libtfr-dev; do
  echo "$made" | grep -q "/${package}_" || { echo "no $package"; exit 1; }
done
