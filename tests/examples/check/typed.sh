# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh

# typed EXAMPLE WORD: the command of its head that begins with WORD, as it stands
# there, since that is what one copies into a shell.
typed () {
  awk -v word="$2" '
    { sub (/^( \*)? */, "") }
    index ($0, word " ") == 1 { found = 1 }
    found { print }
    found && !/\\$/ { exit }
    END { exit !found }' "$EXAMPLES/$1"
}
