/* SPDX-License-Identifier: GPL-2.0-or-later */

/* LeakSanitizer is blind while the shared libraries are initialized: what GLib's
 * constructors allocate is out of sight once it has grown, since a table of names
 * is replaced and never freed.  A suppression would need its stack unwound, in
 * code without frame pointers, which takes the tests five times as long. */

#if defined __has_feature
#if __has_feature(address_sanitizer)
#define HAS_LSAN
#endif
#elif defined __SANITIZE_ADDRESS__
#define HAS_LSAN
#endif

#ifdef HAS_LSAN

#include <sanitizer/lsan_interface.h>

/* These come before the libraries' constructors. */
__attribute__ ((section (".preinit_array"), used)) static void (
    *const before) (void) = __lsan_disable;

/* And this after them. */
__attribute__ ((constructor)) static void
after (void)
{
  __lsan_enable ();
}

#else
typedef int NothingToDo; /* a file must hold something */
#endif
