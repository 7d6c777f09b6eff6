#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The README's tables name every property that there is and no other; what its
pages link to is there; its C compiles."""

import os
import re
import subprocess
import sys

import readme

try:
    import gi
    gi.require_version("Gst", "1.0")
    from gi.repository import Gst
except (ImportError, ValueError):
    sys.exit(77)

ROOT = os.path.dirname(readme.PATH)
PAGES = [readme.PATH] + [os.path.join(os.environ["EXAMPLES"], name)
                         for name in ("choosing.md", "numbers.md")]
failures = checks = 0


def check(claim, wrong):
    global failures, checks
    checks += 1
    if wrong:
        failures += 1
        print(f"fails: {claim}: {wrong}")


def properties(element):
    """Its own, and qos where it is of use: where it is on by default."""
    made = Gst.ElementFactory.make(element)
    return {spec.name for spec in made.list_properties()
            if spec.owner_type.name.startswith("GstTfr")
            or spec.name == "qos" and made.props.qos}


def elements():
    for feature in Gst.Registry.get().get_feature_list_by_plugin("tfr"):
        if isinstance(feature, Gst.ElementFactory):
            yield feature.get_name()


def sections():
    """What each element's section's table names."""
    with open(readme.PATH) as file:
        text = file.read()
    for title, body in re.findall(r"^### (tfr.*?): .*?\n(.*?)(?=^##)", text,
                                  re.M | re.S):
        named = {name for cells in readme.rows(body)
                 for name in cells[0].split(", ")}
        yield title.split(", "), named


def check_properties():
    described = set()
    for names, named in sections():
        described.update(names)
        has = set().union(*map(properties, names))
        check(f"the table of {', '.join(names)}", has ^ named)
    check("elements without a section", set(elements()) ^ described)


def anchors(path):
    """What headings are called in links: small letters, hyphens for spaces."""
    with open(path) as file:
        for title in re.findall(r"^#+ (.*)", file.read(), re.M):
            yield re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def is_dead(link, page):
    path, _, anchor = link.partition("#")
    target = os.path.join(os.path.dirname(page), path) if path else page
    return not os.path.exists(target) or (
        anchor and anchor not in anchors(target))


def check_links():
    for page in PAGES:
        with open(page) as file:
            links = re.findall(r"\]\(([^)]+)\)", file.read())
        check(f"links of {os.path.basename(page)}",
              [link for link in links if is_dead(link, page)])


def check_c():
    with open(readme.PATH) as file:
        loop = re.search(r"```c\n(.*?)```", file.read(), re.S).group(1)
    program = f"""#include <reassign.h>
        extern size_t read_samples (double *, size_t);
        extern void use (double, double, float);
        void f (void);
        void f (void) {{
          double samples[4096]; size_t n; const char *error;
          ReassignFrame frame;
          {loop}
        }}"""
    done = subprocess.run(
        ["cc", "-Wall", "-Wextra", "-Werror", "-I" + os.path.join(ROOT, "lib"),
         "-fsyntax-only", "-x", "c", "-"], input=program, text=True,
        capture_output=True)
    check("the C of the README compiles", done.stderr)


Gst.init(None)
check_properties()
check_links()
check_c()
print(f"{100 * (checks - failures) // checks}%: Checks: {checks}, "
      f"Failures: {failures}, Errors: 0")
sys.exit(failures > 0)
