#!/bin/bash
# postgres_tree.sh DEST: a private installation of Postgres in DEST, so that an extension can be installed without touching the
# system's and several can exist side by side. DEST/bin is where its programs are (a link to the directory below).
#
# Postgres finds its libraries and its share directory relative to the real path of its executable, so the programs are copied
# and everything else is linked, in the same relative places. Set PG_CONFIG to choose another installation.
set -euo pipefail
umask 022
if [ $# -ne 1 ]; then sed -n '2,6p' "$0" >&2; exit 2; fi
mkdir -p "$1"
dest=$(cd "$1" && pwd -P)
pg_config=${PG_CONFIG:-pg_config}
command -v "$pg_config" >/dev/null || { echo "postgres_tree.sh: no '$pg_config' found: run 'make deps'" >&2; exit 1; }

# One that is on PATH in a tree of this kind, perhaps DEST itself, stands for the installation that its tree was made from.
while origin=$(found=$("$pg_config" --bindir) && cd "$found" && until [ -f version ] || [ "$PWD" = / ]; do cd ..; done &&
  sed -n 's|^postgres (PostgreSQL)[^/]* \(/.*\)$|\1|p' version 2>/dev/null) && [ -x "$origin/pg_config" ]; do
  pg_config=$origin/pg_config
done

bin=$("$pg_config" --bindir) lib=$("$pg_config" --pkglibdir) share=$("$pg_config" --sharedir)
include=$("$pg_config" --includedir-server)
# What the four have in common (/usr on Debian) is what DEST stands for.
prefix=$bin
for directory in "$lib" "$share" "$include"; do
  while [ "${directory#"$prefix"/}" = "$directory" ]; do prefix=${prefix%/*}; done
done
place() { printf '%s%s\n' "$dest" "${1#"$prefix"}"; }

version=$("$bin/postgres" --version)
[ "$(cat "$dest/version" 2>/dev/null)" = "$version $bin" ] && exit 0  # made before, from the same server

mkdir -p "$(place "$bin")" "$(place "$lib")" "$(place "$share")/extension" "$(dirname "$(place "$include")")"
cp -p "$bin"/* "$(place "$bin")/"
ln -sfn "$include" "$(place "$include")"
ln -sf "$lib"/* "$(place "$lib")/"
for entry in "$share"/*; do
  [ "${entry##*/}" = extension ] || ln -sfn "$entry" "$(place "$share")/"
done
ln -sf "$share"/extension/* "$(place "$share")/extension/"
# A copy that someone installed into the system must not stand in for the one under test.
find "$(place "$lib")" "$(place "$share")/extension" -maxdepth 1 -type l -name 'threefactor*' -delete
ln -sfn "$(place "$bin")" "$dest/bin"
printf '%s %s\n' "$version" "$bin" > "$dest/version"
