#!/usr/bin/env bash
# registry.sh start|stop|status|images|secure: an OCI registry on loopback, plain http, and the small images the tests run. Beside it a
# second one with the same images that speaks TLS, by a certificate of an authority of its own, and asks for an account (puller, open
# sesame); what it was asked is in its log. secure prints its address.
# MINIPLANE_RIG_REGISTRY_PORT=5051 (the second one has the next)
set -euo pipefail
. "$(dirname "$0")/lib.sh"

area=$RIG_DIR/registry
port=${MINIPLANE_RIG_REGISTRY_PORT:-5051}
address=127.0.0.1:$port
# By a name that is not a loopback one: those may be spoken to without TLS.
host=$(uname -n)
getent hosts "$host" >/dev/null || host=$(hostname -I | cut -d' ' -f1)
secure=$host:$((port + 1))

answers() { curl -fsS -m 2 -o /dev/null "http://$address/v2/"; }

write_configuration() {
  mkdir -p "$area/data"
  cat > "$area/config.yml" <<CONF
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $area/data}, delete: {enabled: true}}
http: {addr: "$address"}
CONF
  if is_root; then chown -R "$RIG_USER": "$area"; fi
}

answers_securely() { curl -fsS -m 2 -o /dev/null --cacert "$area/secure/ca.pem" -u 'puller:open sesame' "https://$secure/v2/"; }

write_secure_configuration() {
  mkdir -p "$area/secure"; cd "$area/secure"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=authority of the rig' -keyout ca.key -out ca.pem
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=registry of the rig' -keyout key.pem -out request.pem
  local kind=DNS; [[ $host != [0-9]*.* ]] || kind=IP
  openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -out certificate.pem -extfile <(echo "subjectAltName=$kind:$host")
  # The password as bcrypt has it; its cost is the least there is.
  # shellcheck disable=SC2016
  echo 'puller:$2b$04$p3wYzt7GkBVAj8BJeHx9n.5FLdnt4jQInTAKHl2aBKzIsIgx25Lk.' > accounts
  cat > config.yml <<CONF
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: $area/data}}
auth: {htpasswd: {realm: rig, path: $area/secure/accounts}}
http: {addr: ":$((port + 1))", tls: {certificate: $area/secure/certificate.pem, key: $area/secure/key.pem}}
CONF
  if is_root; then chown -R "$RIG_USER": "$area"; fi
}

# serve FOLDER CHECK: a registry by the settings in the folder, until the check finds that it answers.
serve() {
  # shellcheck disable=SC2016  # the inner shell expands these
  (cd / && as_user setsid sh -c 'echo $$ > "$1/pid"; exec docker-registry serve "$1/config.yml" >>"$1/log" 2>&1 </dev/null' sh "$1" &)
  until_true 100 "$2" || { tail -n 5 "$1/log"; return 1; }
}

# Two versions of one thing for roll-outs, and one whose settings say everything an image may say.
push_images() {
  local image=$RIG_SOURCE/image.sh
  "$image" miniplane/busybox:1 --text 'hello from version 1' --registry "$address"
  "$image" miniplane/busybox:2 --text 'hello from version 2' --registry "$address"
  "$image" miniplane/configured:1 --text configured --env GREETING=hello --workdir /www --user 1000 \
    --entrypoint '["/bin/sh","-c"]' --cmd '["echo $GREETING from $PWD"]' --registry "$address"
}

start() {
  ensure_directory
  ensure_packages 'a registry' docker-registry curl busybox-static openssl
  if answers 2>/dev/null; then note "the registry is up: $address"
  else
    write_configuration
    step 60 "starting a registry on $address" serve "$area" answers
    step 120 'making the test images' push_images
  fi
  answers_securely 2>/dev/null && return 0
  step 30 "certificates for a registry" write_secure_configuration
  step 60 "starting a registry with TLS and accounts on $secure" serve "$area/secure" answers_securely
}

case ${1:-start} in
  start) start ;;
  stop) stop_file "$area/secure/pid"; stop_file "$area/pid"; rm -rf "$area"; note 'the registry is stopped' ;;
  status) answers && curl -fsS -m 5 "http://$address/v2/_catalog" ;;
  images) push_images ;;
  secure) echo "$secure" ;;
  *) fail 'usage: registry.sh start|stop|status|images|secure' ;;
esac
