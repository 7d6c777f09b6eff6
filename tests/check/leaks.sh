#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# leaks.sh [--full] PROGRAM
#
# Runs a check program in one process: once with GStreamer's tracer, after
# which no object may be alive, and once in valgrind, which may find no error and
# no lost block.  --full: only where TFR_TEST_FULL is set, since it takes minutes.

set -u
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export CK_FORK=no CK_DEFAULT_TIMEOUT=1000 TFR_TEST_LEAKS=1
status=0

if [ "$1" = --full ]; then
  [ -n "${TFR_TEST_FULL-}" ] || exit 77
  unset TFR_TEST_FULL # of the programs one round each is enough
  shift
fi

fail () {
  echo "failed: $1"
  cat "$log"
  status=1
}

GST_TRACERS=leaks "$1" >"$log" 2>&1 || fail checks
! grep -qa 'Leaks detected' "$log" || fail 'objects stay alive'

command -v valgrind >/dev/null || exit $status
# GLib's slices would hide blocks.
G_SLICE=always-malloc G_DEBUG=gc-friendly valgrind -q --error-exitcode=9 \
  --leak-check=full --show-leak-kinds=definite,possible \
  --errors-for-leak-kinds=definite,possible --num-callers=30 \
  --suppressions="$here/valgrind.supp" "$1" >"$log" 2>&1 ||
  fail valgrind
exit $status
