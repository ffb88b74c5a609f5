#!/usr/bin/env bash
# install-apptainer.sh: Apptainer on Debian, as root. Does nothing where `apptainer` already answers.
#
# Debian carries Apptainer only in its unstable branch. One package is taken from there with an apt configuration of its own
# (the machine's sources stay as they are), made to run on this release's C library, and installed; what it depends on comes
# from this release. The result is kept in the rig's cache, so a second machine with that cache downloads nothing.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

mirror() {
  local found
  found=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
  [ -n "$found" ] || found=$(sed -n 's/^deb .*\(https\?:[^ ]*\).*/\1/p' /etc/apt/sources.list 2>/dev/null | head -n 1)
  echo "${found:-http://deb.debian.org/debian}"
}

# Device nodes and one setting that a machine without udev, systemd or full capabilities lacks.
allow_unprivileged() {
  local device
  [ -c /dev/fuse ] || mknod /dev/fuse c 10 229
  # Ordinary users mount images by FUSE and make taps for their own network namespaces.
  for device in /dev/fuse /dev/net/tun; do [ ! -c $device ] || chmod 666 $device; done
  # Only for root's own use: "full" asks for capabilities that a container or small VM may not have.
  [ ! -f /etc/apptainer/apptainer.conf ] ||
    sed -i 's/^root default capabilities = .*/root default capabilities = no/' /etc/apptainer/apptainer.conf
}

download() {
  local area=$RIG_CACHE/apt options
  mkdir -p "$area/lists/partial" "$area/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) sid main" > "$area/sources.list"
  options=(-qq -o Dir::Etc::SourceList="$area/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$area/lists"
    -o Dir::Cache="$area/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false)
  timeout 300 apt-get "${options[@]}" update
  (cd "$area" && timeout 300 apt-get "${options[@]}" download apptainer)
}

# The package as it is, but for three programs' C library needs and the control file that names them.
repack() {
  local area=$RIG_CACHE/apt lib version
  tree=$(mktemp -d); trap 'rm -rf "$tree"' EXIT
  dpkg-deb -R "$area"/apptainer_*.deb "$tree"
  lib=$tree/usr/lib/$(uname -m)-linux-gnu/apptainer
  perl "$RIG_SOURCE/lower-glibc.pl" "$tree/usr/bin/apptainer" "$lib/bin/starter" "$lib/lib/offsetpreload.so"
  sed -i -e '/^Version:/s/$/+miniplane1/' -e 's/libc6 (>= 2\.[0-9]*)/libc6/' -e '/^\(Static-\)\?Built-Using/d' \
    -e '/^Depends:/s/$/, squashfuse, fuse2fs, fuse-overlayfs, fuse3, fakeroot, e2fsprogs/' "$tree/DEBIAN/control"
  (cd "$tree" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | xargs -0 md5sum > DEBIAN/md5sums)
  version=$(sed -n 's/^Version: //p' "$tree/DEBIAN/control")
  dpkg-deb -Zxz -z1 --root-owner-group -b "$tree" "$RIG_CACHE/apptainer_$version.deb.part"
  mv "$RIG_CACHE/apptainer_$version.deb.part" "$RIG_CACHE/apptainer_$version.deb"
  rm -rf "$area"
}

if ! apptainer --version >/dev/null 2>&1; then
  is_root && is_debian || fail 'Apptainer is missing, and only root on Debian can install it'
  mkdir -p "$RIG_CACHE"
  if ! compgen -G "$RIG_CACHE/apptainer_*.deb" >/dev/null; then
    step 600 'downloading Apptainer from Debian unstable' download
    step 300 'fitting Apptainer to this Debian release' repack
  fi
  ensure_lists
  step 600 'installing Apptainer' apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$(ls "$RIG_CACHE"/apptainer_*.deb | tail -n 1)"
fi
if is_root; then allow_unprivileged; fi
note "$(apptainer --version)"
