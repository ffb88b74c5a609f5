#!/usr/bin/env bash
# newer-slurm.sh [test|start|stop] [SUITE...]: MiniPlane on the Slurm of later Debian releases: trixie (24.11), sid (26.05).
#
# For root, beside a rig that is up (up.sh start). Not part of every run: the first one fetches 250 to 400 MB for each release and takes
# some minutes, a later one about a minute each. test (the default) starts what is missing, runs a few pods by Slurm's commands (behind
# a wrapper, commandPrefix), by slurmrestd on a socket in each version of its API, and by slurmrestd with a token, then stops it all.
#
# Each release is a root directory of its own under $RIG_DIR/newer; its Slurm is configured and started in there by slurm.sh. Not by
# chroot(2): the kernel gives nobody in one a user namespace. A private mount namespace whose root is exchanged has no such limit.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

newer=$RIG_DIR/newer
kubectl=$RIG_DIR/bin/kubectl
passed=0 failed=0

# use SUITE: what the functions below work on.
use() {
  suite=$1; area=$newer/$suite; root=$area/root
  case $suite in trixie) port=28117 ;; sid) port=28217 ;; *) fail 'the releases are trixie and sid' ;; esac
  export SLURM_CONF=$area/slurm/etc/slurm.conf
}

create_root() {
  local mirror
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +(http[^ ]+\/debian\/?)( .*)?$/\3/p' | head -n 1 || true)
  mkdir -p "$area"
  mmdebstrap --quiet --variant=apt --skip=check/empty --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
    --include=slurm-wlm,slurm-wlm-jwt-plugin,slurmrestd,munge,procps,mount,ca-certificates "$suite" "$root" "${mirror:-http://deb.debian.org/debian}"
  mkdir -p "$root/srv/rig"
  touch "$root"/etc/{hosts,localtime}
  touch "$area/complete"
}

# inside COMMAND...: as root, with the release's files, and of this host what programs and jobs share.
inside() {
  # shellcheck disable=SC2016  # the inner shell expands these
  MINIPLANE_RIG_DIR=$area MINIPLANE_RIG_USER=$RIG_USER MINIPLANE_RIG_SLURM_PORT=$port MINIPLANE_RIG_NODES=2 MINIPLANE_RIG_NODE_PREFIX=$suite \
    unshare --mount --propagation private sh -c '
      set -e; root=$1 rig=$2; shift 2
      mount --bind "$root" "$root"; mkdir -p "$root/.old"
      for shared in /proc /sys /dev /tmp /var/tmp /home /etc/passwd /etc/group /etc/hosts; do mount --rbind "$shared" "$root$shared"; done
      mount --bind "$rig" "$root/srv/rig"
      cd "$root"; pivot_root . .old; cd /; umount -l /.old; exec "$@"' sh "$root" "$RIG_SOURCE" "$@"
}

# Slurm's commands for everybody: "in COMMAND ARGUMENTS" runs one with the release's files, and each has a name of its own beside it.
make_commands() {
  local name
  mkdir -p "$area/bin"
  cat > "$area/bin/in" <<LINES
#!/bin/sh
export SLURM_CONF=$SLURM_CONF PATH=/usr/bin:/bin:/usr/sbin
case \$PWD in /home/*|/tmp*|/var/tmp*) at=\$PWD ;; *) at=/tmp ;; esac
exec bwrap --die-with-parent --ro-bind $root / --proc /proc --dev-bind /dev /dev --bind /tmp /tmp --bind /var/tmp /var/tmp --bind /home /home \\
  --ro-bind /etc/passwd /etc/passwd --ro-bind /etc/group /etc/group --ro-bind /etc/hosts /etc/hosts --chdir "\$at" "\$@"
LINES
  for name in sinfo squeue sbatch scancel scontrol sacct srun slurmrestd; do
    printf '#!/bin/sh\nexec %s %s "$@"\n' "$area/bin/in" $name > "$area/bin/$name"
  done
  chmod 755 "$area"/bin/*
}

start() {
  is_root || fail 'this needs root'
  [ -x "$RIG_DIR/app/miniplane" ] || fail "the rig is not up: $RIG_SOURCE/up.sh start"
  ensure_packages 'what makes and enters the root directories' mmdebstrap bubblewrap
  [ -f "$area/complete" ] || { rm -rf "${root:?}"; step 900 "making a root directory of Debian $suite" create_root; }
  make_commands
  inside /srv/rig/slurm.sh start
  "$area/bin/sinfo" --version
}

stop() { [ ! -f "$area/complete" ] || inside /srv/rig/slurm.sh stop; }

ask() { as_user "$kubectl" --kubeconfig "$data/admin.conf" "$@"; }
field() { ask get "$1" -o "jsonpath={$2}" 2>/dev/null; }
is() { [ "$(field "$1" "$2")" = "$3" ]; }
check() {
  local text=$1; shift
  if until_true 600 "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); printf 'FAILED: %s, %s: %s\n' "$suite" "$way" "$text"; fi
}
says() { ask logs "$1" | grep -qxF "$2"; }
answers() { [ "$(ask exec held -- echo inside 2>/dev/null)" = inside ]; }
has_left() { [ -z "$("$area/bin/squeue" -h -u "$RIG_USER" -n "$1" -o %i)" ]; }

# Programs of the host instead of containers: what Slurm is asked and answers is what is tried here, and there is no Apptainer in there.
pods() {
  local pod
  while read -r pod annotation script; do
    cat <<YAML
---
apiVersion: v1
kind: Pod
metadata: {name: $pod, annotations: {miniplane.io/runtime: host, $annotation}}
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers: [{name: main, image: none, command: [sh, -c, "$script"]}]
YAML
  done <<'LINES'
good slurm.miniplane.io/comment:"a'b" echo well
bad slurm.miniplane.io/time:"5" exit 3
held slurm.miniplane.io/hold:"true" echo free; sleep 600
gpu slurm.miniplane.io/gres:"gpu:1" echo gpu $CUDA_VISIBLE_DEVICES
wide slurm.miniplane.io/nodes:"2" echo $SLURM_JOB_NUM_NODES
LINES
  cat <<'YAML'
---
apiVersion: batch/v1
kind: Job
metadata: {name: array}
spec:
  completions: 5
  parallelism: 5
  completionMode: Indexed
  template:
    metadata: {annotations: {miniplane.io/runtime: host}}
    spec:
      restartPolicy: Never
      containers: [{name: main, image: none, command: [sh, -c, "test $JOB_COMPLETION_INDEX -lt 5"]}]
YAML
}

# try WAY ARGUMENTS...: a cluster of its own, by this way to Slurm.
try() {
  way=$1; shift
  data=$RIG_DIR/work/newer-$suite; local before=$failed
  as_user rm -rf "$data"
  # shellcheck disable=SC2016  # the inner shell expands these
  (cd / && as_user setsid sh -c 'echo $$ > "$1.pid"; shift; exec "$@"' sh "$data" \
    "$RIG_DIR/app/miniplane" up --data-dir "$data" --port $((port + 40)) --poll-interval 1 "$@" > "$area/miniplane.log" 2>&1 </dev/null &)
  check 'a cluster that is ready' ask get --raw /readyz
  pods | sed 's/:"/: "/g' | ask apply -f - > "$area/apply.log" 2>&1 || { failed=$((failed + 1)); cat "$area/apply.log"; }
  check 'why a job waits' is pod/held '.status.containerStatuses[0].state.waiting.reason' SlurmJobHeldUser
  check 'a pod that ends well' is pod/good .status.phase Succeeded
  check 'what it said' says good well
  check 'an exit code' is pod/bad '.status.containerStatuses[0].state.terminated.exitCode' 3
  check 'a GPU' says gpu 'gpu 0'
  check 'two nodes' is pod/wide .status.phase Succeeded
  check 'an Indexed Job' is job/array .status.succeeded 5
  "$area/bin/scontrol" release "$(field pod/held '.metadata.annotations.slurm\.miniplane\.io/job-id')"
  check 'a job that was released' is pod/held .status.phase Running
  check 'exec' answers
  ask delete pod held --wait=false > "$area/delete.log" 2>&1 || true
  check 'a deleted pod leaves the queue' has_left held
  as_user "$RIG_DIR/app/miniplane" doctor --data-dir "$data" "$@" > "$area/doctor.log" 2>&1 || true
  as_user "$RIG_DIR/app/miniplane" down --data-dir "$data" --cancel-jobs > "$area/down.log" 2>&1 || true
  stop_file "$data.pid"
  if [ "$failed" = "$before" ]; then note "$suite, $way: as it should be"; else note "$suite, $way: see $area/*.log"; fi
}

try_socket() {
  local version=$1 socket=$RIG_DIR/work/newer-$suite.sock
  as_user rm -f "$socket"
  # shellcheck disable=SC2016  # the inner shell expands these
  (cd / && as_user setsid sh -c 'echo $$ > "$1.pid"; exec "$2" -s openapi/slurmctld -d "$3" -a rest_auth/local "unix:$1"' \
    sh "$socket" "$area/bin/slurmrestd" "$version" > "$area/slurmrestd.log" 2>&1 </dev/null &)
  until_true 100 test -S "$socket" || true
  try "slurmrestd $version on a socket" --backend slurmrestd --slurmrestd "unix:$socket"
  stop_file "$socket.pid"
}

try_token() {
  local token=$RIG_DIR/work/newer-$suite.token at=127.0.0.1:$((port + 60))
  as_user sh -c 'umask 077; "$1" token lifespan=3600 > "$2"' sh "$area/bin/scontrol" "$token"
  touch "$area/token.pid"; chown nobody "$area/token.pid"
  # shellcheck disable=SC2016  # the inner shell expands these
  (cd / && SLURM_JWT=daemon setsid setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c 'echo $$ > "$1"; exec "$2" -s openapi/slurmctld -a rest_auth/jwt "$3"' \
    sh "$area/token.pid" "$area/bin/slurmrestd" "$at" > "$area/slurmrestd.log" 2>&1 </dev/null &)
  try 'slurmrestd with a token' --backend slurmrestd --slurmrestd "http://$at" --slurmrestd-token-file "$token"
  stop_file "$area/token.pid"
}

run_all() {
  local version
  printf 'commandPrefix: %s\n' "$area/bin/in" > "$area/site.yaml"
  try 'commands behind a wrapper' --site "$area/site.yaml"
  for version in $(as_user "$area/bin/slurmrestd" -d list 2>&1 | grep -oE 'v0\.0\.[0-9]+' | sort -u); do try_socket "$version"; done
  try_token
}

action=${1:-test}; shift || true
for name in "${@:-trixie sid}"; do
  for each in $name; do
    use "$each"
    case $action in
      start) start ;;
      stop) stop ;;
      test) start; run_all; stop ;;
      *) fail 'usage: newer-slurm.sh [test|start|stop] [trixie|sid]' ;;
    esac
  done
done
[ "$action" != test ] || { echo "$passed passed, $failed failed"; [ "$failed" = 0 ]; }
