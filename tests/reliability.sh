#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# reliability.sh short | full
#
# Called by run.sh for --reliability and --full: the tests under sanitizers,
# linters, fuzzers, a hardened build and coverage.  Each step adds a line to
# build/reliability.txt: "ok STEP: figures", "failed STEP: why", or "left STEP:
# why" for what is for --full alone, or was not begun for want of time.  One that
# hangs is ended, and has failed.
#
# reliability.sh STEP [ARGUMENT...] runs one of the functions below.

set -u
up=..
. "$(dirname "$0")/setup.sh"

results=$build/reliability.txt
variants=$build-variants
undefined=halt_on_error=1:print_stacktrace=1
leaks=suppressions=$root/tests/check/lsan.supp:print_suppressions=0
export G_SLICE=always-malloc
# for programs that are ten times slower, on machines that are
export CK_TIMEOUT_MULTIPLIER=10

# step NAME ARGUMENT...: the last line that it prints are its figures.
step () {
  log=$variants/$1.log
  start=$(date +%s)
  limit=$((began + deadline - start))
  if [ $((start - began)) -ge "$budget" ]; then
    echo "left $1: no time; tests/run.sh --full takes it" >>"$results"
  elif timeout -k 30 "$limit" sh "$0" "$@" >"$log" 2>&1; then
    echo "ok $1: $(tail -n 1 "$log") ($(($(date +%s) - start)) s)" >>"$results"
  else
    case $? in
      124 | 137) echo "ended after $limit s" >>"$log" ;;
    esac
    tail -n 60 "$log"
    echo "failed $1: see $log ($(($(date +%s) - start)) s)" >>"$results"
  fi
  tail -n 1 "$results"
}

# variant NAME OPTIONS...: a build of its own kind.
variant () {
  dir=$variants/$1
  shift
  [ -f "$dir/build.ninja" ] ||
    meson setup "$dir" "$root" -Dbenchmarks=disabled -Dexamples=disabled \
      -Dintrospection=disabled "$@" || return
  ninja -C "$dir"
}

# briefly COMMAND...: without the tests' long walks, for what those do not add to.
briefly () {
  (unset TFR_TEST_FULL; "$@")
}

# suites NAME SUITES...: how many checks passed in that variant.
suites () {
  dir=$variants/$1
  shift
  # shellcheck disable=SC2046
  meson test -C "$dir" --no-rebuild --print-errorlogs \
    --timeout-multiplier 10 $(printf ' --suite %s' "$@") &&
    python3 "$root/tests/summary.py" "$dir/meson-logs/testlog.json"
}

# What has both the sanitizers and the fuzzers.
sanitized () {
  CC=clang variant sanitized -Dfuzzing=enabled -Doptimization=2 \
    -Db_sanitize=address,undefined -Db_lundef=false
}

# In one process: the scanner would load the plug-in without the sanitizer's
# library.  What others lose while the registries are made does not count.
address () {
  sanitized || return
  ASAN_OPTIONS=detect_leaks=0 GST_REGISTRY_FORK=no \
    meson test -C "$variants/sanitized" --no-rebuild points/info.c \
    elements/memory.c >/dev/null
  ASAN_OPTIONS=detect_stack_use_after_return=1 \
  LSAN_OPTIONS=$leaks UBSAN_OPTIONS=$undefined GST_REGISTRY_FORK=no \
  TFR_TEST_LEAKS=1 \
    suites sanitized lib points render elements generic pipelines fuzz
}

# GLib's own locks look like races, so the library alone.  Its long walks are of
# one thread.
thread () {
  variant thread -Db_sanitize=thread -Doptimization=1 -Db_lundef=false &&
    TSAN_OPTIONS=halt_on_error=1 briefly suites thread lib
}

# As distributions build.
hardened () {
  CFLAGS='-O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE -Wformat
    -Werror=format-security' \
  LDFLAGS='-Wl,-z,relro -Wl,-z,now' \
    variant hardened -Dbuildtype=plain &&
    briefly suites hardened "$@"
}

sources () {
  git -C "$root" ls-files 'lib/*.c' 'gst/*.c' | grep -v _data
}

check_cpp () {
  cppcheck -q -j2 --enable=warning,performance,portability --inline-suppr \
    --error-exitcode=1 -D__x86_64__ --suppress=allocaCalled \
    --suppress=invalidPointerCast "$@"
}

test_sources () {
  git -C "$root" ls-files 'tests/check/*.c' 'tests/fuzz/*.c'
}

# commands NAME OPTIONS...: a build only for the commands that it would compile
# with.
commands () {
  dir=$variants/$1
  shift
  [ -f "$dir/compile_commands.json" ] || CC=clang meson setup "$dir" "$root" -Dbenchmarks=disabled \
    -Dexamples=disabled -Dintrospection=disabled "$@"
}

tidy () {
  xargs -P2 -n4 clang-tidy -p "$variants/$1" --quiet
}

# lint [thorough]: that with all headers, which takes cppcheck forty times as long,
# and with the tests.
lint () {
  commands clang -Dtests=disabled || return
  cd "$root" || return
  if [ "${1-}" = thorough ]; then
    commands clang-tests -Dtests=enabled -Dfuzzing=enabled || return
    test_sources | tidy clang-tests || return
    check_cpp --project="$variants/clang/compile_commands.json" \
      --suppress='*:/usr/include/*' || return
  else
    check_cpp --library=gtk -Ilib -Igst -Igst/points \
      '-DGST_ELEMENT_REGISTER_DEFINE(a,b,c,d)=' \
      '-DGST_ELEMENT_REGISTER_DEFINE_CUSTOM(a,b)=' \
      '-DGST_AUDIO_NE(format)=format' lib gst || return
  fi
  sources | tidy clang || return
  echo "$(sources | wc -l) files clean${1:+, and $(test_sources | wc -l) of tests}"
}

# fuzz_one SECONDS EXECUTIONS TARGET: until it has done so much of one of them.
fuzz_one () {
  short=${3##*/fuzz_}
  corpus=$variants/corpus/$short
  mkdir -p "$corpus"
  case $short in
    render) detect=0 ;; # Pango's threads may be at work on a font just then
    *) detect=1 ;;
  esac
  ASAN_OPTIONS=detect_leaks=$detect LSAN_OPTIONS=$leaks UBSAN_OPTIONS=$undefined \
    "$3" -max_total_time="$1" -runs="$2" -timeout=60 -rss_limit_mb=4096 \
    -max_len=8192 -len_control=0 -detect_leaks=$detect -print_final_stats=1 \
    -artifact_prefix="$variants/$short-" \
    "$corpus" "$root/tests/fuzz/corpus/$short" >"$variants/$short.log" 2>&1 || {
    tail -n 40 "$variants/$short.log"
    return 1
  }
  sed -n "s/^stat::number_of_executed_units: */$short /p" "$variants/$short.log"
}

targets () {
  find "$variants/sanitized/tests/fuzz" -name 'fuzz_*' -type f -perm -u+x
}

# fuzz SECONDS EXECUTIONS: each target, two at a time.
fuzz () {
  sanitized || return
  targets |
    xargs -P2 -n1 sh "$0" fuzz_one "$1" "$2" >"$variants/fuzz.txt" || {
    cat "$variants/fuzz.txt"
    return 1
  }
  awk -v n="$(targets | wc -l)" '
    { total += $2; each = each (NR > 1 ? ", " : "") $1 " " $2 }
    END { print NR " targets, " total " executions, nothing found: " each
          exit !NR || NR != n }' "$variants/fuzz.txt"
}

# Threads count, too, so atomically.
coverage () {
  variant coverage -Db_coverage=true -Doptimization=0 -Dfuzzing=enabled \
    -Dc_args=-fprofile-update=atomic &&
    briefly suites coverage lib points render elements generic pipelines \
      endurance scripts fuzz oracle &&
    python3 "$root/tests/coverage.py" "$variants/coverage" "$root"
}

# Half an hour, what came before included: in seconds, no step begins after the
# budget or lasts beyond the deadline.  Without the first two this would pass for
# nothing, so it fails where there is no time for them.
short () {
  began=${1:-$(date +%s)}
  deadline=1740
  budget=1380
  step address
  step fuzz 12 1000000
  ! grep -qE '^left (address|fuzz):' "$results" ||
    echo 'failed sanitizers and fuzzers: no time' >>"$results"
  step thread
  step lint
  step hardened points elements
  echo 'left coverage: tests/run.sh --full measures it' >>"$results"
}

full () {
  began=$(date +%s)
  budget=100000
  deadline=140000
  step address
  step fuzz 1200 1000000
  step thread
  step lint thorough
  step hardened lib points elements
  step coverage
}

case ${1-} in
  short | full)
    need clang clang-tidy libclang-rt-dev cppcheck gcovr
    mkdir -p "$variants"
    rm -f "$results"
    ;;
esac
"$@"
