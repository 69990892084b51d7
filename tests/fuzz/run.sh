#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh TARGET BUILD [SECONDS]: builds the fuzz target with clang in folder BUILD and runs it so long (20 s). Fails on a finding,
# which is left in BUILD/findings; what was learned stays in BUILD/corpus.
set -eu
target=$1
build=$2
seconds=${3:-20}
source=$(cd "$(dirname "$0")/../.." && pwd)

mkdir -p "$build/findings" "$build/corpus/$target"
(
    flock 9
    [ -f "$build/build.ninja" ] || CC=clang meson setup "$build" "$source" -Dfuzz=true -Dserver_tests=false -Ddisplay_tests=false \
        -Dreader_tests=false -Dwerror=false -Db_sanitize=address,undefined -Db_lundef=false
    ninja -C "$build" "tests/fuzz/fuzz-$target"
) 9>"$build/lock" >"$build/build-$target.log" 2>&1 || { tail -n 30 "$build/build-$target.log" >&2; exit 1; }

[ "$target" != soak ] || exec "$build/tests/fuzz/fuzz-soak"

seeds=
[ "$target" != layout ] || seeds="$source/data/cards"
# shellcheck disable=SC2086
exec "$build/tests/fuzz/fuzz-$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -max_len=4096 -artifact_prefix="$build/findings/$target-" "$build/corpus/$target" $seeds
