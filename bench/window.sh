#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# window.sh BUILD [RUNS]: first frame and memory of the login window, by turns in one session beside
#   - a bare GTK window as GTK opens it (drawn by cairo: with its GL renderer it is far slower here), and the same without GL;
#   - a window with the login's widgets and fonts, and nothing else, without GL like the login: what is GTK's own share.
# The login is that of a station of a shared server: what a counter sees every morning.
set -eu
cd "$(dirname "$0")/.."
build=$(realpath "$1")
runs=${2:-11}
ninja -C "$build" src/programs/onecard bench/bare-window bench/libfirst-frame.so

D=$(mktemp -d)
chmod 700 "$D"
export XDG_RUNTIME_DIR=$D HOME=$D XDG_CONFIG_HOME=$D/c XDG_DATA_HOME=$D/d XDG_CACHE_HOME=$D/k GSETTINGS_BACKEND=memory
export GDK_BACKEND=x11 LC_ALL=C.UTF-8
mkdir -p "$D/c/onecard"
printf '[head]\ntitle=Head office\nuri=host=%s dbname=onecard\n' "$D" >"$D/c/onecard/profiles.ini"
exec {fd}> >(cat >"$D/display")
Xvfb -displayfd "$fd" -screen 0 1280x800x24 -nolisten tcp >"$D/xvfb.log" 2>&1 &
server=$!
trap 'kill $server; rm -rf "$D"' EXIT
until [ -s "$D/display" ]; do sleep 0.05; done
DISPLAY=:$(tr -d '\n' <"$D/display")
export DISPLAY

# one NAME VARIABLE=VALUE... PROGRAM...: a run whose two figures are noted under NAME.
one() {
    local name=$1
    shift
    dbus-run-session -- sh -c 'exec env START_NS=$(date +%s%N) LD_PRELOAD="$0" "$@"' "$build/bench/libfirst-frame.so" "$@" 2>/dev/null |
        grep -E "^[0-9]+ [0-9]+\$" >>"$D/$name"
}
median() {
    cut -d' ' -f"$2" "$D/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
# line NAME WORDS
line() {
    awk -v words="$2" -v ms="$(median "$1" 1)" -v kb="$(median "$1" 2)" -v bare_ms="$(median bare 1)" -v bare_kb="$(median bare 2)" \
        'BEGIN { printf "%-36s %7d ms %6.2f %9.1f MB %6.2f\n", words, ms, ms / bare_ms, kb / 1024, kb / bare_kb }'
}

for i in $(seq "$runs"); do
    one bare GSK_RENDERER=cairo "$build/bench/bare-window"
    one bare-no-gl GSK_RENDERER=cairo GDK_DEBUG=gl-disable "$build/bench/bare-window"
    one widgets GSK_RENDERER=cairo GDK_DEBUG=gl-disable "$build/bench/bare-window" --login-widgets
    one login "$build/src/programs/onecard" --profile head
done
printf '%-36s %10s %6s %12s %6s   (median of %d)\n' "" "first frame" ratio "after 1 s" ratio "$runs"
line bare "bare window"
line bare-no-gl "bare window, without GL"
line widgets "the login's widgets, without GL"
line login "login (aim <= 1.2 and <= 1.3)"
