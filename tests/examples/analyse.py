#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One recording, or one piece of it, into a dump of its points: the unit of work
of corpus.sh, a Makefile or a cluster.  You will see nothing, or why it failed.

    analyse.py [--analysis "tfrreassign ..."] [--piece I/N] RECORDING OUT.tfr
    analyse.py --duration RECORDING            (prints seconds)

OUT.tfr is there only when it is whole.  The dumps of the pieces 1/N ... N/N, one
after the other, are byte for byte the dump of the whole: frames lie on one grid
whatever the piece, and each piece is analysed with as much sound around it as its
windows see.  That holds where the container seeks to the sample (wav, flac, not
mp3) and with floors that have no memory (full-scale, frame-peak)."""

import argparse
import os
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstTfr", "1.0")
from gi.repository import Gst, GstTfr

LAUNCH = ("filesrc name=file ! decodebin ! {} name=analysis ! "
          "appsink name=points sync=false max-buffers=64")


def wait(pipeline, kinds, patience=Gst.CLOCK_TIME_NONE):
    message = pipeline.get_bus().timed_pop_filtered(
        patience, kinds | Gst.MessageType.ERROR)
    if message and message.type == Gst.MessageType.ERROR:
        sys.exit(message.parse_error()[0].message)


def prepare(pipeline, path):
    """Until its first batch waits."""
    pipeline.get_by_name("file").props.location = path
    pipeline.set_state(Gst.State.PAUSED)
    wait(pipeline, Gst.MessageType.ASYNC_DONE)


def duration(pipeline):
    found, ns = pipeline.query_duration(Gst.Format.TIME)
    if not found:
        sys.exit("its duration is not known: it cannot be split")
    return ns


def bounds(pipeline, part, parts):
    """First sample of the piece and the first after it, None without limit."""
    rate = info(pipeline).rate
    total = duration(pipeline) * rate // Gst.SECOND
    return (None if part == 1 else total * (part - 1) // parts,
            None if part == parts else total * part // parts)


def info(pipeline):
    pad = pipeline.get_by_name("analysis").get_static_pad("src")
    return GstTfr.Info.new_from_caps(pad.get_current_caps())


def seek(pipeline, begin, end):
    """To what the windows of the piece see, and a batch (at most 20 ms, or one
    hop) more, so that the piece's first batch is whole."""
    about = info(pipeline)
    around = about.window_size + 16 + max(about.hop_size, about.rate // 50)
    # Rounded up, so that decoders that clip to the segment cut whole samples.
    ns = [None if x is None else -(-x * Gst.SECOND // about.rate)
          for x in (begin and max(begin - around, 0), end and end + around)]
    none, to = Gst.SeekType.NONE, Gst.SeekType.SET
    pipeline.seek(1, Gst.Format.TIME, Gst.SeekFlags.FLUSH |
                  Gst.SeekFlags.ACCURATE, to, ns[0] or 0,
                  none if ns[1] is None else to, ns[1] or 0)
    wait(pipeline, Gst.MessageType.ASYNC_DONE)


def write(pipeline, begin, end, out):
    """The batches whose first frame lies in the piece."""
    points = pipeline.get_by_name("points")
    pipeline.set_state(Gst.State.PLAYING)
    while not points.props.eos:
        sample = points.emit("try-pull-sample", Gst.SECOND // 10)
        wait(pipeline, Gst.MessageType.UNKNOWN, 0)
        if not sample:
            continue
        buffer = sample.get_buffer()
        first = GstTfr.BatchView.new(buffer).get_header().first
        if (begin is None or first >= begin) and (end is None or first < end):
            out.write(buffer.extract_dup(0, buffer.get_size()))


def analyse(pipeline, piece, out):
    part, parts = map(int, piece.split("/"))
    begin = end = None
    if parts > 1:
        begin, end = bounds(pipeline, part, parts)
        seek(pipeline, begin, end)
    unfinished = out + ".part"
    with open(unfinished, "wb") as file:
        write(pipeline, begin, end, file)
    os.replace(unfinished, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--analysis", default="tfrreassign")
    parser.add_argument("--piece", default="1/1")
    parser.add_argument("--duration", action="store_true")
    parser.add_argument("recording")
    parser.add_argument("out", nargs="?")
    given = parser.parse_args()

    Gst.init(None)
    pipeline = Gst.parse_launch(LAUNCH.format(given.analysis))
    try:
        prepare(pipeline, given.recording)
        if given.duration:
            print(duration(pipeline) / Gst.SECOND)
        else:
            analyse(pipeline, given.piece, given.out)
    finally:
        pipeline.set_state(Gst.State.NULL)


main()
