#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How well each consensus tells components from noise, through the element:
of the points within 60 dB of the loudest, precision is the share of the kept
that lie within tolerance of a component, recall the share of those within
tolerance that are kept; both by energy and by number, means of three seeds."""

import numpy as np

import batches
import mixes
import report

MIXES = {
    "A": (mixes.mix_a, {"window": "nuttall", "window_size": 512, "hop_size": 64,
                        "fft_size": 1024}),
    "B": (mixes.mix_b, {"window": "nuttall", "window_size": 1024,
                        "hop_size": 128, "fft_size": 2048}),
}
LINE = {"consensus": "line"}
STRICT = {"consensus": "line", "consensus_frames": 2}
SOFT = {"consensus": "line", "consensus_threshold": 0.6}
MIXED = {"consensus": "mixed"}
RANK1 = {"consensus": "rank1"}
LESS = 0.02  # than was measured when the method was chosen

# mix, method, dB: precision and recall by energy, precision and recall by number
MEASURED = [
    ("A", "line", LINE, 200, (0.999, 0.965, 0.926, 0.963)),
    ("A", "line", LINE, 20, (0.999, 0.953, 0.799, 0.731)),
    ("A", "line", LINE, 10, (0.994, 0.882, 0.710, 0.562)),
    ("A", "line", LINE, 0, (0.919, 0.603, 0.498, 0.331)),
    ("A", "line, strict", STRICT, 200, (1.00, 0.939, 0.927, 0.949)),
    ("A", "line, strict", STRICT, 20, (1.00, 0.917, 0.977, 0.663)),
    ("A", "line, strict", STRICT, 10, (0.999, 0.767, 0.964, 0.409)),
    ("A", "line, strict", STRICT, 0, (0.987, 0.304, 0.873, 0.141)),
    ("A", "line, soft", SOFT, 200, (0.999, 0.982, 0.926, 0.976)),
    ("A", "line, soft", SOFT, 20, (0.996, 0.976, 0.457, 0.822)),
    ("A", "line, soft", SOFT, 10, (0.973, 0.940, 0.363, 0.701)),
    ("A", "line, soft", SOFT, 0, (0.753, 0.783, 0.224, 0.517)),
    ("B", "line", LINE, 200, (None, 0.962, None, None)),
    ("B", "line", LINE, 20, (0.997, 0.947, 0.844, 0.653)),
    ("B", "line", LINE, 10, (0.990, 0.868, 0.718, 0.423)),
    ("B", "line", LINE, 0, (0.917, 0.587, 0.438, 0.195)),
    ("A", "mixed", MIXED, 200, (0.998, 0.972, 0.918, 0.902)),
    ("A", "mixed", MIXED, 20, (0.994, 0.958, 0.272, 0.764)),
    ("A", "mixed", MIXED, 10, (0.958, 0.909, 0.211, 0.692)),
    ("A", "mixed", MIXED, 0, (0.654, 0.725, 0.127, 0.541)),
    ("A", "rank1", RANK1, 200, (0.999, 0.947, 0.929, 0.955)),
    ("A", "rank1", RANK1, 20, (0.997, 0.899, 0.416, 0.588)),
    ("A", "rank1", RANK1, 10, (0.974, 0.751, 0.302, 0.450)),
    ("A", "rank1", RANK1, 0, (0.680, 0.420, 0.152, 0.268)),
]
ROWS = ("precision by energy", "recall by energy", "precision by number",
        "recall by number")


def near(points, truth):
    """Within tolerance of a component."""
    hz = mixes.RATE / points["header"]["window_size"]
    return mixes.distance(points["time"], points["frequency"], truth, hz) <= 1


def score(mix, method, snr, seed, cache={}):
    make, sizes = MIXES[mix]
    x, truth = make(seed, snr)
    if (mix, snr, seed) not in cache:
        cache[mix, snr, seed] = batches.analyse(x, mixes.RATE, **sizes)
    base = cache[mix, snr, seed]
    kept = batches.analyse(x, mixes.RATE, **sizes, **method)
    least = base["magnitude"].max() * 1e-3
    out = []
    for power in (2, 0):
        right, all_kept, had = (
            np.sum(p["magnitude"][use].astype(float) ** power)
            for p, use in (
                (kept, (kept["magnitude"] > least) & near(kept, truth)),
                (kept, kept["magnitude"] > least),
                (base, (base["magnitude"] > least) & near(base, truth))))
        out += [right / all_kept, right / had]
    return out


for mix, name, method, snr, measured in MEASURED:
    got = np.mean([score(mix, method, snr, seed) for seed in (1, 2, 3)], axis=0)
    level = "clean" if snr >= mixes.CLEAN else f"{snr} dB"
    for row, value, was in zip(ROWS, got, measured):
        what = f"mix {mix}, {level}, {name}: {row}"
        if was is None:
            print(f"{what:58} {value:10.4g}")
        else:
            report.at_least(value, was - LESS, what)
report.finish()
