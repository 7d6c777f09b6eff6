/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "planes.h"

#include <stdlib.h>
#include <string.h>

bool
reassign_planes_init (ReassignPlanes *p, unsigned fields, size_t n)
{
  const struct {
    unsigned field;
    void **plane;
    size_t size;
  } all[] = {
    { REASSIGN_FIELD_TIME, (void **) &p->time, sizeof *p->time },
    { REASSIGN_FIELD_FREQUENCY, (void **) &p->frequency, sizeof *p->frequency },
    { REASSIGN_FIELD_MAGNITUDE, (void **) &p->magnitude, sizeof *p->magnitude },
    { REASSIGN_FIELD_PHASE, (void **) &p->phase, sizeof *p->phase },
    { REASSIGN_FIELD_MIXED, (void **) &p->mixed, sizeof *p->mixed },
    { REASSIGN_FIELD_CHIRP_RATE, (void **) &p->chirp_rate,
        sizeof *p->chirp_rate },
    { REASSIGN_FIELD_AGREEMENT, (void **) &p->agreement, sizeof *p->agreement },
    { REASSIGN_FIELD_BIN, (void **) &p->bin, sizeof *p->bin },
  };

  memset (p, 0, sizeof *p);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    if (!(fields & all[i].field))
      continue;
    *all[i].plane = calloc (n, all[i].size);
    if (*all[i].plane == NULL)
      return false;
  }
  return true;
}

void
reassign_planes_clear (ReassignPlanes *p)
{
  free (p->time);
  free (p->frequency);
  free (p->magnitude);
  free (p->phase);
  free (p->mixed);
  free (p->chirp_rate);
  free (p->agreement);
  free (p->bin);
  memset (p, 0, sizeof *p);
}

void
reassign_planes_view (
    const ReassignPlanes *p, ReassignFrame *frame, int64_t sample, size_t n)
{
  frame->sample = sample;
  frame->n_points = n;
  frame->time = p->time;
  frame->frequency = p->frequency;
  frame->magnitude = p->magnitude;
  frame->phase = p->phase;
  frame->mixed = p->mixed;
  frame->chirp_rate = p->chirp_rate;
  frame->agreement = p->agreement;
  frame->bin = p->bin;
}
