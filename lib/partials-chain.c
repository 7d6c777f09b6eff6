/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The frames that are held, and the way along a partial through them. */

#include "partials.h"

#include <stdlib.h>

ReassignPeakFrame *
reassign_peak_frame (const ReassignPeakFrames *f, size_t i)
{
  return &f->ring[(f->start + i) % f->length];
}

bool
reassign_peaks_walk (
    const ReassignPeakFrames *f, size_t *i, uint32_t *k, int frames)
{
  size_t at = *i, held = f->n_past + f->n_ahead;
  uint32_t peak = *k;
  bool forward = frames > 0, moved = false;

  for (size_t left = (size_t) abs (frames);;) {
    const ReassignPeak *p = &reassign_peak_frame (f, at)->peaks[peak];

    peak = forward ? p->next : p->prev;
    if (peak == REASSIGN_NO_PEAK || (forward ? at + 1 == held : at == 0))
      return moved;
    at = forward ? at + 1 : at - 1;
    if (left > 0)
      left--;
    if (reassign_peak_frame (f, at)->peaks[peak].missing == 0) {
      *i = at;
      *k = peak;
      moved = true;
      if (left == 0)
        return true;
    }
  }
}
