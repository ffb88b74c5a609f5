#!/usr/bin/env bash
# rest.sh install|start|stop: slurmrestd of the rig's Slurm, in both of its forms.
#
#   unix:work/rest/sock          run by the ordinary user for that user, whom the kernel names (rest_auth/local)
#   http://127.0.0.1:PORT        for everybody who has a token (rest_auth/jwt); a token of the ordinary user is in work/rest/token
#
# install comes before Slurm's own start, which switches tokens on where the plug-in for them is there.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

area=$RIG_DIR/work/rest
port=$((${MINIPLANE_RIG_SLURM_PORT:-26917} + 60))
export SLURM_CONF=$RIG_DIR/slurm/etc/slurm.conf
unset SLURM_JWT

# Without slurmdbd the plug-ins for accounts end slurmrestd, so the others are named.
api=openapi/v0.0.38,openapi/v0.0.37

asks_by_socket() { as_user curl -sSf --unix-socket "$area/sock" http://localhost/slurm/v0.0.38/ping; }
asks_by_token() {
  curl -sSf -H "X-SLURM-USER-NAME: $RIG_USER" -H "X-SLURM-USER-TOKEN: $(sed 's/^SLURM_JWT=//' "$area/token")" "http://127.0.0.1:$port/slurm/v0.0.38/ping"
}

start_by_socket() {
  running_file "$area/socket.pid" && return 0
  rm -f "$area/sock"
  # shellcheck disable=SC2016  # the inner shell expands these
  (cd / && as_user setsid sh -c 'echo $$ > "$1/socket.pid"; exec slurmrestd -s "$2" -a rest_auth/local "unix:$1/sock" >> "$1/socket.log" 2>&1 </dev/null' \
    sh "$area" "$api" &)
  until_true 100 asks_by_socket
}

# It refuses to be root, and to be the user that slurmctld runs as; nobody's rights are enough, the token brings the user's.
start_by_token() {
  running_file "$area/token.pid" && return 0
  as_user sh -c 'umask 077; scontrol token lifespan=86400 > "$1"' sh "$area/token"
  local run=(sh -c 'echo $$ > "$1/token.pid"; exec slurmrestd -s "$2" -a rest_auth/jwt "127.0.0.1:$3" >> "$1/token.log" 2>&1 </dev/null' sh "$area" "$api" "$port")
  if is_root; then
    touch "$area"/token.{pid,log}; chown nobody "$area"/token.{pid,log}
    (cd / && SLURM_JWT=daemon setsid setpriv --reuid=nobody --regid=nogroup --clear-groups "${run[@]}" &)
  else (cd / && SLURM_JWT=daemon setsid "${run[@]}" &); fi
  until_true 100 asks_by_token
}

case ${1:-start} in
  install) ensure_packages slurmrestd slurmrestd slurm-wlm-jwt-plugin ;;
  start)
    as_user mkdir -p "$area"
    step 20 'starting slurmrestd on a socket' start_by_socket
    step 20 'starting slurmrestd with tokens' start_by_token
    ;;
  stop) for file in "$area"/{socket,token}.pid; do stop_file "$file"; done ;;
  *) fail 'usage: rest.sh install|start|stop' ;;
esac
