#!/usr/bin/env bash
# Tour of what reaches into a running pod: logs, attach, exec, cp, port-forward, proxy, top, debug; and that no command of kubectl is in no tour.
. "$(dirname "$0")/lib.sh"

# kubectl before 1.34 reads a stream before it is ready to, and says which words it threw away when the machine is busy: try again then.
run() {
  for _ in 1 2 3 4 5; do
    OUT=$("$@" 2>&1 < "${INPUT:-/dev/null}"); CODE=$?
    grep -q 'Unknown stream id' <<<"$OUT" || return 0
  done
}

# said FILE 'regex': waits until a command in the background has said so.
said() {
  local limit=$((SECONDS + 60))
  while [ $SECONDS -lt $limit ]; do
    if grep -qE -- "$2" "$1"; then good; return 0; fi
    sleep 0.2
  done
  OUT=$(cat "$1") CODE=?; bad "it says $2"; return 1
}

# fetched 'regex' URL: curl prints a match.
fetched() {
  run curl -sS --max-time 20 "$2"
  if [ $CODE = 0 ] && grep -qE -- "$1" <<<"$OUT"; then good; else bad "curl $2 (wanted: $1)"; fi
}

given ok 'pod/web created' apply -f - <<Y
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: web
    image: $IMAGE
    command: [sh, -c, 'echo begin; echo one; exec httpd -f -p "\$POD_IP:18437" -h /www']
    env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
    ports: [{name: http, containerPort: 18437}]
  - name: talk
    image: $IMAGE
    stdin: true
    command: [sh, -c, 'while read -r line; do echo "heard \$line"; done; sleep 600']
Y
ok 'condition met' wait --for=condition=Ready pod/web --timeout=120s
eventually '^one$' logs web -c web

is $'begin\none' logs web -c web
is 'one' logs web -c web --tail=1
ok '^[0-9]{4}-[0-9-]+T[0-9:.]+Z one$' logs web -c web --timestamps
ok '^\[pod/web/web\] one$' logs -l app=web --all-containers --prefix
is '' logs web -c web --since-time=2100-01-01T00:00:00Z
no 'container nosuch is not valid|not found' logs web -c nosuch
no 'previous terminated container' logs web -c web --previous
no 'not found' logs nosuch

is 'in' exec web -c web -- echo in
is '3' exec web -c web -- sh -c 'echo 3'
ends 5 exec web -c web -- sh -c 'exit 5'
given is 'HELLO' exec -i web -c web -- tr a-z A-Z <<<hello
INPUT=''
ok 'Defaulted container "web"' exec web -- true
no 'No such file|not found' exec web -c web -- /no/such/program
no 'not found|is not valid' exec web -c nosuch -- true

timeout 60 "$KUBECTL" -n "$NAMESPACE" attach -i web -c talk >"$WORK/attached" 2>&1 < <(echo word; sleep 15) & attached=$!
said "$WORK/attached" 'heard word'
kill "$attached" 2>/dev/null
eventually 'heard word' logs web -c talk

echo content > "$WORK/file"
ok '' cp "$WORK/file" web:/tmp/file -c web
is content exec web -c web -- cat /tmp/file
ok '' cp web:/tmp/file "$WORK/back" -c web
cmp -s "$WORK/file" "$WORK/back" && good || bad 'cp back'
ok '' exec web -c web -- mkdir -p /tmp/d/e
ok '' cp "$WORK/file" web:/tmp/d/e/f -c web
ok '' cp web:/tmp/d "$WORK/d" -c web
[ "$(cat "$WORK/d/e/f")" = content ] && good || bad 'cp of a directory'

"$KUBECTL" -n "$NAMESPACE" port-forward pod/web :http >"$WORK/forward" 2>&1 & forward=$!
if said "$WORK/forward" 'Forwarding from 127.0.0.1:[0-9]+ -> 18437'; then
  fetched 'hello' "http://127.0.0.1:$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\) .*/\1/p' "$WORK/forward" | head -1)/"
fi
kill "$forward" 2>/dev/null
ok 'service/web exposed' expose pod web --port=18437 --target-port=http
eventually '"?addresses"?: *\[' get endpointslices -l kubernetes.io/service-name=web -o json
"$KUBECTL" proxy --port=0 >"$WORK/proxy" 2>&1 & proxy=$!
if said "$WORK/proxy" 'Starting to serve on 127.0.0.1:[0-9]+'; then
  at=$(sed -n 's/^Starting to serve on //p' "$WORK/proxy")
  fetched '"gitVersion"' "http://$at/version"
  fetched '"kind": *"PodList"' "http://$at/api/v1/namespaces/$NAMESPACE/pods"
  fetched 'hello' "http://$at/api/v1/namespaces/$NAMESPACE/pods/web:18437/proxy/"
  fetched 'hello' "http://$at/api/v1/namespaces/$NAMESPACE/services/web:18437/proxy/"
  fetched 'begin' "http://$at/api/v1/namespaces/$NAMESPACE/pods/web/log?container=web"
fi
kill "$proxy" 2>/dev/null

eventually '^web +[0-9]+m +[0-9]+Mi' top pod web --no-headers
eventually '^web +talk' top pod web --containers --no-headers
ok 'CPU' top nodes

given ok 'pod/ends created' apply -f - <<Y
apiVersion: v1
kind: Pod
metadata: {name: ends}
spec: {restartPolicy: Never, containers: [{name: a, image: $IMAGE, command: [sh, -c, 'exit 0']}, {name: b, image: $IMAGE, command: [sleep, '600']}]}
Y
eventually '^Completed$' get pod ends -o 'jsonpath={.status.containerStatuses[?(@.name=="a")].state.terminated.reason}'
no 'not running|not found' exec ends -c a -- true

ok '' debug web --image="$IMAGE" --target=web --container=look --attach=false -- sh -c 'echo looked; sleep 600'
field pod web '.spec.ephemeralContainers[0].name' look
eventually 'looked' logs web -c look
is yes exec web -c look -- echo yes
ok '' debug web --copy-to=copy --image="$IMAGE" --container=extra --attach=false -- sleep 600
field pod copy '.spec.containers[*].name' 'web talk extra'
ok 'Ephemeral Containers:' describe pod web
ok 'pod "copy" deleted' delete pod copy --now
ok 'pod "web" deleted' delete pod web --now

ok "alpha" alpha
# Every command that kubectl --help lists is in some tour.
for command in $("$KUBECTL" --help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' | grep -vx kubectl | sort -u); do
  if grep -qE "(^|[^a-z-])$command([^a-z-]|\$)" <(sed 's/#.*//' "$(dirname "$0")"/*.sh); then good; else CODE=0 OUT=''; bad "no tour has kubectl $command"; fi
done
finish
