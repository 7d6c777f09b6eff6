#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Coverage of lib and gst by the tests of an instrumented build, and the bars that
it must reach.  Lists what is not covered, file by file.

Usage: coverage.py BUILD ROOT
"""

import json
import subprocess
import sys

BARS = {"lib": (92.0, 80.0), "gst": (92.0, None)}  # % of lines, of branches

build, root = sys.argv[1:]
report = subprocess.run(
    ["gcovr", "--json", "--root", root, "--object-directory", build,
     "--filter", "lib/", "--filter", "gst/", "--exclude-throw-branches",
     "--gcov-ignore-parse-errors", build],
    capture_output=True, check=True, cwd=root)
files = json.loads(report.stdout)["files"]

failed = False
words = []
for part, (line_bar, branch_bar) in BARS.items():
    lines = branches = lines_hit = branches_hit = 0
    for entry in sorted(files, key=lambda f: f["file"]):
        if not entry["file"].startswith(part + "/"):
            continue
        missed = []
        for line in entry["lines"]:
            if line.get("gcovr/noncode"):
                continue
            lines += 1
            lines_hit += line["count"] > 0
            if line["count"] == 0:
                missed.append(line["line_number"])
            taken = [b["count"] > 0 for b in line["branches"]]
            branches += len(taken)
            branches_hit += sum(taken)
        if missed:
            print(f"{entry['file']}: not run: {', '.join(map(str, missed))}")
    by_line = 100 * lines_hit / max(lines, 1)
    by_branch = 100 * branches_hit / max(branches, 1)
    words.append(f"{part} {by_line:.1f} % of lines, {by_branch:.1f} % of branches")
    failed |= by_line < line_bar or by_branch < (branch_bar or 0)
print("; ".join(words))
sys.exit(failed)
