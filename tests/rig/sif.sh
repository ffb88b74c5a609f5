#!/usr/bin/env bash
# sif.sh FILE PROGRAMS: the container file of the release, made of the published programs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

file=$1 programs=$2
if [ "$file" -nt "$programs/miniplane" ] && [ "$file" -nt "$programs/miniplane-agent" ] && [ "$file" -nt "$REPOSITORY/container/miniplane.def" ]; then exit 0; fi
ensure_packages 'what makes root file systems' mmdebstrap squashfs-tools
export MINIPLANE_ROOT=$RIG_CACHE/container-root-$(sha256sum < "$REPOSITORY/container/root.sh" | cut -c1-12)
step 600 'making miniplane.sif' "$REPOSITORY/container/build-sif.sh" "$file" "$programs"
chmod 644 "$file"
