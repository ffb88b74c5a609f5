#!/usr/bin/env bash
# kubectl create: every generator, by hand, from files, as a dry run.
. "$(dirname "$0")/lib.sh"

ok '^configmap/cm created$' create configmap cm --from-literal=a=1 --from-literal=b=2
is '1 2' get cm cm -o 'jsonpath={.data.a} {.data.b}'
echo 'from a file' > "$WORK/f.txt"; printf 'X=1\nY=2\n' > "$WORK/e.env"
ok created create cm cmf --from-file="$WORK/f.txt" --from-file=key="$WORK/f.txt"
is 'from a file' get cm cmf -o 'jsonpath={.data.key}'
ok created create cm cme --from-env-file="$WORK/e.env"
is '2' get cm cme -o 'jsonpath={.data.Y}'
no 'AlreadyExists.*configmaps "cm" already exists|configmaps "cm" already exists' create cm cm
ok '^secret/s created$' create secret generic s --from-literal=p=q
is 'cQ==' get secret s -o 'jsonpath={.data.p}'
ok created create secret generic st --type=example.com/t --from-literal=p=q
is 'example.com/t' get secret st -o 'jsonpath={.type}'
ok created create secret docker-registry reg --docker-server=r.io --docker-username=u --docker-password=p --docker-email=e@x.y
is 'kubernetes.io/dockerconfigjson' get secret reg -o 'jsonpath={.type}'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$WORK/k.pem" -out "$WORK/c.pem" -subj /CN=x -days 2 2>/dev/null
ok created create secret tls t --cert="$WORK/c.pem" --key="$WORK/k.pem"
is 'kubernetes.io/tls' get secret t -o 'jsonpath={.type}'
ok '^serviceaccount/sa created$' create serviceaccount sa
ok '^ey.*\..*\.' create token sa --duration=20m
ok '^ey.*\..*\.' create token sa --audience=me --bound-object-kind=Secret --bound-object-name=s
no 'not found|NotFound' create token none
ok '^deployment.apps/d created$' create deployment d --image="$IMAGE" --replicas=0 --port=80
is 'd' get deploy d -o 'jsonpath={.spec.template.metadata.labels.app}'
ok created create deployment d2 --image="$IMAGE" --replicas=0 -- sleep 1d
is '["sleep","1d"]' get deploy d2 -o 'jsonpath={.spec.template.spec.containers[0].command}'
ok '^job.batch/j created$' create job j --image="$IMAGE" -- sh -c 'exit 0'
ok '^cronjob.batch/cj created$' create cronjob cj --image="$IMAGE" --schedule='0 0 1 1 *' --restart=OnFailure
ok '^job.batch/fromcj created$' create job fromcj --from=cronjob/cj
is 'manual' get job fromcj -o 'jsonpath={.metadata.annotations.cronjob\.kubernetes\.io/instantiate}'
is 'cj' get job fromcj -o 'jsonpath={.metadata.ownerReferences[0].name}'
ok '^service/c1 created$' create service clusterip c1 --tcp=80:8080
is '8080' get svc c1 -o 'jsonpath={.spec.ports[0].targetPort}'
ok created create service clusterip c2 --clusterip=None
ok created create service nodeport n1 --tcp=80
ok created create service loadbalancer l1 --tcp=80
ok created create service externalname e1 --external-name=example.com
is 'ExternalName' get svc e1 -o 'jsonpath={.spec.type}'
ok '^ingress.networking.k8s.io/i created$' create ingress i --class=x --rule='h.example.com/p*=c1:80' --rule='h.example.com/q=c1:80,tls=t' --annotation a=b
is 'h.example.com' get ing i -o 'jsonpath={.spec.rules[0].host}'
ok '^role.rbac.authorization.k8s.io/r created$' create role r --verb=get,list --resource=pods,deployments.apps --resource-name=x
is '["get","list"]' get role r -o 'jsonpath={.rules[0].verbs}'
ok created create rolebinding rb --role=r --user=u --group=g --serviceaccount="$NAMESPACE:sa"
is '3' get rolebinding rb -o 'go-template={{len .subjects}}'
ok created create clusterrole "cr-$NAMESPACE" --verb=get --resource=nodes --non-resource-url=/x
ok created create clusterrole "cra-$NAMESPACE" --aggregation-rule=a=b
ok created create clusterrolebinding "crb-$NAMESPACE" --clusterrole="cr-$NAMESPACE" --user=u
k delete clusterrole "cr-$NAMESPACE" "cra-$NAMESPACE" >/dev/null; k delete clusterrolebinding "crb-$NAMESPACE" >/dev/null
ok '^poddisruptionbudget.policy/pdb created$' create poddisruptionbudget pdb --selector=a=b --min-available=1
ok created create pdb pdb2 --selector=a=b --max-unavailable=50%
no 'one of min-available or max-unavailable must be specified' create pdb pdb3 --selector=a=b
ok '^priorityclass.scheduling.k8s.io/' create priorityclass "pc-$NAMESPACE" --value=100 --description=d
ok deleted delete priorityclass "pc-$NAMESPACE"
ok '^resourcequota/q created$' create quota q --hard=configmaps=100,pods=50
eventually '100' get quota q -o 'jsonpath={.status.hard.configmaps}'
ok created create quota qs --hard=pods=5 --scopes=BestEffort
ok '^namespace/.* created$' create namespace "x-$NAMESPACE"
ok 'deleted' delete namespace "x-$NAMESPACE"
no 'NotFound' get namespace "x-$NAMESPACE"

# From files and standard input.
given ok '^configmap/in created' create -f - <<Y
{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"in"},"data":{"a":"b"}}
Y
given ok '^configmap/l1 created' create -f - <<Y
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: l1}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: l2}
Y
given ok '^configmap/gen-.* created' create -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {generateName: gen-}
Y
given no 'unknown field "dada"' create -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: u}
dada: {a: b}
Y
given ok 'Warning: unknown field "dada"' create --validate=warn -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: u1}
dada: {a: b}
Y
given ok '^configmap/u2 created$' create --validate=false -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: u2}
dada: {a: b}
Y
given no 'no matches for kind "Nope" in version "v1"' create -f - <<Y
apiVersion: v1
kind: Nope
metadata: {name: u}
Y
given no 'metadata.name: Invalid value: "UPPER"' create -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: UPPER}
Y
given no 'the namespace from the provided object "other" does not match the namespace' create -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: u, namespace: other}
Y
given ok 'created' create --edit=false --save-config -f - <<Y
apiVersion: v1
kind: ConfigMap
metadata: {name: saved}
Y
ok 'last-applied-configuration' get cm saved -o yaml

# Dry runs leave nothing.
ok '^configmap/dry created \(dry run\)$' create cm dry --dry-run=client
ok '^configmap/dry created \(server dry run\)$' create cm dry --dry-run=server
no NotFound get cm dry
ok 'kind: Deployment' create deployment x --image=i --dry-run=client -o yaml
ok '"creationTimestamp"' create cm x --dry-run=server -o json
ok '"name": ?"cm"' get --raw "/api/v1/namespaces/$NAMESPACE/configmaps/cm"
ok '"name":"raw"' create --raw "/api/v1/namespaces/$NAMESPACE/configmaps" -f <(echo '{"metadata":{"name":"raw"}}')
finish
