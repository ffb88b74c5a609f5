#!/usr/bin/env bash
# registry.sh start|stop|status|images: an OCI registry on loopback, plain http, and the small images the tests run.
# MINIPLANE_RIG_REGISTRY_PORT=5051
set -euo pipefail
. "$(dirname "$0")/lib.sh"

area=$RIG_DIR/registry
address=127.0.0.1:${MINIPLANE_RIG_REGISTRY_PORT:-5051}

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

serve() {
  # shellcheck disable=SC2016  # the inner shell expands these
  (cd / && as_user setsid sh -c 'echo $$ > "$1/pid"; exec docker-registry serve "$1/config.yml" >>"$1/log" 2>&1 </dev/null' sh "$area" &)
  until_true 100 answers || { tail -n 5 "$area/log"; return 1; }
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
  ensure_packages 'a registry' docker-registry curl busybox-static
  if answers 2>/dev/null; then note "the registry is up: $address"; return 0; fi
  write_configuration
  step 60 "starting a registry on $address" serve
  step 120 'making the test images' push_images
}

case ${1:-start} in
  start) start ;;
  stop) stop_file "$area/pid"; rm -rf "$area"; note 'the registry is stopped' ;;
  status) answers && curl -fsS -m 5 "http://$address/v2/_catalog" ;;
  images) push_images ;;
  *) fail 'usage: registry.sh start|stop|status|images' ;;
esac
