#!/usr/bin/env bash
# publish.sh [RID] : the published form of MiniPlane, miniplane and miniplane-agent as self-contained single files, in
# artifacts/publish/RID. RELEASE=1 trims and pre-compiles (small and quick to start, minutes to build; Released.targets says how).
#
# PORTABLE=1 makes the form that needs a .NET 10 on the host (dotnet miniplane.dll up --agent "dotnet .../miniplane-agent.dll"): for
# platforms whose .NET cannot be had where it is built, linux-arm64 among them.
set -euo pipefail
cd "$(dirname "$0")/.."
rid=${1:-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')}
out=artifacts/publish/$rid
flags=(-c Release -r "$rid" --self-contained -p:PublishSingleFile=true -p:DebugType=none -p:PublishDocumentationFiles=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -v q -nologo)
if [ "${PORTABLE:-0}" = 1 ]; then
  flags=(-c Release -r "$rid" -p:SelfContained=false -p:EnableRuntimePackDownload=false -p:UseAppHost=false -p:EnableTrimAnalyzer=false
    -p:DebugType=none -p:PublishDocumentationFiles=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -v q -nologo)
fi
[ "${RELEASE:-0}" = 1 ] && flags+=(-p:PublishProfile=Released)
# From nothing: a second publish over the first finds its bundle up to date, and takes the files beside it (SQLite) away.
rm -rf "$out"
for project in MiniPlane MiniPlane.Agent; do
  dotnet publish "src/$project" "${flags[@]}" -o "$out"
done
ls -l "$out" | awk 'NR > 1 { printf "%6.1f MiB  %s\n", $5 / 1048576, $9 }'
