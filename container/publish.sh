#!/usr/bin/env bash
# publish.sh [RID] : the published form of MiniPlane, miniplane and miniplane-agent as self-contained single files, in
# artifacts/publish/RID. RELEASE=1 trims and pre-compiles (small and quick to start, minutes to build); for the server that is the
# profile src/MiniPlane/Properties/PublishProfiles/Released.pubxml.
set -euo pipefail
cd "$(dirname "$0")/.."
rid=${1:-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')}
out=artifacts/publish/$rid
flags=(-c Release -r "$rid" --self-contained -p:PublishSingleFile=true -p:DebugType=none -p:PublishDocumentationFiles=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -v q -nologo)
[ "${RELEASE:-0}" = 1 ] && flags+=(-p:PublishTrimmed=true -p:PublishReadyToRun=true)
# From nothing: a second publish over the first finds its bundle up to date, and takes the files beside it (SQLite) away.
rm -rf "$out"
for project in MiniPlane MiniPlane.Agent; do
  profile=()
  [ "${RELEASE:-0}" = 1 ] && [ "$project" = MiniPlane ] && profile=(-p:PublishProfile=Released)
  dotnet publish "src/$project" "${flags[@]}" "${profile[@]}" -o "$out"
done
ls -l "$out" | awk 'NR > 1 { printf "%6.1f MiB  %s\n", $5 / 1048576, $9 }'
