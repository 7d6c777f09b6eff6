/* SPDX-License-Identifier: GPL-2.0-or-later */

/* What the summary of all tests adds up. */

#ifndef TFR_TEST_TALLY_H
#define TFR_TEST_TALLY_H

#include <glib.h>

/* So many of a kind were tried, and nothing was wrong. */
static inline void
tally (gdouble n, const gchar *kind)
{
  g_print ("tally: %.9g %s\n", n, kind);
}

#endif
