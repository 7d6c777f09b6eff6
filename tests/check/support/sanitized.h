/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Whether the memory of this process is a sanitizer's, and its time ten times
 * as long. */

#ifndef TFR_TEST_SANITIZED_H
#define TFR_TEST_SANITIZED_H

#ifndef __has_feature /* clang's way to say it */
#define __has_feature(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||           \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

#endif
