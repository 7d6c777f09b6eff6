#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The pictures that the pages show are those that the program makes, but for fonts.
set -eu

for package in sonic-pi-samples supercollider-common; do
  dpkg-query -W $package >/dev/null 2>&1 || { echo "no $package"; exit 77; }
done
/usr/bin/python3 -c 'import numpy' || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

TFR_BUILD=$(cd "$BUILT_EXAMPLES/../.." && pwd) "$EXAMPLES/pictures.sh" "$work"
for shown in "$EXAMPLES"/pictures/*.png; do
  name=$(basename "$shown" .png)
  for picture in "$shown" "$work/$name.png"; do
    gst-launch-1.0 -q filesrc location="$picture" ! pngdec ! videoconvert ! \
      video/x-raw,format=RGB ! filesink location="$work/$name.raw"
    mv "$work/$name.raw" "$work/$name.$(basename "$(dirname "$picture")").raw"
  done
done
/usr/bin/python3 - "$work" <<'END'
import glob, sys
import numpy as np

work = sys.argv[1]
made = sorted(set(glob.glob(work + "/*.raw")) - set(glob.glob(work + "/*.pictures.raw")))
bad = 0
for path in made:
    name = path.split("/")[-1].split(".")[0]
    a, b = (np.fromfile(p, "u1").astype(int)
            for p in (path, f"{work}/{name}.pictures.raw"))
    off = np.abs(a - b).mean() if a.size == b.size else np.inf
    print(f"{name}: {off:.4f} of 255 off on average, at most 1")
    bad += not off <= 1
print(f"{100 * (len(made) - bad) // max(len(made), 1)}%: Checks: {len(made)}, "
      f"Failures: {bad}, Errors: 0")
sys.exit(bad > 0 or len(made) < 8)
END
