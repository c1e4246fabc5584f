#!/bin/bash
# release.sh postgres|clang: the major version that this release of Debian has. PG_MAJOR overrides that of Postgres.
set -euo pipefail
. /etc/os-release
case ${1:-} in
  postgres) [ -z "${PG_MAJOR:-}" ] || { echo "$PG_MAJOR"; exit; } ;;
  clang) ;;
  *) sed -n '2p' "$0" >&2; exit 2 ;;
esac
case ${VERSION_ID:-}-$1 in
  13-postgres) echo 17 ;;
  13-clang) echo 19 ;;
  *-postgres) echo 15 ;;
  *-clang) echo 14 ;;
esac
