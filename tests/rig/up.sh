#!/usr/bin/env bash
# up.sh [start|stop|env]: the whole rig. start is idempotent; env prints where everything is, as NAME=value lines.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

start() {
  ensure_directory
  ensure_packages 'what the tests call' curl iproute2 procps busybox-static bind9-dnsutils python3-grpcio
  ensure_packages 'networks that Apptainer makes' containernetworking-plugins iptables
  "$RIG_SOURCE/install-apptainer.sh"
  "$RIG_SOURCE/rest.sh" install
  "$RIG_SOURCE/slurm.sh" start
  "$RIG_SOURCE/rest.sh" start
  "$RIG_SOURCE/registry.sh" start
  "$RIG_SOURCE/mpi.sh"
  "$RIG_SOURCE/tools.sh"
  "$RIG_SOURCE/clients.sh"
  [ -s "$RIG_DIR/images/busybox.sif" ] ||
    step 120 'making an Apptainer image' "$RIG_SOURCE/image.sh" miniplane/busybox:1 --text 'hello from a file' --sif "$RIG_DIR/images/busybox.sif"
  "$RIG_SOURCE/ssh.sh" start
  # What the ordinary user reads of the repository, which may lie where only root looks (/root).
  rm -rf "$RIG_DIR/sources"; mkdir -p "$RIG_DIR/sources"
  (cd "$REPOSITORY" && cp -r --parents tests/charts tests/rig/coredns-standin.py tests/MiniPlane.Conformance.Tests/{Clients,Tour} "$RIG_DIR/sources")
  chmod -R go=rX "$RIG_DIR/sources"
  # What is tested is what is shipped: trimmed and compiled ahead of time.
  RELEASE=${MINIPLANE_RIG_RELEASE:-1} "$RIG_SOURCE/publish.sh" "$RIG_DIR/app"
  "$RIG_SOURCE/sif.sh" "$RIG_DIR/images/miniplane.sif" "$RIG_DIR/app"
}

# What CNI leaves behind of Apptainer's network bridge when nobody is in it any more.
forget_networks() {
  is_root && [ -d /sys/class/net/sbr0 ] && [ -z "$(ls /sys/class/net/sbr0/brif)" ] || return 0
  ip link del sbr0
  iptables -D FORWARD -m comment --comment 'CNI firewall plugin rules' -j CNI-FORWARD &&
    iptables -F CNI-FORWARD && iptables -X CNI-FORWARD && iptables -X CNI-ADMIN || true
}

case ${1:-start} in
  start) start ;;
  stop)
    # Control planes that a killed test run left behind.
    for file in "$RIG_DIR"/work/*/pid; do stop_file "$file"; done
    forget_networks
    "$RIG_SOURCE/rest.sh" stop
    "$RIG_SOURCE/slurm.sh" stop
    "$RIG_SOURCE/registry.sh" stop
    rm -rf "${RIG_DIR:?}"/work/*
    ;;
  env)
    cat <<LINES
user=$RIG_USER
work=$RIG_DIR/work
app=$RIG_DIR/app
bin=$RIG_DIR/bin
slurm_conf=$RIG_DIR/slurm/etc/slurm.conf
registry=127.0.0.1:${MINIPLANE_RIG_REGISTRY_PORT:-5051}
secure_registry=$("$RIG_SOURCE/registry.sh" secure)
secure_registry_files=$RIG_DIR/registry/secure
image_file=$RIG_DIR/images/busybox.sif
container_file=$RIG_DIR/images/miniplane.sif
ssh_config=$RIG_DIR/work/ssh/config
rest_socket=unix:$RIG_DIR/work/rest/sock
rest_url=http://127.0.0.1:$((${MINIPLANE_RIG_SLURM_PORT:-26917} + 60))
rest_token=$RIG_DIR/work/rest/token
sources=$RIG_DIR/sources
LINES
    ;;
  *) fail 'usage: up.sh start|stop|env' ;;
esac
