#!/usr/bin/env bash
# publish.sh DIR: the two programs as they are shipped (one file each, with their own .NET), built from this tree into DIR.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

target=$1
command -v dotnet >/dev/null || fail 'the .NET SDK is missing (https://dotnet.microsoft.com/download, version 10)'
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
step 1800 'building miniplane and its agent' "$REPOSITORY/container/publish.sh" linux-x64
mkdir -p "$target"
for file in "$REPOSITORY"/artifacts/publish/linux-x64/*; do
  # Beside the old file, then over it: a program that runs keeps its own copy.
  new=$target/.$(basename "$file").new
  install -m 755 "$file" "$new"
  mv -f "$new" "$target/$(basename "$file")"
done
