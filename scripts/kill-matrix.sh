#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# kill-matrix.sh [BUILD]: runs the whole kill tests (an hour) and writes their outcomes to docs/kill-tests.md.
# With ONECARD_TEST_FULL= (empty) in the environment only what CI runs.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build-test}
out=docs/kill-tests.md
export ONECARD_TEST_FULL="${ONECARD_TEST_FULL-1}"
[ -n "$ONECARD_TEST_FULL" ] || unset ONECARD_TEST_FULL

ninja -C "$build" tests/kill/test-kill
tables=$(mktemp)
log=$(mktemp)
trap 'rm -f "$tables" "$log"' EXIT
export ONECARD_MATRIX="$tables" LC_ALL=C.UTF-8 TZ=Asia/Shanghai
for group in card call away server killed-apdu killed-call; do
    for family in cpu 24c 24c-omnikey 24c64 4442 4442-omnikey; do
        echo "$group $family" >&2
        "$build/tests/kill/test-kill" "$group" "$family" >"$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }
    done
done
{
    cat <<'END'
# What happens when a sale is stopped

Opening an account and a purchase, on a CPU card and on memory cards in both kinds of readers, stopped at every APDU and at
every database call. Then the card is shown again, at the same station or, after the lease, at another branch. In every case these held, or there
would be no table: the card, the meter and the ledger agree; `onecardctl db check` finds nothing; the meter credits what was
paid for, once; what the operator was told as final stayed so; a customer who was sold nothing is sold on the same card.

The cells tell what the operator was told, and what then was so:

- **sold**, **not sold**: final, told at once.
- **unproven, sold** and **unproven, not sold**: the operator was told that the write is listed as unfinished; how it
  ended when the card was shown again.
- **killed, sold** and **killed, not sold**: the program was gone; how it ended when the card was shown again.

END
    printf 'Made by `scripts/kill-matrix.sh` (%s: %s cells) at commit %s.\n\n' \
        "${ONECARD_TEST_FULL:+the whole, each shown again here and at another branch}${ONECARD_TEST_FULL-the part that CI runs}" \
        "$(awk -F'|' '/^\| [0-9]+ /{n += NF - 4} END {print n}' "$tables")" "$(git rev-parse --short=12 HEAD)"
    cat "$tables"
} >"$out"
echo "$out"
