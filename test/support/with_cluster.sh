#!/bin/bash
# with_cluster.sh DIR COMMAND...: runs the command with DATABASE_URL of a cluster made in DIR for it, and removes that afterwards.
# When the command fails, the end of the server's log is printed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
[ $# -ge 2 ] || { sed -n '2,3p' "$0" >&2; exit 2; }
cluster=$1
shift
"$here/cluster.sh" destroy "$cluster"
trap '"$here/cluster.sh" destroy "$cluster"' EXIT
"$here/cluster.sh" create "$cluster" "$("$here/free_port.sh")"
"$here/cluster.sh" start "$cluster"
if ! DATABASE_URL=$("$here/cluster.sh" url "$cluster") "$@"; then
  echo "-- the end of the server's log:"
  tail -40 "$cluster/log"
  exit 1
fi
