# Shared by the rig's scripts: who runs what, where it lives, and how a step is told. Source it; it runs nothing.
# shellcheck shell=bash

RIG_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPOSITORY=$(cd "$RIG_SOURCE/../.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
export DEBIAN_FRONTEND=noninteractive

# Root lends the rig to an ordinary account, because that is how MiniPlane is used; anybody else uses their own.
if [ "$(id -u)" = 0 ]; then
  RIG_USER=${MINIPLANE_RIG_USER:-miniplane-test}
  RIG_DIR=${MINIPLANE_RIG_DIR:-/var/tmp/miniplane-rig}
else
  RIG_USER=$(id -un)
  RIG_DIR=${MINIPLANE_RIG_DIR:-/var/tmp/miniplane-rig-$(id -u)}
fi
# Things that come from a registry and never change are kept between runs (a CI cache may keep this folder too).
RIG_CACHE=${MINIPLANE_RIG_CACHE:-$RIG_DIR/cache}
RIG_LOG=$RIG_DIR/rig.log

is_root() { [ "$(id -u)" = 0 ]; }
is_debian() { [ -r /etc/os-release ] && grep -qE '^(ID|ID_LIKE)=.*debian' /etc/os-release && command -v apt-get >/dev/null; }
rig_home() { getent passwd "$RIG_USER" | cut -d: -f6; }

# note TEXT: one plain line for the person who is watching.
note() { printf 'rig: %s\n' "$*"; }
fail() { printf 'rig: %s\n' "$*" >&2; exit 1; }

# step SECONDS TEXT COMMAND...: says what is being done, does it quietly, shows the end of the log if it fails.
step() {
  local limit=$1 text=$2 begin=$SECONDS mark status=0; shift 2
  mkdir -p "$RIG_DIR"
  mark=$( (stat -c %s "$RIG_LOG" || echo 0) 2>/dev/null)
  printf 'rig: %s ... ' "$text"
  if [ "$(type -t "$1")" = function ]; then
    # Not behind ||, which would switch off the function's own set -e. Functions limit their waits themselves.
    set +e; (set -e; "$@") >>"$RIG_LOG" 2>&1 </dev/null; status=$?; set -e
  else timeout -k 5 "$limit" "$@" >>"$RIG_LOG" 2>&1 </dev/null || status=$?; fi
  if [ $status = 0 ]; then printf '%d s\n' $((SECONDS - begin)); return 0; fi
  if [ $status = 124 ]; then printf 'gave up after %d s\n' "$limit"; else printf 'failed (%d)\n' $status; fi
  tail -c +$((mark + 1)) "$RIG_LOG" | tail -n 25 | sed 's/^/     /' >&2
  return $status
}

# as_user COMMAND...: the command as the ordinary user, with that user's home and nothing of root's environment.
as_user() {
  user_prefix
  "${AS_USER[@]}" "$@"
}
# setpriv becomes the command, so a process id taken here is the command's own (runuser would stand between).
user_prefix() {
  AS_USER=()
  ! is_root || AS_USER=(setpriv --reuid="$RIG_USER" --regid="$(id -g "$RIG_USER")" --init-groups
    env -i --chdir="$(rig_home)" HOME="$(rig_home)" USER="$RIG_USER" LOGNAME="$RIG_USER" SHELL=/bin/bash LANG="${LANG:-C.UTF-8}"
    PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin ${SLURM_CONF:+SLURM_CONF="$SLURM_CONF"})
}

# ensure_user: the account exists, with an own home and subordinate ids (useradd hands them out). Root gets ids too: the agent's own
# tests run containers of several users as whoever runs the tests.
ensure_user() {
  is_root || return 0
  id "$RIG_USER" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash --comment 'MiniPlane rig' "$RIG_USER"
  if ! grep -qs '^root:' /etc/subuid; then
    local first; first=$(cat /etc/subuid /etc/subgid 2>/dev/null | awk -F: 'BEGIN { m = 100000 } $2 + $3 > m { m = $2 + $3 } END { print m }')
    usermod --add-subuids "$first-$((first + 65535))" --add-subgids "$first-$((first + 65535))" root
  fi
}

# ensure_directory: the rig's folder, readable by jobs, its user's part writable by that user.
ensure_directory() {
  ensure_user
  mkdir -p "$RIG_DIR" "$RIG_CACHE" "$RIG_DIR/bin" "$RIG_DIR/images" "$RIG_DIR/work"
  chmod 755 "$RIG_DIR" "$RIG_CACHE" "$RIG_DIR/bin" "$RIG_DIR/images"
  if is_root; then chown "$RIG_USER": "$RIG_DIR/work"; fi
}

# missing PACKAGE...: those that dpkg does not have.
missing() { local p; for p in "$@"; do dpkg -s "$p" 2>/dev/null | grep -q '^Status: install ok' || echo "$p"; done; }

# ensure_lists: apt knows what there is; images of Debian are often without.
ensure_lists() {
  compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null || step 300 'reading the package lists' apt-get -qq -o DPkg::Lock::Timeout=240 update
}

# ensure_packages TEXT PACKAGE...: installs what is missing; another apt on the machine is waited for.
ensure_packages() {
  local text=$1 wanted; shift
  mapfile -t wanted < <(missing "$@")
  [ ${#wanted[@]} = 0 ] && return 0
  is_root || { echo "rig: not root, and these Debian packages are missing: ${wanted[*]}" >&2; return 1; }
  is_debian || { echo "rig: not Debian, cannot install ${wanted[*]}" >&2; return 1; }
  ensure_lists || return 1
  step 600 "installing $text (${wanted[*]})" \
    apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${wanted[@]}" && return 0
  # The lists may be older than the mirror: read them again, once.
  step 300 'reading the package lists again' apt-get -qq -o DPkg::Lock::Timeout=240 update &&
    step 600 "installing $text" apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${wanted[@]}"
}

# running PID: alive, and not a zombie that a lazy init has yet to reap (kill -0 cannot tell).
running() { local state; [ -n "${1:-}" ] && { read -r _ _ state _ < "/proc/$1/stat"; } 2>/dev/null && [ "$state" != Z ]; }
running_file() { [ -s "$1" ] && running "$(cat "$1")"; }

# stop_file FILE: ends the process whose id the file holds, politely, then for sure.
stop_file() {
  local pid tick
  [ -s "$1" ] || return 0
  pid=$(cat "$1"); rm -f "$1"
  running "$pid" || return 0
  kill "$pid" 2>/dev/null || return 0
  for tick in $(seq 50); do running "$pid" || return 0; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true
}

# until_true TENTHS COMMAND...: polls; a wait without a limit is a hang.
until_true() {
  local tenths=$1 tick; shift
  for tick in $(seq "$tenths"); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done
  return 1
}
