#!/usr/bin/env bash
# clients.sh: the official clients that the tests drive: Python's as a Debian package, JavaScript's from npm into the rig's folder.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# The newest release that runs on the Node.js of Debian 12.
javascript=@kubernetes/client-node@1.3.0

fetch_javascript() {
  mkdir -p "$RIG_DIR/javascript"
  cd "$RIG_DIR/javascript"
  echo '{"private":true}' > package.json
  timeout 300 npm install --silent --no-audit --no-fund --cache "$RIG_CACHE/npm" "$javascript"
}

ensure_directory
ensure_packages 'the Python client' python3-kubernetes
command -v node >/dev/null || ensure_packages 'Node.js' nodejs npm
[ -d "$RIG_DIR/javascript/node_modules/@kubernetes/client-node" ] || step 360 'fetching the JavaScript client from npm' fetch_javascript
chmod -R a+rX "$RIG_DIR/javascript"
