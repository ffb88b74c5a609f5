#!/usr/bin/env bash
# Workloads: rollout, expose, run, nodes, certificates, custom kinds, what is printed of them.
. "$(dirname "$0")/lib.sh"
cd "$WORK" || exit 1

k create deployment d --image="$IMAGE" --replicas=1 -- sleep 1d >/dev/null
ok 'successfully rolled out' rollout status deploy/d --timeout=90s
ok 'REVISION +CHANGE-CAUSE' rollout history deploy/d
ok annotated annotate deploy d kubernetes.io/change-cause=first
NAME=$(k get deploy d -o 'jsonpath={.spec.template.spec.containers[0].name}')
ok updated set env deploy/d STEP=2
ok 'successfully rolled out' rollout status deploy/d --timeout=90s
eventually '^2 ' rollout history deploy/d
ok 'STEP' rollout history deploy/d --revision=2
ok '^deployment.apps/d rolled back' rollout undo deploy/d
ok 'successfully rolled out' rollout status deploy/d --timeout=90s
is '' get deploy d -o 'jsonpath={.spec.template.spec.containers[0].env}'
ok 'rolled back' rollout undo deploy/d --to-revision=2
ok 'STEP' rollout undo deploy/d --to-revision=3 --dry-run=client -o yaml || true
ok '^deployment.apps/d paused$' rollout pause deploy/d
no 'already paused' rollout pause deploy/d
no "can't restart paused deployment" rollout restart deploy/d
ok '^deployment.apps/d resumed$' rollout resume deploy/d
ok '^deployment.apps/d restarted$' rollout restart deploy/d
ok 'kubectl.kubernetes.io/restartedAt' get deploy d -o yaml
ok 'successfully rolled out' rollout status deploy/d --timeout=90s
no 'unable to find specified revision|revision' rollout undo deploy/d --to-revision=1000

given ok created create -f - <<Y
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: s}
spec:
  replicas: 1
  serviceName: s
  selector: {matchLabels: {app: s}}
  template: {metadata: {labels: {app: s}}, spec: {containers: [{name: c, image: $IMAGE, command: [sleep, 1d]}]}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ds}
spec:
  selector: {matchLabels: {app: ds}}
  template: {metadata: {labels: {app: ds}}, spec: {containers: [{name: c, image: $IMAGE, command: [sleep, 1d]}]}}
Y
ok 'roll.* complete|rolled out' rollout status sts/s --timeout=90s
ok 'successfully rolled out' rollout status ds/ds --timeout=90s
ok updated set env sts/s STEP=2; ok updated set env ds/ds STEP=2
ok 'roll.* complete|rolled out' rollout status sts/s --timeout=90s
ok 'successfully rolled out' rollout status ds/ds --timeout=90s
ok '^2 ' rollout history sts/s; ok '^2 ' rollout history ds/ds
ok 'rolled back' rollout undo sts/s; ok 'rolled back' rollout undo ds/ds
ok restarted rollout restart sts/s; ok restarted rollout restart ds/ds
ok deleted delete sts/s ds/ds

ok '^service/d exposed$' expose deploy d --port=80 --target-port=8080 --name=d
is '80 8080' get svc d -o 'jsonpath={.spec.ports[0].port} {.spec.ports[0].targetPort}'
no 'could not find port|couldn.t find port' expose deploy d
ok 'exposed' expose svc d --port=81 --name=d2 --type=NodePort
ok exposed expose deploy d --port=1 --name=ext --external-ip=192.0.2.1
ok exposed expose deploy d --port=53 --protocol=UDP --name=udp --dry-run=client

ok '^pod/p created$' run p --image="$IMAGE" --labels=a=b --env=X=y --port=80 --command -- sleep 1d
field pod p '.spec.containers[0].env[0].value' y
ok 'pod/q created \(server dry run\)' run q --image="$IMAGE" --dry-run=server
ok 'kind: Pod' run q --image="$IMAGE" --dry-run=client -o yaml --restart=Never
ok 'condition met' wait --for=condition=Ready pod/p --timeout=90s
ok exposed expose pod p --port=80
ok '^p +1/1 +Running' get pod p --no-headers
ok 'IP:' describe pod p
is "$IMAGE" get pod p -o 'jsonpath={.spec.containers[0].image}'
no 'Forbidden: pod updates may not change fields' patch pod p -p '{"spec":{"restartPolicy":"Never"}}'
ok 'pod/p labeled' label pod p c=d
ok 'deleted' delete pod p --now

# nodes
NODE=$(k get nodes -o 'jsonpath={.items[0].metadata.name}')
ok 'cordoned' cordon "$NODE"
ok 'SchedulingDisabled' get node "$NODE"
ok 'already cordoned' cordon "$NODE"
ok 'uncordoned' uncordon "$NODE"
ok 'tainted' taint nodes "$NODE" tour=x:NoSchedule
ok 'Taints:.*tour=x:NoSchedule' describe node "$NODE"
no 'already has' taint nodes "$NODE" tour=y:NoSchedule
ok 'modified|tainted' taint nodes "$NODE" tour=y:NoSchedule --overwrite
ok 'untainted' taint nodes "$NODE" tour-
ok labeled label node "$NODE" tour=1; ok labeled label node "$NODE" tour-
ok 'drained|evicting|cordoned' drain "$NODE" --ignore-daemonsets --force --delete-emptydir-data --dry-run=server --pod-selector=app=none
ok 'uncordoned|already uncordoned' uncordon "$NODE"

# certificates
openssl ecparam -name prime256v1 -genkey -noout -out u.key 2>/dev/null; openssl req -new -key u.key -subj "/CN=u-$NAMESPACE" -out u.csr 2>/dev/null
CSR=csr-$NAMESPACE
for decision in deny approve; do
  given ok created create -f - <<Y
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: $CSR}
spec: {request: $(base64 -w0 u.csr), signerName: kubernetes.io/kube-apiserver-client, usages: [client auth]}
Y
  ok 'Pending' get csr "$CSR"
  ok "$([ $decision = deny ] && echo denied || echo approved)" certificate $decision "$CSR"
  eventually "$([ $decision = deny ] && echo Denied || echo Approved,Issued)" get csr "$CSR"
  [ $decision = deny ] && ok deleted delete csr "$CSR"
done
k get csr "$CSR" -o 'jsonpath={.status.certificate}' | base64 -d > u.crt
OUT=$(openssl x509 -in u.crt -noout -subject 2>&1); CODE=$?; if grep -q "u-$NAMESPACE" <<<"$OUT"; then good; else bad 'the certificate'; fi
ok 'Subject:|Common Name' describe csr "$CSR"
ok deleted delete csr "$CSR"

# custom kinds
G=$NAMESPACE.example.com
given ok 'customresourcedefinition.apiextensions.k8s.io/tours.* created' apply -f - <<Y
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: tours.$G}
spec:
  group: $G
  scope: Namespaced
  names: {plural: tours, singular: tour, kind: Tour, shortNames: [tr], categories: [all]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}, scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.selector}}
    additionalPrinterColumns: [{name: Where, type: string, jsonPath: .spec.where}]
    selectableFields: [{jsonPath: .spec.where}]
    schema:
      openAPIV3Schema:
        type: object
        description: A tour.
        properties:
          spec:
            type: object
            description: What is wanted.
            required: [where]
            properties: {where: {type: string, maxLength: 20, description: The place.}, replicas: {type: integer, default: 1}}
          status: {type: object, properties: {replicas: {type: integer}, selector: {type: string}}}
Y
ok 'condition met' wait --for=condition=Established "crd/tours.$G" --timeout=30s
eventually 'tours +tr' api-resources --api-group="$G"
eventually 'FIELDS:' explain tours
ok 'The place' explain tour.spec.where
ok 'where.*<string>' explain tours --recursive
given ok "tour.$G/a created" apply -f - <<Y
apiVersion: $G/v1
kind: Tour
metadata: {name: a}
spec: {where: here}
Y
ok 'NAME +WHERE' get tr
ok '^a +here' get tour a --no-headers
ok "tour.$G/a" get all
field tour a .spec.replicas 1
ok scaled scale tour a --replicas=4
field tour a .spec.replicas 4
ok patched patch tour a --type=merge --subresource=status -p '{"status":{"replicas":4}}'
is 'a' get tours --field-selector spec.where=here -o 'jsonpath={.items[*].metadata.name}'
is '' get tours --field-selector spec.where=there -o 'jsonpath={.items[*].metadata.name}'
no 'spec.where: Required value' create -f <(printf "apiVersion: $G/v1\nkind: Tour\nmetadata: {name: b}\nspec: {}\n")
no 'unknown field "spec.bad"' create -f <(printf "apiVersion: $G/v1\nkind: Tour\nmetadata: {name: b}\nspec: {where: x, bad: y}\n")
no 'Too long: may not be more than 20' create -f <(printf "apiVersion: $G/v1\nkind: Tour\nmetadata: {name: b}\nspec: {where: xxxxxxxxxxxxxxxxxxxxxxxxx}\n")
no 'application/strategic-merge-patch.json is not supported|UnsupportedMediaType' patch tour a --type=strategic -p '{"spec":{"where":"z"}}'
ok 'Spec:' describe tour a
ok deleted delete "crd/tours.$G"
eventually '^$' api-resources --api-group="$G" --no-headers
no "the server (doesn't have a resource type|could not find)" get "tours.$G"
finish
