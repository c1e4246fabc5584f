#!/bin/bash
# deps.sh GROUP...|all: installs what is missing of these groups of packages.txt (Debian packages) and, for the groups clients and
# check, of test/clients (Node.js and npm packages; the group clients alone: those of the demo). Takes a moment when everything is
# there: build/npm.stamp says which npm packages were installed last. As root, or through sudo.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$repository"
if [ $# -eq 0 ]; then sed -n '2,4p' "$0" >&2; exit 2; fi
groups=" $* "
postgres=$(test/support/release.sh postgres) clang=$(test/support/release.sh clang)

has() { [[ $groups = *" all "* || $groups = *" $1 "* ]]; }

wanted=() group=
while read -r name unless command _; do
  case $name in
    '' | '#'*) continue ;;
    '['*) group=${name//[][]/}; continue ;;
  esac
  has "$group" || continue
  if [ "$unless" = unless ] && command -v "$command" >/dev/null; then continue; fi
  name=${name//@postgres@/$postgres}
  wanted+=("${name//@clang@/$clang}")
done < test/support/packages.txt
if [ ${#wanted[@]} -eq 0 ]; then echo "deps.sh: no such group in packages.txt: $*" >&2; exit 2; fi

missing=()
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/ installed$//p' | sort -u) || true
for name in "${wanted[@]}"; do
  grep -qx -- "$name" <<< "$installed" || missing+=("$name")
done

# What is installed for the tests will do for the demo.
stamp=build/npm.stamp
npm_wanted=no npm_missing=no
if has clients || has check; then
  npm_wanted=demo
  ! has check || npm_wanted=tests
  checksum=$(cat test/clients/package.json test/clients/package-lock.json | sha256sum | cut -c1-64)
  case $(cat "$stamp" 2>/dev/null) in
    "tests $checksum" | "$npm_wanted $checksum") test/support/node.sh --version >/dev/null 2>&1 || npm_missing=yes ;;
    *) npm_missing=yes ;;
  esac
fi
if [ ${#missing[@]} -eq 0 ] && [ $npm_missing = no ]; then exit 0; fi

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "deps.sh: '$*' needs root, and there is no sudo here" >&2
    return 1
  fi
}

if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing Debian packages: ${missing[*]}"
  # Installing the server makes and starts a cluster of the system, which nobody here asked for; not so with this file.
  no_cluster=/etc/postgresql-common/createcluster.d/threefactor.conf
  if ! dpkg-query -W -f '${db:Status-Status}' "postgresql-$postgres" 2>/dev/null | grep -qx installed; then
    as_root mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
    trap 'as_root rm -f "$no_cluster"' EXIT
  fi
  apt_get=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold)
  mkdir -p build
  if ! { as_root "${apt_get[@]}" update && as_root "${apt_get[@]}" install -y --no-install-recommends "${missing[@]}"; } \
      > build/deps.log 2>&1 < /dev/null; then
    tail -20 build/deps.log >&2
    echo "deps.sh: could not install the packages (build/deps.log)" >&2
    exit 1
  fi
  # The package starts a server of its own, which nobody here asked for either.
  if [[ " ${missing[*]} " = *' pgbouncer '* ]] && [ -d /run/systemd/system ]; then
    as_root systemctl disable --quiet --now pgbouncer || true
  fi
fi

[ $npm_missing = yes ] || exit 0
mkdir -p build
omit=()
if [ $npm_wanted = demo ]; then omit=(--omit=dev); fi
echo "Installing npm packages: Node.js and the clients of the $npm_wanted"
if ! npm --prefix test/clients ci "${omit[@]}" --ignore-scripts --no-audit --no-fund > build/npm.log 2>&1 < /dev/null; then
  tail -20 build/npm.log >&2
  echo "deps.sh: could not install the npm packages of test/clients (build/npm.log)" >&2
  exit 1
fi
test/support/node.sh --version >/dev/null
echo "$npm_wanted $checksum" > "$stamp"
