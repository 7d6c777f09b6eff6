#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Points over a socket between two programs, of which one is killed or joins
late, or whose bytes are damaged on the way: what came whole is drawn, and nobody
ends by a signal that was not sent to him.

Run by meson, which says where the elements are.  TFR_TEST_FULL=1 damages more.
"""

import atexit
import collections
import itertools
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

LAUNCH = "gst-launch-1.0"
RATE = 48000
SOUND = ("audiotestsrc wave=pink-noise samplesperbuffer=480 is-live=true ! "
         f"audio/x-raw,format=F32LE,rate={RATE},channels=1 ! "
         "tfrreassign magnitude-floor=-60")
FPS = 30
SIZE = 64 * 48
DRAW = ("tee name=t ! filesink async=false buffer-mode=unbuffered "
        "location={path}.tfr t. ! tfrrender ! "
        f"video/x-raw,format=GRAY8,width=64,height=48,framerate={FPS}/1 ! "
        "filesink async=false buffer-mode=unbuffered location={path}.gray")
FORMATS = {  # how batches are carried: by the sender, and at the receiver
    "gdp": ("gdppay", "gdpdepay"),
    "dump": ("identity", "tfrparse"),
}
MAGIC = b"\x89TFR\r\n\x1a\n"

SEEDS = range(30 if os.getenv("TFR_TEST_FULL") else 3)
PATIENCE = 20  # s, on a busy machine
SOME = 20  # frames
SPOTLESS = 100_000  # bytes: the caps, and some batches
ENOUGH = 3_000_000  # bytes

work = tempfile.TemporaryDirectory()
numbers = itertools.count()
checks = failures = 0


def claim(what, true, detail=""):
    global checks, failures
    checks += 1
    if not true:
        failures += 1
        print(f"not so: {what}: {detail}")


def batches(stream):
    """The whole ones in these bytes."""
    pieces = (MAGIC + piece for piece in stream.split(MAGIC)[1:])
    return [piece[:size] for piece in pieces if len(piece) >= 16
            and len(piece) >= (size := struct.unpack_from("<I", piece, 12)[0])]


def extent(batch):
    """Where it begins and ends, in samples."""
    return (struct.unpack_from("<q", batch, 40)[0],
            struct.unpack_from("<q", batch, 64)[0])


class Program:
    """A pipeline in a process of its own."""

    def __init__(self, description):
        self.process = subprocess.Popen(
            [LAUNCH, "-q", "-e", *description.split()], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        atexit.register(self.process.kill)  # of what a failure leaves behind

    def kill(self):
        self.process.send_signal(signal.SIGKILL)

    def until(self, holds, what):
        """Waits for that; there is nothing to test without it."""
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end or self.process.poll() is not None:
                self.kill()
                sys.exit(f"no {what}: {self.end()}")
            time.sleep(0.02)

    def end(self):
        """Its status and words; a hang is a status of its own."""
        try:
            words, _ = self.process.communicate(timeout=PATIENCE)
            return self.process.returncode, words
        except subprocess.TimeoutExpired:
            self.kill()
            return "hangs", self.process.communicate()[0]


class Sender(Program):
    def __init__(self, carried):
        self.port = free_port()
        super().__init__(f"{SOUND} ! {FORMATS[carried][0]} ! "
                         f"tcpserversink host=127.0.0.1 port={self.port}")
        self.until(lambda: is_heard(self.port), f"server on {self.port}")

    def stop(self):
        """As at the end of the sound."""
        self.process.send_signal(signal.SIGINT)


class Display(Program):
    def __init__(self, carried, port):
        self.path = f"{work.name}/{next(numbers)}"
        super().__init__(f"tcpclientsrc host=127.0.0.1 port={port} ! "
                         f"{FORMATS[carried][1]} ! "
                         f"{DRAW.format(path=self.path)}")

    def batches(self):
        with open(self.path + ".tfr", "rb") as dump:
            return batches(dump.read())

    def n_frames(self):
        path = self.path + ".gray"
        return os.path.getsize(path) // SIZE if os.path.exists(path) else 0

    def draws(self):
        """Waits until it does: then there is something to cut."""
        self.until(lambda: self.n_frames() >= SOME, f"{SOME} frames")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def is_heard(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def has_loopback():
    """Not so where the network is only a name, as in a namespace of its own."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError:
        return False
    return True


def claim_end(who, program, expected=0):
    """It ends like this, and has nothing to complain of."""
    status, words = program.end()
    claim(f"{who} ends with {expected}", status == expected,
          f"{status} {words}")
    claim(f"{who} has no error", "ERROR" not in words
          and "CRITICAL" not in words, words)


def claim_all_drawn(who, display):
    """Batches without a hole, and the frames that they are long enough for."""
    came = [extent(batch) for batch in display.batches()]
    holes = sum(end != first for (_, end), (first, _) in zip(came, came[1:]))
    claim(f"{who} has batches without a hole", came and not holes,
          f"{len(came)} batches, {holes} holes")
    if came:
        frames = -(-(came[-1][1] - came[0][0]) * FPS // RATE)
        claim(f"{who} draws all that came", display.n_frames() == frames,
              f"{display.n_frames()} frames, should be {frames}")


def sender_is_killed(carried):
    sender = Sender(carried)
    display = Display(carried, sender.port)
    display.draws()
    sender.kill()
    claim_end(f"{carried}: a killed sender", sender, -signal.SIGKILL)
    claim_end(f"{carried}: the display of a killed sender", display)
    claim_all_drawn(f"{carried}: the display of a killed sender", display)


def display_is_killed(carried):
    """The sender does not notice; the next display shows it."""
    sender = Sender(carried)
    display = Display(carried, sender.port)
    display.draws()
    display.kill()
    claim_end(f"{carried}: a killed display", display, -signal.SIGKILL)
    other = Display(carried, sender.port)
    other.draws()
    sender.stop()
    claim_end(f"{carried}: the sender to a killed display", sender)
    claim_end(f"{carried}: the display after a killed one", other)
    claim_all_drawn(f"{carried}: the display after a killed one", other)


def display_joins_late(carried):
    """It has, to the byte, what the other one has from then on."""
    sender = Sender(carried)
    display = Display(carried, sender.port)
    display.draws()
    late = Display(carried, sender.port)
    late.draws()
    sender.stop()
    claim_end(f"{carried}: the sender to a late display", sender)
    claim_end(f"{carried}: the display before a late one", display)
    claim_end(f"{carried}: a late display", late)
    claim_all_drawn(f"{carried}: the display before a late one", display)
    claim_all_drawn(f"{carried}: a late display", late)
    there, here = display.batches(), late.batches()
    missed = there.index(here[0]) if here and here[0] in there else 0
    claim(f"{carried}: a late display begins in the middle", missed > 0,
          f"with batch {missed} of {len(there)}")
    claim(f"{carried}: a late display has what the other has",
          here == there[missed:missed + len(here)], f"{len(here)} batches")


def criticals_of_gdpdepay():
    """What it says by itself of caps that damage has left unfixed: it gives them
    to gst_pad_set_caps all the same, which nothing of ours behind it calls."""
    fixed, loose = b"n=(int)10", b"n=[1,100]"
    stream = subprocess.run(
        [LAUNCH, "-q", *("fakesrc num-buffers=1 ! application/x-test,n=10 ! "
                         "gdppay ! fdsink").split()],
        stdout=subprocess.PIPE, check=True).stdout
    claim("gdppay writes caps", stream.count(fixed) == 1, stream)
    end = subprocess.run(
        [LAUNCH, "-q", *"fdsrc ! gdpdepay ! fakesink".split()],
        input=stream.replace(fixed, loose), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    return {line.split(": ", 3)[3] for line in end.stdout.decode().splitlines()
            if "CRITICAL" in line}


def criticals(words, but):
    return [line for line in words.splitlines() if "CRITICAL" in line
            and not line.endswith(tuple(but))]


def flip(rand, data, at):
    data[at] ^= 1 << rand.randrange(8)


def drop(rand, data, at):
    del data[at:at + rand.randint(1, 2000)]


def insert(rand, data, at):
    data[at:at] = rand.randbytes(rand.randint(1, 2000))


class Damager:
    """From one connection to a server to another, with bytes changed."""

    def __init__(self, port, damage, seed):
        self.came, self.went, self.n_damaged = bytearray(), bytearray(), 0
        self.damage, self.rand = damage, random.Random(seed)
        self.next = SPOTLESS
        self.apart = 20_000 << seed % 3  # bytes, on average
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(PATIENCE)
        self.port = self.server.getsockname()[1]
        self.thread = threading.Thread(target=self.forward, args=(port,),
                                       daemon=True)
        self.thread.start()

    def forward(self, port):
        there, _ = self.server.accept()
        with socket.create_connection(("127.0.0.1", port)) as here, there:
            while data := here.recv(65536):
                self.came += data
                data = self.damaged(bytearray(data))
                try:
                    there.sendall(data)
                except OSError:  # the display has had enough
                    return
                self.went += data

    def damaged(self, data):
        begin = len(self.came) - len(data)
        places = []
        while self.next < len(self.came):
            places.append(self.next - begin)
            self.next += self.rand.randint(1, 2 * self.apart)
        for at in reversed(places):
            self.damage(self.rand, data, at)
        self.n_damaged += len(places)
        return data

    def has_passed(self, n_bytes):
        """So many, or all that anybody takes."""
        return len(self.came) >= n_bytes or not self.thread.is_alive()

    def end(self):
        self.thread.join()
        self.server.close()


def bytes_are_damaged(carried, damage, seed, known):
    """How it ends for the display, which says nothing critical that is not known.
    """
    case = f"{carried}, {damage.__name__} {seed}"
    sender = Sender(carried)
    damager = Damager(sender.port, damage, seed)
    display = Display(carried, damager.port)
    sender.until(lambda: damager.has_passed(ENOUGH), f"{ENOUGH} bytes")
    sender.stop()
    status, words = display.end()
    damager.end()
    claim_end(f"{case}: the sender", sender)

    came, went = batches(damager.came), set(batches(damager.went))
    whole = [batch for batch in came if batch in went]
    spotless = batches(damager.came[:SPOTLESS])
    received = set(display.batches())
    n_lost = sum(batch not in received for batch in whole)
    claim(f"{case}: bytes are damaged", damager.n_damaged > 0
          and len(whole) < len(came),
          f"{damager.n_damaged} places, {len(whole)} of {len(came)} whole")
    claim(f"{case}: batches arrive before the damage", spotless
          and received.issuperset(spotless), f"{len(spotless)} were sent")
    claim(f"{case}: nothing critical", not criticals(words, known), words)
    if status != 0:
        claim(f"{case}: the display ends with a sentence",
              status == 1 and "ERROR" in words, f"{status} {words}")
        return "ended with a sentence"
    if carried == "gdp" and damage != flip:
        # gdpdepay believes what it takes for a header, and waits for gigabytes
        return "waited in vain"
    claim(f"{case}: what comes whole after the damage arrives",
          len(whole) > len(spotless) and n_lost == 0,
          f"{n_lost} of {len(whole)} batches are lost")
    return "went on"


if not has_loopback():
    print("127.0.0.1 cannot be reached here")
    sys.exit(77)
ends = collections.Counter()
for carried in FORMATS:
    sender_is_killed(carried)
    display_is_killed(carried)
    display_joins_late(carried)
    known = criticals_of_gdpdepay() if carried == "gdp" else set()
    for damage in flip, drop, insert:
        here = collections.Counter(
            bytes_are_damaged(carried, damage, seed, known) for seed in SEEDS)
        claim(f"a dump's display goes on after each {damage.__name__}",
              carried != "dump" or set(here) == {"went on"}, here)
        ends += here
print(f"tally: {ends.total() + 2 * len(FORMATS)} connections cut or damaged")
for how, n in ends.items():
    print(f"tally: {n} damaged connections {how}")
print(f"tally: {len(FORMATS)} displays that joined late")
print(f"{100 * (checks - failures) // checks}%: Checks: {checks}, "
      f"Failures: {failures}, Errors: 0")
sys.exit(failures > 0)
