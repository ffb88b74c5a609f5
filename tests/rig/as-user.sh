#!/usr/bin/env bash
# as-user.sh COMMAND...: becomes the command, run by the rig's ordinary user (same process id).
set -euo pipefail
. "$(dirname "$0")/lib.sh"
user_prefix
exec "${AS_USER[@]}" "$@"
