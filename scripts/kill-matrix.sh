#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# kill-matrix.sh TABLES: writes docs/kill-tests.md from the outcomes of the whole kill tests, which
#     ONECARD_MATRIX=$PWD/TABLES ./test.sh --full
# appends to that file in the order in which the tests end.
set -eu
tables=$(realpath "$1")
cd "$(dirname "$0")/.."
out=docs/kill-tests.md

sorted=$(mktemp)
trap 'rm -f "$sorted"' EXIT
awk 'BEGIN { RS = "### " } NR > 1 { gsub("\n", "\001"); print "### " $0 }' "$tables" | LC_ALL=C sort | tr '\001' '\n' >"$sorted"
{
    cat <<'END'
# What happens when an act is stopped

Opening an account and a purchase, on cards of every layout and in both kinds of readers, and every other card act, on a card of
each family, stopped at every APDU and at every database call. Then the card is shown again, at the same station or, after the
lease, at another branch. In every case these held, or there would be no table: the card, the meter and the ledger agree;
`onecardctl db check` finds nothing; the meter credits what was paid for, once; what the operator was told as final stayed so; what
was not done is done on the same card afterwards.

The cells tell what the operator was told, and what then was so:

- **sold**, **not sold**, of other acts **done**, **not done**: final, told at once.
- **unproven, …**: the operator was told that the write is listed as unfinished; how it
  ended when the card was shown again.
- **killed, …**: the program was gone; how it ended when the card was shown again.

END
    printf 'Made by `scripts/kill-matrix.sh` (%s cells, each shown again here and at another branch) at commit %s.\n\n' \
        "$(awk -F'|' '/^\| [0-9]+ /{n += NF - 4} END {print n}' "$sorted")" "$(git rev-parse --short=12 HEAD)"
    cat "$sorted"
} >"$out"
echo "$out"
