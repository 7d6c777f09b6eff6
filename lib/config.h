/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef REASSIGN_CONFIG_H
#define REASSIGN_CONFIG_H

#include "reassign.h"

/* Puts the defaults where there are zeros and checks every range.  NULL, or the
 * sentence that says what is wrong. */
const char *reassign_config_complete (ReassignConfig *config);

/* Whether neighbours vote on each point, for the field or for the consensus. */
bool reassign_config_votes (const ReassignConfig *config);

#endif
