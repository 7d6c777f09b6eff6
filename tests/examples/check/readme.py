# SPDX-License-Identifier: GPL-2.0-or-later
"""What the README tells one to type."""

import os
import re

PATH = os.path.join(os.environ["EXAMPLES"], "..", "..", "README.md")


def section(title):
    """The text under the heading of this title."""
    with open(PATH) as file:
        text = file.read()
    return re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^## |\Z)", text,
                     re.M | re.S).group(1)


def rows(text):
    """The cells of a table's rows, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")]
            for line in lines[2:]]


def commands(text):
    """The commands in `quotes`."""
    return re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
