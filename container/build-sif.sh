#!/bin/bash
# build-sif.sh [OUT.sif] : builds miniplane.sif from artifacts/publish (see publish.sh) and a minimal Debian root file system.
# Needs apptainer and mmdebstrap; no privilege where user namespaces work.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-artifacts/miniplane.sif}
root=artifacts/container-root
mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)
if [ ! -x "$root/bin/sh" ]; then
  echo "making a root file system from Debian packages"
  mmdebstrap --quiet --variant=extract --include=dash,coreutils,base-files,libc6,libgcc-s1,libstdc++6,libssl3,ca-certificates \
    bookworm "$root" ${mirror:+"$mirror"}
fi
apptainer build --force --build-arg bootstrap=localimage --build-arg from="$root" "$out" container/miniplane.def
ls -l "$out" | awk '{ printf "%s: %.1f MiB\n", $9, $5 / 1048576 }'
