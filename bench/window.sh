#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# window.sh BUILD [RUNS]: the login window beside a bare GTK window: first frame and memory, by turns in one session.
set -eu
cd "$(dirname "$0")/.."
build=$(realpath "$1")
runs=${2:-11}
ninja -C "$build" src/programs/onecard bench/bare-window bench/libfirst-frame.so

D=$(mktemp -d)
chmod 700 "$D"
export XDG_RUNTIME_DIR=$D HOME=$D XDG_CONFIG_HOME=$D/c XDG_DATA_HOME=$D/d XDG_CACHE_HOME=$D/k GSETTINGS_BACKEND=memory
export GDK_BACKEND=x11 GSK_RENDERER=cairo LC_ALL=C.UTF-8
exec {fd}> >(cat >"$D/display")
Xvfb -displayfd "$fd" -screen 0 1280x800x24 -nolisten tcp >"$D/xvfb.log" 2>&1 &
server=$!
trap 'kill $server; rm -rf "$D"' EXIT
until [ -s "$D/display" ]; do sleep 0.05; done
DISPLAY=:$(tr -d '\n' <"$D/display")
export DISPLAY

one() {
    dbus-run-session -- sh -c 'exec env START_NS=$(date +%s%N) LD_PRELOAD="$0" "$@"' "$build/bench/libfirst-frame.so" "$@" 2>/dev/null | grep -E "^[0-9]+ [0-9]+\$"
}
median() {
    sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

for i in $(seq "$runs"); do
    one "$build/bench/bare-window" >>"$D/bare"
    one "$build/src/programs/onecard" --data "$D/data" >>"$D/login"
done
bare_ms=$(cut -d' ' -f1 "$D/bare" | median)
login_ms=$(cut -d' ' -f1 "$D/login" | median)
bare_kb=$(cut -d' ' -f2 "$D/bare" | median)
login_kb=$(cut -d' ' -f2 "$D/login" | median)
awk -v bm="$bare_ms" -v lm="$login_ms" -v bk="$bare_kb" -v lk="$login_kb" -v n="$runs" 'BEGIN {
    printf "%-28s %12s %12s %8s   (median of %d)\n", "", "bare window", "login", "ratio", n
    printf "%-28s %9d ms %9d ms %8.2f   (aim <= 1.2)\n", "first frame", bm, lm, lm / bm
    printf "%-28s %9.1f MB %9.1f MB %8.2f   (aim <= 1.3)\n", "memory after a second", bk / 1024, lk / 1024, lk / bk
}'
