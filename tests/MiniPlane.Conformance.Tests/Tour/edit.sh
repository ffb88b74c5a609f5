#!/usr/bin/env bash
# Changing: apply in all its modes, patch, edit, replace, label, annotate, set, scale, delete, wait, diff, kustomize.
. "$(dirname "$0")/lib.sh"
cd "$WORK" || exit 1

# apply
cat > cm.yaml <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: cm, labels: {app: tour}}
data: {a: "1"}
Y
ok '^configmap/cm created$' apply -f cm.yaml
ok '^configmap/cm unchanged$' apply -f cm.yaml
sed -i 's/"1"/"2"/' cm.yaml
ends 1 diff -f cm.yaml
ok '^configmap/cm configured \(server dry run\)$' apply -f cm.yaml --dry-run=server
ok '^configmap/cm configured \(dry run\)$' apply -f cm.yaml --dry-run=client
field cm cm .data.a 1
ok '^configmap/cm configured$' apply -f cm.yaml
ends 0 diff -f cm.yaml
field cm cm .data.a 2
ok 'a: "2"' apply view-last-applied cm/cm
ok '"a": "2"' apply view-last-applied cm cm -o json
sed -i 's/"2"/"3"/' cm.yaml
ok 'configmap/cm configured' apply set-last-applied -f cm.yaml
ok 'a: "3"' apply view-last-applied cm/cm
printf '#!/bin/sh\nsed -i s/\\"3\\"/\\"4\\"/ "$1"\n' > ed; chmod +x ed
EDITOR=./ed KUBE_EDITOR=$WORK/ed ok 'edited|configmap/cm' apply edit-last-applied cm/cm
ok 'a: "4"' apply view-last-applied cm/cm
k create cm plain --from-literal=a=b >/dev/null
given ok 'Warning: resource configmaps/plain is missing the kubectl.kubernetes.io/last-applied-configuration annotation' apply -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: plain}
data: {a: "c"}
Y
no 'no objects passed to apply|not found|does not exist' apply -f none.yaml
mkdir two; sed 's/name: cm,/name: p1,/' cm.yaml > two/1.yaml; sed 's/name: cm,/name: p2,/' cm.yaml > two/2.yaml
ok 'configmap/p2 created' apply -f two/
rm two/2.yaml
ok 'configmap/p2 pruned' apply -f two/ --prune -l app=tour --prune-allowlist=core/v1/ConfigMap
no NotFound get cm p2
ok 'configmap/cm serverside-applied' apply --server-side --force-conflicts -f cm.yaml
given no 'Apply failed with 1 conflict: conflict with "kubectl".*|conflict' apply --server-side --field-manager=other -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: cm}
data: {a: "other"}
Y
given ok 'serverside-applied' apply --server-side --field-manager=other --force-conflicts -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: cm}
data: {a: "other"}
Y
ok 'manager: other' get cm cm -o yaml --show-managed-fields
cat > set.yaml <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: inset}
Y
KUBECTL_APPLYSET=true ok 'configmap/inset (serverside-applied|created)' apply --prune --applyset=secrets/myset -f set.yaml --server-side
sed -i s/inset/inset2/ set.yaml
KUBECTL_APPLYSET=true ok 'configmap/inset pruned' apply --prune --applyset=secrets/myset -f set.yaml --server-side

# patch
ok '^configmap/cm patched$' patch cm cm -p '{"data":{"b":"x"}}'
ok '^configmap/cm patched \(no change\)$' patch cm cm -p '{"data":{"b":"x"}}'
ok patched patch cm cm --type=merge -p '{"data":{"b":null}}'
ok patched patch cm cm --type=json -p '[{"op":"add","path":"/data/c","value":"y"}]'
field cm cm .data.c y
no 'the server rejected our request|Invalid|invalid' patch cm cm --type=json -p '[{"op":"remove","path":"/data/none"}]'
no 'NotFound' patch cm none -p '{}'
ok '"c":"local"|c: local' patch -f cm.yaml --local --type=merge -p '{"data":{"c":"local"}}' -o yaml
k create deployment d --image="$IMAGE" --replicas=1 -- sleep 1d >/dev/null
ok patched patch deploy d --subresource=scale --type=merge -p '{"spec":{"replicas":2}}'
field deploy d .spec.replicas 2
ok patched patch deploy d -p '{"spec":{"template":{"spec":{"containers":[{"name":"'"$(k get deploy d -o 'jsonpath={.spec.template.spec.containers[0].name}')"'","env":[{"name":"A","value":"b"}]}]}}}}'
is '1' get deploy d -o 'go-template={{len .spec.template.spec.containers}}'

# edit
printf '#!/bin/sh\nsed -i s/\\"y\\"/edited/ "$1"\n' > ed
KUBE_EDITOR=$WORK/ed ok '^configmap/cm edited$' edit cm cm
field cm cm .data.c edited
printf '#!/bin/sh\ntrue\n' > ed
KUBE_EDITOR=$WORK/ed ok 'Edit cancelled, no changes made' edit cm cm
printf '#!/bin/sh\nsed -i s/edited/twice/ "$1"\n' > ed
KUBE_EDITOR=$WORK/ed ok 'c: twice' edit cm cm -o yaml
field cm cm .data.c twice

# replace
k get cm cm -o yaml > r.yaml; sed -i 's/twice/replaced/' r.yaml
ok '^configmap/cm replaced$' replace -f r.yaml
field cm cm .data.c replaced
ok 'replaced' replace --force -f cm.yaml
field cm cm .data.c ''
given no NotFound replace -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: none}
Y
ok '^configmap/cm replaced \(server dry run\)$' replace -f cm.yaml --dry-run=server

# label, annotate
ok '^configmap/cm labeled$' label cm cm x=y
no "already has a value" label cm cm x=z
ok labeled label cm cm x=z --overwrite
ok 'unlabeled|labeled' label cm cm x-
ok 'label "x" not found' label cm cm x-
ok labeled label cm --all every=one
ok labeled label cm -l every=one every=two --overwrite
ok '"every":"two"' get cm cm -o 'jsonpath={.metadata.labels}'
ok '^configmap/cm annotated$' annotate cm cm n='a text'
ok annotated annotate cm cm n-
ok 'x=y|app=tour' label cm cm --list
no 'Invalid|invalid label value' label cm cm 'x=a b'
no 'resourceVersion|Conflict|modified' annotate cm cm q=r --resource-version=1

# set
NAME=$(k get deploy d -o 'jsonpath={.spec.template.spec.containers[0].name}')
ok '^deployment.apps/d image updated$' set image deploy/d "$NAME=$IMAGE-2"
ok 'image updated' set image deploy/d "*=$IMAGE"
ok 'env updated' set env deploy/d B=c
ok '^B=c$' set env deploy/d --list
ok 'env updated' set env deploy/d --from=cm/cm --prefix=CM_
ok 'env updated' set env deploy/d B-
ok 'resource requirements updated' set resources deploy/d --limits=cpu=200m,memory=64Mi --requests=cpu=100m
is '200m' get deploy d -o 'jsonpath={.spec.template.spec.containers[0].resources.limits.cpu}'
ok 'serviceaccount updated' set serviceaccount deploy d default
k create svc clusterip svc --tcp=80 >/dev/null
ok 'selector updated' set selector svc svc app=d
is 'd' get svc svc -o 'jsonpath={.spec.selector.app}'
k create role r --verb=get --resource=pods >/dev/null; k create rolebinding rb --role=r --user=a >/dev/null
ok 'subjects updated' set subject rolebinding rb --user=b --group=g
is 'a b g' get rolebinding rb -o 'jsonpath={.subjects[*].name}'

# scale, autoscale
ok '^deployment.apps/d scaled$' scale deploy d --replicas=3
field deploy d .spec.replicas 3
no 'Expected replicas to be 7, was 3' scale deploy d --replicas=1 --current-replicas=7
ok scaled scale deploy d --replicas=1 --current-replicas=3
ok 'scaled' scale deploy -l app=d --replicas=2
ok '^horizontalpodautoscaler.autoscaling/d autoscaled$' autoscale deploy d --min=1 --max=3 --cpu-percent=50
field hpa d .spec.maxReplicas 3
ok 'Reference:.*Deployment/d' describe hpa d

# wait
ok 'condition met' wait --for=condition=Available deploy/d --timeout=90s
ok 'condition met' wait --for='jsonpath={.spec.replicas}=2' deploy/d --timeout=20s
ok 'condition met' wait --for=jsonpath='{.metadata.uid}' cm/cm --timeout=20s
no 'timed out waiting for the condition' wait --for=condition=Nope deploy/d --timeout=1s
ok 'condition met' wait --for=create cm/cm --timeout=10s
(sleep 1; k delete cm plain >/dev/null) & ok 'condition met' wait --for=delete cm/plain --timeout=60s
wait
no 'no matching resources|NotFound' wait --for=condition=x cm/none --timeout=1s

# delete
ok '^configmap "cm" deleted' delete cm cm
no NotFound delete cm cm
ends 0 delete cm cm --ignore-not-found
ok '\(dry run\)|\(server dry run\)' delete deploy d --dry-run=server
ok deleted delete deploy d --cascade=orphan
eventually 'd-' get rs -l app=d
is '' get rs -l app=d -o 'jsonpath={.items[*].metadata.ownerReferences}'
ok deleted delete rs -l app=d --cascade=foreground
is '' get rs -l app=d -o name
ok deleted delete cm -l every=two
ends 0 delete -f two/ --ignore-not-found
ok 'deleted' delete svc,hpa --all
no 'resource\(s\) were provided, but no name' delete cm
ok 'deleted|Success' delete --raw "/api/v1/namespaces/$NAMESPACE/secrets/myset"

# kustomize
mkdir kz; cat > kz/kustomization.yaml <<Y
namePrefix: kz-
commonAnnotations: {from: kustomize}
resources: [cm.yaml]
configMapGenerator: [{name: gen, literals: [a=b]}]
Y
cp cm.yaml kz/
ok 'name: kz-gen-' kustomize kz
ok 'configmap/kz-cm created' apply -k kz
ok 'kz-cm' get -k kz
ok 'configmap "kz-cm" deleted' delete -k kz
ok 'kind: ConfigMap' create cm loc --from-literal=a=b --dry-run=client -o yaml
given ok 'x: "y"|x: y' label --local -f cm.yaml x=y -o yaml < /dev/null
finish
