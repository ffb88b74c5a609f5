#!/usr/bin/env bash
# oci.sh: builds the image of the top-level Dockerfile from the programs that the rig published, runs a cluster in it, and prints what
# the image says of itself. By buildah, without a daemon, a registry or a network.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

name=localhost/miniplane-rig
buildah=(buildah --storage-driver vfs)
ensure_directory
ensure_packages 'what builds images' mmdebstrap buildah
export MINIPLANE_ROOT=$RIG_CACHE/container-root-$(sha256sum < "$REPOSITORY/container/root.sh" | cut -c1-12)
step 300 'building the image' "$REPOSITORY/container/oci.sh" $name
container=$("${buildah[@]}" from $name)
trap '"${buildah[@]}" rm "$container" >/dev/null; "${buildah[@]}" rmi $name localhost/miniplane-base >/dev/null 2>&1 || true' EXIT

echo "labels: $("${buildah[@]}" inspect --type image --format '{{index .Docker.Config.Labels "org.opencontainers.image.title"}}' $name)"
echo "health: $("${buildah[@]}" inspect --type image --format '{{.Docker.Config.Healthcheck.Test}}' $name)"
echo "size: $("${buildah[@]}" images --format '{{.Size}}' $name)"
# What its health check asks is what is asked here.
timeout 120 "${buildah[@]}" run --isolation chroot "$container" -- timeout -s INT 60 sh -c '
  /opt/miniplane/miniplane up --backend sim > /data/log 2>&1 & server=$!
  tick=0; until /opt/miniplane/miniplane status > /data/status 2>/dev/null || [ $tick = 60 ]; do tick=$((tick + 1)); sleep 0.5; done
  echo "user: $(id -u)"; head -n 1 /data/status
  kill $server; wait $server || true'
