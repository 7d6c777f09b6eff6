#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts the checks in meson's log of a test run and says whether all passed.

A suite prints "100%: Checks: 12, Failures: 0, Errors: 0".  One that ends badly
without saying so (a crash, a time-out), and a log that is not there, count as one
failure.  Lines as "tally: 200 instances at once" are added up by kind.  A second
file has a line "ok STEP: figures" or "failed STEP: why" for each step of
reliability.sh."""

import json
import re
import sys

LINE = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)", re.M)
TALLY = re.compile(r"^tally: (\S+) (.+)$", re.M)

passed = failed = 0
skipped = []
tallies = {}
try:
    with open(sys.argv[1]) as log:
        tests = [json.loads(line) for line in log]
except FileNotFoundError:
    print("failed: no test ran")
    tests, failed = [], 1
for test in tests:
    checks = bad = 0
    for counts in LINE.findall(test.get("stdout") or ""):
        checks += int(counts[0])
        bad += int(counts[1]) + int(counts[2])
    for n, kind in TALLY.findall(test.get("stdout") or ""):
        tallies[kind] = tallies.get(kind, 0) + float(n)
    if test["result"] == "SKIP":
        skipped.append(test["name"])
        continue
    if test["result"] != "OK":
        bad = max(bad, 1)
        print(f"failed: {test['name']} ({test['result']})")
    elif checks == 0:
        checks = 1
    passed += max(checks - bad, 0)
    failed += bad
if skipped:
    print(f"skipped {len(skipped)}: {', '.join(skipped)}")
if tallies:
    print("tried " + ", ".join(f"{n:.2f}".rstrip("0").rstrip(".") + " " + kind
                               for kind, n in tallies.items()))
for name in sys.argv[2:]:
    for line in open(name):
        print(line, end="")
        passed += line.startswith("ok ")
        failed += line.startswith("failed ")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0 or passed == 0)
