#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, runs the tests; the last line counts them. Fails on any failure and any skip.
#   ./test.sh              what CI runs
#   ./test.sh --full       the long matrices too
#   ./test.sh SUITE…       only these of tidy, pure, server, display, reader, fuzz
set -u
cd "$(dirname "$0")"

full=
suites=
for word in "$@"; do
    case "$word" in
        --full) full=1 ;;
        -*) sed -n 's/^# \{0,1\}//p' "$0" | sed -n '2,5p' >&2; exit 2 ;;
        *) suites="$suites --suite $word" ;;
    esac
done

build=build-test
started=$(date +%s)

give_up() {
    echo "$1" >&2
    echo '0 passed, 1 failed, 0 skipped'
    exit 1
}

sh scripts/packages.sh test || give_up 'Packages are missing.'
[ -f "$build/build.ninja" ] || meson setup "$build" -Dwerror=true --buildtype=debugoptimized ||
    { rm -rf "$build"; give_up 'The build could not be set up.'; }
ninja -C "$build" || give_up 'The build failed.'

# A rehearsal on a desktop must not see its display, its session or its language.
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS G_MESSAGES_DEBUG LANGUAGE LC_ALL
export LANG=C.UTF-8 TZ=Asia/Shanghai
[ -z "$full" ] || export ONECARD_TEST_FULL=1

rm -f "$build/meson-logs/testlog.json"
# shellcheck disable=SC2086
meson test -C "$build" --no-rebuild --print-errorlogs ${full:+--timeout-multiplier 20} $suites
echo "$(($(date +%s) - started)) s"
exec /usr/bin/python3 tests/summary.py "$build/meson-logs/testlog.json"
