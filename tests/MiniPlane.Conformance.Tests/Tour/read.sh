#!/usr/bin/env bash
# Reading: get in all its forms, describe, explain, api-resources, events, top, auth and what says where the cluster is.
. "$(dirname "$0")/lib.sh"

k create cm a --from-literal=x=1 >/dev/null; k label cm a l=1 t=2 >/dev/null; k create cm b --from-literal=x=2 >/dev/null; k label cm b l=2 >/dev/null
k create deployment d --image="$IMAGE" --replicas=1 -- sleep 1d >/dev/null
ok 'NAME +DATA +AGE' get cm
ok '^a +1 ' get cm a
ok '^configmap/a$' get cm a -o name
is 'configmap/a
configmap/b' get cm a b -o name
ok 'kind: ConfigMap' get cm a -o yaml
ok '"kind": "List"' get cm a b -o json
ok 'NAME +DATA +AGE +LABELS' get cm --show-labels
ok 'NAME +DATA +AGE +L$' get cm -L l
ok '^a +1 ' get cm,secrets a --ignore-not-found
ok 'KIND|NAME' get cm --show-kind
is 'a' get cm -l l=1 -o 'jsonpath={.items[*].metadata.name}'
is 'a b' get cm -l 'l in (1,2)' -o 'jsonpath={.items[*].metadata.name}'
is 'b' get cm -l 'l,!t' -o 'jsonpath={.items[*].metadata.name}'
is 'b' get cm -l 'l,t!=2' -o 'jsonpath={.items[*].metadata.name}'
is 'a' get cm --field-selector metadata.name=a -o 'jsonpath={.items[*].metadata.name}'
no '"data.x" is not a known field selector' get cm --field-selector data.x=1
is '12' get cm a b -o 'go-template={{range .items}}{{.data.x}}{{end}}'
is '1' get cm a --template='{{.data.x}}'
ok '^N +X' get cm -o custom-columns=N:.metadata.name,X:.data.x
ok '^a +1$' get cm a -o custom-columns=N:.metadata.name,X:.data.x --no-headers
ok '^a ' get cm --sort-by=.metadata.name --no-headers
ok '^kube-root-ca.crt|^a ' get cm --chunk-size=1 --no-headers
ok 'NAMESPACE +NAME' get cm -A
ok '^No resources found in .* namespace' get pdb
ok '^$' get cm none --ignore-not-found
no 'Error from server \(NotFound\): configmaps "none" not found' get cm none
no 'the server doesn.t have a resource type "nopes"' get nopes
ok 'managedFields' get cm a -o yaml --show-managed-fields
ok '^service/kubernetes' get all -n default
ok 'NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP' get nodes -o wide
ok 'NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR' get deploy -o wide
ok '"kind": "ConfigMapList"|"kind":"ConfigMapList"' get --raw "/api/v1/namespaces/$NAMESPACE/configmaps"
ok '"apiVersion": "v1"' get cm/a -o json
ok '^a  *1 ' get configmap/a --no-headers
ok 'deployment.apps/d' get deployments.apps,replicasets.v1.apps
eventually '1/1' get deploy d
timeout 20 "$KUBECTL" -n "$NAMESPACE" get cm a -w --output-watch-events > "$WORK/watch" 2>&1 &
watcher=$!; sleep 1; k annotate cm a seen=yes >/dev/null; sleep 1; kill $watcher 2>/dev/null
OUT=$(cat "$WORK/watch"); if grep -q 'ADDED' <<<"$OUT" && grep -q MODIFIED <<<"$OUT"; then good; else bad 'get -w --output-watch-events'; fi
ok 'subresource|NAME' get deploy d --subresource=status
ok '^d +1 ' get deploy d --subresource=scale --no-headers
ok 'autoscaling/v1' get deploy d --subresource=scale -o yaml

ok 'Name: +a' describe cm a
ok 'Replicas: +1 desired' describe deploy d
ok 'Events:' describe deploy d
eventually 'Scaled up replica set' describe deploy d
ok 'Name: .*d-' describe rs -l app=d
ok 'Node: ' describe pods -l app=d
ok 'Allocated resources' describe nodes
for kind in ns sa secrets svc endpoints endpointslices ingressclass storageclass priorityclass quota limits role clusterrole rolebinding pv pvc crd csr leases hpa pdb networkpolicy cronjob job sts ds; do
  ends 0 describe $kind
done
ok 'apiserver|kubernetes' describe svc kubernetes -n default
no 'NotFound|not found' describe cm none

ok 'KIND: +Pod' explain pods
ok 'FIELD: restartPolicy <string>' explain pod.spec.restartPolicy
ok 'maxSurge' explain deployment.spec.strategy --recursive
ok 'VERSION: +v2' explain hpa --api-version=autoscaling/v2
ok 'GROUP: +apps' explain deployments
no 'field "nope" does not exist' explain pod.nope
no "the server doesn't have a resource type|couldn't find resource" explain nopes
ok 'NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND' api-resources
ok '^pods +po +v1 +true +Pod' api-resources
ok '^deployments.apps$' api-resources -o name --api-group=apps
ok 'create,delete,deletecollection,get,list,patch,update,watch' api-resources -o wide
ok 'nodes' api-resources --namespaced=false
ok 'all' api-resources --categories=all -o wide
ok '^apps/v1$' api-versions
# kubectl takes what follows a name that two groups share for fields.
for resource in $("$KUBECTL" api-resources --verbs=list --no-headers -o name | grep -vE '^(events.events|.*.metrics).k8s.io$'); do
  ends 0 explain "$resource" --recursive
done
for group in events.k8s.io/v1; do ends 0 explain events --api-version=$group --recursive; done
ok 'LAST SEEN +TYPE +REASON +OBJECT +MESSAGE' get events
ok 'LAST SEEN +TYPE +REASON +OBJECT +MESSAGE' events
ok 'ScalingReplicaSet' events --for=deployment/d
ok 'ScalingReplicaSet' events --types=Normal
ok 'Kubernetes control plane.*is running at' cluster-info
ok 'Client Version' version
ok 'Server Version: v1\.36' version
ok '"gitVersion": "v1.36' version -o json
ok '"major": "1"' get --raw /version
ok '^ok$' get --raw /readyz
ok 'readyz check passed' get --raw '/readyz?verbose'
ok '^ok$' get --raw /livez
ok '^ok$' get --raw /healthz
ok 'apiserver_request_total' get --raw /metrics
ok '"/apis/apps/v1"' get --raw /

ok '^yes$' auth can-i '*' '*'
ok '^yes$' auth can-i create pods
no '^no' auth can-i create pods --as=nobody
ok 'Resources +Non-Resource URLs' auth can-i --list
ok '^no|^yes' auth can-i get /healthz --as=nobody --as-group=system:authenticated
ok 'ATTRIBUTE +VALUE' auth whoami
ok 'Username +u' auth whoami --as=u
ok '"kind": ?"SelfSubjectReview"' auth whoami -o json
given ok 'reconciled' auth reconcile -f - <<Y
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: rec, namespace: $NAMESPACE}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rec, namespace: $NAMESPACE}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: rec}
subjects: [{kind: User, name: u, apiGroup: rbac.authorization.k8s.io}]
Y
ok '^yes$' auth can-i get pods --as=u
ok 'name: ' config view
ok 'CURRENT +NAME' config get-contexts
ok '.' config current-context
ok 'NAME' config get-clusters
ok 'NAME' config get-users
cp "$KUBECONFIG" "$WORK/kc" && chmod 600 "$WORK/kc"
for step in 'set-context c2 --cluster=x --user=y' 'use-context c2' 'rename-context c2 c3' 'delete-context c3' 'set clusters.z.server https://z' 'unset clusters.z' 'set-credentials y --token=t' 'delete-user y' 'set-cluster q --server=https://q' 'delete-cluster q'; do
  # shellcheck disable=SC2086
  run "$KUBECTL" --kubeconfig "$WORK/kc" config $step; if [ $CODE = 0 ]; then good; else bad "config $step"; fi
done
ok 'bash completion|__start_kubectl' completion bash
ok 'compdef' completion zsh
mkdir "$WORK/bin"; printf '#!/bin/sh\necho plugged "$@"\n' > "$WORK/bin/kubectl-mp"; chmod +x "$WORK/bin/kubectl-mp"
PATH=$PATH:$WORK/bin ok 'kubectl-mp' plugin list
PATH=$PATH:$WORK/bin run "$KUBECTL" mp a; if [ "$OUT" = 'plugged a' ]; then good; else bad 'a plugin'; fi
ok 'kubectl controls' --help
ok 'The following options' options
finish
