#!/usr/bin/env bash
# run.sh: a cluster from nothing, with a sample on it. Ctrl-C cleans up at any time; so does the end.
#
#   KEEP=1 docs/sample/run.sh     leaves the cluster up, and prints what to paste to use it and how to stop it
#   BACKEND=local                 child processes of this host instead of Slurm jobs
#
# Slurm and Apptainer: this machine's own if they answer, else installed (Debian, as root), else the sample runs without them.
# Run by root, the cluster and its jobs still belong to an ordinary account.
set -euo pipefail
sample=$(cd "$(dirname "$0")" && pwd)
. "$sample/../../tests/rig/lib.sh"

started_slurm=0 started_plane=0 backend='' runtime=apptainer image='' kubectl=''

has_slurm() { command -v sbatch >/dev/null && as_user timeout 20 sinfo -h -o %P 2>/dev/null | grep -q .; }
has_apptainer() { as_user timeout 20 apptainer --version >/dev/null 2>&1; }
can_install() { is_root && is_debian; }
own_slurm() {
  "$RIG_SOURCE/slurm.sh" start || return 1
  started_slurm=1
  export SLURM_CONF=$RIG_DIR/slurm/etc/slurm.conf
}

choose_slurm() {
  if [ -n "${BACKEND:-}" ]; then backend=$BACKEND; note "backend $backend, as asked"; return; fi
  backend=slurm
  if has_slurm; then note "using this machine's Slurm: $(as_user sinfo -h -o '%R(%D)' | xargs)"
  elif can_install; then note 'no Slurm answers here: installing it, with a cluster of four nodes on this host'; own_slurm
  elif command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v munged >/dev/null; then
    note 'Slurm is installed but does not answer: starting a cluster of your own'; own_slurm || backend=local
  else backend=local; fi
  if [ "$backend" = local ]; then
    note 'no Slurm here, and it cannot be installed (that takes root on Debian): pods run as processes of this host (backend "local")'
  fi
}

choose_runtime() {
  if ! has_apptainer && can_install; then
    note 'no Apptainer here: installing it'
    "$RIG_SOURCE/install-apptainer.sh"
  fi
  if has_apptainer; then note "containers run under $(as_user apptainer --version)"; return; fi
  runtime=host
  note 'no Apptainer here, and it cannot be installed: containers run as plain processes of this host (runtime "host")'
  command -v busybox >/dev/null || fail 'the sample then needs busybox on this host (Debian: busybox-static)'
}

choose_kubectl() {
  local known
  if [ -x "$RIG_DIR/bin/kubectl" ]; then kubectl=$RIG_DIR/bin/kubectl; return; fi
  known=$(command -v kubectl || true)
  if [ -n "$known" ] && timeout 20 "$known" version --client 2>/dev/null | grep -qE '^Client Version: v1\.(2[89]|3[0-9])\.[0-9]+(\+.*)?$'; then
    kubectl=$known
  else
    "$RIG_SOURCE/tools.sh" demo
    kubectl=$RIG_DIR/bin/kubectl
  fi
}

# The image from this machine's busybox, so that no registry is needed; where there is none, Docker Hub's.
make_image() {
  [ "$runtime" = apptainer ] || return 0
  if ! command -v busybox >/dev/null && can_install; then ensure_packages busybox busybox-static; fi
  command -v busybox >/dev/null || { note 'no busybox here: the image comes from Docker Hub'; return 0; }
  mkdir -p "$work/images"
  step 120 'making a small container image' "$RIG_SOURCE/image.sh" miniplane/busybox:1 --sif "$work/images/busybox.sif"
  image=$work/images/busybox.sif
}

write_kustomization() {
  mkdir -p "$work/sample"
  cp "$sample/hello.yaml" "$work/sample/"
  {
    echo 'resources: [hello.yaml]'
    if [ "$runtime" = host ]; then cp "$sample/host-runtime.yaml" "$work/sample/"; cat "$sample/host-runtime.yaml"; fi
  } > "$work/sample/kustomization.yaml"
  if [ -n "$image" ]; then sed -i "s|image: busybox:.*|image: $image|" "$work/sample/hello.yaml"; fi
}

start_plane() {
  if is_root; then chown -R "$RIG_USER": "$work"; fi
  # shellcheck disable=SC2016  # the inner shell expands these
  (cd / && as_user setsid sh -c 'echo $$ > "$1/pid"; exec "$1/bin/miniplane" up --data-dir "$1/data" --backend "$2" >"$1/miniplane.log" 2>&1 </dev/null' \
    sh "$work" "$backend" &)
  until_true 50 test -s "$work/pid"
  until_true 600 answers_or_dead && kube get --raw=/readyz >/dev/null
}
answers_or_dead() { ! running_file "$work/pid" || kube get --raw=/readyz; }
kube() { KUBECONFIG=$work/data/admin.conf "$kubectl" --request-timeout=30s "$@"; }

# show COMMAND...: what a user would type, and what it says.
show() { printf '\n$ %s\n' "$*"; if [ "$1" = kubectl ]; then shift; kube "$@"; else as_user "$@"; fi; }

failed() {
  trap - ERR
  [ -s "$work/data/admin.conf" ] || { tail -n 20 "$work/miniplane.log" >&2; return; }
  echo
  note "something went wrong; what the cluster knows about it:"
  if [ $started_plane = 1 ]; then
    { kube get pods,jobs,deployments -o wide; kube get events --sort-by=.lastTimestamp | tail -n 20; tail -n 20 "$work/miniplane.log"; } 2>&1 | sed 's/^/     /' >&2
  fi
}

clean_up() {
  local status=$?
  trap - EXIT INT TERM HUP ERR
  if [ "${KEEP:-0}" = 1 ] && [ $status = 0 ]; then return 0; fi
  echo; note 'cleaning up'
  if [ $started_plane = 1 ]; then
    # Pods outlive their control plane on purpose, so they are deleted first.
    if running_file "$work/pid"; then
      kube delete --wait=false -k "$work/sample" >/dev/null 2>&1 || true
      until_true 300 no_pods || note 'some pods did not end in time'
    fi
    stop_file "$work/pid"
    if [ "$backend" = slurm ]; then cancel_jobs; fi
  fi
  if [ $started_slurm = 1 ]; then "$RIG_SOURCE/slurm.sh" stop; fi
  if [ $status = 0 ]; then rm -rf "$work"; else note "left for a look: $work (logs), remove it when done"; fi
  exit $status
}
no_pods() { [ -z "$(kube get pods -o name 2>/dev/null)" ]; }
# Only this cluster's jobs: their work directories are under its data directory.
cancel_jobs() {
  local id directory
  as_user timeout 20 squeue -h --me -o '%A %Z' 2>/dev/null | while read -r id directory; do
    case $directory in "$work"/*) as_user timeout 20 scancel "$id" || true ;; esac
  done
}

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

note "user $RIG_USER; packages and programs are kept in $RIG_DIR"
ensure_directory
work=$(if is_root; then rig_home; else echo "$HOME"; fi)/miniplane-sample
if running_file "$work/pid"; then fail "a cluster of an earlier run is still up (KEEP=1?): kill $(cat "$work/pid") and try again"; fi
rm -rf "$work"; mkdir -p "$work"
choose_slurm
choose_runtime
choose_kubectl
"$RIG_SOURCE/publish.sh" "$work/bin"
make_image
write_kustomization
set -E; trap failed ERR   # in functions too
started_plane=1
step 90 "starting the cluster (miniplane up --data-dir $work/data)" start_plane

show kubectl get nodes
show kubectl apply -k "$work/sample"
show kubectl rollout status deployment/hello --timeout=180s
show kubectl wait --for=condition=complete job/hello-client --timeout=180s
show kubectl logs job/hello-client
show kubectl get pods -o wide
if [ "$backend" = slurm ]; then show squeue --me --states=all; fi

if [ "${KEEP:-0}" = 1 ]; then
  cat <<TEXT

The cluster stays up. To use it:
  export KUBECONFIG=$work/data/admin.conf
  alias kubectl=$kubectl
To stop it:  kubectl delete -k $work/sample; kill $(cat "$work/pid")$([ $started_slurm = 0 ] || echo "; $RIG_SOURCE/slurm.sh stop")
TEXT
fi
