#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: layers.sh SOURCE_ROOT LIBRARY
# What may know of what: the public header stands alone, the library knows
# neither GLib nor GStreamer, one file knows FFTW, the elements know only the
# public header, and every source says its licence.

set -u
library=$(realpath "$2")
cd "$1" || exit 1
checks=0
failures=0

# claim "what should be true" status
claim () {
  checks=$((checks + 1))
  [ "$2" = 0 ] && return
  failures=$((failures + 1))
  echo "not so: $1"
}

# Whether no source in the directories matches the pattern.
none () {
  pattern=$1
  shift
  ! grep -rnE --include='*.[ch]' "$pattern" "$@"
}

for language in 'c -std=c11' 'c++ -std=c++11'; do
  # shellcheck disable=SC2086
  printf '#include "reassign.h"\nint main (void) { return 0; }\n' |
    ${CC:-cc} -x $language -Wall -Wextra -Wpedantic -Werror -Ilib \
      -fsyntax-only -
  claim "reassign.h compiles alone as $language" $?
done

declared=$(grep -oE 'reassign_[a-z0-9_]+( \(|\[\])' lib/reassign.h | tr -d ' ([]' |
  sort -u)
exported=$(nm -D --defined-only "$library" | sed 's/.* //' | sort -u)
[ "$declared" = "$exported" ]
claim "the shared library exports what reassign.h declares and no more" $?

include='^ *# *include *[<"]'
none "$include(glib|gst|gio|gobject)" lib
claim "lib/ includes neither GLib nor GStreamer" $?

none "${include}fftw3" lib gst --exclude=fft.c
claim "only lib/fft.c includes fftw3.h" $?
grep -qE "${include}fftw3" lib/fft.c
claim "lib/fft.c includes fftw3.h" $?

# A header of the same name in gst/, or that the build makes, is another one.
for header in lib/*.h; do
  name=$(basename "$header" .h)
  case $name in reassign | config) continue ;; esac
  [ -z "$(find gst -name "$name.h")" ] || continue
  none "$include(.*/)?$name\\.h" gst
  claim "gst/ does not include the private $name.h" $?
done

kernel='(spectra|points|frames|fft|taps|analytic|floor)'
for name in votes grid axis splat partials synth sdif; do
  for file in lib/$name.c lib/$name.h; do
    [ -f "$file" ] || continue
    ! grep -nE "$include$kernel\\.h" "$file"
    claim "$file comes after the points and knows nothing of the kernel" $?
  done
done

unlicensed=$(find lib gst tests \
  \( -name '*.[ch]' -o -name '*.py' -o -name '*.sh' \) -exec sh -c '
    head -n 3 "$1" |
      grep -qE "SPDX-License-Identifier: GPL-2.0-or-later|licences: NOTICE" ||
      echo "$1"' - {} \;)
[ -z "$unlicensed" ]
claim "every source names its licence; but $unlicensed" $?

echo "$((100 * (checks - failures) / checks))%: Checks: $checks, Failures: $failures, Errors: 0"
[ "$failures" = 0 ]
