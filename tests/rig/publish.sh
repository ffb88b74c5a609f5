#!/usr/bin/env bash
# publish.sh DIR: the two programs as they are shipped (one file each, with their own .NET), built from this tree into DIR.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

target=$1
command -v dotnet >/dev/null || fail 'the .NET SDK is missing (https://dotnet.microsoft.com/download, version 10)'
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
mkdir -p "$target"
for project in MiniPlane MiniPlane.Agent; do
  step 900 "building $project" dotnet publish "$REPOSITORY/src/$project" -c Release -r linux-x64 --self-contained -v quiet \
    -p:PublishSingleFile=true -p:PublishDocumentationFiles=false -p:DebugType=none -p:RunAnalyzers=false \
    -o "$REPOSITORY/artifacts/publish/$project"
  # Beside the old file, then over it: a program that runs keeps its own copy.
  for file in "$REPOSITORY/artifacts/publish/$project"/*; do
    install -m 755 "$file" "$target/.$(basename "$file").new" && mv -f "$target/.$(basename "$file").new" "$target/$(basename "$file")"
  done
done
