#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Coverage of lib and gst by the tests of an instrumented build, and the bars
that it must reach.  Lists every stretch that is not run, by the reason that
coverage.txt gives for it; one without a reason is a failure, and so is a place
there that all is run of, or that is gone.

Usage: coverage.py BUILD ROOT
"""

import fnmatch
import json
import pathlib
import re
import subprocess
import sys

BARS = {"lib": (92.0, 80.0), "gst": (92.0, None)}  # % of lines, of branches
UNKNOWN = "no reason known"
BY_CHANCE = "sometimes: "  # begins the reason for what may be run after all


def read_rules(path):
    """[(reason, file pattern, function pattern, expression)] in order."""
    rules, reason = [], None
    for line in path.read_text().splitlines():
        if line.startswith("  "):
            place, _, text = line.strip().partition(" ")
            file, function = place.split(":")
            rules.append((reason, file, function,
                          re.compile(text.strip(), re.MULTILINE)))
        elif line and not line.startswith("#"):
            reason = line
    return rules


def measure(build, root):
    """Of each file of lib and gst: its name, lines and functions."""
    report = subprocess.run(
        ["gcovr", "--json", "--root", root, "--object-directory", build,
         "--filter", "lib/", "--filter", "gst/", "--exclude-throw-branches",
         build], capture_output=True, check=True, cwd=root)
    files = json.loads(report.stdout)["files"]
    for entry in files:
        entry["lines"] = [line for line in entry["lines"]
                          if not line.get("gcovr/noncode")]
    return sorted(files, key=lambda entry: entry["file"])


def stretches(entry, source):
    """Where lines that follow each other are not run: the function, the lines,
    and their text, with that of the line that might have led there."""
    starts = sorted((f["lineno"], f["name"]) for f in entry["functions"])
    function, before, missed, found = "", 1, [], []
    for line in sorted(entry["lines"], key=lambda at: at["line_number"]):
        at = line["line_number"]
        name = ([n for start, n in starts if start <= at] or [""])[-1]
        if missed and (line["count"] > 0 or name != function):
            found.append((function, missed, source[before - 1:missed[-1]]))
            before, missed = missed[-1], []
        function = name
        if line["count"] > 0:
            before = at
        else:
            missed.append(at)
    if missed:
        found.append((function, missed, source[before - 1:missed[-1]]))
    return found


def find_reason(rules, file, function, text):
    for rule in rules:
        reason, in_file, in_function, expression = rule
        if (fnmatch.fnmatch(file, in_file)
                and fnmatch.fnmatch(function, in_function)
                and expression.search("\n".join(text))):
            return reason, rule
    return UNKNOWN, None


def is_stale(rule, used, functions):
    """All that it excuses is run, or it is of nothing that there is."""
    reason, in_file, in_function, _ = rule
    if reason.startswith(BY_CHANCE):
        return not any(fnmatch.fnmatch(file, in_file)
                       and fnmatch.fnmatch(name, in_function)
                       for file, name in functions)
    return rule not in used


def main(build, root):
    files = measure(build, root)
    rules = read_rules(pathlib.Path(__file__).with_suffix(".txt"))
    by_reason, used = {}, set()
    for entry in files:
        source = (pathlib.Path(root) / entry["file"]).read_text().splitlines()
        for function, lines, text in stretches(entry, source):
            reason, rule = find_reason(rules, entry["file"], function, text)
            used.add(rule)
            by_reason.setdefault(reason, []).append(
                (entry["file"], function, lines))

    for reason in sorted(by_reason, key=lambda r: (r == UNKNOWN, r)):
        places = by_reason[reason]
        print(f"{reason}: {sum(len(p[2]) for p in places)} lines")
        for file, function, lines in places:
            print(f"    {file}:{lines[0]} {function}"
                  + (f" to {lines[-1]}" if len(lines) > 1 else ""))
    functions = [(entry["file"], function["name"])
                 for entry in files for function in entry["functions"]]
    stale = [rule for rule in rules if is_stale(rule, used, functions)]
    for _, file, function, expression in stale:
        print(f"no longer needed: {file}:{function} {expression.pattern}")

    failed, words = bool(stale), []
    for part, (line_bar, branch_bar) in BARS.items():
        lines = [line for entry in files
                 if entry["file"].startswith(part + "/")
                 for line in entry["lines"]]
        branches = [b["count"] > 0 for line in lines for b in line["branches"]]
        by_line = 100 * sum(at["count"] > 0 for at in lines) / len(lines)
        by_branch = 100 * sum(branches) / len(branches)
        words.append(f"{part} {by_line:.1f} % of lines, "
                     f"{by_branch:.1f} % of branches")
        failed |= by_line < line_bar or by_branch < (branch_bar or 0)
    unknown = sum(len(p[2]) for p in by_reason.get(UNKNOWN, []))
    failed |= unknown > 0
    words.append(f"{unknown} lines are not run without a known reason, "
                 f"{len(stale)} reasons are no longer needed")
    print("; ".join(words))
    return failed


sys.exit(main(*sys.argv[1:]))
