#!/usr/bin/env bash
# image.sh NAME:TAG OPTIONS...: a one-megabyte container image, made from this machine's busybox alone, without a daemon.
#   --registry HOST:PORT  push it there        --sif FILE  make an Apptainer image of it
#   --text TEXT  what /www/index.html says     --env NAME=VALUE   --user USER   --workdir DIR
#   --entrypoint JSON  --cmd JSON              lists of strings, as in an image's settings
#   --add DIR  put what is in it there too
# The same arguments and the same busybox give the same digests. Prints the manifest's digest.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

name=${1%:*}; tag=${1##*:}; shift
registry='' sif='' add='' text="hello from $name:$tag" user='' workdir='' entrypoint=null cmd='["/bin/sh"]'
environment='"PATH=/bin:/usr/bin"'
while [ $# -gt 0 ]; do
  case $1 in
    --registry) registry=$2 ;; --sif) sif=$2 ;; --text) text=$2 ;; --user) user=$2 ;; --workdir) workdir=$2 ;;
    --add) add=$2 ;;
    --env) environment="$environment,\"$2\"" ;; --entrypoint) entrypoint=$2 ;; --cmd) cmd=$2 ;;
    *) fail "image.sh: $1?" ;;
  esac
  shift 2
done

busybox=$(PATH=/bin:/usr/bin command -v busybox) || fail 'busybox is missing (Debian: busybox-static)'
area=$(mktemp -d); trap 'rm -rf "$area"' EXIT
root=$area/root layout=$area/layout
mkdir -p "$root"/{bin,dev,etc,home,proc,root,sys,tmp,usr/bin,var/tmp,www} "$layout/blobs/sha256"
chmod 1777 "$root/tmp" "$root/var/tmp"
cp "$busybox" "$root/bin/busybox"
for applet in $("$busybox" --list); do [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"; done
printf 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' > "$root/etc/passwd"
printf 'root:x:0:\napp:x:1000:\nnogroup:x:65534:\n' > "$root/etc/group"
# Names from /etc/hosts first: without this file the C library asks DNS and stops there.
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
: > "$root/etc/hosts"; : > "$root/etc/localtime"; : > "$root/etc/resolv.conf"   # where Apptainer mounts the host's
echo "$text" > "$root/www/index.html"

[ -z "$add" ] || cp -a "$add/." "$root"

# blob FILE: keeps the file under its digest, prints the digest.
blob() { local digest; digest=$(sha256sum "$1" | cut -d' ' -f1); mv "$1" "$layout/blobs/sha256/$digest"; echo "$digest"; }

tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=ustar -cf "$area/layer.tar" .
difference=$(sha256sum "$area/layer.tar" | cut -d' ' -f1)
gzip -n "$area/layer.tar"
layer_size=$(stat -c %s "$area/layer.tar.gz"); layer=$(blob "$area/layer.tar.gz")

printf '{"created":"1970-01-01T00:00:00Z","architecture":"amd64","os":"linux","config":{"Env":[%s],"User":"%s","WorkingDir":"%s","Entrypoint":%s,"Cmd":%s},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
  "$environment" "$user" "$workdir" "$entrypoint" "$cmd" "$difference" > "$area/config"
config_size=$(stat -c %s "$area/config"); config=$(blob "$area/config")

manifest_type=application/vnd.oci.image.manifest.v1+json
printf '{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:%s","size":%d}]}' \
  $manifest_type "$config" "$config_size" "$layer" "$layer_size" > "$area/manifest"
manifest_size=$(stat -c %s "$area/manifest"); manifest=$(blob "$area/manifest")

# push DIGEST: a blob in one request; the registry says where to put it.
push() {
  local place
  place=$(curl -fsS -m 30 -o /dev/null -D - -X POST "http://$registry/v2/$name/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
  curl -fsS -m 60 -o /dev/null -X PUT -H 'Content-Type: application/octet-stream' \
    --data-binary "@$layout/blobs/sha256/$1" "$place&digest=sha256:$1"
}

if [ -n "$registry" ]; then
  push "$layer"; push "$config"
  curl -fsS -m 30 -o /dev/null -X PUT -H "Content-Type: $manifest_type" --data-binary "@$layout/blobs/sha256/$manifest" \
    "http://$registry/v2/$name/manifests/$tag"
fi
if [ -n "$sif" ]; then
  printf '{"imageLayoutVersion":"1.0.0"}' > "$layout/oci-layout"
  printf '{"schemaVersion":2,"manifests":[{"mediaType":"%s","digest":"sha256:%s","size":%d}]}' $manifest_type "$manifest" "$manifest_size" > "$layout/index.json"
  APPTAINER_CACHEDIR=$area/cache APPTAINER_TMPDIR=$area apptainer -q build --force "$sif" "oci:$layout"
fi
echo "sha256:$manifest"
