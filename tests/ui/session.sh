#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# session.sh COMMAND…: runs it in a desktop of its own (X server, window manager, session bus, accessibility), all of
# which is gone afterwards. SCREEN=1920x1080 sets the size. Exit status: the command's.
dir=$(mktemp -d /tmp/ui.XXXXXX)
chmod 700 "$dir"
export XDG_RUNTIME_DIR=$dir HOME=$dir XDG_CONFIG_HOME=$dir/c XDG_DATA_HOME=$dir/d XDG_CACHE_HOME=$dir/k
export GSETTINGS_BACKEND=memory GDK_BACKEND=x11 NO_AT_BRIDGE=0 LC_ALL=C.UTF-8
# One set of faces, so that pictures are the same everywhere.
cat > "$dir/fonts.conf" <<C
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <cachedir>$dir/k/fonts</cachedir>
  <include ignore_missing="yes">/etc/fonts/conf.d</include>
</fontconfig>
C
: > "$dir/display"
exec 9<>"$dir/display"
Xvfb -displayfd 9 -screen 0 "${SCREEN:-1280x800}x24" -nolisten tcp > "$dir/xvfb.log" 2>&1 &
server=$!
for _ in $(seq 200); do
  [ -s "$dir/display" ] && break
  sleep .05
done
DISPLAY=:$(tr -d '\n' < "$dir/display")
export DISPLAY
# What the bus and its services say is not the command's output.
dbus-run-session -- bash -c 'openbox > /dev/null 2>&1 & xcompmgr > /dev/null 2>&1 & sleep .5; "$@" >&8; s=$?; kill %1 %2 2> /dev/null; exit $s' _ "$@" 8>&1 > /dev/null
status=$?
kill "$server" 2> /dev/null
wait "$server" 2> /dev/null
rm -rf "$dir"
exit $status
