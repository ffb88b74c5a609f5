#!/usr/bin/env bash
# pace.sh [ROUNDS] [PODS]: how fast pods become jobs, on the rig (up.sh start), and what asking for their states costs.
#
# In turns, so that both see the same machine and the same slurmctld: a loop of `sbatch --hold` with the script that a pod's job has, and
# a ReplicaSet of so many held pods, from the start of `kubectl create` until the control plane has the last job's number. Then, with 1,
# a fifth and all of the pods held, how often squeue is run. Prints each round and the medians:
#
#   loop    plain sbatch, jobs per second
#   pods    pods that got a job, per second, and what part of the loop's rate that is
#   cpu     of the control plane, ms per pod, and of the programs that it ran
#
# MINIPLANE=DIR measures the programs in DIR instead of the rig's.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

rounds=${1:-5}
pods=${2:-500}
interval=5
area=$RIG_DIR/work/pace
export SLURM_CONF=$RIG_DIR/slurm/etc/slurm.conf
kubectl() { as_user "$RIG_DIR/bin/kubectl" --kubeconfig "$area/data/admin.conf" "$@"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
jobs() { as_user squeue -h -r -u "$RIG_USER" -t PD,R,CF,CG -o %i | wc -l; }
# lines since the mark in the control plane's log that tell of a pod's job
told() { tail -c "+$((mark + 1))" "$area/data/logs/miniplane.log" | grep 'PodSubmission Pod .* has job' || true; }
polls() { kubectl get --raw=/metrics | awk '/^miniplane_slurm_calls_total\{.*squeue/ { n += $NF } END { print n + 0 }'; }
# ms of CPU of the process itself, and of those that it has waited for
cpu() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / hz, ($14 + $15) * 1000 / hz }' "/proc/$1/stat"; }

finish() { [ -z "${server:-}" ] || { kill "$server" && wait "$server" || true; } 2>/dev/null; }
trap finish EXIT

rm -rf "$area"
as_user mkdir -p "$area"
(user_prefix; exec "${AS_USER[@]}" "${MINIPLANE:-$RIG_DIR/app}/miniplane" up --backend slurm --data-dir "$area/data" --poll-interval $interval) > "$area.log" 2>&1 &
server=$!
until_true 300 kubectl get --raw=/readyz || fail 'the control plane is not ready'

replicas() {
  as_user tee "$area/set.yaml" >/dev/null <<SET
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: pace}
spec:
  replicas: $1
  selector: {matchLabels: {app: pace}}
  template:
    metadata: {labels: {app: pace}, annotations: {slurm.miniplane.io/flags: "--hold"}}
    spec: {containers: [{name: c, image: $RIG_DIR/images/busybox.sif, command: [sleep, "1"]}]}
SET
}

empty() { [ "$(jobs)" = 0 ]; }
gone() { [ -z "$(kubectl get pods -o name)" ] && empty; }

by_pods() {
  local begin own others own_now others_now last
  replicas "$pods"
  mark=$(stat -c %s "$area/data/logs/miniplane.log")
  read -r own others < <(cpu "$server")
  begin=$EPOCHREALTIME
  kubectl create -f "$area/set.yaml" >/dev/null
  until_true 1200 has_all || fail 'not every pod got a job'
  read -r own_now others_now < <(cpu "$server")
  last=$(date -d "$(told | tail -n 1 | cut -d' ' -f1)" +%s.%N)
  [ "$(jobs)" = "$pods" ] || fail "there are $(jobs) jobs for $pods pods"
  awk -v n="$pods" -v b="$begin" -v e="$last" -v o="$own" -v p="$own_now" -v c="$others" -v d="$others_now" \
    'BEGIN { printf "%.1f %.2f %.2f", n / (e - b), (p - o) / n, (d - c) / n }'
}
has_all() { [ "$(told | wc -l)" -ge "$pods" ]; }

by_loop() {
  local begin
  begin=$EPOCHREALTIME
  as_user bash -c 'for job in $(seq "$1"); do sbatch --parsable --hold "$2" >/dev/null; done' loop "$pods" "$area/job.sh"
  awk -v n="$pods" -v b="$begin" -v e="$EPOCHREALTIME" 'BEGIN { printf "%.1f", n / (e - b) }'
}

# The script that a pod's job has; it also lets the control plane run every part of the way once.
replicas 1
kubectl create -f "$area/set.yaml" >/dev/null
mark=0
until_true 300 eval '[ "$(jobs)" = 1 ]' || fail 'the pod got no job'
as_user scontrol write batch_script "$(as_user squeue -h -o %i)" "$area/job.sh" >/dev/null
kubectl delete --wait=false -f "$area/set.yaml" >/dev/null
until_true 600 gone || fail 'the pod stays'

echo "round: loop/s, pods/s (part of the loop), cpu ms per pod (of the programs that it runs); $pods each"
: > "$area.rows"
for round in $(seq "$rounds"); do
  loop=$(by_loop)
  as_user scancel -u "$RIG_USER"; until_true 600 empty; sleep 2
  read -r rate own others < <(by_pods; echo)
  part=$(awk -v a="$rate" -v b="$loop" 'BEGIN { printf "%.2f", a / b }')
  echo "$round: $loop, $rate ($part), $own ($others)"
  echo "$loop $rate $part $own $others" >> "$area.rows"
  [ "$round" != "$rounds" ] || break
  kubectl delete --wait=false -f "$area/set.yaml" >/dev/null
  until_true 1800 gone || fail 'the pods stay'
  sleep 2
done
column() { awk -v c="$1" '{ print $c }' "$area.rows" | median; }
echo "median of $rounds: loop $(column 1)/s, pods $(column 2)/s, part $(column 3), cpu $(column 4) ms ($(column 5))"

# What was just submitted or cancelled is looked for each second; that is over after a while.
for count in "$pods" $((pods / 5)) 1; do
  kubectl scale rs/pace --replicas="$count" >/dev/null
  until_true 1800 eval '[ "$(jobs)" = "'"$count"'" ]' || fail "there are $(jobs) jobs instead of $count"
  sleep 15
  before=$(polls); sleep 30
  echo "$count pods held: squeue was run $(($(polls) - before)) times in 30 s, at an interval of $interval s"
done
kubectl delete --wait=false -f "$area/set.yaml" >/dev/null
until_true 600 gone || true
