#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tfrcsvenc and the readers of dumps, in Python and in R, all tell the same."""

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    sys.exit(77)
examples = os.environ["EXAMPLES"]
sys.path.insert(0, examples)
import tfr

here = tempfile.TemporaryDirectory()
dump, text = (os.path.join(here.name, name) for name in ("x.tfr", "x.csv"))
failures = 0
checks = 0


def check(claim, holds, detail=""):
    global checks, failures
    checks += 1
    if not holds:
        failures += 1
        print(f"fails: {claim} {detail}")


def german():
    """An environment in which decimals have a comma, where one can be made."""
    made = subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", here.name + "/de_DE.UTF-8"],
        capture_output=True)
    if made.returncode:
        print("no German locale can be made; the machine's is used")
        return os.environ
    return {**os.environ, "LOCPATH": here.name, "LC_ALL": "de_DE.UTF-8"}


def record(source, environment):
    subprocess.run(
        ["gst-launch-1.0", "-q", *source.split(), "!", "tee", "name=t", "!",
         "queue", "!", "filesink", "location=" + dump, "t.", "!", "queue", "!",
         "tfrcsvenc", "!", "filesink", "location=" + text],
        check=True, env=environment, timeout=60)


def number(cell):
    return float(cell) if cell else float("nan")


def same(column, cells):
    return np.array_equal(column.astype("f8"),
                          np.array([number(c) for c in cells]).astype(
                              column.dtype).astype("f8"), equal_nan=True)


def compare(name, table, lines):
    rows = list(csv.reader(lines))
    names, cells = rows[0], list(zip(*rows[1:]))
    check(f"{name} has the columns", names == list(table), names)
    check(f"{name} has the rows", len(rows) - 1 == len(table["time"]))
    for column, values in zip(names, cells):
        check(f"{name} has the very {column}", same(table[column], values))


record("audiotestsrc wave=white-noise num-buffers=20 ! "
       "audio/x-raw,channels=2,rate=48000 ! "
       "tfrreassign fields=0xff magnitude-floor=-50", german())
table = tfr.read(dump)
with open(text, newline="") as file:
    written = file.read()
check("there are points", len(table["time"]) > 10000, len(table["time"]))
check("some are in the second channel", (table["channel"] == 1).any())
check("lines end in CR LF and nowhere else",
      written.count("\r\n") == written.count("\n") == written.count("\r")
      == len(table["time"]) + 1)
compare("tfrcsvenc", table, io.StringIO(written, newline=""))
out = subprocess.run([sys.executable, examples + "/tfr.py", "--csv", dump],
                     stdout=subprocess.PIPE, check=True).stdout.decode()
check("tfr.py --csv writes what tfrcsvenc writes", out == written)
if shutil.which("Rscript"):
    out = subprocess.run(["Rscript", examples + "/tfr.R", "--csv", dump],
                         stdout=subprocess.PIPE, check=True).stdout.decode()
    compare("tfr.R", table, io.StringIO(out))
else:
    print("R is not installed: tfr.R was not run")

readers = [[sys.executable, examples + "/tfr.py"]]
if shutil.which("Rscript"):
    readers.append(["Rscript", examples + "/tfr.R"])
for reader in readers:
    done = subprocess.run(reader, capture_output=True, text=True)
    check("without a dump it says what it does with one",
          done.returncode and "x.tfr" in done.stderr
          and "Traceback" not in done.stderr, done)

check("times lie within a window of their frames",
      (abs(table["time"] - table["frame_sample"] / 48000) < 1025 / 48000).all())
with open(dump, "r+b") as file:
    file.truncate(os.path.getsize(dump) - 1)
try:
    tfr.read(dump)
    check("a dump that was cut off is refused", False)
except ValueError as error:
    check("... with a reason", "cut off" in str(error))
print(f"{100 * (checks - failures) // checks}%: Checks: {checks}, "
      f"Failures: {failures}, Errors: 0")
sys.exit(failures > 0)
