#!/usr/bin/env bash
# mpi.sh: an image with a program that is linked with MPICH (miniplane/mpi:1), made of Debian's packages without installing one: the
# library, what it needs, and a C compiler of 300 KiB. Kept in the cache until this script or the program changes.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

registry=127.0.0.1:${MINIPLANE_RIG_REGISTRY_PORT:-5051}
area=$RIG_CACHE/mpi-$(cat "$0" "$RIG_SOURCE/mpi.c" | sha256sum | cut -c1-12)
# What is in the image, and what only the compiler wants.
in_image=(libmpich12 libucx0 libhwloc15 libnuma1 libudev1 libc6)
to_compile=(libmpich-dev tcc libc6-dev linux-libc-dev)
part=$area.part root=$area.part/root tools=$area.part/tools

# unpack FOLDER PACKAGE...
unpack() {
  local target=$1 deb; shift
  mkdir -p "$target" "$part/packages"
  (cd "$part/packages" && rm -f -- *.deb && apt-get -qq -o APT::Sandbox::User=root download "$@")
  for deb in "$part"/packages/*.deb; do dpkg-deb -x "$deb" "$target"; done
}

compile() {
  local dev=$tools/usr/lib/x86_64-linux-gnu lib=$root/usr/lib/x86_64-linux-gnu
  mkdir -p "$root/usr/bin"
  # The libraries that these want are looked for beside them, not on the host.
  "$tools/usr/bin/tcc" -nostdlib -B"$dev/tcc" -L"$lib" -L"$root/lib/x86_64-linux-gnu" -I"$tools/usr/include" -I"$tools/usr/include/x86_64-linux-gnu" -I"$dev/mpich/include" \
    -o "$root/usr/bin/mpi-hello" "$dev/crt1.o" "$dev/crti.o" "$RIG_SOURCE/mpi.c" "$lib/libmpich.so.12" "$root/lib/x86_64-linux-gnu/libc.so.6" "$dev/crtn.o"
}

make() {
  rm -rf "$part"
  ensure_lists
  unpack "$root" "${in_image[@]}"
  unpack "$tools" "${to_compile[@]}"
  compile
  rm -rf "$root"/usr/share "$root"/usr/lib/x86_64-linux-gnu/{gconv,audit} "$tools" "$part/packages"
  mv "$part" "$area"
}

has_image() { curl -fsS -m 5 -o /dev/null -H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://$registry/v2/miniplane/mpi/manifests/1" 2>/dev/null; }

if [ -d "$area" ] && has_image; then exit 0; fi
[ -d "$area" ] || step 300 'making an MPI program from packages' make
step 120 'making its image' "$RIG_SOURCE/image.sh" miniplane/mpi:1 --add "$area/root" --registry "$registry"
