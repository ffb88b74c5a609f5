#!/usr/bin/env bash
# Helm: a chart with hooks, a definition and a test is installed, tested, upgraded, rolled back and taken away.
. "$(dirname "$0")/lib.sh"
HELM=$(dirname "$KUBECTL")/helm
newest || HELM=$HELM-3.17
GROUP=$NAMESPACE.example.com
chart=$WORK/chart
mkdir -p "$chart"/{crds,templates/tests}

# helms 'regex' ARGUMENTS...: helm must succeed and print a match.
helms() {
  local wanted=$1; shift
  run "$HELM" -n "$NAMESPACE" "$@"
  if [ $CODE = 0 ] && grep -qE -- "$wanted" <<<"$OUT"; then good; else bad "helm $* (wanted: $wanted)"; fi
}

printf 'apiVersion: v2\nname: chart\nversion: 0.1.0\n' > "$chart/Chart.yaml"
echo 'num: 1' > "$chart/values.yaml"
cat > "$chart/crds/kind.yaml" <<Y
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: wheels.$GROUP}
spec:
  group: $GROUP
  scope: Namespaced
  names: {plural: wheels, singular: wheel, kind: Wheel}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
Y
cat > "$chart/templates/all.yaml" <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: main}
data: {num: "{{ .Values.num }}"}
---
apiVersion: $GROUP/v1
kind: Wheel
metadata: {name: w}
spec: {num: {{ .Values.num }}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: before, annotations: {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-delete-policy": before-hook-creation}}
data: {num: "{{ .Values.num }}"}
---
apiVersion: batch/v1
kind: Job
metadata: {name: after, annotations: {"helm.sh/hook": "post-install,post-upgrade", "helm.sh/hook-delete-policy": before-hook-creation}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "$IMAGE", command: ["true"]}]}}}
Y
cat > "$chart/templates/tests/test.yaml" <<Y
apiVersion: v1
kind: Pod
metadata: {name: test, annotations: {"helm.sh/hook": test}}
spec: {restartPolicy: Never, containers: [{name: c, image: "$IMAGE", command: ["true"]}]}
Y

helms 'STATUS: deployed' install chart "$chart" --wait --timeout 90s
is 1 get wheel w -o 'jsonpath={.spec.num}'
is 1 get cm before -o 'jsonpath={.data.num}'
is 1 get job after -o 'jsonpath={.status.succeeded}'
helms 'Phase: +Succeeded' test chart --timeout 90s
helms 'STATUS: deployed' upgrade chart "$chart" --set num=2 --wait --timeout 90s
is 2 get cm main -o 'jsonpath={.data.num}'
is 2 get wheel w -o 'jsonpath={.spec.num}'
is 2 get cm before -o 'jsonpath={.data.num}'
helms '^2 .*deployed' history chart
helms 'Rollback was a success' rollback chart 1 --wait --timeout 90s
is 1 get cm main -o 'jsonpath={.data.num}'
helms 'kind: Wheel' get manifest chart
helms 'STATUS: deployed' status chart
helms 'chart.*deployed' list
helms 'uninstalled' uninstall chart --wait --timeout 90s
no NotFound get cm main
no NotFound get wheel w
ok 'wheels' get crd "wheels.$GROUP"
ok deleted delete crd "wheels.$GROUP"
finish
