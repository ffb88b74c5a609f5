#!/usr/bin/env bash
# build-sif.sh [OUT.sif [PUBLISHED]] : miniplane.sif from the published programs (publish.sh) and a root file system of Debian
# packages (root.sh). Needs apptainer and mmdebstrap; no privilege where user namespaces work.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-artifacts/miniplane.sif}
published=${2:-artifacts/publish/linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')}
root=${MINIPLANE_ROOT:-artifacts/container-root}
[ -x "$published/miniplane" ] || { echo "$published/miniplane is missing: RELEASE=1 container/publish.sh" >&2; exit 1; }
container/root.sh "$root"
# Names, times and owners inside come from the sources and not from the day of the build.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
apptainer --silent build --force --build-arg bootstrap=localimage --build-arg from="$root" --build-arg published="$published" \
  --build-arg version="$(git describe --always 2>/dev/null || echo unknown)" "$out" container/miniplane.def
ls -l "$out" | awk '{ printf "%s: %.1f MB\n", $9, $5 / 1e6 }'
