#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The README's pairs of commands, between two network namespaces: the display,
and one that joins late, draw the tone that the other side analyses."""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

import readme

SECONDS = 90  # of sound, analysed as it would be heard
PATIENCE = 25  # s, on a busy machine
SIZE = 160 * 90
names = [f"tfr{os.getpid()}{side}" for side in "ab"]
addresses = ["10.213.77.1", "10.213.77.2"]
work = tempfile.TemporaryDirectory()
tone = work.name + "/tone.wav"
failures = checks = 0


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def connect():
    ip("netns", "add", names[0])
    ip("netns", "add", names[1])
    ip("link", "add", names[0], "netns", names[0], "type", "veth", "peer",
       names[1], "netns", names[1])
    for name, address in zip(names, addresses):
        ip("-n", name, "address", "add", address + "/24", "dev", name)
        ip("-n", name, "link", "set", name, "up")
        ip("-n", name, "link", "set", "lo", "up")


def disconnect():
    for name in names:
        subprocess.run(["ip", "netns", "delete", name], capture_output=True)


def start(side, command):
    command = command.replace("gst-launch-1.0", "gst-launch-1.0 -q")
    command = command.replace("/tmp/tfr.socket", work.name + "/socket")
    return subprocess.Popen(
        ["ip", "netns", "exec", names[side], *shlex.split(command)],
        stderr=subprocess.PIPE, text=True)


def stop(process):
    process.terminate()
    return process.communicate(timeout=20)[1]


def draw_to(path, command):
    """The same command, with the frames in a file in place of a window."""
    before, sink = command.split("autovideosink")
    return (f"{before} video/x-raw,format=GRAY8,width=160,height=90,"
            f"framerate=10/1 ! filesink buffer-mode=unbuffered "
            f"location={path}{sink}")


def has_tone(path):
    """Whether the last whole frame shows the tone, 80 to 160 pixels bright."""
    with open(path, "rb") as file:
        frames = file.read()
    n = len(frames) // SIZE
    last = frames[(n - 1) * SIZE:n * SIZE]
    return n, n > 0 and max(sum(v > 150 for v in last[at:at + 160])
                            for at in range(0, SIZE, 160))


def wait_for_tone(path):
    """Until it is bright, as far as patience goes; the last frame's state."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if os.path.exists(path) and has_tone(path)[1] > 20:
            break
        time.sleep(0.2)
    return has_tone(path) if os.path.exists(path) else (0, 0)


def check(claim, holds, detail):
    global failures, checks
    checks += 1
    if not holds:
        failures += 1
        print(f"fails: {claim}: {detail}")


def run_pair(over, analysis, display):
    host = addresses[1 if over == "RTP" else 0]
    analysis, display = (
        readme.commands(text)[0].replace("location=F", "location=" + tone)
        .replace("HOST", host) for text in (analysis, display))
    pictures = [f"{work.name}/{over[:3]}{n}.gray" for n in range(2)]
    source = start(0, analysis)
    time.sleep(1)
    displays, seen = [], []
    for path in pictures:
        displays.append(start(1, draw_to(path, display)))
        seen.append(wait_for_tone(path))
        if over == "RTP":  # a port has one reader: the late one takes over
            stop(displays[-1])
    said = [stop(process) for process in (source, *displays)
            if process.returncode is None]
    for who, (n, bright) in zip(("the display", "a late one"), seen):
        check(f"{over}: {who} draws the tone", bright > 20,
              f"{n} frames, {bright} bright pixels\n" + "\n".join(said))


if not shutil.which("ip") or subprocess.call(
        ["gst-inspect-1.0", "--exists", "gdppay"]):
    print("no iproute2, or no gstreamer1.0-plugins-bad")
    sys.exit(77)
try:
    try:
        connect()
    except subprocess.CalledProcessError as error:
        print("no network namespaces here:", error.stderr.decode())
        sys.exit(77)
    subprocess.run(
        ["gst-launch-1.0", "-q", "audiotestsrc", "freq=1000",
         f"num-buffers={SECONDS * 48}", "samplesperbuffer=1000", "!",
         "audio/x-raw,rate=48000", "!", "wavenc", "!", "filesink",
         "location=" + tone], check=True)
    for row in readme.rows(readme.section("Across processes and machines")):
        run_pair(*row)
finally:
    disconnect()
print(f"{100 * (checks - failures) // max(checks, 1)}%: Checks: {checks}, "
      f"Failures: {failures}, Errors: 0")
sys.exit(failures > 0 or checks < 8)
