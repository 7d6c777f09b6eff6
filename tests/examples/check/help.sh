#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every command says what it is for when asked, and does nothing else.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

for script in "$EXAMPLES"/*.sh "$EXAMPLES"/../run.sh "$EXAMPLES"/../package.sh; do
  for option in -h --help; do
    said=$(TFR_BUILD=$work/build "$script" $option)
    case $said in
      *"Usage: tests/"*"${script##*/}"*) ;;
      *) echo "$script $option says: $said"; exit 1 ;;
    esac
  done
done
left=$(find . -mindepth 1)
[ -z "$left" ] || { echo "something was done: $left"; exit 1; }
