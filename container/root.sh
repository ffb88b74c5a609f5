#!/usr/bin/env bash
# root.sh DIR : the small Debian root file system that both container images stand on: C library, OpenSSL, CA certificates, a
# shell, ssh, and util-linux's unshare (by which commands of a host bound at /host are reached). Needs mmdebstrap; no privilege
# where user namespaces work. Does nothing when it is there already.
set -euo pipefail
root=$1
if [ -f "$root.complete" ]; then exit 0; fi
rm -rf "$root"; mkdir -p "$(dirname "$root")"
# Debian 12's installer still writes the older form of the list, its images the newer one.
mirror=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | sed -nE 's/^(URIs: *|deb +(\[[^]]*\] *)?)([a-z]+:[^ ]+).*/\3/p' | head -n 1) || true

# Packages are unpacked and not configured, so the few files that their scripts would make are made here.
# shellcheck disable=SC2016  # $1 is the hook's own
finish='
  set -e; cd "$1"
  cp usr/share/base-passwd/passwd.master etc/passwd; cp usr/share/base-passwd/group.master etc/group
  printf "passwd: files\ngroup: files\nhosts: files dns\n" > etc/nsswitch.conf
  cat usr/share/ca-certificates/mozilla/*.crt > etc/ssl/certs/ca-certificates.crt
  mkdir -p usr/lib/ssl host data; ln -sf /etc/ssl/certs/ca-certificates.crt usr/lib/ssl/cert.pem; ln -sfn /etc/ssl/certs usr/lib/ssl/certs
  rm -rf usr/share/locale usr/share/doc usr/share/man usr/share/ca-certificates usr/share/bash-completion usr/share/perl5 usr/share/info
  rm -rf usr/lib/*-linux-gnu/gconv usr/share/debconf usr/share/lintian
  kept=" sh dash cat chmod chown cp date dirname echo env false head id ls ln mkdir mktemp mv printf rm sleep ssh stat tail test timeout touch true uname unshare "
  for program in bin/* sbin/* usr/bin/* usr/sbin/*; do case $kept in *" ${program##*/} "*) ;; *) rm -rf "$program" ;; esac; done
  rm -rf usr/lib/openssh usr/lib/*-linux-gnu/engines-3 lib/*-linux-gnu/security lib/systemd usr/lib/systemd
  find . -xdev -perm /6000 -type f -exec chmod a-s {} +; chmod 755 .
  '
mmdebstrap --quiet --variant=extract --extract-hook="$finish" \
  --include=base-files,base-passwd,dash,coreutils,util-linux,libc6,libgcc-s1,libstdc++6,libssl3,openssh-client,ca-certificates,netbase \
  bookworm "$root" ${mirror:+"$mirror"}
touch "$root.complete"
