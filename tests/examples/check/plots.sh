#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
. "$EXAMPLES/check/typed.sh"

/usr/bin/python3 -c 'import matplotlib, numpy' 2>/dev/null || {
  echo "no matplotlib"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export MPLCONFIGDIR="$work"

# Without a dump they say what they do with one.
for plot in 6-points 7-specshow; do
  /usr/bin/python3 "$EXAMPLES/$plot.py" 2>"$work/said" && exit 1
  grep -q "$plot.py x.tfr" "$work/said"
  ! grep -q Traceback "$work/said"
done

gst-launch-1.0 -q audiotestsrc freq=1000 num-buffers=50 ! \
  audio/x-raw,rate=22050 ! tfrreassign ! filesink location="$work/x.tfr"

/usr/bin/python3 "$EXAMPLES/6-points.py" "$work/x.tfr" "$work/6.png"
for scale in mel linear log; do
  /usr/bin/python3 "$EXAMPLES/7-specshow.py" "$work/x.tfr" "$work/7.png" $scale
done

# The matrix has the tone's row for its strongest, in all frames but the edges'.
cd "$work"
PYTHONPATH=$EXAMPLES /usr/bin/python3 - <<'END'
import importlib.util, os, sys
import numpy as np
sys.argv = ["7-specshow.py", "x.tfr", "again.png"]
spec = importlib.util.spec_from_file_location(
    "specshow", os.environ["EXAMPLES"] + "/7-specshow.py")
specshow = importlib.util.module_from_spec(spec)
spec.loader.exec_module(specshow)
D, hz, seconds = specshow.power_matrix("x.tfr")
top = D[:, 3:-3].argmax(axis=0)
assert len(top) > 20 and (hz[top] <= 1000).all() and (hz[top + 1] > 1000).all(), top
END

# The dumps that their heads tell one to make, of a recording with 24 bits.
gst-launch-1.0 -q audiotestsrc num-buffers=50 ! audioconvert ! \
  audio/x-raw,format=S24LE ! wavenc ! filesink location=F
for plot in 6-points 7-specshow; do
  rm x.tfr
  eval "$(typed $plot.py gst-launch-1.0)" >said 2>&1 || { cat said; exit 1; }
  /usr/bin/python3 "$EXAMPLES/$plot.py" x.tfr x.png
done
