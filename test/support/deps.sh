#!/bin/bash
# Installs what is missing of packages.txt (Debian packages) and test/clients (Node.js and npm packages). Takes a moment when
# everything is there: build/deps.stamp holds the checksum of the lists as last installed. As root, or through sudo.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$repository"
lists=(test/support/packages.txt test/support/deps.sh test/clients/package.json test/clients/package-lock.json)
stamp=build/deps.stamp

wanted=()
while read -r name unless command _; do
  case $name in '' | '#'*) continue ;; esac
  if [ "$unless" = unless ] && command -v "$command" >/dev/null; then continue; fi
  wanted+=("$name")
done < test/support/packages.txt

missing=()
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/ installed$//p' | sort -u) || true
for name in "${wanted[@]}"; do
  grep -qx -- "$name" <<< "$installed" || missing+=("$name")
done

checksum=$(cat "${lists[@]}" | sha256sum)
if [ ${#missing[@]} -eq 0 ] && [ "$(cat "$stamp" 2>/dev/null)" = "$checksum" ] && test/support/node.sh --version >/dev/null 2>&1; then
  exit 0
fi

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
  echo "Installing ${missing[*]}"
  # Installing the server makes and starts a cluster of the system, which nobody here asked for; not so with this file.
  no_cluster=/etc/postgresql-common/createcluster.d/threefactor.conf
  if ! dpkg-query -W -f '${db:Status-Status}' postgresql-15 2>/dev/null | grep -qx installed; then
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

mkdir -p build
if ! npm --prefix test/clients ci --ignore-scripts --no-audit --no-fund > build/npm.log 2>&1 < /dev/null; then
  tail -20 build/npm.log >&2
  echo "deps.sh: could not install the npm packages of test/clients (build/npm.log)" >&2
  exit 1
fi
test/support/node.sh --version >/dev/null
echo "$checksum" > "$stamp"
