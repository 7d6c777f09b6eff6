#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Sourced by run.sh for --reliability and --full: the tests under sanitizers,
# linters, fuzzers, a hardened build and coverage.  Each step adds a line
# "ok STEP: figures" or "failed STEP: why" to $results.
# shellcheck shell=sh

results=$build/reliability.txt
variants=$build-variants
export G_SLICE=always-malloc

# step NAME COMMAND...: the last line that it prints are its figures.
step () {
  name=$1
  shift
  mkdir -p "$variants"
  log=$variants/$name.log
  start=$(date +%s)
  if "$@" >"$log" 2>&1; then
    echo "ok $name: $(tail -n 1 "$log") ($(($(date +%s) - start)) s)" >>"$results"
  else
    tail -n 60 "$log"
    echo "failed $name: see $log ($(($(date +%s) - start)) s)" >>"$results"
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

# suites NAME SUITES...: how many checks passed in that variant.
suites () {
  dir=$variants/$1
  shift
  meson test -C "$dir" --no-rebuild --print-errorlogs \
    --timeout-multiplier 10 $(printf ' --suite %s' "$@") &&
    python3 "$root/tests/summary.py" "$dir/meson-logs/testlog.json"
}

# In one process: the scanner would load the plug-in without the sanitizer's
# library.
address () {
  variant address -Db_sanitize=address,undefined -Doptimization=1 \
    -Db_lundef=false -Dfuzzing=enabled &&
    ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1 \
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
    GST_REGISTRY_FORK=no \
      suites address lib points render elements generic fuzz
}

# GLib's own locks look like races, so the library alone.
thread () {
  variant thread -Db_sanitize=thread -Doptimization=1 -Db_lundef=false &&
    TSAN_OPTIONS=halt_on_error=1 suites thread lib
}

# As distributions build.
hardened () {
  CFLAGS='-O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE -Wformat
    -Werror=format-security' \
  LDFLAGS='-Wl,-z,relro -Wl,-z,now' \
    variant hardened -Dbuildtype=plain &&
    suites hardened lib points elements
}

lint () {
  # only for the commands that it would compile with
  [ -d "$variants/clang" ] || CC=clang meson setup "$variants/clang" "$root" \
    -Dtests=disabled -Dbenchmarks=disabled -Dexamples=disabled \
    -Dintrospection=disabled || return
  cppcheck --project="$variants/clang/compile_commands.json" -q -j2 \
    --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
    -D__x86_64__ --suppress='*:/usr/include/*' --suppress=allocaCalled \
    --suppress=invalidPointerCast || return
  (cd "$root" && git ls-files 'lib/*.c' 'gst/*.c' | grep -v _data) |
    (cd "$root" && nice xargs -P2 -n4 clang-tidy -p "$variants/clang" --quiet) ||
    return
  (cd "$root" && echo "$(git ls-files 'lib/*.c' 'gst/*.c' | wc -l) files clean")
}

# fuzz SECONDS EXECUTIONS: each target until it has done so much of one of them.
fuzz () {
  CC=clang variant fuzz -Dfuzzing=enabled -Db_sanitize=address,undefined \
    -Db_lundef=false || return
  total=0
  n=0
  for target in "$variants"/fuzz/tests/fuzz/fuzz_*; do
    [ -x "$target" ] && [ -f "$target" ] || continue
    short=${target##*/fuzz_}
    mkdir -p "$variants/corpus/$short"
    LSAN_OPTIONS=detect_leaks=0 \
      "$target" -max_total_time="$1" -runs="$2" -timeout=20 -rss_limit_mb=4096 \
      -print_final_stats=1 -artifact_prefix="$variants/$short-" -detect_leaks=0 \
      "$variants/corpus/$short" "$root/tests/fuzz/corpus/$short" \
      >"$variants/$short.log" 2>&1 || { tail -n 40 "$variants/$short.log"; return 1; }
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$variants/$short.log")
    echo "$short: $runs executions"
    total=$((total + runs))
    n=$((n + 1))
  done
  [ $n -gt 0 ] || return
  echo "$n targets, $total executions, nothing found"
}

coverage () {
  variant coverage -Db_coverage=true -Doptimization=0 -Dfuzzing=enabled &&
    suites coverage lib points render elements generic pipelines fuzz oracle &&
    python3 "$root/tests/coverage.py" "$variants/coverage" "$root"
}

reliability () {
  need clang clang-tidy libclang-rt-dev cppcheck gcovr
  rm -f "$results"
  step address address
  step thread thread
  step hardened hardened
  step lint lint
  if [ "$1" = full ]; then
    step fuzz fuzz 1200 1000000
  else
    step fuzz fuzz 20 1000000
  fi
  step coverage coverage
}
