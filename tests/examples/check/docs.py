#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every pipeline of the elements' documentation and of the README works as it is
pasted into a shell, on a short recording and without a display: automatic sinks
and sources find their fake kin.  What would go on for ever may, for a while."""

import glob
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import readme

FOREVER = 4  # s after which a live pipeline has shown that it runs
SOURCES = os.path.join(os.environ["EXAMPLES"], "..", "..", "gst", "*.c")
RANKS = ("fakevideosink:MAX,fakeaudiosink:MAX,audiotestsrc:MAX,"
         "dfbvideosink:NONE")
environment = {**os.environ, "GST_PLUGIN_FEATURE_RANK": RANKS}

# What the commands read.
RECORDING = ("audiotestsrc num-buffers=60 ! audio/x-raw,rate=44100,channels=2 ! "
             "audioconvert ! ")
ANALYSIS = RECORDING + "tfrreassign magnitude-floor=-60 ! "
FILES = {
    "F": RECORDING + "wavenc",
    "song.mp3": RECORDING + "lamemp3enc",
    "tone.tfr": ANALYSIS + "identity",
    "out.tfr": ANALYSIS + "identity",
    "tone.sdif": ANALYSIS + "tfrpartials ! tfrsdifenc",
    "out.sdif": ANALYSIS + "tfrpartials ! tfrsdifenc",
}


def run(command, here, seconds=60):
    """Its exit status, None where it had to be stopped, and what it said."""
    with subprocess.Popen(["sh", "-ec", command], cwd=here, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, process_group=0) as process:
        try:
            return process.communicate(timeout=seconds)[0], process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 15)
            return process.communicate()[0], None


def prepare(here, commands):
    for name, pipeline in FILES.items():
        if not any("location=" + name in command for command in commands):
            continue
        said, status = run(f"gst-launch-1.0 -q {pipeline} ! "
                           f"filesink location={name}", here)
        if status:
            sys.exit(f"cannot make {name}: {said}")


def blocks(path):
    """The |[ ... ]| of a source's documentation, without the comment's stars."""
    with open(path) as file:
        for block in re.findall(r"\|\[\n(.*?)\]\|", file.read(), re.S):
            text = re.sub(r"^ \* ?", "", block, flags=re.M).strip()
            if text.startswith("gst-launch-1.0"):
                yield os.path.basename(path), text


def documented():
    for path in sorted(glob.glob(SOURCES)):
        found = list(blocks(path))
        if "SECTION:element-" in open(path).read() and not found:
            yield os.path.basename(path), "false # it has no example"
        yield from found


def from_page(path):
    """All but the pairs for two machines, which network.py runs."""
    name = os.path.basename(path)
    with open(path) as file:
        text = file.read()
    if path == readme.PATH:
        text = text.replace(readme.section("Across processes and machines"), "")
    for command in re.findall(r"^ {4}(gst-launch-1.0 .*(?:\\\n.*)*)", text, re.M):
        yield name, command
    for command in readme.commands(text):
        if command.startswith("gst-launch-1.0"):
            yield name, command


def fails(job):
    where, command = job
    live = "autoaudiosrc" in command
    with tempfile.TemporaryDirectory() as here:
        for name in FILES:
            os.symlink(os.path.join(shelf.name, name), os.path.join(here, name))
        # Files made by a command are its own, not the shelf's.
        for name in re.findall(r"filesink\s+location=(\S+)", command):
            if os.path.islink(os.path.join(here, name)):
                os.unlink(os.path.join(here, name))
        said, status = run(command, here, FOREVER if live else 60)
        unmade = [
            name for name in re.findall(r"filesink\s+location=(\S+)", command)
            if not os.path.exists(os.path.join(here, name))
            or not os.path.getsize(os.path.join(here, name))]
    wrong = ((status != 0 and not (live and status is None)) or unmade
             or re.search("WARNING|CRITICAL|ERROR", said))
    return f"fails: {where}: {command}\n({status}) {said}" if wrong else None


if subprocess.call(["gst-inspect-1.0", "--exists", "fakevideosink"]):
    print("no gstreamer1.0-plugins-bad")
    sys.exit(77)
shelf = tempfile.TemporaryDirectory()
jobs = [*documented(), *from_page(readme.PATH),
        *from_page(os.path.join(os.environ["EXAMPLES"], "choosing.md"))]
prepare(shelf.name, [command for _, command in jobs])
with ThreadPoolExecutor(4) as pool:
    failures = [failure for failure in pool.map(fails, jobs) if failure]
print("\n".join(failures))
print(f"{100 * (len(jobs) - len(failures)) // len(jobs)}%: Checks: {len(jobs)}, "
      f"Failures: {len(failures)}, Errors: 0")
sys.exit(len(failures) > 0 or len(jobs) < 15)
