#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# packages.sh run|test: installs the Debian packages that are missing, as root or with sudo. Quick and silent when
# nothing is. "test" needs all of "run" as well.
set -eu

build='meson ninja-build gcc libc6-dev pkg-config gettext python3 libgtk-4-dev libpq-dev libpcsclite-dev libcairo2-dev
    libxlsxwriter-dev libssl-dev libjson-glib-dev libzint-dev libxml2-utils desktop-file-utils'
run='postgresql pcscd poppler-utils fonts-noto-cjk fonts-dejavu-core util-linux'
test='clang libclang-rt-dev vsmartcard-vpcd python3-pyscard xvfb xauth dbus at-spi2-core python3-pyatspi python3-gi gir1.2-atspi-2.0 gir1.2-gtk-3.0
    xdotool openbox xcompmgr x11-utils imagemagick iproute2 locales procps strace icu-devtools'

case "${1-}" in
    run) wanted="$build $run" ;;
    test) wanted="$build $run $test" ;;
    *) echo "usage: $0 run|test" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian: install what these packages hold by hand, or expect the build to say what it lacks:" >&2
    echo $wanted >&2
    exit 0
fi

missing=
installed=$(dpkg-query -W -f '${binary:Package} ${db:Status-Status}\n' 2>/dev/null | sed -n 's/\(:[a-z0-9]*\)\{0,1\} installed$//p')
for package in $wanted; do
    printf '%s\n' "$installed" | grep -qxF "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing:$missing"
as_root=
if [ "$(id -u)" != 0 ]; then
    as_root=sudo
    if ! command -v sudo >/dev/null; then
        echo "There is no sudo here. As root, run: apt-get install$missing" >&2
        exit 1
    fi
fi

# Debian's postgresql makes and starts a cluster of its own. This program brings its own, so that one is not wanted;
# where postgresql is installed already, nothing of it is touched.
no_cluster=/etc/postgresql-common/createcluster.d/onecard.conf
case "$missing " in
    *' postgresql '*)
        $as_root mkdir -p "${no_cluster%/*}"
        echo 'create_main_cluster = false' | $as_root tee "$no_cluster" >/dev/null
        trap '$as_root rm -f "$no_cluster"' EXIT
        ;;
esac

apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3"
log=$(mktemp)
if ! { $apt update && $apt install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    rm -f "$log"
    echo "The packages could not be installed." >&2
    exit 1
fi
rm -f "$log"
