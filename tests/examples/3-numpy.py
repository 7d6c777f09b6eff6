#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Points in numpy arrays, read where they lie.  You will see a line for each
batch of a 440 Hz tone: when it begins, and what is strongest in it."""
import gi
import numpy
gi.require_version("Gst", "1.0")
gi.require_version("GstTfr", "1.0")
from gi.repository import Gst, GstTfr

Gst.init(None)
pipeline = Gst.parse_launch("audiotestsrc num-buffers=50 ! tfrreassign ! "
                            "appsink name=points sync=false")
pipeline.set_state(Gst.State.PLAYING)
points = pipeline.get_by_name("points")
while (sample := points.emit("pull-sample")) is not None:
    buffer = sample.get_buffer()
    view = GstTfr.BatchView.new(buffer)
    header = view.get_header()
    with buffer.map(Gst.MapFlags.READ) as memory:
        hz, magnitude = (
            numpy.frombuffer(memory.data, kind, header.n_points,
                             view.get_plane_offset(field))
            for kind, field in (("<f8", GstTfr.Fields.FREQUENCY),
                                ("<f4", GstTfr.Fields.MAGNITUDE)))
        if header.n_points > 0:
            top = magnitude.argmax()
            print(f"{header.first / header.rate:7.4f} s {hz[top]:10.4f} Hz "
                  f"{20 * numpy.log10(magnitude[top]):7.2f} dBFS")
pipeline.set_state(Gst.State.NULL)
