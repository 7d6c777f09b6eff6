#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Points over a socket between two programs, of which one is killed, or whose
bytes are damaged on the way: the other ends with a sentence or plays on, and never
by a signal.

Run by meson, which says where the elements are.
"""

import random
import signal
import socket
import subprocess
import sys
import threading
import time

LAUNCH = "gst-launch-1.0"
SOUND = ("audiotestsrc wave=pink-noise samplesperbuffer=480 {source} ! "
         "audio/x-raw,format=F32LE,rate=48000,channels=1 ! "
         "tfrreassign magnitude-floor=-60")
DRAW = ("tfrrender ! video/x-raw,width=64,height=48,framerate=30/1 ! "
        "fakesink sync=false")
FORMATS = {  # how batches are carried: by the sender, and at the receiver
    "gdp": ("gdppay", "gdpdepay"),
    "dump": ("identity", "tfrparse"),
}

SEEDS = range(3)

checks = failures = 0


def claim(what, true, detail=""):
    global checks, failures
    checks += 1
    if not true:
        failures += 1
        print(f"not so: {what}: {detail}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(description):
    return subprocess.Popen([LAUNCH, "-q", *description.split()],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True)


def send(carried, port, source):
    return start(f"{SOUND.format(source=source)} ! {FORMATS[carried][0]} ! "
                 f"tcpserversink host=127.0.0.1 port={port} "
                 "sync-method=latest")


def receive(carried, port):
    return start(f"tcpclientsrc host=127.0.0.1 port={port} ! "
                 f"{FORMATS[carried][1]} ! {DRAW}")


def listens(port):
    """Waits until somebody does."""
    for _ in range(200):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"nobody listens on port {port}")


def end(process, seconds=20):
    """Its status and words; a hang is a status of its own."""
    try:
        words, _ = process.communicate(timeout=seconds)
        return process.returncode, words
    except subprocess.TimeoutExpired:
        process.kill()
        return "hangs", process.communicate()[0]


def has_loopback():
    """Not so where the network is only a name, as in a namespace of its own."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError:
        return False
    return True


def by_itself(status):
    return status in (0, 1)


def sender_is_killed(carried):
    port = free_port()
    sender = send(carried, port, "is-live=true")
    listens(port)
    receiver = receive(carried, port)
    time.sleep(1)
    sender.send_signal(signal.SIGKILL)
    end(sender)
    status, words = end(receiver)
    claim(f"{carried}: a killed sender ends the display", by_itself(status),
          f"{status} {words}")


def receiver_is_killed(carried):
    port = free_port()
    sender = send(carried, port, "is-live=true num-buffers=300")
    listens(port)
    receiver = receive(carried, port)
    time.sleep(1)
    receiver.send_signal(signal.SIGKILL)
    end(receiver)
    status, words = end(sender)
    claim(f"{carried}: the sender plays on when the display is killed",
          status == 0, f"{status} {words}")


def forward_damaged(server, port, seed):
    """From one connection to a server to another, with bytes changed."""
    rand = random.Random(seed)
    there, _ = server.accept()
    with socket.create_connection(("127.0.0.1", port)) as here, there:
        passed = 0
        while data := here.recv(65536):
            data = bytearray(data)
            if passed > 100_000:  # not the caps
                for _ in range(max(1, len(data) // 20_000)):
                    data[rand.randrange(len(data))] ^= 1 << rand.randrange(8)
            passed += len(data)
            try:
                there.sendall(data)
            except OSError:  # the display has had enough
                return


def bytes_are_damaged(carried, seed):
    port = free_port()
    sender = send(carried, port, "is-live=true num-buffers=200")
    listens(port)
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = threading.Thread(target=forward_damaged,
                                 args=(server, port, seed), daemon=True)
        proxy.start()
        receiver = receive(carried, server.getsockname()[1])
        status, words = end(receiver)
    end(sender)
    claim(f"{carried}: damage is met with a sentence or resync (seed {seed})",
          by_itself(status) and (status == 0 or "ERROR" in words),
          f"{status} {words}")
    if carried == "dump":
        claim(f"a dump's reader goes on after damage (seed {seed})",
              status == 0, f"{status} {words}")
    claim(f"{carried}: nothing critical (seed {seed})", "CRITICAL" not in words,
          words)


if not has_loopback():
    print("127.0.0.1 cannot be reached here")
    sys.exit(77)
for carried in FORMATS:
    sender_is_killed(carried)
    receiver_is_killed(carried)
    for seed in SEEDS:
        bytes_are_damaged(carried, seed)
print(f"tally: {len(FORMATS) * (2 + len(SEEDS))} connections cut or damaged")
print(f"{100 * (checks - failures) // checks}%: Checks: {checks}, "
      f"Failures: {failures}, Errors: 0")
sys.exit(failures > 0)
