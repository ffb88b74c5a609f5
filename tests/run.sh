#!/usr/bin/env bash
# run.sh: everything that must hold, fastest first: style, build, the rig, every test project. Ends with "N passed, N failed".
#
# It brings up real Slurm, Apptainer, a registry, kubectl and helm (tests/rig; Debian 12, root installs what is missing) and
# takes them down again. A part that cannot be had is a failure, never a skip. KEEP_RIG=1 leaves the rig up for the next run.
set -uo pipefail
tests=$(cd "$(dirname "$0")" && pwd)
cd "$tests/.." || exit 1
. tests/rig/lib.sh
set +e

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
results=$PWD/artifacts/test-results
passed=0 failed=0
rm -rf "$results"; mkdir -p "$results"

# A step that is no test but must hold counts as one failure.
must() {
  local limit=$1 text=$2 begin=$SECONDS; shift 2
  printf '== %s\n' "$text"
  if timeout -k 10 "$limit" "$@"; then printf '   %d s\n' $((SECONDS - begin)); return 0; fi
  printf '   FAILED after %d s: %s\n' $((SECONDS - begin)) "$text"
  failed=$((failed + 1))
  return 1
}

# The counters of a result file; a project that wrote none (it crashed, or hung) counts as one failure.
count() {
  local file=$results/$1.trx counters
  counters=$(grep -o '<Counters [^>]*' "$file" 2>/dev/null)
  if [ -z "$counters" ]; then echo "   FAILED: $1 wrote no results"; failed=$((failed + 1)); return; fi
  local total good
  total=$(sed 's/.* total="\([0-9]*\)".*/\1/' <<<"$counters"); good=$(sed 's/.* passed="\([0-9]*\)".*/\1/' <<<"$counters")
  passed=$((passed + good)); failed=$((failed + total - good))
}

run_project() {
  local name=$1 limit=$2 begin=$SECONDS
  printf '== %s\n' "$name"
  timeout -k 30 "$limit" dotnet test "tests/$name" -c Release --no-build --nologo -v quiet --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' || true
  count "$name"
  printf '   %d s\n' $((SECONDS - begin))
}

finish() {
  trap - EXIT INT TERM
  [ "${KEEP_RIG:-0}" = 1 ] || tests/rig/up.sh stop
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
  exit $?
}
trap 'failed=$((failed + 1)); finish' INT TERM

must 600 'packages' dotnet restore MiniPlane.sln -v quiet
# The build refuses everything else that is style (EnforceCodeStyleInBuild), so the analyzers need not run twice.
must 300 'whitespace (dotnet format)' dotnet format whitespace . --folder --exclude artifacts --verify-no-changes
if must 1200 'build' dotnet build MiniPlane.sln -c Release --no-restore -v quiet -nologo; then
  must 1800 'the rig: real Slurm, Apptainer, registry, kubectl, helm' tests/rig/up.sh start && export MINIPLANE_RIG_IS_UP=1
  export MINIPLANE_TEST_REGISTRY=127.0.0.1:${MINIPLANE_RIG_REGISTRY_PORT:-5051} MINIPLANE_AGENT=$RIG_DIR/app/miniplane-agent
  for project in tests/*.Tests; do
    name=$(basename "$project")
    [ "$name" = MiniPlane.Conformance.Tests ] || run_project "$name" 600
  done
  run_project MiniPlane.Conformance.Tests 2400
fi
finish
