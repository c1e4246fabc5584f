#!/bin/bash
# check_fresh.sh [COMMAND]: proves that the README's commands work on a fresh machine: makes a bare Debian root with git and make
# only, clones what is committed here into it, and runs `make demo`, `make check` and `make down` there (or COMMAND). As root.
# FRESH_ROOT: where (default /var/tmp/threefactor-fresh); the bare root is kept there for the next time, the used one is not.
# FRESH_RELEASE: which Debian (default bookworm).
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd -P)
release=${FRESH_RELEASE:-bookworm}
base=${FRESH_ROOT:-/var/tmp/threefactor-fresh}
bare=$base/bare-$release root=$base/root-$$
command=${1:-make demo && make check && make down}
[ "$(id -u)" -eq 0 ] || { echo "check_fresh.sh: chroot and debootstrap need root" >&2; exit 1; }

make_bare_root() {
  command -v debootstrap >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
  # The mirror that this machine uses itself.
  local mirror
  mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -v security | head -1)
  [ -n "$mirror" ] || { echo "check_fresh.sh: this machine has no Debian mirror configured" >&2; exit 1; }
  rm -rf "$bare.new"
  mkdir -p "$bare.new"
  debootstrap --variant=minbase --include=ca-certificates,git,make "$release" "$bare.new" "$mirror" > "$base/debootstrap.log" ||
    { tail -20 "$base/debootstrap.log" >&2; exit 1; }
  printf 'deb %s %s main\ndeb %s %s-updates main\n' "$mirror" "$release" "$mirror" "$release" > "$bare.new/etc/apt/sources.list"
  mv "$bare.new" "$bare"
}

mkdir -p "$base"
[ -d "$bare" ] || make_bare_root
trap 'rm -rf "$root"' EXIT
cp -a --reflink=auto "$bare" "$root"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
if [ -d /usr/local/share/ca-certificates ]; then
  cp -r /usr/local/share/ca-certificates "$root/usr/local/share/"
  chroot "$root" update-ca-certificates >/dev/null 2>&1
fi
git clone -q "$repository" "$root/root/threefactor"

# Ports are the host's. Other environment variables than these would not be there on a fresh machine.
environment=(HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt)
for name in GATEWAY_PORT HANDLERS_PORT DATABASE_PORT; do
  environment+=("$name=$("$repository/test/support/free_port.sh")")
done
for name in http_proxy https_proxy no_proxy; do
  [ -z "${!name:-}" ] || environment+=("$name=${!name}")
done

# In namespaces of their own: the mounts, and whatever the command leaves running, end with it.
unshare --mount --pid --fork --kill-child bash -c '
  set -e
  root=$1 command=$2
  shift 2
  mount -t proc proc "$root/proc"
  for point in sys dev dev/pts; do mount --bind "/$point" "$root/$point"; done
  mount -t tmpfs tmpfs "$root/dev/shm"
  chroot "$root" /usr/bin/env -i "$@" bash -c "cd /root/threefactor && $command"
' bash "$root" "$command" "${environment[@]}"
