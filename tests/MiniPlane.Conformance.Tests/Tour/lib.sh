# Sourced by every tour: small assertions around kubectl. A tour goes on after a failure and tells all of them at the end.
# shellcheck shell=bash
# Wants: KUBECTL (the program), KUBECONFIG, NAMESPACE (fresh, exists), RELEASE (1.35 or 1.32), IMAGE.
set -u
WORK=$(mktemp -d)
export HOME=$WORK KUBECTL KUBECONFIG
FAILED=0 PASSED=0 OUT='' CODE=0
trap 'rm -rf "$WORK"' EXIT

k() { "$KUBECTL" -n "$NAMESPACE" "$@"; }

# run COMMAND...: output and exit code into OUT and CODE.
run() { OUT=$("$@" 2>&1 < "${INPUT:-/dev/null}"); CODE=$?; }

bad() { FAILED=$((FAILED + 1)); printf 'NOT AS IT SHOULD BE: %s\n  exit %s: %s\n' "$1" "$CODE" "$(head -c 600 <<<"$OUT")"; }
good() { PASSED=$((PASSED + 1)); }

# ok 'regex' ARGUMENTS...: kubectl must succeed and print a match.
ok() {
  local wanted=$1; shift
  run k "$@"
  if [ $CODE = 0 ] && grep -qE -- "$wanted" <<<"$OUT"; then good; else bad "kubectl $* (wanted: $wanted)"; fi
}

# no 'regex' ARGUMENTS...: kubectl must fail and print a match.
no() {
  local wanted=$1; shift
  run k "$@"
  if [ $CODE != 0 ] && grep -qE -- "$wanted" <<<"$OUT"; then good; else bad "kubectl $* (wanted to fail: $wanted)"; fi
}

# is 'text' ARGUMENTS...: kubectl must succeed and print exactly this.
is() {
  local wanted=$1; shift
  run k "$@"
  if [ $CODE = 0 ] && [ "$OUT" = "$wanted" ]; then good; else bad "kubectl $* (wanted exactly: $wanted)"; fi
}

# ends CODE ARGUMENTS...: the exit code alone.
ends() {
  local wanted=$1; shift
  run k "$@"
  if [ $CODE = "$wanted" ]; then good; else bad "kubectl $* (wanted exit $wanted)"; fi
}

# in ARGUMENTS...: like ok, the standard input from here.
given() { cat > "$WORK/input"; INPUT=$WORK/input "$@"; }

# field KIND NAME JSONPATH TEXT
field() { is "$4" get "$1" "$2" -o "jsonpath={$3}"; }

# eventually 'regex' ARGUMENTS...: ok within a minute.
eventually() {
  local wanted=$1 limit=$((SECONDS + 90)); shift
  while [ $SECONDS -lt $limit ]; do
    run k "$@"
    if [ $CODE = 0 ] && grep -qE -- "$wanted" <<<"$OUT"; then good; return; fi
    sleep 0.3
  done
  bad "kubectl $* (wanted in the end: $wanted)"
}

newest() { [ "$RELEASE" = 1.35 ]; }

finish() { echo "$PASSED passed, $FAILED failed"; [ $FAILED = 0 ]; exit $?; }
