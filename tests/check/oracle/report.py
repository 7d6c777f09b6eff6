# SPDX-License-Identifier: GPL-2.0-or-later
"""Bars that are held or not; every one is printed and counted."""

import sys

checks = failures = 0


def at_most(value, bar, what):
    global checks, failures
    good = value <= bar  # NaN is not
    checks += 1
    failures += not good
    print(f"{what:58} {value:10.3g} at most {bar:10.3g}{'' if good else '  ABOVE'}")


def at_least(value, bar, what):
    global checks, failures
    good = value >= bar
    checks += 1
    failures += not good
    print(f"{what:58} {value:10.4g} at least {bar:9.4g}{'' if good else '  BELOW'}")


def holds(good, what):
    global checks, failures
    checks += 1
    failures += not good
    print(f"{what}: {'yes' if good else 'NO'}")


def finish():
    share = 100 * (checks - failures) // max(checks, 1)
    print(f"{share}%: Checks: {checks}, Failures: {failures}, Errors: 0")
    sys.exit(failures > 0 or checks == 0)
