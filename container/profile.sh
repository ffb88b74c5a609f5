#!/usr/bin/env bash
# profile.sh SIF: writes anew which methods the published programs hold compiled (Released.methods beside each profile), by watching
# them at usual work: a start, writes, reads and watches by the load program, and a sample whose pods really run (backend "local",
# with Apptainer and a container file that has busybox). Wants kubectl on PATH, artifacts/publish (RELEASE=1 container/publish.sh) and
# the load program. To be run when a start compiles much again: DOTNET_JitStdOutFile=FILE DOTNET_JitDisasmSummary=1 miniplane up.
set -euo pipefail
cd "$(dirname "$0")/.."
image=$(readlink -f "$1")
published=${PUBLISHED:-$PWD/artifacts/publish/linux-$(uname -m | sed "s/x86_64/x64/; s/aarch64/arm64/")}
work=$(mktemp -d)
trap 'kill "${plane:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

# Nothing is taken from the image that is being replaced, so each method that is called is compiled, and named.
for program in miniplane miniplane-agent; do
  printf '#!/bin/sh\nexport DOTNET_ReadyToRun=0 DOTNET_TieredPGO=0 DOTNET_JitDisasmSummary=1 DOTNET_JitStdOutFile=%s/%s.$$.jit\nexec %s/%s "$@"\n' \
    "$work" "$program" "$published" "$program" > "$work/$program"
  chmod +x "$work/$program"
done

dotnet run --project tests/MiniPlane.Benchmarks -c Release -- "$work/miniplane" --pods 300 --start-pods 300 --seconds 3 --warm 1 --watchers 20 \
  --rows start,configmap,pod,patch,apply,get,list,table,selector,watch,delete,restart

"$work/miniplane" version >/dev/null
"$work/miniplane" up --backend local --data-dir "$work/data" --agent "$work/miniplane-agent" > "$work/up.log" 2>&1 & plane=$!
export KUBECONFIG=$work/data/admin.conf
kube() { kubectl --request-timeout=60s "$@" > /dev/null; }
for _ in $(seq 300); do kube get --raw=/readyz 2>/dev/null && break; sleep 0.2; done
sed "s|image: busybox:.*|image: $image|" docs/sample/hello.yaml > "$work/hello.yaml"
curl -sk --http1.1 "$(kubectl config view -o jsonpath='{.clusters[0].cluster.server}')/healthz" >/dev/null
kube apply -f "$work/hello.yaml"
kube rollout status deployment/hello --timeout=180s
kube wait --for=condition=complete job/hello-client --timeout=180s
pod=$(kubectl get pods -l app=hello -o jsonpath='{.items[0].metadata.name}')
kube logs job/hello-client
kube exec "$pod" -- true
kube describe pod "$pod"
kube get all,nodes,events -A
kube get events -A -o wide
kube apply --server-side --force-conflicts -f "$work/hello.yaml"
kube set env deployment/hello COLOUR=blue
kube rollout status deployment/hello --timeout=180s
kube top pods || true
kube delete --wait=true -f "$work/hello.yaml" --timeout=180s
sleep 5
kill -TERM "$plane"; wait "$plane" || true

for program in miniplane miniplane-agent; do
  room=$([ $program = miniplane ] && echo MiniPlane || echo MiniPlane.Agent)
  dotnet run --project container/profile -c Release -- collect "src/$room/Properties/PublishProfiles/Released.methods" "$work/$program".*.jit
  wc -l "src/$room/Properties/PublishProfiles/Released.methods"
done
