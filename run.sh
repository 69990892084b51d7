#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, opens the demo.
#   ./run.sh [OPTION OF onecard …]   the window, with a tray of simulated cards and meters
#   ./run.sh --headless              without a window (also when there is no display): the story of the manual in
#                                    text, every figure checked; the receipts are left in story/ as PDF
set -eu
cd "$(dirname "$0")"

headless=
case "${1-}" in
    --headless) headless=1; shift ;;
    -h|--help) sed -n 's/^# \{0,1\}//p' "$0" | sed -n '2,6p'; exit 0 ;;
esac
[ -n "${DISPLAY-}${WAYLAND_DISPLAY-}" ] || headless=1

build=build
log=$build.log
quietly() {
    "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; echo "This failed: $*; the whole output is in $log." >&2; exit 1; }
}

sh scripts/packages.sh run
if [ ! -f "$build/build.ninja" ]; then
    echo 'Building, which takes a minute the first time.'
    quietly meson setup "$build" --prefix "$PWD/$build/installed" --buildtype=debugoptimized
fi
quietly ninja -C "$build" all
quietly meson install -C "$build" --no-rebuild --only-changed
rm -f "$log"

programs=$build/installed/bin
if [ -n "$headless" ]; then
    case "$(locale charmap 2>/dev/null)" in
        UTF-8) ;;
        *) export LC_ALL=C.UTF-8 ;;
    esac
    exec /usr/bin/python3 scripts/story.py "$programs" story
fi
exec "$programs/onecard" --demo "$@"
