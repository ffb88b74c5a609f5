#!/usr/bin/env bash
# slurm.sh start|stop|status|env: a real Slurm cluster of several nodes on this one host, on loopback, beside any other.
#
#   as root           slurmctld runs as the packages' user, slurmd as root: jobs of every user
#   as anybody else   every daemon runs as that user, for that user's jobs (the packages must be there)
#
# Partitions: batch (default, all nodes), gpu (the last node, two make-believe GPUs), short (first node, 10 minutes, and
# what is in the other ones makes room for it).
# MINIPLANE_RIG_NODES=4  MINIPLANE_RIG_SLURM_PORT=26917  MINIPLANE_RIG_NODE_PREFIX=rig
set -euo pipefail
. "$(dirname "$0")/lib.sh"

area=$RIG_DIR/slurm
port=${MINIPLANE_RIG_SLURM_PORT:-26917}
nodes=${MINIPLANE_RIG_NODES:-4}
host=$(uname -n | cut -d. -f1)
prefix=${MINIPLANE_RIG_NODE_PREFIX:-rig}
export SLURM_CONF=$area/etc/slurm.conf
unset SLURM_JWT   # slurmctld takes it for its own way to authenticate and refuses to start
if is_root; then owner=slurm; else owner=$(id -un); fi

as_owner() { if is_root; then runuser -u "$owner" -- "$@"; else "$@"; fi; }

# With the freezer of cgroup v1 a job's stray processes end with it; without, Slurm follows parentage only.
has_cgroups() { is_root && [ -w /sys/fs/cgroup/freezer ] && [ -w /sys/fs/cgroup/memory ]; }

make_directories() {
  mkdir -p "$area"/{etc,munge,state,log,run,spool,dev}
  chmod 755 "$area" "$area"/{etc,munge,run,spool,dev}
  [ -s "$area/munge/key" ] || head -c 1024 /dev/urandom > "$area/munge/key"
  [ -s "$area/munge/jwt" ] || head -c 32 /dev/urandom > "$area/munge/jwt"
  chmod 600 "$area/munge/key" "$area/munge/jwt"
  if is_root; then
    chown -R "$owner": "$area"/{munge,state,log,run}
    # A GPU must be a character device for Slurm; twins of /dev/null will do.
    for gpu in 0 1; do [ -c "$area/dev/gpu$gpu" ] || mknod -m 666 "$area/dev/gpu$gpu" c 1 3; done
  fi
}

write_configuration() {
  local tracking tokens='' gpus=$area/dev/'gpu[0-1]' node
  tracking=$'ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nJobAcctGatherType=jobacct_gather/linux'
  if has_cgroups; then tracking=$'ProctrackType=proctrack/cgroup\nTaskPlugin=task/cgroup\nJobAcctGatherType=jobacct_gather/cgroup'; fi
  # Tokens (scontrol token, for slurmrestd over TCP), where Slurm's plug-in for them is installed.
  if compgen -G '/usr/lib/*/slurm-wlm/auth_jwt.so' >/dev/null; then tokens=$'AuthAltTypes=auth/jwt\nAuthAltParameters=jwt_key='$area/munge/jwt; fi
  if ! is_root; then gpus='/dev/tty[62-63]'; fi
  {
    cat <<CONF
ClusterName=rig
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$owner
SlurmdUser=$(id -un)
AuthType=auth/munge
CredType=cred/munge
$tokens
# A requeued job waits for its credential to expire before it starts again: 120 s unless told otherwise.
AuthInfo=socket=$area/munge/socket,cred_expire=5
StateSaveLocation=$area/state
SlurmctldPidFile=$area/run/slurmctld.pid
SlurmctldLogFile=$area/log/slurmctld.log
SlurmdPidFile=$area/run/slurmd-%n.pid
SlurmdLogFile=$area/log/slurmd-%n.log
SlurmdSpoolDir=$area/spool/%n
# Nodes claim more than this machine may have: placement is tested, not speed.
SlurmdParameters=config_overrides
$tracking
JobAcctGatherFrequency=task=2
PropagateResourceLimits=NONE
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1,default_queue_depth=1000
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=20
InactiveLimit=0
KillWait=5
Waittime=0
MinJobAge=300
JobRequeue=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
DefMemPerCPU=256
GresTypes=gpu
CONF
    for node in $(seq "$nodes"); do
      printf 'NodeName=%s%d NodeHostname=%s NodeAddr=127.0.0.1 Port=%d CPUs=8 Boards=1 SocketsPerBoard=1 CoresPerSocket=8 ThreadsPerCore=1 RealMemory=16000 TmpDisk=10000%s State=UNKNOWN\n' \
        $prefix "$node" "$host" $((port + 10 + node)) "$([ "$node" != "$nodes" ] || echo ' Feature=gpu Gres=gpu:a100:2')"
    done
    echo 'PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE DefaultTime=60 State=UP'
    echo "PartitionName=gpu Nodes=$prefix$nodes MaxTime=INFINITE DefaultTime=60 State=UP"
    echo "PartitionName=short Nodes=${prefix}1 MaxTime=10 DefaultTime=5 PriorityTier=10 State=UP"
  } > "$SLURM_CONF"
  printf 'AutoDetect=off\nNodeName=%s Name=gpu Type=a100 File=%s\n' "$prefix$nodes" "$gpus" > "$area/etc/gres.conf"
  printf 'CgroupPlugin=cgroup/v1\nCgroupMountpoint=/sys/fs/cgroup\nConstrainRAMSpace=%s\nConstrainSwapSpace=no\nConstrainCores=no\nConstrainDevices=no\n' \
    "$(if has_cgroups; then echo yes; else echo no; fi)" > "$area/etc/cgroup.conf"
}

start_munge() {
  running_file "$area/munge/pid" && return 0
  as_owner munged --force --key-file="$area/munge/key" --socket="$area/munge/socket" --pid-file="$area/munge/pid" \
    --log-file="$area/munge/log" --seed-file="$area/munge/seed" --num-threads=2
  until_true 100 munge -S "$area/munge/socket" -n
}

start_controller() {
  running_file "$area/run/slurmctld.pid" && return 0
  as_owner slurmctld
  until_true 150 controller_answers || { tail -n 5 "$area/log/slurmctld.log"; return 1; }
}
# Without its file a Slurm command waits a minute for one to appear.
controller_answers() { [ -s "$SLURM_CONF" ] && scontrol ping | grep -q 'is UP'; }

start_nodes() {
  local node
  for node in $(seq "$nodes"); do
    running_file "$area/run/slurmd-$prefix$node.pid" || slurmd -N "$prefix$node"
  done
  until_true 200 nodes_ready || { sinfo -N -l; tail -n 3 "$area"/log/slurmd-*.log; return 1; }
}
nodes_ready() { [ "$(sinfo -h -N -p batch -t idle,mix,alloc -o %N | sort -u | wc -l)" = "$nodes" ]; }

start() {
  ensure_directory
  ensure_packages Slurm slurm-wlm slurm-wlm-basic-plugins munge
  if controller_answers && nodes_ready; then note "Slurm is up: $(sinfo -h -o '%R(%D)' | xargs)"; return 0; fi
  make_directories
  write_configuration
  step 60 'starting munge' start_munge
  step 60 'starting the Slurm controller' start_controller
  step 60 "starting $nodes Slurm nodes" start_nodes
}

stop() {
  local file process
  scancel --state=PENDING,RUNNING,SUSPENDED 2>/dev/null || true
  for file in "$area"/run/slurmd-*.pid "$area/run/slurmctld.pid" "$area/munge/pid"; do stop_file "$file"; done
  # Jobs' own daemons outlive slurmd on purpose (a restart finds them again); here nothing will.
  for process in $(grep -ls '^slurmstepd' /proc/[0-9]*/comm || true); do
    process=${process%/comm}
    if grep -qsz "^SLURM_CONF=$SLURM_CONF\$" "$process/environ"; then kill "${process#/proc/}" 2>/dev/null || true; fi
  done
  if is_root; then find /sys/fs/cgroup -depth -type d -path "*/slurm_$prefix[0-9]*" -exec rmdir {} \; 2>/dev/null || true; fi
  rm -rf "$area"
  note 'Slurm is stopped'
}

case ${1:-start} in
  start) start ;;
  stop) stop ;;
  status) sinfo -N -l && scontrol ping ;;
  env) echo "export SLURM_CONF=$SLURM_CONF" ;;
  *) fail 'usage: slurm.sh start|stop|status|env' ;;
esac
