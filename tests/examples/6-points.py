#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
r"""The points of a recording as a scatter plot by matplotlib.  You will see each
point where its energy is, coloured by its level: in x.png where a second name is
given, else in a window.

    gst-launch-1.0 filesrc location=F ! decodebin ! \
      tfrreassign channel-mode=mix magnitude-floor=-80 ! filesink location=x.tfr
    tests/examples/6-points.py x.tfr [x.png]"""

import sys

import matplotlib

if len(sys.argv) < 2:
    sys.exit(__doc__)
if len(sys.argv) > 2:
    matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np

import tfr

points = tfr.read(sys.argv[1])
weakest_first = np.argsort(points["magnitude"])
time, hz, magnitude = (points[name][weakest_first]
                       for name in ("time", "frequency", "magnitude"))

figure, axes = plt.subplots(figsize=(12, 6), layout="constrained")
dots = axes.scatter(time, hz, s=1.5, c=20 * np.log10(magnitude),
                    cmap="inferno", linewidths=0)
axes.set(yscale="log", ylim=(50, hz.max()), xlabel="time, s",
         ylabel="frequency, Hz", facecolor="black")
figure.colorbar(dots, label="dBFS")
if len(sys.argv) > 2:
    figure.savefig(sys.argv[2], dpi=100)
    print(f"{len(time)} points in {sys.argv[2]}")
else:
    plt.show()
