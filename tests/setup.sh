# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Sourced by the commands of the README, with the way up to the root in $up: gets
# what is missing, builds, and says nothing unless it fails.

case ${1-} in
  -h | --help)
    sed -n '4,/^$/s/^# \{0,1\}//p' "$0"
    exit
    ;;
esac

root=$(cd "$(dirname "$0")/$up" && pwd)
build=${TFR_BUILD:-$root/build}

packages_to_build='build-essential pkgconf meson libfftw3-dev
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libpango1.0-dev'
packages_to_play='gstreamer1.0-tools gstreamer1.0-plugins-base
  gstreamer1.0-plugins-good gstreamer1.0-x'

# Runs a command; its output appears only if it fails.
quietly () {
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
  else
    status=$?
    cat "$log" >&2
    rm -f "$log"
    exit $status
  fi
}

is_installed () {
  case $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) in
    installed) return 0 ;;
    *) return 1 ;;
  esac
}

# Installs those of the packages that are missing.
need () {
  missing=
  if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian system; these are taken as installed: $*" >&2
    return
  fi
  for package; do
    is_installed "$package" || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0

  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif command -v sudo >/dev/null; then
    as_root=sudo
  else
    echo "Packages are missing. As root, type:" >&2
    echo "  apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi
  echo "Installing:$missing" >&2
  quietly $as_root apt-get update
  # shellcheck disable=SC2086
  quietly $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends $missing
}

# Configures once, with these options, and builds what has changed.
build () {
  if [ -f "$build/build.ninja" ]; then
    [ $# = 0 ] || quietly meson configure "$build" "$@"
  else
    quietly meson setup "$build" "$root" "$@"
  fi
  quietly ninja -C "$build"
}

# The elements just built, for programs started from here.
use_build () {
  export GST_PLUGIN_PATH_1_0="$build/gst"
  export GST_REGISTRY_1_0="$build/registry.bin"
  export GST_PRESET_PATH="$root/gst/presets"
  export GI_TYPELIB_PATH="$build/gst/points"
  export LD_LIBRARY_PATH="$build/gst/points"
}
