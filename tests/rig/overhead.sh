#!/usr/bin/env bash
# overhead.sh [ROUNDS]: how much later a container does its first act when a pod is its way to Slurm, on the rig (up.sh start).
#
# In turns, so that both see the same machine: `kubectl create` of a pod, and `sbatch` of `apptainer exec` of the same image by hand;
# each from the command's start until the container touches a file. Slurm starts batch jobs as its controller's clock ticks (at whole
# seconds, in 22.05), so both begin at the same part of a second, another one in each round. Prints each round and the medians, with
# what a pod's time went to:
#
#   client   kubectl alone, by a request for /readyz
#   job      until the job's script has begun
#   agent    from there until the agent is connected and has its pod
#   act      from there until the file is there
#
# MINIPLANE=DIR measures the programs in DIR instead of the rig's.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

rounds=${1:-9}
area=$RIG_DIR/work/overhead
image=$RIG_DIR/images/busybox.sif
export SLURM_CONF=$RIG_DIR/slurm/etc/slurm.conf
# at PART: waits for that part (0 to 1) of a second.
at() { nap "$(awk -v now="${EPOCHREALTIME#*.}" -v part="$1" 'BEGIN { wait = part - now / 1e6; print wait < 0.05 ? wait + 1 : wait }')"; }
kubectl() { as_user "$RIG_DIR/bin/kubectl" --kubeconfig "$area/data/admin.conf" "$@"; }

# Sleeps without starting a program.
exec {never}<> <(:)
nap() { read -r -t "$1" -u "$never" || true; }
await() { local tick; for tick in $(seq 3000); do [ ! -e "$1" ] || return 0; nap 0.02; done; fail "$1 did not appear"; }
since() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", b - a }'; }
written() { stat -c %.Y "$1"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

finish() { [ -z "${server:-}" ] || { kill "$server" && wait "$server" || true; } 2>/dev/null; }
trap finish EXIT

rm -rf "$area"
as_user mkdir -p "$area"
(user_prefix; exec "${AS_USER[@]}" "${MINIPLANE:-$RIG_DIR/app}/miniplane" up --backend slurm --data-dir "$area/data" --poll-interval 5 "${@:2}") > "$area.log" 2>&1 &
server=$!
for tick in $(seq 60); do kubectl get --raw=/readyz >/dev/null 2>&1 && break; nap 0.5; done

by_pod() {
  local begin file=$area/pod$1
  as_user tee "$area/pod.yaml" >/dev/null <<POD
apiVersion: v1
kind: Pod
metadata: {name: p$1}
spec:
  restartPolicy: Never
  containers: [{name: c, image: $image, command: [touch, /w/pod$1], volumeMounts: [{name: w, mountPath: /w}]}]
  volumes: [{name: w, hostPath: {path: $area}}]
POD
  at "$2"; begin=$EPOCHREALTIME
  kubectl create -f "$area/pod.yaml" >/dev/null
  await "$file"
  local uid
  uid=$(kubectl get pod "p$1" -o 'jsonpath={.metadata.uid}')
  local job connected
  job=$(written "$area/data/pods/$uid/job-id")
  connected=$(date -d "$(cat "$area/data/pods/$uid"/slurm-*.out | grep -m1 'Running pod' | cut -d' ' -f1)" +%s.%N)
  echo "$(since "$begin" "$(written "$file")") $(since "$begin" "$job") $(since "$job" "$connected") $(since "$connected" "$(written "$file")")"
}

by_hand() {
  local begin file=$area/hand$1
  printf '#!/bin/sh\ntouch %s\nexec apptainer -q exec -B %s %s touch %s\n' "$file.job" "$area" "$image" "$file" | as_user tee "$area/job.sh" >/dev/null
  at "$2"; begin=$EPOCHREALTIME
  as_user sbatch --parsable -o /dev/null "$area/job.sh" >/dev/null
  await "$file"
  echo "$(since "$begin" "$(written "$file")") $(since "$begin" "$(written "$file.job")")"
}

echo 'round: pod (job, agent, act); by hand (job); client'
: > "$area.rows"
for round in $(seq 0 "$rounds"); do
  part=$(awk -v r="$round" -v n="$rounds" 'BEGIN { printf "%.3f", (r + 0.5) / (n + 1) }')
  pod=$(by_pod "$round" "$part"); nap 3
  hand=$(by_hand "$round" "$part"); nap 1
  begin=$EPOCHREALTIME; kubectl get --raw=/readyz >/dev/null; client=$(since "$begin" "$EPOCHREALTIME"); nap 2
  # The first round warms caches: it is shown, not counted.
  echo "$round: $pod; $hand; $client"
  [ "$round" = 0 ] || echo "$pod $hand $client" >> "$area.rows"
done
column() { awk -v c="$1" '{ print $c }' "$area.rows" | median; }
echo "median of $rounds: pod $(column 1) (job $(column 2), agent $(column 3), act $(column 4)); by hand $(column 5) (job $(column 6)); client $(column 7)"
echo "above by hand: median $(awk '{ print $1 - $5 }' "$area.rows" | median), mean $(awk '{ s += $1 - $5 } END { printf "%.3f", s / NR }' "$area.rows"); from the job's start on $(awk '{ print $3 + $4 - $5 + $6 }' "$area.rows" | median)"
