#!/usr/bin/env bash
# ssh.sh start|stop: an SSH server on loopback that belongs to the ordinary user and lets that user in by a key of its own: the
# "login node" of the tests. `ssh -F $RIG_DIR/work/ssh/config login1 sinfo` works when it is up.
# The program is unpacked beside the rig and not installed, so that no machine gets a server that it did not ask for.
# MINIPLANE_RIG_SSH_PORT=5022
set -euo pipefail
. "$(dirname "$0")/lib.sh"

area=$RIG_DIR/work/ssh
port=${MINIPLANE_RIG_SSH_PORT:-5022}
programs=$RIG_CACHE/ssh

unpack() {
  local part=$programs.part deb
  rm -rf "$part"; mkdir -p "$part"; cd "$part"
  apt-get -qq -o APT::Sandbox::User=root download openssh-server libwrap0
  for deb in *.deb; do dpkg-deb -x "$deb" .; done
  rm -f ./*.deb; rm -rf "$programs"; mv "$part" "$programs"
}

answers() { as_user ssh -F "$area/config" login1 true; }

serve() {
  as_user mkdir -p -m 700 "$area"
  for key in host user; do as_user ssh-keygen -q -t ed25519 -N '' -f "$area/$key" <<<y >/dev/null; done
  as_user sh -c 'cd "$1"; cp user.pub authorized; echo "[127.0.0.1]:$2 $(cat host.pub)" > known
    cat > server <<CONF
ListenAddress 127.0.0.1:$2
HostKey $1/host
AuthorizedKeysFile $1/authorized
PidFile $1/pid
StrictModes no
PasswordAuthentication no
AcceptEnv none
CONF
    cat > config <<CONF
Host login1
  HostName 127.0.0.1
  Port $2
  IdentityFile $1/user
  IdentitiesOnly yes
  UserKnownHostsFile $1/known
CONF' sh "$area" "$port"
  as_user env LD_LIBRARY_PATH="$(dirname "$(find "$programs" -name 'libwrap.so.0')")" "$programs/usr/sbin/sshd" -f "$area/server" -E "$area/log"
  until_true 100 answers || { tail -n 5 "$area/log"; return 1; }
}

case ${1:-start} in
  start)
    ensure_directory
    ensure_packages ssh openssh-client
    if [ ! -x "$programs/usr/sbin/sshd" ]; then ensure_lists; step 120 'unpacking an SSH server' unpack; fi
    running_file "$area/pid" && answers || step 60 'starting the SSH server' serve
    ;;
  stop) stop_file "$area/pid"; rm -rf "$area" ;;
  *) fail 'usage: ssh.sh start|stop' ;;
esac
