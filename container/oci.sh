#!/usr/bin/env bash
# oci.sh NAME [PUBLISHED] : the image of the top-level Dockerfile, built by buildah without a daemon, a registry or a network: its
# base is container/root.sh's root file system. Needs buildah and mmdebstrap.
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1
published=${2:-artifacts/publish/linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')}
root=${MINIPLANE_ROOT:-artifacts/container-root}
buildah=(buildah --storage-driver "${STORAGE_DRIVER:-vfs}")
# The same sources give the same image: times come from the last commit, and nothing of the build's history is kept.
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}

[ -x "$published/miniplane" ] || { echo "$published/miniplane is missing: RELEASE=1 container/publish.sh" >&2; exit 1; }
container/root.sh "$root"
base=$("${buildah[@]}" from scratch)
trap '"${buildah[@]}" rm "$base" >/dev/null 2>&1 || true' EXIT
"${buildah[@]}" copy --quiet "$base" "$root" / >/dev/null
"${buildah[@]}" commit --quiet --timestamp "$epoch" "$base" localhost/miniplane-base >/dev/null
"${buildah[@]}" build --quiet --format docker --isolation chroot --timestamp "$epoch" --layers=false \
  --build-arg BUILD=localhost/miniplane-base --build-arg BASE=localhost/miniplane-base --build-arg COREDNS=localhost/miniplane-base \
  --build-arg PUBLISHED="$published" --build-arg VERSION="$(git describe --always 2>/dev/null || echo unknown)" \
  --build-arg REVISION="$(git rev-parse HEAD 2>/dev/null || echo unknown)" -t "$name" .
"${buildah[@]}" inspect --type image --format '{{.FromImageDigest}}' "$name"
