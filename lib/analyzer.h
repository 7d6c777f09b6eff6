/* SPDX-License-Identifier: GPL-2.0-or-later */

#ifndef REASSIGN_ANALYZER_H
#define REASSIGN_ANALYZER_H

#include "kernel.h"

/* With this version of the kernel; NULL: the fastest.  For tests. */
ReassignAnalyzer *reassign_analyzer_new_with (const ReassignConfig *config,
    const ReassignKernel *kernel, const char **error);

#endif
